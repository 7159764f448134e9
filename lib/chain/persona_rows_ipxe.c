/*
 * iPXE and gPXE: of the NIC's ROM or loaded, the builds that are out there.
 */
#include "chain/persona_rows.h"

/* All of them; the rest is of 1.0.0+git-20190125, as Debian 12 ships it. */
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
static const uint8_t ipxe_snponly_features[] = {
	0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 1, 0, 0, 0x17, 1, 1,
	0x24, 1, 1, 0x13, 1, 1, 0x11, 1, 1, 0x27, 1, 1, 0x29, 1, 1,
	0x15, 1, 1, 0x12, 1, 1,
};

/* iPXE 2.0 */
static const uint8_t ipxe2_prl[] = { 1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66,
    67, 119, 121, 128, 129, 130, 131, 132, 133, 134, 135, 175, 203 };
static const uint8_t ipxe2_bios_features[] = {
	0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 2, 0, 0, 0x17, 1, 1,
	0x27, 1, 1, 0x22, 1, 1, 0x13, 1, 1, 0x11, 1, 1, 0x19, 1, 1,
	0x10, 1, 2, 0x21, 1, 1, 0x15, 1, 1, 0x18, 1, 1, 0x12, 1, 1,
};
static const uint8_t ipxe2_efi_features[] = {
	0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 2, 0, 0, 0x17, 1, 1,
	0x27, 1, 1, 0x24, 1, 1, 0x13, 1, 1, 0x14, 1, 1, 0x11, 1, 1,
	0x15, 1, 1, 0x26, 1, 1, 0x1b, 1, 1, 0x12, 1, 1,
};
static const uint8_t ipxe2_snponly_features[] = {
	0xb1, 5, 1, 0x1a, 0xf4, 0x10, 0x00, 0xeb, 3, 2, 0, 0, 0x17, 1, 1,
	0x27, 1, 1, 0x24, 1, 1, 0x13, 1, 1, 0x14, 1, 1, 0x11, 1, 1,
	0x15, 1, 1, 0x26, 1, 1, 0x12, 1, 1,
};
/*
 * The same built without its user class and features, so that servers take
 * it for a firmware: as a ROM of its own. It does not ask for 175 and 203.
 */
static const uint8_t bare_prl[] = { 1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66,
    67, 119, 121, 128, 129, 130, 131, 132, 133, 134, 135 };
static const uint8_t bare_discover[] = { 53, 57, 93, 94, 60, 55, 61, 97, 0 };
static const uint8_t bare_request[] =
    { 53, 57, 93, 94, 60, 55, 61, 97, 54, 50, 0 };
static const uint8_t bare_proxy[] =
    { 53, 57, 93, 94, 60, 55, 61, 97, 54, 43, 0 };

/*
 * iPXE until 2016 took the printed RFC 4578 at its word, in which 9 is x64;
 * until 2017 it did not ask for 26. Of its source; its features are those of
 * 2019.
 */
static const uint8_t old_prl[] = { 1, 3, 6, 7, 12, 15, 17, 43, 60, 66, 67, 119,
    128, 129, 130, 131, 132, 133, 134, 135, 175, 203 };

/* gPXE 1.0.1, of its source; no build of it was run. */
static const uint8_t gpxe_prl[] = { 1, 3, 6, 7, 12, 15, 17, 43, 60, 66, 67, 175,
    203 };
static const uint8_t gpxe_features[] = {
	0xb1, 5, 1, 0x80, 0x86, 0x10, 0x0e, 0xeb, 3, 1, 0, 1, 0x17, 1, 1,
	0x13, 1, 1, 0x11, 1, 1, 0x12, 1, 1, 0x15, 1, 1, 0x18, 1, 1,
	0x19, 1, 1, 0x20, 1, 1, 0x21, 1, 1, 0x22, 1, 1, 0x23, 1, 1,
	0x10, 1, 2,
};
static const char *const ipxe_http[] =
    { "Connection: keep-alive", "User-Agent", "Host", NULL };
static const char *const gpxe_http[] = { "User-Agent", "Host", NULL };
static const uint16_t ipxe_discover_ms[] = { 1000, 2000, 4000, 8000, 0 };
static const uint16_t ipxe_request_ms[] =
    { 250, 500, 1000, 2000, 4000, 8000, 0 };
static const uint16_t ipxe_proxy_ms[] = { 250, 500, 1000, 2000, 0 };
static const uint16_t ipxe_item_ms[] = { 1000, 2000, 0 };

#define TFTP_IPXE { .main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE }, \
	.value = { 1432, 0 }, .n = 2 }, \
	.first_ms = 250, .factor = 2, .cap_ms = 10000, .sends = 6 }

#define IPXE_ANY \
	.kind = PERSONA_IPXE, .has_arch = true, .vendor_class = "PXEClient", \
	.discover_max_size = 1472, .request_max_size = 1472, \
	.secs = SECS_IPXE, .ttl = 64, \
	.discover_ms = ipxe_discover_ms, .request_ms = ipxe_request_ms, \
	.proxy_ms = ipxe_proxy_ms, .item_ms = ipxe_item_ms, \
	.proxy_port = DHCP4_CLIENT_PORT, \
	.collect = COLLECT_IPXE, .target_rule = TARGET_RULE_IPXE, \
	.tftp = TFTP_IPXE, .follows_redirects = true
#define IPXE_ORDER \
	.discover_order = ipxe_discover, .request_order = ipxe_request, \
	.proxy_order = ipxe_proxy
#define FEATURES(codes) .features = (codes), .features_len = sizeof(codes)
/* EFI builds of 2019 ask anew; the others begin with the lease there is. */
#define ON_BIOS .arch = ARCH_BIOS, .undi = { 1, 2, 1 }, .keeps_lease = true
#define ON_EFI .undi = { 1, 3, 10 }

#define IPXE_2019 IPXE_ANY, IPXE_ORDER, .user_class = "iPXE", \
	PRL(ipxe_prl), .http_lines = ipxe_http, \
	.user_agent = "iPXE/1.0.0+git-20190125.36a4c85-5.1"
#define IPXE_2 IPXE_ANY, IPXE_ORDER, .user_class = "iPXE", \
	PRL(ipxe2_prl), .http_lines = ipxe_http
#define IPXE_2_0_0 IPXE_2, .user_agent = "iPXE/2.0.0 (g12798)"
#define IPXE_2_0_0_254 IPXE_2, .user_agent = "iPXE/2.0.0+ (g0ab22)"
#define IPXE_EFI ON_EFI, IPXE_2019, FEATURES(ipxe_efi_features)
#define IPXE2_EFI ON_EFI, .keeps_lease = true, IPXE_2_0_0, \
	FEATURES(ipxe2_efi_features)
#define IPXE2_SNPONLY ON_EFI, .keeps_lease = true, IPXE_2_0_0_254, \
	FEATURES(ipxe2_snponly_features), \
	.is_loaded = true

const struct persona persona_ipxe_bios = {
	.name = "ipxe-bios", .title = "iPXE on BIOS",
	ON_BIOS, IPXE_2019, FEATURES(ipxe_bios_features),
};
const struct persona persona_ipxe_efi_x64 = {
	.name = "ipxe-efi-x64", .title = "iPXE on x64 UEFI",
	.arch = ARCH_EFI_X64, IPXE_EFI,
};
const struct persona persona_ipxe_efi_ia32 = {
	.name = "ipxe-efi-ia32", .title = "iPXE on IA32 UEFI",
	.arch = ARCH_EFI_X86, IPXE_EFI,
};
const struct persona persona_ipxe_efi_arm64 = {
	.name = "ipxe-efi-arm64", .title = "iPXE on ARM64 UEFI",
	.arch = ARCH_EFI_ARM64, IPXE_EFI,
};
const struct persona persona_ipxe_efi_riscv64 = {
	.name = "ipxe-efi-riscv64", .title = "iPXE on RISC-V 64 UEFI",
	.arch = 27, IPXE_EFI,
};
const struct persona persona_ipxe_snponly_x64 = {
	.name = "ipxe-snponly-x64", .title = "iPXE on x64 UEFI (snponly)",
	.arch = ARCH_EFI_X64, ON_EFI, IPXE_2019,
	FEATURES(ipxe_snponly_features), .is_loaded = true,
};
const struct persona persona_ipxe2_bios = {
	.name = "ipxe2-bios", .title = "iPXE 2.0 on BIOS",
	ON_BIOS, IPXE_2_0_0, FEATURES(ipxe2_bios_features),
};
const struct persona persona_ipxe2_efi_x64 = {
	.name = "ipxe2-efi-x64", .title = "iPXE 2.0 on x64 UEFI",
	.arch = ARCH_EFI_X64, IPXE2_EFI,
};
const struct persona persona_ipxe2_efi_ia32 = {
	.name = "ipxe2-efi-ia32", .title = "iPXE 2.0 on IA32 UEFI",
	.arch = ARCH_EFI_X86, IPXE2_EFI,
};
const struct persona persona_ipxe2_efi_arm64 = {
	.name = "ipxe2-efi-arm64", .title = "iPXE 2.0 on ARM64 UEFI",
	.arch = ARCH_EFI_ARM64, IPXE2_EFI,
};
const struct persona persona_ipxe2_efi_riscv64 = {
	.name = "ipxe2-efi-riscv64", .title = "iPXE 2.0 on RISC-V 64 UEFI",
	.arch = 27, IPXE2_EFI,
};
const struct persona persona_ipxe2_snponly_x64 = {
	.name = "ipxe2-snponly-x64", .title = "iPXE 2.0 on x64 UEFI (snponly)",
	.arch = ARCH_EFI_X64, IPXE2_SNPONLY,
};
const struct persona persona_ipxe2_snponly_arm64 = {
	.name = "ipxe2-snponly-arm64", .title = "iPXE 2.0 on ARM64 UEFI (snponly)",
	.arch = ARCH_EFI_ARM64, IPXE2_SNPONLY,
};
const struct persona persona_ipxe2_bare = {
	.name = "ipxe2-bare", .title = "iPXE 2.0 built without its user class",
	ON_BIOS, IPXE_ANY, PRL(bare_prl), .discover_order = bare_discover,
	.request_order = bare_request, .proxy_order = bare_proxy,
	.user_agent = "iPXE/2.0.0+ (g0ab22)", .http_lines = ipxe_http,
	.is_loaded = true,
};
const struct persona persona_ipxe_old_x64 = {
	.name = "ipxe-old-x64", .title = "iPXE before 2016 on x64 UEFI",
	.arch = 9, ON_EFI, IPXE_ANY, IPXE_ORDER, .user_class = "iPXE",
	PRL(old_prl), FEATURES(ipxe_efi_features), .http_lines = ipxe_http,
	.user_agent = "iPXE/1.0.0+", .is_loaded = true,
};
const struct persona persona_gpxe = {
	.name = "gpxe", .title = "gPXE 1.0.1 on BIOS",
	ON_BIOS, IPXE_ANY, IPXE_ORDER, .user_class = "gPXE", PRL(gpxe_prl),
	FEATURES(gpxe_features), .user_agent = "gPXE/1.0.1",
	.http_lines = gpxe_http, .http_1_0 = true, .is_loaded = true,
};
