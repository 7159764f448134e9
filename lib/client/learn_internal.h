/*
 * learn_internal.h - what learn.c (the capture) and learn_message.c (one
 * message) share.
 */
#ifndef PXE_CLIENT_LEARN_INTERNAL_H
#define PXE_CLIENT_LEARN_INTERNAL_H

#include "capture/dissect.h"
#include "client/learn.h"

/**
 * learn_discover() - make a persona of a client's first DISCOVER
 *
 * Return: 0; -ENOMEM.
 */
int learn_discover(struct learn *l, struct learnt *c, const struct packet *p);

/**
 * learn_request() - what a REQUEST, to the server or to port 4011, adds
 *
 * Return: 0; -ENOMEM.
 */
int learn_request(struct learn *l, struct learnt *c, const struct packet *p);

#endif
