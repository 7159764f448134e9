#!/bin/sh
# deps.sh - install the packages that are missing
#
#	tests/deps.sh [-n] SECTION...
#
# The sections are those of tests/packages.txt. As root, or through sudo,
# apt-get installs what is missing; where neither can be had, and with -n,
# the packages are listed and the exit status is 2 if any is missing.
set -eu
cd "$(dirname "$0")/.."

list_only=
if [ "${1:-}" = -n ]; then
	list_only=1
	shift
fi

# The packages of all sections named, each once.
packages() {
	for section in "$@"; do
		awk -v s="[$section]" '/^\[/ { on = $1 == s; next }
		    on && NF && !/^#/ { print $1 }' tests/packages.txt
	done | sort -u
}

missing() {
	for p in $(packages "$@"); do
		case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
		'install ok installed') ;;
		*) echo "$p" ;;
		esac
	done
}

# The servers are wanted, not their services: none may answer on the network
# of the machine that builds. What kept services down before is left alone.
hold_services() {
	policy=/usr/sbin/policy-rc.d
	[ ! -e $policy ] || return 0
	trap '$sudo rm -f $policy' EXIT
	trap 'exit 1' INT TERM
	printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
	$sudo chmod 755 $policy
}

want=$(missing "$@")
[ -n "$want" ] || exit 0
if [ "$(id -u)" = 0 ]; then
	sudo=
elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }
then
	sudo='sudo DEBIAN_FRONTEND=noninteractive'
else
	list_only=1
fi
if [ -n "$list_only" ]; then
	# shellcheck disable=SC2086
	echo "these packages are missing; install them with:
  apt-get install --no-install-recommends" $want >&2
	exit 2
fi
export DEBIAN_FRONTEND=noninteractive
hold_services
# shellcheck disable=SC2086
{
	$sudo apt-get -qy update
	$sudo apt-get -qy install --no-install-recommends $want
}
