/*
 * ipxe.h - what an iPXE or gPXE image says about itself.
 *
 * The proof is the feature table, the very bytes that iPXE sends as DHCP
 * option 175: version 235, then one byte of version per feature. It is
 * there whatever name the builder gave the product. BIOS images keep it in
 * their last compressed block, UEFI images in the open.
 */
#ifndef PXE_FIRMWARE_IPXE_H
#define PXE_FIRMWARE_IPXE_H

#include "base/bytes.h"
#include "chain/bootfile.h"

enum {
	IPXE_SCRIPT_MAX = 1024 * 1024,
	IPXE_PLAIN_MAX = 64 * 1024 * 1024,      /* how far we look unpacked */
};

/**
 * ipxe_identify() - is it iPXE, in whatever container?
 *
 * Fills in kind, product, version, build name, features and script; what
 * the container is, and for which CPU, is for the caller to say.
 *
 * Return: 1; 0 if it is not, with @ret untouched; -ENOMEM.
 */
int ipxe_identify(const void *buf, size_t len, struct bootfile *ret);

/**
 * ipxe_payload() - the bytes that hold the feature table, the strings and
 * the embedded scripts: the unpacked block of a BIOS image, or a copy of a
 * UEFI image
 *
 * Return: 0, and the caller frees @ret_bytes; -ENODATA if there is no
 * feature table anywhere; -ENOMEM.
 */
int ipxe_payload(const void *buf, size_t len, uint8_t **ret_bytes,
    size_t *ret_len);

/**
 * ipxe_is_script() - the rule by which iPXE takes a file for a script:
 * "#!ipxe" or "#!gpxe" and one white-space character
 */
bool ipxe_is_script(const void *buf, size_t len);

/**
 * ipxe_script_next() - the next embedded script of a payload
 * @r:   moves past it
 * @ret: its text, without the NUL that ends it
 *
 * iPXE runs only the first, if it is the first embedded file at all.
 */
bool ipxe_script_next(struct rd *r, struct rd *ret);

#endif
