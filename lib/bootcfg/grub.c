#include "bootcfg/grub_internal.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where in the tokens of a file or block. */
struct cursor {
	const struct grub_tokens *t;
	size_t at;
};

static int run_list(struct grub *g, struct cursor *c,
    const char *const *stops, bool run);

static const struct grub_token *
peek(const struct cursor *c)
{
	static const struct grub_token end = { GRUB_EOF, "" };

	return c->at < c->t->n ? &c->t->token[c->at] : &end;
}

static bool
is_word(const struct cursor *c, const char *word)
{
	const struct grub_token *t = peek(c);

	return t->type == GRUB_WORD && strcmp(t->text, word) == 0;
}

static bool
is_stop(const struct cursor *c, const char *const *stops)
{
	for (; stops && *stops; stops++) {
		if (is_word(c, *stops))
			return true;
	}
	return false;
}

static int
expect_word(struct cursor *c, const char *word)
{
	if (!is_word(c, word))
		return -EBADMSG;
	c->at++;
	return 0;
}

static struct grub_var *
find_var(const struct grub *g, const char *name)
{
	for (struct grub_var *v = g->vars; v; v = v->next) {
		if (strcmp(v->name, name) == 0)
			return v;
	}
	return NULL;
}

static void
free_var(struct grub_var *v)
{
	if (!v)
		return;
	free(v->name);
	free(v->value);
	free(v);
}

int
grub_set(struct grub *g, const char *name, const char *value)
{
	struct grub_var *v = find_var(g, name);
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	if (!v) {
		v = calloc(1, sizeof(*v));
		if (v)
			v->name = strdup(name);
		if (!v || !v->name) {
			free_var(v);
			free(copy);
			return -ENOMEM;
		}
		v->next = g->vars;
		g->vars = v;
	}
	free(v->value);
	v->value = copy;
	return 0;
}

int
grub_export(struct grub *g, const char *name, const char *value)
{
	int rc = grub_set(g, name, value);

	if (rc == 0)
		find_var(g, name)->is_exported = true;
	return rc;
}

void
grub_new_context(struct grub *g)
{
	struct grub_var **at = &g->vars;

	while (*at) {
		struct grub_var *v = *at;

		if (v->is_exported) {
			at = &v->next;
			continue;
		}
		*at = v->next;
		free_var(v);
	}
	g->n_entries = 0;
}

const char *
grub_get(const struct grub *g, const char *name)
{
	const struct grub_var *v;

	if (strcmp(name, "?") == 0)
		return g->ok ? "0" : "1";
	v = find_var(g, name);
	return v ? v->value : "";
}

/* A block in braces: put away, not run. @c stands on the brace. */
static int
take_block(struct grub *g, struct cursor *c, struct grub_tokens *ret)
{
	size_t start = ++c->at;
	int rc = run_list(g, c, NULL, false);

	if (rc < 0)
		return rc;
	if (peek(c)->type != GRUB_CLOSE)
		return -EBADMSG;
	ret->token = c->t->token + start;
	ret->n = c->at - start;
	c->at++;
	return 0;
}

static int
add_entry(struct grub *g, struct grub_args *args, const struct grub_tokens *t)
{
	struct grub_block *b;
	const char *title = NULL;
	const char *id = "";

	for (size_t i = 1; i < args->n; i++) {
		const char *a = args->arg[i];
		bool has_value = strcmp(a, "--class") == 0 ||
		    strcmp(a, "--users") == 0 || strcmp(a, "--hotkey") == 0 ||
		    strcmp(a, "--source") == 0;

		if (strcmp(a, "--id") == 0 && i + 1 < args->n)
			id = args->arg[++i];
		else if (text_starts(a, "--id="))
			id = a + strlen("--id=");
		else if (has_value)
			i++;
		else if (a[0] != '-' && !title)
			title = a;
	}
	if (g->n_entries == GRUB_ENTRIES_MAX)
		return -EMSGSIZE;
	if (g->n_entries == g->cap_entries) {
		size_t cap = g->cap_entries ? 2 * g->cap_entries : 16;

		b = realloc(g->entries, cap * sizeof(*b));
		if (!b)
			return -ENOMEM;
		g->entries = b;
		g->cap_entries = cap;
	}
	b = &g->entries[g->n_entries];
	*b = (struct grub_block){
		.name = arena_strdup(&g->arena, title ? title : ""),
		.id = arena_strdup(&g->arena, id),
		.is_submenu = strcmp(args->arg[0], "submenu") == 0,
		.body = *t,
	};
	if (!b->name || !b->id)
		return -ENOMEM;
	g->n_entries++;
	return 0;
}

static int
add_function(struct grub *g, const char *name, const struct grub_tokens *t)
{
	struct grub_block *b = arena_alloc(&g->arena, sizeof(*b));

	if (!b)
		return -ENOMEM;
	b->name = arena_strdup(&g->arena, name);
	b->body = *t;
	b->next = g->functions;
	g->functions = b;
	return b->name ? 0 : -ENOMEM;
}

static int
run_tokens(struct grub *g, const struct grub_tokens *t)
{
	struct cursor c = { t, 0 };
	bool was_checked = g->is_checked;
	int rc;

	if (g->depth == GRUB_DEPTH_MAX)
		return -EMSGSIZE;
	g->depth++;
	g->is_checked = false;
	do {
		/* a brace too many is told, and read over */
		rc = run_list(g, &c, NULL, true);
		c.at += peek(&c)->type == GRUB_CLOSE;
	} while (rc == 0 && c.at < t->n && peek(&c)->type != GRUB_EOF);
	g->depth--;
	g->is_checked = was_checked;
	return rc;
}

static int
call(struct grub *g, const struct grub_block *f, struct grub_args *args)
{
	const char *saved[ARRAY_LEN(g->arg)];
	int rc;

	memcpy(saved, g->arg, sizeof(saved));
	for (size_t i = 0; i < ARRAY_LEN(g->arg); i++)
		g->arg[i] = i < args->n ? args->arg[i] : NULL;
	rc = run_tokens(g, &f->body);
	memcpy(g->arg, saved, sizeof(saved));
	g->jump = GRUB_GOES_ON;
	return rc;
}

/* name=value. Return: 1 if it was one. */
static int
assign(struct grub *g, const char *text)
{
	const char *eq = strchr(text, '=');
	char name[128];
	size_t n = eq ? (size_t)(eq - text) : 0;
	int rc;

	if (n == 0 || n >= sizeof(name) || isdigit((unsigned char)text[0]))
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return 0;
	}
	memcpy(name, text, n);
	name[n] = '\0';
	rc = grub_set(g, name, eq + 1);
	return rc < 0 ? rc : 1;
}

/* The commands that are the language's own. Return: 1 if it was one. */
static int
run_builtin(struct grub *g, struct grub_args *args)
{
	static const struct { const char *name; enum grub_jump jump; } jumps[] = {
		{ "break", GRUB_BREAK }, { "continue", GRUB_CONTINUE },
		{ "return", GRUB_RETURN },
	};
	const char *name = args->arg[0];
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
		if (strcmp(name, jumps[i].name) != 0)
			continue;
		g->jump = jumps[i].jump;
		if (args->n > 1 && g->jump == GRUB_RETURN)
			g->ok = strcmp(args->arg[1], "0") == 0;
		return 1;
	}
	if (strcmp(name, "set") == 0) {
		g->ok = true;
		rc = args->n > 1 ? assign(g, args->arg[1]) : 0;
		return rc < 0 ? rc : 1;
	}
	if (strcmp(name, "export") == 0 || strcmp(name, "unset") == 0) {
		g->ok = true;
		for (size_t i = 1; rc == 0 && i < args->n; i++)
			rc = name[0] == 'u' ? grub_set(g, args->arg[i], "") :
			    grub_export(g, args->arg[i],
			    grub_get(g, args->arg[i]));
		return rc < 0 ? rc : 1;
	}
	return 0;
}

/* test, regexp, true and false, which are modules. Return: 1 if it was one. */
static int
run_test(struct grub *g, struct grub_args *args)
{
	const char *name = args->arg[0];
	bool bracket = strcmp(name, "[") == 0;
	int rc = 0;

	if (bracket || strcmp(name, "test") == 0) {
		size_t n = args->n - 1;

		if (bracket && n > 0 && strcmp(args->arg[n], "]") == 0)
			n--;
		rc = grub_test(g, args->arg + 1, n, &g->ok);
		return rc < 0 ? rc : 1;
	}
	if (strcmp(name, "regexp") == 0) {
		rc = grub_regexp(g, args->arg + 1, args->n - 1, &g->ok);
		return rc < 0 ? rc : 1;
	}
	g->ok = strcmp(name, "true") == 0;
	return g->ok || strcmp(name, "false") == 0;
}

static int
run_args(struct grub *g, struct grub_args *args)
{
	bool there = true;
	int rc;

	if (++g->n_steps > GRUB_STEPS_MAX)
		return -EMSGSIZE;
	if (args->n == 0)
		return 0;
	rc = assign(g, args->arg[0]);
	if (rc > 0)
		g->ok = true;
	if (rc == 0)
		rc = run_builtin(g, args);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	for (const struct grub_block *f = g->functions; f; f = f->next) {
		if (strcmp(f->name, args->arg[0]) == 0)
			return call(g, f, args);
	}
	rc = g->host->use(g->host->ctx, args->arg[0], &there);
	if (rc == 0 && there)
		rc = run_test(g, args);
	else
		g->ok = false;
	if (rc != 0 || !there)
		return rc < 0 ? rc : 0;
	g->ok = true;
	return g->host->command(g->host->ctx, g, args->n, args->arg, &g->ok);
}

/* One command and its words, up to the end of it. */
static int
run_simple(struct grub *g, struct cursor *c, bool run)
{
	struct grub_args args = { .n = 0 };
	struct grub_tokens block = { NULL, 0 };
	bool not = is_word(c, "!");
	int rc = 0;

	c->at += not;
	while (rc == 0) {
		const struct grub_token *t = peek(c);

		if (t->type == GRUB_OPEN) {
			rc = take_block(g, c, &block);
		} else if (t->type == GRUB_WORD) {
			c->at++;
			if (run)
				rc = grub_expand(g, t->text, &args);
		} else {
			break;
		}
	}
	if (rc == 0 && run && block.token && args.n > 0 &&
	    (strcmp(args.arg[0], "menuentry") == 0 ||
	    strcmp(args.arg[0], "submenu") == 0))
		rc = add_entry(g, &args, &block);
	else if (rc == 0 && run)
		rc = run_args(g, &args);
	if (not && run)
		g->ok = !g->ok;
	grub_args_release(&args);
	return rc;
}

static int
run_if(struct grub *g, struct cursor *c, bool run)
{
	static const char *const then[] = { "then", NULL };
	static const char *const ends[] = { "elif", "else", "fi", NULL };
	static const char *const fi[] = { "fi", NULL };
	bool done = false;
	int rc;

	do {
		bool take;

		c->at++;                /* if, elif */
		rc = run_list(g, c, then, run && !done);
		take = run && !done && g->ok && g->jump == GRUB_GOES_ON;
		if (rc == 0)
			rc = expect_word(c, "then");
		if (rc == 0)
			rc = run_list(g, c, ends, take);
		done = done || take;
	} while (rc == 0 && is_word(c, "elif"));
	if (rc == 0 && is_word(c, "else")) {
		c->at++;
		rc = run_list(g, c, fi, run && !done);
		done = true;
	}
	if (run && !done && g->jump == GRUB_GOES_ON)
		g->ok = true;
	return rc < 0 ? rc : expect_word(c, "fi");
}

/* Is this the end of a loop that break or continue spoke of? */
static bool
leaves_loop(struct grub *g)
{
	enum grub_jump jump = g->jump;

	if (jump == GRUB_BREAK || jump == GRUB_CONTINUE)
		g->jump = GRUB_GOES_ON;
	return jump == GRUB_BREAK || jump == GRUB_RETURN;
}

static int
run_while(struct grub *g, struct cursor *c, bool run)
{
	static const char *const word_do[] = { "do", NULL };
	static const char *const done[] = { "done", NULL };
	bool until = is_word(c, "until");
	size_t start = ++c->at;
	bool again = run;
	int rc;

	do {
		bool holds;

		c->at = start;
		rc = run_list(g, c, word_do, again);
		holds = again && g->ok != until && g->jump == GRUB_GOES_ON;
		if (rc == 0)
			rc = expect_word(c, "do");
		if (rc == 0)
			rc = run_list(g, c, done, holds);
		if (rc == 0 && ++g->n_steps > GRUB_STEPS_MAX)
			rc = -EMSGSIZE;
		again = holds && !leaves_loop(g);
	} while (rc == 0 && again);
	return rc < 0 ? rc : expect_word(c, "done");
}

static int
run_for(struct grub *g, struct cursor *c, bool run)
{
	static const char *const done[] = { "done", NULL };
	struct grub_args words = { .n = 0 };
	const char *name;
	size_t start;
	size_t i = 0;
	int rc;

	c->at++;
	name = peek(c)->text;
	if (peek(c)->type != GRUB_WORD)
		return -EBADMSG;
	c->at++;
	rc = expect_word(c, "in");
	while (rc == 0 && peek(c)->type == GRUB_WORD) {
		if (run)
			rc = grub_expand(g, peek(c)->text, &words);
		c->at++;
	}
	while (peek(c)->type == GRUB_END)
		c->at++;
	if (rc == 0)
		rc = expect_word(c, "do");
	start = c->at;
	do {
		bool one = run && i < words.n;

		c->at = start;
		if (rc == 0 && one)
			rc = grub_set(g, name, words.arg[i]);
		if (rc == 0)
			rc = run_list(g, c, done, one);
		if (one && leaves_loop(g))
			i = words.n;
	} while (rc == 0 && ++i < words.n);
	grub_args_release(&words);
	return rc < 0 ? rc : expect_word(c, "done");
}

static int
run_function(struct grub *g, struct cursor *c, bool run)
{
	struct grub_tokens body;
	const char *name;
	int rc;

	c->at++;
	name = peek(c)->text;
	if (peek(c)->type != GRUB_WORD)
		return -EBADMSG;
	c->at++;
	while (peek(c)->type == GRUB_END)
		c->at++;
	if (peek(c)->type != GRUB_OPEN)
		return -EBADMSG;
	rc = take_block(g, c, &body);
	return rc == 0 && run ? add_function(g, name, &body) : rc;
}

static int
run_one(struct grub *g, struct cursor *c, bool run)
{
	static const struct {
		const char *word;
		int (*run)(struct grub *g, struct cursor *c, bool run);
	} rows[] = {
		{ "if", run_if }, { "while", run_while }, { "until", run_while },
		{ "for", run_for }, { "function", run_function },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (is_word(c, rows[i].word))
			return rows[i].run(g, c, run);
	}
	return run_simple(g, c, run);
}

/* GRUB runs a statement when it has read all of it, and not before. */
static int
run_statement(struct grub *g, struct cursor *c, bool run)
{
	struct cursor ahead = *c;
	int rc;

	if (!run || g->is_checked)
		return run_one(g, c, run);
	rc = run_one(g, &ahead, false);
	if (rc < 0)
		return rc;
	g->is_checked = true;
	rc = run_one(g, c, true);
	g->is_checked = false;
	return rc;
}

/*
 * Commands up to one of @stops, a closing brace or the end. @run false: read
 * over them.
 */
static int
run_list(struct grub *g, struct cursor *c, const char *const *stops, bool run)
{
	bool skip = false;              /* behind && or || */
	int rc = 0;

	if (g->depth == GRUB_DEPTH_MAX)
		return -EMSGSIZE;
	g->depth++;
	while (rc == 0) {
		const struct grub_token *t = peek(c);

		if (t->type == GRUB_EOF || t->type == GRUB_CLOSE ||
		    is_stop(c, stops))
			break;
		if (t->type == GRUB_WORD || t->type == GRUB_OPEN) {
			rc = run_statement(g, c, run && !skip &&
			    g->jump == GRUB_GOES_ON);
			continue;
		}
		skip = t->type == GRUB_AND ? !g->ok :
		    t->type == GRUB_OR ? g->ok : false;
		c->at++;
	}
	g->depth--;
	return rc;
}

struct grub *
grub_new(const struct grub_host *host)
{
	struct grub *g = calloc(1, sizeof(*g));

	if (g) {
		g->host = host;
		g->ok = true;
	}
	return g;
}

void
grub_free(struct grub *g)
{
	if (!g)
		return;
	while (g->vars) {
		struct grub_var *v = g->vars;

		g->vars = v->next;
		free_var(v);
	}
	free(g->entries);
	arena_release(&g->arena);
	free(g);
}

int
grub_run(struct grub *g, const void *bytes, size_t len)
{
	struct grub_tokens t = { NULL, 0 };
	int rc = grub_lex(g, bytes, len, &t);

	if (rc == 0)
		rc = run_tokens(g, &t);
	if (rc == 0 && g->jump == GRUB_RETURN)
		g->jump = GRUB_GOES_ON;
	return rc;
}

size_t
grub_entries(const struct grub *g)
{
	return g->n_entries;
}

int
grub_default(const struct grub *g)
{
	const char *text = grub_get(g, "default");
	size_t len = strcspn(text, ">");
	uint64_t number;
	char word[256];

	if (len >= sizeof(word))
		len = 0;
	memcpy(word, text, len);
	word[len] = '\0';
	for (size_t i = 0; i < g->n_entries; i++) {
		if (word[0] && (strcmp(g->entries[i].name, word) == 0 ||
		    strcmp(g->entries[i].id, word) == 0))
			return (int)i;
	}
	if (g->n_entries == 0)
		return -1;
	return parse_uint(word, 0, g->n_entries - 1, &number, NULL) == 0 ?
	    (int)number : 0;
}

const char *
grub_title(const struct grub *g, size_t entry)
{
	return g->entries[entry].name;
}

bool
grub_is_submenu(const struct grub *g, size_t entry)
{
	return g->entries[entry].is_submenu;
}

int
grub_run_entry(struct grub *g, size_t entry)
{
	struct grub_block b = g->entries[entry];
	const char *chosen = b.id[0] ? b.id : b.name;
	const char *more = strchr(grub_get(g, "default"), '>');
	char *rest = strdup(more ? more + 1 : "");
	int rc = rest ? grub_export(g, "chosen", chosen) : -ENOMEM;

	if (rc == 0 && b.is_submenu) {
		/* whom nobody stopped at the menu, nobody stops here */
		grub_new_context(g);
		rc = grub_set(g, "timeout", "0");
		if (rc == 0)
			rc = grub_set(g, "default", rest);
	}
	free(rest);
	return rc < 0 ? rc : run_tokens(g, &b.body);
}
