/*
 * embed.h - another script in the place of the one that an iPXE image has.
 *
 * The place is as long as the first script was: what is left over is filled
 * with empty lines. No header changes: a UEFI image holds its script in the
 * open, and the packed block of a BIOS image is packed again and must not
 * grow, for which a place that was made for it (embed_place()) cares.
 */
#ifndef PXE_FIRMWARE_EMBED_H
#define PXE_FIRMWARE_EMBED_H

#include "base/diag.h"
#include "base/sbuf.h"

#include <stddef.h>
#include <stdint.h>

/**
 * embed_script() - put @script into an image, in any container
 * @image: changed in place; its length stays
 *
 * Return: 0; -ENODATA if it has no script, or none at all is iPXE's;
 * -EMSGSIZE if the place is too small, and @diag says by how much; -EBADMSG if
 * @script is none that iPXE would run; -EPERM if the image is signed, which a
 * change would break; -ENOTSUP if the packed block would grow; -ENOMEM.
 */
int embed_script(uint8_t *image, size_t len, const void *script,
    size_t script_len, struct diag *diag);

/**
 * embed_room() - how long may a script be? 0: the image has none.
 */
size_t embed_room(const uint8_t *image, size_t len);

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
