/*
 * The facts of a machine's boot as the record that all reports know.
 */
#include "diagnose/internal.h"

#include <errno.h>
#include <string.h>

const char *
load_name(struct diagnose *d, const struct load *l)
{
	char ip[IP_TEXT_MAX];
	const char *uri;

	if (l->proto != LOAD_TFTP && strstr(l->name, "://"))
		return l->name;
	uri = arena_printf(&d->out->arena,
	    l->server.family == AF_INET6 && !l->host ? "%s://[%s]%s%s" :
	    "%s://%s%s%s", l->proto == LOAD_TFTP ? "tftp" :
	    l->proto == LOAD_HTTPS ? "https" : "http",
	    l->host ? l->host : ip_format(&l->server, ip),
	    l->name[0] == '/' ? "" : "/", l->name);
	return uri ? uri : "";
}

static void
fill_target(struct stage *s)
{
	struct dhcp4_msg ack;
	struct dhcp4_msg proxy;
	bool has_proxy = kept_parse(&s->pxe_ack, &proxy);

	for (size_t i = 0; i < s->n_offers && !has_proxy; i++) {
		if (!s->offer[i].yiaddr.s_addr && s->offer[i].has_file)
			has_proxy = kept_parse(&s->offer[i].msg, &proxy);
	}
	if (kept_parse(&s->ack, &ack)) {
		(void)target_get(s->persona ? s->persona->target_rule :
		    s->kind == STAGE_IPXE ? TARGET_RULE_IPXE :
		    TARGET_RULE_PXE_ROM, &ack, has_proxy ? &proxy : NULL,
		    s->target);
		dhcp4_msg_release(&ack);
	}
	if (has_proxy)
		dhcp4_msg_release(&proxy);
}

/* A message of its own takes a chunk of memory; all of them share one here. */
static bool
parse_shared(struct diagnose *d, const struct kept_msg *k,
    struct dhcp4_msg *ret)
{
	struct arena *a = &d->out->arena;
	struct dhcp4_msg own;
	struct dhcp4_opt *opts;
	bool ok;

	if (!kept_parse(k, &own))
		return false;
	opts = arena_alloc(a, own.n_opts * sizeof(*opts) + 1);
	ok = opts != NULL;
	for (size_t i = 0; i < own.n_opts && ok; i++) {
		opts[i] = own.opts[i];
		opts[i].data = (const uint8_t *)arena_dup(a, own.opts[i].data,
		    own.opts[i].len);
		ok = opts[i].data != NULL;
	}
	*ret = own;
	ret->opts = opts;
	ret->cap_opts = own.n_opts;
	ret->arena = (struct arena)ARENA_EMPTY;
	dhcp4_msg_release(&own);
	return ok;
}

static int
add_stage(struct diagnose *d, struct client *m, struct stage *s)
{
	struct boot *b = m->out.boot;
	struct boot_stage *o;

	s->target = &d->target[s->ordinal];
	*s->target = (struct target){ .file_from = TARGET_NONE };
	if (!s->v6)
		fill_target(s);
	else if (s->v6_url && text_copy(s->target->file,
	    sizeof(s->target->file), s->v6_url))
		s->target->is_uri = true;
	if (s->rerun && b->n_stages > 0) {
		s->index = b->n_stages - 1;
		return 0;
	}
	o = boot_add_stage(b);
	if (!o)
		return b->n_stages >= BOOT_STAGES_MAX ? 0 : -ENOMEM;
	s->index = b->n_stages - 1;
	o->stage = s->kind == STAGE_IPXE ? "ipxe" :
	    s->kind == STAGE_OS ? "os" : "firmware";
	o->client = s->persona ? s->persona->name : stage_kind_name(s->kind);
	o->title = s->persona ? s->persona->title : stage_kind_name(s->kind);
	o->has_arch = s->has_arch;
	o->arch = s->arch;
	o->time = s->first_time;
	o->bound = s->n_ack > 0;
	if (s->ack_time > 0)
		o->duration_s = s->ack_time - s->first_time;
	for (size_t i = 0; i < s->n_offers; i++) {
		if (!s->offer[i].yiaddr.s_addr && s->offer[i].pxe_class) {
			o->has_proxy = true;
			o->proxy = s->offer[i].server;
		}
	}
	o->target = *s->target;
	if (!o->bound)
		return 0;
	if (!parse_shared(d, &s->ack, &o->ack)) {
		o->bound = false;       /* past the ceiling */
		return 0;
	}
	o->address = o->ack.yiaddr;
	o->server = s->ack.src;
	(void)dhcp4_get_ip(&o->ack, DHCP4_OPT_SERVER_ID, &o->server);
	return 0;
}

static const char *
load_error(struct diagnose *d, const struct load *l)
{
	if (l->error)
		return arena_printf(&d->out->arena, "TFTP error %u: %s",
		    l->error_code, l->error_text ? l->error_text : "");
	if (l->unreachable)
		return "ICMP: unreachable";
	if (l->status >= 300)
		return arena_printf(&d->out->arena, "HTTP status %u",
		    l->status);
	if (l->cut_by_server)
		return "the server ended it early";
	if (l->n_data == 0 && l->status == 0)
		return "no answer";
	return "not complete";
}

static int
add_load(struct diagnose *d, struct client *m, const struct load *l)
{
	struct boot *b = m->out.boot;
	struct boot_load *o;
	struct arena *a = &d->out->arena;

	if (l->proto == LOAD_TFTP && !l->done && l->client_abort && l->oack &&
	    !load_failed(l))
		return 0;               /* a question for the size */
	o = boot_add_load(b);
	if (!o)
		return b->n_loads >= BOOT_LOADS_MAX ? 0 : -ENOMEM;
	o->stage = l->stage ? l->stage->index : 0;
	o->uri = load_name(d, l);
	o->proto = l->proto == LOAD_TFTP ? "tftp" :
	    l->proto == LOAD_HTTPS ? "https" : "http";
	o->time = l->time;
	o->duration_s = (l->done ? l->done_time : l->last_time) - l->time;
	o->bytes = l->bytes;
	memcpy(o->sha256, l->sha256, sizeof(o->sha256));
	o->ok = l->done && l->status < 300;
	o->status = l->proto == LOAD_TFTP ? (l->error ? l->error_code : 0) :
	    (long)l->status;
	o->kind = l->is.kind;
	o->what = l->what ? l->what : "";
	o->error = o->ok ? NULL : load_error(d, l);
	if (l->proto == LOAD_TFTP) {
		o->detail = arena_printf(a, "blksize %u, %u sent once more",
		    l->blksize, l->dup_data + l->dup_ack);
		if (!o->detail)
			o->detail = "";
	}
	return 0;
}

int
fill_boot(struct diagnose *d, struct client *m)
{
	struct boot *b = m->out.boot;
	int rc = 0;

	b->persona = m->out.persona ? m->out.persona : "";
	b->time = m->first_time;
	b->duration_s = m->last_time - m->first_time;
	for (struct stage *s = m->stages; s && rc == 0; s = s->next)
		rc = add_stage(d, m, s);
	for (struct load *l = m->loads; l && rc == 0; l = l->next)
		rc = add_load(d, m, l);
	for (size_t i = 0; i < b->n_events; i++) {
		struct stage *s = m->stages;

		while (s && s->ordinal != b->events[i].stage)
			s = s->next;
		b->events[i].stage = s ? s->index : 0;
	}
	for (struct diagnosis_event *ev = m->out.events; ev; ev = ev->next) {
		struct stage *s = m->stages;

		while (s && s->ordinal != ev->stage)
			s = s->next;
		ev->stage = s ? s->index : 0;
	}
	return rc;
}
