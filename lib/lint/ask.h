/*
 * ask.h - a request put together from what is said about a client, as a
 * person says it on the command line or a program in a line of JSON.
 */
#ifndef PXE_LINT_ASK_H
#define PXE_LINT_ASK_H

#include "base/arena.h"
#include "chain/persona.h"
#include "chain/policy.h"

/* An option of the request, instead of what the persona would send. */
struct ask_opt {
	bool set;
	const uint8_t *data;
	size_t len;
};

/*
 * Starts as zeros. Only what was said is in it. Where it `is_v6` the options
 * are those of DHCPv6.
 */
struct ask {
	bool is_v6;
	struct in6_addr link;                   /* of the relay; "::": none */
	const struct persona *persona;          /* NULL: see ask_request() */
	const struct dhcp4_msg *msg;            /* a captured request, or NULL */
	bool has_mac;
	uint8_t mac[MAC_LEN];
	bool has_uuid;
	uint8_t uuid[UUID_LEN];                 /* text order */
	struct in_addr giaddr;
	struct in_addr server_ip;
	bool pxe_port;
	struct ask_opt opt[256];                /* by code */
	struct arena arena;                     /* of the options' bytes */
};

void ask_release(struct ask *a);

/**
 * ask_set() - say one thing about the client
 * @name: "arch", "vendor-class", "user-class", "mac", "uuid", "giaddr",
 *        "circuit-id", "prl", "persona", "server-ip", "pxe-port" or
 *        "option", the last as CODE=HEX; '_' is as good as '-'
 *
 * Return: 0; -EINVAL; -ENOENT if the name is none of these; -ENOMEM.
 */
int ask_set(struct ask *a, const char *name, const char *value,
    struct diag *diag);

/**
 * ask_copy() - a copy of a message without its place on the wire
 * @ret: on success, to be released by the caller
 *
 * Return: 0; -ENOMEM.
 */
int ask_copy(const struct dhcp4_msg *from, struct dhcp4_msg *ret);

/**
 * ask_request() - the DISCOVER, or with `pxe_port` the REQUEST of port 4011
 *
 * The captured request, else the message of the persona, with the options
 * that were said in place of its own. Where neither is given but options
 * are, these alone make the request; where nothing is, it is intel-bios.
 *
 * Return: 0; -ENOMEM; -EMSGSIZE.
 */
int ask_request(const struct ask *a, struct dhcp4_msg *ret);

/**
 * ask_request6() - the SOLICIT
 *
 * Of the persona its architecture and classes; else what was said.
 *
 * Return: 0; -ENOMEM; -EMSGSIZE.
 */
int ask_request6(const struct ask *a, struct dhcp6_msg *ret);

#endif
