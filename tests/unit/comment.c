/* comment.c - which frames are of a boot, and what is said of them. */
#include "unit.h"

#include "base/clock.h"
#include "client/comment.h"
#include "wire/dns.h"
#include "wire/frame.h"
#include "wire/tftp.h"

#include <arpa/inet.h>

enum { FRAME_CAP = 1600 };

static const uint8_t machine_mac[MAC_LEN] = { 0x52, 0x54, 0, 0, 0, 1 };
static const uint8_t host_mac[MAC_LEN] = { 2, 0, 0, 0, 0, 9 };

struct datagram {
	const uint8_t *mac;             /* who sends it */
	const char *src, *dst;
	uint16_t sport, dport;
};

static struct boot *
make_boot(void)
{
	struct boot *b = boot_new();
	struct boot_stage *s = boot_add_stage(b);
	struct boot_load *l;

	memcpy(b->mac, machine_mac, MAC_LEN);
	s->stage = "firmware";
	boot_add_dhcp(b, BOOT_EV_SENT, DHCP4_DISCOVER, false,
	    "DISCOVER, arch 7");
	boot_add_dhcp(b, BOOT_EV_IGNORED, DHCP4_OFFER, false,
	    "OFFER 10.0.0.5 (ignored: for a reason)");
	l = boot_add_load(b);
	l->uri = "tftp://files.example/x.efi";
	l->proto = "tftp";
	l->duration_s = 1;
	l->ok = true;
	boot_set_fault(b, "chainload-loop", "again and again");
	return b;
}

static int
look(struct commenter *c, const struct datagram *d, const void *payload,
    size_t len, struct sbuf *out)
{
	uint8_t buf[FRAME_CAP];
	struct wr w = wr_init(buf, sizeof(buf));
	struct udp4_head head = {
		.src.s_addr = inet_addr(d->src), .sport = d->sport,
		.dst.s_addr = inet_addr(d->dst), .dport = d->dport, .ttl = 64,
	};
	struct capture_frame f = {
		.number = 1, .time_ns = (int64_t)(clock_wall_s() * 1e9),
		.buf = buf,
	};

	memcpy(head.mac_src, d->mac, MAC_LEN);
	memset(head.mac_dst, 0xff, MAC_LEN);
	ck_assert_int_eq(frame_build_udp4(&w, &head, payload, len), 0);
	f.len = f.wire_len = w.len;
	sbuf_clear(out);
	return commenter_look(c, &f, out);
}

static int
look_dhcp(struct commenter *c, uint8_t op, uint8_t type,
    const uint8_t *chaddr, struct sbuf *out)
{
	const struct datagram d = { host_mac, "10.0.0.1", "255.255.255.255",
	    op == DHCP4_BOOTREQUEST ? 68 : 67,
	    op == DHCP4_BOOTREQUEST ? 67 : 68 };
	uint8_t buf[FRAME_CAP];
	struct wr w = wr_init(buf, 600);
	struct dhcp4_msg m;

	dhcp4_msg_init(&m, op);
	memcpy(m.chaddr, chaddr, MAC_LEN);
	ck_assert_int_eq(dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, type), 0);
	ck_assert_int_eq(dhcp4_msg_build(&m, &w, 300, 600), 0);
	dhcp4_msg_release(&m);
	return look(c, &d, buf, w.len, out);
}

START_TEST(dhcp)
{
	struct boot *b = make_boot();
	struct commenter *c = commenter_new(b, false);
	struct sbuf out = SBUF_EMPTY;

	ck_assert_int_eq(look_dhcp(c, DHCP4_BOOTREQUEST, DHCP4_DISCOVER,
	    machine_mac, &out), 1);
	ck_assert_str_eq(sbuf_str(&out), "firmware: > DISCOVER, arch 7");
	ck_assert_int_eq(look_dhcp(c, DHCP4_BOOTREPLY, DHCP4_OFFER,
	    machine_mac, &out), 1);
	ck_assert_str_eq(sbuf_str(&out),
	    "firmware: < OFFER 10.0.0.5 (ignored: for a reason)");
	/* there was one event: the second packet is told without it */
	ck_assert_int_eq(look_dhcp(c, DHCP4_BOOTREPLY, DHCP4_OFFER,
	    machine_mac, &out), 1);
	ck_assert_str_eq(sbuf_str(&out),
	    "firmware: < OFFER, which it did not wait for");
	ck_assert_int_eq(look_dhcp(c, DHCP4_BOOTREPLY, DHCP4_OFFER, host_mac,
	    &out), 0);
	ck_assert_str_eq(sbuf_str(&out), "");
	commenter_free(c);
	sbuf_release(&out);
	boot_free(b);
}
END_TEST

static int
look_tftp(struct commenter *c, const char *server, struct sbuf *out)
{
	const struct datagram d = { host_mac, "10.0.0.9", server, 4000, 69 };
	struct tftp_opts none = { .n = 0 };
	uint8_t buf[FRAME_CAP];
	struct wr w = wr_init(buf, sizeof(buf));

	tftp_build_request(&w, TFTP_RRQ, "x.efi", "octet", &none);
	return look(c, &d, buf, w.len, out);
}

/* The server is known by name: who that is, the answer of DNS tells. */
static void
answer_dns(struct commenter *c, const char *name, const char *ip, int want)
{
	const struct datagram d = { host_mac, "10.0.0.2", "10.0.0.9", 53,
	    5000 };
	struct dns_question q = { .name = name, .type = 1, .class = 1 };
	struct dns_answer a = { .name = name, .type = 1, .class = 1 };
	struct dns_msg m = {
		.is_response = true, .questions = &q, .n_questions = 1,
		.answers = &a, .n_answers = 1,
	};
	struct sbuf out = SBUF_EMPTY;
	uint8_t buf[FRAME_CAP];
	struct wr w = wr_init(buf, sizeof(buf));

	ck_assert_int_eq(parse_ip(ip, &a.addr, NULL), 0);
	ck_assert_int_eq(dns_build(&w, &m, NULL), 0);
	ck_assert_int_eq(look(c, &d, buf, w.len, &out), want);
	sbuf_release(&out);
}

START_TEST(files)
{
	struct boot *b = make_boot();
	struct commenter *c = commenter_new(b, false);
	struct sbuf out = SBUF_EMPTY;

	ck_assert_int_eq(look_tftp(c, "10.0.0.3", &out), 0);
	answer_dns(c, "other.example", "10.0.0.4", 0);
	answer_dns(c, "files.example", "10.0.0.3", 1);
	ck_assert_int_eq(look_tftp(c, "10.0.0.3", &out), 1);
	ck_assert_str_eq(sbuf_str(&out),
	    "firmware: loads tftp://files.example/x.efi: request");
	ck_assert_int_eq(look_tftp(c, "10.0.0.4", &out), 0);
	commenter_free(c);
	sbuf_release(&out);
	boot_free(b);
}
END_TEST

START_TEST(all_are_ours)
{
	const struct datagram d = { host_mac, "10.0.0.9", "10.0.0.8", 9, 9 };
	struct boot *b = make_boot();
	struct commenter *c = commenter_new(b, true);
	struct sbuf out = SBUF_EMPTY;

	ck_assert_int_eq(look(c, &d, "x", 1, &out), 1);
	ck_assert_str_eq(sbuf_str(&out), "firmware: nothing of the boot");
	sbuf_clear(&out);
	comment_verdict(b, &out);
	ck_assert_str_eq(sbuf_str(&out),
	    "verdict: chainload-loop: again and again");
	commenter_free(c);
	sbuf_release(&out);
	boot_free(b);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("comment");
	TCase *tc = tcase_create("comment");

	tcase_add_test(tc, dhcp);
	tcase_add_test(tc, files);
	tcase_add_test(tc, all_are_ours);
	suite_add_tcase(s, tc);
	return s;
}
