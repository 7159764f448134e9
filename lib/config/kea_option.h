/*
 * kea_option.h - Kea's option definitions, and option-data turned into the
 * bytes that go on the wire.
 */
#ifndef PXE_CONFIG_KEA_OPTION_H
#define PXE_CONFIG_KEA_OPTION_H

#include "base/arena.h"
#include "base/diag.h"
#include "config/config.h"

enum kea_type {
	KEA_T_EMPTY, KEA_T_BINARY, KEA_T_BOOLEAN, KEA_T_INT8, KEA_T_INT16,
	KEA_T_INT32, KEA_T_UINT8, KEA_T_UINT16, KEA_T_UINT32, KEA_T_IPV4,
	KEA_T_IPV6, KEA_T_IPV6_PREFIX, KEA_T_PSID, KEA_T_STRING, KEA_T_TUPLE,
	KEA_T_FQDN, KEA_T_INTERNAL, KEA_T_RECORD, KEA_N_TYPES,
};

enum { KEA_RECORD_MAX = 32 };

struct kea_option_def {
	const char *name;
	const char *space;              /* "dhcp4", "ipxe" ... */
	bool is_v6;                     /* of DHCPv6: lengths are wider there */
	uint16_t code;
	enum kea_type type;
	enum kea_type record[KEA_RECORD_MAX];
	size_t n_record;
	bool array;
	const char *encapsulates;       /* "" : none */
	struct config_pos pos;
	struct kea_option_def *next;
};

/* An element of option-data, encoded. */
struct kea_option {
	const char *space;
	uint16_t code;
	const struct kea_option_def *def;       /* NULL: none known */
	const uint8_t *bytes;           /* with those sub-options that "data"
	                                 * itself has; see kea_value.h */
	size_t len;
	const char *text;               /* "data" as it was written, or NULL */
	bool csv;                       /* read as fields, not as hex */
	bool always_send;
	bool never_send;                /* Kea 2.3 and later */
	struct config_pos pos;
	struct kea_option *next;
};

/** kea_type_find() - a type by its name in option-def; KEA_N_TYPES: none. */
enum kea_type kea_type_find(const char *name);
const char *kea_type_name(enum kea_type type);

/** kea_type_len() - bytes of a value of fixed length; 0 if it varies. */
size_t kea_type_len(enum kea_type type);

/** kea_option_std() - Kea's own definition, of "dhcp4" or "dhcp6". */
const struct kea_option_def *kea_option_std(const char *space, unsigned code);
const struct kea_option_def *kea_option_std_name(const char *space,
    const char *name);

/** kea_option_last_resort() - option 43, where nothing else defines it. */
const struct kea_option_def *kea_option_last_resort(void);

/**
 * kea_option_find() - the definition that option-data is read by
 * @of_class: definitions of the class that it stands in, or NULL
 * @defs:     those of the configuration
 * @code:     -1: by @name
 *
 * Asked in this order: the class, Kea itself, the vendor's ("vendor-4491"),
 * the configuration, and the last resort.
 */
const struct kea_option_def *kea_option_find(
    const struct kea_option_def *of_class, const struct kea_option_def *defs,
    bool is_v6, const char *space, int code, const char *name);

/**
 * kea_option_def_check() - may there be such a definition?
 *
 * Return: 0; -EBADMSG with Kea's reason in @diag.
 */
int kea_option_def_check(const struct kea_option_def *def, struct diag *diag);

/** kea_space_is_valid() - may an option space be called so? */
bool kea_space_is_valid(const char *name);

/**
 * kea_option_encode() - "data" of option-data into bytes, as Kea reads it
 * @def:  NULL: any bytes will do, and @csv must be false
 * @defs: those of the configuration, for sub-options in @text
 * @csv:  the text is comma-separated fields; else hex digits, or text
 *        between single quotes
 *
 * Return: 0; -EBADMSG with Kea's reason in @diag; -ENOMEM.
 */
int kea_option_encode(const struct kea_option_def *def,
    const struct kea_option_def *defs, const char *text, bool csv,
    struct arena *arena, const uint8_t **ret, size_t *ret_len,
    struct diag *diag);

#endif
