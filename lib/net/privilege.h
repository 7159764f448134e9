/*
 * privilege.h - give up what only opening the sockets needed.
 */
#ifndef PXE_NET_PRIVILEGE_H
#define PXE_NET_PRIVILEGE_H

#include "base/diag.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whom the process becomes. */
struct privilege_user {
	uid_t uid;
	gid_t gid;
	bool invoked;                   /* who called sudo, not "nobody" */
};

/**
 * privilege_user() - who should the process be from now on?
 *
 * Who called sudo (SUDO_UID, SUDO_GID), or "nobody".
 *
 * Return: true; false if it is no root, and stays who it is.
 */
bool privilege_user(struct privilege_user *ret);

/**
 * privilege_drop() - for good: user, groups and all capabilities
 * @user: NULL: capabilities alone
 *
 * In a user namespace that has no such user the capabilities go, and with
 * them all that "root" is there.
 *
 * Return: 0; a system error, and then the process must not go on.
 */
int privilege_drop(const struct privilege_user *user, struct diag *diag);

#endif
