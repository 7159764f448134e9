/* A client that was captured is learnt: every persona, from its own capture. */
#include "unit.h"

#include "capture/pcapng.h"
#include "client/learn.h"
#include "wire/frame.h"
#include "wire/tftp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	MSG_MAX = 1500, FRAME_MAX = 2048,
	N_DISCOVERS = 3,
	XID = 0x10203040,
};

static const int64_t ms = 1000000;

/* A capture under way. */
struct tape {
	char path[64];
	struct pcapng *file;
	int64_t now_ns;
};

static struct in_addr
ip(const char *text)
{
	struct in_addr a;

	ck_assert_int_eq(inet_pton(AF_INET, text, &a), 1);
	return a;
}

static void
tape_init(struct tape *t)
{
	int fd;

	memset(t, 0, sizeof(*t));
	(void)snprintf(t->path, sizeof(t->path), "/tmp/learn-XXXXXX");
	fd = mkstemp(t->path);
	ck_assert_int_ge(fd, 0);
	(void)close(fd);
	t->now_ns = 1000 * 1000 * ms;
	ck_assert_int_eq(pcapng_create(t->path, LINK_ETHERNET, &t->file, NULL),
	    0);
}

static void
say(struct tape *t, const char *src, uint16_t sport, const char *dst,
    uint16_t dport, uint8_t ttl, const void *bytes, size_t len)
{
	struct udp4_head h = { .src = ip(src), .dst = ip(dst), .sport = sport,
	    .dport = dport, .ttl = ttl };
	uint8_t buf[FRAME_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	ck_assert_int_eq(frame_build_udp4(&w, &h, bytes, len), 0);
	pcapng_add(t->file, t->now_ns, buf, w.len, w.len, NULL);
}

static size_t
build(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, uint8_t buf[MSG_MAX])
{
	struct dhcp4_msg msg;
	struct wr w = wr_init(buf, MSG_MAX);

	ck_assert_int_eq(persona_message(p, m, ask, &msg), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, p->pad_to, MSG_MAX), 0);
	dhcp4_msg_release(&msg);
	return w.len;
}

static void
reply(struct tape *t, const struct machine *m, enum dhcp4_type type)
{
	struct dhcp4_msg msg;
	uint8_t buf[MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	dhcp4_msg_init(&msg, DHCP4_BOOTREPLY);
	msg.xid = XID;
	msg.yiaddr = ip("10.0.0.9");
	memcpy(msg.chaddr, m->mac, MAC_LEN);
	ck_assert_int_eq(dhcp4_add_u8(&msg, DHCP4_OPT_MSG_TYPE, (uint8_t)type),
	    0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 300, sizeof(buf)), 0);
	dhcp4_msg_release(&msg);
	say(t, "10.0.0.1", 67, "255.255.255.255", 68, 64, buf, w.len);
}

/* What the machine asks in each of the three messages of an exchange. */
static struct persona_ask
ask_of(const struct persona *p, int which)
{
	struct persona_ask ask = { .type = which ? DHCP4_REQUEST :
	    DHCP4_DISCOVER, .xid = XID };

	if (which == 1) {
		ask.requested = ip("10.0.0.9");
		ask.server_id = ip("10.0.0.1");
	} else if (which == 2) {
		ask.to_pxe_port = ask.has_address = true;
		ask.ciaddr = ip("10.0.0.9");
		ask.has_item = p->kind == PERSONA_IPXE;
		ask.item_type = 0x8000;
		ask.xid = XID + 1;
	}
	return ask;
}

/* DISCOVERs, half as slow again as its own; then all that follows. */
static void
boot(struct tape *t, const struct persona *p, const struct machine *m)
{
	uint8_t buf[MSG_MAX];
	struct persona_ask ask = ask_of(p, 0);
	struct tftp_opts opts = { .n = 0 };
	struct wr w = wr_init(buf, sizeof(buf));
	size_t len;

	for (size_t i = 0; i < N_DISCOVERS; i++) {
		len = build(p, m, &ask, buf);
		say(t, "0.0.0.0", 68, "255.255.255.255", 67, p->ttl, buf, len);
		t->now_ns += p->discover_ms[i] * 3 / 2 * ms;
	}
	reply(t, m, DHCP4_OFFER);
	ask = ask_of(p, 1);
	len = build(p, m, &ask, buf);
	say(t, "0.0.0.0", 68, "255.255.255.255", 67, p->ttl, buf, len);
	reply(t, m, DHCP4_ACK);
	if (persona_is_pxe(p)) {
		ask = ask_of(p, 2);
		len = build(p, m, &ask, buf);
		say(t, "10.0.0.9", p->proxy_port, "10.0.0.1", 4011, p->ttl,
		    buf, len);
	}
	for (size_t i = 0; i < p->tftp.main.n; i++)
		tftp_opts_set(&opts, p->tftp.main.opt[i],
		    p->tftp.main.value[i]);
	tftp_build_request(&w, TFTP_RRQ, "boot", "octet", &opts);
	say(t, "10.0.0.9", 2000, "10.0.0.1", 69, p->ttl, buf, w.len);
}

static void
check_same(const struct persona *want, const struct machine *m,
    const struct learnt *got)
{
	uint8_t a[MSG_MAX], b[MSG_MAX];
	int n = persona_is_pxe(want) ? 3 : 2;

	for (int i = 0; i < n; i++) {
		struct persona_ask ask = ask_of(want, i);
		size_t len = build(want, m, &ask, a);

		ck_assert_msg(build(&got->persona, &got->machine, &ask, b) ==
		    len, "%s: message %d is of another length", want->name, i);
		ck_assert_msg(memcmp(a, b, len) == 0, "%s: message %d differs",
		    want->name, i);
	}
	for (size_t i = 0; i + 1 < N_DISCOVERS; i++)
		ck_assert_uint_eq(got->persona.discover_ms[i],
		    want->discover_ms[i] * 3 / 2);
	for (size_t i = N_DISCOVERS - 1; want->discover_ms[i]; i++)
		ck_assert_msg(got->persona.discover_ms[i], "%s: fewer waits",
		    want->name);
	ck_assert_int_eq(got->persona.ttl, want->ttl);
	ck_assert_uint_eq(got->persona.tftp.main.n, want->tftp.main.n);
	for (size_t i = 0; i < want->tftp.main.n; i++) {
		ck_assert_int_eq(got->persona.tftp.main.opt[i],
		    want->tftp.main.opt[i]);
		ck_assert_uint_eq(got->persona.tftp.main.value[i],
		    want->tftp.main.value[i]);
	}
}

/* The one client of a capture in which @p boots. */
static struct learn *
learn_from(const struct persona *p, const struct machine *m)
{
	struct learn *l = NULL;
	struct diag d;
	struct tape t;

	tape_init(&t);
	boot(&t, p, m);
	ck_assert_int_eq(pcapng_close(t.file, true, NULL), 0);
	ck_assert_int_eq(learn_read(t.path, &l, &d), 0);
	(void)unlink(t.path);
	ck_assert_uint_eq(l->n, 1);
	return l;
}

START_TEST(every_persona)
{
	static const uint8_t duid[] = { 255, 0, 1, 2, 3, 4 };
	size_t n;
	const struct persona *p = persona_rows(&n)[_i];
	struct machine m = { .mac = { 0x52, 0x54, 0, 0, 0, 7 },
	    .has_uuid = true, .uuid = { 1, 2, 3 }, .hostname = "pc" };
	struct learn *l;

	if (!p->discover_order)
		return;
	if (strcmp(p->name, "systemd-networkd") == 0) {
		m.client_id = duid;
		m.client_id_len = sizeof(duid);
	}
	l = learn_from(p, &m);
	ck_assert_str_eq(l->client[0].persona.name, "learnt-1");
	ck_assert_ptr_eq(learn_find(l, "learnt-1"), &l->client[0]);
	ck_assert_ptr_null(learn_find(l, "learnt-2"));
	ck_assert_msg(l->client[0].persona.kind == p->kind, "%s: like %s",
	    p->name, l->client[0].base->name);
	ck_assert_mem_eq(l->client[0].machine.mac, m.mac, MAC_LEN);
	check_same(p, &m, &l->client[0]);
	learn_free(l);
}
END_TEST

/* One that is like none of ours in all that a capture shows. */
START_TEST(a_stranger)
{
	static const uint8_t discover[] = { 53, 116, 60, 94, 93, 55, 57, 0 };
	static const uint8_t request[] = { 53, 50, 116, 54, 60, 57, 55, 0 };
	static const uint8_t proxy[] = { 53, 60, 43, 116, 0 };
	static const uint8_t prl[] = { 254, 1, 67 };
	static const uint8_t yes[] = { 1 };
	static const struct persona_opt fixed[] = { { 116, 1, yes } };
	struct persona p = *persona_find("uefi-x64");
	struct machine m = { .mac = { 0x52, 0x54, 0, 0, 0, 8 } };
	struct learn *l;

	p.vendor_class = "ACME/1";
	p.plain_class = true;
	p.prl = prl;
	p.prl_len = sizeof(prl);
	p.fixed = fixed;
	p.n_fixed = 1;
	p.file = "want.me";
	p.discover_order = discover;
	p.request_order = request;
	p.proxy_order = proxy;
	p.discover_max_size = 1000;
	p.request_max_size = 1001;
	p.broadcast = false;
	p.pad_to = 500;
	p.ttl = 7;
	p.tftp.main = (struct persona_rrq){ .opt = { TFTP_OPT_TIMEOUT },
	    .value = { 9 }, .n = 1 };
	l = learn_from(&p, &m);
	ck_assert_str_eq(l->client[0].base->name, "uefi-x64");
	check_same(&p, &m, &l->client[0]);
	learn_free(l);
}
END_TEST

START_TEST(nothing_to_learn)
{
	struct learn *l = NULL;
	struct diag d;
	struct tape t;

	tape_init(&t);
	say(&t, "10.0.0.9", 2000, "10.0.0.1", 53, 64, "x", 1);
	ck_assert_int_eq(pcapng_close(t.file, true, NULL), 0);
	ck_assert_int_eq(learn_read(t.path, &l, &d), -ENODATA);
	(void)unlink(t.path);
	ck_assert_ptr_null(l);
	ck_assert_ptr_nonnull(strstr(d.text, "no DISCOVER"));
	ck_assert_int_lt(learn_read("/nowhere/boot.pcap", &l, &d), 0);
	ck_assert_ptr_null(l);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("learn");
	TCase *tc = tcase_create("learn");
	size_t n;

	(void)persona_rows(&n);
	tcase_add_loop_test(tc, every_persona, 0, (int)n);
	tcase_add_test(tc, a_stranger);
	tcase_add_test(tc, nothing_to_learn);
	suite_add_tcase(s, tc);
	return s;
}
