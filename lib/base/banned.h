/*
 * banned.h - functions that hide a length or an error do not compile here.
 *
 * The Makefile includes this before everything else of ours.
 */
#ifndef PXE_BASE_BANNED_H
#define PXE_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GNUC__
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok \
    atoi atol atoll
#endif

#endif
