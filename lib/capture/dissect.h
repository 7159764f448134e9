/*
 * dissect.h - from a captured frame to the boot protocol in it.
 *
 * A dissector remembers what single frames do not tell: which UDP ports a
 * TFTP transfer uses, fragments of a datagram, the beginning of an HTTP head.
 */
#ifndef PXE_CAPTURE_DISSECT_H
#define PXE_CAPTURE_DISSECT_H

#include "capture/reader.h"
#include "wire/arp.h"
#include "wire/dhcp4.h"
#include "wire/dhcp6.h"
#include "wire/dns.h"
#include "wire/frame.h"
#include "wire/http.h"
#include "wire/icmp.h"
#include "wire/opening.h"
#include "wire/tftp.h"

enum packet_proto {
	PROTO_OTHER,            /* nothing of a boot */
	PROTO_ARP,
	PROTO_ICMP,             /* and ICMPv6 */
	PROTO_DHCP4,
	PROTO_DHCP6,
	PROTO_TFTP,
	PROTO_DNS,
	PROTO_HTTP,             /* a segment with a head, or a part of one */
	PROTO_TCP,              /* any other segment */
	PROTO_STP,
	PROTO_LACP,
	PROTO_EAPOL,
	PROTO_FRAGMENT,         /* more of its datagram must come */
	PROTO_N,
};

enum packet_state {
	PACKET_WHOLE,
	PACKET_CONTINUED,       /* HTTP: the head goes on in a later segment */
	PACKET_TRUNCATED,       /* the capture holds only a part */
	PACKET_MALFORMED,       /* the packet itself is wrong */
	PACKET_UNREAD,          /* valid, but not of the kind or size we read */
	PACKET_N_STATES,
};

struct packet {
	uint64_t number;
	int64_t time_ns;                /* since the epoch */
	enum packet_proto proto;
	enum packet_state state;        /* of what `proto` has decoded */
	struct diag diag;               /* why, unless whole */
	struct frame frame;             /* zeros if its headers do not parse */
	bool reassembled;               /* `frame` is of several fragments */
	bool has_message;               /* the member of `proto` is set; what
	                                   is truncated may have one as well */
	union {
		struct arp_pkt arp;
		struct icmp_msg icmp;
		struct dhcp4_msg dhcp4;
		struct dhcp6_msg dhcp6;
		struct tftp_pkt tftp;
		struct dns_msg dns;
		struct http_head http;
	};
	size_t data_len;                /* TFTP DATA, TCP: bytes on the wire */
	size_t n_pipelined;             /* HTTP: whole requests after this one */
	bool has_opening;               /* TCP: what this segment begins */
	struct opening opening;
	struct arena arena;
};

struct dissector;

struct dissector *dissector_new(int link);
void dissector_free(struct dissector *d);

/** dissector_set_link() - the frames that come now are of another file. */
void dissector_set_link(struct dissector *d, int link);

/**
 * dissect() - read one frame
 * @ret: to be released, before the next frame; it points into @frame
 *
 * Always gives a packet; what is wrong with it is in its state.
 *
 * Return: 0; -ENOMEM.
 */
int dissect(struct dissector *d, const struct capture_frame *frame,
    struct packet *ret);
void packet_release(struct packet *p);

/** dissector_incomplete() - datagrams so far with fragments missing. */
size_t dissector_incomplete(const struct dissector *d);

/** packet_proto_name() - "dhcp4", "tftp" ... as in JSON. */
const char *packet_proto_name(enum packet_proto proto);

/** packet_state_name() - "whole", "truncated" ... as in JSON. */
const char *packet_state_name(enum packet_state state);

/** packet_is_boot() - is it worth a line? Not PROTO_OTHER, no bare TCP data. */
bool packet_is_boot(const struct packet *p);

#endif
