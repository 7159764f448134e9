#include "unit.h"

#include "server/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[128];
static struct root root;

static void
write_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void
make_link(const char *to, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	ck_assert_int_eq(symlink(to, path), 0);
}

static void
make_dir(const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void
setup(void)
{
	const char *tmp = getenv("TMPDIR");
	char path[256];

	(void)snprintf(dir, sizeof(dir), "%s/root-XXXXXX",
	    tmp ? tmp : P_tmpdir);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	make_dir("served");
	make_dir("served/Boot");
	make_dir("served-not");
	write_file("secret", "secret");
	write_file("served-not/secret", "secret");
	write_file("served/ipxe.efi", "ipxe");
	write_file("served/Boot/BCD", "registry");
	write_file("served/odd\\name", "odd");
	make_link("ipxe.efi", "served/inside");
	make_link("Boot/../ipxe.efi", "served/inside-too");
	make_link("../secret", "served/outside");
	make_link("/etc/hostname", "served/absolute");
	make_link("..", "served/up");
	make_link("loop", "served/loop");
	(void)snprintf(path, sizeof(path), "%s/served/pipe", dir);
	ck_assert_int_eq(mkfifo(path, 0644), 0);
	(void)snprintf(path, sizeof(path), "%s/served", dir);
	ck_assert_int_eq(root_init(&root, path, NULL), 0);
}

static void
teardown(void)
{
	static const char *const names[] = {
		"served/pipe", "served/loop", "served/up", "served/absolute",
		"served/outside", "served/inside-too", "served/inside",
		"served/odd\\name", "served/Boot/BCD", "served/ipxe.efi",
		"served-not/secret", "secret", "served/Boot", "served",
		"served-not", "",
	};
	char path[256];

	root_release(&root);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		ck_assert_int_eq(remove(path), 0);
	}
}

static const struct {
	const char *name;
	int want;               /* 0, or a negative errno */
	const char *text;       /* what is in it */
} rows[] = {
	{ "ipxe.efi", 0, "ipxe" },
	{ "/ipxe.efi", 0, "ipxe" },
	{ "//ipxe.efi", 0, "ipxe" },
	{ "\\ipxe.efi", 0, "ipxe" },
	{ "./ipxe.efi", 0, "ipxe" },
	{ "Boot/BCD", 0, "registry" },
	{ "\\Boot\\BCD", 0, "registry" },
	{ "/Boot//BCD", 0, "registry" },
	{ "Boot/../ipxe.efi", 0, "ipxe" },
	{ "inside", 0, "ipxe" },
	{ "inside-too", 0, "ipxe" },
	{ "IPXE.EFI", -ENOENT, NULL },
	{ "boot/bcd", -ENOENT, NULL },
	{ "absent", -ENOENT, NULL },
	{ "odd\\name", -ENOENT, NULL },
	{ "ipxe.efi/x", -ENOTDIR, NULL },
	{ "../secret", -EACCES, NULL },
	{ "/../secret", -EACCES, NULL },
	{ "\\..\\secret", -EACCES, NULL },
	{ "Boot/../../secret", -EACCES, NULL },
	{ "../served-not/secret", -EACCES, NULL },
	{ "../served/ipxe.efi", -EACCES, NULL },
	{ "outside", -EACCES, NULL },
	{ "absolute", -EACCES, NULL },
	{ "up/secret", -EACCES, NULL },
	{ "loop", -ELOOP, NULL },
	{ "pipe", -EACCES, NULL },
	{ "Boot", -EACCES, NULL },
	{ ".", -EACCES, NULL },
	{ "/", -EACCES, NULL },
	{ "", -EACCES, NULL },
};

START_TEST(name_opens_or_not)
{
	uint64_t size = 99;
	char buf[32] = "";
	int fd = root_open(&root, rows[_i].name, &size);

	ck_assert_int_eq(root_has(&root, rows[_i].name), rows[_i].want == 0);
	if (rows[_i].want < 0) {
		ck_assert_msg(fd == rows[_i].want, "%s: %d", rows[_i].name, fd);
		ck_assert_uint_eq(size, 99);
		return;
	}
	ck_assert_msg(fd >= 0, "%s: %d", rows[_i].name, fd);
	ck_assert_uint_eq(size, strlen(rows[_i].text));
	ck_assert_int_eq(read(fd, buf, sizeof(buf) - 1), size);
	ck_assert_str_eq(buf, rows[_i].text);
	ck_assert_int_eq(close(fd), 0);
}
END_TEST

START_TEST(name_can_be_too_long)
{
	char name[ROOT_NAME_MAX + 2];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ck_assert_int_eq(root_open(&root, name, NULL), -ENAMETOOLONG);
}
END_TEST

START_TEST(folder_must_be_one)
{
	struct root r = { .dir_fd = -1 };
	struct diag d;
	char path[256];

	ck_assert_int_eq(root_init(&r, "/nonexistent", &d), -ENOENT);
	ck_assert_ptr_nonnull(strstr(d.text, "/nonexistent"));
	(void)snprintf(path, sizeof(path), "%s/secret", dir);
	ck_assert_int_eq(root_init(&r, path, &d), -ENOTDIR);
	ck_assert_int_eq(r.dir_fd, -1);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("root");
	TCase *tc = tcase_create("root");

	tcase_add_unchecked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, name_opens_or_not, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, name_can_be_too_long);
	tcase_add_test(tc, folder_must_be_one);
	suite_add_tcase(s, tc);
	return s;
}
