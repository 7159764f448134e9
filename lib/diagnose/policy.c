/*
 * The capture held against a configuration: what it should have answered, and
 * by which lines.
 */
#include "diagnose/internal.h"

#include "base/util.h"

#include <string.h>

enum { REASONS_SHOWN = 4 };

/* The file and its server, as this client reads the message. */
static void
read_target(const struct stage *s, const struct dhcp4_msg *msg,
    struct target *ret)
{
	(void)target_get(s->persona ? s->persona->target_rule :
	    s->kind == STAGE_IPXE ? TARGET_RULE_IPXE : TARGET_RULE_PXE_ROM,
	    msg, NULL, ret);
}

static const char *
or_none(const char *s)
{
	return s[0] ? s : "none";
}

/* The lines that decided it, the last ones first: they are the closest. */
static void
show_reasons(struct diagnose *d, struct client *m, const struct answer *a)
{
	size_t n = 0;
	size_t skip;

	for (const struct reason *r = a->reasons; r; r = r->next)
		n++;
	skip = n > REASONS_SHOWN ? n - REASONS_SHOWN : 0;
	for (const struct reason *r = a->reasons; r; r = r->next) {
		if (skip > 0) {
			skip--;
			continue;
		}
		if (r->line > 0)
			evidence(d, m, 0, 0, "%s:%u: %s", r->file, r->line,
			    r->text);
	}
}

static void
compare(struct diagnose *d, struct client *m, const struct stage *s,
    const struct answer *a)
{
	const char *name = d->conf->policy_name;
	const char *who = stage_kind_name(s->kind);
	struct target want;
	struct dhcp4_msg got;
	struct target was;

	if (!a->answered) {
		evidence(d, m, s->ask.frame, s->ask.time, "%s does not answer "
		    "the %s%s", name, who, s->n_offers_seen > 0 ?
		    ": the offers are another server's" : "");
		return;
	}
	read_target(s, &a->msg, &want);
	if (!kept_parse(s->ack.buf ? &s->ack : &s->offer[0].msg, &got)) {
		evidence(d, m, s->ask.frame, s->ask.time, "%s would answer "
		    "the %s with the file '%s': the request does not reach a "
		    "server that runs it, or its answer is lost", name, who,
		    or_none(want.file));
		return;
	}
	read_target(s, &got, &was);
	dhcp4_msg_release(&got);
	if (strcmp(want.file, was.file) == 0)
		evidence(d, m, s->ack.frame, s->ack.time, "the %s got '%s', "
		    "which is what %s says:", who, or_none(was.file), name);
	else
		evidence(d, m, s->ack.frame, s->ack.time, "the %s got '%s', "
		    "where %s says '%s': another server answered, or this one "
		    "runs another configuration", who, or_none(was.file), name,
		    or_none(want.file));
}

void
hold_against_policy(struct diagnose *d, struct client *m)
{
	const struct policy *p = &d->conf->policy;
	unsigned int asked = 0;         /* kinds of clients */

	if (!p->answer)
		return;
	for (struct stage *s = m->stages; s; s = s->next) {
		struct request req = { .server_ip = s->chosen };
		struct dhcp4_msg msg;
		struct answer a;
		struct diag why = { .text = "" };

		/* in a loop the same is told each time */
		if (s->kind == STAGE_OS || s->v6 || (asked & 1u << s->kind) ||
		    !kept_parse(s->request.buf ? &s->request : &s->ask, &msg))
			continue;
		if (!req.server_ip.s_addr && s->n_offers > 0)
			req.server_ip = s->offer[0].server;
		asked |= 1u << s->kind;
		req.msg = &msg;
		answer_init(&a);
		if (p->answer(p->ctx, &req, &a, &why) == 0) {
			compare(d, m, s, &a);
			show_reasons(d, m, &a);
		} else {
			limit(d, "%s could not be asked: %s",
			    d->conf->policy_name, why.text);
		}
		answer_release(&a);
		dhcp4_msg_release(&msg);
	}
}
