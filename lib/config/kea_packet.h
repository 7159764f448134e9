/*
 * kea_packet.h - a request as Kea holds it: its options taken apart by their
 * definitions (kea_value.h).
 */
#ifndef PXE_CONFIG_KEA_PACKET_H
#define PXE_CONFIG_KEA_PACKET_H

#include "chain/policy.h"
#include "config/kea_value.h"

struct kea_packet {
	const struct request *req;      /* NULL: of DHCPv6, the other one */
	const struct request6 *req6;
	const char *iface;              /* that it arrived at; "" if not known */
	struct kea_value *options;      /* by code */
	struct arena *arena;            /* of the answer */
};

/**
 * kea_packet_open() - take a request apart
 * @defs: of the configuration
 *
 * Return: 0; -EBADMSG if Kea drops it for an option that does not fit its
 * definition: @diag says which; -ENOMEM.
 */
int kea_packet_open(struct kea_packet *p, const struct request *req,
    const struct kea_option_def *defs, const char *iface, struct arena *arena,
    struct diag *diag);

/** kea_packet_open6() - the same for kea-dhcp6. */
int kea_packet_open6(struct kea_packet *p, const struct request6 *req,
    const struct kea_option_def *defs, struct arena *arena,
    struct diag *diag);

/**
 * kea_packet_reopen() - option 43, or 224 to 254, which Kea leaves as it is
 * until it knows the classes of the client, by the definition they give
 *
 * What does not fit then stays as it was. Return: 0; -ENOMEM.
 */
int kea_packet_reopen(struct kea_packet *p, uint8_t code,
    const struct kea_option_def *def, const struct kea_option_def *defs);

/** kea_packet_is_deferred() - is it one of those codes? */
bool kea_packet_is_deferred(unsigned int code);

/** kea_packet_option() - by code, or NULL. */
const struct kea_value *kea_packet_option(const struct kea_packet *p,
    unsigned int code);

#endif
