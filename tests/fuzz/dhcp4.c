/*
 * What dhcp4_msg_parse() accepts can be built again and says the same, also
 * when it is squeezed into a small message; and every option can be said as
 * one line that is safe for a terminal.
 */
#include "base/text.h"
#include "wire/dhcp4.h"
#include "wire/dhcp_opt.h"

#include <stdlib.h>
#include <string.h>

enum { OVERLOADED_FILE = 1, OVERLOADED_SNAME = 2, EXPAND_MAX = 60000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static bool
is_kept(const struct dhcp4_opt *opt)
{
	return opt->code != DHCP4_OPT_OVERLOAD;
}

static size_t
count(const struct dhcp4_msg *msg)
{
	size_t n = 0;

	for (size_t i = 0; i < msg->n_opts; i++)
		n += is_kept(&msg->opts[i]);
	return n;
}

/* A name field as its reader sees it: options are no name. */
static void
check_name(const uint8_t *a, bool a_options, const uint8_t *b, bool b_options,
    size_t len)
{
	static const uint8_t none[DHCP4_FILE_LEN];

	must(memcmp(a_options ? none : a, b_options ? none : b, len) == 0);
}

static void
check_equal(const struct dhcp4_msg *a, const struct dhcp4_msg *b)
{
	must(a->op == b->op && a->htype == b->htype && a->hlen == b->hlen);
	must(a->hops == b->hops && a->xid == b->xid && a->secs == b->secs);
	must(a->flags == b->flags && a->is_bootp == b->is_bootp);
	must(a->ciaddr.s_addr == b->ciaddr.s_addr);
	must(a->yiaddr.s_addr == b->yiaddr.s_addr);
	must(a->siaddr.s_addr == b->siaddr.s_addr);
	must(a->giaddr.s_addr == b->giaddr.s_addr);
	must(memcmp(a->chaddr, b->chaddr, sizeof(a->chaddr)) == 0);
	check_name(a->file, a->overload & OVERLOADED_FILE, b->file,
	    b->overload & OVERLOADED_FILE, sizeof(a->file));
	check_name(a->sname, a->overload & OVERLOADED_SNAME, b->sname,
	    b->overload & OVERLOADED_SNAME, sizeof(a->sname));
	must(count(a) == count(b));
	for (size_t i = 0; i < a->n_opts; i++) {
		const struct dhcp4_opt *want = &a->opts[i];
		const struct dhcp4_opt *got = dhcp4_opt(b, want->code);

		if (!is_kept(want))
			continue;
		must(got && got->len == want->len);
		must(memcmp(got->data, want->data, want->len) == 0);
	}
}

static void
check_format(const struct dhcp4_msg *msg)
{
	struct sbuf b = SBUF_EMPTY;

	for (size_t i = 0; i < msg->n_opts; i++) {
		sbuf_clear(&b);
		dhcp4_opt_format(&b, msg, &msg->opts[i]);
		must(!b.bad && text_is_clean(sbuf_str(&b), b.len));
	}
	sbuf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t wire[DHCP4_MSG_MAX];
	struct dhcp4_msg small;
	struct dhcp4_msg again;
	struct dhcp4_msg msg;
	struct wr w = wr_init(wire, sizeof(wire));

	if (len > EXPAND_MAX || dhcp4_msg_parse(&msg, data, len, NULL) < 0)
		return 0;
	must(dhcp4_msg_build(&msg, &w, 0, DHCP4_MSG_MAX) == 0);
	must(dhcp4_msg_parse(&again, wire, w.len, NULL) == 0);
	check_equal(&msg, &again);
	must(again.overload == 0 && !again.no_end);

	w = wr_init(wire, sizeof(wire));
	if (dhcp4_msg_build(&msg, &w, 0, 241 + msg.xid % 512) == 0) {
		must(w.len <= 241 + msg.xid % 512);
		must(dhcp4_msg_parse(&small, wire, w.len, NULL) == 0);
		check_equal(&msg, &small);
		dhcp4_msg_release(&small);
	}
	check_format(&msg);
	dhcp4_msg_release(&again);
	dhcp4_msg_release(&msg);
	return 0;
}
