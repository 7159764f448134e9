#include "unit.h"

#include "script/uri.h"

#include <errno.h>

static const struct {
	const char *text;
	const char *parts;      /* scheme|opaque|user|password|host|port|path|query|fragment|params */
	const char *shown;
	bool absolute;
	bool hierarchical;
} parse_rows[] = {
	{ "http://u:p@h:80/a/b.ipxe?q=1#f",
	    "http|-|u|p|h|80|/a/b.ipxe|q=1|f|-", "http://h:80/a/b.ipxe",
	    true, true },
	{ "tftp://10.0.0.1/boot.ipxe",
	    "tftp|-|-|-|10.0.0.1|-|/boot.ipxe|-|-|-",
	    "tftp://10.0.0.1/boot.ipxe", true, true },
	{ "http://h", "http|-|-|-|h|-|-|-|-|-", "http://h", true, true },
	{ "http://h?q", "http|-|-|-|h|-|-|q|-|-", "http://h", true, true },
	{ "http://[fe80::1]:8080/x",
	    "http|-|-|-|[fe80::1]|8080|/x|-|-|-", "http://[fe80::1]:8080/x",
	    true, true },
	{ "http://[fe80::1]/x", "http|-|-|-|[fe80::1]|-|/x|-|-|-",
	    "http://[fe80::1]/x", true, true },
	{ "file:/a/b", "file|-|-|-|-|-|/a/b|-|-|-", "file:/a/b", true, true },
	{ "c:\\x", "c|\\x|-|-|-|-|-|-|-|-", "c:\\x", true, false },
	{ "iscsi:10.0.0.1::::iqn.x", "iscsi|10.0.0.1::::iqn.x|-|-|-|-|-|-|-|-",
	    "iscsi:10.0.0.1::::iqn.x", true, false },
	{ "boot.ipxe", "-|-|-|-|-|-|boot.ipxe|-|-|-", "boot.ipxe", false, false },
	/* A digit is in no scheme, so this is a relative path. */
	{ "10.0.0.1:/nfs", "-|-|-|-|-|-|10.0.0.1:/nfs|-|-|-",
	    "10.0.0.1:/nfs", false, false },
	/* Without a scheme there is no authority. */
	{ "//h/x", "-|-|-|-|-|-|//h/x|-|-|-", "//h/x", false, false },
	{ "x?a=b", "-|-|-|-|-|-|x|a=b|-|-", "x", false, false },
	{ "?a=b", "-|-|-|-|-|-|-|a=b|-|-", "", false, false },
	{ "#f", "-|-|-|-|-|-|-|-|f|-", "", false, false },
	{ "", "-|-|-|-|-|-|-|-|-|-", "", false, false },
	{ "x##params", "-|-|-|-|-|-|x|-|-|", "x", false, false },
	{ "x##params=up?y", "-|-|-|-|-|-|x|-|-|up?y", "x", false, false },
	{ "x?q#f##params=l", "-|-|-|-|-|-|x|q|f|l", "x", false, false },
	{ "x##parameters", "-|-|-|-|-|-|x|-|#parameters|-", "x", false,
	    false },
	{ "http://u@h/", "http|-|u|-|h|-|/|-|-|-", "http://h/", true, true },
	{ "my-scheme_x://h/", "my-scheme_x|-|-|-|h|-|/|-|-|-",
	    "my-scheme_x://h/", true, true },
};

static void
add_part(struct sbuf *b, const char *part)
{
	if (b->len > 0)
		sbuf_addc(b, '|');
	sbuf_add(b, part ? part : "-");
}

START_TEST(parts)
{
	struct sbuf got = SBUF_EMPTY;
	struct sbuf text = SBUF_EMPTY;
	struct sbuf shown = SBUF_EMPTY;
	struct uri u;

	ck_assert_int_eq(uri_parse(&u, parse_rows[_i].text), 0);
	add_part(&got, u.scheme);
	add_part(&got, u.opaque);
	add_part(&got, u.user);
	add_part(&got, u.password);
	add_part(&got, u.host);
	add_part(&got, u.port);
	add_part(&got, u.path);
	add_part(&got, u.query);
	add_part(&got, u.fragment);
	add_part(&got, u.params);
	ck_assert_str_eq(sbuf_str(&got), parse_rows[_i].parts);
	ck_assert_int_eq(uri_is_absolute(&u), parse_rows[_i].absolute);
	ck_assert_int_eq(uri_is_hierarchical(&u), parse_rows[_i].hierarchical);

	/* It comes out as it went in. */
	uri_add(&text, &u);
	ck_assert_str_eq(sbuf_str(&text), parse_rows[_i].text);
	uri_add_redacted(&shown, &u);
	ck_assert_str_eq(sbuf_str(&shown), parse_rows[_i].shown);
	uri_release(&u);
	sbuf_release(&got);
	sbuf_release(&text);
	sbuf_release(&shown);
}
END_TEST

static const struct {
	const char *base;
	const char *ref;
	const char *want;       /* NULL: -ENOTSUP */
} resolve_rows[] = {
	{ "http://h/d/a.ipxe", "b.ipxe", "http://h/d/b.ipxe" },
	{ "http://h/d/a.ipxe", "sub/b.ipxe", "http://h/d/sub/b.ipxe" },
	{ "http://h/d/a.ipxe", "/b.ipxe", "http://h/b.ipxe" },
	{ "http://h/d/a.ipxe", "./b", "http://h/d/b" },
	{ "http://h/d/e/a", "../b", "http://h/d/b" },
	{ "http://h/d/e/a", "../../b", "http://h/b" },
	{ "http://h/d/e/a", "../../../../b", "http://h/b" },
	/* Only what stands at the front is interpreted. */
	{ "http://h/d/e/a", "x/../b", "http://h/d/e/x/../b" },
	{ "http://h/d/a?q=1#f", "b", "http://h/d/b" },
	{ "http://h/d/a", "b?q=2", "http://h/d/b?q=2" },
	{ "http://h/d/a?q=1", "?q=2", "http://h/d/a?q=2" },
	{ "http://h/d/a", "b##params=l", "http://h/d/b##params=l" },
	{ "http://u:p@h:8/d/a", "b", "http://u:p@h:8/d/b" },
	{ "http://h", "b", "http://h/b" },
	{ "tftp://10.0.0.1/", "boot.ipxe", "tftp://10.0.0.1/boot.ipxe" },
	{ "http://h/d/a", "tftp://k/b", "tftp://k/b" },
	{ "http://h/d/a", "c:\\x", "c:\\x" },
	{ "", "http://k/b", "http://k/b" },
	{ "", "b", NULL },
	{ "", "/b", NULL },
	{ "c:\\x", "b", NULL },
};

START_TEST(resolves)
{
	struct sbuf b = SBUF_EMPTY;
	int rc = uri_resolve(&b, resolve_rows[_i].base, resolve_rows[_i].ref);

	if (resolve_rows[_i].want) {
		ck_assert_int_eq(rc, 0);
		ck_assert_str_eq(sbuf_str(&b), resolve_rows[_i].want);
	} else {
		ck_assert_int_eq(rc, -ENOTSUP);
		ck_assert_uint_eq(b.len, 0);
	}
	sbuf_release(&b);
}
END_TEST

static const struct {
	const char *server;
	const char *file;
	const char *want;       /* NULL: -ENOTSUP */
} dhcp_rows[] = {
	{ "10.0.0.1", "boot.ipxe", "tftp://10.0.0.1/boot.ipxe" },
	/* A leading slash is doubled: the request asks for /boot.ipxe. */
	{ "10.0.0.1", "/boot.ipxe", "tftp://10.0.0.1//boot.ipxe" },
	{ "10.0.0.1", "a#b?c%20", "tftp://10.0.0.1/a#b?c%20" },
	{ "10.0.0.1", "http://h/x", "http://h/x" },
	{ "", "http://h/x", "http://h/x" },
	{ "10.0.0.1", "c:\\x", "tftp://10.0.0.1/c:\\x" },
	{ "0.0.0.0", "x", NULL },
	{ "", "x", NULL },
};

START_TEST(of_a_boot_file_name)
{
	struct sbuf b = SBUF_EMPTY;
	int rc = uri_from_dhcp(&b, dhcp_rows[_i].server, dhcp_rows[_i].file);

	ck_assert_int_eq(rc, dhcp_rows[_i].want ? 0 : -ENOTSUP);
	if (dhcp_rows[_i].want)
		ck_assert_str_eq(sbuf_str(&b), dhcp_rows[_i].want);
	sbuf_release(&b);
}
END_TEST

static const struct {
	const char *uri;
	const char *name;
	const char *dir;
} name_rows[] = {
	{ "http://h/d/a.ipxe?q#f", "a.ipxe", "http://h/d/" },
	{ "http://h/d/a%20b", "a b", "http://h/d/" },
	{ "http://h/", "", "http://h/" },
	{ "http://h", "", "http://h" },
	{ "http://h/d/", "", "http://h/d/" },
	{ "x", "x", "" },
};

START_TEST(names_and_directories)
{
	struct sbuf b = SBUF_EMPTY;

	ck_assert_int_eq(uri_name(&b, name_rows[_i].uri), 0);
	ck_assert_str_eq(sbuf_str(&b), name_rows[_i].name);
	sbuf_clear(&b);
	ck_assert_int_eq(uri_dir(&b, name_rows[_i].uri), 0);
	ck_assert_str_eq(sbuf_str(&b), name_rows[_i].dir);
	sbuf_release(&b);
}
END_TEST

static const struct {
	const char *plain;
	const char *encoded;
} code_rows[] = {
	{ "a-b_c.d~e", "a-b_c.d~e" },
	{ "a b", "a%20b" },
	{ "100%", "100%25" },
	{ "/#:@?=&+", "%2F%23%3A%40%3F%3D%26%2B" },
	{ "\x01\x7f", "%01%7F" },
	{ "(x)!*'", "(x)!*'" },
};

START_TEST(encodes_and_decodes)
{
	struct sbuf b = SBUF_EMPTY;

	uri_encode(&b, code_rows[_i].plain, strlen(code_rows[_i].plain));
	ck_assert_str_eq(sbuf_str(&b), code_rows[_i].encoded);
	sbuf_clear(&b);
	uri_decode(&b, code_rows[_i].encoded);
	ck_assert_str_eq(sbuf_str(&b), code_rows[_i].plain);
	sbuf_release(&b);
}
END_TEST

START_TEST(odd_percent_signs_stay)
{
	struct sbuf b = SBUF_EMPTY;

	uri_decode(&b, "a%zz%4%41%");
	ck_assert_str_eq(sbuf_str(&b), "a%zz%4A%");
	/* iPXE prints bytes above ASCII as negative numbers. */
	sbuf_clear(&b);
	uri_encode(&b, "\xde", 1);
	ck_assert_str_eq(sbuf_str(&b), "%FFFFFFDE");
	sbuf_release(&b);
}
END_TEST

START_TEST(too_long)
{
	struct sbuf b = SBUF_EMPTY;
	struct uri u;

	while (b.len <= URI_MAX)
		sbuf_addc(&b, 'a');
	ck_assert_int_eq(uri_parse(&u, b.text), -EMSGSIZE);
	b.text[URI_MAX] = '\0';
	ck_assert_int_eq(uri_parse(&u, b.text), 0);
	uri_release(&u);
	sbuf_release(&b);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_uri");
	TCase *tc = tcase_create("uri");

	tcase_add_loop_test(tc, parts, 0, ARRAY_LEN(parse_rows));
	tcase_add_loop_test(tc, resolves, 0, ARRAY_LEN(resolve_rows));
	tcase_add_loop_test(tc, of_a_boot_file_name, 0, ARRAY_LEN(dhcp_rows));
	tcase_add_loop_test(tc, names_and_directories, 0,
	    ARRAY_LEN(name_rows));
	tcase_add_loop_test(tc, encodes_and_decodes, 0, ARRAY_LEN(code_rows));
	tcase_add_test(tc, odd_percent_signs_stay);
	tcase_add_test(tc, too_long);
	suite_add_tcase(s, tc);
	return s;
}
