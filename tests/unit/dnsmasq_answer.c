/*
 * dnsmasq_answer.c - the answers that dnsmasq 2.90 was seen to give.
 */
#include "dnsmasq_make.h"

#include "base/sbuf.h"

enum { BOOTP = -1 };

/* A client; what is NULL or 0 is not sent. */
struct client {
	int type;                       /* 0: DISCOVER; BOOTP: none */
	unsigned int arch;
	const char *class;              /* NULL: "PXEClient" */
	const char *user;
	const char *list;               /* 55, hex; NULL: 1 43 67 */
	const char *pxe;                /* 43, hex */
	bool pxe_port;
	const char *server, *address;   /* 54 and 50 of a REQUEST */
	const char *circuit;            /* 82, the first part */
	const char *giaddr;
};

#define RANGE "dhcp-range=10.77.0.100,10.77.0.200,255.255.255.0\n"
#define PROXY "dhcp-range=10.77.0.0,proxy\n"

/* The answer as "siaddr sname file code:hex ..."; "" is silence. */
static const struct {
	const char *text;
	struct client client;
	const char *codes;              /* the options looked at, hex */
	const char *want;
} rows[] = {
	/* The wire order, and what the server adds by itself. */
	{ RANGE "dhcp-boot=a.0\ndhcp-option=3,0.0.0.0\n",
	    { .list = "0103060f2b43" }, NULL,
	    "10.77.0.1 - - 53:02 54:0a4d0001 51:00000e10 67:612e3000 "
	    "58:00000708 59:00000c4e 1:ffffff00 28:0a4d00ff 6:0a4d0001 "
	    "3:0a4d0001" },
	/* The file goes where the client looks for it. */
	{ RANGE "dhcp-boot=a.0", { .list = "01" }, "43", "10.77.0.1 - a.0" },
	{ RANGE "dhcp-boot=a.0\ndhcp-no-override", { 0 }, "43",
	    "10.77.0.1 - a.0" },
	{ RANGE "dhcp-boot=a.0,srv,10.0.0.9", { .list = "42" }, "4243",
	    "10.0.0.9 - a.0 66:73727600" },
	/* The last dhcp-boot whose tags match; untagged ones after those. */
	{ RANGE "dhcp-boot=a\ndhcp-boot=b", { 0 }, "43",
	    "10.77.0.1 - - 67:6200" },
	{ RANGE "dhcp-boot=tag:!x,a\ndhcp-boot=b", { 0 }, "43",
	    "10.77.0.1 - - 67:6100" },
	{ RANGE "dhcp-match=set:e,option:client-arch,7\n"
	    "dhcp-boot=tag:e,a\ndhcp-boot=tag:e,b\ndhcp-boot=c",
	    { .arch = 7 }, "43", "10.77.0.1 - - 67:6200" },
	/* A tag "#" is the negation of nothing: always true. */
	{ RANGE "dhcp-boot=net:#,a\ndhcp-boot=b", { 0 }, "43",
	    "10.77.0.1 - - 67:6100" },
	/* The user class: iPXE's bare string, and RFC 3004's counted one. */
	{ RANGE "dhcp-userclass=set:i,iPXE\ndhcp-boot=tag:i,x\ndhcp-boot=y",
	    { .user = "iPXE" }, "43", "10.77.0.1 - - 67:7800" },
	{ RANGE "dhcp-userclass=set:i,iPXE\ndhcp-boot=tag:i,x\ndhcp-boot=y",
	    { .user = "\004iPXE" }, "43", "10.77.0.1 - - 67:7800" },
	{ RANGE "dhcp-userclass=set:i,ipxe\ndhcp-boot=tag:i,x\ndhcp-boot=y",
	    { .user = "iPXE" }, "43", "10.77.0.1 - - 67:7900" },
	/* In a userclass "net:" is part of the tag's name. */
	{ RANGE "dhcp-userclass=net:i,iPXE\ndhcp-boot=tag:i,x\ndhcp-boot=y",
	    { .user = "iPXE" }, "43", "10.77.0.1 - - 67:7900" },
	/* tag-if in the order of the file, each once. */
	{ RANGE "tag-if=set:a,tag:b\ntag-if=set:b\ndhcp-boot=tag:a,x\n"
	    "dhcp-boot=y", { 0 }, "43", "10.77.0.1 - - 67:7900" },
	{ RANGE "tag-if=set:b\ntag-if=set:a,tag:b\ndhcp-boot=tag:a,x\n"
	    "dhcp-boot=y", { 0 }, "43", "10.77.0.1 - - 67:7800" },
	/* Hosts. */
	{ RANGE "dhcp-host=52:54:00:77:00:13,ignore", { 0 }, NULL, "" },
	{ RANGE "dhcp-host=52:54:00:77:00:14,ignore", { 0 }, "11",
	    "10.77.0.1 - -" },
	{ RANGE "dhcp-ignore=tag:!known", { 0 }, NULL, "" },
	{ RANGE "dhcp-ignore=tag:!known\ndhcp-host=52:54:*:*:*:*", { 0 }, "11",
	    "10.77.0.1 - -" },
	{ RANGE "dhcp-host=52:54:00:77:00:13,set:h\ndhcp-boot=tag:h,x",
	    { 0 }, "43", "10.77.0.1 - - 67:7800" },
	/* A static range has no address for strangers. */
	{ "dhcp-range=10.77.0.0,static", { 0 }, NULL, "" },
	{ "dhcp-range=10.78.0.2,10.78.0.9,255.255.255.0", { 0 }, NULL, "" },
	/* Values as they are guessed. */
	{ RANGE "dhcp-option-force=250,5", { 0 }, "fa",
	    "10.77.0.1 - - 250:05" },
	{ RANGE "dhcp-option-force=250,5s", { 0 }, "fa",
	    "10.77.0.1 - - 250:0005" },
	{ RANGE "dhcp-option-force=250,\"5\"", { 0 }, "fa",
	    "10.77.0.1 - - 250:35" },
	{ RANGE "dhcp-option-force=250,1:2", { 0 }, "fa",
	    "10.77.0.1 - - 250:0102" },
	{ RANGE "dhcp-option-force=66,10.0.0.9", { 0 }, "42",
	    "10.77.0.1 - - 66:31302e302e302e3900" },
	{ RANGE "dhcp-option-force=119,a.b,c.a.b", { 0 }, "77",
	    "10.77.0.1 - - 119:01610162000163c000" },
	{ RANGE "dhcp-option=encap:175,190,u\n"
	    "dhcp-option=encap:175,176,1b", { .list = "af" }, "af",
	    "10.77.0.1 - - 175:b00101be0175ff" },
	/* Vendor options, and the class that makes them count. */
	{ RANGE "dhcp-option=vendor:PXEClient,6,2b", { 0 }, "2b3c",
	    "10.77.0.1 - - 43:060102ff 60:505845436c69656e74" },
	{ RANGE "dhcp-option=vendor:Other,6,2b", { 0 }, "2b3c",
	    "10.77.0.1 - -" },
	{ RANGE "dhcp-option=vendor:Other,6,2b\ndhcp-option-force=60,Other",
	    { 0 }, "2b3c", "10.77.0.1 - - 60:4f74686572 43:060102ff" },
	/* PXE is on once there is a service: BIOS gets a menu. */
	{ RANGE "pxe-service=x86PC,m,undionly", { 0 }, "2b3c",
	    "10.77.0.1 - - 60:505845436c69656e74 43:0601030a0400505845"
	    "080780000"  "10a4d00010904800001" "6d" "ff" },
	/* A proxy is silent without one. */
	{ PROXY "dhcp-boot=a.0", { 0 }, NULL, "" },
	{ PROXY "dhcp-boot=a.0\npxe-service=7,m,b.efi", { 0 }, NULL,
	    "0.0.0.0 - a.0 53:02 54:0a4d0001 60:505845436c69656e74 "
	    "43:0601080a0400505845ff" },
	/* UEFI is sent to port 4011, where it is given the file. */
	{ PROXY "pxe-service=7,m,b", { .arch = 7 }, NULL,
	    "10.77.0.1 - - 53:02 54:0a4d0001 60:505845436c69656e74" },
	{ PROXY "pxe-service=7,m,b", { .type = DHCP4_REQUEST, .arch = 7,
	    .pxe_port = true }, NULL,
	    "10.77.0.1 10.77.0.1 b.0 53:05 54:0a4d0001 "
	    "60:505845436c69656e74" },
	{ PROXY "pxe-service=7,m,b.efi,10.0.0.9", { .type = DHCP4_REQUEST,
	    .arch = 7, .pxe_port = true }, NULL,
	    "10.0.0.9 10.0.0.9 b.efi 53:05 54:0a4d0001 "
	    "60:505845436c69656e74" },
	/* A chosen item is answered by its file and layer. */
	{ PROXY "pxe-service=0,m,b", { .type = DHCP4_REQUEST,
	    .pxe = "470480000002ff", .pxe_port = true }, NULL,
	    "10.77.0.1 - b.2 53:05 54:0a4d0001 60:505845436c69656e74 "
	    "43:470480000002ff" },
	{ PROXY "pxe-service=0,m,b", { .type = DHCP4_REQUEST,
	    .pxe = "470480010000ff", .pxe_port = true }, NULL, "" },
	/* A REQUEST that cannot be met, and why. */
	{ RANGE, { .type = DHCP4_REQUEST, .server = "10.77.0.1",
	    .address = "10.77.0.100" }, "35", "10.77.0.1 - - 53:05" },
	{ RANGE, { .type = DHCP4_REQUEST, .server = "10.77.0.1",
	    .address = "10.78.0.100" }, NULL, "0.0.0.0 - - 53:06 54:0a4d0001 "
	    "56:77726f6e67206e6574776f726b" },
	{ RANGE, { .type = DHCP4_REQUEST, .server = "10.77.0.1",
	    .address = "10.77.0.99" }, "35", "0.0.0.0 - - 53:06" },
	{ RANGE "dhcp-host=52:54:00:77:00:13,10.77.0.99",
	    { .type = DHCP4_REQUEST, .server = "10.77.0.1",
	    .address = "10.77.0.99" }, "35", "10.77.0.1 - - 53:05" },
	{ RANGE "dhcp-host=52:54:00:77:00:14,10.77.0.101",
	    { .type = DHCP4_REQUEST, .server = "10.77.0.1",
	    .address = "10.77.0.101" }, "38",
	    "0.0.0.0 - - 56:61646472657373207265736572766564" },
	{ RANGE, { .type = DHCP4_REQUEST, .server = "10.77.0.2",
	    .address = "10.77.0.100" }, "35", "" },
	{ RANGE "dhcp-authoritative", { .type = DHCP4_REQUEST,
	    .server = "10.77.0.2", .address = "10.77.0.100" }, "35",
	    "0.0.0.0 - - 53:06" },
	/* A relay's network, and one of which there is no range. */
	{ RANGE "dhcp-range=10.78.0.9,10.78.0.99,255.255.255.0\n"
	    "dhcp-circuitid=set:c,port1\ndhcp-boot=tag:c,a\ndhcp-boot=b",
	    { .giaddr = "10.78.0.1", .circuit = "0105706f727431" }, "0343",
	    "10.77.0.1 - - 67:6100" },
	{ RANGE "dhcp-boot=b", { .giaddr = "10.78.0.1" }, NULL, "" },
	/* What an interface shares is not shared with relays. */
	{ RANGE "dhcp-range=10.78.0.9,10.78.0.99,255.255.255.0\n"
	    "shared-network=eth0,10.78.0.1\ndhcp-boot=b",
	    { .giaddr = "10.79.0.1" }, NULL, "" },
	/* For BOOTP a range does not look at what tag-if sets. */
	{ "dhcp-range=tag:x,10.77.0.0,static,255.255.255.0\ntag-if=set:x\n"
	    "dhcp-host=52:54:00:77:00:13,10.77.0.9\ndhcp-boot=b",
	    { .type = BOOTP }, NULL, "" },
	{ "dhcp-range=tag:x,10.77.0.0,static,255.255.255.0\n"
	    "dhcp-host=52:54:00:77:00:13,10.77.0.9,set:x\ndhcp-boot=b",
	    { .type = BOOTP }, "43", "10.77.0.1 - b" },
	/* bootp-dynamic does, and at the tag of the range. */
	{ "dhcp-range=set:r,10.77.0.100,10.77.0.200,255.255.255.0\n"
	    "tag-if=set:x,tag:r\nbootp-dynamic=tag:x\ndhcp-boot=b",
	    { .type = BOOTP }, "43", "10.77.0.1 - b" },
	/* An empty vendor class is one, for options of any. */
	{ RANGE "dhcp-option=60\ndhcp-option=vendor:,10,00",
	    { .list = "012b3c" }, "2b3c", "10.77.0.1 - - 60: 43:0a0100ff" },
	/* A host with an IPv6 address alone is of another network. */
	{ RANGE "dhcp-host=52:54:00:77:00:13,[fd00::3],set:x\n"
	    "dhcp-boot=tag:x,a\ndhcp-boot=tag:known-othernet,b", { 0 }, "43",
	    "10.77.0.1 - - 67:6200" },
	{ RANGE "dhcp-host=52:54:00:77:00:13,[fd00::3],10.77.0.9,set:x\n"
	    "dhcp-boot=tag:x,a\ndhcp-boot=tag:known-othernet,b", { 0 }, "43",
	    "10.77.0.1 - - 67:6100" },
	/* The name of the interface is a tag. */
	{ RANGE "interface=eth0\ndhcp-boot=tag:eth0,a\ndhcp-boot=tag:eth1,b",
	    { 0 }, "43", "10.77.0.1 - - 67:6100" },
	/* Port 4011 is for proxies. */
	{ RANGE "pxe-service=7,m,b", { .type = DHCP4_REQUEST, .arch = 7,
	    .pxe_port = true }, NULL, "" },
};

static void
add_hex(struct dhcp4_msg *m, uint8_t code, const char *hex)
{
	uint8_t buf[255];
	size_t n;

	ck_assert_int_eq(parse_hex(hex, buf, sizeof(buf), &n, NULL), 0);
	ck_assert_int_eq(dhcp4_add(m, code, buf, n), 0);
}

static void
add_ip(struct dhcp4_msg *m, uint8_t code, const char *text)
{
	struct in_addr a;

	ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	ck_assert_int_eq(dhcp4_add_ip(m, code, a), 0);
}

static void
make_request(const struct client *c, struct dhcp4_msg *m)
{
	const uint8_t arch[] = { (uint8_t)(c->arch >> 8), (uint8_t)c->arch };

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	m->hlen = MAC_LEN;
	ck_assert_int_eq(parse_mac("52:54:00:77:00:13", m->chaddr, NULL), 0);
	if (c->type != BOOTP)
		dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE,
		    (uint8_t)(c->type ? c->type : DHCP4_DISCOVER));
	add_hex(m, DHCP4_OPT_PRL, c->list ? c->list : "012b43");
	dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
	    c->class ? c->class : "PXEClient");
	dhcp4_add(m, DHCP4_OPT_ARCH, arch, sizeof(arch));
	if (c->user)
		dhcp4_add_str(m, DHCP4_OPT_USER_CLASS, c->user);
	if (c->server)
		add_ip(m, DHCP4_OPT_SERVER_ID, c->server);
	if (c->address)
		add_ip(m, DHCP4_OPT_REQUESTED_IP, c->address);
	if (c->circuit)
		add_hex(m, DHCP4_OPT_RELAY, c->circuit);
	if (c->giaddr)
		ck_assert_int_eq(parse_ipv4(c->giaddr, &m->giaddr, NULL), 0);
	if (c->pxe) {
		add_hex(m, DHCP4_OPT_VENDOR_ENCAP, c->pxe);
		parse_ipv4("10.77.0.77", &m->ciaddr, NULL);
	}
}

static void
describe(const struct answer *a, const char *codes, struct sbuf *b)
{
	char ip[IP_TEXT_MAX];
	uint8_t only[64];
	size_t n = 0;

	if (!a->answered)
		return;
	if (codes)
		ck_assert_int_eq(parse_hex(codes, only, sizeof(only), &n, NULL),
		    0);
	sbuf_printf(b, "%s %s %s", ipv4_format(a->msg.siaddr, ip),
	    a->msg.sname[0] ? (const char *)a->msg.sname : "-",
	    a->msg.file[0] ? (const char *)a->msg.file : "-");
	for (size_t i = 0; i < a->msg.n_opts; i++) {
		const struct dhcp4_opt *o = &a->msg.opts[i];

		if (codes && memchr(only, o->code, n) == NULL)
			continue;
		sbuf_printf(b, " %u:", o->code);
		sbuf_hex(b, o->data, o->len, "");
	}
}

START_TEST(answers_as_the_server)
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg,
	    .pxe_port = rows[_i].client.pxe_port };
	struct sbuf got = SBUF_EMPTY;
	struct answer a;
	void *tree = NULL;
	char path[32];

	ck_assert_int_eq(dnsmasq_make(rows[_i].text, path, &tree, NULL), 0);
	make_request(&rows[_i].client, &msg);
	parse_ipv4("10.77.0.1", &req.server_ip, NULL);
	answer_init(&a);
	ck_assert_int_eq(dnsmasq_ops.answer(tree, &req, &a, NULL), 0);
	describe(&a, rows[_i].codes, &got);
	ck_assert_msg(strcmp(sbuf_str(&got), rows[_i].want) == 0,
	    "%s\n got %s\nwant %s", rows[_i].text, sbuf_str(&got),
	    rows[_i].want);
	answer_release(&a);
	dhcp4_msg_release(&msg);
	sbuf_release(&got);
	dnsmasq_ops.free(tree);
}
END_TEST

/* The lines that decided: the class, and the boot line; not the other one. */
START_TEST(says_why)
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg };
	const struct client client = { .user = "iPXE" };
	unsigned int lines = 0;
	struct answer a;
	void *tree = NULL;
	char path[32];

	ck_assert_int_eq(dnsmasq_make(RANGE "dhcp-userclass=set:i,iPXE\n"
	    "dhcp-boot=tag:i,x\ndhcp-boot=tag:!i,y\n", path, &tree, NULL), 0);
	make_request(&client, &msg);
	parse_ipv4("10.77.0.1", &req.server_ip, NULL);
	answer_init(&a);
	ck_assert_int_eq(dnsmasq_ops.answer(tree, &req, &a, NULL), 0);
	for (const struct reason *r = a.reasons; r != NULL; r = r->next) {
		ck_assert_str_eq(r->file, path);
		lines |= 1u << r->line;
	}
	ck_assert_uint_eq(lines, 1u << 1 | 1u << 2 | 1u << 3);
	answer_release(&a);
	dhcp4_msg_release(&msg);
	dnsmasq_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dnsmasq_answer");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, answers_as_the_server, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, says_why);
	suite_add_tcase(s, tc);
	return s;
}
