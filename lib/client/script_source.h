/*
 * script_source.h - where the files of `script run` come from.
 */
#ifndef PXE_CLIENT_SCRIPT_SOURCE_H
#define PXE_CLIENT_SCRIPT_SOURCE_H

#include "client/script_host.h"

/**
 * script_source_load() - load what a script asks for
 * @ret_status: iPXE's number if the server refuses; 0: loaded
 *
 * A folder as server has "a/b?x=1" under that very name, or else under "a/b".
 *
 * Return: 0; -ENOMEM or a system error of ours.
 */
int script_source_load(const struct script_host_conf *conf,
    const struct script_request *req, struct script_file *ret,
    uint32_t *ret_status, struct diag *diag);

#endif
