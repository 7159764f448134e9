/*
 * Tokens and words of grub.cfg.
 */
#include "bootcfg/grub_internal.h"

#include "base/bytes.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool
is_special(int c)
{
	return c < 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n' ||
	    c == ';' || c == '{' || c == '}' || c == '|' || c == '&';
}

/* A quoted part, its quotes and backslashes with it. */
static void
take_quoted(struct rd *r, struct sbuf *word)
{
	int quote = rd_u8(r);

	sbuf_addc(word, (char)quote);
	while (r->left > 0) {
		int c = rd_u8(r);

		sbuf_addc(word, (char)c);
		if (c == '\\' && quote == '"' && r->left > 0)
			sbuf_addc(word, (char)rd_u8(r));
		else if (c == quote)
			return;
	}
}

/* ${name} may hold what would end a word. */
static void
take_variable(struct rd *r, struct sbuf *word)
{
	sbuf_addc(word, (char)rd_u8(r));
	if (rd_peek(r, 0) != '{')
		return;
	while (r->left > 0) {
		int c = rd_u8(r);

		sbuf_addc(word, (char)c);
		if (c == '}')
			return;
	}
}

static void
take_word(struct rd *r, struct sbuf *word)
{
	while (!is_special(rd_peek(r, 0))) {
		switch (rd_peek(r, 0)) {
		case '"':
		case '\'':
			take_quoted(r, word);
			break;
		case '$':
			take_variable(r, word);
			break;
		case '\\':
			if (rd_peek(r, 1) == '\n') {
				rd_skip(r, 2);
				break;
			}
			sbuf_addc(word, (char)rd_u8(r));
			if (r->left > 0)
				sbuf_addc(word, (char)rd_u8(r));
			break;
		case '\0':
			rd_skip(r, 1);
			break;
		default:
			sbuf_addc(word, (char)rd_u8(r));
		}
	}
}

/* The next token; words go to @word. */
static enum grub_token_type
next_token(struct rd *r, struct sbuf *word)
{
	int c = rd_peek(r, 0);

	while (c == ' ' || c == '\t' || c == '\r' || c == '#' ||
	    (c == '\\' && rd_peek(r, 1) == '\n')) {
		if (c == '#') {
			while (r->left > 0 && rd_peek(r, 0) != '\n')
				rd_skip(r, 1);
		} else {
			rd_skip(r, c == '\\' ? 2 : 1);
		}
		c = rd_peek(r, 0);
	}
	sbuf_clear(word);
	if (c < 0)
		return GRUB_EOF;
	if (!is_special(c)) {
		take_word(r, word);
		return GRUB_WORD;
	}
	rd_skip(r, 1);
	switch (c) {
	case '{':
		return GRUB_OPEN;
	case '}':
		return GRUB_CLOSE;
	case '&':
	case '|':
		if (rd_peek(r, 0) != c)
			return GRUB_END;
		rd_skip(r, 1);
		return c == '&' ? GRUB_AND : GRUB_OR;
	default:
		return GRUB_END;
	}
}

int
grub_lex(struct grub *g, const char *bytes, size_t len,
    struct grub_tokens *ret)
{
	struct rd r = rd_init(bytes, len);
	struct sbuf word = SBUF_EMPTY;
	struct grub_token *token = NULL;
	size_t n = 0;
	size_t cap = 0;
	int rc = len > GRUB_TEXT_MAX ? -EMSGSIZE : 0;

	while (rc == 0) {
		enum grub_token_type type = next_token(&r, &word);

		if (n == cap) {
			size_t more = cap ? 2 * cap : 256;
			void *p = realloc(token, more * sizeof(*token));

			if (!p) {
				rc = -ENOMEM;
				break;
			}
			token = p;
			cap = more;
		}
		token[n].type = type;
		token[n].text = type == GRUB_WORD ?
		    arena_strdup(&g->arena, sbuf_str(&word)) : "";
		if (!token[n].text || word.bad)
			rc = -ENOMEM;
		n++;
		if (++g->n_tokens > GRUB_TOKENS_MAX)
			rc = -EMSGSIZE;
		if (type == GRUB_EOF)
			break;
	}
	if (rc == 0) {
		ret->token = arena_alloc(&g->arena, n * sizeof(*token));
		ret->n = n;
		rc = ret->token ? 0 : -ENOMEM;
	}
	if (rc == 0)
		memcpy(ret->token, token, n * sizeof(*token));
	free(token);
	sbuf_release(&word);
	return rc;
}

/* A word that is being put together. */
struct building {
	struct grub *g;
	struct grub_args *args;
	struct sbuf text;
	bool some;              /* even an empty one counts: it was quoted */
};

static int
finish(struct building *b)
{
	char *word;

	if (b->text.len == 0 && !b->some)
		return 0;
	if (b->args->n == GRUB_ARGS_MAX)
		return -EMSGSIZE;
	word = strdup(sbuf_str(&b->text));
	if (!word || b->text.bad) {
		free(word);
		return -ENOMEM;
	}
	b->args->arg[b->args->n++] = word;
	b->args->arg[b->args->n] = NULL;
	sbuf_clear(&b->text);
	b->some = false;
	return 0;
}

/* $name, ${name}, $1, $?; @s stands behind the dollar. */
static const char *
variable(struct grub *g, const char *s, const char **ret_value)
{
	bool braced = *s == '{';
	const char *start = s + braced;
	size_t n = 0;
	char name[128];

	if (braced)
		n = strcspn(start, "}");
	else if (isdigit((unsigned char)*start) || *start == '?' ||
	    *start == '#' || *start == '@' || *start == '*')
		n = 1;
	else
		while (isalnum((unsigned char)start[n]) || start[n] == '_')
			n++;
	*ret_value = "";
	if (n > 0 && n < sizeof(name)) {
		memcpy(name, start, n);
		name[n] = '\0';
		*ret_value = n == 1 && isdigit((unsigned char)name[0]) ?
		    (g->arg[name[0] - '0'] ? g->arg[name[0] - '0'] : "") :
		    grub_get(g, name);
	}
	return start + n + (braced && start[n] == '}');
}

static int
add_split(struct building *b, const char *value)
{
	int rc = 0;

	for (; rc == 0 && *value; value++) {
		if (*value == ' ' || *value == '\t' || *value == '\n')
			rc = finish(b);
		else
			sbuf_addc(&b->text, *value);
	}
	return rc;
}

int
grub_expand(struct grub *g, const char *word, struct grub_args *args)
{
	struct building b = { .g = g, .args = args, .text = SBUF_EMPTY };
	const char *value;
	char quote = '\0';
	int rc = 0;

	for (const char *s = word; rc == 0 && *s; ) {
		if (*s == '$' && quote != '\'' && (isalnum((unsigned char)s[1]) ||
		    strchr("_{?#@*", s[1] ? s[1] : ' '))) {
			s = variable(g, s + 1, &value);
			g->work += strlen(value);
			if (quote)
				sbuf_add(&b.text, value);
			else
				rc = add_split(&b, value);
		} else if (*s == quote) {
			quote = '\0';
			s++;
		} else if (!quote && (*s == '"' || *s == '\'')) {
			quote = *s++;
			b.some = true;
		} else if (*s == '\\' && quote != '\'' && s[1] &&
		    (!quote || strchr("\\\"$", s[1]))) {
			sbuf_addc(&b.text, s[1]);
			s += 2;
		} else {
			sbuf_addc(&b.text, *s++);
		}
	}
	g->work += b.text.len;
	if (rc == 0)
		rc = g->work > GRUB_WORK_MAX ? -EMSGSIZE : finish(&b);
	sbuf_release(&b.text);
	return rc;
}

void
grub_args_release(struct grub_args *args)
{
	while (args->n > 0)
		free(args->arg[--args->n]);
}
