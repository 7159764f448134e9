#include "lint/space.h"

#include "base/sbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HW_LEN = 1 + MAC_LEN, VALUE_MAX = 512, NO_VALUE = -1 };

/* What the kind of client already settles (kinds.h). */
static bool
is_of_kind(uint8_t code)
{
	switch (code) {
	case DHCP4_OPT_MSG_TYPE:
	case DHCP4_OPT_PRL:
	case DHCP4_OPT_MAX_SIZE:
	case DHCP4_OPT_VENDOR_CLASS:
	case DHCP4_OPT_ARCH:
	case DHCP4_OPT_UNDI:
	case DHCP4_OPT_IPXE:
	case DHCP4_OPT_REQUESTED_IP:
	case DHCP4_OPT_OVERLOAD:
	case DHCP4_OPT_SERVER_ID:
		return true;
	default:
		return false;
	}
}

/* iPXE and gPXE are kinds; what resembles them is what nobody sends. */
static bool
is_known_user_class(const struct config_literal *l)
{
	const uint8_t *p = l->bytes;
	size_t len = l->len;

	if (len == 5 && p[0] == 4) {            /* the form of RFC 3004 */
		p++;
		len--;
	}
	return len == 0 || (len <= 4 &&
	    (strncasecmp((const char *)p, "iPXE", len) == 0 ||
	    strncasecmp((const char *)p, "gPXE", len) == 0));
}

static struct space_dim *
dim_of(struct space *s, const struct config_literal *l)
{
	struct space_dim *d;

	for (size_t i = 0; i < s->n_dims; i++) {
		d = &s->dim[i];
		if (d->field == l->field && d->code == l->code &&
		    d->sub == l->sub)
			return d;
	}
	if (s->n_dims == SPACE_DIMS_MAX) {
		s->cut = true;
		return NULL;
	}
	d = &s->dim[s->n_dims++];
	*d = (struct space_dim){ .field = l->field, .code = l->code,
	    .sub = l->sub };
	return d;
}

static int
add_value(struct space *s, struct space_dim *d, const uint8_t *bytes,
    size_t len)
{
	const char *copy;

	for (size_t i = 0; i < d->n; i++) {
		if (d->value[i].len == len &&
		    memcmp(d->value[i].bytes, bytes, len) == 0)
			return 0;
	}
	if (d->n == SPACE_VALUES_MAX) {
		s->cut = true;
		return 0;
	}
	if (d->n == d->cap) {
		size_t cap = d->cap ? d->cap * 2 : 8;
		void *more = realloc(d->value, cap * sizeof(*d->value));

		if (!more)
			return -ENOMEM;
		d->value = more;
		d->cap = cap;
	}
	copy = arena_dup(&s->arena, bytes, len);
	if (!copy)
		return -ENOMEM;
	d->value[d->n++] = (struct space_value){ (const uint8_t *)copy, len };
	return 0;
}

/* The field's whole value for which the comparison holds. */
static int
add_literal(struct space *s, const struct config_literal *l)
{
	uint8_t bytes[VALUE_MAX] = { 0 };
	struct space_dim *d;
	size_t len = l->off + l->len;

	if (l->field == CONFIG_F_KNOWN || l->field == CONFIG_F_OTHER ||
	    (l->field == CONFIG_F_OPTION && is_of_kind(l->code)) ||
	    (l->field == CONFIG_F_OPTION && l->code == DHCP4_OPT_USER_CLASS &&
	    is_known_user_class(l)) || len > sizeof(bytes))
		return 0;
	if (l->field == CONFIG_F_HARDWARE) {
		bytes[0] = 1;                   /* Ethernet */
		memcpy(bytes + 1, s->mac, MAC_LEN);
		if (l->len == 0 || len > HW_LEN ||
		    (l->off == 0 && l->bytes[0] != 1))
			return 0;               /* no machine of ours */
	}
	if (l->field == CONFIG_F_GIADDR && len != 4)
		return 0;
	if (l->len > 0)
		memcpy(bytes + l->off, l->bytes, l->len);
	else
		bytes[len++] = 'x';             /* there at all */
	d = dim_of(s, l);
	return d ? add_value(s, d, bytes,
	    l->field == CONFIG_F_HARDWARE ? HW_LEN : len) : 0;
}

static bool
mac_is_free(const uint8_t mac[MAC_LEN], const struct config_host *hosts,
    size_t n_hosts)
{
	for (size_t i = 0; i < n_hosts; i++) {
		if (hosts[i].has_mac &&
		    memcmp(hosts[i].mac, mac, MAC_LEN) == 0)
			return false;
	}
	return true;
}

int
space_init(struct space *s, const struct config_literal *lits, size_t n,
    const struct config_host *hosts, size_t n_hosts)
{
	/* locally administered, so that no maker's prefix is met */
	static const uint8_t first[MAC_LEN] = { 0x02, 0xf0, 0x0d, 0, 0, 0 };
	size_t sum = 1;
	size_t product = 1;
	int rc = 0;

	memset(s, 0, sizeof(*s));
	memcpy(s->mac, first, sizeof(s->mac));
	while (!mac_is_free(s->mac, hosts, n_hosts) && ++s->mac[5] != 0)
		;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = add_literal(s, &lits[i]);
	if (rc < 0) {
		space_release(s);
		return rc;
	}
	for (size_t i = 0; i < s->n_dims; i++) {
		sum += s->dim[i].n;
		if (product <= SPACE_VARIANTS_MAX)
			product *= s->dim[i].n + 1;
	}
	s->cut = s->cut || product > SPACE_VARIANTS_MAX;
	s->n_variants = s->cut ? sum : product;
	return 0;
}

void
space_release(struct space *s)
{
	for (size_t i = 0; i < s->n_dims; i++)
		free(s->dim[i].value);
	s->n_dims = 0;
	arena_release(&s->arena);
}

/* The value that dimension @d has in a variant; NO_VALUE: as the client is. */
static int
value_of(const struct space *s, size_t variant, size_t d)
{
	if (s->cut) {                   /* one field at a time */
		variant--;              /* 0 was the client as it is */
		for (size_t i = 0; i < d; i++)
			variant -= s->dim[i].n;
		return variant < s->dim[d].n ? (int)variant : NO_VALUE;
	}
	for (size_t i = 0; i < d; i++)
		variant /= s->dim[i].n + 1;
	return (int)(variant % (s->dim[d].n + 1)) - 1;
}

static bool
apply(const struct space_dim *d, const struct space_value *v,
    const struct persona *p, struct ask *a)
{
	uint8_t sub[2 + VALUE_MAX];
	struct wr w = wr_init(sub, sizeof(sub));
	char *copy;

	if (d->field == CONFIG_F_HARDWARE) {
		a->has_mac = true;
		memcpy(a->mac, v->bytes + 1, MAC_LEN);
		return true;
	}
	if (d->field == CONFIG_F_GIADDR) {
		memcpy(&a->giaddr.s_addr, v->bytes, v->len);
		return true;
	}
	if (d->code == DHCP4_OPT_USER_CLASS && p->kind != PERSONA_IPXE)
		return false;
	if (d->sub == 0) {
		a->opt[d->code] =
		    (struct ask_opt){ true, v->bytes, v->len };
		return true;
	}
	wr_u8(&w, d->sub);
	wr_u8(&w, (uint8_t)v->len);
	wr_bytes(&w, v->bytes, v->len);
	copy = arena_dup(&a->arena, sub, w.len);
	if (!copy || v->len > UINT8_MAX)
		return false;
	a->opt[d->code] = (struct ask_opt){ true, (uint8_t *)copy, w.len };
	return true;
}

bool
space_apply(const struct space *s, size_t variant, const struct persona *p,
    struct ask *a)
{
	for (size_t d = 0; variant > 0 && d < s->n_dims; d++) {
		int i = value_of(s, variant, d);

		if (i != NO_VALUE &&
		    !apply(&s->dim[d], &s->dim[d].value[i], p, a))
			return false;
	}
	return true;
}

void
space_describe(const struct space *s, size_t variant, struct sbuf *out)
{
	for (size_t d = 0; variant > 0 && d < s->n_dims; d++) {
		const struct space_dim *dim = &s->dim[d];
		int i = value_of(s, variant, d);

		if (i == NO_VALUE)
			continue;
		sbuf_sep(out, ", ");
		if (dim->field == CONFIG_F_HARDWARE)
			sbuf_add(out, "hardware ");
		else if (dim->field == CONFIG_F_GIADDR)
			sbuf_add(out, "relay ");
		else if (dim->sub)
			sbuf_printf(out, "option %u.%u ", dim->code,
			    dim->sub);
		else
			sbuf_printf(out, "option %u ", dim->code);
		if (dim->field == CONFIG_F_OPTION &&
		    text_is_clean(dim->value[i].bytes, dim->value[i].len))
			sbuf_escape(out, dim->value[i].bytes,
			    dim->value[i].len);
		else
			sbuf_hex(out, dim->value[i].bytes, dim->value[i].len,
			    ":");
	}
}
