/* windows_ps_value.c - values of PowerShell, and what operators make of them. */
#include "config/windows_ps.h"

#include "base/sbuf.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CSV_COLUMNS_MAX = 64 };

const struct ps_value ps_unknown = { .kind = PS_UNKNOWN };
const struct ps_value ps_null = { .kind = PS_NULL, .text = "" };
static const struct ps_value ps_true =
    { .kind = PS_BOOL, .number = 1, .text = "True" };
static const struct ps_value ps_false = { .kind = PS_BOOL, .text = "False" };

/* A script that wants more than it may have is stopped, not refused. */
void *
ps_alloc(struct ps *p, size_t len)
{
	void *m;

	p->bytes += len;
	if (p->bytes > p->max_bytes) {
		p->flow = PS_STOP;
		return NULL;
	}
	m = arena_alloc(&p->arena, len);
	if (!m) {
		p->flow = PS_STOP;
		p->rc = -ENOMEM;
	}
	return m;
}

static struct ps_value *
make(struct ps *p, enum ps_kind kind)
{
	struct ps_value *v = ps_alloc(p, sizeof(*v));

	if (v)
		v->kind = kind;
	return v;
}

const struct ps_value *
ps_text(struct ps *p, const char *s, size_t len)
{
	struct ps_value *v = len <= PS_TEXT_MAX ? make(p, PS_TEXT) : NULL;
	char *copy = v ? ps_alloc(p, len + 1) : NULL;

	if (!copy)
		return &ps_unknown;
	ps_work(p, len / PS_STEP);
	memcpy(copy, s, len);
	copy[len] = '\0';
	v->text = copy;
	return v;
}

const struct ps_value *
ps_number(struct ps *p, int64_t n)
{
	struct ps_value *v = make(p, PS_NUMBER);
	char *text = v ? ps_alloc(p, 24) : NULL;

	if (!text)
		return &ps_unknown;
	(void)snprintf(text, 24, "%" PRId64, n);
	v->text = text;
	v->number = n;
	return v;
}

const struct ps_value *
ps_bool(bool b)
{
	return b ? &ps_true : &ps_false;
}

struct ps_value *
ps_map(struct ps *p)
{
	return make(p, PS_MAP);
}

void
ps_put(struct ps *p, struct ps_value *map, const char *key,
    const struct ps_value *v)
{
	struct ps_entry **tail = &map->map;
	struct ps_entry *e;

	while (*tail && strcasecmp((*tail)->key, key) != 0) {
		tail = &(*tail)->next;
		ps_work(p, 1);
	}
	if (*tail) {
		(*tail)->value = v;
		return;
	}
	e = ps_alloc(p, sizeof(*e));
	if (!e)
		return;
	e->key = key;
	e->value = v;
	*tail = e;
	map->n++;
}

const struct ps_value *
ps_member(const struct ps_value *v, const char *key)
{
	if (v->kind != PS_MAP)
		return NULL;
	for (const struct ps_entry *e = v->map; e; e = e->next) {
		if (strcasecmp(e->key, key) == 0)
			return e->value;
	}
	return NULL;
}

/* @list with @v after it; a list's items one by one, as @( ) + @( ) does. */
const struct ps_value *
ps_append(struct ps *p, const struct ps_value *list, const struct ps_value *v)
{
	const struct ps_value *const *from = v->kind == PS_LIST ?
	    (const struct ps_value *const *)v->item : &v;
	size_t more = v->kind == PS_LIST ? v->n : 1;
	struct ps_value *out = make(p, PS_LIST);
	size_t had = list->kind == PS_LIST ? list->n : 0;

	if (!out || had + more > PS_ITEMS_MAX)
		return &ps_unknown;
	ps_work(p, (had + more) / 8);
	out->item = ps_alloc(p, (had + more + 1) * sizeof(*out->item));
	if (!out->item)
		return &ps_unknown;
	if (had > 0)
		memcpy(out->item, list->item, had * sizeof(*out->item));
	if (more > 0)
		memcpy(out->item + had, from, more * sizeof(*out->item));
	out->n = had + more;
	return out;
}

/* As text, a list's items with a blank between; NULL if not known. */
const char *
ps_string(struct ps *p, const struct ps_value *v)
{
	struct sbuf b = SBUF_EMPTY;
	char *copy = NULL;

	if (v->kind != PS_LIST)
		return v->kind == PS_UNKNOWN || v->kind == PS_MAP ||
		    v->kind == PS_BLOCK ? NULL : v->text;
	for (size_t i = 0; i < v->n; i++) {
		const char *s = v->item[i]->kind == PS_LIST ? NULL :
		    ps_string(p, v->item[i]);

		if (!s || b.len > PS_TEXT_MAX) {
			sbuf_release(&b);
			return NULL;
		}
		if (i > 0)
			sbuf_addc(&b, ' ');
		sbuf_add(&b, s);
	}
	ps_work(p, v->n / 8 + b.len / PS_STEP);
	copy = ps_alloc(p, b.len + 1);
	if (copy)
		memcpy(copy, sbuf_str(&b), b.len + 1);
	sbuf_release(&b);
	return copy;
}

bool
ps_to_number(const struct ps_value *v, int64_t *ret)
{
	char *end;
	long long n;

	if (v->kind == PS_NUMBER || v->kind == PS_BOOL) {
		*ret = v->number;
		return true;
	}
	if (v->kind == PS_NULL) {
		*ret = 0;
		return true;
	}
	if (v->kind != PS_TEXT || !*v->text)
		return false;
	errno = 0;
	n = strtoll(v->text, &end, strncasecmp(v->text, "0x", 2) == 0 ? 16 : 10);
	if (*end || errno)
		return false;
	*ret = n;
	return true;
}

int
ps_truth(const struct ps_value *v)
{
	switch (v->kind) {
	case PS_UNKNOWN:
		return -1;
	case PS_NULL:
		return 0;
	case PS_BOOL: case PS_NUMBER:
		return v->number != 0;
	case PS_TEXT:
		return v->text[0] != '\0';
	case PS_LIST:
		return v->n == 1 ? ps_truth(v->item[0]) : v->n > 0;
	case PS_MAP: case PS_BLOCK:
		return 1;
	}
	return -1;
}

const struct ps_value *
ps_add(struct ps *p, char op, const struct ps_value *a,
    const struct ps_value *b)
{
	struct sbuf text = SBUF_EMPTY;
	const struct ps_value *v;
	const char *x, *y;
	int64_t m, n;

	if (a->kind == PS_UNKNOWN || b->kind == PS_UNKNOWN)
		return &ps_unknown;
	if (op == '+' && (a->kind == PS_LIST || a->kind == PS_NULL))
		return a->kind == PS_NULL ? b : ps_append(p, a, b);
	if (op == '+' && a->kind == PS_TEXT) {
		x = ps_string(p, a);
		y = ps_string(p, b);
		if (!x || !y)
			return &ps_unknown;
		sbuf_add(&text, x);
		sbuf_add(&text, y);
		v = ps_text(p, sbuf_str(&text), text.len);
		sbuf_release(&text);
		return v;
	}
	if (!ps_to_number(a, &m) || !ps_to_number(b, &n) ||
	    m > INT32_MAX || m < INT32_MIN || n > INT32_MAX || n < INT32_MIN)
		return &ps_unknown;
	switch (op) {
	case '+':
		return ps_number(p, m + n);
	case '-':
		return ps_number(p, m - n);
	case '*':
		return ps_number(p, m * n);
	case '%':
		return n ? ps_number(p, m % n) : &ps_unknown;
	default:
		/* a quotient may be a fraction */
		return n && m % n == 0 ? ps_number(p, m / n) : &ps_unknown;
	}
}

static const struct ps_value *
split(struct ps *p, const char *text, const char *by)
{
	const struct ps_value *list = &ps_null;
	size_t n = strlen(by);

	/* a pattern with more in it than a plain separator is not tried */
	if (n == 0 || strpbrk(by, ".*+?[](){}^|"))
		return &ps_unknown;
	if (by[0] == '\\' && n == 2 && ispunct((unsigned char)by[1])) {
		by++;
		n--;
	} else if (strchr(by, '\\')) {
		return &ps_unknown;
	}
	for (;;) {
		const char *at = strstr(text, by);

		list = ps_append(p, list, ps_text(p, text,
		    at ? (size_t)(at - text) : strlen(text)));
		if (!at || p->flow == PS_STOP)
			return list;
		text = at + n;
	}
}

static const struct ps_value *
join(struct ps *p, const struct ps_value *list, const char *by)
{
	struct sbuf b = SBUF_EMPTY;
	const struct ps_value *v;

	for (size_t i = 0; i < list->n; i++) {
		const char *s = ps_string(p, list->item[i]);

		if (!s || b.len > PS_TEXT_MAX) {
			sbuf_release(&b);
			return &ps_unknown;
		}
		if (i > 0)
			sbuf_add(&b, by);
		sbuf_add(&b, s);
	}
	v = ps_text(p, sbuf_str(&b), b.len);
	sbuf_release(&b);
	return v;
}

static const struct ps_value *
range(struct ps *p, const struct ps_value *a, const struct ps_value *b)
{
	const struct ps_value *list = &ps_null;
	int64_t m, n;

	if (!ps_to_number(a, &m) || !ps_to_number(b, &n) || n - m > 1024 ||
	    m - n > 1024)
		return &ps_unknown;
	for (int64_t i = m; m <= n ? i <= n : i >= n; i += m <= n ? 1 : -1)
		list = ps_append(p, list, ps_number(p, i));
	return list;
}

/* -eq of a number compares numbers, of a text without case. */
static const struct ps_value *
compare(struct ps *p, const char *op, const struct ps_value *a,
    const struct ps_value *b)
{
	static const char *const ops[] = { "eq", "ne", "gt", "ge", "lt", "le" };
	const char *x, *y;
	int64_t m, n;
	int order;
	size_t i = 0;

	if (a->kind == PS_LIST)
		return &ps_unknown;
	if (a->kind == PS_NULL || b->kind == PS_NULL)
		order = (a->kind == PS_NULL) != (b->kind == PS_NULL);
	else if (a->kind == PS_NUMBER && ps_to_number(b, &n))
		order = (a->number > n) - (a->number < n);
	else if ((x = ps_string(p, a)) && (y = ps_string(p, b)))
		order = ps_to_number(a, &m) && a->kind != PS_TEXT ? 1 :
		    strcasecmp(x, y);
	else
		return &ps_unknown;
	if (op[0] == 'c' || op[0] == 'i')
		op++;
	while (i < ARRAY_LEN(ops) && strcasecmp(op, ops[i]) != 0)
		i++;
	switch (i) {
	case 0: return ps_bool(order == 0);
	case 1: return ps_bool(order != 0);
	case 2: return ps_bool(order > 0);
	case 3: return ps_bool(order >= 0);
	case 4: return ps_bool(order < 0);
	case 5: return ps_bool(order <= 0);
	default: return &ps_unknown;
	}
}

/* {0}, {1:D3}: only plain places are filled in. */
static const struct ps_value *
format(struct ps *p, const char *f, const struct ps_value *args)
{
	struct sbuf b = SBUF_EMPTY;
	const struct ps_value *v = &ps_unknown;

	for (; *f; f++) {
		const struct ps_value *arg = args;
		const char *s;

		if (*f != '{' && *f != '}') {
			sbuf_addc(&b, *f);
			continue;
		}
		if (*f == f[1]) {
			sbuf_addc(&b, *f++);
			continue;
		}
		if (*f != '{' || f[1] < '0' || f[1] > '9' || f[2] != '}')
			goto out;
		if (args->kind == PS_LIST)
			arg = (size_t)(f[1] - '0') < args->n ?
			    args->item[f[1] - '0'] : &ps_unknown;
		else if (f[1] != '0')
			goto out;
		s = ps_string(p, arg);
		if (!s || b.len > PS_TEXT_MAX)
			goto out;
		sbuf_add(&b, s);
		f += 2;
	}
	v = ps_text(p, sbuf_str(&b), b.len);
out:
	sbuf_release(&b);
	return v;
}

const struct ps_value *
ps_binary(struct ps *p, const char *op, const struct ps_value *a,
    const struct ps_value *b)
{
	const char *x, *y;
	int i, j;

	ps_work(p, 1);
	if (strcasecmp(op, "and") == 0 || strcasecmp(op, "or") == 0) {
		bool is_or = strcasecmp(op, "or") == 0;

		i = ps_truth(a);
		j = ps_truth(b);
		if (i == is_or || j == is_or)
			return ps_bool(is_or);
		return i < 0 || j < 0 ? &ps_unknown : ps_bool(!is_or);
	}
	if (a->kind == PS_UNKNOWN || b->kind == PS_UNKNOWN)
		return &ps_unknown;
	if (strcmp(op, "..") == 0)
		return range(p, a, b);
	x = ps_string(p, a);
	y = ps_string(p, b);
	if (strcasecmp(op, "f") == 0)
		return x ? format(p, x, b) : &ps_unknown;
	if (strcasecmp(op, "join") == 0 && a->kind == PS_LIST)
		return y ? join(p, a, y) : &ps_unknown;
	if (strcasecmp(op, "split") == 0)
		return x && y && a->kind == PS_TEXT ? split(p, x, y) :
		    &ps_unknown;
	return compare(p, op, a, b);
}

/* One line's cells: quoted with "" inside, or plain. */
static size_t
cells(struct ps *p, const char *line, size_t len,
    const struct ps_value *cell[CSV_COLUMNS_MAX])
{
	size_t n = 0;
	size_t i = 0;

	while (n < CSV_COLUMNS_MAX) {
		struct sbuf b = SBUF_EMPTY;
		bool quoted = false;

		while (i < len && (quoted || line[i] != ',')) {
			if (line[i] != '"')
				sbuf_addc(&b, line[i]);
			else if (quoted && i + 1 < len && line[i + 1] == '"')
				sbuf_addc(&b, line[++i]);
			else
				quoted = !quoted;
			i++;
		}
		cell[n++] = ps_text(p, sbuf_str(&b), b.len);
		sbuf_release(&b);
		if (i >= len)
			break;
		i++;
	}
	return n;
}

/* ConvertFrom-Csv: lines, the first of them with the names. */
const struct ps_value *
ps_csv(struct ps *p, const struct ps_value *v)
{
	const struct ps_value *head[CSV_COLUMNS_MAX] = { NULL };
	const struct ps_value *cell[CSV_COLUMNS_MAX] = { NULL };
	const struct ps_value *rows = &ps_null;
	const struct ps_value *all = v->kind == PS_LIST ? join(p, v, "\n") : v;
	const char *s = ps_string(p, all);
	size_t n_head = 0;

	while (s && *s && p->flow != PS_STOP) {
		size_t len = strcspn(s, "\r\n");
		size_t n = len ? cells(p, s, len, n_head ? cell : head) : 0;
		struct ps_value *row;

		s += len + (s[len] != '\0');
		if (n == 0)
			continue;
		if (n_head == 0) {
			n_head = n;
			continue;
		}
		row = ps_map(p);
		for (size_t i = 0; i < n && i < n_head && row; i++) {
			const char *key = ps_string(p, head[i]);

			if (key)
				ps_put(p, row, key, cell[i]);
		}
		if (row)
			rows = ps_append(p, rows, row);
	}
	return s && n_head ? rows : &ps_unknown;
}
