#!/bin/bash
# differential-kea6.sh - predict gives the boot options that a live kea-dhcp6
# gives; SEED and COUNT choose the configurations.
# timeout: 3600
. "${0%/*}/lib.sh"
. "${0%/*}/differential.sh"
need_pxetool
need_all kea-dhcp6 python3
enter_lab
KEA6=$(unconfined kea-dhcp6)
export KEA6 SHIM
for ns in srv cli; do
	in_ns "$ns" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
done
in_ns srv ip -6 addr add fe80::1/64 dev eth0 nodad
in_ns cli ip -6 addr add fe80::99/64 dev eth0 nodad
mkdir -p "$LOGDIR/kea6"
if in_ns cli python3 -B "$HERE/differential/kea6.py" --pxetool "$PXETOOL" \
    --log "$LOGDIR/kea6" --seed "${SEED:-1}" --count "${COUNT:-10}" \
    >"$LOGDIR/kea6.log" 2>&1; then
	ok "kea6: predict and the server agree, generated"
else
	not_ok "kea6: predict and the server agree, generated" \
	    "$LOGDIR/kea6.log"
fi
tail -n 1 "$LOGDIR/kea6.log"
if [ -s "$LOGDIR/kea6/count.json" ]; then
	while IFS=$'\t' read -r name value; do
		figure "kea6, generated: $name" "$value"
	done < <(jq -r '["configurations", .configs],
	    ["kinds of clients", .kinds], ["requests sent to both", .pairs],
	    ["requests answered alike", .agreed] | @tsv' \
	    "$LOGDIR/kea6/count.json")
fi
done_testing
