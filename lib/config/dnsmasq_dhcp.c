/* dnsmasq_dhcp.c - dhcp-host and dhcp-range. */
#include "config/dnsmasq_tree.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>

/*
 * A time with its unit: "12h". Return: false, and @s as it was, if it is
 * none. An empty number is 0, as for the server.
 */
static bool
lease_time(char *s, uint32_t *ret, bool *ret_empty)
{
	size_t len = strlen(s);
	uint64_t factor = 1, n = 0;
	const char *p;

	*ret_empty = true;
	if (len > 0) {
		switch (tolower((unsigned char)s[len - 1])) {
		case 'w':
			factor *= 7;
			/* fall through */
		case 'd':
			factor *= 24;
			/* fall through */
		case 'h':
			factor *= 60;
			/* fall through */
		case 'm':
			factor *= 60;
			/* fall through */
		case 's':
			len--;
			break;
		default:
			break;
		}
	}
	for (p = s; p < s + len; p++) {
		if (*p < '0' || *p > '9')
			return false;
		*ret_empty = false;
		if (n < UINT32_MAX)
			n = n * 10 + (uint64_t)(*p - '0');
	}
	n = (uint32_t)n * factor;
	*ret = n < DNSMASQ_LEASE_MIN ? DNSMASQ_LEASE_MIN : (uint32_t)n;
	return true;
}

/* Letters, digits, '-', '_' and, after the first label, whatever it is. */
static bool
is_hostname(const char *s)
{
	bool first = true;

	for (; *s != '\0' && *s != '.'; s++, first = false) {
		if (isalnum((unsigned char)*s))
			continue;
		if (first || (*s != '-' && *s != '_'))
			return false;
	}
	return true;
}

static int
host_name(struct dnsmasq_line *l, struct dnsmasq_host *h, char *arg)
{
	size_t len;
	char *dot;

	dnsmasq_unhide(arg);
	len = strlen(arg);
	if (len > 0 && arg[len - 1] == '.')
		arg[len - 1] = '\0';
	for (const char *p = arg; *p != '\0'; p++)
		if (iscntrl((unsigned char)*p))
			return dnsmasq_bad(l, arg, "'%s' is no host name", arg);
	if (!is_hostname(arg))
		return dnsmasq_bad(l, arg, "'%s' is no host name: letters, "
		    "digits, and '-' or '_' within", arg);
	dot = strchr(arg, '.');
	if (dot != NULL)
		*dot = '\0';
	if (*arg == '\0')
		return 0;
	h->name = arena_strdup(&l->tree->arena, arg);
	return h->name != NULL ? 0 : -ENOMEM;
}

static int
host_mac(struct dnsmasq_line *l, struct dnsmasq_host *h, const char *arg)
{
	struct dnsmasq_mac *m = arena_alloc(&l->tree->arena, sizeof(*m));
	int n;

	if (m == NULL)
		return -ENOMEM;
	n = dnsmasq_hex(arg, m->bytes, sizeof(m->bytes), &m->wild, &m->type);
	if (n < 0)
		return dnsmasq_bad(l, arg, "'%s' is no hardware address: bytes "
		    "in hex with ':' between", arg);
	m->len = (size_t)n;
	m->next = h->macs;
	h->macs = m;
	h->has_wild |= m->wild != 0;
	return 0;
}

static int
host_client_id(struct dnsmasq_line *l, struct dnsmasq_host *h, char *arg)
{
	size_t len = strlen(arg);

	if (*arg == '*') {
		h->ignores_client_id = true;
		return 0;
	}
	if (strchr(arg, ':') != NULL) {
		uint8_t *b = arena_alloc(&l->tree->arena, len + 1);
		int n;

		if (b == NULL)
			return -ENOMEM;
		n = dnsmasq_hex(arg, b, len + 1, NULL, NULL);
		if (n < 0)
			return dnsmasq_bad(l, arg, "'%s' is no client "
			    "identifier: bytes in hex with ':' between, or "
			    "text", arg);
		h->client_id = b;
		h->client_id_len = (size_t)n;
		return 0;
	}
	dnsmasq_unhide(arg);
	h->client_id = (uint8_t *)arena_dup(&l->tree->arena, arg, len);
	h->client_id_len = strlen(arg);
	return h->client_id != NULL ? 0 : -ENOMEM;
}

static int
host_addr6(struct dnsmasq_line *l, struct dnsmasq_host *h, char *arg)
{
	struct in6_addr a;
	char *end = strchr(arg, ']');

	if (end == NULL || end[1] != '\0')
		return dnsmasq_bad(l, arg, "']' is missing after '%s'", arg);
	*end = '\0';
	end = strchr(arg, '/');
	if (end != NULL)
		*end = '\0';
	if (inet_pton(AF_INET6, arg + 1, &a) != 1)
		return dnsmasq_bad(l, arg, "'%s' is no IPv6 address", arg + 1);
	h->has_addr6 = true;
	return 0;
}

static int
host_addr(struct dnsmasq_line *l, struct dnsmasq_host *h, struct in_addr a)
{
	const struct dnsmasq_key *k = dnsmasq_key_first(l->tree,
	    DNSMASQ_K_ADDR, (uint8_t *)&a, sizeof(a));
	uint8_t *bytes;
	char text[IP_TEXT_MAX];

	if (k != NULL)
		return dnsmasq_bad(l, NULL, "address %s is already given to "
		    "the host in line %u of %s", ipv4_format(a, text),
		    k->host->pos.line, k->host->pos.file);
	h->has_addr = true;
	h->addr = a;
	bytes = (uint8_t *)arena_dup(&l->tree->arena, &a, sizeof(a));
	return bytes == NULL ? -ENOMEM : dnsmasq_key_add(l->tree,
	    DNSMASQ_K_ADDR, bytes, sizeof(a), 0, h);
}

static int
host_word(struct dnsmasq_line *l, struct dnsmasq_host *h, char *arg)
{
	struct in_addr a;
	uint32_t seconds;
	bool empty;

	if (strchr(arg, ':') != NULL) {
		if ((arg[0] == 'i' || arg[0] == 'I') &&
		    (arg[1] == 'd' || arg[1] == 'D') && arg[2] == ':')
			return host_client_id(l, h, arg + 3);
		if (text_starts(arg, "net:") || text_starts(arg, "set:"))
			return dnsmasq_set_add(l, arg +
			    (text_starts(arg, "net:") ? 4 : 0), &h->sets);
		if (text_starts(arg, "tag:"))
			return dnsmasq_cond_add(l, arg, &h->filter);
		if (arg[0] == '[')
			return host_addr6(l, h, arg);
		return host_mac(l, h, arg);
	}
	if (strchr(arg, '.') != NULL && dnsmasq_ipv4(arg, &a))
		return host_addr(l, h, a);
	if (strlen(arg) > 1 || isdigit((unsigned char)*arg)) {
		if (lease_time(arg, &seconds, &empty)) {
			h->has_time |= !empty;
			if (!empty)
				h->lease_time = seconds;
			return 0;
		}
	}
	if (*arg == '\0')
		return 0;
	if (strcmp(arg, "infinite") == 0) {
		h->has_time = true;
		h->lease_time = UINT32_MAX;
		return 0;
	}
	if (strcmp(arg, "ignore") == 0) {
		h->ignored = true;
		return 0;
	}
	return host_name(l, h, arg);
}

static int
host_keys(struct dnsmasq_tree *t, struct dnsmasq_host *h)
{
	int rc = 0;

	for (const struct dnsmasq_mac *m = h->macs; m != NULL && rc == 0;
	    m = m->next)
		if (m->wild == 0)
			rc = dnsmasq_key_add(t, DNSMASQ_K_MAC, m->bytes, m->len,
			    m->type, h);
	if (rc == 0 && h->client_id != NULL)
		rc = dnsmasq_key_add(t, DNSMASQ_K_ID, h->client_id,
		    h->client_id_len, 0, h);
	if (rc == 0 && h->name != NULL)
		rc = dnsmasq_key_add(t, DNSMASQ_K_NAME,
		    (const uint8_t *)h->name,
		    strlen(h->name), 0, h);
	return rc;
}

int
dnsmasq_read_host(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_host *h = arena_alloc(&t->arena, sizeof(*h));
	int rc;

	if (h == NULL)
		return -ENOMEM;
	h->pos = l->pos;
	h->serial = (unsigned int)t->n_hosts;
	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);

		rc = host_word(l, h, arg);
		if (rc < 0)
			return rc;
		arg = rest;
	}
	rc = host_keys(t, h);
	if (rc < 0)
		return rc;
	h->next = t->hosts;
	t->hosts = h;
	t->n_hosts++;
	t->n_wild_hosts += h->has_wild;
	return 0;
}

static bool
same_net(struct in_addr a, struct in_addr b, struct in_addr mask)
{
	return (a.s_addr & mask.s_addr) == (b.s_addr & mask.s_addr);
}

/* Could this be the first address, or what else stands before it? */
static bool
is_address_like(const char *s)
{
	s += strspn(s, " .:0123456789abcdefABCDEF");
	return *s == ',' || *s == '\0';
}

static int
range_tags(struct dnsmasq_line *l, struct dnsmasq_range *r, char **arg)
{
	while (!is_address_like(*arg)) {
		char *rest = dnsmasq_split(*arg);
		int rc = 0;

		if (rest == NULL)
			break;
		if (dnsmasq_is_tag(*arg)) {
			if ((*arg)[4] != '\0')
				rc = dnsmasq_cond_add(l, *arg, &r->filter);
		} else if (r->tag != NULL) {
			return dnsmasq_bad(l, *arg, "'%s' is no address, and "
			    "of tags a range sets one only, here '%s'", *arg,
			    r->tag->name);
		} else {
			r->tag = dnsmasq_sets(l, *arg);
			rc = r->tag != NULL ? 0 : -ENOMEM;
		}
		if (rc < 0)
			return rc;
		*arg = rest;
	}
	return 0;
}

enum { RANGE_WORDS = 8 };

static int
range4(struct dnsmasq_line *l, struct dnsmasq_range *r, char **a, size_t n)
{
	size_t at = 2;
	bool empty;

	r->end = r->start;
	if (strcmp(a[1], "static") == 0)
		r->is_static = true;
	else if (strcmp(a[1], "proxy") == 0)
		r->is_proxy = true;
	else if (!dnsmasq_ipv4(a[1], &r->end))
		return dnsmasq_bad(l, a[1], "'%s' is neither the range's last "
		    "address nor 'static' nor 'proxy'", a[1]);
	if (ntohl(r->start.s_addr) > ntohl(r->end.s_addr)) {
		struct in_addr x = r->start;

		r->start = r->end;
		r->end = x;
	}
	if (n >= 3 && strchr(a[2], '.') != NULL &&
	    dnsmasq_ipv4(a[2], &r->mask)) {
		r->has_mask = true;
		at = 3;
		if (!same_net(r->start, r->end, r->mask))
			return dnsmasq_bad(l, a[1], "the two ends are not in "
			    "one network of mask %s", a[2]);
		if (n >= 4 && strchr(a[3], '.') != NULL &&
		    dnsmasq_ipv4(a[3], &r->broadcast)) {
			r->has_broadcast = true;
			at = 4;
		}
	}
	if (at >= n)
		return 0;
	if (strcmp(a[at], "infinite") == 0)
		r->lease_time = UINT32_MAX;
	else if (!lease_time(a[at], &r->lease_time, &empty))
		return dnsmasq_bad(l, a[at], "'%s' is no lease time", a[at]);
	else if (*a[at] == '\0')
		r->lease_time = DNSMASQ_LEASE_DEFAULT;
	if (at + 1 < n)
		return dnsmasq_bad(l, a[at + 1], "'%s' follows the lease time, "
		    "where nothing may follow", a[at + 1]);
	return 0;
}

static bool
is_mode6(const char *s)
{
	static const char *const modes[] = { "static", "ra-only", "ra-names",
	    "ra-advrouter", "ra-stateless", "slaac", "off-link" };

	for (size_t i = 0; i < ARRAY_LEN(modes); i++)
		if (strcmp(s, modes[i]) == 0)
			return true;
	return text_starts(s, "constructor:");
}

/* Checked only: IPv6 is not answered here. */
static int
range6(struct dnsmasq_line *l, const struct in6_addr *start, char **a, size_t n)
{
	struct in6_addr end = *start;
	uint64_t bits = 64;
	uint32_t seconds;
	size_t at = 1;
	bool empty;

	while (at < n && (is_mode6(a[at]) ||
	    inet_pton(AF_INET6, a[at], &end) == 1))
		at++;
	if (at < n && parse_uint(a[at], 0, 128, &bits, NULL) == 0)
		at++;
	for (size_t i = 0; i < bits / 8; i++)
		if (start->s6_addr[i] != end.s6_addr[i])
			return dnsmasq_bad(l, a[0], "the two ends are not in "
			    "one network of %u bits", (unsigned int)bits);
	if (at < n && strcmp(a[at], "infinite") != 0 &&
	    strcmp(a[at], "deprecated") != 0 &&
	    !lease_time(a[at], &seconds, &empty))
		return dnsmasq_bad(l, a[at], "'%s' is no lease time", a[at]);
	if (at + 1 < n)
		return dnsmasq_bad(l, a[at + 1], "'%s' is too much", a[at + 1]);
	return 0;
}

int
dnsmasq_read_range(struct dnsmasq_line *l, char *arg)
{
	struct dnsmasq_tree *t = l->tree;
	struct dnsmasq_range *r = arena_alloc(&t->arena, sizeof(*r));
	char *a[RANGE_WORDS];
	struct in6_addr start6;
	size_t n;
	int rc;

	if (r == NULL)
		return -ENOMEM;
	r->pos = l->pos;
	r->lease_time = DNSMASQ_LEASE_DEFAULT;
	rc = range_tags(l, r, &arg);
	if (rc < 0)
		return rc;
	a[0] = arg;
	for (n = 1; n < RANGE_WORDS; n++) {
		a[n] = dnsmasq_split(a[n - 1]);
		if (a[n] == NULL)
			break;
	}
	if (n < 2)
		return dnsmasq_bad(l, arg, "'%s' is no range: a first address, "
		    "and the last one or 'static' or 'proxy'%s%s%s", a[0],
		    r->tag != NULL ? "; what stands before, '" : "",
		    r->tag != NULL ? r->tag->name : "",
		    r->tag != NULL ? "', is taken for a tag" : "");
	if (inet_pton(AF_INET6, a[0], &start6) == 1)
		return range6(l, &start6, a, n);
	if (!dnsmasq_ipv4(a[0], &r->start))
		return dnsmasq_bad(l, a[0], "'%s' is no address", a[0]);
	rc = range4(l, r, a, n);
	if (rc < 0)
		return rc;
	*t->last_range = r;
	t->last_range = &r->next;
	return 0;
}
