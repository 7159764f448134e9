/*
 * Commands on images. Most take a URI or the name of an image that is
 * there, and the words after it are the image's command line.
 */
#include "script/cmd.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	enum bootfile_container container;
	const char *name;
} type_names[] = {
	{ CONTAINER_NBP, "PXE-NBP" },
	{ CONTAINER_BZIMAGE, "bzImage" },
	{ CONTAINER_ELF, "ELF" },
	{ CONTAINER_PE, "EFI" },
};

uint32_t
cmd_acquire(struct script *s, const struct script_args *a, const char *name,
    struct script_image **ret)
{
	*ret = script_image_find(s, name);
	if (*ret)
		return 0;
	return script_download(s, name, args_timeout(a, 't'),
	    args_has(a, 'q'), ret);
}

/*
 * Where a command finds its image: among those that are there or by loading
 * it. Without an argument it is the selected one.
 *
 * Return: 0, and an image or NULL if none is selected; an error number.
 */
static uint32_t
acquire(struct script *s, const struct script_args *a, bool may_exist,
    struct script_image **ret)
{
	if (a->n == 0) {
		*ret = script_image_selected(s);
		if (!*ret)
			script_print(s, "No image selected\n");
		return 0;
	}
	if (may_exist)
		return cmd_acquire(s, a, a->rest[0], ret);
	return script_download(s, a->rest[0], args_timeout(a, 't'),
	    args_has(a, 'q'), ret);
}

/* Name, arguments and flag, as the command line has them. */
static uint32_t
describe(struct script *s, const struct script_args *a,
    struct script_image *image)
{
	const char *name = args_text(a, 'n');
	char *cmdline;
	bool done;

	if (name) {
		char *copy = strdup(name);

		if (!copy)
			return script_nomem(s);
		free(image->name);
		image->name = copy;
	}
	if (args_has(a, 'a'))
		image->autofree = true;
	if (a->n < 2)
		return 0;
	cmdline = args_join(s, a, 1);
	done = cmdline && script_image_set_cmdline(image, cmdline);
	free(cmdline);
	return done ? 0 : script_nomem(s);
}

static uint32_t
acquire_and_describe(struct script *s, const struct script_args *a,
    bool may_exist, struct script_image **ret)
{
	uint32_t status = acquire(s, a, may_exist, ret);

	if (status == 0 && *ret)
		status = describe(s, a, *ret);
	return status;
}

uint32_t
cmd_imgfetch(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;

	return acquire_and_describe(s, a, false, &image);
}

uint32_t
cmd_imgargs(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	uint32_t status = acquire(s, a, true, &image);

	if (status)
		return status;
	(void)script_image_set_cmdline(image, NULL);
	return describe(s, a, image);
}

uint32_t
cmd_imgselect(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	uint32_t status = acquire_and_describe(s, a, true, &image);

	if (status)
		return status;
	if (!script_image_runs(s, image)) {
		script_say_error(s, "Could not select", SCRIPT_ERR_IMAGE_TYPE);
		return SCRIPT_ERR_IMAGE_TYPE;
	}
	for (struct script_image *i = s->images; i; i = i->next)
		i->selected = i == image;
	return 0;
}

/* Let the image run when the present script has ended, which it does now. */
static uint32_t
replace(struct script *s, struct script_image *image)
{
	if (!s->frame->is_script)
		return SCRIPT_ERR_NOT_IMAGE;
	if (!script_image_runs(s, image))
		return SCRIPT_ERR_IMAGE_TYPE;
	s->replace = image;
	s->leave = true;
	s->left_by_exit = false;
	return 0;
}

uint32_t
cmd_imgexec(struct script *s, const struct script_args *a)
{
	struct script_image *image = NULL;
	uint32_t status = acquire_and_describe(s, a, true, &image);

	/* With nothing selected iPXE says so, and succeeds. */
	if (status || !image)
		return status;
	status = args_has(a, 'r') ? replace(s, image) :
	    script_exec_image(s, image);
	if (status && !s->over)
		script_say_error(s, "Could not boot", status);
	return status;
}

static const char *
type_name(const struct script *s, const struct script_image *image)
{
	if (script_is_script(image->bytes, image->len))
		return "script";
	if (!script_image_runs(s, image))
		return NULL;
	if (s->is_efi)
		return "EFI";
	if (image->what.container == CONTAINER_BZIMAGE_PE)
		return "bzImage";
	for (size_t i = 0; i < ARRAY_LEN(type_names); i++)
		if (type_names[i].container == image->what.container)
			return type_names[i].name;
	return "PXE-NBP";
}

void
script_print_image(struct script *s, struct script_image *image)
{
	const char *type = type_name(s, image);

	script_print(s, "%s : %zu bytes", image->name, image->len);
	if (type)
		script_print(s, " [%s]", type);
	if (image->selected)
		script_print(s, " [SELECTED]");
	if (image->trusted)
		script_print(s, " [TRUSTED]");
	if (image->autofree)
		script_print(s, " [AUTOFREE]");
	if (image->hidden)
		script_print(s, " [HIDDEN]");
	if (image->cmdline)
		script_print(s, " \"%s\"", image->cmdline);
	script_print(s, "\n");
}

static void
free_image(struct script *s, struct script_image *image)
{
	script_image_unregister(s, image);
	script_image_free(image);
}

/* Do something to the images that are named, or to all. */
static uint32_t
for_images(struct script *s, const struct script_args *a,
    void (*fn)(struct script *s, struct script_image *image))
{
	struct script_image *next;

	if (a->n == 0) {
		for (struct script_image *i = s->images; i; i = next) {
			next = i->next;
			fn(s, i);
		}
	}
	for (size_t i = 0; i < a->n; i++) {
		struct script_image *image = script_image_find(s, a->rest[i]);

		if (!image) {
			script_print(s, "\"%s\": no such image\n", a->rest[i]);
			return SCRIPT_ERR_IMAGE;
		}
		fn(s, image);
	}
	return 0;
}

uint32_t
cmd_imgstat(struct script *s, const struct script_args *a)
{
	return for_images(s, a, script_print_image);
}

uint32_t
cmd_imgfree(struct script *s, const struct script_args *a)
{
	return for_images(s, a, free_image);
}
