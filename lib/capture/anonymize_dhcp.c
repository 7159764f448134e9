/*
 * DHCP of both kinds: what an option's type says is an address or a name.
 */
#include "capture/anonymize_internal.h"

#include "wire/dhcp_opt.h"

#include <ctype.h>
#include <string.h>

enum {
	LABEL_MAX = 63, DEPTH_MAX = 8,
	HEAD_CIADDR = 12, HEAD_CHADDR = 28, HEAD_SNAME = 44, HEAD_FILE = 108,
	HEAD_OPTIONS = 240,
	SERVERS_HEAD = 3,               /* type and count before addresses */
	FQDN_HEAD = 3,                  /* RFC 4702 2: flags and two codes */
	FQDN_WIRE = 4,                  /* its flag E: as in DNS */
	DUID_LLT_ID = 8, DUID_LL_ID = 4, DUID_EN_ID = 6, DUID_UUID_ID = 2,
	RELAY_HEAD = 34, CLIENT_HEAD = 4,
	CLIENT_ID_DUID = 255,           /* RFC 4361 6.1: after the IAID */
};

void
change_mac(const struct anonymize *a, struct span s, size_t at)
{
	struct span v = span_at(s, at, MAC_LEN);

	if (v.n > 0)
		anonymize_mac(a, v.p);
}

void
change_ip4(const struct anonymize *a, struct span s, size_t at)
{
	struct span v = span_at(s, at, 4);

	if (v.n > 0)
		anonymize_ip4(a, v.p);
}

void
change_ip6(const struct anonymize *a, struct span s, size_t at)
{
	struct span v = span_at(s, at, 16);

	if (v.n > 0)
		anonymize_ip6(a, v.p);
}

size_t
change_labels(const struct anonymize *a, struct span s, size_t at)
{
	while (at < s.n) {
		size_t len = s.p[at++];
		struct span label = span_at(s, at, len);

		if (len == 0)
			return at;
		if (len > LABEL_MAX)    /* a pointer: its name is elsewhere */
			return at + 1;
		anonymize_name(a, label.p, label.n);
		at += len;
	}
	return s.n;
}

static void
change_all_labels(const struct anonymize *a, struct span s, size_t at)
{
	while (at < s.n)
		at = change_labels(a, s, at);
}

/* A host: its name, or its address as text. */
static void
change_host(const struct anonymize *a, struct span s)
{
	bool has_letter = false;

	for (size_t i = 0; i < s.n; i++)
		has_letter |= isalpha(s.p[i]) != 0;
	if (has_letter)
		anonymize_name(a, s.p, s.n);
	else
		anonymize_text(a, s.p, s.n);
}

static void
change_duid(const struct anonymize *a, struct span s)
{
	struct span id;

	if (s.n < 2)
		return;
	switch (s.p[0] << 8 | s.p[1]) {
	case DHCP6_DUID_LLT:
		change_mac(a, s, DUID_LLT_ID);
		return;
	case DHCP6_DUID_LL:
		change_mac(a, s, DUID_LL_ID);
		return;
	case DHCP6_DUID_UUID:
		id = span_from(s, DUID_UUID_ID);
		break;
	default:
		id = span_from(s, DUID_EN_ID);
		break;
	}
	anonymize_uuid(a, id.p, id.n);
}

static void
change_client_id(const struct anonymize *a, struct span s)
{
	struct span id = span_from(s, 1);

	if (id.n == 0)
		return;
	if (id.n == MAC_LEN)
		anonymize_mac(a, id.p);
	else if (s.p[0] == CLIENT_ID_DUID)
		change_duid(a, span_from(s, 5));
	else
		anonymize_uuid(a, id.p, id.n);
}

/* RFC 3442: width, as many octets as it needs, router; repeated. */
static void
change_routes(const struct anonymize *a, struct span s)
{
	for (size_t at = 0; at < s.n; ) {
		size_t octets = ((size_t)s.p[at] + 7) / 8;
		struct span net = span_at(s, at + 1, octets);
		uint8_t ip[4] = { 0 };

		if (octets > sizeof(ip))
			return;
		if (net.n > 0) {
			memcpy(ip, net.p, net.n);
			anonymize_ip4(a, ip);
			memcpy(net.p, ip, net.n);
		}
		change_ip4(a, s, at + 1 + octets);
		at += 1 + octets + 4;
	}
}

/* PXE boot servers (43.8): type, count, addresses; repeated. */
static void
change_servers(const struct anonymize *a, struct span s)
{
	size_t at = 0;

	while (at + SERVERS_HEAD <= s.n) {
		size_t n = s.p[at + SERVERS_HEAD - 1];

		at += SERVERS_HEAD;
		for (; n > 0 && at < s.n; n--, at += 4)
			change_ip4(a, s, at);
	}
}

static bool
is_host(uint8_t code)
{
	return code == DHCP4_OPT_HOSTNAME || code == DHCP4_OPT_DOMAIN ||
	    code == DHCP4_OPT_TFTP_SERVER || code == 40 || code == 64;
}

static void change_options(const struct anonymize *a, struct span s,
    enum dhcp_space space, int depth);

/* A relay names its port and itself, in words or with a MAC address. */
static void
change_relay_id(const struct anonymize *a, struct span s)
{
	if (s.n == MAC_LEN)
		anonymize_mac(a, s.p);
	else if (s.n == MAC_LEN + 2 && s.p[1] == MAC_LEN)
		anonymize_mac(a, s.p + 2);
	else
		change_host(a, s);
}

static void
change_option(const struct anonymize *a, struct span s,
    enum dhcp_space space, uint8_t code, int depth)
{
	const struct dhcp_opt_info *info = dhcp_opt_info(space, code);
	enum dhcp_type type = info ? info->type : DHCP_T_BYTES;

	if (space == DHCP_SPACE_RELAY && code <= 2) {
		change_relay_id(a, s);
		return;
	}
	if (space == DHCP_SPACE_MAIN && is_host(code)) {
		change_host(a, s);
		return;
	}
	switch (type) {
	case DHCP_T_IP:
	case DHCP_T_IPS:
	case DHCP_T_IP_PAIRS:           /* a mask begins with 255 and stays */
		for (size_t at = 0; code != DHCP4_OPT_MASK && at < s.n;
		    at += 4)
			change_ip4(a, s, at);
		break;
	case DHCP_T_ROUTES:
		change_routes(a, s);
		break;
	case DHCP_T_DOMAINS:
		change_all_labels(a, s, 0);
		break;
	case DHCP_T_CLIENT_ID:
		change_client_id(a, s);
		break;
	case DHCP_T_UUID:
		s = span_from(s, 1);
		anonymize_uuid(a, s.p, s.n);
		break;
	case DHCP_T_FQDN:
		if (s.n > FQDN_HEAD && (s.p[0] & FQDN_WIRE))
			change_all_labels(a, s, FQDN_HEAD);
		else
			change_host(a, span_from(s, FQDN_HEAD));
		break;
	case DHCP_T_PXE_SERVERS:
		change_servers(a, s);
		break;
	case DHCP_T_SPACE:
		if (depth < DEPTH_MAX)
			change_options(a, s, info->space, depth + 1);
		break;
	default:
		anonymize_text(a, s.p, s.n);
		break;
	}
}

static void
change_options(const struct anonymize *a, struct span s,
    enum dhcp_space space, int depth)
{
	bool has_marks = space == DHCP_SPACE_MAIN || space == DHCP_SPACE_PXE;

	for (size_t at = 0; at < s.n; ) {
		uint8_t code = s.p[at++];
		size_t len;

		if (has_marks && code == DHCP4_OPT_PAD)
			continue;
		if (at == s.n || (has_marks && code == DHCP4_OPT_END))
			return;
		len = s.p[at++];
		change_option(a, span_at(s, at, len), space, code, depth);
		at += len;
	}
}

void
change_dhcp4(const struct anonymize *a, struct span s, uint8_t overload)
{
	struct span sname = span_at(s, HEAD_SNAME, DHCP4_SNAME_LEN);
	struct span file = span_at(s, HEAD_FILE, DHCP4_FILE_LEN);

	for (size_t i = 0; i < 4; i++)
		change_ip4(a, s, HEAD_CIADDR + 4 * i);
	change_mac(a, s, HEAD_CHADDR);
	if (overload & 2)
		change_options(a, sname, DHCP_SPACE_MAIN, 0);
	else
		change_host(a, sname);
	if (overload & 1)
		change_options(a, file, DHCP_SPACE_MAIN, 0);
	else
		anonymize_text(a, file.p, file.n);
	change_options(a, span_from(s, HEAD_OPTIONS), DHCP_SPACE_MAIN, 0);
}

/* ------------------------------------------------------------- DHCPv6 */

static void change_options6(const struct anonymize *a, struct span s,
    int depth);

static void
change_message6(const struct anonymize *a, struct span s, int depth)
{
	if (s.n == 0)
		return;
	if (s.p[0] == DHCP6_RELAY_FORW || s.p[0] == DHCP6_RELAY_REPL) {
		change_ip6(a, s, 2);
		change_ip6(a, s, 18);
		change_options6(a, span_from(s, RELAY_HEAD), depth);
	} else {
		change_options6(a, span_from(s, CLIENT_HEAD), depth);
	}
}

static void
change_option6(const struct anonymize *a, struct span s, uint16_t code,
    int depth)
{
	const struct dhcp6_opt_info *info = dhcp6_opt_info(code);

	switch (info ? info->type : DHCP6_T_BYTES) {
	case DHCP6_T_IPS:
		for (size_t at = 0; at < s.n; at += 16)
			change_ip6(a, s, at);
		break;
	case DHCP6_T_DUID:
		change_duid(a, s);
		break;
	case DHCP6_T_IA_NA:
	case DHCP6_T_IA_PD:
		change_options6(a, span_from(s, 12), depth);
		break;
	case DHCP6_T_IA_TA:
		change_options6(a, span_from(s, 4), depth);
		break;
	case DHCP6_T_IAADDR:
		change_ip6(a, s, 0);
		change_options6(a, span_from(s, 24), depth);
		break;
	case DHCP6_T_IAPREFIX:
		change_ip6(a, s, 9);
		change_options6(a, span_from(s, 25), depth);
		break;
	case DHCP6_T_MSG:
		change_message6(a, s, depth);
		break;
	case DHCP6_T_LLADDR:
		change_mac(a, s, 2);
		break;
	case DHCP6_T_FQDN:
		change_all_labels(a, s, 1);
		break;
	case DHCP6_T_DOMAINS:
		change_all_labels(a, s, 0);
		break;
	default:
		anonymize_text(a, s.p, s.n);
		break;
	}
}

static void
change_options6(const struct anonymize *a, struct span s, int depth)
{
	if (depth >= DEPTH_MAX)
		return;
	for (size_t at = 0; at + 4 <= s.n; ) {
		uint16_t code = (uint16_t)(s.p[at] << 8 | s.p[at + 1]);
		size_t len = (size_t)(s.p[at + 2] << 8 | s.p[at + 3]);

		at += 4;
		change_option6(a, span_at(s, at, len), code, depth + 1);
		at += len;
	}
}

void
change_dhcp6(const struct anonymize *a, struct span s)
{
	change_message6(a, s, 0);
}
