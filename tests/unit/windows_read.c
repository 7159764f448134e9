/*
 * windows_read.c - the three forms: what is understood, what is a gap and
 * where, what is refused, and what is remarked.
 */
#include "windows_make.h"

#include <errno.h>

#define SCOPE "Add-DhcpServerv4Scope -Name n -StartRange 10.0.0.100 " \
    "-EndRange 10.0.0.200 -SubnetMask 255.255.255.0\n"
#define SET "Set-DhcpServerv4OptionValue -ScopeId 10.0.0.0 -OptionId 67 -Value "
#define DUMP "Dhcp Server \\\\s add scope 10.0.0.0 255.255.255.0 \"n\" \"\"\n" \
    "Dhcp Server \\\\s Scope 10.0.0.0 Add iprange 10.0.0.9 10.0.0.90\n"
#define XML(inside) "<DHCPServer xmlns=\"urn:x\"><IPv4 xmlns=\"\">" inside \
    "</IPv4></DHCPServer>"
#define XSCOPE(inside) "<Scopes><Scope><ScopeId>10.0.0.0</ScopeId>" \
    "<SubnetMask>255.255.255.0</SubnetMask><StartRange>10.0.0.9</StartRange>" \
    "<EndRange>10.0.0.90</EndRange>" inside "</Scope></Scopes>"
#define XFILE(f) "<OptionValues><OptionValue><OptionId>67</OptionId><Value>" \
    f "</Value><VendorClass /><UserClass /></OptionValue></OptionValues>"
#define PXE "PXEClient:Arch:00007:UNDI:003016"

/* Asked by 52:54:00:00:00:01, a UEFI x64 machine with user class iPXE. */
static const struct read_row {
	const char *name;
	const char *text;
	const char *file;               /* NULL: silence */
	unsigned int gap;               /* line of the first gap; 0: of 66, 67 */
} rows[] = {
	/* PowerShell */
	{ "single quotes", SCOPE SET "'a $x `n'", "a $x `n", 0 },
	{ "a quote in quotes", SCOPE SET "'it''s'", "it's", 0 },
	{ "interpolation", "$x = 'b'\n" SCOPE SET "\"a$x-${x}c\"", "ab-bc", 0 },
	{ "a member in text", "$x = @{ n = 'm' }\n" SCOPE SET "\"a$($x.n)\"",
	    "am", 0 },
	{ "escapes", SCOPE SET "\"a`\"b`$c\"", "a\"b$c", 0 },
	{ "no quotes", SCOPE SET "boot\\x64\\w.efi", "boot\\x64\\w.efi", 0 },
	{ "a variable in a bare word", "$x = 'b'\n" SCOPE SET "a/$x", "a/b", 0 },
	{ "here-string", SCOPE "$f = @'\nit's $x\n'@\n" SET "$f", "it's $x", 0 },
	{ "here-string that expands", "$x = 'y'\n$f = @\"\na\"$x\n\"@\n" SCOPE
	    SET "$f", "a\"y", 0 },
	{ "a line that goes on", SCOPE
	    "Set-DhcpServerv4OptionValue `\n -ScopeId 10.0.0.0 `\r\n"
	    " -OptionId 067 -Value f\n", "f", 0 },
	{ "comments", SCOPE "<# " SET "x\n #> # " SET "y\n" SET "f # z", "f", 0 },
	{ "splatting", SCOPE "$p = @{ ScopeId = '10.0.0.0'; OptionId = 67\n"
	    "Value = 'f' }\nSet-DhcpServerv4OptionValue @p", "f", 0 },
	{ "the beginning of a name, with a colon", SCOPE
	    "set-dhcpserverv4optionvalue -Scope:10.0.0.0 -Opt 67 -Val f", "f", 0 },
	{ "by position", "Add-DhcpServerv4Scope 10.0.0.9 10.0.0.20 n "
	    "255.255.255.0\n" SET "f", "f", 0 },
	{ "typographic dashes and blanks", SCOPE "Set-DhcpServerv4OptionValue "
	    "\xe2\x80\x93ScopeId\xc2\xa0" "10.0.0.0 \xe2\x80\x93OptionId 67 "
	    "\xe2\x80\x93Value \xe2\x80\x9c" "f\xe2\x80\x9d", "f", 0 },
	{ "foreach", SCOPE "foreach ($f in 'a','b') { " SET "$f }", "b", 0 },
	{ "pipe into a block", SCOPE "'a','b' | % { " SET "$_ }", "b", 0 },
	{ "a return ends its block alone", SCOPE "'a','b' | % { if ($_ -eq 'a') "
	    "{ return }\n" SET "$_ }", "b", 0 },
	{ "and one of the script ends it", SCOPE SET "f\nreturn\n" SET "g",
	    "f", 0 },
	{ "a class set anew", "Add-DhcpServerv4Class i User x\n"
	    "Set-DhcpServerv4Class -Name i -Type User -Data iPXE\n" SCOPE
	    "Add-DhcpServerv4Policy p Or -ScopeId 10.0.0.0 -UserClass EQ,i\n"
	    "Set-DhcpServerv4OptionValue -ScopeId 10.0.0.0 -PolicyName p "
	    "-OptionId 67 -Value f", "f", 0 },
	{ "for", SCOPE "for ($i = 0; $i -lt 3; $i++) { " SET "\"f$i\" }",
	    "f2", 0 },
	{ "a condition that is known", SCOPE "$a = 2\nif ($a -eq 1) { " SET
	    "x } elseif ($a -gt 1) { " SET "y } else { " SET "z }", "y", 0 },
	{ "switch", SCOPE "switch ('b') { a { " SET "1 } b { " SET "2 } "
	    "default { " SET "3 } }", "2", 0 },
	{ "+ and -f", "$n = 'a' + 1\n" SCOPE SET "('{0}-{1}' -f $n, 'c')",
	    "a1-c", 0 },
	{ "a table of comma values", "$t = @\"\nN,F\nx,\"\"\"a,b\"\"\"\ny,c\n\"@ "
	    "| ConvertFrom-Csv\n" SCOPE "foreach ($i in $t) { " SET "$i.F }",
	    "c", 0 },
	{ "what is there already", SCOPE "if (!(Get-DhcpServerv4OptionValue "
	    "-ScopeId 10.0.0.0 -OptionId 67)) { " SET "f }", "f", 0 },
	{ "a block for another computer", "$x = 'f'\n" SCOPE
	    "Invoke-Command -ComputerName s { " SET "$using:x }", "f", 0 },
	{ "netsh within", SCOPE "netsh dhcp server \\\\s scope 10.0.0.0 set "
	    "optionvalue 67 STRING \"f\"", "f", 0 },
	{ "removed again", SCOPE SET "f\nRemove-DhcpServerv4OptionValue "
	    "-ScopeId 10.0.0.0 -OptionId 67\n", "", 0 },
	{ "UTF-8 mark", "\xef\xbb\xbf" SCOPE SET "f", "f", 0 },
	{ "input of the run", SCOPE "$f = Read-Host x\n" SET "$f", "", 3 },
	{ "a condition of the run", SCOPE "if (Test-Path x) {\n" SET "f }", "", 3 },
	{ "a loop over what is read", SCOPE "Import-Csv x | % {\n" SET "$_ }",
	    "", 2 },
	{ "do and while", SCOPE "do {\n" SET "f\n} while ($false)\n", "f", 3 },
	{ "a function", SCOPE "function F {\n" SET "f }\nF", "f", 0 },
	{ "its parameters, by name, by place and by default", SCOPE
	    "function F($a, [string]$b = 'y', [switch]$s) { " SET
	    "\"$a-$b-$s\" }\nF x -s\n", "x-y-True", 0 },
	{ "param within, and a name's beginning", SCOPE "function Set-It {\n"
	    "[CmdletBinding()] param([Parameter(Mandatory)] [string]$File, $b)\n"
	    SET "$File$b }\nSet-It z -Fi x\n", "xz", 0 },
	{ "its variables are its own", SCOPE "$x = 'o'\nfunction F { $x = 'i' }\n"
	    "F\n" SET "$x", "o", 0 },
	{ "but for the script's", SCOPE "$x = 'o'\nfunction F { $script:x = 'i' }\n"
	    "F\n" SET "$x", "i", 0 },
	{ "what it returns", SCOPE "function F($a) { return \"f$a\"; 'x' }\n" SET
	    "(F 1)", "f1", 0 },
	{ "a function that calls itself", SCOPE "function F {\n" SET "f\nF }\nF\n",
	    "f", 4 },
	{ "an argument of the run", SCOPE "function F($a) {\n" SET "$a }\n"
	    "F (Read-Host x)\n", "", 3 },
	{ "set in a part that may be done", SCOPE "$x = 'a'\nif (Test-Path y) { "
	    "$x = 'b' }\n" SET "$x", "", 4 },
	{ "a policy removed again", SCOPE "Add-DhcpServerv4Policy p Or -ScopeId "
	    "10.0.0.0 -MacAddress EQ,52*\nSet-DhcpServerv4OptionValue -ScopeId "
	    "10.0.0.0 -PolicyName p -OptionId 67 -Value f\n" SET "g\n"
	    "Remove-DhcpServerv4Policy -Name p -ScopeId 10.0.0.0\n", "g", 0 },
	{ "a command that is not followed", SCOPE
	    "Import-DhcpServer -File x.xml\n", "", 2 },
	{ "a splat of the run", SCOPE "$p = Get-Content x\n"
	    "Set-DhcpServerv4OptionValue @p", "", 3 },
	{ "after catch", SCOPE "try { x } catch {\n" SET "f }", "", 3 },
	{ "a scope that is not defined", SET "f", "f", 1 },
	{ "policy twice", SCOPE "Add-DhcpServerv4Policy p Or -MacAddress EQ,52*\n"
	    "Add-DhcpServerv4Policy p Or -MacAddress EQ,53*\n", "", 3 },
	{ "a class that is not defined", SCOPE
	    "Add-DhcpServerv4Policy p Or -UserClass EQ,nobody\n", "", 2 },

	/* netsh */
	{ "dump", DUMP "Dhcp Server \\\\s Scope 10.0.0.0 set optionvalue 67 "
	    "STRING \"a b\"", "a b", 0 },
	{ "dump of a version with v4", "netsh dhcp server v4 add scope 10.0.0.0 "
	    "255.255.255.0 n\nnetsh dhcp server v4 scope 10.0.0.0 add iprange "
	    "10.0.0.9 10.0.0.90\nnetsh dhcp server v4 set optionvalue 67 STRING f",
	    "f", 0 },
	{ "a path that ends in a backslash", DUMP "Dhcp Server \\\\s set "
	    "optionvalue 67 STRING \"a\\\" \n", "a\\", 0 },
	{ "user class", "Dhcp Server 1.2.3.4 Add Class \"my iPXE\" \"c\" 69505845 "
	    "0 b\n" DUMP "Dhcp Server \\\\s set optionvalue 67 STRING "
	    "user=\"my iPXE\" \"f\"\r\nDhcp Server \\\\s set optionvalue 67 "
	    "STRING \"g\"\r\n", "f", 0 },
	{ "inactive", DUMP "Dhcp Server \\\\s Scope 10.0.0.0 set state 0\n",
	    NULL, 1 },
	{ "reservation", DUMP "Dhcp Server \\\\s Scope 10.0.0.0 Add reservedip "
	    "10.0.0.7 525400000001 \"h\" \"\" \"BOTH\"\nDhcp Server \\\\s Scope "
	    "10.0.0.0 set reservedoptionvalue 10.0.0.7 67 STRING \"h.efi\"\n",
	    "h.efi", 0 },
	{ "deny", DUMP "Dhcp Server \\\\s add filter deny 52-54-00-* \"\"\n"
	    "Dhcp Server \\\\s set filter EnforceDenyList=1\n", NULL, 0 },
	{ "not followed", DUMP "Dhcp Server \\\\s add policy x\n", "", 3 },

	/* XML */
	{ "export", XML(XSCOPE(XFILE("f"))), "f", 0 },
	{ "the server's own values", XML(XFILE("s") XSCOPE("")), "s", 0 },
	{ "references of characters", XML(XSCOPE(XFILE("a&amp;&#98;"))), "a&b", 0 },
	{ "policy", XML("<Classes><Class><Name>i</Name><Type>User</Type>"
	    "<Data>iPXE</Data></Class></Classes>" XSCOPE("<Policies><Policy>"
	    "<Name>p</Name><ProcessingOrder>1</ProcessingOrder><Enabled>true"
	    "</Enabled><Condition>OR</Condition><UserClass>EQ</UserClass>"
	    "<UserClass>i</UserClass>" XFILE("p.efi") "</Policy></Policies>"
	    XFILE("f"))), "p.efi", 0 },
	{ "reservation in XML", XML(XSCOPE(XFILE("f") "<Reservations><Reservation>"
	    "<Name>h</Name><IPAddress>10.0.0.7</IPAddress><ClientId>"
	    "52-54-00-00-00-01</ClientId>" XFILE("h.efi")
	    "</Reservation></Reservations>")), "h.efi", 0 },
	{ "all excluded", XML(XSCOPE("<ExclusionRanges><IPRange><StartRange>"
	    "10.0.0.1</StartRange><EndRange>10.0.0.99</EndRange></IPRange>"
	    "</ExclusionRanges>")), NULL, 0 },
	{ "IPv6 is left alone", "<DHCPServer><IPv6><Scopes><Scope><Name>x</Name>"
	    "</Scope></Scopes></IPv6><IPv4>" XSCOPE(XFILE("f"))
	    "</IPv4></DHCPServer>", "f", 0 },
};

static const struct windows_ask who = { .vendor = PXE, .user = "iPXE",
    .mac = 1 };

/* The first gap that is not the one that every boot file has. */
static unsigned int
first_gap(void *tree)
{
	size_t n;
	const struct config_gap *g = windows_ops.gaps(tree, &n);

	for (size_t i = 0; i < n; i++) {
		if (!strstr(g[i].text, "Microsoft does not document"))
			return g[i].pos.line;
	}
	return 0;
}

static void
check_row(const struct read_row *row, void *tree)
{
	struct answer a;

	windows_asked(tree, &who, &a);
	ck_assert_msg(a.answered == (row->file != NULL), "%s", row->name);
	if (row->file)
		ck_assert_msg(strcmp((char *)a.msg.file, row->file) == 0,
		    "%s: %s", row->name, (char *)a.msg.file);
	ck_assert_msg(first_gap(tree) == row->gap, "%s: gap in line %u",
	    row->name, first_gap(tree));
	answer_release(&a);
}

START_TEST(understood)
{
	void *tree = windows_tree_of(rows[_i].text);

	check_row(&rows[_i], tree);
	windows_ops.free(tree);
}
END_TEST

/* The same, as Windows writes what is redirected. */
START_TEST(understood_as_utf16)
{
	const char *text = rows[_i].text;
	size_t len = 2;
	char *wide = calloc(strlen(text) + 1, 2);
	struct diag d;
	void *tree = NULL;

	ck_assert(wide != NULL);
	memcpy(wide, "\xff\xfe", 2);
	for (; *text && !(*text & 0x80); text++, len += 2)
		wide[len] = *text;
	if (!*text) {
		ck_assert_int_eq(windows_parse("t", wide, len, &tree, &d), 0);
		check_row(&rows[_i], tree);
		windows_ops.free(tree);
	}
	free(wide);
}
END_TEST

/* Every beginning is read or refused without looking past its end. */
START_TEST(prefixes)
{
	size_t all = strlen(rows[_i].text);

	for (size_t len = 0; len < all; len++) {
		char *cut = unit_heap(rows[_i].text, len);
		struct diag d;
		void *tree = NULL;

		if (windows_parse("t", cut, len, &tree, &d) == 0)
			windows_ops.free(tree);
		else
			ck_assert(tree == NULL && d.text[0] && d.line > 0);
		free(cut);
	}
}
END_TEST

static const struct {
	const char *name;
	const char *text;
	unsigned int line;
} refused[] = {
	{ "not closed", "<DHCPServer>\n<IPv4>", 2 },
	{ "another export", "<x/>", 1 },
	{ "an entity", "<!DOCTYPE DHCPServer [\n<!ENTITY a \"b\">]>\n"
	    "<DHCPServer>&a;</DHCPServer>", 2 },
	{ "mismatch", "<DHCPServer>\n</IPv4>", 2 },
};

START_TEST(refuses)
{
	struct diag d = { .text = "" };
	void *tree = NULL;
	int rc = windows_parse("t", refused[_i].text, strlen(refused[_i].text),
	    &tree, &d);

	ck_assert_msg(rc == -EBADMSG, "%s: %d", refused[_i].name, rc);
	ck_assert(tree == NULL);
	ck_assert_msg(d.line == refused[_i].line, "%s: line %u",
	    refused[_i].name, d.line);
}
END_TEST

#define X64 "Add-DhcpServerv4Class x64 Vendor PXEClient:Arch:00007\n"
#define POLICY(name, cond) "Add-DhcpServerv4Policy " name " Or " cond \
    " -ScopeId 10.0.0.0\n"
#define OF(name, code, value) "Set-DhcpServerv4OptionValue -ScopeId 10.0.0.0 " \
    "-PolicyName " name " -OptionId " code " -Value " value "\n"

static const struct {
	const char *text;
	const char *fault;              /* NULL: nothing is remarked */
	unsigned int line;
	const char *fix;                /* part of it; NULL: the catalogue's */
} remarks[] = {
	{ SCOPE X64 POLICY("p", "-VendorClass EQ,x64"), "class-test-never-matches",
	    3, "Set-DhcpServerv4Policy -Name 'p' -ScopeId 10.0.0.0 "
	    "-VendorClass EQ,'x64*'" },
	{ SCOPE X64 POLICY("p", "-VendorClass EQ,x64*"), NULL, 0, NULL },
	{ "Add-DhcpServerv4Class a Vendor PXEClient:Arch:0000b\n",
	    "class-test-never-matches", 1, "-Data 'PXEClient:Arch:00011'" },
	{ "Add-DhcpServerv4Class a Vendor PXEClient:Arch:7\n",
	    "class-test-never-matches", 1, "-Data 'PXEClient:Arch:00007'" },
	{ "Add-DhcpServerv4Class a Vendor HTTPClient:Arch:00010\n",
	    "class-test-never-matches", 1, "-Data 'HTTPClient:Arch:00016'" },
	{ "Add-DhcpServerv4Class a Vendor HTTPClient:Arch:00016\n", NULL, 0, NULL },
	{ "Add-DhcpServerv4Class a Vendor PXEClient:Arch:00009\n", NULL, 0, NULL },
	{ SCOPE "Set-DhcpServerv4OptionValue -OptionId 60 -Value PXEClient\n",
	    "boot-options-for-all", 2, "-OptionId 60" },
	{ SCOPE "Set-DhcpServerv4OptionValue -OptionId 67 -Value f\n",
	    "boot-options-for-all", 2, "-OptionId 67" },
	{ SCOPE SET "f\n", NULL, 0, NULL },
	{ SCOPE SET "'f '\n", "bootfile-trailing-byte", 2, NULL },
	{ SCOPE SET "'f\\0'\n", "bootfile-trailing-byte", 2, NULL },
	{ SCOPE X64 "Add-DhcpServerv4Class any Vendor PXEClient\n"
	    POLICY("a", "-VendorClass EQ,any*") OF("a", "67", "a")
	    POLICY("b", "-VendorClass EQ,x64*") OF("b", "67", "b"),
	    "policy-hidden", 7, "-Name 'b' -ScopeId 10.0.0.0 "
	    "-ProcessingOrder 1" },
	{ SCOPE X64 "Add-DhcpServerv4Class any Vendor PXEClient\n"
	    POLICY("b", "-VendorClass EQ,x64*") OF("b", "67", "b")
	    POLICY("a", "-VendorClass EQ,any*") OF("a", "67", "a"),
	    NULL, 0, NULL },
	{ SCOPE "Set-DhcpServerSetting -ConflictDetectionAttempts 4\n",
	    "offer-too-late", 2, "-ConflictDetectionAttempts" },
	{ SCOPE X64 POLICY("p", "-VendorClass EQ,x64*")
	    "Set-DhcpServerv4Scope 10.0.0.0 -ActivatePolicies $false\n",
	    "statement-without-effect", 3, NULL },
};

START_TEST(remarked)
{
	void *tree = windows_tree_of(remarks[_i].text);
	const struct config_remark *r;
	const char *fix;
	size_t n;

	r = windows_ops.remarks(tree, &n);
	ck_assert_msg(n == (remarks[_i].fault != NULL), "row %d: %zu", _i, n);
	if (n > 0) {
		fix = windows_ops.fix(tree, 0);
		ck_assert_str_eq(r->fault, remarks[_i].fault);
		ck_assert_uint_eq(r->pos.line, remarks[_i].line);
		ck_assert(!remarks[_i].fix ||
		    (fix && strstr(fix, remarks[_i].fix)));
	}
	windows_ops.free(tree);
}
END_TEST

/* Scripts that would run for ever, or eat all memory, come to an end. */
START_TEST(has_an_end)
{
	static const char *const texts[] = {
		"while ($true) { $a += 'x' }",
		"for (;;) { }",
		"$a = 'x'\nwhile ($true) { $a += $a }",
		"$a = 1,2\nwhile ($true) { $a += $a }",
		"function f { f }\nf",
	};
	void *tree = windows_tree_of(texts[_i]);

	windows_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("windows_read");
	TCase *tc = tcase_create("read");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, understood, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, understood_as_utf16, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, prefixes, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, refuses, 0, ARRAY_LEN(refused));
	tcase_add_loop_test(tc, remarked, 0, ARRAY_LEN(remarks));
	tcase_add_loop_test(tc, has_an_end, 0, 5);
	suite_add_tcase(s, tc);
	return s;
}
