#!/bin/bash
# script-real.sh - `script run` does what real iPXE does: hundreds of small
# scripts, run by both against the same server.
# timeout: 1200
. "${0%/*}/lib.sh"
need_pxetool
need_all python3 qemu-system-x86_64 flock
[ -f /usr/lib/ipxe/ipxe.lkrn ] || skip_all "not installed: ipxe"
enter_lab
# One machine at a time boots, whichever script it belongs to.
exec 8>"$CACHE/qemu.lock"
flock 8
python3 "$HERE/script_real.py" "$PXETOOL" "$LOGDIR"
