#include "config/isc_decl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
read_host_name(struct isc_parser *p, const char **ret)
{
	struct sbuf name = SBUF_EMPTY;
	int rc = 0;

	if (!isc_is_word(p) && p->tok.kind != ISC_T_NUMBER)
		return isc_fail(p,
		    "the name of the host is expected here, without quotes");
	while (rc == 0 && (isc_is_word(p) || p->tok.kind == ISC_T_NUMBER)) {
		sbuf_add(&name, p->tok.text);
		rc = isc_advance(p);
		if (rc < 0 || !isc_is_char(p, '.'))
			break;
		sbuf_addc(&name, '.');
		rc = isc_advance(p);
	}
	*ret = arena_strdup(&p->t->arena, sbuf_str(&name));
	sbuf_release(&name);
	return rc < 0 ? rc : *ret ? 0 : -ENOMEM;
}

/* The first plain "option dhcp-client-identifier" names the host too. */
static void
find_uid(struct isc_tree *t, struct isc_host *h)
{
	const struct isc_stmt *s;

	for (s = h->scope->first; s && !h->uid; s = s->next) {
		if (s->kind == ISC_S_OPTION && s->expr->op == ISC_X_CONST &&
		    s->option->space == t->dhcp &&
		    s->option->code == DHCP4_OPT_CLIENT_ID) {
			h->uid = s->expr->bytes;
			h->uid_len = s->expr->len;
		}
	}
}

/* Hosts with one key form a chain in order of declaration. */
static int
add_to_chain(struct isc_tree *t, struct config_map *m, const void *key,
    size_t len, struct isc_host *h, enum isc_id id)
{
	struct isc_host *first = config_map_get(m, key, len);

	h->same[id].last = h;
	if (!first)
		return config_map_put(m, &t->arena, key, len, h);
	first->same[id].last->same[id].next = h;
	first->same[id].last = h;
	return 0;
}

static int
add_host(struct isc_tree *t, struct isc_host *h)
{
	struct config_host *listed;
	int rc = config_map_put(&t->host_by_name, &t->arena, h->name,
	    strlen(h->name), h);

	if (rc == 0 && h->has_hw)
		rc = add_to_chain(t, &t->host_by_hw, h->hw, h->hw_len, h,
		    ISC_ID_HARDWARE);
	if (rc == 0 && h->uid)
		rc = add_to_chain(t, &t->host_by_uid, h->uid, h->uid_len, h,
		    ISC_ID_UID);
	if (rc < 0)
		return rc;
	if (h->id_option) {
		h->same[ISC_ID_OPTION].next = t->id_hosts;
		t->id_hosts = h;
	}
	h->index = t->host_list.n;
	*t->hosts_tail = h;
	t->hosts_tail = &h->next;
	listed = config_list_add(&t->host_list, sizeof(*listed));
	if (!listed)
		return -ENOMEM;
	listed->name = h->name;
	listed->pos = h->pos;
	listed->client_id = h->uid;
	listed->client_id_len = h->uid_len;
	if (h->has_hw && h->hw_len == MAC_LEN + 1) {
		listed->has_mac = true;
		memcpy(listed->mac, h->hw + 1, MAC_LEN);
	}
	return 0;
}

int
isc_read_host(struct isc_parser *p, const struct isc_context *c)
{
	struct isc_context in = *c;
	struct isc_host *h = arena_alloc(&p->t->arena, sizeof(*h));
	int rc = isc_advance(p);

	if (!h)
		return -ENOMEM;
	h->pos = p->tok.pos;
	if (rc == 0)
		rc = read_host_name(p, &h->name);
	if (rc < 0)
		return rc;
	if (config_map_get(&p->t->host_by_name, h->name, strlen(h->name)))
		return isc_fail_at(p, h->pos,
		    "a host named %s is already declared", h->name);
	in.kind = ISC_IN_HOST;
	in.host = h;
	in.scope = h->scope = isc_scope_new(p, c->scope);
	if (!h->scope)
		return -ENOMEM;
	rc = isc_read_body(p, &in);
	if (rc < 0)
		return rc;
	find_uid(p->t, h);
	return add_host(p->t, h);
}

/* hardware TYPE BYTES; */
static int
read_hardware(struct isc_parser *p, struct isc_host *h)
{
	static const struct { const char *word; uint8_t type; } types[] = {
		{ "ethernet", 1 }, { "token-ring", 6 }, { "token", 6 },
		{ "fddi", 8 }, { "infiniband", 32 },
	};
	struct config_pos pos = p->tok.pos;
	const uint8_t *bytes;
	int64_t number = 0;
	size_t len, i;
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	for (i = 0; i < ARRAY_LEN(types) && !isc_is(p, types[i].word); i++)
		;
	if (i < ARRAY_LEN(types)) {
		number = types[i].type;
		rc = isc_advance(p);
	} else if (strncasecmp(p->tok.text, "unknown-", 8) == 0) {
		uint64_t v;

		if (parse_uint(p->tok.text + 8, 0, 255, &v, NULL) < 0)
			return isc_fail(p, "this is no type of hardware");
		number = (int64_t)v;
		rc = isc_advance(p);
	} else {
		return isc_fail(p,
		    "a type of hardware is expected here: ethernet, fddi, "
		    "token-ring or infiniband");
	}
	if (rc == 0 && p->tok.kind != ISC_T_NUMBER &&
	    p->tok.kind != ISC_T_HEX_OR_NAME)
		return isc_fail(p,
		    "an address like 52:54:00:12:34:56 is expected here");
	if (rc == 0)
		rc = isc_read_hex_list(p, &bytes, &len);
	if (rc < 0)
		return rc;
	if (len > sizeof(h->hw) - 1)
		return isc_fail_at(p, pos,
		    "a hardware address has at most 20 bytes");
	if (h->has_hw)
		return isc_fail_at(p, pos,
		    "this host has a hardware address already");
	h->has_hw = true;
	h->hw[0] = (uint8_t)number;
	memcpy(h->hw + 1, bytes, len);
	h->hw_len = len + 1;
	return isc_expect(p, ';', "the hardware address");
}

static int
read_fixed(struct isc_parser *p, struct isc_host *h)
{
	struct config_list addrs = { NULL, 0, 0 };
	uint32_t ip = 0, *at;
	bool known, over = h->is_fixed;
	struct config_pos pos = p->tok.pos;
	int rc;

	do {
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_read_ip_or_name(p, &ip, &known);
		if (rc == 0 && !known)
			rc = isc_gap(p->t, pos, isc_name_gap);
		if (rc < 0)
			break;
		at = known ? config_list_add(&addrs, sizeof(*at)) : &ip;
		if (!at) {
			rc = -ENOMEM;
			break;
		}
		*at = ip;
	} while (isc_is_char(p, ','));
	if (rc == 0 && over)
		rc = isc_fail_at(p, pos,
		    "this host has a fixed address already: write them in one "
		    "line");
	h->is_fixed = true;
	if (rc == 0) {
		h->n_addrs = addrs.n;
		h->addrs = (uint32_t *)(void *)arena_dup(&p->t->arena,
		    addrs.rows ?
		    addrs.rows : "", addrs.n * sizeof(ip));
		if (!h->addrs)
			rc = -ENOMEM;
	}
	free(addrs.rows);
	return rc < 0 ? rc : isc_expect(p, ';', "the addresses");
}

/* host-identifier option NAME VALUE; */
static int
read_identifier(struct isc_parser *p, struct isc_host *h)
{
	struct isc_expr *x;
	int rc = isc_advance(p);

	if (rc == 0 && !isc_is(p, "option"))
		return isc_fail(p, "'option' is expected here");
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0)
		rc = isc_read_option_name(p, &h->id_option);
	if (rc == 0 && !h->id_option->type)
		return isc_fail(p, "no option named %s is declared here",
		    h->id_option->name);
	if (rc == 0)
		rc = isc_read_value(p, h->id_option, &x);
	if (rc < 0)
		return rc;
	h->id = x->bytes;
	h->id_len = x->len;
	return isc_expect(p, ';', "the identifier");
}

static int
read_uid(struct isc_parser *p, struct isc_host *h)
{
	int rc = isc_advance(p);

	if (rc < 0)
		return rc;
	if (p->tok.kind == ISC_T_STRING) {
		h->uid = (const uint8_t *)p->tok.text;
		h->uid_len = p->tok.len;
		rc = isc_advance(p);
	} else {
		rc = isc_read_hex_list(p, &h->uid, &h->uid_len);
	}
	return rc < 0 ? rc : isc_expect(p, ';', "the identifier");
}

static int
skip_word(struct isc_parser *p)
{
	int rc = isc_advance(p);

	return rc < 0 ? rc : isc_expect(p, ';', "the statement");
}

int
isc_read_host_decl(struct isc_parser *p, const struct isc_context *c,
    bool *ret_done)
{
	*ret_done = true;
	if (isc_is(p, "hardware"))
		return read_hardware(p, c->host);
	if (isc_is(p, "fixed-address"))
		return read_fixed(p, c->host);
	if (isc_is(p, "host-identifier"))
		return read_identifier(p, c->host);
	if (isc_is(p, "uid"))
		return read_uid(p, c->host);
	if (isc_is(p, "dynamic") || isc_is(p, "deleted"))
		return skip_word(p);
	*ret_done = false;
	return 0;
}
