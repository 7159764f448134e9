/* util.h - the few macros that every room uses. */
#ifndef PXE_BASE_UTIL_H
#define PXE_BASE_UTIL_H

#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#ifdef __GNUC__
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF_LIKE(fmt, args)
#endif

static inline size_t
min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

#endif
