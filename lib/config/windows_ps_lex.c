/* windows_ps_lex.c - where words, blanks, quotes and groups end. */
#include "config/windows_ps.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

int
ps_peek(const struct ps *p, size_t ahead)
{
	return p->at + ahead < p->end ? (uint8_t)p->s[p->at + ahead] : -1;
}

/* Lines are counted by the file's index, which read_ps made. */
struct config_pos
ps_pos(const struct ps *p, size_t at)
{
	size_t low = 0;
	size_t high = p->file->n_lines;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (p->file->lines[mid].off <= at)
			low = mid;
		else
			high = mid;
	}
	return (struct config_pos){ p->file->name, (unsigned int)low + 1,
	    (unsigned int)(at - p->file->lines[low].off) + 1 };
}

/* A plain '-', or one of the dashes that editors put in its place. */
size_t
ps_dash(const struct ps *p)
{
	int c = ps_peek(p, 2);

	if (ps_peek(p, 0) == '-')
		return 1;
	return ps_peek(p, 0) == 0xe2 && ps_peek(p, 1) == 0x80 &&
	    c >= 0x93 && c <= 0x95 ? 3 : 0;
}

size_t
ps_quote(const struct ps *p, char *ret)
{
	int c = ps_peek(p, 0);

	if (c == '\'' || c == '"') {
		*ret = (char)c;
		return 1;
	}
	if (c != 0xe2 || ps_peek(p, 1) != 0x80)
		return 0;
	c = ps_peek(p, 2);
	*ret = c >= 0x9c ? '"' : '\'';
	return c >= 0x98 && c <= 0x9e ? 3 : 0;
}

/* Blanks, comments, and a line's end after a backtick. */
void
ps_blank(struct ps *p, bool newlines)
{
	for (;;) {
		int c = ps_peek(p, 0);
		int next = ps_peek(p, 1);

		if (c == ' ' || c == '\t' || c == '\r' || c == '\f' ||
		    (newlines && c == '\n')) {
			p->at++;
		} else if (c == 0xc2 && next == 0xa0) {
			p->at += 2;
		} else if (c == '`' && (next == '\n' || (next == '\r' &&
		    ps_peek(p, 2) == '\n'))) {
			p->at += next == '\n' ? 2 : 3;
		} else if (c == '#') {
			while (p->at < p->end && p->s[p->at] != '\n')
				p->at++;
		} else if (c == '<' && next == '#') {
			const char *end = memmem(p->s + p->at, p->end - p->at,
			    "#>", 2);

			p->at = end ? (size_t)(end - p->s) + 2 : p->end;
		} else {
			return;
		}
	}
}

bool
ps_is_word(int c)
{
	return c == '_' || (c >= 0 && isalnum(c)) || c >= 0x80;
}

/* Blanks, dashes and quotes of more than one byte end a word too. */
bool
ps_in_word(const struct ps *p)
{
	char kind;

	return ps_is_word(ps_peek(p, 0)) && !ps_dash(p) &&
	    !ps_quote(p, &kind) &&
	    !(ps_peek(p, 0) == 0xc2 && ps_peek(p, 1) == 0xa0);
}

const char *
ps_word(struct ps *p)
{
	size_t start = p->at;
	char *word;

	while (ps_in_word(p) || (p->at > start && ps_peek(p, 0) == '-'))
		p->at++;
	word = ps_alloc(p, p->at - start + 1);
	if (!word)
		return "";
	memcpy(word, p->s + start, p->at - start);
	word[p->at - start] = '\0';
	return word;
}

/* Over a string of either kind, here-strings too; nothing is made of it. */
static bool
skip_string(struct ps *p)
{
	char kind = 0;
	size_t n = ps_quote(p, &kind);
	bool here = ps_peek(p, 0) == '@' && (ps_peek(p, 1) == '"' ||
	    ps_peek(p, 1) == '\'');

	if (here) {
		char close[3] = { '\n', (char)ps_peek(p, 1), '@' };
		const char *end = memmem(p->s + p->at, p->end - p->at, close, 3);

		p->at = end ? (size_t)(end - p->s) + 3 : p->end;
		return true;
	}
	if (n == 0)
		return false;
	p->at += n;
	while (p->at < p->end) {
		char c = 0;

		if (kind == '"' && ps_peek(p, 0) == '`') {
			p->at += 2;
			continue;
		}
		n = ps_quote(p, &c);
		p->at += n ? n : 1;
		if (n && c == kind) {
			n = ps_quote(p, &c);
			if (!n || c != kind)
				break;
			p->at += n;     /* doubled: the quote itself */
		}
	}
	if (p->at > p->end)
		p->at = p->end;
	return true;
}

bool
ps_group(struct ps *p, size_t *at, size_t *end)
{
	size_t start = p->at;
	size_t depth = 0;

	*at = p->at + 1;
	while (p->at < p->end) {
		int c = ps_peek(p, 0);
		size_t before = p->at;

		/* a '#' within a word begins no comment */
		if (c != '#' || p->at == 0 || !ps_is_word((uint8_t)p->s[p->at - 1]))
			ps_blank(p, true);
		if (p->at != before || skip_string(p))
			continue;
		if (c == '`')
			p->at++;
		else if (c == '(' || c == '{' || c == '[')
			depth++;
		else if ((c == ')' || c == '}' || c == ']') && depth > 0)
			depth--;
		*end = p->at;
		if (p->at < p->end)
			p->at++;
		if (depth == 0 && c != '`') {
			ps_work(p, (p->at - start) / PS_STEP);
			return true;
		}
	}
	ps_work(p, (p->at - start) / PS_STEP);
	*end = p->end;
	return false;
}

/* Does it name a command that configures a DHCP server? */
bool
ps_touches(struct ps *p, size_t at, size_t end)
{
	static const char *const verbs[] = { "add-dhcp", "set-dhcp",
	    "remove-dhcp", "new-dhcp", "netsh" };

	ps_work(p, (end - at) / PS_STEP);
	for (; at < end; at++) {
		if (!isalpha((unsigned char)p->s[at]) || (at > 0 &&
		    ps_is_word((uint8_t)p->s[at - 1])))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
			size_t n = strlen(verbs[i]);

			if (end - at >= n &&
			    strncasecmp(p->s + at, verbs[i], n) == 0)
				return true;
		}
	}
	return false;
}

/* To the end of a statement that is not understood. */
void
ps_skip_statement(struct ps *p)
{
	size_t start = p->at;

	while (p->at < p->end) {
		int c = ps_peek(p, 0);
		size_t before = p->at;
		size_t at, end;

		if (c == '\n' || c == ';' || c == '}' || c == ')' || c == ']' ||
		    c == '|')
			break;
		ps_blank(p, false);
		if (p->at != before || skip_string(p))
			continue;
		if (c == '(' || c == '{' || c == '[')
			(void)ps_group(p, &at, &end);
		else
			p->at += c == '`' && p->at + 1 < p->end ? 2 : 1;
	}
	ps_work(p, (p->at - start) / PS_STEP);
}
