/*
 * anonymize.h - frames without whom they are of: a capture that can be shown
 * to others, and still has the same diagnosis.
 *
 * Everything keeps its length, so nothing else in a packet must change:
 *
 * - MAC addresses become locally administered ones.
 * - Of IPv4 addresses the network (16 bits) becomes another whose numbers
 *   have as many digits; the host stays, and with it every mask that is 16
 *   bits or longer. Of IPv6 addresses every group becomes another of as
 *   many digits; what was made of a MAC address is made of the new one.
 * - UUIDs and DUIDs, byte by byte.
 * - Names of hosts and domains, letter by letter: in DHCP, DNS, URLs, Host
 *   fields and TLS hellos.
 *
 * The same is always replaced by the same, in binary and in text, as long as
 * the key is the same. Files' names and contents stay, but for addresses and
 * the hosts of URLs in them. What is not understood is blanked. Checksums
 * are computed again.
 */
#ifndef PXE_CAPTURE_ANONYMIZE_H
#define PXE_CAPTURE_ANONYMIZE_H

#include "capture/dissect.h"

enum { ANONYMIZE_KEY_LEN = 32 };

struct anonymize;

/** anonymize_new() - replacements by @key. Return: 0; -ENOMEM; -ENOTSUP. */
int anonymize_new(const uint8_t key[ANONYMIZE_KEY_LEN],
    struct anonymize **ret);
void anonymize_free(struct anonymize *a);

/* Single values, in place; what means something to all stays: broadcast ... */
void anonymize_mac(const struct anonymize *a, uint8_t mac[MAC_LEN]);
void anonymize_ip4(const struct anonymize *a, uint8_t ip[4]);
void anonymize_ip6(const struct anonymize *a, uint8_t ip[16]);
void anonymize_uuid(const struct anonymize *a, uint8_t *uuid, size_t len);
void anonymize_name(const struct anonymize *a, uint8_t *name, size_t len);

/** anonymize_text() - addresses, UUIDs and URLs' hosts in any text */
void anonymize_text(const struct anonymize *a, uint8_t *text, size_t len);

/**
 * anonymize_frame() - one frame
 * @link: LINKTYPE_ number
 * @p:    what dissect() made of it
 * @ret:  the same with other bytes, valid until the next call with @a
 *
 * Return: 0; -ENOMEM.
 */
int anonymize_frame(struct anonymize *a, int link,
    const struct capture_frame *f, const struct packet *p,
    struct capture_frame *ret);

#endif
