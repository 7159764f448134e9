/*
 * uboot.h - U-Boot's own image formats (include/image.h there): the legacy
 * header of 64 bytes before a script, a kernel or a RAM disk, and flat
 * image trees.
 */
#ifndef PXE_FIRMWARE_UBOOT_H
#define PXE_FIRMWARE_UBOOT_H

#include "base/bytes.h"
#include "chain/bootfile.h"

/**
 * uboot_identify() - `product` is "U-Boot script", "U-Boot kernel" ...,
 * `version` the name that its maker gave it
 *
 * Return: 1; 0 if it is none, with @ret untouched.
 */
int uboot_identify(const void *buf, size_t len, struct bootfile *ret);

/** uboot_script() - the text of a script image. Return: is it one? */
bool uboot_script(const void *buf, size_t len, struct rd *ret);

#endif
