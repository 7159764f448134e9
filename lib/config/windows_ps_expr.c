/* windows_ps_expr.c - expressions and the arguments of commands. */
#include "config/windows_ps.h"

#include "base/sbuf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct ps_value *expr_at(struct ps *p, int level);

const struct ps_value *
ps_get(struct ps *p, const char *name)
{
	bool is_outer = name[0] == ':';
	const struct ps_var *v = p->vars;
	size_t n = 0;

	for (; v && (strcasecmp(v->name, name + is_outer) != 0 ||
	    (is_outer && v->scope)); v = v->next)
		n++;
	ps_work(p, n / PS_STEP);
	return v ? v->value : NULL;
}

static struct ps_var *
own_variable(struct ps *p, const char *name, unsigned int scope)
{
	struct ps_var *x = p->vars;
	size_t n = 0;

	for (; x && (x->scope != scope || strcasecmp(x->name, name) != 0);
	    x = x->next)
		n++;
	ps_work(p, n / PS_STEP);
	return x;
}

void
ps_set(struct ps *p, const char *name, const struct ps_value *v)
{
	unsigned int scope = name[0] == ':' ? 0 : p->scope;
	struct ps_var **at = &p->vars;
	struct ps_var *x;

	name += name[0] == ':';
	x = own_variable(p, name, scope);
	if (!x) {
		x = ps_alloc(p, sizeof(*x));
		if (!x)
			return;
		while (*at && (*at)->scope > scope)
			at = &(*at)->next;
		*x = (struct ps_var){ .name = name, .scope = scope,
		    .next = *at };
		*at = x;
	}
	x->value = v;
}

/* After the '$': name, using:name, env:name or {any name}. "" if none. */
const char *
ps_variable(struct ps *p)
{
	static const struct { const char *word; bool is_outer; } scopes[] = {
		{ "using:", false }, { "script:", true }, { "global:", true },
		{ "local:", false }, { "private:", false },
	};
	size_t start = p->at;
	bool is_outer = false;
	size_t len;
	char *name;

	if (ps_peek(p, 0) == '{') {
		start = ++p->at;
		while (p->at < p->end && ps_peek(p, 0) != '}')
			p->at++;
		len = p->at - start;
		p->at += p->at < p->end;
	} else {
		if (ps_peek(p, 0) == '?' || ps_peek(p, 0) == '$' ||
		    ps_peek(p, 0) == '^')
			p->at++;
		while (ps_in_word(p) || (ps_peek(p, 0) == ':' &&
		    ps_peek(p, 1) != ':' && ps_is_word(ps_peek(p, 1)) &&
		    p->at > start))
			p->at++;
		len = p->at - start;
	}
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		size_t n = strlen(scopes[i].word);

		if (len > n && strncasecmp(p->s + start, scopes[i].word,
		    n) == 0) {
			start += n;
			len -= n;
			is_outer = scopes[i].is_outer;
		}
	}
	name = ps_alloc(p, len + 2);
	if (!name)
		return "";
	name[0] = ':';
	memcpy(name + is_outer, p->s + start, len);
	name[is_outer + len] = '\0';
	return name;
}

static const struct ps_value *
variable(struct ps *p)
{
	const char *name = ps_variable(p);
	const struct ps_value *v;

	if (strcasecmp(name, "true") == 0 || strcasecmp(name, "false") == 0)
		return ps_bool(tolower((unsigned char)name[0]) == 't');
	if (strcasecmp(name, "null") == 0)
		return &ps_null;
	v = ps_get(p, name);
	return v ? v : &ps_unknown;
}

/* Run a window of the text and come back. */
static const struct ps_value *
inside(struct ps *p, size_t at, size_t end,
    const struct ps_value *(*run)(struct ps *p))
{
	size_t was_at = p->at;
	size_t was_end = p->end;
	const struct ps_value *v = &ps_unknown;

	if (++p->depth <= PS_DEPTH_MAX) {
		p->at = at;
		p->end = end;
		v = run(p);
	}
	p->depth--;
	p->at = was_at;
	p->end = was_end;
	return v;
}

static void
add_escape(struct sbuf *b, int c)
{
	static const char from[] = "nrt0abfv";
	static const char to[] = "\n\r\t\0\a\b\f\v";
	const char *at = c > 0 ? strchr(from, c) : NULL;

	if (at && *at)
		sbuf_addc(b, to[at - from]);
	else if (c >= 0)
		sbuf_addc(b, (char)c);
}

/* $name or $( ) within text. Return: false if its value is not known. */
static bool
interpolate(struct ps *p, struct sbuf *b)
{
	const struct ps_value *v;
	const char *s;
	size_t at, end;

	p->at++;
	if (ps_peek(p, 0) == '(') {
		(void)ps_group(p, &at, &end);
		if (++p->depth <= PS_DEPTH_MAX)
			v = ps_run(p, at, end);
		else
			v = &ps_unknown;
		p->depth--;
	} else if (ps_peek(p, 0) == '{' || ps_is_word(ps_peek(p, 0))) {
		v = variable(p);
	} else {
		sbuf_addc(b, '$');
		return true;
	}
	s = ps_string(p, v);
	if (!s || b->len > PS_TEXT_MAX)
		return false;
	sbuf_add(b, s);
	return true;
}

static const struct ps_value *
finish_text(struct ps *p, struct sbuf *b, bool known)
{
	const struct ps_value *v = known && !b->bad &&
	    memchr(sbuf_str(b), '\0', b->len) == NULL ?
	    ps_text(p, sbuf_str(b), b->len) : &ps_unknown;

	sbuf_release(b);
	return v;
}

static const struct ps_value *
here_string(struct ps *p)
{
	bool expands = ps_peek(p, 1) == '"';
	char close[3] = { '\n', expands ? '"' : '\'', '@' };
	struct sbuf b = SBUF_EMPTY;
	bool known = true;
	const char *stop;
	size_t was = p->end;
	size_t end;

	while (p->at < p->end && p->s[p->at] != '\n')
		p->at++;
	/* an empty one has its end on the next line already */
	stop = memmem(p->s + p->at, p->end - p->at, close, 3);
	end = stop ? (size_t)(stop - p->s) : p->end;
	p->at += p->at < end;
	p->end = end > p->at && p->s[end - 1] == '\r' ? end - 1 : end;
	while (p->at < p->end) {
		int c = ps_peek(p, 0);

		if (expands && c == '$') {
			known = interpolate(p, &b) && known;
		} else if (expands && c == '`') {
			add_escape(&b, ps_peek(p, 1));
			p->at += 2;
		} else {
			sbuf_addc(&b, (char)c);
			p->at++;
		}
	}
	p->end = was;
	p->at = min_size(end + 3, p->end);
	return finish_text(p, &b, known);
}

const struct ps_value *
ps_string_at(struct ps *p)
{
	char kind = 0;
	size_t n = ps_quote(p, &kind);
	struct sbuf b = SBUF_EMPTY;
	bool known = true;

	p->at += n;
	while (p->at < p->end) {
		int c = ps_peek(p, 0);
		char other = 0;

		n = ps_quote(p, &other);
		if (n && other == kind) {
			p->at += n;
			n = ps_quote(p, &other);
			if (!n || other != kind)
				break;
			sbuf_addc(&b, kind);
			p->at += n;
		} else if (kind == '"' && c == '$') {
			known = interpolate(p, &b) && known;
		} else if (kind == '"' && c == '`') {
			add_escape(&b, ps_peek(p, 1));
			p->at = min_size(p->at + 2, p->end);
		} else {
			sbuf_addc(&b, (char)c);
			p->at++;
		}
	}
	return finish_text(p, &b, known);
}

static const struct ps_value *
number(struct ps *p)
{
	size_t start = p->at;
	const struct ps_value *v;
	struct ps_value *n;
	int64_t value;

	while (ps_in_word(p) || (ps_peek(p, 0) == '.' &&
	    ps_peek(p, 1) >= '0' && ps_peek(p, 1) <= '9'))
		p->at++;
	v = ps_text(p, p->s + start, p->at - start);
	if (!ps_to_number(v, &value))
		return &ps_unknown;
	n = ps_alloc(p, sizeof(*n));
	if (!n)
		return &ps_unknown;
	*n = (struct ps_value){ .kind = PS_NUMBER, .number = value,
	    .text = v->text };
	if (strncasecmp(v->text, "0x", 2) != 0)
		return ps_number(p, value);
	return n;                       /* keeps its digits for option values */
}

/* Key = value pairs, one a line or with ';' between. */
static const struct ps_value *
hash_table(struct ps *p)
{
	struct ps_value *map = ps_map(p);

	while (map && p->at < p->end && p->flow != PS_STOP) {
		const struct ps_value *key;
		const char *name;
		size_t before;
		char kind;

		ps_blank(p, true);
		if (ps_peek(p, 0) == ';') {
			p->at++;
			continue;
		}
		if (p->at >= p->end)
			break;
		before = p->at;
		if (ps_quote(p, &kind))
			key = ps_string_at(p);
		else if (ps_peek(p, 0) == '$' || ps_peek(p, 0) == '(')
			key = ps_primary(p);
		else
			key = NULL;
		name = key ? ps_string(p, key) : ps_word(p);
		ps_blank(p, false);
		if (ps_peek(p, 0) != '=' || !name)
			return &ps_unknown;
		p->at++;
		ps_blank(p, true);
		ps_put(p, map, name, ps_pipeline(p));
		ps_skip_statement(p);
		if (p->at == before)
			p->at++;
	}
	return map ? map : &ps_unknown;
}

static const struct ps_value *
whole(struct ps *p)
{
	return ps_run(p, p->at, p->end);
}

/* [type] before a value; [type]::member is for the real run alone. */
static const struct ps_value *
cast(struct ps *p)
{
	static const char *const plain[] = { "string", "int", "int32",
	    "uint32", "uint16", "byte", "ipaddress", "net.ipaddress",
	    "system.net.ipaddress", "string[]", "array", "object[]", "ordered",
	    "pscustomobject", "hashtable", "char", "regex", "timespan",
	    "version", "int64", "long" };
	const struct ps_value *v;
	const char *type;
	size_t at, end;

	(void)ps_group(p, &at, &end);
	type = ps_string(p, ps_text(p, p->s + at, end - at));
	if (ps_peek(p, 0) == ':' && ps_peek(p, 1) == ':') {
		p->at += 2;
		(void)ps_word(p);
		if (ps_peek(p, 0) == '(')
			(void)ps_group(p, &at, &end);
		return &ps_unknown;
	}
	ps_blank(p, false);
	if (++p->depth > PS_DEPTH_MAX) {
		p->depth--;
		p->at = p->end;
		return &ps_unknown;
	}
	v = ps_primary(p);
	p->depth--;
	if (type && strcasecmp(type, "string") == 0 && ps_string(p, v))
		return ps_text(p, ps_string(p, v), strlen(ps_string(p, v)));
	if (type && strcasecmp(type, "bool") == 0)
		return ps_truth(v) < 0 ? &ps_unknown : ps_bool(ps_truth(v));
	for (size_t i = 0; type && i < ARRAY_LEN(plain); i++) {
		if (strcasecmp(type, plain[i]) == 0)
			return v;
	}
	return &ps_unknown;
}

static const struct ps_value *
keys_of(struct ps *p, const struct ps_value *map, bool values)
{
	const struct ps_value *list = &ps_null;

	for (const struct ps_entry *e = map->map; e; e = e->next)
		list = ps_append(p, list, values ? e->value :
		    ps_text(p, e->key, strlen(e->key)));
	return list;
}

static const struct ps_value *
member(struct ps *p, const struct ps_value *v, const char *name)
{
	const struct ps_value *x = ps_member(v, name);
	const struct ps_value *list = &ps_null;
	bool counts = strcasecmp(name, "Count") == 0 ||
	    strcasecmp(name, "Length") == 0;

	if (x)
		return x;
	if (v->kind == PS_MAP && strcasecmp(name, "Keys") == 0)
		return keys_of(p, v, false);
	if (v->kind == PS_MAP && strcasecmp(name, "Values") == 0)
		return keys_of(p, v, true);
	if (v->kind == PS_MAP && counts)
		return ps_number(p, (int64_t)v->n);
	if (v->kind == PS_TEXT && strcasecmp(name, "IPAddressToString") == 0)
		return v;
	if (v->kind == PS_TEXT && strcasecmp(name, "Length") == 0)
		return ps_number(p, (int64_t)strlen(v->text));
	if (v->kind == PS_LIST && counts)
		return ps_number(p, (int64_t)v->n);
	if (v->kind != PS_LIST || ++p->depth > PS_DEPTH_MAX)
		return &ps_unknown;
	for (size_t i = 0; i < v->n && p->flow != PS_STOP; i++)
		list = ps_append(p, list, member(p, v->item[i], name));
	p->depth--;
	return list;
}

static const struct ps_value *
method(struct ps *p, const struct ps_value *v, const char *name,
    const struct ps_value *arg)
{
	const char *s = v->kind == PS_TEXT ? v->text : NULL;
	const char *by = arg->kind == PS_NULL ? "" : ps_string(p, arg);
	size_t lead;
	size_t len;
	char *copy;

	if (strcasecmp(name, "ToString") == 0 && arg->kind == PS_NULL)
		return ps_string(p, v) ? ps_text(p, ps_string(p, v),
		    strlen(ps_string(p, v))) : &ps_unknown;
	if (!s || !by)
		return &ps_unknown;
	if (strcasecmp(name, "Trim") == 0 && arg->kind == PS_NULL) {
		lead = strspn(s, " \t\r\n");
		len = strlen(s);
		while (len > lead && strchr(" \t\r\n", s[len - 1]))
			len--;
		return ps_text(p, s + lead, len - lead);
	}
	if (strcasecmp(name, "Split") == 0 && strlen(by) == 1) {
		char pattern[3] = { '\\', by[0], '\0' };

		return ps_binary(p, "split", v, ps_text(p,
		    ispunct((unsigned char)by[0]) ? pattern : by,
		    ispunct((unsigned char)by[0]) ? 2 : 1));
	}
	if ((strcasecmp(name, "ToLower") != 0 &&
	    strcasecmp(name, "ToUpper") != 0) || arg->kind != PS_NULL)
		return &ps_unknown;
	copy = ps_alloc(p, strlen(s) + 1);
	if (!copy)
		return &ps_unknown;
	for (size_t i = 0; s[i]; i++)
		copy[i] = (char)(tolower((unsigned char)name[2]) == 'l' ?
		    tolower((unsigned char)s[i]) : toupper((unsigned char)s[i]));
	return ps_text(p, copy, strlen(copy));
}

static const struct ps_value *
index_of(struct ps *p, const struct ps_value *v, const struct ps_value *i)
{
	const struct ps_value *x = NULL;
	const char *key;
	int64_t n;

	if (v->kind == PS_MAP) {
		key = ps_string(p, i);
		x = key ? ps_member(v, key) : &ps_unknown;
		return x ? x : &ps_null;
	}
	if (v->kind != PS_LIST || !ps_to_number(i, &n))
		return &ps_unknown;
	if (n < 0)
		n += (int64_t)v->n;
	return n >= 0 && (size_t)n < v->n ? v->item[n] : &ps_null;
}

/* What hangs on a value without a blank: .name .name( ) [ ] ::name */
static const struct ps_value *
postfix(struct ps *p, const struct ps_value *v)
{
	size_t at, end;

	while (p->flow != PS_STOP) {
		const struct ps_value *arg;
		const char *name;

		if (ps_peek(p, 0) == '[') {
			(void)ps_group(p, &at, &end);
			v = index_of(p, v, inside(p, at, end, ps_expr));
		} else if (ps_peek(p, 0) == '.' && ps_is_word(ps_peek(p, 1))) {
			p->at++;
			name = ps_word(p);
			if (ps_peek(p, 0) != '(') {
				v = member(p, v, name);
				continue;
			}
			(void)ps_group(p, &at, &end);
			arg = inside(p, at, end, ps_pipeline);
			v = method(p, v, name, arg);
		} else if (ps_peek(p, 0) == ':' && ps_peek(p, 1) == ':') {
			p->at += 2;
			(void)ps_word(p);
			v = &ps_unknown;
		} else {
			break;
		}
	}
	return v;
}

static const struct ps_value *
block(struct ps *p)
{
	struct ps_value *v = ps_alloc(p, sizeof(*v));
	size_t at, end;

	(void)ps_group(p, &at, &end);
	if (!v)
		return &ps_unknown;
	*v = (struct ps_value){ .kind = PS_BLOCK, .at = at, .end = end };
	return v;
}

static const struct ps_value *
as_list(struct ps *p, const struct ps_value *v)
{
	struct ps_value *empty;

	if (v->kind == PS_LIST || v->kind == PS_UNKNOWN)
		return v;
	if (v->kind != PS_NULL)
		return ps_append(p, &ps_null, v);
	empty = ps_alloc(p, sizeof(*empty));
	if (!empty)
		return &ps_unknown;
	empty->kind = PS_LIST;
	return empty;
}

const struct ps_value *
ps_primary(struct ps *p)
{
	const struct ps_value *v = &ps_unknown;
	int c = ps_peek(p, 0);
	int next = ps_peek(p, 1);
	size_t at, end;
	char kind;

	ps_work(p, 1);
	if (ps_quote(p, &kind)) {
		v = ps_string_at(p);
	} else if (c == '@' && (next == '"' || next == '\'')) {
		v = here_string(p);
	} else if (c == '(') {
		(void)ps_group(p, &at, &end);
		v = inside(p, at, end, ps_pipeline);
	} else if (c == '@' && next == '(') {
		p->at++;
		(void)ps_group(p, &at, &end);
		v = as_list(p, inside(p, at, end, whole));
	} else if (c == '@' && next == '{') {
		p->at++;
		(void)ps_group(p, &at, &end);
		v = inside(p, at, end, hash_table);
	} else if (c == '$' && next == '(') {
		p->at++;
		(void)ps_group(p, &at, &end);
		v = inside(p, at, end, whole);
	} else if (c == '$') {
		p->at++;
		v = variable(p);
	} else if (c == '{') {
		return block(p);
	} else if (c == '[') {
		v = cast(p);
	} else if (c >= '0' && c <= '9') {
		return number(p);
	} else {
		ps_skip_statement(p);
		return &ps_unknown;
	}
	return postfix(p, v);
}

static const struct ps_value *
unary(struct ps *p)
{
	const struct ps_value *v;
	size_t dash = ps_dash(p);
	size_t was = p->at;
	int truth;

	if (++p->depth > PS_DEPTH_MAX) {
		p->depth--;
		p->at = p->end;
		return &ps_unknown;
	}
	if (ps_peek(p, 0) == '!' || (dash && p->end - p->at > dash + 3 &&
	    strncasecmp(p->s + p->at + dash, "not", 3) == 0 &&
	    !ps_is_word(ps_peek(p, dash + 3)))) {
		p->at += ps_peek(p, 0) == '!' ? 1 : dash + 3;
		ps_blank(p, true);
		truth = ps_truth(unary(p));
		v = truth < 0 ? &ps_unknown : ps_bool(!truth);
	} else if (dash || ps_peek(p, 0) == '+' || ps_peek(p, 0) == ',') {
		p->at += dash ? dash : 1;
		if (dash && ps_is_word(ps_peek(p, 0)) &&
		    !isdigit(ps_peek(p, 0)))
			(void)ps_word(p);       /* -join, -split before one */
		ps_blank(p, true);
		v = unary(p);
		if (p->s[was] == ',')
			v = as_list(p, v);
		else
			v = dash == 1 && isdigit((unsigned char)p->s[was + 1]) ?
			    ps_add(p, '-', ps_number(p, 0), v) : &ps_unknown;
	} else {
		v = ps_primary(p);
	}
	p->depth--;
	return v;
}

/* a, b, c: binds closer than any operator between two values. */
static const struct ps_value *
comma_list(struct ps *p)
{
	const struct ps_value *v = unary(p);
	const struct ps_value *list = NULL;

	for (;;) {
		size_t was = p->at;

		ps_blank(p, false);
		if (ps_peek(p, 0) != ',' || p->flow == PS_STOP) {
			p->at = was;
			return list ? list : v;
		}
		p->at++;
		ps_blank(p, true);
		if (!list)
			list = ps_append(p, &ps_null, v);
		/* an unknown item makes the whole unknown */
		v = unary(p);
		list = list->kind == PS_UNKNOWN ? list :
		    ps_append(p, list, v);
	}
}

/* The operator here and how close it binds; 0: none. */
static int
operator(struct ps *p, char op[16])
{
	size_t dash = ps_dash(p);
	int c = ps_peek(p, 0);
	size_t n = 0;

	if (c == '.' && ps_peek(p, 1) == '.') {
		memcpy(op, "..", 3);
		p->at += 2;
		return 5;
	}
	while (dash && n < 15 && ps_peek(p, dash + n) >= 0 &&
	    isalpha(ps_peek(p, dash + n))) {
		op[n] = (char)tolower(ps_peek(p, dash + n));
		n++;
	}
	op[n] = '\0';
	if (n > 0) {
		p->at += dash + n;
		if (strcmp(op, "and") == 0 || strcmp(op, "or") == 0 ||
		    strcmp(op, "xor") == 0)
			return 1;
		return strcmp(op, "f") == 0 ? 5 : 2;
	}
	if (c != '+' && c != '*' && c != '/' && c != '%' && !dash)
		return 0;
	if ((c == '+' || c == '-') && ps_peek(p, 1) == c)
		return 0;
	op[0] = dash ? '-' : (char)c;
	op[1] = '\0';
	p->at += dash ? dash : 1;
	return dash || c == '+' ? 3 : 4;
}

static const struct ps_value *
expr_at(struct ps *p, int level)
{
	const struct ps_value *v = level > 5 ? comma_list(p) :
	    expr_at(p, level + 1);

	while (level <= 5 && p->flow != PS_STOP) {
		size_t was = p->at;
		const struct ps_value *b;
		char op[16];

		ps_work(p, 1);
		ps_blank(p, false);
		if (operator(p, op) != level) {
			p->at = was;
			break;
		}
		ps_blank(p, true);
		b = expr_at(p, level + 1);
		v = ispunct((unsigned char)op[0]) && op[0] != '.' ?
		    ps_add(p, op[0], v, b) : ps_binary(p, op, v, b);
	}
	return v;
}

const struct ps_value *
ps_expr(struct ps *p)
{
	ps_blank(p, true);
	return p->at < p->end ? expr_at(p, 1) : &ps_null;
}

/* Text without quotes, up to a blank or what ends an argument. */
static const struct ps_value *
bare(struct ps *p)
{
	struct sbuf b = SBUF_EMPTY;
	bool known = true;

	while (p->at < p->end) {
		int c = ps_peek(p, 0);
		const struct ps_value *v;
		char kind;

		if (strchr(" \t\r\n,;|(){}&", c) ||
		    (c == 0xc2 && ps_peek(p, 1) == 0xa0))
			break;
		if (c == '`') {
			add_escape(&b, ps_peek(p, 1));
			p->at = min_size(p->at + 2, p->end);
		} else if (c == '$') {
			known = interpolate(p, &b) && known;
		} else if (ps_quote(p, &kind)) {
			v = ps_string_at(p);
			known = known && v->kind == PS_TEXT;
			sbuf_add(&b, known ? v->text : "");
		} else {
			sbuf_addc(&b, (char)c);
			p->at++;
		}
	}
	return finish_text(p, &b, known);
}

static const struct ps_value *
argument_item(struct ps *p)
{
	int c = ps_peek(p, 0);
	int next = ps_peek(p, 1);
	size_t was = p->at;
	const struct ps_value *v;
	char kind;

	if (c != '$' && c != '(' && c != '{' && !(c == '@' && (next == '(' ||
	    next == '{' || next == '"' || next == '\'')) && !ps_quote(p, &kind))
		return bare(p);
	v = ps_primary(p);
	c = ps_peek(p, 0);
	/* more text hangs on it: it was the beginning of a word */
	if (c >= 0 && !strchr(" \t\r\n,;|(){}&", c) && p->s[was] == '$' &&
	    p->s[was + 1] != '(') {
		p->at = was;
		return bare(p);
	}
	return v;
}

/* An argument: items with commas between, blanks around these or not. */
const struct ps_value *
ps_argument(struct ps *p)
{
	const struct ps_value *v = argument_item(p);
	const struct ps_value *list = NULL;

	for (;;) {
		size_t was = p->at;

		ps_blank(p, false);
		if (ps_peek(p, 0) != ',' || p->flow == PS_STOP) {
			p->at = was;
			return list ? list : v;
		}
		ps_work(p, 1);
		p->at++;
		ps_blank(p, true);
		if (!list)
			list = ps_append(p, &ps_null, v);
		v = argument_item(p);
		list = list->kind == PS_UNKNOWN ? list : ps_append(p, list, v);
	}
}
