/* windows_make.h - a configuration of a Windows server, a request, its answer. */
#ifndef PXE_TESTS_WINDOWS_MAKE_H
#define PXE_TESTS_WINDOWS_MAKE_H

#include "config/windows.h"
#include "unit.h"

#include <arpa/inet.h>

/* What a request says; zeros say nothing. */
struct windows_ask {
	int type;                       /* 0: DISCOVER; -1: BOOTP */
	const char *vendor;
	const char *user;
	uint8_t mac;                    /* the last byte of 52:54:00:00:00:xx */
	const char *id;                 /* option 61, in hex */
	const char *agent;              /* option 82, in hex */
	const char *fqdn;               /* the name in option 81 */
	const char *giaddr;
	const char *prl;                /* in hex; NULL: the usual */
	bool pxe_port;
};

static inline void
windows_hex_option(struct dhcp4_msg *m, uint8_t code, const char *hex)
{
	uint8_t buf[256];
	size_t len;

	if (!hex)
		return;
	ck_assert_int_eq(parse_hex(hex, buf, sizeof(buf), &len, NULL), 0);
	ck_assert_int_eq(dhcp4_add(m, code, buf, len), 0);
}

static inline void
windows_request(struct dhcp4_msg *m, const struct windows_ask *a)
{
	char name[64];

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	m->hlen = 6;
	memcpy(m->chaddr, "\x52\x54\0\0\0", 5);
	m->chaddr[5] = a->mac;
	if (a->giaddr)
		ck_assert_int_eq(parse_ipv4(a->giaddr, &m->giaddr, NULL), 0);
	if (a->type < 0)
		return;
	ck_assert_int_eq(dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE,
	    (uint8_t)(a->type ? a->type : DHCP4_DISCOVER)), 0);
	windows_hex_option(m, DHCP4_OPT_PRL, a->prl ? a->prl :
	    "0103060f1c2b3c4243");
	if (a->vendor)
		ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
		    a->vendor), 0);
	if (a->user)
		ck_assert_int_eq(dhcp4_add_str(m, DHCP4_OPT_USER_CLASS,
		    a->user), 0);
	windows_hex_option(m, DHCP4_OPT_CLIENT_ID, a->id);
	windows_hex_option(m, DHCP4_OPT_RELAY, a->agent);
	if (a->fqdn) {
		memset(name, 0, 3);
		ck_assert(text_copy(name + 3, sizeof(name) - 3, a->fqdn));
		ck_assert_int_eq(dhcp4_add(m, 81, name, 3 + strlen(a->fqdn)), 0);
	}
}

static inline void *
windows_tree_of(const char *text)
{
	struct diag d = { .text = "" };
	void *tree = NULL;
	int rc = windows_parse("t", text, strlen(text), &tree, &d);

	ck_assert_msg(rc == 0, "%u:%u %s in %s", d.line, d.column, d.text, text);
	return tree;
}

/* @a is to be released; the server has 10.0.0.1. */
static inline void
windows_asked(void *tree, const struct windows_ask *ask, struct answer *a)
{
	struct request req = { .server_ip.s_addr = htonl(0x0a000001),
	    .pxe_port = ask->pxe_port };
	struct dhcp4_msg m;
	struct diag d;

	windows_request(&m, ask);
	req.msg = &m;
	answer_init(a);
	ck_assert_int_eq(windows_ops.answer(tree, &req, a, &d), 0);
	dhcp4_msg_release(&m);
}

#endif
