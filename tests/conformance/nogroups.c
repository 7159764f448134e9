/*
 * nogroups.c - preloaded into servers that run as root of a user namespace
 * with a single user: there the kernel refuses to change the list of groups,
 * and there is none to give up.
 */
#include <grp.h>
#include <stddef.h>
#include <sys/types.h>

int
setgroups(size_t n, const gid_t *list)
{
	(void)n;
	(void)list;
	return 0;
}

int
initgroups(const char *user, gid_t group)
{
	(void)user;
	(void)group;
	return 0;
}
