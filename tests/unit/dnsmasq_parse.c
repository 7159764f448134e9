/* dnsmasq_parse.c - what dnsmasq accepts is accepted, and nothing else. */
#include "dnsmasq_make.h"

#include "base/sbuf.h"

#include <errno.h>

enum { GOOD = 0 };

/* @line: 0 if accepted, or the line that is refused. */
static const struct {
	const char *text;
	unsigned int line;
} rows[] = {
	{ "", GOOD },
	{ "# a comment\n\n   # another\n", GOOD },
	{ "port = 0 # after a blank", GOOD },
	{ "port=0#not after one", 1 },
	{ "\"port\"=0", GOOD },
	{ "port=", GOOD },
	{ "port=65536", 1 },
	{ "port=x", 1 },
	{ "port 0", 1 },
	{ "--port=0", 1 },
	{ "no-such-option", 1 },
	{ "log-dhcp\nlog-dhcp=1", 2 },
	{ "dhcp-option-pxe=6,1", 1 },
	{ "dhcp-boot", 1 },
	{ "dhcp-boot=", GOOD },
	{ "dhcp-boot=tag:x", 1 },
	{ "dhcp-boot=tag:x,", GOOD },
	{ "dhcp-boot=\"open", 1 },
	{ "dhcp-boot=a,b,c,d", GOOD },
	{ "dhcp-range=10.0.0.1", 1 },
	{ "dhcp-range=10.0.0.1,proxy", GOOD },
	{ "dhcp-range=10.0.0.9,10.0.0.1", GOOD },
	{ "dhcp-range=10.0.0.1,10.0.1.9,255.255.255.0", 1 },
	{ "dhcp-range=10.0.0.1,10.0.0.9,1h,2h", 1 },
	{ "dhcp-range=10.0.0.1,10.0.0.9,", GOOD },
	{ "dhcp-range=10.0.0.1,10.0.0.9,,1h", 1 },
	{ "dhcp-range=10.0.0.1,10.0.0.9,1x", 1 },
	{ "dhcp-range=set:a,set:b,10.0.0.1,10.0.0.9", 1 },
	{ "dhcp-range=tag:a,tag:b,set:c,10.0.0.1,10.0.0.9", GOOD },
	{ "dhcp-range=abc,10.0.0.1,10.0.0.9", 1 },
	{ "dhcp-range=fd00::1,fd01::2", 1 },
	{ "dhcp-range=::1,::400,constructor:eth0,static", GOOD },
	{ "dhcp-option=3", GOOD },
	{ "dhcp-option=3,", 1 },
	{ "dhcp-option=3,abc", 1 },
	{ "dhcp-option=3,\"1.2.3.4\"", 1 },
	{ "dhcp-option=66,\"1.2.3.4\"", GOOD },
	{ "dhcp-option=300,x", GOOD },
	{ "dhcp-option=option:ROUTER,1.2.3.4", GOOD },
	{ "dhcp-option=option:broadcast,1.2.3.4", 1 },
	{ "dhcp-option=option:nosuch,1", 1 },
	{ "dhcp-option=tag:x", 1 },
	{ "dhcp-option=vendor:PXEClient,6,2b", GOOD },
	{ "dhcp-option=vendor:PXEClient,option:router,2b", 1 },
	{ "dhcp-option=option6:dns-server,[::1]", GOOD },
	{ "dhcp-match=175", 1 },
	{ "dhcp-match=set:x,y,175", 1 },
	{ "dhcp-match=set:x,vendor:a,175", 1 },
	{ "dhcp-match=set:x,vi-encap:10", GOOD },
	{ "dhcp-match=set:x,option:message-type,1", 1 },
	{ "dhcp-match=set:x,97,00:ff:*", GOOD },
	{ "dhcp-userclass=set:x", 1 },
	{ "dhcp-userclass=set:x,a,b", 1 },
	{ "dhcp-userclass=set:x,\"a,b\"", GOOD },
	{ "dhcp-vendorclass=set:x,enterprise:5,abc", GOOD },
	{ "dhcp-userclass=set:x,enterprise:5,abc", 1 },
	{ "dhcp-mac=set:x,00:11:*:*:*:*", GOOD },
	{ "dhcp-mac=set:x,zz", 1 },
	{ "pxe-service=x86PC", 1 },
	{ "pxe-service=x86pc,a", GOOD },
	{ "pxe-service=x86PCx,a", 1 },
	{ "pxe-service=-1,a", 1 },
	{ "pxe-service=X86-64_EFI,a,5,1.2.3.4", GOOD },
	{ "pxe-prompt=a,b", GOOD },
	{ "dhcp-ignore", 1 },
	{ "dhcp-ignore-names", GOOD },
	{ "dhcp-reply-delay=tag:a", 1 },
	{ "dhcp-reply-delay=tag:a,9", GOOD },
	{ "tag-if=tag:b", 1 },
	{ "tag-if=set:a,net:b", 1 },
	{ "tag-if=set:a,set:b,tag:!c", GOOD },
	{ "dhcp-host=gg:22,ignore", 1 },
	{ "dhcp-host=id:zz:02,ignore", 1 },
	{ "dhcp-host=id:*,x", GOOD },
	{ "dhcp-host=11:22:33:44:55:66,foo bar", 1 },
	{ "dhcp-host=11:22:33:44:55:66,foo_bar,set:a,tag:b,5m", GOOD },
	{ "dhcp-host=[fd00::zz],x", 1 },
	{ "dhcp-host=a,1.2.3.4\ndhcp-host=b,1.2.3.5\ndhcp-host=c,1.2.3.4", 3 },
	{ "dhcp-fqdn", 1 },
	{ "dhcp-fqdn\ndomain=a", GOOD },
	{ "dhcp-proxy=x", 1 },
	{ "dhcp-relay=1.2.3.4", 1 },
	{ "shared-network=eth0,x", 1 },
	{ "server=/a.b/1.2.3.4#53", GOOD },
	{ "server=1.2.3.4#x", 1 },
	{ "address=/a/x", 1 },
	{ "log-facility=LOCAL0", GOOD },
	{ "log-facility=x", 1 },
};

START_TEST(accepts_and_refuses)
{
	struct diag diag = { .text = "" };
	void *tree = NULL;
	char path[32];
	int rc = dnsmasq_make(rows[_i].text, path, &tree, &diag);

	ck_assert_msg(rc == (rows[_i].line ? -EBADMSG : 0), "%s: got %d, %s",
	    rows[_i].text, rc, diag.text);
	if (rc < 0) {
		ck_assert_ptr_null(tree);
		ck_assert_msg(diag.line == rows[_i].line, "%s: line %u",
		    rows[_i].text, diag.line);
		ck_assert_str_eq(diag.file, path);
		ck_assert_uint_ge(diag.column, 1);
		ck_assert_str_ne(diag.text, "");
	} else {
		dnsmasq_ops.free(tree);
	}
}
END_TEST

START_TEST(misspelt_option_is_recognised)
{
	struct diag diag;
	void *tree = NULL;
	char path[32];

	ck_assert_int_eq(dnsmasq_make("dhcp-rnage=1.2.3.4,proxy", path, &tree,
	    &diag), -EBADMSG);
	ck_assert_ptr_nonnull(strstr(diag.text, "dhcp-range"));
}
END_TEST

START_TEST(missing_include_is_named)
{
	struct diag diag;
	void *tree = NULL;
	char path[32];

	ck_assert_int_eq(dnsmasq_make("\nconf-file=/no/such/file", path, &tree,
	    &diag), -ENOENT);
	ck_assert_uint_eq(diag.line, 2);
}
END_TEST

/* Every line is the caret's own, and none lies past the end. */
START_TEST(lines_are_kept)
{
	void *tree = NULL;
	char path[32];

	ck_assert_int_eq(dnsmasq_make("port=0\r\n  # two\nlog-dhcp", path, &tree,
	    NULL), 0);
	ck_assert_str_eq(dnsmasq_ops.line(tree, path, 1), "port=0");
	ck_assert_str_eq(dnsmasq_ops.line(tree, path, 2), "  # two");
	ck_assert_str_eq(dnsmasq_ops.line(tree, path, 3), "log-dhcp");
	ck_assert_ptr_null(dnsmasq_ops.line(tree, path, 4));
	ck_assert_ptr_null(dnsmasq_ops.line(tree, path, 0));
	ck_assert_ptr_null(dnsmasq_ops.line(tree, "other", 1));
	dnsmasq_ops.free(tree);
}
END_TEST

/* A configuration and the fault that is remarked in it, "" for none. */
static const struct {
	const char *text;
	const char *fault;
	unsigned int line;
} remark_rows[] = {
	{ "dhcp-range=10.0.0.0,proxy\ndhcp-boot=a",
	    "dnsmasq-proxy-without-pxe-service", 1 },
	{ "dhcp-range=10.0.0.0,proxy\npxe-service=0,m,a.0", "", 0 },
	{ "pxe-service=0,m,undionly", "dnsmasq-pxe-service-suffix", 1 },
	{ "pxe-service=0,m,bios/pxelinux", "", 0 },
	{ "pxe-service=0,m,tftp.d/lpxelinux", "dnsmasq-pxe-service-suffix", 1 },
	{ "pxe-service=BC_EFI,m,a.efi", "dnsmasq-arch-name-swapped", 1 },
	{ "pxe-service=BC_EFI,m,a.efi\npxe-service=7,m,a.efi", "", 0 },
	{ "\ndhcp-boot=tag:typo,a", "class-test-never-matches", 2 },
	{ "dhcp-boot=tag:known,a", "", 0 },
	{ "dhcp-userclass=set:g,gPXE\ndhcp-boot=tag:g,a",
	    "class-test-never-matches", 1 },
	{ "dhcp-userclass=set:g,gPXE\ndhcp-userclass=set:g,iPXE\n"
	    "dhcp-boot=tag:g,a", "", 0 },
	{ "dhcp-userclass=set:g,ipxe\ndhcp-boot=tag:g,a",
	    "user-class-encoding-mismatch", 1 },
	/* Lines that are never reached. */
	{ "dhcp-boot=a\ndhcp-boot=b", "unreachable-branch", 1 },
	{ "dhcp-boot=tag:known,a\ndhcp-boot=b", "", 0 },
	{ "dhcp-boot=tag:known,tag:bootp,a\ndhcp-boot=tag:known,b",
	    "unreachable-branch", 1 },
	{ "dhcp-boot=tag:known,a\ndhcp-boot=tag:known,tag:bootp,b", "", 0 },
	{ "dhcp-boot=tag:!known,a\ndhcp-boot=tag:known,b\ndhcp-boot=c",
	    "unreachable-branch", 3 },
	{ "dhcp-boot=tag:bootp,a\ndhcp-boot=tag:known,b\n"
	    "dhcp-boot=tag:!known,c", "unreachable-branch", 1 },
	{ "dhcp-boot=tag:known,a\ndhcp-boot=tag:!bootp,b\ndhcp-boot=c", "", 0 },
	{ "dhcp-boot=tag:known,tag:!known,a", "unreachable-branch", 1 },
	{ "dhcp-option=tag:known,tag:!known,3", "unreachable-branch", 1 },
	{ "pxe-service=tag:known,tag:!known,0,m", "unreachable-branch", 1 },
	{ "dhcp-option=6,10.0.0.1\ndhcp-option=6,10.0.0.2",
	    "statement-without-effect", 1 },
	{ "dhcp-option=6,10.0.0.1\ndhcp-option=tag:known,6,10.0.0.2", "", 0 },
	{ "dhcp-option=6,10.0.0.1\ndhcp-option=3,10.0.0.2", "", 0 },
	{ "dhcp-option=vendor:a,6,1b\ndhcp-option=vendor:b,6,1b", "", 0 },
	{ "dhcp-option=encap:175,1,1b\ndhcp-option=encap:175,1,2b", "", 0 },
	{ "dhcp-host=52:54:00:00:00:07,a\ndhcp-host=52:54:00:00:00:07,b",
	    "host-shadowed", 1 },
	{ "dhcp-host=52:54:00:00:00:07,tag:known,a\n"
	    "dhcp-host=52:54:00:00:00:07,b", "", 0 },
	{ "dhcp-host=52:54:00:00:00:07,52:54:00:00:00:08,a\n"
	    "dhcp-host=52:54:00:00:00:07,b", "", 0 },
	{ "dhcp-range=10.0.1.9,10.0.1.19,255.255.255.0\n"
	    "dhcp-range=10.0.2.9,10.0.2.19,255.255.255.0\n"
	    "dhcp-host=52:54:00:00:00:07,10.0.1.8\n"
	    "dhcp-host=52:54:00:00:00:07,10.0.2.8", "", 0 },
	{ "dhcp-range=10.0.1.9,10.0.1.19,255.255.255.0\n"
	    "dhcp-host=52:54:00:00:00:07,10.0.1.8\n"
	    "dhcp-host=52:54:00:00:00:07,10.0.1.7",
	    "host-shadowed", 2 },
	{ "dhcp-host=52:54:00:00:00:07,10.0.1.8\n"
	    "dhcp-host=52:54:00:00:00:07,[fd00::8]", "", 0 },
	{ "dhcp-boot=vendor:PXEClient,a", "class-test-never-matches", 1 },
	{ "dhcp-range=eth1,10.0.1.9,10.0.1.19", "unused-tag", 1 },
	/* The forms of old, wherever there is a tag. */
	{ "dhcp-boot=net:known,a", "deprecated-form", 1 },
	{ "dhcp-boot=tag:#known,a", "deprecated-form", 1 },
	{ "dhcp-option=known,3", "deprecated-form", 1 },
	{ "dhcp-ignore=#known", "deprecated-form", 1 },
	{ "dhcp-ignore=tag:!known", "", 0 },
	{ "dhcp-host=52:54:00:00:00:07,net:a\ndhcp-boot=tag:a,x",
	    "deprecated-form", 1 },
	{ "dhcp-match=i,175\ndhcp-boot=tag:i,x", "deprecated-form", 1 },
	{ "dhcp-vendorclass=i,PXEClient\ndhcp-boot=tag:i,x",
	    "deprecated-form", 1 },
	{ "tag-if=set:i,tag:known\ndhcp-boot=tag:i,x", "", 0 },
};

START_TEST(remarks)
{
	const struct config_remark *r;
	void *tree = NULL;
	char path[32];
	size_t n;

	ck_assert_int_eq(dnsmasq_make(remark_rows[_i].text, path, &tree, NULL),
	    0);
	r = dnsmasq_ops.remarks(tree, &n);
	if (remark_rows[_i].line == 0) {
		ck_assert_msg(n == 0, "%s: %s", remark_rows[_i].text,
		    n ? r[0].text : "");
	} else {
		bool found = false;

		/* others are notes on the form of the same line */
		for (size_t i = 0; i < n; i++) {
			ck_assert_msg(r[i].pos.line == remark_rows[_i].line,
			    "%s: line %u", remark_rows[_i].text, r[i].pos.line);
			found |= strcmp(r[i].fault, remark_rows[_i].fault) == 0;
		}
		ck_assert_msg(found, "%s", remark_rows[_i].text);
	}
	dnsmasq_ops.free(tree);
}
END_TEST

/* Hosts of one number are those that nothing but their names tells apart. */
static const struct {
	const char *first, *second;     /* what follows their addresses */
	bool alike;
} alike_rows[] = {
	{ "", "", true },
	{ ",alpha,1h", ",beta,2h", true },
	{ ",set:a", ",set:a", true },
	{ ",set:a", ",set:b", false },
	{ ",set:a", "", false },
	{ ",tag:a", ",tag:!a", false },
	{ ",10.77.0.6", ",10.77.0.7", true },
	{ ",10.77.0.6", ",10.78.0.6", false },
	{ ",10.77.0.6", ",10.77.0.200", false },
	{ ",10.77.0.6", "", false },
	{ ",ignore", "", false },
	{ ",[fd00::1]", "", false },
	{ ",52:54:00:00:00:03", "", false },
	{ "\ndhcp-mac=set:m,*:*:*:*:*:01", "", false },
	{ "\ndhcp-mac=set:m,52:54:*:*:*:*", "", true },
	{ "\ndhcp-host=52:54:00:00:00:01,set:a", "", false },
};

START_TEST(alike)
{
	const struct config_host *h;
	struct sbuf text = SBUF_EMPTY;
	void *tree = NULL;
	char path[32];
	size_t n;

	sbuf_printf(&text, "dhcp-range=10.77.0.5,10.77.0.9,255.255.255.0\n"
	    "dhcp-range=10.78.0.5,10.78.0.9,255.255.255.0\n"
	    "dhcp-host=52:54:00:00:00:02%s\ndhcp-host=52:54:00:00:00:01%s\n",
	    alike_rows[_i].second, alike_rows[_i].first);
	ck_assert_int_eq(dnsmasq_make(sbuf_str(&text), path, &tree, NULL), 0);
	h = dnsmasq_ops.hosts(tree, &n);
	ck_assert_uint_ge(n, 2);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_ne(h[i].alike, 0);
	ck_assert_msg((h[n - 1].alike == h[n - 2].alike) ==
	    alike_rows[_i].alike, "%s", sbuf_str(&text));
	sbuf_release(&text);
	dnsmasq_ops.free(tree);
}
END_TEST

START_TEST(lists_tell_what_is_asked)
{
	const struct config_network *net;
	const struct config_literal *lit;
	const struct config_host *host;
	void *tree = NULL;
	char path[32];
	size_t n;

	ck_assert_int_eq(dnsmasq_make(
	    "dhcp-range=10.77.0.5,10.77.0.9\n"
	    "dhcp-range=10.77.0.20,10.77.0.29\n"
	    "dhcp-range=10.78.0.5,10.78.0.9,255.255.255.0\n"
	    "dhcp-match=set:e,option:client-arch,7\n"
	    "dhcp-userclass=set:i,iPXE\n"
	    "dhcp-host=52:54:00:00:00:07,alpha\n", path, &tree, NULL), 0);
	net = dnsmasq_ops.networks(tree, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(net[0].name, "10.77.0.0/24");
	ck_assert_uint_eq(ntohl(net[0].server_ip.s_addr), 0x0a4d0001);
	ck_assert_str_eq(net[1].name, "10.78.0.0/24");
	ck_assert_uint_eq(ntohl(net[1].giaddr.s_addr), 0x0a4e0001);
	lit = dnsmasq_ops.literals(tree, &n);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(lit[0].code, 93);
	ck_assert_mem_eq(lit[0].bytes, "\0\7", 2);
	ck_assert_int_eq(lit[1].code, 77);
	ck_assert_mem_eq(lit[1].bytes, "iPXE", 4);
	host = dnsmasq_ops.hosts(tree, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(host[0].name, "alpha");
	ck_assert(host[0].has_mac);
	ck_assert_int_eq(host[0].mac[5], 7);
	ck_assert_uint_eq(host[0].pos.line, 6);
	dnsmasq_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dnsmasq_parse");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, accepts_and_refuses, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, misspelt_option_is_recognised);
	tcase_add_test(tc, missing_include_is_named);
	tcase_add_test(tc, lines_are_kept);
	tcase_add_loop_test(tc, remarks, 0, ARRAY_LEN(remark_rows));
	tcase_add_loop_test(tc, alike, 0, ARRAY_LEN(alike_rows));
	tcase_add_test(tc, lists_tell_what_is_asked);
	suite_add_tcase(s, tc);
	return s;
}
