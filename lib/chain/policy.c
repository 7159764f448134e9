#include "chain/policy.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REASON_TEXT_MAX = 1024 };

void
answer_init(struct answer *a)
{
	memset(a, 0, sizeof(*a));
	dhcp4_msg_init(&a->msg, DHCP4_BOOTREPLY);
}

void
answer_release(struct answer *a)
{
	a->reasons = NULL;
	dhcp4_msg_release(&a->msg);
}

void
answer6_init(struct answer6 *a)
{
	memset(a, 0, sizeof(*a));
	dhcp6_msg_init(&a->msg, DHCP6_ADVERTISE);
}

void
answer6_release(struct answer6 *a)
{
	a->reasons = NULL;
	dhcp6_msg_release(&a->msg);
}

static int
add(struct arena *arena, struct reason **list, const char *file,
    unsigned int line, const char *fmt, va_list ap)
{
	char text[REASON_TEXT_MAX];
	struct reason *r = arena_alloc(arena, sizeof(*r));

	if (!r)
		return -ENOMEM;
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	r->file = arena_strdup(arena, file);
	r->line = line;
	r->text = arena_strdup(arena, text);
	if (!r->file || !r->text)
		return -ENOMEM;
	while (*list)
		list = &(*list)->next;
	*list = r;
	return 0;
}

int
reason_add(struct arena *arena, struct reason **list, const char *file,
    unsigned int line, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = add(arena, list, file, line, fmt, ap);
	va_end(ap);
	return rc;
}

int
answer_because(struct answer *a, const char *file, unsigned int line,
    const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = add(&a->msg.arena, &a->reasons, file, line, fmt, ap);
	va_end(ap);
	return rc;
}
