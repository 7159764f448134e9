#include "lint/rules_internal.h"

#include "chain/san.h"
#include "firmware/by_name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
	FIELD_LEN = 128,                /* `file`, and a NUL is in it */
	OPT_STATIC_ROUTES = 121,
};

static bool
is_http(const char *uri)
{
	return strncasecmp(uri, "http://", 7) == 0 ||
	    strncasecmp(uri, "https://", 8) == 0;
}

static bool
names_file(const struct dhcp4_msg *m)
{
	return dhcp4_opt(m, DHCP4_OPT_BOOTFILE) ||
	    (m->file[0] && !(m->overload & 1));
}

/* The host of a URI is a name, so that a name server is needed. */
static bool
needs_dns(const char *uri)
{
	const char *host = strstr(uri, "://");
	char name[TARGET_SERVER_MAX];
	const char *at;

	if (!host)
		return false;
	(void)text_copy(name, sizeof(name), host + 3);
	name[strcspn(name, "/?#")] = '\0';
	at = strrchr(name, '@');
	host = at ? at + 1 : name;
	if (host[0] == '[' || host[0] == '$' || host[0] == '\0')
		return false;           /* IPv6; a setting of iPXE */
	return host[strspn(host, "0123456789.:")] != '\0';
}

/* iPXE boots from a disk of the network where it is told of one. */
static bool
boots_san(const struct rules *r)
{
	char path[TARGET_FILE_MAX];
	struct san san;
	const char *why;
	int rc;

	if (r->k->persona.kind != PERSONA_IPXE || !dhcp4_get_str(
	    &r->x->answer.msg, DHCP4_OPT_ROOT_PATH, path, sizeof(path)))
		return false;
	rc = san_parse(path, &san, &why);
	if (rc == -ENOENT)
		return false;
	r->v->end = RULES_END_SAN;
	if (rc < 0)
		rules_flaw(r->v, "san-root-path-invalid", DHCP4_OPT_ROOT_PATH,
		    FAULT_ERROR, "root path '%.160s': %s (RFC 4173: "
		    "iscsi:SERVER:PROTOCOL:PORT:LUN:TARGET)", path, why);
	return true;
}

/*
 * A proxy's answer counts for iPXE only if it names a server beside the file
 * (dhcp_has_pxeopts()); else it is asked on port 4011, where it says the same.
 */
static const struct dhcp4_msg *
without_server(const struct rules *r)
{
	const struct exchange *x = r->x;
	const struct dhcp4_msg *m = x->pxe_answer.answered ?
	    &x->pxe_answer.msg : &x->answer.msg;

	return r->k->persona.kind == PERSONA_IPXE && x->answer.is_proxy &&
	    m->siaddr.s_addr == 0 && names_file(m) ? m : NULL;
}

/* The proxy, or who gives the address, promised an answer on port 4011. */
static void
no_file_on_4011(const struct rules *r)
{
	const struct exchange *x = r->x;

	if (x->pxe_answer.answered)
		rules_flaw(r->v, "proxydhcp-answer-without-file", 0,
		    FAULT_ERROR, "the answer on port 4011 names no boot "
		    "file");
	else if (!r->k->persona.proxy_fatal)    /* it goes on without it */
		rules_flaw(r->v, "offer-without-bootfile", 0, FAULT_ERROR,
		    "the answer names no boot file");
	else if (x->answer.is_proxy)
		rules_flaw(r->v, "proxydhcp-4011-silent", 0, FAULT_ERROR,
		    "the proxy offers itself, and does not answer on port "
		    "4011");
	else
		/* without a file, a boot server beside it may well be meant */
		rules_flaw(r->v, "option60-without-4011",
		    DHCP4_OPT_VENDOR_CLASS, names_file(&x->answer.msg) ?
		    FAULT_ERROR : FAULT_WARNING, "option 60 \"PXEClient\" "
		    "sends the client to port 4011, where this server does "
		    "not answer");
}

/* Nobody gave a file: which fault is it, and is it one? */
void
rules_no_file(const struct rules *r)
{
	const struct dhcp4_msg *m = &r->x->answer.msg;
	bool is_http_client = r->k->persona.kind == PERSONA_UEFI_HTTP &&
	    !rules_class_starts(m, "HTTPClient");

	if (r->v->end != RULES_END_FAULT)
		r->v->end = RULES_END_NONE;
	if (boots_san(r) || (is_http_client && !r->c->http_wanted))
		return;
	if (is_http_client && names_file(m))
		rules_flaw(r->v, "httpboot-offer-without-httpclient", 0,
		    FAULT_ERROR, "the offer to HTTP boot firmware does not "
		    "say \"HTTPClient\" in option 60, so it is not taken");
	else if (without_server(r))
		rules_flaw(r->v, "ipxe-filename-without-next-server", 0,
		    FAULT_ERROR, "the proxy names '%.160s' and no "
		    "next-server, and so iPXE does not take it, a URL or not",
		    (const char *)without_server(r)->file);
	else if (r->x->asked_pxe_port && r->x->answer.is_proxy &&
	    r->c->dialect == CONFIG_DNSMASQ)
		rules_flaw(r->v, "dnsmasq-proxy-without-pxe-service", 0,
		    FAULT_ERROR, "the proxy offers itself to this client, "
		    "and on port 4011 it has no boot file for it");
	else if (r->x->n_items > 0)
		rules_flaw(r->v, "boot-server-discovery-fails",
		    DHCP4_OPT_VENDOR_ENCAP, FAULT_ERROR, "'%.100s' of the "
		    "boot menu is asked for, and no file is named",
		    r->x->item[r->x->taken].text);
	else if (r->x->asked_pxe_port)
		no_file_on_4011(r);
	else
		rules_flaw(r->v, "offer-without-bootfile", 0, FAULT_ERROR,
		    "the answer names no boot file");
}

/* A line of the configuration that goes on where the field of 128 ended. */
static bool
was_cut(const struct rules *r, const char *field)
{
	size_t len = strlen(field);

	if (len < FIELD_LEN - 1)
		return false;
	for (const struct reason *why = r->x->answer.reasons; why;
	    why = why->next) {
		const char *at = strstr(why->text, field);

		if (at && isgraph((unsigned char)at[len]) &&
		    !strchr("\",;'", at[len]))
			return true;
	}
	return false;
}

static void
name_length(const struct rules *r, const struct dhcp4_msg *m)
{
	const struct target *t = &r->x->target;
	size_t len = strlen(t->file);
	char field[FIELD_LEN + 1];

	rules_field(m, field, sizeof(field));
	if (strlen(field) == FIELD_LEN || was_cut(r, field))
		rules_flaw(r->v, "boot-filename-too-long", 0, FAULT_ERROR,
		    "the header has room for 127 bytes: the name is cut after "
		    "'%.40s'", field + strlen(field) - 40);
	else if (r->k->persona.kind == PERSONA_ROM && len >= FIELD_LEN)
		rules_flaw(r->v, "boot-filename-too-long", 0, FAULT_ERROR,
		    "the name of the boot file has %zu bytes; a BIOS ROM has "
		    "room for 127", len);
}

/* A switch is given its settings like that, and no machine is meant. */
static bool
is_for_no_boot(const struct rules *r)
{
	struct bootfile f;

	firmware_by_name(r->x->target.file, &f);
	return !r->c->by_client && f.kind == BOOTFILE_UNKNOWN;
}

/* What is given to firmware that does not know URLs, or knows only them. */
static void
name_as_url(const struct rules *r)
{
	static const char *const types[] = { ".efi", ".iso", ".img" };
	const struct target *t = &r->x->target;
	enum persona_kind kind = r->k->persona.kind;
	size_t len = strlen(t->file);
	bool is_typed = false;

	if (t->is_uri && (kind == PERSONA_ROM || kind == PERSONA_UEFI))
		rules_flaw(r->v, "http-url-in-pxe-client", 0,
		    is_for_no_boot(r) ? FAULT_WARNING : FAULT_ERROR,
		    "'%.200s' is given to firmware that loads by TFTP only "
		    "and takes it for a file name", t->file);
	if (kind != PERSONA_UEFI_HTTP)
		return;
	if (!is_http(t->file)) {
		rules_flaw(r->v, "httpboot-uri-or-dns-unusable", 0,
		    FAULT_ERROR, "HTTP boot firmware needs a URL, and is "
		    "given '%.200s'", t->file);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		is_typed = is_typed || (len > 4 &&
		    strcasecmp(t->file + len - 4, types[i]) == 0);
	if (!is_typed)
		rules_flaw(r->v, "httpboot-type-unknown", 0, FAULT_WARNING,
		    "'%.200s' does not end in .efi, .iso or .img: the web "
		    "server must say by its Content-Type what it is", t->file);
}

void
rules_name(const struct rules *r)
{
	const struct target *t = &r->x->target;
	const struct dhcp4_msg *m = rules_packet(r->x);
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_BOOTFILE);
	size_t len = strlen(t->file);
	unsigned char last = len ? (unsigned char)t->file[len - 1] : 'x';

	if (isspace(last) || iscntrl(last) || last == 0xff)
		rules_flaw(r->v, "bootfile-trailing-byte", 0, FAULT_ERROR,
		    "the name of the boot file ends in a byte that belongs "
		    "to no name (0x%02x)", last);
	/* dnsmasq ends it so by itself, and nobody was seen to mind */
	if (o && o->len > 1 && o->data[o->len - 1] == 0 &&
	    r->c->dialect != CONFIG_DNSMASQ)
		rules_flaw(r->v, "bootfile-trailing-byte", DHCP4_OPT_BOOTFILE,
		    FAULT_NOTE, "option 67 ends in a NUL byte, which a client "
		    "that believes its length takes for part of the name");
	name_length(r, m);
	name_as_url(r);
	if (m->overload && r->k->persona.kind == PERSONA_ROM)
		rules_flaw(r->v, "option-overload-misread",
		    DHCP4_OPT_OVERLOAD, FAULT_NOTE, "options overflow into "
		    "the fields for names (option 52), which some ROMs take "
		    "for the names themselves");
	if (t->other_file[0])
		rules_flaw(r->v, "bootfile-in-wrong-field", 0, FAULT_WARNING,
		    "%s says '%.100s' and is what this client reads; %s says "
		    "'%.100s', which others read", target_source_name(
		    t->file_from), t->file, t->file_from == TARGET_OPT67 ?
		    "the file field" : "option 67", t->other_file);
	if (t->is_uri && needs_dns(t->file) &&
	    !dhcp4_opt(&r->x->answer.msg, DHCP4_OPT_DNS) &&
	    !r->x->answer.is_proxy)
		rules_flaw(r->v, "dns-server-missing", 0, FAULT_ERROR,
		    "'%.200s' needs a name server, and the answer has no "
		    "option 6", t->file);
}

/* Another network's server, and nobody to carry the packets there. */
static void
reachable(const struct rules *r, struct in_addr server)
{
	const struct dhcp4_msg *m = &r->x->answer.msg;
	struct in_addr near = r->x->near;
	struct in_addr mask;
	char ip[IP_TEXT_MAX];

	if (r->x->answer.is_proxy || near.s_addr == 0 ||
	    !dhcp4_get_ip(m, DHCP4_OPT_MASK, &mask) ||
	    dhcp4_opt(m, DHCP4_OPT_ROUTER) ||
	    dhcp4_opt(m, OPT_STATIC_ROUTES) ||
	    ((near.s_addr ^ server.s_addr) & mask.s_addr) == 0)
		return;
	rules_flaw(r->v, "gateway-or-mask-wrong", DHCP4_OPT_ROUTER,
	    FAULT_WARNING, "next-server %s is not on the client's network, "
	    "and the answer names no router (option 3)",
	    ipv4_format(server, ip));
}

/*
 * Option 66 beside or instead of siaddr: EDK2 and iPXE do not read it, some
 * BIOS ROMs do where siaddr is empty, and others always.
 */
static void
server_in_66(const struct rules *r, const char *named, const char *ip,
    bool has_siaddr)
{
	if (has_siaddr)
		rules_flaw(r->v, "wrong-next-server", DHCP4_OPT_TFTP_SERVER,
		    FAULT_WARNING, "option 66 names %.100s, next-server is "
		    "%s: UEFI firmware, iPXE and most ROMs go to %s, some "
		    "ROMs to %.100s", named, ip, ip, named);
	else if (r->k->persona.kind == PERSONA_ROM)
		rules_flaw(r->v, "wrong-next-server", DHCP4_OPT_TFTP_SERVER,
		    FAULT_WARNING, "the server is named in option 66 alone "
		    "(%.100s), which not every BIOS ROM reads", named);
	else
		rules_flaw(r->v, "wrong-next-server", DHCP4_OPT_TFTP_SERVER,
		    FAULT_ERROR, "the server is named in option 66 alone "
		    "(%.100s), which this client does not read: it asks the "
		    "DHCP server for '%.100s'", named, r->x->target.file);
}

/* A relative name is loaded from a server: is it named, and the same to all? */
void
rules_server(const struct rules *r)
{
	const struct target *t = &r->x->target;
	const struct dhcp4_msg *m = rules_packet(r->x);
	char named[TARGET_SERVER_MAX] = "";
	char ip[IP_TEXT_MAX];
	struct in_addr a;
	bool has_siaddr = m->siaddr.s_addr != 0;

	if (t->is_uri || (r->x->answer.server_unknown &&
	    m == &r->x->answer.msg))
		return;
	if (!has_siaddr && r->k->persona.kind == PERSONA_IPXE) {
		/* where all are given one file, it is meant for firmware */
		rules_flaw(r->v, "ipxe-filename-without-next-server", 0,
		    r->c->by_client ? FAULT_ERROR : FAULT_WARNING, "iPXE is "
		    "given '%.200s' without a server to load it from",
		    t->file);
		return;
	}
	(void)dhcp4_get_str(m, DHCP4_OPT_TFTP_SERVER, named, sizeof(named));
	(void)ipv4_format(m->siaddr, ip);
	if ((ntohl(m->siaddr.s_addr) >> 24) == 127)
		rules_flaw(r->v, "wrong-next-server", 0, FAULT_ERROR,
		    "next-server is %s, which is each machine itself", ip);
	else if (named[0] && strcmp(named, ip) != 0 &&
	    (!has_siaddr || parse_ipv4(named, &a, NULL) == 0))
		server_in_66(r, named, ip, has_siaddr);
	else if (!has_siaddr && t->server_from != TARGET_OPT43)
		rules_flaw(r->v, "wrong-next-server", 0, FAULT_WARNING,
		    "no next-server is named: the client asks the DHCP server "
		    "itself for '%.200s'", t->file);
	if (has_siaddr)
		reachable(r, m->siaddr);
}
