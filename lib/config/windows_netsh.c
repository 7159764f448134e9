/*
 * windows_netsh.c - what `netsh dhcp server dump` writes: one command a line,
 * words in double quotes where they have blanks.
 */
#include "config/windows_tree.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r"

enum { WORDS_MAX = 512 };

/* The words of a command, taken one by one. */
struct cmd {
	struct windows_tree *t;
	struct config_pos pos;
	const struct windows_words *w;
	size_t at;
	struct in_addr scope;           /* of a "Scope" before the verb */
	struct windows_scope *found;
};

static const char *
take(struct cmd *c)
{
	return c->at < c->w->n ? c->w->word[c->at++] : "";
}

static bool
is(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

/* vendor="..." user=..., comment=...: the text after '='; else NULL */
static const char *
clause(const char *word, const char *name)
{
	size_t len = strlen(name);

	return strncasecmp(word, name, len) == 0 && word[len] == '=' ?
	    word + len + 1 : NULL;
}

static int
odd(struct cmd *c, const char *what)
{
	return windows_gap(c->t, c->pos, "%s: the command is left out", what);
}

static int
add_class(struct cmd *c)
{
	const char *name = take(c);
	const char *comment = take(c);
	const char *data = take(c);
	const char *type = take(c);
	const char *form = take(c);
	uint8_t buf[WINDOWS_DATA_MAX];
	const uint8_t *bytes;
	size_t len = 0;

	(void)comment;
	if (!*data)
		return odd(c, "a class without data");
	/* a dump writes them in hex and says so by a 'b' */
	if (is(form, "b")) {
		if (!windows_hex(data, buf, sizeof(buf), &len))
			return odd(c, "the data of the class are not in hex");
		bytes = (uint8_t *)arena_dup(&c->t->arena, buf, len);
	} else {
		len = strlen(data);
		bytes = (const uint8_t *)windows_word(c->t, data);
	}
	return bytes && windows_add_class(c->t, name, is(type, "1"), bytes,
	    len, c->pos) ? 0 : -ENOMEM;
}

static int
add_def(struct cmd *c)
{
	const char *code = take(c);
	const char *name = take(c);
	const char *type = take(c);
	const char *vendor = NULL;
	uint8_t n;

	(void)name;
	if (!windows_code(code, &n))
		return odd(c, "an option is numbered 1 to 254");
	while (c->at < c->w->n && !vendor)
		vendor = clause(take(c), "vendor");
	return windows_add_def(c->t, n, vendor, windows_type_find(type),
	    c->pos);
}

static int
set_value(struct cmd *c, struct in_addr reserved)
{
	struct windows_where where = { .scope = c->scope,
	    .reserved = reserved };
	struct windows_words words = { NULL, 0 };
	const char *code = take(c);
	const char *type = take(c);
	enum windows_type is_type = windows_type_find(type);
	struct windows_holder *h;
	uint8_t n;
	int rc = 0;

	if (!windows_code(code, &n))
		return odd(c, "an option is numbered 1 to 254");
	while (c->at < c->w->n && rc == 0) {
		const char *word = take(c);
		const char *text;

		if ((text = clause(word, "vendor")))
			where.vendor = *text ? text : NULL;
		else if ((text = clause(word, "user")))
			where.user = *text ? text : NULL;
		else if ((text = clause(word, "policy")))
			where.policy = *text ? text : NULL;
		else
			rc = windows_words_add(c->t, &words, word);
	}
	h = windows_holder(c->t, &where);
	if (rc == 0 && !h)
		return odd(c, "the option's place is not defined above");
	/* the type stands here too, where no definition does */
	if (rc == 0 && is_type != WINDOWS_T_UNKNOWN &&
	    windows_type_of(c->t, n, where.vendor) == WINDOWS_T_UNKNOWN)
		rc = windows_add_def(c->t, n, where.vendor, is_type, c->pos);
	return rc < 0 ? rc :
	    windows_set_value(c->t, h, n, &where, &words, c->pos);
}

static int
add_scope(struct cmd *c)
{
	const char *id = take(c);
	const char *mask = take(c);
	struct in_addr a, m;
	struct windows_scope *s;

	if (!windows_ip(id, &a) || !windows_ip(mask, &m))
		return odd(c, "a scope has an address and a mask");
	s = windows_add_scope(c->t, a, m, c->pos);
	if (!s)
		return -ENOMEM;
	s->name = windows_word(c->t, take(c));
	return s->name ? 0 : -ENOMEM;
}

static int
add_range(struct cmd *c, struct windows_range **list, bool is_range)
{
	const char *first = take(c);
	const char *last = take(c);
	const char *type = take(c);
	struct in_addr a, b;
	int rc;

	if (!windows_ip(first, &a) || !windows_ip(last, &b))
		return odd(c, "a range has two addresses");
	rc = windows_add_range(c->t, list, a, b);
	if (rc == -EINVAL)
		return odd(c, "the range ends before it begins");
	if (is_range && *type)
		c->found->serves = is(type, "BOTH") ? WINDOWS_BOTH :
		    is(type, "BOOTP") ? WINDOWS_BOOTP : WINDOWS_DHCP;
	return rc;
}

static int
add_reserved(struct cmd *c)
{
	const char *ip = take(c);
	const char *id = take(c);
	struct in_addr a;

	if (!windows_ip(ip, &a))
		return odd(c, "a reservation has an address");
	return windows_add_reservation(c->t, c->found, a, id, take(c), c->pos);
}

static int
of_scope(struct cmd *c, const char *verb, const char *what)
{
	struct in_addr a;

	if (is(verb, "add") && is(what, "iprange"))
		return add_range(c, &c->found->ranges, true);
	if (is(verb, "add") && is(what, "excluderange"))
		return add_range(c, &c->found->exclusions, false);
	if (is(verb, "add") && is(what, "reservedip"))
		return add_reserved(c);
	if (is(verb, "set") && is(what, "reservedoptionvalue"))
		return windows_ip(take(c), &a) ? set_value(c, a) :
		    odd(c, "a reservation has an address");
	if (is(verb, "set") && is(what, "state")) {
		const char *state = take(c);

		c->found->is_active = is(state, "1") || is(state, "3");
		return 0;
	}
	if (is(verb, "set") && is(what, "superscope")) {
		c->found->superscope = windows_word(c->t, take(c));
		return c->found->superscope ? 0 : -ENOMEM;
	}
	if (is(verb, "set") && (is(what, "name") || is(what, "comment") ||
	    is(what, "nappolicy") || is(what, "nap") || is(what, "delayoffer")))
		return 0;
	return windows_gap(c->t, c->pos, "'%s %s' of a scope is not followed",
	    verb, what);
}

static int
set_filter(struct cmd *c)
{
	while (c->at < c->w->n) {
		const char *word = take(c);
		const char *text;

		if ((text = clause(word, "EnforceAllowList")))
			c->t->allow_enforced = windows_bool(text);
		else if ((text = clause(word, "EnforceDenyList")))
			c->t->deny_enforced = windows_bool(text);
	}
	return 0;
}

/* Settings that no answer depends on. */
static bool
is_idle(const char *verb, const char *what)
{
	static const char *const idle[] = { "auditlog", "dnsconfig",
	    "dnscredentials", "napdeffail", "napstate", "nap",
	    "dnssuffixforconflict", "performancecounter" };

	if (!is(verb, "set"))
		return is(verb, "show") || is(verb, "dump");
	for (size_t i = 0; i < ARRAY_LEN(idle); i++) {
		if (is(what, idle[i]))
			return true;
	}
	return strncasecmp(what, "database", 8) == 0;
}

static int
of_server(struct cmd *c, const char *verb, const char *what)
{
	const char *list;
	uint64_t n;

	if (is(verb, "add") && is(what, "class"))
		return add_class(c);
	if (is(verb, "add") && is(what, "optiondef"))
		return add_def(c);
	if (is(verb, "add") && is(what, "scope"))
		return add_scope(c);
	if (is(verb, "set") && is(what, "optionvalue"))
		return set_value(c, (struct in_addr){ 0 });
	if (is(verb, "set") && is(what, "filter"))
		return set_filter(c);
	if (is(verb, "add") && is(what, "filter")) {
		list = take(c);
		return windows_add_filter(c->t, is(list, "deny"), take(c),
		    c->pos);
	}
	if (is(verb, "set") && is(what, "detectconflictretry")) {
		if (parse_uint(take(c), 0, 100, &n, NULL) == 0) {
			c->t->conflict_attempts = (unsigned int)n;
			c->t->conflict_pos = c->pos;
		}
		return 0;
	}
	if (is_idle(verb, what))
		return 0;
	return windows_gap(c->t, c->pos, "'%s %s' is not followed", verb, what);
}

static bool
is_verb(const char *word)
{
	return is(word, "add") || is(word, "set") || is(word, "delete") ||
	    is(word, "initiate") || is(word, "import") || is(word, "export") ||
	    is(word, "show") || is(word, "dump");
}

/* [netsh] dhcp server [\\name|address] [v4] [scope address] verb what ... */
int
windows_netsh_words(struct windows_tree *t, const struct windows_words *w,
    struct config_pos pos)
{
	struct cmd c = { .t = t, .pos = pos, .w = w };
	const char *verb, *what;

	if (w->n > 0 && is(w->word[0], "netsh"))
		c.at++;
	if (!is(take(&c), "dhcp") || !is(take(&c), "server"))
		return 0;
	verb = take(&c);
	if (!is_verb(verb) && !is(verb, "scope") && !is(verb, "v4") &&
	    !is(verb, "v6"))
		verb = take(&c);
	if (is(verb, "v6"))
		return 0;
	if (is(verb, "v4"))
		verb = take(&c);
	if (is(verb, "mscope"))
		return 0;               /* multicast: not DHCP at all */
	if (is(verb, "scope")) {
		if (!windows_ip(take(&c), &c.scope))
			return odd(&c, "a scope is named by its address");
		c.found = windows_imply_scope(t, c.scope, pos);
		if (!c.found)
			return -ENOMEM;
		verb = take(&c);
		if (is(verb, "dump") || is(verb, "show"))
			return 0;
	}
	what = take(&c);
	if (c.found && !is(what, "optionvalue"))
		return of_scope(&c, verb, what);
	return of_server(&c, verb, what);
}

/*
 * Quotes hide blanks, may begin within a word (user="a b") and have no
 * escape: a path may end in a backslash before the closing quote.
 */
static int
split(struct windows_tree *t, const char *line, size_t len,
    struct windows_words *w)
{
	char *buf = arena_alloc(&t->arena, len + 1);
	size_t i = 0;
	int rc = 0;

	if (!buf)
		return -ENOMEM;
	while (i < len && rc == 0 && w->n < WORDS_MAX) {
		bool quoted = false;
		size_t n = 0;

		while (i < len && strchr(BLANKS, line[i]))
			i++;
		if (i == len)
			break;
		while (i < len && (quoted || !strchr(BLANKS, line[i]))) {
			if (line[i] == '"')
				quoted = !quoted;
			else
				buf[n++] = line[i];
			i++;
		}
		buf[n] = '\0';
		rc = windows_words_add(t, w, buf);
	}
	return rc;
}

int
windows_read_netsh(struct windows_tree *t, const struct config_file *f,
    struct diag *diag)
{
	struct config_pos pos = { f->name, 0, 1 };
	const char *p = f->text;
	int rc = 0;

	(void)diag;
	while (*p && rc == 0) {
		size_t len = strcspn(p, "\n");
		size_t lead = strspn(p, BLANKS);
		struct windows_words w = { NULL, 0 };

		pos.line++;
		pos.column = 1 + (unsigned int)min_size(lead, len);
		if (lead < len && p[lead] != '#') {
			rc = split(t, p, len, &w);
			if (rc == 0)
				rc = windows_netsh_words(t, &w, pos);
		}
		p += len;
		if (*p == '\n')
			p++;
	}
	return rc;
}
