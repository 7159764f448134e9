/*
 * rules_internal.h - what the rules_*.c share. Each looks at one side of an
 * answer: rules_target at the name and the server, rules_pxe at option 43,
 * rules_file at what the file is, rules_beside at what it needs beside it.
 */
#ifndef PXE_LINT_RULES_INTERNAL_H
#define PXE_LINT_RULES_INTERNAL_H

#include "lint/rules.h"

/* One answer, and the verdict on it that is being made. */
struct rules {
	const struct rules_conf *c;
	const struct kind *k;
	const struct exchange *x;
	struct verdict *v;
};

/** rules_packet() - the packet that names the boot file, or should. */
const struct dhcp4_msg *rules_packet(const struct exchange *x);

/** rules_class_starts() - option 60 of an answer begins so. */
bool rules_class_starts(const struct dhcp4_msg *m, const char *prefix);

/* The sides of an answer; all but the last two add what they find. */
void rules_no_file(const struct rules *r);
void rules_name(const struct rules *r);
void rules_server(const struct rules *r);
void rules_pxe(const struct rules *r);
/* What @f, which is there, needs beside itself. */
void rules_beside(const struct rules *r, const struct filekind *f);
/* Return: 0; -ENOMEM. */
int rules_file(const struct rules *r);

#endif
