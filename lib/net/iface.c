#include "net/iface.h"

#include "base/sbuf.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void
no_such_iface(const char *name, const struct ifaddrs *all, struct diag *diag)
{
	struct sbuf known = SBUF_EMPTY;

	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_PACKET)
			continue;
		sbuf_sep(&known, ", ");
		sbuf_add(&known, i->ifa_name);
	}
	diag_set(diag, "no such interface: '%s'; there are: %s", name,
	    sbuf_str(&known));
	sbuf_release(&known);
}

static void
take_addr(struct iface *f, const struct ifaddrs *i)
{
	if (i->ifa_addr->sa_family == AF_PACKET) {
		const struct sockaddr_ll *ll =
		    (const struct sockaddr_ll *)(const void *)i->ifa_addr;

		f->index = ll->sll_ifindex;
		f->is_up = (i->ifa_flags & IFF_UP) != 0;
		f->has_carrier = (i->ifa_flags & IFF_RUNNING) != 0;
		f->is_loopback = (i->ifa_flags & IFF_LOOPBACK) != 0;
		if (ll->sll_halen == MAC_LEN)
			memcpy(f->mac, ll->sll_addr, MAC_LEN);
	} else if (i->ifa_addr->sa_family == AF_INET && !f->has_ip) {
		const struct sockaddr_in *in =
		    (const struct sockaddr_in *)(const void *)i->ifa_addr;
		const struct sockaddr_in *mask =
		    (const struct sockaddr_in *)(const void *)i->ifa_netmask;

		f->has_ip = true;
		f->ip = in->sin_addr;
		if (mask)
			f->mask = mask->sin_addr;
	}
}

static unsigned int
iface_mtu(const char *name)
{
	struct ifreq req = { 0 };
	unsigned int mtu = 1500;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)text_copy(req.ifr_name, sizeof(req.ifr_name), name);
	if (fd >= 0 && ioctl(fd, SIOCGIFMTU, &req) == 0)
		mtu = (unsigned int)req.ifr_mtu;
	if (fd >= 0)
		(void)close(fd);
	return mtu;
}

int
iface_get(const char *name, struct iface *ret, struct diag *diag)
{
	struct iface f = { .index = 0 };
	struct ifaddrs *all = NULL;
	int rc = 0;

	if (getifaddrs(&all) < 0) {
		rc = -errno;
		diag_sys(diag, rc, "cannot list the interfaces");
		return rc;
	}
	for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
		if (i->ifa_addr && strcmp(i->ifa_name, name) == 0)
			take_addr(&f, i);
	}
	if (f.index == 0) {
		no_such_iface(name, all, diag);
		rc = -ENODEV;
	} else {
		(void)text_copy(f.name, sizeof(f.name), name);
		f.mtu = iface_mtu(name);
		*ret = f;
	}
	freeifaddrs(all);
	return rc;
}

bool
iface_is_deserted(const char *name, struct in_addr ip)
{
	const struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_addr = ip,
	};
	struct arpreq req = { .arp_flags = 0 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool known;

	if (fd < 0)
		return false;
	memcpy(&req.arp_pa, &sin, sizeof(sin));
	(void)text_copy(req.arp_dev, sizeof(req.arp_dev), name);
	known = ioctl(fd, SIOCGARP, &req) == 0;
	(void)close(fd);
	return known && !(req.arp_flags & ATF_COM);
}

bool
iface_is_in(const char *name, struct in_addr ip, struct in_addr mask)
{
	struct ifaddrs *all = NULL;
	bool found = false;

	if (getifaddrs(&all) < 0)
		return false;
	for (const struct ifaddrs *i = all; i && !found; i = i->ifa_next) {
		struct sockaddr_in in;

		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET ||
		    strcmp(i->ifa_name, name) != 0)
			continue;
		memcpy(&in, i->ifa_addr, sizeof(in));
		found = ((in.sin_addr.s_addr ^ ip.s_addr) & mask.s_addr) == 0;
	}
	freeifaddrs(all);
	return found;
}

bool
iface_has_route(struct in_addr ip)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_addr = ip, .sin_port = 9,
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 &&
	    connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}
