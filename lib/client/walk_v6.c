/*
 * walk_v6.c - DHCP of a machine that boots over IPv6. Neighbour discovery and
 * address configuration are the kernel's, in a namespace of the machine's own.
 */
#include "base/clock.h"
#include "base/sbuf.h"
#include "client/dora6.h"
#include "client/walk_internal.h"
#include "net/udp6.h"
#include "net/wait.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum {
	READY_MS = 5000,                /* for the link-local address */
	READY_STEP_MS = 50,
	/* A solicitation waits up to 1 s, and its answer 0.5 s (RFC 4861). */
	ROUTER_MS = 5000,
	RELEASE_MS = 500,
	HELD_MAX = 2 * BOOT_STAGES_MAX,
	URL_COLONS_MIN = 3,
};

/* An exchange whose address was not given back yet. */
struct held6 {
	struct dora6 dora;
	bool by_itself;                 /* the firmware gives it back */
};

struct walk_v6 {
	int fd;                         /* port 546 */
	int router_fd;
	bool has_router;
	struct router6 router;
	struct held6 *held[HELD_MAX];
	size_t n_held;
};

static const struct in6_addr servers = { { { 0xff, 2, [13] = 1, [15] = 2 } } };

int
walk_v6_open(struct walk *w, struct diag *diag)
{
	const struct iface *iface = attach_iface(w->net);
	struct walk_v6 *v6;

	if (!attach_netns(w->net)) {
		diag_set(diag, "%s boots over IPv6, which needs --net=own",
		    w->now->name);
		return -ENOTSUP;
	}
	v6 = calloc(1, sizeof(*v6));
	if (!v6) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	w->v6 = v6;
	v6->router_fd = -1;
	v6->fd = udp6_open(iface->name, DHCP6_CLIENT_PORT, diag);
	if (v6->fd < 0)
		return v6->fd;
	v6->router_fd = router6_open(iface->name, diag);
	return v6->router_fd < 0 ? v6->router_fd : 0;
}

static void
describe(const struct dora6_event *ev, struct sbuf *out)
{
	struct ip_addr ip = { .family = AF_INET6, .v6 = ev->peer };
	struct dhcp6_ia_addr addr;
	char text[DORA6_URL_MAX];
	uint16_t arch;

	if (dhcp6_ia_addr(ev->msg, DHCP6_OPT_IA_NA, &addr)) {
		struct ip_addr a = { .family = AF_INET6, .v6 = addr.addr };

		sbuf_printf(out, " %s", ip_format(&a, text));
	}
	if (ev->kind == DORA6_SENT) {
		if (dhcp6_get_u16(ev->msg, DHCP6_OPT_ARCH, &arch))
			sbuf_printf(out, ", arch %u", arch);
		return;
	}
	sbuf_printf(out, " from %s", ip_format(&ip, text));
	if (dhcp6_get_str(ev->msg, DHCP6_OPT_BOOTFILE_URL, text,
	    sizeof(text))) {
		sbuf_add(out, ", file ");
		sbuf_escape(out, text, strlen(text));
	}
	if (ev->note)
		sbuf_printf(out, " (ignored: %s)", ev->note);
}

static void
on_event(void *ctx, const struct dora6_event *ev)
{
	static const enum boot_event_kind kinds[] = {
		[DORA6_SENT] = BOOT_EV_SENT,
		[DORA6_RECEIVED] = BOOT_EV_RECEIVED,
		[DORA6_IGNORED] = BOOT_EV_IGNORED,
	};
	const char *type = dhcp6_type_name(ev->msg->type);
	struct walk *w = ctx;
	struct sbuf text = SBUF_EMPTY;

	sbuf_add(&text, type ? type : "DHCPv6");
	describe(ev, &text);
	boot_add_event(w->boot, kinds[ev->kind], "%s", sbuf_str(&text));
	sbuf_release(&text);
	walk_changed(w);
}

/* Until the link-local address is known to be nobody else's. */
static void
wait_ready(const struct walk *w)
{
	uint64_t end = clock_now_ms() + READY_MS;

	while (!udp6_is_ready(attach_iface(w->net)->index) &&
	    clock_now_ms() < end && clock_now_ms() < w->deadline_ms)
		(void)wait_readable(w->v6->router_fd, clock_now_ms() +
		    READY_STEP_MS);
}

/* The kernel asks for routers by itself, once, when the interface is up. */
static int
find_router(struct walk *w)
{
	struct walk_v6 *v6 = w->v6;
	uint64_t end = clock_now_ms() + ROUTER_MS;
	struct ip_addr ip = { .family = AF_INET6 };
	char text[IP_TEXT_MAX];
	int rc = 0;

	if (end > w->deadline_ms)
		end = w->deadline_ms;
	while (!v6->has_router && rc >= 0 && clock_now_ms() < end) {
		rc = router6_recv(v6->router_fd, &v6->router);
		v6->has_router = rc > 0;
		if (rc == 0)
			rc = wait_readable(v6->router_fd, end);
	}
	ip.v6 = v6->router.from;
	if (v6->has_router)
		boot_add_event(w->boot, BOOT_EV_NOTE, "the router %s says: "
		    "%s", ip_format(&ip, text), v6->router.managed ?
		    "addresses by DHCPv6 (M)" : v6->router.other ?
		    "other settings by DHCPv6 (O)" : "no DHCPv6");
	else
		boot_add_event(w->boot, BOOT_EV_NOTE, "no router advertises "
		    "itself");
	walk_changed(w);
	return rc < 0 ? rc : 0;
}

static int
send_output(struct walk *w, const struct dora6_output *out)
{
	int rc = udp6_send(w->v6->fd, attach_iface(w->net)->index, &servers,
	    DHCP6_SERVER_PORT, out->buf, out->len);

	/* lost, as on a link that is not up yet: it is repeated */
	return rc == -EADDRNOTAVAIL || rc == -ENETUNREACH ? 0 : rc;
}

static int
run(struct walk *w, struct dora6 *d, struct diag *diag)
{
	uint8_t buf[DHCP6_MSG_MAX];
	struct in6_addr from;
	uint16_t port;
	int rc = 0;

	(void)udp6_set_hops(w->v6->fd, d->conf.p6->hop_limit);
	dora6_start(d, clock_now_ms());
	while (rc >= 0 && dora6_is_running(d) &&
	    clock_now_ms() < w->deadline_ms) {
		const struct dora6_output *out = dora6_output(d);
		uint64_t until = d->deadline_ms < w->deadline_ms ?
		    d->deadline_ms : w->deadline_ms;

		if (out)
			rc = send_output(w, out);
		if (rc >= 0)
			rc = wait_readable(w->v6->fd, until);
		if (rc > 0)
			rc = udp6_recv(w->v6->fd, buf, sizeof(buf), &from,
			    &port);
		if (rc > 0)
			dora6_input(d, clock_now_ms(), &from, buf,
			    (size_t)rc);
		if (rc == -EAGAIN)
			rc = 0;
		dora6_expire(d, clock_now_ms());
	}
	if (rc < 0)
		diag_sys(diag, rc, "cannot speak DHCPv6");
	return rc < 0 ? rc : 0;
}

/* One exchange; a bound one is kept until it is given back. */
static int
exchange(struct walk *w, const struct persona6 *p6, bool stateless,
    struct dora6 **ret, struct diag *diag)
{
	struct dora6_conf conf = {
		.persona = w->now, .p6 = p6, .machine = &w->conf->machine,
		.stateless = stateless, .speed = w->conf->speed,
		.event = on_event, .ctx = w,
	};
	struct held6 *h = calloc(1, sizeof(*h));
	int rc = h && w->v6->n_held < HELD_MAX ? 0 : -ENOMEM;

	if (rc == 0 && (getrandom(&conf.xid, sizeof(conf.xid), 0) < 0 ||
	    getrandom(&conf.iaid, sizeof(conf.iaid), 0) < 0))
		rc = -errno;
	if (rc < 0) {
		diag_sys(diag, rc, "cannot speak DHCPv6");
		free(h);
		return rc;
	}
	dora6_init(&h->dora, &conf);
	h->by_itself = p6->releases;
	w->v6->held[w->v6->n_held++] = h;
	*ret = &h->dora;
	return run(w, &h->dora, diag);
}

/* The server's word on a RELEASE; without it the address is free as well. */
static bool
is_released(struct walk *w, uint32_t xid)
{
	uint64_t end = clock_now_ms() + RELEASE_MS;
	uint8_t buf[DHCP6_MSG_MAX];
	struct in6_addr from;
	struct dhcp6_msg msg;
	bool yes = false;
	uint16_t port;

	while (!yes && wait_readable(w->v6->fd, end) > 0) {
		int n = udp6_recv(w->v6->fd, buf, sizeof(buf), &from, &port);

		if (n <= 0 || dhcp6_msg_parse(&msg, buf, (size_t)n, NULL) < 0)
			continue;
		yes = msg.type == DHCP6_REPLY && msg.xid == xid;
		dhcp6_msg_release(&msg);
	}
	return yes;
}

static void
give_back(struct walk *w, struct held6 *h)
{
	struct dora6_output out;

	if (dora6_give_back(&h->dora, &out) == 0 &&
	    send_output(w, &out) == 0) {
		boot_add_event(w->boot, BOOT_EV_SENT, "RELEASE");
		if (is_released(w, h->dora.xid))
			boot_add_event(w->boot, BOOT_EV_RECEIVED, "REPLY to "
			    "the RELEASE");
	}
	dora6_release(&h->dora);
	free(h);
}

/* The boot file of the reply, as struct target. */
static void
take_target(const struct dhcp6_msg *reply, struct target *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!dhcp6_get_str(reply, DHCP6_OPT_BOOTFILE_URL, ret->file,
	    sizeof(ret->file)) || !ret->file[0])
		return;
	ret->file_from = TARGET_OPT6_59;
	ret->is_uri = strstr(ret->file, "://") != NULL;
}

/* http://fd77::1/x, where it should be http://[fd77::1]/x */
static bool
lacks_brackets(const char *url)
{
	const char *host = strstr(url, "://");
	unsigned int n = 1;

	if (!host || host[3] == '[')
		return false;
	for (host += 3; *host && *host != '/'; host++)
		n += *host == ':';
	return n >= URL_COLONS_MIN;
}

static int
copy_msg(const struct dhcp6_msg *from, struct dhcp6_msg *to)
{
	uint8_t buf[DHCP6_MSG_MAX];
	struct wr out = wr_init(buf, sizeof(buf));
	int rc = dhcp6_msg_build(from, &out);

	return rc < 0 ? rc : dhcp6_msg_parse(to, buf, out.len, NULL);
}

static int
take_reply(struct walk *w, struct dora6 *d, struct diag *diag)
{
	struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];
	int rc = 0;

	if (s->bound6)
		dhcp6_msg_release(&s->reply6);
	s->bound6 = true;
	s->duration_s = clock_wall_s() - s->time;
	s->server6 = d->server;
	if (!d->conf.stateless) {
		s->address6 = d->addr.addr;
		rc = netns_set_address6(attach_netns(w->net), &s->address6);
	}
	if (rc < 0)
		diag_sys(diag, rc, "cannot use the address that DHCPv6 gave");
	w->dns6 = in6addr_any;
	(void)dhcp6_get_ip(&d->reply, DHCP6_OPT_DNS, &w->dns6);
	take_target(&d->reply, &s->target);
	if (copy_msg(&d->reply, &s->reply6) < 0) {
		s->bound6 = false;
		diag_set(diag, "out of memory");
		rc = -ENOMEM;
	}
	return rc;
}

/* What is wrong already, before anything is loaded. */
static const char *
judge(const struct walk *w, char *why, size_t cap)
{
	const struct boot_stage *s = &w->boot->stages[w->boot->n_stages - 1];

	if (lacks_brackets(s->target.file)) {
		(void)snprintf(why, cap, "the address in the boot file's URL "
		    "is not in brackets: %.200s", s->target.file);
		return "ipv6-first-delay-or-failure";
	}
	if (!w->v6->has_router) {
		(void)snprintf(why, cap, "it has an address, but no router "
		    "advertises itself: nothing tells which servers can be "
		    "reached");
		return "ipv6-first-delay-or-failure";
	}
	return NULL;
}

int
walk_v6_dhcp(struct walk *w, const char **ret_fault, char *why, size_t cap,
    struct diag *diag)
{
	const struct persona6 *p6 = w->now->v6;
	struct walk_v6 *v6 = w->v6;
	struct dora6 *stack = NULL;
	struct dora6 *d = NULL;
	int rc;

	wait_ready(w);
	rc = v6->has_router ? 0 : find_router(w);
	if (rc == 0 && v6->has_router && v6->router.managed && p6->stack)
		rc = exchange(w, p6->stack, false, &stack, diag);
	if (rc == 0)
		rc = exchange(w, p6, w->now->kind == PERSONA_IPXE &&
		    v6->has_router && !v6->router.managed, &d, diag);
	if (rc < 0)
		return rc;
	if (d->state != DORA6_BOUND) {
		*ret_fault = d->fault ? d->fault : "no-dhcp-offer";
		(void)text_copy(why, cap, d->fault ? d->why :
		    "no answer within the time limit");
		return 0;
	}
	rc = take_reply(w, d, diag);
	if (rc < 0)
		return rc;
	*ret_fault = judge(w, why, cap);
	if (stack && p6->releases) {
		/* as OVMF does: what its stack got it needs no more */
		give_back(w, v6->held[v6->n_held - 2]);
		v6->held[v6->n_held - 2] = v6->held[v6->n_held - 1];
		v6->n_held--;
	}
	return *ret_fault ? 0 : 1;
}

void
walk_v6_loaded(struct walk *w)
{
	const struct in6_addr none = IN6ADDR_ANY_INIT;

	while (w->v6 && w->v6->n_held > 0 &&
	    w->v6->held[w->v6->n_held - 1]->by_itself) {
		give_back(w, w->v6->held[--w->v6->n_held]);
		(void)netns_set_address6(attach_netns(w->net), &none);
	}
}

const struct persona *
walk_v6_next(const struct walk *w, const struct persona *next)
{
	const struct persona *p = w->now->v6 && next->kind == PERSONA_IPXE ?
	    persona_find("ipxe-efi-x64-v6") : NULL;

	return p ? p : next;
}

void
walk_v6_close(struct walk *w)
{
	struct walk_v6 *v6 = w->v6;

	if (!v6)
		return;
	while (v6->n_held > 0) {
		struct held6 *h = v6->held[--v6->n_held];

		if (w->conf->keep_leases)
			h->dora.state = DORA6_IDLE;
		give_back(w, h);
	}
	if (v6->fd >= 0)
		(void)close(v6->fd);
	if (v6->router_fd >= 0)
		(void)close(v6->router_fd);
	free(v6);
	w->v6 = NULL;
}
