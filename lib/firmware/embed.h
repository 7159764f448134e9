/*
 * embed.h - another script for an iPXE that was built with one.
 *
 * The place of an embedded file, and its length, are fixed when iPXE is
 * linked. So a shorter script is filled up with line ends, which iPXE runs
 * as nothing, and a longer one does not fit.
 */
#ifndef PXE_FIRMWARE_EMBED_H
#define PXE_FIRMWARE_EMBED_H

#include "base/diag.h"
#include "base/sbuf.h"

#include <stddef.h>
#include <stdint.h>

/**
 * embed_script() - a copy of the image with @script in place of its first
 *
 * UEFI programs and BIOS images that iPXE packs since March 2016: .pxe,
 * .kpxe, .kkpxe and .lkrn in any case, others if the packed image does not
 * grow by it.
 *
 * Return: 0, and the caller frees @ret_buf; -ENODATA without a script in the
 * image; -EMSGSIZE if it does not fit; -ENOTSUP for signed files; -EINVAL if @script is no script; -ENOMEM.
 * @diag says in each case what to do instead.
 */
int embed_script(const void *buf, size_t len, const void *script,
    size_t script_len, uint8_t **ret_buf, size_t *ret_len,
    struct diag *diag);

/**
 * embed_place() - a script that does nothing but hold a place
 * @len: of the place, at least EMBED_PLACE_MIN bytes
 *
 * Its comments are noise, always the same: a packed image keeps as much room
 * as any real script needs, which packs better.
 */
void embed_place(struct sbuf *out, size_t len);

enum { EMBED_PLACE_MIN = 64 };

#endif
