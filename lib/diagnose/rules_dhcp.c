/*
 * Faults before a file is asked for: no offer, no usable offer, no ACK, and
 * an answer that names no file or no place to get it.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

#define PATIENCE_S 10.0         /* silence that means something */
#define UEFI_PATIENCE_S 35.0    /* EDK2 collects offers for so long */

/* The capture goes on for that long after @since. */
static bool
lasted(const struct diagnose *d, double since, double s)
{
	return d->out->last_time - since >= s;
}

/* Were other machines given offers while this one asked? -1 only before. */
static int
others_served(const struct diagnose *d, const struct client *m,
    const struct stage *s)
{
	bool before = false;

	for (const struct client *o = d->machines; o; o = o->next) {
		if (memcmp(o->out.mac, m->out.mac, MAC_LEN) == 0)
			continue;
		for (const struct stage *t = o->stages; t; t = t->next) {
			if (t->n_offers_seen == 0 ||
			    t->relay.s_addr != s->relay.s_addr)
				continue;
			if (t->first_offer >= s->first_time)
				return 1;
			before = true;
		}
	}
	return before ? -1 : 0;
}

static bool
no_offer_link(struct diagnose *d, struct client *m, struct stage *s)
{
	const struct dg_link *k = &d->link;

	if (k->n_eapol > 0) {
		blame(d, m, "port-authentication", 0.8, NULL, "the switch "
		    "asks for 802.1X on this port, and no DISCOVER is "
		    "answered");
		evidence(d, m, k->eapol_frame, s->first_time, "EAPOL, %u "
		    "frames", k->n_eapol);
		return true;
	}
	if (k->n_lacp > 0) {
		blame(d, m, "lacp-port-suspended", 0.7, NULL, "the switch "
		    "sends LACP on this port, the client does not, and no "
		    "DISCOVER is answered");
		evidence(d, m, k->lacp_frame, s->first_time, "LACP, %u frames",
		    k->n_lacp);
		return true;
	}
	/* where others are heard, the port forwards */
	if (k->n_bpdu > 1 && !d->foreign && k->bpdu_first <= s->last_time &&
	    k->bpdu_last >= s->first_time) {
		blame(d, m, "stp-port-blocking", 0.7, NULL, "all that comes "
		    "to this port are BPDUs: it does not forward yet, and the "
		    "%u DISCOVERs of the %s are lost", s->n_discover,
		    stage_kind_name(s->kind));
		evidence(d, m, k->bpdu_frame, k->bpdu_first,
		    "%u BPDUs of spanning tree", k->n_bpdu);
		also(m, "no-dhcp-offer");
		return true;
	}
	return false;
}

static bool
rules_no_offer(struct diagnose *d, struct client *m, struct stage *s)
{
	char ip[IP_TEXT_MAX];
	int others;

	if (s->n_discover < 2 && !lasted(d, s->first_time, PATIENCE_S))
		return false;
	if (s->n_request > 0 || s->says_offer) {
		limit(d, "one direction only: clients answer offers that are "
		    "not in the capture");
		return false;
	}
	if (no_offer_link(d, m, s))
		return true;
	others = others_served(d, m, s);
	if (s->asked_relayed && others == 0)
		blame(d, m, "giaddr-subnet-undeclared", 0.7, NULL, "the relay "
		    "%s sends the DISCOVERs on, and no server answers: none "
		    "has a subnet with that address",
		    ipv4_format(s->relay, ip));
	else if (others > 0)
		blame(d, m, "server-ignores-client", 0.6, NULL, "%u DISCOVERs "
		    "of the %s got no offer, while other machines got theirs",
		    s->n_discover, stage_kind_name(s->kind));
	else if (others < 0)
		blame(d, m, "dhcp-pool-exhausted", 0.6, NULL, "%u DISCOVERs "
		    "got no offer, after other machines had got theirs",
		    s->n_discover);
	else
		blame(d, m, "no-dhcp-offer", 0.9, NULL, "%u DISCOVERs of the "
		    "%s in %.0f s, and no offer", s->n_discover,
		    stage_kind_name(s->kind), s->last_discover -
		    s->first_time);
	if (others != 0 || s->asked_relayed)
		also(m, "no-dhcp-offer");
	evidence(d, m, s->first_frame, s->first_time, "the first of %u "
	    "DISCOVERs", s->n_discover);
	return true;
}

static bool
rules_offers_unused(struct diagnose *d, struct client *m, struct stage *s)
{
	const struct kept_offer *proxy = NULL;
	const struct kept_offer *plain = NULL;
	const struct kept_offer *o = &s->offer[0];
	struct ip_addr at = ip_from_v4(o->server);
	bool has_file = false, http = false;
	char ip[IP_TEXT_MAX];
	struct dhcp4_msg msg;

	if (s->n_offers == 0)
		return false;
	for (size_t i = 0; i < s->n_offers; i++) {
		if (s->offer[i].yiaddr.s_addr)
			plain = &s->offer[i];
		else
			proxy = &s->offer[i];
		has_file |= s->offer[i].has_file;
		http |= s->offer[i].http_class;
	}
	evidence(d, m, o->msg.frame, o->msg.time, "the first of %u offers, by "
	    "%s", s->n_offers_seen, ipv4_format(o->server, ip));
	if (!plain)
		return blame(d, m, "only-proxy-offers", 0.9, &at, "only a "
		    "proxyDHCP server answers: nobody gives an address");
	at = ip_from_v4(plain->server);
	if (s->kind == STAGE_HTTP && !http)
		return blame(d, m, "httpboot-offer-without-httpclient", 0.95,
		    &at, "the offers lack option 60 HTTPClient, so UEFI HTTP "
		    "boot takes none of them");
	if (s->kind != STAGE_IPXE && s->first_offer - s->first_time > 60)
		return blame(d, m, "offer-too-late", 0.8, &at, "the first "
		    "offer came after %.0f s", s->first_offer - s->first_time);
	if (s->kind == STAGE_IPXE && s->first_offer - s->first_time > 14)
		return blame(d, m, "offer-too-late", 0.8, &at, "the first "
		    "offer came after %.0f s: iPXE had given up",
		    s->first_offer - s->first_time);
	if (s->kind == STAGE_IPXE && !s->says_offer) {
		if (s->ordinal > 0 && s->n_discover > 2)
			return blame(d, m, "ipxe-native-driver-fails", 0.6,
			    &at, "offers are sent, and iPXE's 'secs' says that "
			    "it received none, though the firmware before it "
			    "did");
		if (s->n_discover > 3)
			return blame(d, m, "offer-not-delivered", 0.7, &at,
			    "offers are sent, and iPXE's 'secs' says that it "
			    "received none of them");
	}
	if (s->n_discover < 2 || !lasted(d, s->first_offer, PATIENCE_S))
		return false;
	if (s->kind == STAGE_UEFI && !has_file && !proxy)
		return blame(d, m, "offer-without-bootfile", 0.95, &at,
		    "%u offers and none names a boot file: UEFI asks on and "
		    "takes none", s->n_offers_seen);
	if (s->kind == STAGE_UEFI && proxy && plain)
		return blame(d, m, "uefi-ignores-proxy-offer", 0.7, &at,
		    "an address and a proxy's offer came, and the firmware "
		    "takes neither");
	if (kept_parse(&plain->msg, &msg)) {
		bool has_id = dhcp4_opt(&msg, DHCP4_OPT_SERVER_ID);

		dhcp4_msg_release(&msg);
		return blame(d, m, "offer-rejected-by-client",
		    has_id ? 0.5 : 0.9, &at, "%u offers came and the client "
		    "asks on%s", s->n_offers_seen, has_id ? "" :
		    ": they lack option 54, the server's identifier");
	}
	return false;
}

bool
rules_dhcp(struct diagnose *d, struct client *m, struct stage *s)
{
	char ip[2][IP_TEXT_MAX];
	struct ip_addr at = ip_from_v4(s->chosen);

	if (s->n_decline > 0) {
		evidence(d, m, s->decline.frame, s->decline.time, "DECLINE");
		return blame(d, m, "address-conflict", 0.9, &at, "the client "
		    "declined its address: another machine has it");
	}
	if (s->n_nak > 0) {
		bool other = s->chosen.s_addr && s->nak_server.s_addr !=
		    s->chosen.s_addr;

		at = ip_from_v4(s->nak_server);
		evidence(d, m, s->nak.frame, s->nak.time, "NAK of %s",
		    ipv4_format(s->nak_server, ip[0]));
		if (other)
			return blame(d, m, "nak-from-other-server", 0.9, &at,
			    "the client asked %s, and %s refused",
			    ipv4_format(s->chosen, ip[1]), ip[0]);
		return blame(d, m, "dhcp-nak", 0.9, &at, "%s refused the "
		    "address that it was asked for", ip[0]);
	}
	if (s->n_offers_seen == 0)
		return rules_no_offer(d, m, s);
	if (s->n_request == 0)
		return rules_offers_unused(d, m, s);
	if (s->n_request < 2 && !lasted(d, s->first_request, PATIENCE_S))
		return false;
	evidence(d, m, s->first_request_frame, s->first_request,
	    "the first of %u REQUESTs", s->n_request);
	return blame(d, m, "dhcp-request-unanswered", 0.9, &at,
	    "%u REQUESTs to %s, and neither ACK nor NAK", s->n_request,
	    ipv4_format(s->chosen, ip[0]));
}

bool
rules_dhcp6(struct diagnose *d, struct client *m, struct stage *s)
{
	if (s->n_advertise == 0 && s->n_reply == 0) {
		if (s->n_discover < 2 && !lasted(d, s->first_time, PATIENCE_S))
			return false;
		evidence(d, m, s->first_frame, s->first_time, "the first of "
		    "%u SOLICITs", s->n_discover);
		also(m, "ipv6-first-delay-or-failure");
		return blame(d, m, "no-dhcp-offer", 0.85, NULL, "%u SOLICITs "
		    "and no DHCPv6 server answers", s->n_discover);
	}
	if (!s->v6_has_url || s->v6_status_bad) {
		if (!lasted(d, s->last_time, PATIENCE_S))
			return false;
		evidence(d, m, s->first_frame, s->first_time, "the exchange");
		return blame(d, m, "ipv6-first-delay-or-failure", 0.8,
		    &s->v6_server, s->v6_status_bad ? "the DHCPv6 server has "
		    "no address for this machine" : "the DHCPv6 server's "
		    "answer has no boot file URL (option 59)");
	}
	return false;
}

/* ---- names and addresses that the client looked for ---- */

bool
rules_names(struct diagnose *d, struct client *m, struct stage *s)
{
	struct lookup *bad = NULL;

	(void)s;
	for (struct lookup *l = m->lookups; l; l = l->next) {
		if (!l->found)
			bad = l;
		else if (bad && strcasecmp(bad->name, l->name) == 0)
			bad = NULL;
	}
	if (!bad || (bad->n_answered == 0 && bad->n_asked < 2 &&
	    !lasted(d, bad->time, PATIENCE_S)))
		return false;
	if (bad->n_answered > 0)
		blame(d, m, "dns-name-not-found", 0.95, &bad->server,
		    "the name server knows no address of '%s'%s%s", bad->name,
		    dns_rcode_name(bad->rcode) ? ": " : "",
		    dns_rcode_name(bad->rcode) ? dns_rcode_name(bad->rcode) :
		    "");
	else
		blame(d, m, "dns-server-silent", 0.9, &bad->server, "the name "
		    "'%s' was asked for %u times, without an answer",
		    bad->name, bad->n_asked);
	evidence(d, m, bad->frame, bad->time, "question for %s", bad->name);
	if (bad->stage && bad->stage->kind == STAGE_HTTP)
		also(m, "httpboot-uri-or-dns-unusable");
	return true;
}

static bool
is_router(const struct stage *s, struct in_addr a)
{
	struct dhcp4_msg ack;
	struct in_addr router;
	bool is = false;

	if (kept_parse(&s->ack, &ack)) {
		is = dhcp4_get_ip(&ack, DHCP4_OPT_ROUTER, &router) &&
		    router.s_addr == a.s_addr;
		dhcp4_msg_release(&ack);
	}
	return is;
}

static bool
is_dns(const struct stage *s, struct in_addr a)
{
	struct dhcp4_msg ack;
	struct in_addr dns;
	bool is = false;

	if (kept_parse(&s->ack, &ack)) {
		is = dhcp4_get_ip(&ack, DHCP4_OPT_DNS, &dns) &&
		    dns.s_addr == a.s_addr;
		dhcp4_msg_release(&ack);
	}
	return is;
}

/* Does it lie outside the subnet that the client was told it is in? */
static bool
is_far(const struct stage *s, struct in_addr a)
{
	struct dhcp4_msg ack;
	struct in_addr mask;
	bool is = false;

	if (kept_parse(&s->ack, &ack)) {
		is = dhcp4_get_ip(&ack, DHCP4_OPT_MASK, &mask) &&
		    ((a.s_addr ^ ack.yiaddr.s_addr) & mask.s_addr);
		dhcp4_msg_release(&ack);
	}
	return is;
}

/* An address that the client asked for and nobody has. */
static bool
rules_arp(struct diagnose *d, struct client *m, struct stage *s)
{
	struct in_addr next = { 0 };
	struct ip_addr at = ip_from_v4(s->chosen);

	(void)parse_ipv4(s->target->server, &next, NULL);
	for (size_t i = 0; i < m->n_wanted; i++) {
		const struct wanted *w = &m->wanted[i];
		char ip[IP_TEXT_MAX];

		if (w->answered || w->n < 2 || w->time < s->ack_time)
			continue;
		(void)ipv4_format(w->addr, ip);
		evidence(d, m, w->frame, w->time, "who has %s? asked %u times",
		    ip, w->n);
		if (is_dns(s, w->addr) && !is_router(s, w->addr) &&
		    w->addr.s_addr != next.s_addr)
			return blame(d, m, "dns-server-silent", 0.9, &at,
			    "the name server %s that DHCP gave does not exist",
			    ip);
		if (is_router(s, w->addr) && w->addr.s_addr != next.s_addr)
			return blame(d, m, "gateway-or-mask-wrong", 0.9, &at,
			    "the router %s that DHCP gave does not answer", ip);
		if (s->target->is_uri && strstr(s->target->file, ip))
			return blame(d, m, "http-server-silent", 0.9, &at,
			    "the boot file is '%s', and nobody has the "
			    "address %s", s->target->file, ip);
		if (is_far(s, w->addr))
			return blame(d, m, "gateway-or-mask-wrong", 0.9, &at,
			    "the machine looks for %s on its own network, "
			    "where it is not: the router or the mask that DHCP "
			    "gave is missing or wrong", ip);
		if (w->addr.s_addr == next.s_addr)
			return blame(d, m, "wrong-next-server", 0.9, &at,
			    "the boot file is to be had from %s, and nobody "
			    "has that address", ip);
		return blame(d, m, "arp-unanswered", 0.8, &at, "nobody has "
		    "the address %s that the machine asks for", ip);
	}
	return false;
}

/* ---- the answer that the client got ---- */

static bool
rules_pxe_port(struct diagnose *d, struct client *m, struct stage *s)
{
	const struct kept_offer *own = NULL;
	struct ip_addr at = ip_from_v4(s->pxe_server);
	struct dhcp4_msg msg;
	struct target t;
	bool has_file;
	char ip[IP_TEXT_MAX];

	if (s->n_pxe_request == 0)
		return false;
	(void)ipv4_format(s->pxe_server, ip);
	for (size_t i = 0; i < s->n_offers; i++) {
		if (s->offer[i].yiaddr.s_addr && s->offer[i].pxe_class)
			own = &s->offer[i];
	}
	if (s->n_pxe_answer == 0) {
		if (s->n_pxe_request < 2 && !lasted(d, s->ack_time, PATIENCE_S))
			return false;
		evidence(d, m, s->pxe_frame, s->ack_time, "the first of %u "
		    "REQUESTs to port 4011", s->n_pxe_request);
		if (s->pxe_server.s_addr == INADDR_BROADCAST ||
		    (ntohl(s->pxe_server.s_addr) >> 28) == 14)
			return blame(d, m, "boot-server-discovery-fails", 0.8,
			    NULL, "the client looks for a boot server by "
			    "%s, and none answers", ip);
		if (own && !own->has_pxe43)
			return blame(d, m, "option60-without-4011", 0.95, &at,
			    "the DHCP server says option 60 PXEClient, so the "
			    "client asks port 4011 of %s, where nobody "
			    "answers", ip);
		return blame(d, m, "proxydhcp-4011-silent", 0.95, &at,
		    "the proxyDHCP server %s does not answer on port 4011",
		    ip);
	}
	if (!kept_parse(&s->pxe_ack, &msg))
		return false;
	has_file = target_get(TARGET_RULE_EDK2, &msg, NULL, &t) == 0;
	dhcp4_msg_release(&msg);
	if (has_file && s->kind == STAGE_IPXE && t.server_from != TARGET_SIADDR
	    && !t.is_uri) {
		evidence(d, m, s->pxe_ack.frame, s->pxe_ack.time,
		    "answer of port 4011 with siaddr 0.0.0.0");
		return blame(d, m, "ipxe-filename-without-next-server", 0.9,
		    &at, "the answer of port 4011 names the file '%s' and no "
		    "next-server: iPXE ignores it", t.file);
	}
	if (has_file || !lasted(d, s->pxe_ack.time, PATIENCE_S / 2))
		return false;
	evidence(d, m, s->pxe_ack.frame, s->pxe_ack.time,
	    "answer of port 4011 without a file");
	return blame(d, m, "proxydhcp-answer-without-file", 0.9, &at,
	    "port 4011 of %s answers, and names no boot file", ip);
}

/* A host name where nobody told of a name server. */
static bool
rules_dns_missing(struct diagnose *d, struct client *m, struct stage *s)
{
	struct dhcp4_msg ack;
	struct ip_addr at = ip_from_v4(s->chosen);
	struct ip_addr a;
	char host[256];
	const char *p = strstr(s->target->file, "://");
	bool has;

	if (!p || !kept_parse(&s->ack, &ack))
		return false;
	has = dhcp4_opt(&ack, DHCP4_OPT_DNS);
	dhcp4_msg_release(&ack);
	(void)text_copy(host, sizeof(host), p + 3);
	host[strcspn(host, ":/")] = '\0';
	if (has || host[0] == '[' || parse_ip(host, &a, NULL) == 0)
		return false;
	evidence(d, m, s->ack.frame, s->ack.time, "ACK without option 6");
	if (s->kind == STAGE_HTTP)
		also(m, "httpboot-uri-or-dns-unusable");
	return blame(d, m, "dns-server-missing", 0.9, &at, "the file is at "
	    "'%s', and the ACK names no name server to ask for it", host);
}

/* iPXE's feature of that number in option 175. */
static bool
has_feature(const struct stage *s, uint8_t code)
{
	struct rd r = rd_init(s->features, s->features_len);

	while (r.left > 0) {
		uint8_t c = rd_u8(&r);

		if (c == 0)
			continue;
		if (c == 255)
			break;
		rd_skip(&r, rd_u8(&r));
		if (!r.bad && c == code)
			return true;
	}
	return false;
}

static bool
rules_ipxe_target(struct diagnose *d, struct client *m, struct stage *s)
{
	enum { FEATURE_HTTP = 0x13, FEATURE_HTTPS = 0x14 };
	struct ip_addr at = ip_from_v4(s->chosen);
	const struct target *t = s->target;

	if (text_starts(t->file, "http") && s->features_len > 3 &&
	    !has_feature(s, text_starts(t->file, "https") ? FEATURE_HTTPS :
	    FEATURE_HTTP)) {
		evidence(d, m, s->ask.frame, s->ask.time,
		    "option 175 without that feature");
		return blame(d, m, "firmware-ipxe-lacks-feature", 0.85, &at,
		    "this iPXE cannot do what '%s' needs: its option 175 does "
		    "not list it", t->file);
	}
	if (t->file[0] && !t->is_uri && t->server_from != TARGET_SIADDR) {
		evidence(d, m, s->ack.frame, s->ack.time,
		    "ACK with a file and siaddr 0.0.0.0");
		return blame(d, m, "ipxe-filename-without-next-server", 0.9,
		    &at, "the ACK names the file '%s' and no next-server: "
		    "iPXE asks for nothing", t->file);
	}
	return false;
}

/*
 * A proxy that names no file in its offer wants to be asked on port 4011.
 * Where the capture was taken elsewhere, that is not in it; what is, is that
 * the client looked for the proxy's hardware address and then went on to
 * something else, or to nothing.
 */
static bool
rules_proxy_elsewhere(struct diagnose *d, struct client *m, struct stage *s)
{
	for (size_t i = 0; i < s->n_offers; i++) {
		const struct kept_offer *o = &s->offer[i];
		struct ip_addr at = ip_from_v4(o->server);
		char ip[IP_TEXT_MAX];

		if (o->yiaddr.s_addr || o->has_file)
			continue;
		for (size_t k = 0; k < m->n_wanted; k++) {
			const struct wanted *w = &m->wanted[k];

			if (w->addr.s_addr != o->server.s_addr ||
			    w->time < s->first_time)
				continue;
			limit(d, "taken where the proxyDHCP server's port "
			    "cannot be seen: add a capture from there");
			evidence(d, m, w->frame, w->time, "the client goes to "
			    "%s", ipv4_format(o->server, ip));
			return blame(d, m, "proxydhcp-4011-silent",
			    s->next ? 0.6 : 0.4, &at, "the client went to ask "
			    "port 4011 of %s, and did not go on from there",
			    ip);
		}
	}
	return false;
}

/* What iPXE does not read: a file of a proxy that names no server. */
static bool
rules_proxy_file(struct diagnose *d, struct client *m, struct stage *s)
{
	for (size_t i = 0; i < s->n_offers; i++) {
		const struct kept_offer *o = &s->offer[i];
		struct ip_addr at = ip_from_v4(o->server);
		char ip[IP_TEXT_MAX];

		if (o->yiaddr.s_addr || !o->has_file || o->siaddr.s_addr ||
		    s->kind != STAGE_IPXE)
			continue;
		evidence(d, m, o->msg.frame, o->msg.time, "proxy's offer with "
		    "a file and siaddr 0.0.0.0");
		return blame(d, m, "ipxe-filename-without-next-server", 0.85,
		    &at, "the proxy %s names a file and no next-server: iPXE "
		    "ignores it", ipv4_format(o->server, ip));
	}
	return false;
}

static bool
rules_no_file(struct diagnose *d, struct client *m, struct stage *s)
{
	struct ip_addr at = ip_from_v4(s->chosen);
	bool offered = false;
	bool proxy = false;
	char ip[IP_TEXT_MAX];

	for (size_t i = 0; i < s->n_offers; i++) {
		offered |= s->offer[i].yiaddr.s_addr && s->offer[i].has_file &&
		    s->offer[i].server.s_addr == s->chosen.s_addr;
		proxy |= !s->offer[i].yiaddr.s_addr;
	}
	if (!lasted(d, s->ack_time, PATIENCE_S / 5))
		return false;
	evidence(d, m, s->ack.frame, s->ack.time, "ACK of %s, no boot file",
	    ipv4_format(s->chosen, ip));
	if (offered)
		return blame(d, m, "ack-without-bootfile", 0.95, &at, "the "
		    "OFFER of %s named a boot file, its ACK does not", ip);
	if (proxy)
		return blame(d, m, "proxydhcp-answer-without-file", 0.6, &at,
		    "neither the DHCP server nor the proxy names a file");
	if (s->asked_relayed)
		also(m, "proxydhcp-not-relayed");
	return blame(d, m, "offer-without-bootfile", 0.9, &at, "%s gives an "
	    "address and names no boot file, and nobody else does", ip);
}

/* A boot server in another subnet, and no way there: nothing is sent. */
static bool
rules_no_router(struct diagnose *d, struct client *m, struct stage *s)
{
	const struct target *t = s->target;
	struct ip_addr at = ip_from_v4(s->chosen);
	struct in_addr server, mask;
	struct dhcp4_msg ack;
	bool stuck = false;

	if (!lasted(d, s->ack_time, PATIENCE_S) || !kept_parse(&s->ack, &ack))
		return false;
	if (parse_ipv4(t->server, &server, NULL) == 0 &&
	    dhcp4_get_ip(&ack, DHCP4_OPT_MASK, &mask))
		stuck = ((server.s_addr ^ ack.yiaddr.s_addr) & mask.s_addr) &&
		    !dhcp4_opt(&ack, DHCP4_OPT_ROUTER);
	dhcp4_msg_release(&ack);
	if (!stuck)
		return false;
	evidence(d, m, s->ack.frame, s->ack.time, "ACK without a router");
	return blame(d, m, "gateway-or-mask-wrong", 0.85, &at, "the boot "
	    "server %s is outside the client's subnet, and the ACK names no "
	    "router", t->server);
}

/* Firmware that has a file named and asks for nothing. */
static bool
rules_unused_file(struct diagnose *d, struct client *m, struct stage *s)
{
	const struct target *t = s->target;
	struct ip_addr at = ip_from_v4(s->chosen);

	if (!lasted(d, s->ack_time, PATIENCE_S))
		return false;
	if (text_starts(t->file, "http") && s->kind != STAGE_HTTP) {
		evidence(d, m, s->ack.frame, s->ack.time, "file '%s'",
		    t->file);
		return blame(d, m, "http-url-in-pxe-client", 0.85, &at,
		    "a PXE client was given the URL '%s', and asks for "
		    "nothing", t->file);
	}
	return rules_no_router(d, m, s);
}

bool
rules_target(struct diagnose *d, struct client *m, struct stage *s)
{
	const struct target *t = s->target;

	for (const struct conn *c = m->conns; c; c = c->next) {
		if (c->stage == s && c->received > 0)
			return false;   /* it has something to load from */
	}
	if (rules_pxe_port(d, m, s) || rules_arp(d, m, s) ||
	    rules_proxy_file(d, m, s))
		return true;
	if (!t->file[0] && s->n_ack > 0)
		return rules_proxy_elsewhere(d, m, s) ? true :
		    rules_no_file(d, m, s);
	if (rules_dns_missing(d, m, s))
		return true;
	if (s->kind == STAGE_IPXE)
		return rules_no_router(d, m, s) || rules_ipxe_target(d, m, s);
	return rules_unused_file(d, m, s);
}
