/*
 * Why a transfer failed.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

#define LOAD_PATIENCE_S 4.0
#define STALL_S 3.0             /* nobody waits so long without a word */

enum { ROLLOVER_BLOCK = 65535, WIRE_SMALL = 600 };

static const char *
base_name(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *back = strrchr(name, '\\');
	const char *last = slash > back ? slash : back;

	return last ? last + 1 : name;
}

bool
load_is_optional(const struct load *l)
{
	static const char *const names[] = { "autoexec.ipxe", "local-vars.ipxe",
	    "revocations.efi", "revocations_sku.efi", "revocations_sbat.efi",
	    "shim_certificate_0.efi", "command.lst", "fs.lst", "crypto.lst",
	    "terminal.lst", "boot.ini", "favicon.ico", "random.seed" };
	const char *base = base_name(l->name);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcasecmp(base, names[i]) == 0)
			return true;
	}
	return text_starts(base, "MAC-") || text_starts(base, "HOSTNAME-") ||
	    text_starts(base, "shim_certificate") ||
	    (l->proto != LOAD_TFTP && strstr(l->name, "/auto/")) ||
	    strcasestr(l->name, "Fonts/") || strcasestr(l->name, "Fonts\\");
}

/* The server has nothing more to say, or the client nothing to hear. */
bool
load_failed(const struct load *l)
{
	if (l->proto != LOAD_TFTP)
		return l->status >= 300 || (!l->done && l->cut_by_server);
	return l->error || l->unreachable || (!l->done &&
	    (l->n_asks > 1 || l->stuck_max > 1 || l->n_oack > 1));
}

static const char *
server_text(const struct load *l, char buf[IP_TEXT_MAX])
{
	return ip_format(&l->server, buf);
}

/* Both of a prefix: pxelinux.cfg/..., and all of them were refused. */
static bool
all_refused(const struct client *m, const char *part, unsigned int *ret_n)
{
	bool any = false;

	*ret_n = 0;
	for (const struct load *l = m->loads; l; l = l->next) {
		if (!strcasestr(l->name, part))
			continue;
		any = true;
		if (!l->error && l->status < 400)
			return false;
		++*ret_n;
	}
	return any;
}

/* Which search for a file is it, that ended without success? */
static bool
rules_search(struct diagnose *d, struct client *m, struct load *l)
{
	static const struct { const char *part, *fault, *text; } rows[] = {
		{ "pxelinux.cfg/", "pxelinux-config-missing",
		    "PXELINUX looked for its configuration %u times, last as "
		    "'%s', and found none" },
		{ "ldlinux.", "ldlinux-missing-or-mismatched",
		    "PXELINUX looked for its module %u times, last as '%s', "
		    "and did not get it" },
		{ "grub.cfg", "grub-config-missing",
		    "GRUB looked for its configuration %u times, last as "
		    "'%s', and found none" },
		{ "Boot/BCD", "windows-bcd-or-wim-missing",
		    "asked %u times, last as '%s'" },
		{ "Boot\\BCD", "windows-bcd-or-wim-missing",
		    "asked %u times, last as '%s'" },
		{ "boot.sdi", "windows-bcd-or-wim-missing",
		    "asked %u times, last as '%s'" },
		{ ".wim", "windows-bcd-or-wim-missing",
		    "asked %u times, last as '%s'" },
	};
	unsigned int n;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!strcasestr(l->name, rows[i].part) ||
		    !all_refused(m, rows[i].part, &n))
			continue;
		evidence(d, m, l->error_frame, l->last_time, "%s: %s", l->name,
		    l->error_text ? l->error_text : "refused");
		return blame(d, m, rows[i].fault, 0.95, &l->server,
		    rows[i].text, n, l->name);
	}
	return false;
}

/* shim looks for its second stage beside itself, as it understands that. */
static bool
rules_shim(struct diagnose *d, struct client *m, struct load *l)
{
	const char *base = base_name(l->name);
	const struct load *shim = NULL;
	const char *dir;

	if (strncasecmp(base, "grub", 4) != 0 &&
	    strncasecmp(base, "mm", 2) != 0)
		return false;
	for (const struct load *o = m->loads; o != l; o = o->next) {
		if (o->done && (o->is.kind == BOOTFILE_SHIM ||
		    strcasestr(base_name(o->name), "shim") ||
		    strncasecmp(base_name(o->name), "boot", 4) == 0))
			shim = o;
	}
	if (!shim)
		return false;
	dir = base_name(shim->name);
	evidence(d, m, shim->frame, shim->time, "shim was loaded as '%s'",
	    shim->name);
	evidence(d, m, l->error_frame, l->last_time, "its second stage was "
	    "asked for as '%s'", l->name);
	if (dir == shim->name && base == l->name)
		also(m, "tftp-file-not-found");
	return blame(d, m, "shim-second-stage-wrong-path", 0.9, &l->server,
	    "shim, loaded as '%s', asks for '%s', which is not there",
	    shim->name, l->name);
}

/* Is the name that was asked for one byte longer or shorter than it should? */
static bool
rules_trailing(struct diagnose *d, struct client *m, struct load *l)
{
	const struct stage *s = l->stage;
	const char *want = s ? s->target->file : "";
	size_t n = strlen(want);
	size_t got = strlen(l->name);

	if (n < 3 || got < 3 || n == got)
		return false;
	if (!(got > n && strncmp(l->name, want, n) == 0 && got - n <= 8 &&
	    (unsigned char)l->name[n] >= 0x7f) &&
	    !(got == n - 1 && strncmp(l->name, want, got) == 0))
		return false;
	evidence(d, m, l->frame, l->time, "RRQ of %zu bytes, the answer's "
	    "name has %zu", got, n);
	return blame(d, m, "bootfile-trailing-byte", 0.9, &l->server,
	    "DHCP named '%s', and the client asks for a name that is not that "
	    "to the byte", want);
}

static bool
rules_not_found(struct diagnose *d, struct client *m, struct load *l)
{
	const char *name = l->name;
	size_t len = strlen(name);
	char ip[IP_TEXT_MAX];

	if (text_starts(name, "http://") || text_starts(name, "https://")) {
		evidence(d, m, l->frame, l->time, "RRQ %s", name);
		return blame(d, m, "http-url-in-pxe-client", 0.95, &l->server,
		    "a PXE client was given the URL '%s' and asks for it by "
		    "TFTP", name);
	}
	if (rules_trailing(d, m, l) || rules_search(d, m, l) ||
	    rules_shim(d, m, l))
		return true;
	evidence(d, m, l->error_frame, l->last_time, "TFTP error %u: %s",
	    l->error_code, l->error_text ? l->error_text : "");
	if (strchr(name, '\\') || strstr(name, "//") ||
	    (len > 0 && name[len - 1] == ' ') ||
	    text_starts(name, "/tftpboot/") || (l->error_text &&
	    strstr(l->error_text, "/tftpboot/tftpboot/")))
		return blame(d, m, "tftp-path-prefix-mismatch", 0.8,
		    &l->server, "%s has no file '%s': the path does not fit "
		    "its root", server_text(l, ip), name);
	if (len > 2 && strcmp(name + len - 2, ".0") == 0 &&
	    !strstr(name, "pxelinux") && !strstr(name, "bios")) {
		const struct diagnosis_server *s = server_of(d->out,
		    &l->server);

		if (s && s->software && strcmp(s->software, "dnsmasq") == 0)
			also(m, "dnsmasq-pxe-service-suffix");
	}
	return blame(d, m, "tftp-file-not-found", 0.95, &l->server,
	    "%s has no file '%s'", server_text(l, ip), name);
}

static bool
rules_tftp_error(struct diagnose *d, struct client *m, struct load *l)
{
	const char *text = l->error_text ? l->error_text : "";
	char ip[IP_TEXT_MAX];
	bool denied = l->error_code == TFTP_ERR_ACCESS ||
	    strcasestr(text, "denied") || strcasestr(text, "permission") ||
	    strcasestr(text, "access violation") || strcasestr(text,
	    "forbidden");

	if (l->error_code == TFTP_ERR_NOT_FOUND || (!denied &&
	    (strcasestr(text, "not found") || strcasestr(text, "no such"))))
		return rules_not_found(d, m, l);
	evidence(d, m, l->error_frame, l->last_time, "TFTP error %u: %s",
	    l->error_code, text);
	if (denied)
		return blame(d, m, "tftp-access-denied", 0.95, &l->server,
		    "%s refuses to give '%s': %s", server_text(l, ip),
		    l->name, text);
	if (l->error_code == TFTP_ERR_OPTION)
		return blame(d, m, "tftp-option-rejected", 0.9, &l->server,
		    "%s refuses the options of the request for '%s'",
		    server_text(l, ip), l->name);
	return blame(d, m, "tftp-file-not-found", 0.5, &l->server,
	    "%s answers the request for '%s' with error %u: %s",
	    server_text(l, ip), l->name, l->error_code, text);
}

/* The server that it should have been, if DHCP said so in another field. */
static const char *
other_server(const struct stage *s, char buf[TARGET_SERVER_MAX])
{
	struct dhcp4_msg ack;
	bool has = false;

	if (s && kept_parse(&s->ack, &ack)) {
		has = dhcp4_get_str(&ack, DHCP4_OPT_TFTP_SERVER, buf,
		    TARGET_SERVER_MAX) && buf[0] &&
		    strcmp(buf, s->target->server) != 0;
		dhcp4_msg_release(&ack);
	}
	return has ? buf : NULL;
}

static bool
off_subnet(const struct stage *s, const struct ip_addr *server)
{
	struct dhcp4_msg ack;
	struct in_addr mask;
	bool off = false;

	if (s && server->family == AF_INET && kept_parse(&s->ack, &ack)) {
		off = dhcp4_get_ip(&ack, DHCP4_OPT_MASK, &mask) &&
		    ((ack.yiaddr.s_addr ^ server->v4.s_addr) & mask.s_addr);
		dhcp4_msg_release(&ack);
	}
	return off;
}

static bool
rules_no_answer(struct diagnose *d, struct client *m, struct load *l)
{
	char ip[2][IP_TEXT_MAX];
	char other[TARGET_SERVER_MAX];

	if (l->unreachable || l->n_asks > 1 ||
	    d->out->last_time - l->last_time > LOAD_PATIENCE_S) {
		(void)server_text(l, ip[0]);
	} else {
		return false;
	}
	if (other_server(l->stage, other)) {
		evidence(d, m, l->frame, l->time, "RRQ to %s; option 66 names "
		    "%s", ip[0], other);
		return blame(d, m, "wrong-next-server", 0.85, &l->server,
		    "the client asks %s, as next-server says, and option 66 "
		    "names %s, which it does not read", ip[0], other);
	}
	if (l->unreachable) {
		evidence(d, m, l->icmp_frame, l->last_time,
		    "ICMP: unreachable");
		if (l->icmp_code == ICMP4_PORT_UNREACHABLE ||
		    l->server.family == AF_INET6)
			return blame(d, m, "tftp-daemon-not-listening", 0.95,
			    &l->server, "nothing listens on port 69 of %s",
			    ip[0]);
		return blame(d, m, "tftp-request-unanswered", 0.8, &l->server,
		    "%s cannot be reached: ICMP code %u", ip[0],
		    l->icmp_code);
	}
	if (l->has_other)
		return blame(d, m, "tftp-reply-from-wrong-address", 0.9,
		    &l->server, "%s was asked and %s answers", ip[0],
		    ip_format(&l->other_server, ip[1]));
	evidence(d, m, l->frame, l->time, "the first of %u RRQs", l->n_asks);
	also(m, "tftp-data-blocked");
	return blame(d, m, "tftp-request-unanswered", 0.7, &l->server,
	    "%u requests to %s for '%s', and nothing comes back%s", l->n_asks,
	    ip[0], l->name, off_subnet(l->stage, &l->server) ?
	    "; that address is outside the client's subnet" : "");
}

/* It began and came to a stop. */
static bool
rules_stalled(struct diagnose *d, struct client *m, struct load *l)
{
	char ip[2][IP_TEXT_MAX];
	/* whoever waits in vain says it again: else packets are missing here */
	bool repeats = l->stuck_max > 0 || l->n_oack > 1 || l->dup_ack > 0 ||
	    l->n_asks > 1;

	if (!repeats && d->out->last_time - l->last_time > STALL_S)
		limit(d, "packets in the middle of transfers were left out: "
		    "whether these came to their end cannot be seen");
	if (!repeats)
		return false;
	(void)server_text(l, ip[0]);
	if (l->has_other && l->acked == 0) {
		evidence(d, m, l->oack_frame, l->last_time, "answer of %s",
		    ip_format(&l->other_server, ip[1]));
		return blame(d, m, "tftp-reply-from-wrong-address", 0.9,
		    &l->server, "%s was asked and %s answers: the client "
		    "takes no notice", ip[0], ip[1]);
	}
	/* its ACK arrived, or the OACK would come again: the data does not */
	if (l->n_data == 0 && l->dup_ack > 0 && l->n_oack <= l->n_asks &&
	    l->blksize > WIRE_SMALL) {
		evidence(d, m, l->oack_frame, l->last_time, "OACK, "
		    "acknowledged %u times", l->dup_ack + 1);
		return blame(d, m, "large-frames-dropped", 0.75, &l->server,
		    "the answer of %s came through, the first block of %u "
		    "bytes from the same port does not: something on the way "
		    "drops large frames", ip[0], l->blksize);
	}
	if (l->n_data == 0) {           /* an OACK and no more */
		evidence(d, m, l->oack_frame, l->last_time, "OACK, sent %u "
		    "times", l->n_oack);
		return blame(d, m, "tftp-data-blocked", 0.9, &l->server,
		    "%s answers from a port of its own, and %s", ip[0],
		    l->oack_acked ? "what the client says to it is lost" :
		    "the client's acknowledgement never comes: a firewall "
		    "lets only port 69 through");
	}
	evidence(d, m, l->last_frame, l->last_time, "block %u of '%s', sent "
	    "%u times", l->block, l->name, l->stuck_max + 1);
	if (l->block >= ROLLOVER_BLOCK)
		return blame(d, m, "tftp-block-rollover", 0.9, &l->server,
		    "the transfer of '%s' stops where the block number passes "
		    "65535", l->name);
	if (l->acked == 0 && l->largest_frame > WIRE_SMALL &&
	    (l->oack_acked || l->frag_needed || l->fragments))
		return blame(d, m, "large-frames-dropped", 0.9, &l->server,
		    "small packets pass, the first block of %zu bytes does "
		    "not: something on the way drops large frames",
		    l->largest_frame);
	if (l->acked == 0)
		return blame(d, m, "tftp-data-blocked", 0.85, &l->server,
		    "%s sends data from a port of its own, and none of it is "
		    "acknowledged", ip[0]);
	if (l->window > 1)
		return blame(d, m, "tftp-windowsize-stall", 0.8, &l->server,
		    "the transfer of '%s' stops at block %u with a window of "
		    "%u blocks", l->name, l->block, l->window);
	return blame(d, m, "packet-loss", 0.6, &l->server, "the transfer of "
	    "'%s' stops at block %u", l->name, l->block);
}

static bool
rules_redirect(struct diagnose *d, struct client *m, struct load *l)
{
	const char *to = l->location ? l->location : "";

	evidence(d, m, l->error_frame, l->last_time, "status %u, to '%s'",
	    l->status, to);
	if (l->stage && l->stage->kind == STAGE_HTTP)
		return blame(d, m, "httpboot-redirect-not-followed", 0.95,
		    &l->server, "'%s' is sent on to '%s', where UEFI HTTP "
		    "boot does not go", l->name, to);
	if (text_starts(to, "https://"))
		return blame(d, m, "http-redirect-to-https", 0.95, &l->server,
		    "'%s' is sent on to '%s', and nothing follows", l->name,
		    to);
	return blame(d, m, "http-status-other", 0.6, &l->server, "'%s' is "
	    "sent on to '%s', and nothing follows", l->name, to);
}

/* A part of the URL that a setting should have filled. */
static bool
has_hole(const struct load *l)
{
	const char *p = l->name;
	size_t len = strlen(p);

	return strstr(p, "//") || strstr(p, "=&") || strstr(p, "${") ||
	    (len > 0 && p[len - 1] == '=');
}

static bool
rules_http(struct diagnose *d, struct client *m, struct load *l)
{
	const char *uri = load_name(d, l);

	if (l->status >= 300 && l->status < 400)
		return rules_redirect(d, m, l);
	if (l->status >= 400) {
		evidence(d, m, l->error_frame, l->last_time, "status %u",
		    l->status);
		if ((l->status == 404 || l->status == 410) && has_hole(l))
			return blame(d, m, "script-variable-empty", 0.8,
			    &l->server, "%s has a gap where a setting should "
			    "stand", uri);
		if (rules_search(d, m, l))
			return true;
		if (l->head_method && l->stage &&
		    l->stage->kind == STAGE_HTTP &&
		    (l->status == 405 || l->status == 501))
			return blame(d, m, "httpboot-size-unknown", 0.9,
			    &l->server, "the server does not answer HEAD, so "
			    "the firmware learns no size");
		return blame(d, m, l->status == 404 || l->status == 410 ?
		    "http-not-found" : "http-status-other", 0.95, &l->server,
		    "%s: status %u", uri, l->status);
	}
	if (l->status == 0) {
		if (d->out->last_time - l->last_time < LOAD_PATIENCE_S)
			return false;
		evidence(d, m, l->frame, l->time, "request");
		return blame(d, m, "http-server-silent", 0.8, &l->server,
		    "%s was asked for, and no answer came", uri);
	}
	if (l->cut_by_client && l->stage && l->stage->kind == STAGE_HTTP) {
		evidence(d, m, l->error_frame, l->last_time, "type '%s'",
		    l->type ? l->type : "");
		if (!l->has_length && !l->chunked)
			return blame(d, m, "httpboot-size-unknown", 0.85,
			    &l->server, "the server does not tell the size "
			    "of %s", uri);
		return blame(d, m, "httpboot-type-unknown", 0.85, &l->server,
		    "the firmware stops reading %s: neither its type '%s' nor "
		    "its name says that it can be booted", uri,
		    l->type ? l->type : "");
	}
	if (l->cut_by_server || (l->has_length && l->bytes < l->length &&
	    d->out->last_time - l->last_time > LOAD_PATIENCE_S)) {
		evidence(d, m, l->last_frame, l->last_time, "%llu of %llu "
		    "bytes", (unsigned long long)l->bytes,
		    (unsigned long long)l->length);
		return blame(d, m, "http-truncated", 0.85, &l->server,
		    "%s ends after %llu of %llu bytes", uri,
		    (unsigned long long)l->bytes,
		    (unsigned long long)l->length);
	}
	return false;
}

bool
rules_load(struct diagnose *d, struct client *m, struct load *l)
{
	if (l->proto != LOAD_TFTP)
		return l->done && l->status < 300 ? false :
		    rules_http(d, m, l);
	if (l->error)
		return rules_tftp_error(d, m, l);
	if (l->done && l->bytes > 0)
		return l->acked < l->block && l->stuck_max > 1 ?
		    rules_stalled(d, m, l) : false;
	if (l->bytes == 0 && (l->done || (l->has_tsize && l->tsize == 0))) {
		evidence(d, m, l->last_frame, l->last_time, "'%s' has no "
		    "byte", l->name);
		return blame(d, m, "tftp-empty-file", 0.95, &l->server,
		    "the file '%s' is there and has no byte", l->name);
	}
	if (l->unreachable && !l->oack && l->n_data == 0)
		return rules_no_answer(d, m, l);
	if (!l->oack && l->n_data == 0)
		return rules_no_answer(d, m, l);
	if (l->client_abort && l->abort_code == TFTP_ERR_OPTION &&
	    l->n_data == 0 && tftp_oack_check(&l->asked, &l->asked, NULL) == 0
	    && !l->probe && !l->asked.has[TFTP_OPT_TSIZE]) {
		evidence(d, m, l->last_frame, l->last_time, "ERROR 8 of the "
		    "client");
		return blame(d, m, "tftp-option-rejected", 0.8, &l->server,
		    "the client refuses the server's OACK for '%s'", l->name);
	}
	if (l->client_abort && l->n_data > 0 &&
	    l->abort_code == TFTP_ERR_DISK_FULL) {
		evidence(d, m, l->last_frame, l->last_time, "ERROR 3 of the "
		    "client");
		return blame(d, m, "bootfile-size-option-wrong", 0.85,
		    &l->server, "the client stops '%s' for want of room: the "
		    "size it was told is too small", l->name);
	}
	return rules_stalled(d, m, l);
}

static bool
rules_tls(struct diagnose *d, struct client *m, struct conn *c)
{
	enum { ALERT_EXPIRED = 45, FINISHED_LEAST = 60 };
	char ip[IP_TEXT_MAX];
	const char *host = c->sni ? c->sni : ip_format(&c->server, ip);
	bool closed = c->rst_client || c->fin_client || c->rst_server ||
	    c->fin_server;

	/*
	 * TLS 1.3 encrypts alerts. But a client that goes on says so in a
	 * Finished, which is longer than an alert.
	 */
	if (!c->alert && (!closed || !c->tls_server_hello ||
	    c->sent - c->hello_end >= FINISHED_LEAST))
		return false;
	evidence(d, m, c->alert ? c->alert_frame : c->last_frame,
	    c->last_time, c->alert ? "TLS alert %u" : "the end of the "
	    "handshake", c->alert_code);
	if (c->alert && c->alert_by_server)
		return blame(d, m, "tls-no-common-cipher", 0.85, &c->server,
		    "%s ends the TLS handshake with alert %u: client and "
		    "server have no version or cipher in common", host,
		    c->alert_code);
	if (c->alert && c->alert_code == ALERT_EXPIRED)
		return blame(d, m, "tls-clock-wrong", 0.85, &c->server,
		    "the client finds the certificate of %s expired", host);
	return blame(d, m, "tls-untrusted-certificate", c->alert ? 0.85 : 0.6,
	    &c->server, "the client ends the TLS handshake with %s: it does "
	    "not trust the certificate", host);
}

bool
rules_conn(struct diagnose *d, struct client *m, struct conn *c)
{
	enum { PORT_ISCSI = 3260 };
	char ip[IP_TEXT_MAX];

	(void)ip_format(&c->server, ip);
	if (c->refused) {
		evidence(d, m, c->refused_frame, c->last_time, "RST");
		return blame(d, m, c->sport == PORT_ISCSI ?
		    "san-root-path-invalid" : "http-connection-refused", 0.95,
		    &c->server, "nothing listens on TCP port %u of %s",
		    c->sport, ip);
	}
	if (!c->syn_ack && (c->n_syn > 1 ||
	    d->out->last_time - c->time > LOAD_PATIENCE_S)) {
		evidence(d, m, c->frame, c->time, "the first of %u SYNs",
		    c->n_syn);
		return blame(d, m, "http-server-silent", 0.9, &c->server,
		    "%u attempts to connect to TCP port %u of %s, and no "
		    "answer", c->n_syn, c->sport, ip);
	}
	if (c->tls)
		return rules_tls(d, m, c);
	return false;
}
