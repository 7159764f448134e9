#include "unit.h"

#include "chain/offers.h"
#include "dhcp_make.h"

enum { OFFERS_OF_ROW = 4 };

/* 43.6 = 8, and a menu of one item */
#define PXE_DATA "060108ff"
#define PXE_MENU "09048000014eff"
/* a multicast TFTP address */
#define MTFTP_DATA "0104e0000101ff"
#define PRIORITY(n) "0101" n
#define NO_PXEDHCP "b00101"

#define ADDR(n) .yiaddr = "10.0.0.10" n, .server_id = "10.0.0." n
#define PROXY(n) .server_id = "10.0.0." n

/* The n of ADDR and PROXY is what a choice is known by. */
static const struct {
	const char *name;
	const char *persona;
	struct reply offers[OFFERS_OF_ROW];
	const char *dhcp;               /* NULL: none is usable */
	const char *proxy;
	bool ask_pxe_port;
	const char *fault;              /* if none is */
} rows[] = {
	/* EDK2, by its rules in order: each row has those below as well. */
	{ "rule 1: address and PXE options", "uefi-x64", {
	    { PROXY("3"), .class = "PXEClient", .pxe = PXE_DATA },
	    { ADDR("2"), .file = "a" },
	    { ADDR("5"), .class = "PXEClient" },
	    { ADDR("1"), .class = "PXEClient", .pxe = PXE_DATA } },
	    "1", NULL, false, NULL },
	{ "rule 3: plain, with a proxy's PXE options", "uefi-x64", {
	    { ADDR("5"), .class = "PXEClient" },
	    { PROXY("6"), .class = "PXEClient" },
	    { PROXY("3"), .class = "PXEClient", .pxe = PXE_DATA },
	    { ADDR("2"), .file = "a" } },
	    "2", "3", false, NULL },
	{ "rule 3: the first proxy", "uefi-x64", {
	    { PROXY("4"), .class = "PXEClient", .pxe = PXE_DATA },
	    { PROXY("3"), .class = "PXEClient", .pxe = PXE_DATA },
	    { ADDR("2") } },
	    "2", "4", false, NULL },
	{ "rule 5: address and class alone: ask port 4011", "uefi-x64", {
	    { ADDR("2"), .file = "a" },
	    { PROXY("6"), .class = "PXEClient" },
	    { ADDR("5"), .class = "PXEClient" } },
	    "5", "5", true, NULL },
	{ "rule 5: even if it names a file", "uefi-x64", {
	    { ADDR("5"), .class = "PXEClient", .file = "a" } },
	    "5", "5", true, NULL },
	{ "rule 5: a boot item alone is no PXE option", "uefi-x64", {
	    { ADDR("5"), .class = "PXEClient", .pxe = "470480000000ff" } },
	    "5", "5", true, NULL },
	{ "rule 5: nor is a multicast address", "uefi-x64", {
	    { ADDR("5"), .class = "PXEClient", .pxe = MTFTP_DATA } },
	    "5", "5", true, NULL },
	{ "rule 6: plain, with a proxy's class alone: ask it", "uefi-x64", {
	    { PROXY("6"), .class = "PXEClient" },
	    { ADDR("2"), .file = "a" } },
	    "2", "6", true, NULL },
	{ "rule 7: plain with a file, not the first without", "uefi-x64", {
	    { ADDR("2") }, { ADDR("7"), .bootfile = "a" },
	    { ADDR("8"), .file = "b" } },
	    "7", NULL, false, NULL },
	{ "rule 8: BOOTP with a file", "uefi-x64", {
	    { .type = NO_TYPE, .yiaddr = "10.0.0.101", .siaddr = "10.0.0.1",
	      .file = "a" } },
	    "1", NULL, false, NULL },
	{ "rule 8 comes after rule 7", "uefi-x64", {
	    { .type = NO_TYPE, .yiaddr = "10.0.0.101", .siaddr = "10.0.0.1",
	      .file = "a" },
	    { ADDR("7"), .file = "a" } },
	    "7", NULL, false, NULL },
	{ "an address for HTTP clients is a plain one", "uefi-x64", {
	    { ADDR("2"), .class = "HTTPClient", .file = "a" } },
	    "2", NULL, false, NULL },
	{ "43 without the class is nothing", "uefi-x64", {
	    { ADDR("2"), .pxe = PXE_DATA } },
	    NULL, NULL, false, "offer-without-bootfile" },
	{ "BOOTP without a file", "uefi-x64", {
	    { .type = NO_TYPE, .yiaddr = "10.0.0.101", .siaddr = "10.0.0.1" } },
	    NULL, NULL, false, "offer-without-bootfile" },
	{ "a proxy without a class is nothing", "uefi-x64", {
	    { PROXY("3"), .file = "a" }, { ADDR("2") } },
	    NULL, NULL, false, "offer-without-bootfile" },
	{ "proxies alone", "uefi-x64", {
	    { PROXY("3"), .class = "PXEClient", .pxe = PXE_DATA } },
	    NULL, NULL, false, "only-proxy-offers" },
	{ "nobody", "uefi-x64", { { .mac = NULL } },
	    NULL, NULL, false, "no-dhcp-offer" },
	{ "a ROM chooses as EDK2 does", "intel-bios", {
	    { PROXY("6"), .class = "PXEClient" },
	    { ADDR("2"), .file = "a" } },
	    "2", "6", true, NULL },

	{ "HTTP boot: class and file", "uefi-http-x64", {
	    { ADDR("2"), .file = "http://h/a" },
	    { ADDR("1"), .class = "HTTPClient", .file = "http://h/a" } },
	    "1", NULL, false, NULL },
	{ "HTTP boot: a proxy's", "uefi-http-x64", {
	    { ADDR("2"), .file = "a" },
	    { PROXY("3"), .class = "HTTPClient", .file = "http://h/a" } },
	    "2", "3", false, NULL },
	{ "HTTP boot: a PXE server's address will do", "uefi-http-x64", {
	    { ADDR("2"), .class = "PXEClient", .pxe = PXE_DATA },
	    { PROXY("3"), .class = "HTTPClient", .file = "http://h/a" } },
	    "2", "3", false, NULL },
	{ "HTTP boot: no class", "uefi-http-x64", {
	    { ADDR("2"), .file = "http://h/a" } },
	    NULL, NULL, false, "httpboot-offer-without-httpclient" },
	{ "HTTP boot: the other class", "uefi-http-x64", {
	    { ADDR("2"), .class = "PXEClient", .file = "http://h/a" } },
	    NULL, NULL, false, "httpboot-offer-without-httpclient" },
	{ "HTTP boot: class, no file", "uefi-http-x64", {
	    { ADDR("2"), .class = "HTTPClient" } },
	    NULL, NULL, false, "offer-without-bootfile" },

	{ "iPXE: of equals the latest", "ipxe-bios", {
	    { ADDR("1"), .file = "a" }, { ADDR("2") } },
	    "2", NULL, false, NULL },
	{ "iPXE: and that is the one that came last again", "ipxe-bios", {
	    { ADDR("1") }, { ADDR("2") }, { ADDR("1") } },
	    "1", NULL, false, NULL },
	{ "iPXE: the highest priority", "ipxe-bios", {
	    { ADDR("1") }, { ADDR("2"), .ipxe = PRIORITY("05") },
	    { ADDR("3"), .ipxe = PRIORITY("04") }, { ADDR("4") } },
	    "2", NULL, false, NULL },
	{ "iPXE: priority is signed", "ipxe-bios", {
	    { ADDR("1") }, { ADDR("2"), .ipxe = PRIORITY("ff") } },
	    "1", NULL, false, NULL },
	{ "iPXE: a proxy that names file and server", "ipxe-bios", {
	    { ADDR("1") }, { PROXY("3"), .class = "PXEClient",
	      .siaddr = "10.0.0.9", .file = "a" } },
	    "1", "3", false, NULL },
	{ "iPXE: a proxy with a menu", "ipxe-bios", {
	    { ADDR("1") }, { PROXY("3"), .class = "PXEClient",
	      .pxe = PXE_MENU } },
	    "1", "3", false, NULL },
	{ "iPXE: a proxy with a file and no server: ask it", "ipxe-bios", {
	    { ADDR("1") }, { PROXY("3"), .class = "PXEClient",
	      .file = "a" } },
	    "1", "3", true, NULL },
	{ "iPXE: no-pxedhcp", "ipxe-bios", {
	    { PROXY("3"), .class = "PXEClient", .siaddr = "10.0.0.9",
	      .file = "a" }, { ADDR("1"), .ipxe = NO_PXEDHCP } },
	    "1", NULL, false, NULL },
	{ "iPXE: the class alone, with an address", "ipxe-bios", {
	    { ADDR("1"), .class = "PXEClient" } },
	    "1", "1", true, NULL },
	{ "iPXE: proxies alone", "ipxe-bios", {
	    { PROXY("3"), .class = "PXEClient" } },
	    NULL, NULL, false, "only-proxy-offers" },
	{ "udhcpc: the first address", "udhcpc", {
	    { PROXY("3"), .class = "PXEClient" }, { ADDR("1") },
	    { ADDR("2"), .file = "a" } },
	    "1", NULL, false, NULL },
};

/* The last digit of the server; NULL for no offer. */
static const char *
known_by(const struct offer *f, char buf[IP_TEXT_MAX])
{
	return f ? strrchr(ipv4_format(f->server_id, buf), '.') + 1 : NULL;
}

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool
is_empty(const struct reply *r)
{
	return !r->yiaddr && !r->server_id;
}

START_TEST(chooses)
{
	const struct persona *p = persona_find(rows[_i].persona);
	struct offers o = { .n = 0 };
	struct offers_choice c;
	char dhcp[IP_TEXT_MAX];
	char proxy[IP_TEXT_MAX];
	uint8_t mac[MAC_LEN] = { 0 };
	bool usable;

	for (size_t i = 0; i < OFFERS_OF_ROW &&
	    !is_empty(&rows[_i].offers[i]); i++) {
		struct dhcp4_msg msg = make_reply(&rows[_i].offers[i]);

		offers_add(&o, &msg, make_ip("10.0.0.99"), mac, i);
	}
	usable = offers_choose(&o, p, &c);
	ck_assert_msg(usable == (rows[_i].dhcp != NULL), "%s: usable: %d",
	    rows[_i].name, usable);
	if (!usable) {
		ck_assert_str_eq(offers_fault(&o, p), rows[_i].fault);
	} else {
		ck_assert_msg(same(known_by(c.dhcp, dhcp), rows[_i].dhcp),
		    "%s: took %s", rows[_i].name, dhcp);
		ck_assert_msg(same(known_by(c.proxy, proxy), rows[_i].proxy),
		    "%s: proxy is %s", rows[_i].name,
		    c.proxy ? proxy : "none");
		ck_assert_msg(c.ask_pxe_port == rows[_i].ask_pxe_port,
		    "%s: port 4011: %d", rows[_i].name, c.ask_pxe_port);
	}
	offers_release(&o);
}
END_TEST

/* 54, else siaddr, else whoever sent it. */
START_TEST(server_id)
{
	static const struct {
		struct reply r;
		const char *want;
	} ids[] = {
		{ { .server_id = "10.0.0.1", .siaddr = "10.0.0.2" },
		    "10.0.0.1" },
		{ { .siaddr = "10.0.0.2" }, "10.0.0.2" },
		{ { .file = "a" }, "10.0.0.99" },
	};
	uint8_t mac[MAC_LEN] = { 2, 0, 0, 0, 0, 9 };

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct offers o = { .n = 0 };
		struct dhcp4_msg msg = make_reply(&ids[i].r);
		char text[IP_TEXT_MAX];

		offers_add(&o, &msg, make_ip("10.0.0.99"), mac, 5);
		ck_assert_uint_eq(o.n, 1);
		ck_assert_str_eq(ipv4_format(o.offer[0].server_id, text),
		    ids[i].want);
		ck_assert_mem_eq(o.offer[0].src_mac, mac, MAC_LEN);
		ck_assert_uint_eq(o.offer[0].at_ms, 5);
		offers_release(&o);
	}
}
END_TEST

/* The same server's same offer is one; what is too much is counted. */
START_TEST(fills_up)
{
	struct offers o = { .n = 0 };
	uint8_t mac[MAC_LEN] = { 0 };

	for (int i = 0; i < OFFERS_MAX + 3; i++) {
		for (int again = 0; again < 2; again++) {
			struct dhcp4_msg msg = make_reply(&(struct reply){
			    .yiaddr = "10.0.0.5" });

			offers_add(&o, &msg, (struct in_addr){
			    .s_addr = (in_addr_t)i + 1 }, mac, 0);
			ck_assert_ptr_null(msg.opts);
		}
	}
	ck_assert_uint_eq(o.n, OFFERS_MAX);
	ck_assert_uint_eq(o.n_dropped, 6);
	ck_assert(offers_has_address(&o));
	ck_assert(!offers_has_proxy(&o));
	offers_release(&o);
	ck_assert_uint_eq(o.n, 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("offers");
	TCase *tc = tcase_create("offers");

	tcase_add_loop_test(tc, chooses, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, server_id);
	tcase_add_test(tc, fills_up);
	suite_add_tcase(s, tc);
	return s;
}
