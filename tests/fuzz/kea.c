/*
 * kea.c - a configuration is refused with a place, or can be asked, and
 * answers the same request in the same way each time; every line that it
 * names is there.
 *
 * Nothing is included: there is no disk to read.
 */
#include "config/kea.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
make_request(struct dhcp4_msg *m, int type, unsigned int arch)
{
	static const uint8_t prl[] = { 1, 3, 6, 12, 15, 43, 60, 66, 67, 119,
	    125, 150, 175 };
	int rc;

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	m->hlen = 6;
	memcpy(m->chaddr, "\x52\x54\x00\x77\x00\x13", 6);
	rc = dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, (uint8_t)type);
	rc |= dhcp4_add(m, DHCP4_OPT_PRL, prl, sizeof(prl));
	rc |= dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
	    "PXEClient:Arch:00007:UNDI:003016");
	rc |= dhcp4_add_str(m, DHCP4_OPT_USER_CLASS, "iPXE");
	rc |= dhcp4_add_u16(m, DHCP4_OPT_ARCH, (uint16_t)arch);
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
ask(void *tree, struct in_addr giaddr, unsigned int arch)
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg };
	struct answer a, b;
	struct diag diag;

	make_request(&msg, DHCP4_DISCOVER, arch);
	msg.giaddr = giaddr;
	memcpy(&req.server_ip, "\x0a\x00\x00\x01", 4);
	answer_init(&a);
	answer_init(&b);
	if (kea_ops.answer(tree, &req, &a, &diag) < 0 ||
	    kea_ops.answer(tree, &req, &b, &diag) < 0 || !same(&a, &b))
		abort();
	for (const struct reason *r = a.reasons; r != NULL; r = r->next)
		if (r->line > 0 && kea_ops.line(tree, r->file, r->line) == NULL)
			abort();
	answer_release(&a);
	answer_release(&b);
	dhcp4_msg_release(&msg);
}

/* A SOLICIT of an x64 machine that is iPXE, from that link. */
static void
ask6(void *tree, const struct config_link *link)
{
	struct request6 req = { .link = link->addr,
	    .iface = link->iface ? link->iface : "" };
	struct dhcp6_msg msg;
	struct answer6 a;
	struct diag diag;
	int rc;

	dhcp6_msg_init(&msg, DHCP6_SOLICIT);
	rc = dhcp6_add(&msg, DHCP6_OPT_CLIENTID,
	    "\x00\x03\x00\x01\x52\x54\x00\x77\x00\x13", 10);
	rc |= dhcp6_add(&msg, DHCP6_OPT_ORO, "\0\x3b\0\x3c\0\x10", 6);
	rc |= dhcp6_add_u16(&msg, DHCP6_OPT_ARCH, 7);
	rc |= dhcp6_add(&msg, DHCP6_OPT_USER_CLASS, "\0\x04iPXE", 6);
	rc |= dhcp6_add(&msg, DHCP6_OPT_VENDOR_CLASS,
	    "\0\0\x01\x57\0\x09PXEClient", 15);
	if (rc != 0)
		abort();
	req.msg = &msg;
	answer6_init(&a);
	if (kea_ops.answer6(tree, &req, &a, &diag) < 0)
		abort();
	for (const struct reason *r = a.reasons; r != NULL; r = r->next)
		if (r->line > 0 && kea_ops.line(tree, r->file, r->line) == NULL)
			abort();
	answer6_release(&a);
	dhcp6_msg_release(&msg);
}

static void
check_place(void *tree, const struct config_pos *pos)
{
	if (kea_ops.line(tree, pos->file, pos->line) == NULL)
		abort();
}

static void
check_lists(void *tree)
{
	const struct config_network *networks;
	const struct config_remark *remarks;
	const struct config_literal *lits;
	const struct config_host *hosts;
	const struct config_link *links;
	const struct config_gap *gaps;
	size_t n;

	links = kea_ops.links6(tree, &n);
	for (size_t i = 0; i < n; i++) {
		check_place(tree, &links[i].pos);
		if (i < 4)
			ask6(tree, &links[i]);
	}
	networks = kea_ops.networks(tree, &n);
	for (size_t i = 0; i < n; i++) {
		check_place(tree, &networks[i].pos);
		if (i < 4)
			ask(tree, networks[i].giaddr, 7);
	}
	remarks = kea_ops.remarks(tree, &n);
	for (size_t i = 0; i < n; i++)
		check_place(tree, &remarks[i].pos);
	lits = kea_ops.literals(tree, &n);
	for (size_t i = 0; i < n; i++)
		check_place(tree, &lits[i].pos);
	hosts = kea_ops.hosts(tree, &n);
	for (size_t i = 0; i < n; i++)
		check_place(tree, &hosts[i].pos);
	gaps = kea_ops.gaps(tree, &n);
	for (size_t i = 0; i < n; i++)
		check_place(tree, &gaps[i].pos);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct diag diag = { .text = "" };
	void *tree = NULL;
	int rc = kea_parse("f", (const char *)data, len, NULL, &tree, &diag);

	if (rc == 0) {
		ask(tree, (struct in_addr){ 0 }, 0);
		check_lists(tree);
		kea_ops.free(tree);
	} else if (diag.line == 0 || diag.text[0] == '\0') {
		abort();
	}
	return 0;
}
