/*
 * grub.h - the language of grub.cfg, as far as configurations for booting
 * use it: variables, quotes, if, for, while, functions, menu entries.
 *
 * What is not the language itself, "linux" or "search", is a command of the
 * host. Like GRUB this goes on after a command that failed.
 */
#ifndef PXE_BOOTCFG_GRUB_H
#define PXE_BOOTCFG_GRUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	GRUB_STEPS_MAX = 100000,        /* commands in all */
	GRUB_DEPTH_MAX = 32,            /* files, functions, ifs in one another */
	GRUB_TOKENS_MAX = 500000,
	GRUB_TEXT_MAX = 1024 * 1024,    /* one file */
	GRUB_WORK_MAX = 64 * 1024 * 1024,       /* bytes expanded in all */
	GRUB_ENTRIES_MAX = 4096,
	GRUB_ARGS_MAX = 1024,
};

struct grub;

/* What a script can do besides thinking. */
struct grub_host {
	void *ctx;
	/**
	 * command() - one command with its arguments, argv[0] its name
	 * @ret_ok: did it succeed? true beforehand
	 *
	 * It may call grub_run() for "source".
	 *
	 * Return: 0; a negative errno that ends the run.
	 */
	int (*command)(void *ctx, struct grub *g, size_t argc, char **argv,
	    bool *ret_ok);
	/**
	 * use() - is there a command of that name, "[" and "true" as well?
	 *
	 * GRUB loads the module that has it, the first time.
	 */
	int (*use)(void *ctx, const char *name, bool *ret_there);
	/**
	 * size() - "test -s": is there a file that is not empty?
	 *
	 * -e, -f and -d are false of any file of a network: GRUB cannot list
	 * its directories, and does not ask.
	 */
	int (*size)(void *ctx, const char *name, bool *ret_some);
};

/** grub_new() - NULL if out of memory. @host must outlive it. */
struct grub *grub_new(const struct grub_host *host);
void grub_free(struct grub *g);

/** grub_set() - a variable. Return: 0; -ENOMEM. */
int grub_set(struct grub *g, const char *name, const char *value);

/** grub_get() - its value; "" if it has none. */
const char *grub_get(const struct grub *g, const char *name);

/** grub_export() - a variable that other configurations see as well. */
int grub_export(struct grub *g, const char *name, const char *value);

/**
 * grub_new_context() - what configfile and a submenu begin with: an empty
 * menu, and of the variables only those that were exported
 */
void grub_new_context(struct grub *g);

/**
 * grub_run() - run a script
 *
 * Return: 0, whatever became of it; -EMSGSIZE past a limit; -EBADMSG if a
 * statement does not close, after those before it have run; -ENOMEM; what
 * the host returned.
 */
int grub_run(struct grub *g, const void *bytes, size_t len);

/** grub_entries() - how many entries the menu has. */
size_t grub_entries(const struct grub *g);

/**
 * grub_default() - the entry that boots when nobody touches a key
 * $default is a number, a title or an id; the first entry where it is none.
 *
 * Return: its index; -1 if the menu is empty.
 */
int grub_default(const struct grub *g);

const char *grub_title(const struct grub *g, size_t entry);
bool grub_is_submenu(const struct grub *g, size_t entry);

/**
 * grub_run_entry() - what stands between its braces
 *
 * The menu of a submenu, where nobody is waited for, takes the place of this
 * one. Returns as grub_run().
 */
int grub_run_entry(struct grub *g, size_t entry);

#endif
