/*
 * disk.h - the partitions of a disk image, by its MBR or GPT.
 */
#ifndef PXE_FIRMWARE_DISK_H
#define PXE_FIRMWARE_DISK_H

#include "base/bytes.h"

enum { DISK_PARTS_MAX = 16 };

/**
 * disk_parts() - where the partitions lie
 *
 * An image without a table is one partition.
 *
 * Return: how many are in @ret.
 */
size_t disk_parts(const void *buf, size_t len, struct rd ret[DISK_PARTS_MAX]);

#endif
