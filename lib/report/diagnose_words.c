#include "report/diagnose_words.h"

#include "report/boot.h"

#include <inttypes.h>
#include <time.h>

enum { ROLE_LAST = ROLE_NBD };

#define INSTANT_S 0.01                  /* a speed of less says nothing */
#define SAME_S 0.001                    /* they are of one packet */

const char *
diagnose_verdict_title(const struct diagnosis_machine *m)
{
	switch (m->verdict) {
	case DIAGNOSIS_HEALTHY:
		return "the boot went well";
	case DIAGNOSIS_UNFINISHED:
		return "the capture ends before the boot does";
	case DIAGNOSIS_FAULT:
		break;
	}
	return m->fault->title;
}

double
diagnose_start(const struct diagnosis_machine *m)
{
	if (m->events)
		return m->events->time;
	return m->boot ? m->boot->time : 0;
}

void
diagnose_name_add(struct sbuf *out, const struct diagnosis_machine *m)
{
	char mac[MAC_TEXT_MAX];

	sbuf_add(out, mac_format(m->mac, mac));
	if (m->boot_number > 1)
		sbuf_printf(out, ", boot %u", m->boot_number);
}

void
diagnose_when_add(struct sbuf *out, double time)
{
	time_t t = (time_t)time;
	struct tm tm;
	char text[32];

	if (gmtime_r(&t, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
		sbuf_add(out, text);
}

void
diagnose_frames_add(struct sbuf *out, uint64_t first, uint64_t last)
{
	if (first == 0)
		return;
	sbuf_printf(out, "#%" PRIu64, first);
	if (last > first)
		sbuf_printf(out, " to #%" PRIu64, last);
}

void
diagnose_roles_add(struct sbuf *out, unsigned int roles)
{
	const char *sep = "";

	for (unsigned int r = ROLE_DHCP; r <= ROLE_LAST; r <<= 1) {
		if (!(roles & r))
			continue;
		sbuf_printf(out, "%s%s", sep,
		    diagnosis_role_name((enum diagnosis_role)r));
		sep = ", ";
	}
}

const struct boot_load *
diagnose_load_of(const struct diagnosis_machine *m,
    const struct diagnosis_event *e)
{
	if (e->last_frame <= e->frame || !m->boot)
		return NULL;
	for (size_t i = 0; i < m->boot->n_loads; i++) {
		const struct boot_load *l = &m->boot->loads[i];

		if (l->stage == e->stage && l->time > e->time - SAME_S &&
		    l->time < e->time + SAME_S)
			return l;
	}
	return NULL;
}

void
diagnose_load_add(struct sbuf *out, const struct boot_load *l)
{
	char size[32];
	char speed[32];

	if (!l->ok) {
		sbuf_printf(out, "failed: %s", l->error ? l->error :
		    "no reason seen");
		return;
	}
	sbuf_printf(out, "%s in %.2f s", report_size(l->bytes, size),
	    l->duration_s);
	if (l->duration_s >= INSTANT_S)
		sbuf_printf(out, ", %s/s", report_size((uint64_t)
		    ((double)l->bytes / l->duration_s), speed));
}
