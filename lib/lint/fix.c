#include "lint/fix.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum { NAME_LEN_MAX = 64, NUMBER_LEN_MAX = 5 };

/* The "option NAME" that ends where the operator begins. */
static bool
name_before(const char *line, const char *op, char name[NAME_LEN_MAX])
{
	const char *end = op;
	const char *at;
	size_t len;

	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	for (at = end; at > line && !isspace((unsigned char)at[-1]) &&
	    at[-1] != '('; at--)
		;
	len = (size_t)(end - at);
	if (len == 0 || len >= NAME_LEN_MAX || at - line < 7 ||
	    strncmp(at - 7, "option", 6) != 0)
		return false;
	memcpy(name, at, len);
	name[len] = '\0';
	return true;
}

bool
fix_isc_number(const char *line, struct sbuf *out)
{
	for (const char *eq = strchr(line, '='); eq; eq = strchr(eq + 1, '=')) {
		const char *op = eq > line && eq[-1] == '!' ? eq - 1 : eq;
		const char *digits = eq + 1 + strspn(eq + 1, " \t");
		size_t n = strspn(digits, "0123456789");
		char number[NUMBER_LEN_MAX + 1];
		char name[NAME_LEN_MAX];
		const char *begin = line + strspn(line, " \t}");
		uint64_t v;

		/* 00:07 is bytes already, and so is anything in quotes */
		if (n == 0 || n > NUMBER_LEN_MAX || isalnum(
		    (unsigned char)digits[n]) || digits[n] == ':' ||
		    !name_before(line, op, name))
			continue;
		memcpy(number, digits, n);
		number[n] = '\0';
		if (parse_uint(number, 0, UINT16_MAX, &v, NULL) < 0)
			continue;
		if (op != eq)
			sbuf_printf(out, "# a client that does not send it "
			    "differs from %02x:%02x as well; to leave it out:"
			    "\n#     exists %s and option %s != %02x:%02x\n",
			    (unsigned int)v >> 8, (unsigned int)v & 0xff,
			    name, name, (unsigned int)v >> 8,
			    (unsigned int)v & 0xff);
		sbuf_addn(out, begin, (size_t)(digits - begin));
		sbuf_printf(out, "%02x:%02x", (unsigned int)v >> 8,
		    (unsigned int)v & 0xff);
		sbuf_add(out, digits + n);
		return true;
	}
	return false;
}
