#include "config/kea_json.h"

#include "base/file.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const token_names[] = {
	[KEA_TOK_END] = "end of file", [KEA_TOK_LBRACE] = "{",
	[KEA_TOK_RBRACE] = "}", [KEA_TOK_LBRACKET] = "[",
	[KEA_TOK_RBRACKET] = "]", [KEA_TOK_COMMA] = "','",
	[KEA_TOK_COLON] = "':'", [KEA_TOK_INT] = "a number",
	[KEA_TOK_FLOAT] = "a fraction", [KEA_TOK_BOOL] = "true or false",
	[KEA_TOK_NULL] = "null",
};

int
kea_bad(struct diag *diag, const struct config_pos *pos, const char *fmt, ...)
{
	char text[DIAG_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_set(diag, "%s", text);
	if (pos->file)
		diag_at(diag, pos->file, pos->line, pos->column);
	return -EBADMSG;
}

int
kea_unexpected(struct kea_lex *lex, const char *wanted)
{
	const struct kea_token *t = &lex->tok;

	if (t->type == KEA_TOK_STRING)
		return kea_bad(lex->diag, &t->pos,
		    "unexpected \"%.60s\", expecting %s", t->text, wanted);
	return kea_bad(lex->diag, &t->pos, "unexpected %s, expecting %s",
	    token_names[t->type], wanted);
}

int
kea_file_add(struct kea_lex *lex, const char *name, const char *text,
    size_t len, struct config_file **ret)
{
	struct config_file *f = arena_alloc(lex->arena, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->name = arena_strdup(lex->arena, name);
	f->text = arena_dup(lex->arena, text, len);
	f->len = len;
	if (!f->name || !f->text)
		return -ENOMEM;
	f->next = lex->files;
	lex->files = f;
	lex->n_files++;
	*ret = f;
	return 0;
}

int
kea_file_read(struct kea_lex *lex, const char *path, struct config_file **ret)
{
	char *text = NULL;
	size_t len = 0;
	int rc;

	rc = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path,
	    CONFIG_FILE_MAX, &text, &len, lex->diag);
	if (rc == 0)
		rc = kea_file_add(lex, path, text, len, ret);
	free(text);
	return rc;
}

void
kea_lex_start(struct kea_lex *lex, const struct config_file *file)
{
	lex->stack[0] = (struct kea_place){ file, 0, 1, 1 };
	lex->depth = 1;
	lex->has_tok = false;
}

static struct kea_place *
top(struct kea_lex *lex)
{
	return &lex->stack[lex->depth - 1];
}

static struct config_pos
here(struct kea_lex *lex)
{
	const struct kea_place *p = top(lex);

	return (struct config_pos){ p->file->name, p->line, p->column };
}

static size_t
left(struct kea_lex *lex)
{
	return top(lex)->file->len - top(lex)->at;
}

/* The byte @i ahead; -1 after the end. */
static int
ahead(struct kea_lex *lex, size_t i)
{
	const struct kea_place *p = top(lex);

	return i < left(lex) ? (unsigned char)p->file->text[p->at + i] : -1;
}

static bool
sees(struct kea_lex *lex, const char *what)
{
	size_t len = strlen(what);

	return left(lex) >= len &&
	    memcmp(top(lex)->file->text + top(lex)->at, what, len) == 0;
}

static void
skip(struct kea_lex *lex, size_t n)
{
	struct kea_place *p = top(lex);

	for (; n > 0 && p->at < p->file->len; n--) {
		if (p->file->text[p->at++] == '\n') {
			p->line++;
			p->column = 1;
		} else {
			p->column++;
		}
	}
}

static bool
skip_blank(struct kea_lex *lex)
{
	int c = ahead(lex, 0);

	if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
		return false;
	skip(lex, 1);
	return true;
}

static void
skip_line(struct kea_lex *lex)
{
	while (ahead(lex, 0) >= 0 && ahead(lex, 0) != '\n')
		skip(lex, 1);
}

static int
skip_comment(struct kea_lex *lex)
{
	struct config_pos start = here(lex);

	skip(lex, 2);
	while (!sees(lex, "*/")) {
		if (left(lex) == 0)
			return kea_bad(lex->diag, &start,
			    "the comment is not closed");
		skip(lex, 1);
	}
	skip(lex, 2);
	return 0;
}

/* As written below the root, as written, beside the including file. */
static int
find_include(struct kea_lex *lex, const char *path, struct config_file **ret)
{
	const char *from = top(lex)->file->name;
	const char *slash = strrchr(from, '/');
	char *tries[3] = { NULL, NULL, NULL };
	int rc = -ENOENT;

	if (lex->conf->root)
		tries[0] = arena_printf(lex->arena, "%s/%s", lex->conf->root,
		    path);
	tries[1] = arena_strdup(lex->arena, path);
	if (path[0] != '/' && slash)
		tries[2] = arena_printf(lex->arena, "%.*s/%s",
		    (int)(slash - from), from, path);
	for (size_t i = 0; i < ARRAY_LEN(tries) && rc == -ENOENT; i++) {
		if (tries[i])
			rc = kea_file_read(lex, tries[i], ret);
	}
	return rc;
}

static int
open_include(struct kea_lex *lex, const char *path, struct config_pos pos)
{
	struct config_file *f = NULL;
	int rc = lex->conf ? 0 : -ENOENT;

	if (lex->depth > KEA_NESTED_MAX || lex->n_files >= CONFIG_FILES_MAX)
		return kea_bad(lex->diag, &pos, "too many nested includes");
	if (rc == 0)
		rc = find_include(lex, path, &f);
	if (rc < 0) {
		(void)kea_bad(lex->diag, &pos, "cannot open the include file "
		    "'%s': %s", path, strerror(-rc));
		return rc;
	}
	lex->stack[lex->depth++] = (struct kea_place){ f, 0, 1, 1 };
	return 0;
}

/* <?include "path"?>: the end of it is read when the file has ended. */
static int
read_directive(struct kea_lex *lex)
{
	struct config_pos start = here(lex), pos;
	const char *text, *path;
	size_t len = 1;

	skip(lex, 2);
	while (skip_blank(lex))
		;
	if (!sees(lex, "include"))
		goto bad;
	skip(lex, strlen("include"));
	while (skip_blank(lex))
		;
	pos = here(lex);
	text = top(lex)->file->text + top(lex)->at;
	if (ahead(lex, 0) != '"')
		goto bad;
	while (ahead(lex, len) >= 0 && ahead(lex, len) != '"' &&
	    ahead(lex, len) != '\n')
		len++;
	if (ahead(lex, len) != '"' || len == 1)
		goto bad;
	path = arena_dup(lex->arena, text + 1, len - 1);
	if (!path)
		return -ENOMEM;
	skip(lex, len + 1);
	return open_include(lex, path, pos);
bad:
	pos = left(lex) > 0 ? here(lex) : start;
	return kea_bad(lex->diag, &pos,
	    "expecting <?include \"file\"?>");
}

static int
end_directive(struct kea_lex *lex)
{
	struct config_pos pos;

	lex->depth--;
	while (skip_blank(lex))
		;
	if (sees(lex, "?>")) {
		skip(lex, 2);
		return 0;
	}
	pos = here(lex);
	return kea_bad(lex->diag, &pos, "the directive is not closed by ?>");
}

/* Return: 1 if something was skipped, 0 if a token is next. */
static int
skip_space(struct kea_lex *lex)
{
	int rc = 0;

	if (left(lex) == 0 && lex->depth > 1)
		rc = end_directive(lex);
	else if (sees(lex, "#") || sees(lex, "//"))
		skip_line(lex);
	else if (sees(lex, "/*"))
		rc = skip_comment(lex);
	else if (sees(lex, "<?"))
		rc = read_directive(lex);
	else
		return skip_blank(lex);
	return rc < 0 ? rc : 1;
}

static int
hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What follows a backslash at @i; Kea knows \u0000 to \u00ff. */
static int
read_escape(struct kea_lex *lex, size_t i, size_t *ret_len)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	int c = ahead(lex, i), hi, lo;
	const char *p = c > 0 ? strchr(names, c) : NULL;

	*ret_len = 1;
	if (p)
		return (unsigned char)values[p - names];
	if (c != 'u')
		return -1;
	*ret_len = 5;
	hi = hex_digit(ahead(lex, i + 3));
	lo = hex_digit(ahead(lex, i + 4));
	if (ahead(lex, i + 1) != '0' || ahead(lex, i + 2) != '0' || hi < 0 ||
	    lo < 0)
		return -1;
	return hi << 4 | lo;
}

/* The length of a string with its quotes; 0 if it has no end. */
static size_t
string_len(struct kea_lex *lex)
{
	size_t i = 1;

	while (ahead(lex, i) >= 0 && ahead(lex, i) != '"')
		i += ahead(lex, i) == '\\' ? 2 : 1;
	return ahead(lex, i) == '"' ? i + 1 : 0;
}

static int
read_string(struct kea_lex *lex, struct kea_token *t)
{
	size_t len = string_len(lex), n = 0, esc_len;
	char *text;

	if (len == 0)
		return kea_bad(lex->diag, &t->pos, "the string is not closed");
	text = arena_alloc(lex->arena, len);
	if (!text)
		return -ENOMEM;
	for (size_t i = 1; i < len - 1; i++) {
		int c = ahead(lex, i);

		if (c < 0x20)
			return kea_bad(lex->diag, &t->pos, "the string has a "
			    "control character, such as the end of a line");
		if (c == '\\') {
			c = read_escape(lex, i + 1, &esc_len);
			if (c < 0)
				return kea_bad(lex->diag, &t->pos,
				    "the string has a bad escape");
			t->has_escapes = true;
			i += esc_len;
		}
		text[n++] = (char)c;
	}
	t->type = KEA_TOK_STRING;
	t->text = text;
	t->len = n;
	skip(lex, len);
	return 0;
}

static size_t
digits(struct kea_lex *lex, size_t i)
{
	size_t n = 0;

	while (isdigit(ahead(lex, i + n)))
		n++;
	return n;
}

/*
 * -?[0-9]+ is an integer, [-+]?[0-9]*\.?[0-9]*([eE][-+]?[0-9]+)? a fraction;
 * Return: the length of the longest match, 0 if there is none.
 */
static size_t
number_len(struct kea_lex *lex, bool *ret_is_int)
{
	size_t n = 0, exp, whole, rest = 0;
	int c = ahead(lex, 0);

	if (c == '-' || c == '+')
		n = 1;
	whole = digits(lex, n);
	n += whole;
	*ret_is_int = c != '+' && whole > 0;
	if (ahead(lex, n) == '.') {
		rest = 1 + digits(lex, n + 1);
		n += rest;
	}
	c = ahead(lex, n);
	if (c == 'e' || c == 'E') {
		exp = n + 1;
		if (ahead(lex, exp) == '-' || ahead(lex, exp) == '+')
			exp++;
		if (digits(lex, exp) > 0) {
			rest = 1;
			n = exp + digits(lex, exp);
		}
	}
	*ret_is_int = *ret_is_int && rest == 0;
	return n;
}

static int
read_number(struct kea_lex *lex, struct kea_token *t)
{
	char text[64], *end;
	bool is_int;
	size_t n = number_len(lex, &is_int);

	if (n == 0)
		return kea_bad(lex->diag, &t->pos,
		    "a character that has no place here");
	if (n >= sizeof(text))
		return kea_bad(lex->diag, &t->pos, "the number is too long");
	memcpy(text, top(lex)->file->text + top(lex)->at, n);
	text[n] = '\0';
	errno = 0;
	if (is_int) {
		t->type = KEA_TOK_INT;
		t->number = strtoll(text, &end, 10);
	} else {
		t->type = KEA_TOK_FLOAT;
		t->real = strtod(text, &end);
	}
	if (*end != '\0' || errno != 0 || (!is_int && !isfinite(t->real)))
		return kea_bad(lex->diag, &t->pos, "'%s' is no number", text);
	skip(lex, n);
	return 0;
}

static int
read_word(struct kea_lex *lex, struct kea_token *t)
{
	static const struct {
		const char *word;
		enum kea_token_type type;
		bool boolean;
	} words[] = {
		{ "true", KEA_TOK_BOOL, true }, { "false", KEA_TOK_BOOL, false },
		{ "null", KEA_TOK_NULL, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].word);

		if (sees(lex, words[i].word)) {
			t->type = words[i].type;
			t->boolean = words[i].boolean;
			skip(lex, len);
			return 0;
		}
		if (left(lex) >= len && strncasecmp(top(lex)->file->text +
		    top(lex)->at, words[i].word, len) == 0)
			return kea_bad(lex->diag, &t->pos,
			    "'%s' is written in lower case", words[i].word);
	}
	return read_number(lex, t);
}

static int
read_token(struct kea_lex *lex)
{
	static const char marks[] = "{}[],:";
	static const enum kea_token_type types[] = { KEA_TOK_LBRACE,
	    KEA_TOK_RBRACE, KEA_TOK_LBRACKET, KEA_TOK_RBRACKET,
	    KEA_TOK_COMMA, KEA_TOK_COLON };
	struct kea_token *t = &lex->tok;
	const char *mark;
	int c, rc;

	while ((rc = skip_space(lex)) > 0)
		;
	if (rc < 0)
		return rc;
	*t = (struct kea_token){ .type = KEA_TOK_END, .pos = here(lex) };
	c = ahead(lex, 0);
	if (c < 0)
		return 0;
	mark = c > 0 ? strchr(marks, c) : NULL;
	if (mark) {
		t->type = types[mark - marks];
		skip(lex, 1);
		return 0;
	}
	return c == '"' ? read_string(lex, t) : read_word(lex, t);
}

int
kea_lex_peek(struct kea_lex *lex)
{
	int rc;

	if (lex->has_tok)
		return 0;
	rc = read_token(lex);
	lex->has_tok = rc == 0;
	return rc;
}

void
kea_lex_take(struct kea_lex *lex)
{
	lex->has_tok = false;
}

int
kea_lex_expect(struct kea_lex *lex, enum kea_token_type type, const char *what)
{
	int rc = kea_lex_peek(lex);

	if (rc == 0 && lex->tok.type != type)
		rc = kea_unexpected(lex, what);
	if (rc == 0)
		kea_lex_take(lex);
	return rc;
}

struct kea_node *
kea_node_new(struct kea_lex *lex, enum kea_json type, struct config_pos pos)
{
	struct kea_node *v = arena_alloc(lex->arena, sizeof(*v));

	if (v) {
		v->type = type;
		v->pos = pos;
	}
	return v;
}

struct kea_node *
kea_get(const struct kea_node *map, const char *key)
{
	struct kea_node *v = map ? map->first : NULL;

	while (v && strcmp(v->key, key) != 0)
		v = v->next;
	return v;
}

/* A key may stand once: asked of a hash, for such a map may be long. */
int
kea_json_unique(struct kea_lex *lex, const struct kea_node *map,
    struct kea_node *v)
{
	size_t key_len = strlen(v->key);
	char *id = arena_alloc(lex->arena, sizeof(map) + key_len);

	if (!id)
		return -ENOMEM;
	memcpy(id, &map, sizeof(map));
	memcpy(id + sizeof(map), v->key, key_len);
	if (config_map_get(&lex->keys, id, sizeof(map) + key_len))
		return kea_bad(lex->diag, &v->key_pos,
		    "'%s' is there twice in this map", v->key);
	return config_map_put(&lex->keys, lex->arena, id, sizeof(map) + key_len,
	    v);
}

static int
read_member(struct kea_lex *lex, const struct kea_node *map,
    struct kea_node **ret)
{
	struct kea_token key = lex->tok;
	int rc;

	if (map->type == KEA_J_LIST)
		return kea_json_value(lex, ret);
	if (key.type != KEA_TOK_STRING)
		return kea_unexpected(lex, "a name or }");
	kea_lex_take(lex);
	rc = kea_lex_expect(lex, KEA_TOK_COLON, "':'");
	if (rc == 0)
		rc = kea_json_value(lex, ret);
	if (rc < 0)
		return rc;
	(*ret)->key = key.text;
	(*ret)->key_pos = key.pos;
	return kea_json_unique(lex, map, *ret);
}

/* [1,2,] and {"a":1,} are taken, with a warning; [,] is not. */
static int
read_members(struct kea_lex *lex, struct kea_node *v,
    enum kea_token_type close)
{
	struct kea_node **tail = &v->first, *member = NULL;
	bool after_comma = false, after_value = false;
	int rc;

	for (;;) {
		rc = kea_lex_peek(lex);
		if (rc < 0)
			return rc;
		if (lex->tok.type == close) {
			kea_lex_take(lex);
			return 0;
		}
		if (lex->tok.type == KEA_TOK_COMMA && v->first) {
			kea_lex_take(lex);
			after_comma = true;
			continue;
		}
		if (after_value && !after_comma)
			return kea_unexpected(lex, v->type == KEA_J_LIST ?
			    "',' or ]" : "',' or }");
		rc = read_member(lex, v, &member);
		if (rc < 0)
			return rc;
		*tail = member;
		tail = &member->next;
		after_value = true;
		after_comma = false;
	}
}

int
kea_json_value(struct kea_lex *lex, struct kea_node **ret)
{
	static const enum kea_json types[] = {
		[KEA_TOK_LBRACE] = KEA_J_MAP, [KEA_TOK_LBRACKET] = KEA_J_LIST,
		[KEA_TOK_STRING] = KEA_J_STRING, [KEA_TOK_INT] = KEA_J_INT,
		[KEA_TOK_FLOAT] = KEA_J_FLOAT, [KEA_TOK_BOOL] = KEA_J_BOOL,
		[KEA_TOK_NULL] = KEA_J_NULL,
	};
	int rc = kea_lex_peek(lex);
	const struct kea_token *t = &lex->tok;
	struct kea_node *v;

	if (rc < 0)
		return rc;
	if (t->type != KEA_TOK_NULL && (t->type >= ARRAY_LEN(types) ||
	    types[t->type] == KEA_J_NULL))
		return kea_unexpected(lex, "a value");
	if (lex->nesting >= CONFIG_DEPTH_MAX)
		return kea_bad(lex->diag, &t->pos,
		    "more than %d levels are nested", CONFIG_DEPTH_MAX);
	v = kea_node_new(lex, types[t->type], t->pos);
	if (!v)
		return -ENOMEM;
	v->text = t->text;
	v->len = t->len;
	if (v->type == KEA_J_INT)
		v->number = t->number;
	else if (v->type == KEA_J_FLOAT)
		v->real = t->real;
	else if (v->type == KEA_J_BOOL)
		v->boolean = t->boolean;
	kea_lex_take(lex);
	lex->nesting++;
	if (v->type == KEA_J_MAP)
		rc = read_members(lex, v, KEA_TOK_RBRACE);
	else if (v->type == KEA_J_LIST)
		rc = read_members(lex, v, KEA_TOK_RBRACKET);
	lex->nesting--;
	*ret = v;
	return rc;
}
