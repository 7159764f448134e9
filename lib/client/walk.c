#include "client/walk.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/sbuf.h"
#include "client/dora.h"
#include "client/walk_internal.h"
#include "firmware/identify.h"
#include "wire/dhcp_opt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Features of iPXE, by their codes in option 175. */
enum { IPXE_FEATURE_HTTPS = 20 };

/* The stages that go on with the lease they find. */
static const struct {
	const char *client;
	int (*run)(struct walk *w, struct diag *diag);
} loaders[] = {
	{ "pxelinux", walk_pxelinux },
	{ "lpxelinux", walk_pxelinux },
	{ "syslinux-efi", walk_pxelinux },
	{ "shim", walk_shim },
	{ "grub-pc", walk_grub },
	{ "grub-efi", walk_grub },
	{ "windows-bios", walk_windows },
	{ "windows-efi", walk_windows },
};

void
walk_changed(const struct walk *w)
{
	if (w->conf->changed)
		w->conf->changed(w->conf->ctx, w->boot);
}

/* "10.0.0.5 from 10.0.0.1, next-server 10.0.0.1, file undionly.kpxe" */
static void
describe_reply(const struct persona *p, const struct dora_event *ev,
    struct sbuf *out)
{
	char ip[IP_TEXT_MAX];
	struct target t;

	if (ev->msg->yiaddr.s_addr)
		sbuf_printf(out, " %s", ipv4_format(ev->msg->yiaddr, ip));
	sbuf_printf(out, " from %s", ipv4_format(ev->peer, ip));
	if (ev->port != DHCP4_SERVER_PORT)
		sbuf_printf(out, ":%u", ev->port);
	(void)target_get(p->target_rule, ev->msg, NULL, &t);
	if (t.server[0]) {
		sbuf_add(out, ", next-server ");
		sbuf_escape(out, t.server, strlen(t.server));
	}
	if (t.file[0]) {
		sbuf_add(out, ", file ");
		sbuf_escape(out, t.file, strlen(t.file));
	}
	if (ev->note)
		sbuf_printf(out, " (ignored: %s)", ev->note);
}

static void
describe_request(const struct dora_event *ev, struct sbuf *out)
{
	char text[64];
	struct in_addr a;
	uint16_t arch;

	if (dhcp4_get_ip(ev->msg, DHCP4_OPT_REQUESTED_IP, &a))
		sbuf_printf(out, " %s", ipv4_format(a, text));
	if (ev->port == DHCP4_PXE_PORT)
		sbuf_printf(out, " to %s:%u", ipv4_format(ev->peer, text),
		    ev->port);
	if (dhcp4_type(ev->msg) != DHCP4_DISCOVER)
		return;
	if (dhcp4_get_str(ev->msg, DHCP4_OPT_VENDOR_CLASS, text, sizeof(text)))
		sbuf_printf(out, ", vendor class %.*s",
		    (int)strcspn(text, ":"), text);
	if (dhcp4_get_u16(ev->msg, DHCP4_OPT_ARCH, &arch))
		sbuf_printf(out, ", arch %u", arch);
	if (dhcp4_get_str(ev->msg, DHCP4_OPT_USER_CLASS, text, sizeof(text)))
		sbuf_printf(out, ", user class %s", text);
}

static void
on_dora_event(void *ctx, const struct dora_event *ev)
{
	static const enum boot_event_kind kinds[] = {
		[DORA_SENT] = BOOT_EV_SENT, [DORA_RECEIVED] = BOOT_EV_RECEIVED,
		[DORA_IGNORED] = BOOT_EV_IGNORED,
	};
	struct walk *w = ctx;
	const char *type = dhcp4_type_name(dhcp4_type(ev->msg));
	struct sbuf text = SBUF_EMPTY;

	sbuf_add(&text, type ? type : "BOOTP");
	if (ev->kind == DORA_SENT)
		describe_request(ev, &text);
	else
		describe_reply(w->now, ev, &text);
	boot_add_dhcp(w->boot, kinds[ev->kind], dhcp4_type(ev->msg),
	    ev->port == DHCP4_PXE_PORT, sbuf_str(&text));
	sbuf_release(&text);
	walk_changed(w);
}

/* From now on the machine answers to the address that it was given. */
static int
use_address(struct walk *w, const struct dhcp4_msg *ack)
{
	struct in_addr mask = { 0 };
	struct in_addr router = { 0 };

	(void)dhcp4_get_ip(ack, DHCP4_OPT_MASK, &mask);
	(void)dhcp4_get_ip(ack, DHCP4_OPT_ROUTER, &router);
	return attach_set_address(w->net, ack->yiaddr, mask, router);
}

/* The exchange on the wire, until the machine is done or time is up. */
static int
run_dora(struct walk *w, struct dora *d, struct diag *diag)
{
	dora_start(d, clock_now_ms());
	while (dora_is_running(d)) {
		const struct dora_output *out = dora_output(d);
		uint64_t until = d->deadline_ms;
		struct port_udp u;
		int rc = 0;

		if (d->has_ack)
			rc = use_address(w, &d->ack);
		if (out && rc == 0) {
			u = (struct port_udp){
				.src = out->src, .dst = out->dst,
				.sport = out->sport, .dport = out->dport,
				.buf = out->buf, .len = out->len,
			};
			rc = attach_send(w->net, &u);
		}
		if (w->deadline_ms < until)
			until = w->deadline_ms;
		if (rc == 0)
			rc = attach_receive(w->net, until, &u);
		if (rc < 0) {
			diag_sys(diag, rc, "cannot use %s",
			    w->conf->iface.name);
			return rc;
		}
		if (rc > 0 && (u.dport == DHCP4_CLIENT_PORT ||
		    u.dport == DHCP4_PXE_PORT)) {
			struct dora_input in = {
				.src = u.src, .sport = u.sport,
				.buf = u.buf, .len = u.len,
			};

			memcpy(in.src_mac, u.mac, MAC_LEN);
			dora_input(d, clock_now_ms(), &in);
		}
		dora_expire(d, clock_now_ms());
		if (clock_now_ms() >= w->deadline_ms)
			break;
	}
	return 0;
}

/* Remember what is to be given back at the end. */
static void
keep_lease(struct walk *w, const struct boot_stage *s)
{
	struct persona_ask ask = { .type = DHCP4_REQUEST };
	struct dhcp4_msg request;

	if (w->n_leases == WALK_LEASES_MAX ||
	    persona_message(w->now, &w->conf->machine, &ask, &request) < 0)
		return;
	held_lease_set(&w->lease[w->n_leases], &request, &s->ack, s->server);
	w->n_leases++;
	dhcp4_msg_release(&request);
}

/* A board asks for its own file; the answers give the server alone. */
static void
ask_for(const char *file, struct target *t)
{
	(void)text_copy(t->file, sizeof(t->file), file);
	t->file_from = TARGET_FILE;
	t->is_uri = false;
}

/* The address is ours: note what came with it. */
static int
take_lease(struct walk *w, struct dora *d)
{
	struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];
	int rc;

	if (s->bound)
		dhcp4_msg_release(&s->ack);
	s->bound = true;
	w->by_menu = d->servers.n_ask > 0;
	walk_note_offers(w, &d->offers, d->choice.dhcp);
	s->duration_s = clock_wall_s() - s->time;
	s->server = d->choice.dhcp->server_id;
	s->address = d->ack.yiaddr;
	s->has_proxy = d->choice.proxy && d->choice.proxy != d->choice.dhcp;
	if (s->has_proxy)
		s->proxy = d->choice.proxy->server_id;
	(void)target_get(w->now->target_rule, &d->ack, d->proxy, &s->target);
	if (w->has_proxy_msg)
		dhcp4_msg_release(&w->proxy_msg);
	w->has_proxy_msg = d->proxy != NULL;
	if (d->has_pxe_ack) {
		w->proxy_msg = d->pxe_ack;
		d->has_pxe_ack = false;
	} else if (d->proxy) {
		size_t i = (size_t)(d->choice.proxy - d->offers.offer);

		w->proxy_msg = d->offers.offer[i].msg;
		memset(&d->offers.offer[i].msg, 0, sizeof(w->proxy_msg));
	}
	s->ack = d->ack;
	d->has_ack = false;
	w->has_lease = true;
	w->lost_file = d->lost_file;
	w->dns.s_addr = 0;
	(void)dhcp4_get_ip(&s->ack, DHCP4_OPT_DNS, &w->dns);
	if (w->now->asks_for)
		ask_for(w->now->asks_for, &s->target);
	if (!dhcp4_get_str(&s->ack, DHCP4_OPT_VENDOR_CLASS, w->class,
	    sizeof(w->class)) && !(w->has_proxy_msg &&
	    dhcp4_get_str(&w->proxy_msg, DHCP4_OPT_VENDOR_CLASS, w->class,
	    sizeof(w->class))))
		w->class[0] = '\0';
	keep_lease(w, s);
	rc = use_address(w, &s->ack);
	if (rc == 0 && w->now->kind == PERSONA_IPXE)
		(void)port_announce(attach_port(w->net));
	return rc;
}

int
walk_dhcp(struct walk *w, const char **ret_fault, char *why, size_t cap,
    struct diag *diag)
{
	bool has_address = w->has_lease && w->now->kind == PERSONA_IPXE &&
	    (w->now->keeps_lease ||
	    w->boot->stages[w->boot->n_stages - 1].bound);
	struct dora_conf conf = {
		.persona = w->now, .machine = &w->conf->machine,
		.has_address = has_address,
		.vendor_class = has_address && w->class[0] ? w->class : NULL,
		.speed = w->conf->speed, .user = w->conf->user,
		.event = on_dora_event, .ctx = w,
	};
	struct in_addr none = { 0 };
	struct dora *d;
	int rc;

	if (w->now->v6)
		return walk_v6_dhcp(w, ret_fault, why, cap, diag);
	d = malloc(sizeof(*d));
	if (!d || getrandom(&conf.xid, sizeof(conf.xid), 0) < 0) {
		free(d);
		return -ENOMEM;
	}
	if (!has_address)
		(void)attach_set_address(w->net, none, none, none);
	port_set_ttl(attach_port(w->net), w->now->ttl);
	dora_init(d, &conf);
	rc = run_dora(w, d, diag);
	if (rc == 0 && (d->state == DORA_BOUND || d->state == DORA_LOCAL)) {
		w->local = d->state == DORA_LOCAL;
		rc = take_lease(w, d);
		if (rc < 0)
			diag_sys(diag, rc, "cannot use the address that DHCP "
			    "gave");
		else
			rc = 1;
	} else if (rc == 0 && dora_is_running(d)) {
		*ret_fault = d->offers.n ? "dhcp-request-unanswered" :
		    "no-dhcp-offer";
		(void)snprintf(why, cap, "no answer within the time limit");
	} else if (rc == 0 && d->fault) {
		*ret_fault = d->fault;
		(void)text_copy(why, cap, d->why);
	} else if (rc == 0) {
		diag_set(diag, "%s", d->why);
		rc = -EIO;
	}
	dora_release(d);
	free(d);
	return rc;
}

const char *
walk_describe(struct boot *b, const struct bootfile *f)
{
	if (!f->product[0])
		return bootfile_kind_title(f->kind);
	return arena_printf(&b->arena, "%s%s%s", f->product,
	    f->version[0] ? " " : "", f->version);
}

static void
record_load(struct walk *w, const char *uri, const struct load_result *r,
    const struct bootfile *what)
{
	struct boot *b = w->boot;
	struct boot_load *l = boot_add_load(b);

	if (!l)
		return;
	l->uri = arena_strdup(&b->arena, uri);
	l->proto = r->proto;
	l->duration_s = r->duration_s;
	l->time -= r->duration_s;
	l->bytes = r->len;
	l->ok = !r->fault;
	l->status = r->status;
	l->detail = arena_strdup(&b->arena, r->detail);
	if (r->fault) {
		l->error = arena_strdup(&b->arena, r->why);
	} else {
		(void)digest_sha256(r->bytes, r->len, l->sha256);
		l->kind = what->kind;
		l->what = walk_describe(b, what);
	}
	boot_add_event(b, BOOT_EV_LOAD, "%s", l->uri ? l->uri : "");
	walk_changed(w);
}

/*
 * Does the iPXE that runs announce a feature (175) that it would need? One
 * that announces nothing, as over IPv6, may have them all.
 */
static bool
has_feature(const struct persona *p, uint8_t code)
{
	struct rd value;

	return p->kind != PERSONA_IPXE || p->features_len == 0 ||
	    dhcp_sub_find(DHCP_SPACE_IPXE, p->features, p->features_len,
	    code, &value);
}

/* Does the iPXE that runs lack what a URI of that scheme needs? */
static const char *
lacks_scheme(const struct persona *p, const char *uri)
{
	static const struct { const char *scheme; uint8_t code; } rows[] = {
		{ "http:", 19 }, { "https:", IPXE_FEATURE_HTTPS },
		{ "tftp:", 21 }, { "ftp:", 22 }, { "nfs:", 41 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (text_starts(uri, rows[i].scheme) &&
		    !has_feature(p, rows[i].code))
			return rows[i].scheme;
	}
	return NULL;
}

const struct boot_stage *
walk_lease(const struct walk *w)
{
	for (size_t i = w->boot->n_stages; i > 0; i--) {
		if (w->boot->stages[i - 1].bound)
			return &w->boot->stages[i - 1];
	}
	return NULL;
}

bool
walk_is_late(struct walk *w)
{
	if (clock_now_ms() < w->deadline_ms)
		return false;
	boot_set_fault(w->boot, "script-flow-error", "%s still loads when the "
	    "time is up", w->now->title);
	return true;
}

bool
walk_refused(const struct load_result *r)
{
	static const char *const faults[] = {
		"tftp-file-not-found", "tftp-access-denied",
		"tftp-path-prefix-mismatch", "http-not-found",
		"http-status-other",
	};

	for (size_t i = 0; r->fault && i < ARRAY_LEN(faults); i++) {
		if (strcmp(r->fault, faults[i]) == 0)
			return true;
	}
	return false;
}

/*
 * Files go through the host's own stack: out of the interface that the
 * machine hangs on if the host has an address in the machine's network, by
 * the host's routes if not. Without either, silence would be blamed on the
 * servers.
 */
static int
choose_way(const struct walk *w, const char **ret_iface, struct diag *diag)
{
	const struct boot_stage *s = walk_lease(w);
	const char *name = attach_iface(w->net)->name;
	struct in_addr mask = { .s_addr = INADDR_BROADCAST };
	char ip[IP_TEXT_MAX];

	*ret_iface = name;
	if (!s)
		return 0;
	(void)dhcp4_get_ip(&s->ack, DHCP4_OPT_MASK, &mask);
	if (iface_is_in(name, s->address, mask))
		return 0;
	*ret_iface = NULL;
	if (iface_has_route(s->server))
		return 0;
	diag_set(diag, "this host has no address in the network of the "
	    "machine (%s), and files are loaded with the host's own: give %s "
	    "one, as in 'ip addr add ADDRESS/24 dev %s'",
	    ipv4_format(s->address, ip), name, name);
	return -ENETUNREACH;
}

int
walk_load(struct walk *w, const char *server, const char *name,
    struct load_result *ret, struct bootfile *what, struct diag *diag)
{
	const struct persona *p = w->now;
	bool efi = p->kind == PERSONA_UEFI_HTTP;
	/* neither EDK2's TLS nor that of iPXE so far knows version 1.3 */
	struct fetch_tls tls = w->conf->tls;
	struct load_conf conf = {
		.efi_rules = efi, .tls = &tls, .no_authority = efi && !tls.ca,
		.only_head = w->only_look,
		.no_tls = !has_feature(p, IPXE_FEATURE_HTTPS),
		.names = RESOLVE_DNS, .ipv6 = p->v6 != NULL,
		.dns = w->dns, .dns6 = w->dns6, .speed = w->conf->speed,
		.max_bytes = w->conf->max_bytes,
		.stated_size = server ? walk_stated_size(w) : 0,
		.progress = w->conf->progress, .ctx = w->conf->ctx,
	};
	struct sbuf uri = SBUF_EMPTY;
	int rc = choose_way(w, &conf.iface, diag);

	memset(what, 0, sizeof(*what));
	memset(ret, 0, sizeof(*ret));
	if (rc < 0)
		return rc;
	load_as(&conf, p);
	tls.max_1_2 = true;
	if (server) {
		sbuf_printf(&uri, "tftp://%s%s%s", server,
		    name[0] == '/' ? "" : "/", name);
		rc = load_tftp(&conf, server, TFTP_PORT, name, ret, diag);
	} else if (lacks_scheme(p, name)) {
		sbuf_add(&uri, name);
		ret->fault = "firmware-ipxe-lacks-feature";
		ret->proto = "";
		(void)snprintf(ret->why, sizeof(ret->why), "'%.200s': this "
		    "iPXE was built without %s", name, lacks_scheme(p, name));
	} else {
		sbuf_add(&uri, name);
		rc = load_uri(&conf, name, ret, diag);
	}
	if (rc == 0 && !ret->fault && w->only_look && ret->len == 0)
		(void)text_copy(ret->detail, sizeof(ret->detail),
		    "only its head was asked for");
	else if (rc == 0 && !ret->fault)
		rc = firmware_identify(ret->bytes, ret->len, what);
	if (rc == 0)
		record_load(w, sbuf_str(&uri), ret, what);
	sbuf_release(&uri);
	return rc;
}

void
walk_sleep(const struct walk *w, uint64_t ms)
{
	uint64_t now_ms = clock_now_ms();
	uint64_t left = w->deadline_ms > now_ms ? w->deadline_ms - now_ms : 0;
	struct timespec ts;

	ms /= w->conf->speed;
	if (ms > left)
		ms = left;
	ts.tv_sec = (time_t)(ms / 1000);
	ts.tv_nsec = (long)(ms % 1000) * 1000000;
	(void)nanosleep(&ts, NULL);
}

void
walk_wait_for_person(struct walk *w, const char *where)
{
	boot_add_event(w->boot, BOOT_EV_NOTE, "%s waits for a person", where);
	w->boot->end = BOOT_END_SHELL;
	w->done = true;
}

bool
walk_is_enough(struct walk *w, const struct bootfile *loaded)
{
	if (w->conf->until != WALK_UNTIL_SCRIPT ||
	    loaded->kind != BOOTFILE_SCRIPT)
		return false;
	boot_add_event(w->boot, BOOT_EV_NOTE, "a script, as far as was asked");
	w->boot->end = BOOT_END_SCRIPT;
	w->boot->cut_short = true;
	w->done = true;
	return true;
}

/* Load what the answer names, as the client that runs now. */
static int
load_target(struct walk *w, const struct target *t, struct load_result *r,
    struct bootfile *what, struct diag *diag)
{
	bool ipxe = w->now->kind == PERSONA_IPXE;

	if (w->now->kind == PERSONA_UEFI_HTTP && !t->is_uri) {
		r->fault = "httpboot-uri-or-dns-unusable";
		(void)snprintf(r->why, sizeof(r->why), "HTTP boot needs a URL, "
		    "and is given '%.200s'", t->file);
		return 0;
	}
	/* PXE firmware takes any name for a file, and asks by TFTP for it */
	if ((ipxe || w->now->user_agent || (w->now->v6 &&
	    text_starts(t->file, "tftp:"))) && t->is_uri)
		return walk_load(w, NULL, t->file, r, what, diag);
	if (t->is_uri && strncmp(t->file, "http", 4) == 0) {
		r->fault = "http-url-in-pxe-client";
		(void)snprintf(r->why, sizeof(r->why), "told to load %.200s, which "
		    "%s cannot", t->file, w->now->title);
		return 0;
	}
	if (!t->server[0]) {
		r->fault = ipxe ? "ipxe-filename-without-next-server" :
		    "wrong-next-server";
		(void)snprintf(r->why, sizeof(r->why), "told to load %.200s, but "
		    "not from which server", t->file);
		return 0;
	}
	if (!walk_can_reach(w, t->server, r))
		return 0;
	/* iPXE strips one slash; what it sends is the name as it came */
	return walk_load(w, t->server, t->file + (ipxe && t->file[0] == '/'),
	    r, what, diag);
}

/* What a firmware, or an iPXE without an embedded script, does by itself. */
static int
autoboot(struct walk *w, struct diag *diag)
{
	struct boot *b = w->boot;
	struct load_result r = { .fault = NULL };
	struct bootfile what = { .kind = BOOTFILE_UNKNOWN };
	const char *fault = NULL;
	const struct target *t;
	char why[DORA_WHY_MAX] = "";
	int rc = walk_dhcp(w, &fault, why, sizeof(why), diag);

	if (rc == 0 && strcmp(fault, "no-dhcp-offer") == 0)
		rc = walk_listen(w, false, &fault, why, sizeof(why), diag);
	if (rc <= 0) {
		if (rc == 0)
			boot_set_fault(b, fault, "%s", why);
		return rc;
	}
	t = &b->stages[b->n_stages - 1].target;
	if (w->local) {
		boot_add_event(b, BOOT_EV_NOTE, "the boot menu's item is the "
		    "local disk");
		b->end = BOOT_END_LOCAL;
		w->done = true;
		return 0;
	}
	if (t->file_from == TARGET_NONE)
		return walk_boot_san(w) ? 0 : walk_nothing_to_boot(w, diag);
	rc = load_target(w, t, &r, &what, diag);
	walk_look_at_name(t, &r);
	walk_v6_loaded(w);
	if (rc == 0 && r.fault)
		boot_set_fault(b, r.fault, "%s", r.why);
	else if (rc == 0)
		rc = walk_step(w, b->loads[b->n_loads - 1].uri, &r, &what,
		    diag);
	bootfile_release(&what);
	load_release(&r);
	return rc;
}

/* The loader that runs now; it says itself who is next. */
static int
run_loader(struct walk *w, struct diag *diag)
{
	const struct persona *before = w->now;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(loaders); i++) {
		if (strcmp(loaders[i].client, before->name) == 0) {
			rc = loaders[i].run(w, diag);
			break;
		}
	}
	if (rc == 0 && w->now == before && !w->boot->fault)
		w->done = true;
	return rc;
}

static int
run_stage(struct walk *w, struct diag *diag)
{
	struct boot_stage *s = boot_add_stage(w->boot);

	if (!s) {
		boot_set_fault(w->boot, "chainload-loop", "more than %d stages",
		    BOOT_STAGES_MAX);
		return 0;
	}
	s->stage = persona_stage(w->now);
	s->client = w->now->name;
	s->title = w->now->title;
	s->has_arch = w->now->has_arch;
	s->arch = w->now->arch;
	walk_changed(w);
	if (w->now->kind == PERSONA_OS)
		return walk_os(w, diag);
	if (w->now->kind == PERSONA_LOADER)
		return run_loader(w, diag);
	if (w->script) {
		char *script = w->script;
		int rc;

		boot_add_event(w->boot, BOOT_EV_NOTE, "it brings a script of "
		    "%zu bytes and runs that", w->script_len);
		w->script = NULL;
		rc = walk_run_script(w, NULL, script, w->script_len, diag);
		free(script);
		return rc;
	}
	return autoboot(w, diag);
}

int
walk_boot(const struct walk_conf *conf, struct boot **ret, struct diag *diag)
{
	struct walk w = { .conf = conf, .now = conf->persona };
	struct attach_conf attach = conf->attach;
	int rc;

	if (!conf->iface.is_up) {
		diag_set(diag, "%s is down: bring it up with 'ip link set %s "
		    "up'", conf->iface.name, conf->iface.name);
		return -ENETDOWN;
	}
	attach.ipv6 = conf->persona->v6 != NULL;
	w.boot = boot_new();
	if (!w.boot) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	rc = attach_open(&attach, &conf->iface, conf->machine.mac,
	    &w.net, diag);
	if (rc == 0 && conf->pcap)
		rc = walk_pcap_open(&w, diag);
	if (rc == 0 && conf->persona->v6)
		rc = walk_v6_open(&w, diag);
	if (rc < 0)
		goto out;
	w.boot->persona = conf->persona->name;
	w.boot->time = clock_wall_s();
	memcpy(w.boot->mac, conf->machine.mac, MAC_LEN);
	w.boot->has_uuid = conf->machine.has_uuid;
	memcpy(w.boot->uuid, conf->machine.uuid, UUID_LEN);
	w.deadline_ms = clock_now_ms() + conf->timeout_ms;
	while (rc == 0 && !w.done && !w.boot->fault)
		rc = run_stage(&w, diag);
	w.boot->duration_s = clock_wall_s() - w.boot->time;
	walk_look_for_rival(&w);
	if (rc == 0 && conf->renew)
		rc = walk_renew(&w, diag);
	if (!conf->keep_leases)
		attach_release(w.net, conf->machine.mac, w.lease, w.n_leases);
	walk_v6_close(&w);
	if (rc == 0 && conf->pcap)
		rc = walk_pcap_write(&w, diag);
	if (rc == 0) {
		*ret = w.boot;
		w.boot = NULL;
	}
out:
	if (w.has_proxy_msg)
		dhcp4_msg_release(&w.proxy_msg);
	free(w.script);
	free(w.initrd_script);
	free(w.program.bytes);
	walk_v6_close(&w);
	walk_pcap_close(&w);
	attach_close(w.net);
	boot_free(w.boot);
	return rc;
}
