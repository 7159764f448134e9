# diagnose-more.sh - boots that diagnose-lab.sh makes besides those of faults.sh
# shellcheck shell=bash disable=SC2154
