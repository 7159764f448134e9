/*
 * No text makes the reader crash or hang, and what it takes is answered the
 * same way twice: an answer depends on nothing but the tree and the request.
 */
#include "config/isc.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t prl[] = { 1, 3, 6, 12, 15, 17, 43, 60, 66, 67, 150, 175 };

static void
must(int rc)
{
	if (rc < 0)
		abort();
}

static void
ask(void *tree, struct in_addr server, const char *user_class,
    struct answer *a)
{
	struct request req = { .server_ip = server };
	struct dhcp4_msg m;

	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	memcpy(m.chaddr, "\x52\x54\0\0\0\1", 6);
	must(dhcp4_add_u8(&m, DHCP4_OPT_MSG_TYPE, DHCP4_DISCOVER));
	must(dhcp4_add_str(&m, DHCP4_OPT_VENDOR_CLASS, "PXEClient:Arch:00007"));
	must(dhcp4_add_u16(&m, DHCP4_OPT_ARCH, 7));
	must(dhcp4_add(&m, DHCP4_OPT_IPXE, "\x13\1\1\x08\1\2", 6));
	must(dhcp4_add(&m, DHCP4_OPT_PRL, prl, sizeof(prl)));
	if (user_class)
		must(dhcp4_add_str(&m, DHCP4_OPT_USER_CLASS, user_class));
	req.msg = &m;
	answer_init(a);
	must(isc_ops.answer(tree, &req, a, NULL));
	dhcp4_msg_release(&m);
}

static void
same(const struct answer *a, const struct answer *b)
{
	size_t i;

	if (a->answered != b->answered || a->msg.n_opts != b->msg.n_opts ||
	    a->msg.siaddr.s_addr != b->msg.siaddr.s_addr ||
	    memcmp(a->msg.file, b->msg.file, sizeof(a->msg.file)) != 0)
		abort();
	for (i = 0; i < a->msg.n_opts; i++) {
		const struct dhcp4_opt *x = &a->msg.opts[i], *y = &b->msg.opts[i];

		if (x->code != y->code || x->len != y->len ||
		    (x->len && memcmp(x->data, y->data, x->len) != 0))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *const classes[] = { NULL, "iPXE" };
	const struct config_network *nets;
	struct answer a, b;
	void *tree = NULL;
	struct diag d;
	size_t n, i, j;
	int rc;

	rc = isc_parse("fuzz", (const char *)data, len, NULL, &tree, &d);
	if ((rc == 0) != (tree != NULL))
		abort();
	if (rc < 0)
		return 0;
	nets = isc_ops.networks(tree, &n);
	for (i = 0; i < n && i < 4; i++) {
		for (j = 0; j < 2; j++) {
			ask(tree, nets[i].giaddr, classes[j], &a);
			ask(tree, nets[i].giaddr, classes[j], &b);
			same(&a, &b);
			answer_release(&a);
			answer_release(&b);
		}
	}
	isc_ops.free(tree);
	return 0;
}
