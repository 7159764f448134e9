#!/bin/bash
# man.sh - the manual is well formed and says what the program says.
. "${0%/*}/lib.sh"
need_pxetool
need_all mandoc

# Those that all commands share may be told of once, in pxetool(1).
SHARED='^--(format|output|color|help)$|^-[oh]$'
SHARED_SYNOPSIS='s/ \[--format name\]//; s/ \[-o file\]//; s/ \[--color when\]//'

# synopsis PAGE: one line, as a reader sees it
synopsis() {
	mandoc -T ascii -O width=500 "$1" | sed 's/.\x08//g' |
	    sed -n '/^SYNOPSIS/,/^[A-RT-Z]/p' | sed '1d;$d' |
	    tr -s ' \n' ' ' | sed 's/^ //; s/ $//'
}

# helps SUB: of one word or two
helps() {
	# shellcheck disable=SC2086
	"$PXETOOL" help $1
}

# usage SUB: what -h says after "usage:"
usage() {
	helps "$1" | sed -n 's/^usage: //p' | tr -s ' '
}

# synopsis_agrees SUB PAGE: "[options]" in the usage stands for any
synopsis_agrees() {
	local page want head tail

	page=$(synopsis "$2" | sed "$SHARED_SYNOPSIS")
	want=$(usage "$1")
	[ -n "$want" ] || return
	head=${want%'[options]'*}
	tail=${want#*'[options]'}
	case $page in
	"$want" | "$head"*"$tail")
		[ -z "$(synopsis_strangers "$1" "$2")" ] && return 0
		echo "not options: $(synopsis_strangers "$1" "$2")"
		;;
	esac
	echo "-h:   $want"
	echo "page: $page"
	return 1
}

# synopsis_strangers SUB PAGE: options of the synopsis that -h does not know
synopsis_strangers() {
	comm -23 <(synopsis "$2" | grep -o -- '--[a-z][a-z0-9-]*' | sort -u) \
	    <(help_options "$1")
}

# page_options PAGE: those that have an item of their own
page_options() {
	sed -n 's/^\.It\(.*Fl .*\)/\1/p' "$1" | tr ',' '\n' |
	    sed -n 's/^.*Fl  *\(-[a-z0-9-]*\|[A-Za-z0-9]\).*/-\1/p; s/^  *\(-[a-z][a-z0-9-]*\).*/-\1/p' |
	    sort -u
}

help_options() {
	helps "$1" | sed -n '/^options:/,/^$/p' |
	    grep -o '^ *\(-[A-Za-z0-9], \)\?--[a-z][a-z0-9-]*' |
	    tr -s ', ' '\n' | grep . | sort -u
}

options_agree() { # SUB PAGE
	local missing extra

	missing=$(comm -13 <(page_options "$2") <(help_options "$1") |
	    grep -Ev "$SHARED")
	extra=$(comm -23 <(page_options "$2") <(help_options "$1"))
	[ -z "$missing$extra" ] && return 0
	echo "only in -h: $missing"
	echo "only in the page: $extra"
	return 1
}

for page in "$TOP"/man/*.[1-8]; do
	[ -e "$page" ] || continue
	check "${page##*/} is well formed" \
	    mandoc -Tlint -Wwarning "$page"
done

subs=$("$PXETOOL" help | sed -n 's/^  \([a-z][a-z -]\{11\}\) .*/\1/p' |
    sed 's/ *$//')
check "help lists the subcommands" test -n "$subs"
while read -r sub; do
	page=$TOP/man/pxetool-${sub// /-}.1
	check "$sub has a page" test -f "$page" || continue
	check "$sub: the page's SYNOPSIS is what -h says" \
	    synopsis_agrees "$sub" "$page"
	check "$sub: the page has the options that -h has" \
	    options_agree "$sub" "$page"
	# shellcheck disable=SC2086
	check "$sub: -h and help say the same" equal \
	    "$("$PXETOOL" $sub -h)" "$(helps "$sub")"
done <<<"$subs"

# Nor a page for what is no more.
for page in "$TOP"/man/pxetool-*.1; do
	sub=$(basename "$page" .1)
	sub=${sub#pxetool-}
	check "the page of $sub has its subcommand" \
	    grep -qx -- "$sub" <(echo "$subs" | tr ' ' -)
done
names_all() {
	for sub in $(echo "$subs" | tr ' ' -); do
		grep -q "pxetool-$sub 1" "$TOP/man/pxetool.1" || {
			echo "not $sub"
			return 1
		}
	done
}
check "pxetool.1 names them all" names_all
done_testing
