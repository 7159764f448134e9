#include "server/root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int
root_init(struct root *r, const char *path, struct diag *diag)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		int rc = -errno;

		if (rc == -ENOTDIR)
			diag_set(diag, "'%s' is not a folder", path);
		else
			diag_sys(diag, -rc, "cannot open the folder '%s'", path);
		return rc;
	}
	r->dir_fd = fd;
	return 0;
}

void
root_release(struct root *r)
{
	if (r->dir_fd >= 0)
		(void)close(r->dir_fd);
	r->dir_fd = -1;
}

/* The name with plain slashes and none in front. */
static int
relative_name(const char *name, char buf[ROOT_NAME_MAX])
{
	size_t len = 0;

	while (*name == '/' || *name == '\\')
		name++;
	for (; *name; name++) {
		if (len == ROOT_NAME_MAX - 1)
			return -ENAMETOOLONG;
		buf[len++] = *name == '\\' ? '/' : *name;
	}
	buf[len] = '\0';
	return len > 0 ? 0 : -EACCES;
}

int
root_open(const struct root *r, const char *name, uint64_t *ret_size)
{
	struct open_how how = {
		/* Non-blocking, or opening a named pipe would wait. */
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	char rel[ROOT_NAME_MAX];
	struct stat st;
	int rc;
	int fd;

	rc = relative_name(name, rel);
	if (rc < 0)
		return rc;
	fd = (int)syscall(SYS_openat2, r->dir_fd, rel, &how, sizeof(how));
	if (fd < 0)
		return errno == EXDEV || errno == ENXIO ? -EACCES : -errno;
	if (fstat(fd, &st) < 0) {
		rc = -errno;
		(void)close(fd);
		return rc;
	}
	if (!S_ISREG(st.st_mode)) {
		(void)close(fd);
		return -EACCES;
	}
	if (ret_size)
		*ret_size = (uint64_t)st.st_size;
	return fd;
}

bool
root_has(const struct root *r, const char *name)
{
	int fd = root_open(r, name, NULL);

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}
