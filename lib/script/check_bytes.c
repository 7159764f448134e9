#include "script/check_rules.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LINE_LONG = 2047 };      /* what the kernel takes, and lkrn gives */

static const struct lex_pos top = { 1, 1 };

static void
refuse(struct checker *c, const char *why)
{
	check_add(c, "exec-format-error", FAULT_ERROR, top, "#!ipxe",
	    "iPXE does not take this for a script: %s", why);
}

static bool
begins(const struct checker *c, size_t at, const char *with)
{
	size_t n = strlen(with);

	return at <= c->len && c->len - at >= n &&
	    strncasecmp(c->text + at, with, n) == 0;
}

/* iPXE looks at seven bytes: the magic, and white space after it. */
bool
check_magic(struct checker *c)
{
	size_t at = 0;

	if (c->len >= 7 && (memcmp(c->text, "#!ipxe", 6) == 0 ||
	    memcmp(c->text, "#!gpxe", 6) == 0) &&
	    isspace((unsigned char)c->text[6])) {
		if (c->text[2] == 'g')
			check_add(c, "deprecated-form", FAULT_NOTE, top,
			    "#!ipxe", "this is a script for gPXE, which had "
			    "no operators, labels, tests or menus; iPXE runs "
			    "it too");
		return true;
	}
	while (at < c->len && isspace((unsigned char)c->text[at]))
		at++;
	if (c->len == 0)
		refuse(c, "it is empty");
	else if (begins(c, 0, "\xef\xbb\xbf"))
		refuse(c, "it begins with a byte order mark");
	else if (begins(c, 0, "\xff\xfe") || begins(c, 0, "\xfe\xff"))
		refuse(c, "it is UTF-16");
	else if (begins(c, at, "<!doctype") || begins(c, at, "<html"))
		refuse(c, "it is an HTML page");
	else if (c->len == 6 && begins(c, 0, "#!ipxe"))
		refuse(c, "a line end has to follow \"#!ipxe\"");
	else if (at > 0 && (begins(c, at, "#!ipxe") ||
	    begins(c, at, "#!gpxe")))
		refuse(c, "\"#!ipxe\" is not the very first of it");
	else if (begins(c, 0, "#!ipxe"))
		refuse(c, "\"#!ipxe\" is in lower case, and white space "
		    "follows it");
	else if (begins(c, 0, "#!") || begins(c, 0, "# !ipxe"))
		refuse(c, "its first line is not \"#!ipxe\"");
	else
		refuse(c, "\"#!ipxe\" is missing on its first line");
	return false;
}

static void
line_ends(struct checker *c)
{
	size_t n_cr = 0;
	struct lex_pos first = { 0, 0 };

	for (size_t i = 0; i < c->n_lines; i++) {
		size_t len;
		const char *line = check_line(c, (unsigned int)i + 1, &len);
		const char *nul = memchr(line, '\0', len);

		if (nul)
			check_add(c, "script-bytes-odd", FAULT_WARNING,
			    (struct lex_pos){ (unsigned int)i + 1,
			    (unsigned int)(nul - line) + 1 }, NULL,
			    "a zero byte: iPXE ignores what follows it on "
			    "this line");
		if (len == 0 || line[len - 1] != '\r')
			continue;
		if (n_cr++ == 0)
			first = (struct lex_pos){ (unsigned int)i + 1,
			    (unsigned int)len };
	}
	if (n_cr > 0)
		check_add(c, "script-bytes-odd", FAULT_NOTE, first,
		    "Convert the line ends, for example with dos2unix.",
		    "%zu of %zu lines end in CR LF: iPXE takes them, other "
		    "tools may not", n_cr, c->n_lines);
}

/* Where a comment ends in a backslash, the next line is part of it. */
static void
swallowed(struct checker *c)
{
	for (size_t i = 0; i + 1 < c->n_lines; i++) {
		size_t len;
		size_t next_len;
		size_t at = 0;
		const char *line = check_line(c, (unsigned int)i + 1, &len);
		const char *next = check_line(c, (unsigned int)i + 2,
		    &next_len);

		if (len > 0 && line[len - 1] == '\r')
			len--;
		while (at < len && isspace((unsigned char)line[at]))
			at++;
		if (at == len || line[at] != '#' || line[len - 1] != '\\')
			continue;
		while (next_len > 0 && isspace((unsigned char)*next)) {
			next++;
			next_len--;
		}
		if (next_len > 0 && *next != '#')
			check_add(c, "script-bytes-odd", FAULT_WARNING,
			    (struct lex_pos){ (unsigned int)i + 1,
			    (unsigned int)len }, "Take the backslash away.",
			    "this comment ends in a backslash, so the next "
			    "line belongs to the comment");
	}
}

static const struct { const char *bytes, *name; bool is_blank; } odd[] = {
	{ "\xc2\xa0", "a no-break space", true },
	{ "\xe2\x80\x8b", "a zero-width space", true },
	{ "\xef\xbb\xbf", "a byte order mark", true },
	{ "\xe2\x80\xaf", "a narrow no-break space", true },
	{ "\xe3\x80\x80", "a wide space", true },
	{ "\xe2\x80\x9c", "a typographic quote", false },
	{ "\xe2\x80\x9d", "a typographic quote", false },
	{ "\xe2\x80\x98", "a typographic quote", false },
	{ "\xe2\x80\x99", "a typographic quote", false },
	{ "\xe2\x80\x93", "a dash that is not \"-\"", false },
	{ "\xe2\x80\x94", "a dash that is not \"-\"", false },
};

/* In text that is only shown, what looks odd is meant. */
static bool
is_shown(const struct flow_node *n, size_t word)
{
	return word > 0 && (flow_is(n, "echo") || flow_is(n, "menu") ||
	    flow_is(n, "prompt") || flow_is(n, "form") ||
	    (flow_is(n, "item") && (word > n->arg ||
	    flow_option(n, 'g'))));
}

static void
odd_word(struct checker *c, const struct flow_node *n, size_t word)
{
	const char *text = n->words[word].text;

	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		const char *at = strstr(text, odd[i].bytes);

		if (!at || (is_shown(n, word) && !odd[i].is_blank))
			continue;
		if (is_shown(n, word) && at != text)
			continue;
		check_add(c, "script-bytes-odd", FAULT_WARNING,
		    check_place(&n->words[word], (size_t)(at - text)), NULL,
		    "%s, which to iPXE is part of a word", odd[i].name);
	}
}

/* A blank behind the backslash makes it a word. */
static void
no_continuation(struct checker *c, const struct lex_line *l)
{
	const struct lex_token *last;

	if (l->n_tokens == 0)
		return;
	last = &l->tokens[l->n_tokens - 1];
	if (strcmp(last->text, "\\") == 0)
		check_add(c, "script-bytes-odd", FAULT_WARNING, last->at,
		    "Take away the blanks behind the backslash.",
		    "a blank follows the backslash, so the next line does "
		    "not continue this one");
}

static size_t
words_len(const struct lex_line *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n_tokens; i++)
		n += strlen(l->tokens[i].text) + 1;
	return n;
}

void
check_bytes(struct checker *c)
{
	line_ends(c);
	swallowed(c);
	for (size_t i = 0; i < c->ls->n_lines; i++) {
		no_continuation(c, &c->ls->lines[i]);
		if (words_len(&c->ls->lines[i]) > LINE_LONG)
			check_add(c, "script-bytes-odd", FAULT_NOTE,
			    c->ls->lines[i].at, "Shorten it, or put parts of "
			    "it into settings.", "a command of %zu bytes: a "
			    "kernel takes a command line of 2047",
			    words_len(&c->ls->lines[i]));
	}
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		for (size_t k = 0; k < c->flow->nodes[i].n_words; k++)
			odd_word(c, &c->flow->nodes[i], k);
	}
	if (c->ls->is_cut)
		check_add(c, "script-flow-error", FAULT_ERROR,
		    c->ls->cut_at, "Take the backslash away.",
		    "the file ends in a backslash: iPXE does not run this "
		    "line, and the script ends with an error");
}
