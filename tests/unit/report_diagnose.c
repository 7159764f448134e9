/*
 * report_diagnose.c - the reports of a diagnosis hold together whatever the
 * capture holds: nothing in it becomes markup.
 */
#include "unit.h"

#include "diagnosis_make.h"
#include "report/diagnose_html.h"
#include "report/diagnose_markdown.h"

#include <ctype.h>
#include <stdio.h>

enum { DEPTH_MAX = 64 };

static bool
has(const struct sbuf *b, const char *s)
{
	return strstr(sbuf_str(b), s) != NULL;
}

/* One tag at @p, which is behind its '<'. Return: its end. */
static const char *
tag(const char *p, char open[DEPTH_MAX][16], size_t *depth)
{
	bool closes = *p == '/';
	const char *end = strchr(p, '>');
	char name[16];
	size_t n = 0;

	ck_assert_ptr_nonnull(end);
	p += closes;
	while (isalnum((unsigned char)p[n]) && n < sizeof(name) - 1)
		n++;
	(void)snprintf(name, sizeof(name), "%.*s", (int)n, p);
	if (p[0] == '!' || strcmp(name, "meta") == 0 || end[-1] == '/')
		return end;
	if (!closes) {
		ck_assert_uint_lt(*depth, DEPTH_MAX);
		(void)memcpy(open[(*depth)++], name, sizeof(name));
		return end;
	}
	ck_assert_uint_gt(*depth, 0);
	ck_assert_str_eq(open[--*depth], name);
	return end;
}

START_TEST(html_holds_together)
{
	struct diagnosis *d = make_diagnosis(_i == 0 ? 0 : 5);
	struct sbuf b = SBUF_EMPTY;
	char open[DEPTH_MAX][16];
	size_t depth = 0;

	report_diagnose_html(d, &b);
	ck_assert(!b.bad);
	for (const char *p = sbuf_str(&b); (p = strchr(p, '<')); )
		p = tag(p + 1, open, &depth);
	ck_assert_uint_eq(depth, 0);
	/* There is nothing that could run, or be fetched. */
	ck_assert(!has(&b, "<script") && !has(&b, "src=") &&
	    !has(&b, "<link") && !has(&b, "url(") && !has(&b, "@import"));
	ck_assert(!has(&b, "\x1b"));
	ck_assert(has(&b, "&lt;script&gt;") && has(&b, "&lt;b&gt;.pcap"));
	ck_assert(has(&b, "http-not-found"));
	ck_assert(has(&b, "<h2>") && has(&b, "prefers-color-scheme"));
	ck_assert(has(&b, "dnsmasq") && has(&b, "dhcp, tftp"));
	ck_assert_int_eq(has(&b, "6 machines, 1 of them broken"), _i == 1);
	sbuf_release(&b);
	diagnosis_free(d);
}
END_TEST

/* What is linked to exists, and once. */
START_TEST(html_links)
{
	struct diagnosis *d = make_diagnosis(3);
	struct sbuf b = SBUF_EMPTY;
	size_t n = 0;

	report_diagnose_html(d, &b);
	for (const char *p = sbuf_str(&b); (p = strstr(p, "href=\"")); n++) {
		char id[64];
		const char *at;

		p += strlen("href=\"");
		ck_assert_int_eq(*p, '#');
		(void)snprintf(id, sizeof(id), " id=\"%.*s\"",
		    (int)strcspn(p + 1, "\""), p + 1);
		at = strstr(sbuf_str(&b), id);
		ck_assert_msg(at != NULL, "%s", id);
		ck_assert_msg(strstr(at + 1, id) == NULL, "%s", id);
	}
	ck_assert_uint_gt(n, 4);
	sbuf_release(&b);
	diagnosis_free(d);
}
END_TEST

START_TEST(html_ladder)
{
	struct diagnosis *d = make_diagnosis(0);
	struct sbuf b = SBUF_EMPTY;

	report_diagnose_html(d, &b);
	/* five lifelines: client, dhcp, proxy, tftp, http */
	ck_assert(has(&b, "x=\"10.00%\"") && has(&b, "x=\"90.00%\""));
	ck_assert(has(&b, "<li class=\"s1 broke\" id=\"m1f72\">"));
	ck_assert(has(&b, "<li class=\"s0 bulk\" id=\"m1f8\">"));
	ck_assert(has(&b, "<title>#8 to #70\n/srv"));
	ck_assert(has(&b, "class=\"cross\""));
	ck_assert(has(&b, "<time>3.100 s</time>"));
	ck_assert(has(&b, "<a href=\"#m1f72\">#72</a>"));
	sbuf_release(&b);
	diagnosis_free(d);
}
END_TEST

/* Bars that divide columns. */
static size_t
bars(const char *line, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (line[i] == '\\')
			i++;
		else if (line[i] == '|')
			n++;
	}
	return n;
}

START_TEST(markdown_holds_together)
{
	struct diagnosis *d = make_diagnosis(1);
	struct sbuf b = SBUF_EMPTY;
	size_t fence = 0;
	size_t columns = 0;

	report_diagnose_markdown(d, &b);
	for (const char *p = sbuf_str(&b); *p; ) {
		size_t len = strcspn(p, "\n");
		size_t ticks = strspn(p, "`");

		if (ticks >= 3 && ticks == len && (!fence || ticks >= fence)) {
			fence = fence ? 0 : ticks;
		} else if (!fence && *p == '|') {
			columns = columns ? columns : bars(p, len);
			ck_assert_uint_eq(bars(p, len), columns);
		} else if (!fence) {
			columns = 0;
			/* No heading but our own. */
			ck_assert(*p != '#' || strncmp(p, "# Network", 9) == 0 ||
			    strncmp(p, "## ", 3) == 0);
		}
		p += len + (p[len] == '\n');
	}
	ck_assert_uint_eq(fence, 0);
	ck_assert(has(&b, "````\ndhcp-boot=ipxe.efi\n```\n</pre>\n````\n"));
	ck_assert(has(&b, "## 52:54:00:12:34:01: http-not-found\n"));
	ck_assert(has(&b, "http   -> client 404 Not Found  #72  <== here"));
	ck_assert(has(&b, "\\<script\\>"));
	ck_assert(!has(&b, "\x1b"));
	sbuf_release(&b);
	diagnosis_free(d);
}
END_TEST

START_TEST(no_machine)
{
	struct diagnosis *d = calloc(1, sizeof(*d));
	struct sbuf b = SBUF_EMPTY;

	ck_assert_ptr_nonnull(d);
	report_diagnose_html(d, &b);
	ck_assert(has(&b, "No machine boots"));
	sbuf_clear(&b);
	report_diagnose_markdown(d, &b);
	ck_assert(has(&b, "No machine boots"));
	sbuf_release(&b);
	diagnosis_free(d);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("report_diagnose");
	TCase *tc = tcase_create("report_diagnose");

	tcase_add_loop_test(tc, html_holds_together, 0, 2);
	tcase_add_test(tc, html_links);
	tcase_add_test(tc, html_ladder);
	tcase_add_test(tc, markdown_holds_together);
	tcase_add_test(tc, no_machine);
	suite_add_tcase(s, tc);
	return s;
}
