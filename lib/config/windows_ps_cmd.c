/*
 * windows_ps_cmd.c - what the commands of the DhcpServer module do to the
 * tree; parameters by name, by the beginning of a name, and by position.
 */
#include "config/windows_ps.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

/* The scope that -ScopeId names. Return: false if there is a problem. */
static bool
scope_of(struct ps_bound *b, bool needed, struct windows_scope **ret)
{
	struct in_addr id;

	*ret = NULL;
	if (!ps_value_of(b, "ScopeId"))
		return !needed;
	if (!ps_address_of(b, "ScopeId", &id)) {
		if (ps_is_sure(b))
			ps_odd(b, "-ScopeId is no address");
		return false;
	}
	*ret = windows_imply_scope(b->p->t, id, b->c->pos);
	if (!*ret)
		ps_check(b, -ENOMEM);
	return *ret != NULL;
}

static void
scope_settings(struct ps_bound *b, struct windows_scope *s)
{
	const char *name = ps_text_of(b, "Name");
	const char *state = ps_text_of(b, "State");
	const char *super = ps_text_of(b, "SuperscopeName");
	const char *lease = ps_text_of(b, "LeaseDuration");
	const char *type = ps_text_of(b, "Type");
	const char *active = ps_text_of(b, "ActivatePolicies");

	if (name)
		s->name = windows_word(b->p->t, name);
	if (state)
		s->is_active = strcasecmp(state, "InActive") != 0;
	if (super && *super)
		s->superscope = windows_word(b->p->t, super);
	if (lease && !windows_time(lease, &s->lease_time) &&
	    strcasecmp(lease, "unlimited") == 0)
		s->lease_time = UINT32_MAX;
	if (type)
		s->serves = strcasecmp(type, "Both") == 0 ? WINDOWS_BOTH :
		    strcasecmp(type, "Bootp") == 0 ? WINDOWS_BOOTP : WINDOWS_DHCP;
	if (active)
		s->policies_active = windows_bool(active);
}

static void
add_scope(struct ps_bound *b)
{
	struct in_addr first, last, mask, id;
	bool ok = ps_address_of(b, "StartRange", &first);
	struct windows_scope *s;

	ok = ps_address_of(b, "EndRange", &last) && ok;
	ok = ps_address_of(b, "SubnetMask", &mask) && ok;
	if (!ps_is_sure(b))
		return;
	if (!ok) {
		ps_odd(b, "a scope has a range and a mask");
		return;
	}
	id.s_addr = first.s_addr & mask.s_addr;
	s = windows_add_scope(b->p->t, id, mask, b->c->pos);
	if (!s) {
		ps_check(b, -ENOMEM);
		return;
	}
	scope_settings(b, s);
	b->unsure = false;              /* a name alone changes nothing */
	ps_check(b, windows_add_range(b->p->t, &s->ranges, first, last));
}

static void
set_scope(struct ps_bound *b)
{
	struct windows_scope *s;
	struct in_addr first, last;

	if (!scope_of(b, true, &s))
		return;
	scope_settings(b, s);
	if (ps_address_of(b, "StartRange", &first) && ps_address_of(b, "EndRange", &last)) {
		s->ranges = NULL;
		ps_check(b, windows_add_range(b->p->t, &s->ranges, first, last));
	}
	(void)ps_is_sure(b);
}

static void
add_class(struct ps_bound *b)
{
	const char *name = ps_text_of(b, "Name");
	const char *type = ps_text_of(b, "Type");
	const char *data = ps_text_of(b, "Data");
	const uint8_t *bytes;
	size_t len;

	if (!ps_is_sure(b))
		return;
	if (!name || !type || !data) {
		ps_odd(b, "a class has a name, a type and data");
		return;
	}
	if (windows_bytes(b->p->t, data, &bytes, &len) < 0 ||
	    !windows_add_class(b->p->t, name, strcasecmp(type, "Vendor") == 0,
	    bytes, len, b->c->pos))
		ps_check(b, -ENOMEM);
}

static const struct { const char *name; enum windows_field field; } conds[] = {
	{ "VendorClass", WINDOWS_F_VENDOR }, { "UserClass", WINDOWS_F_USER },
	{ "MacAddress", WINDOWS_F_MAC }, { "ClientId", WINDOWS_F_CLIENT_ID },
	{ "Fqdn", WINDOWS_F_FQDN }, { "RelayAgent", WINDOWS_F_RELAY },
	{ "CircuitId", WINDOWS_F_CIRCUIT }, { "RemoteId", WINDOWS_F_REMOTE },
	{ "SubscriberId", WINDOWS_F_SUBSCRIBER },
};

/* What both Add- and Set- take; conditions of a kind replace the old ones. */
static void
policy_settings(struct ps_bound *b, struct windows_policy *p,
    const struct windows_words field[ARRAY_LEN(conds)])
{
	const char *condition = ps_text_of(b, "Condition");
	const char *enabled = ps_text_of(b, "Enabled");
	const char *lease = ps_text_of(b, "LeaseDuration");

	if (condition)
		p->is_or = strcasecmp(condition, "Or") == 0;
	if (enabled)
		p->enabled = windows_bool(enabled);
	if (lease)
		(void)windows_time(lease, &p->lease_time);
	for (size_t i = 0; i < ARRAY_LEN(conds); i++) {
		if (field[i].n == 0)
			continue;
		windows_drop_conds(p, conds[i].field);
		ps_check(b, windows_add_conds(b->p->t, p, conds[i].field,
		    &field[i], b->c->pos));
	}
}

static void
put_policy(struct ps_bound *b, bool is_new)
{
	struct windows_words field[ARRAY_LEN(conds)] = { { NULL, 0 } };
	const char *name = ps_text_of(b, "Name");
	const char *order = ps_text_of(b, "ProcessingOrder");
	struct windows_policy *p;
	struct windows_scope *s;
	uint64_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(conds); i++)
		ps_words_of(b, conds[i].name, &field[i]);
	if (!scope_of(b, false, &s) || !ps_is_sure(b))
		return;
	if (order && parse_uint(order, 1, UINT16_MAX, &n, NULL) < 0)
		n = 0;
	p = name ? windows_find_policy(b->p->t, s, name) : NULL;
	if (!name || (is_new ? p != NULL : p == NULL)) {
		ps_odd(b, !name ? "a policy has a name" : is_new ?
		    "a policy of this name is there already" :
		    "this policy is not defined above");
		return;
	}
	if (is_new)
		p = windows_add_policy(b->p->t, s, name, (uint32_t)n, b->c->pos);
	else if (n)
		p->order = (uint32_t)n;
	if (!p)
		ps_check(b, -ENOMEM);
	else
		policy_settings(b, p, field);
}

static void
add_policy(struct ps_bound *b)
{
	put_policy(b, true);
}

static void
set_policy(struct ps_bound *b)
{
	put_policy(b, false);
}

/* What is not there is not removed: the server says so, and goes on. */
static void
remove_policy(struct ps_bound *b)
{
	const char *name = ps_text_of(b, "Name");
	struct windows_scope *s;

	if (scope_of(b, false, &s) && ps_is_sure(b) && name)
		windows_drop_policy(b->p->t, s, name);
}

static void
remove_class(struct ps_bound *b)
{
	const char *name = ps_text_of(b, "Name");
	const char *type = ps_text_of(b, "Type");

	if (ps_is_sure(b) && name && type)
		windows_drop_class(b->p->t, name,
		    strcasecmp(type, "Vendor") == 0);
}

static void
add_policy_range(struct ps_bound *b)
{
	const char *name = ps_text_of(b, "Name");
	struct in_addr first, last;
	struct windows_policy *p;
	struct windows_scope *s;
	bool ok = ps_address_of(b, "StartRange", &first);

	ok = ps_address_of(b, "EndRange", &last) && ok;
	if (!scope_of(b, true, &s) || !ps_is_sure(b))
		return;
	p = name ? windows_find_policy(b->p->t, s, name) : NULL;
	if (!ok || !p)
		ps_odd(b, "this policy is not defined above");
	else
		ps_check(b, windows_add_range(b->p->t, &p->ranges, first, last));
}

static void
add_def(struct ps_bound *b)
{
	const char *id = ps_text_of(b, "OptionId");
	const char *type = ps_text_of(b, "Type");
	const char *vendor = ps_text_of(b, "VendorClass");
	uint8_t code;

	if (!ps_is_sure(b))
		return;
	if (!id || !windows_code(id, &code))
		ps_odd(b, "an option is numbered 1 to 254");
	else
		ps_check(b, windows_add_def(b->p->t, code, vendor,
		    type ? windows_type_find(type) : WINDOWS_T_UNKNOWN,
		    b->c->pos));
}

static bool
where(struct ps_bound *b, struct windows_where *w, struct windows_holder **ret)
{
	struct windows_scope *s = NULL;

	*w = (struct windows_where){ .policy = ps_text_of(b, "PolicyName"),
	    .vendor = ps_text_of(b, "VendorClass"), .user = ps_text_of(b, "UserClass") };
	if (w->vendor && !*w->vendor)
		w->vendor = NULL;
	if (w->user && !*w->user)
		w->user = NULL;
	(void)ps_address_of(b, "ReservedIP", &w->reserved);
	if (!w->reserved.s_addr && !scope_of(b, false, &s))
		return false;
	if (s)
		w->scope = s->id;
	if (!ps_is_sure(b))
		return false;
	*ret = windows_holder(b->p->t, w);
	if (!*ret)
		ps_odd(b, w->policy ? "this policy is not defined above" :
		    "this reservation is not defined above");
	return *ret != NULL;
}

static void
set_option(struct ps_bound *b)
{
	static const struct { const char *name; uint8_t code; } known[] = {
		{ "Router", 3 }, { "DnsServer", 6 }, { "DnsDomain", 15 },
		{ "WinsServer", 44 }, { "Wpad", 252 },
	};
	struct windows_words list = { NULL, 0 };
	const char *id = ps_text_of(b, "OptionId");
	struct windows_holder *h;
	struct windows_where w;
	uint8_t code;

	if (!where(b, &w, &h))
		return;
	ps_words_of(b, "Value", &list);
	if (id && ps_is_sure(b)) {
		if (!windows_code(id, &code))
			ps_odd(b, "an option is numbered 1 to 254");
		else
			ps_check(b, windows_set_value(b->p->t, h, code, &w, &list,
			    b->c->pos));
	}
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct windows_words own = { NULL, 0 };

		b->unsure = false;
		ps_words_of(b, known[i].name, &own);
		if (ps_is_sure(b) && own.n > 0)
			ps_check(b, windows_set_value(b->p->t, h, known[i].code, &w,
			    &own, b->c->pos));
	}
}

static void
remove_option(struct ps_bound *b)
{
	struct windows_words ids = { NULL, 0 };
	struct windows_holder *h;
	struct windows_where w;
	uint8_t code;

	ps_words_of(b, "OptionId", &ids);
	if (!where(b, &w, &h))
		return;
	for (size_t i = 0; i < ids.n; i++) {
		if (windows_code(ids.word[i], &code))
			windows_drop_value(h, code, &w);
	}
}

static void
add_reservation(struct ps_bound *b)
{
	const char *id = ps_text_of(b, "ClientId");
	const char *name = ps_text_of(b, "Name");
	struct windows_scope *s;
	struct in_addr a;
	bool ok = ps_address_of(b, "IPAddress", &a);

	if (!scope_of(b, true, &s) || !ps_is_sure(b))
		return;
	if (!ok || !id)
		ps_odd(b, "a reservation has an address and a client's "
		    "identifier");
	else
		ps_check(b, windows_add_reservation(b->p->t, s, a, id, name,
		    b->c->pos));
}

static void
add_exclusion(struct ps_bound *b)
{
	struct windows_scope *s;
	struct in_addr first, last;
	bool ok = ps_address_of(b, "StartRange", &first);

	ok = ps_address_of(b, "EndRange", &last) && ok;
	if (!scope_of(b, true, &s) || !ps_is_sure(b))
		return;
	if (!ok)
		ps_odd(b, "a range has two addresses");
	else
		ps_check(b, windows_add_range(b->p->t, &s->exclusions, first,
		    last));
}

static void
add_superscope(struct ps_bound *b)
{
	const char *name = ps_text_of(b, "SuperscopeName");
	struct windows_words ids = { NULL, 0 };
	struct windows_scope *s;
	struct in_addr id;

	ps_words_of(b, "ScopeId", &ids);
	if (!ps_is_sure(b))
		return;
	for (size_t i = 0; i < ids.n && name; i++) {
		s = windows_ip(ids.word[i], &id) ?
		    windows_find_scope(b->p->t, id) : NULL;
		if (s)
			s->superscope = windows_word(b->p->t, name);
		else
			ps_odd(b, "this scope is not defined above");
	}
}

static void
add_filter(struct ps_bound *b)
{
	const char *list = ps_text_of(b, "List");
	struct windows_words macs = { NULL, 0 };

	ps_words_of(b, "MacAddress", &macs);
	if (!ps_is_sure(b) || !list)
		return;
	for (size_t i = 0; i < macs.n; i++)
		ps_check(b, windows_add_filter(b->p->t,
		    strcasecmp(list, "Deny") == 0, macs.word[i], b->c->pos));
}

static void
set_filters(struct ps_bound *b)
{
	const char *allow = ps_text_of(b, "Allow");
	const char *deny = ps_text_of(b, "Deny");

	if (!ps_is_sure(b))
		return;
	if (allow)
		b->p->t->allow_enforced = windows_bool(allow);
	if (deny)
		b->p->t->deny_enforced = windows_bool(deny);
}

static void
set_server(struct ps_bound *b)
{
	const char *tries = ps_text_of(b, "ConflictDetectionAttempts");
	const char *active = ps_text_of(b, "ActivatePolicies");
	uint64_t n;

	if (active)
		b->p->t->policies_active = windows_bool(active);
	if (tries && parse_uint(tries, 0, 100, &n, NULL) == 0) {
		b->p->t->conflict_attempts = (unsigned int)n;
		b->p->t->conflict_pos = b->c->pos;
	}
}

static void
nothing(struct ps_bound *b)
{
	(void)b;
}

/* Positions as the command's page has them. */
static const struct row {
	const char *name;
	void (*run)(struct ps_bound *b);
	const char *positions[PS_POSITIONS_MAX + 1];
} rows[] = {
	{ "Add-DhcpServerv4Scope", add_scope,
	    { "StartRange", "EndRange", "Name", "SubnetMask" } },
	{ "Set-DhcpServerv4Scope", set_scope, { "ScopeId" } },
	{ "Add-DhcpServerv4Class", add_class, { "Name", "Type", "Data" } },
	{ "Set-DhcpServerv4Class", add_class, { "Name", "Type", "Data" } },
	{ "Remove-DhcpServerv4Class", remove_class, { "Name", "Type" } },
	{ "Add-DhcpServerv4Policy", add_policy, { "Name", "Condition" } },
	{ "Set-DhcpServerv4Policy", set_policy, { "Name", "ScopeId" } },
	{ "Remove-DhcpServerv4Policy", remove_policy, { "Name", "ScopeId" } },
	{ "Add-DhcpServerv4PolicyIPRange", add_policy_range,
	    { "ScopeId", "Name", "StartRange", "EndRange" } },
	{ "Add-DhcpServerv4OptionDefinition", add_def,
	    { "Name", "OptionId", "Type" } },
	{ "Set-DhcpServerv4OptionValue", set_option, { "ScopeId" } },
	{ "Remove-DhcpServerv4OptionValue", remove_option, { "ScopeId" } },
	{ "Add-DhcpServerv4Reservation", add_reservation,
	    { "ScopeId", "IPAddress", "ClientId" } },
	{ "Add-DhcpServerv4ExclusionRange", add_exclusion,
	    { "ScopeId", "StartRange", "EndRange" } },
	{ "Add-DhcpServerv4Superscope", add_superscope,
	    { "SuperscopeName", "ScopeId" } },
	{ "Add-DhcpServerv4Filter", add_filter, { "List", "MacAddress" } },
	{ "Set-DhcpServerv4FilterList", set_filters, { NULL } },
	{ "Set-DhcpServerSetting", set_server, { NULL } },
	{ "Add-DhcpServerInDC", nothing, { NULL } },
	{ "Remove-DhcpServerInDC", nothing, { NULL } },
	{ "Add-DhcpServerSecurityGroup", nothing, { NULL } },
	{ "Set-DhcpServerv4DnsSetting", nothing, { NULL } },
	{ "Set-DhcpServerv4Binding", nothing, { NULL } },
	{ "Set-DhcpServerAuditLog", nothing, { NULL } },
	{ "Set-DhcpServerDatabase", nothing, { NULL } },
	{ "Set-DhcpServerDnsCredential", nothing, { NULL } },
};

static void
apply(struct ps *p, const struct row *row, const struct ps_command *c)
{
	struct ps_bound b = { .p = p, .c = c, .names = row->positions };
	size_t n = c->input && c->input->kind == PS_LIST ? c->input->n : 1;

	for (size_t i = 0; i < c->n; i++) {
		if (c->arg[i].name && strcmp(c->arg[i].name, "@") == 0) {
			ps_odd(&b, "the parameters are only known when the script "
			    "runs");
			return;
		}
	}
	if (c->input && c->input->kind == PS_UNKNOWN && row->run != nothing) {
		ps_odd(&b, "what comes through the pipe is only known when the "
		    "script runs");
		return;
	}
	for (size_t i = 0; i < n && p->flow != PS_STOP; i++) {
		b = (struct ps_bound){ .p = p, .c = c, .names = row->positions };
		if (c->input)
			b.row = c->input->kind == PS_LIST ? c->input->item[i] :
			    c->input;
		ps_bind(&b);
		row->run(&b);
		ps_work(p, 1);
	}
}

static const struct ps_value *
text_of(struct ps *p, const char *s)
{
	return ps_text(p, s, strlen(s));
}

static const struct ps_value *
scope_object(struct ps *p, const struct windows_scope *s)
{
	struct ps_value *m = ps_map(p);
	char buf[IP_TEXT_MAX];

	if (!m)
		return &ps_unknown;
	ps_put(p, m, "ScopeId", text_of(p, ipv4_format(s->id, buf)));
	ps_put(p, m, "SubnetMask", text_of(p, ipv4_format(s->mask, buf)));
	ps_put(p, m, "Name", s->name ? text_of(p, s->name) : &ps_unknown);
	ps_put(p, m, "State", text_of(p, s->is_active ? "Active" : "Inactive"));
	return m;
}

/*
 * The scopes that this script has made. If it has made none it means those
 * that are there: one from the addresses for documentation stands for all.
 */
static const struct ps_value *
get_scopes(struct ps *p, const struct ps_command *c)
{
	const struct ps_value *list = &ps_null;
	struct in_addr stand_in = { htonl(0xc0000200) };

	if (!p->t->scopes) {
		ps_gap(p, c->pos, "the server's scopes are not in this script: "
		    "one stands for all of them");
		if (!windows_imply_scope(p->t, stand_in, c->pos))
			p->rc = -ENOMEM;
	}
	if (p->t->n_scopes == 1)
		return scope_object(p, p->t->scopes);
	for (const struct windows_scope *s = p->t->scopes; s &&
	    p->flow != PS_STOP; s = s->next)
		list = ps_append(p, list, scope_object(p, s));
	return list->kind == PS_NULL ? &ps_unknown : list;
}

static const struct ps_value *
get_option(struct ps_bound *b)
{
	const char *id = ps_text_of(b, "OptionId");
	const struct ps_value *list = &ps_null;
	struct windows_holder *h;
	struct windows_where w;
	struct ps_value *m;
	uint8_t code;

	if (!where(b, &w, &h) || !id || !windows_code(id, &code))
		return &ps_unknown;
	for (const struct windows_value *v = h->values; v; v = v->next) {
		if (v->code != code || !windows_same(v->vendor, w.vendor) ||
		    !windows_same(v->user, w.user))
			continue;
		m = ps_map(b->p);
		for (size_t i = 0; i < v->words.n; i++)
			list = ps_append(b->p, list,
			    text_of(b->p, v->words.word[i]));
		if (m)
			ps_put(b->p, m, "Value", list);
		return m ? m : &ps_unknown;
	}
	return &ps_null;
}

/* Get-: there, by what this script itself has done before, or not there. */
static const struct ps_value *
get(struct ps *p, const struct ps_command *c)
{
	static const char *const names[PS_POSITIONS_MAX + 1] = { "Name" };
	struct ps_bound b = { .p = p, .c = c, .names = names };
	const char *what = c->name + strlen("Get-DhcpServerv4");
	bool is_policy = strcasecmp(what, "Policy") == 0;
	struct windows_scope *s = NULL;
	const char *name;

	ps_bind(&b);
	if (strcasecmp(what, "Scope") == 0)
		return ps_value_of(&b, "ScopeId") ? &ps_unknown : get_scopes(p, c);
	if (strcasecmp(what, "OptionValue") == 0)
		return get_option(&b);
	name = ps_text_of(&b, "Name");
	if (!name || b.unsure || (!is_policy && strcasecmp(what, "Class") != 0))
		return &ps_unknown;
	if (is_policy && !scope_of(&b, false, &s))
		return &ps_unknown;
	if (is_policy ? windows_find_policy(p->t, s, name) != NULL :
	    windows_find_class(p->t, name, true) ||
	    windows_find_class(p->t, name, false))
		return ps_bool(true);
	return &ps_null;
}

/* ... | ? Count -eq 1, ... | Where-Object { $_.State -eq 'Active' } */
static const struct ps_value *
where_object(struct ps *p, const struct ps_command *c)
{
	const struct ps_value *in = c->input ? c->input : &ps_null;
	const struct ps_value *out = &ps_null;
	size_t n = in->kind == PS_LIST ? in->n : in->kind != PS_NULL;

	if (in->kind == PS_UNKNOWN || c->n == 0)
		return &ps_unknown;
	for (size_t i = 0; i < n && p->flow == PS_GO_ON; i++) {
		const struct ps_value *x = in->kind == PS_LIST ? in->item[i] :
		    in;
		const struct ps_value *first = c->arg[0].value;
		const struct ps_value *is = &ps_unknown;

		if (first && first->kind == PS_BLOCK) {
			ps_set(p, "_", x);
			is = ps_block(p, first);
		} else if (first && c->n == 3 && c->arg[1].name &&
		    c->arg[2].value && first->kind == PS_TEXT) {
			const struct ps_value *v = ps_member(x, first->text);

			is = ps_binary(p, c->arg[1].name,
			    v ? v : &ps_unknown, c->arg[2].value);
		}
		if (ps_truth(is) < 0)
			return &ps_unknown;
		if (ps_truth(is))
			out = n == 1 ? x : ps_append(p, out, x);
	}
	return out;
}

static const struct ps_value *
measure(struct ps *p, const struct ps_command *c)
{
	const struct ps_value *in = c->input ? c->input : &ps_null;
	struct ps_value *m = ps_map(p);

	if (!m || in->kind == PS_UNKNOWN)
		return &ps_unknown;
	ps_put(p, m, "Count", ps_number(p, in->kind == PS_LIST ?
	    (int64_t)in->n : in->kind != PS_NULL));
	return m;
}

static const struct ps_value *
for_each(struct ps *p, const struct ps_command *c)
{
	const struct ps_value *block = NULL;
	const struct ps_value *in = c->input ? c->input : &ps_null;
	const struct ps_value *out = &ps_null;
	size_t n = in->kind == PS_LIST ? in->n : in->kind != PS_NULL;

	for (size_t i = 0; i < c->n && !block; i++) {
		if (c->arg[i].value && c->arg[i].value->kind == PS_BLOCK)
			block = c->arg[i].value;
	}
	if (!block)
		return &ps_unknown;
	if (in->kind == PS_UNKNOWN) {
		if (ps_touches(p, block->at, block->end))
			ps_gap(p, c->pos, "what this goes over is only known "
			    "when the script runs: it is left out");
		return &ps_unknown;
	}
	for (size_t i = 0; i < n && p->flow == PS_GO_ON; i++) {
		ps_set(p, "_", in->kind == PS_LIST ? in->item[i] : in);
		out = ps_append(p, out, ps_block(p, block));
	}
	return out;
}

static const struct ps_value *
netsh(struct ps *p, const struct ps_command *c)
{
	struct windows_words w = { NULL, 0 };
	int rc = windows_words_add(p->t, &w, "netsh");

	for (size_t i = 0; i < c->n && rc == 0; i++) {
		const char *s = c->arg[i].value ?
		    ps_string(p, c->arg[i].value) : c->arg[i].name;

		if (!s) {
			ps_gap(p, c->pos, "a word of this command is only known "
			    "when the script runs: the command is left out");
			return &ps_unknown;
		}
		rc = windows_words_add(p->t, &w, s);
	}
	if (rc == 0)
		rc = windows_netsh_words(p->t, &w, c->pos);
	if (rc < 0)
		p->rc = rc;
	return &ps_unknown;
}

static bool
is(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

/* Run a block that is an argument: Invoke-Command -ScriptBlock { } */
static const struct ps_value *
invoke(struct ps *p, const struct ps_command *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct ps_value *v = c->arg[i].value;

		if (v && v->kind == PS_BLOCK)
			return ps_block(p, v);
	}
	return &ps_unknown;
}

/* Its name says that it changes a DHCP server, and no row has it. */
static bool
is_other_dhcp(const char *name)
{
	static const char *const verbs[] = { "Add-Dhcp", "Set-Dhcp",
	    "New-Dhcp", "Remove-Dhcp", "Import-Dhcp", "Invoke-Dhcp",
	    "Rename-Dhcp", "Restore-Dhcp" };

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		if (strncasecmp(name, verbs[i], strlen(verbs[i])) == 0)
			return strcasestr(name, "v6") == NULL;
	}
	return false;
}

const struct ps_value *
ps_call(struct ps *p, struct ps_command *c)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (is(c->name, rows[i].name)) {
			apply(p, &rows[i], c);
			return ps_is_given(c, "PassThru") ? &ps_unknown : &ps_null;
		}
	}
	for (const struct ps_function *f = p->functions; f; f = f->next) {
		if (is(c->name, f->name))
			return ps_do_function(p, f, c);
	}
	if (is(c->name, "ForEach-Object") || is(c->name, "%") ||
	    is(c->name, "foreach"))
		return for_each(p, c);
	if (is(c->name, "Where-Object") || is(c->name, "?") ||
	    is(c->name, "where"))
		return where_object(p, c);
	if (is(c->name, "Measure-Object") || is(c->name, "measure"))
		return measure(p, c);
	if (is(c->name, "ConvertFrom-Csv") && c->n == 0 && c->input &&
	    c->input->kind != PS_UNKNOWN)
		return ps_csv(p, c->input);
	if (is(c->name, "netsh") || is(c->name, "netsh.exe"))
		return netsh(p, c);
	if (is(c->name, "Invoke-Command") || is(c->name, "icm"))
		return invoke(p, c);
	if (strncasecmp(c->name, "Get-DhcpServerv4", 16) == 0)
		return get(p, c);
	if (strncasecmp(c->name, "Write-", 6) == 0 || is(c->name, "Out-Null"))
		return &ps_null;
	if (is_other_dhcp(c->name))
		ps_gap(p, c->pos, "this command is not followed");
	return &ps_unknown;
}
