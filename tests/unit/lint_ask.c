/* lint_ask.c - requests put together from what is said, and exchanges. */
#include "unit.h"

#include "lint_fake.h"
#include "lint/ask.h"
#include "lint/exchange.h"

#include <errno.h>

static const struct say_row {
	const char *name, *value;
	int want;
	uint8_t code;                   /* that it sets; 0: none */
	const char *hex;
} says[] = {
	{ "arch", "7", 0, 93, "0007" },
	{ "arch", "0x10", 0, 93, "0010" },
	{ "arch", "arm64", 0, 93, "000b" },
	{ "arch", "65536", -EINVAL, 0, "" },
	{ "vendor-class", "PXE", 0, 60, "505845" },
	{ "vendor_class", "PXE", 0, 60, "505845" },
	{ "user-class", "iPXE", 0, 77, "69505845" },
	{ "circuit-id", "p1", 0, 82, "01027031" },
	{ "prl", "1,3,66", 0, 55, "010342" },
	{ "prl", "1,x", -EINVAL, 0, "" },
	{ "prl", "0", -EINVAL, 0, "" },
	{ "option", "12=616263", 0, 12, "616263" },
	{ "option", "12=", 0, 12, "" },
	{ "option", "12", -EINVAL, 0, "" },
	{ "option", "255=00", -EINVAL, 0, "" },
	{ "option", "52=01", -EINVAL, 0, "" },
	{ "option", "12=6", -EINVAL, 0, "" },
	{ "persona", "uefi-x64", 0, 93, "0007" },
	{ "persona", "toaster", -EINVAL, 0, "" },
	{ "mac", "02:00:00:00:00:01", 0, 53, "01" },
	{ "mac", "02:00", -EINVAL, 0, "" },
	{ "pxe-port", "true", 0, 53, "03" },
	{ "pxe-port", "perhaps", -EINVAL, 0, "" },
	{ "shoe-size", "44", -ENOENT, 0, "" },
};

START_TEST(said)
{
	const struct say_row *r = &says[_i];
	struct ask a = { .persona = NULL };
	struct diag diag = { .text = "" };
	struct dhcp4_msg msg;
	struct sbuf hex = SBUF_EMPTY;
	const struct dhcp4_opt *o;

	ck_assert_int_eq(ask_set(&a, r->name, r->value, &diag), r->want);
	ck_assert((r->want < 0) == (diag.text[0] != '\0'));
	if (r->want == 0) {
		ck_assert_int_eq(ask_request(&a, &msg), 0);
		o = dhcp4_opt(&msg, r->code);
		ck_assert_ptr_nonnull(o);
		sbuf_hex(&hex, o->data, o->len, "");
		ck_assert_str_eq(sbuf_str(&hex), r->hex);
		sbuf_release(&hex);
		dhcp4_msg_release(&msg);
	}
	ask_release(&a);
}
END_TEST

/* No message type: the request of BOOTP, with all else as it was. */
START_TEST(bootp)
{
	struct ask a = { .persona = NULL };
	struct dhcp4_msg msg;

	ck_assert_int_eq(ask_set(&a, "option", "53=", NULL), 0);
	ck_assert_int_eq(ask_set(&a, "arch", "7", NULL), 0);
	ck_assert_int_eq(ask_request(&a, &msg), 0);
	ck_assert_ptr_null(dhcp4_opt(&msg, DHCP4_OPT_MSG_TYPE));
	ck_assert_ptr_nonnull(dhcp4_opt(&msg, DHCP4_OPT_ARCH));
	dhcp4_msg_release(&msg);
	ask_release(&a);
}
END_TEST

/* Nothing said is a BIOS ROM; options alone are nothing more. */
START_TEST(defaults)
{
	struct ask a = { .persona = NULL };
	struct dhcp4_msg msg;

	ck_assert_int_eq(ask_request(&a, &msg), 0);
	ck_assert_ptr_nonnull(dhcp4_opt(&msg, DHCP4_OPT_UNDI));
	ck_assert_ptr_nonnull(dhcp4_opt(&msg, DHCP4_OPT_PRL));
	dhcp4_msg_release(&msg);
	ck_assert_int_eq(ask_set(&a, "arch", "7", NULL), 0);
	ck_assert_int_eq(ask_request(&a, &msg), 0);
	ck_assert_ptr_null(dhcp4_opt(&msg, DHCP4_OPT_UNDI));
	ck_assert_uint_eq(msg.n_opts, 2);
	dhcp4_msg_release(&msg);
	/* a persona keeps its own, and what is said takes its place once */
	ck_assert_int_eq(ask_set(&a, "persona", "ipxe-bios", NULL), 0);
	ck_assert_int_eq(ask_request(&a, &msg), 0);
	ck_assert_uint_eq(dhcp4_opt(&msg, DHCP4_OPT_ARCH)->len, 2);
	ck_assert_uint_eq(dhcp4_opt(&msg, DHCP4_OPT_ARCH)->data[1], 7);
	ck_assert_uint_eq(dhcp4_opt(&msg, DHCP4_OPT_USER_CLASS)->len, 4);
	dhcp4_msg_release(&msg);
	ask_release(&a);
}
END_TEST

/* What a client takes of an answer, and whether it asks port 4011. */
static const struct exchange_row {
	const char *persona;
	struct fake_row row;
	bool usable, asks_4011, has_file;
} exchanges[] = {
	{ "uefi-x64", { ANY, NULL, NULL, NULL, ANY, .file = "a.efi" },
	    true, false, true },
	{ "uefi-x64", { ANY, NULL, NULL, NULL, ANY, .file = NULL,
	    .class = "x" }, false, false, false },
	{ "uefi-x64", { ANY, NULL, NULL, NULL, ANY, .file = "a.efi",
	    .class = "PXEClient" }, true, true, false },
	{ "ipxe-bios", { ANY, NULL, NULL, NULL, ANY, .file = "a.ipxe",
	    .class = "PXEClient" }, true, false, true },
	{ "intel-bios", { ANY, NULL, NULL, NULL, ANY, .proxy = true,
	    .class = "PXEClient" }, true, true, false },
	{ "uefi-http-x64", { ANY, NULL, NULL, NULL, ANY,
	    .file = "http://a/b.efi" }, false, false, false },
	{ "uefi-http-x64", { ANY, NULL, NULL, NULL, ANY,
	    .file = "http://a/b.efi", .class = "HTTPClient" },
	    true, false, true },
};

START_TEST(exchanged)
{
	const struct exchange_row *r = &exchanges[_i];
	struct fake fake = { .n = 1 };
	struct policy policy = { .answer = fake_answer, .ctx = &fake };
	struct ask a = { .persona = persona_find(r->persona) };
	struct request req = { .server_ip.s_addr = htonl(0xc0000201) };
	struct dhcp4_msg msg;
	struct exchange x;

	fake.row[0] = r->row;
	ck_assert_int_eq(ask_request(&a, &msg), 0);
	req.msg = &msg;
	ck_assert_int_eq(exchange_run(&policy, &req, a.persona, 0, &x,
	    NULL), 0);
	ck_assert_int_eq(x.usable, r->usable);
	ck_assert_int_eq(x.asked_pxe_port, r->asks_4011);
	ck_assert_int_eq(x.has_file, r->has_file);
	ck_assert_uint_eq(fake.n_asked, r->asks_4011 ? 2 : 1);
	exchange_release(&x);
	dhcp4_msg_release(&msg);
	ask_release(&a);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("lint_ask");
	TCase *tc = tcase_create("ask");

	tcase_add_loop_test(tc, said, 0, ARRAY_LEN(says));
	tcase_add_test(tc, bootp);
	tcase_add_test(tc, defaults);
	tcase_add_loop_test(tc, exchanged, 0, ARRAY_LEN(exchanges));
	suite_add_tcase(s, tc);
	return s;
}
