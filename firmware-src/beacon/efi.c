/*
 * efi.c - a UEFI application that tells, in one line on the serial port, that
 * it was reached, and with which DHCP answer of the PXE stack.
 *
 * Only what is needed of the tables is declared (UEFI 2.10, 4.3, 7.3, 9.1,
 * 24.3).
 */
#include <stddef.h>
#include <stdint.h>

#define EFIAPI __attribute__((ms_abi))

struct guid {
	uint32_t a;
	uint16_t b, c;
	uint8_t d[8];
};

struct boot_services {
	uint64_t header[3];
	void *before[16];               /* RaiseTPL ... ReinstallProtocol... */
	uint64_t (EFIAPI *handle_protocol)(void *handle,
	    const struct guid *protocol, void **ret);
};

struct system_table {
	uint64_t header[3];
	void *vendor;
	uint32_t revision;
	void *console[6];
	void *runtime;
	struct boot_services *boot;
};

struct loaded_image {
	uint32_t revision;
	void *parent;
	void *system;
	void *device;
};

struct pxe_mode {
	uint8_t flags[19];
	uint8_t padding;
	uint8_t addresses[2][16];
	uint8_t discover[1472];
	uint8_t ack[1472];
	uint8_t proxy_offer[1472];
};

struct pxe {
	uint64_t revision;
	void *functions[12];
	struct pxe_mode *mode;
};

enum {
	PXE_ACK_RECEIVED = 9, PXE_PROXY_RECEIVED = 10,  /* of `flags` */
	BOOTP_YIADDR = 16, BOOTP_SIADDR = 20, BOOTP_FILE = 108,
	BOOTP_OPTIONS = 240, OPT_BOOTFILE = 67, OPT_END = 255,
	PACKET_LEN = 1472,
	COM1 = 0x3f8, COM1_STATUS = 0x3fd,
};

static void
put_char(char c)
{
	uint8_t status;

	do {
		__asm__ volatile ("inb %w1, %b0" : "=a"(status) :
		    "d"((uint16_t)COM1_STATUS));
	} while (!(status & 0x20));
	__asm__ volatile ("outb %b0, %w1" : : "a"(c), "d"((uint16_t)COM1));
}

static void
put(const char *s, size_t max)
{
	for (size_t i = 0; i < max && s[i]; i++)
		put_char(s[i] < ' ' || s[i] > '~' ? '?' : s[i]);
}

static void
put_ip(const char *name, const uint8_t *ip)
{
	put(name, 32);
	for (int i = 0; i < 4; i++) {
		if (i)
			put_char('.');
		if (ip[i] >= 100)
			put_char((char)('0' + ip[i] / 100));
		if (ip[i] >= 10)
			put_char((char)('0' + ip[i] / 10 % 10));
		put_char((char)('0' + ip[i] % 10));
	}
}

/* The boot file: the field, else option 67. */
static void
put_file(const uint8_t *packet)
{
	size_t at = BOOTP_OPTIONS;

	put(" file=", 8);
	if (packet[BOOTP_FILE]) {
		put((const char *)packet + BOOTP_FILE, 128);
		return;
	}
	while (at + 2 < PACKET_LEN && packet[at] != OPT_END) {
		size_t len = packet[at] ? packet[at + 1] + 2u : 1;

		if (packet[at] == OPT_BOOTFILE && at + len <= PACKET_LEN)
			put((const char *)packet + at + 2, len - 2);
		at += len;
	}
}

static const struct pxe *
find_pxe(void *image, const struct system_table *st)
{
	static const struct guid loaded_guid = { 0x5b1b31a1, 0x9562, 0x11d2,
	    { 0x8e, 0x3f, 0x00, 0xa0, 0xc9, 0x69, 0x72, 0x3b } };
	static const struct guid pxe_guid = { 0x03c4e603, 0xac28, 0x11d3,
	    { 0x9a, 0x2d, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d } };
	void *loaded = NULL;
	void *pxe = NULL;

	if (st->boot->handle_protocol(image, &loaded_guid, &loaded) ||
	    st->boot->handle_protocol(((struct loaded_image *)loaded)->device,
	    &pxe_guid, &pxe))
		return NULL;
	return pxe;
}

uint64_t EFIAPI efi_main(void *image, const struct system_table *st);

uint64_t EFIAPI
efi_main(void *image, const struct system_table *st)
{
	const struct pxe *pxe = find_pxe(image, st);
	const uint8_t *file;

	put_char('\r');
	put_char('\n');
	put("PXETOOL-BEACON stage=efi", 64);
	if (!pxe) {
		put(" no-pxe", 8);
	} else if (pxe->mode->flags[PXE_ACK_RECEIVED]) {
		file = pxe->mode->flags[PXE_PROXY_RECEIVED] ?
		    pxe->mode->proxy_offer : pxe->mode->ack;
		put_ip(" ip=", pxe->mode->ack + BOOTP_YIADDR);
		put_ip(" next-server=", file + BOOTP_SIADDR);
		put_file(file);
	}
	put(" end", 5);
	put_char('\r');
	put_char('\n');
	return 0;
}
