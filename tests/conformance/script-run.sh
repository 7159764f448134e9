#!/bin/bash
# script-run.sh - the command: its options, its answers and exit statuses, and
# the scripts of known systems run to their end against a stand-in server.
. "${0%/*}/lib.sh"
need_pxetool
need_all python3
enter_lab

dir=/run/lab/tree
out=$LOGDIR/out.json
mkdir -p "$dir/sub"

# write NAME: a script from stdin
write() {
	{
		echo '#!ipxe'
		cat
	} >"$dir/$1"
}

# runs STATUS ARGUMENTS...: JSON in $out
runs() {
	local want=$1 status

	shift
	in_ns cli timeout 30 "$PXETOOL" script run --format=json "$@" \
	    >"$out" 2>"$LOGDIR/stderr"
	status=$?
	[ "$status" = "$want" ] && return 0
	echo "status $status, not $want"
	cat "$LOGDIR/stderr" "$out"
	return 1
}

# says FILTER: jq says true of what the last run printed
says() {
	json "$out" "$1"
}

runs_and() { # STATUS FILTER ARGUMENTS...
	runs "$1" "${@:3}" && says "$2"
}

# refuses WORDS ARGUMENTS...: the work cannot be done, and stderr has the words
refuses() {
	runs 2 "${@:2}" && [ ! -s "$out" ] && grep -q "$1" "$LOGDIR/stderr"
}

write menu.ipxe <<-'EOS'
menu T
item a A
item --default b B
choose --timeout 30000 x || goto esc
prompt --key s --timeout 60000 Press s && echo pressed ||
echo x=${x}
exit
:esc
echo escaped
EOS
check "a menu's timeout takes the default, and no time" \
    runs_and 0 '.console == ["x=b"] and (.elapsed_s | floor) == 90' "$dir/menu.ipxe"
check "--choose and --key answer" \
    runs_and 0 '.console == ["pressed", "x=a"] and (.elapsed_s | floor) == 0' \
    --choose a --key s "$dir/menu.ipxe"
check "--key of another key is not it" runs_and 0 '.console == ["x=a"]' \
    --choose a --key t "$dir/menu.ipxe"
check "--key none lets it time out" \
    runs_and 0 '.console == ["x=a"] and (.elapsed_s | floor) == 60' \
    --choose a --key none --key s "$dir/menu.ipxe"
check "an empty --choose is Esc" runs_and 0 '.console == ["escaped"]' \
    --choose '' "$dir/menu.ipxe"
check "an item that the menu has not" refuses "no item 'c'; it has a, b" \
    --choose c "$dir/menu.ipxe"

write fields.ipxe <<-'EOS'
login
echo ${username}:${password}
read name
echo ${name}
form F
item host Host
item --secret pin PIN
present && echo ${host} ${pin}
EOS
check "--answer types into fields" runs_and 0 \
    '.console == ["u:p", "n", "n", "h 1"]' --answer u --answer p --answer n \
    --answer h --answer 1 "$dir/fields.ipxe"
check "a field that nobody fills" runs_and 1 '.end == "limit"' \
    --answer u "$dir/fields.ipxe"

write machine.ipxe <<-'EOS'
echo ${platform} ${buildarch} ${uuid} ${manufacturer} ${user/mode}
echo ${net1/mac} ${net0/mac:hexhyp}
dhcp
echo ${ip} ${filename} ${175.8} ${77:string}
EOS
check "the machine is what the options say" runs_and 0 '.console ==
    ["efi arm64 00112233-4455-6677-8899-aabbccddeeff Acme test",
    "52:54:00:00:00:02 52-54-00-00-00-01",
    "Configuring (net0 52:54:00:00:00:01)... ok",
    "192.0.2.100 f.ipxe 1 AB"]' \
    -p efi -a arm64 --smbios uuid=00112233-4455-6677-8899-aabbccddeeff \
    --smbios manufacturer=Acme --set user/mode=test \
    --set net0/mac=52:54:00:00:00:01 --set net1/mac=52:54:00:00:00:02 \
    -d filename=f.ipxe -d 175.8=1 -d 77:hex=41:42 "$dir/machine.ipxe"
check "--no-dhcp" runs_and 1 '.end == "error" and .line == 4 and
    .status == 68083993' --no-dhcp "$dir/machine.ipxe"
write cached.ipxe <<-'EOS'
echo ${ip} ${next-server}
EOS
check "--cached-dhcp" runs_and 0 '.console == ["192.0.2.100 192.0.2.1"]' \
    --cached-dhcp "$dir/cached.ipxe"
check "without it nothing is known" runs_and 0 '.console == [" "]' \
    "$dir/cached.ipxe"

write root.ipxe <<-'EOS'
chain sub/two.ipxe?mac=${net0/mac}
chain tftp://other/sub/../../../etc/passwd || echo ${errno}
chain nothing
EOS
printf '#!ipxe\necho two\n' >"$dir/sub/two.ipxe"
check "--root plays every server, and nothing above it" runs_and 1 '.uris ==
    ["http://192.0.2.1/sub/two.ipxe?mac=52:54:00:12:34:56",
    "tftp://other/sub/../../../etc/passwd", "http://192.0.2.1/nothing"] and
    (.console | contains(["two", "0x2d12613b"])) and .loads[2].status > 0' \
    --root "$dir" "$dir/root.ipxe"
check "--dry-run asks for everything and loads nothing" runs_and 0 '.uris ==
    ["http://h/d/sub/two.ipxe?mac=52:54:00:12:34:56"] and
    .end == "chain-replaced"' -n --uri http://h/d/x "$dir/root.ipxe"

write kernel.ipxe <<-'EOS'
kernel vmlinuz quiet a=${net0/mac}
initrd rd1
initrd rd2 mode=755
boot
EOS
check "what boots, its command line and initrds" runs_and 0 '.end == "boot" and
    .boot.kernel == "http://h/vmlinuz" and
    .boot.cmdline == "quiet a=52:54:00:12:34:56" and
    [.boot.initrds[] | .name] == ["rd1", "rd2"] and
    .boot.initrds[1].cmdline == "mode=755"' \
    -n --uri http://h/x "$dir/kernel.ipxe"

write ends.ipxe <<-'EOS'
goto ${how}
:shell
shell
:error
nosuch
:poweroff
poweroff
:reboot
reboot
:san
sanboot iscsi:192.0.2.1::::iqn.x
:exit
exit 3
:loop
goto loop
:wait
prompt
:chain
chain ends.ipxe
EOS
for end in shell=1 error=1 poweroff=0 reboot=0 san=0 exit=1 loop=1:limit \
    wait=1:limit chain=1:limit; do
	want=${end#*=}
	kind=${want#*:}
	[ "$kind" = "$want" ] && kind=${end%=*}
	check "a script that ends by ${end%=*}" runs_and "${want%:*}" \
	    ".end == \"$kind\"" --root "$dir" --set "how=${end%=*}" \
	    "$dir/ends.ipxe"
done
check "--max-steps" runs_and 1 '.end == "limit" and .steps < 60' \
    --max-steps 50 --set how=loop "$dir/ends.ipxe"

printf '#!gpxe\necho a\niseq a b || echo b\n' >"$dir/g.gpxe"
check "a gPXE script runs, and is told what gPXE had not" runs_and 0 \
    '.console == ["a", "b"] and (.notes | length) == 1' "$dir/g.gpxe"
check "an iPXE script is not" runs_and 0 '.notes == []' "$dir/cached.ipxe"
printf 'echo no magic\n' >"$dir/plain"
check "what is no script" refuses "not an iPXE script" "$dir/plain"
check "a file that is not there" refuses "cannot open" "$dir/missing"
check "a setting that is none" refuses "expected NAME=VALUE" --set x \
    "$dir/menu.ipxe"
check "a version that is none" refuses "expected one of current, 2019" \
    --version 2018 "$dir/menu.ipxe"
check "2019 has no poweroff" runs_and 1 \
    '.console == ["poweroff: command not found"]' --version 2019 \
    --set how=poweroff "$dir/ends.ipxe"
write hash.ipxe <<-'EOS'
imgfetch plain
sha256sum plain
md5sum --set user/sum plain
show user/sum
imgset text plain
echo ${text}
imgtrust
chain sub/two.ipxe || echo ${errno}
imgverify two.ipxe sub/two.ipxe ||
chain two.ipxe
EOS
check "digests, contents and trust" runs_and 0 ".console[1] ==
    \"$(sha256 "$dir/plain")  plain\" and .console[2] ==
    \"user/sum:hexraw = $(md5sum <"$dir/plain" | cut -d' ' -f1)\" and
    .console[3] == \"echo no magic\" and (.console |
    contains([\"Could not boot: Permission denied (https://ipxe.org/0200813c)\",
    \"0x200813c\", \"two\"]))" --root "$dir" "$dir/hash.ipxe"

# ------------------------------------------------------------ systems

requests=$LOGDIR/requests
: >"$requests"
start srv systems python3 "$HERE/script_systems.py" 8000 "$requests"
ready srv tcp 8000
S=http://10.77.0.1:8000

write embedded.ipxe <<-'EOS'
dhcp || reboot
chain http://10.77.0.1:8000/config?mac=${netX/mac} || shell
EOS
check "an embedded script that asks for its configuration" runs_and 0 \
    '.end == "boot" and .boot.kernel == "http://10.77.0.1:8000/tree/linux" and
    .boot.cmdline == "console=tty0 BOOTIF=01-52-54-00-12-34-56" and
    [.boot.initrds[].name] == ["initrd.img"]' "$dir/embedded.ipxe"
check "and the server saw its address" \
    grep -q 'GET /config?mac=52:54:00:12:34:56' "$requests"
check "default.ipxe posts what the machine is" runs_and 0 \
    '.end == "boot" and .boot.cmdline == "host=52:54:00:12:34:56 arch=i386" and
    (.console | contains(["product Big Box by Acme & Sons on i386"])) and
    .loads[0].method == "POST"' --smbios 'product=Big Box' \
    --smbios 'manufacturer=Acme & Sons' "$S/default.ipxe"
check "as a form" grep -q 'POST /boot.php mac=52%3A54.*&product=Big%20Box&manuf' \
    "$requests"
check "nested menus: Linux, old" runs_and 0 '.end == "boot" and
    .boot.cmdline == "suite=old initrd=initrd"' \
    --choose linux --choose old "$S/menu.ipxe"
check "nested menus: back and to the tools, then out" runs_and 0 \
    '.end == "exit" and ([.uris[] | select(endswith("memtest.missing"))] |
    length) == 1' --choose linux --choose back --choose tools \
    --choose memtest --choose exit "$S/menu.ipxe"
check "nested menus: nobody is there" runs_and 1 '.end == "limit" and
    (.message | contains("Linux"))' "$S/menu.ipxe"
stop "$PID"
check "and when the server is away" refuses "cannot load" "$S/menu.ipxe"
done_testing
