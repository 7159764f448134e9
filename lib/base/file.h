/*
 * file.h - whole files in and out.
 */
#ifndef PXE_BASE_FILE_H
#define PXE_BASE_FILE_H

#include "diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * file_read() - read a file of at most @max bytes
 * @ret_buf: on success, the bytes and a NUL after them; the caller frees
 *
 * Return: 0; -EFBIG if larger; -EISDIR; a system error.
 */
int file_read(const char *path, size_t max, char **ret_buf, size_t *ret_len,
    struct diag *diag);

struct file_out;

/**
 * file_out_open() - write a file piece by piece, atomically (temporary file
 * in the same folder, then rename)
 * @path: "-" is standard output
 *
 * A target that exists and is no plain file (/dev/stdout, a pipe) is
 * written to directly.
 *
 * Return: 0; a system error.
 */
int file_out_open(const char *path, struct file_out **ret, struct diag *diag);
FILE *file_out_stream(struct file_out *o);

/**
 * file_out_close() - the file takes its name, if all went well
 * @keep: false: throw it away
 *
 * Return: 0; a system error, also of earlier writes, and then @path is as it
 * was.
 */
int file_out_close(struct file_out *o, bool keep, struct diag *diag);

/**
 * file_write() - replace @path by these bytes, as file_out_open() does
 *
 * Return: 0; a system error, and then @path is as it was.
 */
int file_write(const char *path, const void *buf, size_t len,
    struct diag *diag);

#endif
