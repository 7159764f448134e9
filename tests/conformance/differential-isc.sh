#!/bin/bash
# differential-isc.sh - predict gives the answers that a live dhcpd gives
#
# SEED (a number, or random) and COUNT choose the generated configurations;
# those of a corpus are tried too where PXETOOL_CORPUS names one.
# timeout: 3600
. "${0%/*}/lib.sh"
. "${0%/*}/differential.sh"
need_pxetool
need_all dhcpd python3 jq
enter_lab
DHCPD=$(unconfined dhcpd)
export DHCPD
differ isc
done_testing
