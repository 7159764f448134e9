/*
 * test and [ of grub.cfg.
 */
#include "bootcfg/grub_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct testing {
	struct grub *g;
	char **arg;
	size_t n;
	size_t at;
	unsigned int depth;
};

static int either(struct testing *t, bool *ret);

static const char *
peek(const struct testing *t, size_t ahead)
{
	return t->at + ahead < t->n ? t->arg[t->at + ahead] : NULL;
}

/* "a = b" and its kin. Return: false if @op is none of them. */
static bool
compare(const char *a, const char *op, const char *b, bool *ret)
{
	int order = strcmp(a, b);
	long long x = strtoll(a, NULL, 10);
	long long y = strtoll(b, NULL, 10);
	const struct { const char *op; bool holds; } rows[] = {
		{ "=", order == 0 }, { "==", order == 0 },
		{ "!=", order != 0 }, { "<", order < 0 }, { ">", order > 0 },
		{ "<=", order <= 0 }, { ">=", order >= 0 },
		{ "-eq", x == y }, { "-ne", x != y }, { "-lt", x < y },
		{ "-le", x <= y }, { "-gt", x > y }, { "-ge", x >= y },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(op, rows[i].op) == 0) {
			*ret = rows[i].holds;
			return true;
		}
	}
	return false;
}

static int
one(struct testing *t, bool *ret)
{
	const char *a = peek(t, 0);
	const char *b = peek(t, 1);
	const char *c = peek(t, 2);
	int rc = 0;

	*ret = false;
	if (!a)
		return 0;
	if (strcmp(a, "!") == 0) {
		t->at++;
		if (++t->depth > GRUB_DEPTH_MAX)
			return -EMSGSIZE;
		rc = one(t, ret);
		*ret = !*ret;
		return rc;
	}
	if (strcmp(a, "(") == 0) {
		t->at++;
		if (++t->depth > GRUB_DEPTH_MAX)
			return -EMSGSIZE;
		rc = either(t, ret);
		t->at += peek(t, 0) != NULL;    /* ")" */
		return rc;
	}
	if (b && c && compare(a, b, c, ret)) {
		t->at += 3;
		return 0;
	}
	if (a[0] == '-' && a[1] && !a[2] && b) {
		t->at += 2;
		if (a[1] == 'n' || a[1] == 'z')
			*ret = (b[0] == '\0') == (a[1] == 'z');
		else if (a[1] == 's' && t->g->host->size)
			rc = t->g->host->size(t->g->host->ctx, b, ret);
		return rc;
	}
	t->at++;
	*ret = a[0] != '\0';
	return 0;
}

static int
both(struct testing *t, bool *ret)
{
	int rc = one(t, ret);

	while (rc == 0 && peek(t, 0) && strcmp(peek(t, 0), "-a") == 0) {
		bool more;

		t->at++;
		rc = one(t, &more);
		*ret = *ret && more;
	}
	return rc;
}

static int
either(struct testing *t, bool *ret)
{
	int rc = both(t, ret);

	while (rc == 0 && peek(t, 0) && strcmp(peek(t, 0), "-o") == 0) {
		bool more;

		t->at++;
		rc = both(t, &more);
		*ret = *ret || more;
	}
	return rc;
}

int
grub_test(struct grub *g, char **arg, size_t n, bool *ret)
{
	struct testing t = { .g = g, .arg = arg, .n = n };

	return either(&t, ret);
}
