#include "lint/filekind.h"

#include "base/file.h"
#include "base/sbuf.h"
#include "base/text.h"
#include "firmware/by_name.h"
#include "firmware/identify.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	NAME_MAX_LEN = 1024,
	FILE_READ_MAX = 256 * 1024 * 1024,
	SCRIPT_READ_MAX = 64 * 1024,
};

struct filekind_seen {
	const char *name;
	int rc;
	struct filekind kind;
	struct filekind_seen *next;
};

/* Servers take a name as one of the root, with or without a slash before it. */
static void
path_in(const struct filekind_cache *c, const char *name, char *buf,
    size_t cap)
{
	size_t root_len = strlen(c->root);

	/* a server whose root is the whole path takes the name as it is */
	if (name[0] == '/' && strncmp(name, c->root, root_len) == 0 &&
	    (name[root_len] == '/' || c->root[root_len - 1] == '/'))
		(void)text_copy(buf, cap, name);
	else
		(void)snprintf(buf, cap, "%s/%s", c->root,
		    name + strspn(name, "/"));
}

bool
filekind_has(const struct filekind_cache *c, const char *path)
{
	char full[NAME_MAX_LEN];

	path_in(c, path, full, sizeof(full));
	return access(full, F_OK) == 0;
}

/* An entry of the folder whose name differs in case at most. */
static bool
entry_like(const char *folder, const char *name, size_t len, char *buf,
    size_t cap)
{
	struct dirent *e;
	bool found = false;
	DIR *d = opendir(folder[0] ? folder : ".");

	while (d && !found && (e = readdir(d)) != NULL) {
		found = strlen(e->d_name) == len &&
		    strncasecmp(e->d_name, name, len) == 0;
		if (found)
			(void)text_copy(buf, cap, e->d_name);
	}
	if (d)
		(void)closedir(d);
	return found;
}

/* The path with each part as it is written in the root. */
static const char *
other_case(struct filekind_cache *c, const char *name)
{
	struct sbuf path = SBUF_EMPTY;
	char entry[NAME_MAX_LEN];
	const char *found = NULL;
	bool good = true;

	sbuf_add(&path, c->root);
	for (const char *p = name + strspn(name, "/"); *p && good;
	    p += strspn(p, "/")) {
		size_t len = strcspn(p, "/");

		good = entry_like(sbuf_str(&path), p, len, entry,
		    sizeof(entry));
		sbuf_printf(&path, "/%s", good ? entry : "");
		p += len;
	}
	if (good)
		found = arena_strdup(&c->arena, sbuf_str(&path) +
		    strlen(c->root) + 1);
	sbuf_release(&path);
	return found;
}

/* What the client may have meant. */
static void
find_other(struct filekind_cache *c, const char *name, struct filekind *k)
{
	char plain[NAME_MAX_LEN];
	const char *p = name + strspn(name, "/");

	(void)text_copy(plain, sizeof(plain), name);
	for (char *q = plain; *q; q++)
		*q = *q == '\\' ? '/' : *q;
	k->miss = FILEKIND_BACKSLASH;
	if (strchr(name, '\\') && filekind_has(c, plain))
		k->other = arena_strdup(&c->arena, plain);
	while (!k->other && (p = strchr(p, '/')) != NULL) {
		k->miss = FILEKIND_PREFIX;
		p += strspn(p, "/");
		if (*p && filekind_has(c, p))
			k->other = arena_strdup(&c->arena, p);
	}
	if (!k->other) {
		k->miss = FILEKIND_CASE;
		k->other = other_case(c, plain);
	}
}

/* Would the server's own user, who is nobody, be let in? */
static bool
is_private(const struct filekind_cache *c, const char *path)
{
	char part[NAME_MAX_LEN];
	struct stat st;
	size_t len = strlen(c->root);

	if (stat(path, &st) == 0 && !(st.st_mode & S_IROTH))
		return true;
	(void)text_copy(part, sizeof(part), path);
	for (char *p = strchr(part + len + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (stat(part, &st) == 0 && !(st.st_mode & S_IXOTH))
			return true;
		*p = '/';
	}
	return false;
}

static int
identify(struct filekind_cache *c, const char *bytes, size_t len,
    struct filekind *k)
{
	int rc = firmware_identify(bytes, len, &k->file);

	if (rc < 0)
		return rc;
	k->is_read = true;
	k->len = len;
	if (k->file.kind != BOOTFILE_SCRIPT)
		return 0;
	k->text = arena_dup(&c->arena, bytes, min_size(len, SCRIPT_READ_MAX));
	return k->text ? 0 : -ENOMEM;
}

static int
look_at(struct filekind_cache *c, const char *name, struct filekind *k)
{
	char path[NAME_MAX_LEN];
	const char *slash;
	char *bytes = NULL;
	size_t len = 0;
	int rc;

	path_in(c, name, path, sizeof(path));
	name = path + strlen(c->root);
	name += strspn(name, "/");
	slash = strrchr(name, '/');
	k->folder = arena_dup(&c->arena, name, slash ?
	    (size_t)(slash + 1 - name) : 0);
	if (!k->folder)
		return -ENOMEM;
	rc = file_read(path, FILE_READ_MAX, &bytes, &len, NULL);
	if (rc == 0)
		rc = identify(c, bytes, len, k);
	if (rc == 0)
		k->is_private = is_private(c, path);
	else if (rc == -ENOENT)
		find_other(c, name, k);
	free(bytes);
	return rc;
}

int
filekind_get(struct filekind_cache *c, const char *name, bool by_name,
    const struct filekind **ret)
{
	struct filekind_seen *s;

	for (s = c->seen; s; s = s->next) {
		if (strcmp(s->name, name) == 0)
			break;
	}
	if (!s) {
		s = arena_alloc(&c->arena, sizeof(*s));
		if (!s)
			return -ENOMEM;
		s->name = arena_strdup(&c->arena, name);
		if (!s->name)
			return -ENOMEM;
		s->next = c->seen;
		c->seen = s;
		if (c->root && !by_name)
			s->rc = look_at(c, name, &s->kind);
		else
			firmware_by_name(name, &s->kind.file);
	}
	*ret = &s->kind;
	return s->rc;
}

void
filekind_release(struct filekind_cache *c)
{
	for (struct filekind_seen *s = c->seen; s; s = s->next) {
		if (s->kind.is_read)
			bootfile_release(&s->kind.file);
	}
	arena_release(&c->arena);
	c->seen = NULL;
}
