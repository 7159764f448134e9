#include "unit.h"

#include "chain/target.h"
#include "dhcp_make.h"

#define ROM  TARGET_RULE_PXE_ROM
#define EDK2 TARGET_RULE_EDK2
#define IPXE TARGET_RULE_IPXE

/* 43.8: type 0, one address, 10.0.0.8; 43.6 with bit 3, or without */
#define SERVERS "08070000010a000008"
#define USE_FILE "060108"
#define DISCOVER "060100"

static const struct {
	const char *name;
	enum target_rule rule;
	bool has_proxy;
	struct reply dhcp;
	struct reply proxy;
	int rc;
	const char *file;
	enum target_source file_from;
	bool file_by_proxy;
	const char *server;
	enum target_source server_from;
	const char *other_file;
} rows[] = {
	{ "file field", ROM,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "a ROM reads 67 before file", ROM,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a", .bootfile = "b" },
	  .file = "b", .file_from = TARGET_OPT67, .other_file = "a",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "so does EDK2", EDK2,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a", .bootfile = "b" },
	  .file = "b", .file_from = TARGET_OPT67, .other_file = "a",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "iPXE reads file before 67", IPXE,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a", .bootfile = "b" },
	  .file = "a", .file_from = TARGET_FILE, .other_file = "b",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "iPXE reads 67 where file is empty", IPXE,
	  .dhcp = { .siaddr = "10.0.0.1", .bootfile = "b" },
	  .file = "b", .file_from = TARGET_OPT67,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "the same in both is no difference", EDK2,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a", .bootfile = "a" },
	  .file = "a", .file_from = TARGET_OPT67, .other_file = "",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "67 ends at its NUL", EDK2,
	  .dhcp = { .siaddr = "10.0.0.1", .bootfile = "boot.efi\0xx",
	    .bootfile_len = 11 },
	  .file = "boot.efi", .file_from = TARGET_OPT67,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "67 of a NUL alone names nothing", ROM,
	  .dhcp = { .siaddr = "10.0.0.1", .bootfile = "\0",
	    .bootfile_len = 1 },
	  .rc = -ENODATA, .file = "",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "no file", EDK2,
	  .dhcp = { .siaddr = "10.0.0.1", .server_id = "10.0.0.2" },
	  .rc = -ENODATA, .file = "",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "EDK2 asks the DHCP server if siaddr is 0", EDK2,
	  .dhcp = { .server_id = "10.0.0.2", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.2", .server_from = TARGET_SERVER_ID },
	{ "iPXE does not", IPXE,
	  .dhcp = { .server_id = "10.0.0.2", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "", .server_from = TARGET_NONE },
	{ "nor does a ROM", ROM,
	  .dhcp = { .server_id = "10.0.0.2", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "", .server_from = TARGET_NONE },
	{ "EDK2 takes the boot server list where discovery is off", EDK2,
	  .dhcp = { .class = "PXEClient", .siaddr = "10.0.0.1", .file = "a",
	    .pxe = USE_FILE SERVERS "ff" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.8", .server_from = TARGET_OPT43 },
	{ "and siaddr where it is on", EDK2,
	  .dhcp = { .class = "PXEClient", .siaddr = "10.0.0.1", .file = "a",
	    .pxe = DISCOVER SERVERS "ff" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "a list without an address is none", EDK2,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a",
	    .pxe = USE_FILE "0803000000ff" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "a list that is cut short is none", EDK2,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a",
	    .pxe = USE_FILE "08050000010a00ff" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "iPXE has no use for the list", IPXE,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a",
	    .pxe = USE_FILE SERVERS "ff" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "siaddr before 66", ROM,
	  .dhcp = { .siaddr = "10.0.0.1", .tftp = "10.0.0.6", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "66 before sname", ROM,
	  .dhcp = { .tftp = "10.0.0.6", .sname = "10.0.0.7", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.6", .server_from = TARGET_OPT66 },
	{ "sname", ROM,
	  .dhcp = { .sname = "10.0.0.7", .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.7", .server_from = TARGET_SNAME },
	{ "EDK2 does not know 66", EDK2,
	  .dhcp = { .server_id = "10.0.0.2", .tftp = "10.0.0.6",
	    .file = "a" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.2", .server_from = TARGET_SERVER_ID },
	{ "a URI", IPXE,
	  .dhcp = { .siaddr = "10.0.0.1", .bootfile = "http://h/boot.ipxe" },
	  .file = "http://h/boot.ipxe", .file_from = TARGET_OPT67,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "a drive letter is no URI", ROM,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "c://x" },
	  .file = "c://x", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "one slash is enough", ROM,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "/srv/a" },
	  .file = "/srv/a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "the proxy's file and server", EDK2, true,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a" },
	  .proxy = { .siaddr = "10.0.0.9", .file = "b" },
	  .file = "b", .file_from = TARGET_FILE, .file_by_proxy = true,
	  .server = "10.0.0.9", .server_from = TARGET_SIADDR },
	{ "a server goes with the file of its packet", IPXE, true,
	  .dhcp = { .siaddr = "10.0.0.1" },
	  .proxy = { .siaddr = "10.0.0.9", .file = "b" },
	  .file = "b", .file_from = TARGET_FILE, .file_by_proxy = true,
	  .server = "10.0.0.9", .server_from = TARGET_SIADDR },
	{ "iPXE ignores a proxy's file without a server", IPXE, true,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a" },
	  .proxy = { .file = "b" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "even if it is a URI", IPXE, true,
	  .dhcp = { .siaddr = "10.0.0.1" },
	  .proxy = { .file = "http://h/b" },
	  .rc = -ENODATA, .file = "",
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "a proxy without a file leaves a ROM the other's", ROM, true,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a" },
	  .proxy = { .siaddr = "10.0.0.9" },
	  .file = "a", .file_from = TARGET_FILE,
	  .server = "10.0.0.1", .server_from = TARGET_SIADDR },
	{ "EDK2 has nothing then", EDK2, true,
	  .dhcp = { .siaddr = "10.0.0.1", .file = "a" },
	  .proxy = { .siaddr = "10.0.0.9" },
	  .rc = -ENODATA, .file = "",
	  .server = "10.0.0.9", .server_from = TARGET_SIADDR,
	  .file_by_proxy = true },
};

START_TEST(reads)
{
	struct dhcp4_msg dhcp = make_reply(&rows[_i].dhcp);
	struct dhcp4_msg proxy = make_reply(&rows[_i].proxy);
	struct target t;
	int rc = target_get(rows[_i].rule, &dhcp,
	    rows[_i].has_proxy ? &proxy : NULL, &t);

	ck_assert_msg(rc == rows[_i].rc, "%s: got %d", rows[_i].name, rc);
	ck_assert_msg(strcmp(t.file, rows[_i].file) == 0, "%s: file '%s'",
	    rows[_i].name, t.file);
	ck_assert_msg(t.file_from == rows[_i].file_from, "%s: from %s",
	    rows[_i].name, target_source_name(t.file_from));
	ck_assert_msg(strcmp(t.server, rows[_i].server) == 0, "%s: server "
	    "'%s'", rows[_i].name, t.server);
	ck_assert_msg(t.server_from == rows[_i].server_from, "%s: server from "
	    "%s", rows[_i].name, target_source_name(t.server_from));
	ck_assert_msg(t.file_by_proxy == rows[_i].file_by_proxy &&
	    t.server_by_proxy == rows[_i].file_by_proxy, "%s: by whom",
	    rows[_i].name);
	if (rows[_i].other_file)
		ck_assert_str_eq(t.other_file, rows[_i].other_file);
	ck_assert(t.is_uri == (strstr(t.file, "http") == t.file));
	dhcp4_msg_release(&dhcp);
	dhcp4_msg_release(&proxy);
}
END_TEST

/* 127 bytes fill the field but one; 128 leave no room for a NUL. */
START_TEST(full_field)
{
	struct dhcp4_msg msg = make_reply(&(struct reply){
	    .siaddr = "10.0.0.1" });
	struct target t;

	memset(msg.file, 'x', sizeof(msg.file));
	ck_assert_int_eq(target_get(ROM, &msg, NULL, &t), 0);
	ck_assert_uint_eq(strlen(t.file), sizeof(msg.file));
	dhcp4_msg_release(&msg);
}
END_TEST

/* Options in the file field are no file name. */
START_TEST(overloaded)
{
	static const uint8_t long_option[1000];
	struct dhcp4_msg msg = make_reply(&(struct reply){
	    .siaddr = "10.0.0.1" });
	struct dhcp4_msg read;
	uint8_t buf[1400];
	struct wr w = wr_init(buf, sizeof(buf));
	struct target t;

	ck_assert_int_eq(dhcp4_add(&msg, 224, long_option, 1000), 0);
	ck_assert_int_eq(dhcp4_add_str(&msg, DHCP4_OPT_BOOTFILE, "boot"), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, 1256), 0);
	ck_assert_int_eq(dhcp4_msg_parse(&read, buf, w.len, NULL), 0);
	ck_assert_int_eq(read.overload, 1);
	for (enum target_rule rule = ROM; rule <= IPXE; rule++) {
		ck_assert_int_eq(target_get(rule, &read, NULL, &t), 0);
		ck_assert_str_eq(t.file, "boot");
		ck_assert_int_eq(t.file_from, TARGET_OPT67);
		ck_assert_str_eq(t.other_file, "");
	}
	dhcp4_msg_release(&read);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(nothing_at_all)
{
	struct target t;

	ck_assert_int_eq(target_get(IPXE, NULL, NULL, &t), -ENODATA);
	ck_assert_str_eq(t.file, "");
	ck_assert_str_eq(t.server, "");
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("target");
	TCase *tc = tcase_create("target");

	tcase_add_loop_test(tc, reads, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, full_field);
	tcase_add_test(tc, overloaded);
	tcase_add_test(tc, nothing_at_all);
	suite_add_tcase(s, tc);
	return s;
}
