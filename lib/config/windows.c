#include "config/windows_tree.h"

#include "base/file.h"
#include "base/sbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Classes that every server has ([MS-DHCPM] 3.1.1.8, from Windows 2000 on). */
static const struct { const char *name; bool is_vendor; const char *data; }
    predefined[] = {
	{ "Default Routing and Remote Access Class", false, "RRAS.Microsoft" },
	{ "Default Network Access Protection Class", false, "MSFT Quarantine" },
	{ "Default BOOTP Class", false, "BOOTP.Microsoft" },
	{ "Microsoft Windows 2000 Options", true, "MSFT 5.0" },
	{ "Microsoft Windows 98 Options", true, "MSFT 98" },
	{ "Microsoft Options", true, "MSFT" },
};

static void
tree_free(void *tree)
{
	struct windows_tree *t = tree;

	if (!t)
		return;
	free(t->literals.rows);
	free(t->networks.rows);
	free(t->hosts.rows);
	free(t->gaps.rows);
	free(t->remarks.rows);
	free(t->fixes.rows);
	arena_release(&t->arena);
	free(t);
}

static struct windows_tree *
tree_new(const struct config_conf *conf)
{
	struct windows_tree *t = calloc(1, sizeof(*t));
	struct config_pos nowhere = { .file = "" };

	if (!t)
		return NULL;
	t->last_scope = &t->scopes;
	t->policies_active = true;
	if (conf)
		t->server_ip = conf->server_ip;
	for (size_t i = 0; i < ARRAY_LEN(predefined); i++) {
		struct windows_class *c = windows_add_class(t,
		    predefined[i].name, predefined[i].is_vendor,
		    (const uint8_t *)predefined[i].data,
		    strlen(predefined[i].data), nowhere);

		if (!c) {
			tree_free(t);
			return NULL;
		}
		c->is_predefined = true;
	}
	return t;
}

static void
put_utf8(struct sbuf *b, uint32_t c)
{
	if (c < 0x80) {
		sbuf_addc(b, (char)c);
	} else if (c < 0x800) {
		sbuf_addc(b, (char)(0xc0 | c >> 6));
		sbuf_addc(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		sbuf_addc(b, (char)(0xe0 | c >> 12));
		sbuf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		sbuf_addc(b, (char)(0x80 | (c & 0x3f)));
	} else {
		sbuf_addc(b, (char)(0xf0 | c >> 18));
		sbuf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		sbuf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		sbuf_addc(b, (char)(0x80 | (c & 0x3f)));
	}
}

static void
from_utf16(struct sbuf *b, struct rd r, bool little)
{
	while (r.left >= 2) {
		uint32_t c = little ? rd_le16(&r) : rd_u16(&r);
		uint32_t low;

		if (c >= 0xd800 && c < 0xdc00 && r.left >= 2) {
			low = little ? rd_le16(&r) : rd_u16(&r);
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
		}
		put_utf8(b, c);
	}
}

/* Redirected output of netsh is UTF-16, saved scripts begin with a mark. */
static void
decode(struct sbuf *b, const char *text, size_t len)
{
	struct rd r = rd_init(text, len);
	int a = rd_peek(&r, 0);
	int c = rd_peek(&r, 1);

	if ((a == 0xff && c == 0xfe) || (a == 0xfe && c == 0xff)) {
		rd_skip(&r, 2);
		from_utf16(b, r, a == 0xff);
	} else if (len >= 2 && a > 0 && a < 0x80 && c == 0) {
		from_utf16(b, r, true);
	} else {
		if (a == 0xef && c == 0xbb && rd_peek(&r, 2) == 0xbf)
			rd_skip(&r, 3);
		sbuf_addn(b, r.p, r.left);
	}
}

/* A lone CR ends a line for some and not for others: make it an LF. */
static void
even_lines(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' && text[i + 1] != '\n')
			text[i] = '\n';
	}
}

static bool
is_netsh(const char *text)
{
	static const char *const starts[] = { "dhcp server", "netsh dhcp" };

	while (*text) {
		text += strspn(text, " \t\r\n");
		for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
			if (strncasecmp(text, starts[i], strlen(starts[i])) == 0)
				return true;
		}
		if (*text != '#' && *text != '\0')
			return false;
		text += strcspn(text, "\n");
	}
	return false;
}

static int
read_text(struct windows_tree *t, const char *name, const char *text,
    size_t len, struct diag *diag)
{
	struct config_file *f = arena_alloc(&t->arena, sizeof(*f));
	struct sbuf b = SBUF_EMPTY;
	char *utf8;
	const char *p;
	int rc;

	if (!f)
		return -ENOMEM;
	decode(&b, text, len);
	f->name = arena_strdup(&t->arena, name);
	utf8 = b.bad ? NULL : arena_dup(&t->arena, sbuf_str(&b), b.len);
	f->len = b.len;
	sbuf_release(&b);
	if (!f->name || !utf8)
		return -ENOMEM;
	even_lines(utf8, f->len);
	f->text = utf8;
	rc = config_file_index(f, &t->arena);
	if (rc < 0)
		return rc;
	f->next = t->files;
	t->files = f;
	p = f->text + strspn(f->text, " \t\r\n");
	if (p[0] == '<' && p[1] != '#')
		rc = windows_read_xml(t, f, diag);
	else if (is_netsh(f->text))
		rc = windows_read_netsh(t, f, diag);
	else
		rc = windows_read_ps(t, f, diag);
	return rc;
}

static int
complete(struct windows_tree *t, void **ret_tree)
{
	int rc = windows_finish(t);

	if (rc == 0)
		rc = windows_lists(t);
	if (rc == 0)
		rc = windows_remarks(t);
	if (rc == 0)
		*ret_tree = t;
	return rc;
}

int
windows_parse(const char *name, const char *text, size_t len,
    void **ret_tree, struct diag *diag)
{
	struct windows_tree *t = tree_new(NULL);
	int rc = t ? read_text(t, name, text, len, diag) : -ENOMEM;

	if (rc == 0)
		rc = complete(t, ret_tree);
	if (rc < 0)
		tree_free(t);
	return rc;
}

int
windows_load(const struct config_conf *conf, void **ret_tree,
    struct diag *diag)
{
	struct windows_tree *t = tree_new(conf);
	int rc = t ? 0 : -ENOMEM;

	for (size_t i = 0; i < conf->n_paths && rc == 0; i++) {
		const char *path = conf->paths[i];
		char *text = NULL;
		size_t len = 0;

		rc = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path,
		    CONFIG_FILE_MAX, &text, &len, diag);
		if (rc == 0)
			rc = read_text(t, path, text, len, diag);
		free(text);
	}
	if (rc == 0)
		rc = complete(t, ret_tree);
	if (rc < 0)
		tree_free(t);
	return rc;
}

static const struct config_literal *
literals(void *tree, size_t *ret_n)
{
	const struct windows_tree *t = tree;

	*ret_n = t->literals.n;
	return t->literals.rows;
}

static const struct config_network *
networks(void *tree, size_t *ret_n)
{
	const struct windows_tree *t = tree;

	*ret_n = t->networks.n;
	return t->networks.rows;
}

static const struct config_host *
hosts(void *tree, size_t *ret_n)
{
	const struct windows_tree *t = tree;

	*ret_n = t->hosts.n;
	return t->hosts.rows;
}

static const struct config_gap *
gaps(void *tree, size_t *ret_n)
{
	const struct windows_tree *t = tree;

	*ret_n = t->gaps.n;
	return t->gaps.rows;
}

static const struct config_remark *
remarks(void *tree, size_t *ret_n)
{
	const struct windows_tree *t = tree;

	*ret_n = t->remarks.n;
	return t->remarks.rows;
}

static const char *
fix(void *tree, size_t remark)
{
	const struct windows_tree *t = tree;
	const char *const *rows = t->fixes.rows;

	return remark < t->fixes.n ? rows[remark] : NULL;
}

static const char *
line_text(void *tree, const char *file, unsigned int line)
{
	struct windows_tree *t = tree;

	return config_file_line(t->files, &t->arena, file, line);
}

const struct config_ops windows_ops = {
	.dialect = CONFIG_WINDOWS,
	.name = "windows",
	.answer = windows_answer,
	.free = tree_free,
	.literals = literals,
	.networks = networks,
	.hosts = hosts,
	.gaps = gaps,
	.remarks = remarks,
	.fix = fix,
	.line = line_text,
};
