/*
 * target.h - which file a client will load, from where, and which field of
 * which packet said so.
 */
#ifndef PXE_CHAIN_TARGET_H
#define PXE_CHAIN_TARGET_H

#include "wire/dhcp4.h"

enum target_source {
	TARGET_NONE,
	TARGET_FILE,            /* the `file` field */
	TARGET_OPT67,
	TARGET_SIADDR,
	TARGET_SNAME,
	TARGET_OPT66,
	TARGET_OPT43,           /* PXE boot server list */
	TARGET_SERVER_ID,       /* option 54, when all else is empty */
	TARGET_OPT6_59,         /* DHCPv6 */
};

/* How a kind of client reads an answer. */
enum target_rule {
	TARGET_RULE_PXE_ROM,    /* PXE 2.1: file and siaddr, 67 over file */
	/* 67 over file; 43.8 where 43.6 says so, siaddr, then 54 */
	TARGET_RULE_EDK2,
	TARGET_RULE_IPXE,       /* file over 67; siaddr of the same packet */
};

enum { TARGET_FILE_MAX = 1024, TARGET_SERVER_MAX = 256 };

struct target {
	char file[TARGET_FILE_MAX];     /* as sent, cut at the first NUL; "" if none */
	enum target_source file_from;
	bool file_by_proxy;             /* the packet was the proxy's */
	bool is_uri;                    /* `file` is itself a URI */
	char server[TARGET_SERVER_MAX]; /* address or name; "" if none */
	enum target_source server_from;
	bool server_by_proxy;
	/* What the other fields said, where they differ. */
	char other_file[TARGET_FILE_MAX];
};

/**
 * target_get() - read the boot file and boot server out of an answer
 * @dhcp:  the packet that gave the address; may be NULL
 * @proxy: the proxyDHCP's packet, if there is one with boot data; may be NULL
 *
 * The proxy's data is preferred where it names a file (PXE 2.1, 2.2.1); EDK2
 * reads nothing else where there is a proxy's packet.
 *
 * Return: 0; -ENODATA if no file is named (`ret` is still filled in).
 */
int target_get(enum target_rule rule, const struct dhcp4_msg *dhcp,
    const struct dhcp4_msg *proxy, struct target *ret);

const char *target_source_name(enum target_source s);

#endif
