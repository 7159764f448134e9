/*
 * walk_internal.h - what walk.c and the stages, walk_*.c, share.
 */
#ifndef PXE_CLIENT_WALK_INTERNAL_H
#define PXE_CLIENT_WALK_INTERNAL_H

#include "chain/offers.h"
#include "chain/step.h"
#include "client/dora.h"
#include "client/load.h"
#include "client/release.h"
#include "client/walk.h"
#include "net/sniff.h"

enum { WALK_SEEN_MAX = BOOT_STAGES_MAX, WALK_LEASES_MAX = BOOT_STAGES_MAX };

/* A boot program that was started once. */
struct walk_seen {
	const struct persona *persona;
	char sha256[BOOT_SHA256_TEXT_MAX];
};

/* The boot program that runs now; all empty if it is the firmware. */
struct walk_program {
	const char *uri;                /* where it came from; "" */
	char *bytes;                    /* of loaders; owned */
	size_t len;
	struct bootfile what;           /* its script is not here */
	bool by_ipxe;                   /* and iPXE is still there below it */
	/* 209 and 210 as the script that started it has set them; or "". */
	char config_file[TARGET_FILE_MAX];
	char path_prefix[TARGET_FILE_MAX];
};

struct walk {
	const struct walk_conf *conf;
	struct boot *boot;
	struct attach *net;
	struct sniff *sniff;            /* if it is to be captured */
	struct pcapng *pcapng;
	uint64_t deadline_ms;           /* of the whole boot */
	const struct persona *now;      /* who runs */
	bool done;                      /* the end is known */
	bool only_look;                 /* ask for a file's head, not for it */

	/* What the last DHCP exchange gave. */
	bool has_lease;
	bool lost_file;                 /* see dora.h */
	bool by_menu;                   /* a boot menu led to the file */
	struct in_addr file_elsewhere;  /* another server's offer names one */
	bool local;                     /* the boot menu: from the local disk */
	struct in_addr dns;
	char class[DORA_CLASS_MAX];     /* option 60 of the answers; or "" */
	struct in6_addr dns6;
	bool has_proxy_msg;
	struct dhcp4_msg proxy_msg;
	struct walk_v6 *v6;             /* if it boots over IPv6 */
	struct held_lease lease[WALK_LEASES_MAX];
	size_t n_leases;

	/* The boot program that runs now, if it was loaded. */
	char *script;                   /* embedded in it; NULL: none */
	size_t script_len;
	char *initrd_script;            /* given to the iPXE that is to start */
	size_t initrd_script_len;
	struct walk_program program;
	struct walk_seen seen[WALK_SEEN_MAX];
	size_t n_seen;

	/* What the script's last failure was. */
	const char *load_fault;
	char load_why[LOAD_WHY_MAX];
};

/** walk_describe() - "iPXE 1.0.0+git-..." or what kind of thing it is. */
const char *walk_describe(struct boot *b, const struct bootfile *f);

/** walk_changed() - tell the watcher. */
void walk_changed(const struct walk *w);

/**
 * walk_dhcp() - one exchange as the persona that runs now
 *
 * Return: 1 bound; 0 not, and the fault is in @ret_fault, @why; a negative
 * errno of ours.
 */
int walk_dhcp(struct walk *w, const char **ret_fault, char *why, size_t cap,
    struct diag *diag);

/**
 * walk_load() - load a file and record it
 * @server: for plain TFTP: who has @name; NULL: @name is a URI
 * @ret: to be released; look at its fault
 * @what: what the bytes are; to be released
 */
int walk_load(struct walk *w, const char *server, const char *name,
    struct load_result *ret, struct bootfile *what, struct diag *diag);

/** walk_lease() - the stage whose lease is in use; NULL: none yet. */
const struct boot_stage *walk_lease(const struct walk *w);

/**
 * walk_start() - let a loaded boot program take over
 * @next: of the personas or loaders; it runs on the machine that is there,
 *        with the features that the file has
 * @uri:  where it came from
 *
 * Sets the fault if it ran before: that is the loop.
 */
int walk_start(struct walk *w, const struct persona *next, const char *uri,
    struct bootfile *what, const void *bytes, size_t len);

/** walk_step() - what was loaded decides who is next. */
int walk_step(struct walk *w, const char *uri, const struct load_result *r,
    struct bootfile *what, struct diag *diag);

/** walk_is_late() - is the boot's time up? Sets the fault if so. */
bool walk_is_late(struct walk *w);

/** walk_refused() - did a server answer, and have no such file for us? */
bool walk_refused(const struct load_result *r);

/** walk_is_enough() - was a script all that was wanted, and is this one? */
bool walk_is_enough(struct walk *w, const struct bootfile *loaded);

/** walk_start_kernel() - an operating system takes over. */
void walk_start_kernel(struct walk *w, const char *cmdline);

/* ------------------------------------------------ walk_why.c */

/**
 * walk_listen() - are there offers that come too late?
 * @bound: there is an address, and a proxy is missed
 *
 * Return: 0, with another @ret_fault and @why if one came; an error of ours.
 */
int walk_listen(struct walk *w, bool bound, const char **ret_fault, char *why,
    size_t cap, struct diag *diag);

/** walk_note_offers() - what others offered than @taken. */
void walk_note_offers(struct walk *w, const struct offers *o,
    const struct offer *taken);

/** walk_nothing_to_boot() - set the fault of a lease without a file. */
int walk_nothing_to_boot(struct walk *w, struct diag *diag);

/**
 * walk_look_at_name() - is a name that was not found a mangled one, and one
 * that was found an order to boot something else?
 */
void walk_look_at_name(const struct target *t, struct load_result *r);

/** walk_can_reach() - has the machine a way to @server? Else it is a fault. */
bool walk_can_reach(const struct walk *w, const char *server,
    struct load_result *r);

/** walk_stated_size() - of the file, by option 13, for whom believes it; 0. */
uint64_t walk_stated_size(const struct walk *w);

/** walk_look_for_rival() - does another machine use our address as well? */
void walk_look_for_rival(struct walk *w);

/** walk_boot_san() - iPXE boots from the disk that option 17 names, if any. */
bool walk_boot_san(struct walk *w);

/* ------------------------------------------------ walk_v6.c */

/**
 * walk_renew() - ask for more time for the last lease; a fault if that fails
 *
 * Return: 0; a system error.
 */
int walk_renew(struct walk *w, struct diag *diag);

/**
 * walk_pcap_open() - begin to capture for conf->pcap; walk_pcap_close() in any
 * case
 *
 * Return: 0; -EPERM; a system error, as that the file cannot be written.
 */
int walk_pcap_open(struct walk *w, struct diag *diag);

/** walk_pcap_write() - end the capture. Return: 0; a system error. */
int walk_pcap_write(struct walk *w, struct diag *diag);
void walk_pcap_close(struct walk *w);

/**
 * walk_v6_open() - get ready to boot over IPv6; walk_v6_close() in any case
 *
 * Return: 0; -ENOTSUP without a namespace of the machine's own; a system
 * error.
 */
int walk_v6_open(struct walk *w, struct diag *diag);

/** walk_v6_close() - and give the addresses back. */
void walk_v6_close(struct walk *w);

/** walk_v6_dhcp() - walk_dhcp() over IPv6. */
int walk_v6_dhcp(struct walk *w, const char **ret_fault, char *why, size_t cap,
    struct diag *diag);

/** walk_v6_loaded() - the file is here: EDK2 gives its addresses back. */
void walk_v6_loaded(struct walk *w);

/** walk_v6_next() - who boots on over IPv6 when @next takes over from that. */
const struct persona *walk_v6_next(const struct walk *w,
    const struct persona *next);

/** walk_run_script() - as the iPXE that runs now; @uri NULL: embedded. */
int walk_run_script(struct walk *w, const char *uri, const void *bytes,
    size_t len, struct diag *diag);

/** walk_sleep() - wait as the machine would, but no longer than the boot. */
void walk_sleep(const struct walk *w, uint64_t ms);

/** walk_wait_for_person() - the boot ends at a prompt or a menu. */
void walk_wait_for_person(struct walk *w, const char *where);

/**
 * walk_kernel() - look at a kernel as its loader would, and start it
 *
 * Sets the fault if this machine cannot start it.
 */
void walk_kernel(struct walk *w, const char *uri, const struct bootfile *what,
    const void *bytes, size_t len, const char *cmdline);

/**
 * walk_initrd() - look at an initrd for @kernel; iPXE takes a script for one
 *
 * Return: 0, and the fault is set
 * if it is none; -ENOMEM.
 */
int walk_initrd(struct walk *w, const struct bootfile *kernel,
    const char *uri, const struct bootfile *what, const void *bytes,
    size_t len);

struct script;

/** walk_wimboot() - has wimboot what it needs? Sets the fault if not. */
void walk_wimboot(struct walk *w, const struct script *s);

/** walk_os() - the booted system: its DHCP, and what it was told to fetch. */
int walk_os(struct walk *w, struct diag *diag);

/* The loaders. Return: 0; a negative errno of ours. */
int walk_pxelinux(struct walk *w, struct diag *diag);
int walk_shim(struct walk *w, struct diag *diag);
int walk_grub(struct walk *w, struct diag *diag);
int walk_windows(struct walk *w, struct diag *diag);

#endif
