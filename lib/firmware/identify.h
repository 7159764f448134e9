/*
 * identify.h - what are the bytes of a downloaded boot file?
 */
#ifndef PXE_FIRMWARE_IDENTIFY_H
#define PXE_FIRMWARE_IDENTIFY_H

#include "chain/bootfile.h"

#include <stddef.h>

/**
 * firmware_identify() - tell the kind of a boot file by its content
 * @buf: the whole file; a file cut short is named by what is there
 * @ret: filled in; to be given to bootfile_release()
 *
 * All text in @ret is printable ASCII, except for `script`, which is as it
 * was embedded. What `product`, `version` and `build_name` cannot hold is
 * cut off. `product` says of a disk, an archive or a RAM disk what format it
 * has.
 *
 * Return: 0, whatever the bytes are: those that nothing recognises are
 * BOOTFILE_UNKNOWN; -ENOMEM, and then @ret is empty.
 */
int firmware_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
