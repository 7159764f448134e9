/*
 * grub.h - what a GRUB 2 image for the network brings along: where it looks
 * for the rest of itself, its first configuration, its modules.
 *
 * The modules of an image for UEFI stand in a section "mods"; BIOS's core.0
 * is packed with LZMA.
 */
#ifndef PXE_FIRMWARE_GRUB_H
#define PXE_FIRMWARE_GRUB_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { GRUB_MODULES_MAX = 512 };

struct grub_image {
	const char *prefix;             /* "/grub", "(pxe)/boot/grub"; "" */
	const char *config;             /* embedded; NULL: none */
	const char *memdisk_config;     /* grub.cfg of its memory disk, or NULL */
	const char *module[GRUB_MODULES_MAX];
	size_t n_modules;
	struct arena arena;
};

/**
 * grub_image_read() - look into an image
 * @ret: in every case to be released
 *
 * Return: 0; -EBADMSG if there are no modules to be seen; -ENOMEM.
 */
int grub_image_read(const void *buf, size_t len, struct grub_image *ret);
void grub_image_release(struct grub_image *g);

/** grub_image_has() - is a module built in? */
bool grub_image_has(const struct grub_image *g, const char *module);

enum { GRUB_DEPS_MAX = 64 };

/**
 * grub_module_deps() - the modules that a .mod file needs, in its order
 * @ret: names inside @buf
 */
size_t grub_module_deps(const void *buf, size_t len,
    const char *ret[GRUB_DEPS_MAX]);

#endif
