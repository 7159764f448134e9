/*
 * fat.h - the files of a FAT file system.
 *
 * The ESP of every UEFI medium is FAT. libarchive does not read it, mtools
 * is a set of programs and no library, and what else there is (The Sleuth
 * Kit, libguestfs) is a forensic laboratory or a virtual machine: reading
 * alone is short, so it is ours (Microsoft FAT specification, 2000 and 2005).
 */
#ifndef PXE_FIRMWARE_FAT_H
#define PXE_FIRMWARE_FAT_H

#include "base/bytes.h"
#include "firmware/pack.h"

/**
 * fat_walk() - every file of the file system at @vol, folders first to last
 *
 * Return: members seen; -EBADMSG if it is none; -ENOMEM; or what the sink
 * returned.
 */
int fat_walk(struct rd vol, struct pack_budget *budget,
    const struct pack_sink *sink);

#endif
