/*
 * frame.h - from a captured frame down to its UDP, TCP or ICMP payload, and
 * a UDP datagram up to an Ethernet frame.
 *
 * Links: Ethernet with VLAN tags (802.1Q, 802.1ad), Linux cooked v1 and v2,
 * raw IP, BSD loopback. Networks: ARP (left to arp.h), IPv4, IPv6 with its
 * extension headers. A fragment that is not the first has no layer 4 of its
 * own: put it through frag.h.
 *
 * Two failures are told apart. -ENODATA: the capture cut the frame before
 * the headers ended (a snap length). -EBADMSG: the frame itself is wrong.
 */
#ifndef PXE_WIRE_FRAME_H
#define PXE_WIRE_FRAME_H

#include "base/bytes.h"
#include "base/diag.h"
#include "base/text.h"

/* The LINKTYPE_ numbers of pcap files that we read. */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW_BSD = 12,
	LINK_RAW_OPENBSD = 14,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,
};

enum {
	ETHERTYPE_IP4 = 0x0800,
	ETHERTYPE_ARP4 = 0x0806,
	ETHERTYPE_IP6 = 0x86dd,
	FRAME_VLANS_MAX = 2,
	FRAME_MTU = 1500,
};

enum ip_proto {
	IP_PROTO_ICMP = 1,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_ICMP6 = 58,
};

enum tcp_flag {
	TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04,
	TCP_PSH = 0x08, TCP_ACK = 0x10,
};

struct frame {
	bool has_mac;                   /* mac_src is set (cooked frames too) */
	bool has_mac_dst;
	uint8_t mac_src[MAC_LEN];
	uint8_t mac_dst[MAC_LEN];
	uint16_t vlan[FRAME_VLANS_MAX]; /* outermost first; 12-bit ids */
	size_t n_vlans;
	uint16_t ethertype;             /* after the tags; < 1536: a length */

	int ip_version;                 /* 4, 6, or 0: not IP */
	struct ip_addr src;
	struct ip_addr dst;
	uint8_t ttl;                    /* or hop limit */
	uint8_t tos;                    /* or traffic class */
	uint32_t ip_id;                 /* IPv4: 16 bits; IPv6: fragment header */
	uint16_t frag_off;              /* bytes */
	bool more_frags;
	uint8_t ip_proto;               /* of the payload, extensions skipped */

	bool has_l4;                    /* the ports and what follows are set */
	uint16_t sport;
	uint16_t dport;
	uint16_t udp_checksum;          /* as sent; 0 = none */
	uint32_t tcp_seq;
	uint32_t tcp_ack;
	uint8_t tcp_flags;
	uint16_t tcp_window;

	/*
	 * What follows the last header that was read: UDP or TCP payload,
	 * the ICMP message, the fragment's bytes, the ARP packet. Padding of
	 * short Ethernet frames is not in it. `payload_len` is the length
	 * that the headers claim; where payload.left is less, the capture
	 * holds only a part.
	 */
	struct rd payload;
	size_t payload_len;

	/*
	 * IP only: all that follows the IPv4 header, the IPv6 header, or, in
	 * a fragment, the fragment header; and what it begins with (which
	 * may be one more extension header). For frag.h.
	 */
	struct rd ip_data;
	size_t ip_data_len;
	uint8_t ip_next;
};

/**
 * frame_parse() - read one captured frame
 * @link:     LINKTYPE_ number of the capture
 * @buf:      captured bytes
 * @len:      how many were captured
 * @wire_len: how many were on the wire, at least @len
 *
 * Frames that are neither IP nor ARP succeed, with ip_version 0 and their
 * ethertype. A bad checksum is not an error (offloading).
 *
 * Return: 0; -ENODATA if cut before the end of the headers; -EBADMSG if
 * malformed; -ENOTSUP for a link type that we do not read.
 */
int frame_parse(int link, const void *buf, size_t len, size_t wire_len,
    struct frame *ret, struct diag *diag);

/**
 * frame_parse_ip() - the same, from the first byte of an IPv4 or IPv6 header
 *
 * For reassembled datagrams and for the packet quoted in an ICMP error.
 */
int frame_parse_ip(const void *buf, size_t len, size_t wire_len,
    struct frame *ret, struct diag *diag);

/**
 * frame_is_fragment() - is this a piece of a datagram?
 *
 * The first piece has layer 4 set if its headers fit into it; payload_len
 * is then that of the whole datagram.
 */
bool frame_is_fragment(const struct frame *f);

/**
 * frame_rejoin() - make a first fragment the whole datagram
 * @f:    the first fragment; untouched on failure
 * @data: the data of all fragments together; @f->payload points into it
 *
 * Return: 0; -EBADMSG as frame_parse().
 */
int frame_rejoin(struct frame *f, const void *data, size_t len,
    struct diag *diag);

/* What is said of a UDP datagram to be sent; addresses in network order. */
struct udp4_head {
	uint8_t mac_src[MAC_LEN];
	uint8_t mac_dst[MAC_LEN];
	struct in_addr src;
	struct in_addr dst;
	uint16_t sport;
	uint16_t dport;
	uint8_t ttl;
	uint8_t tos;
	uint16_t ip_id;
	bool no_checksum;               /* UDP checksum 0 */
};

/**
 * frame_build_udp4() - an Ethernet frame with one UDP datagram over IPv4
 *
 * Return: 0; -EMSGSIZE if it does not fit @w or one datagram of 65535 bytes
 * (fragmenting is the caller's business).
 */
int frame_build_udp4(struct wr *w, const struct udp4_head *head,
    const void *payload, size_t len);

/**
 * inet_checksum() - RFC 1071, over @len bytes, starting from @sum
 *
 * Return: the value for the checksum field; 0 if @buf holds its right one.
 */
uint16_t inet_checksum(const void *buf, size_t len, uint32_t sum);

#endif
