/*
 * decode_fault.h - decode --fault: the packets of the machines that have it.
 */
#ifndef PXE_CMD_DECODE_FAULT_H
#define PXE_CMD_DECODE_FAULT_H

#include "capture/filter.h"

struct decode_fault;

/**
 * decode_fault_find() - diagnose the captures, which are read through for it
 * @id: of the catalogue
 *
 * Return: 0, also if no machine has it; -EINVAL if there is no such fault;
 * as capture_merge_open().
 */
int decode_fault_find(const char *const *paths, size_t n, const char *id,
    struct decode_fault **ret, struct diag *diag);
void decode_fault_free(struct decode_fault *f);

/** decode_fault_pass() - is @p of a boot that has the fault? */
bool decode_fault_pass(struct decode_fault *f, const struct packet *p);

#endif
