/* fault.c - the fault catalogue: complete, well-formed, and as documented. */
#include "unit.h"

#include "base/file.h"
#include "chain/fault.h"

#include <ctype.h>

/* Every id that may be said, most frequent first. Add, but never rename. */
static const char *const ids[] = {
	"no-dhcp-offer", "chainload-loop", "wrong-next-server",
	"tftp-file-not-found", "tftp-request-unanswered", "tftp-data-blocked",
	"offer-without-bootfile", "arch-bios-file-to-uefi",
	"arch-uefi-file-to-bios", "option60-without-4011", "stp-port-blocking",
	"secure-boot-rejects-loader", "proxydhcp-4011-silent",
	"dhcp-not-relayed", "proxydhcp-not-relayed", "http-not-found",
	"exec-format-error", "initrd-not-named-on-efi",
	"shim-second-stage-wrong-path", "ipxe-native-driver-fails",
	"tls-untrusted-certificate", "two-dhcp-servers",
	"bootfile-trailing-byte", "tftp-reply-from-wrong-address",
	"large-frames-dropped", "ipxe-filename-without-next-server",
	"dhcp-pool-exhausted", "dhcp-identity-changes-mid-chain", "dhcp-nak",
	"nak-from-other-server", "dhcp-request-unanswered",
	"offer-rejected-by-client", "offer-not-delivered", "relay-drops-reply",
	"giaddr-subnet-undeclared", "only-proxy-offers",
	"uefi-ignores-proxy-offer", "proxydhcp-answer-without-file",
	"dnsmasq-proxy-without-pxe-service", "dnsmasq-pxe-service-suffix",
	"dnsmasq-arch-name-swapped", "pxe-menu-reoffered-to-ipxe",
	"ipxe-without-user-class", "user-class-encoding-mismatch",
	"firmware-ipxe-lacks-feature", "arch-not-covered", "arch-wrong-cpu",
	"raspberry-pi-arch-zero", "class-test-never-matches",
	"kea-class-not-evaluated", "kea-first-class-wins",
	"kea-option-beats-class", "option-data-misread",
	"reservation-overrides-class", "bootfile-in-wrong-field",
	"option67-not-requested", "option-overload-misread",
	"boot-filename-too-long", "bootfile-size-option-wrong",
	"ack-without-bootfile", "proxy-overrides-dhcp-file",
	"proxy-offer-late", "option43-foreign-content", "option43-malformed",
	"boot-server-discovery-fails", "tftp-access-denied",
	"tftp-path-prefix-mismatch", "tftp-daemon-not-listening",
	"tftp-option-rejected", "tftp-windowsize-stall", "tftp-block-rollover",
	"packet-loss", "http-url-in-pxe-client",
	"httpboot-offer-without-httpclient", "httpboot-uri-or-dns-unusable",
	"httpboot-type-unknown", "httpboot-size-unknown",
	"http-redirect-to-https", "http-connection-refused",
	"http-server-silent", "http-status-other", "http-truncated",
	"dns-server-missing", "dns-server-silent", "dns-name-not-found",
	"tls-no-common-cipher", "tls-clock-wrong", "tls-name-mismatch",
	"ldlinux-missing-or-mismatched", "pxelinux-config-missing",
	"grub-config-missing", "script-without-network",
	"script-variable-empty", "script-flow-error", "wrong-nic-first",
	"shared-usb-nic-identity", "server-ignores-client",
	"boot-aborted-by-policy", "dhcp-port-in-use",
	"server-on-wrong-interface", "gateway-or-mask-wrong", "arp-unanswered",
	"address-conflict", "lacp-port-suspended", "vlan-mismatch",
	"port-authentication", "no-link", "nbp-starts-then-silent",
	"image-corrupt", "installer-stage-fails", "windows-bcd-or-wim-missing",
	"san-root-path-invalid", "ipv6-first-delay-or-failure",
	"offer-too-late", "firmware-boot-order-retry",
	"httpboot-redirect-not-followed", "tftp-empty-file", "config-rejected",
	"unused-tag", "statement-without-effect", "host-shadowed",
	"unreachable-branch", "deprecated-form",
	"script-command-invalid",
	"script-label-missing",
	"script-label-twice",
	"script-label-unused",
	"script-unreachable",
	"script-failure-not-caught",
	"script-loop-without-pause",
	"script-menu-mismatch",
	"script-bytes-odd",
	"script-quotes",
	"script-test-constant",
	"script-reference-malformed",
	"script-secret-in-clear",
	"script-number-unlikely",
	"script-image-kept",
	"script-nothing-selected",
	"script-template",
	"boot-options-for-all", "policy-hidden",
};

static const char *const places[] = {
	"isc", "dnsmasq", "kea", "windows", "serve", "tftp", "http",
	"network", "firmware", "script", "any",
};

/* Names, which keep their capital where a text begins in lower case. */
static const char *const names[] = {
	"Secure Boot", "Kea", "Raspberry",
};

START_TEST(ids_are_all_there_in_order)
{
	size_t n;
	const struct fault *rows = fault_rows(&n);

	ck_assert_uint_eq(n, ARRAY_LEN(ids));
	ck_assert_str_eq(rows[_i].id, ids[_i]);
	ck_assert_ptr_eq(fault_find(ids[_i]), &rows[_i]);
}
END_TEST

/* A phrase: no full stop, no capital that only begins a sentence. */
static bool
is_phrase(const char *s)
{
	size_t len = strlen(s);

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strncmp(s, names[i], strlen(names[i])) == 0)
			return true;
	if (isupper((unsigned char)s[0]) && islower((unsigned char)s[1]))
		return false;
	return len > 0 && s[len - 1] != '.' && s[len - 1] != '\n';
}

static bool
is_sentence(const char *s)
{
	size_t len = strlen(s);

	return len > 1 && s[len - 1] == '.' && (isupper((unsigned char)s[0]) ||
	    strncmp(s, "iPXE ", 5) == 0 || strncmp(s, "pxelinux", 8) == 0 ||
	    strncmp(s, "shim ", 5) == 0);
}

/* Only text: what goes to a terminal or a web page holds no surprise. */
static bool
is_plain(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x7f ||
		    ((unsigned char)*s < ' ' && *s != '\n'))
			return false;
	return true;
}

START_TEST(texts_follow_the_rules)
{
	const struct fault *f = fault_find(ids[_i]);
	size_t id_len = strlen(f->id);

	ck_assert(strspn(f->id, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
	    id_len);
	ck_assert(f->id[0] != '-' && f->id[id_len - 1] != '-');
	ck_assert(strstr(f->id, "--") == NULL);

	ck_assert_msg(is_phrase(f->title), "%s: title", f->id);
	/* A row of the list is at most 80 columns wide. */
	ck_assert_msg(strlen(f->title) <= 43, "%s: title", f->id);
	ck_assert_msg(is_sentence(f->meaning), "%s: meaning", f->id);
	ck_assert_msg(strlen(f->meaning) > 2 * strlen(f->title),
	    "%s: meaning", f->id);
	ck_assert_msg(!strchr(f->meaning, '\n'), "%s: meaning", f->id);
	if (f->screen)
		ck_assert_msg(f->screen[0] && is_plain(f->screen) &&
		    !strchr(f->screen, '\n'), "%s: screen", f->id);
	if (f->wire)
		ck_assert_msg(is_phrase(f->wire) && is_plain(f->wire) &&
		    !strchr(f->wire, '\n'), "%s: wire", f->id);
	ck_assert(is_plain(f->title) && is_plain(f->meaning));
}
END_TEST

static bool
is_place(const char *where)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (strcmp(places[i], where) == 0)
			return true;
	return false;
}

START_TEST(remedies_follow_the_rules)
{
	const struct fault *f = fault_find(ids[_i]);
	size_t n = 0;

	while (n < FAULT_REMEDIES_MAX && f->remedies[n].where)
		n++;
	ck_assert_msg(n < FAULT_REMEDIES_MAX, "%s: no end", f->id);
	for (size_t i = 0; i < n; i++) {
		const struct fault_remedy *r = &f->remedies[i];

		ck_assert_msg(is_place(r->where), "%s: %s", f->id, r->where);
		for (size_t j = 0; j < i; j++)
			ck_assert_msg(strcmp(f->remedies[j].where, r->where),
			    "%s: %s twice", f->id, r->where);
		ck_assert_msg(strlen(r->text) > 3 && is_plain(r->text),
		    "%s: %s", f->id, r->where);
		ck_assert_msg(!strchr("\n ", r->text[0]) &&
		    !strchr("\n ", r->text[strlen(r->text) - 1]),
		    "%s: %s: blank at an end", f->id, r->where);
		ck_assert_str_eq(fault_fix(f, r->where), r->text);
	}
	ck_assert_msg(is_sentence(fault_fix(f, "any")), "%s: any", f->id);
	ck_assert_ptr_eq(fault_fix(f, NULL), fault_fix(f, "any"));
	ck_assert_ptr_eq(fault_fix(f, "nowhere"), fault_fix(f, "any"));
}
END_TEST

static const struct {
	const char *id;
	const char *nearest;
} typos[] = {
	{ "chainload-loop", "chainload-loop" },
	{ "chainlod-loop", "chainload-loop" },
	{ "chain-load-loop", "chainload-loop" },
	{ "no-dhcp-offers", "no-dhcp-offer" },
	{ "arch-bios-file-to-efi", "arch-bios-file-to-uefi" },
	{ "dhcp_nak", "dhcp-nak" },
	{ "", NULL },
	{ "x", NULL },
	{ "something-else-entirely", NULL },
};

START_TEST(typos_lead_to_the_id)
{
	const char *nearest = fault_nearest(typos[_i].id);

	ck_assert_pstr_eq(nearest, typos[_i].nearest);
}
END_TEST

START_TEST(unknown_ids_are_refused)
{
	static const char *const wrong[] = {
		"", "chainload", "chainload-loop ", "Chainload-Loop",
		"healthy", "unfinished",
	};

	ck_assert_ptr_null(fault_find(wrong[_i]));
}
END_TEST

START_TEST(facts_hold)
{
	const struct fault *f = fault_find("chainload-loop");

	ck_assert_int_eq(f->severity, FAULT_ERROR);
	ck_assert_int_eq(f->layer, FAULT_CONFIG);
	ck_assert_int_eq(f->lint, FAULT_LINT_YES);
	f = fault_find("no-link");
	ck_assert_int_eq(f->layer, FAULT_LINK);
	ck_assert_int_eq(f->lint, FAULT_LINT_NO);
	f = fault_find("firmware-boot-order-retry");
	ck_assert_int_eq(f->severity, FAULT_NOTE);
	f = fault_find("config-rejected");
	ck_assert_int_eq(f->severity, FAULT_ERROR);

	ck_assert_str_eq(fault_severity_name(FAULT_NOTE), "note");
	ck_assert_str_eq(fault_severity_name(FAULT_WARNING), "warning");
	ck_assert_str_eq(fault_severity_name(FAULT_ERROR), "error");
	ck_assert_str_eq(fault_layer_name(FAULT_LINK), "link");
	ck_assert_str_eq(fault_layer_name(FAULT_PROXYDHCP), "proxydhcp");
	ck_assert_str_eq(fault_layer_name(FAULT_SCRIPT), "script");
	ck_assert_str_eq(fault_lint_name(FAULT_LINT_NO), "no");
	ck_assert_str_eq(fault_lint_name(FAULT_LINT_PARTLY), "partly");
	ck_assert_str_eq(fault_lint_name(FAULT_LINT_YES), "yes");
}
END_TEST

/* The manual page lists what the catalogue holds, in its order and words. */
START_TEST(manual_agrees)
{
	static const char item[] = "\n.It Cm ";
	size_t n, len, i = 0;
	const struct fault *rows = fault_rows(&n);
	char *page = NULL;
	const char *at;

	ck_assert_int_ge(file_read("man/pxetool-faults.7", 1 << 20, &page,
	    &len, NULL), 0);
	at = strstr(page, ".Sh FAULTS");
	ck_assert_ptr_nonnull(at);
	while ((at = strstr(at, item)) != NULL) {
		at += sizeof(item) - 1;
		ck_assert_uint_lt(i, n);
		len = strcspn(at, "\n");
		ck_assert_msg(len == strlen(rows[i].id) &&
		    strncmp(at, rows[i].id, len) == 0,
		    "the page has no %s here", rows[i].id);
		at += len + 1;
		len = strcspn(at, "\n");
		ck_assert_msg(len == strlen(rows[i].title) &&
		    strncmp(at, rows[i].title, len) == 0,
		    "%s has another title on the page", rows[i].id);
		at += len;
		i++;
	}
	ck_assert_uint_eq(i, n);
	free(page);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("fault");
	TCase *tc = tcase_create("fault");

	tcase_add_loop_test(tc, ids_are_all_there_in_order, 0, ARRAY_LEN(ids));
	tcase_add_loop_test(tc, texts_follow_the_rules, 0, ARRAY_LEN(ids));
	tcase_add_loop_test(tc, remedies_follow_the_rules, 0, ARRAY_LEN(ids));
	tcase_add_loop_test(tc, typos_lead_to_the_id, 0, ARRAY_LEN(typos));
	tcase_add_loop_test(tc, unknown_ids_are_refused, 0, 6);
	tcase_add_test(tc, facts_hold);
	tcase_add_test(tc, manual_agrees);
	suite_add_tcase(s, tc);
	return s;
}
