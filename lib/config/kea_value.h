/*
 * kea_value.h - an option as Kea holds it: its bytes taken apart by its
 * definition, whether they came in a request or from option-data.
 *
 * What does not fit the definition is refused, and what is left over is read
 * as sub-options or dropped, so that an option can leave Kea other than it
 * came, and an expression can see other bytes than those on the wire.
 */
#ifndef PXE_CONFIG_KEA_VALUE_H
#define PXE_CONFIG_KEA_VALUE_H

#include "base/sbuf.h"
#include "config/kea_option.h"

enum kea_shape {
	KEA_V_BYTES,                    /* as they are */
	KEA_V_INT,
	KEA_V_INTS,
	KEA_V_ADDRS,
	KEA_V_STRING,
	KEA_V_TUPLES,
	KEA_V_FIELDS,                   /* all that has no shape of its own */
	KEA_V_FQDN,                     /* client-fqdn (81) */
	KEA_V_VENDOR,                   /* vivso-suboptions (125) */
	KEA_V_VENDOR_CLASS,             /* vivco-suboptions (124) */
};

struct kea_field {
	enum kea_type type;
	const uint8_t *bytes;
	size_t len;
	struct kea_field *next;
};

struct kea_value {
	uint16_t code;
	bool is_v6;
	enum kea_shape shape;
	const struct kea_option_def *def;       /* NULL: none */
	const uint8_t *bytes;           /* without sub-options */
	size_t len;
	/*
	 * What those see who ask for the data and not for the packed option:
	 * host identifiers and options sent in pieces. Numbers have none.
	 */
	const uint8_t *data;
	size_t data_len;
	uint32_t vendor;                /* of VENDOR and VENDOR_CLASS */
	struct kea_field *fields;       /* of FIELDS; tuples of VENDOR_CLASS */
	struct kea_value *subs;         /* by code */
	struct kea_value *next;
};

/**
 * kea_value_make() - take an option apart
 * @def:  NULL: none
 * @defs: of the configuration, for sub-options
 *
 * Return: 0; -EBADMSG with Kea's reason in @diag; -ENODATA for an option that
 * Kea passes over; -EPROTO for one that makes Kea pass over those behind it
 * too; -ENOMEM.
 */
int kea_value_make(const struct kea_option_def *def,
    const struct kea_option_def *defs, bool is_v6, uint16_t code,
    const uint8_t *bytes, size_t len, struct arena *arena,
    struct kea_value **ret, struct diag *diag);

/** kea_value_insert() - into a list, by code, behind equals. */
void kea_value_insert(struct kea_value **list, struct kea_value *v);

/** kea_value_find() - the first of that code, or NULL. */
const struct kea_value *kea_value_find(const struct kea_value *list,
    unsigned int code);

/** kea_value_len() - bytes of it packed. */
size_t kea_value_len(const struct kea_value *v);

/** kea_value_pack() - add the bytes, sub-options included. */
void kea_value_pack(const struct kea_value *v, struct sbuf *b);

/**
 * kea_value_text() - add what ".text" gives
 *
 * Return: 0; -EBADMSG if Kea cannot tell.
 */
int kea_value_text(const struct kea_value *v, struct sbuf *b);

/** kea_name_len() - length of a domain name at the start of bytes; 0: none. */
size_t kea_name_len(const uint8_t *bytes, size_t len);

#endif
