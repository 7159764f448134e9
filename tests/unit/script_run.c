#include "unit.h"

#include "script_world.h"

#include <errno.h>

/* The language: lines, operators, labels, expansion. */
static const struct run language_rows[] = {
	{ "nothing", "", "", OK },
	{ "runs of blanks collapse", "set sp a  b   c\necho ${sp}|\n",
	    "a b c|\n", OK },
	{ "quotes are text", "echo \"d  e\"\n", "\"d e\"\n", OK },
	{ "echo -n", "echo -n a\necho b\necho\n", "ab\n\n", OK },
	{ "operators are words", "echo a||b x;y\n", "a||b x;y\n", OK },
	{ "comment", "echo a #b c\necho a#b\n", "a\na#b\n", OK },
	{ "an expansion makes no comment", "set h:hexraw 23\n"
	    "echo ${h:string}x y\n", "#x y\n", OK },
	{ "an expansion makes no operator",
	    "set p:hexraw 7c7c\necho a ${p:string} b\n", "a || b\n", OK },
	{ "or runs after failure", "iseq a b || echo no\n", "no\n", OK },
	{ "or is skipped after success", "iseq a a || echo no\n", "", OK },
	{ "and", "iseq a a && echo yes\niseq a b && echo no ||\n", "yes\n",
	    OK },
	{ "left to right, equal precedence",
	    "iseq a b && echo x || echo c\niseq a a && iseq a b || echo d\n",
	    "c\nd\n", OK },
	{ "semicolon always", "iseq a b ; echo s\n", "s\n", OK },
	{ "the last executed command decides",
	    "iseq a a || iseq a b\niseq a b ; iseq a a\n", "", OK },
	{ "the empty command succeeds", "bad || || echo x\n",
	    "bad: command not found\n", OK },
	{ "idiom: goto and ignore", "iseq a b && goto x ||\necho on\n",
	    "on\n", OK },
	{ "a failing line ends the script", "iseq a b\necho not\n", "",
	    FAILS(SCRIPT_ERR_ISEQ), .line = 2 },
	{ "unknown command", "\nfoo bar\n", "foo: command not found\n",
	    FAILS(SCRIPT_ERR_COMMAND), .line = 3 },
	{ "unknown command, UEFI", "foo bar\n", "foo: command not found\n",
	    FAILS(0x2e022081), .efi = true },
	{ "known, not run here", "gdbstub\n",
	    "gdbstub: Operation not supported (https://ipxe.org/3c000003)\n",
	    FAILS(0x3c000003) },
	{ "commands are expanded too", "set c echo\n${c} hi\n", "hi\n", OK },
	{ "errno", "echo ${errno}\nfoo ||\necho ${errno}\nset a b\n"
	    "echo ${errno}\n",
	    "0x0\nfoo: command not found\n0x2e022001\n0x2e022001\n", OK },
	{ "errno of iseq, UEFI", "iseq a b ||\necho ${errno}\n",
	    "0x46022085\n", OK, .efi = true },
	{ "continuation", "ec\\\nho a\\\n b\n", "a b\n", OK },
	{ "CR LF", "echo a\r\necho b \\\r\n c\r\n", "a\nb c\n", OK },
	{ "backslash ends the file", "echo a\necho b\\", "a\n",
	    FAILS(SCRIPT_ERR_CONTINUED), .line = 3 },
	{ "dollar signs", "set m v\necho $ {x} $${m} ${m\n",
	    "$ {x} $v ${m\n", OK },
	{ "nested references", "set n b\nset user/b in\nset b beta\n"
	    "echo ${${n}:hexraw} ${user/${n}}\n", "62657461 in\n", OK },
	{ "values are expanded again",
	    "set q:hexraw 24\nset b beta\necho ${q:string}{b}\n", "beta\n",
	    OK },
	{ "set expands at once", "set y 1\nset x a${y}\nset y 2\n"
	    "echo ${x}\n", "a1\n", OK },
	{ "goto", "goto end\necho not\n:end\necho e\n", "e\n", OK },
	{ "goto backwards", "set i:int32 0\n:l\ninc i\niseq ${i} 3 || goto l\n"
	    "echo ${i}\n", "3\n", OK },
	{ "goto leaves the rest of the line",
	    "goto e ; echo not\n:e echo on its line\n", "on its line\n", OK },
	{ "goto expands", "set l two\ngoto ${l}\n:one\necho 1\n:two\necho 2\n",
	    "2\n", OK },
	{ "the first label wins", "goto a\n:a echo 1\nexit\n:a echo 2\n",
	    "1\n", OK },
	{ "labels are not expanded", "set l a\ngoto a\n:${l} echo no\n", "",
	    FAILS(SCRIPT_ERR_LABEL), .line = 3 },
	{ "goto without its label is silent", "goto nowhere\necho not\n", "",
	    FAILS(SCRIPT_ERR_LABEL), .line = 2 },
	{ "goto without its label, caught", "goto nowhere ||\necho on\n",
	    "on\n", OK },
	{ "exit", "echo a\nexit\necho not\n", "a\n", OK, .line = 3 },
	{ "exit leaves the line whatever follows", "exit 3 || echo not\n", "",
	    ENDS(EXIT, 3), .line = 2 },
	{ "exit needs a number", "exit x ||\n",
	    "\"x\": invalid integer value\n", OK },
	{ "shell", "shell\necho not\n", "", ENDS(SHELL, 0), .line = 2 },
	{ "reboot", "reboot --warm\n", "", ENDS(REBOOT, 0) },
	{ "poweroff", "poweroff\n", "", ENDS(POWEROFF, 0) },
	{ "endless goto", ":a goto a\n", "", ENDS(LIMIT, 0), .line = 2 },
	/* "${x:string}" in the value of x, as DHCP could send it. */
	{ "endless expansion", "set x:hexraw 247b783a737472696e677d\n"
	    "echo ${x:string}\n", "", ENDS(LIMIT, 0), .line = 3 },
	/* Expanded at once, x is not yet set. */
	{ "no loop by set alone", "set d:hexraw 24\n"
	    "set x a${d:string}{x}\necho ${x}\n", "a\n", OK },
	{ "unixtime", "echo ${unixtime:int32}\n", "1700000000\n", OK },
	{ "platform", "echo ${platform} ${buildarch} ${version}\n",
	    "pcbios i386 2.0.0+\n", OK },
	{ "platform, UEFI", "echo ${platform} ${buildarch}\n",
	    "efi x86_64\n", OK, .efi = true },
};

/* Options, and the commands on settings. */
static const struct run setting_rows[] = {
	{ "show", "set 12 x\nshow 12\n", "hostname:string = x\n", OK },
	{ "show, quietly", "set a b\nshow --quiet a\n", "b\n", OK },
	{ "show with its block", "show net0/mac\n",
	    "net0/mac:hex = 52:54:00:12:34:56\n", OK },
	{ "show, searched", "show mac:hexhyp\n",
	    "net0/mac:hexhyp = 52-54-00-12-34-56\n", OK },
	{ "show, not set", "show nothing\n", "Could not find \"nothing\": "
	    "No such file or directory (https://ipxe.org/2d0c203b)\n",
	    FAILS(0x2d0c203b) },
	{ "netX", "echo ${netX/mac:hexraw} ${mac}\n",
	    "525400123456 52:54:00:12:34:56\n", OK },
	{ "types", "set i:int8 -2\necho ${i:uint8} ${i:hex} ${i:int32}\n"
	    "set m:hex de:ad:be:ef\necho ${m:hexhyp} ${m:base64} ${m:ipv4} "
	    "${m:uint32} ${m:int32}\nset k:uint8 300\necho ${k}\n"
	    "set z:uint8 0\necho ${z}\n",
	    "0xfe fe -2\nde-ad-be-ef 3q2+7w== 222.173.190.239 0xdeadbeef "
	    "-559038737\n0x2c\n0x0\n", OK },
	{ "bad type", "set x:foo 1\n", "\"x:foo\": invalid setting\n",
	    FAILS(0x3c0c2003) },
	{ "bad value", "set ip 300.0.0.1\n", "Could not store \"ip\": "
	    "Invalid argument (https://ipxe.org/1c056002)\n",
	    FAILS(0x1c056002) },
	{ "bad hex", "set h:hex d:e\n", "Could not store \"h\": "
	    "Invalid argument (https://ipxe.org/1c112002)\n",
	    FAILS(0x1c112002) },
	{ "bad integer", "set i:int8 09\n", "Could not store \"i\": "
	    "Invalid argument (https://ipxe.org/1c0c2002)\n",
	    FAILS(0x1c0c2002) },
	{ "netX before any device is open", "show netX/mac\n",
	    "Could not find \"mac\": Operation not supported "
	    "(https://ipxe.org/3c0c2003)\n", FAILS(0x3c0c2003),
	    .no_netdev = true },
	{ "a number is shown by its name", "show net0/12\n",
	    "Could not find \"hostname\": No such file or directory "
	    "(https://ipxe.org/2d0c203b)\n", FAILS(0x2d0c203b) },
	{ "set nothing deletes", "set x 1\nset x\nisset ${x} || echo gone\n"
	    "set x 1\nset x ${nothing}\nisset ${x} || echo gone\n",
	    "gone\ngone\n", OK },
	{ "clear", "set x 1\nclear x\nisset ${x} || echo gone\nclear x\n",
	    "gone\n", OK },
	{ "isset of a word is true", "isset x && echo yes\n", "yes\n", OK },
	{ "isset of nothing", "isset ${x}\n", "", FAILS(SCRIPT_ERR_ISSET) },
	{ "iseq with empty values", "iseq ${x} ${y} && echo same\n",
	    "same\n", OK },
	{ "inc", "inc a\ninc a 5\necho ${a}\nset b:uint8 255\ninc b\n"
	    "echo ${b}\ninc c -2\nshow c\n", "6\n0x0\nc:int32 = -2\n", OK },
	{ "inc wraps", "set i:int8 127\ninc i\nshow i\n", "i:int8 = -128\n",
	    OK },
	{ "inc makes a value of the type that is given",
	    "inc n:uint8 300\nshow n\n", "n:uint8 = 0x2c\n", OK },
	{ "inc of bytes", "set m:hex 01:02\ninc m ||\nshow m\n",
	    "Could not store \"m\": Operation not supported "
	    "(https://ipxe.org/3c0c2003)\nm:hex = 01:02\n", OK },
	{ "all bytes count, whatever the type", "set j:int16 -2\n"
	    "echo ${j:hex} ${j:uint8} ${j:uint16} ${j:int8}\n",
	    "ff:fe 0xfffe 0xfffe -2\n", OK },
	{ "blocks are searched downwards", "set user.sub/x 1\n"
	    "echo ${user/x} ${x} ${user.sub/x} ${.user..sub/x}\n",
	    "1 1 1 1\n", OK },
	{ "numbers of every base name the same", "set 0x0c foo\n"
	    "echo ${hostname} ${12} ${0x0c} ${014}\n", "foo foo foo foo\n",
	    OK },
	{ "an empty type", "set e: 1\n", "\"e:\": invalid setting\n",
	    FAILS(0x3c0c2003) },
	{ "a setting without a name", "set :hex 1\n", "Could not store "
	    "\"\": Invalid argument (https://ipxe.org/1c112002)\n",
	    FAILS(0x1c112002) },
	{ "quotes are part of a name",
	    "set \"q\" 1\nshow \"q\"\nisset \"\" && echo yes\n",
	    "\"q\":string = 1\nyes\n", OK },
	{ "references cut by blanks",
	    "set a alpha\necho }${a} ${a}} ${ a} ${a}${ ${} ${x${a}\n",
	    "}alpha alpha} ${ a} alpha${  ${xalpha\n", OK },
	{ "inc of a string", "set s 1\ninc s\n", "Could not store \"s\": "
	    "Operation not supported (https://ipxe.org/3c0c2003)\n",
	    FAILS(0x3c0c2003), .line = 3 },
	{ "blocks are made", "set net1/ip 10.0.0.9\necho ${net1/ip}\n",
	    "10.0.0.9\n", OK },
	{ "reading makes no block", "show net1/ip\n",
	    "\"net1/ip\": invalid setting\n", FAILS(SCRIPT_ERR_BLOCK) },
	{ "a value that looks like an option", "set n -5\necho ${n}\n",
	    "Unrecognised option \"-5\"\nUsage:\n\n  echo [-n|--n] [...]\n\n"
	    "See https://ipxe.org/cmd/echo for further information\n",
	    FAILS(0x1c162202), .line = 3 },
	{ "... after two dashes", "set n -5\necho -- ${n}\n", "-5\n", OK },
	{ "options stop at the first word", "echo a -n b\n", "a -n b\n", OK },
	{ "help", "goto --help\n", "Usage:\n\n  goto <label>\n\nSee "
	    "https://ipxe.org/cmd/goto for further information\n",
	    FAILS(0x0b1621a0) },
	{ "too few arguments", "iseq a\n", "Usage:\n\n  iseq <value1> "
	    "<value2>\n\nSee https://ipxe.org/cmd/iseq for further "
	    "information\n", FAILS(0x46162001) },
	{ "too many arguments", "isset a b\n", "Usage:\n\n  isset <value>\n\n"
	    "See https://ipxe.org/cmd/isset for further information\n",
	    FAILS(0x46162001) },
	{ "an option without its value", "prompt --key\n", "Option \"key\" "
	    "requires an argument\nUsage:\n\n  prompt [-k|--key <key>] "
	    "[-t|--timeout <timeout>] [<text>]\n\nSee "
	    "https://ipxe.org/cmd/prompt for further information\n",
	    FAILS(0x1c162302) },
	{ "a value that begins with a dash", "prompt -t -5 x ||\n",
	    "Option \"t\" requires an argument\nUsage:\n\n  prompt "
	    "[-k|--key <key>] [-t|--timeout <timeout>] [<text>]\n\nSee "
	    "https://ipxe.org/cmd/prompt for further information\n", OK },
	{ "no number", "sleep abc\n", "\"abc\": invalid integer value\n",
	    FAILS(0x1c162102) },
	{ "an abbreviated option", "show --qui x ||\n",
	    "Unrecognised option \"--qui\"\nUsage:\n\n  show [-q|--quiet] "
	    "<setting>\n\nSee https://ipxe.org/cmd/show for further "
	    "information\n", OK },
	{ "a flag takes no value", "show --quiet=1 x ||\n",
	    "Option \"quiet\" takes no argument\nUsage:\n\n  show "
	    "[-q|--quiet] <setting>\n\nSee https://ipxe.org/cmd/show for "
	    "further information\n", OK },
	{ "nslookup", "nslookup a known\necho ${a}\nnslookup a other\n",
	    "10.0.0.7\nCould not resolve other: Error 0x3e11613b "
	    "(https://ipxe.org/3e11613b)\n", FAILS(0x3e11613b) },
	{ "cpuid of a 64-bit machine", "cpuid --ext 29 && echo 64\n"
	    "cpuid -e 1 || echo no\ncpuid 29 || echo no\n", "64\nno\nno\n",
	    OK },
};

START_TEST(language)
{
	check_run(&language_rows[_i]);
}
END_TEST

START_TEST(settings_commands)
{
	check_run(&setting_rows[_i]);
}
END_TEST

static const struct {
	const char *text;
	size_t len;
	bool want;
} magic_rows[] = {
	{ "#!ipxe\n", 7, true }, { "#!gpxe\n", 7, true },
	{ "#!ipxe ", 7, true }, { "#!ipxe\r\n", 8, true },
	{ "#!ipxe", 6, false }, { "#!ipxex", 7, false },
	{ "\xef\xbb\xbf#!ipxe\n", 10, false }, { "", 0, false },
	{ "#!IPXE\n", 7, false }, { "#!/bin/sh\n", 10, false },
};

START_TEST(what_is_a_script)
{
	char *copy = unit_heap(magic_rows[_i].text, magic_rows[_i].len);

	ck_assert_int_eq(script_is_script(copy, magic_rows[_i].len),
	    magic_rows[_i].want);
	free(copy);
}
END_TEST

START_TEST(refuses_what_is_no_script)
{
	static const struct script_host host = { .ctx = NULL };
	struct script *s = script_new(&(struct script_config){ 0 }, &host);
	struct script_end end;
	struct diag d;

	ck_assert_int_eq(script_run(s, NULL, "echo a\n", 7, &end, &d),
	    -EBADMSG);
	ck_assert_ptr_nonnull(strstr(d.text, "not an iPXE script"));
	script_free(s);
}
END_TEST

/* One line outside any script, as a scriptlet is. */
START_TEST(a_line_alone)
{
	struct world w = { .dhcp_file = "boot.ipxe" };
	struct script_host host = {
		.ctx = &w, .print = fake_print, .load = fake_load,
		.dhcp = fake_dhcp,
	};
	struct script *s = make(&(struct run){ 0 }, &host);
	struct script_end end;

	ck_assert_int_eq(script_run_line(s, "goto x", &end, NULL), 0);
	ck_assert_int_eq(end.kind, SCRIPT_END_ERROR);
	ck_assert_uint_eq(end.status, SCRIPT_ERR_NOT_SCRIPT);
	ck_assert_str_eq(sbuf_str(&w.console), "Not in a script: Error "
	    "0x3d028001 (https://ipxe.org/3d028001)\n");

	/* The next run begins anew, with the same settings. */
	ck_assert_int_eq(script_run_line(s, "set a 1 && autoboot", &end, NULL),
	    0);
	ck_assert_int_eq(end.kind, SCRIPT_END_EXIT);
	ck_assert_int_eq(script_run_line(s, "echo a=${a}", &end, NULL), 0);
	ck_assert_ptr_nonnull(strstr(sbuf_str(&w.console), "\na=1\n"));
	ck_assert_int_eq(script_run_line(s, "chain --replace x", &end, NULL),
	    0);
	ck_assert_int_eq(end.kind, SCRIPT_END_ERROR);
	script_free(s);
	sbuf_release(&w.console);
	sbuf_release(&w.log);
}
END_TEST

static uint32_t
stopping_load(void *ctx, struct script *s, const struct script_request *req,
    struct script_file *ret)
{
	(void)ctx;
	(void)req;
	(void)ret;
	script_stop(s, -EPERM);
	return 0;
}

START_TEST(the_host_can_stop_it)
{
	static const char text[] = "#!ipxe\n:l\nchain x || goto l\n";
	struct script_host host = { .load = stopping_load };
	struct script *s = script_new(&(struct script_config){ 0 }, &host);
	struct script_end end;

	ck_assert_int_eq(script_run(s, "http://h/a", text, strlen(text), &end,
	    NULL), -EPERM);
	script_free(s);
}
END_TEST

/* A host without callbacks: nothing crashes, and it ends. */
START_TEST(without_any_callback)
{
	static const char text[] = "#!ipxe\nchain x ||\ndhcp ||\nsanboot a ||\n"
	    "sleep 1\nprompt -t 1 x ||\nread -t 1 x ||\nping -c 1 h ||\n"
	    "nslookup a b ||\nntp h\nmenu\nitem a\nchoose -t 1 x\necho ${x}\n"
	    "iseq ${x} a\n";
	static const struct script_host host = { .ctx = NULL };
	struct script *s = script_new(&(struct script_config){ 0 }, &host);
	struct script_end end;

	ck_assert_int_eq(script_run(s, "http://h/a", text, strlen(text), &end,
	    NULL), 0);
	ck_assert_msg(end.kind == SCRIPT_END_EXIT, "%s", end.text);
	script_free(s);
}
END_TEST

static const struct {
	const char *script;
	const char *command;
	const char *text;
} why_rows[] = {
	{ "frob x\n", "frob", "frob: command not found" },
	{ "goto x\n", "goto", "goto: no such label" },
	{ "iseq a b\n", "iseq", "iseq: the values differ" },
	{ "isset ${x}\n", "isset", "isset: the value is empty" },
	{ "echo a\\", "", "a backslash ends the file" },
	{ "show x\n", "show", "show: No such file or directory "
	    "(https://ipxe.org/2d0c203b)" },
	/* The last command that was executed counts. */
	{ "frob || iseq a b\n", "iseq", "iseq: the values differ" },
	{ "iseq a b || frob\n", "frob", "frob: command not found" },
	{ "frob ||\nexit\n", "exit", "the script said exit" },
	{ "frob ||\n", "", "ran to its end" },
	{ "shell\n", "shell", "started the iPXE shell" },
	{ "prompt a\n", "prompt",
	    "waits for a key, and nobody is there to press one" },
	{ ":a goto a\n", "goto",
	    "goes on for ever: stopped after 100000 steps" },
	{ "set x:hexraw 247b783a737472696e677d\necho ${x:string}\n", "",
	    "expanding '${x:string}' does not come to an end" },
};

START_TEST(ends_say_why)
{
	static const struct script_host host = { .ctx = NULL };
	struct script *s = script_new(&(struct script_config){ 0 }, &host);
	struct sbuf b = SBUF_EMPTY;
	struct script_end end;

	sbuf_printf(&b, "#!ipxe\n%s", why_rows[_i].script);
	ck_assert_int_eq(script_run(s, NULL, b.text, b.len, &end, NULL), 0);
	ck_assert_str_eq(end.text, why_rows[_i].text);
	ck_assert_str_eq(end.command, why_rows[_i].command);
	sbuf_release(&b);
	script_free(s);
}
END_TEST

static const struct {
	uint32_t status;
	bool efi;
	const char *want;
} error_rows[] = {
	{ SCRIPT_ERR_TCP_RESET, false,
	    "Connection reset (https://ipxe.org/0f0a6039)" },
	{ SCRIPT_ERR_TIMEOUT, false,
	    "Connection timed out (https://ipxe.org/4c072035)" },
	{ SCRIPT_ERR_NOTHING, true,
	    "No such file or directory (https://ipxe.org/2d03e18e)" },
	{ SCRIPT_ERR_DHCP, true,
	    "No configuration methods succeeded (https://ipxe.org/040ee186)" },
	{ SCRIPT_ERR_TFTP_ENOENT, true,
	    "Not found (https://ipxe.org/2d12618e)" },
	{ SCRIPT_ERR_UNTRUSTED, false,
	    "Permission denied (https://ipxe.org/0200813c)" },
	{ SCRIPT_ERR_DNS_NONE, false,
	    "Error 0x3e11613b (https://ipxe.org/3e11613b)" },
	{ 0x7f4de18e, true, "Not found (https://ipxe.org/7f4de18e)" },
	{ 5, true, "Error 0x00000005 (https://ipxe.org/00000005)" },
};

START_TEST(error_texts)
{
	uint32_t n = script_error_platform(error_rows[_i].status,
	    error_rows[_i].efi);
	char text[SCRIPT_ERROR_TEXT_MAX];

	ck_assert_str_eq(script_error_text(n, text), error_rows[_i].want);
	ck_assert(script_error_same(n, error_rows[_i].status));
	ck_assert(!script_error_same(n, n ^ 0x100));
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_run");
	TCase *tc = tcase_create("run");

	tcase_add_loop_test(tc, language, 0, ARRAY_LEN(language_rows));
	tcase_add_loop_test(tc, settings_commands, 0, ARRAY_LEN(setting_rows));
	tcase_add_loop_test(tc, what_is_a_script, 0, ARRAY_LEN(magic_rows));
	tcase_add_test(tc, refuses_what_is_no_script);
	tcase_add_test(tc, a_line_alone);
	tcase_add_test(tc, the_host_can_stop_it);
	tcase_add_test(tc, without_any_callback);
	tcase_add_loop_test(tc, ends_say_why, 0, ARRAY_LEN(why_rows));
	tcase_add_loop_test(tc, error_texts, 0, ARRAY_LEN(error_rows));
	suite_add_tcase(s, tc);
	return s;
}
