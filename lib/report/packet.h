/*
 * packet.h - a dissected packet as one line, as all its fields, and as JSON.
 */
#ifndef PXE_REPORT_PACKET_H
#define PXE_REPORT_PACKET_H

#include "base/sbuf.h"
#include "capture/dissect.h"

/** packet_summary() - what it says, without number, time and addresses. */
void packet_summary(const struct packet *p, struct sbuf *out);

/**
 * packet_line() - one line with its newline
 * @start_ns: time of the capture's first frame; times are shown from there
 */
void packet_line(const struct packet *p, int64_t start_ns, struct sbuf *out);

/** packet_fields() - every field on a line of its own, indented. */
void packet_fields(const struct packet *p, struct sbuf *out);

/** packet_hex() - bytes, sixteen a line, with their offsets and text. */
void packet_hex(struct rd bytes, struct sbuf *out);

/**
 * packet_json() - one object with its newline; fields by their RFC names
 * @unread: bytes that could not be read, to be shown; NULL: none
 */
void packet_json(const struct packet *p, const struct rd *unread,
    struct sbuf *out);

/** packet_tftp_name() - "RRQ", "DATA" ... */
const char *packet_tftp_name(enum tftp_op op);

/**
 * packet_tftp_opts() - a reader over the options of a request or OACK
 * @p: with a message that is one of these
 */
struct rd packet_tftp_opts(const struct packet *p);

/**
 * packet_tftp_other() - step through those whose names tftp.h does not know
 *
 * Return: true with C strings that point into the datagram; false at the end.
 */
bool packet_tftp_other(struct rd *r, const char **ret_name,
    const char **ret_value);

#endif
