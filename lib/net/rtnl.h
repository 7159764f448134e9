/*
 * rtnl.h - orders to the kernel's network configuration (rtnetlink(7)): a
 * message is filled in, sent, and its acknowledgement awaited.
 */
#ifndef PXE_NET_RTNL_H
#define PXE_NET_RTNL_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

enum { RTNL_MSG_MAX = 1024 };

/* What does not fit any more makes rtnl_do() fail with -EMSGSIZE. */
struct rtnl_msg {
	union {
		struct nlmsghdr head;
		uint8_t buf[RTNL_MSG_MAX];
	};
	int full;
};

/**
 * rtnl_open() - a socket to the network namespace the thread is in now; it
 * stays there when the thread goes elsewhere
 *
 * Return: a file descriptor; a system error.
 */
int rtnl_open(void);

/**
 * rtnl_init() - begin a message
 * @type:  RTM_NEWLINK and the like
 * @flags: NLM_F_CREATE and the like
 * @body:  struct ifinfomsg, ifaddrmsg or rtmsg
 */
void rtnl_init(struct rtnl_msg *m, uint16_t type, uint16_t flags,
    const void *body, size_t len);

/** rtnl_put() - an attribute. */
void rtnl_put(struct rtnl_msg *m, uint16_t type, const void *data, size_t len);
void rtnl_put_u32(struct rtnl_msg *m, uint16_t type, uint32_t v);
void rtnl_put_str(struct rtnl_msg *m, uint16_t type, const char *s);

/** rtnl_begin() - an attribute that holds others, up to rtnl_end(). */
size_t rtnl_begin(struct rtnl_msg *m, uint16_t type);
void rtnl_end(struct rtnl_msg *m, size_t at);

/** rtnl_body() - room for a struct inside an attribute, as veth's peer has. */
void rtnl_body(struct rtnl_msg *m, const void *body, size_t len);

/**
 * rtnl_do() - send it, and wait for the kernel's word
 *
 * Return: 0; the kernel's error; a system error.
 */
int rtnl_do(int fd, struct rtnl_msg *m);

#endif
