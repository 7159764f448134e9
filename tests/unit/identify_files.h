/*
 * identify_files.h - one small file of each kind; a part of identify.c.
 */
#ifndef PXE_TESTS_IDENTIFY_FILES_H
#define PXE_TESTS_IDENTIFY_FILES_H

#include "identify_make.h"

static void empty(struct wr *w) { (void)w; }

/* ---- text ---- */
static void script_lf(struct wr *w) { wr_str(w, "#!ipxe\n"); }
static void script_gpxe(struct wr *w) { wr_str(w, "#!gpxe\techo\n"); }
static void script_vt(struct wr *w) { wr_str(w, "#!ipxe\vecho\n"); }
static void script_crlf(struct wr *w) { wr_str(w, "#!ipxe\r\nshell\r\n"); }

static void
script_binary(struct wr *w)
{
	wr_str(w, "#!ipxe ");
	wr_zero(w, 100);
}

static void script_6(struct wr *w) { wr_str(w, "#!ipxe"); }
static void script_x(struct wr *w) { wr_str(w, "#!ipxex\n"); }
static void script_bom(struct wr *w) { wr_str(w, "\xef\xbb\xbf#!ipxe\n"); }
static void script_late(struct wr *w) { wr_str(w, "\r\n #!ipxe\necho\n"); }

static void
script_utf16(struct wr *w)
{
	wr_str(w, "\xff\xfe");
	utf16(w, "#!ipxe\r\necho\r\n");
}

static void html(struct wr *w) { wr_str(w, "\n<!DOCTYPE HTML>\n<p>404"); }

static void
xhtml(struct wr *w)
{
	wr_str(w, "\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x -->\n<html>");
}

static void xml(struct wr *w) { wr_str(w, "<?xml version=\"1.0\"?>\n<a/>"); }
static void menu(struct wr *w) { wr_str(w, "DEFAULT linux\n\x07 f\xfcr\n"); }
static void nul_text(struct wr *w) { wr_bytes(w, "some\0text", 9); }

/* ---- archives and streams ---- */
static void zip(struct wr *w) { wr_bytes(w, "PK\3\4\24\0", 6); }

static void
deb(struct wr *w)
{
	wr_str(w, "!<arch>\ndebian-binary   1700000000  0     0     100644  "
	    "4         `\n2.0\n");
}

static void
tar(struct wr *w)
{
	wr_str(w, "undionly.kpxe");
	wr_zero(w, 257 - w->len);
	wr_bytes(w, "ustar\00000", 8);
	wr_zero(w, 512 - w->len);
}

/* CRC-32 of the header as computed by another program (zlib's). */
static void
uboot_image(struct wr *w, uint32_t crc, uint8_t arch, uint8_t type)
{
	wr_u32(w, 0x27051956);
	wr_u32(w, crc);
	wr_u32(w, 0x60000000);
	wr_u32(w, 13);                  /* bytes of data */
	wr_zero(w, 13);
	wr_u8(w, arch);
	wr_u8(w, type);
	wr_u8(w, 0);
	wr_str(w, "boot.scr");
	wr_zero(w, 64 - w->len);
	wr_u32(w, 5);
	wr_u32(w, 0);
	wr_str(w, "reset");
}

static void uboot_sh(struct wr *w) { uboot_image(w, 0x4cfd0544, 2, 6); }
static void uboot_krn(struct wr *w) { uboot_image(w, 0x19945675, 22, 2); }
static void uboot_bad(struct wr *w) { uboot_image(w, 1, 22, 2); }

static void
wim(struct wr *w)
{
	static const char xml[] = "<WIM><IMAGE><WINDOWS><ARCH>9</ARCH>"
	    "<VERSION><MAJOR>10</MAJOR><MINOR>0</MINOR><BUILD>19041</BUILD>";

	wr_bytes(w, "MSWIM\0\0\0", 8);
	wr_zero(w, 72 - w->len);
	le32(w, 2 * (uint32_t)strlen(xml));
	le32(w, 0);
	le32(w, 208);
	le32(w, 0);
	wr_zero(w, 208 - w->len);
	utf16(w, xml);
}
static void
cpio(struct wr *w)
{
	wr_str(w, "070701");
	for (int i = 0; i < 13; i++)
		wr_str(w, "0000abCD");
	wr_cstr(w, "TRAILER!!!");
}

static void
cpio_not(struct wr *w)
{
	wr_str(w, "070701 is what an archive begins with, but not this");
	wr_str(w, " text, which goes on as no archive would, for a while");
	wr_str(w, " and a bit more");
}

static void
gzip(struct wr *w)
{
	wr_bytes(w, "\x1f\x8b\x08\0\0\0\0\0\2\3", 10);
	wr_bytes(w, "\xec\xff\xff\xff\xff", 5);
}

static void
gzip_cpio(struct wr *w)
{
	static const uint8_t packed[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
		0x33, 0x30, 0x37, 0x30, 0x37, 0x30, 0x34, 0x80, 0x00, 0x30,
		0x6d, 0x61, 0xe8, 0x68, 0x62, 0x40, 0x1c, 0x70, 0x32, 0x20,
		0x0d, 0xc0, 0xd5, 0x87, 0x04, 0x39, 0x7a, 0xfa, 0xb8, 0x06,
		0x29, 0x2a, 0x2a, 0x32, 0x00, 0x00, 0xb1, 0xf4, 0x40, 0x2f,
		0x81, 0x00, 0x00, 0x00,
	};

	wr_bytes(w, packed, sizeof(packed));
}

/* 56 zeros, the magic of arm64, four zeros */
static void
gzip_arm64(struct wr *w)
{
	static const uint8_t packed[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
		0x63, 0x60, 0x20, 0x0f, 0x38, 0x06, 0xf9, 0xa6, 0x80, 0x68,
		0x00, 0xe4, 0x91, 0x84, 0xfb, 0x40, 0x00, 0x00, 0x00,
	};

	wr_bytes(w, packed, sizeof(packed));
}

static void
put_xz(struct wr *w, void (*make)(struct wr *w), bool alone)
{
	uint8_t in[512];
	uint8_t out[1024];
	struct wr content = wr_init(in, sizeof(in));
	lzma_stream strm = LZMA_STREAM_INIT;
	lzma_options_lzma opts;

	make(&content);
	ck_assert(!lzma_lzma_preset(&opts, 0));
	ck_assert_int_eq(alone ? lzma_alone_encoder(&strm, &opts) :
	    lzma_easy_encoder(&strm, 0, LZMA_CHECK_CRC32), LZMA_OK);
	strm.next_in = in;
	strm.avail_in = content.len;
	strm.next_out = out;
	strm.avail_out = sizeof(out);
	ck_assert_int_eq(lzma_code(&strm, LZMA_FINISH), LZMA_STREAM_END);
	wr_bytes(w, out, sizeof(out) - strm.avail_out);
	lzma_end(&strm);
}

static void xz_cpio(struct wr *w) { put_xz(w, cpio, false); }

static void xz(struct wr *w) { wr_bytes(w, "\xfd" "7zXZ\0\0\4", 8); }
static void zstd(struct wr *w) { wr_bytes(w, "\x28\xb5\x2f\xfd\x04", 5); }
static void lz4(struct wr *w) { wr_bytes(w, "\x02\x21\x4c\x18\x01", 5); }
static void bzip2(struct wr *w) { wr_bytes(w, "BZh91AY&SY\x93\x80", 12); }

static void
lzma_alone(struct wr *w)
{
	wr_bytes(w, "\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0", 14);
}

/* ---- kernels, and what looks like one ---- */
static void bzimage(struct wr *w) { put_setup(w, 0x204, 1, "2.6.9 (x@y)"); }
static void bzimage64(struct wr *w) { put_setup(w, 0x20c, 0x1, "6.1 (x)"); }
static void bzimage_bare(struct wr *w) { put_setup(w, 0x20a, 0, NULL); }

static void
bzimage_stub(struct wr *w)
{
	wr_str(w, "MZ");
	pad(w, 0x40);
	put_pe_head(w, 0x40, 0x8664, 10, 0, true, 0);
	put_setup(w, 0x20f, 0x2b, "6.1.0-56-cloud-amd64 (a@b) #1 SMP");
}

static void memdisk(struct wr *w) { put_setup(w, 0x203, 0, "MEMDISK 6.04 x"); }
/* ---- pieces of BIOS loaders ---- */
static void
grub_boot(struct wr *w)
{
	wr_bytes(w, "\xeb\x63\x90", 3);
	wr_zero(w, 400 - w->len);
	wr_bytes(w, "GRUB \0Geom\0Hard Disk\0Read\0 Error", 33);
	wr_zero(w, 510 - w->len);
	wr_u16(w, 0x55aa);
}

static void
isolinux(struct wr *w)
{
	wr_bytes(w, "\xfa\xea\x6c\x7c\0\0", 6);
	wr_zero(w, 1000);
	wr_cstr(w, "ISOLINUX 6.04 20200816 ");
	wr_cstr(w, "isolinux: ");
}

static void memtest(struct wr *w) { put_setup(w, 0x20c, 1, "Memtest86+ v6"); }

static void
wimboot(struct wr *w)
{
	wr_str(w, "MZ");
	pad(w, 0x40);
	put_pe_head(w, 0x40, 0x8664, 10, 0x10d1a884, false, 0);
	put_setup(w, 0x203, 0, "v2.7.6");
	wr_str(w, "RSDS");
	wr_zero(w, 20);
	wr_cstr(w, "wimboot.efi");
}

static void
lkrn(struct wr *w)
{
	put_setup(w, 0x207, 0, "2.0.1+ (gabcd)");
	put_ipxe(w, "ipxe.lkrn", script, true);
}

static void
lkrn_head(struct wr *w)
{
	put_setup(w, 0x207, 0, "2.0.1+ (gabcd)");
}

/* A kernel of that protocol; it has code where iPXE has none. */
static void
lkrn_not(struct wr *w)
{
	wr_str(w, "\xea\x05");
	put_setup(w, 0x207, 0, "2.6.22 (x)");
}

static void
arm64_image(struct wr *w)
{
	pad(w, 128);
	put_image_magic(w, 56, "ARM\x64");
	wr_cstr(w, "Linux version %s");
	wr_cstr(w, "Linux version 6.1.0-arm64 (x@y)");
}

static void
arm64_stub(struct wr *w)
{
	put_pe(w, 0xaa64, 10, 0, false, NULL, 0);
	put_image_magic(w, 56, "ARM\x64");
}

static void
riscv_image(struct wr *w)
{
	put_pe(w, 0x5064, 10, 0, false, NULL, 0);
	put_image_magic(w, 56, "RSC\x05");
}

static void
arm_zimage(struct wr *w)
{
	pad(w, 64);
	put_image_magic(w, 36, "\x18\x28\x6f\x01");
}

static void
zboot(struct wr *w)
{
	put_pe(w, 0xaa64, 10, 0, true, NULL, 0);
	put_image_magic(w, 4, "zimg");
	put_image_magic(w, 56, "\xcd\x23\x82\x81");
}

static void lzma_arm64(struct wr *w) { put_xz(w, arm64_image, true); }

static void
put_elf(struct wr *w, uint8_t class, uint8_t order, uint16_t type,
    uint16_t machine, const char *text)
{
	wr_str(w, "\177ELF");
	wr_u8(w, class);
	wr_u8(w, order);
	pad(w, 16);
	if (order == 2) {
		wr_u16(w, type);
		wr_u16(w, machine);
	} else {
		le16(w, type);
		le16(w, machine);
	}
	pad(w, 64);
	wr_cstr(w, text);
}

#define BANNER "Linux version 5.10.0 (x@y)"
static void vmlinux(struct wr *w) { put_elf(w, 2, 1, 2, 62, BANNER); }
static void ko(struct wr *w) { put_elf(w, 2, 1, 1, 62, BANNER); }
static void elf_s390(struct wr *w) { put_elf(w, 2, 2, 2, 22, "x"); }
static void elf_riscv32(struct wr *w) { put_elf(w, 1, 1, 2, 243, "x"); }
static void elf_not(struct wr *w) { put_elf(w, 3, 1, 2, 62, BANNER); }

/* ---- UEFI programs ---- */
static void
efi_with(struct wr *w, uint16_t machine, const struct section *s, size_t n)
{
	put_pe(w, machine, 10, 0, false, s, n);
}

static void
efi_other(struct wr *w)
{
	static const struct section s[] = { { ".text", "x", 0 } };

	efi_with(w, 0xaa64, s, 1);
}

static void
efi_named(struct wr *w)
{
	static const struct section s[] = {
		{ ".sbat", "sbat,1,SBAT,sbat,1,x\nfwupd-efi,1,F,fwupd,1.4,y\n",
		    0 },
	};

	efi_with(w, 0x8664, s, 1);
}

static void
efi_systemd(struct wr *w)
{
	static const struct section s[] = {
		{ ".sdmagic", "#### LoaderInfo: systemd-boot 252.39 ####", 0 },
		{ ".data", "\\EFI\\BOOT", 0 },
	};

	efi_with(w, 0x8664, s, 2);
}

static void
efi_ipxe(struct wr *w)
{
	uint8_t data[8192];
	struct section s[] = {
		{ ".data", (char *)data, 0 },
		{ ".debug", "RSDS\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		    "snponly.efi", 36 },
	};

	s[0].len = payload(data, sizeof(data), "iPXE", NULL, script);
	put_pe(w, 0x8664, 10, 0x10d1a884, false, s, 2);
}

static void
efi_ipxe_head(struct wr *w)
{
	put_pe(w, 0x8664, 10, 0x10d1a884, false, NULL, 0);
}

static void
efi_gpxe(struct wr *w)
{
	/* 0.9.9, and nothing that says more than the table. */
	static const char data[] = "\033[1mgPXE %s\033[0m -- Open\0"
	    "\xeb\3\0\x9\x9" "\x13\1\1\x17\1\1\0";
	static const struct section s[] = {
		{ ".data", data, sizeof(data) },
	};

	put_pe(w, 0x14c, 10, 0x10d1a884, false, s, 1);
}

/* The converter is wimboot's as well. */
static void
efi_wimboot(struct wr *w)
{
	static const struct section s[] = {
		{ ".sbat", "sbat,1,S,sbat,1,x\nwimboot,1,wimboot,wimboot,"
		    "v2.8.0,y\n", 0 },
	};

	put_pe(w, 0xaa64, 10, 0x10d1a884, false, s, 1);
}

static void
efi_shim(struct wr *w)
{
	static const struct section s[] = {
		{ ".data", "UEFI SHIM\n$Version: 15.8 $\n", 0 },
		{ ".sbat", "sbat,1,S,sbat,1,x\nshim,4,UEFI shim,shim,1,y\n",
		    0 },
	};

	put_pe(w, 0x8664, 10, 0, true, s, 2);
}

static void
efi_fallback(struct wr *w)
{
	static const struct section s[] = {
		{ ".data", "$Version: 15.8 $\n", 0 },
		{ ".sbat", "sbat,1,S,sbat,1,x\nshim,4,UEFI shim,shim,1,y\n",
		    0 },
	};

	put_pe(w, 0x8664, 10, 0, true, s, 2);
}

static void
efi_grub(struct wr *w)
{
	static const struct section s[] = {
		{ "mods", "mimg", 0 },
		{ ".sbat", "sbat,1,S,sbat,1,x\ngrub,3,FSF,grub,2.06,y\n"
		    "grub.debian,4,Debian,grub2,2.06-13,z\n", 0 },
	};

	efi_with(w, 0x8664, s, 2);
}

static void
efi_grub_old(struct wr *w)
{
	static const struct section s[] = { { "mods", "mimg", 0 } };

	put_pe(w, 0x14c, 10, 0x54a48e00, false, s, 1);
}

static void
efi_syslinux(struct wr *w)
{
	static const struct section s[] = {
		{ ".text", "ldlinux.e64\0User-Agent: Syslinux/6.04\r\n", 40 },
	};

	efi_with(w, 0x8664, s, 1);
}

static size_t
version_resource(uint8_t *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap);

	utf16(&w, "VS_VERSION_INFO");
	le32(&w, 0xfeef04bd);
	le32(&w, 0x10000);
	le32(&w, 10u << 16);
	le32(&w, 19041u << 16 | 4);
	utf16(&w, "CompanyName\1Microsoft Corporation\1bootmgr.exe");
	return w.len;
}

static void
put_windows(struct wr *w, uint16_t subsystem)
{
	uint8_t rsrc[256];
	struct section s[] = { { ".rsrc", (char *)rsrc, 0 } };

	s[0].len = version_resource(rsrc, sizeof(rsrc));
	put_pe(w, 0x8664, subsystem, 0, true, s, 1);
}

static void bootmgfw(struct wr *w) { put_windows(w, 10); }
static void bootmgr_exe(struct wr *w) { put_windows(w, 1); }

/* A boot manager that only offers to start Windows. */
static void
refind(struct wr *w)
{
	uint8_t data[256];
	struct section s[] = { { ".data", (char *)data, 0 } };

	s[0].len = version_resource(data, sizeof(data));
	efi_with(w, 0x8664, s, 1);
}

static void
unified_kernel(struct wr *w)
{
	static const struct section s[] = {
		{ ".sdmagic", "#### LoaderInfo: systemd-stub 252 ####", 0 },
		{ ".uname", "6.1.0-uki", 0 },
		{ ".linux", "MZ", 0 },
	};

	efi_with(w, 0x8664, s, 3);
}

static void
windows_exe(struct wr *w)
{
	static const struct section s[] = { { ".text", "x", 0 } };

	put_pe(w, 0x14c, 3, 0, false, s, 1);
}

/* ---- BIOS programs ---- */
static void
kpxe(struct wr *w)
{
	wr_bytes(w, "\xea\x05\0\xc0\x07", 5);
	wr_str(w, "PXE->EB: !PXE at ");
	pad(w, 300);
	put_ipxe(w, "undionly.kpxe", script, true);
}

static void
kpxe_new(struct wr *w)
{
	wr_bytes(w, "\xea\x08\0\xc0\x07\x64\xae\x18", 8);
	put_ipxe(w, NULL, NULL, true);
}

static void
kpxe_bare(struct wr *w)
{
	wr_bytes(w, "\xea\x05\0\xc0\x07", 5);
	wr_str(w, "PXE->EB: !PXE at ");
	put_ipxe(w, "undionly.kpxe", script, false);
}

static void
kpxe_damaged(struct wr *w)
{
	kpxe(w);
	w->buf[w->len - 20] ^= 4;
}

static void
gpxe_old(struct wr *w)
{
	wr_bytes(w, "\xea\x05\0\xc0\x07", 5);
	wr_str(w, "PXE->EB: gPXE");
	wr_zero(w, 100);
}

static void
put_pxelinux(struct wr *w, const char *text)
{
	wr_bytes(w, "\xea\x24\x7c\0\0\x90\x90\x90\xac\xc8\x83\x29", 12);
	pad(w, 0xd70);
	wr_cstr(w, text);
}

static void
pxelinux(struct wr *w)
{
	put_pxelinux(w, "\r\nPXELINUX 6.04 PXE 20200816 ");
}

static void lpxelinux(struct wr *w) { put_pxelinux(w, "PXELINUX 5.1 lwIP "); }

static void
grub_pxe(struct wr *w)
{
	wr_bytes(w, "\xb2\x7f\xea\0\x82\0\0", 7);
	wr_zero(w, 2000);
}

static void
grldr(struct wr *w)
{
	wr_bytes(w, "\xeb\x10", 2);
	wr_zero(w, 30);
	wr_str(w, "GRUB4DOS 0.4.6a PXENV+ NTLDR BOOTMGR");
	wr_u8(w, 0);
}

static void
wdsnbp(struct wr *w)
{
	wr_bytes(w, "\x33\xc0\x8e\xd8", 4);
	wr_str(w, "PXENV+ WDSNBP started\r\n bootmgr.exe");
	wr_u8(w, 0);
}

static void
nbp(struct wr *w)
{
	wr_bytes(w, "\xeb\x10", 2);
	wr_zero(w, 30);
	wr_bytes(w, "\xcd\x10", 2);
	wr_zero(w, 30);
}

static void
nbp_far(struct wr *w)
{
	wr_bytes(w, "\xea\x20\0\xc0\x07", 5);
	wr_zero(w, 30);
	wr_str(w, "!PXE");
}

static void
nbp_astray(struct wr *w)
{
	wr_bytes(w, "\xea\x20\0\xc0\x17", 5);
	wr_zero(w, 30);
	wr_str(w, "!PXE");
}

static void
nbp_silent(struct wr *w)
{
	wr_bytes(w, "\xeb\x10", 2);
	wr_zero(w, 300);
}

static void
noise(struct wr *w)
{
	uint32_t seed = 7;

	for (int i = 0; i < 5000; i++) {
		seed = seed * 1103515245 + 12345;
		wr_u8(w, seed >> 16 & 0xff);
	}
}

static void
high_bytes(struct wr *w)
{
	for (int i = 0; i < 4000; i++)
		wr_u8(w, i % 4 ? 'a' : 0x80 + i % 128);
}

static void zeros(struct wr *w) { wr_zero(w, 4096); }

/* ---- media ---- */
static void
put_rom(struct wr *w, uint8_t code, uint16_t machine, bool is_last,
    size_t units)
{
	size_t start = w->len;

	wr_u16(w, 0x55aa);
	pad(w, start + 0x0a);
	le16(w, machine);
	pad(w, start + 0x18);
	le16(w, 0x1c);
	le16(w, 0);
	wr_str(w, "PCIR");
	pad(w, start + 0x1c + 0x10);
	le16(w, (uint32_t)units);
	le16(w, 0);
	wr_u8(w, code);
	wr_u8(w, is_last ? 0x80 : 0);
	pad(w, start + units * 512);
}

static void
rom_ipxe(struct wr *w)
{
	put_rom(w, 0, 0, true, 1);
	put_ipxe(w, "8086100e.rom", NULL, true);
}

static void rom_efi(struct wr *w) { put_rom(w, 3, 0x8664, true, 2); }

static void
rom_mixed(struct wr *w)
{
	put_rom(w, 0, 0, false, 2);
	put_rom(w, 3, 0x8664, true, 2);
	/* past the last image */
	put_rom(w, 3, 0xaa64, true, 2);
}

static void
rom_last(struct wr *w)
{
	put_rom(w, 0, 0, true, 2);
	put_rom(w, 3, 0xaa64, true, 2);
}

static void
iso(struct wr *w)
{
	pad(w, 0x8000);
	wr_u8(w, 1);
	wr_str(w, "CD001");
	pad(w, 0x8028);
	wr_str(w, "Debian 12                        no");
	pad(w, 0x8800);
}

static void
iso_ipxe(struct wr *w)
{
	uint8_t buf[16384];
	struct wr file = wr_init(buf, sizeof(buf));

	iso(w);
	lkrn(&file);
	wr_bytes(w, buf, file.len);
}

static void
put_boot_sector(struct wr *w, const void *table, size_t len)
{
	pad(w, 446);
	wr_bytes(w, table, len);
	pad(w, 510);
	wr_u16(w, 0x55aa);
	wr_zero(w, 512);
}

static void
fat(struct wr *w)
{
	wr_bytes(w, "\xeb\x3c\x90mkfs.fat\0\2\4", 14);
	put_boot_sector(w, "", 0);
}

static void
mbr(struct wr *w)
{
	put_boot_sector(w, "\x80\1\1\0\x0c\xfe\xff\xff\0\x08\0\0\0\0\x10\0",
	    16);
}

/* Code where the table would be. */
static void
mbr_not(struct wr *w)
{
	put_boot_sector(w, "\x81\1\1\0\x0c\xfe\xff\xff\0\x08\0\0\0\0\x10\0",
	    16);
}

static void
dsk_ipxe(struct wr *w)
{
	wr_bytes(w, "\xfa\xfc", 2);
	put_boot_sector(w, "", 0);
	put_ipxe(w, "ipxe.dsk", script, true);
}

static void
nbi_ipxe(struct wr *w)
{
	wr_bytes(w, "\x36\x13\x03\x1b", 4);
	pad(w, 512);
	put_ipxe(w, "ipxe.nbi", NULL, true);
}

#endif
