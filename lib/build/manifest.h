/*
 * manifest.h - firmware.yaml: which firmware is to be built, from what.
 *
 *	place: 4096
 *	configs:
 *	  https: { on: [DOWNLOAD_PROTO_HTTPS, PING_CMD], off: [NET_PROTO_IPV6] }
 *	variants:
 *	  undionly: { target: bin/undionly.kpxe, script: chain.ipxe }
 *	  uefi:
 *	    target: bin-x86_64-efi/snponly.efi
 *	    script: chain.ipxe
 *	    config: https
 *	    trust: [ca.pem]
 *
 * Paths are relative to the manifest. firmware.yaml(5) tells all of it.
 */
#ifndef PXE_BUILD_MANIFEST_H
#define PXE_BUILD_MANIFEST_H

#include "base/arena.h"
#include "base/diag.h"
#include "build/goal.h"

#include <stddef.h>

enum {
	MANIFEST_MAX = 1024 * 1024,
	MANIFEST_VARIANTS_MAX = 1000,
	MANIFEST_NAMES_MAX = 500,       /* in one list */
	MANIFEST_PLACE = 4096,
	MANIFEST_PLACE_MAX = 1024 * 1024,
};

/* A word of the manifest, and where it stands. */
struct manifest_word {
	const char *text;
	unsigned int line;
	unsigned int column;
};

struct manifest_words {
	struct manifest_word *word;
	size_t n;
};

/* Features of iPXE's, on or off. */
struct manifest_config {
	struct manifest_word name;
	struct manifest_words on;
	struct manifest_words off;
	struct manifest_config *next;
};

struct manifest_variant {
	struct manifest_word name;      /* and of the file that comes out */
	struct manifest_word target_at;
	struct goal goal;
	struct manifest_word script;    /* text NULL: none is embedded */
	const struct manifest_config *config;   /* NULL: iPXE's own */
	struct manifest_words trust;    /* certificates: TRUST= */
	struct manifest_words cert;     /* CERT= */
	const char *debug;              /* DEBUG=; NULL */
	const char *output;             /* file name; NULL: as the target's */
	struct manifest_variant *next;
};

struct manifest {
	const char *path;
	const char *dir;                /* what paths are relative to */
	size_t place;                   /* bytes kept for a script */
	const char *version;            /* GITVERSION=; NULL */
	struct manifest_config *configs;
	struct manifest_variant *variants;      /* in order */
	struct arena arena;
};

/**
 * manifest_load() - read a manifest
 *
 * Return: 0; -EBADMSG with the place of what is wrong; a system error.
 */
int manifest_load(const char *path, struct manifest **ret, struct diag *diag);

/** manifest_parse() - the same of a text in memory; @path names it. */
int manifest_parse(const char *path, const char *text, size_t len,
    struct manifest **ret, struct diag *diag);
void manifest_free(struct manifest *m);

/** manifest_find() - a variant by name; NULL with a suggestion in @diag. */
const struct manifest_variant *manifest_find(const struct manifest *m,
    const char *name, struct diag *diag);

/** manifest_file() - @name as seen from the manifest's folder; NULL: no memory. */
const char *manifest_file(struct manifest *m, const char *name);

#endif
