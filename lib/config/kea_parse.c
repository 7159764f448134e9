/* kea_parse.c - the values into the tree, in the server's order. */
#include "config/kea_parse.h"

#include <errno.h>
#include <string.h>

/* What 2.2.0 refuses, the release it is written for may take. */
int
kea_spare(struct kea_parser *p, int rc)
{
	struct config_pos pos;
	const char *text;

	if (rc != -EBADMSG || !p->lenient)
		return rc;
	pos = (struct config_pos){
		arena_strdup(&p->t->arena, p->diag->file), p->diag->line,
		p->diag->column,
	};
	text = arena_printf(&p->t->arena, "this is left out: %s",
	    p->diag->text);
	return pos.file && text ? kea_gap(p->t, pos, text) : -ENOMEM;
}

int
kea_names(struct kea_parser *p, const struct kea_node *list,
    bool may_be_empty, struct kea_name ***tail)
{
	const struct kea_node *v;

	for (v = list ? list->first : NULL; v; v = v->next) {
		struct kea_name *n = arena_alloc(&p->t->arena, sizeof(*n));

		if (!n)
			return -ENOMEM;
		if (v->type != KEA_J_STRING || (!may_be_empty && v->len == 0))
			return kea_bad(p->diag, &v->pos,
			    "invalid class name");
		*n = (struct kea_name){ v->text, v->pos, NULL };
		**tail = n;
		*tail = &n->next;
	}
	return 0;
}

/* "eth0" or "eth0/192.0.2.1", and no other. */
static const char *
only_interface(struct kea_parser *p, const struct kea_node *global)
{
	const struct kea_node *list = kea_get(kea_get(global,
	    "interfaces-config"), "interfaces");
	const struct kea_node *v = list ? list->first : NULL;

	if (!v || v->next || !v->text || *v->text == '*')
		return NULL;
	return arena_dup(&p->t->arena, v->text, strcspn(v->text, "/"));
}

static int
read_flags(struct kea_parser *p, const struct kea_node *global)
{
	struct kea_tree *t = p->t;

	t->is_v6 = p->is_v6;
	t->reservations_in_subnet = true;
	t->match_client_id = kea_get_bool(global, "match-client-id", true);
	t->echo_client_id = kea_get_bool(global, "echo-client-id", true);
	t->lookup_first = kea_get_bool(global, "reservations-lookup-first",
	    false);
	t->early_global_lookup = kea_get_bool(global,
	    "early-global-reservations-lookup", false);
	t->interface = only_interface(p, global);
	p->authoritative = kea_get_bool(global, "authoritative", false);
	p->unique_addresses = kea_get_bool(global, "ip-reservations-unique",
	    true);
	return kea_reservation_mode(p, global, &t->reservations_global,
	    &t->reservations_in_subnet, &t->reservations_out_of_pool);
}

/* One remark for all keywords of other releases, at the first. */
static int
remark_release(struct kea_parser *p)
{
	char server = p->is_v6 ? '6' : '4';
	int rc = 0;

	if (p->n_since > 0)
		rc = kea_remark(p->t, "config-rejected", p->since_pos,
		    "written for Kea %s or later, and refused by kea-dhcp%c "
		    "2.2: \"%s\"%s", p->since, server, p->since_key,
		    p->n_since > 1 ? " and others that it does not know" :
		    " is not known there");
	if (rc == 0 && p->n_until > 0)
		rc = kea_remark(p->t, "config-rejected", p->until_pos,
		    "written for Kea %s or earlier, and refused by kea-dhcp%c "
		    "2.2: \"%s\"%s", p->until, server, p->until_key,
		    p->n_until > 1 ? " and others are gone" : " is gone");
	return rc;
}

int
kea_build(struct kea_parser *p, const struct kea_node *global)
{
	struct kea_tree *t = p->t;
	int rc;

	p->subnets_tail = &t->subnets;
	rc = remark_release(p);
	if (rc == 0)
		rc = kea_spare(p, read_flags(p, global));
	if (rc == 0)
		rc = kea_defs(p, kea_get(global, "option-def"), false,
		    &t->defs);
	if (rc == 0)
		rc = kea_options(p, kea_get(global, "option-data"), NULL, true,
		    &t->global.options);
	if (rc == 0)
		rc = kea_spare(p, kea_check_first(p, global));
	if (rc == 0)
		rc = kea_classes(p, kea_get(global, "client-classes"));
	if (rc == 0)
		rc = kea_spare(p, kea_check_databases(p, global));
	if (rc == 0)
		rc = kea_networks(p, global);
	if (rc == 0)
		rc = kea_subnets(p, global);
	if (rc == 0)
		rc = kea_hosts(p, kea_get(global, "reservations"), NULL,
		    &t->hosts);
	if (rc == 0)
		rc = kea_spare(p, kea_check_last(p, global));
	if (rc == 0)
		rc = kea_level(p, global, KEA_L_GLOBAL, &t->global);
	return rc;
}
