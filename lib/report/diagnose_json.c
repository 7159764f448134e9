#include "report/diagnose.h"

#include "base/util.h"
#include "report/boot.h"
#include "report/json.h"

#include <errno.h>
#include <string.h>

static json_t *
json_evidence(const struct diagnosis_machine *m)
{
	json_t *list = json_array();

	for (const struct diagnosis_evidence *e = m->evidence; e; e = e->next) {
		json_t *o = json_object();

		json_object_set_new(o, "frame", e->frame ?
		    json_integer((json_int_t)e->frame) : json_null());
		json_object_set_new(o, "time", json_real(e->time));
		report_set_str(o, "text", e->text);
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *
json_lines(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t n = strcspn(text, "\n");

		json_array_append_new(list, json_stringn(text, n));
		text += n + (text[n] == '\n');
	}
	return list;
}

static json_t *
json_events(const struct diagnosis_machine *m)
{
	json_t *list = json_array();

	for (const struct diagnosis_event *ev = m->events; ev; ev = ev->next) {
		json_t *o = json_object();
		char ip[IP_TEXT_MAX];

		json_object_set_new(o, "frame",
		    json_integer((json_int_t)ev->frame));
		if (ev->last_frame != ev->frame)
			json_object_set_new(o, "last_frame",
			    json_integer((json_int_t)ev->last_frame));
		json_object_set_new(o, "time", json_real(ev->time));
		json_object_set_new(o, "duration_s",
		    json_real(ev->duration_s));
		json_object_set_new(o, "stage",
		    json_integer((json_int_t)ev->stage));
		json_object_set_new(o, "from",
		    json_string(diagnosis_lifeline_name(ev->from)));
		json_object_set_new(o, "to",
		    json_string(diagnosis_lifeline_name(ev->to)));
		if (ev->peer.family)
			json_object_set_new(o, "peer",
			    json_string(ip_format(&ev->peer, ip)));
		report_set_str(o, "text", ev->text);
		if (ev->detail)
			json_object_set_new(o, "detail",
			    json_lines(ev->detail));
		json_object_set_new(o, "fault", json_boolean(ev->is_fault));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *
json_machine(const struct diagnosis_machine *m)
{
	json_t *o = json_object();
	json_t *list = json_array();
	char text[IP_TEXT_MAX];         /* a UUID is shorter */

	report_set_mac(o, "mac", m->mac);
	if (m->has_uuid)
		json_object_set_new(o, "uuid",
		    json_string(uuid_format(m->uuid, text)));
	if (m->relay.s_addr)
		json_object_set_new(o, "relay",
		    json_string(ipv4_format(m->relay, text)));
	json_object_set_new(o, "boot_number", json_integer(m->boot_number));
	json_object_set_new(o, "firmware", json_string(m->firmware));
	report_set_str(o, "persona", m->persona);
	if (m->has_arch) {
		json_object_set_new(o, "arch", json_integer(m->arch));
		json_object_set_new(o, "arch_name",
		    json_string(arch_name(m->arch)));
	} else {
		json_object_set_new(o, "arch", json_null());
	}
	json_object_set_new(o, "first_frame",
	    json_integer((json_int_t)m->first_frame));
	json_object_set_new(o, "last_frame",
	    json_integer((json_int_t)m->last_frame));
	json_object_set_new(o, "verdict",
	    json_string(report_diagnose_verdict(m)));
	json_object_set_new(o, "confidence", json_real(m->confidence));
	for (size_t i = 0; i < m->n_also; i++)
		json_array_append_new(list, json_string(m->also[i]->id));
	json_object_set_new(o, "also", list);
	report_boot_json_chain(o, m->boot);
	json_object_set_new(o, "evidence", json_evidence(m));
	json_object_set_new(o, "message", json_null());
	report_set_str(o, "message", m->message);
	/* Lines of a configuration, out of the catalogue: text, not hex. */
	json_object_set_new(o, "fix", m->fix && m->fix[0] ?
	    json_string(m->fix) : json_null());
	json_object_set_new(o, "ladder", json_events(m));
	json_object_set_new(o, "ladder_left_out",
	    json_integer((json_int_t)m->n_left_out));
	return o;
}

static json_t *
json_server(const struct diagnosis_server *s)
{
	json_t *o = json_object();
	json_t *roles = json_array();
	char ip[IP_TEXT_MAX];

	json_object_set_new(o, "address",
	    json_string(ip_format(&s->address, ip)));
	json_object_set_new(o, "mac", json_null());
	if (s->has_mac)
		report_set_mac(o, "mac", s->mac);
	for (unsigned int r = 1; r <= ROLE_NBD; r <<= 1) {
		if (s->roles & r)
			json_array_append_new(roles,
			    json_string(diagnosis_role_name(r)));
	}
	json_object_set_new(o, "roles", roles);
	report_set_str(o, "software", s->software);
	report_set_str(o, "software_why", s->software_why);
	return o;
}

/*
 * All machines as one tree would take more memory than reading the capture
 * does: each is written, and forgotten.
 */
static int
dump_with_machines(const struct diagnosis *d, json_t *head, struct sbuf *out)
{
	const char *sep = "";
	int rc = report_dump(head, 2, out);

	/* the head without its closing brace */
	while (rc == 0 && out->len > 0 && out->text[out->len - 1] != '}')
		out->len--;
	if (rc == 0 && out->len > 0)
		out->text[--out->len] = '\0';
	sbuf_add(out, ",\n\"machines\": [");
	for (const struct diagnosis_machine *m = d->machines; m && rc == 0;
	    m = m->next) {
		sbuf_add(out, sep);
		sep = ",";
		rc = report_dump(json_machine(m), 2, out);
	}
	sbuf_add(out, "]}\n");
	return out->bad ? -ENOMEM : rc;
}

int
report_diagnose_json(const struct diagnosis *d, struct sbuf *out)
{
	json_t *j = report_head("diagnose");
	json_t *list = json_array();

	for (size_t i = 0; i < d->n_files; i++)
		json_array_append_new(list, json_string(d->files[i]));
	json_object_set_new(j, "files", list);
	json_object_set_new(j, "frames",
	    json_integer((json_int_t)d->n_frames));
	list = json_array();
	for (size_t i = 0; i < d->n_servers; i++)
		json_array_append_new(list, json_server(&d->server[i]));
	json_object_set_new(j, "servers", list);
	list = json_array();
	for (const struct diagnosis_limit *l = d->limits; l; l = l->next)
		json_array_append_new(list, json_string(l->text));
	json_object_set_new(j, "limits", list);
	return dump_with_machines(d, j, out);
}
