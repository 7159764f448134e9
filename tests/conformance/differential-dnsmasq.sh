#!/bin/bash
# differential-dnsmasq.sh - predict gives the answers that a live dnsmasq gives
#
# SEED and COUNT choose the generated configurations; those of a corpus are
# tried too where PXETOOL_CORPUS names one.
# timeout: 3600
. "${0%/*}/lib.sh"
. "${0%/*}/differential.sh"
need_pxetool
need_all dnsmasq python3
enter_lab
differ dnsmasq
done_testing
