/* live.c - what a live capture takes of a network, and what it leaves. */
#include "unit.h"

#include "capture/live.h"
#include "wire/frame.h"

#include <arpa/inet.h>
#include <pcap/pcap.h>

static const uint8_t machine[MAC_LEN] = { 0x52, 0x54, 0, 1, 2, 3 };
static const uint8_t other[MAC_LEN] = { 2, 0, 0, 9, 9, 9 };

enum kind { UDP, UDP_VLAN, TCP, LINK_ONLY };

static const struct {
	const char *name;
	enum kind kind;
	uint16_t sport, dport;          /* or the ethertype */
	uint16_t first;                 /* two bytes of the payload */
	bool is_machine;
	bool taken;
} rows[] = {
	{ "DHCP", UDP, 68, 67, 0x0101, false, true },
	{ "DHCP in a VLAN", UDP_VLAN, 68, 67, 0x0101, false, true },
	{ "port 4011", UDP, 4011, 4011, 0x0101, false, true },
	{ "TFTP DATA on its own ports", UDP, 50123, 2070, 3, false, true },
	{ "the same in a VLAN", UDP_VLAN, 50123, 2070, 3, false, true },
	{ "an OACK", UDP, 50123, 2070, 6, false, true },
	{ "UDP that is no TFTP", UDP, 50123, 2070, 0x4711, false, false },
	{ "NTP", UDP, 123, 123, 0x2300, false, false },
	{ "NTP of the machine", UDP, 123, 123, 0x2300, true, true },
	{ "HTTP", TCP, 40000, 80, 0x4745, false, true },
	{ "a kernel from any port", TCP, 8001, 40000, 0x4711, false, true },
	{ "SSH", TCP, 40000, 22, 0x5353, false, false },
	{ "SSH of the machine", TCP, 40000, 22, 0x5353, true, true },
	{ "LACP", LINK_ONLY, 0, 0x8809, 0x0101, false, true },
	{ "802.1X", LINK_ONLY, 0, 0x888e, 0x0101, false, true },
	{ "ARP", LINK_ONLY, 0, 0x0806, 0x0001, false, true },
	{ "another protocol", LINK_ONLY, 0, 0x88cc, 0x0101, false, false },
};

static void
put_frame(struct wr *w, const uint8_t from[MAC_LEN], int i)
{
	uint8_t payload[64] = { 0 };
	struct udp4_head head = {
		.src.s_addr = htonl(0x0a000005),
		.dst.s_addr = htonl(0x0a000001), .ttl = 64,
		.sport = rows[i].sport, .dport = rows[i].dport,
	};
	size_t at;

	memcpy(head.mac_src, from, MAC_LEN);
	memcpy(head.mac_dst, other, MAC_LEN);
	payload[0] = (uint8_t)(rows[i].first >> 8);
	payload[1] = (uint8_t)rows[i].first;
	ck_assert_int_eq(frame_build_udp4(w, &head, payload,
	    sizeof(payload)), 0);
	at = 2 * MAC_LEN;
	if (rows[i].kind == LINK_ONLY)
		wr_set16(w, at, rows[i].dport);
	if (rows[i].kind == TCP)
		w->buf[at + 2 + 9] = IP_PROTO_TCP;
	if (rows[i].kind != UDP_VLAN)
		return;
	memmove(w->buf + at + 4, w->buf + at, w->len - at);
	w->len += 4;
	wr_set16(w, at, 0x8100);
	wr_set16(w, at + 2, 5);
}

START_TEST(filter)
{
	struct sbuf text = SBUF_EMPTY;
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, LIVE_SNAPLEN);
	struct bpf_program program;
	struct pcap_pkthdr head = { .caplen = 0 };
	uint8_t buf[256];
	struct wr w = wr_init(buf, sizeof(buf));

	live_filter(LINK_ETHERNET, machine, &text);
	ck_assert_msg(pcap_compile(pcap, &program, sbuf_str(&text), 1,
	    PCAP_NETMASK_UNKNOWN) == 0, "%s", pcap_geterr(pcap));
	put_frame(&w, rows[_i].is_machine ? machine : other, _i);
	head.caplen = head.len = (bpf_u_int32)w.len;
	ck_assert_msg((pcap_offline_filter(&program, &head, buf) != 0) ==
	    rows[_i].taken, "%s", rows[_i].name);
	pcap_freecode(&program);
	pcap_close(pcap);
	sbuf_release(&text);
}
END_TEST

/* Where frames have no MAC addresses, there is a filter all the same. */
START_TEST(other_links)
{
	static const int links[] = { DLT_LINUX_SLL, DLT_RAW };
	struct sbuf text = SBUF_EMPTY;
	pcap_t *pcap = pcap_open_dead(links[_i], LIVE_SNAPLEN);
	struct bpf_program program;

	live_filter(_i == 0 ? LINK_SLL : LINK_RAW, machine, &text);
	ck_assert_msg(pcap_compile(pcap, &program, sbuf_str(&text), 1,
	    PCAP_NETMASK_UNKNOWN) == 0, "%s", pcap_geterr(pcap));
	pcap_freecode(&program);
	pcap_close(pcap);
	sbuf_release(&text);
}
END_TEST

START_TEST(no_such_interface)
{
	struct live_conf conf = { .iface = "nosuch0" };
	struct live *l = NULL;
	struct diag d = { .text = "" };

	ck_assert_int_lt(live_open(&conf, &l, &d), 0);
	ck_assert_ptr_null(l);
	ck_assert_str_ne(d.text, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("live");
	TCase *tc = tcase_create("live");

	tcase_add_loop_test(tc, filter, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, other_links, 0, 2);
	tcase_add_test(tc, no_such_interface);
	suite_add_tcase(s, tc);
	return s;
}
