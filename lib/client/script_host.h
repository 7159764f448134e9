/*
 * script_host.h - run an iPXE script on a machine that is only described:
 * `script run`.
 *
 * Files come from the network, from a folder that plays every server, or
 * not at all. Time is virtual unless it is asked to be real: a menu of 30 s
 * takes none. Who answers menus and prompts is said beforehand. What happened
 * is a struct script_record.
 */
#ifndef PXE_CLIENT_SCRIPT_HOST_H
#define PXE_CLIENT_SCRIPT_HOST_H

#include "client/load.h"
#include "script/script.h"

enum script_source {
	SCRIPT_SOURCE_NETWORK,
	SCRIPT_SOURCE_ROOT,             /* files below `root`, whatever server is named */
	SCRIPT_SOURCE_NONE,             /* nothing is loaded, all succeeds */
};

struct script_texts {
	const char *const *text;
	size_t n;
};

enum script_event {
	SCRIPT_EV_CONSOLE,              /* a line of the console */
	SCRIPT_EV_LOAD,
	SCRIPT_EV_DHCP,
	SCRIPT_EV_ANSWER,               /* a menu, prompt or field was answered */
	SCRIPT_EV_WAIT,
	SCRIPT_EV_EXEC,
	SCRIPT_EV_NOTE,
};

/* The server that plays all others with SCRIPT_SOURCE_ROOT (RFC 5737). */
#define SCRIPT_HOST_SERVER "192.0.2.1"

enum { SCRIPT_KEY_PASS = -2 };          /* of `keys`: this prompt times out */

struct script_host_conf {
	const char *platform;           /* as struct script_config */
	const char *buildarch;
	enum script_release release;
	struct script_texts set;        /* NAME=VALUE: settings from the start */
	struct script_texts smbios;     /* NAME=VALUE: block smbios */
	struct script_texts dhcp;       /* NAME=VALUE: what DHCP answers */
	bool no_dhcp;                   /* no server answers */
	bool cached_dhcp;               /* the PXE ROM's answer is known at once */
	enum script_source source;
	const char *root;               /* with SCRIPT_SOURCE_ROOT */
	struct script_texts choices;    /* names of items, menu by menu; "": Esc */
	const int *keys;                /* prompt by prompt */
	size_t n_keys;
	struct script_texts answers;    /* read by read, and fields of login */
	bool real_time;
	uint64_t max_steps;             /* 0: the interpreter's own */
	/* Called as things happen, with one line. May be NULL. */
	void (*event)(void *ctx, enum script_event what, const char *line);
	void *ctx;
};

/* What the script asked for, in order. */
struct script_load {
	char *uri;
	char *method;                   /* "GET", "POST" ...; "RRQ" for TFTP */
	char *body;                     /* of POST; NULL if none */
	uint32_t status;                /* iPXE's; 0: loaded */
	size_t len;
	enum bootfile_kind kind;
};

/* An image, when the run was over or the kernel started. */
struct script_record_image {
	char *name;
	char *uri;
	char *cmdline;                  /* NULL: none */
	size_t len;
	enum bootfile_kind kind;
	bool is_kernel;                 /* the one that was started */
};

struct script_record_setting {
	char *name;                     /* "net0.dhcp/filename" */
	enum setting_type type;
	char *value;
	size_t value_len;
};

struct script_record {
	char **console;                 /* lines, without what was erased */
	size_t n_console;
	struct script_load *loads;
	size_t n_loads;
	struct script_record_image *images;
	size_t n_images;
	struct script_record_setting *settings;
	size_t n_settings;
	char **notes;                   /* remarks on the script */
	size_t n_notes;
	struct script_end end;          /* its `booted` is NULL */
	uint64_t elapsed_ms;            /* as the script saw it */
};

/**
 * script_host_run() - run a script to its end
 * @uri:   where the script came from; NULL: embedded in iPXE
 * @bytes: of the script; NULL: load @uri first
 *
 * Return: 0 with @ret filled in, to be released, however the script ended;
 * -EINVAL for a setting, item or answer that is none; -EBADMSG if it is no
 * script; -ENOENT if it cannot be loaded; a system error.
 */
int script_host_run(const struct script_host_conf *conf, const char *uri,
    const void *bytes, size_t len, struct script_record *ret,
    struct diag *diag);
void script_record_release(struct script_record *r);

/** script_record_is_good() - did it end as its author can have meant it? */
bool script_record_is_good(const struct script_record *r);

/** script_load_status() - iPXE's number for a load that failed. */
uint32_t script_load_status(const struct load_result *r);

#endif
