/*
 * The images that iPXE holds, and how one is loaded.
 */
#include "script/run.h"

#include "script/uri.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a BIOS can jump to must fit below 640 KiB with iPXE's own. */
enum { NBP_MAX = 608 * 1024 };

struct script_image *
script_image_find(struct script *s, const char *name)
{
	for (struct script_image *i = s->images; i; i = i->next)
		if (strcmp(i->name, name) == 0)
			return i;
	return NULL;
}

struct script_image *
script_image_selected(struct script *s)
{
	for (struct script_image *i = s->images; i; i = i->next)
		if (i->selected)
			return i;
	return NULL;
}

struct script_image *
script_image_new(const char *name, const char *uri)
{
	struct script_image *image = calloc(1, sizeof(*image));

	if (!image)
		return NULL;
	image->name = strdup(name);
	image->uri = strdup(uri);
	if (!image->name || !image->uri) {
		script_image_free(image);
		return NULL;
	}
	return image;
}

void
script_image_free(struct script_image *image)
{
	if (!image)
		return;
	free(image->name);
	free(image->uri);
	free(image->cmdline);
	free(image->bytes);
	bootfile_release(&image->what);
	free(image);
}

void
script_image_register(struct script *s, struct script_image *image)
{
	struct script_image **at = &s->images;

	while (*at)
		at = &(*at)->next;
	image->next = NULL;
	*at = image;
	s->n_images++;
	s->image_bytes += image->len;
}

void
script_image_unregister(struct script *s, struct script_image *image)
{
	struct script_image **at = &s->images;

	while (*at && *at != image)
		at = &(*at)->next;
	if (!*at)
		return;
	*at = image->next;
	s->n_images--;
	s->image_bytes -= image->len;
}

bool
script_image_runs(const struct script *s, const struct script_image *image)
{
	if (script_is_script(image->bytes, image->len))
		return true;
	switch (image->what.container) {
	case CONTAINER_PE:
	case CONTAINER_BZIMAGE_PE:
	case CONTAINER_ARM64_IMAGE:
		return true;
	case CONTAINER_BZIMAGE:
	case CONTAINER_ELF:
		return !s->is_efi;
	default:
		/* A BIOS build takes whatever is small enough for a program. */
		return !s->is_efi && image->len > 0 && image->len <= NBP_MAX;
	}
}

bool
script_image_set_cmdline(struct script_image *image, const char *cmdline)
{
	char *copy = cmdline && *cmdline ? strdup(cmdline) : NULL;

	if (cmdline && *cmdline && !copy)
		return false;
	free(image->cmdline);
	image->cmdline = copy;
	return true;
}

/* Schemes that some build of iPXE opens. */
static bool
scheme_is_known(const struct script *s, const char *scheme)
{
	static const char *const schemes[] = {
		/* Debian's build of 2019 has only these. */
		"tftp", "tftm", "mtftp", "http", "nfs",
		"https", "ftp", "slam", "file", "data",
	};
	enum { N_2019 = 5 };
	size_t n = s->release == SCRIPT_2019 ? N_2019 : ARRAY_LEN(schemes);

	for (size_t i = 0; i < n; i++)
		if (strcmp(schemes[i], scheme) == 0)
			return true;
	return false;
}

/* The reference as it is shown and as it is sent. */
struct target {
	struct sbuf shown;
	struct sbuf uri;
	struct script_params *params;
};

static void
target_release(struct target *t)
{
	sbuf_release(&t->shown);
	sbuf_release(&t->uri);
	script_params_free(t->params);
}

/* One part of a URI as 2019 sent it: taken apart, and put together again. */
static char *
reencode(struct arena *arena, const char *text, const char *special)
{
	struct sbuf raw = SBUF_EMPTY;
	struct sbuf b = SBUF_EMPTY;
	char *copy;

	uri_decode(&raw, text);
	for (const char *p = sbuf_str(&raw); *p; p++) {
		if (*p <= ' ' || *p == 0x7f || *p == '%' || strchr(special, *p))
			sbuf_printf(&b, "%%%02X", (unsigned char)*p);
		else
			sbuf_addc(&b, *p);
	}
	copy = arena_dup(arena, sbuf_str(&b), b.len);
	sbuf_release(&raw);
	sbuf_release(&b);
	return copy;
}

static void
normalise(const struct script *s, struct uri *u)
{
	if (s->release != SCRIPT_2019)
		return;
	if (u->path)
		u->path = reencode(&u->arena, u->path, "#:@?");
	if (u->query)
		u->query = reencode(&u->arena, u->query, "#:@?");
}

static bool
is_http(const char *scheme)
{
	return strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0;
}

/*
 * In 2019 all before the first colon was a scheme, and none that iPXE knows,
 * even in "config?mac=52:54:00:12:34:56".
 */
static bool
is_odd_2019(const char *text)
{
	const char *end = text + strcspn(text, "#");
	const char *colon = strchr(text, ':');
	size_t letters = strspn(text,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_");

	return colon && colon < end && colon != text + letters;
}

/*
 * Take a reference apart. Its params list is used up by that, whatever
 * becomes of the request.
 */
static int
target_make(struct script *s, const char *text, struct target *t)
{
	struct sbuf whole = SBUF_EMPTY;
	struct uri u;
	int rc;

	rc = uri_parse(&u, text);
	if (rc < 0)
		return rc;
	normalise(s, &u);
	uri_add_redacted(&t->shown, &u);
	if (u.params)
		t->params = script_params_take(s, u.params);
	uri_release(&u);

	rc = uri_resolve(&whole, s->cwuri ? s->cwuri : "", text);
	if (rc < 0)
		goto out;
	rc = uri_parse(&u, sbuf_str(&whole));
	if (rc < 0)
		goto out;
	u.fragment = NULL;
	u.params = NULL;
	normalise(s, &u);
	uri_add(&t->uri, &u);
	if (s->release == SCRIPT_2019 && is_odd_2019(text))
		rc = -ENOTSUP;
	else if (!scheme_is_known(s, u.scheme))
		rc = -ENOTSUP;
	else if (is_http(u.scheme) && !u.host)
		rc = -EDESTADDRREQ;
	else if (t->shown.bad || t->uri.bad)
		rc = -ENOMEM;
	uri_release(&u);
out:
	sbuf_release(&whole);
	return rc;
}

/* The image's name: what its URI ends with, or img0, img1 ... */
static struct script_image *
new_image(struct script *s, const char *uri)
{
	struct sbuf name = SBUF_EMPTY;
	struct script_image *image = NULL;

	if (uri_name(&name, uri) == 0) {
		if (name.len == 0 && s->release != SCRIPT_2019)
			sbuf_printf(&name, "img%u", s->n_unnamed++);
		image = script_image_new(sbuf_str(&name), uri);
	}
	sbuf_release(&name);
	return image;
}

static uint32_t
load(struct script *s, const struct target *t, uint64_t timeout_ms,
    struct script_image *image)
{
	struct script_request req = {
		.uri = sbuf_str(&t->uri), .timeout_ms = timeout_ms,
		.params = t->params,
	};
	struct script_file file = { .bytes = NULL };
	uint32_t status = SCRIPT_ERR_URI;

	if (s->host->load)
		status = s->host->load(s->host->ctx, s, &req, &file);
	image->bytes = file.bytes;
	image->len = file.len;
	image->what = file.what;
	return status;
}

/* Would one more image pass a ceiling? */
static bool
is_too_much(struct script *s, const struct script_image *image)
{
	if (s->n_images < SCRIPT_IMAGES_MAX &&
	    image->len <= SCRIPT_IMAGE_BYTES_MAX - s->image_bytes)
		return false;
	script_set_end(s, SCRIPT_END_LIMIT, script_error_plain(SCRIPT_ENOMEM),
	    "holds too many images: %zu of them, %llu bytes", s->n_images,
	    (unsigned long long)s->image_bytes);
	return true;
}

bool
script_image_add(struct script *s, struct script_image *image)
{
	if (is_too_much(s, image)) {
		script_image_free(image);
		return false;
	}
	script_image_register(s, image);
	return true;
}

uint32_t
script_download(struct script *s, const char *uri, uint64_t timeout_ms,
    bool quiet, struct script_image **ret)
{
	struct target t = { .shown = SBUF_EMPTY, .uri = SBUF_EMPTY };
	struct script_image *image = NULL;
	char text[SCRIPT_ERROR_TEXT_MAX];
	uint32_t status;
	int rc;

	rc = target_make(s, uri, &t);
	if (rc < 0) {
		status = rc == -ENOMEM ? script_nomem(s) :
		    rc == -EDESTADDRREQ ? SCRIPT_ERR_HTTP_HOST :
		    SCRIPT_ERR_URI;
		script_say_error(s, "Could not start download", status);
		goto out;
	}
	image = new_image(s, sbuf_str(&t.uri));
	if (!image) {
		status = script_nomem(s);
		goto out;
	}
	if (!quiet)
		script_print(s, "%s...", sbuf_str(&t.shown));
	status = script_status(s, load(s, &t, timeout_ms, image));
	if (s->over || (status == 0 && is_too_much(s, image))) {
		status = script_error_plain(SCRIPT_ENOMEM);
		goto out;
	}
	if (!quiet)
		script_print(s, " %s\n",
		    status ? script_error_text_of(s->release, status, text) : "ok");
	if (status == 0) {
		script_image_register(s, image);
		*ret = image;
		image = NULL;
	}
out:
	script_image_free(image);
	target_release(&t);
	return status;
}
