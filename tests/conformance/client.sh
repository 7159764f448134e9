# client.sh - what the scripts client-*.sh share: the emulated client boots to
# the end from a real server, or finds that it cannot.
#
# What it reports is compared with the files themselves and with the log of the
# web server, not only with what it says elsewhere.
# shellcheck shell=bash disable=SC2034

MAC=52:54:00:77:00:11

# client PERSONA RUN: boot once; the result is in $RESULT, its status in $STATUS
client() {
	RESULT=$LOGDIR/$2.json
	in_ns cli timeout 100 "$PXETOOL" client -i eth0 --persona "$1" --mac "$MAC" \
	    --format=json --timeout 60 >"$RESULT" 2>"$LOGDIR/$2.err"
	STATUS=$?
}

# boots PERSONA ARCH FILE: it ends in a kernel, by way of FILE and the script
boots() {
	local persona=$1 run=$SELF-$1

	[ -z "$NGINX_LOG" ] || : >"$NGINX_LOG"
	client "$persona" "$run"
	check "$persona: ends with status 0" equal "$STATUS" 0 ||
	    note "$LOGDIR/$run.err"
	check "$persona: is healthy" json "$RESULT" \
	    '.command == "client" and .verdict == "healthy" and
	    .persona == $p and .mac == $m and (has("fault") | not)' \
	    --arg p "$persona" --arg m "$MAC"
	check "$persona: goes from firmware to iPXE to the system" \
	    json "$RESULT" '[.stages[].stage] == ["firmware", "ipxe", "os"]'
	check "$persona: the firmware is told of $3" json "$RESULT" \
	    '.stages[0] | .arch == $a and (.file | endswith($f)) and
	    (.address | test("^10\\.77\\.0\\.1[0-9][0-9]$"))' \
	    --argjson a "$2" --arg f "$3"
	loaded "$persona" tftp "$3"
	if [ -n "$KERNEL_WHY" ]; then
		skip "$persona: starts the kernel" "$KERNEL_WHY"
		return
	fi
	check "$persona: starts the kernel" json "$RESULT" \
	    '.end | (.kind == "os" or .kind == "kernel") and
	    (.cmdline | contains("initrd=initrd.img console=ttyS0 panic=5"))'
	loaded "$persona" http boot.ipxe
	loaded "$persona" http vmlinuz
	loaded "$persona" http initrd.img
}

# loaded PERSONA PROTO FILE: all of it, and over HTTP the server agrees
loaded() {
	local file=$NETBOOT/$3

	check "$1: loads $3, whole, by $2" json "$RESULT" \
	    'any(.loads[]; (.uri | endswith("/" + $f)) and .proto == $p and
	    .bytes == $n and .sha256 == $h)' \
	    --arg f "$3" --arg p "$2" --arg h "$(sha256 "$file")" \
	    --argjson n "$(wc -c <"$file")"
	if [ "$2" = http ] && [ -n "$NGINX_LOG" ]; then
		check "$1: the web server sent $3" \
		    grep "\"GET /$3 HTTP/1.[01]\" 20[06]" \
		    "$NGINX_LOG"
	fi
}

# loops PERSONA FILE [FAULT]: FILE is iPXE, which is sent to load FILE
loops() {
	local persona=$1 run=$SELF-loop-$1 fault=${3:-chainload-loop}

	client "$persona" "$run"
	check "$persona: a loop ends with status 1" equal "$STATUS" 1 ||
	    note "$LOGDIR/$run.err"
	check "$persona: and is called $fault" json "$RESULT" \
	    '.verdict == $f and .fault.id == .verdict and
	    (.fault.message | length > 0) and (.fault.fix | length > 0)' \
	    --arg f "$fault"
	check "$persona: it was iPXE that asked in vain" json "$RESULT" \
	    '.stages | length >= 2 and .[0].stage == "firmware" and
	    .[1].stage == "ipxe" and (.[1].file | endswith($f))' \
	    --arg f "$2"
}

# client_tree: the files that are served; KERNEL_WHY says why there is no kernel
client_tree() {
	netboot_tree || skip_all "not installed: ipxe"
	KERNEL_WHY=
	put_kernel || KERNEL_WHY=$WHY
}

# must COMMAND...: a server without which there is nothing to test
must() {
	"$@" && return
	echo "# cannot start: $*"
	for log in "$LOGDIR"/*.log; do
		note "$log"
	done
	exit 2
}

# find_jsonschema: a Python that has it, as $PYTHON
find_jsonschema() {
	for PYTHON in python3 /usr/bin/python3; do
		"$PYTHON" -c 'import jsonschema' 2>/dev/null && return
	done
	return 1
}

# valid SCHEMA FILE: the file is one object, or one a line
valid() {
	"$PYTHON" - "$TOP/man/schema/$1.schema.json" "$2" <<-'EOF'
	import json, sys
	from jsonschema import Draft202012Validator as Validator

	schema = json.load(open(sys.argv[1]))
	Validator.check_schema(schema)
	text = open(sys.argv[2]).read()
	try:
	    objects = [json.loads(text)]
	except ValueError:
	    objects = [json.loads(line) for line in text.splitlines()]
	if not objects:
	    sys.exit("no object in " + sys.argv[2])
	bad = 0
	for n, o in enumerate(objects, 1):
	    for e in Validator(schema).iter_errors(o):
	        print("object %d: %s: %s" % (n, e.json_path, e.message))
	        bad = 1
	sys.exit(bad)
	EOF
}
