#include "script/lex.h"

#include "base/bytes.h"
#include "base/sbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where a physical line begins within the logical one. */
struct piece {
	size_t off;
	unsigned int line;
};

struct lexer {
	struct lex_script *out;
	struct rd rd;                   /* what is left of the file */
	unsigned int line;              /* physical lines read so far */
	struct sbuf text;               /* the logical line being read */
	struct piece *pieces;
	size_t n_pieces;
	size_t cap_pieces;
	size_t at_piece;                /* where pos_of() stands */
	size_t cap_lines;
	struct lex_token *tokens;       /* of the line, before they are copied */
	size_t n_tokens;
	size_t cap_tokens;
};

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Room for one more element. Return: the array, or NULL if out of memory. */
static void *
grow(void *array, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap ? *cap * 2 : 16;

	if (n < *cap)
		return array;
	array = realloc(array, want * size);
	if (array)
		*cap = want;
	return array;
}

/* Offsets are asked for in rising order, so each piece is looked at once. */
static struct lex_pos
pos_of(struct lexer *lx, size_t off)
{
	const struct piece *p;

	while (lx->at_piece + 1 < lx->n_pieces &&
	    lx->pieces[lx->at_piece + 1].off <= off)
		lx->at_piece++;
	p = &lx->pieces[lx->at_piece];
	return (struct lex_pos){ p->line, (unsigned int)(off - p->off) + 1 };
}

/* Append the next physical line, without its end. */
static int
read_piece(struct lexer *lx)
{
	void *more = grow(lx->pieces, lx->n_pieces, &lx->cap_pieces,
	    sizeof(*lx->pieces));
	const uint8_t *eol;
	size_t len;

	if (!more)
		return -ENOMEM;
	lx->pieces = more;
	lx->pieces[lx->n_pieces].off = lx->text.len;
	lx->pieces[lx->n_pieces].line = ++lx->line;
	lx->n_pieces++;

	eol = memchr(lx->rd.p, '\n', lx->rd.left);
	len = eol ? (size_t)(eol - lx->rd.p) : lx->rd.left;
	sbuf_addn(&lx->text, rd_take(&lx->rd, len), len);
	if (eol)
		rd_skip(&lx->rd, 1);
	return lx->text.bad ? -ENOMEM : 0;
}

static bool
drop_last(struct sbuf *b, char c)
{
	if (b->len == 0 || b->text[b->len - 1] != c)
		return false;
	b->text[--b->len] = '\0';
	return true;
}

/*
 * Read one logical line into lx->text. The next line follows a backslash
 * directly: its leading blanks are what separates.
 *
 * Return: 1 if there is one; 0 at the end of the file, also if it ends in a
 * continuation.
 */
static int
read_line(struct lexer *lx)
{
	bool more = lx->rd.left > 0;

	sbuf_clear(&lx->text);
	lx->n_pieces = 0;
	lx->at_piece = 0;
	if (!more)
		return 0;
	while (more) {
		int rc = lx->rd.left > 0 ? read_piece(lx) : 0;

		if (rc < 0)
			return rc;
		(void)drop_last(&lx->text, '\r');
		more = drop_last(&lx->text, '\\');
		if (more && lx->rd.left == 0) {
			lx->out->is_cut = true;
			lx->out->cut_at.line = lx->pieces[0].line;
			lx->out->cut_at.column = 1;
			return 0;
		}
	}
	return 1;
}

static enum lex_kind
kind_of(const char *word)
{
	if (strcmp(word, "||") == 0)
		return LEX_OR;
	if (strcmp(word, "&&") == 0)
		return LEX_AND;
	if (strcmp(word, ";") == 0)
		return LEX_SEMI;
	return LEX_WORD;
}

static int
add_token(struct lexer *lx, size_t from, size_t to)
{
	void *more = grow(lx->tokens, lx->n_tokens, &lx->cap_tokens,
	    sizeof(*lx->tokens));
	struct lex_token *t;

	if (!more)
		return -ENOMEM;
	lx->tokens = more;
	t = &lx->tokens[lx->n_tokens];
	t->text = arena_dup(&lx->out->arena, lx->text.text + from, to - from);
	if (!t->text)
		return -ENOMEM;
	t->kind = kind_of(t->text);
	t->at = pos_of(lx, from);
	lx->n_tokens++;
	return 0;
}

/* Cut what stands at @at and after it into tokens, up to a comment. */
static int
cut_tokens(struct lexer *lx, size_t at, size_t len, struct lex_line *l)
{
	const char *text = sbuf_str(&lx->text);

	lx->n_tokens = 0;
	for (;;) {
		size_t from;
		int rc;

		while (at < len && is_space(text[at]))
			at++;
		if (at == len)
			return 0;
		if (text[at] == '#') {
			l->has_comment = true;
			l->comment_at = pos_of(lx, at);
			return 0;
		}
		from = at;
		while (at < len && !is_space(text[at]))
			at++;
		rc = add_token(lx, from, at);
		if (rc < 0)
			return rc;
	}
}

/* Make the line in lx->text the next line of the script. */
static int
add_line(struct lexer *lx)
{
	struct lex_script *ls = lx->out;
	void *more = grow(ls->lines, ls->n_lines, &lx->cap_lines,
	    sizeof(*ls->lines));
	const char *text = sbuf_str(&lx->text);
	size_t len = strlen(text);      /* a NUL ends the line, as in iPXE */
	struct lex_line *l;
	size_t at = 0;
	int rc;

	if (!more)
		return -ENOMEM;
	ls->lines = more;
	l = &ls->lines[ls->n_lines];
	memset(l, 0, sizeof(*l));
	l->at = (struct lex_pos){ lx->pieces[0].line, 1 };
	while (at < len && is_space(text[at]))
		at++;
	if (at < len && text[at] == ':') {
		size_t from = at + 1;

		l->label_at = pos_of(lx, at);
		while (at < len && !is_space(text[at]))
			at++;
		l->label = arena_dup(&ls->arena, text + from, at - from);
		if (!l->label)
			return -ENOMEM;
	}
	rc = cut_tokens(lx, at, len, l);
	if (rc < 0)
		return rc;
	if (lx->n_tokens > 0) {
		size_t bytes = lx->n_tokens * sizeof(*l->tokens);

		l->tokens = arena_alloc(&ls->arena, bytes);
		if (!l->tokens)
			return -ENOMEM;
		memcpy(l->tokens, lx->tokens, bytes);
		l->n_tokens = lx->n_tokens;
	}
	ls->n_lines++;
	return 0;
}

int
lex_script_parse(const void *text, size_t len, struct lex_script *ret)
{
	struct lex_script ls = { .arena = ARENA_EMPTY };
	struct lexer lx = { .out = &ls, .rd = rd_init(text, len),
		.text = SBUF_EMPTY };
	int rc;

	do {
		rc = read_line(&lx);
		if (rc > 0)
			rc = add_line(&lx) < 0 ? -ENOMEM : 1;
	} while (rc > 0);
	sbuf_release(&lx.text);
	free(lx.pieces);
	free(lx.tokens);
	if (rc < 0)
		lex_script_release(&ls);
	else
		*ret = ls;
	return rc;
}

void
lex_script_release(struct lex_script *ls)
{
	free(ls->lines);
	arena_release(&ls->arena);
	memset(ls, 0, sizeof(*ls));
}

ptrdiff_t
lex_find_label(const struct lex_script *ls, const char *label)
{
	for (size_t i = 0; i < ls->n_lines; i++)
		if (ls->lines[i].label && strcmp(ls->lines[i].label, label) == 0)
			return (ptrdiff_t)i;
	return -1;
}
