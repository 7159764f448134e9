#include "capture/feed.h"

#include <errno.h>
#include <stdlib.h>

struct feed {
	struct capture_merge *merge;
	struct anonymize *anonymize;    /* NULL: frames are as they are */
	struct dissector *dissectors[MERGE_FILES_MAX];
};

int
feed_open(const char *const *paths, size_t n, const uint8_t *key,
    struct feed **ret, struct diag *diag)
{
	struct feed *f = calloc(1, sizeof(*f));
	int rc;

	diag_set(diag, "out of memory");
	if (!f)
		return -ENOMEM;
	rc = key ? anonymize_new(key, &f->anonymize) : 0;
	if (rc == 0)
		rc = capture_merge_open(paths, n, &f->merge, diag);
	if (rc < 0) {
		feed_close(f);
		return rc;
	}
	*ret = f;
	return 0;
}

void
feed_close(struct feed *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < MERGE_FILES_MAX; i++)
		dissector_free(f->dissectors[i]);
	anonymize_free(f->anonymize);
	capture_merge_close(f->merge);
	free(f);
}

/* What a frame is says where the addresses in it are. */
static int
anonymize(struct feed *f, struct merged_frame *m)
{
	struct dissector **d = &f->dissectors[m->file];
	struct capture_frame changed;
	struct packet p;
	int rc;

	if (!*d)
		*d = dissector_new(m->link);
	rc = *d ? dissect(*d, &m->frame, &p) : -ENOMEM;
	if (rc < 0)
		return rc;
	rc = anonymize_frame(f->anonymize, m->link, &m->frame, &p, &changed);
	packet_release(&p);
	m->frame = changed;
	return rc;
}

int
feed_next(struct feed *f, struct merged_frame *ret, struct diag *diag)
{
	int rc = capture_merge_next(f->merge, ret, diag);

	if (rc > 0 && f->anonymize && anonymize(f, ret) < 0) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	return rc;
}
