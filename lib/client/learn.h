/*
 * learn.h - personas out of a capture: what clients sent, made into data that
 * the machines play.
 *
 * A capture shows the options and their order, the values, how a message is
 * padded, what stands in `secs`, the waits between repetitions, the options
 * of TFTP requests and the header lines of HTTP requests. What it does not
 * show (how offers are chosen, what comes after a NAK, waits that an answer
 * cut short) is that of the built-in persona that is most like it.
 */
#ifndef PXE_CLIENT_LEARN_H
#define PXE_CLIENT_LEARN_H

#include "base/arena.h"
#include "base/diag.h"
#include "chain/persona.h"

enum { LEARN_CLIENTS_MAX = 32 };

/* One client; several machines may have shown it. */
struct learnt {
	struct persona persona;         /* its name is "learnt-1" ... */
	struct machine machine;         /* the first that was it */
	const struct persona *base;     /* which it is most like */
	uint64_t frame;                 /* of its first message */
	size_t n_messages;              /* DHCP */
	size_t n_files;                 /* requests for files that it shows */
};

struct learn {
	struct learnt client[LEARN_CLIENTS_MAX];
	size_t n;
	size_t n_beyond;                /* clients past the ceiling */
	struct arena arena;             /* of all that they point to */
};

/**
 * learn_read() - the clients of a capture, in the order of their first
 * messages
 *
 * Return: 0; -ENODATA if nobody asks for an address in it; the errors of
 * capture_open(); -ENOMEM.
 */
int learn_read(const char *path, struct learn **ret, struct diag *diag);
void learn_free(struct learn *l);

/** learn_of() - which of the clients sent a message like this; or NULL. */
const struct learnt *learn_of(const struct learn *l,
    const struct dhcp4_msg *msg);

/** learn_find() - by name; or NULL. */
const struct learnt *learn_find(const struct learn *l, const char *name);

#endif
