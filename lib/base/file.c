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

static int
write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
write_new(const char *path, const void *buf, size_t len)
{
	struct sbuf tmp = SBUF_EMPTY;
	mode_t mask = umask(0);
	int fd = -1;
	int rc = 0;

	(void)umask(mask);
	sbuf_printf(&tmp, "%s.XXXXXX", path);
	if (tmp.bad) {
		rc = -ENOMEM;
		goto out;
	}
	fd = mkstemp(tmp.text);
	if (fd < 0) {
		rc = -errno;
		goto out;
	}
	rc = write_all(fd, buf, len);
	if (rc == 0 && (fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0))
		rc = -errno;
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	if (rc == 0 && rename(tmp.text, path) < 0)
		rc = -errno;
	if (rc < 0)
		(void)unlink(tmp.text);
out:
	sbuf_release(&tmp);
	return rc;
}

static int
write_direct(const char *path, const void *buf, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	rc = write_all(fd, buf, len);
	if (close(fd) < 0 && rc == 0)
		rc = -errno;
	return rc;
}

int
file_write(const char *path, const void *buf, size_t len, struct diag *diag)
{
	struct stat st;
	int rc;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		rc = write_direct(path, buf, len);
	else
		rc = write_new(path, buf, len);
	if (rc < 0)
		diag_sys(diag, rc, "cannot write '%s'", path);
	return rc;
}
