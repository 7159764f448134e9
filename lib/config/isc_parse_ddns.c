/* Name service and failover: what dhcpd takes, without following it. */
#include "config/isc_decl.h"

#include <errno.h>
#include <string.h>

/* Base64, whose letters the lexer has cut into several tokens. */
static int
read_base64(struct isc_parser *p)
{
	struct config_pos pos = p->tok.pos;
	struct sbuf b = SBUF_EMPTY;
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *digit;
	size_t i, n = 0;
	unsigned int left = 0;
	bool bad = false;
	int rc = 0;

	while (rc == 0 && !isc_is_char(p, ';') && !isc_is_char(p, '}') &&
	    p->tok.kind != ISC_T_END) {
		sbuf_addn(&b, p->tok.text, p->tok.len);
		rc = isc_advance(p);
	}
	for (i = 0; i < b.len; i++) {
		if (b.text[i] == '=' || !b.text[i])
			continue;
		digit = strchr(digits, b.text[i]);
		bad = bad || !digit;
		/* The bits that do not fill a byte must be zero. */
		left = digit ? (unsigned int)(digit - digits) : 0;
		n++;
	}
	left &= n % 4 == 2 ? 15 : n % 4 == 3 ? 3 : n % 4 == 1 ? 63 : 0;
	sbuf_release(&b);
	if (rc < 0)
		return rc;
	if (bad || i == 0)
		return isc_fail_at(p, pos, "the secret is not base64");
	if (left)
		return isc_fail_at(p, pos,
		    "the secret is not whole base64: its end is missing");
	return 0;
}

int
isc_read_secret(struct isc_parser *p)
{
	bool algorithm = false, secret = false;
	int rc = 0;

	while (rc == 0 && !isc_is_char(p, '}')) {
		if (isc_is(p, "algorithm")) {
			rc = isc_advance(p);
			if (rc == 0 && !isc_is_word(p))
				return isc_fail(p,
				    "the name of an algorithm is expected "
				    "here");
			while (rc == 0 && !isc_is_char(p, ';') &&
			    p->tok.kind != ISC_T_END)
				rc = isc_advance(p);
			algorithm = true;
		} else if (isc_is(p, "secret")) {
			rc = isc_advance(p);
			if (rc == 0)
				rc = read_base64(p);
			secret = true;
		} else {
			return isc_fail(p,
			    "'algorithm', 'secret' or '}' is expected here");
		}
		if (rc == 0)
			rc = isc_expect(p, ';', "the key");
	}
	if (rc == 0 && (!algorithm || !secret))
		return isc_fail(p, "a key needs its algorithm and its secret");
	return rc < 0 ? rc : isc_advance(p);
}

int
isc_read_zone(struct isc_parser *p)
{
	int rc = isc_advance(p);
	bool key;

	while (rc == 0 && !isc_is_char(p, '{') && p->tok.kind != ISC_T_END)
		rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '{', "the zone");
	while (rc == 0 && !isc_is_char(p, '}')) {
		key = isc_is(p, "key");
		if (!key && !isc_is(p, "primary") && !isc_is(p, "secondary") &&
		    !isc_is(p, "primary6") && !isc_is(p, "secondary6"))
			return isc_fail(p,
			    "'primary', 'secondary', 'key' or '}' is expected "
			    "here");
		rc = isc_advance(p);
		if (rc == 0 && key && !config_map_get(&p->t->keys, p->tok.text,
		    p->tok.len))
			return isc_fail(p, "no key named %.60s is declared",
			    p->tok.text);
		while (rc == 0 && !isc_is_char(p, ';') &&
		    !isc_is_char(p, '}') && p->tok.kind != ISC_T_END)
			rc = isc_advance(p);
		if (rc == 0)
			rc = isc_expect(p, ';', "the zone");
	}
	return rc < 0 ? rc : isc_advance(p);
}

/* failover peer "name" { ... } at the top, ; in a pool */
int
isc_read_failover(struct isc_parser *p, const struct isc_context *c)
{
	struct config_pos pos = p->tok.pos;
	const char *name;
	size_t len;
	int rc = isc_advance(p);

	if (rc == 0 && !isc_is(p, "peer"))
		return isc_fail(p, "'peer' is expected after 'failover'");
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0 && p->tok.kind != ISC_T_STRING && !isc_is_word(p))
		return isc_fail(p, "the name of the peer is expected here");
	if (rc < 0)
		return rc;
	name = p->tok.text;
	len = p->tok.len;
	rc = isc_advance(p);
	if (rc == 0 && isc_is_char(p, ';')) {
		if (!config_map_get(&p->t->peers, name, len))
			return isc_fail_at(p, pos,
			    "no failover peer named %.60s is declared", name);
		return isc_advance(p);
	}
	if (c->kind != ISC_IN_ROOT)
		return isc_fail_at(p, pos,
		    "a failover peer is declared at the top only");
	if (rc == 0)
		rc = isc_expect(p, '{', "the failover peer");
	while (rc == 0 && !isc_is_char(p, '}')) {
		if (!isc_is_word(p))
			return isc_fail(p,
			    "a parameter of the peer or '}' is expected here");
		while (rc == 0 && !isc_is_char(p, ';') &&
		    !isc_is_char(p, '}') && p->tok.kind != ISC_T_END)
			rc = isc_advance(p);
		if (rc == 0)
			rc = isc_expect(p, ';', "the parameter");
	}
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0)
		rc = isc_gap(p->t, pos,
		    "which of two failover peers answers is not followed");
	return rc < 0 ? rc : config_map_put(&p->t->peers, &p->t->arena, name, len,
	    p->t);
}
