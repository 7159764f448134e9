/*
 * by_name.h - what a boot file is, by its name alone.
 */
#ifndef PXE_FIRMWARE_BY_NAME_H
#define PXE_FIRMWARE_BY_NAME_H

#include "chain/bootfile.h"

/**
 * firmware_by_name() - what a file of that name or URI usually is
 * @ret: filled in; nothing in it is to be released
 *
 * BOOTFILE_UNKNOWN if the name tells nothing. CPU_NONE if it does not tell
 * the CPU. `script` is set for loaders that are known to bring their own.
 */
void firmware_by_name(const char *name, struct bootfile *ret);

#endif
