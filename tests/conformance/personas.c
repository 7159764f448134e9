/*
 * personas.c - real clients' messages, held against those of the persona that
 * plays them.
 *
 *	personas bytes FILE...          DHCP messages and TFTP requests
 *	personas timing FILE...         repetitions without an answer, against
 *	                                the machines in virtual time
 *	personas heads FILE...          the heads of HTTP requests
 *	personas learnt FILE...         as "bytes", but each client is played
 *	                                by what is learnt from the file itself
 *	personas learnt-timing FILE...  so with "timing"
 *
 * A line for each: the client, what it sent, "same", "differs" or "unplayed",
 * file:frame, and what differs. With "heads": the persona, the server, the
 * target and the head in hex, for the script to ask for the same.
 *
 * Who a client is is told by what it says of itself (60, 77, 93, 175), not by
 * which persona would fit; what a message takes over is the transaction, secs,
 * the machine's own numbers and the addresses.
 */
#include "capture/dissect.h"
#include "client/dora.h"
#include "client/learn.h"
#include "client/tftp_get.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS_MAX = 64, SENDS_MAX = 64, MSG_MAX = 1500 };

/* Who says so of itself; the first row that fits. */
static const struct who {
	const char *client;
	const char *persona;            /* NULL: nobody plays it */
	const char *class;              /* what 60 begins with; NULL: none */
	const char *user_class;         /* 77; NULL: none */
	int arch;                       /* 93; -1: none */
	int version;                    /* 175.235; -1: no 175 */
	size_t features_len;            /* 175; 0: any */
} whos[] = {
	{ "OVMF PXE", "uefi-x64", "PXEClient:", NULL, 7, -1, 0 },
	{ "OVMF HTTP boot", "uefi-http-x64", "HTTPClient:", NULL, 16, -1, 0 },
	{ "U-Boot as UEFI", "uboot-arm64-efi",
	    "PXEClient:Arch:00011:UNDI:003000", NULL, 11, -2, 0 },
	{ "AAVMF PXE", "uefi-arm64", "PXEClient:", NULL, 11, -1, 0 },
	{ "AAVMF HTTP boot", "uefi-http-arm64", "HTTPClient:", NULL, 19, -1,
	    0 },
	{ "iPXE 2019 BIOS", "ipxe-bios", "PXEClient", "iPXE", 0, 1, 0 },
	{ "iPXE 2019 snponly", "ipxe-snponly-x64", "PXEClient", "iPXE", 7, 1,
	    36 },
	{ "iPXE 2019 EFI", "ipxe-efi-x64", "PXEClient", "iPXE", 7, 1, 0 },
	{ "iPXE 2.0 BIOS", "ipxe2-bios", "PXEClient", "iPXE", 0, 2, 0 },
	{ "iPXE 2.0 snponly", "ipxe2-snponly-x64", "PXEClient", "iPXE", 7, 2,
	    39 },
	{ "iPXE 2.0 EFI", "ipxe2-efi-x64", "PXEClient", "iPXE", 7, 2, 0 },
	{ "iPXE 2.0 snponly arm64", "ipxe2-snponly-arm64", "PXEClient", "iPXE",
	    11, 2, 0 },
	{ "plain ROM (iPXE 2.0)", "ipxe2-bare", "PXEClient", NULL, 0, -1, 0 },
	{ "U-Boot", "uboot-arm64", "U-Boot.", NULL, 22, -2, 0 },
	{ "udhcpc", "udhcpc", "udhcp ", NULL, -1, -1, 0 },
	{ "systemd-networkd", "systemd-networkd", NULL, NULL, -1, -1, 0 },
};

/* Loaders without a DHCP of their own, by the shape of their requests. */
static const struct loader {
	const char *client;
	const char *persona;
	const char *name;               /* of the file; NULL: any */
	uint64_t blksize;
	uint8_t ttl;
} loaders[] = {
	{ "iPXE 2.0, before DHCP", "ipxe2-bios", "autoexec.ipxe", 1432, 64 },
	{ "PXELINUX", "pxelinux", NULL, 1408, 64 },
	{ "LPXELINUX", "lpxelinux", NULL, 1408, 255 },
	{ "GRUB", "grub-efi", NULL, 1024, 255 },
	{ "shim", NULL, NULL, 512, 64 },
};

/* One machine of a capture. */
struct client {
	uint8_t mac[MAC_LEN];
	const struct who *who;          /* of its last DHCP message; or NULL */
	const struct learnt *learnt;
	struct in_addr ip;
};

/* The same message again and again, without an answer. */
struct series {
	const struct who *who;
	const struct loader *loader;
	const struct learnt *learnt;
	struct packet_key { uint8_t mac[MAC_LEN]; uint32_t xid; uint16_t port;
	    uint8_t type; bool has_item; bool is_tftp; } key;
	uint64_t frame;
	int64_t at_ns[SENDS_MAX];
	uint16_t secs[SENDS_MAX];       /* as the message says */
	size_t n;
	bool closed;
};

struct run {
	const char *file;
	const char *mode;
	struct learn *learn;            /* NULL: the built-in ones play */
	struct client client[CLIENTS_MAX];
	size_t n_clients;
	struct series series[512];
	size_t n_series;
};

static bool
text_begins(const struct dhcp4_opt *o, const char *s)
{
	size_t n = s ? strlen(s) : 0;

	return s ? o && o->len >= n && memcmp(o->data, s, n) == 0 : !o;
}

static const struct who *
who_sent(const struct dhcp4_msg *m, uint8_t ttl)
{
	const struct dhcp4_opt *features = dhcp4_opt(m, DHCP4_OPT_IPXE);
	const struct dhcp4_opt *user = dhcp4_opt(m, DHCP4_OPT_USER_CLASS);
	const struct dhcp4_opt *arch = dhcp4_opt(m, DHCP4_OPT_ARCH);
	int a = arch && arch->len == 2 ? arch->data[0] << 8 | arch->data[1] :
	    -1;

	for (size_t i = 0; i < sizeof(whos) / sizeof(whos[0]); i++) {
		const struct who *w = &whos[i];

		if (!text_begins(dhcp4_opt(m, DHCP4_OPT_VENDOR_CLASS),
		    w->class) || !text_begins(user, w->user_class) ||
		    w->arch != a)
			continue;
		/* U-Boot's second class is UEFI's; its TTL is not */
		if ((w->version == -2) != (ttl == 255))
			continue;
		if ((w->version > 0) != (features != NULL))
			continue;
		/* the version is the third sub-option's first byte */
		if (features && (features->len < 12 || features->data[9] !=
		    w->version))
			continue;
		if (w->features_len && features->len != w->features_len)
			continue;
		return w;
	}
	return NULL;
}

static struct client *
client_of(struct run *r, const uint8_t *mac)
{
	for (size_t i = 0; i < r->n_clients; i++) {
		if (memcmp(r->client[i].mac, mac, MAC_LEN) == 0)
			return &r->client[i];
	}
	if (r->n_clients == CLIENTS_MAX)
		return NULL;
	memcpy(r->client[r->n_clients].mac, mac, MAC_LEN);
	return &r->client[r->n_clients++];
}

static void
say(const struct run *r, const char *client, const char *what,
    const char *verdict, uint64_t frame, const char *detail)
{
	const char *name = strrchr(r->file, '/');

	printf("%s\t%s\t%s\t%s:%llu\t%s\n", client, what, verdict,
	    name ? name + 1 : r->file, (unsigned long long)frame, detail);
}

/* ---------------------------------------------------------------- bytes */

/* The machine's own numbers out of its message. */
static void
machine_of(const struct dhcp4_msg *m, struct machine *ret, char host[256])
{
	const struct dhcp4_opt *uuid = dhcp4_opt(m, DHCP4_OPT_UUID);
	const struct dhcp4_opt *id = dhcp4_opt(m, DHCP4_OPT_CLIENT_ID);
	const struct dhcp4_opt *features = dhcp4_opt(m, DHCP4_OPT_IPXE);

	memset(ret, 0, sizeof(*ret));
	memcpy(ret->mac, m->chaddr, MAC_LEN);
	if (uuid && uuid->len == 1 + UUID_LEN) {
		ret->has_uuid = true;
		uuid_swap(uuid->data + 1, ret->uuid);
	}
	/* a DUID is the machine's own, an Ethernet address is not */
	if (id && id->len > 0 && id->data[0] == 255) {
		ret->client_id = id->data;
		ret->client_id_len = id->len;
	}
	if (features && features->len >= 2 + BUS_ID_LEN)
		ret->bus_id = features->data + 2;
	if (dhcp4_get_str(m, DHCP4_OPT_HOSTNAME, host, 256))
		ret->hostname = host;
}

/* What the message takes over of the exchange it is of. */
static void
ask_of(const struct packet *p, struct persona_ask *ask, char class[256])
{
	const struct dhcp4_msg *m = &p->dhcp4;
	const struct dhcp4_opt *item = dhcp4_opt(m, DHCP4_OPT_VENDOR_ENCAP);
	bool ipxe = dhcp4_opt(m, DHCP4_OPT_USER_CLASS) || item;

	*ask = (struct persona_ask){
		.type = (enum dhcp4_type)dhcp4_type(m),
		.to_pxe_port = p->frame.dport == DHCP4_PXE_PORT,
		.xid = m->xid, .secs = m->secs, .ciaddr = m->ciaddr,
		/* iPXE says with it whether it has an address */
		.has_address = m->flags & DHCP4_FLAG_BROADCAST,
		.has_item = item && item->len == 7,
		.item_type = item && item->len == 7 ?
		    (uint16_t)(item->data[2] << 8 | item->data[3]) : 0,
	};
	(void)dhcp4_get_ip(m, DHCP4_OPT_REQUESTED_IP, &ask->requested);
	(void)dhcp4_get_ip(m, DHCP4_OPT_SERVER_ID, &ask->server_id);
	/* a bare class is one that a server gave it */
	if (dhcp4_get_str(m, DHCP4_OPT_VENDOR_CLASS, class, 256) &&
	    strcmp(class, "PXEClient") == 0 && (ipxe || ask->has_address))
		ask->vendor_class = class;
}

static void
first_difference(const uint8_t *want, size_t want_len, const uint8_t *got,
    size_t got_len, char *text, size_t cap)
{
	size_t i = 0;

	while (i < want_len && i < got_len && want[i] == got[i])
		i++;
	(void)snprintf(text, cap, "byte %zu: %02x, not %02x; %zu bytes, not "
	    "%zu", i, i < got_len ? got[i] : 0, i < want_len ? want[i] : 0,
	    got_len, want_len);
}

static void
compare_dhcp(struct run *r, const struct client *c, const struct packet *p)
{
	const struct who *who = c->who;
	const struct persona *play = c->learnt ? &c->learnt->persona :
	    who && who->persona && !r->learn ? persona_find(who->persona) :
	    NULL;
	int type = dhcp4_type(&p->dhcp4);
	const char *what = type == DHCP4_DISCOVER ? "DISCOVER" :
	    p->frame.dport == DHCP4_PXE_PORT ? "REQUEST to 4011" : "REQUEST";
	char class[256], host[256], detail[128] = "";
	uint8_t buf[MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	const char *name = who ? who->client : "unknown";
	struct persona_ask ask;
	struct dhcp4_msg msg;
	struct machine m;

	if (!play) {
		say(r, name, what, "unplayed", p->number, "");
		return;
	}
	machine_of(&p->dhcp4, &m, host);
	ask_of(p, &ask, class);
	if (persona_message(play, &m, &ask, &msg) < 0) {
		say(r, name, what, "differs", p->number, "not built");
		return;
	}
	(void)dhcp4_msg_build(&msg, &w, play->pad_to, sizeof(buf));
	dhcp4_msg_release(&msg);
	if (w.len == p->frame.payload.left &&
	    memcmp(buf, p->frame.payload.p, w.len) == 0 &&
	    p->frame.ttl == play->ttl) {
		say(r, name, what, "same", p->number, "");
		return;
	}
	first_difference(p->frame.payload.p, p->frame.payload.left, buf, w.len,
	    detail, sizeof(detail));
	if (p->frame.ttl != play->ttl)
		(void)snprintf(detail, sizeof(detail), "TTL %u, not %u",
		    play->ttl, p->frame.ttl);
	say(r, name, what, "differs", p->number, detail);
}

static const struct loader *
loader_of(const struct packet *p)
{
	uint64_t blksize = p->tftp.opts.has[TFTP_OPT_BLKSIZE] ?
	    p->tftp.opts.value[TFTP_OPT_BLKSIZE] : 0;

	for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
		const struct loader *l = &loaders[i];

		if (l->blksize == blksize && l->ttl == p->frame.ttl &&
		    (!l->name || strcmp(l->name, p->tftp.name) == 0))
			return l;
	}
	return NULL;
}

static void
compare_tftp(struct run *r, const struct client *c, const struct packet *p)
{
	const struct loader *l = loader_of(p);
	const char *name = l ? l->client : c && c->who ? c->who->client :
	    "unknown";
	const char *by = l ? l->persona : c && c->who ? c->who->persona : NULL;
	const struct persona *play = c && c->learnt && !l ?
	    &c->learnt->persona : by ? persona_find(by) : NULL;
	bool probe = p->tftp.opts.has[TFTP_OPT_TSIZE];
	const struct persona_rrq *rrq;
	struct tftp_opts opts = { .n = 0 };
	char detail[128];
	uint8_t buf[MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	if (p->frame.ip_version == 6 || !play) {
		say(r, p->frame.ip_version == 6 ? "over IPv6" : name, "RRQ",
		    "unplayed", p->number, "");
		return;
	}
	rrq = play->tftp.size_probe && probe ? &play->tftp.probe :
	    &play->tftp.main;
	for (size_t i = 0; i < rrq->n; i++)
		tftp_opts_set(&opts, rrq->opt[i], rrq->value[i]);
	tftp_build_request(&w, TFTP_RRQ, p->tftp.name, "octet", &opts);
	first_difference(p->frame.payload.p, p->frame.payload.left, buf, w.len,
	    detail, sizeof(detail));
	say(r, name, "RRQ", w.len == p->frame.payload.left &&
	    memcmp(buf, p->frame.payload.p, w.len) == 0 ? "same" : "differs",
	    p->number, detail);
}

/* ---------------------------------------------------------------- timing */

static void
note_send(struct run *r, const struct client *c, const struct loader *loader,
    const struct packet_key *key, const struct packet *p)
{
	const struct who *who = c->who;
	bool new_xid = who && who->persona &&
	    persona_find(who->persona)->new_xid;

	for (size_t i = r->n_series; i > 0; i--) {
		struct series *s = &r->series[i - 1];
		struct packet_key k = s->key;

		if (new_xid)
			k.xid = key->xid;
		if (s->closed || memcmp(&k, key, sizeof(k)) != 0)
			continue;
		if (s->n < SENDS_MAX) {
			s->secs[s->n] = key->is_tftp ? 0 : p->dhcp4.secs;
			s->at_ns[s->n++] = p->time_ns;
		}
		return;
	}
	if (r->n_series == sizeof(r->series) / sizeof(r->series[0]))
		return;
	r->series[r->n_series++] = (struct series){ .who = who,
	    .loader = loader, .learnt = c->learnt, .key = *key,
	    .frame = p->number, .at_ns = { p->time_ns }, .n = 1 };
}

static void
note_answer(struct run *r, const uint8_t *mac, bool is_tftp)
{
	for (size_t i = 0; i < r->n_series; i++) {
		if (r->series[i].key.is_tftp == is_tftp &&
		    memcmp(r->series[i].key.mac, mac, MAC_LEN) == 0)
			r->series[i].closed = true;
	}
}

/* A reply that leads the machine to the state whose waits are wanted. */
static void
feed(struct dora *d, uint64_t now_ms, const char *src, enum dhcp4_type type,
    const char *address, bool proxy, bool menu)
{
	static const uint8_t pxe[] = { 6, 1, 3, 10, 2, 0, 'P', 8, 7, 0x80, 0,
	    1, 10, 0, 0, 3, 9, 4, 0x80, 0, 1, 'b', 255 };
	struct dhcp4_msg m;
	uint8_t buf[MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dora_input in = { .buf = buf, .sport = DHCP4_SERVER_PORT };

	(void)inet_pton(AF_INET, src, &in.src);
	dhcp4_msg_init(&m, DHCP4_BOOTREPLY);
	m.xid = d->sent_xid;
	memcpy(m.chaddr, d->conf.machine->mac, MAC_LEN);
	if (address)
		(void)inet_pton(AF_INET, address, &m.yiaddr);
	(void)dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, (uint8_t)type);
	(void)dhcp4_add_ip(&m, DHCP4_OPT_SERVER_ID, in.src);
	if (proxy)
		(void)dhcp4_add_str(&m, DHCP4_OPT_VENDOR_CLASS, "PXEClient");
	else
		(void)dhcp4_add_str(&m, DHCP4_OPT_BOOTFILE, "boot");
	if (menu)
		(void)dhcp4_add(&m, DHCP4_OPT_VENDOR_ENCAP, pxe, sizeof(pxe));
	(void)dhcp4_msg_build(&m, &w, 300, sizeof(buf));
	dhcp4_msg_release(&m);
	in.len = w.len;
	dora_input(d, now_ms, &in);
}

/* When the machine sends, in the state that the series was in. */
static size_t
dora_times(const struct persona *p, const struct series *s,
    uint64_t at_ms[SENDS_MAX])
{
	bool pxe = s->key.port == DHCP4_PXE_PORT;
	bool request = s->key.type == DHCP4_REQUEST;
	enum dora_state state = s->key.has_item ? DORA_BOOT_SERVER :
	    pxe ? DORA_PXE_REQUEST : request ? DORA_REQUESTING :
	    DORA_SELECTING;
	struct machine m = { .mac = { 2, 0, 0, 0, 0, 1 } };
	struct dora_conf conf = { .persona = p, .machine = &m, .xid = 1 };
	struct dora *d = calloc(1, sizeof(*d));
	uint64_t now_ms = 0;
	size_t n = 0;

	if (!d)
		exit(2);
	dora_init(d, &conf);
	dora_start(d, now_ms);
	if (pxe)
		feed(d, 0, "10.0.0.3", DHCP4_OFFER, NULL, true,
		    s->key.has_item);
	if (request)
		feed(d, 0, "10.0.0.1", DHCP4_OFFER, "10.0.0.9", false, false);
	while (dora_is_running(d) && n < SENDS_MAX) {
		if (pxe && d->state == DORA_REQUESTING)
			feed(d, now_ms, "10.0.0.1", DHCP4_ACK, "10.0.0.9",
			    false, false);
		if (dora_output(d) && d->state == state)
			at_ms[n++] = now_ms;
		now_ms = d->deadline_ms;
		dora_expire(d, now_ms);
	}
	dora_release(d);
	free(d);
	return n;
}

static size_t
tftp_times(const struct persona *p, uint64_t at_ms[SENDS_MAX])
{
	const struct persona_tftp *t = &p->tftp;
	struct tftp_get_conf conf = {
		.name = "f", .retry = { .first_ms = t->first_ms,
		.factor = t->factor, .cap_ms = t->cap_ms,
		.max_sends = t->sends },
	};
	struct tftp_get g;
	uint8_t buf[TFTP_GET_DGRAM_MAX];
	uint64_t now_ms = 0;
	uint16_t port;
	size_t n = 0;

	tftp_get_init(&g, &conf);
	tftp_get_start(&g, now_ms);
	while (tftp_get_is_running(&g) && n < SENDS_MAX) {
		if (tftp_get_output(&g, buf, sizeof(buf), &port) > 0)
			at_ms[n++] = now_ms;
		now_ms = g.deadline_ms;
		tftp_get_expire(&g, now_ms);
	}
	return n;
}

/*
 * Was the emulated machine slow, so that its own clock, which `secs` tells,
 * saw less time pass than the wire did?
 */
static bool
is_late(const struct persona *p, const struct series *s,
    const uint64_t at_ms[SENDS_MAX], size_t n)
{
	if (p->secs != SECS_EDK2 || s->key.type != DHCP4_DISCOVER || s->n > n)
		return false;
	for (size_t i = 1; i < s->n; i++) {
		if (s->secs[i] != (at_ms[i] + 500) / 1000 ||
		    (s->at_ns[i] - s->at_ns[0]) / 1000000 < (int64_t)at_ms[i])
			return false;
	}
	return true;
}

/* Each send within a tenth of when the machine would have made it. */
static void
compare_series(struct run *r, const struct series *s)
{
	const char *by = s->loader ? s->loader->persona : s->who->persona;
	const struct persona *p = s->learnt ? &s->learnt->persona :
	    by ? persona_find(by) : NULL;
	const char *what = s->key.is_tftp ? "RRQ" : s->key.type ==
	    DHCP4_DISCOVER ? "DISCOVER" : s->key.port == DHCP4_PXE_PORT ?
	    "REQUEST to 4011" : "REQUEST";
	char detail[400] = "";
	uint64_t at_ms[SENDS_MAX];
	bool same = true;
	size_t len = 0;
	size_t n;

	if (!p)
		return;
	n = s->key.is_tftp ? tftp_times(p, at_ms) : dora_times(p, s, at_ms);
	for (size_t i = 1; i < s->n && len < 350; i++) {
		double was = (double)(s->at_ns[i] - s->at_ns[0]) / 1e9;
		double is = i < n ? (double)(at_ms[i] - at_ms[0]) / 1e3 : 0;

		len += (size_t)snprintf(detail + len, sizeof(detail) - len,
		    "%s%.2f/%.2f", i > 1 ? ", " : "", is, was);
		if (is < was / 1.1 || is > was / 0.9)
			same = false;
	}
	say(r, s->loader ? s->loader->client : s->who->client, what,
	    same ? "same" : is_late(p, s, at_ms, n) ? "late" : "differs",
	    s->frame, detail);
}

/* ---------------------------------------------------------------- frames */

static void
take_dhcp(struct run *r, const struct packet *p)
{
	struct packet_key key;
	struct client *c = client_of(r, p->dhcp4.chaddr);
	int type = dhcp4_type(&p->dhcp4);

	if (!c)
		return;
	if (p->dhcp4.op == DHCP4_BOOTREPLY) {
		if (p->dhcp4.yiaddr.s_addr && type == DHCP4_ACK)
			c->ip = p->dhcp4.yiaddr;
		note_answer(r, c->mac, false);
		return;
	}
	if (type != DHCP4_DISCOVER && type != DHCP4_REQUEST)
		return;
	c->who = who_sent(&p->dhcp4, p->frame.ttl);
	c->learnt = r->learn ? learn_of(r->learn, &p->dhcp4) : NULL;
	if (strcmp(r->mode, "bytes") == 0 ||
	    strcmp(r->mode, "learnt") == 0)
		compare_dhcp(r, c, p);
	if (!c->who)
		return;
	memset(&key, 0, sizeof(key));
	memcpy(key.mac, c->mac, MAC_LEN);
	key.xid = p->dhcp4.xid;
	key.port = p->frame.dport;
	key.type = (uint8_t)type;
	key.has_item = dhcp4_opt(&p->dhcp4, DHCP4_OPT_VENDOR_ENCAP) != NULL;
	note_send(r, c, NULL, &key, p);
}

static void
take_tftp(struct run *r, const struct packet *p)
{
	struct client *c = NULL;
	struct packet_key key;

	for (size_t i = 0; i < r->n_clients; i++) {
		if (r->client[i].ip.s_addr && p->frame.ip_version == 4 &&
		    (r->client[i].ip.s_addr == p->frame.src.v4.s_addr ||
		    r->client[i].ip.s_addr == p->frame.dst.v4.s_addr))
			c = &r->client[i];
	}
	if (p->tftp.op != TFTP_RRQ) {
		if (c && c->ip.s_addr == p->frame.dst.v4.s_addr)
			note_answer(r, c->mac, true);
		return;
	}
	if (strcmp(r->mode, "bytes") == 0 ||
	    (strcmp(r->mode, "learnt") == 0 && !loader_of(p)))
		compare_tftp(r, c, p);
	if (!c || (!c->who && !loader_of(p)))
		return;
	memset(&key, 0, sizeof(key));
	memcpy(key.mac, c->mac, MAC_LEN);
	key.is_tftp = true;
	/* EDK2 repeats a request from the same port: it is the same then */
	key.xid = p->frame.sport;
	note_send(r, c, loader_of(p), &key, p);
}

static void
take_http(struct run *r, const struct packet *p)
{
	const struct http_field *host = http_find(&p->http, "Host");
	int len = http_head_len(p->frame.payload.p, p->frame.payload.left);
	const char *by = NULL;

	if (p->http.is_response || len <= 0 || !host)
		return;
	for (size_t i = 0; i < r->n_clients; i++) {
		if (p->frame.ip_version == 4 && r->client[i].who &&
		    r->client[i].ip.s_addr == p->frame.src.v4.s_addr)
			by = r->client[i].who->persona;
	}
	if (http_find(&p->http, "Cookie") || p->frame.ip_version == 6)
		by = NULL;
	printf("%s\t%.*s\t%.*s\t%s:%llu\t", by ? by : "-",
	    (int)host->value.len, host->value.p, (int)p->http.target.len,
	    p->http.target.p, strrchr(r->file, '/') + 1,
	    (unsigned long long)p->number);
	for (int i = 0; i < len; i++)
		printf("%02x", p->frame.payload.p[i]);
	printf("\n");
}

static int
read_file(const char *path, const char *mode)
{
	struct run *r = calloc(1, sizeof(*r));
	struct capture_reader *reader = NULL;
	struct dissector *d = NULL;
	struct capture_frame f;
	struct diag diag;
	int rc = r ? capture_open(path, &reader, &diag) : -ENOMEM;

	if (rc < 0)
		goto out;
	r->file = path;
	r->mode = mode;
	if (strncmp(mode, "learnt", 6) == 0) {
		rc = learn_read(path, &r->learn, &diag);
		if (rc < 0)
			goto out;
	}
	d = dissector_new(capture_link(reader));
	while (d && (rc = capture_next(reader, &f, &diag)) > 0) {
		struct packet p;

		rc = dissect(d, &f, &p);
		if (rc < 0)
			break;
		if (p.state == PACKET_WHOLE && p.has_message) {
			if (p.proto == PROTO_DHCP4)
				take_dhcp(r, &p);
			else if (p.proto == PROTO_TFTP)
				take_tftp(r, &p);
			else if (p.proto == PROTO_HTTP &&
			    strcmp(mode, "heads") == 0)
				take_http(r, &p);
		}
		packet_release(&p);
	}
	for (size_t i = 0; strstr(mode, "timing") && i < r->n_series; i++) {
		if (r->series[i].n > 1)
			compare_series(r, &r->series[i]);
	}
out:
	dissector_free(d);
	capture_close(reader);
	if (r)
		learn_free(r->learn);
	free(r);
	/* a capture without DHCP teaches nothing */
	return rc < 0 && rc != -ENODATA ? rc : 0;
}

int
main(int argc, char **argv)
{
	int status = argc > 2 ? 0 : 2;

	for (int i = 2; i < argc; i++) {
		if (read_file(argv[i], argv[1]) < 0) {
			fprintf(stderr, "cannot read %s\n", argv[i]);
			status = 2;
		}
	}
	return status;
}
