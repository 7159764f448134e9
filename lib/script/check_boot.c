/* What is to be booted: kernels and their initrds, menus, images in loops. */
#include "script/check_rules.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_LEN_MAX = 128, INITRDS_MAX = 32 };

/* One kernel and the initrds that follow it, up to where it is started. */
struct set {
	const struct flow_node *kernel;
	size_t kernel_node;
	const struct flow_node *initrd[INITRDS_MAX];
	size_t n;
};

static void
image_name(const struct flow_node *n, char buf[NAME_LEN_MAX])
{
	const char *given = flow_option(n, 'n');
	const char *url = flow_arg(n, 0);
	size_t len;
	const char *from;

	if (!given && url) {
		len = strcspn(url, "?#");
		from = memrchr(url, '/', len);
		given = from ? from + 1 : url;
		len -= (size_t)(given - url);
	} else {
		given = given ? given : "";
		len = strlen(given);
	}
	len = len < NAME_LEN_MAX - 1 ? len : NAME_LEN_MAX - 1;
	memcpy(buf, given, len);
	buf[len] = '\0';
}

/* Kernels of other systems, and loaders, that know no initrd=. */
static bool
is_linux(const char *name)
{
	static const char *const others[] = {
		"wimboot", "memdisk", ".c32", ".efi", ".EFI", "xen", ".0",
		"mboot", "memtest", "tboot", "pxelinux", "grub", "kfreebsd",
		".kpxe", ".pxe", "ipxe", "syslinux", "loader", "bootmgr",
		"shim", "esxi", "netbsd", "openbsd",
	};

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (strstr(name, others[i]))
			return false;
	}
	return true;
}

/* Its value of initrd=, as far as every way gives it the same. */
static bool
next_initrd(const char **p, char buf[NAME_LEN_MAX])
{
	const char *at = *p;

	while ((at = strstr(at, "initrd=")) != NULL) {
		size_t n = strcspn(at + 7, " ");

		if (at == *p || at[-1] == ' ' || n == 0) {
			n = n < NAME_LEN_MAX - 1 ? n : NAME_LEN_MAX - 1;
			memcpy(buf, at + 7, n);
			buf[n] = '\0';
			*p = at + 7 + n;
			return true;
		}
		at += 7;
	}
	return false;
}

/* Does one of the names, parted by commas, fit the initrd's? */
static bool
names_fit(const char *list, const struct set *s)
{
	char name[NAME_LEN_MAX];

	while (*list) {
		size_t n = strcspn(list, ",");
		char one[NAME_LEN_MAX];
		bool found = false;

		n = n < sizeof(one) - 1 ? n : sizeof(one) - 1;
		memcpy(one, list, n);
		one[n] = '\0';
		for (size_t i = 0; i < s->n && !found; i++) {
			image_name(s->initrd[i], name);
			found = strcmp(one, name) == 0 ||
			    strstr(name, "${") != NULL;
		}
		if (!found && !strstr(one, "${") &&
		    strcmp(one, "initrd.magic") != 0)
			return false;
		list += n + (list[n] == ',');
	}
	return true;
}

/* @args: a command line that some way gives the kernel. */
static void
judge_set(struct checker *c, const struct set *s, const char *args)
{
	char name[NAME_LEN_MAX];
	char value[NAME_LEN_MAX];
	bool any = false;

	image_name(s->initrd[0], name);
	for (const char *p = args; next_initrd(&p, value); ) {
		any = true;
		if (names_fit(value, s))
			continue;
		check_add(c, "initrd-not-named-on-efi", FAULT_WARNING,
		    s->kernel->words[0].at, check_fix(c, "initrd=%s", name),
		    "the kernel looks for 'initrd=%s', and the initrd of "
		    "line %u is called '%s': UEFI machines boot without it",
		    value, s->initrd[0]->words[0].at.line, name);
	}
	if (!any && !strstr(args, "${"))
		check_add(c, "initrd-not-named-on-efi", FAULT_WARNING,
		    s->kernel->words[0].at, check_fix(c, "Add initrd=%s to "
		    "the kernel line.", name), "no initrd= for the initrd "
		    "of line %u: on UEFI only Linux 5.7 and iPXE 2.0.0, or "
		    "later, find it", s->initrd[0]->words[0].at.line);
}

static void
finish_set(struct checker *c, struct set *s)
{
	char name[NAME_LEN_MAX];

	if (!s->kernel)
		return;
	image_name(s->kernel, name);
	if (s->n > 0 && is_linux(name) && !strstr(name, "${")) {
		for (size_t i = 0; i < c->ways->n_events; i++) {
			const struct explore_event *e = &c->ways->events[i];

			if (e->kind == EXPLORE_ARGS &&
			    e->node == s->kernel_node)
				judge_set(c, s, e->text);
		}
	}
	s->kernel = NULL;
	s->n = 0;
}

static void
initrds(struct checker *c)
{
	struct set s = { .n = 0 };

	if (c->conf->build.platform == IPXE_PCBIOS)
		return;
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (n->is_first && c->ls->lines[n->line].label)
			finish_set(c, &s);
		if (n->fault || !flow_arg(n, 0))
			continue;
		if (flow_is(n, "kernel") || flow_is(n, "imgselect")) {
			finish_set(c, &s);
			s.kernel = n;
			s.kernel_node = i;
			s.n = 0;
		} else if (flow_is(n, "initrd") && s.n < INITRDS_MAX) {
			s.initrd[s.n++] = n;
		} else if (flow_is(n, "imgargs") || flow_is(n, "module")) {
			s.kernel = NULL;        /* other arguments, or Xen */
		} else if (flow_effect(n, EFFECT_RUN) || (flow_is(n, "goto") &&
		    n->is_first)) {
			finish_set(c, &s);
		}
	}
	finish_set(c, &s);
}

static bool
has_event(const struct checker *c, enum explore_kind kind, uint32_t node)
{
	for (size_t i = 0; i < c->ways->n_events; i++) {
		const struct explore_event *e = &c->ways->events[i];

		if (e->kind == kind && e->node == node)
			return true;
	}
	return false;
}

static void
judge_event(struct checker *c, const struct explore_event *e)
{
	const struct flow_node *n = &c->flow->nodes[e->node];
	struct lex_pos at = n->words[0].at;

	if (e->kind == EXPLORE_NO_MENU &&
	    !has_event(c, EXPLORE_MENU, e->node))
		check_add(c, "script-menu-mismatch", FAULT_WARNING, at, NULL,
		    "%s without a menu: a menu is made by 'menu', and gone "
		    "after 'choose'", n->cmd->name);
	else if (e->kind == EXPLORE_NO_MENU && flow_is(n, "choose"))
		check_add(c, "script-menu-mismatch", FAULT_WARNING, at,
		    "Make the menu again, or write choose --keep.",
		    "on a way that leads here the menu is gone: choose "
		    "uses it up");
	else if (e->kind == EXPLORE_NO_ITEM)
		check_add(c, "script-menu-mismatch", FAULT_WARNING, at, NULL,
		    "the menu has nothing to choose from");
	else if (e->kind == EXPLORE_DEFAULT)
		check_add(c, "script-menu-mismatch",
		    strstr(flow_option(n, 'd'), "${") ? FAULT_NOTE :
		    FAULT_WARNING, at, NULL,
		    "the default '%s' is none of the items: the first is "
		    "taken", e->text);
	else if (e->kind == EXPLORE_NOT_SELECTED &&
	    !has_event(c, EXPLORE_SELECTED, e->node))
		check_add(c, "script-nothing-selected", FAULT_WARNING, at,
		    NULL, "nothing is selected here, so %s does nothing",
		    n->cmd->name);
}

/* Can the node come round to itself? */
struct round {
	const struct flow *f;
	bool *seen;
	size_t *todo;
	size_t n;
};

static void
visit(void *ctx, size_t to, bool on_ok)
{
	struct round *r = ctx;

	(void)on_ok;
	if (!r->seen[to]) {
		r->seen[to] = true;
		r->todo[r->n++] = to;
	}
}

static bool
comes_round(struct round *r, size_t node)
{
	memset(r->seen, 0, r->f->n_nodes * sizeof(*r->seen));
	r->n = 0;
	if (r->f->nodes[node].on_ok >= 0)
		visit(r, (size_t)r->f->nodes[node].on_ok, true);
	while (r->n > 0 && !r->seen[node])
		flow_each(r->f, &r->f->nodes[r->todo[--r->n]], visit, r);
	return r->seen[node];
}

/* A script that is loaded again and again stays again and again. */
static void
kept_images(struct checker *c)
{
	size_t n = c->flow->n_nodes;
	struct round r = { .f = c->flow, .seen = calloc(n + 1, sizeof(bool)),
		.todo = calloc(n + 1, sizeof(size_t)) };
	bool told = false;

	c->bad = c->bad || !r.seen || !r.todo;
	for (size_t i = 0; i < n && !c->bad && !told; i++) {
		const struct flow_node *o = &c->flow->nodes[i];

		if (!flow_is(o, "chain") || o->fault || !flow_arg(o, 0) ||
		    flow_option(o, 'a') || flow_option(o, 'r') ||
		    !comes_round(&r, i))
			continue;
		told = true;            /* once says enough */
		check_add(c, "script-image-kept", FAULT_NOTE, o->words[0].at,
		    "Write chain --autofree.", "this can run again after it "
		    "came back, and each time a file stays in memory");
	}
	free(r.seen);
	free(r.todo);
}

void
check_boots(struct checker *c)
{
	initrds(c);
	for (size_t i = 0; i < c->ways->n_events; i++)
		judge_event(c, &c->ways->events[i]);
	kept_images(c);
}
