/*
 * A kernel and its initrd, as the loader that has them looks at them.
 */
#include "client/walk_internal.h"

#include "chain/step.h"
#include "firmware/linux.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
walk_initrd(struct walk *w, const struct bootfile *kernel,
    const char *uri, const struct bootfile *what, const void *bytes,
    size_t len)
{
	if (what->kind == BOOTFILE_SCRIPT && kernel->kind == BOOTFILE_IPXE) {
		free(w->initrd_script);
		w->initrd_script_len = 0;
		w->initrd_script = malloc(len + 1);
		if (!w->initrd_script)
			return -ENOMEM;
		memcpy(w->initrd_script, bytes, len);
		w->initrd_script[len] = '\0';
		w->initrd_script_len = len;
	} else if (what->kind == BOOTFILE_EMPTY ||
	    what->kind == BOOTFILE_HTML || what->kind == BOOTFILE_SCRIPT) {
		boot_set_fault(w->boot, "image-corrupt", "%s is to be the "
		    "initrd, and is %s", uri, bootfile_kind_title(what->kind));
	}
	return 0;
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
