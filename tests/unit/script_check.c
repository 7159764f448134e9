/* script_check.c - each rule finds what it is for, and nothing else there. */
#include "unit.h"

#include "base/sbuf.h"
#include "script/check.h"

#define M "#!ipxe\n"

/* A script, and its findings as "fault:line" with blanks between. */
static const struct {
	const char *script;
	const char *want;
} rows[] = {
	/* what is a script */
	{ M "echo hi\n", "" },
	{ "#!ipxe", "exec-format-error:1" },
	{ "#!ipxe\r\necho hi\r\n", "script-bytes-odd:1" },
	{ "\xef\xbb\xbf" M "echo hi\n", "exec-format-error:1 "
	    "script-bytes-odd:1 script-command-invalid:1" },
	{ "\n" M "echo hi\n", "exec-format-error:1" },
	{ "# a\necho hi\n", "exec-format-error:1" },
	{ "", "exec-format-error:1" },
	{ "<html>\n", "exec-format-error:1" },
	{ "#!gpxe\ndhcp net0\n", "deprecated-form:1" },
	/* bytes */
	{ M "echo a\xc2\xa0""b\n", "" },
	{ M "chain\xc2\xa0http://a/b\n", "script-command-invalid:2 "
	    "script-bytes-odd:2" },
	{ M "echo a \\ \n  b\n", "script-bytes-odd:2 "
	    "script-command-invalid:3" },
	{ M "echo a \\\n  b\n", "" },
	{ M "# old: \\\necho b\n", "script-bytes-odd:2" },
	{ M "# old: \\\n#   b\n", "" },
	{ M "echo a \\", "script-flow-error:2" },
	/* commands */
	{ M "ecoh hi\n", "script-command-invalid:2" },
	{ M "${cmd} hi ||\n", "script-variable-empty:2" },
	{ M "if iseq a b\n", "script-command-invalid:2" },
	{ M "chain --autofre http://a/b\n", "script-command-invalid:2" },
	{ M "chain -ar http://a/b\n", "" },
	{ M "chain --timeout http://a/b\n", "script-command-invalid:2" },
	{ M "chain --timeout=5x http://a/b\n", "script-command-invalid:2" },
	{ M "echo -- --- x\n", "" },
	{ M "echo --- x\n", "script-command-invalid:2" },
	{ M "iseq ${net0/ip} = b ||\n", "script-command-invalid:2" },
	{ M "goto\n", "script-command-invalid:2" },
	{ M "sleep 5s\n", "script-command-invalid:2" },
	{ M "set x=5\n", "script-command-invalid:2" },
	{ M "set x = 5\n", "script-command-invalid:2" },
	{ M "set x:interger 5\n", "script-command-invalid:2" },
	{ M "sleep 7200\n", "script-number-unlikely:2" },
	{ M "prompt --timeout 10 Hi ||\n", "script-number-unlikely:2" },
	/* labels */
	{ M "goto ab\n", "script-label-missing:2" },
	{ M "goto :a\n:a\n", "script-label-missing:2 script-label-unused:3" },
	{ M "goto a\n:a\n:a\nshell\n", "script-label-twice:4" },
	{ M ":a\necho hi\n", "script-label-unused:2" },
	{ M "goto a\n:b\necho hi\n:a\n", "script-label-unused:3" },
	{ M "set x a\ngoto ${x}\n:a\n", "" },
	{ M "set x b\ngoto ${x}\n:a\n", "script-label-missing:3 "
	    "script-label-unused:4" },
	{ M "goto ${net0/ip}\n:a\n", "" },
	{ M "goto go_${net0/ip}\n:a\n:go_x\n", "script-label-unused:3" },
	/* the flow */
	{ M "exit\necho hi\n", "script-unreachable:3" },
	{ M "exit\nexit\n", "script-unreachable:3" },
	{ M "goto a || exit\n:a\n", "" },
	{ M "chain -r http://a/b\necho x\n", "script-unreachable:3" },
	{ M "chain http://a/b\nchain http://a/c\n",
	    "script-failure-not-caught:2" },
	{ M "chain http://a/b ||\nchain http://a/c\n", "" },
	{ M "chain http://a/b || chain http://a/c\n", "" },
	{ M "chain http://a/b||shell\n", "script-failure-not-caught:2" },
	{ M "iseq ${net0/ip} b && echo x\necho y\n",
	    "script-failure-not-caught:2" },
	{ M "iseq ${net0/ip} b && echo x ||\necho y\n", "" },
	{ M "iseq ${platform} efi && set a b || set a c\necho ${a}\n", "" },
	{ M ":a\nchain http://a/b || goto a\n",
	    "script-loop-without-pause:3" },
	{ M ":a\nchain http://a/b && goto a || exit\n",
	    "script-image-kept:3" },
	{ M ":a\nchain --autofree http://a/b || goto b\n:b\nsleep 5\ngoto a\n",
	    "" },
	{ M ":a\ndhcp || goto a\n", "" },
	{ M "set i:int8 0\n:a\nifopen net0 && exit ||\ninc i\n"
	    "iseq ${i} 5 || goto a\n", "" },
	{ M ":a\nisset ${b} && goto c ||\nprompt\nset b 1\ngoto a\n"
	    ":c\nclear b\ngoto a\n", "" },
	/* settings */
	{ M "echo ${net0/mac:hexhyp} ${smbios/0.1} ${67} ${user/x}\n",
	    "script-variable-empty:2" },
	{ M "echo ${next-sever}\n", "script-variable-empty:2" },
	{ M "isset ${x} || set x y\necho ${x}\n", "" },
	{ M "isset ${x} ||\necho ${x}\n", "" },
	{ M "isset ${net${net0/mtu}/ip} || dhcp\nchain http://a/b\n", "" },
	{ M "isset ${net${net0/mtu}/ip} && exit ||\nchain http://a/b\n",
	    "" },
	{ M "set nextserver a\nset nfs-server ${iscsi-server}\n",
	    "script-variable-empty:3" },
	{ M "set a_${platform} x\necho ${a_efi}\n", "" },
	{ M "echo ${net0/mac:hexyhp}\n", "script-reference-malformed:2" },
	{ M "echo ${net0/mac\n", "script-reference-malformed:2" },
	{ M "echo $mac\n", "script-reference-malformed:2" },
	{ M "echo -n Text: ${}\n", "" },
	{ M "isset mac || dhcp\n", "script-test-constant:2" },
	{ M "iseq platform efi || shell\n", "script-test-constant:2" },
	{ M "set x \"a b\"\necho ${x}\n", "script-quotes:2" },
	{ M "chain \"http://a/b\"\n", "script-quotes:2" },
	/* menus */
	{ M "menu A\nitem a\nchoose x || exit\ngoto ${x}\n:a\n", "" },
	{ M "menu A\nitem a\nitem b\nchoose x || exit\ngoto ${x}\n:a\n",
	    "script-menu-mismatch:4" },
	{ M "menu A\nitem b\nchoose x || exit\ngoto ${x} ||\nshell\n", "" },
	{ M "menu A\nitem b\nchoose x || exit\ngoto ${x} || shell\n",
	    "script-menu-mismatch:3" },
	{ M "menu A\nitem a\nchoose --default b x || exit\ngoto ${x}\n:a\n",
	    "script-menu-mismatch:4" },
	{ M "item a\nchoose x ||\n", "script-menu-mismatch:2 "
	    "script-menu-mismatch:3" },
	{ M "menu A\nitem --gap a\nchoose x ||\n", "script-menu-mismatch:4" },
	{ M "menu A\nitem a\n:b\nchoose x || goto b\n",
	    "script-menu-mismatch:5" },
	{ M "menu A\nitem a\n:b\nchoose --keep x || goto b\n", "" },
	/* booting */
	{ M "boot\n", "script-nothing-selected:2" },
	{ M "kernel http://a/k\nboot\n", "" },
	{ M "initrd http://a/i\nboot\n", "script-nothing-selected:3" },
	{ M "kernel http://a/k quiet\ninitrd http://a/i\nboot\n",
	    "initrd-not-named-on-efi:2" },
	{ M "kernel http://a/k initrd=i\ninitrd http://a/i\nboot\n", "" },
	{ M "kernel http://a/k initrd=x\ninitrd http://a/i\nboot\n",
	    "initrd-not-named-on-efi:2" },
	{ M "set p initrd=i\nkernel http://a/k ${p}\ninitrd http://a/i\n",
	    "" },
	{ M "kernel http://a/wimboot\ninitrd http://a/i\nboot\n", "" },
	{ M "kernel http://a/k initrd=i\ninitrd --name i http://a/x\n", "" },
	/* URLs */
	{ M "chain htp://a/b\n", "script-reference-malformed:2" },
	{ M "chain http://u:p@a/b\n", "script-secret-in-clear:2" },
	{ M "chain http://a/b?token=5\n", "script-secret-in-clear:2" },
	{ M "set x\nchain http://${x}/b\n", "script-variable-empty:3" },
	{ M "chain http:///b\n", "script-reference-malformed:2" },
	/* templates, and what is kept quiet */
	{ M "chain {{ url }}\nnosuch\n", "script-template:2" },
	{ M "nosuch # pxetool-lint: ignore=script-command-invalid\n", "" },
	{ M "# pxetool-lint: ignore=x,script-label-unused\n:a\n", "" },
};

static void
list(const struct check_file *f, struct sbuf *out)
{
	for (size_t i = 0; i < f->n_found; i++) {
		sbuf_sep(out, " ");
		sbuf_printf(out, "%s:%u", f->found[i].fault->id,
		    f->found[i].line);
	}
}

START_TEST(rules)
{
	struct check_conf conf = { .names = NULL };
	struct check_file *f = NULL;
	struct sbuf got = SBUF_EMPTY;

	ck_assert_int_eq(check_script(&conf, "x.ipxe", rows[_i].script,
	    strlen(rows[_i].script), &f), 0);
	list(f, &got);
	ck_assert_msg(strcmp(sbuf_str(&got), rows[_i].want) == 0,
	    "%s: got '%s', want '%s'", rows[_i].script, sbuf_str(&got),
	    rows[_i].want);
	sbuf_release(&got);
	check_file_free(f);
}
END_TEST

/* The same script for another iPXE. */
static const struct {
	const char *version, *platform, *features;
	const char *script;
	const char *want;
} builds[] = {
	{ "1.0.0+", NULL, NULL, M "imgextract http://a/b\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ "2.0.0", NULL, NULL, M "imgextract http://a/b\n", "" },
	{ "1.20.1", NULL, NULL, M "dhcp --timeout 5000 || exit\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ "1.21.1", NULL, NULL, M "dhcp --timeout 5000 || exit\n", "" },
	{ "2.0.0", NULL, NULL, M "chain --quiet http://a/b\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ "1.0.0+", NULL, NULL, M "chain --autofree http://a/b\n", "" },
	{ "1.21.1", NULL, NULL, M "echo ${cwuri}\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ NULL, "pcbios", NULL, M "chain https://a/b\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ NULL, "efi", NULL, M "chain https://a/b\n", "" },
	{ NULL, NULL, "HTTP", M "chain https://a/b\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ NULL, NULL, "HTTPS", M "chain https://a/b\n", "" },
	{ NULL, NULL, "echo", M "ntp 192.0.2.1 ||\n",
	    "firmware-ipxe-lacks-feature:2" },
	{ NULL, NULL, "HTTP", M "ntp 192.0.2.1 ||\n", "" },
	{ NULL, "pcbios", NULL, M "kernel http://a/k\ninitrd http://a/i\n",
	    "" },
	{ NULL, "pcbios", NULL,
	    M "iseq ${platform} efi && goto a ||\nexit\n:a\necho x\n", "" },
};

START_TEST(for_a_build)
{
	const char *words[1] = { builds[_i].features };
	struct check_conf conf = { .build = { .features = words,
		.n_features = builds[_i].features != NULL } };
	struct check_file *f = NULL;
	struct sbuf got = SBUF_EMPTY;

	conf.build.has_version = builds[_i].version != NULL;
	if (builds[_i].version)
		ck_assert_int_eq(ipxe_version_parse(builds[_i].version,
		    &conf.build.version, NULL), 0);
	if (builds[_i].platform)
		ck_assert_int_eq(ipxe_platform_parse(builds[_i].platform,
		    &conf.build.platform, NULL), 0);
	ck_assert_int_eq(check_script(&conf, "x.ipxe", builds[_i].script,
	    strlen(builds[_i].script), &f), 0);
	list(f, &got);
	ck_assert_msg(strcmp(sbuf_str(&got), builds[_i].want) == 0,
	    "%s: got '%s', want '%s'", builds[_i].script, sbuf_str(&got),
	    builds[_i].want);
	sbuf_release(&got);
	check_file_free(f);
}
END_TEST

/* What a script can load, as "url:line,line" with blanks between. */
static const struct {
	const char *script;
	const char *want;
} loads[] = {
	{ M "chain http://a/b\n", "http://a/b:2" },
	{ M "set u http://a\nchain ${u}/b ||\nchain ${u}/b\n",
	    "http://a/b:3,4" },
	{ M "chain http://a/${net0/mac:hexhyp}\n",
	    "http://a/${net0/mac:hexhyp}:2" },
	{ M "menu A\nitem x\nitem y\nchoose s || exit\nchain http://a/${s}\n",
	    "http://a/x:6 http://a/y:6" },
	{ M "iseq ${platform} efi && set f e || set f b\nchain http://a/${f}\n",
	    "http://a/b:3 http://a/e:3" },
	{ M "iseq ${platform} efi && goto x ||\nchain http://a/${platform}\n"
	    "exit\n:x\nchain http://a/${platform}\n",
	    "http://a/${platform}:3 http://a/efi:6" },
	{ M "set i:int8 0\n:a\nimgfetch http://a/${i} ||\ninc i\n"
	    "iseq ${i} 3 || goto a\n",
	    "http://a/0:4 http://a/1:4 http://a/2:4" },
	{ M "isset ${x} || set x y\nchain http://a/${x}\n",
	    "http://a/${x}:3 http://a/y:3" },
	{ M "kernel http://a/k\nboot k\n", "http://a/k:2" },
	{ M "initrd --name i http://a/k\nkernel http://a/l initrd=i\n"
	    "boot l\n", "http://a/k:2 http://a/l:3" },
	{ M "goto c\nchain http://a/dead\n:c\nchain http://a/b\n",
	    "http://a/b:5" },
	{ M "set q $\nset y x\nchain http://a/${q}{y}\n", "http://a/x:4" },
	{ M "set a b\nset b c\nchain http://a/${${a}}\n", "http://a/c:4" },
	{ M "set a b\nset xb c\nset y d\nchain http://a/${x${a}:string}\n",
	    "http://a/c:5" },
	{ M "set 67 c\nset a 7\nchain http://a/${6${a}}\n", "http://a/c:4" },
	{ M "sanboot --drive 0x80 iscsi:a::::b iscsi:c::::d\n",
	    "iscsi:a::::b:2 iscsi:c::::d:2" },
	{ M "console --picture http://a/p.png ||\n", "http://a/p.png:2" },
	{ M "menu --name m A\nitem --menu m x\nmenu B\nitem y\n"
	    "choose --menu m s || exit\nchain http://a/${s}\n",
	    "http://a/x:7" },
};

START_TEST(urls)
{
	struct check_conf conf = { .names = NULL };
	struct check_file *f = NULL;
	struct sbuf got = SBUF_EMPTY;

	ck_assert_int_eq(check_script(&conf, "x.ipxe", loads[_i].script,
	    strlen(loads[_i].script), &f), 0);
	ck_assert(f->complete);
	for (size_t i = 0; i < f->n_urls; i++) {
		sbuf_sep(&got, " ");
		sbuf_add(&got, f->urls[i].text);
		for (size_t k = 0; k < f->urls[i].n_lines; k++)
			sbuf_printf(&got, "%c%u", k ? ',' : ':',
			    f->urls[i].lines[k]);
	}
	ck_assert_msg(strcmp(sbuf_str(&got), loads[_i].want) == 0,
	    "%s: got '%s', want '%s'", loads[_i].script, sbuf_str(&got),
	    loads[_i].want);
	sbuf_release(&got);
	check_file_free(f);
}
END_TEST

/* More ways than are gone: it ends, and says so. */
START_TEST(ceiling)
{
	struct check_conf conf = { .names = NULL };
	struct check_file *f = NULL;
	struct sbuf s = SBUF_EMPTY;

	sbuf_add(&s, M);
	for (int i = 0; i < 40; i++)
		sbuf_printf(&s, "iseq ${net0/%d} x && set a%d b || "
		    "set a%d c\n", i + 300, i, i);
	sbuf_add(&s, "chain http://a/");
	for (int i = 0; i < 40; i++)
		sbuf_printf(&s, "${a%d}", i);
	sbuf_add(&s, "\nchain http://a/last\n");
	ck_assert_int_eq(check_script(&conf, "x.ipxe", sbuf_str(&s), s.len,
	    &f), 0);
	ck_assert(!f->complete);
	/* All places were come to, all the same. */
	ck_assert_uint_gt(f->n_urls, 1);
	ck_assert_str_eq(f->urls[f->n_urls - 1].text, "http://a/last");
	check_file_free(f);
	sbuf_release(&s);
}
END_TEST

/* A script knows the settings that another one gives. */
START_TEST(names_of_others)
{
	static const char other[] = M "set base http://a\n";
	static const char script[] = M "chain ${base}/b\n";
	struct intern names = INTERN_EMPTY;
	struct check_conf conf = { .names = &names };
	struct check_file *f = NULL;

	ck_assert_int_eq(check_names(other, strlen(other), &names), 0);
	ck_assert_int_eq(check_script(&conf, "x.ipxe", script,
	    strlen(script), &f), 0);
	ck_assert_uint_eq(f->n_found, 0);
	check_file_free(f);
	intern_release(&names);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_check");
	TCase *tc = tcase_create("check");

	tcase_add_loop_test(tc, rules, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, for_a_build, 0, ARRAY_LEN(builds));
	tcase_add_loop_test(tc, urls, 0, ARRAY_LEN(loads));
	tcase_add_test(tc, ceiling);
	tcase_add_test(tc, names_of_others);
	suite_add_tcase(s, tc);
	return s;
}
