#!/bin/sh
# fetch-kernel.sh - print the path of a real x86 kernel: $KERNEL, an installed
# one, or Debian's for clouds, downloaded once and unpacked, not installed.
set -eu

if [ -n "${KERNEL:-}" ]; then
	echo "$KERNEL"
	exit 0
fi
cache=${CACHE:-build/cache}
for k in /boot/vmlinuz-*-amd64 "$cache"/kernel/vmlinuz; do
	if [ -r "$k" ]; then
		echo "$k"
		exit 0
	fi
done
mkdir -p "$cache"
tmp=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
package=$(apt-cache show --no-all-versions linux-image-cloud-amd64 2>/dev/null |
    sed -n 's/^Depends: *\(linux-image-[^ ,]*\).*/\1/p')
if [ -z "$package" ]; then
	echo 'no kernel installed, and no package list to find one in' >&2
	exit 1
fi
if ! (cd "$tmp" && timeout 120 apt-get -q download "$package" >&2); then
	echo "no kernel installed, and $package cannot be downloaded" >&2
	exit 1
fi
mkdir -p "$cache/kernel"
dpkg-deb --fsys-tarfile "$tmp"/*.deb |
    tar -xO --wildcards './boot/vmlinuz-*' >"$tmp/vmlinuz"
mv "$tmp/vmlinuz" "$cache/kernel/vmlinuz"
echo "$cache/kernel/vmlinuz"
