#include "config/isc_decl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TYPE_MAX = 96 };

/* The type of an option as it is being read. */
struct def {
	char text[TYPE_MAX];
	size_t len;
	bool ended;                     /* a field of any length: must be last */
	const char *last;               /* its name */
	struct isc_space *space;        /* encapsulated */
};

static int
put(struct isc_parser *p, struct def *d, const char *s)
{
	if (d->len + strlen(s) >= sizeof(d->text))
		return isc_fail(p, "this record has too many fields");
	memcpy(d->text + d->len, s, strlen(s) + 1);
	d->len += strlen(s);
	return 0;
}

/* [signed | unsigned] integer WIDTH */
static int
read_integer(struct isc_parser *p, struct def *d)
{
	bool is_signed = true;
	int64_t bits = 0;
	int rc = 0;

	if (isc_is(p, "signed") || isc_is(p, "unsigned")) {
		is_signed = isc_is(p, "signed");
		rc = isc_advance(p);
		if (rc == 0 && !isc_is(p, "integer"))
			return isc_fail(p, "'integer' is expected here");
	}
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0 && p->tok.kind != ISC_T_NUMBER)
		return isc_fail(p,
		    "the width in bits is expected here: 8, 16 or 32");
	if (rc == 0)
		rc = isc_read_number(p, 32, &bits);
	if (rc < 0)
		return rc;
	switch (bits) {
	case 8: return put(p, d, is_signed ? "b" : "B");
	case 16: return put(p, d, is_signed ? "s" : "S");
	case 32: return put(p, d, is_signed ? "l" : "L");
	default: return isc_fail(p, "an integer has 8, 16 or 32 bits");
	}
}

static int
read_encapsulate(struct isc_parser *p, struct def *d)
{
	int rc = isc_advance(p);

	if (rc == 0 && !isc_is_word(p))
		return isc_fail(p,
		    "the name of an option space is expected here");
	d->space = isc_space_find(p->t, p->tok.text);
	if (rc == 0 && !d->space)
		return isc_fail(p, "no option space named %.60s is declared",
		    p->tok.text);
	if (rc == 0)
		rc = put(p, d, "E");
	if (rc == 0)
		rc = put(p, d, p->tok.text);
	if (rc == 0)
		rc = put(p, d, ".");
	return rc < 0 ? rc : isc_advance(p);
}

static int
read_plain(struct isc_parser *p, struct def *d, bool in_array)
{
	static const struct {
		const char *word;
		const char *type;
		bool any_length;
	} types[] = {
		{ "ip-address", "I", false }, { "ip6-address", "6", false },
		{ "boolean", "f", false }, { "text", "t", true },
		{ "string", "X", true }, { "domain-name", "d", false },
		{ "zerolen", "Z", true },
	};
	size_t i;
	int rc;

	for (i = 0; i < ARRAY_LEN(types) && !isc_is(p, types[i].word); i++)
		;
	if (i == ARRAY_LEN(types))
		return isc_fail(p, "'%.40s' is no type of an option",
		    p->tok.text);
	if (types[i].any_length && in_array)
		return isc_fail(p, "dhcpd has no arrays of %s", types[i].word);
	d->ended = types[i].any_length;
	d->last = types[i].word;
	rc = put(p, d, types[i].type);
	return rc < 0 ? rc : isc_advance(p);
}

static int
read_domain_list(struct isc_parser *p, struct def *d)
{
	int rc = isc_advance(p);

	if (rc == 0)
		rc = put(p, d, "D");
	if (rc == 0 && isc_is(p, "compressed")) {
		rc = put(p, d, "c");
		if (rc == 0)
			rc = isc_advance(p);
	}
	d->ended = true;
	d->last = "domain-list";
	return rc;
}

static int
read_type(struct isc_parser *p, struct def *d, bool in_array)
{
	if (isc_is(p, "integer") || isc_is(p, "signed") || isc_is(p,
	    "unsigned"))
		return read_integer(p, d);
	if (isc_is(p, "encapsulate")) {
		if (in_array)
			return isc_fail(p,
			    "dhcpd has no arrays of encapsulated spaces");
		d->ended = true;
		d->last = "encapsulate";
		return read_encapsulate(p, d);
	}
	if (isc_is(p, "domain-list")) {
		if (in_array)
			return isc_fail(p, "a domain-list is an array already");
		return read_domain_list(p, d);
	}
	return read_plain(p, d, in_array);
}

/* { type, type, [array of type] } */
static int
read_record(struct isc_parser *p, struct def *d, bool in_array)
{
	bool array = false;
	int rc = 0;

	do {
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
		if (d->ended)
			return isc_fail(p,
			    "%s must be the last field of a record", d->last);
		if (array)
			return isc_fail(p,
			    "an array must be the last field of a record");
		if (isc_is(p, "array")) {
			if (in_array)
				return isc_fail(p,
				    "dhcpd has no arrays in arrays");
			array = true;
			rc = isc_advance(p);
			if (rc == 0 && !isc_is(p, "of"))
				return isc_fail(p,
				    "'of' is expected after 'array'");
			if (rc == 0)
				rc = isc_advance(p);
		}
		if (rc == 0)
			rc = read_type(p, d, array || in_array);
		if (rc < 0)
			return rc;
	} while (isc_is_char(p, ','));
	if (array)
		rc = put(p, d, "a");
	return rc < 0 ? rc : isc_expect(p, '}', "the record");
}

static int
read_def_type(struct isc_parser *p, struct def *d)
{
	bool array = false;
	int rc = 0;

	if (isc_is(p, "array")) {
		array = true;
		rc = isc_advance(p);
		if (rc == 0 && !isc_is(p, "of"))
			return isc_fail(p, "'of' is expected after 'array'");
		if (rc == 0)
			rc = isc_advance(p);
	}
	if (rc == 0)
		rc = isc_is_char(p, '{') ? read_record(p, d, array) :
		    read_type(p, d, array);
	return rc == 0 && array ? put(p, d, "A") : rc;
}

/* After "option NAME code": NUMBER = TYPE; */
int
isc_read_option_def(struct isc_parser *p, struct isc_space *space,
    const char *name)
{
	struct def d = { .len = 0 };
	struct isc_option *o;
	int64_t code = 0;
	int rc;

	if (p->tok.kind != ISC_T_NUMBER)
		return isc_fail(p, "the number of the option is expected here");
	rc = isc_read_number(p, 32, &code);
	if (rc == 0)
		rc = isc_expect(p, '=', "the option's type");
	if (rc == 0)
		rc = read_def_type(p, &d);
	if (rc == 0)
		rc = isc_expect(p, ';', "the option's type");
	if (rc < 0)
		return rc;
	o = isc_option_add(p->t, space, name, (uint32_t)code, d.text);
	if (!o)
		return -ENOMEM;
	if (d.space)
		d.space->encloses = o;
	return 0;
}
