#include "script/template.h"

#include "base/bytes.h"

#include <ctype.h>
#include <string.h>

/* What was seen; the engine follows from all of it together. */
struct marks {
	bool erb, epp;                  /* <% %> */
	bool php;
	bool jinja_block;               /* {% %} or {# #} */
	bool go;                        /* {{ .Name }}, {{ if ... }} */
	bool mustache;                  /* {{#name}} */
	bool braces;                    /* {{ name }}, of any of these */
	bool cheetah;                   /* #if $name, #for */
	bool placeholder;               /* @NAME@, ##NAME##, %NAME% */
};

struct scan {
	const char *line;
	size_t len;
	unsigned int number;
	struct marks seen;
	struct template_mark first;
};

static bool
starts(const struct scan *s, size_t at, const char *with)
{
	size_t n = strlen(with);

	return s->len - at >= n && memcmp(s->line + at, with, n) == 0;
}

static void
mark(struct scan *s, bool *what, size_t at)
{
	*what = true;
	if (s->first.line)
		return;
	s->first.line = s->number;
	s->first.column = (unsigned int)at + 1;
}

/* Behind {{ : what kind of name is it? */
static void
braces(struct scan *s, size_t at)
{
	static const char *const go_words[] = {
		"if ", "range ", "end ", "end}", "else", "with ", "template ",
		"define ", "block ", "/*", "$", "printf ", "eq ", ".",
	};
	size_t p = at + 2;

	if (p < s->len && (s->line[p] == '#' || s->line[p] == '/' ||
	    s->line[p] == '^') && !starts(s, p, "/*")) {
		mark(s, &s->seen.mustache, at);
		return;
	}
	if (p < s->len && s->line[p] == '-')
		p++;
	while (p < s->len && s->line[p] == ' ')
		p++;
	for (size_t i = 0; i < sizeof(go_words) / sizeof(go_words[0]); i++) {
		if (starts(s, p, go_words[i])) {
			mark(s, &s->seen.go, at);
			return;
		}
	}
	mark(s, &s->seen.braces, at);
}

/* Behind <% : EPP has parameters in bars, and variables with a dollar. */
static void
percent(struct scan *s, size_t at)
{
	size_t p = at + 2;

	mark(s, &s->seen.erb, at);
	while (p < s->len && strchr("-=%# ", s->line[p]))
		p++;
	if (p < s->len && (s->line[p] == '$' || s->line[p] == '|'))
		s->seen.epp = true;
}

/* NAME between two of @c, at least three letters. */
static bool
is_placeholder(const struct scan *s, size_t at, const char *edge)
{
	size_t n = strlen(edge);
	size_t p = at + n;
	size_t letters = 0;

	/* %5C is a byte of a URL. */
	if (!starts(s, at, edge) || p >= s->len ||
	    isdigit((unsigned char)s->line[p]))
		return false;
	for (; p < s->len && (isupper((unsigned char)s->line[p]) ||
	    s->line[p] == '_' || isdigit((unsigned char)s->line[p])); p++)
		letters += isupper((unsigned char)s->line[p]) != 0;
	return letters >= 3 && p < s->len && starts(s, p, edge);
}

static void
scan_line(struct scan *s)
{
	for (size_t i = 0; i + 1 < s->len; i++) {
		if (starts(s, i, "${") && (i == 0 || s->line[i - 1] != '\\'))
			i++;                    /* iPXE's own */
		else if (starts(s, i, "{{"))
			braces(s, i++);
		else if (starts(s, i, "<?php") || starts(s, i, "<?="))
			mark(s, &s->seen.php, i);
		else if (starts(s, i, "<%"))
			percent(s, i++);
		else if (starts(s, i, "{%") || starts(s, i, "{#"))
			mark(s, &s->seen.jinja_block, i++);
		else if (is_placeholder(s, i, "@") ||
		    is_placeholder(s, i, "##") || is_placeholder(s, i, "%"))
			mark(s, &s->seen.placeholder, i);
	}
	if (starts(s, 0, "#for ") || starts(s, 0, "#if $") ||
	    starts(s, 0, "#end if") || starts(s, 0, "#set $"))
		mark(s, &s->seen.cheetah, 0);
}

static bool
ends_in(const char *path, const char *suffix)
{
	size_t n = strlen(path);
	size_t k = strlen(suffix);

	return n >= k && strcmp(path + n - k, suffix) == 0;
}

/* {{ name }} alone does not tell; the file's name may. */
static const char *
engine_of_braces(const char *path)
{
	if (ends_in(path, ".j2") || ends_in(path, ".jinja") ||
	    ends_in(path, ".jinja2"))
		return "Jinja";
	return ends_in(path, ".mustache") ? "Mustache" : "Jinja or Mustache";
}

static const char *
engine_of(const struct marks *m, const char *path)
{
	if (m->php)
		return "PHP";
	if (m->erb)
		return m->epp ? "EPP" : "ERB";
	if (m->jinja_block)
		return "Jinja";
	if (m->go)
		return "Go template";
	if (m->mustache)
		return "Mustache";
	if (m->braces)
		return engine_of_braces(path);
	if (m->cheetah)
		return "Cheetah";
	return m->placeholder ? "placeholder" : NULL;
}

bool
template_find(const char *path, const char *text, size_t len,
    struct template_mark *ret)
{
	struct scan s = { .number = 0 };
	struct rd rd = rd_init(text, len);

	while (rd.left > 0) {
		const uint8_t *eol = memchr(rd.p, '\n', rd.left);

		s.len = eol ? (size_t)(eol - rd.p) : rd.left;
		s.line = (const char *)rd_take(&rd, s.len);
		s.number++;
		if (eol)
			rd_skip(&rd, 1);
		scan_line(&s);
	}
	s.first.engine = engine_of(&s.seen, path);
	if (!s.first.engine)
		return false;
	*ret = s.first;
	return true;
}
