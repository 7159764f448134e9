/* config.c - which language a configuration is in, told by its content. */
#include "unit.h"

#include "config/config.h"

#include <errno.h>

static const struct guess_row {
	const char *name;
	const char *text;
	enum config_dialect want;
} rows[] = {
	{ "nothing", "", CONFIG_UNKNOWN },
	{ "comments alone", "# subnet 10.0.0.0\n#dhcp-boot=x\n",
	    CONFIG_UNKNOWN },
	{ "a subnet", "subnet 10.0.0.0 netmask 255.0.0.0 {\n}\n", CONFIG_ISC },
	{ "one statement", "next-server 10.0.0.1;", CONFIG_ISC },
	{ "option with =", "option arch code 93 = unsigned integer 16;\n",
	    CONFIG_ISC },
	{ "a host on one line", "host a { filename \"b\"; }\n", CONFIG_ISC },
	{ "a condition", "if exists user-class {\n  filename \"x\";\n} else {\n"
	    "  filename \"y\";\n}\n", CONFIG_ISC },
	{ "CR at the ends", "authoritative;\r\nfilename \"x\";\r\n",
	    CONFIG_ISC },
	{ "an option", "dhcp-boot=pxelinux.0\n", CONFIG_DNSMASQ },
	{ "blanks around", "dhcp-range = 10.0.0.1, 10.0.0.9\n",
	    CONFIG_DNSMASQ },
	{ "flags", "enable-tftp\nbind-interfaces # ours\n", CONFIG_DNSMASQ },
	{ "as on the command line", "--dhcp-boot=pxelinux.0\n",
	    CONFIG_DNSMASQ },
	{ "interface", "interface=eth0\nport=0", CONFIG_DNSMASQ },
	{ "Kea", "{ \"Dhcp4\": { \"next-server\": \"10.0.0.1\" } }\n",
	    CONFIG_KEA },
	{ "Kea behind comments", "# a\n// b\n/* { */\n{\n\"Logging\": {},\n"
	    "\"Dhcp6\": {} }\n", CONFIG_KEA },
	{ "Kea by includes", "{ <?include \"a.json\"?> }", CONFIG_KEA },
	{ "Kea, behind a slash too few", "/ ours\n{ \"Dhcp4\": { } }\n",
	    CONFIG_KEA },
	{ "a comment without end", "/* { \"Dhcp\"", CONFIG_UNKNOWN },
	{ "other JSON", "{ \"a\": [ \"b\" ] }\n", CONFIG_UNKNOWN },
	{ "a quote in another language", "option domain-name \"Dhcp4\";\n",
	    CONFIG_ISC },
	{ "PowerShell", "if ($a) {\n  Write-Host \"x\";\n} else {\n}\n",
	    CONFIG_UNKNOWN },
	{ "words cut short", "filenam", CONFIG_UNKNOWN },
	{ "PowerShell for DHCP", "$s = '10.0.0.0'\nif ($a) {\n"
	    "  Add-DhcpServerv4Class -Name x\n}\n", CONFIG_WINDOWS },
	{ "a dump", "\r\n# ====\r\nDhcp Server \\\\s Add Class \"x\"\r\n",
	    CONFIG_WINDOWS },
	{ "netsh in a batch file", "@echo off\nnetsh dhcp server 1.2.3.4 add "
	    "scope 1.2.3.0 255.255.255.0 x\n", CONFIG_WINDOWS },
	{ "an export", "<?xml version=\"1.0\"?>\n<DHCPServer xmlns=\"x\">\n",
	    CONFIG_WINDOWS },
	{ "UTF-16", "\xff\xfe#", CONFIG_WINDOWS },
	{ "speaking of Windows", "# not the Dhcp Server of Add-DhcpServerv4Scope\n"
	    "dhcp-boot=x\n", CONFIG_DNSMASQ },
};

START_TEST(guesses)
{
	size_t len = strlen(rows[_i].text);
	char *text = unit_heap(rows[_i].text, len);

	ck_assert_msg(config_guess(text, len) == rows[_i].want, "%s: got %s",
	    rows[_i].name, config_dialect_name(config_guess(text, len)));
	free(text);
}
END_TEST

/* Every beginning of a file can be guessed without looking past it. */
START_TEST(prefixes)
{
	static const char text[] = "#c\n} subnet 1.2.3.4 {\n dhcp-boot=x\r\n"
	    "authoritative;\nhost";

	for (size_t len = 0; len < sizeof(text); len++) {
		char *cut = unit_heap(text, len);

		ck_assert(config_guess(cut, len) < CONFIG_N_DIALECTS);
		free(cut);
	}
}
END_TEST

START_TEST(names)
{
	ck_assert_int_eq(config_dialect_find("isc"), CONFIG_ISC);
	ck_assert_int_eq(config_dialect_find("dnsmasq"), CONFIG_DNSMASQ);
	ck_assert_int_eq(config_dialect_find("unknown"), CONFIG_UNKNOWN);
	ck_assert_int_eq(config_dialect_find("ISC"), CONFIG_UNKNOWN);
	for (int d = CONFIG_ISC; d < CONFIG_N_DIALECTS; d++)
		ck_assert_int_eq(config_dialect_find(config_dialect_name(
		    (enum config_dialect)d)), d);
}
END_TEST

/* A text of no known language is not taken for one of them. */
START_TEST(load_refuses_the_unknown)
{
	const char *path = "/dev/null";
	struct config_conf conf = { .paths = &path, .n_paths = 1 };
	struct config *c = NULL;
	struct diag diag = { .text = "" };

	ck_assert_int_eq(config_load(&conf, &c, &diag), -ENOTSUP);
	ck_assert_ptr_null(c);
	ck_assert_ptr_nonnull(strstr(diag.text, "/dev/null"));
	path = "/nonexistent/dhcpd.conf";
	ck_assert_int_eq(config_load(&conf, &c, &diag), -ENOENT);
	ck_assert_ptr_null(c);
	config_free(NULL);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("config");
	TCase *tc = tcase_create("config");

	tcase_add_loop_test(tc, guesses, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, prefixes);
	tcase_add_test(tc, names);
	tcase_add_test(tc, load_refuses_the_unknown);
	suite_add_tcase(s, tc);
	return s;
}
