/* monitor.c - what monitoring systems are told of a boot. */
#include "unit.h"

#include "report/monitor.h"

static struct boot *
record(const char *persona, const char *fault)
{
	struct boot *b = boot_new();
	struct boot_stage *s = boot_add_stage(b);

	b->persona = persona;
	memcpy(b->mac, "\x52\x54\0\0\0\x01", MAC_LEN);
	b->time = 1000;
	b->duration_s = 4.5;
	s->stage = "firmware";
	s->client = persona;
	s->time = 1000;
	b->end = BOOT_END_OS;
	if (fault)
		boot_set_fault(b, fault, "a|b\n'%s'", "\x1b[31m");
	return b;
}

START_TEST(nagios_ok)
{
	struct monitor_boot m = { record("uefi-x64", NULL), true };
	struct sbuf out = SBUF_EMPTY;

	monitor_nagios(&m, 1, NULL, 0, &out);
	ck_assert_str_eq(sbuf_str(&out), "BOOT OK - uefi-x64: healthy, "
	    "1 stage, ends in os | time=4.500s;;;0 stage0_firmware=4.500s;;;0 "
	    "bytes=0B;;;0\n");
	sbuf_release(&out);
	boot_free((struct boot *)m.boot);
}
END_TEST

/* One line, one '|', nothing that a terminal would obey. */
START_TEST(nagios_hostile)
{
	struct monitor_boot m = { record("uefi-x64", "no-dhcp-offer"), false };
	struct sbuf out = SBUF_EMPTY;
	const char *text;

	monitor_nagios(&m, 1, NULL, 0, &out);
	text = sbuf_str(&out);
	ck_assert_ptr_nonnull(strstr(text,
	    "BOOT CRITICAL - uefi-x64: no-dhcp-offer: a/b"));
	ck_assert_ptr_eq(strchr(text, '|'), strrchr(text, '|'));
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	ck_assert_ptr_null(strchr(text, '\x1b'));
	sbuf_release(&out);
	boot_free((struct boot *)m.boot);
}
END_TEST

START_TEST(nagios_many)
{
	struct monitor_boot m[2] = {
		{ record("intel-bios", NULL), true },
		{ record("uefi-x64", "no-dhcp-offer"), false },
	};
	struct sbuf out = SBUF_EMPTY;

	monitor_nagios(m, 2, NULL, 0, &out);
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out), "BOOT CRITICAL - 1 of 2 "
	    "machines do not boot: uefi-x64: no-dhcp-offer: "));
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out),
	    " intel-bios_time=4.500s;;;0 "));
	sbuf_release(&out);
	boot_free((struct boot *)m[0].boot);
	boot_free((struct boot *)m[1].boot);
}
END_TEST

START_TEST(nagios_unmet)
{
	struct monitor_boot m = { record("uefi-x64", NULL), false };
	struct sbuf out = SBUF_EMPTY;
	struct expect e;

	ck_assert_int_eq(expect_parse("time<=2", &e, NULL), 0);
	monitor_nagios(&m, 1, &e, 1, &out);
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out),
	    "uefi-x64: expected time<=2, it was 4.5 |"));
	sbuf_release(&out);
	boot_free((struct boot *)m.boot);
}
END_TEST

/* All samples of one name stand together, under one HELP and one TYPE. */
START_TEST(prometheus)
{
	struct monitor_boot m[2] = {
		{ record("intel-bios", NULL), true },
		{ record("uefi-x64", "no-dhcp-offer"), false },
	};
	struct sbuf out = SBUF_EMPTY;

	monitor_prometheus(m, 2, "eth\"0", &out);
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out),
	    "# HELP pxetool_boot_ok Did it boot as it should?\n"
	    "# TYPE pxetool_boot_ok gauge\n"
	    "pxetool_boot_ok{persona=\"intel-bios\",mac=\"52:54:00:00:00:01\","
	    "interface=\"eth\\\"0\"} 1\n"
	    "pxetool_boot_ok{persona=\"uefi-x64\",mac=\"52:54:00:00:00:01\","
	    "interface=\"eth\\\"0\"} 0\n"
	    "# HELP "));
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out),
	    ",verdict=\"no-dhcp-offer\"} 1\n"));
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out),
	    ",number=\"0\",stage=\"firmware\"} 4.500000\n"));
	sbuf_release(&out);
	boot_free((struct boot *)m[0].boot);
	boot_free((struct boot *)m[1].boot);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("monitor");
	TCase *t = tcase_create("monitor");

	tcase_add_test(t, nagios_ok);
	tcase_add_test(t, nagios_hostile);
	tcase_add_test(t, nagios_many);
	tcase_add_test(t, nagios_unmet);
	tcase_add_test(t, prometheus);
	suite_add_tcase(s, t);
	return s;
}
