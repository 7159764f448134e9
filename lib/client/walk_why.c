/*
 * What the emulated machine can tell of a failure that the firmware cannot:
 * it listens on where the firmware has given up, and looks once more at what
 * it was told.
 */
#include "base/clock.h"
#include "chain/san.h"
#include "client/dora.h"
#include "client/walk_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	WHY_LISTEN_MS = 4000,           /* for offers that come too late */
	WHY_LISTEN_MIN_MS = 1000,
	WHY_BACKLOG_MS = 20,            /* to read what lies there */
	FILE_FIELD_FULL = 127,          /* with room for the NUL */
};

static bool
is_pxe_class(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_CLASS);

	return opt && opt->len >= 9 && memcmp(opt->data, "PXEClient", 9) == 0;
}

/* An offer for this machine, after all? */
static bool
late_offer(const struct walk *w, const struct port_udp *u, bool bound,
    const char **ret_fault, char *why, size_t cap)
{
	struct dhcp4_msg msg;
	char ip[IP_TEXT_MAX];
	bool found = false;

	if (u->dport != DHCP4_CLIENT_PORT ||
	    dhcp4_msg_parse(&msg, u->buf, u->len, NULL) < 0)
		return false;
	(void)ipv4_format(u->src, ip);
	if (dhcp4_type(&msg) != DHCP4_OFFER || memcmp(msg.chaddr,
	    w->conf->machine.mac, MAC_LEN) != 0) {
		;
	} else if (bound && msg.yiaddr.s_addr == 0 && is_pxe_class(&msg)) {
		*ret_fault = "proxy-offer-late";
		(void)snprintf(why, cap, "%s has an address and nothing to "
		    "boot, and only now the proxy %s makes its offer",
		    w->now->title, ip);
		found = true;
	} else if (!bound && msg.yiaddr.s_addr != 0) {
		*ret_fault = "offer-too-late";
		(void)snprintf(why, cap, "%s has given up, and only now %s "
		    "makes an offer", w->now->title, ip);
		found = true;
	}
	dhcp4_msg_release(&msg);
	return found;
}

static uint64_t
listen_ms(const struct walk *w)
{
	uint64_t ms = WHY_LISTEN_MS / w->conf->speed;

	return ms < WHY_LISTEN_MIN_MS ? WHY_LISTEN_MIN_MS : ms;
}

int
walk_listen(struct walk *w, bool bound, const char **ret_fault, char *why,
    size_t cap, struct diag *diag)
{
	uint64_t until = clock_now_ms() + listen_ms(w);
	struct port_udp u;
	int rc;

	if (until > w->deadline_ms)
		until = w->deadline_ms;
	while ((rc = port_receive(attach_port(w->net), until, &u)) > 0) {
		if (late_offer(w, &u, bound, ret_fault, why, cap))
			return 0;
	}
	if (rc < 0)
		diag_sys(diag, rc, "cannot use %s", w->conf->iface.name);
	return rc;
}

void
walk_look_at_name(const struct target *t, struct load_result *r)
{
	static const char abort_name[] = "abortpxe.com";
	size_t len = strlen(t->file);
	size_t n = sizeof(abort_name) - 1;
	unsigned char last = len ? (unsigned char)t->file[len - 1] : 0;

	/* what a server that has nothing for a machine gives it (WDS) */
	if (!r->fault && len >= n &&
	    strcasecmp(t->file + len - n, abort_name) == 0) {
		r->fault = "boot-aborted-by-policy";
		(void)snprintf(r->why, sizeof(r->why), "told to load %.200s, "
		    "which ends the boot", t->file);
	}
	if (!r->fault || (strcmp(r->fault, "tftp-file-not-found") != 0 &&
	    strcmp(r->fault, "http-not-found") != 0))
		return;
	if (last >= 0x7f || (last && last <= ' ')) {
		r->fault = "bootfile-trailing-byte";
		(void)snprintf(r->why, sizeof(r->why), "the name in the %s ends "
		    "in a byte 0x%02x, and there is no such file",
		    target_source_name(t->file_from), last);
	} else if (t->file_from == TARGET_FILE && len >= FILE_FIELD_FULL) {
		r->fault = "boot-filename-too-long";
		(void)snprintf(r->why, sizeof(r->why), "the name fills the "
		    "file field to its end, so that it is cut, and there is "
		    "no such file");
	}
}

bool
walk_can_reach(const struct walk *w, const char *server,
    struct load_result *r)
{
	const struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];
	struct in_addr mask, a, router;
	char ip[IP_TEXT_MAX];

	if (!s->bound || parse_ipv4(server, &a, NULL) < 0 ||
	    !dhcp4_get_ip(&s->ack, DHCP4_OPT_MASK, &mask) ||
	    dhcp4_get_ip(&s->ack, DHCP4_OPT_ROUTER, &router) ||
	    ((a.s_addr ^ s->address.s_addr) & mask.s_addr) == 0)
		return true;
	r->fault = "gateway-or-mask-wrong";
	(void)snprintf(r->why, sizeof(r->why), "the server %s is not in the "
	    "network of %s, and DHCP named no router (option 3)", server,
	    ipv4_format(s->address, ip));
	return false;
}

void
walk_note_offers(struct walk *w, const struct offers *o,
    const struct offer *taken)
{
	w->file_elsewhere.s_addr = 0;
	for (size_t i = 0; i < o->n && !taken->has_file; i++) {
		const struct offer *f = &o->offer[i];

		if (f->msg.yiaddr.s_addr && f->has_file &&
		    f->server_id.s_addr != taken->server_id.s_addr)
			w->file_elsewhere = f->server_id;
	}
}

int
walk_nothing_to_boot(struct walk *w, struct diag *diag)
{
	const char *fault = w->now->kind == PERSONA_IPXE ?
	    "offer-without-bootfile" : "ack-without-bootfile";
	const struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];
	char why[DORA_WHY_MAX];
	char ip[IP_TEXT_MAX], other[IP_TEXT_MAX];
	int rc;

	(void)snprintf(why, sizeof(why), "%s got an address, but is not told "
	    "what to boot", w->now->title);
	if (w->lost_file) {
		fault = "ipxe-filename-without-next-server";
		(void)snprintf(why, sizeof(why), "the proxyDHCP server names a "
		    "file, but no server to load it from (siaddr is 0): iPXE "
		    "ignores it");
	} else if (w->file_elsewhere.s_addr) {
		fault = "two-dhcp-servers";
		(void)snprintf(why, sizeof(why), "%s took the offer of %s, "
		    "which names no file; that of %s has one", w->now->title,
		    ipv4_format(s->server, ip),
		    ipv4_format(w->file_elsewhere, other));
	} else {
		rc = walk_listen(w, true, &fault, why, sizeof(why), diag);
		if (rc < 0)
			return rc;
	}
	boot_set_fault(w->boot, fault, "%s", why);
	return 0;
}

uint64_t
walk_stated_size(const struct walk *w)
{
	const struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];
	const struct dhcp4_msg *msg = w->has_proxy_msg ? &w->proxy_msg :
	    &s->ack;
	uint16_t blocks = 0;

	if (w->now->kind != PERSONA_UEFI ||
	    !dhcp4_get_u16(msg, DHCP4_OPT_BOOT_SIZE, &blocks))
		return 0;
	return blocks * (uint64_t)512;
}

bool
walk_boot_san(struct walk *w)
{
	const struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];
	char path[TARGET_FILE_MAX];
	struct san san;
	const char *why;
	int rc;

	if (w->now->kind != PERSONA_IPXE || !dhcp4_get_str(&s->ack,
	    DHCP4_OPT_ROOT_PATH, path, sizeof(path)))
		return false;
	rc = san_parse(path, &san, &why);
	if (rc == -ENOENT)
		return false;
	if (rc < 0) {
		boot_set_fault(w->boot, "san-root-path-invalid", "the root "
		    "path (option 17) is '%.200s': %s", path, why);
		return true;
	}
	boot_add_event(w->boot, BOOT_EV_NOTE, "boots from a disk of the "
	    "network: %s, %s%s%s%s%s; no login is tried",
	    san_kind_name(san.kind), san.target,
	    san.server[0] ? " at " : "", san.server,
	    san.lun[0] ? ", LUN " : "", san.lun);
	w->boot->end = BOOT_END_LOCAL;
	w->done = true;
	return true;
}

void
walk_look_for_rival(struct walk *w)
{
	const struct boot_stage *s = w->boot->stages;
	uint8_t mac[MAC_LEN];
	char text[MAC_TEXT_MAX];
	char ip[IP_TEXT_MAX];
	uint64_t until = clock_now_ms() + WHY_BACKLOG_MS;
	struct port_udp u;

	/* what came in while files were loaded has not been looked at */
	while (port_receive(attach_port(w->net), until, &u) > 0)
		;
	if (w->boot->n_stages == 0 || !port_rival(attach_port(w->net), mac))
		return;
	s += w->boot->n_stages - 1;
	boot_set_fault(w->boot, "address-conflict", "%s is given to this "
	    "machine, and %s uses it as well", ipv4_format(s->address, ip),
	    mac_format(mac, text));
}
