/*
 * The verdict: which try to boot came furthest, where it stopped, and whose
 * fault explains it.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STP_WAIT_S 14.0         /* the shortest forward delay that is in use */
#define LOSS_SHARE 0.04         /* of a transfer's packets, sent once more */

enum { LOSS_LEAST = 8 };        /* packets sent once more */

void
also(struct client *m, const char *id)
{
	const struct fault *f = fault_find(id);

	if (!f || f == m->out.fault)
		return;
	for (size_t i = 0; i < m->out.n_also; i++) {
		if (m->out.also[i] == f)
			return;
	}
	if (m->out.n_also < DIAGNOSIS_ALSO_MAX)
		m->out.also[m->out.n_also++] = f;
}

/* The remedy for the software that serves there, as the catalogue has it. */
static const char *
fix_for(const struct diagnose *d, const struct fault *f,
    const struct ip_addr *server)
{
	const struct diagnosis_server *s = server ?
	    server_of(d->out, server) : NULL;
	const char *fix = fault_fix(f, s ? s->software : NULL);

	return fix ? fix : fault_fix(f, NULL);
}

/* Names out of packets may hold anything. */
static const char *
escaped(struct diagnose *d, const char *text)
{
	struct sbuf safe = SBUF_EMPTY;
	const char *copy;

	sbuf_escape(&safe, text, strlen(text));
	copy = arena_strdup(&d->out->arena, sbuf_str(&safe));
	sbuf_release(&safe);
	return copy;
}

bool
blame(struct diagnose *d, struct client *m, const char *id,
    double confidence, const struct ip_addr *server, const char *fmt, ...)
{
	const struct fault *f = fault_find(id);
	char text[1024];
	va_list ap;

	if (!f)
		return false;
	if (m->out.verdict == DIAGNOSIS_FAULT) {
		also(m, id);
		return true;
	}
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	m->out.verdict = DIAGNOSIS_FAULT;
	m->out.fault = f;
	m->out.confidence = confidence;
	m->out.message = escaped(d, text);
	m->out.fix = fix_for(d, f, server);
	return true;
}

void
evidence(struct diagnose *d, struct client *m, uint64_t frame, double time,
    const char *fmt, ...)
{
	struct diagnosis_evidence **at = &m->out.evidence;
	struct diagnosis_evidence *e = arena_alloc(&d->out->arena, sizeof(*e));
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!e)
		return;
	e->frame = frame;
	e->time = time;
	e->text = escaped(d, text);
	while (*at)
		at = &(*at)->next;
	if (e->text)
		*at = e;
	/* what is said after the verdict explains, and proves nothing */
	for (struct diagnosis_event *ev = m->out.events; ev && frame &&
	    !m->judged; ev = ev->next) {
		if (ev->frame == frame)
			ev->is_fault = true;
	}
}

static bool
os_runs(const struct client *m)
{
	for (const struct stage *s = m->stages; s; s = s->next) {
		if (s->kind == STAGE_OS && s->n_ack > 0)
			return true;
	}
	return false;
}

/* A kernel, and an initial RAM disk for it, were delivered. */
static bool
kernel_runs(const struct client *m)
{
	bool kernel = false;
	bool initrd = false;

	for (const struct load *l = m->loads; l; l = l->next) {
		if (!l->done || l->status >= 300)
			continue;
		kernel |= l->is.kind == BOOTFILE_LINUX ||
		    l->is.kind == BOOTFILE_WIMBOOT ||
		    l->is.kind == BOOTFILE_WINDOWS;
		initrd |= l->is.kind == BOOTFILE_INITRD ||
		    strcasestr(l->name, "initrd") ||
		    strcasestr(l->name, ".wim");
	}
	return kernel && initrd;
}

/* A disk on the network was read for more than its label. */
static bool
disk_runs(const struct client *m)
{
	enum { PORT_ISCSI = 3260, PORT_NBD = 10809, DISK_LEAST = 256 * 1024 };

	for (const struct conn *c = m->conns; c; c = c->next) {
		if ((c->sport == PORT_ISCSI || c->sport == PORT_NBD) &&
		    c->received >= DISK_LEAST)
			return true;
	}
	return false;
}

/* A boot that came through may still have been hindered. */
static void
rules_hindered(struct diagnose *d, struct client *m)
{
	struct stage *s = m->stages;
	unsigned int again = 0;
	unsigned int n = 0;
	const struct load *worst = NULL;

	for (struct load *l = m->loads; l; l = l->next) {
		if (l->proto != LOAD_TFTP || l->n_data == 0)
			continue;
		n += l->n_data;
		again += l->dup_data;
		if (!worst || l->dup_data > worst->dup_data)
			worst = l;
	}
	if (worst && again >= LOSS_LEAST &&
	    (double)again > LOSS_SHARE * (double)n) {
		blame(d, m, "packet-loss", 0.9, &worst->server, "of %u blocks "
		    "by TFTP, %u had to be sent once more: packets are lost on "
		    "the way", n, again);
		evidence(d, m, worst->frame, worst->time, "%s: %u of %u "
		    "blocks came twice or more", worst->name, worst->dup_data,
		    worst->n_data);
	}
	if (!s || d->link.n_bpdu == 0 || s->kind == STAGE_UNSEEN || s->v6)
		return;
	/* on the client's side the first ones go unanswered; on the server's
	 * the first that arrives says that it is not the first */
	if (s->n_offers_seen > 0 && s->n_discover >= 2 &&
	    s->first_offer - s->first_time >= STP_WAIT_S)
		blame(d, m, "stp-port-blocking", 0.8, NULL, "the first offer "
		    "came %.0f s after the first DISCOVER, and a switch sends "
		    "BPDUs on this port", s->first_offer - s->first_time);
	else if (s->kind != STAGE_IPXE && s->first_secs >= 12 &&
	    s->first_secs < 120 && s->kind != STAGE_ROM)
		blame(d, m, "stp-port-blocking", 0.7, NULL, "the first "
		    "DISCOVER that arrives says it is %u s old: those before it "
		    "were lost, and switches send BPDUs here", s->first_secs);
	else
		return;
	evidence(d, m, d->link.bpdu_frame, d->link.bpdu_first,
	    "%u BPDUs of spanning tree", d->link.n_bpdu);
	evidence(d, m, s->first_frame, s->first_time, "the first DISCOVER, "
	    "secs %u", s->first_secs);
}

/* The operating system's own loads. */
static void
rules_installer(struct diagnose *d, struct client *m)
{
	for (struct load *l = m->loads; l; l = l->next) {
		if (!l->stage || l->stage->kind != STAGE_OS ||
		    l->status < 400 || l->next)
			continue;
		blame(d, m, "installer-stage-fails", 0.6, &l->server,
		    "the boot succeeded; then the operating system asked for "
		    "%s and got HTTP status %u", load_name(d, l), l->status);
		evidence(d, m, l->error_frame, l->last_time, "status %u",
		    l->status);
	}
}

bool
stage_has_address(const struct client *m, const struct stage *s)
{
	if (s->n_ack > 0 || s->uses_address || s->n_pxe_request > 0 ||
	    (s->v6 && s->n_reply > 0) || s->kind == STAGE_UNSEEN)
		return true;
	for (const struct load *l = m->loads; l; l = l->next) {
		if (l->stage == s)
			return true;
	}
	return false;
}

/* Steps that a try may come to; below the first, how often it asked. */
enum { TRY_OFFERED = 1000, TRY_BOUND = 2000, TRY_ASKED = 3000,
	TRY_LOADING = 4000, TRY_LOADED = 5000, TRY_NEXT_CLIENT = 10000 };

/* How far did the try come that begins with this stage? */
static unsigned int
progress_of(const struct client *m, const struct stage *first,
    const struct stage *end)
{
	unsigned int best = 0;

	for (const struct stage *s = first; s != end; s = s->next) {
		/* where nobody answers, the try that asked most tells most */
		unsigned int now = s->n_discover < TRY_OFFERED ? s->n_discover :
		    TRY_OFFERED - 1;

		if (s->n_offers_seen > 0)
			now = TRY_OFFERED;
		if (stage_has_address(m, s))
			now = TRY_BOUND;
		if (s->n_pxe_request > 0)
			now = TRY_ASKED;
		for (const struct load *l = m->loads; l; l = l->next) {
			if (l->stage == s && now < (l->done ? TRY_LOADED : TRY_LOADING))
				now = l->done ? TRY_LOADED : TRY_LOADING;
		}
		if (s->kind == STAGE_IPXE || s->kind == STAGE_OS)
			now += TRY_NEXT_CLIENT;
		if (now > best)
			best = now;
	}
	return best;
}

/* The stage after a try: the next of firmware. */
static struct stage *
end_of_try(const struct stage *first)
{
	struct stage *end = first->next;

	while (end && end->kind >= STAGE_IPXE)
		end = end->next;
	return end;
}

/* The try to boot that came furthest: its first stage, and the one after. */
static struct stage *
best_try(struct client *m, struct stage **ret_end)
{
	struct stage *best = NULL;
	unsigned int most = 0;

	for (struct stage *s = m->stages; s;) {
		struct stage *end = end_of_try(s);
		unsigned int now;

		now = progress_of(m, s, end);
		if (!best || now > most) {
			best = s;
			most = now;
			*ret_end = end;
		}
		s = end;
	}
	return best;
}

static struct load *
last_load(const struct client *m, const struct stage *first,
    const struct stage *end)
{
	struct load *last = NULL;

	for (struct load *l = m->loads; l; l = l->next) {
		for (const struct stage *s = first; s != end; s = s->next) {
			if (l->stage == s && !(load_is_optional(l) &&
			    load_failed(l)))
				last = l;
		}
	}
	return last;
}

static struct conn *
last_conn(const struct client *m, const struct stage *first,
    const struct stage *end, const struct load *after)
{
	struct conn *last = NULL;

	for (struct conn *c = m->conns; c; c = c->next) {
		if (after && c->time < after->time)
			continue;
		for (const struct stage *s = first; s != end; s = s->next) {
			if (c->stage == s)
				last = c;
		}
	}
	return last;
}

/* Two servers that give addresses, and do not say the same of the file. */
static bool
rules_two_servers(struct diagnose *d, struct client *m, struct stage *s)
{
	for (size_t i = 0; i < s->n_offers; i++) {
		for (size_t j = i + 1; j < s->n_offers; j++) {
			const struct kept_offer *a = &s->offer[i];
			const struct kept_offer *b = &s->offer[j];
			struct dhcp4_msg x, y;
			struct target p, q;
			char ip[2][IP_TEXT_MAX];
			struct ip_addr at;
			bool differ;

			if (!a->yiaddr.s_addr || !b->yiaddr.s_addr ||
			    a->server.s_addr == b->server.s_addr ||
			    !kept_parse(&a->msg, &x))
				continue;
			if (!kept_parse(&b->msg, &y)) {
				dhcp4_msg_release(&x);
				continue;
			}
			(void)target_get(TARGET_RULE_EDK2, &x, NULL, &p);
			(void)target_get(TARGET_RULE_EDK2, &y, NULL, &q);
			differ = strcmp(p.file, q.file) != 0 ||
			    (p.file[0] && strcmp(p.server, q.server) != 0);
			dhcp4_msg_release(&x);
			dhcp4_msg_release(&y);
			if (!differ)
				continue;
			at = ip_from_v4(b->server);
			blame(d, m, "two-dhcp-servers", 0.85, &at,
			    "%s offers the file '%s', %s offers '%s': it is "
			    "chance which of them the client takes, and this "
			    "boot failed", ipv4_format(a->server, ip[0]),
			    p.file, ipv4_format(b->server, ip[1]), q.file);
			evidence(d, m, a->msg.frame, a->msg.time,
			    "OFFER of %s", ip[0]);
			evidence(d, m, b->msg.frame, b->msg.time,
			    "OFFER of %s", ip[1]);
			return true;
		}
	}
	return false;
}

static bool
rules_conflict(struct diagnose *d, struct client *m)
{
	char mac[MAC_TEXT_MAX];
	char ip[IP_TEXT_MAX];

	if (!m->conflict)
		return false;
	blame(d, m, "address-conflict", 0.8, NULL, "%s has the address %s as "
	    "well: answers to the machine go astray",
	    mac_format(m->conflict_mac, mac),
	    ipv4_format(m->conflict_addr, ip));
	evidence(d, m, m->conflict_frame, m->first_time, "ARP of %s as %s",
	    mac, ip);
	return true;
}

/* UEFI HTTP boot takes a URL and nothing else. */
static bool
rules_no_url(struct diagnose *d, struct client *m, struct stage *s)
{
	struct ip_addr at = ip_from_v4(s->chosen);

	if (s->kind != STAGE_HTTP || !s->target->file[0] || s->target->is_uri)
		return false;
	evidence(d, m, s->ack.frame, s->ack.time, "ACK, file '%s'",
	    s->target->file);
	return blame(d, m, "httpboot-uri-or-dns-unusable", 0.9, &at,
	    "UEFI HTTP boot was given '%s', which is no URL", s->target->file);
}

/*
 * Where packets were left out of a capture, a transfer that was going well
 * and after which the next program speaks has come to its end.
 */
static void
infer_done(struct client *m)
{
	for (struct load *l = m->loads; l; l = l->next) {
		const struct stage *next = l->stage ? l->stage->next : NULL;

		if (l->done || load_failed(l) || l->proto != LOAD_TFTP ||
		    l->client_abort || (!l->oack_acked && l->n_data == 0) ||
		    l->dup_ack > 0)
			continue;
		if (!next || (next->kind != STAGE_IPXE &&
		    next->kind != STAGE_OS))
			continue;
		l->done = true;
		l->done_time = l->last_time;
		if (l->has_tsize)
			l->bytes = l->tsize;
	}
}

/* One try to boot: its stages from @first to before @end. */
static void
judge_try(struct diagnose *d, struct client *m, struct stage *first,
    struct stage *end)
{
	struct stage *last = first;
	struct load *l;
	struct conn *c;

	while (last->next != end)
		last = last->next;
	l = last_load(m, first, end);
	if (last->v6) {
		if (l && l->stage == last)
			(void)(rules_load(d, m, l) || rules_content(d, m, l));
		else
			(void)rules_dhcp6(d, m, last);
		return;
	}
	if (!stage_has_address(m, last) || (last->n_ack == 0 &&
	    last->n_nak + last->n_decline > 0)) {
		(void)rules_dhcp(d, m, last);
		return;
	}
	if (last->n_ack == 0 && last->n_request > 0)
		limit(d, "answers of a DHCP server are missing: clients go on "
		    "as if they had got an ACK that is not in the capture");
	if (rules_two_servers(d, m, last) || rules_no_url(d, m, last))
		return;
	c = last_conn(m, first, end, l);
	if (c && (!l || c->time >= l->last_time) && rules_conn(d, m, c))
		return;
	if (!l || (l->stage != last && !last->rerun)) {
		(void)(rules_names(d, m, last) || rules_target(d, m, last));
		return;
	}
	if (rules_load(d, m, l))
		return;
	if (m->lookup && m->lookup->time >= l->time && rules_names(d, m, last))
		return;
	(void)(rules_content(d, m, l) || rules_script(d, m, l));
}

/* Other boot options may fail for reasons of their own. */
static void
judge_others(struct diagnose *d, struct client *m, const struct stage *best)
{
	for (struct stage *s = m->stages; s;) {
		struct stage *end = end_of_try(s);

		if (s != best && m->out.verdict == DIAGNOSIS_FAULT &&
		    progress_of(m, s, end) >= TRY_BOUND)
			judge_try(d, m, s, end);
		s = end;
	}
}

static void
judge_failed(struct diagnose *d, struct client *m)
{
	struct stage *end = NULL;
	struct stage *first = best_try(m, &end);

	if (!first || rules_conflict(d, m) || rules_chain(d, m))
		return;
	judge_try(d, m, first, end);
	judge_others(d, m, first);
}

/* What did not break the boot, and may break the next one. */
static void
rules_notes(struct client *m)
{
	const struct stage *first = NULL;

	if (m->other_uuid)
		also(m, "shared-usb-nic-identity");
	for (const struct stage *s = m->stages; s; s = s->next) {
		if (s->v6 || s->n_ack == 0)
			continue;
		if (first && first->target->file[0] && first->client_id_len !=
		    s->client_id_len && m->out.boot->n_stages > 1 &&
		    first->index < m->out.boot->n_stages &&
		    s->index < m->out.boot->n_stages &&
		    m->out.boot->stages[first->index].address.s_addr !=
		    m->out.boot->stages[s->index].address.s_addr &&
		    m->out.verdict == DIAGNOSIS_FAULT)
			also(m, "dhcp-identity-changes-mid-chain");
		if (!first)
			first = s;
	}
}

int
judge(struct diagnose *d, struct client *m)
{
	int rc;

	infer_done(m);
	rc = fill_boot(d, m);
	if (rc < 0)
		return rc;
	m->out.verdict = DIAGNOSIS_UNFINISHED;
	m->out.confidence = 0.5;
	if (m->incomplete) {            /* what is not known is not judged */
		m->out.message = "too many machines at once: not all that "
		    "this one did was kept";
		return 0;
	}
	if (os_runs(m) || kernel_runs(m) || disk_runs(m)) {
		m->out.boot->end = os_runs(m) ? BOOT_END_OS : BOOT_END_KERNEL;
		if (!os_runs(m))
			(void)rules_initrd(d, m);
		rules_installer(d, m);
		rules_hindered(d, m);
		if (m->out.verdict != DIAGNOSIS_FAULT) {
			m->out.verdict = DIAGNOSIS_HEALTHY;
			m->out.confidence = os_runs(m) ? 0.99 : 0.8;
		}
	} else {
		judge_failed(d, m);
		if (m->out.verdict == DIAGNOSIS_UNFINISHED &&
		    script_hands_over(m)) {
			m->out.boot->end = BOOT_END_LOCAL;
			m->out.verdict = DIAGNOSIS_HEALTHY;
			m->out.message = "the last script may hand over to "
			    "the local disk, and nothing was asked for after "
			    "it";
		}
		rules_hindered(d, m);
	}
	m->judged = true;
	rules_notes(m);
	hold_against_policy(d, m);
	if (!m->out.message) {
		m->out.message = m->out.verdict == DIAGNOSIS_HEALTHY ?
		    (m->out.boot->end == BOOT_END_OS ? "the operating system "
		    "runs and has an address" : "a kernel and its initial RAM "
		    "disk were delivered") : "the capture ends before the "
		    "boot does, or shows too little of it";
	}
	m->out.boot->fault = m->out.fault;
	m->out.boot->message = m->out.message;
	return 0;
}
