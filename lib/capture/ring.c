#include "capture/ring.h"

#include "base/text.h"
#include "capture/pcapng.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For one frame's blocks beside its bytes. */
enum { FRAME_EXTRA = 64 };

struct capture_ring {
	FILE *file[RING_FILES_MAX];
	unsigned int n;
	unsigned int at;
	uint64_t max_bytes;
	uint64_t n_bytes;               /* in the file that is written */
	int link;
	struct pcapng *out;
	char path[RING_NAME_MAX];
	char name[RING_NAME_MAX];
};

static int
set_name(struct capture_ring *r, unsigned int i, struct diag *diag)
{
	const char *slash = strrchr(r->path, '/');
	const char *dot = strrchr(slash ? slash : r->path, '.');
	int stem = (int)(dot ? (size_t)(dot - r->path) : strlen(r->path));
	int n;

	if (r->n == 1)
		n = snprintf(r->name, sizeof(r->name), "%s", r->path);
	else
		n = snprintf(r->name, sizeof(r->name), "%.*s-%u%s", stem,
		    r->path, i + 1, dot ? dot : "");
	if (n < 0 || (size_t)n >= sizeof(r->name)) {
		diag_set(diag, "the name '%s' is too long", r->path);
		return -ENAMETOOLONG;
	}
	return 0;
}

static int
open_file(struct capture_ring *r, unsigned int i, struct diag *diag)
{
	bool is_stdout = strcmp(r->path, "-") == 0;
	int rc = set_name(r, i, diag);
	int fd;

	if (rc < 0)
		return rc;
	fd = is_stdout ? dup(STDOUT_FILENO) : open(r->name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0)
		r->file[i] = fdopen(fd, "wb");
	if (!r->file[i]) {
		rc = -errno;
		diag_sys(diag, rc, "cannot write '%s'", r->name);
		if (fd >= 0)
			(void)close(fd);
	}
	return rc;
}

/* Each file has a head from the beginning, so that it is a capture. */
static int
begin(struct capture_ring *r, unsigned int i, struct diag *diag)
{
	int rc = pcapng_begin(r->file[i], r->link, &r->out, diag);

	r->at = i;
	r->n_bytes = 0;
	return rc;
}

static int
end(struct capture_ring *r, struct diag *diag)
{
	int rc = pcapng_close(r->out, true, diag);

	r->out = NULL;
	return rc;
}

int
capture_ring_open(const char *path, unsigned int n_files,
    uint64_t max_bytes, int link, struct capture_ring **ret,
    struct diag *diag)
{
	struct capture_ring *r;
	int rc = 0;

	if (n_files < 1 || n_files > RING_FILES_MAX) {
		diag_set(diag, "a ring has 1 to %d files", RING_FILES_MAX);
		return -EINVAL;
	}
	r = calloc(1, sizeof(*r));
	if (!r || !text_copy(r->path, sizeof(r->path), path)) {
		diag_set(diag, r ? "the name is too long" : "out of memory");
		free(r);
		return r ? -ENAMETOOLONG : -ENOMEM;
	}
	r->n = n_files;
	r->max_bytes = max_bytes;
	r->link = link;
	for (unsigned int i = 0; i < n_files && rc == 0; i++)
		rc = open_file(r, i, diag);
	for (unsigned int i = n_files; i > 0 && rc == 0; i--) {
		rc = begin(r, i - 1, diag);
		if (rc == 0 && i > 1)
			rc = end(r, diag);
	}
	if (rc == 0)
		rc = set_name(r, 0, diag);
	if (rc < 0) {
		(void)capture_ring_close(r, NULL);
		return rc;
	}
	*ret = r;
	return 0;
}

int
capture_ring_give(struct capture_ring *r, uid_t uid, gid_t gid,
    struct diag *diag)
{
	for (unsigned int i = 0; i < r->n; i++) {
		if (fchown(fileno(r->file[i]), uid, gid) < 0) {
			int rc = -errno;

			diag_sys(diag, rc, "cannot hand over '%s'", r->path);
			return rc;
		}
	}
	return 0;
}

/* Go on with the oldest file. What goes wrong shows when it is flushed. */
static void
turn(struct capture_ring *r)
{
	unsigned int next = (r->at + 1) % r->n;
	FILE *f = r->file[next];

	(void)end(r, NULL);
	rewind(f);
	if (ftruncate(fileno(f), 0) == 0 && begin(r, next, NULL) == 0)
		(void)set_name(r, next, NULL);
}

void
capture_ring_add(struct capture_ring *r, const struct capture_frame *f)
{
	uint64_t len = f->len + FRAME_EXTRA;

	if (r->n > 1 && r->n_bytes > 0 && r->n_bytes + len > r->max_bytes)
		turn(r);
	if (!r->out)
		return;
	pcapng_add(r->out, f->time_ns, f->buf, f->len, f->wire_len, NULL);
	r->n_bytes += len;
}

int
capture_ring_flush(struct capture_ring *r, struct diag *diag)
{
	FILE *f = r->file[r->at];
	int rc = 0;

	if (fflush(f) != 0)
		rc = errno ? -errno : -EIO;
	else if (ferror(f) || !r->out)
		rc = -EIO;
	if (rc < 0)
		diag_sys(diag, rc, "cannot write '%s'", r->name);
	return rc;
}

const char *
capture_ring_name(const struct capture_ring *r)
{
	return r->name;
}

int
capture_ring_close(struct capture_ring *r, struct diag *diag)
{
	int rc = 0;

	if (!r)
		return 0;
	if (r->out)
		rc = end(r, diag);
	for (unsigned int i = 0; i < r->n; i++) {
		if (r->file[i] && fclose(r->file[i]) != 0 && rc == 0) {
			rc = -errno;
			diag_sys(diag, rc, "cannot write '%s'", r->path);
		}
	}
	free(r);
	return rc;
}
