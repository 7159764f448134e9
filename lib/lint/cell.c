#include "lint/cell.h"

#include "firmware/by_name.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *
source_line(const struct cell_conf *c, const char *file, unsigned int line)
{
	return c->ops->line && line ? c->ops->line(c->tree, file, line) : NULL;
}

/* Words by which configurations call the options that flaws lie in. */
static const struct { uint8_t code; const char *word; } option_words[] = {
	{ DHCP4_OPT_BOOT_SIZE, "boot-size" },
	{ DHCP4_OPT_BOOT_SIZE, "boot-file-size" },
	{ DHCP4_OPT_ROOT_PATH, "root-path" },
	{ DHCP4_OPT_VENDOR_ENCAP, "vendor-encap" },
	{ DHCP4_OPT_VENDOR_ENCAP, "PXE." },
	{ DHCP4_OPT_VENDOR_ENCAP, "pxe-" },
	{ DHCP4_OPT_VENDOR_ENCAP, "vendor:" },
	{ DHCP4_OPT_VENDOR_ENCAP, "encap:" },
	{ DHCP4_OPT_VENDOR_CLASS, "vendor-class" },
	{ DHCP4_OPT_TFTP_SERVER, "tftp-server" },
	{ DHCP4_OPT_BOOTFILE, "bootfile-name" },
	{ DHCP4_OPT_BOOTFILE, "boot-file-name" },
};

/* That number, and one of @ends behind it. */
static bool
is_number(const char *p, const char *number, const char *ends)
{
	size_t n = strlen(number);

	return text_starts(p, number) && p[n] && strchr(ends, p[n]);
}

/* A line that is about the option, by its name or its number. */
static bool
is_about(const char *text, uint8_t code)
{
	static const char word[] = "option ";
	char number[4];

	(void)snprintf(number, sizeof(number), "%u", code);
	for (size_t i = 0; i < ARRAY_LEN(option_words); i++) {
		if (option_words[i].code == code &&
		    strstr(text, option_words[i].word))
			return true;
	}
	if (text_starts(text, word) && is_number(text + sizeof(word) - 1,
	    number, " "))
		return true;
	for (const char *p = strpbrk(text, "=,:"); p; p = strpbrk(p + 1,
	    "=,:")) {
		if (is_number(p + 1, number, ","))
			return true;
	}
	return false;
}

/*
 * The line that decided: of the reasons the last one that speaks of the
 * option or else of the file, else the last. Where there is no file there is
 * no such line, and the network's own is shown.
 */
static struct cell_place
find_place(const struct cell_conf *c, const struct cell *cell,
    const struct answer *a, const char *taken, uint8_t about)
{
	struct cell_place at = { .source = NULL };
	const struct reason *best = NULL;
	const struct reason *option = NULL;
	const char *name = NULL;
	bool has_name = false;
	char file[TARGET_FILE_MAX] = "";

	/* a file may be there and not be taken */
	if (taken[0])
		(void)text_copy(file, sizeof(file), taken);
	else if (!dhcp4_get_str(&a->msg, DHCP4_OPT_BOOTFILE, file,
	    sizeof(file)))
		rules_field(&a->msg, file, sizeof(file));
	for (const struct reason *r = a->reasons; r; r = r->next) {
		bool hit = file[0] && strstr(r->text, file);

		if (r->line && about && is_about(r->text, about))
			option = r;
		if (r->line && (hit || !has_name)) {
			best = r;
			has_name = hit;
		}
	}
	if (option)
		best = option;
	if (!option && cell->network && cell->network->pos.line && (!best ||
	    !file[0]))
		at.pos = cell->network->pos;
	else if (best)
		at.pos = (struct config_pos){ .file = best->file,
		    .line = best->line };
	at.source = source_line(c, at.pos.file, at.pos.line);
	if (!at.source || at.pos.column != 0)
		return at;
	name = file[0] && !option ? strstr(at.source, file) : NULL;
	at.pos.column = 1 + (unsigned int)(name ?
	    (size_t)(name - at.source) : strspn(at.source, " \t"));
	return at;
}

/* Reasons go with the answer; the names of their files must stay. */
static int
keep_place(struct cell *cell, struct cell_place *at)
{
	at->pos.file = arena_strdup(&cell->arena, at->pos.file ?
	    at->pos.file : "");
	return at->pos.file ? 0 : -ENOMEM;
}

bool
cell_request(const struct cell_conf *c, const struct cell *cell,
    const struct kind *k, struct ask *ret)
{
	const struct config_network *net = cell->network;
	const struct config_host *h = cell->host;

	memset(ret, 0, sizeof(*ret));
	ret->persona = &k->persona;
	ret->has_mac = true;
	memcpy(ret->mac, c->space->mac, sizeof(ret->mac));
	ret->server_ip = net && net->server_ip.s_addr ? net->server_ip :
	    c->server_ip;
	if (net && !net->server_ip.s_addr)
		ret->giaddr = net->giaddr;
	if (!space_apply(c->space, cell->variant, &k->persona, ret)) {
		ask_release(ret);
		return false;
	}
	if (h && h->has_mac)
		memcpy(ret->mac, h->mac, sizeof(ret->mac));
	if (h && h->client_id)
		ret->opt[DHCP4_OPT_CLIENT_ID] = (struct ask_opt){ true,
		    h->client_id, h->client_id_len };
	return true;
}

/* What else than usual is asked. */
struct twist {
	size_t item;                    /* of a boot menu */
	struct ask_opt type;            /* instead of DISCOVER */
	struct ask_opt prl;             /* instead of the firmware's */
};

static int
exchange(const struct cell_conf *c, const struct cell *cell,
    const struct kind *k, const struct twist *twist, bool *ret_asked,
    struct exchange *ret, struct diag *diag)
{
	struct policy policy = { .answer = c->ops->answer, .ctx = c->tree };
	struct request req;
	struct dhcp4_msg msg;
	struct ask a;
	int rc;

	*ret_asked = cell_request(c, cell, k, &a);
	if (!*ret_asked)
		return 0;
	if (twist->type.set)
		a.opt[DHCP4_OPT_MSG_TYPE] = twist->type;
	if (twist->prl.set)
		a.opt[DHCP4_OPT_PRL] = twist->prl;
	req = (struct request){ .server_ip = a.server_ip, .msg = &msg };
	rc = ask_request(&a, &msg);
	if (rc == 0) {
		rc = exchange_run(&policy, &req, &k->persona, twist->item,
		    ret, diag);
		dhcp4_msg_release(&msg);
	}
	ask_release(&a);
	return rc;
}

static const struct answer *
deciding(const struct exchange *x)
{
	return x->asked_pxe_port && x->pxe_answer.answered &&
	    x->target.file_by_proxy ? &x->pxe_answer : &x->answer;
}

/* The lines of the flaws from @from on. */
static int
keep_flaws(const struct cell_conf *c, struct cell *cell,
    const struct exchange *x, size_t from, struct cell_stage *s)
{
	int rc = 0;

	for (size_t i = from; i < s->verdict.n_flaws && rc == 0; i++) {
		uint8_t about = s->verdict.flaw[i].about;

		s->flaw[i] = find_place(c, cell, about ? &x->answer :
		    deciding(x), x->has_file ? x->target.file : "", about);
		rc = keep_place(cell, &s->flaw[i]);
	}
	return rc;
}

/* Is its boot server called after the FOG project? */
static bool
names_fog(const struct dhcp4_msg *m)
{
	char name[TARGET_SERVER_MAX];

	return dhcp4_get_str(m, DHCP4_OPT_TFTP_SERVER, name, sizeof(name)) &&
	    strcasestr(name, "fog") != NULL;
}

static int
keep(const struct cell_conf *c, struct cell *cell, const struct kind *k,
    const struct exchange *x, struct cell_stage *s)
{
	const struct answer *a = deciding(x);
	int rc;

	s->file = arena_strdup(&cell->arena, x->has_file ?
	    x->target.file : "");
	if (!s->file)
		return -ENOMEM;
	s->is_proxy = x->answer.is_proxy;
	s->by_menu = x->n_items > 0;
	s->names_fog = names_fog(&a->msg);
	s->next_server = a->msg.siaddr;
	s->next = s->verdict.end == RULES_END_NEXT ?
	    kinds_ipxe(c->kinds, k, s->verdict.file) : KIND_NONE;
	s->place = find_place(c, cell, a, s->file, 0);
	rc = keep_place(cell, &s->place);
	return rc < 0 ? rc : keep_flaws(c, cell, x, 0, s);
}

/* What is wrong with one more item of the menu; the boot's end is another's. */
static int
add_item(struct cell_conf *c, struct cell *cell, const struct kind *k,
    const struct exchange *x, struct cell_stage *s)
{
	const char *text = x->item[x->taken].text;
	size_t from = s->verdict.n_flaws;
	struct verdict v;
	int rc = rules_judge(&c->rules, k, x, &v);

	if (rc < 0)
		return rc;
	if (v.end == RULES_END_NEXT && k->persona.kind == PERSONA_IPXE)
		rules_flaw(&v, "pxe-menu-reoffered-to-ipxe", 0, FAULT_ERROR,
		    "iPXE is offered the boot menu again, and its item '%s' "
		    "is iPXE: '%.160s'", text, x->target.file);
	for (size_t i = 0; i < v.n_flaws; i++) {
		struct flaw *f = &v.flaw[i];

		/* said of the packet that all items share */
		if (f->about || s->verdict.n_flaws == RULES_FLAWS_MAX)
			continue;
		s->verdict.flaw[s->verdict.n_flaws] = *f;
		(void)snprintf(s->verdict.flaw[s->verdict.n_flaws].text,
		    RULES_TEXT_MAX, "menu item '%s': %.240s", text, f->text);
		s->verdict.n_flaws++;
	}
	return keep_flaws(c, cell, x, from, s);
}

/* The other items of a boot menu, which somebody may choose. */
static int
ask_items(struct cell_conf *c, struct cell *cell, const struct kind *k,
    size_t n_items, struct cell_stage *s, struct diag *diag)
{
	int rc = 0;

	for (size_t i = 1; i < n_items && rc == 0; i++) {
		struct twist twist = { .item = i };
		struct exchange x;
		bool asked;

		rc = exchange(c, cell, k, &twist, &asked, &x, diag);
		if (rc < 0 || !asked)
			return rc;
		if (x.n_items > i && !x.boots_local)
			rc = add_item(c, cell, k, &x, s);
		exchange_release(&x);
	}
	return rc;
}

/* The same client in another way: is it given no file then? */
static int
loses_file(const struct cell_conf *c, const struct cell *cell,
    const struct kind *k, const struct twist *twist, bool *ret,
    struct diag *diag)
{
	struct exchange x;
	bool asked;
	int rc = exchange(c, cell, k, twist, &asked, &x, diag);

	*ret = false;
	if (rc < 0 || !asked)
		return rc;
	*ret = x.answer.answered && !x.has_file;
	exchange_release(&x);
	return 0;
}

/*
 * What is right in the OFFER may be missing in the ACK, where the server looks
 * at the type of the message; and a name in option 67 alone is sent to those
 * who ask for it, which U-Boot and some old ROMs do not.
 */
static int
ask_otherwise(const struct cell_conf *c, const struct cell *cell,
    const struct kind *k, const struct exchange *x, struct verdict *v,
    struct diag *diag)
{
	static const uint8_t request[] = { DHCP4_REQUEST };
	static const uint8_t no_67[] = { DHCP4_OPT_MASK, DHCP4_OPT_ROUTER,
	    DHCP4_OPT_DNS, DHCP4_OPT_VENDOR_ENCAP, DHCP4_OPT_VENDOR_CLASS,
	    DHCP4_OPT_TFTP_SERVER };
	struct twist ack = { .type = { true, request, sizeof(request) } };
	struct twist prl = { .prl = { true, no_67, sizeof(no_67) } };
	bool lost = false;
	int rc = 0;

	if (!x->has_file || x->asked_pxe_port)
		return 0;
	if (c->by_type)
		rc = loses_file(c, cell, k, &ack, &lost, diag);
	if (lost)
		rules_flaw(v, "ack-without-bootfile", 0, FAULT_ERROR,
		    "'%.200s' is in the OFFER, and no file in the ACK: "
		    "DISCOVER and REQUEST are answered differently",
		    x->target.file);
	if (rc < 0 || cell->host || cell->variant > 0 || x->target.is_uri ||
	    x->target.file_from != TARGET_OPT67)
		return rc;
	rc = loses_file(c, cell, k, &prl, &lost, diag);
	if (rc == 0 && lost)
		rules_flaw(v, "option67-not-requested", 0, FAULT_NOTE,
		    "'%.200s' is in option 67 alone, which only those are "
		    "sent who ask for it; the file field reaches everybody",
		    x->target.file);
	return rc;
}

static int
ask_kind(struct cell_conf *c, struct cell *cell, const struct kind *k,
    struct cell_stage *s, struct diag *diag)
{
	struct twist as_usual = { .item = 0 };
	struct exchange x;
	size_t n_items;
	int rc = exchange(c, cell, k, &as_usual, &s->asked, &x, diag);

	if (rc < 0 || !s->asked)
		return rc;
	n_items = x.n_items;
	rc = rules_judge(&c->rules, k, &x, &s->verdict);
	if (rc == 0)
		rc = ask_otherwise(c, cell, k, &x, &s->verdict, diag);
	if (rc == 0)
		rc = keep(c, cell, k, &x, s);
	cell->n_answered += x.answer.answered;
	exchange_release(&x);
	return rc < 0 ? rc : ask_items(c, cell, k, n_items, s, diag);
}

int
cell_ask(struct cell_conf *c, struct cell *cell, struct diag *diag)
{
	const char *x64_file = NULL;

	for (size_t i = 0; i < c->kinds->n; i++) {
		const struct kind *k = &c->kinds->kind[i];
		struct cell_stage *s = &cell->stage[i];
		int rc;

		c->rules.x64_file = x64_file;
		rc = ask_kind(c, cell, k, s, diag);
		if (rc < 0)
			return rc;
		if (!s->asked)
			continue;
		cell->n_files += s->file[0] != '\0';
		if (strcmp(k->name, "uefi-x64") == 0)
			x64_file = s->file;
	}
	return 0;
}

void
cell_release(struct cell *cell)
{
	arena_release(&cell->arena);
}

bool
cell_same(const struct cell *a, const struct cell *b, size_t n_kinds)
{
	for (size_t i = 0; i < n_kinds; i++) {
		const struct cell_stage *s = &a->stage[i];
		const struct cell_stage *t = &b->stage[i];

		/* a client that cannot be so is no difference */
		if (!s->asked || !t->asked)
			continue;
		if (s->verdict.end != t->verdict.end || s->next != t->next ||
		    s->next_server.s_addr != t->next_server.s_addr ||
		    strcmp(s->file, t->file) != 0 || strcmp(
		    rules_end_name(&s->verdict),
		    rules_end_name(&t->verdict)) != 0)
			return false;
	}
	return true;
}

static uint64_t
fold(uint64_t sum, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	/* FNV-1a */
	for (size_t i = 0; i < len; i++)
		sum = (sum ^ p[i]) * 1099511628211u;
	return sum;
}

/*
 * What the file is counts, not its name: a thousand hosts with a file each
 * are one case, unless the files themselves are looked at.
 */
static uint64_t
fold_target(uint64_t sum, const struct cell_conf *c, const struct target *t)
{
	size_t len = strlen(t->file);
	size_t long_by = len > 127 ? len : 0;
	struct bootfile f;

	if (c->rules.files->root)
		return fold(sum, t->file, len);
	firmware_by_name(t->file, &f);
	sum = fold(sum, &f.kind, sizeof(f.kind));
	sum = fold(sum, &f.container, sizeof(f.container));
	sum = fold(sum, &f.cpu, sizeof(f.cpu));
	sum = fold(sum, &t->is_uri, sizeof(t->is_uri));
	sum = fold(sum, &long_by, sizeof(long_by));
	sum = fold(sum, f.script ? "s" : "-", 1);
	/* a blank or the like at its end */
	return len > 0 && !isalnum((unsigned char)t->file[len - 1]) ?
	    fold(sum, t->file + len - 1, 1) : sum;
}

int
cell_signature(const struct cell_conf *c, const struct cell *cell,
    uint64_t *ret, struct diag *diag)
{
	uint64_t sum = 14695981039346656037u;
	struct exchange x;
	bool asked;
	struct twist as_usual = { .item = 0 };
	int rc = exchange(c, cell, &c->kinds->kind[0], &as_usual, &asked, &x,
	    diag);
	const struct dhcp4_msg *m = &x.answer.msg;

	if (rc < 0 || !asked)
		return rc;
	sum = fold(sum, &x.answer.answered, sizeof(x.answer.answered));
	sum = fold(sum, &m->siaddr, sizeof(m->siaddr));
	sum = fold(sum, &x.has_file, sizeof(x.has_file));
	sum = fold_target(sum, c, &x.target);
	sum = fold(sum, m->sname, sizeof(m->sname));
	for (size_t i = 0; i < m->n_opts; i++) {
		const struct dhcp4_opt *o = &m->opts[i];

		/* a host's name and addresses do not decide how it boots */
		if (o->code == DHCP4_OPT_HOSTNAME ||
		    o->code == DHCP4_OPT_BOOTFILE)
			continue;
		sum = fold(sum, &o->code, 1);
		sum = fold(sum, o->data, o->len);
	}
	exchange_release(&x);
	*ret = sum;
	return 0;
}
