#include "decode_fault.h"

#include "capture/merge.h"
#include "diagnose/diagnose.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { BOOTS_MAX = 256 };

/* One boot with the fault: whose it is, and from when to when. */
struct boot_range {
	struct packet_filter filter;
	uint64_t first, last;
};

struct decode_fault {
	struct boot_range boot[BOOTS_MAX];
	size_t n;
};

static bool
has_fault(const struct diagnosis_machine *m, const struct fault *fault)
{
	bool found = m->verdict == DIAGNOSIS_FAULT && m->fault == fault;

	for (size_t i = 0; i < m->n_also; i++)
		found |= m->also[i] == fault;
	return found;
}

static void
note(struct decode_fault *f, const struct diagnosis_machine *m)
{
	struct boot_range *b = &f->boot[f->n++];

	*b = (struct boot_range){ .filter.has_mac = true,
	    .first = m->first_frame, .last = m->last_frame };
	memcpy(b->filter.mac, m->mac, MAC_LEN);
}

/* Return: as capture_merge_open(), and -ENOMEM. */
static int
run_through(const char *const *paths, size_t n, struct diagnose *d,
    struct diag *diag)
{
	struct capture_merge *m = NULL;
	struct dissector *dissector = dissector_new(0);
	struct merged_frame f;
	struct diag ignored;            /* told of by the second reading */
	struct packet p;
	int rc = dissector ? capture_merge_open(paths, n, &m, diag) : -ENOMEM;
	int got;

	while (rc == 0 && (got = capture_merge_next(m, &f, &ignored)) != 0) {
		if (got < 0)
			continue;
		dissector_set_link(dissector, f.link);
		rc = dissect(dissector, &f.frame, &p);
		if (rc == 0)
			rc = diagnose_packet(d, &p, f.frame.number);
		packet_release(&p);
	}
	dissector_free(dissector);
	capture_merge_close(m);
	return rc;
}

int
decode_fault_find(const char *const *paths, size_t n, const char *id,
    struct decode_fault **ret, struct diag *diag)
{
	const struct fault *fault = fault_find(id);
	const char *nearest = fault ? NULL : fault_nearest(id);
	struct diagnose_conf conf = { .files = paths, .n_files = n };
	struct decode_fault *f = calloc(1, sizeof(*f));
	struct diagnose *d = diagnose_new(&conf);
	struct diagnosis *result = NULL;
	int rc = f && d ? 0 : -ENOMEM;

	diag_set(diag, "out of memory");
	if (!fault) {
		diag_set(diag, "--fault: '%s' is no fault%s%s%s", id,
		    nearest ? ": did you mean " : "", nearest ? nearest : "",
		    nearest ? "?" : "");
		rc = -EINVAL;
	}
	if (rc == 0)
		rc = run_through(paths, n, d, diag);
	if (rc == 0)
		rc = diagnose_finish(d, &result, diag);
	for (const struct diagnosis_machine *m = rc == 0 ? result->machines :
	    NULL; m && f->n < BOOTS_MAX; m = m->next) {
		if (has_fault(m, fault))
			note(f, m);
	}
	diagnosis_free(result);
	diagnose_free(d);
	if (rc < 0)
		free(f);
	else
		*ret = f;
	return rc;
}

void
decode_fault_free(struct decode_fault *f)
{
	free(f);
}

bool
decode_fault_pass(struct decode_fault *f, const struct packet *p)
{
	bool pass = false;

	/* All of them: they learn from what they see. */
	for (size_t i = 0; i < f->n; i++) {
		struct boot_range *b = &f->boot[i];

		pass |= packet_filter_pass(&b->filter, p) &&
		    p->number >= b->first && p->number <= b->last;
	}
	return pass;
}
