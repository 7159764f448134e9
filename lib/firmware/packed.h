/*
 * packed.h - initial RAM disks: cpio archives, and compressed streams that
 * may hold one, or a kernel; and the archives that boot files come in.
 */
#ifndef PXE_FIRMWARE_PACKED_H
#define PXE_FIRMWARE_PACKED_H

#include "chain/bootfile.h"

/**
 * packed_identify() - an archive or a compressed stream?
 *
 * A compressed stream is an initrd, unless its first bytes, where they can
 * be unpacked (gzip, xz, lzma), are those of a kernel: arm64 machines are
 * often given a gzip'ed Image. `product` names the format: "cpio",
 * "cpio, gzip", "Linux, gzip"; "zstd" where the content is not known.
 *
 * Return: 1; 0 if neither, with @ret untouched.
 */
int packed_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
