#include "chain/loader.h"

#include <string.h>

/*
 * PXELINUX 6.04 and Debian's GRUB 2.06 on the wire. shim asks through the
 * firmware, with blocks of 512 bytes and whatever window the firmware adds.
 */
#define TFTP_PXELINUX { \
	.main = { .opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE }, \
	.value = { 0, 1408 }, .n = 2 }, \
	.first_ms = 110, .factor = 2, .cap_ms = 14000, .sends = 12 }
#define TFTP_GRUB { \
	.main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE }, \
	.value = { 1024, 0 }, .n = 2 }, \
	.first_ms = 400, .factor = 1, .cap_ms = 400, .sends = 40 }
#define TFTP_SHIM { \
	.main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 512, 4 }, .n = 2 }, \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 6 }
/* Windows 8 and later, of published traces. */
#define TFTP_WINDOWS { \
	.main = { .opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE, \
	TFTP_OPT_WINDOWSIZE }, .value = { 0, 1456, 4 }, .n = 3 }, \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 6 }

static const struct {
	enum bootfile_kind kind;
	enum arch_platform platform;
	struct persona persona;
} rows[] = {
	{ BOOTFILE_PXELINUX, PLATFORM_BIOS, {
		.name = "pxelinux", .title = "PXELINUX", .ttl = 64,
		.kind = PERSONA_LOADER, .tftp = TFTP_PXELINUX } },
	{ BOOTFILE_SYSLINUX_EFI, PLATFORM_EFI, {
		.name = "syslinux-efi", .title = "SYSLINUX on UEFI", .ttl = 64,
		.kind = PERSONA_LOADER, .tftp = TFTP_PXELINUX,
		.user_agent = "Syslinux/6.04" } },
	{ BOOTFILE_GRUB, PLATFORM_BIOS, {
		.name = "grub-pc", .title = "GRUB on BIOS", .ttl = 255,
		.kind = PERSONA_LOADER, .tftp = TFTP_GRUB,
		.user_agent = "GRUB 2.06" } },
	{ BOOTFILE_GRUB, PLATFORM_EFI, {
		.name = "grub-efi", .title = "GRUB on UEFI", .ttl = 255,
		.kind = PERSONA_LOADER, .tftp = TFTP_GRUB,
		.user_agent = "GRUB 2.06" } },
	{ BOOTFILE_SHIM, PLATFORM_EFI, {
		.name = "shim", .title = "shim", .ttl = 64,
		.kind = PERSONA_LOADER, .tftp = TFTP_SHIM } },
	{ BOOTFILE_WINDOWS, PLATFORM_BIOS, {
		.name = "windows-bios", .title = "Windows boot manager on BIOS",
		.ttl = 128, .kind = PERSONA_LOADER, .tftp = TFTP_WINDOWS } },
	{ BOOTFILE_WINDOWS, PLATFORM_EFI, {
		.name = "windows-efi", .title = "Windows boot manager on UEFI",
		.ttl = 64, .kind = PERSONA_LOADER, .tftp = TFTP_WINDOWS } },
};

/* The one PXELINUX with a TCP stack, which its name on the disk tells. */
static const struct persona lpxelinux = {
	.name = "lpxelinux", .title = "PXELINUX with its own TCP", .ttl = 255,
	.kind = PERSONA_LOADER, .tftp = TFTP_PXELINUX,
	.user_agent = "Syslinux/6.04",
};

const struct persona *
loader_of(const struct persona *now, const struct bootfile *what)
{
	enum arch_platform platform = persona_platform(now);

	if (what->kind == BOOTFILE_PXELINUX && what->has_http)
		return &lpxelinux;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == what->kind && rows[i].platform == platform)
			return &rows[i].persona;
	}
	return NULL;
}

const struct persona *
loader_find(const char *name)
{
	if (strcmp(name, lpxelinux.name) == 0)
		return &lpxelinux;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].persona.name, name) == 0)
			return &rows[i].persona;
	}
	return NULL;
}
