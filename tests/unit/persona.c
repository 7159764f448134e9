#include "unit.h"

#include "base/text.h"
#include "chain/persona.h"
#include "persona_packets.h"

#include <arpa/inet.h>
#include <errno.h>

enum { MSG_MAX = 1500, OPTIONS_AT = 240 };

static struct in_addr
ip(const char *text)
{
	struct in_addr a = { 0 };

	if (text)
		ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	return a;
}

static struct machine
machine(const char *mac, const char *uuid)
{
	struct machine m = { .has_uuid = uuid != NULL };

	ck_assert_int_eq(parse_mac(mac, m.mac, NULL), 0);
	if (uuid)
		ck_assert_int_eq(parse_uuid(uuid, m.uuid, NULL), 0);
	return m;
}

/* Build what a persona sends; its length. */
static size_t
build(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, uint8_t buf[MSG_MAX])
{
	struct dhcp4_msg msg;
	struct wr w = wr_init(buf, MSG_MAX);

	ck_assert_ptr_nonnull(p);
	ck_assert_int_eq(persona_message(p, m, ask, &msg), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, p->pad_to, MSG_MAX), 0);
	dhcp4_msg_release(&msg);
	return w.len;
}

/* The message as it was captured. */
static void
expect(const struct packet_row *row, const struct machine *m, uint8_t *buf)
{
	struct in_addr ciaddr = ip(row->ciaddr);
	struct wr w = wr_init(buf, row->len);
	size_t n;

	memset(buf, 0, row->len);
	wr_u8(&w, 1);                   /* request, Ethernet */
	wr_u8(&w, 1);
	wr_u8(&w, 6);
	wr_u8(&w, 0);
	wr_u32(&w, row->xid);
	wr_u16(&w, row->secs);
	wr_u16(&w, row->flags);
	memcpy(buf + 12, &ciaddr, 4);
	memcpy(buf + 28, m->mac, MAC_LEN);
	memcpy(buf + 236, "\x63\x82\x53\x63", 4);
	ck_assert_int_eq(parse_hex(row->options, buf + OPTIONS_AT,
	    row->len - OPTIONS_AT, &n, NULL), 0);
}

START_TEST(sends_what_was_captured)
{
	const struct packet_row *row = &packet_rows[_i];
	struct machine m = machine(row->mac, row->uuid);
	struct persona_ask ask = {
		.type = row->type, .to_pxe_port = row->to_pxe_port,
		.xid = row->xid, .secs = row->secs,
		.ciaddr = ip(row->ciaddr), .requested = ip(row->requested),
		.server_id = ip(row->server_id),
		.has_item = row->has_item, .item_type = row->item,
		/* iPXE says again what the proxy's answer said */
		.vendor_class = row->has_item ? "PXEClient" : NULL,
	};
	const struct persona *p = persona_find(row->persona);
	uint8_t want[MSG_MAX];
	uint8_t got[MSG_MAX];
	size_t len;

	/* iPXE sets the flag if it has an address; the others go by kind */
	ask.has_address = p && p->kind == PERSONA_IPXE && row->flags;
	len = build(p, &m, &ask, got);
	expect(row, &m, want);
	for (size_t i = 0; i < min_size(len, row->len); i++)
		ck_assert_msg(got[i] == want[i], "%s: byte %zu is %02x, not "
		    "%02x", row->name, i, got[i], want[i]);
	ck_assert_msg(len == row->len, "%s: %zu bytes, not %zu", row->name,
	    len, row->len);
}
END_TEST

/* Every persona: what it sends is read back, and says who it is. */
START_TEST(every_row_is_whole)
{
	size_t n;
	const struct persona *p = persona_rows(&n)[_i];
	struct machine m = machine("52:54:00:12:34:56",
	    "11223344-5566-7788-99aa-bbccddeeff00");
	struct persona_ask ask = { .type = DHCP4_REQUEST, .xid = 7,
	    .requested = ip("10.0.0.9"), .server_id = ip("10.0.0.1") };
	struct dhcp4_msg msg;
	uint8_t buf[MSG_MAX];
	struct in_addr a;
	uint16_t arch;

	if (!p->discover_order)         /* it has none, and says so */
		ck_assert_int_eq(persona_message(p, &m, &ask, &msg), -ENOTSUP);
	if (!p->discover_order)
		return;
	ck_assert_int_lt(_i, (int)n);
	ck_assert_ptr_eq(persona_find(p->name), p);
	ck_assert_int_eq(dhcp4_msg_parse(&msg, buf, build(p, &m, &ask, buf),
	    NULL), 0);
	ck_assert_int_eq(dhcp4_type(&msg), DHCP4_REQUEST);
	ck_assert(dhcp4_get_ip(&msg, DHCP4_OPT_REQUESTED_IP, &a) &&
	    a.s_addr == ask.requested.s_addr);
	ck_assert(dhcp4_get_ip(&msg, DHCP4_OPT_SERVER_ID, &a) &&
	    a.s_addr == ask.server_id.s_addr);
	ck_assert_int_eq(dhcp4_get_u16(&msg, DHCP4_OPT_ARCH, &arch),
	    p->has_arch);
	if (p->has_arch) {
		ck_assert_int_eq(arch, p->arch);
		ck_assert_ptr_nonnull(arch_find(p->arch));
	}
	dhcp4_msg_release(&msg);
	/* tables that end, and files that can be asked for */
	ck_assert(p->discover_ms[0] && p->request_ms[0] && p->proxy_ms[0] &&
	    p->item_ms[0]);
	if (p->kind != PERSONA_OS)
		ck_assert(p->tftp.first_ms && p->tftp.factor &&
		    p->tftp.sends && (p->tftp.main.n || p->asks_for));
	ck_assert((p->user_agent != NULL) == (p->http_lines != NULL));
	if (p->kind == PERSONA_UEFI_HTTP)
		ck_assert(p->user_agent && p->http_head);
}
END_TEST

START_TEST(names)
{
	static const char *const words[][2] = {
		{ "bios", "intel-bios" }, { "pxe", "intel-bios" },
		{ "uefi", "uefi-x64" }, { "x64", "uefi-x64" },
		{ "ia32", "uefi-ia32" }, { "arm64", "uefi-arm64" },
		{ "riscv64", "uefi-riscv64" }, { "http", "uefi-http-x64" },
		{ "uefi-http", "uefi-http-x64" }, { "ipxe", "ipxe-bios" },
		{ "ipxe-efi", "ipxe-efi-x64" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const struct persona *p = persona_find(words[i][0]);

		ck_assert_ptr_nonnull(p);
		ck_assert_str_eq(p->name, words[i][1]);
	}
	ck_assert_ptr_null(persona_find("uef"));
	ck_assert_str_eq(persona_nearest("uefi-x46"), "uefi-x64");
	ck_assert_str_eq(persona_nearest("ipxe-bois"), "ipxe-bios");
	ck_assert_ptr_null(persona_nearest("toaster-oven"));
	ck_assert_str_eq(persona_stage(persona_find("intel-bios")),
	    "firmware");
	ck_assert_str_eq(persona_stage(persona_find("uefi-http-x64")),
	    "firmware");
	ck_assert_str_eq(persona_stage(persona_find("ipxe-bios")), "ipxe");
	ck_assert_str_eq(persona_stage(persona_find("udhcpc")), "os");
	ck_assert_int_eq(persona_platform(persona_find("ipxe-bios")),
	    PLATFORM_BIOS);
	ck_assert_int_eq(persona_platform(persona_find("uefi-http-arm64")),
	    PLATFORM_EFI);
	ck_assert_int_eq(persona_platform(persona_find("udhcpc")),
	    PLATFORM_OTHER);
}
END_TEST

/* A user class of the machine's is iPXE's; others have none to replace. */
START_TEST(user_class)
{
	struct machine m = machine("52:54:00:12:34:56", NULL);
	struct persona_ask ask = { .type = DHCP4_DISCOVER };
	struct dhcp4_msg msg;
	char text[32];

	m.user_class = "Tinkerbell";
	ck_assert_int_eq(persona_message(persona_find("ipxe-bios"), &m, &ask,
	    &msg), 0);
	ck_assert(dhcp4_get_str(&msg, DHCP4_OPT_USER_CLASS, text,
	    sizeof(text)));
	ck_assert_str_eq(text, "Tinkerbell");
	ck_assert_ptr_null(dhcp4_opt(&msg, DHCP4_OPT_UUID));
	dhcp4_msg_release(&msg);
	ck_assert_int_eq(persona_message(persona_find("uefi-x64"), &m, &ask,
	    &msg), 0);
	ck_assert_ptr_null(dhcp4_opt(&msg, DHCP4_OPT_USER_CLASS));
	dhcp4_msg_release(&msg);
}
END_TEST

/* What is the machine's own, and an option that never changes. */
START_TEST(machine_and_fixed_options)
{
	static const uint8_t card[BUS_ID_LEN] = { 1, 0x10, 0xec, 0x81, 0x68 };
	static const uint8_t duid[] = { 255, 1, 2, 3 };
	static const uint8_t one[] = { 1 };
	static const uint8_t order[] = { 53, 116, 175, 61, 12, 0 };
	static const struct persona_opt fixed[] = { { 116, 1, one } };
	struct machine m = machine("52:54:00:12:34:56", NULL);
	struct persona_ask ask = { .type = DHCP4_DISCOVER };
	struct persona p = *persona_find("ipxe-bios");
	const struct dhcp4_opt *o;
	struct dhcp4_msg msg;

	m.bus_id = card;
	m.client_id = duid;
	m.client_id_len = sizeof(duid);
	m.hostname = "pc";
	p.discover_order = order;
	p.fixed = fixed;
	p.n_fixed = ARRAY_LEN(fixed);
	ck_assert_int_eq(persona_message(&p, &m, &ask, &msg), 0);
	ck_assert_uint_eq(msg.n_opts, 5);
	o = dhcp4_opt(&msg, 116);
	ck_assert(o && o->len == 1 && o->data[0] == 1);
	o = dhcp4_opt(&msg, DHCP4_OPT_IPXE);
	ck_assert_uint_eq(o->len, p.features_len);
	ck_assert_mem_eq(o->data + 2, card, sizeof(card));
	ck_assert_mem_eq(o->data + 7, p.features + 7, p.features_len - 7);
	o = dhcp4_opt(&msg, DHCP4_OPT_CLIENT_ID);
	ck_assert_uint_eq(o->len, sizeof(duid));
	ck_assert_mem_eq(o->data, duid, sizeof(duid));
	o = dhcp4_opt(&msg, DHCP4_OPT_HOSTNAME);
	ck_assert(o && o->len == 2 && memcmp(o->data, "pc", 2) == 0);
	dhcp4_msg_release(&msg);
}
END_TEST

/* Those that a machine starts as, and those that it becomes. */
START_TEST(who_starts)
{
	static const struct { const char *name; bool starts, pxe; } who[] = {
		{ "intel-bios", true, true }, { "uefi-http-x64", true, true },
		{ "ipxe-bios", true, true }, { "ipxe-snponly-x64", false, true },
		{ "uboot-arm64", true, false }, { "rpi3", true, false },
		{ "pxelinux", false, false }, { "grub-efi", false, false },
		{ "udhcpc", false, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		const struct persona *p = persona_find(who[i].name);

		ck_assert_msg(persona_starts(p) == who[i].starts, "%s",
		    p->name);
		ck_assert_msg(persona_is_pxe(p) == who[i].pxe, "%s", p->name);
	}
	ck_assert_str_eq(persona_kind_name(PERSONA_BOARD), "board");
	ck_assert_str_eq(persona_stage(persona_find("grub-pc")), "loader");
}
END_TEST

/* EDK2 and ROMs ask for broadcasts on port 67, never on port 4011. */
static const struct {
	const char *persona;
	bool to_pxe_port;
	bool has_address;
	uint16_t want;
} flag_rows[] = {
	{ "uefi-x64", false, false, 0x8000 },
	{ "uefi-x64", true, true, 0 },
	{ "intel-bios", false, false, 0x8000 },
	{ "intel-bios", true, true, 0 },
	{ "ipxe-bios", false, false, 0 },
	{ "ipxe-bios", false, true, 0x8000 },
	{ "ipxe-efi-x64", true, true, 0x8000 },
	{ "udhcpc", false, false, 0 },
	{ "udhcpc", false, true, 0 },
};

START_TEST(broadcast_flag)
{
	struct machine m = machine("52:54:00:12:34:56", NULL);
	struct persona_ask ask = {
		.type = DHCP4_REQUEST, .to_pxe_port = flag_rows[_i].to_pxe_port,
		.has_address = flag_rows[_i].has_address,
	};
	struct dhcp4_msg msg;

	ck_assert_int_eq(persona_message(persona_find(flag_rows[_i].persona), &m,
	    &ask, &msg), 0);
	ck_assert_int_eq(msg.flags, flag_rows[_i].want);
	dhcp4_msg_release(&msg);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("persona");
	TCase *tc = tcase_create("persona");
	size_t n;

	(void)persona_rows(&n);
	tcase_add_loop_test(tc, sends_what_was_captured, 0,
	    ARRAY_LEN(packet_rows));
	tcase_add_loop_test(tc, every_row_is_whole, 0, (int)n);
	tcase_add_test(tc, names);
	tcase_add_test(tc, user_class);
	tcase_add_test(tc, machine_and_fixed_options);
	tcase_add_test(tc, who_starts);
	tcase_add_loop_test(tc, broadcast_flag, 0,
	    ARRAY_LEN(flag_rows));
	suite_add_tcase(s, tc);
	return s;
}
