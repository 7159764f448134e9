# differential.sh - what the differential-*.sh have in common.
# shellcheck shell=bash

# differ DIALECT: the generated configurations, then those of the corpus
differ() {
	local dialect=$1

	export SHIM
	: "${SEED:=1}"
	[ "$SEED" != random ] || SEED=$(od -An -N4 -tu4 /dev/urandom)
	SEED=${SEED// /}
	echo "# $dialect: SEED=$SEED"
	figure "$dialect, generated: seed" "$SEED"
	# No name shall be looked up elsewhere, nor be waited for.
	echo 'nameserver 127.0.0.1' >/run/lab/resolv.conf
	mount --bind /run/lab/resolv.conf /etc/resolv.conf 2>/dev/null || true
	judge "$dialect" generated --seed "$SEED" --count "${COUNT:-60}"
	if [ -d "${PXETOOL_CORPUS:-}/$dialect" ]; then
		judge "$dialect" corpus --corpus "$PXETOOL_CORPUS"
	else
		skip "$dialect: corpus" "PXETOOL_CORPUS is not set"
	fi
}

# judge DIALECT WHAT ARGUMENTS...: one test, and the figures as a comment
judge() {
	local dialect=$1 what=$2 log=$LOGDIR/$2

	shift 2
	rm -rf "$log"
	mkdir -p "$log"
	if python3 -B "$HERE/differential/run.py" "$dialect" \
	    --pxetool "$PXETOOL" --log "$log" "$@" >"$log.log" 2>&1; then
		ok "$dialect: predict and the server agree, $what"
	else
		not_ok "$dialect: predict and the server agree, $what" "$log.log"
	fi
	sed -n "s/^# configs/# $dialect, $what: configs/p" "$log.log"
	[ ! -s "$log/count.json" ] || count "$dialect, $what" "$log/count.json"
}

# count WHAT FILE: the rows of the table
count() {
	local name value unit

	while IFS=$'\t' read -r name value unit; do
		figure "$1: $name" "$value" "$unit"
	done < <(jq -r '
	    ["configurations", .configs, ""],
	    ["kinds of clients", .kinds, ""],
	    ["refused by both", .refused_both, ""],
	    ["refused by one alone", .refused_one, ""],
	    ["the server did not start", .not_started, ""],
	    ["not judged, the test itself failed", .broken, ""],
	    ["excused, named by lint as not modelled", .excused,
	        "with \(.excused_pairs) requests"],
	    ["with a disagreement", .disagreeing, ""],
	    ["requests sent to both", .pairs, ""],
	    ["requests answered alike", .agreed, if .pairs > 0 then
	        "\(.agreed * 10000 / .pairs | floor / 100) %" else "" end] |
	    @tsv' "$2")
}
