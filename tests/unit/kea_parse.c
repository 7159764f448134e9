/*
 * What Kea 2.2.0 takes and refuses and where, what files of other releases
 * are called, and what the tree holds.
 */
#include "unit.h"

#include "config/kea_tree.h"
#include "kea_parse_rows.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* The text of a row as it stands in the file; the test frees it. */
static char *
plain(const char *row)
{
	size_t len = strlen(row);
	char *text = unit_heap(row, len);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\'')
			text[i] = '"';
		else if (text[i] == '`')
			text[i] = '\'';
	}
	return text;
}

static struct kea_tree *
parse(const char *row, int *ret_rc, struct diag *diag)
{
	char *text = plain(row);
	void *tree = NULL;

	*ret_rc = kea_parse("f", text, strlen(row), NULL, &tree, diag);
	free(text);
	return tree;
}

static struct kea_tree *
parse_good(const char *row)
{
	struct diag diag = { .text = "" };
	int rc;
	struct kea_tree *t = parse(row, &rc, &diag);

	ck_assert_msg(rc == 0, "%u: %s", diag.line, diag.text);
	return t;
}

START_TEST(accepts_or_refuses)
{
	struct diag diag = { .text = "" };
	int want = rows[_i].line, rc;
	struct kea_tree *t = parse(rows[_i].text, &rc, &diag);

	ck_assert_msg(rc == (want ? -EBADMSG : 0), "%s: %d, %s",
	    rows[_i].text, rc, diag.text);
	ck_assert_msg(want <= 0 || (int)diag.line == want,
	    "%s: line %u, %s", rows[_i].text, diag.line, diag.text);
	ck_assert((rc == 0) == (t != NULL));
	if (rc < 0) {
		ck_assert(diag.line > 0 && diag.column > 0);
		ck_assert_str_eq(diag.file, "f");
	}
	kea_ops.free(t);
}
END_TEST

/* Another release: who refuses it, where, and from when or until when. */
static const struct {
	unsigned int line;
	const char *says;
	const char *text;
} releases[] = {
	{ 2, "2.3.4 or later", D4("'allocator': 'random'") },
	{ 2, "2.7.4 or later", D4("'allocator': 'random', 'client-classes': "
	    "[ { 'name': 'a', 'only-in-additional-list': true } ]") },
	{ 2, "2.3.4 or later", D4("'allocator': 'random', 'brand-new': 1") },
	{ 3, "1.7.9 or earlier", "{ 'Dhcp4': {\n'valid-lifetime': 1 },\n"
	    "'Logging': { 'loggers': [ ] } }" },
	{ 2, "2.1.4 or earlier", D4("'lease-database': { 'type': 'cql' }") },
	{ 2, "is not installed", D4("'hooks-libraries': [ "
	    "{ 'library': '/usr/lib/libdhcp_host_cmds.so' } ]") },
};

START_TEST(names_the_release)
{
	struct kea_tree *t = parse_good(releases[_i].text);
	const struct config_remark *r;
	size_t n;

	r = kea_ops.remarks(t, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(r->fault, "config-rejected");
	ck_assert(r->depends);
	ck_assert_uint_eq(r->pos.line, releases[_i].line);
	ck_assert_msg(strstr(r->text, releases[_i].says), "%s", r->text);
	kea_ops.free(t);
}
END_TEST

/* Broken for every release: the place is where 2.2 gives up. */
START_TEST(names_the_first_place)
{
	struct diag diag;
	int rc;
	struct kea_tree *t = parse(D4("'allocator': 'random',\n"
	    "'subnet4': 1"), &rc, &diag);

	ck_assert(!t && rc == -EBADMSG);
	ck_assert_uint_eq(diag.line, 2);
	ck_assert(strstr(diag.text, "2.3.4") && strstr(diag.text, "line 3"));
}
END_TEST

/* A name of a newer release is taken as what 2.2 calls it. */
START_TEST(takes_newer_twins)
{
	struct kea_tree *t = parse_good(D4("'client-classes': [ { 'name': 'a',"
	    "'only-in-additional-list': true } ], 'subnet4': [ "
	    "{ 'subnet': '10.0.0.0/24', 'evaluate-additional-classes': "
	    "[ 'a' ], 'option-data': [ { 'name': 'brand-new' } ], 'pools': [ "
	    "{ 'pool': '10.0.0.0/25', 'client-classes': [ 'b', 'c' ] } ] } ]"));
	size_t n;

	ck_assert(t->classes->only_if_required);
	ck_assert_str_eq(t->subnets->required->name, "a");
	ck_assert_str_eq(t->subnets->pools->guards->next->name, "c");
	ck_assert(!t->subnets->level.options);
	ck_assert(strstr(kea_ops.gaps(t, &n)->text, "brand-new"));
	ck_assert_uint_eq(n, 1);
	kea_ops.free(t);
}
END_TEST

static const char whole[] = D4("'next-server': '10.0.0.9',\n"
    "'match-client-id': false,\n"
    "'client-classes': [ { 'name': 'a', 'test': "
    "'substring(option[60].hex,0,3) == `PXE`' },\n"
    "{ 'name': 'b', 'test': 'member(`KNOWN`)' },\n"
    "{ 'name': 'c', 'test': 'member(`b`)' } ],\n"
    "'shared-networks': [ { 'name': 'n', 'reservations-global': true,\n"
    "'match-client-id': true,\n"
    "'relay': { 'ip-address': '10.1.0.1' }, 'subnet4': [\n"
    "{ 'id': 7, 'subnet': '10.1.0.0/24', 'client-class': 'a',\n"
    "'pools': [ { 'pool': '10.1.0.8/29' } ] } ] } ],\n"
    "'subnet4': [ { 'subnet': '10.0.0.0/24', 'boot-file-name': '',\n"
    "'option-data': [ { 'name': 'boot-file-name', 'data': 'x.efi' } ],\n"
    "'reservations': [ { 'hw-address': '52:54:00:00:00:01', "
    "'hostname': 'one' },\n"
    "{ 'hw-address': '52:54:00:00:00:02', 'hostname': 'two' },\n"
    "{ 'hw-address': '52:54:00:00:00:03', 'boot-file-name': 'y' },\n"
    "{ 'circuit-id': '`p1`', 'hostname': 'z' },\n"
    "{ 'duid': '0001', 'hostname': 'd' } ] } ]");

START_TEST(builds_the_tree)
{
	struct kea_tree *t = parse_good(whole);
	const struct kea_subnet *in_net = t->subnets, *plain_one = in_net->next;

	ck_assert(t->global.has_next_server);
	ck_assert(!t->classes->depends_on_known);
	ck_assert(t->classes->next->depends_on_known);
	ck_assert(t->classes->next->next->depends_on_known);
	ck_assert_uint_eq(t->classes->test_pos.line, 4);
	ck_assert_uint_eq(in_net->id, 7);
	ck_assert_ptr_eq(in_net->network, t->networks);
	ck_assert_str_eq(in_net->guards->name, "a");
	ck_assert(in_net->reservations_global && in_net->match_client_id);
	ck_assert_uint_eq(in_net->n_relays, 1);
	ck_assert_uint_eq(ntohl(in_net->pools->last.s_addr), 0x0a01000f);
	ck_assert_uint_eq(plain_one->id, 1);
	ck_assert(!plain_one->reservations_global &&
	    !plain_one->match_client_id);
	ck_assert_ptr_null(plain_one->level.boot_file_name);
	ck_assert_uint_eq(plain_one->level.options->code, 67);
	ck_assert_mem_eq(plain_one->level.options->bytes, "x.efi", 5);
	ck_assert_str_eq(plain_one->hosts->hostname, "one");
	kea_ops.free(t);
}
END_TEST

START_TEST(hands_out_lists)
{
	struct kea_tree *t = parse_good(whole);
	const struct config_network *nets;
	const struct config_host *hosts;
	size_t n;

	nets = kea_ops.networks(t, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(nets[0].name, "10.1.0.0/24 (n)");
	ck_assert_uint_eq(ntohl(nets[0].giaddr.s_addr), 0x0a010001);
	hosts = kea_ops.hosts(t, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert(hosts[0].has_mac && hosts[0].mac[5] == 1);
	ck_assert(hosts[0].alike && hosts[0].alike == hosts[1].alike);
	ck_assert_uint_ne(hosts[0].alike, hosts[2].alike);
	ck_assert_uint_eq(hosts[3].client_id_len, 7);
	ck_assert_mem_eq(hosts[3].client_id, "\xff\0\0\0\x01\0\x01", 7);
	ck_assert_uint_eq(kea_ops.literals(t, &n)->code, 60);
	ck_assert(strstr(kea_ops.gaps(t, &n)->text, "circuit-id"));
	ck_assert_str_eq(kea_ops.line(t, "f", 3), "\"match-client-id\": false,");
	ck_assert_ptr_null(kea_ops.line(t, "f", 99));
	kea_ops.free(t);
}
END_TEST

/* A test of who the client is tells hosts apart that seem alike. */
START_TEST(tells_hosts_apart)
{
	struct kea_tree *t = parse_good(D4("'client-classes': [ { 'name': 'a',"
	    "'test': 'pkt4.mac == 0x525400000001' } ], 'subnet4': [ "
	    "{ 'subnet': '10.0.0.0/24', 'reservations': [ "
	    "{ 'hw-address': '52:54:00:00:00:01', 'hostname': 'a' }, "
	    "{ 'hw-address': '52:54:00:00:00:02', 'hostname': 'b' } ] } ]"));
	size_t n;

	ck_assert_uint_eq(kea_ops.hosts(t, &n)->alike, 0);
	ck_assert_uint_eq(n, 2);
	kea_ops.free(t);
}
END_TEST

/* Every beginning is refused with a place inside it. */
START_TEST(prefixes)
{
	char *text = plain(whole);
	size_t len = strlen(whole);

	for (size_t i = 0; i < len; i++) {
		char *cut = unit_heap(text, i);
		struct diag diag = { .text = "" };
		void *tree = NULL;

		ck_assert_int_eq(kea_parse("f", cut, i, NULL, &tree, &diag),
		    -EBADMSG);
		ck_assert(diag.line > 0 && !tree);
		free(cut);
	}
	free(text);
}
END_TEST

static void
write_file(const char *dir, const char *name, const char *row)
{
	char path[200], *text = plain(row);
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ck_assert(f && fwrite(text, 1, strlen(row), f) == strlen(row));
	fclose(f);
	free(text);
}

/* Beside the including file, and below the root. */
START_TEST(includes)
{
	char dir[] = "/tmp/kea-parse-XXXXXX", path[200], inner[200];
	const char *paths[] = { path };
	struct config_conf conf = { .paths = paths, .n_paths = 1 };
	struct diag diag = { .text = "" };
	void *tree = NULL;
	int rc;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a", dir);
	snprintf(inner, sizeof(inner), "%s/b", dir);
	write_file(dir, "a", "{ 'Dhcp4': {\n<?include 'b'?> } }");
	write_file(dir, "b", "'valid-lifetime': 1,\n<?include '/c'?>");
	rc = kea_load(&conf, &tree, &diag);
	ck_assert_msg(rc == -ENOENT && diag.line == 2, "%s", diag.text);
	ck_assert_str_eq(diag.file, inner);
	conf.root = dir;
	write_file(dir, "c", "'renew-timer': 1 } 2");
	rc = kea_load(&conf, &tree, &diag);
	ck_assert_msg(rc == -EBADMSG && diag.line == 1, "%s", diag.text);
	write_file(dir, "c", "'renew-timer': 1\n");
	ck_assert_int_eq(kea_load(&conf, &tree, &diag), 0);
	ck_assert_str_eq(kea_ops.line(tree, inner, 1),
	    "\"valid-lifetime\": 1,");
	kea_ops.free(tree);
	tree = NULL;
	write_file(dir, "c", "<?include '/c'?>");
	rc = kea_load(&conf, &tree, &diag);
	ck_assert_msg(rc == -EBADMSG && strstr(diag.text, "nested"), "%s",
	    diag.text);
	unlink(path);
	unlink(inner);
	inner[strlen(inner) - 1] = 'c';
	unlink(inner);
	rmdir(dir);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("kea_parse");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, accepts_or_refuses, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, names_the_release, 0, ARRAY_LEN(releases));
	tcase_add_test(tc, names_the_first_place);
	tcase_add_test(tc, takes_newer_twins);
	tcase_add_test(tc, builds_the_tree);
	tcase_add_test(tc, hands_out_lists);
	tcase_add_test(tc, tells_hosts_apart);
	tcase_add_test(tc, prefixes);
	tcase_add_test(tc, includes);
	suite_add_tcase(s, tc);
	return s;
}
