/*
 * The personas that boot over IPv6. Every list is in wire order. Read off
 * OVMF (edk2 2022.11) and Debian's iPXE of 2019.
 */
#include "chain/persona6.h"

static const uint16_t edk2_oro[] = { 59, 60, 23, 16, 0 };
static const uint16_t edk2_solicit[] = { 1, 8, 3, 6, 62, 61, 16, 0 };
static const uint16_t edk2_request[] = { 1, 8, 2, 3, 6, 62, 61, 16, 0 };
static const uint16_t edk2_inform[] = { 1, 8, 6, 62, 61, 16, 0 };
static const uint16_t edk2_release[] = { 1, 2, 8, 3, 0 };
static const uint16_t edk2_ms[] = { 4000, 9000, 18000, 29000, 0 };

/* What its IPv6 stack asks by itself if routers manage the addresses. */
static const uint16_t stack_oro[] = { 23, 0 };
static const uint16_t stack_solicit[] = { 1, 8, 3, 6, 0 };
static const uint16_t stack_request[] = { 1, 8, 2, 3, 6, 0 };
static const uint16_t stack_inform[] = { 1, 8, 6, 0 };
static const uint16_t stack_ms[] = { 1000, 2000, 4000, 8000, 0 };

static const uint16_t ipxe_oro[] = { 23, 24, 59, 60, 0 };
static const uint16_t ipxe_solicit[] = { 1, 3, 6, 16, 61, 62, 15, 8, 0 };
static const uint16_t ipxe_request[] = { 1, 2, 3, 6, 16, 61, 62, 15, 8, 0 };
static const uint16_t ipxe_inform[] = { 1, 6, 16, 61, 62, 15, 8, 0 };
static const uint16_t ipxe_release[] = { 1, 2, 3, 8, 0 };
static const uint16_t ipxe_ms[] = { 250, 500, 1000, 2000, 4000, 8000, 0 };

static const struct persona6 edk2_stack = {
	.solicit_order = stack_solicit, .request_order = stack_request,
	.inform_order = stack_inform, .release_order = edk2_release,
	.oro = stack_oro, .uuid_swapped = true, .ia_times = true,
	.xid_counts = true, .releases = true, .hop_limit = 128,
	.solicit_ms = stack_ms, .request_ms = stack_ms,
};
#define EDK2_V6 \
	.solicit_order = edk2_solicit, .request_order = edk2_request, \
	.inform_order = edk2_inform, .release_order = edk2_release, \
	.oro = edk2_oro, .uuid_swapped = true, .ia_times = true, \
	.xid_counts = true, .collect = true, .needs_url = true, \
	.releases = true, .hop_limit = 128, \
	.solicit_ms = edk2_ms, .request_ms = edk2_ms, .stack = &edk2_stack
static const struct persona6 edk2_pxe6 = { EDK2_V6 };
static const struct persona6 edk2_http6 = { EDK2_V6, .needs_class = true };
static const struct persona6 ipxe6 = {
	.solicit_order = ipxe_solicit, .request_order = ipxe_request,
	.inform_order = ipxe_inform, .release_order = ipxe_release,
	.oro = ipxe_oro, .elapsed = ELAPSED6_CENTIS, .hop_limit = 255,
	.solicit_ms = ipxe_ms, .request_ms = ipxe_ms,
};

#define RRQ_EDK2_PROBE { \
	.opt = { TFTP_OPT_TSIZE, TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 0, 1228, 4 }, .n = 3 }
#define RRQ_EDK2 { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_WINDOWSIZE }, \
	.value = { 1228, 4 }, .n = 2 }
#define TFTP_EDK2_V6 { .size_probe = true, .probe = RRQ_EDK2_PROBE, \
	.main = RRQ_EDK2, .abort_code = TFTP_ERR_OPTION, \
	.abort_text = "User aborted the transfer", \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 6 }
#define TFTP_IPXE { .main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE }, \
	.value = { 1432, 0 }, .n = 2 }, \
	.first_ms = 250, .factor = 2, .cap_ms = 10000, .sends = 6 }

static const struct persona uefi_x64_v6 = {
	.name = "uefi-x64-v6", .title = "x64 UEFI PXE over IPv6 (EDK2)",
	.kind = PERSONA_UEFI, .has_arch = true, .arch = ARCH_EFI_X64,
	.undi = { 1, 3, 0 }, .vendor_class = "PXEClient", .v6 = &edk2_pxe6,
	.target_rule = TARGET_RULE_EDK2, .tftp = TFTP_EDK2_V6,
};
static const struct persona uefi_http_x64_v6 = {
	.name = "uefi-http-x64-v6",
	.title = "x64 UEFI HTTP boot over IPv6 (EDK2)",
	.kind = PERSONA_UEFI_HTTP, .has_arch = true, .arch = ARCH_EFI_X64_HTTP,
	.undi = { 1, 3, 0 }, .vendor_class = "HTTPClient", .v6 = &edk2_http6,
	.target_rule = TARGET_RULE_EDK2, .tftp = TFTP_EDK2_V6,
	.user_agent = "UefiHttpBoot/1.0", .http_head = true,
};
static const struct persona ipxe_efi_x64_v6 = {
	.name = "ipxe-efi-x64-v6", .title = "iPXE on x64 UEFI, over IPv6",
	.kind = PERSONA_IPXE, .has_arch = true, .arch = ARCH_EFI_X64,
	.undi = { 1, 3, 10 }, .vendor_class = "PXEClient",
	.user_class = "iPXE", .v6 = &ipxe6,
	.target_rule = TARGET_RULE_IPXE, .tftp = TFTP_IPXE,
	.follows_redirects = true,
	.user_agent = "iPXE/1.0.0+git-20190125.36a4c85-5.1",
};

const struct persona *const persona6_table[] = {
	&uefi_x64_v6, &uefi_http_x64_v6, &ipxe_efi_x64_v6, NULL,
};
