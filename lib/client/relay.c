#include "client/relay.h"

#include "wire/dhcp4.h"

#include <errno.h>
#include <string.h>

enum {
	RELAY_OPT = 82,
	RELAY_CIRCUIT_ID = 1,
	RELAY_REMOTE_ID = 2,
	RELAY_OPT_MAX = 255,
	RELAY_MSG_MAX = 1500,
};

static void
put_id(struct wr *w, uint8_t code, const char *id)
{
	size_t at;

	if (!id)
		return;
	wr_u8(w, code);
	at = wr_mark8(w);
	wr_bytes(w, id, strlen(id));
	wr_fill8(w, at);
}

static int
add_information(const struct relay *r, struct dhcp4_msg *m)
{
	uint8_t buf[RELAY_OPT_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	put_id(&w, RELAY_CIRCUIT_ID, r->circuit_id);
	put_id(&w, RELAY_REMOTE_ID, r->remote_id);
	if (w.full)
		return -EMSGSIZE;
	return w.len ? dhcp4_add(m, RELAY_OPT, buf, w.len) : 0;
}

int
relay_request(const struct relay *r, const void *buf, size_t len,
    struct wr *out)
{
	struct dhcp4_msg m;
	int rc = dhcp4_msg_parse(&m, buf, len, NULL);

	if (rc < 0)
		return rc;
	m.hops++;
	m.giaddr = r->giaddr;
	rc = add_information(r, &m);
	if (rc == 0)
		rc = dhcp4_msg_build(&m, out, len, RELAY_MSG_MAX);
	dhcp4_msg_release(&m);
	return rc;
}

bool
relay_reply_ok(const struct relay *r, const void *buf, size_t len)
{
	struct dhcp4_msg m;
	bool ok;

	if (dhcp4_msg_parse(&m, buf, len, NULL) < 0)
		return false;
	ok = m.op == DHCP4_BOOTREPLY && m.giaddr.s_addr == r->giaddr.s_addr;
	dhcp4_msg_release(&m);
	return ok;
}
