/*
 * BIOS PXE ROMs, and other firmware that speaks of itself as one. No vendor's
 * ROM could be run, so these are of PXE 2.1 and published traces.
 */
#include "chain/persona_rows.h"

/* Intel Boot Agent, from a published trace; PXE 2.1 for the timing. */
static const uint8_t rom_discover[] = { 53, 55, 57, 97, 93, 94, 60, 0 };
static const uint8_t rom_request[] =
    { 53, 50, 54, 55, 57, 97, 93, 94, 60, 0 };
static const uint8_t rom_proxy[] = { 53, 55, 57, 97, 93, 94, 60, 43, 0 };
static const uint8_t rom_prl[] = { 1, 2, 3, 4, 5, 6, 11, 12, 13, 15, 16, 17,
    18, 22, 23, 28, 40, 41, 42, 43, 50, 51, 54, 58, 59, 60, 66, 67, 128, 129,
    130, 131, 132, 133, 134, 135 };
static const uint16_t rom_discover_ms[] = { 4000, 8000, 16000, 32000, 0 };
static const uint16_t rom_request_ms[] = { 1000, 2000, 3000, 4000, 0 };
/*
 * Older lists, as published fingerprints of "PXE boot agents" have them. They
 * name no maker: that Broadcom's ROMs send the one and Realtek's the other is
 * hearsay; that ROMs with these lists are on real floors is not.
 */
static const uint8_t old_prl[] = { 1, 2, 3, 5, 6, 11, 12, 13, 15, 16, 17, 18,
    43, 54, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135 };
static const uint8_t short_prl[] = { 1, 3, 43, 54, 60, 67, 128, 129, 130, 131,
    132, 133, 134, 135 };

/*
 * Raspberry Pi, of the maker's documentation and published traces. The boot
 * ROM of model 3 takes an offer as it is, and sends no REQUEST.
 */
static const uint8_t rpi_discover[] = { 53, 55, 93, 94, 97, 60, 0 };
static const uint8_t rpi_request[] = { 53, 55, 50, 54, 93, 94, 97, 60, 0 };
static const uint8_t rpi3_prl[] = { 43, 60, 67, 128, 129, 130, 131, 132, 133,
    134, 135, 66 };
static const uint8_t rpi4_prl[] = { 1, 3, 43, 60, 66, 67, 128, 129, 130, 131,
    132, 133, 134, 135 };
static const uint16_t rpi3_ms[] = { 5000, 5000, 5000, 5000, 5000, 0 };
static const uint16_t rpi4_ms[] = { 4000, 4000, 4000, 4000, 4000, 4000, 4000,
    4000, 4000, 4000, 4000, 0 };
/* Model 3 B sends this for any board; model 4 "RPi4" and its own numbers. */
static const uint8_t rpi3_uuid[UUID_LEN] = { 0x44, 0x44, 0x44, 0x44, 0x44, 0x44,
    0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44, 0x44 };
static const uint8_t rpi4_uuid[UUID_LEN] = { 'R', 'P', 'i', '4', 0x11, 0x31,
    0xc0, 0x00 };

#define TFTP_ROM { .size_probe = true, \
	.probe = { .opt = { TFTP_OPT_TSIZE }, .value = { 0 }, .n = 1 }, \
	.main = { .opt = { TFTP_OPT_BLKSIZE }, .value = { 1456 }, .n = 1 }, \
	.abort_code = TFTP_ERR_UNDEFINED, .abort_text = "TFTP Aborted", \
	.first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 4 }
/* No options at all: blocks of 512 bytes. */
#define TFTP_RPI { .first_ms = 4000, .factor = 1, .cap_ms = 4000, .sends = 5 }

#define ROM_COMMON \
	.has_arch = true, .arch = ARCH_BIOS, \
	.undi = { 1, 2, 1 }, .vendor_class = "PXEClient", \
	.discover_max_size = 1260, .request_max_size = 1260, \
	.proxy_port = DHCP4_CLIENT_PORT, .target_rule = TARGET_RULE_PXE_ROM
#define PXE_ROM ROM_COMMON, .kind = PERSONA_ROM, \
	.discover_order = rom_discover, .request_order = rom_request, \
	.proxy_order = rom_proxy, .broadcast = true, .secs = SECS_ROM, \
	.pad_to = 548, .ttl = 20, .discover_ms = rom_discover_ms, \
	.request_ms = rom_request_ms, .proxy_ms = rom_request_ms, \
	.item_ms = rom_request_ms, .proxy_fatal = true, \
	.collect = COLLECT_INTERVAL, .tftp = TFTP_ROM
#define RPI ROM_COMMON, .kind = PERSONA_BOARD, \
	.discover_order = rpi_discover, .request_order = rpi_request, \
	.proxy_order = rpi_request, .secs = SECS_ZERO, \
	.request_ms = rpi4_ms, .proxy_ms = rpi4_ms, .item_ms = rpi4_ms, \
	.collect = COLLECT_FIRST, .tftp = TFTP_RPI, \
	.menu_text = "Raspberry Pi Boot"

const struct persona persona_intel_bios = {
	.name = "intel-bios", .title = "BIOS PXE ROM (Intel Boot Agent)",
	PXE_ROM, PRL(rom_prl),
};
const struct persona persona_broadcom_bios = {
	.name = "broadcom-bios", .title = "BIOS PXE ROM (Broadcom form)",
	PXE_ROM, PRL(old_prl),
};
const struct persona persona_realtek_bios = {
	.name = "realtek-bios", .title = "BIOS PXE ROM (Realtek form)",
	PXE_ROM, PRL(short_prl),
};
const struct persona persona_rpi3 = {
	.name = "rpi3", .title = "Raspberry Pi 3 boot ROM", RPI,
	PRL(rpi3_prl), .uuid = rpi3_uuid, .ttl = 128,
	.discover_ms = rpi3_ms, .no_request = true,
	.asks_for = "bootcode.bin",
};
const struct persona persona_rpi4 = {
	.name = "rpi4", .title = "Raspberry Pi 4 boot loader", RPI,
	PRL(rpi4_prl), .uuid = rpi4_uuid, .ttl = 64, .discover_ms = rpi4_ms,
	.asks_for = "config.txt",
};
