#include "unit.h"

#include "report/json.h"
#include "report/serve.h"

#include <stdio.h>

static const struct {
	const char *name;
	struct serve_event ev;
	const char *text;       /* after the time */
	const char *json;       /* the keys that are the event's own */
} rows[] = {
	{ "an offer", { .kind = SERVE_DHCP, .has_mac = true,
	    .mac = { 0x52, 0x54, 0, 1, 2, 3 }, .ip.s_addr = 0x0500000a,
	    .file = "ipxe.efi", .text = "DISCOVER -> OFFER", .type = 1,
	    .reply = 2, .has_arch = true, .arch = 7 },
	    "dhcp 52:54:00:01:02:03 DISCOVER -> OFFER\n",
	    "{\"event\":\"dhcp\",\"mac\":\"52:54:00:01:02:03\","
	    "\"ip\":\"10.0.0.5\",\"arch\":7,\"arch_name\":\"x64 UEFI\","
	    "\"file\":\"ipxe.efi\",\"type\":\"DISCOVER\",\"reply\":\"OFFER\","
	    "\"text\":\"DISCOVER -> OFFER\"}" },
	{ "silence with a fault", { .kind = SERVE_DHCP, .file = "",
	    .fault = "dhcp-pool-exhausted", .text = "DISCOVER: none left",
	    .type = 1 },
	    "dhcp DISCOVER: none left [dhcp-pool-exhausted]\n",
	    "{\"event\":\"dhcp\",\"type\":\"DISCOVER\","
	    "\"fault\":\"dhcp-pool-exhausted\","
	    "\"text\":\"DISCOVER: none left\"}" },
	{ "a file", { .kind = SERVE_TFTP, .ip.s_addr = 0x0500000a,
	    .file = "ipxe.efi", .text = "sent", .bytes = 1000,
	    .duration_s = 0.5 },
	    "tftp 10.0.0.5 ipxe.efi: sent, 1000 bytes in 0.50 s\n",
	    "{\"event\":\"tftp\",\"ip\":\"10.0.0.5\",\"file\":\"ipxe.efi\","
	    "\"failed\":false,\"bytes\":1000,\"duration_s\":0.5,"
	    "\"text\":\"sent\"}" },
	{ "bytes that are no text", { .kind = SERVE_HTTP, .failed = true,
	    .ip.s_addr = 0x0500000a, .file = "/\xff\x1b[31m", .status = 404,
	    .text = "GET 404" },
	    "http 10.0.0.5 /\\xff\\x1b[31m: GET 404\n",
	    "{\"event\":\"http\",\"ip\":\"10.0.0.5\","
	    "\"file_hex\":\"2fff1b5b33316d\",\"failed\":true,\"bytes\":0,"
	    "\"duration_s\":0.0,\"status\":404,\"text\":\"GET 404\"}" },
};

START_TEST(event_as_text)
{
	struct sbuf b = SBUF_EMPTY;
	struct serve_event ev = rows[_i].ev;

	report_serve_event(&ev, false, &b);
	ck_assert_uint_gt(b.len, 9);
	ck_assert_str_eq(sbuf_str(&b) + 9, rows[_i].text);
	sbuf_release(&b);
}
END_TEST

START_TEST(event_as_json)
{
	struct sbuf b = SBUF_EMPTY;
	struct serve_event ev = rows[_i].ev;
	json_t *want = json_loads(rows[_i].json, 0, NULL);
	json_t *got;

	ev.time = 1234.5;
	report_serve_event(&ev, true, &b);
	got = json_loads(sbuf_str(&b), 0, NULL);
	ck_assert_ptr_nonnull(want);
	ck_assert_ptr_nonnull(got);
	ck_assert_int_eq(json_integer_value(json_object_get(got, "schema")),
	    REPORT_SCHEMA);
	ck_assert_str_eq(json_string_value(json_object_get(got, "command")),
	    "serve");
	ck_assert(json_real_value(json_object_get(got, "time")) == 1234.5);
	(void)json_object_del(got, "schema");
	(void)json_object_del(got, "command");
	(void)json_object_del(got, "version");
	(void)json_object_del(got, "time");
	ck_assert_msg(json_equal(want, got), "%s: %s", rows[_i].name,
	    sbuf_str(&b));
	/* one line */
	ck_assert_ptr_eq(strchr(sbuf_str(&b), '\n'),
	    sbuf_str(&b) + b.len - 1);
	json_decref(want);
	json_decref(got);
	sbuf_release(&b);
}
END_TEST

static bool
has_file(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "ipxe.efi") == 0;
}

START_TEST(start_lists_what_boots)
{
	const struct serve_conf c = { .iface = { .name = "eth0" } };
	struct rule r = { .has_file = has_file };
	struct sbuf b = SBUF_EMPTY;
	json_t *j;
	json_t *files;

	ck_assert_uint_eq(report_serve_start(&c, &r, true, &b), 2);
	j = json_loads(sbuf_str(&b), 0, NULL);
	files = json_object_get(j, "files");
	ck_assert_uint_eq(json_array_size(files), 2);   /* x64 is 7 and 9 */
	ck_assert_str_eq(json_string_value(json_object_get(
	    json_array_get(files, 0), "file")), "ipxe.efi");
	json_decref(j);
	sbuf_release(&b);
}
END_TEST

START_TEST(stop_counts)
{
	const struct serve_stats st = { .offers = 3, .http_bytes = 1u << 31 };
	struct sbuf b = SBUF_EMPTY;
	json_t *stats;
	json_t *j;

	report_serve_stop(&st, true, &b);
	j = json_loads(sbuf_str(&b), 0, NULL);
	stats = json_object_get(j, "stats");
	ck_assert_int_eq(json_integer_value(json_object_get(stats, "offers")),
	    3);
	ck_assert_int_eq(json_integer_value(json_object_get(stats,
	    "http_bytes")), 1ll << 31);
	json_decref(j);
	sbuf_release(&b);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("report_serve");
	TCase *tc = tcase_create("report_serve");

	tcase_add_loop_test(tc, event_as_text, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, event_as_json, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, start_lists_what_boots);
	tcase_add_test(tc, stop_counts);
	suite_add_tcase(s, tc);
	return s;
}
