/*
 * wim.h - Windows images ([MS-WIM] and Windows Imaging File Format white
 * paper): boot.wim of Windows PE.
 */
#ifndef PXE_FIRMWARE_WIM_H
#define PXE_FIRMWARE_WIM_H

#include "chain/bootfile.h"

/**
 * wim_identify() - `version` and `cpu` are those of the Windows in its first
 * image
 *
 * Return: 1; 0 if it is none, with @ret untouched.
 */
int wim_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
