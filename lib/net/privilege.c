#include "net/privilege.h"

#include "base/text.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static bool
read_id(const char *variable, uint64_t *ret)
{
	const char *text = getenv(variable);

	return text && parse_uint(text, 1, UINT32_MAX - 1, ret, NULL) == 0;
}

bool
privilege_user(struct privilege_user *ret)
{
	const struct passwd *nobody;
	uint64_t uid;
	uint64_t gid;

	if (geteuid() != 0)
		return false;
	if (read_id("SUDO_UID", &uid) && read_id("SUDO_GID", &gid)) {
		*ret = (struct privilege_user){ (uid_t)uid, (gid_t)gid, true };
		return true;
	}
	nobody = getpwnam("nobody");
	*ret = (struct privilege_user){ NOBODY, NOBODY, false };
	if (nobody && nobody->pw_uid != 0) {
		ret->uid = nobody->pw_uid;
		ret->gid = nobody->pw_gid;
	}
	return true;
}

static int
drop_capabilities(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] =
	    { { 0 } };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_capset, &head, none) < 0)
		return -errno;
	return 0;
}

/* Groups first: who is nobody may not change them. */
static int
become(const struct privilege_user *u)
{
	if (setgroups(0, NULL) < 0 || setresgid(u->gid, u->gid, u->gid) < 0 ||
	    setresuid(u->uid, u->uid, u->uid) < 0)
		return -errno;
	/* If the way back is open, it was no drop. */
	return setuid(0) == 0 ? -EPERM : 0;
}

/* A user namespace may have no number for anybody else. */
static bool
in_user_namespace(void)
{
	unsigned long first[3];
	FILE *f = fopen("/proc/self/uid_map", "re");
	bool ret = false;

	if (f && fscanf(f, "%lu %lu %lu", &first[0], &first[1],
	    &first[2]) == 3)
		ret = first[0] != 0 || first[1] != 0 ||
		    first[2] != UINT32_MAX;
	if (f)
		(void)fclose(f);
	return ret;
}

int
privilege_drop(const struct privilege_user *user, struct diag *diag)
{
	int rc = user ? become(user) : 0;

	if (rc < 0 && in_user_namespace())
		rc = 0;
	if (rc == 0)
		rc = drop_capabilities();
	if (rc < 0)
		diag_sys(diag, rc, "cannot give up privileges");
	return rc;
}
