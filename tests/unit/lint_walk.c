/* lint_walk.c - what the linter finds in configurations of one table. */
#include "unit.h"

#include "lint_fake.h"

#define ROW(a, uc, f) { .arch = (a), .user_class = (uc), .file = (f), \
	.mac_end = ANY }
#define HTTP_SCRIPT "http://192.0.2.1/boot.ipxe"

/* A table, and what is to be found: all errors, and where. */
static const struct walk_row {
	const char *name;
	struct fake_row row[6];
	struct {
		const char *fault;
		unsigned int line;
		const char *hit;        /* a kind that meets it */
		const char *spared;     /* one that does not; or NULL */
	} want[4];
} rows[] = {
	{ "healthy", {
		ROW(ANY, "iPXE", HTTP_SCRIPT), ROW(0, NULL, "undionly.kpxe"),
		ROW(ANY, "", "ipxe.efi"),
	    }, { { NULL, 0, NULL, NULL } } },
	{ "loop: nobody asks for iPXE", {
		ROW(0, NULL, "undionly.kpxe"), ROW(7, NULL, "ipxe.efi"),
	    }, {
		{ "chainload-loop", 1, "intel-bios", "uefi-x64" },
		{ "chainload-loop", 2, "uefi-x64", "intel-bios" },
	    } },
	{ "loop on UEFI alone", {
		ROW(7, NULL, "ipxe.efi"), ROW(ANY, "iPXE", HTTP_SCRIPT),
		ROW(0, NULL, "undionly.kpxe"),
	    }, { { "chainload-loop", 1, "uefi-x64", "intel-bios" } } },
	{ "loop after recognising gPXE alone", {
		ROW(ANY, "gPXE", HTTP_SCRIPT), ROW(0, NULL, "undionly.kpxe"),
	    }, { { "chainload-loop", 2, "ipxe-bios", "gpxe" } } },
	{ "no loop: the loader brings its own script", {
		ROW(0, NULL, "netboot.xyz.kpxe"),
		ROW(7, NULL, "netboot.xyz.efi"),
	    }, { { NULL, 0, NULL, NULL } } },
	{ "a UEFI program for all", {
		ROW(ANY, "iPXE", HTTP_SCRIPT), ROW(ANY, "", "ipxe.efi"),
	    }, { { "arch-uefi-file-to-bios", 2, "intel-bios", "uefi-x64" } } },
	{ "a BIOS program for all", {
		ROW(ANY, NULL, "pxelinux.0"),
	    }, { { "arch-bios-file-to-uefi", 1, "uefi-x64", "intel-bios" } } },
	{ "an ARM program for x64", {
		ROW(7, NULL, "bootaa64.efi"), ROW(0, NULL, "pxelinux.0"),
	    }, { { "arch-wrong-cpu", 1, "uefi-x64", "intel-bios" } } },
	{ "a URL for ROMs", {
		ROW(ANY, NULL, "http://192.0.2.1/grub.efi"),
	    }, {
		{ "http-url-in-pxe-client", 1, "intel-bios", "ipxe-efi-x64" },
		{ "arch-uefi-file-to-bios", 1, "ipxe-bios", "ipxe-efi-x64" },
	    } },
	{ "iPXE without a server", {
		{ ANY, "iPXE", NULL, NULL, ANY, .file = "boot.ipxe",
		    .next_server = "" },
		ROW(0, NULL, "undionly.kpxe"), ROW(7, NULL, "ipxe.efi"),
	    }, { { "ipxe-filename-without-next-server", 1, "uefi-x64",
		NULL } } },
	{ "a blank at the end", {
		{ ANY, NULL, NULL, NULL, ANY, .file = "pxelinux.0 " },
	    }, { { "bootfile-trailing-byte", 1, "intel-bios", NULL } } },
	{ "PXEClient in the offer, nobody on 4011", {
		{ ANY, NULL, NULL, NULL, ANY, .file = "grubx64.efi",
		    .class = "PXEClient" },
	    }, { { "option60-without-4011", 1, "uefi-x64", NULL } } },
	{ "a proxy that says nothing on 4011", {
		{ ANY, NULL, NULL, NULL, ANY, .proxy = true,
		    .class = "PXEClient" },
	    }, { { "proxydhcp-4011-silent", 1, "intel-bios", NULL } } },
	{ "this machine as next-server", {
		{ ANY, NULL, NULL, NULL, ANY, .file = "pxelinux.0",
		    .next_server = "127.0.0.1" },
	    }, { { "wrong-next-server", 1, "intel-bios", NULL } } },
};

static void
fill(struct fake *f, const struct fake_row *row, size_t max)
{
	memset(f, 0, sizeof(*f));
	while (f->n < max && (row[f->n].file || row[f->n].class ||
	    row[f->n].silent)) {
		f->row[f->n] = row[f->n];
		f->n++;
	}
}

START_TEST(tables)
{
	const struct walk_row *r = &rows[_i];
	struct fake fake;
	struct lint_file *f;
	size_t n_want = 0;

	fill(&fake, r->row, ARRAY_LEN(r->row));
	f = fake_lint(&fake);
	for (; n_want < ARRAY_LEN(r->want) && r->want[n_want].fault;
	    n_want++) {
		const struct lint_finding *o = f->findings;

		while (o && (strcmp(o->is.fault->id, r->want[n_want].fault) != 0
		    || o->is.line != r->want[n_want].line))
			o = o->next;
		ck_assert_msg(o != NULL, "%s: no %s at line %u", r->name,
		    r->want[n_want].fault, r->want[n_want].line);
		ck_assert_msg(fake_hits(f, o, r->want[n_want].hit),
		    "%s: %s does not meet %s", r->name, r->want[n_want].hit,
		    r->want[n_want].fault);
		ck_assert_msg(!r->want[n_want].spared || !fake_hits(f, o,
		    r->want[n_want].spared), "%s: %s meets %s", r->name,
		    r->want[n_want].spared, r->want[n_want].fault);
		ck_assert(o->has_request);
		ck_assert_ptr_nonnull(o->is.source);
	}
	if (n_want == 0) {
		const struct lint_finding *o = f->findings;

		ck_assert_msg(lint_worst(f) < FAULT_ERROR, "%s: %s: %s",
		    r->name, o ? o->is.fault->id : "", o ? o->is.message : "");
	}
	ck_assert(f->complete);
	lint_file_free(f);
}
END_TEST

/*
 * How much the same answers weigh depends on what the configuration looks
 * at: what it does not tell apart may be meant.
 */
static const struct weight_row {
	const char *name;
	struct fake_row row[6];
	uint8_t code;                   /* of the option that it looks at */
	const char *bytes;
	size_t len;
	const char *fault;
	enum fault_severity want;
	const char *says;               /* in the message */
} weight_rows[] = {
	{ "flat: a BIOS program for all", {
		ROW(ANY, NULL, "pxelinux.0"),
	    }, 0, NULL, 0, "arch-bios-file-to-uefi", FAULT_WARNING,
	    "looks at the architecture" },
	{ "flat: any PXE client", {
		{ ANY, NULL, "PXEClient", NULL, ANY, .file = "pxelinux.0" },
	    }, 60, "PXEClient", 9, "arch-bios-file-to-uefi", FAULT_WARNING,
	    "looks at the architecture" },
	{ "by number: x64 is forgotten", {
		ROW(6, NULL, "ia32.efi"), ROW(ANY, NULL, "pxelinux.0"),
	    }, 93, "\0\6", 2, "arch-bios-file-to-uefi", FAULT_ERROR,
	    "UEFI machine" },
	{ "by vendor class: x64 is forgotten", {
		{ ANY, NULL, "PXEClient:Arch:00006", NULL, ANY,
		    .file = "ia32.efi" },
		ROW(ANY, NULL, "pxelinux.0"),
	    }, 60, "PXEClient:Arch:00006", 20,
	    "arch-bios-file-to-uefi", FAULT_ERROR, "UEFI machine" },
	{ "nobody asks for iPXE", {
		ROW(0, NULL, "undionly.kpxe"), ROW(7, NULL, "ipxe.efi"),
	    }, 93, "\0\7", 2, "chainload-loop", FAULT_ERROR, "for ever" },
	{ "nobody asks for iPXE: FOG's has a script", {
		ROW(0, NULL, "undionly.kkpxe"), ROW(7, NULL, "ipxe.efi"),
	    }, 93, "\0\7", 2, "chainload-loop", FAULT_WARNING, "FOG" },
	{ "iPXE under a name of its own", {
		ROW(ANY, "lab", HTTP_SCRIPT), ROW(0, NULL, "undionly.kpxe"),
	    }, 77, "lab", 3, "chainload-loop", FAULT_WARNING,
	    "user class" },
	{ "iPXE misspelt is no such name", {
		ROW(ANY, "IPXE", HTTP_SCRIPT), ROW(0, NULL, "undionly.kpxe"),
	    }, 77, "IPXE", 4, "chainload-loop", FAULT_ERROR, "for ever" },
	{ "a boot server beside the server", {
		{ ANY, NULL, NULL, NULL, ANY, .class = "PXEClient" },
	    }, 0, NULL, 0, "option60-without-4011", FAULT_WARNING,
	    "4011" },
	{ "a switch's settings", {
		ROW(ANY, NULL, "http://192.0.2.1/startup-config"),
	    }, 0, NULL, 0, "http-url-in-pxe-client", FAULT_WARNING,
	    "TFTP" },
	{ "another vendor's class tells no firmware apart", {
		{ ANY, NULL, "SUNW", NULL, ANY, .file = "inetboot" },
		{ ANY, NULL, NULL, NULL, ANY, .file = "pxelinux.0",
		    .next_server = "" },
	    }, 60, "SUNW", 4, "ipxe-filename-without-next-server",
	    FAULT_WARNING, "without a server" },
	{ "any PXE client, and no server", {
		{ ANY, NULL, "PXEClient", NULL, ANY, .file = "pxelinux.0",
		    .next_server = "" },
	    }, 60, "PXEClient", 9, "ipxe-filename-without-next-server",
	    FAULT_ERROR, "without a server" },
	{ "firmware asks the DHCP server itself", {
		{ ANY, NULL, NULL, NULL, ANY, .file = "pxelinux.0",
		    .next_server = "" },
	    }, 0, NULL, 0, "ipxe-filename-without-next-server",
	    FAULT_WARNING, "without a server" },
};

START_TEST(weights)
{
	const struct weight_row *r = &weight_rows[_i];
	const struct lint_finding *o;
	struct fake fake;
	struct lint_file *f;

	fill(&fake, r->row, ARRAY_LEN(r->row));
	if (r->code)
		fake_literal(&fake, r->code, r->bytes, r->len);
	f = fake_lint(&fake);
	o = fake_found(f, r->fault);
	ck_assert_msg(o != NULL, "%s: no %s", r->name, r->fault);
	ck_assert_msg(o->is.severity == r->want, "%s: severity %d", r->name,
	    (int)o->is.severity);
	ck_assert_msg(strstr(o->is.message, r->says) != NULL, "%s: %s", r->name,
	    o->is.message);
	lint_file_free(f);
}
END_TEST

/* One decision, to look at no architecture, is one finding. */
START_TEST(flat_once)
{
	static const struct fake_row table[] = {
		{ ANY, NULL, NULL, "a", ANY, .file = "pxelinux.0" },
		ROW(ANY, NULL, "lpxelinux.0"),
	};
	struct fake fake;
	struct lint_file *f;
	size_t n = 0;

	fill(&fake, table, ARRAY_LEN(table));
	fake_literal(&fake, 12, "a", 1);
	f = fake_lint(&fake);
	for (const struct lint_finding *o = f->findings; o; o = o->next)
		n += strcmp(o->is.fault->id, "arch-bios-file-to-uefi") == 0;
	ck_assert_uint_eq(n, 1);
	lint_file_free(f);
}
END_TEST

/* Others get a file and arm64 does not: not a warning less where named. */
START_TEST(not_covered)
{
	static const uint8_t arm64[] = { 0, 11 };
	struct fake fake;
	struct lint_file *f;
	const struct lint_finding *o;
	static const struct fake_row table[] = {
		ROW(0, NULL, "pxelinux.0"), ROW(7, NULL, "grubx64.efi"),
		{ ANY, NULL, NULL, NULL, ANY, .class = "other" },
	};

	fill(&fake, table, ARRAY_LEN(table));
	fake_literal(&fake, DHCP4_OPT_ARCH, arm64, sizeof(arm64));
	f = fake_lint(&fake);
	o = fake_found(f, "arch-not-covered");
	ck_assert(fake_hits(f, o, "uefi-arm64"));
	ck_assert(!fake_hits(f, o, "uefi-x64"));
	ck_assert(!fake_hits(f, o, "uefi-http-x64"));
	ck_assert_int_eq(o->is.severity, FAULT_WARNING);
	lint_file_free(f);
}
END_TEST

/* A class of hosts' names doubles what is walked, and its fault is seen. */
START_TEST(classes)
{
	static const struct fake_row table[] = {
		{ ANY, NULL, NULL, "old", ANY, .file = "shimx64.efi" },
		ROW(0, NULL, "pxelinux.0"), ROW(ANY, NULL, "grubx64.efi"),
	};
	struct fake fake;
	struct lint_file *f;
	size_t n;

	fill(&fake, table, ARRAY_LEN(table));
	f = fake_lint(&fake);
	n = f->n_classes;
	ck_assert_uint_eq(n, f->kinds.n);
	ck_assert_ptr_null(fake_found(f, "arch-uefi-file-to-bios"));
	lint_file_free(f);

	fake_literal(&fake, DHCP4_OPT_HOSTNAME, "old", 3);
	f = fake_lint(&fake);
	ck_assert_uint_eq(f->n_classes, 2 * n);
	ck_assert(fake_hits(f, fake_found(f, "arch-uefi-file-to-bios"),
	    "intel-bios"));
	ck_assert_str_eq(fake_found(f, "arch-uefi-file-to-bios")->
	    request.variant, "option 12 old");
	lint_file_free(f);

	/* two fields of two classes each: four of both */
	fake_literal(&fake, 97, "x", 1);
	f = fake_lint(&fake);
	ck_assert_uint_eq(f->n_classes, 4 * n);
	ck_assert(f->complete);
	lint_file_free(f);
}
END_TEST

/* Hosts that are declared alike are walked once. */
START_TEST(hosts)
{
	static const struct config_host known[] = {
		{ .name = "a", .has_mac = true, .mac = { 2, 0, 0, 0, 0, 1 },
		    .alike = 1 },
		{ .name = "b", .has_mac = true, .mac = { 2, 0, 0, 0, 0, 2 },
		    .alike = 1 },
		{ .name = "c", .has_mac = true, .mac = { 2, 0, 0, 0, 0, 3 },
		    .alike = 2 },
	};
	static const struct fake_row table[] = {
		{ 0, NULL, NULL, NULL, 3, .file = "ipxe.efi" },
		ROW(0, NULL, "pxelinux.0"), ROW(ANY, NULL, "grubx64.efi"),
	};
	struct fake fake;
	struct lint_file *f;
	const struct lint_finding *o;

	fill(&fake, table, ARRAY_LEN(table));
	fake.hosts = known;
	fake.n_hosts = ARRAY_LEN(known);
	f = fake_lint(&fake);
	ck_assert_uint_eq(f->n_classes, 3 * f->kinds.n);
	o = fake_found(f, "arch-uefi-file-to-bios");
	ck_assert(fake_hits(f, o, "intel-bios"));
	ck_assert_uint_eq(o->request.mac[5], 3);
	lint_file_free(f);
}
END_TEST

/* Where it is not declared, hosts are tried; and then it is no proof. */
START_TEST(hosts_by_trial)
{
	static const struct fake_row table[] = {
		{ 0, NULL, NULL, NULL, 3, .file = "ipxe.efi" },
		{ 0, NULL, NULL, NULL, 4, .file = "other.0" },
		ROW(0, NULL, "pxelinux.0"), ROW(ANY, NULL, "grubx64.efi"),
	};
	static struct config_host known[100];
	struct fake fake;
	struct lint_file *f;

	fill(&fake, table, ARRAY_LEN(table));
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		known[i] = (struct config_host){ .name = "h", .has_mac = true,
		    .mac = { 2, 0, 0, 0, 0, (uint8_t)i } };
	fake.hosts = known;
	fake.n_hosts = ARRAY_LEN(known);
	f = fake_lint(&fake);
	/* unknown, as pxelinux.0; "other.0" is another kind of program */
	ck_assert_uint_eq(f->n_classes, 4 * f->kinds.n);
	ck_assert(fake_hits(f, fake_found(f, "arch-uefi-file-to-bios"),
	    "intel-bios"));
	ck_assert(!f->complete);
	lint_file_free(f);
	fake.n_hosts = 10;              /* few are all walked */
	f = fake_lint(&fake);
	ck_assert_uint_eq(f->n_classes, 11 * f->kinds.n);
	ck_assert(f->complete);
	lint_file_free(f);
}
END_TEST

START_TEST(ignored_by_comment)
{
	static const struct fake_row table[] = {
		{ 0, NULL, NULL, NULL, ANY, .file = "ipxe.efi",
		    .line = "ipxe.efi # pxetool-lint: "
		    "ignore=boot-filename-too-long,arch-uefi-file-to-bios" },
		{ 7, NULL, NULL, NULL, ANY, .file = "pxelinux.0",
		    .line = "pxelinux.0 # pxetool-lint: ignore=arch" },
		ROW(ANY, NULL, "grubx64.efi"),
	};
	struct fake fake;
	struct lint_file *f;

	fill(&fake, table, ARRAY_LEN(table));
	f = fake_lint(&fake);
	ck_assert_ptr_null(fake_found(f, "arch-uefi-file-to-bios"));
	ck_assert_ptr_nonnull(fake_found(f, "arch-bios-file-to-uefi"));
	ck_assert_uint_eq(f->n_suppressed, 1);
	lint_file_free(f);
}
END_TEST

/* What the language could not follow is never called a proof. */
START_TEST(gaps)
{
	static const struct fake_row table[] = {
		ROW(0, NULL, "pxelinux.0"), ROW(ANY, NULL, "grubx64.efi"),
	};
	struct fake fake;
	struct lint_file *f;

	fill(&fake, table, ARRAY_LEN(table));
	fake.gaps[0] = (struct config_gap){ { "fake.conf", 2, 1 },
		"on commit is not followed", false };
	fake.n_gaps = 1;
	f = fake_lint(&fake);
	ck_assert(!f->complete);
	ck_assert_str_eq(f->gaps->text, "on commit is not followed");
	ck_assert_uint_eq(f->gaps->pos.line, 2);
	lint_file_free(f);
}
END_TEST

static const struct literal_row {
	uint8_t code;
	const char *bytes;
	size_t off;
	bool is_prefix;
	const char *fault;              /* NULL: it can match */
} literals[] = {
	{ 77, "iPXE", 0, false, NULL },
	{ 77, "gPXE", 0, false, "deprecated-form" },
	{ 77, "\4iPXE", 0, false, "user-class-encoding-mismatch" },
	{ 77, "iPXE", 1, true, "user-class-encoding-mismatch" },
	{ 77, "ipxe", 0, false, "user-class-encoding-mismatch" },
	{ 60, "PXEClient", 0, true, NULL },
	{ 60, "pxeclient", 0, true, "class-test-never-matches" },
	{ 60, "PXEClient:Arch:00007", 0, true, NULL },
	{ 60, "PXEClient:Arch:00007", 0, false, "class-test-never-matches" },
	{ 60, "MSFT 5.0", 0, false, NULL },
	{ 93, "7", 0, false, "class-test-never-matches" },
};

START_TEST(never_matches)
{
	const struct literal_row *r = &literals[_i];
	static const struct fake_row table[] = {
		ROW(0, NULL, "pxelinux.0"), ROW(ANY, NULL, "grubx64.efi"),
	};
	struct fake fake;
	struct lint_file *f;

	fill(&fake, table, ARRAY_LEN(table));
	fake_literal(&fake, r->code, r->bytes, strlen(r->bytes));
	fake.lits[0].off = r->off;
	fake.lits[0].is_prefix = r->is_prefix;
	f = fake_lint(&fake);
	ck_assert_msg((f->findings && f->findings->kinds == 0) ==
	    (r->fault != NULL), "row %d", _i);
	if (r->fault)
		ck_assert_ptr_nonnull(fake_found(f, r->fault));
	lint_file_free(f);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("lint_walk");
	TCase *tc = tcase_create("walk");

	tcase_add_loop_test(tc, tables, 0, ARRAY_LEN(rows));
	tcase_add_loop_test(tc, weights, 0, ARRAY_LEN(weight_rows));
	tcase_add_test(tc, flat_once);
	tcase_add_test(tc, not_covered);
	tcase_add_test(tc, classes);
	tcase_add_test(tc, hosts);
	tcase_add_test(tc, hosts_by_trial);
	tcase_add_test(tc, ignored_by_comment);
	tcase_add_test(tc, gaps);
	tcase_add_loop_test(tc, never_matches, 0, ARRAY_LEN(literals));
	suite_add_tcase(s, tc);
	return s;
}
