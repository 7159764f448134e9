#include "firmware/inspect.h"

#include "base/clock.h"
#include "base/text.h"
#include "base/util.h"
#include "firmware/disk.h"
#include "firmware/fat.h"
#include "firmware/identify.h"
#include "firmware/media.h"
#include "firmware/pack.h"
#include "firmware/search.h"
#include "firmware/uboot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SBAT_MAX = 64 * 1024,
	CERT_FILE_MAX = 16 * 1024 * 1024,       /* a shim is one megabyte */
};

/* One search through a file and what is inside. */
struct search {
	struct arena *arena;
	struct pack_budget budget;
};

/* Where members go while their container is walked. */
struct inside {
	struct search *search;
	struct inspect *in;
	struct inspect **last;
	int depth;
};

static int look(struct search *s, const char *path, const void *buf,
    size_t len, int depth, struct inspect **ret);

/* Which machines start it when their firmware loads it, by option 93? */
static bool
starts_on(const struct bootfile *f, bool is_efi, const struct arch *a)
{
	if (a->deprecated)
		return false;
	if (f->container == CONTAINER_NBP)
		return a->platform == PLATFORM_BIOS;
	if (f->kind == BOOTFILE_UBOOT)
		return a->platform == PLATFORM_UBOOT &&
		    (f->cpu == CPU_NONE || f->cpu == a->cpu);
	return is_efi && a->platform == PLATFORM_EFI &&
	    arch_runs_cpu(a, f->cpu);
}

static void
find_arches(struct inspect *x, bool is_efi)
{
	size_t n;
	const struct arch *rows = arch_rows(&n);

	for (size_t i = 0; i < n && x->n_runs_on < INSPECT_ARCHES_MAX; i++) {
		if (starts_on(&x->file, is_efi, &rows[i]))
			x->runs_on[x->n_runs_on++] = rows[i].number;
	}
}

static void
hex_digest(const uint8_t *md, size_t len, char buf[DIGEST_TEXT_MAX])
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(buf + i * 2, 3, "%02x", md[i]);
}

static int
look_at_certs(struct search *s, struct inspect *x, const void *buf,
    size_t len)
{
	struct sign_cert *certs = arena_alloc(s->arena,
	    sizeof(*certs) * SIGN_CERTS_MAX);
	int n;

	if (!certs)
		return -ENOMEM;
	n = sign_find_certs(buf, len, s->arena, certs);
	if (n < 0)
		return n;
	x->certs = certs;
	x->n_certs = (size_t)n;
	return 0;
}

static int
look_at_pe(struct search *s, struct inspect *x, const void *buf, size_t len,
    const struct pe *pe)
{
	uint8_t md[DIGEST_MAX];
	struct sign *signs;
	struct rd sbat;
	int n;

	n = sign_authenticode(pe, buf, len, "sha256", md);
	if (n > 0)
		hex_digest(md, (size_t)n, x->authenticode);
	signs = arena_alloc(s->arena, sizeof(*signs) * SIGN_MAX);
	if (!signs)
		return -ENOMEM;
	n = sign_read(pe, buf, len, s->arena, signs);
	if (n < 0)
		return n;
	x->signs = signs;
	x->n_signs = (size_t)n;
	if (pe_section(pe, buf, len, ".sbat", &sbat) && sbat.left > 0) {
		size_t text_len = strnlen((const char *)sbat.p,
		    min_size(sbat.left, SBAT_MAX));

		x->sbat = arena_dup(s->arena, sbat.p, text_len);
		if (!x->sbat)
			return -ENOMEM;
	}
	/* What shim trusts is compiled into it; its own signature is not. */
	if (x->file.kind == BOOTFILE_SHIM && len <= CERT_FILE_MAX)
		return look_at_certs(s, x, buf, pe->is_signed ?
		    min_size(pe->cert_at, len) : len);
	return 0;
}

static int
add_script(struct search *s, struct inspect *x, const char *name,
    const uint8_t *bytes, size_t len)
{
	struct inspect_script *script = arena_alloc(s->arena, sizeof(*script));
	const char *copy = arena_dup(s->arena, bytes, len);

	if (!script || !copy)
		return -ENOMEM;
	*script = (struct inspect_script){ .name = name,
	    .bytes = (const uint8_t *)copy, .len = len };
	x->scripts = script;
	x->n_scripts = 1;
	return 0;
}

static int
look_at_ipxe(struct search *s, struct inspect *x, const void *buf, size_t len)
{
	struct ipxe_detail *d = arena_alloc(s->arena, sizeof(*d));
	struct inspect_script *scripts;
	int rc;

	if (!d)
		return -ENOMEM;
	rc = ipxe_detail_read(buf, len, s->arena, d);
	if (rc < 0 && rc != -ENODATA)
		return rc;
	/* A ROM has the driver of its card, which may be none of the known. */
	if (x->file.container == CONTAINER_ROM &&
	    d->driver == IPXE_DRIVER_UNKNOWN)
		d->driver = IPXE_DRIVER_NATIVE;
	x->ipxe = d;
	x->certs = d->certs;
	x->n_certs = d->n_certs;
	scripts = arena_alloc(s->arena, sizeof(*scripts) *
	    (d->n_scripts + 1));
	if (!scripts)
		return -ENOMEM;
	for (size_t i = 0; i < d->n_scripts; i++)
		scripts[i] = (struct inspect_script){
			.bytes = d->scripts[i].bytes,
			.len = d->scripts[i].len,
		};
	x->scripts = scripts;
	x->n_scripts = d->n_scripts;
	return 0;
}

static bool
is_boot_file(const struct inspect *x)
{
	/* Modules of a loader do not boot anything. */
	if (x->file.container == CONTAINER_ELF &&
	    x->file.kind != BOOTFILE_LINUX)
		return false;
	switch (x->file.kind) {
	case BOOTFILE_UNKNOWN:
	case BOOTFILE_EMPTY:
	case BOOTFILE_TEXT:
	case BOOTFILE_HTML:
		return x->members != NULL;
	case BOOTFILE_INITRD:
		/* A manual page is compressed, too. */
		return x->n_names > 0;
	case BOOTFILE_ARCHIVE:
		return x->members != NULL;
	default:
		return true;
	}
}

static int
take_member(void *ctx, const struct pack_member *m)
{
	struct inside *in = ctx;
	struct inspect *x;
	int rc = look(in->search, m->path, m->bytes, m->len, in->depth + 1,
	    &x);

	if (rc < 0)
		return rc;
	if (is_boot_file(x)) {
		*in->last = x;
		in->last = &x->next;
	} else {
		in->in->n_others += 1 + x->n_others;
	}
	return 0;
}

static int
take_name(void *ctx, const struct pack_member *m)
{
	struct inside *in = ctx;

	if (m->path[0] != '\0') {
		in->in->names[in->in->n_names] =
		    arena_strdup(in->search->arena, m->path);
		if (!in->in->names[in->in->n_names++])
			return -ENOMEM;
	}
	return in->in->n_names == INSPECT_NAMES_MAX;
}

static int
walk_disk(struct search *s, const void *buf, size_t len,
    const struct pack_sink *sink)
{
	struct rd parts[DISK_PARTS_MAX];
	size_t n = disk_parts(buf, len, parts);

	for (size_t i = 0; i < n; i++) {
		int rc = fat_walk(parts[i], &s->budget, sink);

		if (rc < 0 && rc != -EBADMSG)
			return rc;
	}
	return 0;
}

/* What is inside, if it is a kind of file that has an inside. */
static int
look_inside(struct search *s, struct inspect *x, const void *buf, size_t len,
    int depth)
{
	struct inside in = { .search = s, .in = x, .last = &x->members,
	    .depth = depth };
	struct pack_sink sink = { .member = take_member, .ctx = &in };
	bool is_iso = media_is_iso(buf, len);
	bool is_packed = x->file.kind == BOOTFILE_LINUX &&
	    x->file.container == CONTAINER_NONE &&
	    strchr(x->file.product, ',');
	int rc = 0;

	if (x->file.kind == BOOTFILE_INITRD) {
		sink.member = take_name;
		sink.names_only = true;
		rc = pack_walk(buf, len, &s->budget, &sink);
	} else if (depth >= INSPECT_DEPTH_MAX) {
		return 0;
	} else if (x->file.kind == BOOTFILE_ARCHIVE || is_iso || is_packed) {
		rc = pack_walk(buf, len, &s->budget, &sink);
	} else if (x->file.container == CONTAINER_DISK) {
		rc = walk_disk(s, buf, len, &sink);
	}
	x->cut = s->budget.spent;
	return rc == -EBADMSG || rc > 0 ? 0 : rc;
}

static int
fill(struct search *s, struct inspect *x, const void *buf, size_t len,
    int depth)
{
	bool is_efi = false;
	struct rd script;
	struct pe pe;
	int rc;

	rc = firmware_identify(buf, len, &x->file);
	if (rc < 0)
		return rc;
	x->bytes = len;
	(void)digest_sha256(buf, len, x->sha256);
	if (pe_parse(buf, len, &pe) == 0) {
		is_efi = pe_is_efi(&pe);
		rc = look_at_pe(s, x, buf, len, &pe);
	}
	find_arches(x, is_efi);
	x->has_pci = x->file.container == CONTAINER_ROM &&
	    rom_pci(buf, len, &x->pci_vendor, &x->pci_device);
	media_boots(buf, len, &x->file, &x->boots_bios, &x->boots_efi);
	if (rc == 0 && (x->file.kind == BOOTFILE_IPXE ||
	    x->file.kind == BOOTFILE_GPXE))
		rc = look_at_ipxe(s, x, buf, len);
	else if (rc == 0 && x->file.kind == BOOTFILE_SCRIPT)
		rc = add_script(s, x, NULL, buf, len);
	else if (rc == 0 && uboot_script(buf, len, &script))
		rc = add_script(s, x, x->file.version[0] ? x->file.version :
		    NULL, script.p, script.left);
	if (rc == 0)
		rc = look_inside(s, x, buf, len, depth);
	/* They are among the scripts. */
	x->file.script_len = 0;
	free(x->file.script);
	x->file.script = NULL;
	return rc;
}

static int
look(struct search *s, const char *path, const void *buf, size_t len,
    int depth, struct inspect **ret)
{
	struct inspect *x = arena_alloc(s->arena, sizeof(*x));
	int rc;

	if (!x)
		return -ENOMEM;
	x->path = arena_strdup(s->arena, path);
	if (!x->path)
		return -ENOMEM;
	rc = fill(s, x, buf, len, depth);
	if (rc < 0)
		return rc;
	*ret = x;
	return 0;
}

int
inspect_bytes(const char *path, const void *buf, size_t len,
    const struct inspect_limits *limits, struct arena *a,
    struct inspect **ret)
{
	struct search s = {
		.arena = a,
		.budget = {
			.members = limits->members,
			.bytes = limits->bytes,
			.deadline_ms = clock_now_ms() + limits->time_ms,
		},
	};

	return look(&s, path, buf, len, 0, ret);
}
