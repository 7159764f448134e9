#include "unit.h"

#include "chain/policy.h"

START_TEST(reasons_stay_in_order)
{
	struct answer a;

	answer_init(&a);
	ck_assert(!a.answered);
	ck_assert_int_eq(a.msg.op, DHCP4_BOOTREPLY);
	ck_assert_ptr_null(a.reasons);
	ck_assert_int_eq(answer_because(&a, "dhcpd.conf", 12, "class %s",
	    "\"pxe\""), 0);
	ck_assert_int_eq(answer_because(&a, "", 0, "default"), 0);
	ck_assert_str_eq(a.reasons->file, "dhcpd.conf");
	ck_assert_uint_eq(a.reasons->line, 12);
	ck_assert_str_eq(a.reasons->text, "class \"pxe\"");
	ck_assert_str_eq(a.reasons->next->file, "");
	ck_assert_str_eq(a.reasons->next->text, "default");
	ck_assert_ptr_null(a.reasons->next->next);
	answer_release(&a);
	ck_assert_ptr_null(a.reasons);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("policy");
	TCase *tc = tcase_create("policy");

	tcase_add_test(tc, reasons_stay_in_order);
	suite_add_tcase(s, tc);
	return s;
}
