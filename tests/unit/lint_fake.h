/*
 * lint_fake.h - a configuration language of one table: the first row that
 * fits the request gives the answer. Row N stands on line N.
 */
#ifndef PXE_TESTS_LINT_FAKE_H
#define PXE_TESTS_LINT_FAKE_H

#include "unit.h"

#include "config/config.h"
#include "lint/lint.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { ANY = -1, FAKE_ROWS = 12 };

struct fake_row {
	int arch;                       /* ANY, or the number in option 93 */
	const char *user_class;         /* NULL: any; "": none */
	const char *vendor;             /* beginning of option 60, or NULL */
	const char *hostname;           /* option 12, or NULL: any */
	int mac_end;                    /* last byte of chaddr, or ANY */
	bool silent;
	bool proxy;
	const char *file;               /* NULL: none */
	const char *next_server;        /* NULL: 192.0.2.1; "": none */
	const char *class;              /* option 60 of the answer, or NULL */
	const char *line;               /* as it stands in the file; or NULL */
};

struct fake {
	struct fake_row row[FAKE_ROWS]; /* ends with .arch 0 and no line */
	size_t n;
	struct config_literal lits[16];
	size_t n_lits;
	struct config_network nets[2];
	size_t n_nets;
	const struct config_host *hosts;
	size_t n_hosts;
	struct config_gap gaps[2];
	size_t n_gaps;
	size_t n_asked;
};

static bool
fake_opt_starts(const struct dhcp4_msg *m, uint8_t code, const char *s,
    bool whole)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, code);
	size_t n = strlen(s);

	if (n == 0)
		return !o;
	return o && o->len >= n && (!whole || o->len == n) &&
	    memcmp(o->data, s, n) == 0;
}

static bool
fake_fits(const struct fake_row *r, const struct dhcp4_msg *m)
{
	uint16_t arch;

	return (r->arch == ANY ||
	    (dhcp4_get_u16(m, DHCP4_OPT_ARCH, &arch) && arch == r->arch)) &&
	    (!r->user_class || fake_opt_starts(m, DHCP4_OPT_USER_CLASS,
	    r->user_class, true)) &&
	    (!r->vendor || fake_opt_starts(m, DHCP4_OPT_VENDOR_CLASS,
	    r->vendor, false)) &&
	    (!r->hostname || fake_opt_starts(m, DHCP4_OPT_HOSTNAME,
	    r->hostname, true)) &&
	    (r->mac_end == ANY || m->chaddr[5] == r->mac_end);
}

static int
fake_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	struct fake *f = tree;

	(void)diag;
	f->n_asked++;
	if (req->pxe_port)
		return 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fake_row *r = &f->row[i];
		const char *ip = r->next_server ? r->next_server :
		    "192.0.2.1";

		if (!fake_fits(r, req->msg))
			continue;
		ret->answered = !r->silent;
		ret->is_proxy = r->proxy;
		if (ip[0])
			inet_pton(AF_INET, ip, &ret->msg.siaddr);
		if (r->file)
			snprintf((char *)ret->msg.file,
			    sizeof(ret->msg.file), "%s", r->file);
		if (r->class)
			ck_assert_int_eq(dhcp4_add_str(&ret->msg,
			    DHCP4_OPT_VENDOR_CLASS, r->class), 0);
		return answer_because(ret, "fake.conf", (unsigned int)i + 1,
		    "row %zu", i + 1);
	}
	return 0;
}

static void
fake_free(void *tree)
{
	(void)tree;
}

static const struct config_literal *
fake_literals(void *tree, size_t *ret_n)
{
	*ret_n = ((struct fake *)tree)->n_lits;
	return ((struct fake *)tree)->lits;
}

static const struct config_network *
fake_networks(void *tree, size_t *ret_n)
{
	*ret_n = ((struct fake *)tree)->n_nets;
	return ((struct fake *)tree)->nets;
}

static const struct config_host *
fake_hosts(void *tree, size_t *ret_n)
{
	*ret_n = ((struct fake *)tree)->n_hosts;
	return ((struct fake *)tree)->hosts;
}

static const struct config_gap *
fake_gaps(void *tree, size_t *ret_n)
{
	*ret_n = ((struct fake *)tree)->n_gaps;
	return ((struct fake *)tree)->gaps;
}

static const char *
fake_line(void *tree, const char *file, unsigned int line)
{
	struct fake *f = tree;

	if (strcmp(file, "fake.conf") != 0 || line == 0 || line > f->n)
		return NULL;
	return f->row[line - 1].line ? f->row[line - 1].line :
	    f->row[line - 1].file ? f->row[line - 1].file :
	    f->row[line - 1].class;
}

static const struct config_ops fake_ops = {
	.dialect = CONFIG_ISC, .name = "isc", .answer = fake_answer,
	.free = fake_free, .literals = fake_literals,
	.networks = fake_networks, .hosts = fake_hosts, .gaps = fake_gaps,
	.line = fake_line,
};

/* Add a literal on an option. */
static inline void
fake_literal(struct fake *f, uint8_t code, const void *bytes, size_t len)
{
	f->lits[f->n_lits++] = (struct config_literal){
		.field = CONFIG_F_OPTION, .code = code, .bytes = bytes,
		.len = len, .pos = { "fake.conf", 1, 1 },
	};
}

static inline struct lint_file *
fake_lint_conf(struct fake *f, const struct lint_conf *conf)
{
	struct lint_file *ret = NULL;
	struct diag diag = { .text = "" };
	int rc = lint_config(conf, "fake.conf", &fake_ops, f, &ret, &diag);

	ck_assert_msg(rc == 0, "%d: %s", rc, diag.text);
	return ret;
}

static inline struct lint_file *
fake_lint(struct fake *f)
{
	struct lint_conf conf = { .root = NULL };

	return fake_lint_conf(f, &conf);
}

/* The finding of that fault, or NULL. */
static inline const struct lint_finding *
fake_found(const struct lint_file *f, const char *fault)
{
	for (const struct lint_finding *o = f->findings; o; o = o->next) {
		if (strcmp(o->is.fault->id, fault) == 0)
			return o;
	}
	return NULL;
}

static inline bool
fake_hits(const struct lint_file *f, const struct lint_finding *o,
    const char *kind)
{
	int i = kinds_find(&f->kinds, kind);

	ck_assert_int_ge(i, 0);
	return o && (o->kinds & (UINT64_C(1) << i)) != 0;
}

#endif
