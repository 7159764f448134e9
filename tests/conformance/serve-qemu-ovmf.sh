#!/bin/bash
# serve-qemu-ovmf.sh - real firmware boots from our own server:
# UEFI firmware: OVMF, then the iPXE that serve hands it.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_qemu ovmf
enter_lab

netboot_tree
serve_boots "OVMF" ovmf efi 300
done_testing
