/*
 * lease.h - a pool of addresses and who holds them, in memory only.
 *
 * A client keeps its address: it is offered the one it had as long as nobody
 * else needed it. Addresses never used are given before used ones, and of
 * those the one free for longest first. Time is handed in.
 *
 * A firmware without client identifier (option 61) and the iPXE it loads,
 * which sends its MAC address in one, are the same client here: else each
 * boot would take two addresses.
 */
#ifndef PXE_SERVER_LEASE_H
#define PXE_SERVER_LEASE_H

#include "base/diag.h"
#include "wire/dhcp4.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	LEASE_POOL_MAX = 65536,         /* addresses */
	LEASE_KEY_MAX = 255,            /* bytes */
	LEASE_OFFER_MS = 60 * 1000,     /* firmware collects offers for 4 s,
	                                 * and for 32 s at its last try */
	LEASE_DECLINED_MS = 600 * 1000, /* somebody else uses the address */
};

/* Who a client is: option 61, or its type and address as option 61 has it. */
struct lease_key {
	uint8_t len;
	uint8_t bytes[LEASE_KEY_MAX];
};

void lease_key_of(const struct dhcp4_msg *msg, struct lease_key *ret);

struct lease_pool;

/**
 * lease_pool_new() - addresses from @first to @last, both included
 *
 * Return: 0; -EINVAL if they are the wrong way round or too many; -ENOMEM.
 */
int lease_pool_new(struct in_addr first, struct in_addr last,
    struct lease_pool **ret, struct diag *diag);
void lease_pool_free(struct lease_pool *p);

/** lease_reserve() - never give @ip away: the server has it, or a router. */
void lease_reserve(struct lease_pool *p, struct in_addr ip);

/** lease_covers() - does @ip belong to the range? */
bool lease_covers(const struct lease_pool *p, struct in_addr ip);

/**
 * lease_offer() - pick an address and hold it for LEASE_OFFER_MS
 * @wish: what the client asks for; INADDR_ANY if nothing
 *
 * Return: 0; -ENOSPC if all addresses are held.
 */
int lease_offer(struct lease_pool *p, const struct lease_key *key,
    struct in_addr wish, uint64_t now_ms, struct in_addr *ret);

/**
 * lease_bind() - give @ip to the client for @ttl_ms, or for longer
 *
 * What else the client held is freed.
 *
 * Return: 0; -ERANGE if the range does not cover it; -EADDRINUSE if another
 * holds it or it is reserved.
 */
int lease_bind(struct lease_pool *p, const struct lease_key *key,
    struct in_addr ip, uint64_t now_ms, uint64_t ttl_ms);

/** lease_drop() - forget an offer: the client chose another server. */
void lease_drop(struct lease_pool *p, const struct lease_key *key);

/** lease_release() - the client gives @ip back. Return: 0; -ENOENT. */
int lease_release(struct lease_pool *p, const struct lease_key *key,
    struct in_addr ip);

/**
 * lease_decline() - the client found that @ip is in use
 *
 * Return: 0; -ENOENT if it did not hold it.
 */
int lease_decline(struct lease_pool *p, const struct lease_key *key,
    struct in_addr ip, uint64_t now_ms);

/** lease_held() - how many addresses are offered, given or declined. */
size_t lease_held(const struct lease_pool *p, uint64_t now_ms);

#endif
