/*
 * serve.h - the embedded boot server: DHCP or proxyDHCP, TFTP and HTTP on
 * one interface, in one process and one loop.
 */
#ifndef PXE_SERVER_SERVE_H
#define PXE_SERVER_SERVE_H

#include "base/diag.h"
#include "net/iface.h"
#include "server/dhcpd.h"
#include "server/rule.h"

struct serve_conf {
	struct iface iface;             /* with an address */
	struct dhcpd_conf dhcp;         /* server_ip is set by serve_new() */
	struct in_addr range_first;     /* unless dhcp.proxy */
	struct in_addr range_last;
	struct rule rule;               /* has_file is set by serve_new(), and
	                                 * proxy from `dhcp` */
	const char *script_path;        /* the file behind rule.script, if that
	                                 * is a name and not a URL; NULL: none */
	const char *tftp_root;
	const char *http_root;          /* NULL: tftp_root */
};

enum serve_kind { SERVE_DHCP, SERVE_TFTP, SERVE_HTTP };

/* Something happened. Texts come from the wire in part: escape them. */
struct serve_event {
	double time;                    /* seconds since the epoch */
	enum serve_kind kind;
	bool minor;                     /* of no interest when all is well */
	bool has_mac;
	uint8_t mac[MAC_LEN];
	struct in_addr ip;              /* of the client; INADDR_ANY: none */
	const char *fault;              /* of the catalogue; NULL if none */
	const char *file;               /* named, sent or asked for; "" if none */
	const char *text;

	/* DHCP */
	int type;                       /* enum dhcp4_type that came; 0: none */
	int reply;                      /* that went out; 0: silence */
	bool has_arch;
	uint16_t arch;

	/* TFTP and HTTP */
	bool failed;
	int status;                     /* HTTP's; 0 for TFTP */
	uint64_t bytes;
	double duration_s;
};

struct serve_stats {
	double duration_s;
	uint64_t requests;              /* DHCP messages that came */
	uint64_t offers;
	uint64_t acks;
	uint64_t naks;
	uint64_t leases;                /* held at this moment */
	uint64_t tftp_files;            /* sent in full */
	uint64_t tftp_failed;
	uint64_t tftp_bytes;
	uint64_t http_files;
	uint64_t http_failed;
	uint64_t http_bytes;
};

typedef void serve_event_fn(void *ctx, const struct serve_event *ev);

struct serve;

/**
 * serve_new() - open every socket; from now on clients may knock
 * @conf: copied; the strings in it must outlive the server
 *
 * Return: 0; a negative errno with a sentence on what to do.
 */
int serve_new(const struct serve_conf *conf, serve_event_fn *fn, void *ctx,
    struct serve **ret, struct diag *diag);

/**
 * serve_run() - serve until SIGINT or SIGTERM
 *
 * Return: the signal's number; a negative errno.
 */
int serve_run(struct serve *s);

void serve_stats(const struct serve *s, struct serve_stats *ret);

/** serve_rule() - the rule as it is applied, to say what will be served. */
const struct rule *serve_rule(const struct serve *s);

void serve_free(struct serve *s);

#endif
