/*
 * What is different between the answer of the capture and the one of now.
 * Which address was leased, and for how much longer, is not told: that is
 * chance and the clock.
 */
#include "client/replay.h"

#include "base/sbuf.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

static int
add(struct replay *r, struct replay_ask *a, struct sbuf *text)
{
	const char *s = arena_strdup(&r->arena, sbuf_str(text));

	sbuf_release(text);
	if (!s)
		return -ENOMEM;
	if (a->n_diffs < REPLAY_DIFFS_MAX)
		a->diff[a->n_diffs++] = s;
	return 0;
}

static bool
is_chance(uint8_t code)
{
	switch (code) {
	case DHCP4_OPT_REQUESTED_IP:
	case DHCP4_OPT_LEASE_TIME:
	case DHCP4_OPT_T1:
	case DHCP4_OPT_T2:
		return true;
	default:
		return false;
	}
}

static int
compare_ip(struct replay *r, struct replay_ask *a, const char *what,
    struct in_addr then, struct in_addr now)
{
	struct sbuf text = SBUF_EMPTY;
	char ip[2][IP_TEXT_MAX];

	if (then.s_addr == now.s_addr)
		return 0;
	sbuf_printf(&text, "%s: was %s, is %s", what,
	    ipv4_format(then, ip[0]), ipv4_format(now, ip[1]));
	return add(r, a, &text);
}

static void
add_field(struct sbuf *b, const uint8_t *field, size_t len)
{
	sbuf_addc(b, '\'');
	sbuf_escape(b, (const char *)field, strnlen((const char *)field, len));
	sbuf_addc(b, '\'');
}

static int
compare_field(struct replay *r, struct replay_ask *a, const char *what,
    const uint8_t *then, const uint8_t *now, size_t len)
{
	struct sbuf text = SBUF_EMPTY;

	if (strncmp((const char *)then, (const char *)now, len) == 0)
		return 0;
	sbuf_printf(&text, "%s: was ", what);
	add_field(&text, then, len);
	sbuf_add(&text, ", is ");
	add_field(&text, now, len);
	return add(r, a, &text);
}

static void
add_value(struct sbuf *b, const struct dhcp4_msg *m,
    const struct dhcp4_opt *o)
{
	if (o)
		dhcp4_opt_format(b, m, o);
	else
		sbuf_add(b, "not there");
}

static int
compare_option(struct replay *r, struct replay_ask *a, uint8_t code,
    const struct dhcp4_msg *then, const struct dhcp4_msg *now)
{
	const struct dhcp4_opt *x = dhcp4_opt(then, code);
	const struct dhcp4_opt *y = dhcp4_opt(now, code);
	struct sbuf text = SBUF_EMPTY;

	if (x && y && (is_chance(code) || (x->len == y->len &&
	    memcmp(x->data, y->data, x->len) == 0)))
		return 0;
	sbuf_printf(&text, "option %u: was ", code);
	add_value(&text, then, x);
	sbuf_add(&text, ", is ");
	add_value(&text, now, y);
	return add(r, a, &text);
}

static int
compare_answers(struct replay *r, struct replay_ask *a,
    const struct replay_answer *t, const struct replay_answer *n)
{
	const struct dhcp4_msg *then = &t->msg;
	const struct dhcp4_msg *now = &n->msg;
	int rc = compare_ip(r, a, "next server (siaddr)", then->siaddr,
	    now->siaddr);

	if (rc == 0 && !then->yiaddr.s_addr != !now->yiaddr.s_addr)
		rc = compare_ip(r, a, "address (yiaddr)", then->yiaddr,
		    now->yiaddr);
	/* A field that holds options is compared as these. */
	if (rc == 0 && !((then->overload | now->overload) & 1))
		rc = compare_field(r, a, "file", then->file, now->file,
		    sizeof(then->file));
	if (rc == 0 && !((then->overload | now->overload) & 2))
		rc = compare_field(r, a, "sname", then->sname, now->sname,
		    sizeof(then->sname));
	for (size_t i = 0; i < then->n_opts && rc == 0; i++)
		rc = compare_option(r, a, then->opts[i].code, then, now);
	for (size_t i = 0; i < now->n_opts && rc == 0; i++) {
		if (!dhcp4_opt(then, now->opts[i].code))
			rc = compare_option(r, a, now->opts[i].code, then,
			    now);
	}
	return rc;
}

static int
tell_alone(struct replay *r, struct replay_ask *a,
    const struct replay_answer *x, const char *fmt)
{
	struct sbuf text = SBUF_EMPTY;
	const char *type = dhcp4_type_name(dhcp4_type(&x->msg));
	char ip[IP_TEXT_MAX];

	sbuf_printf(&text, "%s from %s: %s", type ? type : "BOOTP reply",
	    ipv4_format(x->src, ip), fmt);
	return add(r, a, &text);
}

int
replay_compare(struct replay *r, struct replay_ask *a)
{
	bool used[REPLAY_ANSWERS_MAX] = { false };
	int rc = 0;

	for (size_t t = 0; t < a->n_then && rc == 0; t++) {
		size_t best = a->n_now;

		for (size_t n = 0; n < a->n_now; n++) {
			bool same = a->now[n].server.s_addr ==
			    a->then[t].server.s_addr;

			if (!used[n] && (same || best == a->n_now))
				best = n;
			if (!used[n] && same)
				break;
		}
		if (best == a->n_now) {
			rc = tell_alone(r, a, &a->then[t],
			    "was there, and is not now");
			continue;
		}
		used[best] = true;
		rc = compare_answers(r, a, &a->then[t], &a->now[best]);
	}
	for (size_t n = 0; n < a->n_now && rc == 0; n++) {
		if (!used[n])
			rc = tell_alone(r, a, &a->now[n],
			    "was not there then");
	}
	return rc;
}

bool
replay_is_same(const struct replay *r)
{
	for (size_t i = 0; i < r->n_asks; i++) {
		if (r->ask[i].n_diffs > 0)
			return false;
	}
	for (size_t i = 0; i < r->n_files; i++) {
		if (r->file[i].diff)
			return false;
	}
	return true;
}
