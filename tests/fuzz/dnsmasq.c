/*
 * dnsmasq.c - a configuration is refused or can be asked, and answers the
 * same request in the same way each time; every line that it names is there;
 * hosts that it calls alike are answered alike.
 *
 * Texts that include other files are left out: they would read the disk.
 */
#include "config/dnsmasq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
has(const uint8_t *data, size_t len, const char *what)
{
	return memmem(data, len, what, strlen(what)) != NULL;
}

enum { BOOTP = 0, N_HOSTS = 8 };

static void
make_request(struct dhcp4_msg *m, int type, unsigned int arch,
    const uint8_t mac[MAC_LEN])
{
	static const uint8_t prl[] = { 1, 3, 6, 12, 15, 43, 60, 66, 67, 119,
	    125, 150, 175 };
	int rc;

	dhcp4_msg_init(m, DHCP4_BOOTREQUEST);
	m->hlen = 6;
	memcpy(m->chaddr, mac, MAC_LEN);
	rc = type == BOOTP ? 0 :
	    dhcp4_add_u8(m, DHCP4_OPT_MSG_TYPE, (uint8_t)type);
	if (type == DHCP4_REQUEST)
		rc |= dhcp4_add(m, DHCP4_OPT_REQUESTED_IP, "\x0a\x4d\x00\x64",
		    4);
	rc |= dhcp4_add(m, DHCP4_OPT_PRL, prl, sizeof(prl));
	rc |= dhcp4_add_str(m, DHCP4_OPT_VENDOR_CLASS,
	    "PXEClient:Arch:00007:UNDI:003016");
	rc |= dhcp4_add_str(m, DHCP4_OPT_USER_CLASS, "iPXE");
	rc |= dhcp4_add_str(m, DHCP4_OPT_HOSTNAME, "alpha");
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
ask(void *tree, int type, unsigned int arch, bool pxe_port, bool relayed)
{
	static const uint8_t mac[MAC_LEN] = { 0x52, 0x54, 0, 0x77, 0, 0x13 };
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg, .pxe_port = pxe_port };
	struct answer a, b;
	struct diag diag;

	make_request(&msg, type, arch, mac);
	memcpy(&req.server_ip, "\x0a\x4d\x00\x01", 4);
	if (relayed)
		memcpy(&msg.giaddr, "\x0a\x4e\x00\x01", 4);
	answer_init(&a);
	answer_init(&b);
	if (dnsmasq_ops.answer(tree, &req, &a, &diag) < 0 ||
	    dnsmasq_ops.answer(tree, &req, &b, &diag) < 0 || !same(&a, &b))
		abort();
	for (const struct reason *r = a.reasons; r != NULL; r = r->next)
		if (dnsmasq_ops.line(tree, r->file, r->line) == NULL)
			abort();
	answer_release(&a);
	answer_release(&b);
	dhcp4_msg_release(&msg);
}

static void
ask_host(void *tree, const struct config_host *h, struct answer *ret)
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg };
	struct diag diag;

	make_request(&msg, DHCP4_DISCOVER, 7, h->mac);
	memcpy(&req.server_ip, "\x0a\x4d\x00\x01", 4);
	answer_init(ret);
	if (dnsmasq_ops.answer(tree, &req, ret, &diag) < 0)
		abort();
	dhcp4_msg_release(&msg);
}

/* A name, and how long a lease is, take room but decide nothing. */
static bool
same_boot(const struct answer *a, const struct answer *b)
{
	static const uint8_t codes[] = { 43, 60, 66, 67, 150, 175 };

	if (a->answered != b->answered ||
	    a->msg.siaddr.s_addr != b->msg.siaddr.s_addr ||
	    memcmp(a->msg.file, b->msg.file, sizeof(a->msg.file)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(codes); i++) {
		const struct dhcp4_opt *x = dhcp4_opt(&a->msg, codes[i]);
		const struct dhcp4_opt *y = dhcp4_opt(&b->msg, codes[i]);

		if (!x != !y || (x && (x->len != y->len ||
		    (x->len > 0 && memcmp(x->data, y->data, x->len) != 0))))
			return false;
	}
	return true;
}

static void
ask_hosts(void *tree)
{
	const struct config_host *h;
	size_t n;

	h = dnsmasq_ops.hosts(tree, &n);
	for (size_t i = 1; i < n && i < N_HOSTS; i++) {
		const struct config_host *x = &h[i - 1], *y = &h[i];
		struct answer a, b;

		if (x->alike == 0 || y->alike == 0)
			abort();
		if (x->alike != y->alike || !x->has_mac || !y->has_mac ||
		    x->name || y->name)
			continue;
		ask_host(tree, x, &a);
		ask_host(tree, y, &b);
		if (!same_boot(&a, &b))
			abort();
		answer_release(&a);
		answer_release(&b);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct config_conf conf = { .n_paths = 1 };
	const char *paths[1];
	struct diag diag;
	void *tree = NULL;
	char path[64];
	int fd;

	if (has(data, len, "file") || has(data, len, "dir") ||
	    has(data, len, "conf"))
		return 0;
	fd = memfd_create("dnsmasq", 0);
	if (fd < 0 || write(fd, data, len) != (ssize_t)len)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	paths[0] = path;
	conf.paths = paths;
	if (dnsmasq_load(&conf, &tree, &diag) == 0) {
		ask(tree, DHCP4_DISCOVER, 0, false, false);
		ask(tree, DHCP4_DISCOVER, 7, false, true);
		ask(tree, DHCP4_REQUEST, 7, true, false);
		ask(tree, DHCP4_REQUEST, 0, false, false);
		ask(tree, BOOTP, 0, false, false);
		ask_hosts(tree);
		dnsmasq_ops.free(tree);
	}
	close(fd);
	return 0;
}
