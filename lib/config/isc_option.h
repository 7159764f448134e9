/*
 * isc_option.h - the option spaces of dhcpd, and values of their types.
 */
#ifndef PXE_CONFIG_ISC_OPTION_H
#define PXE_CONFIG_ISC_OPTION_H

#include "config/isc_tree.h"

struct isc_option_row {
	uint32_t code;
	const char *name;
	const char *type;
};

/* Those of one built-in space; the last has no name. */
struct isc_space_row {
	const char *name;
	unsigned int code_size;
	unsigned int len_size;
	const struct isc_option_row *rows;
	uint8_t in_option;              /* of dhcp, that carries the space; 0: none */
};

extern const struct isc_space_row isc_space_rows[];

/** isc_options_init() - fill @t with what dhcpd knows. Return: 0; -ENOMEM. */
int isc_options_init(struct isc_tree *t);

/** isc_space_add() - a new space, or the one of that name; NULL: no memory. */
struct isc_space *isc_space_add(struct isc_tree *t, const char *name,
    unsigned int code_size, unsigned int len_size);
struct isc_space *isc_space_find(const struct isc_tree *t, const char *name);

/** isc_option_add() - define or redefine. NULL: no memory. */
struct isc_option *isc_option_add(struct isc_tree *t, struct isc_space *s,
    const char *name, uint32_t code, const char *type);
struct isc_option *isc_option_find(const struct isc_space *s, const char *name);
struct isc_option *isc_option_by_code(const struct isc_space *s, uint32_t code);

/**
 * isc_type_space() - the name of the space that a type encapsulates
 *
 * Return: false if it does not; @ret is "" for the vendor's own.
 */
bool isc_type_space(const char *type, char *ret, size_t cap);

/** isc_names_has() - is @word one of the names that type N@list. takes? */
bool isc_names_has(const char *list, size_t list_len, const char *word,
    uint8_t *ret);

#endif
