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

int
answer_because(struct answer *a, const char *file, unsigned int line,
    const char *fmt, ...)
{
	struct reason **tail = &a->reasons;
	char text[REASON_TEXT_MAX];
	struct reason *r;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r = arena_alloc(&a->msg.arena, sizeof(*r));
	if (!r)
		return -ENOMEM;
	r->file = arena_strdup(&a->msg.arena, file);
	r->line = line;
	r->text = arena_strdup(&a->msg.arena, text);
	if (!r->file || !r->text)
		return -ENOMEM;
	while (*tail)
		tail = &(*tail)->next;
	*tail = r;
	return 0;
}
