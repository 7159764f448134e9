/*
 * dns.h - DNS messages (RFC 1035): the header, the questions and the
 * answers. The authority and additional sections are counted, not read.
 *
 * Names are text without the final dot ("" is the root). A dot or backslash
 * within a label is written \. and \\, a control byte \DDD (RFC 1035 5.1);
 * everything else stands as it was sent, so escape before printing.
 */
#ifndef PXE_WIRE_DNS_H
#define PXE_WIRE_DNS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/diag.h"
#include "base/text.h"

enum {
	DNS_PORT = 53,
	DNS_HEAD_LEN = 12,
	DNS_NAME_LEN_MAX = 255,         /* bytes on the wire, RFC 1035 3.1 */
	DNS_LABEL_LEN_MAX = 63,
	DNS_QUESTIONS_MAX = 16,         /* ours; usual is 1 */
	DNS_ANSWERS_MAX = 256,          /* ours */
	DNS_CLASS_IN = 1,
};

enum dns_type {
	DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12,
	DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28, DNS_SRV = 33,
};

enum dns_rcode {
	DNS_NOERROR = 0, DNS_FORMERR, DNS_SERVFAIL, DNS_NXDOMAIN, DNS_NOTIMP,
	DNS_REFUSED,
};

struct dns_question {
	const char *name;
	uint16_t type;
	uint16_t class;
};

struct dns_answer {
	const char *name;
	uint16_t type;
	uint16_t class;
	uint32_t ttl_s;

	/* Decoded where the class is IN; all else is in `data` alone. */
	struct ip_addr addr;            /* A, AAAA */
	const char *target;             /* CNAME, PTR, SRV; else NULL */
	uint16_t priority;              /* SRV, RFC 2782 */
	uint16_t weight;
	uint16_t port;
	struct rd data;                 /* as sent; names may be compressed */
};

struct dns_msg {
	uint16_t id;
	bool is_response;               /* QR */
	uint8_t opcode;                 /* 0: a query */
	bool authoritative;             /* AA */
	bool truncated;                 /* TC: the answer did not fit UDP */
	bool recursion_desired;         /* RD */
	bool recursion_available;       /* RA */
	uint8_t rcode;
	struct dns_question *questions;
	size_t n_questions;
	struct dns_answer *answers;
	size_t n_answers;
	size_t n_authority;             /* as the header says; not read */
	size_t n_additional;
};

/**
 * dns_parse() - read one message, without the length that TCP puts before it
 * @a: keeps the names and arrays of @ret; the rest points into @buf
 *
 * Compression pointers may only point backwards (RFC 1035 4.1.4), so a name
 * ends. A message with more than DNS_QUESTIONS_MAX questions or
 * DNS_ANSWERS_MAX answers is refused.
 *
 * Return: 0; -EBADMSG; -EMSGSIZE past a maximum; -ENOMEM.
 */
int dns_parse(const void *buf, size_t len, struct arena *a,
    struct dns_msg *ret, struct diag *diag);

/**
 * dns_build() - write @msg with its questions and answers
 *
 * Names are not compressed. Answers are written from their decoded fields
 * where those exist, else from `data`.
 *
 * Return: 0; -EINVAL if a name is none, or an address or target that the
 * type needs is missing; -EMSGSIZE if it does not fit.
 */
int dns_build(struct wr *w, const struct dns_msg *msg, struct diag *diag);

/** dns_rcode_name() - "NXDOMAIN" for 3 ...; NULL if not assigned. */
const char *dns_rcode_name(uint8_t rcode);

/** dns_type_name() - "AAAA" for 28 ...; NULL if not one of ours. */
const char *dns_type_name(uint16_t type);

#endif
