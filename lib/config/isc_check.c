/* What a whole configuration says that never takes effect. */
#include "config/isc_check.h"
#include "config/isc_net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static void
put(struct sbuf *out, const void *bytes, size_t len)
{
	sbuf_addn(out, &len, sizeof(len));
	if (len > 0)
		sbuf_addn(out, bytes, len);
}

void
isc_expr_text(const struct isc_expr *x, struct sbuf *out)
{
	size_t i;

	sbuf_addn(out, &x->op, sizeof(x->op));
	sbuf_addn(out, &x->option, sizeof(struct isc_option *));
	sbuf_addn(out, &x->number, sizeof(x->number));
	put(out, x->bytes, x->len);
	for (i = 0; i < ARRAY_LEN(x->arg); i++) {
		sbuf_addc(out, x->arg[i] ? '(' : ')');
		if (x->arg[i])
			isc_expr_text(x->arg[i], out);
	}
}

/* The values of its subclasses are what a class compares with. */
static int
note_subclasses(struct isc_tree *t, const struct isc_class *k)
{
	const struct isc_class *sub;
	int rc = 0;

	for (sub = k->submatch ? k->subs : NULL; sub && rc == 0;
	    sub = sub->next) {
		struct isc_expr value = { .op = ISC_X_CONST,
		    .bytes = sub->value, .len = sub->value_len };
		struct isc_expr equal = { .op = ISC_X_EQUAL, .pos = sub->pos,
		    .arg = { k->submatch, &value } };

		rc = isc_note_pair(t, &equal, k->submatch, &value);
	}
	return rc;
}

static int
check_empty(struct isc_tree *t, const struct isc_class *k)
{
	if (k->match_if || !k->scope->first ||
	    (k->submatch && (k->subs || k->spawning)))
		return 0;
	return isc_remark(t, k->pos, "class-test-never-matches",
	    k->submatch ? "class \"%.60s\" has a 'match' and no subclass: no "
	    "client is ever in it" : "class \"%.60s\" has no 'match': no "
	    "client is ever in it", k->name);
}

static const struct isc_stmt *
find_setting(const struct isc_scope *scope, const struct isc_option *o)
{
	const struct isc_stmt *s;

	for (s = scope->first; s; s = s->next) {
		if (s->kind == ISC_S_OPTION && s->option == o &&
		    s->how == ISC_SUPERSEDE)
			return s;
	}
	return NULL;
}

/*
 * Of two classes for the same clients the one that is declared first has the
 * last word, so that what both set is as it says.
 */
static int
check_same(struct isc_tree *t, const struct isc_class *k,
    const struct isc_class *first)
{
	const struct isc_stmt *s, *winner;

	for (s = k->scope->first; s; s = s->next) {
		winner = s->kind == ISC_S_OPTION && s->how == ISC_SUPERSEDE ?
		    find_setting(first->scope, s->option) : NULL;
		if (winner)
			return isc_remark(t, s->pos, "statement-without-effect",
			    "class \"%.60s\" holds the same clients and is "
			    "declared before: what its line %u says of this "
			    "counts", first->name, winner->pos.line);
	}
	return 0;
}

static int
check_classes(struct isc_tree *t)
{
	struct config_map by_text = { .slots = NULL };
	struct sbuf text = SBUF_EMPTY;
	struct isc_class *k, *first;
	const char *key;
	int rc = 0;

	for (k = t->classes; k && rc == 0; k = k->next) {
		rc = note_subclasses(t, k);
		if (rc == 0)
			rc = check_empty(t, k);
		if (rc < 0 || !k->match_if || k->submatch)
			continue;
		sbuf_clear(&text);
		isc_expr_text(k->match_if, &text);
		first = config_map_get(&by_text, sbuf_str(&text), text.len);
		if (first) {
			rc = check_same(t, k, first);
			continue;
		}
		key = arena_dup(&t->arena, sbuf_str(&text), text.len);
		rc = key ? config_map_put(&by_text, &t->arena, key, text.len, k) :
		    -ENOMEM;
	}
	sbuf_release(&text);
	return rc;
}

static const struct isc_shared *
network_of(const struct isc_tree *t, uint32_t ip)
{
	const struct isc_subnet *s = isc_subnet_find(t, NULL, ip);

	return s ? s->shared : NULL;
}

/*
 * The host before @h in its chain that dhcpd takes in its place wherever the
 * client is. One with addresses counts on their networks, one without
 * everywhere else.
 */
static const struct isc_host *
shadow_of(const struct isc_tree *t, const struct isc_host *first,
    const struct isc_host *h, enum isc_id id)
{
	const struct isc_shared *net = h->n_addrs == 1 ?
	    network_of(t, h->addrs[0]) : NULL;
	const struct isc_host *e;
	size_t i;

	/* several addresses: for a machine that goes from net to net */
	if (h->is_fixed && !net)
		return NULL;
	for (e = first; e != h; e = e->same[id].next) {
		if (!h->is_fixed && !e->is_fixed)
			return e;
		for (i = 0; h->is_fixed && i < e->n_addrs; i++) {
			if (network_of(t, e->addrs[i]) == net)
				return e;
		}
	}
	return NULL;
}

static int
check_chain(struct isc_tree *t, const struct isc_host *first,
    const struct isc_host *h, enum isc_id id)
{
	const struct isc_host *e = shadow_of(t, first, h, id);

	if (!e)
		return 0;
	return isc_remark(t, h->pos, "host-shadowed",
	    "host %.60s in line %u has the same %s and is declared before: "
	    "dhcpd takes that one, and this one never", e->name, e->pos.line,
	    id == ISC_ID_UID ? "client identifier" : "hardware address");
}

static int
check_hosts(struct isc_tree *t)
{
	enum { CHAIN_MAX = 64 };        /* remarks on one machine */
	const struct isc_host *h, *e;
	size_t n;
	int rc = 0;

	for (h = t->hosts; h && rc == 0; h = h->next) {
		enum isc_id id = h->uid ? ISC_ID_UID : ISC_ID_HARDWARE;
		const struct config_map *m = h->uid ? &t->host_by_uid :
		    &t->host_by_hw;

		/* by two identities it may be met by the other one */
		if (h->has_hw == (h->uid != NULL) || config_map_get(m, h->uid ?
		    h->uid : h->hw, h->uid ? h->uid_len : h->hw_len) != h)
			continue;
		e = h->same[id].next;
		for (n = 0; e && n < CHAIN_MAX && rc == 0; n++) {
			if (e->has_hw != (e->uid != NULL))
				rc = check_chain(t, h, e, id);
			e = e->same[id].next;
		}
	}
	return rc;
}

/* gPXE has been iPXE since 2010, and says so. */
static int
check_gpxe(struct isc_tree *t)
{
	const struct config_literal *l = t->literals.rows, *gpxe = NULL;
	size_t i;

	for (i = 0; i < t->literals.n; i++) {
		if (l[i].field != CONFIG_F_OPTION)
			continue;
		if (l[i].code == DHCP4_OPT_IPXE ||
		    (l[i].code == DHCP4_OPT_USER_CLASS && l[i].len > 0 &&
		    memmem(l[i].bytes, l[i].len, "iPXE", 4)))
			return 0;
		if (l[i].code == DHCP4_OPT_USER_CLASS && l[i].len > 0 &&
		    memmem(l[i].bytes, l[i].len, "gPXE", 4))
			gpxe = &l[i];
	}
	return !gpxe ? 0 : isc_remark(t, gpxe->pos, "deprecated-form",
	    "gPXE is no longer made: its successor says \"iPXE\", and is not "
	    "recognised here");
}

/*
 * What is published of a configuration, or included into one, often declares
 * no network. dhcpd would answer nobody; what it says of booting can be asked
 * for all the same, as if all clients were on one network.
 */
static int
assume_network(struct isc_tree *t)
{
	struct isc_subnet *s = arena_alloc(&t->arena, sizeof(*s));
	struct isc_shared *shared = arena_alloc(&t->arena, sizeof(*shared));
	struct isc_scope *scope = arena_alloc(&t->arena, sizeof(*scope));
	struct isc_pool *pool = arena_alloc(&t->arena, sizeof(*pool));
	struct isc_range *range = arena_alloc(&t->arena, sizeof(*range));
	struct config_network *n = config_list_add(&t->networks, sizeof(*n));
	struct config_pos nowhere = { .file = "" };
	int rc;

	if (!s || !shared || !scope || !pool || !range || !n)
		return -ENOMEM;
	scope->outer = t->root;
	*range = (struct isc_range){ .low = ISC_ASSUMED_IP + 1,
	    .high = ISC_ASSUMED_IP + 100, .subnet = s };
	pool->ranges = range;
	*shared = (struct isc_shared){ .scope = t->root, .pools = pool,
	    .n_subnets = 1, .pos = nowhere, .is_implicit = true };
	*s = (struct isc_subnet){ .scope = scope, .shared = shared,
	    .pos = nowhere, .is_assumed = true };
	n->name = "a network that is not declared";
	n->server_ip.s_addr = htonl(ISC_ASSUMED_IP);
	n->pos = nowhere;
	rc = isc_subnet_add(t, s);
	return rc < 0 ? rc : isc_gap(t, nowhere, "no network is declared: "
	    "clients are asked for as if all were on one");
}

int
isc_finish(struct isc_tree *t)
{
	int rc = check_classes(t);

	if (rc == 0)
		rc = check_hosts(t);
	if (rc == 0)
		rc = check_gpxe(t);
	if (rc == 0 && !t->subnets)
		rc = assume_network(t);
	return rc < 0 ? rc : isc_alike(t);
}
