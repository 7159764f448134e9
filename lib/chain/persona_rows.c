/*
 * The personas themselves. Every list is in wire order.
 */
#include "chain/persona_rows.h"

/* EDK2, real OVMF: 53 57 55 97 94 93 60, then 54 50 after 53 in REQUEST. */
static const uint8_t edk2_discover[] = { 53, 57, 55, 97, 94, 93, 60, 0 };
static const uint8_t edk2_request[] =
    { 53, 54, 50, 57, 55, 97, 94, 93, 60, 0 };
static const uint8_t edk2_proxy[] = { 53, 55, 57, 60, 93, 94, 97, 43, 0 };
static const uint8_t edk2_prl[] = { 1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22,
    23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130,
    131, 132, 133, 134, 135 };
/*
 * The last but two is an uninitialised byte of the firmware: 235 as x64 OVMF
 * sends it, 0 as AAVMF does.
 */
static const uint8_t edk2_http_prl[] = { 1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18,
    22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 235, 67, 97 };
static const uint8_t edk2_http_arm64_prl[] = { 1, 2, 3, 4, 5, 6, 12, 13, 15, 17,
    18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 0, 67, 97 };
static const uint16_t edk2_ms[] = { 4000, 8000, 16000, 32000, 0 };
static const uint16_t edk2_proxy_ms[] = { 1000, 2000, 3000, 4000, 0 };

/* Intel Boot Agent, from published traces; PXE 2.1 for the timing. */
static const uint8_t rom_discover[] = { 53, 55, 57, 97, 93, 94, 60, 0 };
static const uint8_t rom_request[] =
    { 53, 50, 54, 55, 57, 97, 93, 94, 60, 0 };
static const uint8_t rom_proxy[] = { 53, 55, 57, 97, 93, 94, 60, 43, 0 };
static const uint8_t rom_prl[] = { 1, 2, 3, 4, 5, 6, 11, 12, 13, 15, 16, 17,
    18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 128, 129,
    130, 131, 132, 133, 134, 135 };
static const uint16_t rom_discover_ms[] = { 4000, 8000, 16000, 32000, 0 };
static const uint16_t rom_request_ms[] = { 1000, 2000, 3000, 4000, 0 };

/* iPXE 1.0.0+git-20190125, as Debian 12 ships it. */
static const uint8_t ipxe_discover[] =
    { 53, 57, 93, 94, 60, 77, 55, 175, 61, 97, 0 };
static const uint8_t ipxe_request[] =
    { 53, 57, 93, 94, 60, 77, 55, 175, 61, 97, 54, 50, 0 };
static const uint8_t ipxe_proxy[] =
    { 53, 57, 93, 94, 60, 77, 55, 175, 61, 97, 54, 43, 0 };
static const uint8_t ipxe_prl[] = { 1, 3, 6, 7, 12, 15, 17, 26, 43, 60, 66, 67,
    119, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203 };
static const uint8_t ipxe_bios_features[] = {
	0xb1, 5, 1, 0x80, 0x86, 0x10, 0x0e, 0xeb, 3, 1, 0, 0, 0x17, 1, 1,
	0x22, 1, 1, 0x13, 1, 1, 0x11, 1, 1, 0x27, 1, 1, 0x19, 1, 1,
	0x29, 1, 1, 0x10, 1, 2, 0x21, 1, 1, 0x15, 1, 1, 0x18, 1, 1,
	0x12, 1, 1,
};
static const uint8_t ipxe_efi_features[] = {
	0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 1, 0, 0, 0x17, 1, 1,
	0x24, 1, 1, 0x13, 1, 1, 0x11, 1, 1, 0x27, 1, 1, 0x29, 1, 1,
	0x15, 1, 1, 0x1b, 1, 1, 0x12, 1, 1,
};
static const uint16_t ipxe_discover_ms[] = { 1000, 2000, 4000, 8000, 0 };
static const uint16_t ipxe_request_ms[] =
    { 250, 500, 1000, 2000, 4000, 8000, 0 };
static const uint16_t ipxe_proxy_ms[] = { 250, 500, 1000, 2000, 0 };
static const uint16_t ipxe_item_ms[] = { 1000, 2000, 0 };

/* busybox udhcpc 1.35 */
static const uint8_t udhcpc_discover[] = { 53, 57, 55, 60, 61, 0 };
static const uint8_t udhcpc_request[] = { 53, 50, 54, 57, 55, 60, 61, 0 };
static const uint8_t udhcpc_prl[] = { 1, 3, 6, 12, 15, 28, 42 };
static const uint16_t udhcpc_ms[] = { 3000, 3000, 3000, 0 };

#define PRL(codes) .prl = (codes), .prl_len = sizeof(codes)

#define RRQ_EDK2_PROBE { \
	.opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 0, 1468, 4 }, .n = 3 }
#define RRQ_EDK2 { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 1468, 4 }, .n = 2 }
#define TFTP_EDK2 { .size_probe = true, .probe = RRQ_EDK2_PROBE, \
	.main = RRQ_EDK2, .abort_code = TFTP_ERR_OPTION, \
	.abort_text = "User aborted the transfer", \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 6 }
#define TFTP_ROM { .size_probe = true, \
	.probe = { .opt = { TFTP_OPT_TSIZE }, .value = { 0 }, .n = 1 }, \
	.main = { .opt = { TFTP_OPT_BLKSIZE }, .value = { 1456 }, .n = 1 }, \
	.abort_code = TFTP_ERR_UNDEFINED, .abort_text = "TFTP Aborted", \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 4 }
#define TFTP_IPXE { .main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE }, \
	.value = { 1432, 0 }, .n = 2 }, \
	.first_ms = 250, .factor = 2, .cap_ms = 10000, .sends = 6 }

#define EDK2_COMMON \
	.has_arch = true, .undi = { 1, 3, 0 }, \
	.discover_max_size = 1472, \
	.discover_order = edk2_discover, .request_order = edk2_request, \
	.proxy_order = edk2_proxy, .broadcast = true, \
	.secs = SECS_EDK2, .ttl = 64, \
	.discover_ms = edk2_ms, .request_ms = edk2_ms, \
	.proxy_ms = edk2_proxy_ms, .item_ms = edk2_proxy_ms, \
	.proxy_port = DHCP4_PXE_PORT, \
	.proxy_fatal = true, .collect = COLLECT_INTERVAL, \
	.target_rule = TARGET_RULE_EDK2, .tftp = TFTP_EDK2
/* The PXE driver raises option 57 in its REQUEST; HTTP boot does not. */
#define EDK2_PXE EDK2_COMMON, .kind = PERSONA_UEFI, \
	.vendor_class = "PXEClient", PRL(edk2_prl), .request_max_size = 65280
#define EDK2_HTTP EDK2_COMMON, .kind = PERSONA_UEFI_HTTP, \
	.vendor_class = "HTTPClient", \
	.request_max_size = 1472, .user_agent = "UefiHttpBoot/1.0", \
	.http_head = true

#define IPXE_COMMON \
	.kind = PERSONA_IPXE, .has_arch = true, \
	.vendor_class = "PXEClient", .user_class = "iPXE", \
	PRL(ipxe_prl), .discover_max_size = 1472, .request_max_size = 1472, \
	.discover_order = ipxe_discover, .request_order = ipxe_request, \
	.proxy_order = ipxe_proxy, .secs = SECS_IPXE, .ttl = 64, \
	.discover_ms = ipxe_discover_ms, .request_ms = ipxe_request_ms, \
	.proxy_ms = ipxe_proxy_ms, .item_ms = ipxe_item_ms, \
	.proxy_port = DHCP4_CLIENT_PORT, \
	.collect = COLLECT_IPXE, .target_rule = TARGET_RULE_IPXE, \
	.tftp = TFTP_IPXE, .follows_redirects = true, \
	.user_agent = "iPXE/1.0.0+git-20190125.36a4c85-5.1"
#define IPXE_EFI IPXE_COMMON, .undi = { 1, 3, 10 }, \
	.features = ipxe_efi_features, .features_len = sizeof(ipxe_efi_features)

static const struct persona intel_bios = {
	.name = "intel-bios", .title = "BIOS PXE ROM (Intel Boot Agent)",
	.kind = PERSONA_ROM, .has_arch = true, .arch = ARCH_BIOS,
	.undi = { 1, 2, 1 }, .vendor_class = "PXEClient", PRL(rom_prl),
	.discover_max_size = 1260, .request_max_size = 1260,
	.discover_order = rom_discover, .request_order = rom_request,
	.proxy_order = rom_proxy, .broadcast = true, .secs = SECS_ROM,
	.pad_to = 548, .ttl = 20, .discover_ms = rom_discover_ms,
	.request_ms = rom_request_ms, .proxy_ms = rom_request_ms,
	.item_ms = rom_request_ms,
	.proxy_port = DHCP4_CLIENT_PORT, .proxy_fatal = true,
	.collect = COLLECT_INTERVAL, .target_rule = TARGET_RULE_PXE_ROM,
	.tftp = TFTP_ROM,
};
static const struct persona uefi_x64 = {
	.name = "uefi-x64", .title = "x64 UEFI PXE (EDK2)",
	.arch = ARCH_EFI_X64, EDK2_PXE,
};
static const struct persona uefi_ia32 = {
	.name = "uefi-ia32", .title = "IA32 UEFI PXE (EDK2)",
	.arch = ARCH_EFI_X86, EDK2_PXE,
};
static const struct persona uefi_arm64 = {
	.name = "uefi-arm64", .title = "ARM64 UEFI PXE (EDK2)",
	.arch = ARCH_EFI_ARM64, EDK2_PXE,
};
static const struct persona uefi_riscv64 = {
	.name = "uefi-riscv64", .title = "RISC-V 64 UEFI PXE (EDK2)",
	.arch = 27, EDK2_PXE,
};
static const struct persona uefi_http_x64 = {
	.name = "uefi-http-x64", .title = "x64 UEFI HTTP boot (EDK2)",
	.arch = ARCH_EFI_X64_HTTP, EDK2_HTTP, PRL(edk2_http_prl),
};
static const struct persona uefi_http_arm64 = {
	.name = "uefi-http-arm64", .title = "ARM64 UEFI HTTP boot (EDK2)",
	.arch = 19, EDK2_HTTP, PRL(edk2_http_arm64_prl),
};
static const struct persona ipxe_bios = {
	.name = "ipxe-bios", .title = "iPXE on BIOS", .arch = ARCH_BIOS,
	.undi = { 1, 2, 1 }, .features = ipxe_bios_features,
	.features_len = sizeof(ipxe_bios_features), IPXE_COMMON,
};
static const struct persona ipxe_efi_x64 = {
	.name = "ipxe-efi-x64", .title = "iPXE on x64 UEFI",
	.arch = ARCH_EFI_X64, IPXE_EFI,
};
static const struct persona ipxe_efi_ia32 = {
	.name = "ipxe-efi-ia32", .title = "iPXE on IA32 UEFI",
	.arch = ARCH_EFI_X86, IPXE_EFI,
};
static const struct persona ipxe_efi_arm64 = {
	.name = "ipxe-efi-arm64", .title = "iPXE on ARM64 UEFI",
	.arch = ARCH_EFI_ARM64, IPXE_EFI,
};
static const struct persona ipxe_efi_riscv64 = {
	.name = "ipxe-efi-riscv64", .title = "iPXE on RISC-V 64 UEFI",
	.arch = 27, IPXE_EFI,
};
static const struct persona udhcpc = {
	.name = "udhcpc", .title = "Linux initramfs (busybox udhcpc)",
	.kind = PERSONA_OS, .vendor_class = "udhcp 1.35.0", PRL(udhcpc_prl),
	.discover_max_size = 576, .request_max_size = 576,
	.discover_order = udhcpc_discover, .request_order = udhcpc_request,
	.proxy_order = udhcpc_request, .secs = SECS_ELAPSED, .pad_to = 300, .ttl = 64,
	.discover_ms = udhcpc_ms, .request_ms = udhcpc_ms,
	.proxy_ms = udhcpc_ms, .item_ms = udhcpc_ms,
	.proxy_port = DHCP4_CLIENT_PORT,
	.collect = COLLECT_FIRST, .target_rule = TARGET_RULE_PXE_ROM,
};

const struct persona *const persona_table[] = {
	&intel_bios, &uefi_x64, &uefi_ia32, &uefi_arm64, &uefi_riscv64,
	&uefi_http_x64, &uefi_http_arm64, &ipxe_bios, &ipxe_efi_x64,
	&ipxe_efi_ia32, &ipxe_efi_arm64, &ipxe_efi_riscv64, &udhcpc, NULL,
};
