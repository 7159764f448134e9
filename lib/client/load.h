/*
 * load.h - load one file as a persona would: by TFTP with its options and
 * timing, or by HTTP.
 *
 * Uses the host's own network stack. What a server refuses is a result with
 * a fault id, not a failure of ours.
 */
#ifndef PXE_CLIENT_LOAD_H
#define PXE_CLIENT_LOAD_H

#include "base/diag.h"
#include "base/sbuf.h"
#include "chain/persona.h"
#include "net/fetch.h"
#include "net/resolve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct load_conf {
	const struct persona_tftp *tftp;
	const char *user_agent;         /* NULL: HTTP is not spoken */
	bool follow_redirects;
	bool no_tls;                    /* https is not spoken */
	bool head;                      /* HEAD before GET */
	const char *const *http_lines;  /* as in struct persona; NULL: any */
	bool http_bare_host;
	bool http_1_0;
	bool efi_rules;                 /* size and type must be known (EDK2) */
	const struct fetch_tls *tls;    /* NULL: as the host has it */
	bool no_authority;              /* and the firmware knows none */
	bool only_head;                 /* HEAD instead, if it is answered */
	uint64_t timeout_ms;            /* HTTP: without progress; 0: 15 s or so */
	const char *method;             /* as struct fetch_request */
	const char *body;
	const char *const *headers;
	const char *iface;              /* leave through it; NULL: any */
	enum resolve_how names;         /* who resolves host names */
	struct in_addr dns;             /* that DHCP gave; 0: none */
	bool ipv6;                      /* all is over IPv6 */
	struct in6_addr dns6;           /* that DHCPv6 gave; ::, if none */
	unsigned int speed;             /* divides TFTP's waits */
	size_t max_bytes;
	uint64_t stated_size;           /* by DHCP, believed; 0: it is asked for */
	/* @total is 0 where it is not known. May be NULL. */
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

enum { LOAD_WHY_MAX = 400, LOAD_DETAIL_MAX = 160 };

struct load_result {
	const char *fault;              /* NULL: loaded */
	char why[LOAD_WHY_MAX];         /* with `fault`: a sentence */
	char *bytes;                    /* owned */
	size_t len;
	long status;                    /* HTTP status or TFTP error code */
	double duration_s;
	const char *proto;              /* "tftp", "http", "https" */
	char detail[LOAD_DETAIL_MAX];   /* how it went: block size, repeats */
};

/** load_as() - set what a persona does its own way. */
void load_as(struct load_conf *conf, const struct persona *p);

/**
 * load_tftp() - read a file
 * @server: an address; a name is resolved
 * @name:   as it goes into the request
 *
 * Return: 0 with @ret, to be released; -ENOMEM or a system error of ours.
 */
int load_tftp(const struct load_conf *conf, const char *server, uint16_t port,
    const char *name, struct load_result *ret, struct diag *diag);

/** load_uri() - tftp://, http:// or https://; others are a fault. */
int load_uri(const struct load_conf *conf, const char *uri,
    struct load_result *ret, struct diag *diag);

void load_release(struct load_result *r);

#endif
