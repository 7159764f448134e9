#include "client_packets.h"

#include "base/text.h"
#include "server/dhcpd.h"
#include "server/rule.h"

#include <errno.h>
#include <stdio.h>

enum { LEASE_S = 3600, BROADCAST = DHCP4_FLAG_BROADCAST };

static struct lease_pool *pool;
static struct rule rule;
static struct dhcpd server;
static struct dhcpd_out out;
static struct dhcpd_event ev;
static struct dhcp4_msg reply;
static bool has_reply;

static struct in_addr
ip(const char *text)
{
	struct in_addr a;

	ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	return a;
}

static bool
has_file(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "ipxe.efi") == 0 ||
	    strcmp(name, "undionly.kpxe") == 0;
}

static void
setup(void)
{
	memset(&server, 0, sizeof(server));
	rule = (struct rule){ .script = "boot.ipxe", .http_port = 80,
	    .has_file = has_file };
	server.conf.server_ip = ip("10.0.0.1");
	server.conf.subnet = ip("10.0.0.0");
	server.conf.mask = ip("255.255.255.0");
	server.conf.routers[0] = ip("10.0.0.254");
	server.conf.n_routers = 1;
	server.conf.dns[0] = ip("10.0.0.53");
	server.conf.dns[1] = ip("10.0.0.54");
	server.conf.n_dns = 2;
	server.conf.domain = "lab.test";
	server.conf.lease_s = LEASE_S;
	server.policy = rule_policy(&rule);
	ck_assert_int_eq(lease_pool_new(ip("10.0.0.1"), ip("10.0.0.3"), &pool,
	    NULL), 0);
	lease_reserve(pool, ip("10.0.0.1"));
	server.pool = pool;
	has_reply = false;
}

static void
teardown(void)
{
	if (has_reply)
		dhcp4_msg_release(&reply);
	lease_pool_free(pool);
}

/* Hand the server a message, and read its answer. */
static bool
give(const void *buf, size_t len, bool pxe_port)
{
	struct dhcpd_in in = {
		.len = len, .from_port = pxe_port ? 4011 : 68,
		.pxe_port = pxe_port,
	};
	void *copy = unit_heap(buf, len);

	if (has_reply)
		dhcp4_msg_release(&reply);
	in.buf = copy;
	if (pxe_port)
		in.from = ip("10.0.0.77");
	memset(&out, 0, sizeof(out));
	has_reply = dhcpd_input(&server, 1000, &in, &out, &ev);
	free(copy);
	ck_assert(ev.text[0] != '\0');
	if (has_reply) {
		ck_assert_uint_ge(out.len, DHCP4_BOOTP_LEN);
		ck_assert_int_eq(dhcp4_msg_parse(&reply, out.buf, out.len,
		    NULL), 0);
	}
	return has_reply;
}

static bool
discover(const char *options, uint16_t flags)
{
	uint8_t buf[CLIENT_PACKET_MAX];
	size_t len = client_packet(options, flags, buf);

	return give(buf, len, false);
}

/* A message made from parts. NULL: that part is absent. */
struct ask {
	int type;
	const char *server_id;
	const char *requested;
	const char *ciaddr;
	const char *giaddr;
	uint8_t mac_end;
	bool pxe_port;
	const char *class;
	int arch;               /* -1: none */
};

static bool
request(const struct ask *a)
{
	static const uint8_t mac[] = CLIENT_MAC;
	uint8_t buf[CLIENT_PACKET_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp4_msg m;
	int rc = 0;

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	m.xid = 0xabcdef01;
	memcpy(m.chaddr, mac, sizeof(mac));
	if (a->mac_end)
		m.chaddr[5] = a->mac_end;
	if (a->ciaddr)
		m.ciaddr = ip(a->ciaddr);
	if (a->giaddr)
		m.giaddr = ip(a->giaddr);
	rc |= dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, (uint8_t)a->type);
	if (a->server_id)
		rc |= dhcp4_add_ip(&m, DHCP4_OPT_SERVER_ID, ip(a->server_id));
	if (a->requested)
		rc |= dhcp4_add_ip(&m, DHCP4_OPT_REQUESTED_IP,
		    ip(a->requested));
	if (a->class)
		rc |= dhcp4_add_str(&m, DHCP4_OPT_VENDOR_CLASS, a->class);
	if (a->class && a->arch >= 0)
		rc |= dhcp4_add_u16(&m, DHCP4_OPT_ARCH, (uint16_t)a->arch);
	if (a->giaddr)
		rc |= dhcp4_add_str(&m, DHCP4_OPT_RELAY, "\x01\x02p1");
	rc |= dhcp4_msg_build(&m, &w, 0, sizeof(buf));
	ck_assert_int_eq(rc, 0);
	dhcp4_msg_release(&m);
	return give(buf, w.len, a->pxe_port);
}

static void
check_ip(struct in_addr got, const char *want)
{
	char text[IP_TEXT_MAX];

	ck_assert_str_eq(ipv4_format(got, text), want);
}

static void
check_opt(uint8_t code, const char *hex)
{
	const struct dhcp4_opt *o = dhcp4_opt(&reply, code);
	uint8_t want[256];
	size_t len = 0;

	if (!hex) {
		ck_assert_msg(!o, "option %u was not expected", code);
		return;
	}
	ck_assert_msg(o != NULL, "option %u is missing", code);
	ck_assert_int_eq(parse_hex(hex, want, sizeof(want), &len, NULL), 0);
	ck_assert_uint_eq(o->len, len);
	ck_assert_mem_eq(o->data, want, len);
}

START_TEST(offer_is_complete)
{
	static const uint8_t mac[] = CLIENT_MAC;
	uint8_t last = 0;

	ck_assert(discover(CLIENT_EDK2_X64, BROADCAST));
	ck_assert_int_eq(reply.op, DHCP4_BOOTREPLY);
	ck_assert_uint_eq(reply.xid, 0x12345678);
	ck_assert_uint_eq(reply.flags, BROADCAST);
	ck_assert_mem_eq(reply.chaddr, mac, sizeof(mac));
	ck_assert_int_eq(dhcp4_type(&reply), DHCP4_OFFER);
	check_ip(reply.yiaddr, "10.0.0.2");     /* .1 is the server's */
	check_ip(reply.siaddr, "10.0.0.1");
	ck_assert_str_eq((const char *)reply.file, "ipxe.efi");
	check_opt(DHCP4_OPT_SERVER_ID, "0a000001");
	check_opt(DHCP4_OPT_LEASE_TIME, "00000e10");
	check_opt(DHCP4_OPT_T1, "00000708");
	check_opt(DHCP4_OPT_T2, "00000c4e");
	check_opt(DHCP4_OPT_MASK, "ffffff00");
	check_opt(DHCP4_OPT_BROADCAST, "0a0000ff");
	check_opt(DHCP4_OPT_ROUTER, "0a0000fe");
	check_opt(DHCP4_OPT_DNS, "0a0000350a000036");
	check_opt(DHCP4_OPT_DOMAIN, "6c61622e74657374");
	check_opt(DHCP4_OPT_BOOTFILE, "697078652e656669");
	check_opt(DHCP4_OPT_UUID, "00443322116655887799aabbccddeeff00");
	check_opt(DHCP4_OPT_CLIENT_ID, NULL);
	check_opt(DHCP4_OPT_VENDOR_CLASS, NULL);
	/* the type first: some ROMs look no further */
	ck_assert_int_eq(reply.opts[0].code, DHCP4_OPT_MSG_TYPE);
	last = reply.opts[reply.n_opts - 1].code;
	ck_assert_int_eq(last, DHCP4_OPT_UUID);
	ck_assert_int_eq(ev.type, DHCP4_DISCOVER);
	ck_assert_int_eq(ev.reply, DHCP4_OFFER);
	ck_assert_int_eq(ev.arch, 7);
	ck_assert_str_eq(ev.file, "ipxe.efi");
	check_ip(ev.ip, "10.0.0.2");
}
END_TEST

/* Every kind of client gets an offer, and where it is to go. */
static const struct {
	const char *options;
	uint16_t flags;
	const char *file;
	const char *class;      /* hex; NULL: none */
	const char *client_id;  /* hex, sent back: RFC 6842 */
	enum dhcpd_way way;
} offers[] = {
	{ CLIENT_IPXE_BIOS, 0, "http://10.0.0.1/boot.ipxe", NULL,
	    "01525400aabb0d", DHCPD_HARDWARE },
	{ CLIENT_IPXE_BIOS, BROADCAST, "http://10.0.0.1/boot.ipxe", NULL,
	    "01525400aabb0d", DHCPD_BROADCAST },
	{ CLIENT_IPXE_EFI, 0, "http://10.0.0.1/boot.ipxe", NULL,
	    "01525400aabb0d", DHCPD_HARDWARE },
	{ CLIENT_EDK2_X64, BROADCAST, "ipxe.efi", NULL, NULL,
	    DHCPD_BROADCAST },
	{ CLIENT_EDK2_HTTP, BROADCAST, "http://10.0.0.1/ipxe.efi",
	    "48545450436c69656e74", NULL, DHCPD_BROADCAST },
	{ CLIENT_EDK2_ARM64, BROADCAST, "", NULL, NULL, DHCPD_BROADCAST },
	{ CLIENT_INTEL_ROM, BROADCAST, "undionly.kpxe", NULL, NULL,
	    DHCPD_BROADCAST },
	{ CLIENT_UDHCPC, 0, "", NULL, "01525400aabb0d", DHCPD_HARDWARE },
	{ CLIENT_NETWORKD, 0, "", NULL,
	    "ffb6220feb00020000ab110203040506070809", DHCPD_HARDWARE },
	{ CLIENT_UBOOT, 0, "", NULL, NULL, DHCPD_HARDWARE },
	{ CLIENT_GRUB, 0, "", NULL, NULL, DHCPD_HARDWARE },
};

START_TEST(every_client_gets_an_offer)
{
	static const uint8_t mac[] = CLIENT_MAC;

	ck_assert(discover(offers[_i].options, offers[_i].flags));
	check_ip(reply.yiaddr, "10.0.0.2");
	ck_assert_str_eq((const char *)reply.file, offers[_i].file);
	ck_assert_str_eq(ev.file, offers[_i].file);
	check_opt(DHCP4_OPT_VENDOR_CLASS, offers[_i].class);
	check_opt(DHCP4_OPT_CLIENT_ID, offers[_i].client_id);
	ck_assert_int_eq(out.way, offers[_i].way);
	ck_assert_uint_eq(out.port, DHCP4_CLIENT_PORT);
	ck_assert_mem_eq(out.mac, mac, sizeof(mac));
	check_ip(out.ip, out.way == DHCPD_HARDWARE ? "10.0.0.2" :
	    "255.255.255.255");
}
END_TEST

START_TEST(every_client_at_a_proxy)
{
	bool boots = offers[_i].file[0] != '\0';
	bool is_uefi_pxe = strcmp(offers[_i].options, CLIENT_EDK2_X64) == 0;

	server.conf.proxy = rule.proxy = true;
	server.pool = NULL;
	ck_assert_int_eq(discover(offers[_i].options, offers[_i].flags),
	    boots);
	if (!boots)
		return;
	ck_assert_int_eq(dhcp4_type(&reply), DHCP4_OFFER);
	check_ip(reply.yiaddr, "0.0.0.0");
	check_ip(reply.siaddr, "10.0.0.1");
	ck_assert_str_eq((const char *)reply.file,
	    is_uefi_pxe ? "" : offers[_i].file);
	check_opt(DHCP4_OPT_LEASE_TIME, NULL);
	check_opt(DHCP4_OPT_MASK, NULL);
	check_opt(DHCP4_OPT_ROUTER, NULL);
	check_opt(DHCP4_OPT_SERVER_ID, "0a000001");
	check_opt(DHCP4_OPT_UUID, "00443322116655887799aabbccddeeff00");
	ck_assert_ptr_nonnull(dhcp4_opt(&reply, DHCP4_OPT_VENDOR_CLASS));
	/* it has no address yet, and ours to give is none */
	ck_assert_int_eq(out.way, DHCPD_BROADCAST);
}
END_TEST

/* One REQUEST to a server whose only client so far holds 10.0.0.2. */
static const struct {
	const char *name;
	struct ask ask;
	int reply;              /* 0: silence */
	const char *yiaddr;
	enum dhcpd_way way;
	const char *to;
	uint16_t port;
} requests[] = {
	{ "selecting", { .type = DHCP4_REQUEST, .server_id = "10.0.0.1",
	    .requested = "10.0.0.2" }, DHCP4_ACK, "10.0.0.2", DHCPD_HARDWARE,
	    "10.0.0.2", 68 },
	{ "selecting a free one", { .type = DHCP4_REQUEST, .mac_end = 9,
	    .server_id = "10.0.0.1", .requested = "10.0.0.3" }, DHCP4_ACK,
	    "10.0.0.3", DHCPD_HARDWARE, "10.0.0.3", 68 },
	{ "selecting another's", { .type = DHCP4_REQUEST, .mac_end = 9,
	    .server_id = "10.0.0.1", .requested = "10.0.0.2" }, DHCP4_NAK,
	    "0.0.0.0", DHCPD_BROADCAST, "255.255.255.255", 68 },
	{ "selecting the server's", { .type = DHCP4_REQUEST,
	    .server_id = "10.0.0.1", .requested = "10.0.0.1" }, DHCP4_NAK,
	    "0.0.0.0", DHCPD_BROADCAST, "255.255.255.255", 68 },
	{ "selecting what we never offer", { .type = DHCP4_REQUEST,
	    .server_id = "10.0.0.1", .requested = "192.168.1.5" }, DHCP4_NAK,
	    "0.0.0.0", DHCPD_BROADCAST, "255.255.255.255", 68 },
	{ "selecting another server", { .type = DHCP4_REQUEST,
	    .server_id = "10.0.0.9", .requested = "10.0.0.2" }, 0, "", 0, "",
	    0 },
	{ "init-reboot", { .type = DHCP4_REQUEST, .requested = "10.0.0.2" },
	    DHCP4_ACK, "10.0.0.2", DHCPD_HARDWARE, "10.0.0.2", 68 },
	{ "init-reboot, unknown but free", { .type = DHCP4_REQUEST,
	    .mac_end = 9, .requested = "10.0.0.3" }, DHCP4_ACK, "10.0.0.3",
	    DHCPD_HARDWARE, "10.0.0.3", 68 },
	{ "init-reboot with another's", { .type = DHCP4_REQUEST, .mac_end = 9,
	    .requested = "10.0.0.2" }, DHCP4_NAK, "0.0.0.0", DHCPD_BROADCAST,
	    "255.255.255.255", 68 },
	{ "init-reboot outside the range", { .type = DHCP4_REQUEST,
	    .requested = "10.0.0.99" }, 0, "", 0, "", 0 },
	{ "renewing", { .type = DHCP4_REQUEST, .ciaddr = "10.0.0.2" },
	    DHCP4_ACK, "10.0.0.2", DHCPD_UNICAST, "10.0.0.2", 68 },
	{ "renewing another's", { .type = DHCP4_REQUEST, .mac_end = 9,
	    .ciaddr = "10.0.0.2" }, DHCP4_NAK, "0.0.0.0", DHCPD_BROADCAST,
	    "255.255.255.255", 68 },
	{ "renewing at the wrong server", { .type = DHCP4_REQUEST,
	    .ciaddr = "10.7.0.2" }, 0, "", 0, "", 0 },
	{ "relayed", { .type = DHCP4_REQUEST, .server_id = "10.0.0.1",
	    .requested = "10.0.0.2", .giaddr = "10.0.0.200" }, DHCP4_ACK,
	    "10.0.0.2", DHCPD_UNICAST, "10.0.0.200", 67 },
	{ "relayed, refused", { .type = DHCP4_REQUEST, .mac_end = 9,
	    .server_id = "10.0.0.1", .requested = "10.0.0.2",
	    .giaddr = "10.0.0.200" }, DHCP4_NAK, "0.0.0.0", DHCPD_UNICAST,
	    "10.0.0.200", 67 },
	{ "relayed from elsewhere", { .type = DHCP4_DISCOVER,
	    .giaddr = "10.9.0.200" }, 0, "", 0, "", 0 },
	{ "inform", { .type = DHCP4_INFORM, .ciaddr = "10.0.0.88" },
	    DHCP4_ACK, "0.0.0.0", DHCPD_UNICAST, "10.0.0.88", 68 },
	{ "inform from another network", { .type = DHCP4_INFORM,
	    .ciaddr = "10.7.0.88" }, 0, "", 0, "", 0 },
	{ "an answer of a server", { .type = DHCP4_OFFER }, 0, "", 0, "", 0 },
	{ "a type unknown", { .type = 77 }, 0, "", 0, "", 0 },
	{ "a lease query", { .type = DHCP4_LEASEQUERY }, 0, "", 0, "", 0 },
	{ "4011", { .type = DHCP4_REQUEST, .ciaddr = "10.0.0.77",
	    .class = "PXEClient", .arch = 7, .pxe_port = true }, DHCP4_ACK,
	    "0.0.0.0", DHCPD_UNICAST, "10.0.0.77", 4011 },
	{ "4011 without ciaddr", { .type = DHCP4_REQUEST,
	    .class = "PXEClient", .arch = 0, .pxe_port = true }, DHCP4_ACK,
	    "0.0.0.0", DHCPD_UNICAST, "10.0.0.77", 4011 },
	{ "4011, inform", { .type = DHCP4_INFORM, .ciaddr = "10.0.0.77",
	    .class = "PXEClient", .arch = 7, .pxe_port = true }, DHCP4_ACK,
	    "0.0.0.0", DHCPD_UNICAST, "10.0.0.77", 4011 },
	{ "4011 for another server", { .type = DHCP4_REQUEST,
	    .server_id = "10.0.0.9", .class = "PXEClient", .arch = 7,
	    .pxe_port = true }, 0, "", 0, "", 0 },
	{ "4011 without a file", { .type = DHCP4_REQUEST,
	    .class = "PXEClient", .arch = 11, .pxe_port = true }, 0, "", 0, "",
	    0 },
	{ "4011 by no PXE client", { .type = DHCP4_REQUEST,
	    .pxe_port = true }, 0, "", 0, "", 0 },
	{ "4011, discover", { .type = DHCP4_DISCOVER, .class = "PXEClient",
	    .pxe_port = true }, 0, "", 0, "", 0 },
};

START_TEST(request_is_answered_by_the_book)
{
	const struct ask first = { .type = DHCP4_REQUEST,
	    .server_id = "10.0.0.1", .requested = "10.0.0.2" };

	ck_assert(request(&first));
	ck_assert_int_eq(request(&requests[_i].ask), requests[_i].reply != 0);
	ck_assert_msg(ev.reply == requests[_i].reply, "%s: %s",
	    requests[_i].name, ev.text);
	if (!has_reply)
		return;
	ck_assert_int_eq(dhcp4_type(&reply), requests[_i].reply);
	ck_assert_uint_eq(reply.xid, 0xabcdef01);
	check_ip(reply.yiaddr, requests[_i].yiaddr);
	ck_assert_int_eq(out.way, requests[_i].way);
	check_ip(out.ip, requests[_i].to);
	ck_assert_uint_eq(out.port, requests[_i].port);
	check_opt(DHCP4_OPT_SERVER_ID, "0a000001");
	/* lease times go with an address and with nothing else */
	check_opt(DHCP4_OPT_LEASE_TIME,
	    reply.yiaddr.s_addr != INADDR_ANY ? "00000e10" : NULL);
	check_opt(DHCP4_OPT_RELAY, requests[_i].ask.giaddr ? "01027031" : NULL);
	if (requests[_i].ask.giaddr) {
		check_ip(reply.giaddr, requests[_i].ask.giaddr);
		ck_assert_int_eq(reply.opts[reply.n_opts - 1].code,
		    DHCP4_OPT_RELAY);
	}
	if (requests[_i].reply == DHCP4_NAK) {
		check_opt(DHCP4_OPT_MASK, NULL);
		check_opt(DHCP4_OPT_BOOTFILE, NULL);
		check_ip(reply.siaddr, "0.0.0.0");
	}
	if (requests[_i].ask.giaddr && requests[_i].reply == DHCP4_NAK)
		ck_assert_uint_eq(reply.flags & BROADCAST, BROADCAST);
	if (requests[_i].ask.pxe_port)
		check_opt(DHCP4_OPT_VENDOR_CLASS, "505845436c69656e74");
}
END_TEST

START_TEST(proxy_leaves_requests_to_others)
{
	static const int types[] = {
		DHCP4_REQUEST, DHCP4_INFORM, DHCP4_DECLINE, DHCP4_RELEASE,
	};

	server.conf.proxy = rule.proxy = true;
	server.pool = NULL;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const struct ask a = { .type = types[i], .class = "PXEClient",
		    .arch = 0, .requested = "10.0.0.2",
		    .ciaddr = "10.0.0.2" };

		ck_assert(!request(&a));
		ck_assert(ev.minor);
	}
}
END_TEST

START_TEST(pool_runs_dry)
{
	struct ask a = { .type = DHCP4_DISCOVER, .mac_end = 1 };

	ck_assert(request(&a));
	a.mac_end = 2;
	ck_assert(request(&a));
	a.mac_end = 3;
	ck_assert(!request(&a));
	ck_assert_str_eq(ev.fault, "dhcp-pool-exhausted");
	a.mac_end = 2;
	ck_assert(request(&a));
	/* the one that chose another server makes room */
	a.type = DHCP4_REQUEST;
	a.server_id = "10.0.0.9";
	ck_assert(!request(&a));
	ck_assert(ev.minor);
	a = (struct ask){ .type = DHCP4_DISCOVER, .mac_end = 3 };
	ck_assert(request(&a));
}
END_TEST

START_TEST(decline_and_release)
{
	struct ask a = { .type = DHCP4_REQUEST, .requested = "10.0.0.2" };

	ck_assert(request(&a));
	a = (struct ask){ .type = DHCP4_DECLINE, .server_id = "10.0.0.1",
	    .requested = "10.0.0.2" };
	ck_assert(!request(&a));
	ck_assert_str_eq(ev.fault, "address-conflict");
	a = (struct ask){ .type = DHCP4_DISCOVER };
	ck_assert(request(&a));
	check_ip(reply.yiaddr, "10.0.0.3");
	a = (struct ask){ .type = DHCP4_REQUEST, .requested = "10.0.0.3" };
	ck_assert(request(&a));
	a = (struct ask){ .type = DHCP4_RELEASE, .ciaddr = "10.0.0.3" };
	ck_assert(!request(&a));
	ck_assert_uint_eq(lease_held(pool, 1000), 1);   /* the declined one */
}
END_TEST

START_TEST(relay_of_an_unknown_network_is_named)
{
	const struct ask a = { .type = DHCP4_DISCOVER,
	    .giaddr = "10.9.0.1" };

	ck_assert(!request(&a));
	ck_assert_str_eq(ev.fault, "giaddr-subnet-undeclared");
	ck_assert_ptr_nonnull(strstr(ev.text, "10.9.0.1"));
	/* and a range for that network serves it, and it alone */
	server.conf.subnet = ip("10.9.0.0");
	ck_assert(request(&a));
	ck_assert(!discover(CLIENT_UDHCPC, 0));
	ck_assert_ptr_null(ev.fault);
}
END_TEST

START_TEST(uncovered_architecture_is_named)
{
	ck_assert(discover(CLIENT_EDK2_ARM64, 0));
	ck_assert_str_eq(ev.fault, "arch-not-covered");
	ck_assert_ptr_nonnull(strstr(ev.text, "--arch-file 11="));
	check_opt(DHCP4_OPT_BOOTFILE, NULL);
}
END_TEST

START_TEST(firmware_and_its_ipxe_share_an_address)
{
	const struct ask got = { .type = DHCP4_REQUEST,
	    .server_id = "10.0.0.1", .requested = "10.0.0.2" };

	ck_assert(discover(CLIENT_EDK2_X64, BROADCAST));
	check_ip(reply.yiaddr, "10.0.0.2");
	ck_assert(request(&got));
	ck_assert(discover(CLIENT_IPXE_EFI, BROADCAST));
	check_ip(reply.yiaddr, "10.0.0.2");
	ck_assert_uint_eq(lease_held(pool, 1000), 1);
}
END_TEST

/* A client that takes 576 bytes only, and a URL that needs much of them. */
START_TEST(answer_fits_the_client)
{
	char url[240] = "http://";

	memset(url + 7, 'u', sizeof(url) - 8);
	rule.script = url;
	ck_assert(discover("350101390202404d046950584537013dff", 0));
	ck_assert_uint_le(out.len, 548);
	ck_assert_str_eq(ev.file, url);
}
END_TEST

START_TEST(nonsense_gets_no_answer)
{
	uint8_t buf[CLIENT_PACKET_MAX];
	size_t len = client_packet(CLIENT_EDK2_X64, 0, buf);

	for (size_t n = 0; n < DHCP4_HEAD_LEN; n++)
		ck_assert(!give(buf, n, false));
	ck_assert(!give(buf, DHCP4_HEAD_LEN, false));   /* BOOTP */
	ck_assert(ev.minor);
	for (size_t n = DHCP4_HEAD_LEN; n < len; n++)
		(void)give(buf, n, false);
	buf[0] = DHCP4_BOOTREPLY;
	ck_assert(!give(buf, len, false));
	buf[0] = DHCP4_BOOTREQUEST;
	buf[2] = 16;                    /* an address that is no MAC address */
	ck_assert(!give(buf, len, false));
	buf[2] = MAC_LEN;
	ck_assert(give(buf, len, false));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dhcpd");
	TCase *tc = tcase_create("dhcpd");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, offer_is_complete);
	tcase_add_loop_test(tc, every_client_gets_an_offer, 0,
	    ARRAY_LEN(offers));
	tcase_add_loop_test(tc, every_client_at_a_proxy, 0, ARRAY_LEN(offers));
	tcase_add_loop_test(tc, request_is_answered_by_the_book, 0,
	    ARRAY_LEN(requests));
	tcase_add_test(tc, proxy_leaves_requests_to_others);
	tcase_add_test(tc, pool_runs_dry);
	tcase_add_test(tc, decline_and_release);
	tcase_add_test(tc, relay_of_an_unknown_network_is_named);
	tcase_add_test(tc, uncovered_architecture_is_named);
	tcase_add_test(tc, firmware_and_its_ipxe_share_an_address);
	tcase_add_test(tc, answer_fits_the_client);
	tcase_add_test(tc, nonsense_gets_no_answer);
	suite_add_tcase(s, tc);
	return s;
}
