/* dnsmasq_file.c - files, and what they include. */
#include "config/dnsmasq_read.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

static int read_path(struct dnsmasq_line *from, const char *path,
    dnsmasq_read_fn *hard, bool must_be);

static struct config_file *
file_new(struct dnsmasq_tree *t, const char *path, const char *text, size_t len)
{
	struct config_file *f = arena_alloc(&t->arena, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->name = arena_strdup(&t->arena, path);
	f->text = arena_dup(&t->arena, text, len);
	f->len = len;
	if (f->name == NULL || f->text == NULL)
		return NULL;
	f->next = t->files;
	t->files = f;
	return f;
}

/* What stands before and after the '='. */
static char *
cut_value(char *s)
{
	char *eq = strchr(s, '='), *value, *p;

	if (eq == NULL)
		return NULL;
	for (value = eq + 1; *value == ' '; value++)
		;
	for (p = eq; p >= s && (*p == ' ' || *p == '='); p--)
		*p = '\0';
	return value;
}

static int
read_setting(struct dnsmasq_line *l, char *s)
{
	const struct dnsmasq_row *row;
	char *arg = cut_value(s);

	/* A quoted name is found only where no quote hides a character. */
	row = dnsmasq_row(s);
	dnsmasq_unhide(s);
	if (row == NULL && text_starts(s, "--"))
		return dnsmasq_bad(l, s, "in a file an option has no leading "
		    "'--': '%s'", s + 2);
	if (row == NULL && arg == NULL && strchr(s, ' ') != NULL)
		return dnsmasq_bad(l, s, "'%s': an option and its value have a "
		    "'=' between", s);
	if (row == NULL) {
		const char *near = dnsmasq_row_nearest(s);

		return dnsmasq_bad(l, s,
		    "dnsmasq 2.90 has no option '%s'%s%s%s", s,
		    near != NULL ? "; did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?" : "");
	}
	l->name = row->name;
	if (row->arg == 0 && arg != NULL)
		return dnsmasq_bad(l, arg, "'%s' takes no value", row->name);
	if (row->arg == 1 && arg == NULL)
		return dnsmasq_bad(l, s, "'%s' needs a value", row->name);
	return row->read != NULL ? row->read(l, arg) : 0;
}

static int
read_line(struct dnsmasq_line *l, char *text, dnsmasq_read_fn *hard)
{
	char *s = text;
	size_t len;

	l->start = text;
	if (!dnsmasq_cut(text))
		return dnsmasq_bad(l, NULL, "a quote is not closed");
	s += strspn(s, " ");
	l->pos.column = (unsigned int)(s - text) + 1;
	for (len = strlen(s); len > 0 && s[len - 1] == ' '; len--)
		;
	s[len] = '\0';
	if (len == 0)
		return 0;
	if (hard == NULL)
		return read_setting(l, s);
	/* What is wrong in a file of hosts is logged and left out. */
	if (hard(l, s) == -ENOMEM)
		return -ENOMEM;
	return 0;
}

static int
read_lines(struct dnsmasq_tree *t, const struct config_file *f,
    dnsmasq_read_fn *hard, struct diag *diag)
{
	unsigned int number = 0;
	size_t at = 0;

	while (at < f->len) {
		char text[DNSMASQ_LINE_MAX + 1];
		size_t left = min_size(f->len - at, DNSMASQ_LINE_MAX);
		const char *nl = memchr(f->text + at, '\n', left);
		size_t len = nl != NULL ? (size_t)(nl - (f->text + at)) : left;
		struct dnsmasq_line l = { .tree = t, .diag = diag };
		struct diag ignored;
		int rc;

		memcpy(text, f->text + at, len);
		text[len] = '\0';
		at += len + (nl != NULL);
		l.pos.file = f->name;
		l.pos.line = ++number;
		l.pos.column = 1;
		if (hard != NULL)
			l.diag = &ignored;
		rc = read_line(&l, text, hard);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* A file that was read is not read again: this ends loops. */
static int
seen(struct dnsmasq_tree *t, const char *path)
{
	struct dnsmasq_inode *i;
	struct stat st;

	if (stat(path, &st) < 0)
		return 0;
	for (i = t->inodes; i != NULL; i = i->next)
		if (i->dev == (uint64_t)st.st_dev &&
		    i->ino == (uint64_t)st.st_ino)
			return 1;
	i = arena_alloc(&t->arena, sizeof(*i));
	if (i == NULL)
		return -ENOMEM;
	i->dev = (uint64_t)st.st_dev;
	i->ino = (uint64_t)st.st_ino;
	i->next = t->inodes;
	t->inodes = i;
	return 0;
}

/* Where a path of the configuration is in truth. */
static const char *
resolve(struct dnsmasq_tree *t, const char *path)
{
	struct stat st;
	char *p;

	if (t->root == NULL || *path != '/')
		return path;
	p = arena_printf(&t->arena, "%s%s", t->root, path);
	return p != NULL && stat(p, &st) == 0 ? p : path;
}

static int
read_file(struct dnsmasq_tree *t, const char *path, dnsmasq_read_fn *hard,
    struct diag *diag)
{
	struct config_file *f;
	char *text = NULL;
	size_t len;
	int rc;

	rc = hard == NULL && strcmp(path, "-") != 0 ? seen(t, path) : 0;
	if (rc != 0)
		return rc < 0 ? rc : 0;
	if (++t->n_files > CONFIG_FILES_MAX || t->depth > CONFIG_DEPTH_MAX) {
		diag_set(diag, "%s: too many files", path);
		return -E2BIG;
	}
	rc = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path,
	    CONFIG_FILE_MAX, &text, &len, diag);
	if (rc < 0)
		return rc;
	f = file_new(t, path, text, len);
	free(text);
	if (f == NULL)
		return -ENOMEM;
	t->depth++;
	rc = read_lines(t, f, hard, diag);
	t->depth--;
	return rc;
}

int
dnsmasq_read_conf_file(struct dnsmasq_line *l, char *arg)
{
	const char *path = dnsmasq_word(l, arg);

	if (path == NULL)
		return 0;
	return read_path(l, resolve(l->tree, path), NULL, true);
}

static int
read_path(struct dnsmasq_line *from, const char *path, dnsmasq_read_fn *hard,
    bool must_be)
{
	struct stat st;
	int rc;

	if (stat(path, &st) < 0) {
		rc = -errno;
		if (!must_be)
			return 0;
		diag_sys(from->diag, -rc, "cannot read '%s'", path);
		diag_at(from->diag, from->pos.file, from->pos.line,
		    from->pos.column);
		return rc;
	}
	rc = read_file(from->tree, path, hard, from->diag);
	return hard != NULL && rc != -ENOMEM && rc != -E2BIG ? 0 : rc;
}

/* The files of a folder that a configuration may be split into, by name. */
struct names {
	char **v;
	size_t n, cap;
};

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct suffixes {
	const char *take[32], *leave[32];
	size_t n_take, n_leave;
};

static bool
ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), s = strlen(suffix);

	return n > s && strcmp(name + n - s, suffix) == 0;
}

static bool
is_wanted(const char *name, const struct suffixes *s)
{
	size_t len = strlen(name);
	bool take = s->n_take == 0;

	if (len == 0 || name[0] == '.' || name[len - 1] == '~' ||
	    (name[0] == '#' && name[len - 1] == '#'))
		return false;
	for (size_t i = 0; i < s->n_take; i++)
		take |= ends_with(name, s->take[i]);
	for (size_t i = 0; i < s->n_leave; i++)
		if (ends_with(name, s->leave[i]))
			return false;
	return take;
}

static int
list_dir(struct dnsmasq_tree *t, const char *path, const struct suffixes *s,
    struct names *ret)
{
	const struct dirent *e;
	DIR *d = opendir(path);
	int rc = 0;

	if (d == NULL)
		return -errno;
	while (rc == 0 && (e = readdir(d)) != NULL) {
		struct stat st;
		char *full;

		if (!is_wanted(e->d_name, s))
			continue;
		full = arena_printf(&t->arena, "%s/%s", path, e->d_name);
		if (full == NULL) {
			rc = -ENOMEM;
			break;
		}
		if (stat(full, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (ret->n == CONFIG_FILES_MAX)
			rc = -E2BIG;
		else
			ret->v[ret->n++] = full;
	}
	closedir(d);
	if (rc == 0)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_name);
	return rc;
}

static int
read_dir(struct dnsmasq_line *from, const char *path, const struct suffixes *s,
    dnsmasq_read_fn *hard)
{
	struct names names = { 0 };
	int rc;

	names.v = arena_alloc(&from->tree->arena,
	    CONFIG_FILES_MAX * sizeof(*names.v));
	if (names.v == NULL)
		return -ENOMEM;
	rc = list_dir(from->tree, path, s, &names);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < names.n && rc == 0; i++)
		rc = read_path(from, names.v[i], hard, false);
	return rc;
}

int
dnsmasq_read_conf_dir(struct dnsmasq_line *l, char *arg)
{
	struct suffixes s = { .n_take = 0 };
	char *rest = dnsmasq_split(arg);
	const char *path = dnsmasq_word(l, arg);
	int rc;

	if (path == NULL)
		return 0;
	while (rest != NULL) {
		char *next = dnsmasq_split(rest);

		if (rest[0] == '*') {
			/* "*.conf" is what to read; "*" alone is everything. */
			if (rest[1] != '\0' && s.n_take < ARRAY_LEN(s.take))
				s.take[s.n_take++] = rest + 1;
		} else if (*rest != '\0' && s.n_leave < ARRAY_LEN(s.leave)) {
			s.leave[s.n_leave++] = rest;
		}
		rest = next;
	}
	path = resolve(l->tree, path);
	rc = read_dir(l, path, &s, NULL);
	if (rc == -ENOENT || rc == -EACCES || rc == -ENOTDIR) {
		diag_sys(l->diag, -rc, "cannot read the folder '%s'", path);
		diag_at(l->diag, l->pos.file, l->pos.line, l->pos.column);
	}
	return rc;
}

int
dnsmasq_read_conf_script(struct dnsmasq_line *l, char *arg)
{
	(void)arg;
	return dnsmasq_gap(l->tree, l->pos, true,
	    "a conf-script is not run: what it prints is not known");
}

/* Files, or folders, of hosts and of options are read after all lines. */
static int
later(struct dnsmasq_line *l, char *arg, dnsmasq_read_fn *hard)
{
	struct dnsmasq_later *x = arena_alloc(&l->tree->arena, sizeof(*x));

	if (x == NULL)
		return -ENOMEM;
	x->path = dnsmasq_word(l, arg);
	x->hard = hard;
	x->pos = l->pos;
	if (x->path == NULL)
		return 0;
	x->next = l->tree->later;
	l->tree->later = x;
	return 0;
}

int
dnsmasq_read_hosts_file(struct dnsmasq_line *l, char *arg)
{
	return later(l, arg, dnsmasq_read_host);
}

int
dnsmasq_read_opts_file(struct dnsmasq_line *l, char *arg)
{
	return later(l, arg, dnsmasq_read_dhcp_option);
}

static int
read_later(struct dnsmasq_tree *t, struct diag *diag)
{
	const struct suffixes all = { .n_take = 0 };
	int rc = 0;

	for (struct dnsmasq_later *x = t->later; x != NULL && rc == 0;
	    x = x->next) {
		struct dnsmasq_line l = { .tree = t, .pos = x->pos,
		    .diag = diag };
		const char *path = resolve(t, x->path);
		struct stat st;

		if (stat(path, &st) < 0)
			rc = dnsmasq_gap(t, x->pos, true,
			    "this file is not there to be read");
		else if (S_ISDIR(st.st_mode))
			rc = read_dir(&l, path, &all, x->hard);
		else
			rc = read_path(&l, path, x->hard, false);
	}
	return rc;
}

static int
check(struct dnsmasq_tree *t, struct diag *diag)
{
	if (t->fqdn && t->domain == NULL) {
		diag_set(diag, "dhcp-fqdn needs a domain");
		diag_at(diag, t->fqdn_at.file, t->fqdn_at.line, 1);
		return -EBADMSG;
	}
	return 0;
}

static struct dnsmasq_tree *
tree_new(const struct config_conf *conf)
{
	struct dnsmasq_tree *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->server_ip = conf->server_ip;
	t->last_range = &t->ranges;
	t->last_service = &t->services;
	t->last_tag_if = &t->tag_ifs;
	t->next_type = 32768;
	if (conf->root != NULL) {
		t->root = arena_strdup(&t->arena, conf->root);
		if (t->root == NULL) {
			free(t);
			return NULL;
		}
	}
	return t;
}

void
dnsmasq_free(void *tree)
{
	struct dnsmasq_tree *t = tree;

	if (t == NULL)
		return;
	free(t->literal_list.rows);
	free(t->network_list.rows);
	free(t->host_list.rows);
	free(t->gap_list.rows);
	free(t->remark_list.rows);
	arena_release(&t->arena);
	free(t);
}

int
dnsmasq_load(const struct config_conf *conf, void **ret_tree, struct diag *diag)
{
	struct dnsmasq_tree *t = tree_new(conf);
	int rc = 0;

	if (t == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < conf->n_paths && rc == 0; i++)
		rc = read_file(t, conf->paths[i], NULL, diag);
	if (rc == 0)
		rc = check(t, diag);
	if (rc == 0)
		rc = read_later(t, diag);
	if (rc == 0)
		rc = dnsmasq_lists(t);
	if (rc < 0) {
		dnsmasq_free(t);
		return rc;
	}
	*ret_tree = t;
	return 0;
}
