/*
 * regexp of grub.cfg, with which deployment servers take an address apart.
 */
#include "bootcfg/grub_internal.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

enum { PATTERN_MAX = 256, TEXT_MAX = 1024, BRACES_MAX = 12, REPEAT_MAX = 3, GROUPS = 10 };

/*
 * The C library unrolls a{1,99}, and those inside of one another: a short
 * pattern can take all memory. A reference back to a group takes all time.
 * Only a few small bounds are taken, and no such reference.
 */
static bool
is_harmless(const char *pattern)
{
	size_t braces = 0;
	bool inside = false;

	if (strlen(pattern) > PATTERN_MAX)
		return false;
	for (const char *s = pattern; *s; s++) {
		if (*s == '{') {
			inside = true;
			braces++;
		} else if (*s == '\\' && isdigit((unsigned char)s[1])) {
			return false;
		} else if (*s == '}') {
			inside = false;
		} else if (inside && isdigit((unsigned char)*s) &&
		    (*s > '0' + REPEAT_MAX || isdigit((unsigned char)s[1]))) {
			return false;
		}
	}
	return braces <= BRACES_MAX;
}

/* What the group matched goes into the variable: "2:name", or "name" for 1. */
static int
set_group(struct grub *g, const char *what, const char *text,
    const regmatch_t *m)
{
	const char *colon = strchr(what, ':');
	uint64_t group = 1;
	char number[8];
	char *value;
	int rc = 0;

	if (colon) {
		size_t n = (size_t)(colon - what);

		if (n >= sizeof(number))
			return 0;
		memcpy(number, what, n);
		number[n] = '\0';
		rc = parse_uint(number, 0, GROUPS - 1, &group, NULL);
	}
	if (rc < 0 || m[group].rm_so < 0)
		return 0;
	value = strndup(text + m[group].rm_so,
	    (size_t)(m[group].rm_eo - m[group].rm_so));
	if (!value)
		return -ENOMEM;
	rc = grub_set(g, colon ? colon + 1 : what, value);
	free(value);
	return rc;
}

int
grub_regexp(struct grub *g, char **arg, size_t n, bool *ret)
{
	regmatch_t m[GROUPS];
	regex_t re;
	int rc = 0;

	*ret = false;
	if (n < 2 || !is_harmless(arg[n - 2]) || strlen(arg[n - 1]) > TEXT_MAX)
		return 0;
	if (regcomp(&re, arg[n - 2], REG_EXTENDED) != 0)
		return 0;
	*ret = regexec(&re, arg[n - 1], GROUPS, m, 0) == 0;
	for (size_t i = 0; rc == 0 && *ret && i + 2 < n; i++) {
		const char *a = arg[i];

		if (text_starts(a, "--set="))
			rc = set_group(g, a + strlen("--set="), arg[n - 1], m);
		else if ((strcmp(a, "--set") == 0 || strcmp(a, "-s") == 0) &&
		    i + 3 < n)
			rc = set_group(g, arg[++i], arg[n - 1], m);
	}
	regfree(&re);
	return rc;
}
