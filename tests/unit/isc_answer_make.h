/* isc_answer_make.h - a request, and the answer of a configuration to it. */
#ifndef PXE_TESTS_ISC_ANSWER_MAKE_H
#define PXE_TESTS_ISC_ANSWER_MAKE_H

#include "config/isc.h"
#include "unit.h"

#include <arpa/inet.h>

/* A UEFI x64 machine that asks for 43, 60, 66, 67 (@arch 7) and the like. */
static inline void
make_request(struct dhcp4_msg *m, uint16_t arch, const char *user_class,
    uint8_t last_mac)
{
	static const uint8_t prl[] = { 1, 3, 6, 12, 15, 17, 43, 60, 66, 67 };

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	memcpy(m->chaddr, "\x52\x54\0\0\0", 5);
	m->chaddr[5] = last_mac;
	ck_assert_int_eq(dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, DHCP4_DISCOVER), 0);
	ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
	    "PXEClient:Arch:00007:UNDI:003016"), 0);
	ck_assert_int_eq(dhcp4_add_u16(m, DHCP4_OPT_ARCH, arch), 0);
	ck_assert_int_eq(dhcp4_add(m, DHCP4_OPT_PRL, prl, sizeof(prl)), 0);
	if (user_class)
		ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_USER_CLASS,
		    user_class), 0);
}

static inline void
ask(const char *text, const struct dhcp4_msg *m, struct answer *a)
{
	struct request req = { .msg = m, .server_ip.s_addr = htonl(0x0a000001) };
	struct diag d = { .text = "" };
	void *tree = NULL;

	answer_init(a);
	ck_assert_msg(isc_parse("t.conf", text, strlen(text), NULL, &tree, &d) == 0,
	    "%u:%u %s", d.line, d.column, d.text);
	ck_assert_int_eq(isc_ops.answer(tree, &req, a, &d), 0);
	isc_ops.free(tree);
}

#endif
