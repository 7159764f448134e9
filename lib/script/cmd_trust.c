/*
 * Commands that look into images: trust, digests, unpacking.
 */
#include "script/cmd.h"

#include "base/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint32_t
cmd_imgtrust(struct script *s, const struct script_args *a)
{
	bool required = !args_has(a, 'a');

	/* What was made permanent stays. */
	if (s->trust_permanent && required != s->trust_required)
		return script_error_plain(SCRIPT_EACCES);
	s->trust_required = required;
	s->trust_permanent = s->trust_permanent || args_has(a, 'p');
	return 0;
}

static void
drop(struct script *s, struct script_image *image)
{
	script_image_unregister(s, image);
	script_image_free(image);
}

/* The signature itself is not looked at: nobody here has the keys. */
uint32_t
cmd_imgverify(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	struct script_image *signature = NULL;
	uint32_t status = cmd_acquire(s, a, a->rest[0], &image);

	if (status == 0)
		status = cmd_acquire(s, a, a->rest[1], &signature);
	if (status || s->over)
		return status;
	image->trusted = true;
	if (!args_has(a, 'k') && signature != image)
		drop(s, signature);
	return 0;
}

uint32_t
cmd_certstore(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	uint32_t status = 0;

	if (a->n > 0)
		status = cmd_acquire(s, a, a->rest[0], &image);
	if (status == 0 && image && !args_has(a, 'k'))
		drop(s, image);
	return status;
}

/* A shim matters to the firmware only; here it is an image like others. */
uint32_t
cmd_shim(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;

	if (!s->is_efi || a->n == 0)
		return 0;
	return cmd_acquire(s, a, a->rest[0], &image);
}

/* "md5sum" is the digest md5. */
static int
digest_of(const char *command, const struct script_image *image,
    uint8_t ret[DIGEST_MAX])
{
	char name[16];

	(void)text_copy(name, sizeof(name), command);
	name[strlen(name) - strlen("sum")] = '\0';
	return digest_bytes(name, image->len ? image->bytes : "", image->len,
	    ret);
}

static uint32_t
digest_one(struct script *s, const struct script_args *a,
    const struct script_image *image)
{
	const char *set = args_text(a, 's');
	struct sbuf hex = SBUF_EMPTY;
	uint8_t bytes[DIGEST_MAX];
	struct setting_ref ref;
	uint32_t status = 0;
	int n = digest_of(a->cmd->name, image, bytes);

	if (n < 0)
		return script_error_plain(SCRIPT_ENOTSUP);
	s->work += image->len;
	if (set) {
		status = args_setting(s, set, &ref);
		if (status == 0 && settings_put(s->settings, &ref,
		    ref.type == SETTING_T_NONE && !ref.info ?
		    SETTING_T_HEXRAW : SETTING_T_NONE, bytes, (size_t)n) < 0)
			status = script_error_plain(SCRIPT_ENOMEM);
		return status;
	}
	sbuf_hex(&hex, bytes, (size_t)n, "");
	script_print(s, "%s  %s\n", sbuf_str(&hex), image->name);
	sbuf_release(&hex);
	return 0;
}

uint32_t
cmd_digest(struct script *s, const struct script_args *a)
{
	uint32_t status = 0;

	for (size_t i = 0; i < a->n && status == 0 && !s->over; i++) {
		struct script_image *image = NULL;

		status = cmd_acquire(s, a, a->rest[i], &image);
		if (status == 0)
			status = digest_one(s, a, image);
	}
	return status;
}

uint32_t
cmd_imgset(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	struct setting_ref ref;
	uint32_t status = args_setting(s, a->rest[0], &ref);
	int rc;

	if (status == 0)
		status = cmd_acquire(s, a, a->rest[1], &image);
	if (status || s->over)
		return status;
	rc = settings_put(s->settings, &ref, ref.type, image->bytes,
	    image->len);
	if (rc < 0) {
		status = script_errno(s, rc);
		script_print(s, "Could not store \"%s\"",
		    settings_ref_name(&ref));
		script_say_error(s, "", status);
	} else if (!args_has(a, 'k')) {
		drop(s, image);
	}
	return status;
}

/* What a host cannot give: keys, memory. The images are loaded all the same. */
static uint32_t
cannot(struct script *s, const char *what)
{
	uint32_t status = script_error_plain(SCRIPT_ENOTSUP);

	script_say_error(s, what, status);
	return status;
}

uint32_t
cmd_imgdecrypt(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	struct script_image *envelope = NULL;
	uint32_t status = cmd_acquire(s, a, a->rest[0], &image);

	if (status == 0)
		status = cmd_acquire(s, a, a->rest[1], &envelope);
	return status || s->over ? status : cannot(s, "Could not decrypt");
}

/* "a.b.gz" becomes "a.b". */
static char *
name_unpacked(const struct script_args *a, const struct script_image *image)
{
	const char *name = args_text(a, 'n');
	const char *dot = strrchr(image->name, '.');

	if (name)
		return strdup(name);
	return strndup(image->name, dot ? (size_t)(dot - image->name) :
	    strlen(image->name));
}

uint32_t
cmd_imgextract(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	struct script_image *made;
	struct script_file file = { .bytes = NULL };
	char *name;
	uint32_t status = cmd_acquire(s, a, a->rest[0], &image);

	if (status || s->over)
		return status;
	if (!s->host->unpack)
		return cannot(s, "Could not extract");
	status = s->host->unpack(s->host->ctx, image, &file);
	if (status) {
		script_say_error(s, "Could not extract", status);
		return status;
	}
	name = name_unpacked(a, image);
	made = name ? script_image_new(name, image->uri) : NULL;
	free(name);
	if (!made) {
		free(file.bytes);
		bootfile_release(&file.what);
		return script_nomem(s);
	}
	made->bytes = file.bytes;
	made->len = file.len;
	made->what = file.what;
	if (script_image_add(s, made) && !args_has(a, 'k'))
		drop(s, image);
	return 0;
}

uint32_t
cmd_imgmem(struct script *s, const struct script_args *a)
{
	int64_t number;

	for (size_t i = 0; i < a->n; i++)
		if (args_integer(s, a->rest[i], &number))
			return SCRIPT_ERR_INTEGER;
	return cannot(s, "Could not read memory");
}
