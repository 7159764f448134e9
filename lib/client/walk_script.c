/*
 * The emulated machine as the host of an iPXE script: what the script asks
 * for is done on the live network and recorded.
 */
#include "client/walk_internal.h"

#include "base/clock.h"
#include "client/script_host.h"
#include "script/features.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A script while it runs. */
struct run {
	struct walk *w;
	struct script *script;
	struct diag *diag;
	int rc;                         /* a failure of ours */
	bool started;                   /* something else runs now */
	struct sbuf line;               /* console output without its newline */
};

static void
print(void *ctx, const char *text, size_t len)
{
	struct run *run = ctx;
	struct boot *b = run->w->boot;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\n') {
			sbuf_addc(&run->line, text[i]);
			continue;
		}
		boot_add_event(b, BOOT_EV_CONSOLE, "%s",
		    sbuf_str(&run->line));
		sbuf_clear(&run->line);
		walk_changed(run->w);
	}
}

/* End the script because of a failure of ours. */
static uint32_t
stop(struct run *run, int rc)
{
	run->rc = rc;
	script_stop(run->script, rc);
	return script_error_plain(SCRIPT_ECANCELED);
}

static uint32_t
load(void *ctx, struct script *s, const struct script_request *req,
    struct script_file *ret)
{
	struct run *run = ctx;
	struct walk *w = run->w;
	struct load_result r;
	struct bootfile what;
	uint32_t status = 0;
	int rc;

	(void)s;
	if (clock_now_ms() >= w->deadline_ms)
		return stop(run, -ETIMEDOUT);
	rc = walk_load(w, NULL, req->uri, &r, &what, run->diag);
	if (rc < 0)
		return stop(run, rc);
	if (r.fault) {
		w->load_fault = r.fault;
		(void)text_copy(w->load_why, sizeof(w->load_why), r.why);
		status = script_load_status(&r);
		bootfile_release(&what);
	} else {
		w->load_fault = NULL;
		if (walk_is_enough(w, &what))
			rc = -ECANCELED;
		ret->bytes = r.bytes;
		ret->len = r.len;
		ret->what = what;
		r.bytes = NULL;
	}
	load_release(&r);
	return rc < 0 ? stop(run, rc) : status;
}

/* Give the script what the last exchange told. */
static int
put_lease(struct walk *w, struct script *s)
{
	const struct boot_stage *stage = &w->boot->stages[w->boot->n_stages - 1];
	int rc = 0;

	if (stage->bound)
		rc = script_settings_put_dhcp(s, "net0.dhcp", &stage->ack);
	if (rc == 0 && stage->bound && w->has_proxy_msg)
		rc = script_settings_put_dhcp(s, "proxydhcp", &w->proxy_msg);
	return rc;
}

static uint32_t
dhcp(void *ctx, struct script *s, const char *netdev, uint64_t timeout_ms)
{
	struct run *run = ctx;
	struct walk *w = run->w;
	const char *fault = NULL;
	char why[LOAD_WHY_MAX] = "";
	int rc;

	(void)netdev;
	(void)timeout_ms;
	rc = walk_dhcp(w, &fault, why, sizeof(why), run->diag);
	if (rc > 0)
		rc = put_lease(w, s);
	else if (rc == 0) {
		w->load_fault = fault;
		(void)text_copy(w->load_why, sizeof(w->load_why), why);
		return SCRIPT_ERR_DHCP;
	}
	return rc < 0 ? stop(run, rc) : 0;
}

/*
 * A kernel on UEFI takes its initrd by the name on its command line; this
 * iPXE (2019) does not add it.
 */
static void
check_initrd(struct walk *w, const struct script *s,
    const struct script_image *kernel, const char *cmdline)
{
	bool has_initrd = false;

	for (const struct script_image *i = script_images(s); i; i = i->next) {
		if (i == kernel || i->hidden)
			continue;
		has_initrd = true;
		(void)walk_initrd(w, &kernel->what, i->uri, &i->what, i->bytes,
		    i->len);
	}
	if (has_initrd && !strstr(cmdline, "initrd=") &&
	    persona_platform(w->now) == PLATFORM_EFI)
		boot_set_fault(w->boot, "initrd-not-named-on-efi", "the kernel "
		    "has an initrd loaded for it, and no initrd= on its "
		    "command line: on UEFI it starts without");
}

/* iPXE hands PXELINUX a packet made of its settings (RFC 5071). */
static int
take_settings(struct walk *w, struct script *s)
{
	struct { const char *ref; char *buf; } rows[] = {
		{ "209:string", w->program.config_file },
		{ "210:string", w->program.path_prefix },
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(rows); i++) {
		struct sbuf text = SBUF_EMPTY;

		rows[i].buf[0] = '\0';
		rc = settings_get_text(script_settings(s), rows[i].ref, &text);
		if (rc == 0)
			(void)text_copy(rows[i].buf, TARGET_FILE_MAX,
			    sbuf_str(&text));
		if (rc != -ENOMEM)
			rc = 0;
		sbuf_release(&text);
	}
	return rc;
}

static uint32_t
exec(void *ctx, struct script *s, const struct script_image *image,
    const char *cmdline, enum script_fate *ret_fate)
{
	struct run *run = ctx;
	struct walk *w = run->w;
	struct bootfile what = image->what;
	struct step step;
	int rc;

	chain_step(w->now, &what, &step);
	switch (step.kind) {
	case STEP_KERNEL:
		check_initrd(w, s, image, cmdline);
		walk_kernel(w, image->uri, &image->what, image->bytes,
		    image->len, cmdline);
		*ret_fate = SCRIPT_FATE_BOOT;
		break;
	case STEP_STAGE:
	case STEP_LOADER:
		/* the image keeps its own; the next stage runs a copy */
		if (what.script) {
			what.script = malloc(what.script_len + 1);
			if (!what.script)
				return stop(run, -ENOMEM);
			memcpy(what.script, image->what.script,
			    what.script_len);
		}
		rc = walk_start(w, step.next, image->uri, &what, image->bytes,
		    image->len);
		free(what.script);
		if (rc == 0)
			rc = take_settings(w, s);
		if (rc < 0)
			return stop(run, rc);
		*ret_fate = SCRIPT_FATE_REPLACED;
		break;
	case STEP_PROGRAM:
		if (what.kind == BOOTFILE_WIMBOOT) {
			walk_wimboot(w, s);
			*ret_fate = SCRIPT_FATE_BOOT;
			break;
		}
		boot_add_event(w->boot, BOOT_EV_NOTE, "%s takes over; its own "
		    "loading is not followed", bootfile_kind_title(what.kind));
		w->done = true;
		*ret_fate = SCRIPT_FATE_REPLACED;
		break;
	case STEP_FAULT:
	case STEP_SCRIPT:
		w->load_fault = step.fault ? step.fault : "exec-format-error";
		(void)snprintf(w->load_why, sizeof(w->load_why), "%s: %s",
		    image->name, step.why);
		return SCRIPT_ERR_IMAGE_TYPE;
	}
	run->started = true;
	return 0;
}

static uint32_t
san(void *ctx, struct script *s, const struct script_san *san,
    enum script_fate *ret_fate)
{
	struct run *run = ctx;

	(void)s;
	boot_add_event(run->w->boot, BOOT_EV_NOTE, "%s %s",
	    san->boot ? "boots from" : "hooks",
	    san->n_uris ? san->uris[0] : "the local disk");
	if (san->boot) {
		*ret_fate = SCRIPT_FATE_SAN;
		run->w->boot->end = BOOT_END_LOCAL;
	}
	return 0;
}

static void
host_sleep(void *ctx, uint64_t ms)
{
	struct run *run = ctx;

	walk_sleep(run->w, ms);
}

static uint64_t
host_now(void *ctx)
{
	(void)ctx;
	return clock_now_ms();
}

static uint64_t
host_unixtime(void *ctx)
{
	(void)ctx;
	return (uint64_t)clock_wall_s();
}

/* Nobody sits at this machine: a menu with a timeout takes its default. */
static int
choose(void *ctx, const struct script_menu *menu, int initial,
    uint64_t timeout_ms)
{
	(void)ctx;
	(void)menu;
	(void)initial;
	(void)timeout_ms;
	return SCRIPT_CHOICE_NONE;
}

/* The script ended: what does that mean for the boot? */
static void
judge(struct walk *w, const struct run *run, const struct script_end *end)
{
	struct boot *b = w->boot;

	if (run->started)
		return;                 /* the next stage goes on */
	w->done = true;
	switch (end->kind) {
	case SCRIPT_END_EXIT:
		if (end->status == 0) {
			b->end = strcmp(end->command, "exit") == 0 ?
			    BOOT_END_LOCAL : BOOT_END_SCRIPT;
			break;
		}
		/* fall through */
	case SCRIPT_END_ERROR:
		b->end = BOOT_END_SCRIPT;
		if (w->load_fault)
			boot_set_fault(b, w->load_fault, "%s (line %u of %s)",
			    w->load_why, end->line, end->uri);
		else if (script_error_same(end->status,
		    SCRIPT_ERR_IMAGE_TYPE) && b->n_loads > 0)
			boot_set_fault(b, "exec-format-error", "%s is %s, which "
			    "%s cannot start (line %u of %s)",
			    b->loads[b->n_loads - 1].uri,
			    b->loads[b->n_loads - 1].what, w->now->title,
			    end->line, end->uri);
		else
			boot_set_fault(b, "script-flow-error", "%s (line %u of "
			    "%s)", end->text, end->line, end->uri);
		break;
	case SCRIPT_END_SHELL:
		b->end = BOOT_END_SHELL;
		boot_set_fault(b, "script-flow-error", "the script ends in "
		    "iPXE's shell and waits for a person (line %u of %s)",
		    end->line, end->uri);
		break;
	case SCRIPT_END_LIMIT:
		boot_set_fault(b, "script-flow-error", "%s (line %u of %s)",
		    end->text, end->line, end->uri);
		break;
	case SCRIPT_END_SAN:
		b->end = BOOT_END_LOCAL;
		break;
	case SCRIPT_END_BOOT:
	case SCRIPT_END_REPLACED:
	case SCRIPT_END_POWEROFF:
	case SCRIPT_END_REBOOT:
		boot_add_event(b, BOOT_EV_NOTE, "the script ends: %s",
		    script_end_name(end->kind));
		break;
	}
}

/* Tell the script what machine it runs on. */
static int
describe_machine(struct walk *w, struct script *s)
{
	const struct machine *m = &w->conf->machine;
	int rc = script_add_netdev(s, "net0", m->mac, true);

	if (rc == 0 && m->has_uuid)
		rc = script_settings_put(s, "smbios/uuid", SETTING_T_UUID,
		    m->uuid, UUID_LEN);
	if (rc == 0)
		rc = put_lease(w, s);
	return rc;
}

/* ${buildarch} of the iPXE that runs. */
static const char *
build_arch(const struct persona *p)
{
	static const char *const names[CPU_N] = {
		[CPU_X64] = "x86_64", [CPU_ARM64] = "arm64",
		[CPU_ARM32] = "arm32", [CPU_RISCV32] = "riscv32",
		[CPU_RISCV64] = "riscv64", [CPU_LOONGARCH64] = "loong64",
	};
	const struct arch *a = arch_find(p->arch);

	return a && a->platform == PLATFORM_EFI && names[a->cpu] ?
	    names[a->cpu] : "i386";
}

/* The language of the iPXE that runs, by the version of its file. */
static enum script_release
release_of(const struct walk *w)
{
	const struct bootfile *f = &w->program.what;
	enum ipxe_version v;

	if (f->kind != BOOTFILE_IPXE || !f->version[0] ||
	    ipxe_version_parse(f->version, &v, NULL) < 0)
		return SCRIPT_2019;
	return v >= IPXE_2_0_0 ? SCRIPT_CURRENT : SCRIPT_2019;
}

int
walk_run_script(struct walk *w, const char *uri, const void *bytes,
    size_t len, struct diag *diag)
{
	bool efi = persona_platform(w->now) == PLATFORM_EFI;
	struct script_config config = {
		.release = release_of(w),
		.version = w->program.what.kind == BOOTFILE_IPXE &&
		    w->program.what.version[0] ? w->program.what.version :
		    NULL,
		.platform = efi ? "efi" : "pcbios",
		.buildarch = build_arch(w->now),
	};
	struct run run = { .w = w, .diag = diag };
	struct script_host host = {
		.ctx = &run, .print = print, .load = load, .dhcp = dhcp,
		.exec = exec, .san = san, .sleep = host_sleep,
		.now_ms = host_now, .unixtime = host_unixtime,
		.choose = choose,
	};
	struct script_end end;
	int rc = -ENOMEM;

	w->load_fault = NULL;
	run.script = script_new(&config, &host);
	if (!run.script)
		goto out;
	rc = describe_machine(w, run.script);
	if (rc == 0)
		rc = script_run(run.script, uri, bytes, len, &end, diag);
	if (rc == -ETIMEDOUT) {
		boot_set_fault(w->boot, "script-flow-error", "the script still "
		    "runs when the time is up");
		rc = 0;
	} else if (rc == -ECANCELED && w->done) {
		rc = 0;
	} else if (rc == -EBADMSG) {
		boot_set_fault(w->boot, "exec-format-error", "%s: not a script",
		    uri ? uri : "the embedded script");
		rc = 0;
	} else if (rc == 0) {
		judge(w, &run, &end);
	}
	if (run.line.len > 0)
		print(&run, "\n", 1);
out:
	script_free(run.script);
	sbuf_release(&run.line);
	return rc;
}
