#include "unit.h"

#include "chain/pxe_menu.h"
#include "dhcp_make.h"

/* Two items, each with servers; a prompt of 5 s; multicast; control 4. */
#define WHOLE "060104" "0704e0000102" \
    "08128000010a000008" "8001020a0000090a00000a" \
    "090d8000046e616d65" "800103746f70" "0a060550726573" "73" "ff"

START_TEST(reads)
{
	struct reply r = { .class = "PXEClient", .pxe = WHOLE };
	struct dhcp4_msg msg = make_reply(&r);
	struct pxe_menu m;
	struct pxe_servers s;
	char ip[IP_TEXT_MAX];

	pxe_menu_get(&msg, &m);
	ck_assert(m.is_pxe10 && m.has_servers && m.has_menu && m.has_prompt);
	ck_assert_uint_eq(m.control, PXE_LISTED_ONLY);
	ck_assert_str_eq(ipv4_format(m.mcast, ip), "224.0.1.2");
	ck_assert_uint_eq(m.n_items, 2);
	ck_assert_uint_eq(m.item[1].type, 0x8001);
	ck_assert_mem_eq(m.item[1].text.p, "top", 3);
	ck_assert_uint_eq(m.timeout_s, 5);
	pxe_servers_of(persona_find("ipxe-bios"), &m, 0x8001, &s);
	ck_assert_uint_eq(s.n_ask, 4);
	ck_assert_str_eq(ipv4_format(s.ask[0], ip), "224.0.1.2");
	ck_assert_str_eq(ipv4_format(s.ask[1], ip), "255.255.255.255");
	ck_assert_str_eq(ipv4_format(s.ask[3], ip), "10.0.0.10");
	ck_assert(pxe_servers_accept(&s, make_ip("10.0.0.9")));
	ck_assert(!pxe_servers_accept(&s, make_ip("10.0.0.8")));
	dhcp4_msg_release(&msg);
}
END_TEST

/* A block that ends anywhere: what is whole is read, and no more. */
START_TEST(is_cut)
{
	char pxe[sizeof(WHOLE)];
	struct reply r = { .class = "PXEClient", .pxe = pxe };

	for (size_t n = 2; n < sizeof(WHOLE); n += 2) {
		struct dhcp4_msg msg;
		struct pxe_servers s;
		struct pxe_menu m;

		(void)text_copy(pxe, n + 1, WHOLE);
		msg = make_reply(&r);
		pxe_menu_get(&msg, &m);
		ck_assert_uint_le(m.n_items, 2);
		pxe_servers_of(persona_find("uefi-x64"), &m, 0x8001, &s);
		ck_assert_uint_le(s.n_listed, 2);
		ck_assert(s.n_ask > 0 || s.why);
		dhcp4_msg_release(&msg);
	}
}
END_TEST

static const struct {
	const char *persona;
	const char *pxe;
	bool has_file;
	struct pxe_user user;
	enum pxe_way way;
	uint16_t item;
	unsigned int wait_s;
} plans[] = {
#define ITEMS "09080000" "014c" "8000" "0150"
#define WAIT "0a0105"
	/* an item of the list that nobody can choose where no menu is shown */
	{ "uefi-x64", ITEMS, false, { PXE_KEY_F8, "2" }, PXE_WAY_LOCAL, 0, 0 },
	{ "uefi-x64", WAIT ITEMS, false, { PXE_KEY_NONE, "2" }, PXE_WAY_ITEM,
	  0x8000, 0 },
	{ "uefi-x64", WAIT ITEMS, false, { PXE_KEY_NONE, "p" }, PXE_WAY_ITEM,
	  0x8000, 0 },
	{ "uefi-x64", WAIT ITEMS, false, { PXE_KEY_NONE, "3" },
	  PXE_WAY_CANCEL, 0, 0 },
	{ "uefi-x64", WAIT ITEMS, false, { PXE_KEY_NONE, NULL },
	  PXE_WAY_LOCAL, 0, 5 },
	{ "uefi-x64", WAIT ITEMS, false, { PXE_KEY_F8, NULL }, PXE_WAY_STUCK,
	  0, 0 },
	{ "intel-bios", ITEMS, false, { PXE_KEY_NONE, NULL }, PXE_WAY_STUCK,
	  0, 0 },
	{ "intel-bios", ITEMS, false, { PXE_KEY_NONE, "2" }, PXE_WAY_ITEM,
	  0x8000, 0 },
	{ "uefi-x64", "060108" ITEMS, true, { PXE_KEY_F8, "2" }, PXE_WAY_FILE,
	  0, 0 },
	{ "uefi-x64", "060108" ITEMS, false, { PXE_KEY_NONE, NULL },
	  PXE_WAY_LOCAL, 0, 0 },
	{ "uefi-x64", "060100", true, { PXE_KEY_NONE, NULL }, PXE_WAY_CANCEL,
	  0, 0 },
	{ "ipxe-bios", "060100", true, { PXE_KEY_NONE, NULL }, PXE_WAY_FILE,
	  0, 0 },
	{ "uefi-x64", "010400000000", true, { PXE_KEY_NONE, NULL },
	  PXE_WAY_FILE, 0, 0 },
};

START_TEST(plan)
{
	struct reply r = { .class = "PXEClient", .pxe = plans[_i].pxe };
	struct dhcp4_msg msg = make_reply(&r);
	struct pxe_menu m;
	struct pxe_plan p;

	pxe_menu_get(&msg, &m);
	pxe_menu_plan(persona_find(plans[_i].persona), &m, plans[_i].has_file,
	    &plans[_i].user, &p);
	ck_assert_msg(p.way == plans[_i].way, "%d: way %d", _i, (int)p.way);
	ck_assert_uint_eq(p.item ? p.item->type : 0, plans[_i].item);
	ck_assert_uint_eq(p.wait_s, plans[_i].wait_s);
	ck_assert(p.way != PXE_WAY_CANCEL || p.why);
	dhcp4_msg_release(&msg);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("pxe_menu");
	TCase *tc = tcase_create("pxe_menu");

	tcase_add_test(tc, reads);
	tcase_add_test(tc, is_cut);
	tcase_add_loop_test(tc, plan, 0, ARRAY_LEN(plans));
	suite_add_tcase(s, tc);
	return s;
}
