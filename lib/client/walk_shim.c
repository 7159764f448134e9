/*
 * shim: it asks for what may have been revoked, then starts the loader beside
 * it. "Beside" is the directory in the header's file field, and nothing else:
 * a name in option 67 is not looked at.
 */
#include "client/walk_internal.h"

#include <stdio.h>
#include <string.h>

/* The directory, with its slash, that shim puts before every name. */
static void
find_directory(const struct walk *w, const struct boot_stage *lease,
    struct sbuf *ret)
{
	const struct dhcp4_msg *m = &lease->ack;
	size_t end = 0;

	/* a proxy's only where the server's own names no file */
	if (m->file[0] == '\0' && w->has_proxy_msg)
		m = &w->proxy_msg;
	for (size_t i = 0; i < DHCP4_FILE_LEN && m->file[i]; i++) {
		if (m->file[i] == '/')
			end = i + 1;
	}
	sbuf_addn(ret, m->file, end);
}

static const char *
second_stage(const struct walk *w)
{
	static const struct { enum arch_cpu cpu; const char *name; } rows[] = {
		{ CPU_X86, "grubia32.efi" }, { CPU_ARM64, "grubaa64.efi" },
		{ CPU_ARM32, "grubarm.efi" }, { CPU_RISCV64, "grubriscv64.efi" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].cpu == w->program.what.cpu)
			return rows[i].name;
	}
	return "grubx64.efi";
}

int
walk_shim(struct walk *w, struct diag *diag)
{
	/* shim 16, which asks for the last twice if it is refused */
	const char *const names[] = {
		"revocations_sku.efi", "revocations_sbat.efi",
		"shim_certificate_0.efi", second_stage(w), second_stage(w),
	};
	const struct boot_stage *lease = walk_lease(w);
	struct sbuf dir = SBUF_EMPTY;
	int rc = 0;

	if (!lease)
		return 0;
	find_directory(w, lease, &dir);
	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(names); i++) {
		bool is_last = i + 1 == ARRAY_LEN(names);
		bool is_loader = i + 2 >= ARRAY_LEN(names);
		struct sbuf path = SBUF_EMPTY;
		struct load_result r;
		struct bootfile what;

		sbuf_printf(&path, "%s%s", sbuf_str(&dir), names[i]);
		rc = walk_load(w, lease->target.server, sbuf_str(&path), &r,
		    &what, diag);
		if (rc == 0 && is_last && walk_refused(&r))
			boot_set_fault(w->boot, "shim-second-stage-wrong-path",
			    "%s was loaded, and shim then asks for '%s', which "
			    "is not there", w->program.uri, sbuf_str(&path));
		else if (rc == 0 && is_loader && r.fault && !walk_refused(&r))
			boot_set_fault(w->boot, r.fault, "%s", r.why);
		else if (rc == 0 && is_loader && !r.fault)
			rc = walk_step(w, w->boot->loads[w->boot->n_loads -
			    1].uri, &r, &what, diag);
		bootfile_release(&what);
		load_release(&r);
		sbuf_release(&path);
		if (w->boot->fault || (is_loader && !r.fault))
			break;
	}
	sbuf_release(&dir);
	return rc;
}
