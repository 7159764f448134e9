/*
 * dnsmasq_run.h - one request on its way through a configuration.
 *
 * The tree is only read: what a request changes is here.
 */
#ifndef PXE_CONFIG_DNSMASQ_RUN_H
#define PXE_CONFIG_DNSMASQ_RUN_H

#include "config/dnsmasq_tree.h"

/* A set of tags: which are there, and the line each comes from. */
struct dnsmasq_tags {
	const struct config_pos **from;         /* by id; NULL: not set */
};

enum dnsmasq_state {
	DNSMASQ_S_TAGOK = 1 << 0,
	DNSMASQ_S_VENDOR = 1 << 1,      /* its vendor class is the client's */
	DNSMASQ_S_DONE = 1 << 2,
	DNSMASQ_S_ENCAP = 1 << 3,
};

struct dnsmasq_run {
	struct dnsmasq_tree *tree;
	const struct request *req;
	const struct dhcp4_msg *msg;
	struct answer *ret;
	struct diag *diag;

	struct dnsmasq_tags tags;       /* what lines set */
	struct dnsmasq_tags eff;        /* and what follows by tag-if */
	uint8_t *state;                 /* of each dhcp-option, by id */

	struct dnsmasq_range **ranges;  /* the network's, in order */
	size_t n_ranges;
	const struct dnsmasq_range *range;      /* the one that answers */
	struct in_addr local;           /* our address there */
	struct in_addr subnet;          /* selected by the client or relay */

	const struct dnsmasq_host *host;
	const char *hostname;
	bool nul_strings;               /* the client ends texts with a NUL */
	bool ignored;

	const uint8_t *client_id;
	size_t client_id_len;
	const char *pxe_vendor;         /* what the client called itself by */
	int arch;                       /* -1: no PXE client to us */
	const uint8_t *uuid;

	/* Room left in the packet, as the server counts it. */
	size_t end, used, used_file, used_sname;
	bool overload_written;
	bool file_taken, sname_taken;
	bool over_file, over_sname;
};

/* dnsmasq_match.c */
int dnsmasq_tags_init(struct dnsmasq_run *r, struct dnsmasq_tags *t);
void dnsmasq_tag_put(struct dnsmasq_tags *t, const struct dnsmasq_tag *tag,
    const struct config_pos *pos);
bool dnsmasq_when_true(const struct dnsmasq_cond *c,
    const struct dnsmasq_tags *t, bool if_empty);
void dnsmasq_tag_ifs(const struct dnsmasq_run *r,
    const struct dnsmasq_tags *from, struct dnsmasq_tags *to);
int dnsmasq_because(struct dnsmasq_run *r, const struct dnsmasq_cond *c,
    const struct dnsmasq_tags *t, const struct config_pos *pos);
int dnsmasq_match_request(struct dnsmasq_run *r);
const struct dnsmasq_host *dnsmasq_find_host(const struct dnsmasq_run *r,
    bool here, const char *name, bool by_name_only);
void dnsmasq_match_vendors(struct dnsmasq_run *r, const uint8_t *class,
    size_t len);
bool dnsmasq_same_net(struct in_addr a, struct in_addr b, struct in_addr mask);

/* dnsmasq_net.c */
int dnsmasq_pick_ranges(struct dnsmasq_run *r);
const struct dnsmasq_range *dnsmasq_pick_range(const struct dnsmasq_run *r,
    bool is_bootp);
/*
 * Why a REQUEST for an address is refused; NULL: it is not. @selecting: it
 * takes an offer. Who else has the address is not known here.
 */
const char *dnsmasq_why_not(const struct dnsmasq_run *r, struct in_addr a,
    bool selecting);
struct in_addr dnsmasq_router(const struct dnsmasq_run *r);

/* dnsmasq_pxe.c */
bool dnsmasq_is_pxe(struct dnsmasq_run *r);
int dnsmasq_pxe_answer(struct dnsmasq_run *r, bool *ret_done);
int dnsmasq_pxe_misc(struct dnsmasq_run *r);
bool dnsmasq_single_service(struct dnsmasq_run *r, bool fill);
int dnsmasq_pxe_encap(struct dnsmasq_run *r, bool *ret_sent);

/* dnsmasq_reply.c */
int dnsmasq_reply(struct dnsmasq_run *r, int type);
int dnsmasq_put(struct dnsmasq_run *r, unsigned int code, const void *data,
    size_t len);
int dnsmasq_put_ip(struct dnsmasq_run *r, unsigned int code, struct in_addr a);
int dnsmasq_put_u32(struct dnsmasq_run *r, unsigned int code, uint32_t v);
int dnsmasq_put_u8(struct dnsmasq_run *r, unsigned int code, uint8_t v);
const struct dnsmasq_boot *dnsmasq_find_boot(const struct dnsmasq_run *r);
struct in_addr dnsmasq_resolve(const struct dnsmasq_run *r, const char *name);
bool dnsmasq_prune_vendor(struct dnsmasq_run *r);
void dnsmasq_copy_field(uint8_t *field, size_t cap, const char *s);

#endif
