#include "lint/rules_internal.h"

#include "chain/step.h"

#include <errno.h>
#include <string.h>

/* Built for the machine? One file cannot be for two processors. */
static bool
is_for_x64(const struct rules *r, const struct bootfile *f)
{
	return r->k->persona.kind == PERSONA_UEFI && r->k->cpu != CPU_X64 &&
	    f->container == CONTAINER_PE && f->cpu == CPU_NONE &&
	    r->c->x64_file && strcmp(r->c->x64_file, r->x->target.file) == 0;
}

static void
judge_kind(const struct rules *r, const struct filekind *fk)
{
	const struct bootfile *f = &fk->file;
	const struct target *t = &r->x->target;
	struct persona now = r->k->persona;
	struct verdict *v = r->v;
	struct step s;

	/* a name that tells nothing; or bytes, into which a ROM jumps anyway */
	if (f->kind == BOOTFILE_UNKNOWN && f->container == CONTAINER_NONE &&
	    (!fk->is_read || now.kind == PERSONA_ROM)) {
		v->end = now.kind == PERSONA_IPXE && t->is_uri ?
		    RULES_END_SCRIPT : RULES_END_UNKNOWN;
		return;
	}
	chain_step(&now, f, &s);
	if (s.kind == STEP_FAULT) {
		v->end = RULES_END_UNKNOWN;
		/* a name alone is no proof that a script is one */
		rules_flaw(v, s.fault, 0, !fk->is_read &&
		    f->container == CONTAINER_NONE ? FAULT_WARNING :
		    FAULT_ERROR, "'%.160s': %.140s", t->file, s.why);
	} else if (is_for_x64(r, f)) {
		rules_flaw(v, "arch-wrong-cpu", 0, FAULT_ERROR, "'%.160s' is "
		    "what x64 machines are given; this one is %s", t->file,
		    cpu_name(r->k->cpu));
	} else if (s.kind == STEP_SCRIPT) {
		v->end = RULES_END_SCRIPT;
	} else if ((f->kind == BOOTFILE_IPXE || f->kind == BOOTFILE_GPXE) &&
	    !f->script) {
		v->end = RULES_END_NEXT;
	} else {
		v->end = RULES_END_PROGRAM;
	}
}

static void
missing(const struct rules *r, const struct filekind *f)
{
	const char *name = r->x->target.file;

	if (!f->other)
		rules_flaw(r->v, "tftp-file-not-found", 0, FAULT_ERROR,
		    "'%.200s' is not in the TFTP root", name);
	else if (f->miss == FILEKIND_CASE)
		rules_flaw(r->v, "tftp-file-not-found", 0, FAULT_ERROR,
		    "'%.150s' is not in the TFTP root; '%.100s' is: upper and "
		    "lower case differ", name, f->other);
	else if (f->miss == FILEKIND_PREFIX)
		rules_flaw(r->v, "tftp-path-prefix-mismatch", 0, FAULT_ERROR,
		    "'%.150s' is not in the TFTP root; '%.100s' is: names "
		    "begin at the root", name, f->other);
	else
		rules_flaw(r->v, "tftp-path-prefix-mismatch", 0, FAULT_ERROR,
		    "'%.150s' is not in the TFTP root; '%.100s' is: a "
		    "backslash is no slash to this server", name, f->other);
}

int
rules_file(const struct rules *r)
{
	const char *name = r->x->target.file;
	const struct filekind *f = NULL;
	int rc = filekind_get(r->c->files, name, r->x->target.is_uri, &f);

	if (rc == -ENOMEM)
		return rc;
	if (rc == -ENOENT) {
		missing(r, f);
		return 0;
	}
	if (rc < 0) {
		rules_flaw(r->v, "tftp-access-denied", 0, FAULT_ERROR,
		    "'%.150s' in the TFTP root cannot be read: %s", name,
		    strerror(-rc));
		return 0;
	}
	r->v->file = &f->file;
	if (f->is_private)
		rules_flaw(r->v, "tftp-access-denied", 0, FAULT_WARNING,
		    "not everybody may read '%.150s' in the TFTP root; TFTP "
		    "servers serve as nobody", name);
	judge_kind(r, f);
	rules_beside(r, f);
	return 0;
}
