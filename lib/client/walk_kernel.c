/*
 * A kernel and its initrd, as the loader that has them looks at them.
 */
#include "client/walk_internal.h"

#include "chain/step.h"
#include "firmware/linux.h"

#include <stdio.h>

bool
walk_initrd(struct walk *w, const char *uri, const struct bootfile *what)
{
	if (what->kind != BOOTFILE_EMPTY && what->kind != BOOTFILE_HTML &&
	    what->kind != BOOTFILE_SCRIPT)
		return true;
	boot_set_fault(w->boot, "image-corrupt", "%s is to be the initrd, and "
	    "is %s", uri, bootfile_kind_title(what->kind));
	return false;
}

void
walk_kernel(struct walk *w, const char *uri, const struct bootfile *what,
    const void *bytes, size_t len, const char *cmdline)
{
	uint64_t missing = linux_missing(bytes, len);
	struct step s;

	chain_step(w->now, what, &s);
	if (s.kind == STEP_FAULT) {
		boot_set_fault(w->boot, s.fault, "%s: %s", uri, s.why);
		return;
	}
	if (missing > 0) {
		boot_set_fault(w->boot, "image-corrupt", "%s is cut short: "
		    "%llu bytes are missing of what its header says", uri,
		    (unsigned long long)missing);
		return;
	}
	if (w->conf->secure_boot && !what->is_signed &&
	    persona_platform(w->now) == PLATFORM_EFI) {
		boot_set_fault(w->boot, "secure-boot-rejects-loader", "%s is "
		    "not signed, and Secure Boot is on", uri);
		return;
	}
	walk_start_kernel(w, cmdline);
}
