/*
 * UEFI firmware: EDK2, which nearly every vendor's is a fork of. As OVMF and
 * AAVMF 2022.11 send it.
 */
#include "chain/persona_rows.h"

/* EDK2, real OVMF: 53 57 55 97 94 93 60, then 54 50 after 53 in REQUEST. */
static const uint8_t edk2_discover[] = { 53, 57, 55, 97, 94, 93, 60, 0 };
static const uint8_t edk2_request[] =
    { 53, 54, 50, 57, 55, 97, 94, 93, 60, 0 };
static const uint8_t edk2_proxy[] = { 43, 53, 55, 57, 60, 93, 94, 97, 0 };
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
/*
 * Nominally 4, 8, 16 and 32 s, counted in ticks of a second of which the
 * first is under way already: 3.4 to 4.2 s in the captures.
 */
static const uint16_t edk2_ms[] = { 3800, 8300, 16300, 32000, 0 };
static const char *const edk2_http[] =
    { "Host", "Accept: */*", "User-Agent", NULL };
static const uint16_t edk2_proxy_ms[] = { 1000, 2000, 3000, 4000, 0 };

#define RRQ_EDK2_PROBE { \
	.opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 0, 1468, 4 }, .n = 3 }
#define RRQ_EDK2 { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 1468, 4 }, .n = 2 }
/* Every 4 s, and some 0.2 s for its tick, as captured. */
#define TFTP_EDK2 { .size_probe = true, .probe = RRQ_EDK2_PROBE, \
	.main = RRQ_EDK2, .abort_code = TFTP_ERR_OPTION, \
	.abort_text = "User aborted the transfer", \
	.first_ms = 4200, .factor = 1, .cap_ms = 4200, .sends = 6 }

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
	.http_lines = edk2_http, .http_bare_host = true, .http_head = true

const struct persona persona_uefi_x64 = {
	.name = "uefi-x64", .title = "x64 UEFI PXE (EDK2)",
	.arch = ARCH_EFI_X64, EDK2_PXE,
};
const struct persona persona_uefi_ia32 = {
	.name = "uefi-ia32", .title = "IA32 UEFI PXE (EDK2)",
	.arch = ARCH_EFI_X86, EDK2_PXE,
};
const struct persona persona_uefi_arm64 = {
	.name = "uefi-arm64", .title = "ARM64 UEFI PXE (EDK2)",
	.arch = ARCH_EFI_ARM64, EDK2_PXE,
};
const struct persona persona_uefi_riscv64 = {
	.name = "uefi-riscv64", .title = "RISC-V 64 UEFI PXE (EDK2)",
	.arch = 27, EDK2_PXE,
};
const struct persona persona_uefi_http_x64 = {
	.name = "uefi-http-x64", .title = "x64 UEFI HTTP boot (EDK2)",
	.arch = ARCH_EFI_X64_HTTP, EDK2_HTTP, PRL(edk2_http_prl),
};
const struct persona persona_uefi_http_arm64 = {
	.name = "uefi-http-arm64", .title = "ARM64 UEFI HTTP boot (EDK2)",
	.arch = 19, EDK2_HTTP, PRL(edk2_http_arm64_prl),
};
