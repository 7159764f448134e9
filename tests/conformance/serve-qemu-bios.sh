#!/bin/bash
# serve-qemu-bios.sh - real firmware boots from our own server:
# SeaBIOS and the iPXE of a network card.
# timeout: 1200
. "${0%/*}/lib.sh"
. "${0%/*}/qemu.sh"
need_pxetool
need_qemu bios
enter_lab

netboot_tree
serve_boots "SeaBIOS with iPXE's ROM" bios pcbios 180
done_testing
