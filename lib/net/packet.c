#include "net/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DHCP_SERVER_PORT = 67, DHCP_CLIENT_PORT = 68, PXE_PORT = 4011 };

/*
 * ARP, and UDP to the ports of a DHCP client, of frames that came from
 * outside. All else would fill the socket's buffer while a file is loaded
 * over the same interface, and the next offer would find no room in it.
 *
 * The kernel has taken the VLAN tag out of the frame and keeps it aside.
 */
int
packet_narrow(int fd, uint16_t vlan, bool relay)
{
	const uint32_t server_port = relay ? DHCP_SERVER_PORT :
	    DHCP_CLIENT_PORT;
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF +
		    SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 16, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF +
		    SKF_AD_VLAN_TAG)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, vlan, 0, 13),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, 10, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 10),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 8),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 20),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 6, 0),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, DHCP_CLIENT_PORT, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, server_port, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PXE_PORT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, PACKET_FRAME_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = {
		.len = ARRAY_LEN(filter), .filter = filter,
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
	    sizeof(prog)) < 0 ? -errno : 0;
}

static int
packet_bind(int fd, const struct iface *iface, bool receive)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_protocol = receive ? htons(ETH_P_ALL) : 0,
		.sll_ifindex = iface->index,
	};

	return bind(fd, (struct sockaddr *)&ll, sizeof(ll));
}

static int
packet_promisc(int fd, const struct iface *iface)
{
	struct packet_mreq mreq = {
		.mr_ifindex = iface->index,
		.mr_type = PACKET_MR_PROMISC,
	};

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq,
	    sizeof(mreq));
}

int
packet_open(const struct iface *iface, bool promisc, bool receive,
    struct diag *diag)
{
	/* Protocol 0: nothing arrives before the filter is in place. */
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int rc;

	if (fd < 0 && (errno == EPERM || errno == EACCES)) {
		diag_set(diag, "no privilege to send raw frames on %s: run as "
		    "root, give the program the capability (setcap "
		    "cap_net_raw+ep), or try in a namespace (unshare -rn)",
		    iface->name);
		return -EPERM;
	}
	if (fd < 0) {
		rc = -errno;
		diag_sys(diag, rc, "cannot open a packet socket");
		return rc;
	}
	if ((receive && packet_narrow(fd, 0, false) < 0) ||
	    packet_bind(fd, iface, receive) < 0 ||
	    (promisc && packet_promisc(fd, iface) < 0)) {
		rc = -errno;
		diag_sys(diag, rc, "cannot use a packet socket on %s",
		    iface->name);
		(void)close(fd);
		return rc;
	}
	return fd;
}

int
packet_send(int fd, const struct iface *iface, const void *frame, size_t len)
{
	struct sockaddr_ll ll = {
		.sll_family = AF_PACKET,
		.sll_ifindex = iface->index,
		.sll_halen = MAC_LEN,
	};

	if (len < 14)
		return -EINVAL;
	memcpy(ll.sll_addr, frame, MAC_LEN);
	if (sendto(fd, frame, len, 0, (struct sockaddr *)&ll, sizeof(ll)) < 0)
		return -errno;
	return 0;
}

int
packet_recv(int fd, void *buf, size_t cap)
{
	ssize_t n;

	do {
		n = recv(fd, buf, cap, 0);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	return (int)n;
}
