/*
 * GRUB: its own second half, the search for grub.cfg, and what it boots when
 * nobody touches a key. The order of requests is that of Debian's GRUB 2.06,
 * on BIOS and UEFI, on the wire.
 */
#include "client/walk_internal.h"

#include "bootcfg/grub.h"
#include "firmware/grub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MENUS_MAX = 32,                 /* menus and files in one another */
	LOADED_MAX = 256,               /* modules */
	DEPTH_MAX = 16,                 /* of modules that need modules */
	COMMANDS_MAX = 4096,            /* rows of command.lst */
	SECOND_MS = 1000,
};

/* A file that was asked for. */
struct got {
	struct load_result r;
	struct bootfile what;
	const char *uri;
};

struct command {
	const char *name;
	const char *module;
};

struct grub_walk {
	struct walk *w;
	struct diag *diag;
	const struct boot_stage *lease;
	struct grub *g;
	struct grub_image image;
	bool has_image;
	const char *loaded[LOADED_MAX]; /* modules, in the boot's arena */
	size_t n_loaded;
	struct command commands[COMMANDS_MAX];
	size_t n_commands;
	unsigned int menus;
	bool is_over;                   /* something else was started */
	bool config_found;

	/* What "linux" and "chainloader" have set up. */
	struct got kernel;
	bool has_kernel;
	bool is_chain;
	struct sbuf cmdline;
	const char *fault;              /* the last that could not be loaded */
	char why[LOAD_WHY_MAX];
};

static void
got_release(struct got *g)
{
	bootfile_release(&g->what);
	load_release(&g->r);
}

/*
 * (tftp,10.0.0.1)/grub/grub.cfg, (http,10.0.0.1)/..., or a path on $root.
 * Return: 1 if it was asked for: @ret is to be released; 0 if the device is
 * none of the network; a negative errno of ours.
 */
static int
get(struct grub_walk *p, const char *name, struct got *ret)
{
	struct boot *b = p->w->boot;
	const char *device = name[0] == '(' ? name + 1 : grub_get(p->g, "root");
	size_t len = strcspn(device, name[0] == '(' ? ")" : "");
	const char *path = name[0] == '(' ? device + len + (device[len] == ')') :
	    name;
	const char *comma = memchr(device, ',', len);
	size_t kind_len = comma ? (size_t)(comma - device) : len;
	char server[TARGET_SERVER_MAX];
	struct sbuf uri = SBUF_EMPTY;
	bool http = kind_len == 4 && memcmp(device, "http", 4) == 0;
	int rc;

	memset(ret, 0, sizeof(*ret));
	if (!http && !(kind_len == 4 && memcmp(device, "tftp", 4) == 0) &&
	    !(kind_len == 3 && memcmp(device, "pxe", 3) == 0))
		return 0;
	if (walk_is_late(p->w))
		return -ECANCELED;
	(void)snprintf(server, sizeof(server), "%.*s", comma ?
	    (int)(len - kind_len - 1) : 0, comma ? comma + 1 : "");
	if (server[0] == '\0')
		(void)text_copy(server, sizeof(server), p->lease->target.server);
	/* two slashes are one */
	for (const char *s = path; *s; s++) {
		if (s[0] != '/' || s[1] != '/')
			sbuf_addc(&uri, *s);
	}
	path = sbuf_str(&uri);
	if (http) {
		struct sbuf full = SBUF_EMPTY;

		sbuf_printf(&full, "http://%s%s", server, path);
		rc = walk_load(p->w, NULL, sbuf_str(&full), &ret->r,
		    &ret->what, p->diag);
		sbuf_release(&full);
	} else {
		rc = walk_load(p->w, server, path, &ret->r, &ret->what,
		    p->diag);
	}
	ret->uri = b->n_loads > 0 ? b->loads[b->n_loads - 1].uri : "";
	if (rc == 0 && ret->r.fault) {
		p->fault = ret->r.fault;
		(void)text_copy(p->why, sizeof(p->why), ret->r.why);
		/* silence is not what a script can go on after */
		if (!walk_refused(&ret->r))
			boot_set_fault(b, ret->r.fault, "%s", ret->r.why);
	}
	sbuf_release(&uri);
	return rc < 0 ? rc : b->fault ? -ECANCELED : 1;
}

/* Load it only to see that it is there. Return: 0; a negative errno. */
static int
look(struct grub_walk *p, const char *name, bool *ret_there)
{
	struct got g;
	int rc = get(p, name, &g);

	*ret_there = rc > 0 && !g.r.fault;
	got_release(&g);
	return rc < 0 ? rc : 0;
}

/* "x86_64-efi", as the modules' directory is called. */
static const char *
target_of(const struct walk *w)
{
	static const struct { enum arch_cpu cpu; const char *name; } rows[] = {
		{ CPU_X86, "i386-efi" }, { CPU_ARM64, "arm64-efi" },
		{ CPU_ARM32, "arm-efi" }, { CPU_RISCV64, "riscv64-efi" },
	};

	if (persona_platform(w->now) != PLATFORM_EFI)
		return "i386-pc";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].cpu == w->program.what.cpu)
			return rows[i].name;
	}
	return "x86_64-efi";
}

static bool
has_module(const struct grub_walk *p, const char *name)
{
	if (p->has_image && grub_image_has(&p->image, name))
		return true;
	for (size_t i = 0; i < p->n_loaded; i++) {
		if (strcmp(p->loaded[i], name) == 0)
			return true;
	}
	return false;
}

/* A module, then what it needs, in its order. */
static int
load_module(struct grub_walk *p, const char *name, unsigned int depth,
    bool *ret_there)
{
	const char *deps[GRUB_DEPS_MAX];
	struct sbuf path = SBUF_EMPTY;
	struct got g = { .uri = "" };
	size_t n = 0;
	bool there = true;
	int rc = 0;

	*ret_there = true;
	if (has_module(p, name) || depth > DEPTH_MAX)
		return 0;
	sbuf_printf(&path, "%s/%s/%s.mod", grub_get(p->g, "prefix"),
	    target_of(p->w), name);
	rc = get(p, sbuf_str(&path), &g);
	sbuf_release(&path);
	*ret_there = rc > 0 && !g.r.fault;
	if (*ret_there && p->n_loaded < LOADED_MAX) {
		p->loaded[p->n_loaded] = arena_strdup(&p->w->boot->arena, name);
		if (!p->loaded[p->n_loaded++])
			rc = -ENOMEM;
		n = grub_module_deps(g.r.bytes, g.r.len, deps);
	}
	for (size_t i = 0; rc >= 0 && i < n; i++)
		rc = load_module(p, deps[i], depth + 1, &there);
	got_release(&g);
	return rc < 0 ? rc : 0;
}

/* command.lst: "*echo: echo", a row for each command. */
static int
read_commands(struct grub_walk *p, const char *text, size_t len)
{
	struct rd r = rd_init(text, len);

	p->n_commands = 0;
	while (r.left > 0 && p->n_commands < COMMANDS_MAX) {
		struct command *c = &p->commands[p->n_commands];
		size_t n = 0;
		char *line;
		char *colon;

		while (n < r.left && r.p[n] != '\n')
			n++;
		line = arena_dup(&p->w->boot->arena, r.p, n);
		rd_skip(&r, n + (n < r.left));
		if (!line)
			return -ENOMEM;
		colon = strstr(line, ": ");
		if (!colon)
			continue;
		*colon = '\0';
		c->name = line + (line[0] == '*');
		c->module = colon + 2;
		p->n_commands++;
	}
	return 0;
}

static int
read_lists(struct grub_walk *p)
{
	static const char *const lists[] = {
		"command.lst", "fs.lst", "crypto.lst", "terminal.lst",
	};
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(lists); i++) {
		struct sbuf path = SBUF_EMPTY;
		struct got g;

		sbuf_printf(&path, "%s/%s/%s", grub_get(p->g, "prefix"),
		    target_of(p->w), lists[i]);
		rc = get(p, sbuf_str(&path), &g);
		if (rc > 0 && i == 0 && !g.r.fault)
			rc = read_commands(p, g.r.bytes, g.r.len);
		got_release(&g);
		sbuf_release(&path);
	}
	return rc < 0 ? rc : 0;
}

/* Run a file. @ret_there: it was there to be run. */
static int
run_file(struct grub_walk *p, const char *name, bool *ret_there)
{
	struct got g = { .uri = "" };
	int rc;

	*ret_there = false;
	if (strcmp(name, "(memdisk)/grub.cfg") == 0) {
		*ret_there = p->image.memdisk_config != NULL;
		if (!*ret_there)
			return 0;
		return grub_run(p->g, p->image.memdisk_config,
		    strlen(p->image.memdisk_config));
	}
	rc = get(p, name, &g);
	if (rc > 0 && !g.r.fault) {
		*ret_there = true;
		p->config_found = true;
		rc = grub_run(p->g, g.r.bytes, g.r.len);
		if (rc == -EBADMSG && grub_entries(p->g) == 0)
			boot_set_fault(p->w->boot, "script-flow-error", "%s: a "
			    "statement is not closed: GRUB stops there", g.uri);
		else if (rc == -EBADMSG)
			boot_add_event(p->w->boot, BOOT_EV_NOTE, "%s: a "
			    "statement is not closed: GRUB stops there", g.uri);
		if (rc == -EBADMSG)
			rc = 0;
	}
	got_release(&g);
	return rc < 0 ? rc : 0;
}

/* What was set up takes over. */
static int
start(struct grub_walk *p)
{
	int rc = 0;

	if (!p->has_kernel)
		return 0;
	p->is_over = true;
	if (p->is_chain || p->kernel.what.kind == BOOTFILE_IPXE)
		rc = walk_step(p->w, p->kernel.uri, &p->kernel.r,
		    &p->kernel.what, p->diag);
	else
		walk_kernel(p->w, p->kernel.uri, &p->kernel.what,
		    p->kernel.r.bytes, p->kernel.r.len, sbuf_str(&p->cmdline));
	return rc;
}

/* Wait as long as $timeout says. Return: false: for a person. */
static bool
wait_at_menu(struct grub_walk *p)
{
	const char *text = grub_get(p->g, "timeout");
	uint64_t seconds;

	if (parse_uint(text, 0, 86400, &seconds, NULL) < 0)
		return false;
	walk_sleep(p->w, seconds * SECOND_MS);
	return true;
}

/* The menu that the configuration made, and what comes of it. */
static int
run_menu(struct grub_walk *p)
{
	int rc = 0;

	while (rc == 0 && !p->is_over && !p->w->boot->fault) {
		int entry = grub_default(p->g);
		bool submenu;

		if (entry < 0)
			return 0;
		if (++p->menus > MENUS_MAX)
			return -EMSGSIZE;
		if (!wait_at_menu(p)) {
			walk_wait_for_person(p->w, "a menu of GRUB without a "
			    "timeout");
			p->is_over = true;
			return 0;
		}
		boot_add_event(p->w->boot, BOOT_EV_NOTE, "GRUB takes '%s'",
		    grub_title(p->g, (size_t)entry));
		submenu = grub_is_submenu(p->g, (size_t)entry);
		p->fault = NULL;
		rc = grub_run_entry(p->g, (size_t)entry);
		if (rc == 0 && !submenu && !p->is_over)
			rc = start(p);
		if (rc == 0 && !submenu && !p->is_over) {
			/* back at the menu, and now a key was pressed */
			if (p->fault)
				boot_set_fault(p->w->boot, p->fault, "%s",
				    p->why);
			else
				walk_wait_for_person(p->w, "the menu of GRUB");
			p->is_over = true;
		}
	}
	return rc;
}

/* configfile: another file, another menu. */
static int
run_config(struct grub_walk *p, const char *name, bool *ret_there)
{
	int rc;

	if (++p->menus > MENUS_MAX)
		return -EMSGSIZE;
	grub_new_context(p->g);
	rc = run_file(p, name, ret_there);
	return rc == 0 && !p->is_over && !p->w->boot->fault ? run_menu(p) : rc;
}

/* The names of a configuration for this one machine, until one is there. */
static int
search_config(struct grub_walk *p, struct sbuf *ret)
{
	const struct machine *m = &p->w->conf->machine;
	const char *prefix = grub_get(p->g, "prefix");
	bool there = false;
	char hex[9];
	int rc;

	sbuf_printf(ret, "%s/grub.cfg-01-", prefix);
	sbuf_hex(ret, m->mac, MAC_LEN, "-");
	rc = look(p, sbuf_str(ret), &there);
	(void)snprintf(hex, sizeof(hex), "%08X",
	    ntohl(p->lease->address.s_addr));
	for (size_t n = 8; rc == 0 && !there && n > 0; n--) {
		sbuf_clear(ret);
		sbuf_printf(ret, "%s/grub.cfg-%.*s", prefix, (int)n, hex);
		rc = look(p, sbuf_str(ret), &there);
	}
	if (rc == 0 && !there) {
		sbuf_clear(ret);
		sbuf_printf(ret, "%s/grub.cfg", prefix);
	}
	return rc;
}

/* Normal mode, with a configuration of its own choice if @config is NULL. */
static int
run_normal(struct grub_walk *p, const char *config)
{
	struct sbuf name = SBUF_EMPTY;
	bool there = true;
	int rc = load_module(p, "normal", 0, &there);

	if (rc == 0 && !there) {
		boot_set_fault(p->w->boot, "grub-config-missing", "GRUB looks "
		    "for the rest of itself in %s, and finds no "
		    "%s/normal.mod there", grub_get(p->g, "prefix"),
		    target_of(p->w));
		return 0;
	}
	/* older modules expect it to be there */
	if (rc == 0)
		rc = load_module(p, "gzio", 0, &there);
	if (rc == 0 && config)
		sbuf_add(&name, config);
	else if (rc == 0)
		rc = search_config(p, &name);
	if (rc == 0)
		rc = read_lists(p);
	if (rc == 0)
		rc = run_config(p, sbuf_str(&name), &there);
	sbuf_release(&name);
	return rc;
}

/* linux FILE ARGUMENTS */
static int
do_linux(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	int rc;

	if (p->has_kernel)
		got_release(&p->kernel);
	p->has_kernel = false;
	p->is_chain = strcmp(argv[0], "chainloader") == 0;
	rc = get(p, argv[1], &p->kernel);
	*ret_ok = rc > 0 && !p->kernel.r.fault;
	if (rc > 0 && !*ret_ok)
		got_release(&p->kernel);
	if (rc < 0 || !*ret_ok)
		return rc < 0 ? rc : 0;
	p->has_kernel = true;
	sbuf_clear(&p->cmdline);
	sbuf_printf(&p->cmdline, "BOOT_IMAGE=%s", argv[1]);
	for (size_t i = 2; i < argc; i++)
		sbuf_printf(&p->cmdline, " %s", argv[i]);
	return 0;
}

static int
do_initrd(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	*ret_ok = p->has_kernel;
	for (size_t i = 1; *ret_ok && i < argc; i++) {
		struct got g;
		int rc = get(p, argv[i], &g);

		*ret_ok = rc > 0 && !g.r.fault;
		if (*ret_ok)
			rc = walk_initrd(p->w, &p->kernel.what, g.uri, &g.what,
			    g.r.bytes, g.r.len);
		got_release(&g);
		if (rc < 0 || p->w->boot->fault)
			return rc < 0 ? rc : -ECANCELED;
	}
	/* an entry boots without an initrd that was not there: it panics */
	if (!*ret_ok && p->has_kernel && p->fault)
		boot_set_fault(p->w->boot, p->fault, "%s", p->why);
	return 0;
}

static int
do_source(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)argc;
	return run_file(p, argv[1], ret_ok);
}

static int
do_configfile(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)argc;
	return run_config(p, argv[1], ret_ok);
}

static int
do_normal(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)ret_ok;
	if (++p->menus > MENUS_MAX)
		return -EMSGSIZE;
	return run_normal(p, argc > 1 ? argv[1] : NULL);
}

static int
do_insmod(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)argc;
	return load_module(p, argv[1], 0, ret_ok);
}

/* Commands of which only the request matters. */
static int
do_look(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	const char *name = argv[argc - 1];

	return name[0] == '/' || name[0] == '(' ? look(p, name, ret_ok) : 0;
}

static int
do_load_env(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	struct sbuf name = SBUF_EMPTY;
	int rc;

	if (argc > 2 && (strcmp(argv[1], "-f") == 0 ||
	    strcmp(argv[1], "--file") == 0))
		sbuf_add(&name, argv[2]);
	else
		sbuf_printf(&name, "%s/grubenv", grub_get(p->g, "prefix"));
	rc = look(p, sbuf_str(&name), ret_ok);
	sbuf_release(&name);
	return rc;
}

static int
do_boot(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)argc;
	(void)argv;
	*ret_ok = p->has_kernel;
	return start(p);
}

/* exit, halt, reboot, fwsetup: GRUB is left. */
static int
do_exit(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)argc;
	(void)argv;
	(void)ret_ok;
	p->w->boot->end = BOOT_END_LOCAL;
	p->is_over = true;
	return 0;
}

/* search finds disks, and there are none. */
static int
do_fail(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	(void)p;
	(void)argc;
	(void)argv;
	*ret_ok = false;
	return 0;
}

static int
do_sleep(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	uint64_t seconds;

	(void)ret_ok;
	if (parse_uint(argv[argc - 1], 0, 86400, &seconds, NULL) == 0)
		walk_sleep(p->w, seconds * SECOND_MS);
	return 0;
}

static int
do_echo(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok)
{
	struct sbuf line = SBUF_EMPTY;

	(void)ret_ok;
	for (size_t i = 1; i < argc; i++) {
		sbuf_sep(&line, " ");
		sbuf_add(&line, argv[i]);
	}
	boot_add_event(p->w->boot, BOOT_EV_CONSOLE, "%s", sbuf_str(&line));
	walk_changed(p->w);
	sbuf_release(&line);
	return 0;
}

static const struct {
	const char *name;
	size_t min_args;
	int (*run)(struct grub_walk *p, size_t argc, char **argv, bool *ret_ok);
} commands[] = {
	{ "linux", 2, do_linux }, { "linux16", 2, do_linux },
	{ "linuxefi", 2, do_linux },
	{ "chainloader", 2, do_linux },
	{ "initrd", 2, do_initrd }, { "initrd16", 2, do_initrd },
	{ "initrdefi", 2, do_initrd },
	{ "source", 2, do_source }, { ".", 2, do_source },
	{ "configfile", 2, do_configfile },
	{ "normal", 1, do_normal }, { "insmod", 2, do_insmod },
	{ "loadfont", 2, do_look }, { "cat", 2, do_look },
	{ "background_image", 2, do_look },
	{ "devicetree", 2, do_look },
	{ "load_env", 1, do_load_env }, { "boot", 1, do_boot },
	{ "exit", 1, do_exit }, { "halt", 1, do_exit },
	{ "reboot", 1, do_exit }, { "fwsetup", 1, do_exit },
	{ "search", 1, do_fail }, { "sleep", 2, do_sleep },
	{ "echo", 1, do_echo },
};

/* The command's module, if command.lst names one that is not there yet. */
static int
use(void *ctx, const char *name, bool *ret_there)
{
	struct grub_walk *p = ctx;

	*ret_there = true;
	for (size_t i = 0; i < p->n_commands; i++) {
		if (strcmp(p->commands[i].name, name) == 0)
			return load_module(p, p->commands[i].module, 0,
			    ret_there);
	}
	/* without that list: what is built in is there, and nothing else */
	return 0;
}

static int
command(void *ctx, struct grub *g, size_t argc, char **argv, bool *ret_ok)
{
	struct grub_walk *p = ctx;

	(void)g;
	if (p->is_over || p->w->boot->fault)
		return -ECANCELED;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, argv[0]) != 0)
			continue;
		*ret_ok = argc >= commands[i].min_args;
		return *ret_ok ? commands[i].run(p, argc, argv, ret_ok) : 0;
	}
	return 0;
}

static int
size(void *ctx, const char *name, bool *ret_some)
{
	struct grub_walk *p = ctx;
	struct got g;
	int rc = get(p, name, &g);

	*ret_some = rc > 0 && !g.r.fault && g.r.len > 0;
	got_release(&g);
	return rc < 0 ? rc : 0;
}

/* The variables that GRUB sets before any script. */
static int
set_variables(struct grub_walk *p)
{
	const struct machine *m = &p->w->conf->machine;
	const char *file = p->lease->target.file;
	const char *prefix = p->image.prefix ? p->image.prefix : "";
	const char *target = target_of(p->w);
	const char *dash = strchr(target, '-');
	const char *slash = strrchr(file, '/');
	char ip[IP_TEXT_MAX];
	char mac[MAC_TEXT_MAX];
	struct sbuf root = SBUF_EMPTY;
	struct sbuf text = SBUF_EMPTY;
	struct { const char *name; const char *value; } rows[] = {
		{ "grub_platform", dash + 1 },
		{ "net_default_ip", ipv4_format(p->lease->address, ip) },
		{ "net_default_mac", mac_format(m->mac, mac) },
		{ "net_default_server", p->lease->target.server },
		{ "net_default_interface", "efinet0" },
		{ "pxe_default_server", p->lease->target.server },
		{ "feature_menuentry_id", "y" },
		{ "menuentry_id_option", "--id" },
		{ "feature_all_video_module", "y" },
		{ "feature_default_font_path", "y" },
		{ "feature_timeout_style", "y" },
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(rows); i++)
		rc = grub_export(p->g, rows[i].name, rows[i].value);
	sbuf_printf(&text, "%.*s", (int)(dash - target), target);
	if (rc == 0)
		rc = grub_export(p->g, "grub_cpu", sbuf_str(&text));
	sbuf_printf(&root, "tftp,%s", p->lease->target.server);
	if (rc == 0)
		rc = grub_export(p->g, "root", sbuf_str(&root));
	sbuf_clear(&text);
	sbuf_printf(&text, "(%s)%s%.*s", sbuf_str(&root),
	    file[0] == '/' ? "" : "/", slash ? (int)(slash - file) : 0, file);
	if (rc == 0)
		rc = grub_export(p->g, "cmdpath", sbuf_str(&text));
	/* a prefix without a device is one on the boot server */
	if (prefix[0] && prefix[0] != '(') {
		sbuf_clear(&text);
		sbuf_printf(&text, "(%s)%s", sbuf_str(&root), prefix);
	} else if (prefix[0]) {
		sbuf_clear(&text);
		sbuf_add(&text, prefix);
	}
	if (rc == 0)
		rc = grub_export(p->g, "prefix", sbuf_str(&text));
	sbuf_release(&root);
	sbuf_release(&text);
	return rc;
}

/* The image's own first lines, or normal mode at once. */
static int
run_image(struct grub_walk *p)
{
	int rc;

	if (!p->image.config)
		return run_normal(p, NULL);
	rc = grub_run(p->g, p->image.config, strlen(p->image.config));
	return rc == 0 && !p->is_over && !p->w->boot->fault ? run_menu(p) : rc;
}

/* The boot's end, if no script has said it. */
static void
judge(struct grub_walk *p, int rc)
{
	struct boot *b = p->w->boot;

	if (rc == -EMSGSIZE)
		boot_set_fault(b, "chainload-loop", "the configuration of GRUB "
		    "does not come to an end");
	if (b->fault || p->is_over)
		return;
	if (!p->config_found)
		boot_set_fault(b, "grub-config-missing", "GRUB has looked for "
		    "its grub.cfg in %s, and stays at its prompt",
		    grub_get(p->g, "prefix"));
	else
		walk_wait_for_person(p->w, "the prompt of GRUB");
}

int
walk_grub(struct walk *w, struct diag *diag)
{
	struct grub_walk *p = calloc(1, sizeof(*p));
	struct grub_host host = {
		.ctx = p, .command = command, .use = use, .size = size,
	};
	int rc = -ENOMEM;

	if (!p)
		return -ENOMEM;
	p->w = w;
	p->diag = diag;
	p->lease = walk_lease(w);
	p->g = grub_new(&host);
	if (!p->g || !p->lease)
		goto out;
	rc = grub_image_read(w->program.bytes, w->program.len, &p->image);
	p->has_image = rc == 0;
	if (rc == -EBADMSG) {
		boot_add_event(w->boot, BOOT_EV_NOTE, "what this GRUB has built "
		    "in cannot be seen; as grub-mknetdir makes them");
		p->image.prefix = "/boot/grub";
		rc = 0;
	}
	if (rc == 0)
		rc = set_variables(p);
	if (rc == 0)
		rc = run_image(p);
	if (rc == 0 || rc == -EMSGSIZE || rc == -ECANCELED || rc == -EBADMSG) {
		judge(p, rc);
		rc = 0;
	}
out:
	if (p->has_kernel)
		got_release(&p->kernel);
	sbuf_release(&p->cmdline);
	grub_image_release(&p->image);
	grub_free(p->g);
	free(p);
	return rc;
}
