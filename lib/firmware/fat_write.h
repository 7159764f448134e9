/*
 * fat_write.h - make a FAT16 file system of a few files, for an ESP.
 *
 * The same files make the same bytes: there is no time and no chance in it.
 */
#ifndef PXE_FIRMWARE_FAT_WRITE_H
#define PXE_FIRMWARE_FAT_WRITE_H

#include <stddef.h>
#include <stdint.h>

enum { FAT_FILES_MAX = 16, FAT_NAME_MAX = 26, FAT_DEPTH_MAX = 4 };

struct fat_file {
	const char *path;       /* "EFI/BOOT/BOOTX64.EFI" */
	const void *bytes;
	size_t len;
};

/**
 * fat_write() - a whole image
 * @label: up to 11 characters, upper case
 *
 * Names outside of 8.3 get a long name; case is kept only there.
 *
 * Return: 0, and the caller frees @ret_buf; -EINVAL for more files, a longer
 * name or a deeper path than said above; -EFBIG above 2 GB; -ENOMEM.
 */
int fat_write(const struct fat_file *files, size_t n, const char *label,
    uint8_t **ret_buf, size_t *ret_len);

#endif
