#!/bin/sh
# fetch-atftpd.sh - print the path of an atftpd program: the installed one, or
# one unpacked from Debian's package, which conflicts with tftpd-hpa.
set -eu

if command -v atftpd; then
	exit 0
fi
cache=${CACHE:-build/cache}
bin=$cache/atftpd/usr/sbin/atftpd
if [ ! -x "$bin" ]; then
	mkdir -p "$cache"
	tmp=$(mktemp -d "$cache/fetch.XXXXXX")
	trap 'rm -rf "$tmp"' EXIT
	cd "$tmp"
	timeout 60 apt-get -q download atftpd libwrap0 >&2
	for deb in ./*.deb; do
		dpkg-deb -x "$deb" tree
	done
	cd - >/dev/null
	# Whoever runs beside us may have been quicker.
	[ -d "$cache/atftpd" ] || mv -T "$tmp/tree" "$cache/atftpd"
fi
# Its TCP wrapper library may not be installed; it is beside the program.
lib=$(find "$cache/atftpd" -name 'libwrap.so.0' -printf '%h\n' | head -n 1)
case $(ldd "$bin") in
*'libwrap.so.0 => not found'*)
	cat >"$bin.sh" <<-EOF
	#!/bin/sh
	LD_LIBRARY_PATH=$lib exec $bin "\$@"
	EOF
	chmod 755 "$bin.sh"
	echo "$bin.sh"
	;;
*)
	echo "$bin"
	;;
esac
