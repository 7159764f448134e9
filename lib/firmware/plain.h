/*
 * plain.h - files that are text: scripts, web pages, menus.
 */
#ifndef PXE_FIRMWARE_PLAIN_H
#define PXE_FIRMWARE_PLAIN_H

#include "chain/bootfile.h"

/**
 * plain_identify_script() - does iPXE take it for a script?
 *
 * Return: 1; 0 with @ret untouched.
 */
int plain_identify_script(const void *buf, size_t len, struct bootfile *ret);

/**
 * plain_identify() - HTML, or any other text
 *
 * For a text that was meant to be a script and is none, `product` says what
 * spoils it: a byte order mark, leading lines, no white space.
 *
 * Return: 1; 0 if it is no text, with @ret untouched.
 */
int plain_identify(const void *buf, size_t len, struct bootfile *ret);

#endif
