/*
 * dnsmasq.c - a configuration is refused or can be asked, and answers the
 * same request in the same way each time; every line that it names is there.
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
ask(void *tree, int type, unsigned int arch, bool pxe_port)
{
	struct dhcp4_msg msg;
	struct request req = { .msg = &msg, .pxe_port = pxe_port };
	struct answer a, b;
	struct diag diag;

	make_request(&msg, type, arch);
	memcpy(&req.server_ip, "\x0a\x4d\x00\x01", 4);
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
		ask(tree, DHCP4_DISCOVER, 0, false);
		ask(tree, DHCP4_DISCOVER, 7, false);
		ask(tree, DHCP4_REQUEST, 7, true);
		ask(tree, DHCP4_REQUEST, 0, false);
		dnsmasq_ops.free(tree);
	}
	close(fd);
	return 0;
}
