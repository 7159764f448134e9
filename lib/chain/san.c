#include "chain/san.h"

#include <errno.h>
#include <string.h>

enum { ISCSI_PORT = 3260 };

static const struct {
	const char *prefix;
	enum san_kind kind;
} san_rows[] = {
	{ "iscsi:", SAN_ISCSI }, { "aoe:", SAN_AOE }, { "nbd:", SAN_NBD },
	{ "nfs:", SAN_NFS }, { "srp:", SAN_SRP }, { "ib_srp:", SAN_SRP },
	{ "fcp:", SAN_FCP }, { "http:", SAN_HTTP }, { "https:", SAN_HTTP },
};

const char *
san_kind_name(enum san_kind kind)
{
	static const char *const names[] = {
		[SAN_ISCSI] = "iSCSI", [SAN_AOE] = "AoE", [SAN_NBD] = "NBD",
		[SAN_NFS] = "NFS", [SAN_SRP] = "SRP", [SAN_FCP] = "FCoE",
		[SAN_HTTP] = "HTTP",
	};

	return names[kind];
}

/* Up to the next ':', or to the end; an address of IPv6 stands in brackets. */
static const char *
take_field(const char *p, char *buf, size_t cap, bool *ret_fits)
{
	size_t skip = *p == '[' ? strcspn(p, "]") : 0;
	size_t n = skip + strcspn(p + skip, ":");

	*ret_fits = *ret_fits && n < cap;
	n = n < cap ? n : cap - 1;
	memcpy(buf, p, n);
	buf[n] = '\0';
	return p[n] == ':' ? p + n + 1 : p + n;
}

static int
parse_iscsi(const char *p, struct san *ret, const char **why)
{
	char protocol[8];
	char port[8];
	bool fits = true;
	uint64_t n = ISCSI_PORT;

	p = take_field(p, ret->server, sizeof(ret->server), &fits);
	p = take_field(p, protocol, sizeof(protocol), &fits);
	p = take_field(p, port, sizeof(port), &fits);
	p = take_field(p, ret->lun, sizeof(ret->lun), &fits);
	fits = text_copy(ret->target, sizeof(ret->target), p) && fits;
	*why = !fits ? "a field is too long" :
	    !ret->server[0] ? "it names no server" :
	    port[0] && parse_uint(port, 1, UINT16_MAX, &n, NULL) < 0 ?
	    "its port is no number" :
	    strspn(ret->lun, "0123456789abcdefABCDEF-") != strlen(ret->lun) ?
	    "its LUN is no number" :
	    !ret->target[0] ? "it names no target" : NULL;
	if (*why)
		return -EBADMSG;
	ret->port = (uint16_t)n;
	if (!ret->lun[0])
		(void)text_copy(ret->lun, sizeof(ret->lun), "0");
	return 0;
}

/* //host[:port]/path */
static int
parse_uri(const char *p, struct san *ret, const char **why)
{
	size_t n;

	*why = "it names no server";
	if (strncmp(p, "//", 2) != 0)
		return -EBADMSG;
	p += 2;
	n = strcspn(p, "/");
	if (n == 0 || n >= sizeof(ret->server) ||
	    !text_copy(ret->target, sizeof(ret->target), p + n))
		return -EBADMSG;
	memcpy(ret->server, p, n);
	*why = NULL;
	return 0;
}

int
san_parse(const char *text, struct san *ret, const char **why)
{
	memset(ret, 0, sizeof(*ret));
	*why = NULL;
	for (size_t i = 0; i < ARRAY_LEN(san_rows); i++) {
		size_t n = strlen(san_rows[i].prefix);

		if (strncmp(text, san_rows[i].prefix, n) != 0)
			continue;
		ret->kind = san_rows[i].kind;
		text += n;
		switch (ret->kind) {
		case SAN_ISCSI:
			return parse_iscsi(text, ret, why);
		case SAN_AOE:
		case SAN_SRP:
		case SAN_FCP:
			if (*text && text_copy(ret->target,
			    sizeof(ret->target), text))
				return 0;
			*why = "it names no target";
			return -EBADMSG;
		default:
			return parse_uri(text, ret, why);
		}
	}
	return -ENOENT;
}
