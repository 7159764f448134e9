#include "report/capture.h"

#include "base/clock.h"
#include "report/diagnose.h"
#include "report/json.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define YELLOW  "\033[33m"
#define PLAIN   "\033[0m"

static void
add_clock(struct sbuf *out, double t)
{
	time_t s = (time_t)t;
	struct tm tm;
	char text[16] = "";

	if (localtime_r(&s, &tm))
		(void)strftime(text, sizeof(text), "%H:%M:%S", &tm);
	sbuf_printf(out, "%s.%03d", text, (int)((t - (double)s) * 1000));
}

static json_t *
object(const char *event, double t)
{
	json_t *j = report_head("capture");

	report_set_str(j, "event", event);
	(void)json_object_set_new(j, "time", json_real(t));
	return j;
}

static void
dump(json_t *j, struct sbuf *out)
{
	if (report_dump(j, 0, out) < 0)
		out->bad = true;
}

static void
event_json(const struct diagnosis_machine *m, const struct diagnosis_event *ev,
    struct sbuf *out)
{
	json_t *j = object("packet", ev->time);
	char ip[IP_TEXT_MAX];

	report_set_mac(j, "mac", m->mac);
	(void)json_object_set_new(j, "boot", json_integer(m->boot_number));
	(void)json_object_set_new(j, "frame",
	    json_integer((json_int_t)ev->frame));
	report_set_str(j, "from", diagnosis_lifeline_name(ev->from));
	report_set_str(j, "to", diagnosis_lifeline_name(ev->to));
	if (ev->peer.family)
		report_set_str(j, "peer", ip_format(&ev->peer, ip));
	report_set_bytes(j, "text", ev->text, strlen(ev->text));
	dump(j, out);
}

void
report_capture_event(const struct report_capture *r,
    const struct diagnosis_machine *m, const struct diagnosis_event *ev,
    struct sbuf *out)
{
	char mac[MAC_TEXT_MAX];

	if (r->json) {
		event_json(m, ev, out);
		return;
	}
	add_clock(out, ev->time);
	sbuf_printf(out, " %s ", mac_format(m->mac, mac));
	if (ev->from == ev->to)
		sbuf_add(out, "                 ");
	else
		sbuf_printf(out, "%-6s > %-6s  ",
		    diagnosis_lifeline_name(ev->from),
		    diagnosis_lifeline_name(ev->to));
	sbuf_escape(out, ev->text, strlen(ev->text));
	sbuf_addc(out, '\n');
}

static void
verdict_json(const struct diagnosis_machine *m, struct sbuf *out)
{
	json_t *j = object("verdict", clock_wall_s());

	report_set_mac(j, "mac", m->mac);
	(void)json_object_set_new(j, "boot", json_integer(m->boot_number));
	report_set_str(j, "verdict", report_diagnose_verdict(m));
	(void)json_object_set_new(j, "confidence", json_real(m->confidence));
	if (m->message)
		report_set_bytes(j, "message", m->message,
		    strlen(m->message));
	/* Lines of a configuration, out of the catalogue. */
	if (m->fix && m->fix[0])
		(void)json_object_set_new(j, "fix", json_string(m->fix));
	dump(j, out);
}

void
report_capture_verdict(const struct report_capture *r,
    const struct diagnosis_machine *m, struct sbuf *out)
{
	static const char *const colors[] = {
		[DIAGNOSIS_HEALTHY] = GREEN, [DIAGNOSIS_UNFINISHED] = YELLOW,
		[DIAGNOSIS_FAULT] = RED,
	};
	char mac[MAC_TEXT_MAX];

	if (r->json) {
		verdict_json(m, out);
		return;
	}
	sbuf_printf(out, "%s: %s%s%s", mac_format(m->mac, mac),
	    r->color ? colors[m->verdict] : "", report_diagnose_verdict(m),
	    r->color ? PLAIN : "");
	if (m->message && m->message[0]) {
		sbuf_add(out, ": ");
		sbuf_escape(out, m->message, strlen(m->message));
	}
	sbuf_addc(out, '\n');
	if (m->verdict != DIAGNOSIS_FAULT || !m->fix)
		return;
	for (const char *p = m->fix; *p; ) {
		size_t n = strcspn(p, "\n");

		sbuf_add(out, "    ");
		sbuf_escape(out, p, n);
		sbuf_addc(out, '\n');
		p += n + (p[n] == '\n');
	}
}

void
report_capture_end(const struct report_capture *r, const char *why,
    uint64_t n_frames, const struct live_counts *counts, const char *file,
    struct sbuf *out)
{
	json_t *j;

	if (!r->json) {
		sbuf_printf(out, "%" PRIu64 " frames", n_frames);
		if (file) {
			sbuf_add(out, " in ");
			sbuf_escape(out, file, strlen(file));
		}
		sbuf_printf(out, ", %" PRIu64 " lost for want of room, %"
		    PRIu64 " by the interface (%s)\n", counts->dropped,
		    counts->dropped_by_iface, why);
		return;
	}
	j = object("end", clock_wall_s());
	report_set_str(j, "why", why);
	(void)json_object_set_new(j, "frames",
	    json_integer((json_int_t)n_frames));
	(void)json_object_set_new(j, "dropped",
	    json_integer((json_int_t)counts->dropped));
	(void)json_object_set_new(j, "dropped_by_interface",
	    json_integer((json_int_t)counts->dropped_by_iface));
	if (file)
		report_set_bytes(j, "file", file, strlen(file));
	dump(j, out);
}
