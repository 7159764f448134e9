/*
 * The DHCP clients of operating systems: the last of the chain.
 */
#include "chain/persona_rows.h"

/* busybox udhcpc 1.35, as an initramfs runs it: -n, to give up in the end */
static const uint8_t udhcpc_discover[] = { 53, 57, 55, 12, 60, 61, 0 };
static const uint8_t udhcpc_request[] = 
    { 53, 50, 54, 57, 55, 12, 60, 61, 0 };
static const uint8_t udhcpc_prl[] = { 1, 3, 6, 12, 15, 28, 42 };
static const uint16_t udhcpc_ms[] = { 3000, 3000, 3000, 0 };


/*
 * systemd-networkd 252, which is dracut's and other initramfs' as well. 61 is
 * of the interface and of the machine's identity.
 */
static const uint8_t networkd_discover[] = { 53, 61, 55, 57, 12, 0 };
static const uint8_t networkd_request[] = { 53, 61, 55, 57, 54, 50, 12, 0 };
static const uint8_t networkd_prl[] = { 1, 3, 6, 12, 15, 33, 42, 120, 121 };
static const uint16_t networkd_ms[] =
    { 4500, 4800, 8000, 16000, 32000, 64000, 0 };

/* "ip=dhcp" of the Linux kernel, of its source (net/ipv4/ipconfig.c). */
static const uint8_t kernel_discover[] = { 53, 55, 12, 0 };
static const uint8_t kernel_request[] = { 53, 54, 50, 55, 12, 0 };
static const uint8_t kernel_prl[] = { 1, 3, 6, 12, 15, 17, 26, 40 };
static const uint16_t kernel_ms[] =
    { 2000, 3500, 6125, 10719, 18758, 30000, 0 };

/*
 * ISC dhclient 4, which older dracut runs, of published fingerprints; its
 * waits are drawn by lot.
 */
static const uint8_t dhclient_discover[] = { 53, 12, 55, 0 };
static const uint8_t dhclient_request[] = { 53, 54, 50, 12, 55, 0 };
static const uint8_t dhclient_prl[] = { 1, 28, 2, 3, 15, 6, 12 };
static const uint16_t dhclient_ms[] = { 3000, 5000, 8000, 13000, 20000, 0 };

/* Windows PE 10, of published fingerprints; without 81, a name it has not. */
static const uint8_t winpe_discover[] = { 53, 61, 12, 60, 55, 0 };
static const uint8_t winpe_request[] = { 53, 61, 50, 54, 12, 60, 55, 0 };
static const uint8_t winpe_prl[] = { 1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119,
    121, 249, 252 };
static const uint16_t winpe_ms[] = { 4000, 8000, 16000, 32000, 0 };

#define OS(waits) .kind = PERSONA_OS, .secs = SECS_ELAPSED, \
	.discover_ms = (waits), .request_ms = (waits), \
	.proxy_ms = (waits), .item_ms = (waits), \
	.proxy_port = DHCP4_CLIENT_PORT, .collect = COLLECT_FIRST, \
	.target_rule = TARGET_RULE_PXE_ROM

const struct persona persona_udhcpc = {
	.name = "udhcpc", .title = "Linux initramfs (busybox udhcpc)",
	OS(udhcpc_ms), .vendor_class = "udhcp 1.35.0", PRL(udhcpc_prl),
	.discover_max_size = 576, .request_max_size = 576,
	.discover_order = udhcpc_discover, .request_order = udhcpc_request,
	.proxy_order = udhcpc_request, .pad_to = DHCP4_BOOTP_LEN, .ttl = 64,
};
const struct persona persona_systemd_networkd = {
	.name = "systemd-networkd",
	.title = "Linux initramfs (systemd-networkd, dracut)",
	OS(networkd_ms), PRL(networkd_prl),
	.discover_max_size = 1472, .request_max_size = 1472,
	.discover_order = networkd_discover, .request_order = networkd_request,
	.proxy_order = networkd_request, .ttl = 64,
};
const struct persona persona_kernel_ip_dhcp = {
	.name = "kernel-ip-dhcp", .title = "Linux kernel (ip=dhcp)",
	OS(kernel_ms), PRL(kernel_prl),
	.discover_order = kernel_discover, .request_order = kernel_request,
	.proxy_order = kernel_request, .pad_to = 548, .ttl = 64,
};
const struct persona persona_dhclient = {
	.name = "dhclient", .title = "Linux initramfs (ISC dhclient)",
	OS(dhclient_ms), PRL(dhclient_prl),
	.discover_order = dhclient_discover, .request_order = dhclient_request,
	.proxy_order = dhclient_request, .pad_to = DHCP4_BOOTP_LEN, .ttl = 128,
};
const struct persona persona_windows_pe = {
	.name = "windows-pe", .title = "Windows PE",
	OS(winpe_ms), .vendor_class = "MSFT 5.0", PRL(winpe_prl),
	.discover_order = winpe_discover, .request_order = winpe_request,
	.proxy_order = winpe_request, .pad_to = DHCP4_BOOTP_LEN, .ttl = 128,
};
