/*
 * What stands between firmware and kernel, and is neither UEFI nor iPXE:
 * U-Boot, and the loaders that a PXE firmware starts.
 */
#include "chain/persona_rows.h"

/*
 * U-Boot 2023.01 with its classic stack. The file that it will ask for stands
 * in its DISCOVER; each DISCOVER has a transaction of its own. Its boot script
 * asks a second time, as a UEFI machine.
 */
static const uint8_t uboot_discover[] = { 53, 57, 93, 94, 60, 55, 0 };
static const uint8_t uboot_request[] = { 53, 57, 54, 50, 93, 94, 60, 55, 0 };
static const uint8_t uboot_prl[] = { 1, 3, 6, 12, 17 };
static const uint16_t uboot_ms[] =
    { 250, 500, 1000, 2000, 4000, 8000, 12000, 0 };

/*
 * PXELINUX and GRUB take over the lease of the firmware. GRUB has net_dhcp as
 * well, which says nothing of the machine in its DISCOVER: of its source.
 */
static const uint8_t grub_discover[] = { 53, 0 };
static const uint8_t grub_request[] = { 53, 54, 50, 55, 0 };
static const uint8_t grub_prl[] = { 1, 3, 6, 15, 12, 17, 18 };
static const uint16_t grub_ms[] = { 200, 400, 800, 1600, 3200, 6400, 0 };
static const uint16_t no_ms[] = { 1000, 0 };
static const char *const grub_http[] = { "Host", "User-Agent", NULL };
static const char *const lpxelinux_http[] =
    { "Host", "User-Agent", "Connection: close", NULL };

#define TFTP_UBOOT { \
	.main = { .opt = { TFTP_OPT_TIMEOUT, TFTP_OPT_BLKSIZE }, \
	.value = { 5, 1468 }, .n = 2 }, \
	.first_ms = 5000, .factor = 1, .cap_ms = 5000, .sends = 10 }
/* The waits of the real table grow by a fifth each; these double. */
#define TFTP_PXELINUX { \
	.main = { .opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE }, \
	.value = { 0, 1408 }, .n = 2 }, \
	.first_ms = 110, .factor = 2, .cap_ms = 14000, .sends = 12 }
/* 400 ms, and 20 ms more each time. */
#define TFTP_GRUB { \
	.main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE }, \
	.value = { 1024, 0 }, .n = 2 }, \
	.first_ms = 400, .factor = 1, .cap_ms = 400, .sends = 40 }

#define UBOOT \
	.kind = PERSONA_BOARD, .has_arch = true, .undi = { 1, 0, 0 }, \
	PRL(uboot_prl), .discover_max_size = 576, .request_max_size = 576, \
	.discover_order = uboot_discover, .request_order = uboot_request, \
	.proxy_order = uboot_request, .secs = SECS_ELAPSED, \
	.new_xid = true, .pad_to = DHCP4_BOOTP_LEN, .ttl = 255, \
	.discover_ms = uboot_ms, .request_ms = uboot_ms, \
	.proxy_ms = uboot_ms, .item_ms = uboot_ms, \
	.proxy_port = DHCP4_CLIENT_PORT, .collect = COLLECT_FIRST, \
	.target_rule = TARGET_RULE_PXE_ROM, .tftp = TFTP_UBOOT
#define LOADER .kind = PERSONA_LOADER, .secs = SECS_ZERO, \
	.proxy_port = DHCP4_CLIENT_PORT, .collect = COLLECT_FIRST, \
	.target_rule = TARGET_RULE_PXE_ROM
#define PXELINUX LOADER, .discover_ms = no_ms, .request_ms = no_ms, \
	.proxy_ms = no_ms, .item_ms = no_ms, .tftp = TFTP_PXELINUX
#define GRUB LOADER, PRL(grub_prl), .discover_order = grub_discover, \
	.request_order = grub_request, .proxy_order = grub_request, \
	.pad_to = DHCP4_BOOTP_LEN, .ttl = 255, .discover_ms = grub_ms, \
	.request_ms = grub_ms, .proxy_ms = grub_ms, .item_ms = grub_ms, \
	.tftp = TFTP_GRUB, .user_agent = "GRUB 2.06", \
	.http_lines = grub_http, .http_bare_host = true

const struct persona persona_uboot_arm64 = {
	.name = "uboot-arm64", .title = "U-Boot on ARM64", .arch = 22,
	.vendor_class = "U-Boot.armv8", .plain_class = true,
	.file = "boot.scr.uimg", UBOOT,
};
const struct persona persona_uboot_arm64_efi = {
	.name = "uboot-arm64-efi", .title = "U-Boot on ARM64, as UEFI",
	.arch = ARCH_EFI_ARM64, .file = "boot.scr.uimg",
	.vendor_class = "PXEClient:Arch:00011:UNDI:003000",
	.plain_class = true, .is_loaded = true, UBOOT,
};
const struct persona persona_pxelinux = {
	.name = "pxelinux", .title = "PXELINUX 6.04", PXELINUX, .ttl = 64,
};
const struct persona persona_lpxelinux = {
	.name = "lpxelinux", .title = "PXELINUX 6.04 with its own TCP",
	PXELINUX, .ttl = 255, .user_agent = "Syslinux/6.04",
	.http_lines = lpxelinux_http, .http_1_0 = true,
};
const struct persona persona_grub_pc = {
	.name = "grub-pc", .title = "GRUB 2.06 on BIOS (net_dhcp)", GRUB,
};
const struct persona persona_grub_efi = {
	.name = "grub-efi", .title = "GRUB 2.06 on UEFI (net_dhcp)", GRUB,
};
