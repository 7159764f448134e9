/*
 * Faults of what was loaded: the same program again, a file of the wrong
 * kind, a script that does not lead on.
 */
#include "diagnose/internal.h"

#include "base/util.h"
#include "script/check.h"
#include "script/lex.h"

#include <string.h>

#define RUN_PATIENCE_S 5.0      /* what is started speaks within that */
#define NATIVE_PATIENCE_S 20.0

static bool
is_loader(const struct load *l)
{
	return l->is.kind == BOOTFILE_IPXE || l->is.kind == BOOTFILE_GPXE ||
	    ((l->is.kind == BOOTFILE_EFI || l->is.kind == BOOTFILE_NBP ||
	    l->is.kind == BOOTFILE_UNKNOWN) &&
	    (l->is.container == CONTAINER_PE ||
	    l->is.container == CONTAINER_NBP));
}

/* iPXE was given the very file that it came from. */
bool
rules_chain(struct diagnose *d, struct client *m)
{
	for (struct load *l = m->loads; l; l = l->next) {
		const struct load *before = NULL;
		struct ip_addr at;
		bool menu;

		if (!l->stage || l->stage->kind != STAGE_IPXE || !l->done ||
		    !is_loader(l))
			continue;
		for (const struct load *o = m->loads; o != l; o = o->next) {
			if (o->done && o->stage != l->stage &&
			    strcmp(o->name, l->name) == 0)
				before = o;
		}
		if (!before)
			continue;
		at = ip_from_v4(l->stage->chosen);
		menu = l->stage->n_pxe_request > 0 && l->stage->pxe_item;
		evidence(d, m, before->frame, before->time, "'%s' was loaded "
		    "by the %s", before->name,
		    stage_kind_name(before->stage->kind));
		evidence(d, m, l->frame, l->time, "'%s' once more, by iPXE",
		    l->name);
		if (l->stage->no_user_class)
			also(m, "ipxe-without-user-class");
		return blame(d, m, menu ? "pxe-menu-reoffered-to-ipxe" :
		    "chainload-loop", 0.97, &at, "iPXE is handed '%s', the "
		    "file that it was started from", l->name);
	}
	return false;
}

/* Did anything of this boot come after it? */
static bool
followed(const struct client *m, const struct load *l)
{
	return (l->stage && l->stage->next) || m->last_alive >
	    l->done_time + RUN_PATIENCE_S;
}

static bool
silent(const struct diagnose *d, const struct load *l, double s)
{
	return d->out->last_time - l->done_time >= s;
}

/* The firmware's turn again, without anything that was loaded having run. */
static bool
firmware_again(const struct load *l)
{
	for (const struct stage *s = l->stage ? l->stage->next : NULL; s;
	    s = s->next) {
		if (s->kind == STAGE_IPXE || s->kind == STAGE_OS)
			return false;
		return true;
	}
	return false;
}

static bool
rules_pe(struct diagnose *d, struct client *m, struct load *l)
{
	const struct arch *a = arch_find(l->stage->arch);

	if (a && l->is.cpu != CPU_NONE && !arch_runs_cpu(a, l->is.cpu))
		return blame(d, m, "arch-wrong-cpu", 0.95, &l->server,
		    "'%s' is for %s, the machine is %s", l->name,
		    cpu_name(l->is.cpu), cpu_name(a->cpu));
	if (!firmware_again(l))
		return false;
	/* Secure Boot is rare on ARM; a loader without a word of it is for x64 */
	if (a && l->is.cpu == CPU_NONE && a->cpu != CPU_X64 &&
	    l->is.kind == BOOTFILE_IPXE) {
		also(m, "secure-boot-rejects-loader");
		return blame(d, m, "arch-wrong-cpu", 0.6, &l->server,
		    "the firmware did not start '%s'; by its name it is for "
		    "x64, the machine is %s", l->name, cpu_name(a->cpu));
	}
	also(m, "nbp-starts-then-silent");
	return blame(d, m, "secure-boot-rejects-loader",
	    l->is_pe_unsigned ? 0.85 : 0.6, &l->server, "the firmware loaded "
	    "'%s' whole, did not start it, and went on to its next boot "
	    "option%s", l->name, l->is_pe_unsigned ? "; the file has no "
	    "signature" : "");
}

static bool
rules_firmware_file(struct diagnose *d, struct client *m, struct load *l)
{
	const struct arch *a = l->stage->has_arch ?
	    arch_find(l->stage->arch) : NULL;
	bool efi = a && a->platform == PLATFORM_EFI;
	bool pe = l->is.container == CONTAINER_PE ||
	    l->is.container == CONTAINER_BZIMAGE_PE;
	bool known = l->is.container != CONTAINER_NONE;

	if (!a || a->platform == PLATFORM_UBOOT)
		return false;
	if (l->is.kind == BOOTFILE_HTML || l->is.kind == BOOTFILE_TEXT ||
	    (l->is.kind == BOOTFILE_SCRIPT && l->stage->kind != STAGE_IPXE))
		return blame(d, m, "exec-format-error", 0.9, &l->server,
		    "'%s' is %s, which no firmware can start", l->name,
		    bootfile_kind_title(l->is.kind));
	if (efi && !pe && (l->is.container == CONTAINER_NBP ||
	    l->is.kind == BOOTFILE_PXELINUX))
		return blame(d, m, "arch-bios-file-to-uefi", 0.95, &l->server,
		    "'%s' is a BIOS boot program, the machine is %s", l->name,
		    arch_name(a->number));
	if (!efi && l->is.container == CONTAINER_PE)
		return blame(d, m, "arch-uefi-file-to-bios", 0.95, &l->server,
		    "'%s' is a UEFI program, the machine is a BIOS one",
		    l->name);
	if (efi && pe && rules_pe(d, m, l))
		return true;
	if (efi && !known && l->is.kind == BOOTFILE_UNKNOWN &&
	    firmware_again(l))
		return blame(d, m, "exec-format-error", 0.6, &l->server,
		    "the firmware loaded '%s' whole and did not start it",
		    l->name);
	return false;
}

static bool
rules_ipxe_file(struct diagnose *d, struct client *m, struct load *l)
{
	bool text = l->is.kind == BOOTFILE_HTML ||
	    l->is.kind == BOOTFILE_TEXT;

	/* beside a kernel, text may be for its installer */
	for (const struct load *o = m->loads; o != l && text; o = o->next) {
		if (o->stage == l->stage && o->done &&
		    o->is.kind == BOOTFILE_LINUX)
			text = l->is.kind == BOOTFILE_HTML;
	}

	if (text && (l->done || silent(d, l, RUN_PATIENCE_S)))
		return blame(d, m, "exec-format-error", 0.9, &l->server,
		    "'%s' is %s: iPXE cannot run it%s", l->name,
		    bootfile_kind_title(l->is.kind), l->is.kind ==
		    BOOTFILE_TEXT ? "; a script begins with #!ipxe" : "");
	return false;
}

/* The earliest file of iPXE's that is a web page is the cause of the rest. */
static bool
rules_html(struct diagnose *d, struct client *m, struct load *last)
{
	for (struct load *l = m->loads; l != last; l = l->next) {
		if (l->stage != last->stage || !l->done || l->status >= 300 ||
		    l->is.kind != BOOTFILE_HTML || load_is_optional(l))
			continue;
		evidence(d, m, l->frame, l->time, "'%s' is %s", l->name,
		    bootfile_kind_title(l->is.kind));
		return blame(d, m, "exec-format-error", 0.9, &l->server,
		    "'%s' is %s, no program", l->name,
		    bootfile_kind_title(l->is.kind));
	}
	return false;
}

/* Does a command of a script that came begin with that word? */
static bool
scripts_say(const struct client *m, const char *word)
{
	for (const struct load *l = m->loads; l; l = l->next) {
		struct lex_script ls;
		bool found = false;

		if (!l->script || lex_script_parse(l->script,
		    strlen(l->script), &ls) < 0)
			continue;
		for (size_t i = 0; i < ls.n_lines && !found; i++)
			found = ls.lines[i].n_tokens > 0 &&
			    strcmp(ls.lines[i].tokens[0].text, word) == 0;
		lex_script_release(&ls);
		if (found)
			return true;
	}
	return false;
}

static bool
rules_started(struct diagnose *d, struct client *m, struct load *l)
{
	bool kernel = l->is.kind == BOOTFILE_LINUX;

	/* a script has rules of its own; a disk may run without a word */
	if (l->is.kind == BOOTFILE_SCRIPT || l->is.kind == BOOTFILE_ISO ||
	    l->is.container == CONTAINER_DISK)
		return false;
	if (kernel && scripts_say(m, "kernel") && !scripts_say(m, "initrd") &&
	    !scripts_say(m, "imgfetch") && !scripts_say(m, "module"))
		return blame(d, m, "installer-stage-fails", 0.6, &l->server,
		    "the kernel '%s' was delivered without an initial RAM "
		    "disk, and nothing is heard of it", l->name);
	if (followed(m, l) || !silent(d, l, NATIVE_PATIENCE_S))
		return false;
	if (is_loader(l) && l->is.kind == BOOTFILE_IPXE)
		return blame(d, m, "ipxe-native-driver-fails", 0.5, &l->server,
		    "'%s' was delivered, and nothing is heard of iPXE",
		    l->name);
	if (kernel)
		return blame(d, m, "installer-stage-fails", 0.5, &l->server,
		    "'%s' was delivered, and nothing is heard of the system",
		    l->name);
	return blame(d, m, "nbp-starts-then-silent", 0.5, &l->server,
	    "'%s' was delivered, and nothing is heard of the machine after",
	    l->name);
}

/* What the firmware was told to load; the rest is its loader's business. */
static bool
is_own_file(const struct client *m, const struct load *l)
{
	const struct load *first = m->loads;

	if (l->stage->kind == STAGE_IPXE)
		return true;
	while (first && (first->stage != l->stage || load_is_optional(first)))
		first = first->next;
	return first == l || strcmp(l->name, l->stage->target->file) == 0;
}

bool
rules_content(struct diagnose *d, struct client *m, struct load *l)
{
	bool found;

	if (!l->done || !l->stage)
		return false;
	if (l->netascii)
		return blame(d, m, "image-corrupt", 0.8, &l->server, "'%s' "
		    "was asked for in netascii mode, which changes bytes",
		    l->name);
	if (!is_own_file(m, l))         /* a menu may wait for a person */
		found = l->is.kind == BOOTFILE_LINUX && rules_started(d, m, l);
	else
		found = rules_firmware_file(d, m, l);
	if (!found && l->stage->kind == STAGE_IPXE)
		found = rules_html(d, m, l) || rules_ipxe_file(d, m, l);
	if (!found && is_own_file(m, l))
		found = rules_started(d, m, l);
	if (found)
		evidence(d, m, l->last_frame, l->done_time, "'%s' is "
		    "complete: %llu bytes, %s", l->name,
		    (unsigned long long)l->bytes, l->what ? l->what : "");
	return found;
}

/* Kernel and initrd were delivered to UEFI, and nothing is heard of them. */
bool
rules_initrd(struct diagnose *d, struct client *m)
{
	static const char id[] = "initrd-not-named-on-efi";
	const struct arch *a = m->out.has_arch ? arch_find(m->out.arch) : NULL;
	struct check_conf conf = { .names = NULL };
	const struct load *last = m->load;
	bool found = false;

	if (!a || a->platform != PLATFORM_EFI || !last ||
	    !silent(d, last, NATIVE_PATIENCE_S))
		return false;
	for (struct load *l = m->loads; l && !found; l = l->next) {
		struct check_file *f = NULL;

		if (!l->script || check_script(&conf, l->name, l->script,
		    strlen(l->script), &f) < 0)
			continue;
		for (size_t i = 0; i < f->n_found && !found; i++) {
			if (strcmp(f->found[i].fault->id, id) != 0)
				continue;
			evidence(d, m, l->frame, l->time, "line %u of '%s': "
			    "%s", f->found[i].line, l->name,
			    f->found[i].message);
			found = blame(d, m, id, 0.8, &l->server, "kernel and "
			    "initrd were delivered, and nothing is heard of "
			    "them: the kernel's line in '%s' does not name "
			    "the initrd", l->name);
		}
		check_file_free(f);
	}
	return found;
}

bool
script_hands_over(const struct client *m)
{
	static const char *const words[] = { "exit", "sanboot", "poweroff",
	    "reboot" };

	if (!m->load || !m->load->done || !m->load->script)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (scripts_say(m, words[i]))
			return true;
	}
	return false;
}

/* It went on by a way that only opens, such as HTTPS or iSCSI. */
static bool
connected_after(const struct client *m, const struct load *l)
{
	for (const struct conn *c = m->conns; c; c = c->next) {
		if (c->time > l->done_time && c->syn_ack && c->received > 0)
			return true;
	}
	return false;
}

static const struct finding *
worst_finding(const struct check_file *f)
{
	const struct finding *worst = NULL;

	for (size_t i = 0; i < f->n_found; i++) {
		if (f->found[i].severity == FAULT_ERROR && !worst)
			worst = &f->found[i];
	}
	return worst;
}

/* A script arrived, and what it asks for next was never asked for. */
bool
rules_script(struct diagnose *d, struct client *m, struct load *l)
{
	struct check_conf conf = { .names = NULL };
	struct check_file *f = NULL;
	const struct finding *worst;
	bool found = false;
	bool hands_over;

	if (!l->done || !l->script || !silent(d, l, RUN_PATIENCE_S))
		return false;
	hands_over = script_hands_over(m);
	if (check_script(&conf, l->name, l->script, strlen(l->script), &f) < 0)
		return false;
	worst = worst_finding(f);
	if (worst) {
		evidence(d, m, l->frame, l->time, "line %u of '%s': %s",
		    worst->line, l->name, worst->message);
		found = blame(d, m, "script-flow-error", 0.85, &l->server,
		    "the script '%s' stops at line %u: %s", l->name,
		    worst->line, worst->message);
		also(m, worst->fault->id);
	} else if (silent(d, l, NATIVE_PATIENCE_S) && !m->lookups &&
	    !hands_over &&
	    !connected_after(m, l)) {
		found = blame(d, m, "script-flow-error", 0.5, &l->server,
		    "after the script '%s' nothing more is asked for",
		    l->name);
		evidence(d, m, l->last_frame, l->done_time, "the script");
	}
	check_file_free(f);
	return found;
}
