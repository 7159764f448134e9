#include "build/build.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/sbuf.h"
#include "base/text.h"
#include "build/link.h"
#include "firmware/embed.h"
#include "firmware/identify.h"
#include "firmware/pe.h"
#include "script/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IMAGE_MAX = 512 * 1024 * 1024, SCRIPT_MAX = 1024 * 1024,
	FEATURES_MAX = 256 };

/* What one variant is made from, while it is. */
struct making {
	const struct build_conf *conf;
	const struct manifest_variant *v;
	struct build_image *out;
	char *script;
	size_t script_len;
	size_t place;                   /* 0: no script */
	char base_key[DIGEST_TEXT_MAX];
	struct arena arena;
};

static bool
is_among(const struct manifest_words *w, const char *name)
{
	for (size_t i = 0; i < w->n; i++) {
		if (strcmp(w->word[i].text, name) == 0)
			return true;
	}
	return false;
}

/* What of the language the variant's iPXE will have. */
static void
list_features(const struct manifest_variant *v, struct ipxe_build *build,
    const char **list, size_t cap)
{
	size_t n;
	const struct ipxe_feature *rows = feature_rows(&n);

	(void)ipxe_platform_parse(v->goal.platform, &build->platform, NULL);
	build->features = list;
	for (size_t i = 0; i < n && build->n_features < cap; i++) {
		const char *macro = rows[i].macro;
		bool on = (rows[i].platforms & build->platform) != 0;

		if (v->config)
			on = (on || is_among(&v->config->on, macro)) &&
			    !is_among(&v->config->off, macro);
		if (on)
			list[build->n_features++] = macro;
	}
}

/* The first error of a script, with its place. */
static int
check(struct making *m, const char *path, struct diag *diag)
{
	const char *features[FEATURES_MAX];
	struct check_conf conf = { .names = NULL };
	struct check_file *f = NULL;
	int rc;

	list_features(m->v, &conf.build, features, ARRAY_LEN(features));
	rc = check_script(&conf, path, m->script, m->script_len, &f);
	if (rc < 0) {
		diag_set(diag, "out of memory");
		return rc;
	}
	for (size_t i = 0; i < f->n_found && rc == 0; i++) {
		const struct finding *x = &f->found[i];

		if (x->severity != FAULT_ERROR)
			continue;
		diag_set(diag, "%s [%s]", x->message, x->fault->id);
		diag_at(diag, path, x->line, x->column);
		rc = -EBADMSG;
	}
	check_file_free(f);
	return rc;
}

static int
read_script(struct making *m, struct diag *diag)
{
	const char *path;
	int rc;

	if (!m->v->script.text)
		return 0;
	path = manifest_file(m->conf->manifest, m->v->script.text);
	if (!path)
		return -ENOMEM;
	rc = file_read(path, SCRIPT_MAX, &m->script, &m->script_len, diag);
	if (rc < 0) {
		diag_at(diag, m->conf->manifest->path, m->v->script.line,
		    m->v->script.column);
		return rc;
	}
	(void)digest_sha256(m->script, m->script_len, m->out->script_sha256);
	m->place = m->conf->manifest->place;
	while (m->place < m->script_len)
		m->place *= 2;
	return check(m, path, diag);
}

/* Are the features that the configuration speaks of in this tree? */
static int
check_features(const struct making *m, struct diag *diag)
{
	const struct manifest_config *c = m->v->config;
	const struct manifest_words *lists[] = {
		c ? &c->on : NULL, c ? &c->off : NULL,
	};

	for (size_t l = 0; c && l < ARRAY_LEN(lists); l++) {
		for (size_t i = 0; i < lists[l]->n; i++) {
			const struct manifest_word *w = &lists[l]->word[i];

			if (tree_feature(m->conf->tree, w->text, diag))
				continue;
			diag_at(diag, m->conf->manifest->path, w->line,
			    w->column);
			return -EINVAL;
		}
	}
	return 0;
}

static const char *
kept_path(struct making *m, const char *kind, const char *key)
{
	return arena_printf(&m->arena, "%s/%s/%s", m->conf->cache, kind, key);
}

static int
keep(struct making *m, const char *kind, const char *key, const void *buf,
    size_t len, struct diag *diag)
{
	const char *dir = arena_printf(&m->arena, "%s/%s", m->conf->cache,
	    kind);
	const char *path = kept_path(m, kind, key);
	int rc = dir && path ? make_dirs(dir, diag) : -ENOMEM;

	return rc < 0 ? rc : file_write(path, buf, len, diag);
}

/* Link with @script embedded, or none; the bytes are the caller's. */
static int
link_with(struct making *m, const char *script, size_t len, bool elsewhere,
    char **ret, size_t *ret_len, struct diag *diag)
{
	struct link_conf conf = {
		.manifest = m->conf->manifest, .variant = m->v,
		.tree = m->conf->tree, .cache = m->conf->cache,
		.jobs = m->conf->jobs, .script = script, .script_len = len,
		.build_id = m->base_key, .elsewhere = elsewhere,
	};
	char text[160];

	if (m->conf->progress) {
		(void)snprintf(text, sizeof(text), "%.60s: linking %.60s",
		    m->v->name.text, m->v->target_at.text);
		m->conf->progress(m->conf->ctx, text);
	}
	return link_image(&conf, ret, ret_len, diag);
}

/* The image with a place in it, from the cache or newly linked. */
static int
get_base(struct making *m, char **ret, size_t *ret_len, struct diag *diag)
{
	const char *path = kept_path(m, "bases", m->base_key);
	struct sbuf place = SBUF_EMPTY;
	int rc;

	if (!path)
		return -ENOMEM;
	if (access(path, R_OK) == 0)
		return file_read(path, IMAGE_MAX, ret, ret_len, diag);
	m->out->cached = false;
	if (m->place > 0)
		embed_place(&place, m->place);
	rc = place.bad ? -ENOMEM : link_with(m, m->place ? sbuf_str(&place) :
	    NULL, place.len, false, ret, ret_len, diag);
	sbuf_release(&place);
	if (rc == 0)
		rc = keep(m, "bases", m->base_key, *ret, *ret_len, diag);
	return rc;
}

/* Does the image run the script that it should? */
static int
verify(const struct making *m, const char *image, size_t len,
    struct diag *diag)
{
	struct bootfile f;
	bool same;
	int rc;

	if (!m->script)
		return 0;
	rc = firmware_identify(image, len, &f);
	if (rc < 0)
		return rc;
	same = f.script && f.script_len >= m->script_len &&
	    memcmp(f.script, m->script, m->script_len) == 0;
	for (size_t i = m->script_len; same && i < f.script_len; i++)
		same = f.script[i] == '\n';
	bootfile_release(&f);
	if (same)
		return 0;
	diag_set(diag, "%s: what was built does not have the script in it",
	    m->v->name.text);
	return -EIO;
}

/* Put the variant's script into the place that @image has. */
static int
patch(const struct making *m, char **image, size_t *len, struct diag *diag)
{
	uint8_t *patched;
	size_t n;
	int rc;

	rc = embed_script(*image, *len, m->script, m->script_len, &patched,
	    &n, diag);
	if (rc < 0)
		return rc;
	free(*image);
	*image = (char *)patched;
	*len = n;
	return 0;
}

/* Put the script into its place, or where that cannot be, link with it. */
static int
make_image(struct making *m, char **ret, size_t *ret_len, struct diag *diag)
{
	int rc = -ENOTSUP;

	if (!m->conf->relink || !m->script) {
		rc = get_base(m, ret, ret_len, diag);
		if (rc < 0 || !m->script)
			return rc;
		rc = patch(m, ret, ret_len, diag);
		m->out->patched = rc == 0;
	}
	if (rc == -ENOTSUP || rc == -EMSGSIZE || rc == -ENODATA) {
		free(*ret);
		*ret = NULL;
		m->out->cached = false;
		rc = link_with(m, m->script, m->script_len, false, ret,
		    ret_len, diag);
	}
	return rc < 0 ? rc : verify(m, *ret, *ret_len, diag);
}

static int
compare_again(struct making *m, const char *image, size_t len,
    struct diag *diag)
{
	struct sbuf place = SBUF_EMPTY;
	char *other = NULL;
	size_t n;
	int rc;

	if (m->out->patched)
		embed_place(&place, m->place);
	rc = link_with(m, m->out->patched ? sbuf_str(&place) : m->script,
	    m->out->patched ? place.len : m->script_len, true, &other, &n,
	    diag);
	if (rc == 0 && m->out->patched)
		rc = patch(m, &other, &n, diag);
	if (rc == 0 && (n != len || memcmp(other, image, len) != 0)) {
		diag_set(diag, "%s: built again at another path it has other "
		    "bytes", m->v->name.text);
		rc = -EIO;
	}
	m->out->reproducible = rc == 0;
	sbuf_release(&place);
	free(other);
	return rc;
}

static int
write_out(struct making *m, const char *image, size_t len, struct diag *diag)
{
	const struct manifest_variant *v = m->v;
	const char *name = v->output ? v->output : arena_printf(&m->arena,
	    "%s.%s", v->name.text, v->goal.medium);
	struct arena *keep_in = &m->conf->manifest->arena;
	const char *path = name ? arena_printf(keep_in, "%s/%s", m->conf->out,
	    name) : NULL;
	char *slash = path ? strrchr(path, '/') : NULL;
	int rc;

	if (!slash)
		return -ENOMEM;
	m->out->name = path + strlen(m->conf->out) + 1;
	*slash = '\0';
	rc = make_dirs(path, diag);
	*slash = '/';
	if (rc == 0)
		rc = file_write(path, image, len, diag);
	m->out->path = path;
	m->out->bytes = len;
	(void)digest_sha256(image, len, m->out->sha256);
	return rc;
}

static int
sign(struct making *m, char **image, size_t *len, struct diag *diag)
{
	const struct build_conf *conf = m->conf;
	struct pe pe;
	char *copy;
	size_t n;
	int rc;

	if (!conf->signer || pe_parse(*image, *len, &pe) < 0)
		return 0;
	rc = signer_run(conf->signer, conf->cache, *image, *len, &copy, &n,
	    diag);
	if (rc < 0)
		return rc;
	free(*image);
	*image = copy;
	*len = n;
	m->out->is_signed = true;
	return 0;
}

static int
keys(struct making *m, struct diag *diag)
{
	struct digest *d = digest_new();
	int rc;

	if (!d)
		return -ENOMEM;
	rc = link_key(m->conf->manifest, m->v, m->conf->tree,
	    m->conf->relink ? 0 : m->place, m->base_key, diag);
	digest_add_str(d, m->base_key);
	digest_add_str(d, m->out->script_sha256);
	digest_add_str(d, m->conf->relink ? "relink" : "patch");
	(void)digest_end(d, m->out->key);
	return rc;
}

static int
build(struct making *m, struct diag *diag)
{
	const char *path;
	char *image = NULL;
	size_t len;
	int rc = check_features(m, diag);

	if (rc == 0)
		rc = read_script(m, diag);
	if (rc == 0)
		rc = keys(m, diag);
	if (rc < 0)
		return rc;
	path = kept_path(m, "images", m->out->key);
	if (!path)
		return -ENOMEM;
	m->out->cached = true;
	if (access(path, R_OK) == 0) {
		rc = file_read(path, IMAGE_MAX, &image, &len, diag);
		if (rc == 0)
			rc = verify(m, image, len, diag);
		m->out->patched = m->script && !m->conf->relink;
	} else {
		rc = make_image(m, &image, &len, diag);
		if (rc == 0)
			rc = keep(m, "images", m->out->key, image, len, diag);
	}
	if (rc == 0 && m->conf->check_reproducible)
		rc = compare_again(m, image, len, diag);
	if (rc == 0)
		rc = sign(m, &image, &len, diag);
	if (rc == 0)
		rc = write_out(m, image, len, diag);
	free(image);
	return rc;
}

int
build_variant(const struct build_conf *conf, const struct manifest_variant *v,
    struct build_image *ret, struct diag *diag)
{
	struct making m = { .conf = conf, .v = v, .out = ret };
	uint64_t start_ms = clock_now_ms();
	int rc;

	memset(ret, 0, sizeof(*ret));
	ret->variant = v;
	diag_set(diag, "out of memory");
	rc = build(&m, diag);
	ret->duration_s = (double)(clock_now_ms() - start_ms) / 1000;
	free(m.script);
	arena_release(&m.arena);
	return rc;
}
