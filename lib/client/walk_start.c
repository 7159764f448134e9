/*
 * A loaded boot program takes over: who that is, in which build, and whether
 * the firmware lets it.
 */
#include "client/walk_internal.h"

#include "base/digest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IPXE_SUB_BUS_ID = 177, IPXE_BUS_ID_LEN = 5 };

/* The option 175 that a build sends: the card's, then its own features. */
static int
set_features(struct walk *w, struct persona *p, const struct bootfile *what)
{
	size_t head = p->features_len > 2 + IPXE_BUS_ID_LEN &&
	    p->features[0] == IPXE_SUB_BUS_ID ? 2 + IPXE_BUS_ID_LEN : 0;
	uint8_t *bytes;

	if (what->option_len > 0) {
		bytes = arena_alloc(&w->boot->arena, head + what->option_len);
		if (!bytes)
			return -ENOMEM;
		memcpy(bytes, p->features, head);
		memcpy(bytes + head, what->option, what->option_len);
		p->features = bytes;
		p->features_len = head + what->option_len;
	}
	if (what->version[0] && p->user_agent) {
		p->user_agent = arena_printf(&w->boot->arena, "iPXE/%s",
		    what->version);
		if (!p->user_agent)
			return -ENOMEM;
	}
	return 0;
}

/* The persona @next on this machine, in the build that was loaded. */
static int
become(struct walk *w, const struct persona *next,
    const struct bootfile *what)
{
	struct persona *p = arena_alloc(&w->boot->arena, sizeof(*p));

	if (!p)
		return -ENOMEM;
	*p = *next;
	if (p->kind == PERSONA_LOADER) {
		p->has_arch = w->now->has_arch;
		p->arch = w->now->arch;
		/* PXELINUX loads through the iPXE below it */
		if (w->program.by_ipxe && w->now->kind == PERSONA_IPXE &&
		    what->kind == BOOTFILE_PXELINUX && !p->user_agent)
			p->user_agent = w->now->user_agent;
	}
	w->now = p;
	return p->kind == PERSONA_IPXE ? set_features(w, p, what) : 0;
}

/* Remember the program; loaders are looked into while they run. */
static int
keep_program(struct walk *w, const char *uri, const struct bootfile *what,
    const void *bytes, size_t len)
{
	struct walk_program *p = &w->program;

	free(p->bytes);
	p->bytes = NULL;
	p->len = 0;
	p->by_ipxe = w->now->kind == PERSONA_IPXE;
	p->what = *what;
	p->what.script = NULL;
	p->what.script_len = 0;
	p->uri = arena_strdup(&w->boot->arena, uri);
	if (!p->uri)
		return -ENOMEM;
	if (what->kind == BOOTFILE_IPXE || len == 0)
		return 0;
	p->bytes = malloc(len);
	if (!p->bytes)
		return -ENOMEM;
	memcpy(p->bytes, bytes, len);
	p->len = len;
	return 0;
}

int
walk_start(struct walk *w, const struct persona *next, const char *uri,
    struct bootfile *what, const void *bytes, size_t len)
{
	struct walk_seen now = { .persona = NULL };
	int rc;

	next = walk_v6_next(w, next);
	now.persona = next;
	(void)digest_sha256(bytes, len, now.sha256);
	for (size_t i = 0; i < w->n_seen; i++) {
		if (w->seen[i].persona != next ||
		    strcmp(w->seen[i].sha256, now.sha256) != 0)
			continue;
		boot_set_fault(w->boot, w->by_menu ?
		    "pxe-menu-reoffered-to-ipxe" : "chainload-loop", "%s was "
		    "told to load the same %s again, and will be told so each "
		    "time: it never comes to a script",
		    what->kind == BOOTFILE_IPXE ? "iPXE" : w->now->title,
		    what->kind == BOOTFILE_IPXE ? "iPXE" : next->title);
		return 0;
	}
	if (w->n_seen == WALK_SEEN_MAX) {
		boot_set_fault(w->boot, "chainload-loop", "%d boot programs "
		    "have loaded one another", WALK_SEEN_MAX);
		return 0;
	}
	w->seen[w->n_seen++] = now;
	rc = keep_program(w, uri, what, bytes, len);
	if (rc == 0)
		rc = become(w, next, what);
	if (rc < 0)
		return rc;
	free(w->script);
	w->script = what->script;
	w->script_len = what->script_len;
	what->script = NULL;
	if (what->kind == BOOTFILE_IPXE && w->initrd_script) {
		free(w->script);
		w->script = w->initrd_script;
		w->script_len = w->initrd_script_len;
		w->initrd_script = NULL;
	}
	return 0;
}

void
walk_start_kernel(struct walk *w, const char *cmdline)
{
	w->boot->end = BOOT_END_KERNEL;
	w->boot->cut_short = w->conf->until == WALK_UNTIL_KERNEL;
	/* the system's own DHCPv6 is not played */
	w->done = w->boot->cut_short || w->now->v6;
	if (cmdline)
		w->boot->cmdline = arena_strdup(&w->boot->arena, cmdline);
	free(w->script);
	w->script = NULL;
	w->now = chain_os();
}

/* Secure Boot: UEFI starts nothing that is not signed. */
static bool
is_rejected(struct walk *w, const char *uri, const struct bootfile *what)
{
	if (!w->conf->secure_boot || what->is_signed ||
	    what->container == CONTAINER_NONE ||
	    persona_platform(w->now) != PLATFORM_EFI)
		return false;
	boot_set_fault(w->boot, "secure-boot-rejects-loader", "%s is not "
	    "signed, and Secure Boot is on", uri);
	return true;
}

int
walk_step(struct walk *w, const char *uri, const struct load_result *r,
    struct bootfile *what, struct diag *diag)
{
	struct step s;

	chain_step(w->now, what, &s);
	switch (s.kind) {
	case STEP_FAULT:
		boot_set_fault(w->boot, s.fault, "%s: %s", uri, s.why);
		return 0;
	case STEP_SCRIPT:
		if (walk_is_enough(w, what))
			return 0;
		return walk_run_script(w, uri, r->bytes, r->len, diag);
	case STEP_STAGE:
	case STEP_LOADER:
		if (is_rejected(w, uri, what))
			return 0;
		return walk_start(w, s.next, uri, what, r->bytes, r->len);
	case STEP_KERNEL:
		walk_kernel(w, uri, what, r->bytes, r->len, "");
		return 0;
	case STEP_PROGRAM:
		boot_add_event(w->boot, BOOT_EV_NOTE, "%s takes over; its own "
		    "loading is not followed", walk_describe(w->boot, what));
		w->done = true;
		return 0;
	}
	return 0;
}
