#include "client_packets.h"

#include "base/text.h"
#include "server/rule.h"
#include "wire/dhcp_opt.h"

#include <errno.h>

static const char *const full_root[] = {
	"undionly.kpxe", "ipxe.efi", "snponly-arm64.efi", NULL,
};
static const char *const only_snponly[] = { "snponly.efi", NULL };
static const char *const empty_root[] = { NULL };

static bool
has_file(void *ctx, const char *name)
{
	const char *const *names = ctx;

	for (; *names; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

static struct rule
make_rule(const char *const *root)
{
	union { const char *const *from; void *to; } u = { .from = root };

	return (struct rule){
		.script = "boot.ipxe", .http_port = 80,
		.has_file = has_file, .ctx = u.to,
	};
}

static void
ask(struct rule *r, const char *options, bool pxe_port, struct answer *a)
{
	uint8_t buf[CLIENT_PACKET_MAX];
	size_t len = client_packet(options, 0, buf);
	struct policy p = rule_policy(r);
	struct dhcp4_msg m;
	struct request req = { .msg = &m, .pxe_port = pxe_port };

	ck_assert_int_eq(parse_ipv4("10.0.0.1", &req.server_ip, NULL), 0);
	ck_assert_int_eq(dhcp4_msg_parse(&m, buf, len, NULL), 0);
	answer_init(a);
	ck_assert_int_eq(p.answer(p.ctx, &req, a, NULL), 0);
	dhcp4_msg_release(&m);
}

/* File and server stand in all four places, and say the same. */
static void
check_boot_data(const struct answer *a, const char *file)
{
	char text[300] = "";
	struct in_addr server;
	bool has = dhcp4_get_str(&a->msg, DHCP4_OPT_BOOTFILE, text,
	    sizeof(text));

	ck_assert_int_eq(has, file[0] != '\0');
	ck_assert_str_eq(text, file);
	ck_assert_str_eq((const char *)a->msg.file,
	    strlen(file) < DHCP4_FILE_LEN ? file : "");
	if (!has)
		return;
	ck_assert_int_eq(parse_ipv4("10.0.0.1", &server, NULL), 0);
	ck_assert_uint_eq(a->msg.siaddr.s_addr, server.s_addr);
	ck_assert(dhcp4_get_str(&a->msg, DHCP4_OPT_TFTP_SERVER, text,
	    sizeof(text)));
	ck_assert_str_eq(text, "10.0.0.1");
}

static void
check_class(const struct answer *a, const char *class)
{
	char text[64] = "";

	(void)dhcp4_get_str(&a->msg, DHCP4_OPT_VENDOR_CLASS, text,
	    sizeof(text));
	ck_assert_str_eq(text, class);
}

/* PXE 2.1: sub-option 6 of 43 is 8: use the file. */
static bool
says_use_file(const struct answer *a)
{
	const struct dhcp4_opt *o = dhcp4_opt(&a->msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd v;

	return o && dhcp_sub_find(DHCP_SPACE_PXE, o->data, o->len, 6, &v) &&
	    rd_u8(&v) == 8;
}

static const struct {
	const char *client;
	const char *options;
	enum rule_kind kind;
	int arch;               /* -1: none */
	const char *file;       /* when it gives addresses */
	const char *class;      /* option 60 of that answer */
	const char *fault;
} rows[] = {
	{ "iPXE BIOS", CLIENT_IPXE_BIOS, RULE_IPXE, 0,
	    "http://10.0.0.1/boot.ipxe", "", NULL },
	{ "iPXE EFI", CLIENT_IPXE_EFI, RULE_IPXE, 7,
	    "http://10.0.0.1/boot.ipxe", "", NULL },
	{ "iPXE, class changed by a script: 175 tells",
	    "3501015d020007" "4d0454696e6b" "af03130101" "ff",
	    RULE_IPXE, 7, "http://10.0.0.1/boot.ipxe", "", NULL },
	{ "iPXE class as RFC 3004 writes it", "3501015d0200074d050469505845ff",
	    RULE_IPXE, 7, "http://10.0.0.1/boot.ipxe", "", NULL },
	{ "gPXE", "3501015d0200004d0467505845ff", RULE_IPXE, 0,
	    "http://10.0.0.1/boot.ipxe", "", NULL },
	{ "another class", "3501015d02000060094d0769505845206f66ff", RULE_UBOOT,
	    0, "undionly.kpxe", "", NULL },
	{ "EDK2 x64", CLIENT_EDK2_X64, RULE_PXE, 7, "ipxe.efi", "", NULL },
	{ "EDK2 arm64", CLIENT_EDK2_ARM64, RULE_PXE, 11, "snponly-arm64.efi",
	    "", NULL },
	{ "EDK2 HTTP", CLIENT_EDK2_HTTP, RULE_HTTP, 16,
	    "http://10.0.0.1/ipxe.efi", "HTTPClient", NULL },
	{ "Intel ROM", CLIENT_INTEL_ROM, RULE_PXE, 0, "undionly.kpxe", "",
	    NULL },
	{ "x64 as 9", "3501015d0200093c09505845436c69656e74ff", RULE_PXE, 9,
	    "ipxe.efi", "", NULL },
	{ "no option 93: the decimal text of 60",
	    "3501013c20505845436c69656e743a417263683a30303031313a554e4449"
	    "3a303033303030ff", RULE_PXE, 11, "snponly-arm64.efi", "", NULL },
	{ "neither: BIOS", "3501013c09505845436c69656e74ff", RULE_PXE, 0,
	    "undionly.kpxe", "", NULL },
	{ "two values of 93, the first without a file",
	    "3501015d0400060007" "3c09505845436c69656e74ff", RULE_PXE, 6,
	    "ipxe.efi", "", NULL },
	{ "IA32 has no file here", "3501015d0200063c09505845436c69656e74ff",
	    RULE_PXE, 6, "", "", "arch-not-covered" },
	{ "an unassigned number", "3501015d02ffff3c09505845436c69656e74ff",
	    RULE_PXE, 0xffff, "", "", "arch-not-covered" },
	{ "HTTPClient without architecture",
	    "3501013c0a48545450436c69656e74ff", RULE_HTTP, -1, "", "",
	    "arch-not-covered" },
	{ "U-Boot", CLIENT_UBOOT, RULE_UBOOT, 22, "", "", "arch-not-covered" },
	{ "udhcpc", CLIENT_UDHCPC, RULE_OTHER, -1, "", "", NULL },
	{ "networkd", CLIENT_NETWORKD, RULE_OTHER, -1, "", "", NULL },
	{ "GRUB", CLIENT_GRUB, RULE_OTHER, -1, "", "", NULL },
};

START_TEST(client_is_recognised)
{
	uint8_t buf[CLIENT_PACKET_MAX];
	size_t len = client_packet(rows[_i].options, 0, buf);
	struct rule_client c;
	struct dhcp4_msg m;

	ck_assert_int_eq(dhcp4_msg_parse(&m, buf, len, NULL), 0);
	rule_client_of(&m, &c);
	dhcp4_msg_release(&m);
	ck_assert_msg(c.kind == rows[_i].kind, "%s: kind %d", rows[_i].client,
	    c.kind);
	if (rows[_i].arch < 0)
		ck_assert_uint_eq(c.n_archs, 0);
	else
		ck_assert_int_eq(c.archs[0], rows[_i].arch);
}
END_TEST

START_TEST(client_gets_its_file)
{
	struct rule r = make_rule(full_root);
	struct answer a;

	ask(&r, rows[_i].options, false, &a);
	ck_assert(a.answered);
	ck_assert(!a.is_proxy);
	check_boot_data(&a, rows[_i].file);
	check_class(&a, rows[_i].class);
	/* A plain file needs no 43, and 60 without it sends UEFI to 4011. */
	ck_assert_ptr_null(dhcp4_opt(&a.msg, DHCP4_OPT_VENDOR_ENCAP));
	if (rows[_i].fault) {
		ck_assert_ptr_nonnull(a.fault);
		ck_assert_str_eq(a.fault, rows[_i].fault);
	} else {
		ck_assert_ptr_null(a.fault);
	}
	answer_release(&a);
}
END_TEST

/* What the same clients are told at port 67 and 4011 by a proxy. */
static const struct {
	const char *client;
	const char *options;
	const char *at_67;      /* NULL: silence */
	const char *class_67;
	bool use_file_67;
	const char *at_4011;
	bool use_file_4011;
} proxied[] = {
	{ "iPXE BIOS", CLIENT_IPXE_BIOS, "http://10.0.0.1/boot.ipxe",
	    "PXEClient", true, "http://10.0.0.1/boot.ipxe", true },
	{ "iPXE EFI", CLIENT_IPXE_EFI, "http://10.0.0.1/boot.ipxe",
	    "PXEClient", true, "http://10.0.0.1/boot.ipxe", true },
	{ "EDK2 x64 is sent to 4011", CLIENT_EDK2_X64, "", "PXEClient", false,
	    "ipxe.efi", false },
	{ "EDK2 HTTP", CLIENT_EDK2_HTTP, "http://10.0.0.1/ipxe.efi",
	    "HTTPClient", false, "http://10.0.0.1/ipxe.efi", false },
	{ "Intel ROM", CLIENT_INTEL_ROM, "undionly.kpxe", "PXEClient", true,
	    "undionly.kpxe", true },
	{ "IA32, no file", "3501015d0200063c09505845436c69656e74ff", NULL, "",
	    false, NULL, false },
	{ "U-Boot", CLIENT_UBOOT, NULL, "", false, NULL, false },
	{ "udhcpc", CLIENT_UDHCPC, NULL, "", false, NULL, false },
	{ "networkd", CLIENT_NETWORKD, NULL, "", false, NULL, false },
};

START_TEST(proxy_answers_boot_clients_only)
{
	struct rule r = make_rule(full_root);
	struct answer a;

	r.proxy = true;
	ask(&r, proxied[_i].options, false, &a);
	ck_assert(a.is_proxy);
	ck_assert_int_eq(a.answered, proxied[_i].at_67 != NULL);
	check_boot_data(&a, proxied[_i].at_67 ? proxied[_i].at_67 : "");
	check_class(&a, proxied[_i].class_67);
	ck_assert_int_eq(says_use_file(&a), proxied[_i].use_file_67);
	if (a.answered)
		ck_assert_uint_ne(a.msg.siaddr.s_addr, INADDR_ANY);
	answer_release(&a);

	ask(&r, proxied[_i].options, true, &a);
	ck_assert_int_eq(a.answered, proxied[_i].at_4011 != NULL);
	check_boot_data(&a, proxied[_i].at_4011 ? proxied[_i].at_4011 : "");
	ck_assert_int_eq(says_use_file(&a), proxied[_i].use_file_4011);
	answer_release(&a);
}
END_TEST

/* The value of a sub-option of 175; -1 if it is not there. */
static int
ipxe_option(const struct answer *a, uint8_t code)
{
	const struct dhcp4_opt *o = dhcp4_opt(&a->msg, DHCP4_OPT_IPXE);
	struct rd v;

	if (!o || !dhcp_sub_find(DHCP_SPACE_IPXE, o->data, o->len, code, &v))
		return -1;
	return rd_u8(&v);
}

/*
 * 176: no other server has boot data, so do not wait for one. 1: the server
 * that gives addresses may name a file, and it would win.
 */
START_TEST(ipxe_is_told_whom_to_heed)
{
	struct rule r = make_rule(full_root);
	struct answer a;

	ask(&r, CLIENT_IPXE_EFI, false, &a);
	ck_assert_int_eq(ipxe_option(&a, 176), 1);
	ck_assert_int_eq(ipxe_option(&a, 1), -1);
	answer_release(&a);
	r.proxy = true;
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	ck_assert_int_eq(ipxe_option(&a, 176), -1);
	ck_assert_int_eq(ipxe_option(&a, 1), 1);
	answer_release(&a);
	ask(&r, CLIENT_EDK2_X64, false, &a);
	ck_assert_ptr_null(dhcp4_opt(&a.msg, DHCP4_OPT_IPXE));
	answer_release(&a);
}
END_TEST

START_TEST(script_can_be_elsewhere)
{
	struct rule r = make_rule(full_root);
	char url[201] = "http://";
	struct answer a;

	r.script = "https://boot.example.org/menu.ipxe";
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	check_boot_data(&a, r.script);
	answer_release(&a);
	/* longer than `file` */
	memset(url + 7, 'x', 193);
	r.script = url;
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	check_boot_data(&a, url);
	answer_release(&a);
	r.script = "my menu.ipxe";
	r.http_port = 8080;
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	check_boot_data(&a, "http://10.0.0.1:8080/my%20menu.ipxe");
	answer_release(&a);
	r.script = NULL;
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	ck_assert(a.answered);
	check_boot_data(&a, "");
	ck_assert_ptr_nonnull(a.reasons);
	answer_release(&a);
}
END_TEST

START_TEST(no_chain_leaves_the_loop)
{
	struct rule r = make_rule(full_root);
	struct answer a;

	r.no_chain = true;
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	check_boot_data(&a, "ipxe.efi");
	ck_assert_ptr_nonnull(a.fault);
	ck_assert_str_eq(a.fault, "chainload-loop");
	answer_release(&a);
	r.files[r.n_files++] = (struct rule_file){ 7, "grubx64.efi" };
	ask(&r, CLIENT_IPXE_EFI, false, &a);
	check_boot_data(&a, "grubx64.efi");
	ck_assert_ptr_null(a.fault);
	answer_release(&a);
}
END_TEST

START_TEST(configured_file_wins)
{
	struct rule r = make_rule(full_root);
	struct answer a;

	r.files[0] = (struct rule_file){ 7, "a/shimx64.efi" };
	r.files[1] = (struct rule_file){ 18, "http://elsewhere/arm.efi" };
	r.files[2] = (struct rule_file){ 22, "u-boot.scr" };
	r.n_files = 3;
	ck_assert_str_eq(rule_file(&r, 7), "a/shimx64.efi");
	ck_assert_str_eq(rule_file(&r, 9), "a/shimx64.efi");
	ck_assert_str_eq(rule_file(&r, 16), "a/shimx64.efi");
	ck_assert_str_eq(rule_file(&r, 0), "undionly.kpxe");
	ck_assert_str_eq(rule_file(&r, 18), "http://elsewhere/arm.efi");
	ck_assert_ptr_null(rule_file(&r, 10));  /* TFTP: no use for a URL */
	ask(&r, CLIENT_UBOOT, false, &a);
	check_boot_data(&a, "u-boot.scr");
	answer_release(&a);
	ask(&r, CLIENT_EDK2_HTTP, false, &a);
	check_boot_data(&a, "http://10.0.0.1/a/shimx64.efi");
	answer_release(&a);

	r.files[0].file = "http://elsewhere/x.efi";
	ask(&r, CLIENT_EDK2_X64, false, &a);
	ck_assert_str_eq(a.fault, "http-url-in-pxe-client");
	answer_release(&a);
}
END_TEST

START_TEST(default_is_what_exists)
{
	struct rule r = make_rule(only_snponly);

	ck_assert_str_eq(rule_file(&r, 7), "snponly.efi");
	ck_assert_str_eq(rule_file(&r, 9), "snponly.efi");
	ck_assert_str_eq(rule_file(&r, 16), "snponly.efi");
	ck_assert_ptr_null(rule_file(&r, 0));
	ck_assert_ptr_null(rule_file(&r, 11));
	r = make_rule(empty_root);
	for (unsigned int n = 0; n < 64; n++)
		ck_assert_ptr_null(rule_file(&r, (uint16_t)n));
}
END_TEST

/* The ROM compares the text with three blanks after it. */
START_TEST(raspberry_pi_reads_its_words)
{
	struct rule r = make_rule(full_root);
	struct policy p = rule_policy(&r);
	uint8_t buf[CLIENT_PACKET_MAX];
	static const uint8_t oui[] = { 0xb8, 0x27, 0xeb };
	size_t len = client_packet(CLIENT_INTEL_ROM, 0, buf);
	const struct dhcp4_opt *o;
	struct dhcp4_msg m;
	struct request req = { .msg = &m };
	struct answer a;
	struct rd v;
	struct rd text;

	memcpy(buf + 28, oui, sizeof(oui));
	ck_assert_int_eq(parse_ipv4("10.0.0.1", &req.server_ip, NULL), 0);
	ck_assert_int_eq(dhcp4_msg_parse(&m, buf, len, NULL), 0);
	answer_init(&a);
	ck_assert_int_eq(p.answer(p.ctx, &req, &a, NULL), 0);
	check_class(&a, "PXEClient");
	ck_assert_int_eq(a.msg.file[0], 0);
	ck_assert_uint_eq(a.msg.siaddr.s_addr, req.server_ip.s_addr);
	o = dhcp4_opt(&a.msg, DHCP4_OPT_VENDOR_ENCAP);
	ck_assert_ptr_nonnull(o);
	ck_assert(dhcp_sub_find(DHCP_SPACE_PXE, o->data, o->len, 9, &v));
	ck_assert_uint_eq(rd_u16(&v), 0);
	text = rd_sub(&v, rd_u8(&v));
	ck_assert_uint_eq(text.left, 20);
	ck_assert_mem_eq(text.p, "Raspberry Pi Boot   ", 20);
	ck_assert_uint_eq(v.left, 0);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

START_TEST(url_must_fit)
{
	struct in_addr ip;
	char buf[32];

	ck_assert_int_eq(parse_ipv4("10.0.0.1", &ip, NULL), 0);
	ck_assert_int_eq(rule_url(ip, 80, "/a/b c", buf, sizeof(buf)), 0);
	ck_assert_str_eq(buf, "http://10.0.0.1/a/b%20c");
	ck_assert_int_eq(rule_url(ip, 80, "0123456789abcde", buf,
	    sizeof(buf)), 0);
	ck_assert_int_eq(rule_url(ip, 80, "0123456789abcdef", buf,
	    sizeof(buf)), -EMSGSIZE);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("rule");
	TCase *tc = tcase_create("rule");

	tcase_add_loop_test(tc, client_is_recognised, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, client_gets_its_file, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, proxy_answers_boot_clients_only, 0,
	    ARRAY_LEN(proxied));
	tcase_add_test(tc, ipxe_is_told_whom_to_heed);
	tcase_add_test(tc, script_can_be_elsewhere);
	tcase_add_test(tc, no_chain_leaves_the_loop);
	tcase_add_test(tc, configured_file_wins);
	tcase_add_test(tc, default_is_what_exists);
	tcase_add_test(tc, raspberry_pi_reads_its_words);
	tcase_add_test(tc, url_must_fit);
	suite_add_tcase(s, tc);
	return s;
}
