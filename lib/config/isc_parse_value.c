#include "config/isc_answer.h"
#include "config/isc_parse.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

int
isc_advance(struct isc_parser *p)
{
	p->before = p->tok.pos;
	return isc_lex_next(&p->lex, &p->tok, p->diag);
}

bool
isc_is_word(const struct isc_parser *p)
{
	return p->tok.kind == ISC_T_NAME || p->tok.kind == ISC_T_HEX_OR_NAME;
}

bool
isc_is(const struct isc_parser *p, const char *word)
{
	return isc_is_word(p) && strcasecmp(p->tok.text, word) == 0;
}

bool
isc_is_char(const struct isc_parser *p, char c)
{
	return p->tok.kind == ISC_T_CHAR && p->tok.c == c;
}

int
isc_fail_at(struct isc_parser *p, struct config_pos pos, const char *fmt, ...)
{
	char text[DIAG_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_set(p->diag, "%s", text);
	diag_at(p->diag, pos.file, pos.line, pos.column);
	return -EBADMSG;
}

int
isc_fail(struct isc_parser *p, const char *fmt, ...)
{
	char text[DIAG_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return isc_fail_at(p, p->tok.pos, "%s", text);
}

int
isc_expect(struct isc_parser *p, char c, const char *what)
{
	if (isc_is_char(p, c))
		return isc_advance(p);
	if (p->tok.kind == ISC_T_END)
		return isc_fail(p,
		    "the file ends where a '%c' is expected (%s)",
		    c, what);
	return isc_fail(p, "a '%c' is expected before '%.40s' (%s)", c,
	    p->tok.text, what);
}

int
isc_enter(struct isc_parser *p)
{
	if (++p->depth > CONFIG_DEPTH_MAX)
		return isc_fail(p, "nested more than %d deep",
		    CONFIG_DEPTH_MAX);
	return 0;
}

void
isc_leave(struct isc_parser *p)
{
	p->depth--;
}

static bool
is_numeral(const struct isc_parser *p)
{
	return p->tok.kind == ISC_T_NUMBER || p->tok.kind == ISC_T_HEX_OR_NAME;
}

/* One number; @base 0 goes by its beginning, as in C. */
const char isc_name_gap[] =
    "a host name stands for an address that only the resolver knows";

static int
read_numeral(struct isc_parser *p, unsigned int base, uint64_t max,
    int64_t *ret)
{
	const char *s = p->tok.text;
	bool negative = *s == '-';
	uint64_t v = 0;
	int d;

	if (!is_numeral(p))
		return isc_fail(p, "a number is expected here");
	s += negative;
	if (base == 0) {
		base = 10;
		if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
			base = 16;
			s += 2;
		} else if (s[0] == '0' && isdigit((unsigned char)s[1])) {
			base = 8;
			s++;
		}
	}
	if (!*s)
		return isc_fail(p, "'%s' is no number", p->tok.text);
	for (; *s; s++) {
		d = tolower((unsigned char)*s);
		d = isdigit(d) ? d - '0' : isalpha(d) ? d - 'a' + 10 : 99;
		if (d >= (int)base)
			return isc_fail(p, "'%s' is no number in base %u",
			    p->tok.text, base);
		v = v * base + (unsigned int)d;
		/* dhcpd warns of more than 32 bits but goes on. */
		if (v > UINT32_MAX)
			v = UINT32_MAX;
	}
	if (v > max)
		return isc_fail(p, "'%s' is more than %llu", p->tok.text,
		    (unsigned long long)max);
	*ret = negative ? -(int64_t)v : (int64_t)v;
	return isc_advance(p);
}

int
isc_read_number(struct isc_parser *p, unsigned int bits, int64_t *ret)
{
	return read_numeral(p, 0, (UINT64_C(1) << bits) - 1, ret);
}

int
isc_read_hex_list(struct isc_parser *p, const uint8_t **ret, size_t *ret_len)
{
	struct sbuf b = SBUF_EMPTY;
	int64_t v;
	int rc;

	for (;;) {
		if (!is_numeral(p)) {
			rc = isc_fail(p,
			    "hexadecimal digits are expected here");
			break;
		}
		rc = read_numeral(p, 16, 255, &v);
		if (rc < 0)
			break;
		sbuf_addc(&b, (char)v);
		if (!isc_is_char(p, ':'))
			break;
		rc = isc_advance(p);
		if (rc < 0)
			break;
	}
	if (rc == 0) {
		*ret = (const uint8_t *)arena_dup(&p->t->arena, sbuf_str(&b), b.len);
		*ret_len = b.len;
		if (b.bad || !*ret)
			rc = -ENOMEM;
	}
	sbuf_release(&b);
	return rc;
}

int
isc_read_ip(struct isc_parser *p, uint32_t *ret)
{
	uint32_t v = 0;
	int64_t part;
	int i, rc = 0;

	for (i = 0; i < 4 && rc == 0; i++) {
		if (i) {
			if (!isc_is_char(p, '.'))
				return isc_fail(p,
				    "an IPv4 address has four numbers with "
				    "dots between them");
			rc = isc_advance(p);
		}
		if (rc == 0 && !is_numeral(p))
			return isc_fail(p, "an IPv4 address is expected here");
		if (rc == 0)
			rc = read_numeral(p, 10, 255, &part);
		if (rc == 0)
			v = v << 8 | ((uint32_t)part & 0xff);
	}
	if (rc == 0)
		*ret = v;
	return rc;
}

static int
skip_host_name(struct isc_parser *p)
{
	int rc = isc_advance(p);

	while (rc == 0 && isc_is_char(p, '.')) {
		rc = isc_advance(p);
		if (rc == 0 && (isc_is_word(p) || p->tok.kind == ISC_T_NUMBER))
			rc = isc_advance(p);
	}
	return rc;
}

int
isc_read_ip_or_name(struct isc_parser *p, uint32_t *ret, bool *ret_known)
{
	*ret_known = !isc_is_word(p);
	if (isc_is_word(p))
		return skip_host_name(p);
	if (p->tok.kind != ISC_T_NUMBER)
		return isc_fail(p, p->tok.kind == ISC_T_STRING ?
		    "an address or a host name is expected here, without "
		    "quotes" :
		    "an address or a host name is expected here");
	return isc_read_ip(p, ret);
}

int
isc_read_option_name(struct isc_parser *p, const struct isc_option **ret)
{
	struct isc_space *space = p->t->dhcp;
	const char *name;
	struct isc_option *o;
	struct config_pos pos = p->tok.pos;
	uint64_t code;
	int rc;

	if (!isc_is_word(p))
		return isc_fail(p, "the name of an option is expected here");
	name = p->tok.text;
	rc = isc_advance(p);
	if (rc == 0 && isc_is_char(p, '.')) {
		space = isc_space_find(p->t, name);
		if (!space)
			return isc_fail_at(p, pos,
			    "no option space named %s is declared here",
			    name);
		rc = isc_advance(p);
		if (rc == 0 && !isc_is_word(p))
			return isc_fail(p,
			    "the name of an option is expected after the dot");
		name = p->tok.text;
		if (rc == 0)
			rc = isc_advance(p);
	}
	if (rc < 0)
		return rc;
	o = isc_option_find(space, name);
	if (!o && strncasecmp(name, "unknown-", 8) == 0 &&
	    parse_uint(name + 8, 0, UINT32_MAX, &code, NULL) == 0) {
		o = isc_option_by_code(space, (uint32_t)code);
		if (!o)
			o = isc_option_add(p->t, space, name, (uint32_t)code,
			    "X");
	} else if (!o) {
		/* Not declared: the caller says whether that is an error. */
		o = arena_alloc(&p->t->arena, sizeof(*o));
		if (o)
			*o = (struct isc_option){ name, space, 0, NULL };
	}
	*ret = o;
	return o ? 0 : -ENOMEM;
}

/* The bytes of a value as they are gathered. */
struct value {
	struct sbuf b;
	bool unknown;
};

static void
put_int(struct value *v, int64_t n, unsigned int bytes)
{
	while (bytes-- > 0)
		sbuf_addc(&v->b, (char)(uint8_t)((uint64_t)n >> 8 * bytes));
}

static int
read_flag(struct isc_parser *p, struct value *v)
{
	static const struct { const char *word; uint8_t value; } words[] = {
		{ "true", 1 }, { "on", 1 }, { "false", 0 }, { "off", 0 },
		{ "ignore", 2 },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++) {
		if (isc_is(p, words[i].word)) {
			put_int(v, words[i].value, 1);
			return isc_advance(p);
		}
	}
	return isc_fail(p, "true, false, on or off is expected here");
}

static int
read_ip6(struct isc_parser *p, struct value *v)
{
	struct sbuf b = SBUF_EMPTY;
	struct config_pos pos = p->tok.pos;
	struct in6_addr a;
	int rc = 0;

	while (rc == 0 && (is_numeral(p) || isc_is_char(p, ':') ||
	    isc_is_char(p, '.'))) {
		sbuf_add(&b, p->tok.text);
		rc = isc_advance(p);
	}
	if (rc == 0 && inet_pton(AF_INET6, sbuf_str(&b), &a) != 1)
		rc = isc_fail_at(p, pos, "an IPv6 address is expected here");
	else if (rc == 0)
		sbuf_addn(&v->b, &a, sizeof(a));
	sbuf_release(&b);
	return rc;
}

/* A name in wire form; with @packed, ends in a pointer where it can. */
static bool
put_domain(struct value *v, size_t start, const char *name, bool packed)
{
	while (*name) {
		size_t len = strcspn(name, "."), at;
		char plain[256];
		size_t n = 0;
		const char *s;

		if (len == 0 || len > 63 || strlen(name) > 250)
			return false;
		/* Is the rest of the name already there? */
		for (s = name; *s; ) {
			size_t l = strcspn(s, ".");

			plain[n++] = (char)l;
			memcpy(plain + n, s, l);
			n += l;
			s += l + (s[l] == '.');
		}
		plain[n++] = '\0';
		for (at = start; packed && at + n <= v->b.len; at++) {
			if (strncasecmp(v->b.text + at, plain, n) == 0 &&
			    memcmp(v->b.text + at, plain, n) == 0) {
				put_int(v, (int64_t)(0xc000 | (at - start)), 2);
				return true;
			}
		}
		sbuf_addn(&v->b, plain, len + 1);
		name += len + (name[len] == '.');
	}
	put_int(v, 0, 1);
	return true;
}

static int
read_domains(struct isc_parser *p, struct value *v, bool packed)
{
	size_t start = v->b.len;
	int rc = 0;

	for (;;) {
		if (p->tok.kind != ISC_T_STRING)
			return isc_fail(p,
			    "a domain in quotes is expected here");
		if (!put_domain(v, start, p->tok.text, packed))
			return isc_fail(p, "'%.60s' is no domain name",
			    p->tok.text);
		rc = isc_advance(p);
		if (rc < 0 || !isc_is_char(p, ','))
			return rc;
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
	}
}

static int
read_text(struct isc_parser *p, struct value *v)
{
	if (p->tok.kind != ISC_T_STRING && !isc_is_word(p))
		return isc_fail(p, "text in quotes is expected here");
	sbuf_addn(&v->b, p->tok.text, p->tok.len);
	return isc_advance(p);
}

static int
read_opaque(struct isc_parser *p, struct value *v)
{
	const uint8_t *bytes;
	size_t len;
	int rc;

	if (p->tok.kind == ISC_T_STRING)
		return read_text(p, v);
	if (!is_numeral(p))
		return isc_fail(p,
		    "text in quotes or hexadecimal bytes with ':' between them "
		    "are expected here");
	rc = isc_read_hex_list(p, &bytes, &len);
	if (rc == 0)
		sbuf_addn(&v->b, bytes, len);
	return rc;
}

static int
read_one_of(struct isc_parser *p, struct value *v, const char *list, size_t len)
{
	uint8_t value = 0;

	if (!isc_is_word(p))
		return isc_fail(p, "a word is expected here");
	if (!isc_names_has(list, len, p->tok.text, &value))
		return isc_fail(p,
		    "'%.40s' is not among the values that dhcpd takes here",
		    p->tok.text);
	put_int(v, value, 1);
	return isc_advance(p);
}

static int
read_int(struct isc_parser *p, struct value *v, unsigned int bytes)
{
	int64_t n;
	int rc;

	if (!is_numeral(p) || (p->tok.kind == ISC_T_HEX_OR_NAME &&
	    !(p->tok.text[0] == '0')))
		return isc_fail(p, "a number is expected here");
	rc = isc_read_number(p, bytes * 8, &n);
	if (rc == 0)
		put_int(v, n, bytes);
	return rc;
}

static int
read_ip_field(struct isc_parser *p, struct value *v)
{
	uint32_t ip = 0;
	bool known;
	int rc = isc_read_ip_or_name(p, &ip, &known);

	put_int(v, ip, 4);
	v->unknown = v->unknown || !known;
	return rc;
}

/* Reads one field; steps @type past its letter. */
static int
read_field(struct isc_parser *p, struct value *v, const char **type)
{
	const char *t = (*type)++;
	size_t len;

	switch (*t) {
	case 'I': return read_ip_field(p, v);
	case '6': return read_ip6(p, v);
	case 'T':
		if (isc_is(p, "infinite")) {
			put_int(v, -1, 4);
			return isc_advance(p);
		}
		return read_int(p, v, 4);
	case 'L': case 'l': return read_int(p, v, 4);
	case 'S': case 's': return read_int(p, v, 2);
	case 'B': case 'b': return read_int(p, v, 1);
	case 'f': return read_flag(p, v);
	case 't': return read_text(p, v);
	case 'd':
		if (!isc_is_word(p))
			return isc_fail(p,
			    "a domain name without quotes is expected here");
		v->unknown = true;
		return skip_host_name(p);
	case 'D':
		*type += **type == 'c';
		return read_domains(p, v, t[1] == 'c');
	case 'N': case 'E':
		len = strcspn(t + 1, ".");
		*type += len + 1;
		return *t == 'E' ? read_opaque(p, v) :
		    read_one_of(p, v, t + 1, len);
	case 'U':
		if (!isc_is_word(p))
			return isc_fail(p,
			    "the name of an option space is expected here");
		return read_text(p, v);
	case 'Z':
		return 0;
	case 'k':
		if (!isc_is_word(p) && p->tok.kind != ISC_T_STRING)
			return isc_fail(p,
			    "the name of a key is expected here");
		if (!config_map_get(&p->t->keys, p->tok.text, p->tok.len))
			return isc_fail(p, "no key named %.60s is declared",
			    p->tok.text);
		return read_text(p, v);
	default:
		return read_opaque(p, v);
	}
}

static int
read_fields(struct isc_parser *p, const char *type, struct value *v)
{
	const char *at = type, *last = type;
	int rc = 0;

	for (;;) {
		while (rc == 0 && *at && *at != 'A' && *at != 'a') {
			if (at[0] && strchr(at, 'o') == at + 1 && isc_is_char(p,
			    ';'))
				return 0;
			if (*at == 'o') {
				at++;
				continue;
			}
			last = at;
			rc = read_field(p, v, &at);
		}
		if (rc < 0 || !*at || !isc_is_char(p, ','))
			return rc;
		rc = isc_advance(p);
		at = *at == 'A' ? type : last;
	}
}

int
isc_read_value(struct isc_parser *p, const struct isc_option *o,
    struct isc_expr **ret)
{
	struct config_pos pos = p->tok.pos;
	struct value v = { SBUF_EMPTY, false };
	int rc = read_fields(p, o->type, &v);

	if (rc == 0 && v.b.bad)
		rc = -ENOMEM;
	if (rc == 0)
		rc = isc_expr_const(p, sbuf_str(&v.b), v.b.len, ret);
	if (rc == 0) {
		(*ret)->pos = pos;
		if (v.unknown)
			(*ret)->op = ISC_X_UNKNOWN_DATA;
	}
	/* a name server or a router by name changes no boot */
	if (rc == 0 && v.unknown && (o->space != p->t->dhcp ||
	    isc_is_boot_option(o->code)))
		rc = isc_gap(p->t, pos, isc_name_gap);
	sbuf_release(&v.b);
	return rc;
}
