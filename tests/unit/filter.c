/* filter.c - a machine is found where its MAC address no longer is. */
#include "unit.h"

#include "capture/filter.h"

static const uint8_t machine[MAC_LEN] = { 0x52, 0x54, 0, 1, 2, 3 };
static const uint8_t router[MAC_LEN] = { 2, 0, 0, 9, 9, 9 };

static void
make_ack(struct packet *p, const uint8_t mac[MAC_LEN], uint32_t yiaddr)
{
	memset(p, 0, sizeof(*p));
	p->proto = PROTO_DHCP4;
	p->has_message = true;
	dhcp4_msg_init(&p->dhcp4, DHCP4_BOOTREPLY);
	p->dhcp4.yiaddr.s_addr = htonl(yiaddr);
	memcpy(p->dhcp4.chaddr, mac, MAC_LEN);
	ck_assert_int_eq(dhcp4_add_u8(&p->dhcp4, DHCP4_OPT_MSG_TYPE,
	    DHCP4_ACK), 0);
	/* to everybody, from the relay */
	p->frame.has_mac = true;
	memcpy(p->frame.mac_src, router, MAC_LEN);
}

/* A datagram that the router passes on. */
static struct packet
routed(uint32_t dst)
{
	struct packet p;

	memset(&p, 0, sizeof(p));
	p.proto = PROTO_TFTP;
	p.frame.ip_version = 4;
	p.frame.src = ip_from_v4((struct in_addr){ htonl(0x0a000001) });
	p.frame.dst = ip_from_v4((struct in_addr){ htonl(dst) });
	p.frame.has_mac = true;
	memcpy(p.frame.mac_src, router, MAC_LEN);
	return p;
}

START_TEST(learns_and_forgets)
{
	struct packet_filter f = { .has_mac = true };
	struct packet ack;
	struct packet data = routed(0x0a010005);
	struct packet other = routed(0x0a010006);

	memcpy(f.mac, machine, MAC_LEN);
	ck_assert(!packet_filter_pass(&f, &data));
	make_ack(&ack, machine, 0x0a010005);
	ck_assert(packet_filter_pass(&f, &ack));
	packet_release(&ack);
	ck_assert(packet_filter_pass(&f, &data));
	ck_assert(!packet_filter_pass(&f, &other));
	/* The address goes to another machine, and its packets with it. */
	make_ack(&ack, router, 0x0a010005);
	ck_assert(!packet_filter_pass(&f, &ack));
	packet_release(&ack);
	ck_assert(!packet_filter_pass(&f, &data));
}
END_TEST

START_TEST(learned_are_bounded)
{
	struct packet_filter f = { .has_mac = true };

	memcpy(f.mac, machine, MAC_LEN);
	for (uint32_t i = 0; i < 100; i++) {
		struct packet ack;
		struct packet data = routed(0x0a010000 + i);

		make_ack(&ack, machine, 0x0a010000 + i);
		ck_assert(packet_filter_pass(&f, &ack));
		ck_assert(packet_filter_pass(&f, &data));
		packet_release(&ack);
	}
	ck_assert_uint_eq(f.n_learned, FILTER_LEARNED_MAX);
}
END_TEST

START_TEST(learns_from_what_it_hides)
{
	struct packet_filter f = { .has_mac = true };
	struct packet ack;
	struct packet data = routed(0x0a010005);

	memcpy(f.mac, machine, MAC_LEN);
	ck_assert_int_eq(packet_filter_proto(&f, "tftp", NULL), 0);
	make_ack(&ack, machine, 0x0a010005);
	ck_assert(!packet_filter_pass(&f, &ack));
	packet_release(&ack);
	ck_assert(packet_filter_pass(&f, &data));
}
END_TEST

START_TEST(openings)
{
	struct packet_filter f = { .has_mac = false };
	struct packet p = routed(1);
	struct diag d;

	ck_assert_int_eq(packet_filter_proto(&f, "tls", NULL), 0);
	p.proto = PROTO_TCP;
	ck_assert(!packet_filter_pass(&f, &p));
	p.has_opening = true;
	p.opening.kind = OPENING_NBD;
	ck_assert(!packet_filter_pass(&f, &p));
	p.opening.kind = OPENING_TLS;
	ck_assert(packet_filter_pass(&f, &p));
	ck_assert_int_lt(packet_filter_proto(&f, "", &d), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("filter");
	TCase *tc = tcase_create("filter");

	tcase_add_test(tc, learns_and_forgets);
	tcase_add_test(tc, learned_are_bounded);
	tcase_add_test(tc, learns_from_what_it_hides);
	tcase_add_test(tc, openings);
	suite_add_tcase(s, tc);
	return s;
}
