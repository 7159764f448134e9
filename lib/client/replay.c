#include "client/replay.h"

#include "base/clock.h"
#include "client/load.h"
#include "client/release.h"
#include "net/port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
	REPLAY_MSG_MAX = 1500,
	REPLAY_MACHINES_MAX = 64,
	REPLAY_ADDRESSES_MAX = 256,
	REPLAY_LINGER_MS = 300,         /* for one answer more than there were */
};

/* An address of the capture, and what it is now. */
struct moved {
	struct in_addr then;
	struct in_addr now;
};

/* One machine of the capture, on its own port. */
struct machine_port {
	uint8_t mac[MAC_LEN];
	struct port *port;
	struct held_lease lease[REPLAY_ANSWERS_MAX];
	size_t n_leases;
};

struct running {
	const struct replay_conf *conf;
	struct replay *r;
	struct machine_port machine[REPLAY_MACHINES_MAX];
	size_t n_machines;
	struct moved moved[REPLAY_ADDRESSES_MAX];
	size_t n_moved;
};

static struct in_addr
now_of(const struct running *x, struct in_addr then)
{
	for (size_t i = 0; i < x->n_moved; i++) {
		if (x->moved[i].then.s_addr == then.s_addr)
			return x->moved[i].now;
	}
	return then;
}

static void
add_moved(struct running *x, struct in_addr then, struct in_addr now)
{
	if (!then.s_addr || !now.s_addr || x->n_moved == REPLAY_ADDRESSES_MAX)
		return;
	for (size_t i = 0; i < x->n_moved; i++) {
		if (x->moved[i].then.s_addr == then.s_addr) {
			x->moved[i].now = now;
			return;
		}
	}
	x->moved[x->n_moved++] = (struct moved){ then, now };
}

/* @ret NULL if there are more machines than we play at once. */
static int
machine_of(struct running *x, const uint8_t *mac, struct machine_port **ret,
    struct diag *diag)
{
	struct machine_port *m;
	int rc;

	*ret = NULL;
	for (size_t i = 0; i < x->n_machines; i++) {
		if (memcmp(x->machine[i].mac, mac, MAC_LEN) == 0) {
			*ret = &x->machine[i];
			return 0;
		}
	}
	if (x->n_machines == REPLAY_MACHINES_MAX)
		return 0;
	m = &x->machine[x->n_machines];
	memcpy(m->mac, mac, MAC_LEN);
	rc = port_open(&x->conf->iface, mac, &m->port, diag);
	if (rc < 0)
		return rc;
	x->n_machines++;
	*ret = m;
	return 0;
}

/* A message of the capture as it has to be now; to be released. */
static int
renew(const struct running *x, const struct replay_ask *a,
    struct dhcp4_msg *ret)
{
	const struct dhcp4_msg *then = &a->msg;
	struct in_addr ip;
	int rc = 0;

	dhcp4_msg_init(ret, DHCP4_BOOTREQUEST);
	ret->htype = then->htype;
	ret->hlen = then->hlen;
	ret->secs = then->secs;
	ret->flags = then->flags;
	ret->is_bootp = then->is_bootp;
	ret->ciaddr = now_of(x, then->ciaddr);
	memcpy(ret->chaddr, then->chaddr, sizeof(ret->chaddr));
	if (getrandom(&ret->xid, sizeof(ret->xid), 0) < 0)
		return -errno;
	for (size_t i = 0; i < then->n_opts && rc == 0; i++) {
		const struct dhcp4_opt *o = &then->opts[i];

		if (o->code == DHCP4_OPT_OVERLOAD)
			continue;
		if ((o->code == DHCP4_OPT_REQUESTED_IP ||
		    o->code == DHCP4_OPT_SERVER_ID) &&
		    dhcp4_get_ip(then, o->code, &ip))
			rc = dhcp4_add_ip(ret, o->code, now_of(x, ip));
		else
			rc = dhcp4_add(ret, o->code, o->data, o->len);
	}
	return rc;
}

/* Is it an answer to @sent, and one that was not there yet? */
static void
take_answer(struct replay_ask *a, const struct dhcp4_msg *sent,
    const struct port_udp *u)
{
	struct replay_answer *now = &a->now[a->n_now];

	if (a->n_now == REPLAY_ANSWERS_MAX ||
	    dhcp4_msg_parse(&now->msg, u->buf, u->len, NULL) < 0)
		return;
	for (size_t i = 0; i < a->n_now; i++) {
		if (a->now[i].src.s_addr == u->src.s_addr)
			goto drop;
	}
	if (now->msg.op != DHCP4_BOOTREPLY || now->msg.xid != sent->xid ||
	    memcmp(now->msg.chaddr, sent->chaddr, MAC_LEN) != 0)
		goto drop;
	now->src = now->server = u->src;
	(void)dhcp4_get_ip(&now->msg, DHCP4_OPT_SERVER_ID, &now->server);
	a->n_now++;
	return;
drop:
	dhcp4_msg_release(&now->msg);
}

static int
listen_for(struct running *x, struct machine_port *m, struct replay_ask *a,
    const struct dhcp4_msg *sent)
{
	uint64_t until = clock_now_ms() + x->conf->wait_ms;
	bool lingers = false;
	struct port_udp u;
	int rc;

	while ((rc = port_receive(m->port, until, &u)) > 0) {
		take_answer(a, sent, &u);
		if (a->n_now >= a->n_then && a->n_now > 0 && !lingers) {
			until = clock_now_ms() + REPLAY_LINGER_MS;
			lingers = true;
		}
	}
	return rc;
}

/*
 * What the live servers gave takes the place of what the captured ones did:
 * of the same server, or where the server is another now, of the first.
 */
static void
learn(struct running *x, const struct replay_ask *a)
{
	for (size_t i = 0; i < a->n_then; i++) {
		const struct replay_answer *then = &a->then[i];
		const struct replay_answer *now = a->n_now ? &a->now[0] : NULL;

		for (size_t n = 0; n < a->n_now; n++) {
			if (a->now[n].server.s_addr == then->server.s_addr)
				now = &a->now[n];
		}
		if (!now)
			continue;
		add_moved(x, then->msg.yiaddr, now->msg.yiaddr);
		add_moved(x, then->server, now->server);
	}
}

/* From now on the machine has that address, and has to give it back. */
static void
take_leases(struct machine_port *m, const struct replay_ask *a)
{
	struct in_addr mask = { 0 };
	struct in_addr router = { 0 };

	for (size_t i = 0; i < a->n_now; i++) {
		const struct replay_answer *now = &a->now[i];

		if (dhcp4_type(&now->msg) != DHCP4_ACK ||
		    !now->msg.yiaddr.s_addr)
			continue;
		(void)dhcp4_get_ip(&now->msg, DHCP4_OPT_MASK, &mask);
		(void)dhcp4_get_ip(&now->msg, DHCP4_OPT_ROUTER, &router);
		port_set_address(m->port, now->msg.yiaddr, mask, router);
		if (m->n_leases < REPLAY_ANSWERS_MAX)
			held_lease_set(&m->lease[m->n_leases++], &a->msg,
			    &now->msg, now->server);
	}
}

static int
ask_once(struct running *x, struct machine_port *m, struct replay_ask *a)
{
	uint8_t buf[REPLAY_MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp4_msg msg;
	struct port_udp u = {
		.dst = a->dst, .dport = a->dport, .buf = buf,
		.sport = a->dport == DHCP4_PXE_PORT ? DHCP4_PXE_PORT :
		    DHCP4_CLIENT_PORT,
	};
	int rc = renew(x, a, &msg);

	if (rc == 0)
		rc = dhcp4_msg_build(&msg, &w, DHCP4_BOOTP_LEN, sizeof(buf));
	if (rc == 0) {
		u.len = w.len;
		u.src = msg.ciaddr;
		if (u.dst.s_addr != htonl(INADDR_BROADCAST))
			u.dst = now_of(x, u.dst);
		rc = port_send(m->port, &u);
	}
	if (rc == 0)
		rc = listen_for(x, m, a, &msg);
	dhcp4_msg_release(&msg);
	return rc;
}

static int
run_ask(struct running *x, struct replay_ask *a, struct diag *diag)
{
	struct machine_port *m;
	int rc = machine_of(x, a->msg.chaddr, &m, diag);

	if (rc < 0)
		return rc;
	if (!m) {
		a->skipped = true;
		a->why = "more machines than are played at once";
		return 0;
	}
	rc = ask_once(x, m, a);
	if (rc < 0) {
		diag_sys(diag, rc, "cannot ask on %s", x->conf->iface.name);
		return rc;
	}
	learn(x, a);
	take_leases(m, a);
	return replay_compare(x->r, a);
}

/* The same file now; what is compared is what the capture shows of it. */
static int
run_file(struct running *x, struct replay_file *f, struct diag *diag)
{
	const struct persona *p = persona_find("ipxe-bios");
	struct load_conf conf = {
		.names = RESOLVE_DNS,
		.iface = x->conf->iface.name, .speed = 1,
		.max_bytes = x->conf->max_bytes,
	};
	struct load_result now;
	bool ok;
	int rc;

	if (!f->seen_end) {
		f->skipped = true;
		return 0;
	}
	load_as(&conf, p);
	rc = load_uri(&conf, f->uri, &now, diag);
	if (rc < 0)
		return rc;
	ok = !now.fault;
	if (ok != f->ok)
		f->diff = arena_printf(&x->r->arena, "%s, is %s",
		    f->ok ? "was loaded" : "failed",
		    ok ? "loaded" : now.why);
	else if (ok && f->has_bytes && now.len != f->bytes)
		f->diff = arena_printf(&x->r->arena, "was %llu bytes, is %zu",
		    (unsigned long long)f->bytes, now.len);
	else if (!ok && f->status != (unsigned int)now.status)
		f->diff = arena_printf(&x->r->arena, "status was %u, is %ld",
		    f->status, now.status);
	load_release(&now);
	return 0;
}

int
replay_run(const struct replay_conf *conf, struct replay *r,
    struct diag *diag)
{
	struct running *x = calloc(1, sizeof(*x));
	int rc = 0;

	if (!x) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	x->conf = conf;
	x->r = r;
	for (size_t i = 0; i < r->n_asks && rc == 0; i++)
		rc = run_ask(x, &r->ask[i], diag);
	for (size_t i = 0; i < r->n_files && rc == 0 && !conf->no_files; i++)
		rc = run_file(x, &r->file[i], diag);
	for (size_t i = 0; i < x->n_machines; i++) {
		struct machine_port *m = &x->machine[i];

		held_lease_release(m->port, m->mac, m->lease, m->n_leases);
		port_close(m->port);
	}
	free(x);
	return rc;
}
