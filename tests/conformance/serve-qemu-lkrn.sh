#!/bin/bash
# serve-qemu-lkrn.sh - real firmware boots from our own server:
# iPXE started as a kernel, as from a disk or a boot loader.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_qemu lkrn
enter_lab

netboot_tree
serve_boots "ipxe.lkrn" lkrn pcbios 180
done_testing
