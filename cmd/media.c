/*
 * media.c - pxetool media: a bootable disc, stick or ESP from boot files that
 * are there already.
 */
#include "cmd.h"
#include "source.h"

#include "base/file.h"
#include "base/text.h"
#include "firmware/embed.h"
#include "firmware/fat_write.h"
#include "firmware/identify.h"
#include "firmware/ipxe.h"
#include "firmware/medium.h"
#include "firmware/search.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEDIA_FILES_MAX = 8, MEDIA_FILE_MAX = 128 * 1024 * 1024,
	SCRIPT_MAX = 1024 * 1024 };

struct media_opts {
	const char *type;
	const char *script;
	const char *loader;
	const char *embed;
};

static const struct cmd_opt media_rows[] = {
	{ 't', "type", "name", "iso, usb or esp; else by the output's name",
	    opt_string, OPT(media_opts, type) },
	{ 's', "script", "file", "the iPXE script that is to run",
	    opt_string, OPT(media_opts, script) },
	{ 'e', "embed", "file", "instead: put the script into this iPXE, in "
	    "place of its own", opt_string, OPT(media_opts, embed) },
	{ 'l', "loader", "folder", "where isolinux.bin, ldlinux.c32 and "
	    "isohdpfx.bin are", opt_string, OPT(media_opts, loader) },
	{ 0 },
};

/* Everything that was read, to be let go at the end. */
struct media {
	char *owned[MEDIA_FILES_MAX + 4];
	size_t n_owned;
	struct medium medium;
	struct fat_file efi[MEDIA_FILES_MAX + 1];
	char efi_path[MEDIA_FILES_MAX][40];
	size_t n_efi;
	uint8_t *esp;
};

static int
read_part(struct media *m, const char *name, struct medium_bytes *ret,
    struct diag *diag)
{
	char *bytes = NULL;
	size_t len = 0;
	int rc = source_read(name, MEDIA_FILE_MAX, &bytes, &len, diag);

	if (rc < 0)
		return rc;
	if (m->n_owned == ARRAY_LEN(m->owned)) {
		free(bytes);
		diag_set(diag, "too many files; %d is the most",
		    MEDIA_FILES_MAX);
		return -EINVAL;
	}
	m->owned[m->n_owned++] = bytes;
	*ret = (struct medium_bytes){ bytes, len };
	return 0;
}

/*
 * Of the files that can be told not to, say so: an iPXE of before January
 * 2021 does not look for autoexec.ipxe, and one with a script runs that.
 */
static int
check_script(const char *name, const struct bootfile *f,
    const struct medium_bytes *b, struct diag *diag)
{
	struct rd narrow = rd_init(b->bytes, b->len);
	struct rd wide = narrow;

	if (f->script) {
		diag_set(diag, "'%.120s' has a script of its own, which runs "
		    "first; see it with 'pxetool inspect -s'", name);
		return -EINVAL;
	}
	if (f->container == CONTAINER_PE && f->kind == BOOTFILE_IPXE &&
	    !search_text(&narrow, "autoexec.ipxe") &&
	    !search_utf16(&wide, "autoexec.ipxe")) {
		diag_set(diag, "'%.100s' (iPXE %.40s) does not look for "
		    "autoexec.ipxe, as iPXE does since January 2021: use a "
		    "newer one, or let DHCP name the script", name,
		    f->version);
		return -ENOTSUP;
	}
	return 0;
}

static int
add_efi(struct media *m, const char *name, const struct bootfile *f,
    const struct medium_bytes *b, struct diag *diag)
{
	const char *efi_name = medium_efi_name(f->cpu);
	char *path = m->efi_path[m->n_efi];

	if (!efi_name) {
		diag_set(diag, "'%.120s': UEFI has no name for boot files of "
		    "that CPU", name);
		return -ENOTSUP;
	}
	(void)snprintf(path, sizeof(m->efi_path[0]), "EFI/BOOT/%s", efi_name);
	for (size_t i = 0; i < m->n_efi; i++) {
		if (strcmp(m->efi[i].path, path) == 0) {
			diag_set(diag, "'%.120s' is the second for %s", name,
			    cpu_name(f->cpu));
			return -EINVAL;
		}
	}
	m->efi[m->n_efi++] = (struct fat_file){ path, b->bytes, b->len };
	return 0;
}

static int
add_file(struct media *m, const char *name, bool with_script,
    struct diag *diag)
{
	struct medium_bytes b;
	struct bootfile f;
	int rc;

	rc = read_part(m, name, &b, diag);
	if (rc < 0)
		return rc;
	rc = firmware_identify(b.bytes, b.len, &f);
	if (rc < 0)
		return rc;
	rc = with_script ? check_script(name, &f, &b, diag) : 0;
	if (rc < 0)
		goto out;
	if (f.container == CONTAINER_PE && m->n_efi < MEDIA_FILES_MAX) {
		rc = add_efi(m, name, &f, &b, diag);
	} else if (f.container == CONTAINER_BZIMAGE &&
	    f.kind == BOOTFILE_IPXE && !m->medium.lkrn.bytes) {
		m->medium.lkrn = b;
	} else {
		diag_set(diag, "'%.120s' is %s: a medium takes one iPXE as "
		    ".lkrn for BIOS, and one .efi for each CPU", name,
		    bootfile_kind_title(f.kind));
		rc = -EINVAL;
	}
out:
	bootfile_release(&f);
	return rc;
}

/* One of ISOLINUX's files: from --loader, or where packages have it. */
static int
read_loader(struct media *m, const char *folder, const char *name,
    struct medium_bytes *ret, struct diag *diag)
{
	static const char *const folders[] = {
		"/usr/lib/ISOLINUX", "/usr/lib/syslinux/modules/bios",
		"/usr/lib/syslinux/bios", "/usr/lib/syslinux",
		"/usr/share/syslinux", "/usr/local/share/syslinux",
	};
	char path[4096];

	for (size_t i = 0; i < (folder ? 1 : ARRAY_LEN(folders)); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder ? folder :
		    folders[i], name);
		if (read_part(m, path, ret, diag) == 0)
			return 0;
	}
	diag_set(diag, "no %s%s%.200s: for BIOS machines install isolinux and "
	    "syslinux-common, or name their folder with --loader", name,
	    folder ? " in " : "", folder ? folder : "");
	return -ENOENT;
}

static int
read_all(const struct cmd_run *run, struct media *m, struct diag *diag)
{
	const struct media_opts *o = run->opts;
	int rc = 0;

	if (o->script) {
		rc = read_part(m, o->script, &m->medium.script, diag);
		if (rc == 0 && !ipxe_is_script(m->medium.script.bytes,
		    m->medium.script.len)) {
			diag_set(diag, "'%.120s' is no iPXE script: it does "
			    "not begin with #!ipxe and a line end",
			    o->script);
			rc = -EINVAL;
		}
	}
	for (int i = 0; i < run->n_args && rc == 0; i++)
		rc = add_file(m, run->args[i], o->script != NULL, diag);
	if (rc == 0 && m->n_efi > 0 && o->script) {
		m->efi[m->n_efi++] = (struct fat_file){ "autoexec.ipxe",
		    m->medium.script.bytes, m->medium.script.len };
	}
	if (rc == 0 && m->n_efi > 0) {
		size_t len;

		rc = fat_write(m->efi, m->n_efi, "IPXE", &m->esp, &len);
		if (rc < 0)
			diag_sys(diag, -rc, "cannot make the ESP");
		else
			m->medium.esp = (struct medium_bytes){ m->esp, len };
	}
	return rc;
}

static int
make_iso(const struct media_opts *o, struct media *m, bool usb,
    struct sbuf *out, struct diag *diag)
{
	struct medium *x = &m->medium;
	uint8_t *bytes = NULL;
	int rc = 0;

	if (x->lkrn.bytes) {
		rc = read_loader(m, o->loader, "isolinux.bin", &x->isolinux,
		    diag);
		if (rc == 0)
			rc = read_loader(m, o->loader, "ldlinux.c32",
			    &x->ldlinux, diag);
		/* a disc needs no boot sector */
		if (rc == 0 && read_loader(m, o->loader, "isohdpfx.bin",
		    &x->boot_sector, diag) < 0 && usb)
			rc = -ENOENT;
	}
	if (rc == 0)
		rc = medium_iso(x, &bytes, &out->len, diag);
	out->text = (char *)bytes;
	return rc;
}

static int
make(const struct cmd_run *run, struct media *m, struct sbuf *out,
    struct diag *diag)
{
	const struct media_opts *o = run->opts;
	const char *dot = strrchr(run->output, '.');
	const char *type = o->type ? o->type : dot ? dot + 1 : "";

	if (strcmp(type, "iso") == 0)
		return make_iso(o, m, false, out, diag);
	if (strcmp(type, "usb") == 0)
		return make_iso(o, m, true, out, diag);
	if (strcmp(type, "esp") != 0) {
		diag_set(diag, "no type '%.40s': expected iso, usb or esp",
		    type);
		return -EINVAL;
	}
	if (m->medium.lkrn.bytes || !m->esp) {
		diag_set(diag, "an ESP takes .efi files and nothing else");
		return -EINVAL;
	}
	out->text = (char *)m->esp;
	out->len = m->medium.esp.len;
	m->esp = NULL;
	return 0;
}

/* The whole other thing: no medium, but an iPXE with another script. */
static int
embed(const struct media_opts *o, struct media *m, struct sbuf *out,
    struct diag *diag)
{
	struct medium_bytes image;
	struct medium_bytes script;
	uint8_t *bytes = NULL;
	int rc;

	if (!o->script) {
		diag_set(diag, "--embed needs a script: --script names it");
		return -EINVAL;
	}
	rc = read_part(m, o->embed, &image, diag);
	if (rc == 0)
		rc = read_part(m, o->script, &script, diag);
	if (rc == 0)
		rc = embed_script(image.bytes, image.len, script.bytes,
		    script.len, &bytes, &out->len, diag);
	if (rc == -ENOMEM)
		diag_sys(diag, ENOMEM, "cannot pack '%s'", o->embed);
	out->text = (char *)bytes;
	return rc;
}

static int
media_run(const struct cmd_run *run)
{
	const struct media_opts *o = run->opts;
	struct media m = { 0 };
	struct sbuf out = SBUF_EMPTY;
	struct diag d;
	int status;
	int rc;

	if (!run->output) {
		diag_set(&d, "where to? -o names the image");
		return cmd_error(run, &d);
	}
	if ((run->n_args == 0) != (o->embed != NULL)) {
		diag_set(&d, "name the boot files of a medium, or one to "
		    "--embed a script into");
		return cmd_error(run, &d);
	}
	if (o->embed) {
		rc = embed(o, &m, &out, &d);
	} else {
		rc = read_all(run, &m, &d);
		if (rc == 0)
			rc = make(run, &m, &out, &d);
	}
	status = rc < 0 ? cmd_error(run, &d) :
	    cmd_output(run, &out, EXIT_CLEAN);
	for (size_t i = 0; i < m.n_owned; i++)
		free(m.owned[i]);
	free(m.esp);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_media = {
	.name = "media", .summary = "make a bootable disc, USB image or ESP "
	    "from iPXE's binaries and a script",
	.usage = "[-t type] [-s file] [-e file] [-l folder] -o image "
	    "[file ...]",
	.opts = media_rows, .opts_size = sizeof(struct media_opts),
	.min_args = 0, .max_args = MEDIA_FILES_MAX,
	.formats = CMD_TEXT, .run = media_run,
};
