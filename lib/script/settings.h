/*
 * settings.h - iPXE's settings: a tree of named blocks, each holding typed
 * values, and the rules by which ${name} finds one of them.
 *
 * The root block has no name and stores what a script sets. Below it are
 * builtin, smbios, netX (an alias of the device opened last), net0 ... with
 * their children (net0.dhcp), proxydhcp. A value is bytes; a type says how
 * the bytes become text and text becomes bytes.
 */
#ifndef PXE_SCRIPT_SETTINGS_H
#define PXE_SCRIPT_SETTINGS_H

#include "base/sbuf.h"
#include "wire/dhcp4.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting_type {
	SETTING_T_NONE,         /* not said: the setting's own type decides */
	SETTING_T_STRING,
	SETTING_T_URISTRING,
	SETTING_T_IPV4,
	SETTING_T_IPV6,
	SETTING_T_INT8,
	SETTING_T_INT16,
	SETTING_T_INT32,
	SETTING_T_UINT8,
	SETTING_T_UINT16,
	SETTING_T_UINT32,
	SETTING_T_HEX,          /* aa:bb:cc */
	SETTING_T_HEXHYP,       /* aa-bb-cc */
	SETTING_T_HEXRAW,       /* aabbcc */
	SETTING_T_BASE64,
	SETTING_T_UUID,
	SETTING_T_GUID,         /* first three fields little-endian */
	SETTING_T_BUSDEVFN,
	SETTING_T_DNSSL,
	SETTING_N_TYPES,
};

/* Ceilings: what grows stops here. */
enum {
	SETTING_NAME_MAX = 256,         /* bytes of a block path or a name */
	SETTING_VALUE_MAX = 1024 * 1024,
	SETTINGS_BLOCKS_MAX = 1024,
	SETTINGS_DEPTH_MAX = 16,
	SETTINGS_VALUES_MAX = 4096,
	SETTINGS_BYTES_MAX = 64 * 1024 * 1024,  /* all values together */
};

/* A predefined setting. */
struct setting_info {
	const char *name;
	uint32_t tag;                   /* DHCP number (175.8 is 0xaf08), or 0 */
	enum setting_type type;
};

/* `[<block>/]<setting>[:<type>]`, taken apart. */
struct setting_ref {
	char block[SETTING_NAME_MAX];   /* "" for the root */
	bool has_block;                 /* a '/' was there */
	char name[SETTING_NAME_MAX];
	uint32_t tag;                   /* 0 if the setting has no number */
	const struct setting_info *info;        /* NULL if not predefined */
	enum setting_type type;         /* SETTING_T_NONE if none was given */
};

/* A value that was found. Valid until the settings change. */
struct setting_value {
	const uint8_t *bytes;
	size_t len;
	enum setting_type type;         /* to be shown as; never NONE */
	const char *block;              /* path of the block it was found in */
	const char *name;               /* the name by which iPXE shows it */
};

struct settings;

struct settings *settings_new(void);
void settings_free(struct settings *st);

/** settings_set_word() - bytes of the largest number: 4 or 8 (the default). */
void settings_set_word(struct settings *st, size_t bytes);

/** settings_set_old() - as in SCRIPT_2019: there is no type guid. */
void settings_set_old(struct settings *st, bool old);

/** settings_has_type() - is it a type of that iPXE? */
bool settings_has_type(const struct settings *st, enum setting_type type);

/** settings_info() - the rows of the settings with names; NULL at the end. */
const struct setting_info *settings_info(size_t i);

/**
 * settings_parse_ref() - take a reference apart
 *
 * Return: 0; -ENOTSUP if the type is not known; -EMSGSIZE if a name is too
 * long.
 */
int settings_parse_ref(const char *text, struct setting_ref *ret);

/** settings_ref_name() - the name by which iPXE shows it: "hostname" for 12. */
const char *settings_ref_name(const struct setting_ref *ref);

/**
 * settings_get() - find a value
 *
 * Looks in the block named, then in its children, depth first, those of
 * higher priority first; in the root where no block is named.
 *
 * Return: 0; -ENODEV if there is no such block; -ENOTSUP if it is netX, and
 * that means nothing yet; -ENODATA if no value.
 */
int settings_get(const struct settings *st, const struct setting_ref *ref,
    struct setting_value *ret);

/**
 * settings_get_text() - settings_get() and settings_format() in one
 *
 * Return: 0; -ENODATA also if the value does not fit its type.
 */
int settings_get_text(const struct settings *st, const char *ref_text,
    struct sbuf *b);

/**
 * settings_put() - store bytes as a value of @ref, creating the block
 * @type: how they are shown by default; NONE for the setting's own type
 *
 * No bytes delete the value.
 *
 * Return: 0; -ENOMEM; -EMSGSIZE past a ceiling; -ENOTSUP as settings_get().
 */
int settings_put(struct settings *st, const struct setting_ref *ref,
    enum setting_type type, const void *bytes, size_t len);

/**
 * settings_put_text() - store text, read by the reference's type
 *
 * Return: as settings_put(); -EINVAL if the text is no such value; -ENOTSUP
 * if the type cannot be read from text.
 */
int settings_put_text(struct settings *st, const struct setting_ref *ref,
    const char *text);

/**
 * settings_put_dhcp() - make a block of a DHCP packet: "net0.dhcp"
 *
 * Replaces what the block held. The header's fields are settings too:
 * yiaddr is 175.2 (ip), siaddr 175.3 (next-server), `file` goes before
 * option 67 and `sname` before 66 when they are not empty. As in iPXE,
 * options inside an overloaded `file` or `sname` are not seen.
 *
 * Return: 0; -ENOMEM; -EMSGSIZE.
 */
int settings_put_dhcp(struct settings *st, const char *block,
    const struct dhcp4_msg *msg);

/** settings_drop_block() - remove a block and its children, if there. */
void settings_drop_block(struct settings *st, const char *block);

/** settings_add_block() - create a block. Return: 0; -ENOMEM; -EMSGSIZE. */
int settings_add_block(struct settings *st, const char *block);

/** settings_has_block() - true if the block exists; netX always does. */
bool settings_has_block(const struct settings *st, const char *block);

/** settings_set_netx() - let netX mean @block (a child of the root); NULL: nothing */
void settings_set_netx(struct settings *st, const char *block);

/**
 * settings_each() - call @fn for every stored value, in search order
 *
 * Stops when @fn returns false.
 */
void settings_each(const struct settings *st,
    bool (*fn)(void *ctx, const struct setting_value *v), void *ctx);

/* Types: names, and the way between bytes and text. */

const char *setting_type_name(enum setting_type t);

/** setting_type_find() - by name; SETTING_T_NONE if there is none. */
enum setting_type setting_type_find(const char *name);

/**
 * setting_format() - bytes as text
 * @word: bytes of the largest number, 4 or 8
 *
 * Return: 0; -ERANGE if the bytes are no value of that type.
 */
int setting_format(struct sbuf *b, enum setting_type t, const void *bytes,
    size_t len, size_t word);

/**
 * setting_parse() - text as bytes, added to @b
 *
 * Return: 0; -EINVAL; -ENOTSUP if the type is only for showing.
 */
int setting_parse(struct sbuf *b, enum setting_type t, const char *text);

/**
 * setting_parse_number() - a number as C writes it, with an optional sign
 *
 * 0x is hexadecimal, a leading 0 octal. Bits past 64 are lost. No digits are 0.
 *
 * Return: 0; -EINVAL.
 */
int setting_parse_number(const char *text, int64_t *ret);

/** setting_is_number() - one of the integer types? */
bool setting_is_number(enum setting_type t);

/**
 * setting_number() - big-endian bytes as a number, sign-extended for int types
 *
 * Return: 0; -ERANGE if there are more than @word bytes.
 */
int setting_number(enum setting_type t, const void *bytes, size_t len,
    size_t word, int64_t *ret);

#endif
