/*
 * ipxe_detail.h - what was built into an iPXE, beyond what a start-up
 * message shows: its commands, what it drives network cards with, all its
 * embedded scripts, whom it trusts.
 */
#ifndef PXE_FIRMWARE_IPXE_DETAIL_H
#define PXE_FIRMWARE_IPXE_DETAIL_H

#include "base/arena.h"
#include "base/bytes.h"
#include "firmware/sign.h"

enum { IPXE_COMMANDS_MAX = 160, IPXE_SCRIPTS_MAX = 64 };

/* By which driver it reaches the network. */
enum ipxe_driver {
	IPXE_DRIVER_UNKNOWN,
	IPXE_DRIVER_ALL,        /* for every card that iPXE knows */
	IPXE_DRIVER_NATIVE,     /* for one card, or a few */
	IPXE_DRIVER_UNDI,       /* the card's own PXE ROM, on BIOS */
	IPXE_DRIVER_SNP,        /* the firmware's driver, on UEFI */
};

/* What a BIOS network boot program does to the PXE ROM that loaded it. */
enum ipxe_keep {
	IPXE_KEEP_UNKNOWN,      /* or it is none */
	IPXE_KEEP_NOTHING,      /* .pxe */
	IPXE_KEEP_UNDI,         /* .kpxe */
	IPXE_KEEP_PXE,          /* .kkpxe, .kkkpxe: UNDI and the base code */
};

enum ipxe_trust {
	IPXE_TRUST_NONE,        /* nothing in it checks a certificate */
	IPXE_TRUST_ROOT,        /* iPXE's own root certificate, as usual */
	IPXE_TRUST_OTHERS,      /* other roots were named when it was built */
};

struct ipxe_script {
	const uint8_t *bytes;   /* followed by a NUL */
	size_t len;
};

struct ipxe_detail {
	const char *commands[IPXE_COMMANDS_MAX];        /* in ASCII order */
	size_t n_commands;
	struct ipxe_script scripts[IPXE_SCRIPTS_MAX];   /* in their order */
	size_t n_scripts;
	struct sign_cert certs[SIGN_CERTS_MAX];         /* built in */
	size_t n_certs;
	enum ipxe_driver driver;
	enum ipxe_keep keep;
	enum ipxe_trust trust;
};

/**
 * ipxe_detail_read() - look into an iPXE or gPXE
 * @a: everything in @ret lives there
 *
 * Return: 0; -ENODATA if the image cannot be unpacked, and then only `keep`
 * is known; -ENOMEM.
 */
int ipxe_detail_read(const void *buf, size_t len, struct arena *a,
    struct ipxe_detail *ret);

#endif
