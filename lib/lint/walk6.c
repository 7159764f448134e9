#include "lint/walk6.h"

#include "base/text.h"
#include "firmware/by_name.h"
#include "lint/ask.h"
#include "lint/collect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What one kind of client is given on one link. */
struct given6 {
	bool asked;
	bool answered;
	bool has_address;
	bool says_http;                 /* HTTPClient in option 16 */
	char url[RULES_TEXT_MAX];       /* "" if none */
	struct cell_place place;
	int next;                       /* the kind that it becomes */
	const char *ends;
};

struct walker6 {
	struct lint_file *f;
	struct cell_conf *c;
	const struct config_link *link;
	struct given6 given[KINDS_MAX];
	struct cell cell;               /* of no network of DHCPv4 */
	size_t n_urls;
	struct diag *diag;
};

/* A BIOS ROM knows no IPv6, and what it loads asks by DHCPv4 as well. */
static bool
speaks_v6(const struct kind *k)
{
	const struct arch *a = arch_find(k->persona.arch);

	return k->persona.kind != PERSONA_ROM && a &&
	    a->platform == PLATFORM_EFI && k->weight != KIND_RARE;
}

/* The line that has the URL, else the last that decided. */
static void
find_place(struct walker6 *w, const struct answer6 *a, struct given6 *g)
{
	const struct config_ops *ops = w->c->ops;
	const struct reason *best = NULL;
	bool has_url = false;

	for (const struct reason *r = a->reasons; r; r = r->next) {
		bool hit = g->url[0] && strstr(r->text, g->url);

		if (r->line && (hit || !has_url)) {
			best = r;
			has_url = hit;
		}
	}
	g->place.pos = w->link->pos;
	if (best && g->url[0])
		g->place.pos = (struct config_pos){ arena_strdup(
		    &w->cell.arena, best->file), best->line, 1 };
	g->place.source = ops->line && g->place.pos.line ? ops->line(
	    w->c->tree, g->place.pos.file, g->place.pos.line) : NULL;
	if (g->place.source && has_url && strstr(g->place.source, g->url))
		g->place.pos.column = 1 + (unsigned int)(strstr(
		    g->place.source, g->url) - g->place.source);
}

static bool
says_http(const struct dhcp6_msg *m)
{
	const struct dhcp6_opt *o = dhcp6_opt(m, DHCP6_OPT_VENDOR_CLASS);

	return o && memmem(o->data, o->len, "HTTPClient", 10) != NULL;
}

static int
ask_one(struct walker6 *w, const struct kind *k, struct given6 *g)
{
	struct ask a = { .is_v6 = true, .persona = &k->persona };
	struct request6 req = { .link = w->link->addr,
	    .iface = w->link->iface ? w->link->iface : "" };
	struct dhcp6_msg msg;
	struct answer6 answer;
	int rc = ask_request6(&a, &msg);

	if (rc < 0)
		return rc;
	req.msg = &msg;
	answer6_init(&answer);
	rc = w->c->ops->answer6(w->c->tree, &req, &answer, w->diag);
	g->asked = rc == 0;
	g->answered = rc == 0 && answer.answered;
	g->has_address = g->answered && answer.has_address;
	g->says_http = g->answered && says_http(&answer.msg);
	if (g->answered)
		(void)dhcp6_get_str(&answer.msg, DHCP6_OPT_BOOTFILE_URL,
		    g->url, sizeof(g->url));
	find_place(w, &answer, g);
	answer6_release(&answer);
	dhcp6_msg_release(&msg);
	return rc;
}

/* The catalogue's remedies for Kea are of DHCPv4. */
static const struct { const char *fault, *text; } fixes[] = {
	{ "chainload-loop",
	    "// before the classes of firmware, which exclude it\n"
	    "{ \"name\": \"ipxe\",\n"
	    "  \"test\": \"substring(option[15].hex,2,4) == 'iPXE'\",\n"
	    "  \"option-data\": [ { \"name\": \"bootfile-url\",\n"
	    "    \"data\": \"http://[2001:db8::10]/boot.ipxe\" } ] }" },
	{ "httpboot-offer-without-httpclient",
	    "// in the option-data of the same class: 343, \"HTTPClient\"\n"
	    "{ \"name\": \"vendor-class\", \"csv-format\": false,\n"
	    "  \"data\": \"00000157000a48545450436c69656e74\" }" },
	{ "httpboot-uri-or-dns-unusable",
	    "{ \"name\": \"bootfile-url\",\n"
	    "  \"data\": \"http://[2001:db8::10]/snponly.efi\" }" },
	{ "server-ignores-client",
	    "// a pool without \"client-class\", or for this class too\n"
	    "\"pools\": [ { \"pool\": \"2001:db8::1000-2001:db8::1fff\" } ]" },
};

static const char fix_by_arch[] =
	"\"client-classes\": [\n"
	"  { \"name\": \"x64\", \"test\": \"option[61].hex == 0x0007\",\n"
	"    \"option-data\": [ { \"name\": \"bootfile-url\",\n"
	"      \"data\": \"tftp://[2001:db8::10]/snponly.efi\" } ] },\n"
	"  { \"name\": \"arm64\", \"test\": \"option[61].hex == 0x000b\",\n"
	"    \"option-data\": [ { \"name\": \"bootfile-url\",\n"
	"      \"data\": \"tftp://[2001:db8::10]/arm64/snponly.efi\" } ] } ]";

static const char *
fix_of(const char *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(fixes); i++) {
		if (strcmp(fixes[i].fault, fault) == 0)
			return fixes[i].text;
	}
	return fix_by_arch;
}

static int
tell(struct walker6 *w, size_t at, const char *fault, const char *text)
{
	const struct kind *k = &w->c->kinds->kind[at];
	enum fault_severity s = fault_find(fault)->severity;
	struct given6 *g = &w->given[at];
	struct collect_at where = {
		.fault = fault, .pos = g->place.pos,
		.source = g->place.source, .message = text,
		.fix = fix_of(fault),
		.severity = s > FAULT_WARNING && !k->named &&
		    k->weight != KIND_COMMON ? FAULT_WARNING : s,
	};

	g->ends = fault;
	return collect_add(w->f, w->c, &where, (int)at, &w->cell);
}

static bool
has_scheme(const char *url, const char *scheme)
{
	return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

/*
 * RFC 5970 3.1 wants a URL. EDK2's PXE takes "tftp://[address]/path" and no
 * name; its HTTP boot, a URL in an offer that says HTTPClient in option 16.
 */
static int
check_url(struct walker6 *w, size_t at)
{
	const struct kind *k = &w->c->kinds->kind[at];
	const struct given6 *g = &w->given[at];
	bool is_http = has_scheme(g->url, "http://") ||
	    has_scheme(g->url, "https://");
	char text[RULES_TEXT_MAX];

	if (k->persona.kind == PERSONA_UEFI && is_http) {
		(void)snprintf(text, sizeof(text), "'%.200s' is given to "
		    "firmware that loads by TFTP only", g->url);
		return tell(w, at, "http-url-in-pxe-client", text);
	}
	if (k->persona.kind == PERSONA_UEFI && !has_scheme(g->url,
	    "tftp://[")) {
		(void)snprintf(text, sizeof(text), "option 59 is '%.160s': "
		    "firmware takes tftp://[address]/path, and no other",
		    g->url);
		return tell(w, at, "wrong-next-server", text);
	}
	if (k->persona.kind == PERSONA_UEFI_HTTP && !is_http) {
		(void)snprintf(text, sizeof(text), "'%.200s' is no URL that "
		    "HTTP boot can load", g->url);
		return tell(w, at, "httpboot-uri-or-dns-unusable", text);
	}
	if (k->persona.kind == PERSONA_UEFI_HTTP && !g->says_http)
		return tell(w, at, "httpboot-offer-without-httpclient",
		    "the offer to HTTP boot firmware does not say "
		    "\"HTTPClient\" in option 16, so it is not taken");
	if (k->persona.kind == PERSONA_IPXE && !strstr(g->url, "://")) {
		(void)snprintf(text, sizeof(text), "option 59 is '%.160s', "
		    "which names no server", g->url);
		return tell(w, at, "ipxe-filename-without-next-server", text);
	}
	return 0;
}

/* What the file's name tells of it, on such a machine. */
static int
check_file(struct walker6 *w, size_t at)
{
	const struct kind *k = &w->c->kinds->kind[at];
	struct given6 *g = &w->given[at];
	struct bootfile file;
	char text[RULES_TEXT_MAX];

	firmware_by_name(g->url, &file);
	(void)snprintf(text, sizeof(text), "'%.200s' is for another kind of "
	    "machine: this is %s", g->url, k->persona.title);
	if (file.container == CONTAINER_NBP)
		return tell(w, at, "arch-bios-file-to-uefi", text);
	if (file.container == CONTAINER_PE && file.cpu != CPU_NONE &&
	    file.cpu != k->cpu)
		return tell(w, at, "arch-wrong-cpu", text);
	g->ends = file.kind == BOOTFILE_UNKNOWN ? "unknown" :
	    bootfile_kind_name(file.kind);
	if (file.kind != BOOTFILE_IPXE || file.script)
		return 0;
	g->next = kinds_ipxe(w->c->kinds, k, &file);
	if (k->persona.kind != PERSONA_IPXE)
		return 0;
	(void)snprintf(text, sizeof(text), "iPXE is given '%.200s' again, and "
	    "so for ever, unless a script is built into it", g->url);
	return tell(w, at, "chainload-loop", text);
}

static int
judge(struct walker6 *w, size_t at)
{
	const struct kind *k = &w->c->kinds->kind[at];
	struct given6 *g = &w->given[at];
	int rc;

	if (!g->answered)
		return 0;
	if (!g->url[0] && (w->n_urls == 0 ||
	    k->persona.kind == PERSONA_UEFI_HTTP))
		return 0;
	if (!g->url[0])
		return tell(w, at, "arch-not-covered", "clients of this kind "
		    "are given no option 59, though others are");
	if (!g->has_address)
		return tell(w, at, "server-ignores-client", "this client is "
		    "given a boot file and no address, without which it does "
		    "not boot");
	g->ends = NULL;
	rc = check_url(w, at);
	return rc < 0 || g->ends ? rc : check_file(w, at);
}

static int
add_row(struct walker6 *w, size_t start, size_t at)
{
	const struct kind *k = &w->c->kinds->kind[at];
	struct lint_row *r;

	if (w->f->n_rows == COLLECT_ROWS_MAX)
		return 0;
	r = arena_alloc(&w->f->arena, sizeof(*r));
	if (!r)
		return -ENOMEM;
	w->f->n_rows++;
	*r = (struct lint_row){
		.client = w->f->kinds.kind[start].name,
		.arch = k->persona.arch, .stage = persona_stage(&k->persona),
		.network = arena_strdup(&w->f->arena, w->link->name),
		.file = arena_strdup(&w->f->arena, w->given[at].url),
		.ends = w->given[at].ends ? w->given[at].ends : "none",
		.next = w->f->rows,
	};
	w->f->rows = r;
	return r->file ? 0 : -ENOMEM;
}

/* Are architectures told apart: is any other given something else? */
static bool
differs(const struct walker6 *w)
{
	const struct given6 *first = NULL;

	for (size_t i = 0; i < w->c->kinds->n; i++) {
		const struct given6 *g = &w->given[i];

		if (!g->asked || w->c->kinds->kind[i].persona.kind ==
		    PERSONA_IPXE)
			continue;
		if (first && strcmp(first->url, g->url) != 0)
			return true;
		first = first ? first : g;
	}
	return false;
}

static int
walk_link(struct walker6 *w)
{
	const struct kinds *ks = w->c->kinds;
	int rc = 0;

	memset(w->given, 0, sizeof(w->given));
	w->n_urls = 0;
	for (size_t i = 0; i < ks->n && rc == 0; i++) {
		w->given[i].next = KIND_NONE;
		if (!speaks_v6(&ks->kind[i]))
			continue;
		rc = ask_one(w, &ks->kind[i], &w->given[i]);
		w->n_urls += w->given[i].url[0] != '\0';
		w->f->n_classes++;
	}
	w->f->kinds.by_arch = w->f->kinds.by_arch || differs(w);
	for (size_t i = 0; i < ks->n && rc == 0; i++) {
		if (w->given[i].asked)
			rc = judge(w, i);
	}
	for (size_t i = 0; i < ks->n && rc == 0; i++) {
		const struct given6 *g = &w->given[i];

		if (!g->asked)
			continue;
		rc = add_row(w, i, i);
		if (rc == 0 && g->next != KIND_NONE && (size_t)g->next != i &&
		    w->given[g->next].asked)
			rc = add_row(w, i, (size_t)g->next);
	}
	return rc;
}

int
walk6(struct lint_file *f, struct cell_conf *c, struct diag *diag)
{
	struct walker6 w = { .f = f, .c = c, .diag = diag };
	const struct config_pos nowhere = { .file = "" };
	size_t n = 0;
	const struct config_link *links = c->ops->links6(c->tree, &n);
	int rc = collect_gap(f, nowhere, "of DHCPv6 each kind of UEFI client "
	    "is asked for once on each link; hosts, and what else a request "
	    "may say, are not tried");

	for (size_t i = 0; i < n && rc == 0; i++) {
		w.link = &links[i];
		rc = walk_link(&w);
	}
	arena_release(&w.cell.arena);
	return rc;
}
