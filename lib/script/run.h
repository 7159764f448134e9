/*
 * run.h - the interpreter's inside, shared by its files and the commands.
 * Users include script.h.
 */
#ifndef PXE_SCRIPT_RUN_H
#define PXE_SCRIPT_RUN_H

#include "script/lex.h"
#include "script/script.h"

struct script_netdev {
	char name[16];
	uint8_t mac[MAC_LEN];
	bool is_open;
	unsigned int opened;            /* later than those with a lower number */
};

/* A script that runs, or one command line. */
struct script_frame {
	struct lex_script lex;
	size_t line;                    /* index of the line being executed */
	size_t next;                    /* and of the one after it */
	const char *uri;                /* "" for none */
	bool is_script;                 /* false: a command line, has no labels */
	bool is_gpxe;                   /* says that it is for gPXE */
	size_t noted;                   /* lines of it that were remarked on */
	struct script_frame *up;
};

/* Where something happened. */
struct script_place {
	char uri[DIAG_FILE_MAX];
	unsigned int line;
	char command[32];
};

struct script {
	const struct script_host *host;
	struct settings *settings;
	enum script_release release;
	bool is_efi;
	char *cwuri;                    /* NULL: none yet */
	char next_server[IP_TEXT_MAX];  /* that the working URI was made of */

	struct script_netdev netdevs[SCRIPT_NETDEVS_MAX];
	size_t n_netdevs;
	unsigned int n_opened;          /* times that one was opened */

	struct script_image *images;    /* registered */
	size_t n_images;
	uint64_t image_bytes;
	unsigned int n_unnamed;         /* images called img0, img1 ... so far */

	bool trust_required;            /* imgtrust: only trusted images run */
	bool trust_permanent;

	struct script_menu *menus;
	struct script_params *params;

	struct script_frame *frame;     /* innermost */
	unsigned int nesting;
	char command[32];               /* name of the one being executed; cut */
	uint64_t steps;
	uint64_t max_steps;
	size_t work;                    /* bytes handled: expanded, printed ... */

	/* What the last command asks for besides its status. */
	bool jumped;                    /* goto: the rest of the line is void */
	bool leave;                     /* exit, --replace: the script ends here */
	bool left_by_exit;              /* the last script ended by exit */
	struct script_image *replace;   /* runs in the place of the one that ends */

	/* The failure that is on its way up, or was caught: its origin. */
	bool has_failed;
	struct script_place failed_at;

	bool over;                      /* `end` is set: everything unwinds */
	int rc;                         /* what script_run() returns */
	struct script_end end;
};

/* script.c */

/** script_print() - to the console. */
void script_print(struct script *s, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** script_status() - the number as this iPXE has it. */
uint32_t script_status(const struct script *s, uint32_t status);

/** script_say_error() - "<what>: <text of status>" and a new line. */
void script_say_error(struct script *s, const char *what, uint32_t status);

/** script_set_end() - the run is over. */
void script_set_end(struct script *s, enum script_end_kind kind,
    uint32_t status, const char *fmt, ...) PRINTF_LIKE(4, 5);

/** script_nomem() - stop the run: out of memory. Return: an error number. */
uint32_t script_nomem(struct script *s);

/** script_errno() - the error number that tells a negative errno of ours. */
uint32_t script_errno(struct script *s, int rc);

/**
 * script_value_error() - the number of settings_put_text()'s @rc for @ref
 *
 * Each type is parsed in another of iPXE's files.
 */
uint32_t script_value_error(struct script *s, const struct setting_ref *ref,
    int rc);

/** script_apply() - what iPXE does when settings have changed. */
void script_apply(struct script *s);

struct script_netdev *script_netdev_find(struct script *s, const char *name);

/** script_netdev_close() - netX then means the last one opened of the rest. */
void script_netdev_close(struct script *s, struct script_netdev *nd);

/** script_netdev_remove() - with its settings. */
void script_netdev_remove(struct script *s, struct script_netdev *nd);

/** script_netdev_open() - and let netX mean it. */
void script_netdev_open(struct script *s, struct script_netdev *nd);

/* exec.c */

/** script_exec_image() - run an image, and those that replace it. */
uint32_t script_exec_image(struct script *s, struct script_image *image);

/** script_exec_line() - run a command line as if typed. */
uint32_t script_exec_line(struct script *s, const char *line);

/** script_mark_failure() - it is here that it began to fail, or exited. */
void script_mark_failure(struct script *s);

/* image.c */

/** script_image_find() - by name; the first of them, or NULL. */
struct script_image *script_image_find(struct script *s, const char *name);
struct script_image *script_image_selected(struct script *s);

/** script_image_new() - an image that is not yet registered; NULL if out of memory. */
struct script_image *script_image_new(const char *name, const char *uri);
void script_image_free(struct script_image *image);

/** script_image_register() - at the end of the list, which owns it. */
void script_image_register(struct script *s, struct script_image *image);

/**
 * script_image_add() - register it, or end the run if that is too much
 *
 * Takes ownership. Return: is it registered?
 */
bool script_image_add(struct script *s, struct script_image *image);

/** script_image_unregister() - the caller owns it. */
void script_image_unregister(struct script *s, struct script_image *image);

/** script_image_runs() - is there a type that can execute it here? */
bool script_image_runs(const struct script *s,
    const struct script_image *image);

/** script_image_set_cmdline() - NULL or "" for none. Return: false: no memory. */
bool script_image_set_cmdline(struct script_image *image, const char *cmdline);

/**
 * script_download() - load a URI and register what came
 * @uri: as written; resolved against the current working URI here
 */
uint32_t script_download(struct script *s, const char *uri,
    uint64_t timeout_ms, bool quiet, struct script_image **ret);

/** script_exec_words() - run one command whose words are expanded. */
uint32_t script_exec_words(struct script *s, char **argv, size_t argc);

/* cmd_net.c: what autoboot does too */

/** script_print_image() - as imgstat. */
void script_print_image(struct script *s, struct script_image *image);

/** script_netdev_arg() - the interface of that name; says so if there is none. */
struct script_netdev *script_netdev_arg(struct script *s, const char *name);

/** script_configure() - one interface, as dhcp does; @configurator may be NULL */
uint32_t script_configure(struct script *s, struct script_netdev *nd,
    const char *configurator, uint64_t timeout_ms);

/** script_print_netdev() - as ifstat. */
void script_print_netdev(struct script *s, const struct script_netdev *nd);

/** script_print_routes() - as route. */
void script_print_routes(struct script *s);

/* lists.c: menus and request parameters */

/** script_menu_new() - empty, not yet listed; NULL if out of memory. */
struct script_menu *script_menu_new(const char *name);
void script_menu_free(struct script_menu *m);
struct script_menu *script_menu_find(struct script *s, const char *name);
void script_menu_drop(struct script *s, const char *name);
void script_menus_free(struct script *s);
struct script_params *script_params_find(struct script *s, const char *name);

/** script_no_list() - say that there is no such menu or list. */
uint32_t script_no_list(struct script *s, const char *name, const char *what);

/** script_params_take() - out of the list; the caller owns it. NULL if none. */
struct script_params *script_params_take(struct script *s, const char *name);
void script_params_free(struct script_params *p);

#endif
