#include "chain/loader.h"

/*
 * SYSLINUX 6.04 on the wire. shim asks through the
 * firmware, with blocks of 512 bytes and whatever window the firmware adds.
 */
#define TFTP_PXELINUX { \
	.main = { .opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE }, \
	.value = { 0, 1408 }, .n = 2 }, \
	.first_ms = 110, .factor = 2, .cap_ms = 14000, .sends = 12 }
#define TFTP_SHIM { \
	.main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 512, 4 }, .n = 2 }, \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 6 }
/* Windows 8 and later, of published traces. */
#define TFTP_WINDOWS { \
	.main = { .opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE, \
	TFTP_OPT_WINDOWSIZE }, .value = { 0, 1456, 4 }, .n = 3 }, \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 6 }

/* Loaders that send DHCP of their own are among the personas. */
static const struct {
	enum bootfile_kind kind;
	enum arch_platform platform;
	const char *name;
} known[] = {
	{ BOOTFILE_PXELINUX, PLATFORM_BIOS, "pxelinux" },
	{ BOOTFILE_GRUB, PLATFORM_BIOS, "grub-pc" },
	{ BOOTFILE_GRUB, PLATFORM_EFI, "grub-efi" },
};

static const struct {
	enum bootfile_kind kind;
	enum arch_platform platform;
	struct persona persona;
} rows[] = {
	{ BOOTFILE_SYSLINUX_EFI, PLATFORM_EFI, {
		.name = "syslinux-efi", .title = "SYSLINUX on UEFI", .ttl = 64,
		.kind = PERSONA_LOADER, .tftp = TFTP_PXELINUX,
		.user_agent = "Syslinux/6.04" } },
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

const struct persona *
loader_of(const struct persona *now, const struct bootfile *what)
{
	enum arch_platform platform = persona_platform(now);

	/* the one PXELINUX with a TCP stack */
	if (what->kind == BOOTFILE_PXELINUX && what->has_http)
		return persona_find("lpxelinux");
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i].kind == what->kind &&
		    known[i].platform == platform)
			return persona_find(known[i].name);
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].kind == what->kind && rows[i].platform == platform)
			return &rows[i].persona;
	}
	return NULL;
}
