/*
 * windows_xml.c - what Export-DhcpServer writes, read through expat.
 *
 * The whole of an element is gathered, name and text, and used at its end;
 * children end before their parents, so what belongs to a scope or policy
 * is put there when the scope or policy begins.
 */
#include "config/windows_tree.h"

#include "base/sbuf.h"

#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 32, CHUNK = 1 << 20, NAME_MAX_LEN = 64 };

/* One child element with text: <Name>iPXE</Name>. */
struct field {
	char name[NAME_MAX_LEN];
	const char *text;
	struct config_pos pos;
	struct field *next;
};

/* An element that has children. */
struct level {
	char name[NAME_MAX_LEN];
	struct field *fields, **last;
	struct config_pos pos;
	bool has_children;
};

struct reader {
	struct windows_tree *t;
	const char *file;
	XML_Parser parser;
	struct level level[DEPTH_MAX];
	size_t depth;
	struct sbuf text;
	bool in_v6;
	struct windows_scope *scope;
	struct windows_policy *policy;
	struct windows_reservation *reservation;
	struct windows_holder later;            /* of what has no place yet */
	int rc;
	const char *why;
};

static void
fail(struct reader *r, int rc, const char *why)
{
	if (r->rc == 0) {
		r->rc = rc;
		r->why = why;
		(void)XML_StopParser(r->parser, XML_FALSE);
	}
}

static const char *
field(const struct level *l, const char *name)
{
	for (const struct field *f = l->fields; f; f = f->next) {
		if (strcasecmp(f->name, name) == 0)
			return f->text;
	}
	return "";
}

static bool
parent_is(const struct reader *r, size_t up, const char *name)
{
	return r->depth > up && strcasecmp(r->level[r->depth - 1 - up].name,
	    name) == 0;
}

static bool
field_ip(const struct level *l, const char *name, struct in_addr *ret)
{
	return windows_ip(field(l, name), ret);
}

static void
odd(struct reader *r, const struct level *l, const char *what)
{
	int rc = windows_gap(r->t, l->pos, "%s: the element is left out", what);

	if (rc < 0)
		fail(r, rc, NULL);
}

static void
end_class(struct reader *r, const struct level *l)
{
	const uint8_t *data;
	size_t len;
	int rc = windows_bytes(r->t, field(l, "Data"), &data, &len);

	if (rc < 0 || !windows_add_class(r->t, field(l, "Name"),
	    strcasecmp(field(l, "Type"), "Vendor") == 0, data, len, l->pos))
		fail(r, -ENOMEM, NULL);
}

static void
end_def(struct reader *r, const struct level *l)
{
	uint8_t code;
	int rc;

	if (!windows_code(field(l, "OptionId"), &code)) {
		odd(r, l, "an option is numbered 1 to 254");
		return;
	}
	rc = windows_add_def(r->t, code, field(l, "VendorClass"),
	    windows_type_find(field(l, "Type")), l->pos);
	if (rc < 0)
		fail(r, rc, NULL);
}

/* The holder that an <OptionValue> stands in, by the elements around it. */
static struct windows_holder *
holder(struct reader *r)
{
	for (size_t i = r->depth; i > 0; i--) {
		const char *name = r->level[i - 1].name;

		if (strcasecmp(name, "Policy") == 0)
			return r->policy ? &r->policy->options : &r->later;
		if (strcasecmp(name, "Reservation") == 0)
			return &r->later;
		if (strcasecmp(name, "Scope") == 0)
			return r->scope ? &r->scope->options : &r->later;
	}
	return &r->t->options;
}

static void
end_value(struct reader *r, const struct level *l)
{
	struct windows_words words = { NULL, 0 };
	const char *vendor = field(l, "VendorClass");
	const char *user = field(l, "UserClass");
	struct windows_where where = { .vendor = *vendor ? vendor : NULL,
	    .user = *user ? user : NULL };
	struct config_pos pos = l->pos;
	uint8_t code;
	int rc = 0;

	if (!windows_code(field(l, "OptionId"), &code)) {
		odd(r, l, "an option is numbered 1 to 254");
		return;
	}
	for (const struct field *f = l->fields; f && rc == 0; f = f->next) {
		if (strcasecmp(f->name, "Value") != 0)
			continue;
		if (words.n == 0)
			pos = f->pos;
		rc = windows_words_add(r->t, &words, f->text);
	}
	if (rc == 0)
		rc = windows_set_value(r->t, holder(r), code, &where, &words,
		    pos);
	if (rc < 0)
		fail(r, rc, NULL);
}

/* A scope's own elements come before those that hold others: use them. */
static void
begin_scope(struct reader *r, const struct level *l)
{
	struct in_addr id, mask, first, last;
	struct windows_scope *s;

	if (r->scope || strcasecmp(l->name, "Scope") != 0)
		return;
	if (!field_ip(l, "ScopeId", &id) || !field_ip(l, "SubnetMask", &mask)) {
		odd(r, l, "a scope has an address and a mask");
		return;
	}
	s = windows_add_scope(r->t, id, mask, l->pos);
	if (!s) {
		fail(r, -ENOMEM, NULL);
		return;
	}
	r->scope = s;
	s->name = field(l, "Name");
	s->is_active = strcasecmp(field(l, "State"), "InActive") != 0;
	s->policies_active = strcasecmp(field(l, "ActivatePolicies"),
	    "false") != 0;
	if (strcasecmp(field(l, "Type"), "Both") == 0)
		s->serves = WINDOWS_BOTH;
	else if (strcasecmp(field(l, "Type"), "Bootp") == 0)
		s->serves = WINDOWS_BOOTP;
	(void)windows_time(field(l, "LeaseDuration"), &s->lease_time);
	if (*field(l, "SuperScopeName"))
		s->superscope = field(l, "SuperScopeName");
	if (field_ip(l, "StartRange", &first) && field_ip(l, "EndRange", &last) &&
	    windows_add_range(r->t, &s->ranges, first, last) == -ENOMEM)
		fail(r, -ENOMEM, NULL);
}

static const struct { const char *name; enum windows_field field; } conds[] = {
	{ "VendorClass", WINDOWS_F_VENDOR }, { "UserClass", WINDOWS_F_USER },
	{ "MacAddress", WINDOWS_F_MAC }, { "ClientId", WINDOWS_F_CLIENT_ID },
	{ "Fqdn", WINDOWS_F_FQDN }, { "RelayAgent", WINDOWS_F_RELAY },
	{ "CircuitId", WINDOWS_F_CIRCUIT }, { "RemoteId", WINDOWS_F_REMOTE },
	{ "SubscriberId", WINDOWS_F_SUBSCRIBER },
};

static int
read_conds(struct reader *r, const struct level *l)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(conds) && rc == 0; i++) {
		struct windows_words words = { NULL, 0 };
		struct config_pos pos = l->pos;

		for (const struct field *f = l->fields; f && rc == 0;
		    f = f->next) {
			if (strcasecmp(f->name, conds[i].name) != 0)
				continue;
			if (words.n < 2)
				pos = f->pos;
			rc = windows_words_add(r->t, &words, f->text);
		}
		if (rc == 0 && words.n > 0)
			rc = windows_add_conds(r->t, r->policy, conds[i].field,
			    &words, pos);
	}
	return rc;
}

static void
begin_policy(struct reader *r, const struct level *l)
{
	uint64_t order = 0;
	int rc;

	if (r->policy || strcasecmp(l->name, "Policy") != 0)
		return;
	(void)parse_uint(field(l, "ProcessingOrder"), 0, UINT16_MAX, &order,
	    NULL);
	r->policy = windows_add_policy(r->t, r->scope, field(l, "Name"),
	    (uint32_t)order, l->pos);
	if (!r->policy) {
		fail(r, -ENOMEM, NULL);
		return;
	}
	r->policy->enabled = strcasecmp(field(l, "Enabled"), "false") != 0;
	r->policy->is_or = strcasecmp(field(l, "Condition"), "OR") == 0;
	(void)windows_time(field(l, "LeaseDuration"), &r->policy->lease_time);
	rc = read_conds(r, l);
	if (rc < 0)
		fail(r, rc, NULL);
}

static void
end_policy(struct reader *r, const struct level *l)
{
	begin_policy(r, l);
	r->policy = NULL;
}

static void
end_reservation(struct reader *r, const struct level *l)
{
	struct windows_reservation *x;
	struct in_addr a;
	int rc;

	if (!r->scope || !field_ip(l, "IPAddress", &a)) {
		odd(r, l, "a reservation has an address");
		return;
	}
	rc = windows_add_reservation(r->t, r->scope, a, field(l, "ClientId"),
	    field(l, "Name"), l->pos);
	if (rc < 0)
		fail(r, rc, NULL);
	x = windows_find_reservation(r->t, a);
	if (x && x->pos.line == l->pos.line)
		x->options = r->later;
	r->later = (struct windows_holder){ NULL, 0 };
}

static void
end_range(struct reader *r, const struct level *l)
{
	struct windows_range **list = NULL;
	struct in_addr a, b;
	int rc;

	if (r->policy)
		list = &r->policy->ranges;
	else if (r->scope && parent_is(r, 0, "ExclusionRanges"))
		list = &r->scope->exclusions;
	if (!list || !field_ip(l, "StartRange", &a) ||
	    !field_ip(l, "EndRange", &b)) {
		odd(r, l, "a range that is neither a policy's nor excluded");
		return;
	}
	rc = windows_add_range(r->t, list, a, b);
	if (rc == -ENOMEM)
		fail(r, rc, NULL);
}

static void
end_filter(struct reader *r, const struct level *l)
{
	int rc = windows_add_filter(r->t,
	    strcasecmp(field(l, "List"), "Deny") == 0,
	    field(l, "MacAddress"), l->pos);

	if (rc < 0)
		fail(r, rc, NULL);
}

static void
end_filters(struct reader *r, const struct level *l)
{
	r->t->allow_enforced = windows_bool(field(l, "Allow"));
	r->t->deny_enforced = windows_bool(field(l, "Deny"));
}

static void
end_superscope(struct reader *r, const struct level *l)
{
	for (const struct field *f = l->fields; f; f = f->next) {
		struct windows_scope *s;
		struct in_addr a;

		if (strcasecmp(f->name, "ScopeId") != 0 ||
		    !windows_ip(f->text, &a))
			continue;
		s = windows_find_scope(r->t, a);
		if (s)
			s->superscope = field(l, "SuperscopeName");
	}
}

static void
end_scope(struct reader *r, const struct level *l)
{
	begin_scope(r, l);
	r->scope = NULL;
}

static void
end_v4(struct reader *r, const struct level *l)
{
	uint64_t n = 0;

	r->t->policies_active = strcasecmp(field(l, "ActivatePolicies"),
	    "false") != 0;
	if (parse_uint(field(l, "ConflictDetectionAttempts"), 0, 100, &n,
	    NULL) < 0)
		return;
	r->t->conflict_attempts = (unsigned int)n;
	for (const struct field *f = l->fields; f; f = f->next) {
		if (strcasecmp(f->name, "ConflictDetectionAttempts") == 0)
			r->t->conflict_pos = f->pos;
	}
}

static const struct {
	const char *name;
	void (*end)(struct reader *r, const struct level *l);
} elements[] = {
	{ "Class", end_class }, { "OptionDefinition", end_def },
	{ "OptionValue", end_value }, { "Policy", end_policy },
	{ "Scope", end_scope }, { "Reservation", end_reservation },
	{ "IPRange", end_range }, { "Filter", end_filter },
	{ "Filters", end_filters }, { "Superscope", end_superscope },
	{ "IPv4", end_v4 },
};

static struct config_pos
here(const struct reader *r)
{
	return (struct config_pos){ r->file,
	    (unsigned int)XML_GetCurrentLineNumber(r->parser),
	    (unsigned int)XML_GetCurrentColumnNumber(r->parser) + 1 };
}

static void
on_start(void *ctx, const char *name, const char **attrs)
{
	struct reader *r = ctx;
	const char *colon = strrchr(name, '|');
	struct level *l;

	(void)attrs;
	if (r->depth == DEPTH_MAX) {
		fail(r, -EBADMSG, "elements are nested too deep");
		return;
	}
	name = colon ? colon + 1 : name;
	if (r->depth == 0 && strcasecmp(name, "DHCPServer") != 0) {
		fail(r, -EBADMSG, "not an export of a DHCP server");
		return;
	}
	if (r->depth == 1 && strcasecmp(name, "IPv6") == 0)
		r->in_v6 = true;
	if (r->depth > 0 && !r->in_v6) {
		/* the first child that is no field: the fields are known */
		l = &r->level[r->depth - 1];
		l->has_children = true;
		if (strcasecmp(name, "Policies") == 0 ||
		    strcasecmp(name, "OptionValues") == 0 ||
		    strcasecmp(name, "IPRanges") == 0 ||
		    strcasecmp(name, "ExclusionRanges") == 0 ||
		    strcasecmp(name, "Reservations") == 0) {
			begin_scope(r, l);
			begin_policy(r, l);
		}
	}
	l = &r->level[r->depth++];
	memset(l, 0, sizeof(*l));
	(void)text_copy(l->name, sizeof(l->name), name);
	l->last = &l->fields;
	l->pos = here(r);
	sbuf_clear(&r->text);
}

static void
on_text(void *ctx, const char *text, int len)
{
	struct reader *r = ctx;

	if (!r->in_v6 && r->text.len + (size_t)len <= WINDOWS_DATA_MAX * 8)
		sbuf_addn(&r->text, text, (size_t)len);
}

/* An element without children is a field of the one around it. */
static void
keep_field(struct reader *r, const struct level *l)
{
	struct level *up = &r->level[r->depth - 1];
	struct field *f = arena_alloc(&r->t->arena, sizeof(*f));
	const char *text = sbuf_str(&r->text);
	size_t lead = strspn(text, " \t\r\n");
	size_t len = strlen(text);

	while (len > lead && strchr(" \t\r\n", text[len - 1]))
		len--;
	if (!f) {
		fail(r, -ENOMEM, NULL);
		return;
	}
	(void)text_copy(f->name, sizeof(f->name), l->name);
	f->text = arena_dup(&r->t->arena, text + lead,
	    len > lead ? len - lead : 0);
	f->pos = l->pos;
	if (!f->text)
		fail(r, -ENOMEM, NULL);
	*up->last = f;
	up->last = &f->next;
}

static void
on_end(void *ctx, const char *name)
{
	struct reader *r = ctx;
	struct level *l;

	(void)name;
	if (r->rc < 0 || r->depth == 0)
		return;
	l = &r->level[--r->depth];
	if (r->in_v6) {
		r->in_v6 = r->depth > 1;
		return;
	}
	if (!l->has_children && r->depth > 0)
		keep_field(r, l);
	for (size_t i = 0; i < ARRAY_LEN(elements) && l->has_children; i++) {
		if (strcasecmp(l->name, elements[i].name) == 0)
			elements[i].end(r, l);
	}
	sbuf_clear(&r->text);
}

/* An export has no entities of its own; others' are an attack. */
static void
on_entity(void *ctx, const char *name, int is_parameter, const char *value,
    int len, const char *base, const char *system, const char *public,
    const char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)len, (void)base;
	(void)system, (void)public, (void)notation;
	fail(ctx, -EBADMSG, "entities are not accepted");
}

static int
broken(const struct reader *r, struct diag *diag)
{
	struct config_pos pos = here(r);

	diag_set(diag, "%s", r->why ? r->why :
	    XML_ErrorString(XML_GetErrorCode(r->parser)));
	diag_at(diag, pos.file, pos.line, pos.column);
	return -EBADMSG;
}

int
windows_read_xml(struct windows_tree *t, const struct config_file *f,
    struct diag *diag)
{
	struct reader r = { .t = t, .file = f->name, .text = SBUF_EMPTY };
	size_t at = 0;
	bool ok = true;
	int rc = 0;

	/* the text is UTF-8 by now, whatever its first line says */
	r.parser = XML_ParserCreateNS("UTF-8", '|');
	if (!r.parser)
		return -ENOMEM;
	(void)XML_SetParamEntityParsing(r.parser,
	    XML_PARAM_ENTITY_PARSING_NEVER);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetEntityDeclHandler(r.parser, on_entity);
	do {
		size_t n = min_size(f->len - at, CHUNK);

		ok = XML_Parse(r.parser, f->text + at, (int)n,
		    at + n == f->len) == XML_STATUS_OK;
		at += n;
	} while (ok && at < f->len);
	if (r.rc < 0 && r.rc != -EBADMSG)
		rc = r.rc;
	else if (!ok)
		rc = broken(&r, diag);
	sbuf_release(&r.text);
	XML_ParserFree(r.parser);
	return rc;
}
