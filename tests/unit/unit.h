/*
 * unit.h - a unit test is one file with one suite; unit_main.c runs it and
 * prints TAP.
 */
#ifndef PXE_TESTS_UNIT_H
#define PXE_TESTS_UNIT_H

#include "base/util.h"

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/** unit_suite() - the suite of this program. */
Suite *unit_suite(void);

/**
 * unit_heap() - an exact-size heap copy, so that the sanitizer sees a single
 * stray byte; the test frees it
 */
void *unit_heap(const void *from, size_t len);

#endif
