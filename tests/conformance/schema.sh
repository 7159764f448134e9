#!/bin/bash
# schema.sh - what --format=json prints is what the published schemas say.
# timeout: 600
. "${0%/*}/lib.sh"
. "${0%/*}/client.sh"
need_pxetool
need_all python3
find_jsonschema || skip_all "not installed: python3-jsonschema"
enter_lab kernel

invalid() {
	! valid "$@"
}

covered=
# prints SCHEMA NAME STATUS COMMAND...: and the schema holds
prints() {
	local file=$LOGDIR/${2// /-}.json

	covered="$covered $1 "
	"${@:4}" >"$file" 2>"$LOGDIR/stderr"
	check "$2: status $3" equal $? "$3" || note "$LOGDIR/stderr"
	check "$2: as the schema says" valid "$1" "$file"
}

pxe_cli() {
	in_ns cli timeout 100 "$PXETOOL" "$@"
}

pxe_client() { # SECONDS [OPTIONS...]
	pxe_cli client -i eth0 --persona intel-bios --mac "$MAC" \
	    --format=json --timeout "$@"
}

prints explain "explain" 0 "$PXETOOL" explain --format=json
prints explain "explain chainload-loop" 0 \
    "$PXETOOL" explain --format=json chainload-loop
check "and the fault is that one" json "$LOGDIR/explain-chainload-loop.json" \
    '.faults | length == 1 and .[0].id == "chainload-loop"'

printf '#!ipxe\ndhcp\n' >/run/lab/s.ipxe
printf 'variants:\n  a: { target: bin-x86_64-efi/a.efi, script: s.ipxe }\n' \
    >/run/lab/firmware.yaml
prints build "build" 0 "$PXETOOL" build -f /run/lab/firmware.yaml \
    -s "$HERE/build-tree" -d /run/lab/firmware --cache /run/lab/cache \
    --format=json
prints lint "lint" 1 \
    "$PXETOOL" lint --format=json "$SERVERS/isc-loop.conf"
printf '#!ipxe\nmenu A\nitem b\nchoose x && goto ${x}\n:b\nchainn a\n' \
    >"$LOGDIR/menu.ipxe"
prints script-check "script check" 1 \
    "$PXETOOL" script check --urls --format=json "$LOGDIR/menu.ipxe"
python3 "$HERE/diagnose_crowd.py" 8 /run/lab/crowd.pcap >/dev/null
prints diagnose "diagnose" 1 \
    "$PXETOOL" diagnose --format=json /run/lab/crowd.pcap
prints predict "predict" 0 \
    "$PXETOOL" predict --format=json "$SERVERS/isc-loop.conf"

printf '#!ipxe\nkernel vmlinuz quiet\ninitrd rd\nparams\nparam a b\n%s\n' \
    'imgfetch page##params ||' 'boot' >/run/lab/boot.ipxe
prints script-run "script run" 0 "$PXETOOL" script run --format=json -n \
    --uri http://h/boot.ipxe /run/lab/boot.ipxe
for file in /usr/lib/ipxe/ipxe.iso /usr/lib/shim/shimx64.efi.signed; do
	[ -f "$file" ] || continue
	prints inspect "inspect ${file##*/}" 0 \
	    "$PXETOOL" inspect --format=json "$file"
done
printf '#!ipxe\necho \377\n' >"$LOGDIR/latin.ipxe"
prints inspect "inspect a script" 0 \
    "$PXETOOL" inspect --format=json "$LOGDIR/latin.ipxe" "$0"
prints script-run "script run, with an error" 1 "$PXETOOL" script run \
    --format=json --root /run/lab /run/lab/boot.ipxe

if need dnsmasq nginx tcpdump && netboot_tree; then
	start_nginx "$NETBOOT" 80
	nginx=$PID
	start_tcpdump "$LOGDIR/srv.pcap"
	dump=$PID
	start_dnsmasq "$SERVERS/dnsmasq.conf"
	dhcp=$PID
	if put_kernel; then
		prints client "client" 0 pxe_client 60
	else
		skip "client: as the schema says" "$WHY"
	fi
	prints client "client that expects" 1 pxe_client 60 --fast \
	    --until=script -e end=script -e kernel=*
	prints scan "scan" 1 pxe_cli scan -i eth0 -w 2 --format=json
	prints client "client matrix" 1 pxe_client 60 --fast --matrix \
	    --until=script -e 'time<=50'
	printf '#!ipxe\nnosuch\n' >"$NETBOOT/boot.ipxe"
	prints client "client with a bad script" 1 pxe_client 60
	rm "$NETBOOT/undionly.kpxe"
	prints client "client without its file" 1 pxe_client 60
	cp $IPXE/undionly.kpxe "$NETBOOT"
	stop "$dhcp"
	start_dnsmasq "$SERVERS/dnsmasq-loop.conf"
	dhcp=$PID
	prints client "client in a loop" 1 pxe_client 60
	prints get "get" 0 pxe_cli get --format=json \
	    -o /run/lab/got tftp://10.77.0.1/ipxe.efi
	stop "$dhcp"
	prints client "client without a server" 1 pxe_client 3
	stop "$dump"
	stop "$nginx"
	prints decode "decode" 0 \
	    "$PXETOOL" decode --format=json "$LOGDIR/srv.pcap"
	start_dnsmasq "$SERVERS/dnsmasq.conf"
	dhcp=$PID
	prints replay "replay" 1 pxe_cli replay -i eth0 -w 1 --format=json --no-files \
	    "$LOGDIR/srv.pcap"
	stop "$dhcp"
	check "decode: DHCP, TFTP and HTTP are there" json "$LOGDIR/decode.json" \
	    -s '[.[].proto] | contains(["dhcp4"]) and contains(["tftp"]) and
	    contains(["http"])'
else
	skip "client and decode: as the schema says" "not installed: $MISSING"
fi

if netboot_tree; then
	covered="$covered serve capture "
	start srv capture-srv "$PXETOOL" capture -i eth0 --format=json
	watcher=$PID
	until_true 10 grep -q 'listening on' "$LOGDIR/capture-srv.log"
	start_pxetool_serve --format=json --tftp-root "$NETBOOT" \
	    --dhcp-range 10.77.0.100,10.77.0.150 \
	    --script "$NETBOOT/boot.ipxe" && pxe_client 60 >"$LOGDIR/serve-client.json"
	stop "$PID"
	stop "$watcher"
	grep -a '^{' "$LOGDIR/capture-srv.log" >"$LOGDIR/capture.json"
	check "capture: as the schema says" valid capture "$LOGDIR/capture.json"
	check "capture: steps, a verdict and an end are there" json \
	    "$LOGDIR/capture.json" -s '[.[].event] | unique ==
	    ["end", "packet", "verdict"]'
	grep -a '^{' "$LOGDIR/serve-srv.log" >"$LOGDIR/serve.json"
	check "serve: as the schema says" valid serve "$LOGDIR/serve.json"
else
	skip "serve and capture: as the schema says" "not installed: ipxe"
fi

# A schema that holds for everything says nothing, and one that nothing was
# held against is not tested.
echo '{"schema": 1}' >/run/lab/poor.json
for schema in "$TOP"/man/schema/*.schema.json; do
	name=$(basename "$schema" .schema.json)
	check "the schema of $name refuses what is not it" \
	    invalid "$name" /run/lab/poor.json
	case $covered in
	*" $name "*) ;;
	*) not_ok "the schema of $name is tested here" ;;
	esac
done
done_testing
