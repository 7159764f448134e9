/*
 * PXELINUX, lpxelinux and syslinux.efi: their second half, the search for a
 * configuration, and what it boots unattended. The order of requests is that
 * of PXELINUX 6.04 on the wire.
 */
#include "client/walk_internal.h"

#include "bootcfg/syslinux.h"
#include "firmware/elf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPT_CONFIG_FILE = 209,          /* RFC 5071 */
	OPT_PATH_PREFIX = 210,
	HOPS_MAX = 16,                  /* menus and configurations in a row */
	LIBS_MAX = 32,
	TENTH_MS = 100,
};

struct pxelinux {
	struct walk *w;
	struct diag *diag;
	const struct boot_stage *lease;
	struct syslinux_config config;
	struct sbuf prefix;
	struct sbuf config_name;
	char *lib[LIBS_MAX];            /* modules that are loaded */
	size_t n_libs;
};

/* A file that was asked for. */
struct got {
	struct load_result r;
	struct bootfile what;
	const char *uri;
};

static void
got_release(struct got *g)
{
	bootfile_release(&g->what);
	load_release(&g->r);
}

/*
 * Names are put behind the prefix, even those that begin with a slash; "::"
 * before one keeps the prefix away, and a URI stands for itself.
 */
static int
get(struct pxelinux *p, const char *name, struct got *ret)
{
	struct boot *b = p->w->boot;
	struct sbuf full = SBUF_EMPTY;
	const char *path;
	int rc;

	if (text_starts(name, "::"))
		sbuf_add(&full, name + 2);
	else if (!strstr(name, "://"))
		sbuf_printf(&full, "%s%s", sbuf_str(&p->prefix), name);
	else
		sbuf_add(&full, name);
	path = sbuf_str(&full);
	rc = walk_load(p->w, strstr(path, "://") ? NULL :
	    p->lease->target.server, path, &ret->r, &ret->what, p->diag);
	ret->uri = b->n_loads > 0 ? b->loads[b->n_loads - 1].uri : "";
	sbuf_release(&full);
	return rc;
}

/* An option of the answers, of whichever server, or of iPXE. */
static bool
option(const struct pxelinux *p, uint8_t code, char *buf, size_t cap)
{
	const struct walk *w = p->w;
	const char *set = code == OPT_CONFIG_FILE ? w->program.config_file :
	    w->program.path_prefix;

	if (w->program.by_ipxe && set[0])
		return text_copy(buf, cap, set);
	return dhcp4_get_str(&p->lease->ack, code, buf, cap) ||
	    (w->has_proxy_msg && dhcp4_get_str(&w->proxy_msg, code, buf, cap));
}

static void
find_prefix(struct pxelinux *p)
{
	const char *file = p->lease->target.file;
	const char *slash = strrchr(file, '/');
	char text[TARGET_FILE_MAX];

	if (option(p, OPT_PATH_PREFIX, text, sizeof(text)))
		sbuf_add(&p->prefix, text);
	else if (slash)
		sbuf_addn(&p->prefix, file, (size_t)(slash + 1 - file));
}

static const char *
ldlinux_name(const struct walk *w)
{
	const struct arch *a = arch_find(w->now->arch);

	if (persona_platform(w->now) != PLATFORM_EFI)
		return "ldlinux.c32";
	return a && a->cpu == CPU_X86 ? "ldlinux.e32" : "ldlinux.e64";
}

/* Its second half, from beside it. */
static int
load_ldlinux(struct pxelinux *p)
{
	static const char *const dirs[] = {
		"", "/", "/boot/isolinux/", "/isolinux/", "/boot/syslinux/",
		"/syslinux/", "/",
	};
	bool is_efi = persona_platform(p->w->now) == PLATFORM_EFI;
	const char *name = ldlinux_name(p->w);
	enum arch_cpu cpu = strcmp(name, "ldlinux.e64") == 0 ? CPU_X64 :
	    CPU_X86;

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		struct got g = { .uri = "" };
		char path[64];
		int rc;

		if (i == 1 && !is_efi)
			continue;       /* only there twice, by syslinux.efi */
		(void)snprintf(path, sizeof(path), "%s%s", dirs[i], name);
		rc = get(p, path, &g);
		if (rc == 0 && !g.r.fault &&
		    (g.what.container != CONTAINER_ELF || g.what.cpu != cpu))
			boot_set_fault(p->w->boot, "ldlinux-missing-or-mismatched",
			    "%s is not the %s module that %s needs", g.uri,
			    cpu_name(cpu), p->w->now->title);
		else if (rc == 0 && g.r.fault && !walk_refused(&g.r))
			boot_set_fault(p->w->boot, g.r.fault, "%s", g.r.why);
		got_release(&g);
		if (rc < 0 || !g.r.fault || p->w->boot->fault)
			return rc;
	}
	boot_set_fault(p->w->boot, "ldlinux-missing-or-mismatched", "%s was "
	    "loaded, and there is no %s beside it", p->w->program.uri, name);
	return 0;
}

static int
include(void *ctx, const char *name, char **ret_bytes, size_t *ret_len)
{
	struct pxelinux *p = ctx;
	struct got g = { .uri = "" };
	int rc = get(p, name, &g);

	if (rc == 0 && g.r.fault)
		rc = -ENOENT;
	if (rc == 0) {
		*ret_bytes = g.r.bytes;
		*ret_len = g.r.len;
		g.r.bytes = NULL;
	}
	got_release(&g);
	return rc;
}

/*
 * Read a configuration from scratch. Return: 1 if it is there, 0 if not, a
 * negative errno of ours.
 */
static int
read_config(struct pxelinux *p, const char *name)
{
	struct syslinux_host host = { p, include };
	struct syslinux_config fresh = SYSLINUX_CONFIG_EMPTY;
	struct got g = { .uri = "" };
	struct sbuf kept = SBUF_EMPTY;
	int rc;

	sbuf_add(&kept, name);          /* it may be the old configuration's */
	rc = get(p, sbuf_str(&kept), &g);
	if (rc == 0 && !g.r.fault) {
		syslinux_release(&p->config);
		p->config = fresh;
		sbuf_clear(&p->config_name);
		sbuf_add(&p->config_name, sbuf_str(&kept));
		rc = syslinux_parse(&p->config, g.r.bytes, g.r.len, &host);
		if (rc == -EMSGSIZE) {
			boot_set_fault(p->w->boot, "pxelinux-config-missing",
			    "%s includes too much", g.uri);
			rc = 0;
		}
		rc = rc < 0 ? rc : 1;
	} else if (rc == 0 && !walk_refused(&g.r)) {
		boot_set_fault(p->w->boot, g.r.fault, "%s", g.r.why);
	}
	got_release(&g);
	sbuf_release(&kept);
	return rc;
}

/* The search: UUID, 01-MAC, the address ever shorter, default. */
static int
find_config(struct pxelinux *p)
{
	const struct machine *m = &p->w->conf->machine;
	char text[TARGET_FILE_MAX];
	char uuid_text[UUID_TEXT_MAX];
	uint8_t uuid[UUID_LEN];
	struct sbuf name = SBUF_EMPTY;
	int rc = 0;

	if (option(p, OPT_CONFIG_FILE, text, sizeof(text)))
		rc = read_config(p, text);
	if (rc == 0 && m->has_uuid && !p->w->boot->fault) {
		/* as the bytes stand in option 97, which it reads */
		uuid_swap(m->uuid, uuid);
		sbuf_printf(&name, "pxelinux.cfg/%s",
		    uuid_format(uuid, uuid_text));
		rc = read_config(p, sbuf_str(&name));
	}
	if (rc == 0 && !p->w->boot->fault) {
		sbuf_clear(&name);
		sbuf_add(&name, "pxelinux.cfg/01-");
		sbuf_hex(&name, m->mac, MAC_LEN, "-");
		rc = read_config(p, sbuf_str(&name));
	}
	(void)snprintf(text, sizeof(text), "%08X",
	    ntohl(p->lease->address.s_addr));
	for (size_t n = 8; rc == 0 && n > 0 && !p->w->boot->fault; n--) {
		sbuf_clear(&name);
		sbuf_printf(&name, "pxelinux.cfg/%.*s", (int)n, text);
		rc = read_config(p, sbuf_str(&name));
	}
	if (rc == 0 && !p->w->boot->fault)
		rc = read_config(p, "pxelinux.cfg/default");
	if (rc == 0)
		boot_set_fault(p->w->boot, "pxelinux-config-missing", "none of "
		    "the names below %spxelinux.cfg/ is there, not even "
		    "'default'", sbuf_str(&p->prefix));
	sbuf_release(&name);
	return rc < 0 ? rc : 0;
}

/* What could not be loaded ends the boot. */
static bool
failed(struct pxelinux *p, const struct got *g)
{
	if (g->r.fault)
		boot_set_fault(p->w->boot, g->r.fault, "%s", g->r.why);
	return g->r.fault != NULL;
}

static int
load_initrds(struct pxelinux *p, const struct bootfile *kernel,
    const char *list)
{
	while (*list) {
		size_t len = strcspn(list, ",");
		struct got g = { .uri = "" };
		char *name = strndup(list, len);
		int rc = name ? 0 : -ENOMEM;

		if (rc == 0 && len > 0)
			rc = get(p, name, &g);
		free(name);
		if (rc == 0 && len > 0 && !failed(p, &g))
			rc = walk_initrd(p->w, kernel, g.uri, &g.what,
			    g.r.bytes, g.r.len);
		got_release(&g);
		if (rc < 0 || p->w->boot->fault)
			return rc;
		list += len + (list[len] == ',');
	}
	return 0;
}

/* ip=client:server:gateway:mask, BOOTIF=01-..., SYSUUID=... */
static void
sysappend(const struct pxelinux *p, unsigned int bits, struct sbuf *out)
{
	const struct machine *m = &p->w->conf->machine;
	char text[4][IP_TEXT_MAX];
	char uuid[UUID_TEXT_MAX];
	struct in_addr mask = { 0 };
	struct in_addr router = { 0 };

	(void)dhcp4_get_ip(&p->lease->ack, DHCP4_OPT_MASK, &mask);
	(void)dhcp4_get_ip(&p->lease->ack, DHCP4_OPT_ROUTER, &router);
	if (bits & SYSLINUX_APPEND_IP)
		sbuf_printf(out, " ip=%s:%s:%s:%s",
		    ipv4_format(p->lease->address, text[0]),
		    p->lease->target.server, ipv4_format(router, text[2]),
		    ipv4_format(mask, text[3]));
	if (bits & SYSLINUX_APPEND_BOOTIF) {
		sbuf_add(out, " BOOTIF=01-");
		sbuf_hex(out, m->mac, MAC_LEN, "-");
	}
	if (bits & SYSLINUX_APPEND_UUID && m->has_uuid)
		sbuf_printf(out, " SYSUUID=%s", uuid_format(m->uuid, uuid));
}

static int
boot_linux(struct pxelinux *p, const struct syslinux_boot *boot)
{
	/* a file that no label names is tried with these, then as it is */
	static const char *const exts[] = {
		".c32", ".img", ".bss", ".bin", ".bs", ".0", "",
	};
	struct sbuf cmdline = SBUF_EMPTY;
	struct got g = { .uri = "" };
	int rc = 0;

	for (size_t i = boot->label ? ARRAY_LEN(exts) - 1 : 0;
	    i < ARRAY_LEN(exts); i++) {
		struct sbuf name = SBUF_EMPTY;

		got_release(&g);
		sbuf_printf(&name, "%s%s", boot->file, exts[i]);
		rc = get(p, sbuf_str(&name), &g);
		sbuf_release(&name);
		if (rc < 0 || !walk_refused(&g.r))
			break;
	}
	if (rc == 0 && !failed(p, &g))
		rc = load_initrds(p, &g.what, boot->initrd);
	if (rc == 0 && !p->w->boot->fault) {
		sbuf_printf(&cmdline, "BOOT_IMAGE=%s%s%s", boot->file,
		    boot->args[0] ? " " : "", boot->args);
		sysappend(p, boot->sysappend, &cmdline);
		if (g.what.kind == BOOTFILE_LINUX ||
		    g.what.container == CONTAINER_NONE)
			walk_kernel(p->w, g.uri, &g.what, g.r.bytes, g.r.len,
			    sbuf_str(&cmdline));
		else
			rc = walk_step(p->w, g.uri, &g.r, &g.what, p->diag);
	}
	sbuf_release(&cmdline);
	got_release(&g);
	return rc;
}

static bool
has_lib(const struct pxelinux *p, const char *name)
{
	for (size_t i = 0; i < p->n_libs; i++) {
		if (strcmp(p->lib[i], name) == 0)
			return true;
	}
	return false;
}

/* A module, then the libraries it needs, the last one first. */
static int
load_module(struct pxelinux *p, const char *name)
{
	const char *needed[ELF_NEEDED_MAX];
	struct got g = { .uri = "" };
	size_t n = 0;
	int rc = 0;

	if (has_lib(p, name) || p->n_libs == LIBS_MAX)
		return 0;
	p->lib[p->n_libs] = strdup(name);
	if (!p->lib[p->n_libs++])
		return -ENOMEM;
	rc = get(p, name, &g);
	if (rc == 0 && !failed(p, &g)) {
		if (g.what.container == CONTAINER_ELF)
			n = elf_needed(g.r.bytes, g.r.len, needed);
		else
			boot_set_fault(p->w->boot,
			    "ldlinux-missing-or-mismatched", "%s is no module "
			    "of this release: it is %s", g.uri,
			    bootfile_kind_title(g.what.kind));
	}
	while (rc == 0 && n > 0 && !p->w->boot->fault)
		rc = load_module(p, needed[--n]);
	got_release(&g);
	return rc;
}

/*
 * A menu reads the configuration again. @ret_command: what it starts, once
 * nobody has touched a key.
 */
static int
run_module(struct pxelinux *p, const struct syslinux_boot *boot,
    const char **ret_command)
{
	const char *file = boot->args[0] && boot->label == NULL ?
	    boot->args : sbuf_str(&p->config_name);
	unsigned int wait_ds;
	int rc = load_module(p, boot->file);

	if (rc < 0 || p->w->boot->fault)
		return rc;
	if (!syslinux_is_menu(boot->file)) {
		boot_add_event(p->w->boot, BOOT_EV_NOTE, "the module %s takes "
		    "over; its own loading is not followed", boot->file);
		return 0;
	}
	rc = read_config(p, file);
	if (rc <= 0 || p->w->boot->fault)
		return rc;
	*ret_command = syslinux_menu_command(&p->config, &wait_ds);
	if (*ret_command)
		walk_sleep(p->w, (uint64_t)wait_ds * TENTH_MS);
	else
		walk_wait_for_person(p->w, "a menu without a timeout");
	return 0;
}

/* What ldlinux.c32 makes of the configuration. */
static const char *
first_command(struct pxelinux *p)
{
	unsigned int wait_ds;
	const char *command = syslinux_command(&p->config, &wait_ds);

	if (command)
		walk_sleep(p->w, (uint64_t)wait_ds * TENTH_MS);
	else
		walk_wait_for_person(p->w, "the prompt of PXELINUX");
	return command;
}

/* One command line. @ret_command: the next, if there is one. */
static int
run_command(struct pxelinux *p, const char *command, const char **ret_command)
{
	struct syslinux_boot boot;
	struct got g = { .uri = "" };
	int rc = syslinux_resolve(&p->config, command, &boot);

	*ret_command = NULL;
	if (rc == -ENOENT) {
		boot_set_fault(p->w->boot, "script-flow-error", "the "
		    "configuration says '%s', and has no such label", command);
		return 0;
	}
	if (rc < 0)
		return rc;
	switch (boot.type) {
	case SYSLINUX_COM32:
		return run_module(p, &boot, ret_command);
	case SYSLINUX_CONFIG:
		rc = read_config(p, boot.file);
		if (rc == 0)
			boot_set_fault(p->w->boot, "pxelinux-config-missing",
			    "%s is not there", boot.file);
		if (rc > 0 && !p->w->boot->fault)
			*ret_command = first_command(p);
		return rc < 0 ? rc : 0;
	case SYSLINUX_LOCAL:
		p->w->boot->end = BOOT_END_LOCAL;
		return 0;
	case SYSLINUX_BOOT:
		rc = get(p, boot.file, &g);
		if (rc == 0 && !failed(p, &g))
			rc = walk_step(p->w, g.uri, &g.r, &g.what, p->diag);
		got_release(&g);
		return rc;
	case SYSLINUX_BY_NAME:
	case SYSLINUX_LINUX:
		break;
	}
	return boot_linux(p, &boot);
}

int
walk_pxelinux(struct walk *w, struct diag *diag)
{
	struct pxelinux p = {
		.w = w, .diag = diag, .lease = walk_lease(w),
		.config = SYSLINUX_CONFIG_EMPTY,
		.prefix = SBUF_EMPTY, .config_name = SBUF_EMPTY,
	};
	const char *command = NULL;
	int rc = 0;

	if (!p.lease)
		return 0;
	find_prefix(&p);
	rc = load_ldlinux(&p);
	if (rc == 0 && !w->boot->fault)
		rc = find_config(&p);
	if (rc == 0 && !w->boot->fault)
		command = first_command(&p);
	for (unsigned int i = 0; rc == 0 && command && !w->boot->fault &&
	    !walk_is_late(w); i++) {
		if (i == HOPS_MAX) {
			boot_set_fault(w->boot, "chainload-loop", "menus and "
			    "configurations have called one another %d times",
			    HOPS_MAX);
			break;
		}
		rc = run_command(&p, command, &command);
	}
	syslinux_release(&p.config);
	sbuf_release(&p.prefix);
	sbuf_release(&p.config_name);
	while (p.n_libs > 0)
		free(p.lib[--p.n_libs]);
	return rc;
}
