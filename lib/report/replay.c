#include "report/replay.h"

#include "base/text.h"
#include "report/json.h"

#include <string.h>

#define RED     "\033[31m"
#define GREEN   "\033[32m"
#define PLAIN   "\033[0m"

static const char *
name_of(const struct replay_ask *a)
{
	const char *type = dhcp4_type_name(dhcp4_type(&a->msg));

	return type ? type : "BOOTP request";
}

static const char *
state_of(const struct replay_ask *a)
{
	return a->skipped ? "left out" : a->n_diffs ? "differs" : "same";
}

static void
ask_lines(const struct replay_ask *a, bool color, struct sbuf *out)
{
	char mac[MAC_TEXT_MAX];
	char ip[IP_TEXT_MAX];

	sbuf_printf(out, "frame %llu  %s  %s", (unsigned long long)a->frame,
	    mac_format(a->msg.chaddr, mac), name_of(a));
	if (a->dport != DHCP4_SERVER_PORT)
		sbuf_printf(out, " to %s:%u", ipv4_format(a->dst, ip),
		    a->dport);
	sbuf_printf(out, ": %s%s%s", color ? a->n_diffs ? RED : GREEN : "",
	    state_of(a), color ? PLAIN : "");
	if (a->skipped)
		sbuf_printf(out, " (%s)", a->why);
	else if (a->n_then == 0 && a->n_now == 0)
		sbuf_add(out, " (no answer then, none now)");
	sbuf_addc(out, '\n');
	for (size_t i = 0; i < a->n_diffs; i++)
		sbuf_printf(out, "    %s\n", a->diff[i]);
}

static void
file_lines(const struct replay_file *f, bool color, struct sbuf *out)
{
	sbuf_printf(out, "frame %llu  ", (unsigned long long)f->frame);
	sbuf_escape(out, f->uri, strlen(f->uri));
	if (f->skipped)
		sbuf_add(out, ": left out (the capture does not show its "
		    "end)\n");
	else if (!f->diff)
		sbuf_printf(out, ": %ssame%s\n", color ? GREEN : "",
		    color ? PLAIN : "");
	else {
		sbuf_printf(out, ": %sdiffers%s: ", color ? RED : "",
		    color ? PLAIN : "");
		sbuf_escape(out, f->diff, strlen(f->diff));
		sbuf_addc(out, '\n');
	}
}

void
report_replay_text(const struct replay *r, bool color, struct sbuf *out)
{
	size_t n_differ = 0;

	for (size_t i = 0; i < r->n_asks; i++) {
		ask_lines(&r->ask[i], color, out);
		n_differ += r->ask[i].n_diffs > 0;
	}
	for (size_t i = 0; i < r->n_files; i++) {
		file_lines(&r->file[i], color, out);
		n_differ += r->file[i].diff != NULL;
	}
	if (r->n_relayed > 0)
		sbuf_printf(out, "%zu requests that a relay sent on were left "
		    "out\n", r->n_relayed);
	if (r->n_beyond > 0)
		sbuf_printf(out, "%zu more were left out: too many\n",
		    r->n_beyond);
	sbuf_printf(out, "%zu request%s and %zu file%s: ", r->n_asks,
	    r->n_asks == 1 ? "" : "s", r->n_files,
	    r->n_files == 1 ? "" : "s");
	if (n_differ == 0)
		sbuf_add(out, "all as in the capture\n");
	else
		sbuf_printf(out, "%zu not as in the capture\n", n_differ);
}

static json_t *
json_ask(const struct replay_ask *a)
{
	json_t *o = json_object();
	json_t *diffs = json_array();

	json_object_set_new(o, "frame", json_integer((json_int_t)a->frame));
	report_set_mac(o, "mac", a->msg.chaddr);
	json_object_set_new(o, "type", json_string(name_of(a)));
	json_object_set_new(o, "port", json_integer(a->dport));
	json_object_set_new(o, "result", json_string(state_of(a)));
	json_object_set_new(o, "answers_then", json_integer(
	    (json_int_t)a->n_then));
	json_object_set_new(o, "answers_now", json_integer(
	    (json_int_t)a->n_now));
	for (size_t i = 0; i < a->n_diffs; i++)
		json_array_append_new(diffs, json_string(a->diff[i]));
	json_object_set_new(o, "differences", diffs);
	return o;
}

static json_t *
json_file(const struct replay_file *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "frame", json_integer((json_int_t)f->frame));
	report_set_bytes(o, "uri", f->uri, strlen(f->uri));
	json_object_set_new(o, "result", json_string(f->skipped ? "left out" :
	    f->diff ? "differs" : "same"));
	if (f->diff)
		report_set_bytes(o, "difference", f->diff, strlen(f->diff));
	return o;
}

json_t *
report_replay_json(const struct replay *r)
{
	json_t *j = report_head("replay");
	json_t *asks = json_array();
	json_t *files = json_array();

	for (size_t i = 0; i < r->n_asks; i++)
		json_array_append_new(asks, json_ask(&r->ask[i]));
	for (size_t i = 0; i < r->n_files; i++)
		json_array_append_new(files, json_file(&r->file[i]));
	json_object_set_new(j, "same", json_boolean(replay_is_same(r)));
	json_object_set_new(j, "requests", asks);
	json_object_set_new(j, "files", files);
	json_object_set_new(j, "relayed", json_integer(
	    (json_int_t)r->n_relayed));
	json_object_set_new(j, "beyond", json_integer(
	    (json_int_t)r->n_beyond));
	return j;
}
