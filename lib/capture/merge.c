#include "capture/merge.h"

#include "base/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	RECENT_SLOTS = 8192,            /* power of two */
	DOUBLE_NS = 1000000000,
};

struct recent {
	uint64_t sum;
	int64_t time_ns;
	size_t file;
};

struct source {
	struct capture_reader *reader;
	struct capture_frame frame;
	struct diag diag;
	bool more;
	bool damaged;                   /* to be told of, once */
};

struct capture_merge {
	struct source source[MERGE_FILES_MAX];
	size_t n;
	struct source *due;             /* the one whose frame was handed out */
	uint64_t number;
	uint64_t n_doubles;
	struct recent recent[RECENT_SLOTS];
};

static void
advance(struct source *s)
{
	int rc = capture_next(s->reader, &s->frame, &s->diag);

	s->more = rc > 0;
	s->damaged = rc < 0;
}

/* How one file is opened. */
typedef int open_fn(const char *path, struct capture_reader **ret,
    struct diag *diag);

static int
open_all(const char *const *paths, size_t n, open_fn *open,
    struct capture_merge **ret, struct diag *diag)
{
	struct capture_merge *m;
	int rc = 0;

	if (n > MERGE_FILES_MAX) {
		diag_set(diag, "more than %d captures at once",
		    MERGE_FILES_MAX);
		return -EINVAL;
	}
	m = calloc(1, sizeof(*m));
	if (!m) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	for (; m->n < n && rc == 0; m->n += rc == 0)
		rc = open(paths[m->n], &m->source[m->n].reader, diag);
	if (rc < 0) {
		capture_merge_close(m);
		return rc;
	}
	for (size_t i = 0; i < n; i++)
		advance(&m->source[i]);
	*ret = m;
	return 0;
}

int
capture_merge_open(const char *const *paths, size_t n,
    struct capture_merge **ret, struct diag *diag)
{
	return open_all(paths, n, capture_open, ret, diag);
}

int
capture_merge_follow(const char *const *paths, size_t n,
    struct capture_merge **ret, struct diag *diag)
{
	return open_all(paths, n, capture_follow, ret, diag);
}

void
capture_merge_close(struct capture_merge *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		capture_close(m->source[i].reader);
	free(m);
}

static uint64_t
sum_of(const struct capture_frame *f)
{
	uint64_t sum = 14695981039346656037u ^ f->wire_len;

	for (size_t i = 0; i < f->len; i++)
		sum = (sum ^ f->buf[i]) * 1099511628211u;
	return sum;
}

/* Did another file hold the same just now? Else it is remembered. */
static bool
is_double(struct capture_merge *m, const struct source *s)
{
	uint64_t sum = sum_of(&s->frame);
	struct recent *r = &m->recent[(sum ^ sum >> 32) & (RECENT_SLOTS - 1)];
	size_t file = (size_t)(s - m->source);

	if (r->sum == sum && r->file != file &&
	    s->frame.time_ns - r->time_ns <= DOUBLE_NS) {
		r->sum = 0;             /* a third one is a repetition */
		return true;
	}
	*r = (struct recent){ sum, s->frame.time_ns, file };
	return false;
}

static struct source *
earliest(struct capture_merge *m)
{
	struct source *best = NULL;

	for (size_t i = 0; i < m->n; i++) {
		struct source *s = &m->source[i];

		if (s->more && (!best ||
		    s->frame.time_ns < best->frame.time_ns))
			best = s;
	}
	return best;
}

int
capture_merge_next(struct capture_merge *m, struct merged_frame *ret,
    struct diag *diag)
{
	struct source *s;

	if (m->due)
		advance(m->due);
	m->due = NULL;
	for (size_t i = 0; i < m->n; i++) {
		if (!m->source[i].damaged)
			continue;
		m->source[i].damaged = false;
		*diag = m->source[i].diag;
		return -EBADMSG;
	}
	while ((s = earliest(m)) && m->n > 1 && is_double(m, s)) {
		m->n_doubles++;
		advance(s);
	}
	if (!s)
		return 0;
	m->due = s;
	ret->frame = s->frame;
	ret->frame.number = ++m->number;
	ret->file = (size_t)(s - m->source);
	ret->link = capture_link(s->reader);
	return 1;
}

uint64_t
capture_merge_doubles(const struct capture_merge *m)
{
	return m->n_doubles;
}
