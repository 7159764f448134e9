/*
 * dnsmasq_files.c - which files a dnsmasq configuration is made of, as
 * dnsmasq 2.90 was seen to read them.
 */
#include "dnsmasq_make.h"

#include "base/sbuf.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define RANGE "dhcp-range=10.77.0.100,10.77.0.200,255.255.255.0\n"

enum { FILES_MAX = 6 };

/* Texts are put through "@" = the folder of the test. */
static const struct {
	const char *name;
	const char *text;               /* of main.conf */
	struct {
		const char *path, *text;
	} file[FILES_MAX];
	const char *want;               /* boot file of the machine; NULL: none */
	int rc;
	size_t n_gaps;
} rows[] = {
	{ "conf-file", RANGE "conf-file=@/a\n",
	    { { "a", "dhcp-boot=a" } }, "a", 0, 0 },
	{ "conf-file that is not there", "conf-file=@/a\n", { { 0 } }, NULL,
	    -ENOENT, 0 },
	{ "conf-file of itself", RANGE "conf-file=@/a\n",
	    { { "a", "conf-file=@/a\nconf-file=@/main.conf\ndhcp-boot=a" } },
	    "a", 0, 0 },
	{ "conf-file refused", "conf-file=@/a\n", { { "a", "\nno-such" } },
	    NULL, -EBADMSG, 0 },
	{ "conf-dir in the order of names", RANGE "conf-dir=@/d\n",
	    { { "d/20", "dhcp-boot=b" }, { "d/10", "dhcp-boot=a" } }, "b", 0, 0 },
	{ "conf-dir leaves out what editors leave",
	    RANGE "dhcp-boot=a\nconf-dir=@/d\n",
	    { { "d/b~", "dhcp-boot=b" }, { "d/#c#", "dhcp-boot=c" },
	    { "d/.d", "dhcp-boot=d" } }, "a", 0, 0 },
	{ "conf-dir with a suffix to leave out",
	    RANGE "dhcp-boot=a\nconf-dir=@/d,.bak\n",
	    { { "d/b.bak", "dhcp-boot=b" }, { "d/c.conf", "dhcp-boot=c" } },
	    "c", 0, 0 },
	{ "conf-dir with a suffix to read",
	    RANGE "dhcp-boot=a\nconf-dir=@/d,*.conf\n",
	    { { "d/b.conf", "dhcp-boot=b" }, { "d/c.txt", "dhcp-boot=c" } },
	    "b", 0, 0 },
	{ "conf-dir with both", RANGE "dhcp-boot=a\nconf-dir=@/d,*.conf,.x.conf\n",
	    { { "d/b.conf", "dhcp-boot=b" }, { "d/c.x.conf", "dhcp-boot=c" } },
	    "b", 0, 0 },
	{ "a suffix is not the whole name",
	    RANGE "dhcp-boot=a\nconf-dir=@/d,*.conf\n",
	    { { "d/.conf", "dhcp-boot=b" } }, "a", 0, 0 },
	{ "conf-dir that is not there", "conf-dir=@/d\n", { { 0 } }, NULL,
	    -ENOENT, 0 },
	{ "conf-dir without folders in it", RANGE "dhcp-boot=a\nconf-dir=@/d\n",
	    { { "d/e/f", "dhcp-boot=b" } }, "a", 0, 0 },
	{ "dhcp-hostsfile", RANGE "dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\n",
	    { { "h", "# who\n52:54:00:77:00:13,set:x\n" } }, "a", 0, 0 },
	{ "dhcp-hostsfile with a bad line",
	    RANGE "dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\n",
	    { { "h", "zz:zz,set:y\n52:54:00:77:00:13,set:x\n" } }, "a", 0, 0 },
	{ "dhcp-hostsfile is a folder",
	    RANGE "dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\n",
	    { { "h/1", "52:54:00:77:00:13,set:x\n" },
	    { "h/2~", "52:54:00:77:00:13,set:y\n" } }, "a", 0, 0 },
	{ "dhcp-hostsfile that is not there",
	    RANGE "dhcp-boot=a\ndhcp-hostsfile=@/h\n", { { 0 } }, "a", 0, 1 },
	{ "dhcp-hostsdir", RANGE "dhcp-hostsdir=@/h\ndhcp-boot=tag:x,a\n",
	    { { "h/1", "52:54:00:77:00:13,set:x\n" } }, "a", 0, 0 },
	{ "dhcp-optsfile", RANGE "dhcp-optsfile=@/o\n",
	    { { "o", "option:bootfile-name,a\n" } }, "a", 0, 0 },
	{ "dhcp-optsfile is newer than any line",
	    RANGE "dhcp-optsfile=@/o\ndhcp-option=67,b\n",
	    { { "o", "67,a\n" } }, "a", 0, 0 },
	{ "dhcp-optsdir", RANGE "dhcp-optsdir=@/o\n",
	    { { "o/1", "67,a\n" } }, "a", 0, 0 },
	{ "dhcp-optsdir that is not there", RANGE "dhcp-optsdir=@/o\n", { { 0 } },
	    NULL, 0, 1 },
	{ "options of the command line", "--dhcp-boot=a\n", { { 0 } }, NULL,
	    -EBADMSG, 0 },
};

static char *
put_dir(const char *text, const char *dir)
{
	struct sbuf b = SBUF_EMPTY;

	for (; *text; text++)
		if (*text == '@')
			sbuf_add(&b, dir);
		else
			sbuf_addc(&b, *text);
	return sbuf_steal(&b);
}

static void
put_file(const char *dir, const char *path, const char *text)
{
	char *full = NULL;
	char *body = put_dir(text, dir);
	struct sbuf b = SBUF_EMPTY;
	FILE *f;

	sbuf_printf(&b, "%s/%s", dir, path);
	full = sbuf_steal(&b);
	for (char *p = full + strlen(dir) + 1; *p; p++)
		if (*p == '/') {
			*p = '\0';
			(void)mkdir(full, 0700);
			*p = '/';
		}
	f = fopen(full, "w");
	ck_assert_ptr_nonnull(f);
	if (body)
		fputs(body, f);
	fclose(f);
	free(full);
	free(body);
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

/* The name of the file that the answer to a machine has; "" if none. */
static void
boot_file(void *tree, char ret[64])
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg };
	struct answer a;

	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	msg.hlen = MAC_LEN;
	ck_assert_int_eq(parse_mac("52:54:00:77:00:13", msg.chaddr, NULL), 0);
	dhcp4_add_u8(&msg, DHCP4_OPT_MSG_TYPE, DHCP4_DISCOVER);
	dhcp4_add(&msg, DHCP4_OPT_PRL, "\001\103", 2);
	parse_ipv4("10.77.0.1", &req.server_ip, NULL);
	answer_init(&a);
	ck_assert_int_eq(dnsmasq_ops.answer(tree, &req, &a, NULL), 0);
	if (!dhcp4_get_str(&a.msg, DHCP4_OPT_BOOTFILE, ret, 64))
		*ret = '\0';
	answer_release(&a);
	dhcp4_msg_release(&msg);
}

START_TEST(files)
{
	char dir[] = "/tmp/dnsmasq-files-XXXXXX";
	char path[64], got[64];
	const char *paths[1] = { path };
	struct config_conf conf = { .paths = paths, .n_paths = 1 };
	struct diag diag;
	void *tree = NULL;
	size_t n;
	int rc;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/main.conf", dir);
	put_file(dir, "main.conf", rows[_i].text);
	for (size_t i = 0; i < FILES_MAX && rows[_i].file[i].path; i++)
		put_file(dir, rows[_i].file[i].path, rows[_i].file[i].text);
	parse_ipv4("10.77.0.1", &conf.server_ip, NULL);
	rc = dnsmasq_load(&conf, &tree, &diag);
	ck_assert_msg(rc == rows[_i].rc, "%s: got %d", rows[_i].name, rc);
	if (rc == 0) {
		boot_file(tree, got);
		ck_assert_msg(strcmp(got, rows[_i].want ? rows[_i].want : "") == 0,
		    "%s: '%s'", rows[_i].name, got);
		(void)dnsmasq_ops.gaps(tree, &n);
		ck_assert_msg(n == rows[_i].n_gaps, "%s: %zu gaps",
		    rows[_i].name, n);
		dnsmasq_ops.free(tree);
	}
	ck_assert_int_eq(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dnsmasq_files");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, files, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
