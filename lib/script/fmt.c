#include "script/fmt.h"

#include "base/bytes.h"
#include "script/flow.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { HEAD_MAX = 60 };         /* wider than this nothing is aligned */

struct fmt {
	struct lex_script ls;
	struct flow flow;
	const char *text;
	const size_t *line_at;          /* offset of each physical line */
	size_t n_lines;
	size_t len;
	struct sbuf *out;
	size_t line_start;              /* in @out, of its last line */
};

/* A physical line, without its end and the blanks before that. */
static const char *
raw_line(const struct fmt *f, unsigned int line, size_t *ret_len)
{
	size_t from = f->line_at[line - 1];
	size_t to = line < f->n_lines ? f->line_at[line] : f->len;

	while (to > from && isspace((unsigned char)f->text[to - 1]))
		to--;
	*ret_len = to - from;
	return f->text + from;
}

/*
 * End a line of the output. Where it happens to end in a backslash, a blank
 * keeps the next one from being its continuation.
 */
static void
end_line(struct fmt *f, bool continues)
{
	struct sbuf *b = f->out;

	if (continues)
		sbuf_add(b, " \\");
	else if (b->len > f->line_start && b->text[b->len - 1] == '\\')
		sbuf_addc(b, ' ');
	sbuf_addc(b, '\n');
	f->line_start = b->len;
}

/* Is nothing but blanks before that place on its physical line? */
static bool
begins_line(const struct fmt *f, struct lex_pos at)
{
	const char *line = f->text + f->line_at[at.line - 1];

	for (unsigned int i = 0; i + 1 < at.column; i++) {
		if (!isspace((unsigned char)line[i]))
			return false;
	}
	return true;
}

/* Does the word stand on a line of its own, that continues the one before? */
static bool
is_broken(const struct fmt *f, const struct lex_line *l, size_t word)
{
	struct lex_pos before = word > 0 ? l->tokens[word - 1].at :
	    l->label_at;

	if (word == 0 && !l->label)
		return false;
	return l->tokens[word].at.line > before.line &&
	    begins_line(f, l->tokens[word].at);
}

/* More than one blank before the word? A tab is meant to align. */
static bool
is_apart(const struct fmt *f, const struct lex_line *l, size_t word)
{
	const struct lex_token *t = &l->tokens[word];
	const char *at = f->text + f->line_at[t->at.line - 1] +
	    t->at.column - 1;

	return t->at.line == l->tokens[word - 1].at.line &&
	    t->at.column > 2 && isspace((unsigned char)at[-1]) &&
	    (at[-1] == '\t' || isspace((unsigned char)at[-2]));
}

/*
 * The word that may be aligned: the text of an item, the value of a
 * setting, what follows a URI. 0 if there is none.
 */
static size_t
tail_word(const struct fmt *f, size_t line)
{
	static const char *const names[] = {
		"item", "set", "param", "initrd", "module", "imgfetch",
	};
	const struct lex_line *l = &f->ls.lines[line];
	const struct flow_node *n = &f->flow.nodes[f->flow.first[line]];
	size_t word = 0;

	if (l->label || !n->cmd || n->fault || n->n_words != l->n_tokens)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (flow_is(n, names[i]))
			word = n->arg + (flow_option(n, 'g') == NULL);
	}
	for (size_t i = 1; i < l->n_tokens && i <= word; i++) {
		if (is_broken(f, l, i))
			return 0;
	}
	return word < l->n_tokens ? word : 0;
}

/* Columns of the words before @word, one blank between. */
static size_t
head_width(const struct lex_line *l, size_t word)
{
	size_t n = 0;

	for (size_t i = 0; i < word; i++) {
		for (const char *p = l->tokens[i].text; *p; p++)
			n += ((unsigned char)*p & 0xc0) != 0x80;
		n += i > 0;
	}
	return n;
}

static bool
is_blank(const struct lex_line *l)
{
	return !l->label && l->n_tokens == 0 && !l->has_comment;
}

static bool
is_comment(const struct lex_line *l)
{
	return !l->label && l->n_tokens == 0 && l->has_comment;
}

static bool
same_command(const struct fmt *f, size_t a, size_t b)
{
	const struct lex_line *x = &f->ls.lines[a];
	const struct lex_line *y = &f->ls.lines[b];

	return !y->label && y->n_tokens > 0 &&
	    strcmp(x->tokens[0].text, y->tokens[0].text) == 0;
}

/*
 * The lines from @line on that stand together: the same command, comments
 * between them. Return: the line behind; @ret_width: 0, or where their texts
 * are aligned.
 */
static size_t
block_from(const struct fmt *f, size_t line, size_t *ret_width)
{
	size_t width = 0;
	bool apart = false;
	size_t i = line;

	*ret_width = 0;
	if (f->ls.lines[line].label || f->ls.lines[line].n_tokens == 0)
		return line + 1;
	for (; i < f->ls.n_lines; i++) {
		const struct lex_line *l = &f->ls.lines[i];
		size_t tail;
		size_t head;

		if (is_comment(l))
			continue;
		if (!same_command(f, line, i))
			break;
		tail = tail_word(f, i);
		if (tail == 0)
			continue;
		head = head_width(l, tail);
		width = head > width ? head : width;
		apart = apart || is_apart(f, l, tail);
	}
	if (apart && width <= HEAD_MAX)
		*ret_width = width;
	return i;
}

/* The comment as it stands, over all the lines that it swallows. */
static void
add_comment(struct fmt *f, size_t line, unsigned int end)
{
	struct lex_pos at = f->ls.lines[line].comment_at;

	for (unsigned int i = at.line; i < end; i++) {
		size_t len;
		const char *raw = raw_line(f, i, &len);
		size_t skip = i == at.line ? at.column - 1 : 0;

		sbuf_addn(f->out, raw + skip, len > skip ? len - skip : 0);
		if (i + 1 < end)
			sbuf_addc(f->out, '\n');
	}
}

/* The physical line behind a logical one. */
static unsigned int
end_of(const struct fmt *f, size_t line)
{
	return line + 1 < f->ls.n_lines ? f->ls.lines[line + 1].at.line :
	    (unsigned int)f->n_lines + 1;
}

static void
add_words(struct fmt *f, size_t line, size_t width)
{
	const struct lex_line *l = &f->ls.lines[line];
	size_t tail = width ? tail_word(f, line) : 0;

	for (size_t i = 0; i < l->n_tokens; i++) {
		if (is_broken(f, l, i)) {
			end_line(f, true);
			sbuf_addc(f->out, '\t');
		} else if (tail && i == tail) {
			sbuf_printf(f->out, "%*s", (int)(width -
			    head_width(l, tail) + 1), "");
		} else if (i > 0 || l->label) {
			sbuf_addc(f->out, ' ');
		}
		sbuf_add(f->out, l->tokens[i].text);
	}
}

static void
add_line(struct fmt *f, size_t line, size_t width)
{
	const struct lex_line *l = &f->ls.lines[line];

	/* iPXE looks for #!ipxe at the very first: what is there stays. */
	if (line == 0 && is_comment(l))
		sbuf_addn(f->out, f->text, l->comment_at.column - 1);
	if (l->label)
		sbuf_printf(f->out, ":%s", l->label);
	add_words(f, line, width);
	if (l->has_comment) {
		if (l->label || l->n_tokens > 0)
			sbuf_addc(f->out, ' ');
		add_comment(f, line, end_of(f, line));
	}
	end_line(f, false);
}

static void
add_lines(struct fmt *f)
{
	bool was_blank = false;
	size_t end = 0;
	size_t width = 0;

	for (size_t i = 0; i < f->ls.n_lines; i++) {
		if (is_blank(&f->ls.lines[i])) {
			was_blank = true;
			continue;
		}
		if (was_blank)
			end_line(f, false);
		was_blank = false;
		if (i >= end)
			end = block_from(f, i, &width);
		add_line(f, i, width);
	}
}

static int
index_lines(struct fmt *f, struct arena *arena)
{
	size_t n = 1;
	size_t *at;

	for (size_t i = 0; i + 1 < f->len; i++)
		n += f->text[i] == '\n';
	at = arena_alloc(arena, n * sizeof(*at));
	if (!at)
		return -ENOMEM;
	f->line_at = at;
	f->n_lines = n;
	n = 1;
	for (size_t i = 0; i + 1 < f->len; i++) {
		if (f->text[i] == '\n')
			at[n++] = i + 1;
	}
	return 0;
}

static bool
has_magic(const char *text, size_t len)
{
	return len >= 7 && (memcmp(text, "#!ipxe", 6) == 0 ||
	    memcmp(text, "#!gpxe", 6) == 0) &&
	    isspace((unsigned char)text[6]);
}

int
script_fmt(const char *text, size_t len, struct sbuf *out, struct diag *diag)
{
	struct fmt f = { .text = text, .len = len, .out = out };
	struct arena arena = ARENA_EMPTY;
	int rc;

	if (memchr(text, '\0', len)) {
		diag_set(diag, "there is a zero byte in it");
		return -EBADMSG;
	}
	f.line_start = out->len;
	rc = lex_script_parse(text, len, &f.ls);
	if (rc < 0)
		return rc;
	rc = flow_make(&f.ls, &f.flow);
	if (rc < 0)
		goto out_lex;
	rc = index_lines(&f, &arena);
	if (rc == 0 && f.ls.is_cut) {
		diag_set(diag, "it ends in a backslash (line %u)",
		    f.ls.cut_at.line);
		rc = -EBADMSG;
	}
	if (rc == 0)
		add_lines(&f);
	/* "#!ipxe" alone is no script, and stays none. */
	if (rc == 0 && len == 6 && out->len == 7 &&
	    has_magic(sbuf_str(out), 7))
		out->text[--out->len] = '\0';
	if (rc == 0 && out->bad)
		rc = -ENOMEM;
	arena_release(&arena);
	flow_release(&f.flow);
out_lex:
	lex_script_release(&f.ls);
	return rc;
}

static bool
same_line(const struct lex_line *a, const struct lex_line *b)
{
	if (!a->label != !b->label || a->n_tokens != b->n_tokens ||
	    (a->label && strcmp(a->label, b->label) != 0))
		return false;
	for (size_t i = 0; i < a->n_tokens; i++) {
		if (strcmp(a->tokens[i].text, b->tokens[i].text) != 0)
			return false;
	}
	return true;
}

/* The next line with something in it; NULL at the end. */
static const struct lex_line *
next_line(const struct lex_script *ls, size_t *at)
{
	while (*at < ls->n_lines && !ls->lines[*at].label &&
	    ls->lines[*at].n_tokens == 0)
		(*at)++;
	return *at < ls->n_lines ? &ls->lines[(*at)++] : NULL;
}

int
script_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct lex_script x;
	struct lex_script y;
	const struct lex_line *l;
	const struct lex_line *m;
	size_t i = 0;
	size_t k = 0;
	bool same;

	if (lex_script_parse(a, a_len, &x) < 0)
		return -ENOMEM;
	if (lex_script_parse(b, b_len, &y) < 0) {
		lex_script_release(&x);
		return -ENOMEM;
	}
	same = has_magic(a, a_len) == has_magic(b, b_len) &&
	    x.is_cut == y.is_cut;
	do {
		l = next_line(&x, &i);
		m = next_line(&y, &k);
		same = same && !l == !m && (!l || same_line(l, m));
	} while (l && m && same);
	lex_script_release(&x);
	lex_script_release(&y);
	return same;
}
