/*
 * What dhcp6_msg_parse() accepts is built again byte for byte, on every
 * relay level; IAs and addresses that parse are written as they were; and
 * every option can be said as one line that is safe for a terminal.
 */
#include "base/text.h"
#include "wire/dhcp6.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* An option written by one of the dhcp6_put functions is the option. */
static void
check_put(const struct dhcp6_opt *opt, const struct wr *w)
{
	must(!w->full && w->len == opt->len + 4);
	must(opt->len == 0 ||
	    memcmp(w->buf + 4, opt->data, opt->len) == 0);
}

static void
check_option(const struct dhcp6_opt *opt)
{
	static uint8_t buf[DHCP6_MSG_MAX + 16];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp6_ia_addr addr;
	struct dhcp6_ia ia;

	if ((opt->code == DHCP6_OPT_IA_NA || opt->code == DHCP6_OPT_IA_TA ||
	    opt->code == DHCP6_OPT_IA_PD) &&
	    dhcp6_ia_parse(opt->code, opt->data, opt->len, &ia) == 0) {
		dhcp6_put_ia(&w, opt->code, &ia);
		check_put(opt, &w);
	}
	if ((opt->code == DHCP6_OPT_IAADDR ||
	    opt->code == DHCP6_OPT_IAPREFIX) &&
	    dhcp6_ia_addr_parse(opt->code, opt->data, opt->len, &addr) == 0) {
		dhcp6_put_ia_addr(&w, opt->code, &addr);
		check_put(opt, &w);
	}
}

static void
check_level(const struct dhcp6_msg *msg)
{
	struct sbuf b = SBUF_EMPTY;
	struct dhcp6_ia_addr addr;
	struct rd text;
	uint16_t status;

	for (size_t i = 0; i < msg->n_opts; i++) {
		sbuf_clear(&b);
		dhcp6_opt_format(&b, &msg->opts[i]);
		must(!b.bad && text_is_clean(sbuf_str(&b), b.len));
		check_option(&msg->opts[i]);
	}
	sbuf_release(&b);
	(void)dhcp6_status(msg, &status, &text);
	(void)dhcp6_ia_addr(msg, DHCP6_OPT_IA_NA, &addr);
	(void)dhcp6_ia_addr(msg, DHCP6_OPT_IA_PD, &addr);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t wire[DHCP6_MSG_MAX];
	const struct dhcp6_msg *level;
	struct dhcp6_msg msg;
	struct rd whole = rd_init(data, len);

	if (len > sizeof(wire) || dhcp6_msg_parse(&msg, data, len, NULL) < 0)
		return 0;
	for (level = &msg; level; level = level->inner) {
		struct wr w = wr_init(wire, sizeof(wire));
		const struct dhcp6_opt *relayed;

		must(dhcp6_msg_build(level, &w) == 0);
		must(w.len == whole.left);
		must(memcmp(wire, whole.p, w.len) == 0);
		check_level(level);
		relayed = dhcp6_opt(level, DHCP6_OPT_RELAY_MSG);
		must(!level->inner == !(dhcp6_is_relay(level) && relayed));
		if (level->inner)
			whole = rd_init(relayed->data, relayed->len);
	}
	must(!dhcp6_client_msg(&msg)->inner);
	dhcp6_msg_release(&msg);
	return 0;
}
