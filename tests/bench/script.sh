#!/bin/bash
# script.sh - all ways through a boot menu of a thousand lines, beside a
# shell's syntax check of a file as long.
. "${0%/*}/../conformance/lib.sh"
. "${0%/*}/lib.sh"

menu=$LOGDIR/menu.ipxe
shell=$LOGDIR/menu.sh
awk 'BEGIN {
	print "#!ipxe\n:start\nmenu Boot"
	for (i = 0; i < 250; i++)
		print "item os" i " System " i
	print "choose sel || goto start\ngoto ${sel}"
	for (i = 0; i < 250; i++)
		print ":os" i "\nkernel http://h/" i "/k initrd=i ||\n" \
		    "initrd --name i http://h/" i "/i || goto start\nboot"
}' >"$menu"
sed 's/^:\(.*\)/\1() { :; }/; s/||$/|| :/; s/^#!.*//' "$menu" >"$shell"

check_menu() {
	"$PXETOOL" script check "$menu"
}
bash_n() {
	bash -n "$shell"
}
ratio script-check/bash-n check_menu bash_n
exit 0
