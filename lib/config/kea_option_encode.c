/* kea_option_encode.c - the text of option-data into bytes. */
#include "config/kea_value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_LEN = 255, LABEL_MAX_LEN = 63 };

struct word {
	const char *text;
	struct word *next;
};

static const char *
trimmed(struct arena *a, const char *s, size_t len)
{
	while (len && strchr(" \t\n", s[len - 1]))
		len--;
	while (len && strchr(" \t\n", *s)) {
		s++;
		len--;
	}
	return arena_dup(a, s, len);
}

/*
 * The words between commas; empty ones are none. A backslash keeps a comma,
 * and is otherwise kept itself.
 */
static int
split(const char *text, struct arena *a, struct word **ret)
{
	struct sbuf b = SBUF_EMPTY;
	struct word *w, **end = ret;
	bool escaped = false, inside = false;
	int rc = 0;

	for (;; text++) {
		bool over = !*text || (*text == ',' && !(inside && escaped));

		if (over) {
			if (escaped)
				sbuf_addc(&b, '\\');
			if (b.len) {
				w = arena_alloc(a, sizeof(*w));
				if (w)
					w->text = trimmed(a, sbuf_str(&b), b.len);
				if (!w || !w->text) {
					rc = -ENOMEM;
					break;
				}
				*end = w;
				end = &w->next;
			}
			sbuf_clear(&b);
			escaped = inside = false;
			if (!*text)
				break;
			continue;
		}
		inside = true;
		if (*text == '\\' && !escaped) {
			escaped = true;
			continue;
		}
		if (escaped && *text != ',' && *text != '\\')
			sbuf_addc(&b, '\\');
		escaped = false;
		sbuf_addc(&b, *text);
	}
	if (b.bad)
		rc = -ENOMEM;
	sbuf_release(&b);
	return rc;
}

static int
refuse(struct diag *diag, const char *what, const char *text, const char *why)
{
	diag_set(diag, "%s%s%s", what, text, why);
	return -EBADMSG;
}

/* Decimal; or else hex, with or without 0x. */
static int
put_int(struct sbuf *b, const char *text, int64_t low, int64_t high,
    size_t len, struct diag *diag)
{
	const char *digits = text + (*text == '-' || *text == '+');
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (!*digits || digits[strspn(digits, "0123456789")] || errno) {
		errno = 0;
		v = strtoll(text, &end, 16);
		if (end == text || *end || errno)
			return refuse(diag, "unable to convert the value '", text,
			    "' to integer data type");
	}
	if (v < low || v > high) {
		diag_set(diag, "unable to convert '%s' to numeric type. This value "
		    "is expected to be in the range of %lld..%lld", text,
		    (long long)low, (long long)high);
		return -EBADMSG;
	}
	while (len-- > 0)
		sbuf_addc(b, (char)((unsigned long long)v >> 8 * len & 255));
	return 0;
}

static int
put_bool(struct sbuf *b, const char *text, struct diag *diag)
{
	const char *digits = text + (*text == '-' || *text == '+');
	long v;

	if (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0) {
		sbuf_addc(b, tolower((unsigned char)*text) == 't');
		return 0;
	}
	if (!*digits || digits[strspn(digits, "0123456789")])
		return refuse(diag, "unable to covert the value '", text,
		    "' to boolean data type");
	v = strtol(text, NULL, 10);
	if (v != 0 && v != 1)
		return refuse(diag, "unable to convert '", text,
		    "' to boolean data type");
	sbuf_addc(b, (char)v);
	return 0;
}

/* Whichever family it is: the definition is not asked here. */
static int
put_address(struct sbuf *b, const char *text, struct diag *diag)
{
	uint8_t a[16];

	if (inet_pton(AF_INET6, text, a) == 1) {
		sbuf_addn(b, a, 16);
		return 0;
	}
	if (inet_pton(AF_INET, text, a) == 1) {
		sbuf_addn(b, a, 4);
		return 0;
	}
	return refuse(diag, "Failed to convert string to address '", text,
	    "': Invalid argument");
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int
put_hex(struct sbuf *b, const char *text, struct diag *diag)
{
	int high = -1;

	for (; *text; text++) {
		int d = hex_digit(*text);

		if (isspace((unsigned char)*text))
			continue;
		if (d < 0)
			return refuse(diag, "unable to cast ", text, " to binary data "
			    "type: attempt to decode a value not in base16 char set");
		if (high >= 0)
			sbuf_addc(b, (char)(high << 4 | d));
		high = high >= 0 ? -1 : d;
	}
	if (high >= 0)
		return refuse(diag, "unable to cast ", text,
		    "to binary data type: Incomplete input for base16");
	return 0;
}

/* One character of a name: itself, or \X, or \DDD. */
static int
name_char(const char **p)
{
	const char *s = *p;
	int c = (unsigned char)*s++;

	if (c == '\\') {
		c = (unsigned char)*s;
		if (isdigit(c)) {
			if (!isdigit((unsigned char)s[1]) ||
			    !isdigit((unsigned char)s[2]))
				return -1;
			c = (s[0] - '0') * 100 + (s[1] - '0') * 10 + s[2] - '0';
			s += 3;
		} else if (c) {
			s++;
		}
		if (!c || c > 255)
			return -1;
	}
	*p = s;
	return c;
}

static int
put_name(struct sbuf *b, const char *text, struct diag *diag)
{
	const char *s = text;
	size_t total = 1;

	if (strcmp(s, ".") == 0)
		s++;
	else if (!*s)
		return refuse(diag, "empty domain name", "", "");
	while (*s) {
		uint8_t label[LABEL_MAX_LEN];
		size_t n = 0;
		int c;

		while (*s && *s != '.') {
			if (n == LABEL_MAX_LEN)
				return refuse(diag, "label is too long in ", text, "");
			c = name_char(&s);
			if (c < 0)
				return refuse(diag, "bad escape in ", text, "");
			label[n++] = (uint8_t)c;
		}
		if (!n)
			return refuse(diag, "duplicate period in ", text, "");
		total += n + 1;
		if (total > NAME_MAX_LEN)
			return refuse(diag, "name is too long: ", text, "");
		sbuf_addc(b, (char)n);
		sbuf_addn(b, label, n);
		s += *s == '.';
	}
	sbuf_addc(b, 0);
	return 0;
}

/* "a/b" without blanks, taken apart. NULL: there is no slash. */
static const char *
slash(const char *text, struct arena *a, const char **ret_right)
{
	char *copy = arena_strdup(a, text), *to = copy;

	if (!copy)
		return NULL;
	for (; *text; text++) {
		if (*text != ' ' && *text != '\t')
			*to++ = *text;
	}
	*to = '\0';
	to = strchr(copy, '/');
	if (!to)
		return NULL;
	*to = '\0';
	*ret_right = to + 1;
	return copy;
}

static int
put_prefix(struct sbuf *b, const char *text, struct arena *a,
    struct diag *diag)
{
	struct sbuf bits = SBUF_EMPTY;
	const char *right = NULL, *left = slash(text, a, &right);
	uint8_t addr[16];
	size_t len, n;

	if (!left)
		return refuse(diag, "provided address/prefix ", text,
		    " is not valid.");
	if (inet_pton(AF_INET6, left, addr) != 1)
		return refuse(diag, "provided address ", left,
		    " is not a valid IPv4 or IPv6 address.");
	if (put_int(&bits, right, 0, 255, 1, NULL) < 0) {
		sbuf_release(&bits);
		return refuse(diag, "provided prefix ", right, " is not valid.");
	}
	len = bits.len ? (uint8_t)bits.text[0] : 0;
	sbuf_release(&bits);
	if (len > 128)
		return refuse(diag, "provided prefix ", right, " is not valid.");
	n = (len + 7) / 8;
	if (len % 8)
		addr[n - 1] &= (uint8_t)(0xff << (8 - len % 8));
	sbuf_addc(b, (char)len);
	sbuf_addn(b, addr, n);
	return 0;
}

static int
put_psid(struct sbuf *b, const char *text, struct arena *a, struct diag *diag)
{
	struct sbuf num = SBUF_EMPTY;
	const char *right = NULL, *left = slash(text, a, &right);
	unsigned int psid, len;
	int rc = -EBADMSG;

	if (!left)
		return refuse(diag, "provided PSID value ", text, " is not valid");
	if (put_int(&num, left, 0, 65535, 2, NULL) < 0) {
		(void)refuse(diag, "provided PSID ", left, " is not valid");
		goto out;
	}
	if (put_int(&num, right, 0, 255, 1, NULL) < 0) {
		(void)refuse(diag, "provided PSID length ", right, " is not valid");
		goto out;
	}
	if (num.bad) {
		rc = -ENOMEM;
		goto out;
	}
	psid = (unsigned int)(uint8_t)num.text[0] << 8 | (uint8_t)num.text[1];
	len = (uint8_t)num.text[2];
	if (len > 16 || (len && psid > 0xffffU >> (16 - len))) {
		diag_set(diag, "invalid PSID value %u for a specified PSID length %u",
		    psid, len);
		goto out;
	}
	psid <<= 16 - len;
	sbuf_addc(b, (char)len);
	sbuf_addc(b, (char)(psid >> 8 & 255));
	sbuf_addc(b, (char)(psid & 255));
	rc = 0;
out:
	sbuf_release(&num);
	return rc;
}

static int
put_tuple(struct sbuf *b, const char *text, bool is_v6, struct diag *diag)
{
	size_t len = strlen(text), most = is_v6 ? 65535 : 255;

	if (len > most) {
		diag_set(diag, "invalid tuple value (size %zu larger than %zu)", len,
		    most);
		return -EBADMSG;
	}
	if (is_v6)
		sbuf_addc(b, (char)(len >> 8));
	sbuf_addc(b, (char)(len & 255));
	sbuf_addn(b, text, len);
	return 0;
}

static int
put(struct sbuf *b, enum kea_type type, const char *text, bool is_v6,
    struct arena *a, struct diag *diag)
{
	switch (type) {
	case KEA_T_BINARY: return put_hex(b, text, diag);
	case KEA_T_BOOLEAN: return put_bool(b, text, diag);
	case KEA_T_INT8: return put_int(b, text, INT8_MIN, INT8_MAX, 1, diag);
	case KEA_T_INT16: return put_int(b, text, INT16_MIN, INT16_MAX, 2, diag);
	case KEA_T_INT32: return put_int(b, text, INT32_MIN, INT32_MAX, 4, diag);
	case KEA_T_UINT8: return put_int(b, text, 0, UINT8_MAX, 1, diag);
	case KEA_T_UINT16: return put_int(b, text, 0, UINT16_MAX, 2, diag);
	case KEA_T_UINT32: return put_int(b, text, 0, UINT32_MAX, 4, diag);
	case KEA_T_IPV4:
	case KEA_T_IPV6: return put_address(b, text, diag);
	case KEA_T_IPV6_PREFIX: return put_prefix(b, text, a, diag);
	case KEA_T_PSID: return put_psid(b, text, a, diag);
	case KEA_T_STRING:
		sbuf_add(b, text);
		return 0;
	case KEA_T_TUPLE: return put_tuple(b, text, is_v6, diag);
	case KEA_T_FQDN: return put_name(b, text, diag);
	default:
		break;
	}
	diag_set(diag, "attempt to write invalid option data field type into the "
	    "option buffer: %d", (int)type);
	return -EBADMSG;
}

static int
put_words(struct sbuf *b, const struct kea_option_def *def,
    const struct word *w, struct arena *a, struct diag *diag)
{
	size_t i, n = 0;
	const struct word *x;
	int rc = 0;

	if (def->type == KEA_T_RECORD) {
		for (x = w; x; x = x->next)
			n++;
		if (def->n_record > n) {
			diag_set(diag, "number of data fields for the option type "
			    "'%u' is greater than number of values provided.",
			    def->code);
			return -EBADMSG;
		}
		for (i = 0; i < def->n_record && rc == 0; i++, w = w->next)
			rc = put(b, def->record[i], w->text, def->is_v6, a, diag);
		for (; def->array && w && rc == 0; w = w->next)
			rc = put(b, def->record[def->n_record - 1], w->text,
			    def->is_v6, a, diag);
		return rc;
	}
	if (def->array) {
		for (; w && rc == 0; w = w->next)
			rc = put(b, def->type, w->text, def->is_v6, a, diag);
		return rc;
	}
	if (w)
		return put(b, def->type, w->text, def->is_v6, a, diag);
	if (def->type == KEA_T_EMPTY)
		return 0;
	diag_set(diag, "no option value specified");
	return -EBADMSG;
}

/* Octets of one or two digits between separators. */
static int
put_octets(struct sbuf *b, const char *text, char sep)
{
	for (;;) {
		const char *end = strchr(text, sep);
		size_t len = end ? (size_t)(end - text) : strlen(text);
		int v = 0;

		if (!len || len > 2)
			return -EBADMSG;
		for (; len > 0; len--, text++) {
			if (hex_digit(*text) < 0)
				return -EBADMSG;
			v = v << 4 | hex_digit(*text);
		}
		sbuf_addc(b, (char)v);
		if (!end)
			return 0;
		text++;
	}
}

/* 'text' in quotes, 01:02, 01 02, 0x0102 or 0102; a digit may lack. */
static int
put_raw(struct sbuf *b, const char *text, struct arena *a, struct diag *diag)
{
	const char *s = trimmed(a, text, strlen(text));
	size_t len;
	int rc;

	if (!s)
		return -ENOMEM;
	len = strlen(s);
	if (len > 1 && s[0] == '\'' && s[len - 1] == '\'') {
		s = trimmed(a, s + 1, len - 2);
		if (!s)
			return -ENOMEM;
		sbuf_add(b, s);
		if (*s)
			return 0;
	}
	if (strchr(text, ':')) {
		rc = put_octets(b, text, ':');
	} else if (strchr(text, ' ')) {
		rc = put_octets(b, text, ' ');
	} else {
		len = strlen(text);
		s = len > 2 && text_starts(text, "0x") ? text + 2 : text;
		s = len % 2 ? arena_printf(a, "0%s", s) : s;
		if (!s)
			return -ENOMEM;
		rc = put_hex(b, s, NULL);
	}
	if (rc == -EBADMSG)
		diag_set(diag, "option data is not a valid string of hexadecimal "
		    "digits: %s", text);
	return rc;
}

int
kea_option_encode(const struct kea_option_def *def,
    const struct kea_option_def *defs, const char *text, bool csv,
    struct arena *arena, const uint8_t **ret, size_t *ret_len,
    struct diag *diag)
{
	struct sbuf b = SBUF_EMPTY, out = SBUF_EMPTY;
	struct kea_value *v = NULL;
	struct word *words = NULL;
	int rc;

	if (def && csv) {
		rc = split(text, arena, &words);
		if (rc == 0)
			rc = put_words(&b, def, words, arena, diag);
	} else {
		rc = put_raw(&b, text, arena, diag);
	}
	if (rc == 0 && b.bad)
		rc = -ENOMEM;
	if (rc == 0)
		rc = kea_value_make(def, defs, def && def->is_v6,
		    def ? def->code : 0, (const uint8_t *)sbuf_str(&b), b.len,
		    arena, &v, diag);
	if (rc == -ENODATA || rc == -EPROTO)    /* in a request, passed over */
		rc = -EBADMSG;
	if (rc < 0)
		goto out;
	kea_value_pack(v, &out);
	*ret = (const uint8_t *)arena_dup(arena, sbuf_str(&out), out.len);
	*ret_len = out.len;
	if (!*ret || out.bad)
		rc = -ENOMEM;
out:
	sbuf_release(&b);
	sbuf_release(&out);
	return rc;
}
