/*
 * rule.h - the embedded server's policy: which file a client is given.
 *
 *   iPXE         the script's URL, so that it does not load itself again
 *   HTTPClient   the URL of its architecture's file, option 60 sent back
 *   PXEClient    its architecture's file, by TFTP
 *   Raspberry Pi the magic words its boot ROM waits for; it knows its files
 *   U-Boot       its architecture's file, though it is no PXEClient
 *   others       nothing: they are operating systems that want an address
 *
 * Boot data is put everywhere that some client looks: `siaddr` and option
 * 66, `file` and option 67, whatever the client listed in option 55.
 */
#ifndef PXE_SERVER_RULE_H
#define PXE_SERVER_RULE_H

#include "chain/policy.h"

enum { RULE_FILES_MAX = 64, RULE_ARCHS_MAX = 4, RULE_URL_MAX = 1024 };

enum rule_kind {
	RULE_OTHER, RULE_UBOOT, RULE_PXE, RULE_PI, RULE_HTTP, RULE_IPXE,
};

/* Who asks. */
struct rule_client {
	enum rule_kind kind;
	/*
	 * From option 93, of which some firmware sends two, else from the
	 * text of option 60, else BIOS where a PXEClient says neither.
	 */
	uint16_t archs[RULE_ARCHS_MAX];
	size_t n_archs;
};

/** rule_client_of() - tell the kinds of clients apart. */
void rule_client_of(const struct dhcp4_msg *msg, struct rule_client *ret);

/* "That architecture boots this file": a name in the TFTP root, or a URL. */
struct rule_file {
	uint16_t arch;
	const char *file;
};

struct rule {
	const char *script;     /* for iPXE: a URL, or a name on our own HTTP
	                         * server; NULL: none */
	uint16_t http_port;
	bool no_chain;          /* iPXE gets the firmware's file too */
	bool proxy;             /* another server gives the addresses */
	struct rule_file files[RULE_FILES_MAX];
	size_t n_files;

	/* Is there such a file? Asked for names that nobody configured. */
	bool (*has_file)(void *ctx, const char *name);
	void *ctx;
};

/**
 * rule_policy() - the rule as a policy
 *
 * The policy points to @r, which must outlive it.
 */
struct policy rule_policy(struct rule *r);

/**
 * rule_file() - the file for an architecture: configured, else a default
 * that exists
 *
 * Return: a name or a URL; NULL if there is none.
 */
const char *rule_file(const struct rule *r, uint16_t arch);

/**
 * rule_url() - the URL of a file on our HTTP server
 *
 * Return: 0; -EMSGSIZE.
 */
int rule_url(struct in_addr server, uint16_t port, const char *name,
    char *buf, size_t cap);

/**
 * rule_script_url() - what iPXE is told to run
 *
 * Return: 0; -ENODATA if there is no script; -EMSGSIZE.
 */
int rule_script_url(const struct rule *r, struct in_addr server, char *buf,
    size_t cap);

#endif
