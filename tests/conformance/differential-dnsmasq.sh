#!/bin/bash
# differential-dnsmasq.sh - predict gives the answers that a live dnsmasq gives
#
# SEED (a number, or random) and COUNT choose the generated configurations;
# those of a corpus are tried too where PXETOOL_CORPUS names one.
# timeout: 3600
. "${0%/*}/lib.sh"
. "${0%/*}/differential.sh"
need_pxetool
need_all dnsmasq python3 jq
enter_lab
differ dnsmasq
check "dnsmasq: predict reads the files that the server reads" \
    python3 -B "$HERE/differential/files_dnsmasq.py" --pxetool "$PXETOOL" \
    --log "$LOGDIR/files"
done_testing
