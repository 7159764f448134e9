#include "chain/boot.h"

#include "base/clock.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct boot *
boot_new(void)
{
	return calloc(1, sizeof(struct boot));
}

void
boot_free(struct boot *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n_stages; i++) {
		dhcp4_msg_release(&b->stages[i].ack);
		if (b->stages[i].bound6)
			dhcp6_msg_release(&b->stages[i].reply6);
	}
	free(b->stages);
	free(b->loads);
	free(b->events);
	arena_release(&b->arena);
	free(b);
}

/* Room for one more at the end of a row that doubles as it grows. */
static void *
grow(void *row, size_t n, size_t max, size_t size)
{
	if (n >= max)
		return NULL;
	if (n > 0 && (n & (n - 1)) != 0)
		return row;             /* between two powers of two */
	return realloc(row, (n ? n * 2 : 1) * size);
}

struct boot_stage *
boot_add_stage(struct boot *b)
{
	struct boot_stage *stages = grow(b->stages, b->n_stages,
	    BOOT_STAGES_MAX, sizeof(*stages));
	struct boot_stage *s;

	if (!stages)
		return NULL;
	b->stages = stages;
	s = &stages[b->n_stages++];
	*s = (struct boot_stage){ .time = clock_wall_s() };
	return s;
}

struct boot_load *
boot_add_load(struct boot *b)
{
	struct boot_load *loads = grow(b->loads, b->n_loads, BOOT_LOADS_MAX,
	    sizeof(*loads));
	struct boot_load *l;

	if (!loads)
		return NULL;
	b->loads = loads;
	l = &loads[b->n_loads++];
	*l = (struct boot_load){
		.stage = b->n_stages ? b->n_stages - 1 : 0,
		.time = clock_wall_s(), .what = "", .detail = "",
	};
	return l;
}

static char *
boot_vtext(struct boot *b, const char *fmt, va_list ap)
{
	char text[2048];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	return arena_strdup(&b->arena, text);
}

/* The next event of the last stage, without its text; NULL if no room. */
static struct boot_event *
next_event(struct boot *b, enum boot_event_kind kind)
{
	struct boot_event *events = grow(b->events, b->n_events,
	    BOOT_EVENTS_MAX, sizeof(*events));

	if (!events)
		return NULL;
	b->events = events;
	events[b->n_events] = (struct boot_event){
		.kind = kind, .time = clock_wall_s(),
		.stage = b->n_stages ? b->n_stages - 1 : 0,
		.load = b->n_loads ? b->n_loads - 1 : 0,
	};
	return &events[b->n_events];
}

void
boot_add_event(struct boot *b, enum boot_event_kind kind, const char *fmt, ...)
{
	struct boot_event *ev = next_event(b, kind);
	va_list ap;

	if (!ev)
		return;
	va_start(ap, fmt);
	ev->text = boot_vtext(b, fmt, ap);
	va_end(ap);
	if (ev->text)
		b->n_events++;
}

void
boot_note_dhcp(struct boot *b, enum boot_event_kind kind, int type,
    bool to_pxe_port, const char *text, double time)
{
	struct boot_event *ev = next_event(b, kind);

	if (!ev)
		return;
	ev->text = text;
	ev->time = time;
	ev->dhcp = type;
	ev->to_pxe_port = to_pxe_port;
	b->n_events++;
}

void
boot_add_dhcp(struct boot *b, enum boot_event_kind kind, int type,
    bool to_pxe_port, const char *text)
{
	size_t n = b->n_events;

	boot_add_event(b, kind, "%s", text);
	if (b->n_events == n)
		return;
	b->events[n].dhcp = type;
	b->events[n].to_pxe_port = to_pxe_port;
}

void
boot_set_fault(struct boot *b, const char *id, const char *fmt, ...)
{
	va_list ap;

	if (b->fault)
		return;
	b->fault = fault_find(id);
	assert(b->fault);
	va_start(ap, fmt);
	b->message = boot_vtext(b, fmt, ap);
	va_end(ap);
	b->fault_stage = b->n_stages ? b->n_stages - 1 : 0;
}

const char *
boot_verdict(const struct boot *b)
{
	return b->fault ? b->fault->id : "healthy";
}

const char *
boot_end_name(enum boot_end e)
{
	static const char *const names[] = {
		[BOOT_END_NONE] = "none", [BOOT_END_SCRIPT] = "script",
		[BOOT_END_KERNEL] = "kernel", [BOOT_END_OS] = "os",
		[BOOT_END_LOCAL] = "local", [BOOT_END_SHELL] = "shell",
	};

	return names[e];
}
