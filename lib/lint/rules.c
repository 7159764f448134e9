#include "lint/rules.h"

#include "chain/step.h"
#include "lint/ask.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { ROM_FILE_MAX = 127, OPT67_MAX = 255 };

static void PRINTF_LIKE(4, 5)
flaw(struct verdict *v, const char *fault, bool soft, const char *fmt, ...)
{
	va_list ap;
	struct flaw *f;

	if (v->n_flaws == RULES_FLAWS_MAX)
		return;
	f = &v->flaw[v->n_flaws++];
	f->fault = fault;
	f->soft = soft;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	if (!soft)
		v->end = RULES_END_FAULT;
}

static bool
is_broken(const struct verdict *v)
{
	for (size_t i = 0; i < v->n_flaws; i++) {
		if (!v->flaw[i].soft)
			return true;
	}
	return false;
}

static bool
class_starts(const struct dhcp4_msg *m, const char *prefix)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_VENDOR_CLASS);

	return o && o->len >= strlen(prefix) &&
	    memcmp(o->data, prefix, strlen(prefix)) == 0;
}

static bool
is_http(const char *uri)
{
	return strncasecmp(uri, "http://", 7) == 0 ||
	    strncasecmp(uri, "https://", 8) == 0;
}

static bool
has_file_field(const struct dhcp4_msg *m)
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

/*
 * A proxy's answer counts for iPXE only if it names a server beside the file
 * (dhcp_has_pxeopts()); else it is asked on port 4011, where it says the same.
 */
static const struct dhcp4_msg *
without_server(const struct kind *k, const struct exchange *x)
{
	const struct dhcp4_msg *m = x->pxe_answer.answered ?
	    &x->pxe_answer.msg : &x->answer.msg;

	return k->persona.kind == PERSONA_IPXE && x->answer.is_proxy &&
	    m->siaddr.s_addr == 0 && has_file_field(m) ? m : NULL;
}

/* Nobody gave a file: which fault is it, and is it one? */
static void
judge_no_file(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *v)
{
	const struct dhcp4_opt *root =
	    dhcp4_opt(&x->answer.msg, DHCP4_OPT_ROOT_PATH);
	bool is_http_client = k->persona.kind == PERSONA_UEFI_HTTP;

	v->end = RULES_END_NONE;
	if (k->persona.kind == PERSONA_IPXE && root && root->len > 6 &&
	    (memcmp(root->data, "iscsi:", 6) == 0 ||
	    memmem(root->data, root->len, "://", 3))) {
		v->end = RULES_END_SAN;
		return;
	}
	if (is_http_client && !c->http_wanted &&
	    !class_starts(&x->answer.msg, "HTTPClient")) {
		return;
	}
	if (is_http_client && has_file_field(&x->answer.msg) &&
	    !class_starts(&x->answer.msg, "HTTPClient")) {
		flaw(v, "httpboot-offer-without-httpclient", false,
		    "the offer to HTTP boot firmware does not say "
		    "\"HTTPClient\" in option 60, so it is not taken");
	} else if (without_server(k, x)) {
		flaw(v, "ipxe-filename-without-next-server", false,
		    "the proxy names '%.160s' and no next-server, and so "
		    "iPXE does not take it, a URL or not",
		    (const char *)without_server(k, x)->file);
	} else if (x->asked_pxe_port && c->dialect == CONFIG_DNSMASQ &&
	    x->answer.is_proxy) {
		flaw(v, "dnsmasq-proxy-without-pxe-service", false,
		    "the proxy offers itself to this client, and on port "
		    "4011 it has no boot file for it");
	} else if (x->by_menu) {
		flaw(v, "boot-server-discovery-fails", false, "the first item "
		    "of the boot menu is asked for, and no file is named");
	} else if (x->asked_pxe_port && x->pxe_answer.answered) {
		flaw(v, "proxydhcp-answer-without-file", false,
		    "the answer on port 4011 names no boot file");
	} else if (!k->persona.proxy_fatal) {
		/* silence there is no matter to iPXE */
		flaw(v, "offer-without-bootfile", false,
		    "the answer names no boot file");
	} else if (x->asked_pxe_port && x->answer.is_proxy) {
		flaw(v, "proxydhcp-4011-silent", false,
		    "the proxy offers itself, and does not answer on port "
		    "4011");
	} else if (x->asked_pxe_port) {
		/* without a file, a boot server beside it may well be meant */
		flaw(v, "option60-without-4011",
		    !has_file_field(&x->answer.msg),
		    "option 60 \"PXEClient\" sends the client to port 4011, "
		    "where this server does not answer");
	} else {
		flaw(v, "offer-without-bootfile", false,
		    "the answer names no boot file");
	}
}

/* A switch is given its settings like that, and no machine is meant. */
static bool
is_for_no_boot(const struct rules_conf *c, const char *uri)
{
	struct bootfile f;

	filekind_by_name(uri, &f);
	return !c->by_client && f.kind == BOOTFILE_UNKNOWN;
}

static void
judge_name(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *v)
{
	const struct target *t = &x->target;
	const struct dhcp4_msg *m = t->file_by_proxy && x->asked_pxe_port ?
	    &x->pxe_answer.msg : &x->answer.msg;
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_BOOTFILE);
	size_t len = strlen(t->file);
	unsigned char last = len ? (unsigned char)t->file[len - 1] : 'x';

	if (isspace(last) || iscntrl(last) || last == 0xff)
		flaw(v, "bootfile-trailing-byte", false,
		    "the name of the boot file ends in a byte that belongs "
		    "to no name (0x%02x)", last);
	if ((o && o->len > OPT67_MAX) ||
	    (!(m->overload & 1) && !memchr(m->file, '\0', sizeof(m->file))) ||
	    (k->persona.kind == PERSONA_ROM && len > ROM_FILE_MAX))
		flaw(v, "boot-filename-too-long", false,
		    "the name of the boot file has %zu bytes, and does not "
		    "fit", len);
	if (t->is_uri && (k->persona.kind == PERSONA_ROM ||
	    k->persona.kind == PERSONA_UEFI))
		flaw(v, "http-url-in-pxe-client", is_for_no_boot(c, t->file),
		    "'%.200s' is given to firmware that loads by TFTP only "
		    "and takes it for a file name", t->file);
	if (k->persona.kind == PERSONA_UEFI_HTTP && !is_http(t->file))
		flaw(v, "httpboot-uri-or-dns-unusable", false,
		    "HTTP boot firmware needs a URL, and is given '%.200s'",
		    t->file);
	if (t->is_uri && needs_dns(t->file) &&
	    !dhcp4_opt(&x->answer.msg, DHCP4_OPT_DNS) && !x->answer.is_proxy)
		flaw(v, "dns-server-missing", false,
		    "'%.200s' needs a name server, and the answer has no "
		    "option 6", t->file);
}

/* A relative name is loaded from a server: is it named, and the same to all? */
static void
judge_server(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *v)
{
	const struct target *t = &x->target;
	const struct dhcp4_msg *m = t->file_by_proxy && x->asked_pxe_port ?
	    &x->pxe_answer.msg : &x->answer.msg;
	char named[TARGET_SERVER_MAX] = "";
	char ip[IP_TEXT_MAX];
	struct in_addr a;

	if (t->is_uri)
		return;
	if (m->siaddr.s_addr == 0 && k->persona.kind == PERSONA_IPXE) {
		/* where all are given one file, it is meant for firmware */
		flaw(v, "ipxe-filename-without-next-server", !c->by_client,
		    "iPXE is given '%.200s' without a server to load it from",
		    t->file);
		return;
	}
	(void)dhcp4_get_str(m, DHCP4_OPT_TFTP_SERVER, named, sizeof(named));
	(void)ipv4_format(m->siaddr, ip);
	if (strncmp(ip, "127.", 4) == 0)
		flaw(v, "wrong-next-server", false,
		    "next-server is %s, which is each machine itself", ip);
	else if (named[0] && strcmp(named, ip) != 0 &&
	    (m->siaddr.s_addr == 0 || parse_ipv4(named, &a, NULL) == 0))
		flaw(v, "wrong-next-server", m->siaddr.s_addr != 0,
		    "option 66 names %.100s, but next-server is %s, and "
		    "that is where most firmware goes", named, ip);
	else if (m->siaddr.s_addr == 0 && t->server_from != TARGET_OPT43)
		flaw(v, "wrong-next-server", true,
		    "no next-server is named: the client asks the DHCP server "
		    "itself for '%.200s'", t->file);
}

/* Built for the machine? One file cannot be for two processors. */
static bool
is_for_x64(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, const struct bootfile *f)
{
	return k->persona.kind == PERSONA_UEFI && k->cpu != CPU_X64 &&
	    f->container == CONTAINER_PE && f->cpu == CPU_NONE &&
	    c->x64_file && strcmp(c->x64_file, x->target.file) == 0;
}

static void
judge_kind(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *v)
{
	const struct bootfile *f = v->file;
	struct persona now = k->persona;
	struct step s;

	if (f->kind == BOOTFILE_UNKNOWN && f->container == CONTAINER_NONE) {
		v->end = k->persona.kind == PERSONA_IPXE && x->target.is_uri ?
		    RULES_END_SCRIPT : RULES_END_UNKNOWN;
		return;
	}
	chain_step(&now, f, &s);
	if (s.kind == STEP_FAULT) {
		/* a name alone is no proof that a script is one */
		bool guessed = (!c->files->root || x->target.is_uri) &&
		    f->container == CONTAINER_NONE;

		v->end = RULES_END_UNKNOWN;
		flaw(v, s.fault, guessed, "'%.160s': %.140s", x->target.file,
		    s.why);
	} else if (is_for_x64(c, k, x, f)) {
		flaw(v, "arch-wrong-cpu", false, "'%.160s' is what x64 "
		    "machines are given; this one is %s", x->target.file,
		    cpu_name(k->cpu));
	} else if (s.kind == STEP_SCRIPT) {
		v->end = RULES_END_SCRIPT;
	} else if ((f->kind == BOOTFILE_IPXE || f->kind == BOOTFILE_GPXE) &&
	    !f->script) {
		v->end = RULES_END_NEXT;
	} else {
		v->end = RULES_END_PROGRAM;
	}
}

static int
judge_file(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *v)
{
	const char *other = NULL;
	int rc = filekind_get(c->files, x->target.file, x->target.is_uri,
	    &v->file, &other);

	if (rc == -ENOMEM)
		return rc;
	if (rc == 0) {
		judge_kind(c, k, x, v);
		return 0;
	}
	if (rc == -ENOENT && other)
		flaw(v, "tftp-file-not-found", false, "'%.150s' is not in "
		    "the TFTP root; '%.100s' is: upper and lower case differ",
		    x->target.file, other);
	else if (rc == -ENOENT)
		flaw(v, "tftp-file-not-found", false, "'%.200s' is not in "
		    "the TFTP root", x->target.file);
	else
		flaw(v, "tftp-access-denied", false, "'%.150s' in the TFTP "
		    "root cannot be read: %s", x->target.file, strerror(-rc));
	return 0;
}

int
rules_judge(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!x->answer.answered) {
		ret->end = RULES_END_SILENT;
		return 0;
	}
	if (k->persona.kind == PERSONA_UEFI_HTTP && !c->http_wanted &&
	    !class_starts(&x->answer.msg, "HTTPClient")) {
		ret->end = RULES_END_NONE;
		return 0;
	}
	if (x->boots_local) {
		ret->end = RULES_END_LOCAL;
		return 0;
	}
	if (!x->has_file) {
		judge_no_file(c, k, x, ret);
		return 0;
	}
	judge_name(c, k, x, ret);
	judge_server(c, k, x, ret);
	return is_broken(ret) ? 0 : judge_file(c, k, x, ret);
}

const char *
rules_end_name(const struct verdict *v)
{
	static const char *const names[] = {
		[RULES_END_FAULT] = "fault", [RULES_END_NEXT] = "ipxe",
		[RULES_END_SCRIPT] = "script", [RULES_END_PROGRAM] = "program",
		[RULES_END_SAN] = "san",
		[RULES_END_LOCAL] = "local", [RULES_END_UNKNOWN] = "unknown",
		[RULES_END_NONE] = "none", [RULES_END_SILENT] = "no answer",
	};

	for (size_t i = 0; i < v->n_flaws; i++) {
		if (!v->flaw[i].soft)
			return v->flaw[i].fault;
	}
	if (v->end == RULES_END_PROGRAM && v->file)
		return bootfile_kind_name(v->file->kind);
	return names[v->end];
}

static bool PRINTF_LIKE(3, 4)
never(struct flaw *f, const char *fault, const char *fmt, ...)
{
	va_list ap;

	f->fault = fault;
	f->soft = false;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return true;
}

/* Firmware and iPXE send "PXEClient", "HTTPClient": case counts. */
static bool
vendor_class_never(const struct config_literal *l,
    enum config_dialect dialect, struct flaw *ret)
{
	static const char *const sent[] = { "PXEClient", "HTTPClient" };
	const char *text = (const char *)l->bytes;

	for (size_t i = 0; i < ARRAY_LEN(sent) && l->off == 0 &&
	    !l->ignore_case; i++) {
		size_t n = min_size(l->len, strlen(sent[i]));

		if (n >= 3 && strncasecmp(text, sent[i], n) == 0 &&
		    strncmp(text, sent[i], n) != 0)
			return never(ret, "class-test-never-matches",
			    "firmware sends \"%s\": upper and lower case "
			    "differ", sent[i]);
	}
	/* dnsmasq looks for its text anywhere in the class */
	if (dialect == CONFIG_ISC && !l->is_prefix && l->len == 20 &&
	    strncmp(text, "PXEClient:Arch:", 15) == 0)
		return never(ret, "class-test-never-matches",
		    "firmware sends more than \"%.20s\": compare the first "
		    "20 bytes alone", text);
	return false;
}

static bool
user_class_never(const struct config_literal *l, struct flaw *ret)
{
	const char *text = (const char *)l->bytes;

	if (l->len == 5 && text[0] == 4 && l->off == 0 &&
	    strncasecmp(text + 1, "iPXE", 4) == 0)
		return never(ret, "user-class-encoding-mismatch",
		    "iPXE sends the four bytes \"iPXE\" without a length "
		    "before them");
	if (l->len == 4 && l->off == 1 && strncasecmp(text, "iPXE", 4) == 0)
		return never(ret, "user-class-encoding-mismatch",
		    "iPXE's user class begins at its first byte: there is no "
		    "length before it");
	if (l->len == 4 && l->off == 0 && !l->ignore_case &&
	    strncasecmp(text, "iPXE", 4) == 0 &&
	    strncmp(text, "iPXE", 4) != 0)
		return never(ret, "user-class-encoding-mismatch",
		    "iPXE sends \"iPXE\": upper and lower case differ");
	return false;
}

bool
rules_literal(const struct config_literal *l, enum config_dialect dialect,
    struct flaw *ret)
{
	if (l->field != CONFIG_F_OPTION || l->sub != 0 || l->len == 0)
		return false;
	if (l->code == DHCP4_OPT_VENDOR_CLASS)
		return vendor_class_never(l, dialect, ret);
	if (l->code == DHCP4_OPT_USER_CLASS)
		return user_class_never(l, ret);
	if (l->code == DHCP4_OPT_ARCH && l->off == 0 && !l->is_prefix &&
	    l->len % 2 != 0)
		return never(ret, "class-test-never-matches",
		    "option 93 has two bytes for each architecture; this "
		    "compares it with %zu", l->len);
	return false;
}
