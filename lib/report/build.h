/*
 * build.h - what was built: for people, for programs, for SHA256SUMS, and as
 * a bill of materials.
 */
#ifndef PXE_REPORT_BUILD_H
#define PXE_REPORT_BUILD_H

#include "base/sbuf.h"
#include "build/build.h"

#include <jansson.h>

/** report_build_text() - one line for an image. */
void report_build_text(const struct build_image *i, struct sbuf *out);
json_t *report_build_json(const struct build_image *i, size_t n,
    const struct manifest *m, const struct tree *t);

/** report_build_sums() - as sha256sum(1) writes and checks. */
void report_build_sums(const struct build_image *i, size_t n,
    struct sbuf *out);

/** report_build_sbom() - CycloneDX 1.5. */
json_t *report_build_sbom(const struct build_image *i, size_t n,
    const struct tree *t);

#endif
