#include "script/check_rules.h"

#include "base/text.h"
#include "script/template.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 1000 };

const char *
check_line(const struct checker *c, unsigned int line, size_t *ret_len)
{
	size_t from;
	size_t to;

	if (line == 0 || line > c->n_lines)
		return NULL;
	from = c->line_at[line - 1];
	to = line < c->n_lines ? c->line_at[line] : c->len;
	if (to > from && c->text[to - 1] == '\n')
		to--;
	*ret_len = to - from;
	return c->text + from;
}

struct lex_pos
check_place(const struct lex_token *word, size_t offset)
{
	return (struct lex_pos){ word->at.line,
	    word->at.column + (unsigned int)offset };
}

struct lex_pos
check_node_at(const struct checker *c, const struct flow_node *n)
{
	return n->n_words ? n->words[0].at : c->ls->lines[n->line].at;
}

const char *
check_fix(struct checker *c, const char *fmt, ...)
{
	char text[MESSAGE_MAX];
	va_list ap;
	const char *fix;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	fix = arena_strdup(&c->out->arena, text);
	c->bad = c->bad || !fix;
	return fix;
}

static bool
is_told(const struct checker *c, const struct fault *f, struct lex_pos at,
    const char *message)
{
	/* What is at one place is added at nearly one time. */
	size_t from = c->out->n_found > 64 ? c->out->n_found - 64 : 0;

	for (size_t i = from; i < c->out->n_found; i++) {
		const struct finding *o = &c->out->found[i];

		if (o->fault == f && o->line == at.line &&
		    o->column == at.column && strcmp(o->message, message) == 0)
			return true;
	}
	return false;
}

void
check_add(struct checker *c, const char *fault, enum fault_severity severity,
    struct lex_pos at, const char *fix, const char *fmt, ...)
{
	char text[MESSAGE_MAX];
	struct finding o = { .fault = fault_find(fault),
		.severity = severity, .file = c->out->path, .line = at.line,
		.column = at.column, .fix = fix };
	size_t len = 0;
	const char *line = check_line(c, at.line, &len);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!o.fault || c->out->n_found == CHECK_FINDINGS_MAX ||
	    is_told(c, o.fault, at, text))
		return;
	if (c->out->n_found == c->cap_found) {
		size_t cap = c->cap_found ? c->cap_found * 2 : 32;
		void *more = realloc(c->out->found, cap * sizeof(o));

		if (!more) {
			c->bad = true;
			return;
		}
		c->out->found = more;
		c->cap_found = cap;
	}
	o.message = arena_strdup(&c->out->arena, text);
	o.source = line ? arena_dup(&c->out->arena, line, len) : NULL;
	if (!o.message || (line && !o.source))
		c->bad = true;
	else
		c->out->found[c->out->n_found++] = o;
}

/* "# pxetool-lint: ignore=a,b" on the line; a bare "ignore" is for all. */
static bool
line_ignores(const struct checker *c, unsigned int line, const char *id)
{
	static const char sign[] = "pxetool-lint: ignore=";
	size_t len = 0;
	const char *text = check_line(c, line, &len);
	const char *p;
	const char *end;

	if (!text)
		return false;
	end = text + len;
	p = memmem(text, len, sign, strlen(sign));
	if (!p || !memchr(text, '#', (size_t)(p - text)))
		return false;
	p += strlen(sign);
	while (p < end) {
		size_t n = 0;

		while (p + n < end && !strchr(", \t\r", p[n]))
			n++;
		if (n == strlen(id) && memcmp(p, id, n) == 0)
			return true;
		p += n;
		if (p == end || *p != ',')
			break;
		p++;
	}
	return false;
}

static void
drop_ignored(struct checker *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->out->n_found; i++) {
		const struct finding *o = &c->out->found[i];

		if (o->line > 0 && (line_ignores(c, o->line, o->fault->id) ||
		    line_ignores(c, o->line - 1, o->fault->id)))
			c->out->n_suppressed++;
		else
			c->out->found[kept++] = *o;
	}
	c->out->n_found = kept;
}

static int
by_place(const void *a, const void *b)
{
	const struct finding *x = a;
	const struct finding *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->fault->id, y->fault->id);
}

static int
index_lines(struct checker *c)
{
	size_t n = 1;
	size_t *at;

	for (size_t i = 0; i + 1 < c->len; i++)
		n += c->text[i] == '\n';
	at = arena_alloc(&c->out->arena, n * sizeof(*at));
	if (!at)
		return -ENOMEM;
	c->line_at = at;
	c->n_lines = n;
	n = 1;
	for (size_t i = 0; i + 1 < c->len; i++) {
		if (c->text[i] == '\n')
			at[n++] = i + 1;
	}
	return 0;
}

static bool
name_template(struct checker *c)
{
	struct template_mark m;

	if (!template_find(c->out->path, c->text, c->len, &m))
		return false;
	c->out->engine = m.engine;
	if (strcmp(m.engine, "placeholder") == 0)
		check_add(c, "script-template", FAULT_NOTE,
		    (struct lex_pos){ m.line, m.column }, NULL,
		    "placeholders that are yet to be replaced; the rest is "
		    "not judged");
	else
		check_add(c, "script-template", FAULT_NOTE,
		    (struct lex_pos){ m.line, m.column }, NULL,
		    "this is a template of %s, and not yet a script; it is "
		    "not judged", m.engine);
	return true;
}

static const char *
platform_of(const struct check_conf *conf)
{
	return conf->build.platform ?
	    ipxe_platform_name(conf->build.platform) : NULL;
}

static int
look(struct checker *c)
{
	struct lex_script ls;
	struct flow flow;
	struct explore ways;
	struct intern names = INTERN_EMPTY;
	int rc = lex_script_parse(c->text, c->len, &ls);

	if (rc < 0)
		return rc;
	rc = flow_make(&ls, &flow);
	if (rc < 0)
		goto out_lex;
	rc = explore(&flow, platform_of(c->conf), &ways);
	if (rc < 0)
		goto out_flow;
	rc = check_names(c->text, c->len, &names);
	c->ls = &ls;
	c->flow = &flow;
	c->ways = &ways;
	c->names = &names;
	c->out->complete = ways.complete;
	c->out->n_states = ways.n_states;
	check_bytes(c);
	check_commands(c);
	check_words(c);
	check_settings(c);
	check_urls(c);
	check_labels(c);
	check_flow(c);
	check_boots(c);
	intern_release(&names);
	explore_release(&ways);
out_flow:
	flow_release(&flow);
out_lex:
	lex_script_release(&ls);
	return rc;
}

int
check_script(const struct check_conf *conf, const char *path,
    const char *text, size_t len, struct check_file **ret)
{
	struct check_file *out = calloc(1, sizeof(*out));
	struct checker c = { .conf = conf, .out = out, .text = text,
		.len = len };
	int rc = -ENOMEM;

	if (!out)
		return -ENOMEM;
	out->complete = true;
	out->path = arena_strdup(&out->arena, path);
	if (!out->path || index_lines(&c) < 0)
		goto out;
	rc = 0;
	if (!name_template(&c)) {
		/* An HTML page or an empty file is no script at all. */
		if (check_magic(&c) || (len > 0 && text[0] != '<'))
			rc = look(&c);
	}
	if (rc == 0 && c.bad)
		rc = -ENOMEM;
	drop_ignored(&c);
	if (out->n_found > 0)
		qsort(out->found, out->n_found, sizeof(*out->found),
		    by_place);
out:
	if (rc < 0)
		check_file_free(out);
	else
		*ret = out;
	return rc;
}

void
check_file_free(struct check_file *f)
{
	if (!f)
		return;
	free(f->found);
	free(f->urls);
	arena_release(&f->arena);
	free(f);
}

int
check_worst(const struct check_file *f)
{
	int worst = -1;

	for (size_t i = 0; i < f->n_found; i++) {
		if ((int)f->found[i].severity > worst)
			worst = (int)f->found[i].severity;
	}
	return worst;
}
