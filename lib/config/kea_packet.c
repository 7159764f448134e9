#include "config/kea_packet.h"

#include <errno.h>

bool
kea_packet_is_deferred(unsigned int code)
{
	return code == DHCP4_OPT_VENDOR_ENCAP || (code >= 224 && code <= 254);
}

static const struct kea_option_def *
def_of(const struct kea_option_def *defs, uint8_t code)
{
	const struct kea_option_def *d = kea_option_find(NULL, defs, false,
	    "dhcp4", code, NULL);

	return kea_packet_is_deferred(code) ? NULL : d;
}

/*
 * An option sent in pieces ends as the data of all pieces, without its
 * definition; numbers and addresses hold none.
 */
static int
join(struct kea_packet *p, const struct kea_value *v, const uint8_t *bytes,
    size_t len, struct kea_value **ret)
{
	bool has_data = v->shape == KEA_V_BYTES || v->shape == KEA_V_STRING ||
	    v->shape == KEA_V_FIELDS || v->shape == KEA_V_FQDN;
	struct kea_value *joined = NULL;
	int rc = kea_value_make(NULL, NULL, false, v->code, bytes,
	    has_data ? len : 0, p->arena, &joined, NULL);

	if (rc == 0) {
		joined->subs = v->subs;
		*ret = joined;
	}
	return rc;
}

int
kea_packet_open(struct kea_packet *p, const struct request *req,
    const struct kea_option_def *defs, const char *iface, struct arena *arena,
    struct diag *diag)
{
	const struct dhcp4_msg *m = req->msg;
	struct kea_value *v = NULL;
	size_t i;
	int rc;

	*p = (struct kea_packet){ .req = req, .iface = iface, .arena = arena };
	for (i = 0; i < m->n_opts; i++) {
		const struct dhcp4_opt *o = &m->opts[i];

		/* Kea reads nothing out of overloaded fields. */
		if (o->place != DHCP4_IN_OPTIONS)
			continue;
		if (o->code == DHCP4_OPT_HOSTNAME && o->len == 0)
			continue;
		rc = kea_value_make(def_of(defs, o->code), defs, false, o->code,
		    o->data, o->len, arena, &v, diag);
		if (rc == 0 && o->n_pieces > 1)
			rc = join(p, v, o->data, o->len, &v);
		if (rc == -EPROTO)
			return 0;
		if (rc == -ENODATA)
			continue;
		if (rc < 0)
			return rc;
		kea_value_insert(&p->options, v);
	}
	return 0;
}

int
kea_packet_open6(struct kea_packet *p, const struct request6 *req,
    const struct kea_option_def *defs, struct arena *arena, struct diag *diag)
{
	const struct dhcp6_msg *m = req->msg;
	struct kea_value *v = NULL;
	size_t i;
	int rc;

	*p = (struct kea_packet){ .req6 = req, .iface = req->iface,
	    .arena = arena };
	for (i = 0; i < m->n_opts; i++) {
		const struct dhcp6_opt *o = &m->opts[i];

		rc = kea_value_make(kea_option_find(NULL, defs, true, "dhcp6",
		    o->code, NULL), defs, true, o->code, o->data, o->len,
		    arena, &v, diag);
		if (rc == -EPROTO)
			return 0;
		if (rc == -ENODATA)
			continue;
		if (rc < 0)
			return rc;
		kea_value_insert(&p->options, v);
	}
	return 0;
}

int
kea_packet_reopen(struct kea_packet *p, uint8_t code,
    const struct kea_option_def *def, const struct kea_option_def *defs)
{
	struct kea_value **at = &p->options, *v = NULL;
	int rc;

	while (*at && (*at)->code != code)
		at = &(*at)->next;
	if (!*at || !def)
		return 0;
	rc = kea_value_make(def, defs, false, code, (*at)->data,
	    (*at)->data_len, p->arena, &v, NULL);
	if (rc < 0)
		return rc == -ENOMEM ? rc : 0;
	v->next = (*at)->next;
	*at = v;
	return 0;
}

const struct kea_value *
kea_packet_option(const struct kea_packet *p, unsigned int code)
{
	return kea_value_find(p->options, code);
}
