#!/bin/bash
# differential-kea.sh - predict gives the answers that a live kea-dhcp4 gives
#
# SEED and COUNT choose the generated configurations; those of a corpus are
# tried too where PXETOOL_CORPUS names one.
# timeout: 3600
. "${0%/*}/lib.sh"
. "${0%/*}/differential.sh"
need_pxetool
need_all kea-dhcp4 python3
enter_lab
KEA=$(unconfined kea-dhcp4)
export KEA
differ kea
done_testing
