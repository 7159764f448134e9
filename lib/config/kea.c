#include "config/kea.h"

#include "config/kea_parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void
tree_free(void *tree)
{
	struct kea_tree *t = tree;

	if (!t)
		return;
	arena_release(&t->arena);
	free(t);
}

/*
 * Broken for every release, and refused by 2.2 before it came to that: the
 * place is the server's, and the text has both.
 */
static void
tell_release_too(const struct kea_parser *p)
{
	bool is_since = p->since && (!p->until ||
	    p->since_pos.line < p->until_pos.line);
	const struct config_pos *pos = is_since ? &p->since_pos :
	    &p->until_pos;
	struct diag later = *p->diag;

	(void)kea_bad(p->diag, pos, "\"%s\" is of Kea %s or %s, and line %u is "
	    "bad for any: %s", is_since ? p->since_key : p->until_key,
	    is_since ? p->since : p->until, is_since ? "later" : "earlier",
	    later.line, later.text);
}

static int
parse(struct kea_parser *p)
{
	struct kea_node *global = NULL;
	int rc = kea_syntax(p, &global);

	if (rc == -EBADMSG && p->lenient)
		tell_release_too(p);
	p->t->files = p->lex.files;
	if (rc == 0)
		rc = kea_build(p, global);
	if (rc == 0)
		rc = kea_look_over(p->t);
	return rc < 0 ? rc : kea_list(p->t);
}

/* One of @path, and a @name with its @text. */
static int
load(const struct config_conf *conf, const char *path, const char *name,
    const char *text, size_t len, void **ret_tree, struct diag *diag)
{
	struct diag why = { 0 };
	struct kea_parser p = { .diag = &why };
	struct config_file *f = NULL;
	int rc;

	p.t = calloc(1, sizeof(*p.t));
	if (!p.t)
		return -ENOMEM;
	if (conf)
		p.t->server_ip = conf->server_ip;
	p.lex.arena = &p.t->arena;
	p.lex.conf = conf;
	p.lex.diag = &why;
	rc = path ? kea_file_read(&p.lex, path, &f) :
	    kea_file_add(&p.lex, name, text, len, &f);
	if (rc == 0) {
		kea_lex_start(&p.lex, f);
		rc = parse(&p);
	}
	if (rc == 0) {
		*ret_tree = p.t;
		return 0;
	}
	if (diag)
		*diag = why;
	tree_free(p.t);
	return rc;
}

int
kea_load(const struct config_conf *conf, void **ret_tree, struct diag *diag)
{
	if (conf->n_paths != 1) {
		diag_set(diag, "Kea reads one file, and what it includes");
		return -EINVAL;
	}
	return load(conf, conf->paths[0], NULL, NULL, 0, ret_tree, diag);
}

int
kea_parse(const char *name, const char *text, size_t len,
    const struct config_conf *conf, void **ret_tree, struct diag *diag)
{
	return load(conf, NULL, name, text, len, ret_tree, diag);
}

/* A DHCPv4 request is none of kea-dhcp6's. */
static int
tree_answer(void *tree, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	const struct kea_tree *t = tree;

	return t->is_v6 ? 0 : kea_answer(tree, req, ret, diag);
}

static int
tree_answer6(void *tree, const struct request6 *req, struct answer6 *ret,
    struct diag *diag)
{
	const struct kea_tree *t = tree;

	return t->is_v6 ? kea6_answer(tree, req, ret, diag) : -ENOTSUP;
}

static const struct config_link *
tree_links6(void *tree, size_t *ret_n)
{
	const struct kea_tree *t = tree;

	*ret_n = t->n_links;
	return t->link_list;
}

static bool
tree_is_v6(void *tree)
{
	const struct kea_tree *t = tree;

	return t->is_v6;
}

static const struct config_literal *
tree_literals(void *tree, size_t *ret_n)
{
	struct kea_tree *t = tree;

	*ret_n = t->n_literals;
	return t->literals;
}

static const struct config_network *
tree_networks(void *tree, size_t *ret_n)
{
	struct kea_tree *t = tree;

	*ret_n = t->n_networks;
	return t->network_list;
}

static const struct config_host *
tree_hosts(void *tree, size_t *ret_n)
{
	struct kea_tree *t = tree;

	*ret_n = t->n_hosts;
	return t->host_list;
}

static const struct config_gap *
tree_gaps(void *tree, size_t *ret_n)
{
	struct kea_tree *t = tree;

	*ret_n = t->n_gaps;
	return t->gap_list;
}

static const struct config_remark *
tree_remarks(void *tree, size_t *ret_n)
{
	struct kea_tree *t = tree;

	*ret_n = t->n_remarks;
	return t->remark_list;
}

static const char *
tree_line(void *tree, const char *file, unsigned int line)
{
	struct kea_tree *t = tree;

	return config_file_line(t->files, &t->arena, file, line);
}

const struct config_ops kea_ops = {
	.dialect = CONFIG_KEA,
	.name = "kea",
	.answer = tree_answer,
	.answer6 = tree_answer6,
	.is_v6 = tree_is_v6,
	.links6 = tree_links6,
	.free = tree_free,
	.literals = tree_literals,
	.networks = tree_networks,
	.hosts = tree_hosts,
	.gaps = tree_gaps,
	.remarks = tree_remarks,
	.line = tree_line,
};
