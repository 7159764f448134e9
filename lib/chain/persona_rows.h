/*
 * persona_rows.h - the table behind persona.c, ending with NULL, and the rows
 * that it is made of: one file of rows for each kind.
 */
#ifndef PXE_CHAIN_PERSONA_ROWS_H
#define PXE_CHAIN_PERSONA_ROWS_H

#include "chain/persona.h"

#define PRL(codes) .prl = (codes), .prl_len = sizeof(codes)

extern const struct persona *const persona_table[];

/* persona_rows_rom.c */
extern const struct persona persona_intel_bios;
extern const struct persona persona_broadcom_bios;
extern const struct persona persona_realtek_bios;
extern const struct persona persona_rpi3;
extern const struct persona persona_rpi4;

/* persona_rows_uefi.c */
extern const struct persona persona_uefi_x64;
extern const struct persona persona_uefi_ia32;
extern const struct persona persona_uefi_arm64;
extern const struct persona persona_uefi_riscv64;
extern const struct persona persona_uefi_http_x64;
extern const struct persona persona_uefi_http_arm64;

/* persona_rows_ipxe.c */
extern const struct persona persona_ipxe_bios;
extern const struct persona persona_ipxe_efi_x64;
extern const struct persona persona_ipxe_efi_ia32;
extern const struct persona persona_ipxe_efi_arm64;
extern const struct persona persona_ipxe_efi_riscv64;
extern const struct persona persona_ipxe_snponly_x64;
extern const struct persona persona_ipxe2_bios;
extern const struct persona persona_ipxe2_efi_x64;
extern const struct persona persona_ipxe2_efi_ia32;
extern const struct persona persona_ipxe2_efi_arm64;
extern const struct persona persona_ipxe2_efi_riscv64;
extern const struct persona persona_ipxe2_snponly_x64;
extern const struct persona persona_ipxe2_snponly_arm64;
extern const struct persona persona_ipxe2_bare;
extern const struct persona persona_ipxe_old_x64;
extern const struct persona persona_gpxe;

/* persona_rows_loader.c */
extern const struct persona persona_uboot_arm64;
extern const struct persona persona_uboot_arm64_efi;
extern const struct persona persona_pxelinux;
extern const struct persona persona_lpxelinux;
extern const struct persona persona_grub_pc;
extern const struct persona persona_grub_efi;

/* persona_rows_os.c */
extern const struct persona persona_udhcpc;
extern const struct persona persona_systemd_networkd;
extern const struct persona persona_kernel_ip_dhcp;
extern const struct persona persona_dhclient;
extern const struct persona persona_windows_pe;

#endif
