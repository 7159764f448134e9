#include "lint/filekind.h"

#include "base/file.h"
#include "base/sbuf.h"
#include "base/text.h"
#include "firmware/identify.h"

#include <ctype.h>
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

/* The first row whose parts are all in the name decides. */
struct name_row {
	const char *part;               /* somewhere in the last component */
	const char *suffix;
	enum bootfile_kind kind;
	enum bootfile_container container;
	const char *product;
	bool has_script;                /* goes its own way, asks nobody */
};

static const struct name_row name_rows[] = {
	{ "netboot.xyz", ".kpxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", true },
	{ "netboot.xyz", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", true },
	{ "", ".ipxe", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "", ".gpxe", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "", ".php", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "", ".cgi", BOOTFILE_SCRIPT, CONTAINER_NONE, "", false },
	{ "gpxelinux", "", BOOTFILE_PXELINUX, CONTAINER_NBP, "PXELINUX", true },
	{ "gpxe", "", BOOTFILE_GPXE, CONTAINER_NBP, "gPXE", false },
	{ "", "kpxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "ipxe", ".pxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "undionly", ".pxe", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "undionly", ".0", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "ipxe", ".0", BOOTFILE_IPXE, CONTAINER_NBP, "iPXE", false },
	{ "ipxe", ".lkrn", BOOTFILE_IPXE, CONTAINER_BZIMAGE, "iPXE", false },
	{ "pxelinux", ".0", BOOTFILE_PXELINUX, CONTAINER_NBP, "PXELINUX",
	    false },
	{ "grub", ".0", BOOTFILE_GRUB, CONTAINER_NBP, "GRUB", false },
	{ "core", ".0", BOOTFILE_GRUB, CONTAINER_NBP, "GRUB", false },
	{ "pxegrub", "", BOOTFILE_GRUB, CONTAINER_NBP, "GRUB", false },
	{ "wdsnbp", ".com", BOOTFILE_WINDOWS, CONTAINER_NBP,
	    "Windows Deployment Services", false },
	{ "pxeboot", ".com", BOOTFILE_WINDOWS, CONTAINER_NBP,
	    "Windows boot program", false },
	{ "", ".n12", BOOTFILE_WINDOWS, CONTAINER_NBP,
	    "Windows boot program", false },
	{ "", ".0", BOOTFILE_NBP, CONTAINER_NBP, "", false },
	{ "", ".com", BOOTFILE_NBP, CONTAINER_NBP, "", false },
	{ "", ".pxe", BOOTFILE_NBP, CONTAINER_NBP, "", false },
	{ "syslinux", ".efi", BOOTFILE_SYSLINUX_EFI, CONTAINER_PE, "SYSLINUX",
	    false },
	{ "shim", ".efi", BOOTFILE_SHIM, CONTAINER_PE, "shim", false },
	{ "grub", ".efi", BOOTFILE_GRUB, CONTAINER_PE, "GRUB", false },
	{ "mgfw", ".efi", BOOTFILE_WINDOWS, CONTAINER_PE,
	    "Windows boot program", false },
	{ "ipxe", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", false },
	{ "snp", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", false },
	{ "undionly", ".efi", BOOTFILE_IPXE, CONTAINER_PE, "iPXE", false },
	{ "", ".efi", BOOTFILE_EFI, CONTAINER_PE, "", false },
	{ "wimboot", "", BOOTFILE_WIMBOOT, CONTAINER_BZIMAGE_PE, "wimboot",
	    false },
	{ "memdisk", "", BOOTFILE_MEMDISK, CONTAINER_BZIMAGE, "MEMDISK",
	    false },
	{ "vmlinuz", "", BOOTFILE_LINUX, CONTAINER_BZIMAGE_PE, "Linux",
	    false },
	{ "bzimage", "", BOOTFILE_LINUX, CONTAINER_BZIMAGE_PE, "Linux",
	    false },
};

/* Anywhere in the path; longer words before those that they contain. */
static const struct { const char *part; enum arch_cpu cpu; } cpu_rows[] = {
	{ "x86_64", CPU_X64 }, { "x86-64", CPU_X64 }, { "x64", CPU_X64 },
	{ "amd64", CPU_X64 }, { "aa64", CPU_ARM64 }, { "arm64", CPU_ARM64 },
	{ "aarch64", CPU_ARM64 }, { "arm32", CPU_ARM32 },
	{ "bootarm.efi", CPU_ARM32 }, { "ia32", CPU_X86 },
	{ "i386", CPU_X86 }, { "i686", CPU_X86 }, { "riscv64", CPU_RISCV64 },
	{ "loong", CPU_LOONGARCH64 },
};

static bool
ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s);
	size_t m = strlen(suffix);

	return n >= m && strcmp(s + n - m, suffix) == 0;
}

/* In lower case, with / for \ and without the query of a URI. */
static void
plain_name(const char *name, char *buf, size_t cap)
{
	(void)text_copy(buf, cap, name);
	buf[strcspn(buf, "?#")] = '\0';
	for (char *p = buf; *p; p++)
		*p = *p == '\\' ? '/' : (char)tolower((unsigned char)*p);
}

void
filekind_by_name(const char *name, struct bootfile *ret)
{
	static char embedded[] = "#!ipxe";
	char path[NAME_MAX_LEN];
	const char *base;

	memset(ret, 0, sizeof(*ret));
	plain_name(name, path, sizeof(path));
	base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++) {
		const struct name_row *r = &name_rows[i];

		if (!strstr(base, r->part) || !ends_with(base, r->suffix))
			continue;
		ret->kind = r->kind;
		ret->container = r->container;
		(void)text_copy(ret->product, sizeof(ret->product),
		    r->product);
		ret->script = r->has_script ? embedded : NULL;
		break;
	}
	for (size_t i = 0; ret->container == CONTAINER_PE &&
	    ret->cpu == CPU_NONE && i < ARRAY_LEN(cpu_rows); i++) {
		if (strstr(path, cpu_rows[i].part))
			ret->cpu = cpu_rows[i].cpu;
	}
}

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
			filekind_by_name(name, &s->kind.file);
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
