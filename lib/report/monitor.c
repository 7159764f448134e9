#include "report/monitor.h"

#include "report/xml.h"

#include <string.h>

/* A plugin's line: no newline, and no '|', which begins the figures. */
static void
add_line(struct sbuf *out, const char *text)
{
	struct sbuf safe = SBUF_EMPTY;

	sbuf_escape(&safe, text, strlen(text));
	for (const char *p = sbuf_str(&safe); *p; p++)
		sbuf_addc(out, *p == '|' ? '/' : *p);
	sbuf_release(&safe);
}

/* What a stage took, up to where the next began. */
static double
stage_time(const struct boot *b, size_t i)
{
	double end = i + 1 < b->n_stages ? b->stages[i + 1].time :
	    b->time + b->duration_s;

	return end - b->stages[i].time;
}

static uint64_t
all_bytes(const struct boot *b)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < b->n_loads; i++)
		bytes += b->loads[i].bytes;
	return bytes;
}

/* The first expectation that is not met. */
static bool
add_unmet(const struct boot *b, const struct expect *e, size_t n,
    struct sbuf *out)
{
	for (size_t i = 0; i < n; i++) {
		struct sbuf got = SBUF_EMPTY;
		bool met = expect_check(&e[i], b, &got);

		if (!met) {
			sbuf_add(out, "expected ");
			add_line(out, e[i].text);
			sbuf_add(out, ", it was ");
			add_line(out, got.len ? sbuf_str(&got) : "nothing");
		}
		sbuf_release(&got);
		if (!met)
			return true;
	}
	return false;
}

/* "uefi-x64: healthy, 3 stages, ends in os" */
static void
add_boot(const struct monitor_boot *m, const struct expect *e, size_t n,
    struct sbuf *out)
{
	const struct boot *b = m->boot;

	sbuf_printf(out, "%s: ", b->persona);
	if (m->ok && b->fault) {
		sbuf_printf(out, "%s, as expected", b->fault->id);
	} else if (m->ok) {
		sbuf_printf(out, "healthy, %zu stage%s, ends in %s",
		    b->n_stages, b->n_stages == 1 ? "" : "s",
		    boot_end_name(b->end));
	} else if (!add_unmet(b, e, n, out)) {
		sbuf_printf(out, "%s: ", boot_verdict(b));
		add_line(out, b->message ? b->message : "");
	}
}

/* The figures; of several boots with the persona's name before each. */
static void
add_figures(const struct boot *b, const char *prefix, const char *dash,
    struct sbuf *out)
{
	sbuf_printf(out, " %s%stime=%.3fs;;;0", prefix, dash, b->duration_s);
	for (size_t i = 0; i < b->n_stages; i++)
		sbuf_printf(out, " %s%sstage%zu_%s=%.3fs;;;0", prefix, dash,
		    i, b->stages[i].stage, stage_time(b, i));
	sbuf_printf(out, " %s%sbytes=%lluB;;;0", prefix, dash,
	    (unsigned long long)all_bytes(b));
}

void
monitor_nagios(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects, struct sbuf *out)
{
	size_t n_bad = 0;
	bool comma = false;

	for (size_t i = 0; i < n; i++)
		n_bad += !row[i].ok;
	sbuf_printf(out, "BOOT %s - ", n_bad ? "CRITICAL" : "OK");
	if (n > 1 && n_bad == 0)
		sbuf_printf(out, "all %zu machines boot", n);
	else if (n > 1)
		sbuf_printf(out, "%zu of %zu machines do not boot: ", n_bad,
		    n);
	for (size_t i = 0; i < n; i++) {
		if (n > 1 && row[i].ok)
			continue;
		sbuf_add(out, comma ? "; " : "");
		add_boot(&row[i], e, n_expects, out);
		comma = true;
	}
	sbuf_add(out, " |");
	for (size_t i = 0; i < n; i++)
		add_figures(row[i].boot, n > 1 ? row[i].boot->persona : "",
		    n > 1 ? "_" : "", out);
	sbuf_addc(out, '\n');
}

void
monitor_nagios_unknown(const char *why, struct sbuf *out)
{
	sbuf_add(out, "BOOT UNKNOWN - ");
	add_line(out, why);
	sbuf_addc(out, '\n');
}

static void
junit_case(const struct boot *b, const char *name, const char *failure,
    double seconds, struct sbuf *out)
{
	sbuf_add(out, "    <testcase classname=\"");
	xml_add(out, b->persona);
	sbuf_add(out, "\" name=\"");
	xml_add(out, name);
	sbuf_printf(out, "\" time=\"%.3f\"", seconds);
	if (!failure) {
		sbuf_add(out, "/>\n");
		return;
	}
	sbuf_add(out, ">\n      <failure message=\"");
	xml_add(out, failure);
	sbuf_add(out, "\"/>\n    </testcase>\n");
}

/* How the boot ended; with an expectation of that, it is judged there. */
static bool
junit_verdict(const struct boot *b, const struct expect *e, size_t n,
    struct sbuf *out)
{
	struct sbuf why = SBUF_EMPTY;
	bool failed = b->fault;

	for (size_t i = 0; i < n; i++) {
		if (expect_is_verdict(&e[i]))
			failed = false;
	}
	if (failed)
		sbuf_printf(&why, "%s: %s", b->fault->id, b->message);
	junit_case(b, "boots", failed ? sbuf_str(&why) : NULL, b->duration_s,
	    out);
	sbuf_release(&why);
	return failed;
}

static bool
junit_expectation(const struct boot *b, const struct expect *e,
    struct sbuf *out)
{
	struct sbuf why = SBUF_EMPTY;
	struct sbuf got = SBUF_EMPTY;
	bool met = expect_check(e, b, &got);

	sbuf_printf(&why, "it was %s", got.len ? sbuf_str(&got) : "nothing");
	junit_case(b, e->text, met ? NULL : sbuf_str(&why), 0, out);
	sbuf_release(&why);
	sbuf_release(&got);
	return !met;
}

void
monitor_junit(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects, struct sbuf *out)
{
	sbuf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<testsuites name=\"pxetool client\">\n");
	for (size_t i = 0; i < n; i++) {
		const struct boot *b = row[i].boot;
		struct sbuf cases = SBUF_EMPTY;
		size_t n_failed = junit_verdict(b, e, n_expects, &cases);

		for (size_t x = 0; x < n_expects; x++)
			n_failed += junit_expectation(b, &e[x], &cases);
		sbuf_add(out, "  <testsuite name=\"");
		xml_add(out, b->persona);
		sbuf_printf(out, "\" tests=\"%zu\" failures=\"%zu\" "
		    "time=\"%.3f\">\n", 1 + n_expects, n_failed,
		    b->duration_s);
		sbuf_addn(out, sbuf_str(&cases), cases.len);
		sbuf_add(out, "  </testsuite>\n");
		sbuf_release(&cases);
	}
	sbuf_add(out, "</testsuites>\n");
}

/* A label's value: backslash, quote and newline are escaped. */
static void
add_label(struct sbuf *out, const char *name, const char *value)
{
	struct sbuf safe = SBUF_EMPTY;

	sbuf_escape(&safe, value, strlen(value));
	sbuf_printf(out, "%s=\"", name);
	for (const char *p = sbuf_str(&safe); *p; p++) {
		if (*p == '\\' || *p == '"')
			sbuf_addc(out, '\\');
		sbuf_addc(out, *p);
	}
	sbuf_addc(out, '"');
	sbuf_release(&safe);
}

static void
add_metric(struct sbuf *out, const char *name, const char *help)
{
	sbuf_printf(out, "# HELP pxetool_boot_%s %s\n"
	    "# TYPE pxetool_boot_%s gauge\n", name, help, name);
}

/* "pxetool_boot_NAME{persona=...,mac=...,interface=..." */
static void
begin_sample(struct sbuf *out, const struct boot *b, const char *iface,
    const char *name)
{
	char mac[MAC_TEXT_MAX];

	sbuf_printf(out, "pxetool_boot_%s{", name);
	add_label(out, "persona", b->persona);
	sbuf_addc(out, ',');
	add_label(out, "mac", mac_format(b->mac, mac));
	sbuf_addc(out, ',');
	add_label(out, "interface", iface);
}

static double
ok_of(const struct monitor_boot *m)
{
	return m->ok;
}

static double
start_of(const struct monitor_boot *m)
{
	return m->boot->time;
}

static double
duration_of(const struct monitor_boot *m)
{
	return m->boot->duration_s;
}

static double
bytes_of(const struct monitor_boot *m)
{
	return (double)all_bytes(m->boot);
}

void
monitor_prometheus(const struct monitor_boot *row, size_t n,
    const char *iface, struct sbuf *out)
{
	static const struct {
		const char *name, *help;
		double (*value)(const struct monitor_boot *m);
	} gauges[] = {
		{ "ok", "Did it boot as it should?", ok_of },
		{ "start_time_seconds", "When the machine was switched on.",
		    start_of },
		{ "duration_seconds", "How long it took to the end.",
		    duration_of },
		{ "loaded_bytes", "Size of all files loaded.", bytes_of },
	};

	for (size_t g = 0; g < ARRAY_LEN(gauges); g++) {
		add_metric(out, gauges[g].name, gauges[g].help);
		for (size_t i = 0; i < n; i++) {
			begin_sample(out, row[i].boot, iface, gauges[g].name);
			sbuf_printf(out, "} %.15g\n", gauges[g].value(&row[i]));
		}
	}
	add_metric(out, "stage_duration_seconds",
	    "How long each stage took.");
	for (size_t i = 0; i < n; i++) {
		const struct boot *b = row[i].boot;

		for (size_t s = 0; s < b->n_stages; s++) {
			begin_sample(out, b, iface, "stage_duration_seconds");
			sbuf_printf(out, ",number=\"%zu\",stage=\"%s\"} %.6f\n",
			    s, b->stages[s].stage, stage_time(b, s));
		}
	}
	add_metric(out, "verdict", "1 for what came of it.");
	for (size_t i = 0; i < n; i++) {
		begin_sample(out, row[i].boot, iface, "verdict");
		sbuf_printf(out, ",verdict=\"%s\"} 1\n",
		    boot_verdict(row[i].boot));
	}
}
