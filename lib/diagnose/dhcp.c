/*
 * DHCPv4: from requests and answers to the stages of a boot.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

enum {
	DETAILED_EVENTS = 3000, /* past that, ladders have no details */
	DETAIL_MAX = 2000,      /* bytes of one */
};

#define RETRY_S 65.0    /* the longest pause within one try to get an address */

const char *
stage_kind_name(enum stage_kind k)
{
	static const char *const names[] = {
		[STAGE_ROM] = "PXE ROM", [STAGE_UEFI] = "UEFI PXE",
		[STAGE_HTTP] = "UEFI HTTP boot", [STAGE_UBOOT] = "U-Boot",
		[STAGE_IPXE] = "iPXE", [STAGE_OS] = "operating system",
		[STAGE_UNSEEN] = "unknown client",
	};

	return names[k];
}

bool
kept_parse(const struct kept_msg *k, struct dhcp4_msg *ret)
{
	return k->buf && dhcp4_msg_parse(ret, k->buf, k->len, NULL) == 0;
}

static void
keep_msg(struct diagnose *d, struct kept_msg *k)
{
	const struct frame *f = &d->p->frame;
	uint8_t *buf = keep(d, f->payload.left);

	if (!buf)
		return;
	memcpy(buf, f->payload.p, f->payload.left);
	*k = (struct kept_msg){
		.buf = buf, .len = f->payload.left, .frame = d->frame,
		.time = d->time, .src = f->src.v4, .has_mac = f->has_mac,
	};
	memcpy(k->src_mac, f->mac_src, MAC_LEN);
}

static bool
opt_begins(const struct dhcp4_msg *msg, uint8_t code, const char *text)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, code);
	size_t len = strlen(text);

	return o && o->len >= len && memcmp(o->data, text, len) == 0;
}

static bool
opt_holds(const struct dhcp4_msg *msg, uint8_t code, const char *text)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, code);

	return o && o->len > 0 && memmem(o->data, o->len, text, strlen(text));
}

/* 175 is also a "Etherboot" option of others: iPXE begins with 0xb1 or eb. */
static bool
has_features(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_IPXE);

	return o && o->len >= 3;
}

static bool
get_arch(const struct dhcp4_msg *msg, uint16_t *ret)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_ARCH);
	struct rd r;
	char text[64];
	uint64_t n;

	if (o && o->len >= 2) {
		r = rd_init(o->data, o->len);
		*ret = rd_u16(&r);
		return true;
	}
	/* the text of 60 says it in decimal: PXEClient:Arch:00007:... */
	if (!dhcp4_get_str(msg, DHCP4_OPT_VENDOR_CLASS, text, sizeof(text)))
		return false;
	for (const char *at = strstr(text, ":Arch:"); at; at = NULL) {
		char five[6];

		(void)text_copy(five, sizeof(five), at + 6);
		while (five[0] == '0' && five[1])
			memmove(five, five + 1, strlen(five));
		if (parse_uint(five, 0, UINT16_MAX, &n, NULL) < 0)
			return false;
		*ret = (uint16_t)n;
		return true;
	}
	return false;
}

/* Return: false if this is no client that boots. */
static bool
client_kind(const struct dhcp4_msg *msg, enum stage_kind *ret)
{
	uint16_t arch = 0;
	bool has_arch = get_arch(msg, &arch);
	const struct arch *a = has_arch ? arch_find(arch) : NULL;

	if (opt_holds(msg, DHCP4_OPT_USER_CLASS, "PXE") || has_features(msg))
		*ret = STAGE_IPXE;
	else if (opt_begins(msg, DHCP4_OPT_VENDOR_CLASS, "HTTPClient"))
		*ret = STAGE_HTTP;
	else if (opt_begins(msg, DHCP4_OPT_VENDOR_CLASS, "U-Boot"))
		*ret = STAGE_UBOOT;
	else if (opt_begins(msg, DHCP4_OPT_VENDOR_CLASS, "PXEClient") ||
	    has_arch)
		*ret = a && a->platform == PLATFORM_EFI ?
		    STAGE_UEFI : STAGE_ROM;
	else if (msg->is_bootp)
		*ret = STAGE_ROM;
	else
		return false;
	return true;
}

/* The persona that asks for the same options, or at least is of its kind. */
static const struct persona *
nearest_persona(const struct stage *s)
{
	static const enum persona_kind kinds[] = {
		[STAGE_ROM] = PERSONA_ROM, [STAGE_UEFI] = PERSONA_UEFI,
		[STAGE_HTTP] = PERSONA_UEFI_HTTP, [STAGE_UBOOT] = PERSONA_ROM,
		[STAGE_IPXE] = PERSONA_IPXE, [STAGE_OS] = PERSONA_OS,
		[STAGE_UNSEEN] = PERSONA_OS,
	};
	const struct persona *const *rows;
	const struct persona *of_kind = NULL;
	size_t n;

	if (s->kind == STAGE_UNSEEN || s->kind == STAGE_UBOOT)
		return NULL;
	rows = persona_rows(&n);
	for (size_t i = 0; i < n; i++) {
		if (rows[i]->kind != kinds[s->kind])
			continue;
		if (s->kind == STAGE_OS || (s->has_arch &&
		    rows[i]->has_arch && rows[i]->arch == s->arch))
			return rows[i];
		if (!of_kind)
			of_kind = rows[i];
	}
	return of_kind;
}

static const char *
firmware_title(struct diagnose *d, const struct stage *s)
{
	const struct persona *p = s->persona;

	if (s->kind == STAGE_UBOOT)
		return "U-Boot";
	if (s->kind == STAGE_ROM && s->has_arch)
		return keep_printf(d, "BIOS PXE ROM (%s)", arch_name(s->arch));
	if (s->kind == STAGE_IPXE)
		return keep_printf(d, "%s (%s)", s->gpxe ? "gPXE" : "iPXE",
		    s->has_arch ? arch_name(s->arch) : "architecture unknown");
	if (p && s->has_arch && p->arch == s->arch)
		return p->title;
	if (s->has_arch)
		return keep_printf(d, "%s (%s)", stage_kind_name(s->kind),
		    arch_name(s->arch));
	return stage_kind_name(s->kind);
}

/* Has this boot come so far that the firmware's turn means another one? */
static bool
is_reboot(const struct client *m, enum stage_kind kind, bool v6)
{
	bool before = false;
	bool further = false;

	if (kind == STAGE_OS)
		return false;
	for (const struct stage *s = m->stages; s; s = s->next) {
		if (kind == STAGE_IPXE) {
			further |= s->kind == STAGE_OS && s->n_ack > 0;
			before = true;
			continue;
		}
		before |= s->kind == kind && s->v6 == v6;
		further |= s->kind > kind && s->kind >= STAGE_IPXE &&
		    s->kind != STAGE_UNSEEN;
	}
	for (const struct load *l = m->loads; l && !further; l = l->next)
		further = kind != STAGE_IPXE && l->done && l->identified &&
		    l->is.kind == BOOTFILE_LINUX;
	return before && further;
}

/* Does this request go on with the exchange that the last stage has? */
static bool
goes_on(const struct diagnose *d, const struct stage *s, enum stage_kind kind,
    const struct dhcp4_msg *msg, int type)
{
	if (!s || s->v6 || s->kind != kind)
		return false;
	if (type != DHCP4_DISCOVER && type != 0)
		return true;
	if (d->time - s->last_time > RETRY_S)
		return s->n_request == 0 && s->n_offers_seen == 0 &&
		    s->xid == msg->xid;
	/* U-Boot has a new number in each DISCOVER, iPXE the old in each run */
	if (s->n_request == 0)
		return true;
	return s->xid == msg->xid && s->n_ack == 0 && s->n_nak == 0;
}

/* An iPXE whose script says "dhcp" is the same one, not a second. */
static bool
is_rerun(const struct client *m, const struct stage *s)
{
	bool script = false;

	for (const struct load *l = m->loads; l; l = l->next) {
		if (l->stage == s && l->done && !load_is_optional(l))
			script = l->script || (l->identified &&
			    l->is.kind == BOOTFILE_SCRIPT);
	}
	return script;
}

static void
describe(struct diagnose *d, struct client *m, struct stage *s,
    const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_IPXE);
	char text[256];

	s->has_arch = get_arch(msg, &s->arch);
	s->xid = msg->xid;
	s->first_secs = msg->secs;
	if (dhcp4_get_str(msg, DHCP4_OPT_VENDOR_CLASS, text, sizeof(text)))
		s->class = keep_text(d, text);
	if (s->kind == STAGE_IPXE) {
		s->gpxe = opt_holds(msg, DHCP4_OPT_USER_CLASS, "gPXE");
		s->no_user_class = !dhcp4_opt(msg, DHCP4_OPT_USER_CLASS);
	}
	if (o && (s->features = keep(d, o->len))) {
		memcpy((uint8_t *)s->features, o->data, o->len);
		s->features_len = o->len;
	}
	o = dhcp4_opt(msg, DHCP4_OPT_CLIENT_ID);
	if (o && (s->client_id = keep(d, o->len))) {
		memcpy((uint8_t *)s->client_id, o->data, o->len);
		s->client_id_len = o->len;
	}
	s->persona = nearest_persona(s);
	if (m->out.firmware[0] == '\0' && s->kind != STAGE_OS) {
		m->out.firmware = firmware_title(d, s);
		m->out.persona = s->persona ? s->persona->name : NULL;
		m->out.has_arch = s->has_arch;
		m->out.arch = s->arch;
		if (!m->out.firmware)
			m->out.firmware = "";
	}
}

/* Option 97: one zero byte and the UUID in its stored order; iPXE's and
 * EDK2's alike. */
static void
take_uuid(struct client *m, const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_UUID);
	uint8_t uuid[UUID_LEN];
	static const uint8_t none[UUID_LEN];

	if (!o || o->len != 1 + UUID_LEN ||
	    memcmp(o->data + 1, none, UUID_LEN) == 0)
		return;
	uuid_swap(o->data + 1, uuid);
	if (m->out.has_uuid && memcmp(m->out.uuid, uuid, UUID_LEN) != 0)
		m->other_uuid = true;
	if (!m->out.has_uuid) {
		m->out.has_uuid = true;
		memcpy(m->out.uuid, uuid, UUID_LEN);
		m->out.boot->has_uuid = true;
		memcpy(m->out.boot->uuid, uuid, UUID_LEN);
	}
}

static struct stage *
stage_for(struct diagnose *d, struct client **m, const struct dhcp4_msg *msg,
    enum stage_kind kind, int type)
{
	struct stage *now = (*m)->stage;
	struct stage *s;
	bool rerun;

	if (goes_on(d, now, kind, msg, type))
		return now;
	if (is_reboot(*m, kind, false)) {
		struct client *again = machine_add(d, msg->chaddr);

		if (!again)
			return NULL;
		*m = again;
		now = NULL;
	}
	rerun = now && now->kind == STAGE_IPXE && kind == STAGE_IPXE &&
	    is_rerun(*m, now);
	s = stage_add(d, *m, kind, false);
	if (!s || s->n_discover || s->n_request)
		return s;
	s->rerun = rerun;
	describe(d, *m, s, msg);
	return s;
}

static void
note_event(struct diagnose *d, struct client *m, enum boot_event_kind kind,
    int type, bool pxe, const char *text)
{
	struct boot *b = m->out.boot;
	size_t n = b->n_events;

	if (n >= BOOT_EVENTS_KEPT)
		return;
	boot_note_dhcp(b, kind, type, pxe, text, d->time);
	if (b->n_events > n)
		b->events[n].stage = m->stage ? m->stage->ordinal : 0;
}

/* All fields and options of the message in hand, a line each, for a ladder. */
static void
add_detail(struct diagnose *d, struct diagnosis_event *ev)
{
	const struct dhcp4_msg *msg = &d->p->dhcp4;
	struct sbuf b = SBUF_EMPTY;
	char ip[IP_TEXT_MAX];

	if (!ev || d->n_events > DETAILED_EVENTS)
		return;
	sbuf_printf(&b, "xid %08x\nsecs %u\n", msg->xid, msg->secs);
	if (msg->yiaddr.s_addr)
		sbuf_printf(&b, "yiaddr %s\n", ipv4_format(msg->yiaddr, ip));
	if (msg->siaddr.s_addr)
		sbuf_printf(&b, "siaddr %s\n", ipv4_format(msg->siaddr, ip));
	if (msg->giaddr.s_addr)
		sbuf_printf(&b, "giaddr %s\n", ipv4_format(msg->giaddr, ip));
	if (msg->file[0] && !(msg->overload & 1)) {
		sbuf_add(&b, "file ");
		sbuf_escape(&b, msg->file, strnlen((const char *)msg->file,
		    sizeof(msg->file)));
		sbuf_addc(&b, '\n');
	}
	for (size_t i = 0; i < msg->n_opts && b.len < DETAIL_MAX; i++) {
		sbuf_printf(&b, "option %u ", msg->opts[i].code);
		dhcp4_opt_format(&b, msg, &msg->opts[i]);
		sbuf_addc(&b, '\n');
	}
	ev->detail = keep_text(d, sbuf_str(&b));
	sbuf_release(&b);
}

static void
take_pxe_request(struct diagnose *d, struct client *m, struct stage *s,
    const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);

	if (s->n_pxe_request++ == 0) {
		s->pxe_frame = d->frame;
		s->pxe_server = d->p->frame.dst.v4;
	}
	s->pxe_item |= o && o->len >= 6 && o->data[0] == 71;
	note_event(d, m, BOOT_EV_SENT, DHCP4_REQUEST, true, "REQUEST to 4011");
	add_detail(d, ladder(d, m, LIFELINE_CLIENT, LIFELINE_PROXY, &d->p->frame.dst,
	    "REQUEST to port 4011%s", s->pxe_item ? ", for an item of the "
	    "menu" : ""));
}

/* An address of its own, by DHCP, that it uses already. */
static void
take_ciaddr(struct diagnose *d, struct client *m,
    const struct dhcp4_msg *msg)
{
	struct ip_addr a = ip_from_v4(msg->ciaddr);

	if (msg->ciaddr.s_addr)
		machine_holds(d, m, &a, true);
}

static void
take_request(struct diagnose *d, struct client *m, struct stage *s,
    const struct dhcp4_msg *msg, int type)
{
	const struct ip_addr bc = d->p->frame.dst;
	char ip[IP_TEXT_MAX];

	s->last_time = d->time;
	s->last_frame = d->frame;
	if (msg->giaddr.s_addr) {
		struct ip_addr relay = ip_from_v4(msg->giaddr);

		s->asked_relayed = true;
		s->relay = m->out.relay = msg->giaddr;
		(void)server_note(d, &relay, ROLE_RELAY);
	} else {
		s->asked_direct = true;
	}
	if (d->p->frame.dport == DHCP4_PXE_PORT) {
		take_pxe_request(d, m, s, msg);
		return;
	}
	if (type == DHCP4_DISCOVER || type == 0) {
		/* the copy that a relay sends on is the same one */
		if (s->asked_direct && msg->giaddr.s_addr)
			return;
		if (s->n_discover++ == 0)
			keep_msg(d, &s->ask);
		s->last_discover = d->time;
		if (s->kind == STAGE_IPXE && (msg->secs & 3))
			s->says_offer = true;
		note_event(d, m, BOOT_EV_SENT, DHCP4_DISCOVER, false,
		    "DISCOVER");
		add_detail(d, ladder(d, m, LIFELINE_CLIENT, LIFELINE_DHCP, &bc,
		    "DISCOVER, %s%s", stage_kind_name(s->kind),
		    s->n_discover > 1 ? ", again" : ""));
	} else if (type == DHCP4_REQUEST) {
		if (s->n_request++ == 0) {
			s->first_request = d->time;
			s->first_request_frame = d->frame;
		}
		keep_msg(d, &s->request);
		(void)dhcp4_get_ip(msg, DHCP4_OPT_SERVER_ID, &s->chosen);
		note_event(d, m, BOOT_EV_SENT, DHCP4_REQUEST, false, "REQUEST");
		add_detail(d, ladder(d, m, LIFELINE_CLIENT, LIFELINE_DHCP, &bc,
		    "REQUEST to server %s", ipv4_format(s->chosen, ip)));
	} else if (type == DHCP4_DECLINE) {
		s->n_decline++;
		keep_msg(d, &s->decline);
		add_detail(d, ladder(d, m, LIFELINE_CLIENT, LIFELINE_DHCP, &bc,
		    "DECLINE: the address is in use"));
	}
}

static void
take_bootrequest(struct diagnose *d)
{
	const struct dhcp4_msg *msg = &d->p->dhcp4;
	struct client *m = machine_by_mac(d, msg->chaddr);
	enum stage_kind kind;
	struct stage *s;
	int type = dhcp4_type(msg);

	d->n_requests_all++;
	if (!client_kind(msg, &kind)) {
		if (!m)
			return;         /* nobody that boots */
		kind = STAGE_OS;
	}
	if (type != 0 && type != DHCP4_DISCOVER && type != DHCP4_REQUEST &&
	    type != DHCP4_DECLINE)
		return;
	if (!m)
		m = machine_add(d, msg->chaddr);
	if (!m)
		return;
	d->current = m;
	s = stage_for(d, &m, msg, kind, type);
	if (!s)
		return;
	touch(d, m, true);
	take_uuid(m, msg);
	take_ciaddr(d, m, msg);
	take_request(d, m, s, msg, type);
}

static bool
names_file(const struct dhcp4_msg *msg)
{
	struct target t;

	return target_get(TARGET_RULE_EDK2, msg, NULL, &t) == 0;
}

/* 43 with a discovery control (6), or a list of boot servers or a menu. */
static bool
has_pxe43(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd r;

	if (!o)
		return false;
	r = rd_init(o->data, o->len);
	while (r.left > 0) {
		uint8_t code = rd_u8(&r);

		if (code == 0)
			continue;
		if (code == 255)
			break;
		rd_skip(&r, rd_u8(&r));
		if (!r.bad && code >= 6 && code <= 10)
			return true;
	}
	return false;
}

static void
take_offer(struct diagnose *d, struct client *m, struct stage *s,
    const struct dhcp4_msg *msg, struct in_addr server)
{
	struct kept_offer *o = NULL;
	bool proxy = msg->yiaddr.s_addr == 0;
	char ip[IP_TEXT_MAX];
	char from[IP_TEXT_MAX];
	struct ip_addr a = ip_from_v4(msg->yiaddr);
	struct target t;

	d->n_offers_all++;
	if (s->n_offers_seen++ == 0)
		s->first_offer = d->time;
	note_event(d, m, BOOT_EV_RECEIVED, DHCP4_OFFER, false, "OFFER");
	(void)target_get(TARGET_RULE_EDK2, msg, NULL, &t);
	add_detail(d, ladder(d, m, proxy ? LIFELINE_PROXY : LIFELINE_DHCP,
	    LIFELINE_CLIENT, &d->p->frame.src, "%s %s from %s%s%s",
	    proxy ? "proxy OFFER" : "OFFER", proxy ? "" :
	    ipv4_format(msg->yiaddr, ip), ipv4_format(server, from),
	    t.file[0] ? ", file " : ", no file", t.file));
	machine_holds(d, m, &a, false);
	for (size_t i = 0; i < s->n_offers && !o; i++) {
		if (s->offer[i].server.s_addr == server.s_addr &&
		    !s->offer[i].yiaddr.s_addr == proxy)
			o = &s->offer[i];
	}
	if (o) {
		o->n++;
		return;
	}
	if (s->n_offers == STAGE_OFFERS_MAX)
		return;
	o = &s->offer[s->n_offers++];
	keep_msg(d, &o->msg);
	o->n = 1;
	o->server = server;
	o->yiaddr = msg->yiaddr;
	o->siaddr = msg->siaddr;
	o->has_file = names_file(msg);
	o->pxe_class = opt_begins(msg, DHCP4_OPT_VENDOR_CLASS, "PXEClient");
	o->http_class = opt_begins(msg, DHCP4_OPT_VENDOR_CLASS, "HTTPClient");
	o->has_pxe43 = has_pxe43(msg);
}

static void
take_ack(struct diagnose *d, struct client *m, struct stage *s,
    const struct dhcp4_msg *msg, bool pxe)
{
	struct ip_addr a = ip_from_v4(msg->yiaddr);
	char ip[IP_TEXT_MAX];

	if (pxe) {
		if (s->n_pxe_answer++ == 0)
			keep_msg(d, &s->pxe_ack);
		note_event(d, m, BOOT_EV_RECEIVED, DHCP4_ACK, true,
		    "ACK from 4011");
		add_detail(d, ladder(d, m, LIFELINE_PROXY, LIFELINE_CLIENT,
		    &d->p->frame.src, "ACK from port 4011"));
		return;
	}
	if (s->n_ack++ == 0) {
		keep_msg(d, &s->ack);
		s->ack_time = d->time;
	}
	note_event(d, m, BOOT_EV_RECEIVED, DHCP4_ACK, false, "ACK");
	add_detail(d, ladder(d, m, LIFELINE_DHCP, LIFELINE_CLIENT, &d->p->frame.src,
	    "ACK %s", ipv4_format(msg->yiaddr, ip)));
	machine_holds(d, m, &a, true);
}

static void
take_bootreply(struct diagnose *d)
{
	const struct dhcp4_msg *msg = &d->p->dhcp4;
	struct client *m = machine_by_mac(d, msg->chaddr);
	struct in_addr server = d->p->frame.src.v4;
	struct ip_addr at;
	struct stage *s = m ? m->stage : NULL;
	int type = dhcp4_type(msg);
	bool pxe = d->p->frame.sport == DHCP4_PXE_PORT ||
	    d->p->frame.dport == DHCP4_PXE_PORT;

	if (!m || !s || s->v6)
		return;
	if (!dhcp4_get_ip(msg, DHCP4_OPT_SERVER_ID, &server) &&
	    msg->siaddr.s_addr && msg->giaddr.s_addr)
		server = msg->siaddr;
	/* the copy that the relay hands on is the same one */
	if (s->asked_relayed && s->asked_direct &&
	    d->p->frame.dport == DHCP4_SERVER_PORT)
		return;
	at = ip_from_v4(server);
	server_habits(d, server_note(d, &at, pxe ? ROLE_PXE_PORT :
	    msg->yiaddr.s_addr || type == DHCP4_NAK || msg->ciaddr.s_addr ?
	    ROLE_DHCP : ROLE_PROXY), d->p);
	touch(d, m, false);
	s->last_frame = d->frame;
	if (type == DHCP4_OFFER || (type == 0 && msg->is_bootp)) {
		take_offer(d, m, s, msg, server);
		if (type == 0)
			take_ack(d, m, s, msg, false);
	} else if (type == DHCP4_ACK) {
		take_ack(d, m, s, msg, pxe || (s->n_pxe_request > 0 &&
		    s->n_ack > 0 && msg->yiaddr.s_addr == 0));
	} else if (type == DHCP4_NAK) {
		s->n_nak++;
		s->nak_server = server;
		keep_msg(d, &s->nak);
		add_detail(d, ladder(d, m, LIFELINE_DHCP, LIFELINE_CLIENT,
		    &d->p->frame.src, "NAK"));
	}
}

void
take_dhcp4(struct diagnose *d)
{
	if (!d->p->has_message || d->p->frame.ip_version != 4)
		return;
	if (d->p->dhcp4.hlen != MAC_LEN)
		return;
	if (d->p->dhcp4.op == DHCP4_BOOTREQUEST)
		take_bootrequest(d);
	else
		take_bootreply(d);
}
