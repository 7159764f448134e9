/*
 * windows.c - a configuration in any of its three forms is refused or can be
 * asked, and answers the same request in the same way each time; every line
 * that it names is there.
 */
#include "config/windows.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
make_request(struct dhcp4_msg *m, int type, const char *user)
{
	static const uint8_t prl[] = { 1, 3, 6, 12, 15, 43, 51, 60, 66, 67 };
	int rc;

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	m->hlen = 6;
	memcpy(m->chaddr, "\x52\x54\x00\x77\x00\x13", 6);
	rc = dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, (uint8_t)type);
	rc |= dhcp4_add(m, DHCP4_OPT_PRL, prl, sizeof(prl));
	rc |= dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
	    "PXEClient:Arch:00007:UNDI:003016");
	rc |= dhcp4_add_str(m, DHCP4_OPT_USER_CLASS, user);
	rc |= dhcp4_add(m, 81, "\0\0\0lab.example", 14);
	rc |= dhcp4_add(m, DHCP4_OPT_RELAY, "\x01\x02\x01\x02", 4);
	if (rc != 0)
		abort();
}

static bool
same(const struct answer *a, const struct answer *b)
{
	if (a->answered != b->answered || a->msg.n_opts != b->msg.n_opts ||
	    a->msg.siaddr.s_addr != b->msg.siaddr.s_addr ||
	    memcmp(a->msg.file, b->msg.file, sizeof(a->msg.file)) != 0)
		return false;
	for (size_t i = 0; i < a->msg.n_opts; i++)
		if (a->msg.opts[i].len != b->msg.opts[i].len ||
		    (a->msg.opts[i].len > 0 && memcmp(a->msg.opts[i].data,
		    b->msg.opts[i].data, a->msg.opts[i].len) != 0))
			return false;
	return true;
}

static void
ask(void *tree, int type, const char *user, struct in_addr where)
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg, .server_ip = where };
	struct answer a, b;
	struct diag diag;

	make_request(&msg, type, user);
	answer_init(&a);
	answer_init(&b);
	if (windows_ops.answer(tree, &req, &a, &diag) < 0 ||
	    windows_ops.answer(tree, &req, &b, &diag) < 0 || !same(&a, &b))
		abort();
	/* silence has its reason too */
	if (!a.reasons)
		abort();
	for (const struct reason *r = a.reasons; r != NULL; r = r->next)
		if (windows_ops.line(tree, r->file, r->line) == NULL)
			abort();
	answer_release(&a);
	answer_release(&b);
	dhcp4_msg_release(&msg);
}

/* What is told of the text has a line of it, but what is true of all of it. */
static void
check_lists(void *tree)
{
	const struct config_gap *gaps;
	const struct config_remark *remarks;
	size_t n;

	gaps = windows_ops.gaps(tree, &n);
	for (size_t i = 0; i < n; i++)
		if (gaps[i].pos.line && !windows_ops.line(tree,
		    gaps[i].pos.file, gaps[i].pos.line))
			abort();
	remarks = windows_ops.remarks(tree, &n);
	for (size_t i = 0; i < n; i++)
		if (!windows_ops.line(tree, remarks[i].pos.file,
		    remarks[i].pos.line))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct config_network *nets;
	struct diag diag;
	void *tree = NULL;
	size_t n;

	if (windows_parse("t", (const char *)data, len, &tree, &diag) < 0)
		return 0;
	check_lists(tree);
	nets = windows_ops.networks(tree, &n);
	for (size_t i = 0; i < n && i < 4; i++) {
		struct in_addr where = nets[i].server_ip.s_addr ?
		    nets[i].server_ip : nets[i].giaddr;

		ask(tree, DHCP4_DISCOVER, "iPXE", where);
		ask(tree, DHCP4_DISCOVER, "x", where);
		ask(tree, DHCP4_INFORM, "x", where);
	}
	windows_ops.free(tree);
	return 0;
}
