#include "build/tree.h"

#include "base/file.h"
#include "base/sbuf.h"
#include "base/text.h"
#include "base/util.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOURCE_MAX = 64 * 1024 * 1024, HEADER_MAX = 1024 * 1024,
	COPY_CHUNK = 256 * 1024 };

/* What the makefile makes beside the sources is none of them. */
static bool
is_output(const FTSENT *e, size_t root_len)
{
	const char *rel = e->fts_path + root_len;

	if (e->fts_info == FTS_D && strcmp(rel, "/.git") == 0)
		return true;
	if (!text_starts(rel, "/src/"))
		return false;
	rel += strlen("/src/");
	if (e->fts_info == FTS_D && !strchr(rel, '/') &&
	    (strcmp(rel, "bin") == 0 || text_starts(rel, "bin-")))
		return true;
	/* the folder must be there; what is in it is the user's own */
	return text_starts(rel, "config/local/") ||
	    strcmp(rel, ".echocheck") == 0;
}

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Call @fn for every source file and folder, in the order of their names. */
static int
each_source(const char *dir, int (*fn)(void *ctx, const FTSENT *e,
    const char *rel, struct diag *diag), void *ctx, struct diag *diag)
{
	char *path = strdup(dir);
	char *paths[] = { path, NULL };
	FTS *fts = path ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR,
	    by_name) : NULL;
	size_t root_len = strlen(dir);
	size_t n = 0;
	FTSENT *e;
	int rc = fts ? 0 : -ENOMEM;

	while (rc == 0 && (e = fts_read(fts)) != NULL) {
		if (e->fts_info == FTS_DP)
			continue;
		if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
		    e->fts_info == FTS_NS) {
			rc = -e->fts_errno;
			diag_sys(diag, rc, "cannot read '%s'", e->fts_path);
		} else if (is_output(e, root_len)) {
			(void)fts_set(fts, e, FTS_SKIP);
		} else if (++n > TREE_FILES_MAX) {
			diag_set(diag, "'%s' has more than %d files: is it "
			    "iPXE's tree?", dir, TREE_FILES_MAX);
			rc = -EFBIG;
		} else {
			rc = fn(ctx, e, e->fts_path + root_len, diag);
		}
	}
	if (fts)
		(void)fts_close(fts);
	free(path);
	return rc;
}

static int
add_to_digest(void *ctx, const FTSENT *e, const char *rel, struct diag *diag)
{
	struct digest *d = ctx;
	char link[4096];
	char *text = NULL;
	ssize_t n;
	size_t len;
	int rc;

	if (e->fts_info == FTS_SL) {
		n = readlink(e->fts_path, link, sizeof(link));
		digest_add_str(d, rel);
		digest_add(d, link, n > 0 ? (size_t)n : 0);
		return 0;
	}
	if (e->fts_info != FTS_F)
		return 0;
	rc = file_read(e->fts_path, SOURCE_MAX, &text, &len, diag);
	if (rc < 0)
		return rc;
	digest_add_str(d, rel);
	digest_add(d, &len, sizeof(len));
	digest_add(d, text, len);
	free(text);
	return 0;
}

/* "#define NAME", "//#define NAME", "#undef NAME": a switch, on or off. */
static const char *
switch_name(const char *line, size_t *ret_len)
{
	static const char *const forms[] = { "#define", "#undef" };

	line += strspn(line, " \t");
	if (text_starts(line, "//"))
		line += 2;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const char *p = line + strlen(forms[i]);

		if (!text_starts(line, forms[i]) || !isspace((unsigned char)*p))
			continue;
		p += strspn(p, " \t");
		*ret_len = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
		return *ret_len > 0 && (p[*ret_len] == '\0' ||
		    isspace((unsigned char)p[*ret_len])) ? p : NULL;
	}
	return NULL;
}

static int
add_feature(struct tree *t, const char *name, size_t len, const char *header)
{
	for (size_t i = 0; i < t->n_features; i++) {
		if (strlen(t->features[i].name) == len &&
		    memcmp(t->features[i].name, name, len) == 0)
			return 0;
	}
	if (t->n_features == TREE_FEATURES_MAX)
		return 0;
	t->features[t->n_features].name = arena_dup(&t->arena, name, len);
	t->features[t->n_features].header = arena_strdup(&t->arena, header);
	if (!t->features[t->n_features].name ||
	    !t->features[t->n_features].header)
		return -ENOMEM;
	t->n_features++;
	return 0;
}

/* The switches of the headers that a named configuration may change. */
static int
find_features(struct tree *t, struct diag *diag)
{
	static const char *const headers[] = {
		"general.h", "console.h", "crypto.h", "serial.h", "settings.h",
		"usb.h", "colour.h", "sideband.h", "ioapi.h", "nap.h",
		"timer.h", "umalloc.h",
	};
	int rc = 0;

	t->features = arena_alloc(&t->arena, TREE_FEATURES_MAX *
	    sizeof(*t->features));
	if (!t->features)
		return -ENOMEM;
	for (size_t h = 0; h < ARRAY_LEN(headers) && rc == 0; h++) {
		const char *path = arena_printf(&t->arena,
		    "%s/src/config/%s", t->dir, headers[h]);
		char *text = NULL;
		char *next;
		size_t len;

		if (!path)
			return -ENOMEM;
		if (access(path, R_OK) < 0)
			continue;
		rc = file_read(path, HEADER_MAX, &text, &len, diag);
		for (char *line = text; line && rc == 0; line = next) {
			const char *name;

			next = strchr(line, '\n');
			if (next)
				*next++ = '\0';
			name = switch_name(line, &len);
			if (name)
				rc = add_feature(t, name, len, headers[h]);
		}
		free(text);
	}
	return rc;
}

/* The commit that the checkout is at, as the makefile would find it. */
static void
find_commit(struct tree *t)
{
	char path[4096];
	char *text = NULL;
	size_t len;

	(void)snprintf(path, sizeof(path), "%s/.git/HEAD", t->dir);
	if (file_read(path, 4096, &text, &len, NULL) < 0)
		return;
	if (text_starts(text, "ref: ")) {
		text[strcspn(text, "\n")] = '\0';
		(void)snprintf(path, sizeof(path), "%s/.git/%.3000s", t->dir,
		    text + 5);
		free(text);
		text = NULL;
		if (file_read(path, 4096, &text, &len, NULL) < 0)
			return;
	}
	len = strspn(text, "0123456789abcdef");
	if (len >= 40 && len < sizeof(t->commit))
		memcpy(t->commit, text, len);
	free(text);
}

int
tree_open(const char *dir, struct tree **ret, struct diag *diag)
{
	struct tree *t = calloc(1, sizeof(*t));
	struct digest *d = t ? digest_new() : NULL;
	const char *makefile;
	size_t len = strlen(dir);
	int rc = -ENOMEM;

	diag_set(diag, "out of memory");
	while (len > 1 && dir[len - 1] == '/')
		len--;
	if (t)
		t->dir = arena_dup(&t->arena, dir, len);
	makefile = t && t->dir ? arena_printf(&t->arena, "%s/src/Makefile",
	    t->dir) : NULL;
	if (!d || !makefile)
		goto out;
	if (access(makefile, R_OK) < 0) {
		rc = -ENOENT;
		diag_set(diag, "'%s' is no tree of iPXE's: it has no "
		    "src/Makefile", dir);
		goto out;
	}
	rc = each_source(t->dir, add_to_digest, d, diag);
	if (rc == 0)
		rc = find_features(t, diag);
	if (rc == 0)
		find_commit(t);
out:
	if (t && d)
		(void)digest_end(d, t->digest);
	if (rc < 0) {
		tree_close(t);
		return rc;
	}
	*ret = t;
	return 0;
}

void
tree_close(struct tree *t)
{
	if (!t)
		return;
	arena_release(&t->arena);
	free(t);
}

const struct tree_feature *
tree_feature(const struct tree *t, const char *name, struct diag *diag)
{
	const char *names[TREE_FEATURES_MAX];
	const char *nearest;

	for (size_t i = 0; i < t->n_features; i++) {
		names[i] = t->features[i].name;
		if (strcmp(names[i], name) == 0)
			return &t->features[i];
	}
	nearest = text_nearest(name, names, t->n_features);
	diag_set(diag, "this iPXE has nothing called %s%s%s%s", name,
	    nearest ? ": did you mean " : "", nearest ? nearest : "",
	    nearest ? "?" : "");
	return NULL;
}

int
make_dirs(const char *path, struct diag *diag)
{
	char *copy = strdup(path);
	int rc = copy ? 0 : -ENOMEM;

	for (char *p = copy; rc == 0 && p; ) {
		p = strchr(p + 1, '/');
		if (p)
			*p = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST) {
			rc = -errno;
			diag_sys(diag, rc, "cannot create '%s'", copy);
		}
		if (p)
			*p = '/';
	}
	free(copy);
	return rc;
}

static int
copy_bytes(int in, int out)
{
	static const size_t cap = COPY_CHUNK;
	char *buf = malloc(cap);
	ssize_t n = 0;
	int rc = buf ? 0 : -ENOMEM;

	while (rc == 0 && (n = read(in, buf, cap)) > 0) {
		for (ssize_t done = 0; rc == 0 && done < n; ) {
			ssize_t w = write(out, buf + done, (size_t)(n - done));

			if (w < 0)
				rc = -errno;
			else
				done += w;
		}
	}
	if (rc == 0 && n < 0)
		rc = -errno;
	free(buf);
	return rc;
}

static int
copy_file(const char *from, const char *to, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_EXCL |
	    O_CLOEXEC, st->st_mode & 0777);
	int rc = in < 0 || out < 0 ? -errno : copy_bytes(in, out);

	if (rc == 0 && futimens(out, times) < 0)
		rc = -errno;
	if (out >= 0 && close(out) < 0 && rc == 0)
		rc = -errno;
	if (in >= 0)
		(void)close(in);
	return rc;
}

static int
copy_one(void *ctx, const FTSENT *e, const char *rel, struct diag *diag)
{
	const char *to = ctx;
	struct sbuf path = SBUF_EMPTY;
	char link[4096];
	ssize_t n;
	int rc = 0;

	sbuf_printf(&path, "%s%s", to, rel);
	if (path.bad) {
		rc = -ENOMEM;
	} else if (e->fts_info == FTS_D) {
		rc = mkdir(path.text, 0777) < 0 && errno != EEXIST ?
		    -errno : 0;
	} else if (e->fts_info == FTS_F) {
		rc = copy_file(e->fts_path, path.text, e->fts_statp);
	} else if (e->fts_info == FTS_SL) {
		n = readlink(e->fts_path, link, sizeof(link) - 1);
		if (n >= 0)
			link[n] = '\0';
		rc = n < 0 || symlink(link, path.text) < 0 ? -errno : 0;
	}
	if (rc < 0)
		diag_sys(diag, rc, "cannot copy '%s'", e->fts_path);
	sbuf_release(&path);
	return rc;
}

int
tree_copy(const struct tree *t, const char *to, struct diag *diag)
{
	struct sbuf tmp = SBUF_EMPTY;
	int rc;

	sbuf_printf(&tmp, "%s.part", to);
	if (tmp.bad) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	rc = tree_remove(tmp.text, diag);
	if (rc == 0)
		rc = make_dirs(tmp.text, diag);
	if (rc == 0)
		rc = each_source(t->dir, copy_one, tmp.text, diag);
	if (rc == 0 && rename(tmp.text, to) < 0) {
		rc = -errno;
		diag_sys(diag, rc, "cannot create '%s'", to);
	}
	if (rc < 0)
		(void)tree_remove(tmp.text, NULL);
	sbuf_release(&tmp);
	return rc;
}

int
tree_remove(const char *dir, struct diag *diag)
{
	char *path = strdup(dir);
	char *paths[] = { path, NULL };
	FTS *fts = path ? fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL) :
	    NULL;
	FTSENT *e;
	int rc = fts ? 0 : -ENOMEM;

	while (rc == 0 && (e = fts_read(fts)) != NULL) {
		if (e->fts_info == FTS_D || e->fts_info == FTS_NS)
			continue;
		if (e->fts_info == FTS_DP ? rmdir(e->fts_path) < 0 :
		    unlink(e->fts_path) < 0) {
			rc = -errno;
			diag_sys(diag, rc, "cannot remove '%s'", e->fts_path);
		}
	}
	if (fts)
		(void)fts_close(fts);
	free(path);
	return rc;
}
