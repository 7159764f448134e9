/*
 * syslinux.h - the configuration language of SYSLINUX, PXELINUX and their
 * menus: what boots when nobody touches a key.
 *
 * Read as ldlinux.c32 and menu.c32 6.04 do. Colours, titles and help texts
 * are skipped; a line that nothing understands is no error to them.
 */
#ifndef PXE_BOOTCFG_SYSLINUX_H
#define PXE_BOOTCFG_SYSLINUX_H

#include "base/arena.h"
#include "base/sbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	SYSLINUX_ENTRIES_MAX = 4096,
	SYSLINUX_DEPTH_MAX = 16,        /* INCLUDE within INCLUDE */
	SYSLINUX_INCLUDES_MAX = 256,
	SYSLINUX_TEXT_MAX = 1024 * 1024,        /* of one file */
};

/* What a label starts. */
enum syslinux_type {
	SYSLINUX_BY_NAME,       /* KERNEL: the file's name tells */
	SYSLINUX_LINUX,
	SYSLINUX_COM32,         /* a module: .c32, .cbt, .com */
	SYSLINUX_BOOT,          /* a boot sector or network boot program */
	SYSLINUX_CONFIG,        /* another configuration file */
	SYSLINUX_LOCAL,         /* back to the firmware, or its disk */
};

/* Bits of IPAPPEND and SYSAPPEND. */
enum { SYSLINUX_APPEND_IP = 1, SYSLINUX_APPEND_BOOTIF = 2,
	SYSLINUX_APPEND_UUID = 4 };

struct syslinux_entry {
	const char *label;
	enum syslinux_type type;
	const char *file;               /* "" if none was given */
	const char *append;             /* NULL: the configuration's */
	const char *initrd;             /* "a.img,b.img"; "" */
	unsigned int sysappend;
	bool has_sysappend;
	bool is_menu_default;
	bool in_submenu;
};

struct syslinux_config {
	struct syslinux_entry *entries;
	size_t n_entries;
	size_t cap_entries;
	const char *default_cmd;        /* DEFAULT; NULL: none */
	const char *ui;                 /* instead of it; NULL: none */
	const char *ontimeout;          /* NULL: the default */
	const char *append;             /* before any label; "" */
	unsigned int sysappend;
	unsigned int timeout_ds;        /* tenths of a second; 0: for ever */
	unsigned int total_timeout_ds;
	bool prompt;
	bool only_labels;               /* IMPLICIT 0 */
	/* While reading. */
	size_t n_includes;
	unsigned int submenu;
	bool in_text;
	struct arena arena;             /* of all the text */
};

#define SYSLINUX_CONFIG_EMPTY { .append = "" }

/* Where INCLUDE gets its files. */
struct syslinux_host {
	void *ctx;
	/**
	 * include() - the file, which the caller frees
	 *
	 * Return: 0; -ENOENT: it is not there, and the line counts for
	 * nothing; another errno ends the parse.
	 */
	int (*include)(void *ctx, const char *name, char **ret_bytes,
	    size_t *ret_len);
};

/**
 * syslinux_parse() - add a file to a configuration
 * @c:    SYSLINUX_CONFIG_EMPTY at first
 * @host: NULL: INCLUDE is skipped
 *
 * Return: 0; -EMSGSIZE past one of the limits above; -ENOMEM; what
 * include() ended with. @c is to be released in every case.
 */
int syslinux_parse(struct syslinux_config *c, const void *bytes, size_t len,
    const struct syslinux_host *host);
void syslinux_release(struct syslinux_config *c);

/* What a command line comes to. */
struct syslinux_boot {
	enum syslinux_type type;        /* never BY_NAME */
	const char *label;              /* NULL: the file was named itself */
	const char *file;
	const char *args;               /* as appended; owned by the config */
	const char *initrd;             /* "a.img,b.img"; "" */
	unsigned int sysappend;
};

/**
 * syslinux_resolve() - what "label options" or "file options" starts
 *
 * Return: 0; -ENOENT if it is no label and files may not be named;
 * -ENOMEM.
 */
int syslinux_resolve(struct syslinux_config *c, const char *command,
    struct syslinux_boot *ret);

/**
 * syslinux_command() - what ldlinux.c32 itself starts
 * @ret_wait_ds: how long it waits at its prompt before
 *
 * Return: the command line; NULL: it waits for a person.
 */
const char *syslinux_command(const struct syslinux_config *c,
    unsigned int *ret_wait_ds);

/**
 * syslinux_menu_command() - the same of menu.c32 and vesamenu.c32, which
 * take a label of the menu
 */
const char *syslinux_menu_command(const struct syslinux_config *c,
    unsigned int *ret_wait_ds);

/** syslinux_is_menu() - is the module menu.c32 or vesamenu.c32? */
bool syslinux_is_menu(const char *file);

/** syslinux_initrds() - the value of the last initrd= in @args; may be "". */
const char *syslinux_initrds(struct syslinux_config *c, const char *args);

#endif
