#include "chain/persona6.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	INTEL_ENTERPRISE = 343,         /* of option 16, in all boot firmware */
	PERSONA6_OPT_MAX = 512,
};

static int
add_duid(const struct persona6 *p6, const struct machine *m,
    struct dhcp6_msg *msg)
{
	uint8_t uuid[UUID_LEN];
	uint8_t buf[DHCP6_DUID_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	if (m->has_uuid) {
		memcpy(uuid, m->uuid, UUID_LEN);
		if (p6->uuid_swapped)
			uuid_swap(m->uuid, uuid);
		wr_u16(&w, DHCP6_DUID_UUID);
		wr_bytes(&w, uuid, UUID_LEN);
	} else {
		wr_u16(&w, DHCP6_DUID_LL);
		wr_u16(&w, 1);          /* Ethernet */
		wr_bytes(&w, m->mac, MAC_LEN);
	}
	return dhcp6_add(msg, DHCP6_OPT_CLIENTID, buf, w.len);
}

/* The IA as firmware puts it: OVMF repeats all times but in its RELEASE. */
static int
add_ia(const struct persona6 *p6, const struct persona6_ask *ask,
    struct dhcp6_msg *msg)
{
	uint32_t endless = p6->ia_times ? UINT32_MAX : 0;
	uint32_t t1 = endless;
	uint32_t t2 = endless;
	struct dhcp6_ia_addr addr = { .prefix_len = 128 };
	uint8_t inner[64];
	uint8_t buf[PERSONA6_OPT_MAX];
	struct wr in = wr_init(inner, sizeof(inner));
	struct wr w = wr_init(buf, sizeof(buf));

	if (ask->addr) {
		addr.addr = ask->addr->addr;
		if (p6->ia_times) {
			addr.preferred = ask->addr->preferred;
			addr.valid = ask->addr->valid;
		}
		dhcp6_put_ia_addr(&in, DHCP6_OPT_IAADDR, &addr);
	}
	if (ask->ia && p6->ia_times && ask->type != DHCP6_RELEASE) {
		t1 = ask->ia->t1;
		t2 = ask->ia->t2;
	}
	wr_u32(&w, ask->iaid);
	wr_u32(&w, t1);
	wr_u32(&w, t2);
	wr_bytes(&w, inner, in.len);
	return dhcp6_add(msg, DHCP6_OPT_IA_NA, buf, w.len);
}

static int
add_oro(const struct persona6 *p6, struct dhcp6_msg *msg)
{
	uint8_t buf[PERSONA6_OPT_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	for (const uint16_t *code = p6->oro; *code; code++)
		wr_u16(&w, *code);
	return dhcp6_add(msg, DHCP6_OPT_ORO, buf, w.len);
}

static int
add_vendor_class(const struct persona *p, struct dhcp6_msg *msg)
{
	uint8_t buf[PERSONA6_OPT_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	char text[64];

	(void)snprintf(text, sizeof(text), "%s:Arch:%05u:UNDI:%03u%03u",
	    p->vendor_class, p->arch, p->undi[1], p->undi[2]);
	wr_u32(&w, INTEL_ENTERPRISE);
	dhcp6_put_str(&w, text);
	return dhcp6_add(msg, DHCP6_OPT_VENDOR_CLASS, buf, w.len);
}

static int
add_user_class(const struct persona *p, const struct machine *m,
    struct dhcp6_msg *msg)
{
	const char *text = m->user_class ? m->user_class : p->user_class;
	uint8_t buf[PERSONA6_OPT_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	dhcp6_put_str(&w, text ? text : "");
	return w.full ? -ENOMEM : dhcp6_add(msg, DHCP6_OPT_USER_CLASS, buf,
	    w.len);
}

static int
add_option(const struct persona *p, const struct persona6 *p6,
    const struct machine *m, const struct persona6_ask *ask, uint16_t code,
    struct dhcp6_msg *msg)
{
	switch (code) {
	case DHCP6_OPT_CLIENTID:
		return add_duid(p6, m, msg);
	case DHCP6_OPT_SERVERID:
		return dhcp6_add(msg, code, ask->server_duid,
		    ask->server_duid_len);
	case DHCP6_OPT_IA_NA:
		return add_ia(p6, ask, msg);
	case DHCP6_OPT_ORO:
		return add_oro(p6, msg);
	case DHCP6_OPT_ELAPSED:
		return dhcp6_add_u16(msg, code, ask->elapsed_cs);
	case DHCP6_OPT_USER_CLASS:
		return add_user_class(p, m, msg);
	case DHCP6_OPT_VENDOR_CLASS:
		return add_vendor_class(p, msg);
	case DHCP6_OPT_ARCH:
		return dhcp6_add_u16(msg, code, p->arch);
	case DHCP6_OPT_NII:
		return dhcp6_add(msg, code, p->undi, sizeof(p->undi));
	default:
		return 0;
	}
}

int
persona6_message(const struct persona *p, const struct persona6 *p6,
    const struct machine *m, const struct persona6_ask *ask,
    struct dhcp6_msg *ret)
{
	const uint16_t *order = ask->type == DHCP6_SOLICIT ? p6->solicit_order :
	    ask->type == DHCP6_INFORMATION_REQUEST ? p6->inform_order :
	    ask->type == DHCP6_RELEASE ? p6->release_order : p6->request_order;
	struct dhcp6_msg msg;
	int rc = 0;

	dhcp6_msg_init(&msg, ask->type);
	msg.xid = ask->xid;
	for (; *order && rc == 0; order++)
		rc = add_option(p, p6, m, ask, *order, &msg);
	if (rc < 0) {
		dhcp6_msg_release(&msg);
		return rc;
	}
	*ret = msg;
	return 0;
}

/* EDK2 counts in its own, the little-endian, byte order. */
uint32_t
persona6_xid_next(const struct persona6 *p6, uint32_t xid)
{
	uint32_t n = (xid & 0xff) << 16 | (xid & 0xff00) | xid >> 16;

	if (!p6->xid_counts)
		return xid;
	n = (n + 1) & DHCP6_XID_MAX;
	return (n & 0xff) << 16 | (n & 0xff00) | n >> 16;
}
