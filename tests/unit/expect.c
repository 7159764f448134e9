/* expect.c - expectations held against a record of a boot. */
#include "unit.h"

#include "chain/expect.h"

#include <errno.h>

static struct boot *
record(void)
{
	struct boot *b = boot_new();
	static const char *const names[] = { "firmware", "ipxe" };
	static const char *const files[] = { "ipxe.efi", "http://h/s.ipxe" };

	b->time = 100;
	b->duration_s = 7.5;
	for (size_t i = 0; i < 2; i++) {
		struct boot_stage *s = boot_add_stage(b);
		struct boot_load *l = boot_add_load(b);

		s->stage = names[i];
		s->client = i ? "ipxe-efi-x64" : "uefi-x64";
		s->time = 100 + 4 * (double)i;
		s->bound = true;
		s->server.s_addr = htonl(0x0a000001);
		s->address.s_addr = htonl(0x0a000063);
		dhcp4_msg_init(&s->ack, DHCP4_BOOTREPLY);
		(void)text_copy(s->target.file, sizeof(s->target.file),
		    files[i]);
		(void)text_copy(s->target.server, sizeof(s->target.server),
		    "10.0.0.1");
		l->uri = i ? "http://h/s.ipxe" : "tftp://10.0.0.1/ipxe.efi";
		l->ok = true;
		l->bytes = i ? 100 : 900000;
		l->kind = i ? BOOTFILE_SCRIPT : BOOTFILE_IPXE;
	}
	b->end = BOOT_END_SCRIPT;
	return b;
}

static const struct {
	const char *text;
	bool met;
	const char *got;
} rows[] = {
	{ "script=http://h/*", true, "http://h/s.ipxe" },
	{ "script=http://h", false, "http://h/s.ipxe" },
	{ "script!=http://other/*", true, "http://h/s.ipxe" },
	{ "script!=http://h/*", false, "http://h/s.ipxe" },
	{ "kernel=*", false, "" },
	{ "kernel!=*", true, "" },
	{ "load=tftp://*", true, "tftp://10.0.0.1/ipxe.efi, http://h/s.ipxe" },
	{ "ipxe.load=tftp://*", false, "http://h/s.ipxe" },
	{ "file=ipxe.efi", true, "ipxe.efi, http://h/s.ipxe" },
	{ "firmware.file=ipxe.efi", true, "ipxe.efi" },
	{ "ipxe.file=ipxe.efi", false, "http://h/s.ipxe" },
	{ "os.file=*", false, "" },
	{ "next-server=10.0.0.[12]", true, "10.0.0.1, 10.0.0.1" },
	{ "server=10.0.0.1", true, "10.0.0.1, 10.0.0.1" },
	{ "proxy!=*", true, "" },
	{ "address=10.0.0.99", true, "10.0.0.99, 10.0.0.99" },
	{ "ipxe.client=ipxe-efi-*", true, "ipxe-efi-x64" },
	{ "verdict=healthy", true, "healthy" },
	{ "verdict=*-loop", false, "healthy" },
	{ "end=script", true, "script" },
	{ "cmdline=*", false, "" },
	{ "time<=7.5", true, "7.5" },
	{ "time<=7.49", false, "7.5" },
	{ "time>=7", true, "7.5" },
	{ "time=7.5", true, "7.5" },
	{ "firmware.time<=4", true, "4" },
	{ "ipxe.time>=3.6", false, "3.5" },
	{ "bytes=900100", true, "9.001e+05" },
	{ "ipxe.bytes<=100", true, "100" },
};

START_TEST(row)
{
	struct boot *b = record();
	struct sbuf got = SBUF_EMPTY;
	struct expect e;
	struct diag d;

	ck_assert_int_eq(expect_parse(rows[_i].text, &e, &d), 0);
	ck_assert_msg(expect_check(&e, b, &got) == rows[_i].met, "%s: %s",
	    rows[_i].text, sbuf_str(&got));
	ck_assert_str_eq(sbuf_str(&got), rows[_i].got);
	ck_assert(expect_is_verdict(&e) ==
	    (strncmp(rows[_i].text, "verdict", 7) == 0));
	sbuf_release(&got);
	boot_free(b);
}
END_TEST

static const char *const wrong[] = {
	"", "=", "script", "script!", "script<x", "Script=x", "foo=bar",
	"gpxe.file=x", ".file=x", "ipxe.=x", "ipxe.ipxe.file=x", "file<=3",
	"time=", "time<=", "time<=3x", "time<=nan", "time>=inf", "time!=3",
	"a-key-that-is-longer-than-any-there-could-be=1",
};

START_TEST(refused)
{
	struct expect e;
	struct diag d = { .text = "" };

	ck_assert_int_eq(expect_parse(wrong[_i], &e, &d), -EINVAL);
	ck_assert_str_ne(d.text, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("expect");
	TCase *t = tcase_create("expect");

	tcase_add_loop_test(t, row, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(t, refused, 0, ARRAY_LEN(wrong));
	suite_add_tcase(s, t);
	return s;
}
