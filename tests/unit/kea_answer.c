#include "unit.h"

#include "config/kea.h"
#include "wire/dhcp4.h"

#include <arpa/inet.h>
#include <stdio.h>

#define POOL "\"pools\": [ { \"pool\": \"10.0.0.100-10.0.0.200\" } ]"
#define IN4(more) "\"subnet4\": [ { \"id\": 1, \"subnet\": \"10.0.0.0/24\", " \
	POOL more " } ]"
#define FILE_(f) "\"boot-file-name\": \"" f "\""
#define OPT(data) "\"option-data\": [ { \"name\": \"boot-file-name\", " \
	"\"data\": \"" data "\" } ]"
#define CLASS(name, test, more) "{ \"name\": \"" name "\", \"test\": \"" \
	test "\", " more " }"
#define CLASSES(list) "\"client-classes\": [ " list " ], "
#define MAC "52:54:00:00:00:01"
#define HOST(more) ", \"reservations\": [ { \"hw-address\": \"" MAC "\", " \
	more " } ]"

/*
 * Asked by 52:54:00:00:00:01, option 93 0007, user class iPXE, option 60, at
 * 10.0.0.1. Each as kea-dhcp4 2.2.0 answers it.
 */
static const struct {
	const char *name;
	const char *text;
	const char *file;               /* NULL: silence */
	const char *option67;           /* NULL: not sent */
} rows[] = {
	{ "no subnet", FILE_("g"), NULL, NULL },
	{ "no pool", "\"subnet4\": [ { \"subnet\": \"10.0.0.0/24\", \"pools\": [] } ]",
	    NULL, NULL },
	{ "global", FILE_("g") ", " IN4(""), "g", NULL },
	{ "subnet over global", FILE_("g") ", " IN4(", " FILE_("s")), "s", NULL },
	{ "an empty one hides nothing", FILE_("g") ", " IN4(", " FILE_("")), "g",
	    NULL },
	{ "class over subnet", CLASSES(CLASS("a", "option[93].hex == 0x0007",
	    FILE_("c"))) IN4(", " FILE_("s")), "c", NULL },
	{ "but its option is under the subnet's",
	    CLASSES(CLASS("a", "option[93].exists", OPT("c")))
	    IN4(", " OPT("s")), "", "s" },
	{ "option of a class over the global one", OPT("g") ", "
	    CLASSES(CLASS("a", "option[93].exists", OPT("c"))) IN4(""), "",
	    "c" },
	{ "first class", CLASSES(CLASS("a", "option[93].exists", FILE_("1")) ","
	    CLASS("b", "option[93].exists", FILE_("2"))) IN4(""), "1", NULL },
	{ "first that has one", CLASSES(CLASS("a", "option[93].exists",
	    FILE_("")) "," CLASS("b", "option[93].exists", FILE_("2")))
	    IN4(""), "2", NULL },
	{ "host over class", CLASSES(CLASS("a", "option[93].exists",
	    FILE_("c"))) IN4(HOST(FILE_("h"))), "h", NULL },
	{ "classes of a host come before those that were tested",
	    CLASSES("{ \"name\": \"r\", " FILE_("r") " },"
	    CLASS("a", "option[93].exists", FILE_("c")))
	    IN4(HOST("\"client-classes\": [ \"r\" ]")), "r", NULL },
	{ "a class that a reserved one denies", CLASSES("{ \"name\": \"r\" },"
	    CLASS("a", "not member('r')", FILE_("c")))
	    IN4(HOST("\"client-classes\": [ \"r\" ]")), "", NULL },
	{ "known comes last", CLASSES(CLASS("k", "member('KNOWN')", FILE_("k"))
	    "," CLASS("a", "option[93].exists", FILE_("c")))
	    IN4(HOST("\"hostname\": \"x\"")), "c", NULL },
	{ "unknown", CLASSES(CLASS("k", "member('UNKNOWN')", FILE_("u")))
	    IN4(""), "u", NULL },
	{ "vendor's class", CLASSES("{ \"name\": \"VENDOR_CLASS_PXE\", "
	    FILE_("v") " }") IN4(""), "v", NULL },
	{ "only if required, and not", CLASSES(CLASS("a", "option[93].exists",
	    "\"only-if-required\": true, " FILE_("c"))) IN4(""), "", NULL },
	{ "required", CLASSES(CLASS("a", "option[93].exists",
	    "\"only-if-required\": true, " FILE_("c")))
	    IN4(", \"require-client-classes\": [ \"a\" ]"), "c", NULL },
	{ "required, but after all others", CLASSES(CLASS("a",
	    "option[93].exists", "\"only-if-required\": true, " FILE_("c")) ","
	    CLASS("b", "option[93].exists", FILE_("b")))
	    IN4(", \"require-client-classes\": [ \"a\" ]"), "b", NULL },
	{ "member of one that is tested later", CLASSES(CLASS("a",
	    "option[93].exists", "\"only-if-required\": true, " FILE_("c")) ","
	    CLASS("b", "member('a')", FILE_("b")))
	    IN4(", \"require-client-classes\": [ \"a\" ]"), "c", NULL },
	{ "no test", CLASSES("{ \"name\": \"a\", " FILE_("c") " }")
	    IN4(", \"require-client-classes\": [ \"a\" ]"), "", NULL },
	{ "dropped", CLASSES(CLASS("DROP", "option[93].exists", FILE_("c")))
	    IN4(""), NULL, NULL },
	{ "guard of the subnet", CLASSES(CLASS("a", "option[1].exists",
	    FILE_("c"))) IN4(", \"client-class\": \"a\""), NULL, NULL },
	{ "guard of the pool", "\"subnet4\": [ { \"subnet\": \"10.0.0.0/24\", "
	    "\"pools\": [ { \"pool\": \"10.0.0.9/32\", \"client-class\": "
	    "\"KNOWN\" } ] } ]", NULL, NULL },
	{ "pools by address", "\"subnet4\": [ { \"subnet\": \"10.0.0.0/24\", "
	    "\"pools\": [ { \"pool\": \"10.0.0.9/32\", " OPT("9") " }, "
	    "{ \"pool\": \"10.0.0.5/32\", " OPT("5") " } ] } ]", "", "5" },
	{ "option of the pool over the subnet's", "\"subnet4\": [ { "
	    "\"subnet\": \"10.0.0.0/24\", \"pools\": [ { \"pool\": "
	    "\"10.0.0.9/32\", " OPT("p") " } ], " OPT("s") " } ]", "", "p" },
	{ "a reserved address is nobody else's", "\"subnet4\": [ { "
	    "\"subnet\": \"10.0.0.0/24\", \"pools\": [ { \"pool\": "
	    "\"10.0.0.9/32\" } ], \"reservations\": [ { \"hw-address\": "
	    "\"52:54:00:00:00:02\", \"ip-address\": \"10.0.0.9\" } ] } ]",
	    NULL, NULL },
	{ "second subnet of a network", "\"shared-networks\": [ { \"name\": "
	    "\"n\", \"subnet4\": [ { \"id\": 1, \"subnet\": \"10.0.0.0/24\" }, "
	    "{ \"id\": 2, \"subnet\": \"10.0.2.0/24\", \"pools\": [ { \"pool\": "
	    "\"10.0.2.9/32\" } ], " FILE_("2") " } ] } ]", "2", NULL },
	{ "of a network", "\"shared-networks\": [ { \"name\": \"n\", " FILE_("n")
	    ", " IN4("") " } ]", "n", NULL },
	{ "two in one level: the later", "\"option-data\": [ { \"name\": "
	    "\"boot-file-name\", \"data\": \"1\" }, { \"name\": "
	    "\"boot-file-name\", \"data\": \"2\" } ], " IN4(""), "", "2" },
	{ "a name of 128 bytes fills the field", FILE_(
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123")
	    ", " IN4(""),
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "0123456789012345678901234567890123456789012345678901234567890123",
	    NULL },
};

static void
make_request(struct dhcp4_msg *m)
{
	static const uint8_t prl[] = { 1, 3, 6, 43, 60, 66, 67 };

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	memcpy(m->chaddr, "\x52\x54\0\0\0\1", 6);
	ck_assert_int_eq(dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, DHCP4_DISCOVER), 0);
	ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS, "PXE"), 0);
	ck_assert_int_eq(dhcp4_add_u16(m, DHCP4_OPT_ARCH, 7), 0);
	ck_assert_int_eq(dhcp4_add(m, DHCP4_OPT_PRL, prl, sizeof(prl)), 0);
	ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_USER_CLASS, "iPXE"), 0);
}

static void *
load(const char *inside)
{
	struct sbuf b = SBUF_EMPTY;
	struct diag d = { .text = "" };
	void *tree = NULL;

	sbuf_printf(&b, "{ \"Dhcp4\": { %s } }", inside);
	ck_assert_msg(kea_parse("t.conf", sbuf_str(&b), b.len, NULL, &tree,
	    &d) == 0, "%u:%u %s\n%s", d.line, d.column, d.text, sbuf_str(&b));
	sbuf_release(&b);
	return tree;
}

static void
ask(const char *inside, struct dhcp4_msg *m, struct answer *a)
{
	struct request req = { .msg = m, .server_ip.s_addr = htonl(0x0a000001) };
	void *tree = load(inside);
	struct diag d;

	answer_init(a);
	ck_assert_int_eq(kea_ops.answer(tree, &req, a, &d), 0);
	kea_ops.free(tree);
}

START_TEST(file_and_option)
{
	const struct dhcp4_opt *o;
	struct dhcp4_msg m;
	struct answer a;
	char file[DHCP4_FILE_LEN + 1] = "";

	make_request(&m);
	ask(rows[_i].text, &m, &a);
	ck_assert_msg(a.answered == (rows[_i].file != NULL), "%s",
	    rows[_i].name);
	ck_assert(a.reasons);
	memcpy(file, a.msg.file, DHCP4_FILE_LEN);
	if (rows[_i].file)
		ck_assert_msg(strcmp(file, rows[_i].file) == 0, "%s: %s",
		    rows[_i].name, file);
	o = dhcp4_opt(&a.msg, DHCP4_OPT_BOOTFILE);
	ck_assert_msg((o != NULL) == (rows[_i].option67 != NULL), "%s",
	    rows[_i].name);
	if (o)
		ck_assert_msg(o->len == strlen(rows[_i].option67) &&
		    memcmp(o->data, rows[_i].option67, o->len) == 0, "%s",
		    rows[_i].name);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

/* Options of the answer besides 53, 1 and 54. */
static const struct {
	const char *name;
	const char *text;
	uint8_t code;
	const char *hex;                /* NULL: not sent */
} options[] = {
	{ "asked for", "{ \"name\": \"tftp-server-name\", \"data\": \"t\" }",
	    66, "74" },
	{ "not asked for", "{ \"name\": \"root-path\", \"data\": \"r\" }", 17,
	    NULL },
	{ "sent always", "{ \"name\": \"root-path\", \"data\": \"r\", "
	    "\"always-send\": true }", 17, "72" },
	{ "basic", "{ \"name\": \"domain-name\", \"data\": \"d\" }", 15, "64" },
	{ "the mask is the subnet's", "{ \"name\": \"subnet-mask\", \"data\": "
	    "\"255.0.0.0\" }", 1, "ffffff00" },
	{ "server identifier", "{ \"name\": \"dhcp-server-identifier\", "
	    "\"data\": \"10.0.0.7\" }", 54, "0a000007" },
	{ "43 of its space", "{ \"name\": \"vendor-encapsulated-options\" }, "
	    "{ \"code\": 6, \"space\": \"vendor-encapsulated-options-space\", "
	    "\"data\": \"08\", \"csv-format\": false }", 43, "060108" },
	{ "no 43 without itself", "{ \"code\": 6, \"space\": "
	    "\"vendor-encapsulated-options-space\", \"data\": \"08\", "
	    "\"csv-format\": false }", 43, NULL },
	{ "text that looks like hex", "{ \"name\": \"tftp-server-name\", "
	    "\"data\": \"0x74\" }", 66, "30783734" },
	{ "nobody's code", "{ \"code\": 60, \"csv-format\": false, \"data\": "
	    "\"505845\" }", 60, "505845" },
};

START_TEST(option_of_the_answer)
{
	const struct dhcp4_opt *o;
	struct sbuf b = SBUF_EMPTY, hex = SBUF_EMPTY;
	struct dhcp4_msg m;
	struct answer a;

	make_request(&m);
	sbuf_printf(&b, "\"option-data\": [ %s ], " IN4(""), options[_i].text);
	ask(sbuf_str(&b), &m, &a);
	ck_assert(a.answered);
	o = dhcp4_opt(&a.msg, options[_i].code);
	ck_assert_msg((o != NULL) == (options[_i].hex != NULL), "%s",
	    options[_i].name);
	if (o)
		sbuf_hex(&hex, o->data, o->len, "");
	ck_assert_msg(!o || strcmp(sbuf_str(&hex), options[_i].hex) == 0,
	    "%s: %s", options[_i].name, sbuf_str(&hex));
	sbuf_release(&hex);
	sbuf_release(&b);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

START_TEST(next_server)
{
	static const struct { const char *text, *want; } servers[] = {
		{ "\"next-server\": \"10.0.0.9\", " IN4(""), "10.0.0.9" },
		{ "\"next-server\": \"10.0.0.9\", "
		    IN4(", \"next-server\": \"0.0.0.0\""), "0.0.0.0" },
		{ "\"next-server\": \"10.0.0.9\", "
		    IN4(", \"next-server\": \"\""), "10.0.0.9" },
		{ CLASSES(CLASS("a", "option[93].exists",
		    "\"next-server\": \"0.0.0.0\""))
		    IN4(", \"next-server\": \"10.0.0.8\""), "10.0.0.8" },
	};
	char text[INET_ADDRSTRLEN];
	struct dhcp4_msg m;
	struct answer a;
	size_t i;

	for (i = 0; i < ARRAY_LEN(servers); i++) {
		make_request(&m);
		ask(servers[i].text, &m, &a);
		ck_assert(inet_ntop(AF_INET, &a.msg.siaddr, text, sizeof(text)));
		ck_assert_str_eq(text, servers[i].want);
		answer_release(&a);
		dhcp4_msg_release(&m);
	}
}
END_TEST

START_TEST(because_has_the_lines)
{
	const struct reason *r;
	bool test = false, file = false;
	struct dhcp4_msg m;
	struct answer a;

	make_request(&m);
	ask(CLASSES("\n{ \"name\": \"a\",\n\"test\": \"option[93].exists\",\n"
	    FILE_("c") " }") IN4(""), &m, &a);
	for (r = a.reasons; r; r = r->next) {
		test = test || (r->line == 3 && text_starts(r->text, "true: "));
		file = file || (r->line == 4 && strstr(r->text, FILE_("c")));
	}
	ck_assert(test && file);
	answer_release(&a);
	dhcp4_msg_release(&m);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("kea_answer");
	TCase *tc = tcase_create("kea_answer");

	tcase_add_loop_test(tc, file_and_option, 0, (int)ARRAY_LEN(rows));
	tcase_add_loop_test(tc, option_of_the_answer, 0,
	    (int)ARRAY_LEN(options));
	tcase_add_test(tc, next_server);
	tcase_add_test(tc, because_has_the_lines);
	suite_add_tcase(s, tc);
	return s;
}
