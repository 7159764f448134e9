#include "net/netns.h"

#include "net/rtnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NETNS_QUIET_PORTS = 2 };

struct netns {
	int home;                       /* the namespace it came from */
	int rtnl;                       /* in the new one */
	bool bridge;                    /* the real interface is one */
	int card;                       /* index of the device made first */
	int ifindex;                    /* of what is used: that, or its VLAN */
	struct in_addr ip;              /* that the interface has; 0: none */
	uint8_t prefix;
	struct in6_addr ip6;
	int quiet[NETNS_QUIET_PORTS];   /* see keep_quiet() */
};

static int
open_this_ns(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* A bridge says so as its driver. */
static bool
is_bridge(const char *name)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq req = { .ifr_data = (char *)&info };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is;

	if (fd < 0)
		return false;
	(void)text_copy(req.ifr_name, sizeof(req.ifr_name), name);
	is = ioctl(fd, SIOCETHTOOL, &req) == 0 &&
	    strcmp(info.driver, "bridge") == 0;
	(void)close(fd);
	return is;
}

/* The name of the machine's own card; a VLAN on it takes the real one's. */
static const char *
card_name(const struct netns_conf *conf)
{
	return conf->vlan ? "card" : conf->iface.name;
}

static int
make_macvlan(int rtnl, int ns, const struct netns_conf *conf)
{
	const struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct rtnl_msg m;
	size_t info, data;

	rtnl_init(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &body,
	    sizeof(body));
	rtnl_put_str(&m, IFLA_IFNAME, card_name(conf));
	rtnl_put(&m, IFLA_ADDRESS, conf->mac, MAC_LEN);
	rtnl_put_u32(&m, IFLA_LINK, (uint32_t)conf->iface.index);
	rtnl_put_u32(&m, IFLA_NET_NS_FD, (uint32_t)ns);
	info = rtnl_begin(&m, IFLA_LINKINFO);
	rtnl_put_str(&m, IFLA_INFO_KIND, "macvlan");
	data = rtnl_begin(&m, IFLA_INFO_DATA);
	rtnl_put_u32(&m, IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE);
	rtnl_end(&m, data);
	rtnl_end(&m, info);
	return rtnl_do(rtnl, &m);
}

/* A cable from the bridge into the namespace. */
static int
make_cable(int rtnl, int ns, const struct netns_conf *conf)
{
	const struct ifinfomsg body = {
		.ifi_family = AF_UNSPEC, .ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	const struct ifinfomsg peer_body = { .ifi_family = AF_UNSPEC };
	struct rtnl_msg m;
	size_t info, data, peer;

	rtnl_init(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &body,
	    sizeof(body));
	rtnl_put_str(&m, IFLA_IFNAME, "pxe%d");
	rtnl_put_u32(&m, IFLA_MASTER, (uint32_t)conf->iface.index);
	info = rtnl_begin(&m, IFLA_LINKINFO);
	rtnl_put_str(&m, IFLA_INFO_KIND, "veth");
	data = rtnl_begin(&m, IFLA_INFO_DATA);
	peer = rtnl_begin(&m, VETH_INFO_PEER);
	rtnl_body(&m, &peer_body, sizeof(peer_body));
	rtnl_put_str(&m, IFLA_IFNAME, card_name(conf));
	rtnl_put(&m, IFLA_ADDRESS, conf->mac, MAC_LEN);
	rtnl_put_u32(&m, IFLA_NET_NS_FD, (uint32_t)ns);
	rtnl_end(&m, peer);
	rtnl_end(&m, data);
	rtnl_end(&m, info);
	return rtnl_do(rtnl, &m);
}

static int
make_vlan(int rtnl, unsigned int card, const struct netns_conf *conf)
{
	const struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	struct rtnl_msg m;
	size_t info, data;

	rtnl_init(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &body,
	    sizeof(body));
	rtnl_put_str(&m, IFLA_IFNAME, conf->iface.name);
	rtnl_put_u32(&m, IFLA_LINK, card);
	info = rtnl_begin(&m, IFLA_LINKINFO);
	rtnl_put_str(&m, IFLA_INFO_KIND, "vlan");
	data = rtnl_begin(&m, IFLA_INFO_DATA);
	rtnl_put(&m, IFLA_VLAN_ID, &conf->vlan, sizeof(conf->vlan));
	rtnl_end(&m, data);
	rtnl_end(&m, info);
	return rtnl_do(rtnl, &m);
}

/*
 * Without IPv6 the kernel is not to speak it either: no link-local address,
 * so no neighbour discovery that the firmware would not do. A kernel that has
 * no IPv6 refuses, which is as well.
 */
static int
set_address_mode(int rtnl, unsigned int index, bool ipv6)
{
	const struct ifinfomsg body = {
		.ifi_family = AF_UNSPEC, .ifi_index = (int)index,
	};
	const uint8_t mode = ipv6 ? IN6_ADDR_GEN_MODE_EUI64 :
	    IN6_ADDR_GEN_MODE_NONE;
	struct rtnl_msg m;
	size_t spec, inet6;
	int rc;

	rtnl_init(&m, RTM_NEWLINK, 0, &body, sizeof(body));
	spec = rtnl_begin(&m, IFLA_AF_SPEC);
	inet6 = rtnl_begin(&m, AF_INET6);
	rtnl_put(&m, IFLA_INET6_ADDR_GEN_MODE, &mode, sizeof(mode));
	rtnl_end(&m, inet6);
	rtnl_end(&m, spec);
	rc = rtnl_do(rtnl, &m);
	return ipv6 ? rc : 0;
}

/* In two steps: an interface that goes up has its address at once. */
static int
set_up(int rtnl, unsigned int index, bool ipv6)
{
	const struct ifinfomsg body = {
		.ifi_family = AF_UNSPEC, .ifi_index = (int)index,
		.ifi_flags = IFF_UP, .ifi_change = IFF_UP,
	};
	struct rtnl_msg m;
	int rc = set_address_mode(rtnl, index, ipv6);

	if (rc < 0)
		return rc;
	rtnl_init(&m, RTM_NEWLINK, 0, &body, sizeof(body));
	return rtnl_do(rtnl, &m);
}

/*
 * DHCP and PXE are spoken through a packet socket, beside the kernel's own
 * stack, which would answer datagrams for a port without a socket by ICMP.
 */
static void
keep_quiet(struct netns *n)
{
	static const uint16_t ports[NETNS_QUIET_PORTS] = { 68, 4011 };
	const int least = 1;

	for (size_t i = 0; i < NETNS_QUIET_PORTS; i++) {
		struct sockaddr_in any = {
			.sin_family = AF_INET, .sin_port = htons(ports[i]),
		};
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		n->quiet[i] = fd;
		if (fd < 0)
			continue;
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &least,
		    sizeof(least));
		(void)bind(fd, (struct sockaddr *)&any, sizeof(any));
	}
}

static void
explain(int rc, const char *what, const struct netns_conf *conf,
    struct diag *diag)
{
	if (rc == -EPERM || rc == -EACCES)
		diag_set(diag, "no privilege for a network namespace of its "
		    "own: run as root, or give the program the capabilities "
		    "(setcap cap_net_admin,cap_net_raw,cap_sys_admin+ep)");
	else if (rc == -EBUSY)
		diag_set(diag, "%s belongs to a bridge or a bond: name that "
		    "one instead", conf->iface.name);
	else if (rc == -EOPNOTSUPP)
		diag_set(diag, "cannot make %s: this kernel has none", what);
	else if (rc == -EADDRINUSE)
		diag_set(diag, "cannot make %s on %s: another interface has "
		    "its MAC address", what, conf->iface.name);
	else
		diag_sys(diag, rc, "cannot make %s on %s", what,
		    conf->iface.name);
}

/* The devices, seen from the new namespace; @rtnl is in the old one. */
static int
make_devices(struct netns *n, int rtnl, int ns, const struct netns_conf *conf,
    struct diag *diag)
{
	const char *what = n->bridge ? "a cable to the bridge" :
	    "a macvlan interface";
	unsigned int index = 0;
	int rc;

	rc = n->bridge ? make_cable(rtnl, ns, conf) :
	    make_macvlan(rtnl, ns, conf);
	if (rc == 0) {
		what = "the interface of the namespace";
		index = if_nametoindex(card_name(conf));
		n->card = (int)index;
		rc = index ? set_up(n->rtnl, index, conf->ipv6 && !conf->vlan) :
		    -ENODEV;
	}
	if (rc == 0 && conf->vlan) {
		what = "a VLAN interface";
		rc = make_vlan(n->rtnl, index, conf);
		index = if_nametoindex(conf->iface.name);
		if (rc == 0)
			rc = set_up(n->rtnl, index, conf->ipv6);
	}
	if (rc < 0)
		explain(rc, what, conf, diag);
	else
		n->ifindex = (int)index;
	return rc;
}

int
netns_open(const struct netns_conf *conf, struct netns **ret,
    struct iface *ret_iface, struct diag *diag)
{
	struct netns *n = calloc(1, sizeof(*n));
	int rtnl = -1;
	int ns = -1;
	int rc;

	if (!n) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	n->rtnl = n->quiet[0] = n->quiet[1] = -1;
	n->home = rc = open_this_ns();
	if (rc >= 0)
		rtnl = rc = rtnl_open();
	n->bridge = is_bridge(conf->iface.name);
	if (rc >= 0 && unshare(CLONE_NEWNET) < 0)
		rc = -errno;
	if (rc >= 0)
		ns = rc = open_this_ns();
	if (rc >= 0)
		n->rtnl = rc = rtnl_open();
	if (rc < 0) {
		explain(rc, "a network namespace", conf, diag);
		goto out;
	}
	rc = make_devices(n, rtnl, ns, conf, diag);
	if (rc == 0)
		rc = iface_get(conf->iface.name, ret_iface, diag);
	if (rc < 0)
		goto out;
	keep_quiet(n);
	*ret = n;
	n = NULL;
out:
	if (rtnl >= 0)
		(void)close(rtnl);
	if (ns >= 0)
		(void)close(ns);
	netns_close(n);
	return rc;
}

/*
 * The kernel clears a namespace away some time after it was left, and until
 * then nobody else can have the MAC address.
 */
static void
remove_device(const struct netns *n)
{
	const struct ifinfomsg body = {
		.ifi_family = AF_UNSPEC, .ifi_index = n->card,
	};
	struct rtnl_msg m;

	if (!n->card)
		return;
	rtnl_init(&m, RTM_DELLINK, 0, &body, sizeof(body));
	(void)rtnl_do(n->rtnl, &m);
}

void
netns_close(struct netns *n)
{
	if (!n)
		return;
	remove_device(n);
	for (size_t i = 0; i < NETNS_QUIET_PORTS; i++) {
		if (n->quiet[i] >= 0)
			(void)close(n->quiet[i]);
	}
	if (n->rtnl >= 0)
		(void)close(n->rtnl);
	if (n->home >= 0) {
		(void)setns(n->home, CLONE_NEWNET);
		(void)close(n->home);
	}
	free(n);
}

static int
change_address(struct netns *n, uint16_t type, struct in_addr ip,
    uint8_t prefix)
{
	const struct ifaddrmsg body = {
		.ifa_family = AF_INET, .ifa_prefixlen = prefix,
		.ifa_index = (unsigned int)n->ifindex,
	};
	struct rtnl_msg m;

	rtnl_init(&m, type, type == RTM_NEWADDR ? NLM_F_CREATE : 0, &body,
	    sizeof(body));
	rtnl_put(&m, IFA_LOCAL, &ip, sizeof(ip));
	rtnl_put(&m, IFA_ADDRESS, &ip, sizeof(ip));
	return rtnl_do(n->rtnl, &m);
}

static int
add_route(struct netns *n, struct in_addr router)
{
	const struct rtmsg body = {
		.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_DHCP, .rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST, .rtm_flags = RTNH_F_ONLINK,
	};
	struct rtnl_msg m;

	rtnl_init(&m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &body,
	    sizeof(body));
	rtnl_put(&m, RTA_GATEWAY, &router, sizeof(router));
	rtnl_put_u32(&m, RTA_OIF, (uint32_t)n->ifindex);
	return rtnl_do(n->rtnl, &m);
}

static uint8_t
prefix_of(struct in_addr ip, struct in_addr mask)
{
	uint32_t net = ntohl(ip.s_addr);

	if (mask.s_addr)
		return (uint8_t)__builtin_popcount(mask.s_addr);
	return IN_CLASSA(net) ? 8 : IN_CLASSB(net) ? 16 : 24;
}

int
netns_set_address(struct netns *n, struct in_addr ip, struct in_addr mask,
    struct in_addr router)
{
	uint8_t prefix = prefix_of(ip, mask);
	bool same = ip.s_addr == n->ip.s_addr && prefix == n->prefix;
	int rc = 0;

	if (n->ip.s_addr && !same)
		(void)change_address(n, RTM_DELADDR, n->ip, n->prefix);
	n->ip = ip;
	n->prefix = prefix;
	if (ip.s_addr && !same)
		rc = change_address(n, RTM_NEWADDR, ip, prefix);
	if (rc == 0 && ip.s_addr && router.s_addr)
		rc = add_route(n, router);
	return rc;
}

static int
change_address6(struct netns *n, uint16_t type, const struct in6_addr *ip)
{
	const struct ifaddrmsg body = {
		.ifa_family = AF_INET6, .ifa_prefixlen = 128,
		.ifa_flags = IFA_F_NODAD,
		.ifa_index = (unsigned int)n->ifindex,
	};
	struct rtnl_msg m;

	rtnl_init(&m, type, type == RTM_NEWADDR ? NLM_F_CREATE : 0, &body,
	    sizeof(body));
	rtnl_put(&m, IFA_LOCAL, ip, sizeof(*ip));
	return rtnl_do(n->rtnl, &m);
}

int
netns_set_address6(struct netns *n, const struct in6_addr *ip)
{
	if (!IN6_IS_ADDR_UNSPECIFIED(&n->ip6))
		(void)change_address6(n, RTM_DELADDR, &n->ip6);
	n->ip6 = *ip;
	if (IN6_IS_ADDR_UNSPECIFIED(ip))
		return 0;
	return change_address6(n, RTM_NEWADDR, ip);
}
