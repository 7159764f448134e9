#include "config/isc.h"

#include "base/file.h"
#include "config/isc_answer.h"
#include "config/isc_check.h"
#include "config/isc_decl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
isc_gap(struct isc_tree *t, struct config_pos pos, const char *text)
{
	struct config_gap *g = config_list_add(&t->gaps, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->pos = pos;
	g->text = text;
	return 0;
}

int
isc_remark(struct isc_tree *t, struct config_pos pos, const char *fault,
    const char *fmt, ...)
{
	struct config_remark *r = config_list_add(&t->remarks, sizeof(*r));
	char text[DIAG_TEXT_MAX];
	va_list ap;

	if (!r)
		return -ENOMEM;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->fault = fault;
	r->pos = pos;
	r->text = arena_strdup(&t->arena, text);
	return r->text ? 0 : -ENOMEM;
}

static void
tree_free(void *tree)
{
	struct isc_tree *t = tree;

	if (!t)
		return;
	free(t->literals.rows);
	free(t->networks.rows);
	free(t->host_list.rows);
	free(t->gaps.rows);
	free(t->remarks.rows);
	free(t->known_ranges.rows);
	arena_release(&t->arena);
	free(t);
}

static struct isc_tree *
tree_new(const struct config_conf *conf)
{
	struct isc_tree *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	if (conf)
		t->server_ip = conf->server_ip;
	t->hosts_tail = &t->hosts;
	t->classes_tail = &t->classes;
	t->host_by_name.ignore_case = true;
	t->set_names.ignore_case = true;
	t->root = arena_alloc(&t->arena, sizeof(*t->root));
	if (!t->root || isc_options_init(t) < 0) {
		tree_free(t);
		return NULL;
	}
	t->root->tail = &t->root->first;
	return t;
}

static int
add_text(struct isc_tree *t, const char *name, const char *text, size_t len,
    struct config_file **ret)
{
	struct config_file *f = arena_alloc(&t->arena, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->name = arena_strdup(&t->arena, name);
	f->text = arena_dup(&t->arena, text, len);
	f->len = len;
	if (!f->name || !f->text)
		return -ENOMEM;
	f->next = t->files;
	t->files = f;
	t->n_files++;
	*ret = f;
	return 0;
}

static int
read_stdin(char **ret, size_t *ret_len)
{
	struct sbuf b = SBUF_EMPTY;
	char buf[4096];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0 &&
	    b.len < CONFIG_FILE_MAX)
		sbuf_addn(&b, buf, (size_t)n);
	if (n < 0 || b.bad) {
		sbuf_release(&b);
		return n < 0 ? -errno : -ENOMEM;
	}
	*ret_len = b.len;
	if (!b.text)
		sbuf_add(&b, "");
	*ret = sbuf_steal(&b);
	return *ret ? 0 : -ENOMEM;
}

static int
add_file(struct isc_tree *t, const char *path, struct config_file **ret,
    struct diag *diag)
{
	char *text = NULL;
	size_t len = 0;
	int rc;

	rc = strcmp(path, "-") == 0 ? read_stdin(&text, &len) :
	    file_read(path, CONFIG_FILE_MAX, &text, &len, diag);
	if (rc == 0)
		rc = add_text(t, path, text, len, ret);
	free(text);
	return rc;
}

/* As written below the root, as written, beside the including file. */
static int
find_include(struct isc_parser *p, const char *path, struct config_file **ret)
{
	const char *slash = strrchr(p->lex.file, '/');
	char *tries[3] = { NULL, NULL, NULL };
	size_t i;
	int rc = -ENOENT;

	if (p->conf && p->conf->root)
		tries[0] = arena_printf(&p->t->arena, "%s/%s", p->conf->root,
		    path);
	tries[1] = arena_strdup(&p->t->arena, path);
	if (path[0] != '/' && slash)
		tries[2] = arena_printf(&p->t->arena, "%.*s/%s",
		    (int)(slash - p->lex.file), p->lex.file, path);
	for (i = 0; i < ARRAY_LEN(tries) && rc == -ENOENT; i++) {
		if (tries[i])
			rc = add_file(p->t, tries[i], ret, p->diag);
	}
	return rc;
}

int
isc_open_include(struct isc_parser *p, const char *path, struct config_pos pos)
{
	struct config_file *f = NULL;
	int rc;

	if (!p->conf) {
		(void)isc_fail_at(p, pos, "there is no '%s' to include here",
		    path);
		return -ENOENT;
	}
	if (p->t->n_files >= CONFIG_FILES_MAX)
		return isc_fail_at(p, pos, "more than %d files are included",
		    CONFIG_FILES_MAX);
	rc = find_include(p, path, &f);
	if (rc < 0) {
		(void)isc_fail_at(p, pos, "cannot include '%s': %s", path,
		    strerror(-rc));
		return rc;
	}
	isc_lex_init(&p->lex, &p->t->arena, f->name, f->text, f->len);
	return 0;
}

static int
parse_file(struct isc_tree *t, const struct config_file *f,
    const struct config_conf *conf, struct diag *diag)
{
	struct isc_parser p = { .t = t, .conf = conf, .diag = diag };

	isc_lex_init(&p.lex, &t->arena, f->name, f->text, f->len);
	return isc_read_decls(&p);
}

int
isc_parse(const char *name, const char *text, size_t len,
    const struct config_conf *conf, void **ret_tree, struct diag *diag)
{
	struct isc_tree *t = tree_new(conf);
	struct config_file *f = NULL;
	int rc;

	if (!t)
		return -ENOMEM;
	rc = add_text(t, name, text, len, &f);
	if (rc == 0)
		rc = parse_file(t, f, conf, diag);
	if (rc == 0)
		rc = isc_finish(t);
	if (rc == 0)
		*ret_tree = t;
	else
		tree_free(t);
	return rc;
}

int
isc_load(const struct config_conf *conf, void **ret_tree, struct diag *diag)
{
	struct isc_tree *t = tree_new(conf);
	struct config_file *f = NULL;
	size_t i;
	int rc = 0;

	if (!t)
		return -ENOMEM;
	for (i = 0; i < conf->n_paths && rc == 0; i++) {
		rc = add_file(t, conf->paths[i], &f, diag);
		if (rc == 0)
			rc = parse_file(t, f, conf, diag);
	}
	if (rc == 0)
		rc = isc_finish(t);
	if (rc == 0)
		*ret_tree = t;
	else
		tree_free(t);
	return rc;
}

static const struct config_literal *
tree_literals(void *tree, size_t *ret_n)
{
	struct isc_tree *t = tree;

	*ret_n = t->literals.n;
	return t->literals.rows;
}

static const struct config_network *
tree_networks(void *tree, size_t *ret_n)
{
	struct isc_tree *t = tree;

	*ret_n = t->networks.n;
	return t->networks.rows;
}

static const struct config_host *
tree_hosts(void *tree, size_t *ret_n)
{
	struct isc_tree *t = tree;

	*ret_n = t->host_list.n;
	return t->host_list.rows;
}

static const struct config_gap *
tree_gaps(void *tree, size_t *ret_n)
{
	struct isc_tree *t = tree;

	*ret_n = t->gaps.n;
	return t->gaps.rows;
}

static const struct config_remark *
tree_remarks(void *tree, size_t *ret_n)
{
	struct isc_tree *t = tree;

	*ret_n = t->remarks.n;
	return t->remarks.rows;
}

const char *
isc_line(void *tree, const char *file, unsigned int line)
{
	struct isc_tree *t = tree;

	return config_file_line(t->files, &t->arena, file, line);
}

const struct config_ops isc_ops = {
	.dialect = CONFIG_ISC,
	.name = "isc",
	.answer = isc_answer,
	.free = tree_free,
	.literals = tree_literals,
	.networks = tree_networks,
	.hosts = tree_hosts,
	.gaps = tree_gaps,
	.remarks = tree_remarks,
	.line = isc_line,
};
