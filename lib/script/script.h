/*
 * script.h - run iPXE scripts as iPXE does.
 *
 * The interpreter knows the language, the settings, the images and what
 * iPXE prints. All else it asks of a host: to load a URI, to configure an
 * interface, to start a kernel, to wait, to press a key. So a script runs
 * against a live network, against a configuration or against a test's table
 * alike. The interpreter does no I/O, always comes to an end (every loop has
 * a ceiling), and time is what the host says.
 *
 * Life of it: script_new(), tell it the machine (script_add_netdev(),
 * script_settings_put() ...), script_run() one image (or script_run_line()
 * "autoboot"), read the end, script_free().
 */
#ifndef PXE_SCRIPT_SCRIPT_H
#define PXE_SCRIPT_SCRIPT_H

#include "base/diag.h"
#include "base/text.h"
#include "chain/bootfile.h"
#include "script/error.h"
#include "script/settings.h"
#include "wire/dhcp4.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct script;

/* Ceilings: a run that passes one ends with SCRIPT_END_LIMIT. */
enum {
	SCRIPT_STEPS_MAX = 100000,              /* lines and commands, empty ones too */
	SCRIPT_NESTING_MAX = 64,                /* scripts that run scripts */
	SCRIPT_IMAGES_MAX = 4096,               /* registered at one time */
	SCRIPT_IMAGE_BYTES_MAX = 1024 * 1024 * 1024,    /* all images together */
	SCRIPT_TEXT_MAX = 4 * 1024 * 1024,      /* one script */
	SCRIPT_WORK_MAX = 256 * 1024 * 1024,    /* bytes expanded and printed in all */
	SCRIPT_LISTS_MAX = 256,                 /* menus; params lists */
	SCRIPT_LIST_ITEMS_MAX = 4096,           /* in one of them */
	SCRIPT_NETDEVS_MAX = 64,
};

/* What the machine and its iPXE are. Strings are copied. */
struct script_config {
	enum script_release release;
	const char *platform;           /* "pcbios", "efi"; NULL: "pcbios" */
	const char *buildarch;          /* "i386", "x86_64", "arm64"; NULL: "i386" */
	const char *version;            /* NULL: the release's */
	uint64_t max_steps;             /* 0: SCRIPT_STEPS_MAX */
};

/* One key=value of a params list. */
struct script_param {
	char *key;
	char *value;
	bool is_header;
	struct script_param *next;
};

struct script_params {
	char *name;                     /* "" for the unnamed list */
	char *method;                   /* "" unless given: POST, or GET if only headers */
	struct script_param *first;
	struct script_params *next;
};

/* What to load. */
struct script_request {
	const char *uri;                /* absolute; #fragment removed, ?query kept */
	uint64_t timeout_ms;            /* 0: no limit was given */
	const struct script_params *params;     /* NULL if none are sent */
};

/* What was loaded. */
struct script_file {
	char *bytes;                    /* from malloc(); may be NULL if len is 0 */
	size_t len;
	struct bootfile what;           /* kind UNKNOWN if nobody looked */
};

/* A registered image. */
struct script_image {
	char *name;
	char *uri;                      /* absolute; "" if it came from no URI */
	char *cmdline;                  /* NULL if it has none */
	char *bytes;
	size_t len;
	struct bootfile what;
	bool selected;
	bool autofree;
	bool hidden;                    /* a script while it runs; off the list then */
	bool trusted;
	struct script_image *next;      /* order of registration */
};

struct script_menu_item {
	char *name;                     /* NULL: a gap, cannot be chosen */
	char *text;
	int key;                        /* 0: none */
	bool is_default;
	struct script_menu_item *next;
};

struct script_menu {
	char *name;                     /* "" for the unnamed menu */
	char *title;
	struct script_menu_item *first;
	struct script_menu *next;
};

/* What became of something that was started. */
enum script_fate {
	SCRIPT_FATE_STATUS,             /* it failed, or ran and returned: the status tells */
	SCRIPT_FATE_BOOT,               /* an operating system runs now */
	SCRIPT_FATE_REPLACED,           /* another boot program took over */
	SCRIPT_FATE_SAN,                /* booted from a SAN device */
};

struct script_san {
	const char *const *uris;        /* root paths, as written and expanded */
	size_t n_uris;
	unsigned int drive;             /* 0x80 unless told */
	const char *filename;           /* NULL if not given */
	bool boot;                      /* sanboot; false: sanhook */
	bool keep;
	bool no_describe;
};

enum {
	SCRIPT_KEY_NONE = -1,           /* nobody pressed one in time */
	SCRIPT_KEY_CANCEL = 0x03,       /* Ctrl-C */
	SCRIPT_CHOICE_NONE = -1,        /* nobody touched the menu */
	SCRIPT_CHOICE_CANCEL = -2,      /* Esc */
};

/*
 * Callbacks return 0 or one of the numbers of error.h. Any of them may be
 * NULL: then what it does is not supported (or nobody answers). They may
 * call the functions of this header that take a script, but not run it.
 */
struct script_host {
	void *ctx;

	/** print() - console output; not split at lines. */
	void (*print)(void *ctx, const char *text, size_t len);

	/** load() - @ret starts empty; on success the script owns its bytes. */
	uint32_t (*load)(void *ctx, struct script *s,
	    const struct script_request *req, struct script_file *ret);

	/**
	 * dhcp() - configure @netdev, and give the packets to
	 * script_settings_put_dhcp()
	 * @timeout_ms: 0 if none was given
	 */
	uint32_t (*dhcp)(void *ctx, struct script *s, const char *netdev,
	    uint64_t timeout_ms);

	/**
	 * exec() - start an image that is not a script
	 * @cmdline: "" if none
	 *
	 * The other images (initrds, modules) are script_images() that are
	 * neither this one nor hidden.
	 */
	uint32_t (*exec)(void *ctx, struct script *s,
	    const struct script_image *image, const char *cmdline,
	    enum script_fate *ret_fate);

	/** san() - hook, and boot from, a SAN device. */
	uint32_t (*san)(void *ctx, struct script *s,
	    const struct script_san *san, enum script_fate *ret_fate);

	void (*sleep)(void *ctx, uint64_t ms);
	uint64_t (*now_ms)(void *ctx);          /* monotonic: how long dhcp took */
	uint64_t (*unixtime)(void *ctx);        /* seconds since the epoch */

	/** key() - wait for a key; @timeout_ms 0: for ever. */
	int (*key)(void *ctx, uint64_t timeout_ms);

	/**
	 * choose() - answer a menu
	 * @initial:    index of the highlighted item
	 * @timeout_ms: 0: the menu waits for ever
	 *
	 * Return: the item's index (gaps counted), or SCRIPT_CHOICE_*.
	 */
	int (*choose)(void *ctx, const struct script_menu *menu, int initial,
	    uint64_t timeout_ms);

	/** read_line() - edit a value (read); false: cancelled or nobody there. */
	bool (*read_line)(void *ctx, const char *old, uint64_t timeout_ms,
	    struct sbuf *ret);

	/** cpuid() - is that feature bit set? NULL: those of a 64-bit machine. */
	bool (*cpuid)(void *ctx, bool ext, bool ecx, unsigned int bit);

	uint32_t (*resolve)(void *ctx, const char *name, struct ip_addr *ret);
	uint32_t (*ping)(void *ctx, const char *host, uint64_t timeout_ms,
	    unsigned int count);
	uint32_t (*ntp)(void *ctx, const char *server);

	/**
	 * note() - a remark on the script: what a script for gPXE uses that
	 * gPXE did not have
	 */
	void (*note)(void *ctx, const char *uri, unsigned int line,
	    const char *text);

	/** unpack() - what a compressed image holds; @ret as in load() */
	uint32_t (*unpack)(void *ctx, const struct script_image *image,
	    struct script_file *ret);
};

/** script_new() - NULL if out of memory. @host must outlive the script. */
struct script *script_new(const struct script_config *config,
    const struct script_host *host);
void script_free(struct script *s);

/**
 * script_add_netdev() - the machine has a network interface: "net0"
 * @is_open: the one that iPXE was loaded through is open from the start
 *
 * Return: 0; -ENOMEM; -EINVAL if the name is not a net0, net1 ...
 */
int script_add_netdev(struct script *s, const char *name,
    const uint8_t mac[MAC_LEN], bool is_open);

/**
 * script_settings_put() - tell a setting of the machine: "smbios/uuid"
 * @type: SETTING_T_NONE for the setting's own type
 *
 * Return: 0; -ENOMEM; -EMSGSIZE; -ENOTSUP if @ref_text names no known type.
 */
int script_settings_put(struct script *s, const char *ref_text,
    enum setting_type type, const void *bytes, size_t len);

/** script_settings_put_dhcp() - as settings_put_dhcp(): "net0.dhcp". */
int script_settings_put_dhcp(struct script *s, const char *block,
    const struct dhcp4_msg *msg);

/** script_settings() - the store itself, for reading and reports. */
struct settings *script_settings(struct script *s);

/** script_set_cwuri() - the current working URI before any image runs. */
int script_set_cwuri(struct script *s, const char *uri);

/** script_images() - the first registered image, or NULL. */
const struct script_image *script_images(const struct script *s);

/**
 * script_stop() - from a callback: end the run as soon as the callback
 * returns
 * @rc: a negative errno that script_run() will return
 */
void script_stop(struct script *s, int rc);

/** script_params_method() - "GET", "POST" ... as the request is sent. */
const char *script_params_method(const struct script_params *p);

/** script_params_has_body() - is any of them no header? */
bool script_params_has_body(const struct script_params *p);

/** script_params_body() - "key=value&key=value", as it is posted. */
void script_params_body(const struct script_params *p, struct sbuf *b);

enum script_end_kind {
	SCRIPT_END_BOOT,                /* an operating system was started */
	SCRIPT_END_SAN,
	SCRIPT_END_EXIT,                /* ran to its end, or exit */
	SCRIPT_END_ERROR,               /* a command failed, and nothing caught it */
	SCRIPT_END_SHELL,               /* asks a person for commands */
	SCRIPT_END_POWEROFF,
	SCRIPT_END_REBOOT,
	SCRIPT_END_REPLACED,            /* another boot program took over */
	SCRIPT_END_LIMIT,               /* went on too long, or waits for ever */
};

struct script_end {
	enum script_end_kind kind;
	uint32_t status;                /* iPXE's; 0 is success */
	char uri[DIAG_FILE_MAX];        /* the script whose line it was; cut if long */
	unsigned int line;              /* 1-based, where that line begins; 0: none */
	char command[32];               /* the command's name; may be "" */
	char text[DIAG_TEXT_MAX];       /* a sentence: why it ended so */
	uint64_t steps;
	/* The image that was started; owned by the script; NULL if none. */
	const struct script_image *booted;
};

/** script_end_name() - "boot", "chain-replaced" ... as in JSON. */
const char *script_end_name(enum script_end_kind kind);

/** script_is_script() - does iPXE take these bytes for a script? */
bool script_is_script(const void *bytes, size_t len);

/**
 * script_run() - run a script image
 * @uri: where it came from, the base of relative URIs; NULL if embedded
 *
 * May be called again: settings and images stay.
 *
 * Return: 0 with @ret filled in, however the script ended; -EBADMSG if the
 * bytes are no script; -EMSGSIZE; -ENOMEM; what script_stop() was given.
 */
int script_run(struct script *s, const char *uri, const void *bytes,
    size_t len, struct script_end *ret, struct diag *diag);

/** script_run_line() - run one command line outside any script: "autoboot". */
int script_run_line(struct script *s, const char *line,
    struct script_end *ret, struct diag *diag);

#endif
