/*
 * rules.h - what is wrong with one answer to one client, and with the
 * comparisons of a configuration as they stand.
 */
#ifndef PXE_LINT_RULES_H
#define PXE_LINT_RULES_H

#include "chain/fault.h"
#include "lint/exchange.h"
#include "lint/filekind.h"
#include "lint/kinds.h"

enum { RULES_FLAWS_MAX = 8, RULES_TEXT_MAX = 320 };

struct flaw {
	const char *fault;
	enum fault_severity most;       /* below FAULT_ERROR: it may work */
	uint8_t about;                  /* the option that is wrong; 0: the file */
	char text[RULES_TEXT_MAX];
};

/* Where a stage leads. */
enum rules_end {
	RULES_END_FAULT,
	RULES_END_NEXT,                 /* `file` is iPXE, and asks again */
	RULES_END_SCRIPT,
	RULES_END_PROGRAM,              /* some other boot program, a kernel */
	RULES_END_SAN,
	RULES_END_LOCAL,                /* the local disk, by a menu */
	RULES_END_UNKNOWN,              /* the name does not tell */
	RULES_END_NONE,                 /* no boot data, and none expected */
	RULES_END_SILENT,               /* no answer */
};

struct verdict {
	enum rules_end end;
	const struct bootfile *file;    /* NULL if none is named */
	struct flaw flaw[RULES_FLAWS_MAX];
	size_t n_flaws;
};

struct rules_conf {
	enum config_dialect dialect;
	bool http_wanted;               /* HTTP boot is spoken of at all */
	bool by_client;                 /* kinds of clients are told apart */
	const char *x64_file;           /* what an x64 UEFI is given, or NULL */
	struct filekind_cache *files;
};

/**
 * rules_judge() - one answer, for that kind of client
 *
 * Return: 0; -ENOMEM.
 */
int rules_judge(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *ret);

/**
 * rules_flaw() - add one; more than there is room for are dropped
 * @about: as in struct flaw
 * @most:  FAULT_ERROR ends the boot here
 */
void rules_flaw(struct verdict *v, const char *fault, uint8_t about,
    enum fault_severity most, const char *fmt, ...) PRINTF_LIKE(5, 6);

/** rules_field() - the field `file`; "" if it holds options. */
void rules_field(const struct dhcp4_msg *m, char *buf, size_t cap);

/** rules_end_name() - "ipxe", "script", "program" ... for the table. */
const char *rules_end_name(const struct verdict *v);

/**
 * rules_literal() - can no client ever send what is compared there?
 *
 * Return: true with @ret filled in.
 */
bool rules_literal(const struct config_literal *l, enum config_dialect dialect,
    struct flaw *ret);

/** rules_is_user_class() - is option 77 compared with such a text there? */
bool rules_is_user_class(const struct config_literal *l, const char *text);

#endif
