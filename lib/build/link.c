#include "build/link.h"

#include "base/file.h"
#include "base/sbuf.h"
#include "base/text.h"
#include "build/build.h"
#include "build/make.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
	IMAGE_MAX = 512 * 1024 * 1024,
	CERT_MAX = 1024 * 1024,
	HEADER_MAX = 1024 * 1024,
	COMPILER_MAX = 200,
	ARGS_MAX = 24,
};

/* Bump when what is made of the same inputs changes. */
#define RECIPE "pxetool build 1"

/* All times in what is built; FAT has none before it. */
#define EPOCH "SOURCE_DATE_EPOCH=315532800"

static const char *const our_config = "pxetool";

int
build_compiler(const char *cross, char *ret, size_t cap)
{
	char command[128];
	FILE *f;

	ret[0] = '\0';
	(void)snprintf(command, sizeof(command), "%.60sgcc --version 2>&1",
	    cross);
	f = popen(command, "r");
	if (!f)
		return -errno;
	if (!fgets(ret, (int)cap, f))
		ret[0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	return pclose(f) == 0 ? 0 : -ENOENT;
}

static int
add_files(struct digest *d, struct manifest *m, const struct manifest_words *w,
    struct diag *diag)
{
	for (size_t i = 0; i < w->n; i++) {
		const char *path = manifest_file(m, w->word[i].text);
		char *text = NULL;
		size_t len;
		int rc = path ? file_read(path, CERT_MAX, &text, &len, diag) :
		    -ENOMEM;

		if (rc < 0) {
			diag_at(diag, m->path, w->word[i].line,
			    w->word[i].column);
			return rc;
		}
		digest_add(d, &len, sizeof(len));
		digest_add(d, text, len);
		free(text);
	}
	digest_add_str(d, ".");
	return 0;
}

static void
add_words(struct digest *d, const struct manifest_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		digest_add_str(d, w->word[i].text);
	digest_add_str(d, ".");
}

/* What a copy of the tree belongs to. */
static int
tree_key(const struct manifest_variant *v, const struct tree *t,
    char ret[DIGEST_TEXT_MAX])
{
	static const struct manifest_words none = { NULL, 0 };
	struct digest *d = digest_new();
	char compiler[COMPILER_MAX];

	if (!d)
		return -ENOMEM;
	(void)build_compiler(goal_cross(&v->goal), compiler,
	    sizeof(compiler));
	digest_add_str(d, RECIPE);
	digest_add_str(d, t->digest);
	digest_add_str(d, v->goal.dir);
	digest_add_str(d, compiler);
	add_words(d, v->config ? &v->config->on : &none);
	add_words(d, v->config ? &v->config->off : &none);
	(void)digest_end(d, ret);
	return 0;
}

int
link_key(struct manifest *m, const struct manifest_variant *v,
    const struct tree *t, size_t place, char ret[DIGEST_TEXT_MAX],
    struct diag *diag)
{
	struct digest *d = digest_new();
	char key[DIGEST_TEXT_MAX];
	int rc = d ? tree_key(v, t, key) : -ENOMEM;

	if (rc < 0)
		return rc;
	digest_add_str(d, key);
	digest_add_str(d, v->target_at.text);
	digest_add_str(d, v->debug ? v->debug : "");
	digest_add_str(d, m->version ? m->version : t->commit);
	digest_add(d, &place, sizeof(place));
	rc = add_files(d, m, &v->trust, diag);
	if (rc == 0)
		rc = add_files(d, m, &v->cert, diag);
	(void)digest_end(d, ret);
	return rc;
}

/* Somebody else may be building in the same copy. */
static int
lock_tree(const char *dir, int *ret, struct diag *diag)
{
	struct sbuf path = SBUF_EMPTY;
	int rc = 0;

	sbuf_printf(&path, "%s.lock", dir);
	*ret = path.bad ? -1 : open(path.text, O_RDWR | O_CREAT | O_CLOEXEC,
	    0666);
	if (*ret < 0 || flock(*ret, LOCK_EX) < 0) {
		rc = path.bad ? -ENOMEM : -errno;
		diag_sys(diag, rc, "cannot lock '%s'", sbuf_str(&path));
	}
	sbuf_release(&path);
	return rc;
}

/* Written only if it says something else: its time decides what is compiled. */
static int
write_header(const char *path, const struct sbuf *text, struct diag *diag)
{
	char *old = NULL;
	size_t len;
	bool same = file_read(path, HEADER_MAX, &old, &len, NULL) == 0 &&
	    len == text->len && memcmp(old, sbuf_str(text), len) == 0;

	free(old);
	return same ? 0 : file_write(path, sbuf_str(text), text->len, diag);
}

static void
add_switches(const struct link_conf *c, const struct manifest_words *w,
    const char *header, const char *directive, struct sbuf *out)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct tree_feature *f = tree_feature(c->tree,
		    w->word[i].text, NULL);

		if (f && strcmp(f->header, header) == 0)
			sbuf_printf(out, "#undef %s\n", f->name);
		if (f && strcmp(f->header, header) == 0 &&
		    strcmp(directive, "#define") == 0)
			sbuf_printf(out, "#define %s\n", f->name);
	}
}

/* config/local/NAME/HEADER for every header that a switch is in. */
static int
write_config(const struct link_conf *c, const char *dir, struct diag *diag)
{
	const struct manifest_config *cfg = c->variant->config;
	struct sbuf path = SBUF_EMPTY;
	int rc;

	if (!cfg)
		return 0;
	sbuf_printf(&path, "%s/src/config/local/%s", dir, our_config);
	rc = path.bad ? -ENOMEM : make_dirs(path.text, diag);
	for (size_t i = 0; i < c->tree->n_features && rc == 0; i++) {
		const char *header = c->tree->features[i].header;
		struct sbuf text = SBUF_EMPTY;

		if (i > 0 && strcmp(header,
		    c->tree->features[i - 1].header) == 0)
			continue;
		add_switches(c, &cfg->on, header, "#define", &text);
		add_switches(c, &cfg->off, header, "#undef", &text);
		sbuf_clear(&path);
		sbuf_printf(&path, "%s/src/config/local/%s/%s", dir,
		    our_config, header);
		if (text.len > 0)
			rc = path.bad ? -ENOMEM : write_header(path.text,
			    &text, diag);
		sbuf_release(&text);
	}
	sbuf_release(&path);
	return rc;
}

/* "TRUST=/a/ca.pem,/a/b.pem": as they are seen from the tree. */
static const char *
file_list(const struct link_conf *c, const char *name,
    const struct manifest_words *w, struct arena *a)
{
	struct sbuf b = SBUF_EMPTY;
	const char *ret;

	sbuf_printf(&b, "%s=", name);
	for (size_t i = 0; i < w->n; i++) {
		const char *path = manifest_file(c->manifest, w->word[i].text);
		char *full = path ? realpath(path, NULL) : NULL;

		sbuf_printf(&b, "%s%s", i ? "," : "", full ? full : "");
		free(full);
	}
	ret = b.bad ? NULL : arena_strdup(a, sbuf_str(&b));
	sbuf_release(&b);
	return ret;
}

/* The 32-bit number that tells builds in one machine apart. */
static uint32_t
build_id(const char *hex)
{
	uint32_t id = 0;

	for (size_t i = 0; i < 8 && hex[i]; i++)
		id = id << 4 | (uint32_t)(strchr("0123456789abcdef", hex[i]) -
		    "0123456789abcdef");
	return id;
}

static int
run(const struct link_conf *c, const char *dir, struct arena *a,
    struct diag *diag)
{
	static const char *const env[] = { EPOCH, NULL };
	const struct manifest_variant *v = c->variant;
	const char *version = c->manifest->version ? c->manifest->version :
	    c->tree->commit;
	const char *args[ARGS_MAX] = { NULL };
	size_t n = 0;
	struct make_conf conf = { .args = args, .env = env };

	args[n++] = arena_printf(a, "-j%u", c->jobs ? c->jobs : 1);
	args[n++] = arena_printf(a, "%s", v->target_at.text);
	args[n++] = arena_printf(a, "EMBED=%s", c->script ?
	    "pxetool/script.ipxe" : "");
	args[n++] = arena_printf(a, "CONFIG=%s", v->config ? our_config : "");
	args[n++] = file_list(c, "TRUST", &v->trust, a);
	args[n++] = file_list(c, "CERT", &v->cert, a);
	args[n++] = arena_printf(a, "DEBUG=%s", v->debug ? v->debug : "");
	args[n++] = arena_printf(a, "BUILD_ID_CMD=echo %lu",
	    (unsigned long)build_id(c->build_id));
	args[n++] = "NO_WERROR=1";
	if (version[0])
		args[n++] = arena_printf(a, "GITVERSION=%s", version);
	if (goal_cross(&v->goal)[0])
		args[n++] = arena_printf(a, "CROSS_COMPILE=%s",
		    goal_cross(&v->goal));
	for (size_t i = 0; i < n; i++) {
		if (!args[i])
			return -ENOMEM;
	}
	conf.dir = arena_printf(a, "%s/src", dir);
	conf.log = arena_printf(a, "%s.log", dir);
	return conf.dir && conf.log ? make_run(&conf, diag) : -ENOMEM;
}

/* A build that was killed may have left half an object. */
static int
begin(const char *dir, const char *mark, const struct manifest_variant *v,
    struct arena *a, struct diag *diag)
{
	const char *bin = arena_printf(a, "%s/src/%s", dir, v->goal.dir);
	int rc = 0;

	if (!bin)
		return -ENOMEM;
	if (access(mark, F_OK) == 0 && access(bin, F_OK) == 0)
		rc = tree_remove(bin, diag);
	return rc < 0 ? rc : file_write(mark, "", 0, diag);
}

static int
link_in(const struct link_conf *c, const char *dir, struct arena *a,
    char **ret, size_t *ret_len, struct diag *diag)
{
	const char *mark = arena_printf(a, "%s.unfinished", dir);
	const char *folder = arena_printf(a, "%s/src/pxetool", dir);
	const char *script = arena_printf(a, "%s/src/pxetool/script.ipxe",
	    dir);
	const char *image = arena_printf(a, "%s/src/%s", dir,
	    c->variant->target_at.text);
	int rc = 0;

	if (!mark || !folder || !script || !image)
		return -ENOMEM;
	if (access(dir, F_OK) < 0)
		rc = tree_copy(c->tree, dir, diag);
	if (rc == 0)
		rc = begin(dir, mark, c->variant, a, diag);
	if (rc == 0)
		rc = write_config(c, dir, diag);
	if (rc == 0 && c->script)
		rc = make_dirs(folder, diag);
	if (rc == 0 && c->script)
		rc = file_write(script, c->script, c->script_len, diag);
	if (rc == 0)
		rc = run(c, dir, a, diag);
	if (rc == 0)
		rc = file_read(image, IMAGE_MAX, ret, ret_len, diag);
	if (rc == 0 || rc == -EIO)
		(void)unlink(mark);
	return rc;
}

int
link_image(const struct link_conf *c, char **ret, size_t *ret_len,
    struct diag *diag)
{
	struct arena a = ARENA_EMPTY;
	char key[DIGEST_TEXT_MAX];
	const char *trees = arena_printf(&a, "%s/trees", c->cache);
	const char *dir;
	int lock = -1;
	int rc = trees ? make_dirs(trees, diag) : -ENOMEM;

	if (rc == 0)
		rc = tree_key(c->variant, c->tree, key);
	dir = rc < 0 ? NULL : arena_printf(&a, "%s/%.32s%s", trees, key,
	    c->elsewhere ? "-again" : "");
	if (rc == 0 && !dir)
		rc = -ENOMEM;
	if (rc == 0)
		rc = lock_tree(dir, &lock, diag);
	if (rc == 0 && c->elsewhere && access(dir, F_OK) == 0)
		rc = tree_remove(dir, diag);
	if (rc == 0)
		rc = link_in(c, dir, &a, ret, ret_len, diag);
	if (rc == 0 && c->elsewhere)
		rc = tree_remove(dir, diag);
	if (lock >= 0)
		(void)close(lock);
	arena_release(&a);
	return rc;
}
