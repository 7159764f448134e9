/*
 * inspect.h - all that can be told of a boot file from its bytes, and of the
 * boot files inside it.
 */
#ifndef PXE_FIRMWARE_INSPECT_H
#define PXE_FIRMWARE_INSPECT_H

#include "base/arena.h"
#include "base/digest.h"
#include "chain/bootfile.h"
#include "firmware/ipxe_detail.h"
#include "firmware/sign.h"

enum {
	INSPECT_FILE_MAX = 1024 * 1024 * 1024,
	INSPECT_ARCHES_MAX = 64,
	INSPECT_NAMES_MAX = 8,
	/* .deb, data.tar in it, an image in that */
	INSPECT_DEPTH_MAX = 3,
};

struct inspect_limits {
	size_t members;
	uint64_t bytes;                 /* unpacked, of all members together */
	uint64_t time_ms;
};

#define INSPECT_LIMITS { 20000, 2048ULL * 1024 * 1024, 60 * 1000 }

/* An embedded script, or the text of a U-Boot script. */
struct inspect_script {
	const char *name;               /* NULL if it has none */
	const uint8_t *bytes;
	size_t len;
};

struct inspect {
	const char *path;               /* a member's: inside its container */
	struct bootfile file;           /* without its script */
	uint16_t runs_on[INSPECT_ARCHES_MAX];   /* option 93 */
	size_t n_runs_on;
	bool boots_bios;                /* El Torito, or a boot sector */
	bool boots_efi;
	bool has_pci;                   /* an option ROM: of which card */
	uint16_t pci_vendor;
	uint16_t pci_device;
	const struct ipxe_detail *ipxe; /* NULL: not iPXE */
	const struct inspect_script *scripts;
	size_t n_scripts;
	const struct sign *signs;
	size_t n_signs;
	const struct sign_cert *certs;  /* built in; iPXE's and shim's */
	size_t n_certs;
	char authenticode[DIGEST_TEXT_MAX];     /* "" if it is no PE file */
	const char *sbat;               /* text of that section; NULL */
	const char *names[INSPECT_NAMES_MAX];   /* first ones of an initrd */
	size_t n_names;
	uint64_t bytes;
	char sha256[DIGEST_TEXT_MAX];
	struct inspect *members;        /* boot files inside; a list */
	size_t n_others;                /* files inside that are none */
	bool cut;                       /* a limit ended the search inside */
	struct inspect *next;
};

/**
 * inspect_bytes() - look at a boot file
 * @a: everything in the result lives there
 *
 * Return: 0; -ENOMEM.
 */
int inspect_bytes(const char *path, const void *buf, size_t len,
    const struct inspect_limits *limits, struct arena *a,
    struct inspect **ret);

#endif
