/*
 * dhcp_make.h - replies of DHCP servers, made for tests: a row of fields that
 * become a message.
 */
#ifndef PXE_TESTS_DHCP_MAKE_H
#define PXE_TESTS_DHCP_MAKE_H

#include "unit.h"

#include "base/text.h"
#include "wire/dhcp4.h"

#include <errno.h>

enum { NO_TYPE = -1 };

/* What is NULL or 0 is not in the message. */
struct reply {
	int type;                       /* 53; 0: OFFER; NO_TYPE: none */
	uint32_t xid;
	const char *mac;                /* 52:54:00:00:00:01 */
	const char *yiaddr;
	const char *siaddr;
	const char *server_id;          /* 54 */
	const char *sname;
	const char *file;               /* the field */
	const char *bootfile;           /* 67 */
	size_t bootfile_len;            /* if it holds NULs */
	const char *tftp;               /* 66 */
	const char *class;              /* 60 */
	const char *pxe;                /* 43, hex */
	const char *ipxe;               /* 175, hex */
};

static inline struct in_addr
make_ip(const char *text)
{
	struct in_addr a = { 0 };

	if (text)
		ck_assert_int_eq(parse_ipv4(text, &a, NULL), 0);
	return a;
}

static inline void
make_hex(struct dhcp4_msg *msg, uint8_t code, const char *hex)
{
	uint8_t buf[255];
	size_t n;

	if (!hex)
		return;
	ck_assert_int_eq(parse_hex(hex, buf, sizeof(buf), &n, NULL), 0);
	ck_assert_int_eq(dhcp4_add(msg, code, buf, n), 0);
}

static inline void
make_str(struct dhcp4_msg *msg, uint8_t code, const char *s)
{
	if (s)
		ck_assert_int_eq(dhcp4_add_str(msg, code, s), 0);
}

/** make_reply() - the message; to be released, or given away. */
static inline struct dhcp4_msg
make_reply(const struct reply *r)
{
	struct dhcp4_msg msg;

	dhcp4_msg_init(&msg, DHCP4_BOOTREPLY);
	msg.xid = r->xid;
	msg.yiaddr = make_ip(r->yiaddr);
	msg.siaddr = make_ip(r->siaddr);
	ck_assert_int_eq(parse_mac(r->mac ? r->mac : "52:54:00:00:00:01",
	    msg.chaddr, NULL), 0);
	if (r->file)
		memcpy(msg.file, r->file, strlen(r->file));
	if (r->sname)
		memcpy(msg.sname, r->sname, strlen(r->sname));
	if (r->type != NO_TYPE)
		ck_assert_int_eq(dhcp4_add_u8(&msg, DHCP4_OPT_MSG_TYPE,
		    (uint8_t)(r->type ? r->type : DHCP4_OFFER)), 0);
	if (r->server_id)
		ck_assert_int_eq(dhcp4_add_ip(&msg, DHCP4_OPT_SERVER_ID,
		    make_ip(r->server_id)), 0);
	make_str(&msg, DHCP4_OPT_VENDOR_CLASS, r->class);
	make_str(&msg, DHCP4_OPT_TFTP_SERVER, r->tftp);
	if (r->bootfile)
		ck_assert_int_eq(dhcp4_add(&msg, DHCP4_OPT_BOOTFILE,
		    r->bootfile, r->bootfile_len ? r->bootfile_len :
		    strlen(r->bootfile)), 0);
	make_hex(&msg, DHCP4_OPT_VENDOR_ENCAP, r->pxe);
	make_hex(&msg, DHCP4_OPT_IPXE, r->ipxe);
	return msg;
}

#endif
