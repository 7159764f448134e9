#include "file.h"

#include "sbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read from @fd until its end or past @max; grows as it goes, for pipes. */
static int
read_all(int fd, size_t max, char **ret_buf, size_t *ret_len)
{
	struct sbuf b = SBUF_EMPTY;
	char chunk[65536];
	int rc = 0;

	for (;;) {
		ssize_t n = read(fd, chunk, sizeof(chunk));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = -errno;
		if (n <= 0)
			break;
		sbuf_addn(&b, chunk, (size_t)n);
		if (b.len > max || b.bad) {
			rc = b.len > max ? -EFBIG : -ENOMEM;
			break;
		}
	}
	if (rc == 0) {
		*ret_len = b.len;
		*ret_buf = sbuf_steal(&b);
		if (!*ret_buf)
			rc = -ENOMEM;
	}
	sbuf_release(&b);
	return rc;
}

int
file_read(const char *path, size_t max, char **ret_buf, size_t *ret_len,
    struct diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0) {
		rc = -errno;
		diag_sys(diag, rc, "cannot open '%s'", path);
		return rc;
	}
	rc = read_all(fd, max, ret_buf, ret_len);
	(void)close(fd);
	if (rc == -EFBIG)
		diag_set(diag, "cannot read '%s': it has more than %zu bytes",
		    path, max);
	else if (rc < 0)
		diag_sys(diag, rc, "cannot read '%s'", path);
	return rc;
}

struct file_out {
	FILE *f;
	char *path;
	char *tmp;                      /* NULL: written to directly */
	mode_t mode;                    /* of the finished file */
};

static void
out_free(struct file_out *o)
{
	if (!o)
		return;
	if (o->f && o->f != stdout)
		(void)fclose(o->f);
	if (o->tmp)
		(void)unlink(o->tmp);
	free(o->tmp);
	free(o->path);
	free(o);
}

/* Under a temporary name in the same folder, so that rename() is enough. */
static int
open_beside(struct file_out *o)
{
	struct sbuf tmp = SBUF_EMPTY;
	mode_t mask = umask(0);
	int fd;

	(void)umask(mask);
	o->mode = 0666 & ~mask;
	sbuf_printf(&tmp, "%s.XXXXXX", o->path);
	if (tmp.bad) {
		sbuf_release(&tmp);
		return -ENOMEM;
	}
	fd = mkstemp(tmp.text);
	if (fd < 0) {
		int rc = -errno;

		sbuf_release(&tmp);
		return rc;
	}
	o->tmp = sbuf_steal(&tmp);
	o->f = fdopen(fd, "wb");
	if (!o->f) {
		int rc = -errno;

		(void)close(fd);
		return rc;
	}
	return 0;
}

static int
open_direct(struct file_out *o)
{
	int fd = open(o->path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	o->f = fdopen(fd, "wb");
	if (!o->f) {
		int rc = -errno;

		(void)close(fd);
		return rc;
	}
	return 0;
}

int
file_out_open(const char *path, struct file_out **ret, struct diag *diag)
{
	struct file_out *o = calloc(1, sizeof(*o));
	struct stat st;
	int rc = 0;

	if (o)
		o->path = strdup(path);
	if (!o || !o->path)
		rc = -ENOMEM;
	else if (strcmp(path, "-") == 0)
		o->f = stdout;
	else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		rc = open_direct(o);
	else
		rc = open_beside(o);
	if (rc < 0) {
		diag_sys(diag, rc, "cannot write '%s'", path);
		out_free(o);
		return rc;
	}
	*ret = o;
	return 0;
}

FILE *
file_out_stream(struct file_out *o)
{
	return o->f;
}

int
file_out_close(struct file_out *o, bool keep, struct diag *diag)
{
	int rc = 0;

	if (!o)
		return 0;
	if (fflush(o->f) != 0 || ferror(o->f))
		rc = errno ? -errno : -EIO;
	if (rc == 0 && o->tmp && keep && (fchmod(fileno(o->f), o->mode) < 0 ||
	    fsync(fileno(o->f)) < 0))
		rc = -errno;
	if (o->f != stdout && fclose(o->f) != 0 && rc == 0)
		rc = -errno;
	o->f = NULL;
	if (rc == 0 && o->tmp && keep) {
		if (rename(o->tmp, o->path) < 0) {
			rc = -errno;
		} else {
			free(o->tmp);
			o->tmp = NULL;
		}
	}
	if (rc < 0 && keep)
		diag_sys(diag, rc, "cannot write '%s'", o->path);
	out_free(o);
	return keep ? rc : 0;
}

int
file_write(const char *path, const void *buf, size_t len, struct diag *diag)
{
	struct file_out *o = NULL;
	int rc = file_out_open(path, &o, diag);

	if (rc < 0)
		return rc;
	/* An error stays with the stream, and closing it tells. */
	errno = 0;
	(void)fwrite(buf, 1, len, file_out_stream(o));
	return file_out_close(o, true, diag);
}
