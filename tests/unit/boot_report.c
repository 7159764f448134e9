/* boot_report.c - a boot record as text and JSON; what came in is hostile. */
#include "unit.h"

#include "report/boot.h"

#define HOSTILE "x\033[31m\r\n\x9b\"<b>"

/* A record with a stage that is bound, at times that are known. */
static struct boot *
record(void)
{
	struct boot *b = boot_new();
	struct boot_stage *s = boot_add_stage(b);

	ck_assert_ptr_nonnull(s);
	b->persona = "uefi-x64";
	memcpy(b->mac, "\x52\x54\0\0\0\x01", MAC_LEN);
	b->time = 1000;
	b->duration_s = 4.56;
	s->stage = "firmware";
	s->client = "uefi-x64";
	s->title = "x64 UEFI PXE (EDK2)";
	s->has_arch = true;
	s->arch = ARCH_EFI_X64;
	s->time = 1000.25;
	s->bound = true;
	s->server.s_addr = s->address.s_addr = 0x0100000a;
	dhcp4_msg_init(&s->ack, DHCP4_BOOTREPLY);
	return b;
}

static struct boot_load *
load(struct boot *b, const char *uri, bool ok)
{
	struct boot_load *l = boot_add_load(b);

	ck_assert_ptr_nonnull(l);
	l->uri = uri;
	l->proto = "tftp";
	l->ok = ok;
	l->duration_s = 0.5;
	l->bytes = ok ? 850528 : 0;
	l->kind = BOOTFILE_IPXE;
	l->what = ok ? "iPXE 1.0" : "";
	l->error = ok ? NULL : "no such file";
	memset(l->sha256, 'a', BOOT_SHA256_TEXT_MAX - 1);
	boot_add_event(b, BOOT_EV_LOAD, "load");
	b->events[b->n_events - 1].time = 1001.5;
	return l;
}

static void
event(struct boot *b, enum boot_event_kind kind, const char *text)
{
	boot_add_event(b, kind, "%s", text);
	b->events[b->n_events - 1].time = 1000.5;
}

/* The timeline and the end, in one. */
static char *
text(struct boot *b, bool color, bool verbose)
{
	struct report_boot r = { .color = color, .verbose = verbose };
	struct sbuf out = SBUF_EMPTY;

	report_boot_more(&r, b, &out);
	report_boot_end(&r, b, &out);
	ck_assert(!out.bad);
	return sbuf_steal(&out);
}

static void
no_control(const char *s)
{
	for (; *s; s++)
		ck_assert_msg(*s == '\n' || (*s >= ' ' && *s <= '~'),
		    "byte 0x%02x", (unsigned char)*s);
}

START_TEST(healthy)
{
	struct boot *b = record();
	char *got;

	event(b, BOOT_EV_SENT, "DISCOVER");
	event(b, BOOT_EV_IGNORED, "OFFER (ignored)");
	load(b, "tftp://h/a", true)->detail = "blksize 1468";
	b->end = BOOT_END_OS;
	got = text(b, false, false);
	ck_assert_str_eq(got,
	    "   0.250  firmware: x64 UEFI PXE (EDK2)\n"
	    "   0.500    > DISCOVER\n"
	    "   1.500    = tftp://h/a  850.5 kB in 0.50 s, 1.7 MB/s "
	    "(blksize 1468): iPXE 1.0\n"
	    "\n"
	    "healthy: the operating system runs, with the address 10.0.0.1\n"
	    "1 stage, 1 file, 850.5 kB, 4.6 s\n"
	    "\n"
	    "where the time went:\n"
	    "   0.500  firmware: loading tftp://h/a\n"
	    "            TFTP sends a block and waits for its ACK: a larger blksize and a\n"
	    "            windowsize where the server knows them; load only iPXE this way,\n"
	    "            and all else by HTTP\n"
	    "   4.060  all the rest\n");
	free(got);
	got = text(b, false, true);
	ck_assert_ptr_nonnull(strstr(got, "    < OFFER (ignored)\n"));
	free(got);
	boot_free(b);
}
END_TEST

START_TEST(instant)
{
	struct boot *b = record();
	struct boot_load *l = load(b, "tftp://h/a", true);
	char *got;

	l->duration_s = 0.004;
	l->bytes = 119;
	got = text(b, false, false);
	ck_assert_ptr_nonnull(strstr(got,
	    "tftp://h/a  119 bytes in 4 ms: iPXE 1.0\n"));
	free(got);
	boot_free(b);
}
END_TEST

START_TEST(fault_page)
{
	struct boot *b = record();
	char *got;

	load(b, "tftp://h/a", false);
	boot_set_fault(b, "tftp-file-not-found", "'a' is not there");
	boot_set_fault(b, "dhcp-nak", "a second fault changes nothing");
	got = text(b, false, false);
	ck_assert_ptr_nonnull(strstr(got, "= tftp://h/a  failed: no such file"));
	ck_assert_ptr_nonnull(strstr(got, "\n\ntftp-file-not-found: "));
	ck_assert_ptr_nonnull(strstr(got, "\n  'a' is not there\n\n"));
	ck_assert_ptr_nonnull(strstr(got, "\n  To mend it:\n    "));
	ck_assert_ptr_nonnull(strstr(got, "explain tftp-file-not-found'"));
	ck_assert_ptr_nonnull(strstr(got, "\n1 stage, 0 files, 0 bytes,"));
	ck_assert_ptr_null(strstr(got, "dhcp-nak"));
	no_control(got);
	free(got);
	boot_free(b);
}
END_TEST

/* No line of the verdict is too wide, unless one word is. */
START_TEST(wrapped)
{
	struct boot *b = record();
	char *got;
	size_t len;

	boot_set_fault(b, "no-dhcp-offer", "%s", "word word word word word "
	    "word word word word word word word word word word word word "
	    "word word word word word word");
	got = text(b, false, false);
	for (const char *line = got; *line; line += len + 1) {
		len = strcspn(line, "\n");
		ck_assert_msg(len <= 80, "%.*s", (int)len, line);
	}
	free(got);
	boot_free(b);
}
END_TEST

START_TEST(hostile_text)
{
	struct boot *b = record();
	char *got;

	event(b, BOOT_EV_RECEIVED, HOSTILE);
	event(b, BOOT_EV_CONSOLE, HOSTILE);
	event(b, BOOT_EV_NOTE, HOSTILE);
	load(b, HOSTILE, true)->what = HOSTILE;
	load(b, HOSTILE, false)->error = HOSTILE;
	boot_set_fault(b, "script-flow-error", "%s", HOSTILE);
	got = text(b, false, true);
	no_control(got);
	free(got);
	boot_free(b);
}
END_TEST

/* Colour is added to the same words, and switched off again on the line. */
START_TEST(color)
{
	struct boot *b = record();
	char *plain;
	char *got;
	char *to;
	int depth = 0;

	event(b, BOOT_EV_CONSOLE, "hello");
	load(b, "tftp://h/a", false);
	boot_set_fault(b, "dhcp-nak", "no");
	plain = text(b, false, false);
	got = text(b, true, false);
	ck_assert_ptr_nonnull(strchr(got, '\033'));
	to = got;
	for (const char *p = got; *p; p++) {
		if (*p == '\033') {
			depth = strncmp(p, "\033[0m", 4) != 0;
			p = strchr(p, 'm');
		} else {
			ck_assert(*p != '\n' || depth == 0);
			*to++ = *p;
		}
	}
	*to = '\0';
	ck_assert_str_eq(got, plain);
	free(got);
	free(plain);
	boot_free(b);
}
END_TEST

/* What was shown is not shown again. */
START_TEST(grows)
{
	struct boot *b = record();
	struct report_boot r = { .color = false };
	struct sbuf out = SBUF_EMPTY;

	report_boot_more(&r, b, &out);
	ck_assert_ptr_nonnull(strstr(sbuf_str(&out), "firmware"));
	sbuf_clear(&out);
	report_boot_more(&r, b, &out);
	ck_assert_uint_eq(out.len, 0);
	event(b, BOOT_EV_NOTE, "a");
	report_boot_more(&r, b, &out);
	ck_assert_str_eq(sbuf_str(&out), "   0.500    * a\n");
	sbuf_release(&out);
	boot_free(b);
}
END_TEST

static const char *
str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

START_TEST(json)
{
	struct boot *b = record();
	json_t *j;
	json_t *o;
	char *dump;

	memcpy(b->stages[0].target.file, "boot\xff", 6);
	b->stages[0].target.file_from = TARGET_FILE;
	ck_assert_int_eq(dhcp4_add_str(&b->stages[0].ack, 12, HOSTILE), 0);
	event(b, BOOT_EV_CONSOLE, HOSTILE);
	event(b, BOOT_EV_NOTE, "not the console");
	load(b, "tftp://h/a", true);
	load(b, "tftp://h/b", false)->status = 1;
	ck_assert_ptr_nonnull(boot_add_stage(b));
	b->stages[1].stage = "ipxe";
	b->stages[1].client = "ipxe-bios";
	b->stages[1].title = "iPXE";
	boot_set_fault(b, "tftp-file-not-found", "b");
	j = report_boot_json(b, NULL, 0);
	ck_assert_str_eq(str(j, "command"), "client");
	ck_assert_str_eq(str(j, "verdict"), "tftp-file-not-found");
	ck_assert_str_eq(str(j, "mac"), "52:54:00:00:00:01");
	o = json_array_get(json_object_get(j, "stages"), 0);
	ck_assert_str_eq(str(o, "address"), "10.0.0.1");
	ck_assert_str_eq(str(o, "file_hex"), "626f6f74ff");
	ck_assert_str_eq(str(o, "file_from"), "file field");
	ck_assert(json_is_null(json_object_get(o, "next_server")));
	ck_assert_int_eq(json_integer_value(json_object_get(o, "arch")), 7);
	o = json_object_get(json_object_get(o, "options"), "12");
	ck_assert_int_eq(strncmp(str(o, "hex"), "781b5b33", 8), 0);
	o = json_array_get(json_object_get(j, "stages"), 1);
	ck_assert(json_is_null(json_object_get(o, "server")));
	ck_assert_ptr_null(json_object_get(o, "address"));
	o = json_object_get(j, "loads");
	ck_assert_uint_eq(json_array_size(o), 2);
	ck_assert_str_eq(str(json_array_get(o, 0), "kind"), "ipxe");
	ck_assert_str_eq(str(json_array_get(o, 0), "status"), "ok");
	ck_assert(json_is_null(json_object_get(json_array_get(o, 1),
	    "sha256")));
	ck_assert_int_eq(json_integer_value(json_object_get(
	    json_array_get(o, 1), "status")), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(j, "console")), 1);
	o = json_object_get(j, "events");
	ck_assert_uint_eq(json_array_size(o), b->n_events);
	ck_assert_str_eq(str(json_array_get(o, b->n_events - 3), "text"),
	    "not the console");
	ck_assert_str_eq(str(json_array_get(o, b->n_events - 3), "kind"),
	    "note");
	ck_assert_str_eq(str(json_array_get(o, b->n_events - 1), "kind"),
	    "load");
	o = json_object_get(j, "fault");
	ck_assert_str_eq(str(o, "id"), "tftp-file-not-found");
	ck_assert_str_ne(str(o, "fix"), "");
	ck_assert_int_eq(json_integer_value(json_object_get(o, "stage")), 1);
	dump = json_dumps(j, 0);
	ck_assert_ptr_nonnull(dump);
	no_control(dump);
	free(dump);
	json_decref(j);
	boot_free(b);
}
END_TEST

START_TEST(sizes)
{
	char buf[32];

	ck_assert_str_eq(report_size(0, buf), "0 bytes");
	ck_assert_str_eq(report_size(999, buf), "999 bytes");
	ck_assert_str_eq(report_size(1000, buf), "1.0 kB");
	ck_assert_str_eq(report_size(850528, buf), "850.5 kB");
	ck_assert_str_eq(report_size(8247232, buf), "8.2 MB");
	ck_assert_str_eq(report_size(UINT64_MAX, buf), "18446744.1 TB");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("boot_report");
	TCase *tc = tcase_create("boot_report");

	tcase_add_test(tc, healthy);
	tcase_add_test(tc, instant);
	tcase_add_test(tc, fault_page);
	tcase_add_test(tc, wrapped);
	tcase_add_test(tc, hostile_text);
	tcase_add_test(tc, color);
	tcase_add_test(tc, grows);
	tcase_add_test(tc, json);
	tcase_add_test(tc, sizes);
	suite_add_tcase(s, tc);
	return s;
}
