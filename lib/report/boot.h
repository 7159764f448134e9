/*
 * boot.h - a boot record as a timeline for people, and as JSON.
 */
#ifndef PXE_REPORT_BOOT_H
#define PXE_REPORT_BOOT_H

#include "base/sbuf.h"
#include "chain/boot.h"
#include "chain/expect.h"

#include <jansson.h>

/* How far a timeline has been written; starts as zeros. */
struct report_boot {
	bool color;
	bool verbose;                   /* ignored packets too */
	size_t n_events;
	size_t n_stages;
};

/** report_boot_more() - add the lines of what is new since the last call. */
void report_boot_more(struct report_boot *r, const struct boot *b,
    struct sbuf *out);

/** report_boot_end() - the verdict, and what to do about it. */
void report_boot_end(const struct report_boot *r, const struct boot *b,
    struct sbuf *out);

/** report_boot_expect() - which expectations are met, and what was instead. */
void report_boot_expect(const struct report_boot *r, const struct boot *b,
    const struct expect *e, size_t n, struct sbuf *out);

/** report_boot_json() - the `client` shape of FORMATS, with its head. */
json_t *report_boot_json(const struct boot *b, const struct expect *e,
    size_t n);

/** report_boot_json_chain() - stages, loads, end and waits, as keys of @j. */
void report_boot_json_chain(json_t *j, const struct boot *b);

/** report_size() - "850528 bytes", "8.2 MB" ... for people. */
const char *report_size(uint64_t bytes, char buf[32]);

#endif
