/*
 * expect.h - what somebody expects of a boot, held against its record:
 * "script=http://10.0.0.1/...", "firmware.file=undionly.kpxe", "time<=20".
 */
#ifndef PXE_CHAIN_EXPECT_H
#define PXE_CHAIN_EXPECT_H

#include "base/diag.h"
#include "base/sbuf.h"
#include "chain/boot.h"

enum expect_op { EXPECT_IS, EXPECT_IS_NOT, EXPECT_AT_MOST, EXPECT_AT_LEAST };

struct expect_key;

struct expect {
	const char *text;               /* as it was written */
	const struct expect_key *key;
	char stage[16];                 /* "firmware", "ipxe", "os"; "" : any */
	enum expect_op op;
	const char *pattern;            /* of the shell; points into `text` */
	double number;                  /* with AT_MOST, AT_LEAST */
};

/**
 * expect_parse() - read one expectation
 * @text: "[stage.]key=pattern", "!=", or for numbers "<=" and ">="; must
 *        outlive @ret
 *
 * Return: 0; -EINVAL with the keys that there are.
 */
int expect_parse(const char *text, struct expect *ret, struct diag *diag);

/**
 * expect_check() - does the boot meet it?
 * @got: what there was instead: all values of that key, with ", " between
 *
 * A pattern must fit one of the values, or none of them with "!=".
 */
bool expect_check(const struct expect *e, const struct boot *b,
    struct sbuf *got);

/** expect_is_verdict() - is it about how the boot ends? */
bool expect_is_verdict(const struct expect *e);

#endif
