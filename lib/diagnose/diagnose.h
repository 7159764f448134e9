/*
 * diagnose.h - from packets to the cause: finds every machine that boots in
 * a capture, follows its chain, and says where and why it broke.
 */
#ifndef PXE_DIAGNOSE_DIAGNOSE_H
#define PXE_DIAGNOSE_DIAGNOSE_H

#include "base/diag.h"
#include "capture/dissect.h"
#include "chain/policy.h"
#include "diagnose/diagnosis.h"

struct diagnose;

struct diagnose_conf {
	const char *const *files;       /* for the report */
	size_t n_files;
	/* What the configuration would have answered; answer NULL: none. */
	struct policy policy;
	const char *policy_name;        /* "dhcpd.conf" */
};

struct diagnose *diagnose_new(const struct diagnose_conf *conf);
void diagnose_free(struct diagnose *d);

/**
 * diagnose_packet() - take one packet
 * @frame_number: over all files
 *
 * Packets come in the order of their times. State per machine is bounded.
 *
 * Return: 0; -ENOMEM.
 */
int diagnose_packet(struct diagnose *d, const struct packet *p,
    uint64_t frame_number);

/**
 * diagnose_peek() - the machine that the last packet was of, and whether its
 * boot has come to an end, for a live view; NULL if it was of none
 */
const struct diagnosis_machine *diagnose_peek(const struct diagnose *d,
    bool *ret_ended);

/** diagnose_has_booted() - has that machine reached its operating system? */
bool diagnose_has_booted(const struct diagnose *d);

/**
 * diagnose_finish() - the verdicts
 * @ret: to be given to diagnosis_free()
 */
int diagnose_finish(struct diagnose *d, struct diagnosis **ret,
    struct diag *diag);

#endif
