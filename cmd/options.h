/*
 * options.h - option rows at work: parsing, help, completion.
 */
#ifndef PXE_CMD_OPTIONS_H
#define PXE_CMD_OPTIONS_H

#include "cmd.h"

/** options_shared() - the rows that every command has; ends without name. */
const struct cmd_opt *options_shared(const struct cmd *cmd);

/**
 * options_parse() - read a command's arguments
 * @args:  operands go here; room for @argc
 * @ret_help: set if -h was given; nothing else was checked then
 *
 * Fills in everything of @run but `cmd`, which is set by the caller, as is
 * `opts`, which points to opts_size zeroed bytes.
 *
 * Return: 0; -EINVAL with what to do instead.
 */
int options_parse(struct cmd_run *run, int argc, char **argv,
    const char **args, bool *ret_help, struct diag *diag);

/** options_help() - the text of `pxetool SUB -h`. */
void options_help(const struct cmd *cmd, struct sbuf *out);

#endif
