/*
 * live.h - frames as they come, through libpcap: what a boot may need, and
 * not all that else crosses the network.
 */
#ifndef PXE_CAPTURE_LIVE_H
#define PXE_CAPTURE_LIVE_H

#include "base/sbuf.h"
#include "base/text.h"
#include "capture/reader.h"

#include <stdbool.h>

enum { LIVE_SNAPLEN = 65535, LIVE_BUFFER_LEN = 16 * 1024 * 1024 };

struct live;

struct live_conf {
	const char *iface;
	bool promisc;                   /* also frames for others */
	const uint8_t *mac;             /* all of this machine; NULL: none */
	const char *filter;             /* in place of ours; NULL */
};

/* Packets since the beginning, as the kernel counts them. */
struct live_counts {
	uint64_t received;              /* that passed the filter */
	uint64_t dropped;               /* of these, for want of room */
	uint64_t dropped_by_iface;      /* before the filter saw them */
};

/**
 * live_filter() - what is captured, in the language of pcap-filter(7)
 * @link: LINKTYPE_ number; tags and MAC addresses are Ethernet's only
 * @mac:  of this machine all that it sends and is sent; NULL: of none
 *
 * Of all: the protocols of a boot, TFTP on any ports by its opcodes,
 * fragments, and TCP on every port but SSH's, for any may have the kernel.
 * They stay in for one machine as well: behind a relay or a router its
 * address is not on them.
 */
void live_filter(int link, const uint8_t *mac, struct sbuf *out);

/**
 * live_open() - begin to capture
 *
 * Return: 0; -EPERM with a sentence on how to get the privilege; -ENODEV;
 * -EINVAL if conf->filter is none; -ENOTSUP for a link that is not read.
 */
int live_open(const struct live_conf *conf, struct live **ret,
    struct diag *diag);
void live_close(struct live *l);

const char *live_iface(const struct live *l);
int live_link(const struct live *l);

/** live_fd() - to be waited for; readable when there are frames. */
int live_fd(const struct live *l);

/**
 * live_next() - the next frame; its number is to be set by the caller
 *
 * Return: 1; 0 if there is none now; -ENETDOWN if the interface has gone; a
 * system error.
 */
int live_next(struct live *l, struct capture_frame *ret, struct diag *diag);

struct live_counts live_counts(struct live *l);

#endif
