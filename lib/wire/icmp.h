/*
 * icmp.h - the heads of ICMP (RFC 792) and ICMPv6 (RFC 4443) messages: the
 * errors that tell why a transfer failed, echoes, and the router messages
 * (RFC 4861) that tell an IPv6 client where to get its address.
 */
#ifndef PXE_WIRE_ICMP_H
#define PXE_WIRE_ICMP_H

#include "wire/frame.h"

enum icmp4_type {
	ICMP4_ECHO_REPLY = 0, ICMP4_UNREACHABLE = 3, ICMP4_REDIRECT = 5,
	ICMP4_ECHO = 8, ICMP4_TIME_EXCEEDED = 11, ICMP4_PARAMETER = 12,
};

/* Codes of ICMP4_UNREACHABLE. */
enum icmp4_unreachable {
	ICMP4_NET_UNREACHABLE = 0, ICMP4_HOST_UNREACHABLE = 1,
	ICMP4_PROTO_UNREACHABLE = 2, ICMP4_PORT_UNREACHABLE = 3,
	ICMP4_FRAG_NEEDED = 4, ICMP4_ADMIN_PROHIBITED = 13,
};

enum icmp6_type {
	ICMP6_UNREACHABLE = 1, ICMP6_TOO_BIG = 2, ICMP6_TIME_EXCEEDED = 3,
	ICMP6_PARAMETER = 4, ICMP6_ECHO = 128, ICMP6_ECHO_REPLY = 129,
	ICMP6_ROUTER_SOLICIT = 133, ICMP6_ROUTER_ADVERT = 134,
	ICMP6_NEIGHBOR_SOLICIT = 135, ICMP6_NEIGHBOR_ADVERT = 136,
};

/* Codes of ICMP6_UNREACHABLE. */
enum icmp6_unreachable {
	ICMP6_NO_ROUTE = 0, ICMP6_ADMIN_PROHIBITED = 1,
	ICMP6_ADDR_UNREACHABLE = 3, ICMP6_PORT_UNREACHABLE = 4,
};

struct icmp_msg {
	int ip_version;                 /* 4 or 6: whose types these are */
	uint8_t type;
	uint8_t code;
	bool is_error;                  /* `data` quotes the packet at fault */

	bool has_mtu;                   /* fragmentation needed, too big */
	uint32_t mtu;                   /* 0: the router did not say */

	bool has_echo;                  /* `data` is what to send back */
	uint16_t echo_id;
	uint16_t echo_seq;

	bool has_router;                /* router advertisement */
	bool managed;                   /* M: addresses by DHCPv6 */
	bool other;                     /* O: other settings by DHCPv6 */
	uint16_t router_lifetime_s;     /* 0: not a default router */

	bool has_target;                /* neighbor messages */
	struct in6_addr target;

	struct rd data;                 /* after the fixed head */
};

/**
 * icmp_parse() - read the message in a frame
 * @f: with ip_proto ICMP or ICMPv6 and not a fragment
 *
 * Return: 0; -EINVAL if @f carries no ICMP of its IP version; -ENODATA if
 * the capture cut the head; -EBADMSG if the message is shorter than its
 * head.
 */
int icmp_parse(const struct frame *f, struct icmp_msg *ret,
    struct diag *diag);

/**
 * icmp_quoted() - read the packet that an error message quotes
 *
 * Its sender quotes only the beginning: ret->payload is mostly cut.
 *
 * Return: 0; -EINVAL if @msg is no error; else as frame_parse_ip().
 */
int icmp_quoted(const struct icmp_msg *msg, struct frame *ret,
    struct diag *diag);

/** icmp_build_echo_reply() - the ICMPv4 answer to @echo; may set w->full. */
void icmp_build_echo_reply(struct wr *w, const struct icmp_msg *echo);

/** icmp_type_name() - "destination unreachable" ...; NULL if unknown. */
const char *icmp_type_name(int ip_version, uint8_t type);

/** icmp_code_name() - "port unreachable" ...; NULL if unknown or plain. */
const char *icmp_code_name(int ip_version, uint8_t type, uint8_t code);

#endif
