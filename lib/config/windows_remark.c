/*
 * windows_remark.c - the traps of a Windows DHCP server that can be told
 * from the configuration alone, and the lines of PowerShell that mend them.
 */
#include "config/windows_tree.h"

#include "base/sbuf.h"
#include "chain/arch.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	UNDI_CLASS_LEN = 32,            /* PXEClient:Arch:00007:UNDI:003016 */
	CONFLICT_MAX = 2,               /* probes of a second each */
	COMPARED_MAX = 1024,            /* policies held against each other */
	ARCH_DIGITS = 5,
};

/* A word in single quotes, as PowerShell takes it whatever is in it. */
static void
quote(struct sbuf *b, const char *s)
{
	sbuf_addc(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			sbuf_addc(b, '\'');
		sbuf_addc(b, *s);
	}
	sbuf_addc(b, '\'');
}

static void
at_scope(struct sbuf *b, const struct windows_scope *s)
{
	char text[IP_TEXT_MAX];

	if (s)
		sbuf_printf(b, " -ScopeId %s", ipv4_format(s->id, text));
}

static const char *
keep(struct windows_tree *t, struct sbuf *b)
{
	const char *text = b->bad ? NULL : arena_strdup(&t->arena,
	    sbuf_str(b));

	sbuf_release(b);
	return text;
}

static bool
starts(const struct windows_cond *c, const char *text)
{
	return c->len >= strlen(text) &&
	    memcmp(c->data, text, strlen(text)) == 0;
}

/* The same policy with a '*' behind each of its vendor classes. */
static const char *
fix_wildcard(struct windows_tree *t, const struct windows_scope *s,
    const struct windows_policy *p)
{
	struct sbuf b = SBUF_EMPTY;

	sbuf_add(&b, "Set-DhcpServerv4Policy -Name ");
	quote(&b, p->name);
	at_scope(&b, s);
	sbuf_add(&b, " -VendorClass EQ");
	for (const struct windows_cond *c = p->conds; c; c = c->next) {
		char *word;

		if (c->field != WINDOWS_F_VENDOR || c->negated)
			continue;
		word = arena_printf(&t->arena, "%s*", c->word);
		sbuf_addc(&b, ',');
		quote(&b, word ? word : "");
	}
	return keep(t, &b);
}

static int
whole_classes(struct windows_tree *t, const struct windows_scope *s,
    const struct windows_policy *p)
{
	int rc = 0;

	for (const struct windows_cond *c = p->conds; c && rc == 0;
	    c = c->next) {
		if (c->field != WINDOWS_F_VENDOR || c->is_prefix ||
		    !c->is_known || c->len >= UNDI_CLASS_LEN ||
		    (!starts(c, "PXEClient") && !starts(c, "HTTPClient")))
			continue;
		rc = windows_remark(t, "class-test-never-matches", c->pos,
		    fix_wildcard(t, s, p), "policy '%s' compares the whole "
		    "vendor class with \"%.*s\", and firmware sends more than "
		    "that: a '*' behind the class's name is missing",
		    p->name, (int)c->len, (const char *)c->data);
	}
	return rc;
}

/* Does every client that @p is for match @q as well? */
static bool
covers(const struct windows_policy *q, const struct windows_policy *p)
{
	enum windows_field field;
	bool single = true;

	if (!p->conds || !q->conds)
		return false;
	field = q->conds->field;
	for (const struct windows_cond *c = q->conds; c; c = c->next) {
		if (c->negated || c->field != field || c->single_label ||
		    !c->is_known)
			return false;
	}
	for (const struct windows_cond *c = p->conds; c; c = c->next) {
		bool found = false;

		if (c->field != field) {
			single = false;
			continue;
		}
		if (c->negated || c->single_label || !c->is_known)
			return false;
		for (const struct windows_cond *d = q->conds; d && !found;
		    d = d->next)
			found = (d->is_prefix ? c->len >= d->len :
			    !c->is_prefix && c->len == d->len) &&
			    memcmp(c->data, d->data, d->len) == 0;
		if (!found)
			return false;
		if (!p->is_or)
			return true;    /* the rest only narrows it */
	}
	return single;
}

static const struct windows_value *
same_value(const struct windows_policy *q, const struct windows_value *v)
{
	for (const struct windows_value *x = q->options.values; x; x = x->next) {
		if (x->code == v->code && windows_same(x->vendor, v->vendor) &&
		    !x->user)
			return x;
	}
	return NULL;
}

static bool
same_words(const struct windows_value *a, const struct windows_value *b)
{
	for (size_t i = 0; i < a->words.n && i < b->words.n; i++) {
		if (strcmp(a->words.word[i], b->words.word[i]) != 0)
			return false;
	}
	return a->words.n == b->words.n;
}

static const char *
fix_order(struct windows_tree *t, const struct windows_scope *s,
    const struct windows_policy *q, const struct windows_policy *p)
{
	struct sbuf b = SBUF_EMPTY;

	sbuf_add(&b, "Set-DhcpServerv4Policy -Name ");
	quote(&b, p->name);
	at_scope(&b, s);
	sbuf_printf(&b, " -ProcessingOrder %u", q->order);
	return keep(t, &b);
}

/* Values of a policy that an earlier one always has before it. */
static int
hidden(struct windows_tree *t, const struct windows_scope *s,
    const struct windows_policy *list)
{
	size_t i = 0;
	int rc = 0;

	for (const struct windows_policy *p = list; p && rc == 0 &&
	    i < COMPARED_MAX; p = p->next, i++) {
		for (const struct windows_policy *q = list; q != p && rc == 0;
		    q = q->next) {
			const struct windows_value *v = p->options.values;

			if (!q->enabled || !p->enabled || !covers(q, p))
				continue;
			while (v && (!same_value(q, v) ||
			    same_words(same_value(q, v), v)))
				v = v->next;
			if (v)
				rc = windows_remark(t, "policy-hidden", v->pos,
				    fix_order(t, s, q, p), "option %u of policy "
				    "'%s' never counts: all its clients match "
				    "policy '%s', which comes before it",
				    v->code, p->name, q->name);
		}
	}
	return rc;
}

static bool
has_zero(const struct windows_value *v)
{
	return v->len > 1 && v->data[v->len - 1] == '\0';
}

/* A file name that ends in what no file's name ends in. */
static int
file_name(struct windows_tree *t, const struct windows_value *v)
{
	const char *s = v->words.n > 0 ? v->words.word[0] : "";
	size_t len = strlen(s);
	const char *what = NULL;

	if (v->code != DHCP4_OPT_BOOTFILE || v->vendor || len == 0)
		return 0;
	if (has_zero(v) || (len > 2 && strcmp(s + len - 2, "\\0") == 0))
		what = "a NUL";
	else if (s[len - 1] == ' ' || s[len - 1] == '\t')
		what = "a blank";
	else if (s[len - 1] == '"' || s[len - 1] == '\'')
		what = "a quote";
	return what ? windows_remark(t, "bootfile-trailing-byte", v->pos, NULL,
	    "the file name ends in %s, and the server would look for a file "
	    "whose name does", what) : 0;
}

static int
of_holder(struct windows_tree *t, const struct windows_holder *h)
{
	int rc = 0;

	for (const struct windows_value *v = h->values; v && rc == 0;
	    v = v->next)
		rc = file_name(t, v);
	return rc;
}

static int
of_policies(struct windows_tree *t, const struct windows_scope *s,
    const struct windows_policy *list, bool active)
{
	int rc = 0;

	if (list && !active)
		return windows_remark(t, "statement-without-effect", list->pos,
		    s ? NULL : "Set-DhcpServerSetting -ActivatePolicies $true",
		    "policies are switched off here: none of them is ever "
		    "looked at");
	for (const struct windows_policy *p = list; p && rc == 0; p = p->next) {
		rc = whole_classes(t, s, p);
		if (rc == 0)
			rc = of_holder(t, &p->options);
	}
	return rc == 0 ? hidden(t, s, list) : rc;
}

/* What follows "...:Arch:" in a class; NULL if it names none. */
static const char *
arch_digits(const struct windows_class *c, bool *ret_http, size_t *ret_n)
{
	const char *text = (const char *)c->data;
	size_t at = strlen("PXEClient:Arch:");
	size_t n = 0;

	*ret_http = c->len > 16 && memcmp(text, "HTTPClient:Arch:", 16) == 0;
	if (!*ret_http && !(c->len > at &&
	    memcmp(text, "PXEClient:Arch:", at) == 0))
		return NULL;
	at += *ret_http;
	while (at + n < c->len && isxdigit((unsigned char)text[at + n]))
		n++;
	*ret_n = n;
	return text + at;
}

/* Firmware writes the number of option 93 in five decimal digits. */
static int
arch_class(struct windows_tree *t, const struct windows_class *c)
{
	char word[16] = "";
	struct sbuf b = SBUF_EMPTY;
	const struct arch *a;
	bool is_http, decimal, fits;
	uint64_t number = 0;
	size_t n = 0;
	const char *digits = arch_digits(c, &is_http, &n);

	if (!digits || n == 0 || n > 8)
		return 0;
	memcpy(word, digits, n);
	decimal = strspn(word, "0123456789") == n;
	number = strtoul(word, NULL, decimal ? 10 : 16);
	a = number <= UINT16_MAX ? arch_find((uint16_t)number) : NULL;
	fits = decimal && n == ARCH_DIGITS;
	if (fits && (!a || a->http == is_http))
		return 0;
	if (fits) {
		/* the other reading makes sense: it was meant in hex */
		number = strtoul(word, NULL, 16);
		a = number <= UINT16_MAX ? arch_find((uint16_t)number) : NULL;
		if (!a || a->http != is_http)
			return 0;
	}
	sbuf_add(&b, "Set-DhcpServerv4Class -Type Vendor -Name ");
	quote(&b, c->name);
	sbuf_printf(&b, " -Data '%s:Arch:%05u'", is_http ? "HTTPClient" :
	    "PXEClient", (unsigned int)number);
	return windows_remark(t, "class-test-never-matches", c->pos,
	    keep(t, &b), "firmware writes its architecture in five decimal "
	    "digits: not \"%s\" but \"%05u\"", word, (unsigned int)number);
}

/* Options that make machines boot, for all clients of all scopes. */
static int
for_all(struct windows_tree *t)
{
	static const struct { uint8_t code; const char *text; } rows[] = {
		{ DHCP4_OPT_VENDOR_CLASS, "option 60 is set for every client "
		    "of every scope: each PXE client then asks port 4011 of "
		    "this host" },
		{ DHCP4_OPT_BOOTFILE, "one boot file is set for every client "
		    "of every scope, whatever its architecture, and for iPXE "
		    "as well" },
		{ DHCP4_OPT_TFTP_SERVER, "one boot server is set for every "
		    "client of every scope" },
	};
	int rc = 0;

	for (const struct windows_value *v = t->options.values; v && rc == 0;
	    v = v->next) {
		for (size_t i = 0; i < ARRAY_LEN(rows) && rc == 0; i++) {
			const char *fix;

			if (v->code != rows[i].code || v->vendor || v->user)
				continue;
			fix = arena_printf(&t->arena,
			    "Remove-DhcpServerv4OptionValue -OptionId %u\n"
			    "# and set it where it is for: with -ScopeId and "
			    "-PolicyName", v->code);
			rc = windows_remark(t, "boot-options-for-all", v->pos,
			    fix, "%s", rows[i].text);
		}
	}
	return rc;
}

int
windows_remarks(struct windows_tree *t)
{
	int rc = for_all(t);

	if (rc == 0)
		rc = of_holder(t, &t->options);
	if (rc == 0)
		rc = of_policies(t, NULL, t->policies, t->policies_active);
	for (const struct windows_class *c = t->classes; c && rc == 0;
	    c = c->next) {
		if (c->is_vendor && !c->is_predefined)
			rc = arch_class(t, c);
	}
	for (const struct windows_scope *s = t->scopes; s && rc == 0;
	    s = s->next) {
		rc = of_holder(t, &s->options);
		if (rc == 0)
			rc = of_policies(t, s, s->policies,
			    s->policies_active && t->policies_active);
		for (const struct windows_reservation *r = s->reservations;
		    r && rc == 0; r = r->next)
			rc = of_holder(t, &r->options);
	}
	if (rc == 0 && t->conflict_attempts > CONFLICT_MAX)
		rc = windows_remark(t, "offer-too-late", t->conflict_pos,
		    "Set-DhcpServerSetting -ConflictDetectionAttempts 1",
		    "each offer waits for %u probes of a second: firmware may "
		    "have stopped listening by then", t->conflict_attempts);
	return rc;
}
