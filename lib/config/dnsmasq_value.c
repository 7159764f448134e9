/*
 * dnsmasq_value.c - dhcp-option and dhcp-match: which option, and what its
 * bytes are.
 *
 * The value has no type written to it. dnsmasq looks at the characters and
 * takes the first kind that fits all of them: bytes in hex, a number,
 * addresses, text; the options it knows narrow the choice.
 */
#include "config/dnsmasq_tree.h"

#include <errno.h>
#include <strings.h>

/* What is known of an option's value. */
enum {
	T_ADDRS = 0x8000,
	T_INTERNAL = 0x2000,            /* may be matched, not set by name */
	T_NAME = 0x1000,
	T_TIME = 0x0200,
	T_DOMAINS = 0x4000,
	T_SIZE = 0x00ff,
};

static const struct known {
	uint8_t code;
	const char *name;
	unsigned int type;
} known[] = {
	{ 1, "netmask", T_ADDRS },
	{ 2, "time-offset", 4 },
	{ 3, "router", T_ADDRS },
	{ 6, "dns-server", T_ADDRS },
	{ 7, "log-server", T_ADDRS },
	{ 9, "lpr-server", T_ADDRS },
	{ 12, "hostname", T_INTERNAL | T_NAME },
	{ 13, "boot-file-size", 2 },
	{ 15, "domain-name", T_NAME },
	{ 16, "swap-server", T_ADDRS },
	{ 17, "root-path", T_NAME },
	{ 18, "extension-path", T_NAME },
	{ 19, "ip-forward-enable", 1 },
	{ 20, "non-local-source-routing", 1 },
	{ 21, "policy-filter", T_ADDRS },
	{ 22, "max-datagram-reassembly", 2 },
	{ 23, "default-ttl", 1 },
	{ 26, "mtu", 2 },
	{ 27, "all-subnets-local", 1 },
	{ 28, "broadcast", T_INTERNAL | T_ADDRS },
	{ 31, "router-discovery", 1 },
	{ 32, "router-solicitation", T_ADDRS },
	{ 33, "static-route", T_ADDRS },
	{ 34, "trailer-encapsulation", 1 },
	{ 35, "arp-timeout", 4 },
	{ 36, "ethernet-encap", 1 },
	{ 37, "tcp-ttl", 1 },
	{ 38, "tcp-keepalive", 4 },
	{ 40, "nis-domain", T_NAME },
	{ 41, "nis-server", T_ADDRS },
	{ 42, "ntp-server", T_ADDRS },
	{ 43, "vendor-encap", T_INTERNAL },
	{ 44, "netbios-ns", T_ADDRS },
	{ 45, "netbios-dd", T_ADDRS },
	{ 46, "netbios-nodetype", 1 },
	{ 47, "netbios-scope", 0 },
	{ 48, "x-windows-fs", T_ADDRS },
	{ 49, "x-windows-dm", T_ADDRS },
	{ 50, "requested-address", T_INTERNAL | T_ADDRS },
	{ 51, "lease-time", T_INTERNAL | T_TIME },
	{ 52, "option-overload", T_INTERNAL },
	{ 53, "message-type", T_INTERNAL },
	{ 54, "server-identifier", T_INTERNAL | T_ADDRS },
	{ 55, "parameter-request", T_INTERNAL },
	{ 56, "message", T_INTERNAL },
	{ 57, "max-message-size", T_INTERNAL },
	{ 58, "T1", T_TIME },
	{ 59, "T2", T_TIME },
	{ 60, "vendor-class", 0 },
	{ 61, "client-id", T_INTERNAL },
	{ 64, "nis+-domain", T_NAME },
	{ 65, "nis+-server", T_ADDRS },
	{ 66, "tftp-server", T_NAME },
	{ 67, "bootfile-name", T_NAME },
	{ 68, "mobile-ip-home", T_ADDRS },
	{ 69, "smtp-server", T_ADDRS },
	{ 70, "pop3-server", T_ADDRS },
	{ 71, "nntp-server", T_ADDRS },
	{ 74, "irc-server", T_ADDRS },
	{ 77, "user-class", 0 },
	{ 80, "rapid-commit", 0 },
	{ 81, "FQDN", T_INTERNAL },
	{ 82, "agent-id", T_INTERNAL },
	{ 93, "client-arch", 2 },
	{ 94, "client-interface-id", 0 },
	{ 97, "client-machine-id", 0 },
	{ 100, "posix-timezone", T_NAME },
	{ 101, "tzdb-timezone", T_NAME },
	{ 108, "ipv6-only", 4 },
	{ 118, "subnet-select", T_INTERNAL },
	{ 119, "domain-search", T_DOMAINS },
	{ 120, "sip-server", 0 },
	{ 121, "classless-static-route", 0 },
	{ 125, "vendor-id-encap", 0 },
	{ 150, "tftp-server-address", T_ADDRS },
	{ 255, "server-ip-address", T_ADDRS },
};

static const struct known *
known_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcasecmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

static unsigned int
known_type(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].code == code)
			return known[i].type;
	return 0;
}

/* A line being read. */
struct value {
	struct dnsmasq_line *l;
	struct dnsmasq_option *o;
	unsigned int type;
	bool is_match;
	bool is_plain;                  /* not inside another option */
};

/* What the characters of a value may be. */
struct kinds {
	bool addr, hex, dec;
	size_t n_addrs, n_hex, n_dots;
	char size;                      /* b, s, i after a number */
};

static struct kinds
kinds_of(char *s, bool is_match)
{
	struct kinds k = { true, true, true, 1, 1, 0, '\0' };
	bool digit = false;

	for (char *p = s; *p != '\0'; p++) {
		char c = *p;

		if (c == ',') {
			k.n_addrs++;
			k.dec = k.hex = false;
		} else if (c == ':') {
			k.n_hex++;
			k.dec = k.addr = false;
		} else if (c == '/') {
			k.dec = k.hex = false;
			if (p == s)
				k.addr = false;
		} else if (c == '.') {
			k.dec = k.hex = false;
			k.n_dots++;
		} else if (c == '-') {
			k.hex = k.addr = false;
		} else if (c == ' ') {
			k.dec = k.hex = false;
		} else if (c >= '0' && c <= '9') {
			digit = true;
		} else {
			k.addr = false;
			if (p[1] == '\0' && k.dec && strchr("bsi", c) != NULL) {
				k.size = c;
				*p = '\0';
				p--;
			} else {
				k.dec = false;
			}
			if (!(c >= 'A' && c <= 'F') &&
			    !(c >= 'a' && c <= 'f') &&
			    !(c == '*' && is_match))
				k.hex = false;
		}
	}
	if (!digit)
		k.dec = k.addr = false;
	return k;
}

static int
store(struct value *v, const void *bytes, size_t len)
{
	v->o->data = (uint8_t *)arena_dup(&v->l->tree->arena, bytes, len);
	v->o->len = len;
	return v->o->data != NULL ? 0 : -ENOMEM;
}

static int
value_number(struct value *v, const char *s, char size)
{
	int64_t n = strtoll(s, NULL, 10);
	size_t len = v->type & T_SIZE;
	uint8_t b[4] = { 0 };

	/* A flag of the type where a size is expected makes no sense. */
	if (v->type & ~(unsigned int)(T_SIZE | T_TIME) && size == '\0')
		return dnsmasq_bad(v->l, NULL, "option %u is no number that "
		    "dnsmasq knows the size of", v->o->code);
	if (n > INT32_MAX)
		n = -1;
	if (len == 0)
		len = n & 0xffff0000 ? 4 : n & 0xff00 ? 2 : 1;
	if (v->type & T_TIME)
		len = 4;
	if (size != '\0')
		len = size == 'b' ? 1 : size == 's' ? 2 : 4;
	for (size_t i = 0; i < len; i++)
		b[i] = (uint8_t)((uint64_t)n >> (8 * (len - i - 1)));
	return store(v, b, len);
}

static int
value_hex(struct value *v, const char *s, size_t n)
{
	uint8_t *b = arena_alloc(&v->l->tree->arena, n);

	if (b == NULL)
		return -ENOMEM;
	dnsmasq_hex(s, b, n, v->is_match ? &v->o->wild : NULL, NULL);
	v->o->data = b;
	v->o->len = n;          /* what is no byte is zero */
	v->o->flags |= DNSMASQ_O_HEX;
	return 0;
}

static int
value_addrs(struct value *v, char *s, size_t n)
{
	uint8_t *b = arena_alloc(&v->l->tree->arena, 5 * n + 1);
	struct wr w = wr_init(b, 5 * n + 1);
	char *rest;

	if (b == NULL)
		return -ENOMEM;
	v->o->flags |= DNSMASQ_O_ADDR;
	if (v->is_plain && v->o->code == 120) {
		wr_u8(&w, 1);           /* RFC 3361: addresses, not names */
		v->o->flags &= ~(unsigned int)DNSMASQ_O_ADDR;
	}
	for (; s != NULL; s = rest) {
		char *slash;
		struct in_addr a;
		uint8_t four[4];

		rest = dnsmasq_split(s);
		slash = dnsmasq_split_at(s, '/');
		if (!dnsmasq_ipv4(s, &a))
			return dnsmasq_bad(v->l, s, "'%s' is no IPv4 address",
			    s);
		memcpy(four, &a, 4);
		if (slash != NULL) {
			/* A destination as in RFC 3442: its bytes that count. */
			long bits = strtol(slash, NULL, 10);
			size_t len = bits > 24 ? 4 : bits > 16 ? 3 :
			    bits > 8 ? 2 : bits > 0 ? 1 : 0;

			wr_u8(&w, (uint8_t)bits);
			wr_bytes(&w, four, len);
			v->o->flags &= ~(unsigned int)DNSMASQ_O_ADDR;
		} else {
			wr_bytes(&w, four, 4);
		}
	}
	v->o->data = b;
	v->o->len = w.len;
	return 0;
}

/* One name as labels; a tail that stood before is pointed to (RFC 3397). */
static void
put_domain(struct wr *w, size_t base, const char *name)
{
	while (*name != '\0') {
		char want[256];
		size_t len = strcspn(name, "."), at;

		if (len == 0) {
			wr_u8(w, 0);    /* ".lan" is written as it stands */
			name++;
			continue;
		}
		/* Look for this tail among what was written. */
		for (at = base; at < w->len; ) {
			size_t p = at, q = 0;
			int jumps = 0;

			while (p < w->len && w->buf[p] != 0 && jumps < 20) {
				uint8_t n = w->buf[p];

				if (n & 0xc0) {
					p = base + (size_t)(((n & 0x3f) << 8) |
					    w->buf[p + 1]);
					jumps++;
					continue;
				}
				if (q + n + 2 > sizeof(want))
					break;
				if (q > 0)
					want[q++] = '.';
				memcpy(want + q, w->buf + p + 1, n);
				q += n;
				p += n + 1u;
			}
			want[q] = '\0';
			if (p < w->len && w->buf[p] == 0 && q > 0 &&
			    strcasecmp(want, name) == 0) {
				wr_u16(w, (uint16_t)(0xc000 | (at - base)));
				return;
			}
			if (w->buf[at] & 0xc0)
				at += 2;
			else
				at += w->buf[at] + 1u;
		}
		wr_u8(w, (uint8_t)len);
		wr_bytes(w, name, len);
		name += len + (name[len] == '.');
	}
	wr_u8(w, 0);
}

static int
value_domains(struct value *v, char *s)
{
	uint8_t b[2 * DNSMASQ_LINE_MAX] = { 0 };
	struct wr w = wr_init(b, sizeof(b));
	size_t base = 0;

	if (v->o->code == 120) {
		wr_u8(&w, 0);
		base = 1;
	}
	while (s != NULL) {
		char *rest = dnsmasq_split(s);

		dnsmasq_unhide(s);
		put_domain(&w, base, s);
		s = rest;
	}
	return store(v, b, w.len);
}

static int
value_text(struct value *v, char *s)
{
	dnsmasq_unhide(s);
	v->o->flags |= DNSMASQ_O_STRING;
	return store(v, s, strlen(s));
}

static int
value_read(struct value *v, char *s)
{
	struct kinds k = kinds_of(s, v->is_match);

	if (v->type & T_ADDRS) {
		if (!k.addr || k.n_dots == 0)
			return dnsmasq_bad(v->l, s, "option %u takes IPv4 "
			    "addresses, '%s' is none", v->o->code, s);
		return value_addrs(v, s, k.n_addrs);
	}
	if (v->type & (T_NAME | T_DOMAINS))
		k.addr = k.dec = k.hex = false;
	if (k.hex && k.n_hex > 1)
		return value_hex(v, s, k.n_hex);
	if (k.dec)
		return value_number(v, s, k.size);
	if (k.addr)
		return value_addrs(v, s, k.n_addrs);
	if (v->is_plain && (v->o->code == 119 || v->o->code == 120))
		return value_domains(v, s);
	return value_text(v, s);
}

static bool
all_digits(const char *s)
{
	return s[strspn(s, "0123456789")] == '\0';
}

/* The words before the value. Return: the value in @ret, NULL if none. */
static int
option_head(struct value *v, char *arg, char **ret)
{
	struct dnsmasq_option *o = v->o;
	struct dnsmasq_line *l = v->l;
	unsigned int n_sets = 0;
	int rc = 0;

	while (arg != NULL) {
		char *rest = dnsmasq_split(arg);

		*ret = rest;
		if (all_digits(arg)) {
			o->code = (uint32_t)strtoull(arg, NULL, 10);
			break;
		}
		if (text_starts(arg, "option:")) {
			const struct known *row = known_by_name(arg + 7);
			if (row == NULL ||
			    (row->type & T_INTERNAL && !v->is_match))
				return dnsmasq_bad(l, arg, row == NULL ?
				    "'%s' is no option that dnsmasq knows" :
				    "'%s' cannot be set by its name", arg + 7);
			o->code = row->code;
			v->type = row->type;
			break;
		}
		if (text_starts(arg, "option6:"))
			return -ENODATA;        /* not ours */
		if (text_starts(arg, "vendor:")) {
			if (v->is_match)
				return dnsmasq_bad(l, arg,
				    "a dhcp-match cannot look at vendor:");
			o->vendor = dnsmasq_word(l, arg + 7);
			o->flags |= DNSMASQ_O_VENDOR;
		} else if (text_starts(arg, "encap:")) {
			if (v->is_match)
				return dnsmasq_bad(l, arg,
				    "a dhcp-match cannot look into encap:");
			o->outer = (uint32_t)strtoul(arg + 6, NULL, 10);
			o->flags |= DNSMASQ_O_ENCAP;
		} else if (text_starts(arg, "vi-encap:")) {
			o->outer = (uint32_t)strtoul(arg + 9, NULL, 10);
			o->flags |= DNSMASQ_O_VI;
			if (v->is_match)
				break;
		} else if (v->is_match) {
			o->sets = dnsmasq_sets(l,
			    dnsmasq_is_tag(arg) ? arg + 4 : arg);
			n_sets++;
			rc = o->sets != NULL ? 0 : -ENOMEM;
		} else {
			/* set: is taken for tag: here */
			rc = dnsmasq_cond_add(l, arg +
			    (text_starts(arg, "set:") ? 4 : 0), &o->filter);
		}
		if (rc < 0)
			return rc;
		if (rest == NULL)
			return dnsmasq_bad(l, arg, "no option is named");
		arg = rest;
	}
	if (v->is_match && n_sets != 1)
		return dnsmasq_bad(l, NULL, "a dhcp-match sets one tag, this "
		    "one %s", n_sets == 0 ? "none" : "several");
	return 0;
}

int
dnsmasq_read_option(struct dnsmasq_line *l, char *arg, unsigned int flags,
    bool is_match)
{
	struct dnsmasq_tree *t = l->tree;
	struct value v = { .l = l, .is_match = is_match };
	struct dnsmasq_option **list = is_match ? &t->matches : &t->options;
	char *value = NULL;
	size_t max;
	int rc;

	v.o = arena_alloc(&t->arena, sizeof(*v.o));
	if (v.o == NULL)
		return -ENOMEM;
	v.o->flags = flags;
	v.o->pos = l->pos;
	rc = option_head(&v, arg, &value);
	if (rc == -ENODATA)
		return 0;
	if (rc < 0)
		return rc;
	v.is_plain = !(v.o->flags &
	    (DNSMASQ_O_VENDOR | DNSMASQ_O_ENCAP | DNSMASQ_O_VI));
	if (v.type == 0 && v.is_plain)
		v.type = known_type(v.o->code);
	if (value != NULL) {
		rc = value_read(&v, value);
		if (rc < 0)
			return rc;
	}
	max = v.o->flags & DNSMASQ_O_VI ? 250 : v.is_plain ? 255 : 253;
	if (v.o->len > max)
		return dnsmasq_bad(l, value,
		    "%zu bytes do not fit into an option",
		    v.o->len);
	v.o->id = t->n_options++;
	v.o->next = *list;
	*list = v.o;
	return 0;
}
