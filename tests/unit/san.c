#include "unit.h"

#include "chain/san.h"

#include <errno.h>
#include <stdio.h>

static const struct {
	const char *text;
	int rc;
	const char *want;               /* kind, server, port, LUN, target */
} rows[] = {
	{ "iscsi:10.0.0.1::::iqn.2001-04.example:disk", 0,
	  "iSCSI 10.0.0.1 3260 0 iqn.2001-04.example:disk" },
	{ "iscsi:10.0.0.1:6:3261:2:iqn.x", 0, "iSCSI 10.0.0.1 3261 2 iqn.x" },
	{ "iscsi:[fd00::1]::::iqn.x", 0, "iSCSI [fd00::1] 3260 0 iqn.x" },
	{ "iscsi:10.0.0.1::::", -EBADMSG, "it names no target" },
	{ "iscsi:10.0.0.1", -EBADMSG, "it names no target" },
	{ "iscsi:::::iqn.x", -EBADMSG, "it names no server" },
	{ "iscsi:10.0.0.1::0::iqn.x", -EBADMSG, "its port is no number" },
	{ "iscsi:10.0.0.1::33x::iqn.x", -EBADMSG, "its port is no number" },
	{ "iscsi:10.0.0.1:::one:iqn.x", -EBADMSG, "its LUN is no number" },
	{ "iscsi:10.0.0.1::1234567890::iqn.x", -EBADMSG,
	  "a field is too long" },
	{ "aoe:e0.0", 0, "AoE  0  e0.0" },
	{ "aoe:", -EBADMSG, "it names no target" },
	{ "nbd://10.0.0.1/export", 0, "NBD 10.0.0.1 0  /export" },
	{ "nfs://10.0.0.1/srv/root", 0, "NFS 10.0.0.1 0  /srv/root" },
	{ "http://10.0.0.1/disk.iso", 0, "HTTP 10.0.0.1 0  /disk.iso" },
	{ "nbd:export", -EBADMSG, "it names no server" },
	{ "nbd:///export", -EBADMSG, "it names no server" },
	{ "10.0.0.1:/srv/root", -ENOENT, NULL },
	{ "/srv/root", -ENOENT, NULL },
	{ "", -ENOENT, NULL },
};

START_TEST(reads)
{
	struct san s;
	const char *why;
	char got[1024];
	int rc = san_parse(rows[_i].text, &s, &why);

	ck_assert_msg(rc == rows[_i].rc, "%s: %d", rows[_i].text, rc);
	if (rc == 0) {
		(void)snprintf(got, sizeof(got), "%s %s %u %s %s",
		    san_kind_name(s.kind), s.server, s.port, s.lun, s.target);
		ck_assert_str_eq(got, rows[_i].want);
	} else if (rc == -EBADMSG) {
		ck_assert_str_eq(why, rows[_i].want);
	}
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("san");
	TCase *tc = tcase_create("san");

	tcase_add_loop_test(tc, reads, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
