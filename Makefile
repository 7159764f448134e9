# pxetool: build and test network-boot chains
#
#   make                build build/pxetool
#   make demo           install what is missing, boot two machines, catch a loop
#   make check          build and run every test (SAN=1: under ASan and UBSan;
#                       TESTS='unit fuzz client-isc': only those)
#   make conformance    run the tests against real servers, with COUNT generated
#                       configurations of each language (SEED=N or random), and
#                       print what was counted (TESTS='corpus differential-isc')
#   make bench          speed, as ratios against the peers
#   make fuzz           fuzz every target for FUZZ_TIME seconds (needs clang)
#   make deps           install the packages that are missing, or list them
#   make install        into $(DESTDIR)$(PREFIX)
#   make clean
#
# Knobs: CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR WERROR= V=1

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
PKG_CONFIG ?= pkg-config
WERROR  ?= -Werror
FUZZ_TIME ?= 60
VERSION := 0.1.0

# Objects of another kind live in another directory.
ifdef FUZZ
O       := build/fuzz
SANFLAGS := -fsanitize=fuzzer-no-link,address,undefined \
           -fno-sanitize-recover=all
else ifdef SAN
O       := build/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all \
           -fno-omit-frame-pointer
else
O       := build
SANFLAGS :=
endif
Q       := $(if $(V),,@)

LIBS    := libcurl libpcap jansson libmicrohttpd liblzma libcrypto expat \
           yaml-0.1 libarchive
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes \
           -Wmissing-prototypes -Wpointer-arith -Wwrite-strings $(WERROR)
OURS    := -std=c11 -D_GNU_SOURCE -Ilib -DPXETOOL_VERSION='"$(VERSION)"' \
           $(WARN) $(SANFLAGS) -MMD -MP
BANNED  := -include lib/base/banned.h
# Asked once, and not at all for targets that compile nothing.
LIBFLAGS = $(eval LIBFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIBS)))$(LIBFLAGS)
LDLIBS  = $(eval LDLIBS := $$(shell $(PKG_CONFIG) --libs $(LIBS)))$(LDLIBS)

lib_src  := $(sort $(wildcard lib/*/*.c))
cmd_src  := $(sort $(wildcard cmd/*.c))
unit_src := $(filter-out tests/unit/unit_main.c,$(sort $(wildcard tests/unit/*.c)))
fuzz_src := $(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c)))

lib_obj  := $(lib_src:%.c=$O/%.o)
cmd_obj  := $(cmd_src:%.c=$O/%.o)
unit_bin := $(unit_src:tests/unit/%.c=$O/tests/unit/%)
fuzz_bin := $(fuzz_src:tests/fuzz/%.c=$O/tests/fuzz/%)
# What a test script runs beside pxetool.
help_bin := $O/tests/conformance/personas
fuzz_run := $(fuzz_src:tests/fuzz/%.c=fuzz-%)

all: $O/pxetool

$O/pxetool: $(cmd_obj) $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$O/libpxetool.a: $(lib_obj)
	@echo "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$O/lib/%.o $O/cmd/%.o: EXTRA = $(BANNED)

$O/%.o: %.c
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(OURS) $(EXTRA) $(LIBFLAGS) $(CFLAGS) -c -o $@ $<

$(unit_bin): $O/tests/unit/%: $O/tests/unit/%.o $O/tests/unit/unit_main.o $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ \
	    $$($(PKG_CONFIG) --libs check) $(LDLIBS)

$(help_bin): %: %.o $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

ifdef FUZZ
$(fuzz_bin): $O/tests/fuzz/%: $O/tests/fuzz/%.o $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ \
	    $(LDLIBS)
else
$(fuzz_bin): $O/tests/fuzz/%: $O/tests/fuzz/%.o $O/tests/fuzz/replay.o $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)
endif

# Kept, so that a second run need not compile them again.
.SECONDARY:

check: check-deps
	$(Q)$(MAKE) --no-print-directory check-built

check-built: $O/pxetool $(unit_bin) $(fuzz_bin) $(help_bin)
	$(Q)tests/run $O

check-deps:
	$(Q)tests/deps.sh -n build unit

# What make check tries quickly, at length, and in figures.
conformance: COUNT ?= 200
conformance: SEED ?= 1
conformance: check-deps
	$(Q)$(MAKE) --no-print-directory $O/pxetool $(help_bin)
	$(Q)FIGURES=1 COUNT=$(COUNT) SEED=$(SEED) TIMEOUT=7200 \
	    tests/run $O $(or $(TESTS),conformance)

deps:
	$(Q)tests/deps.sh build unit test demo

demo:
	$(Q)tests/deps.sh build demo
	$(Q)$(MAKE) --no-print-directory $O/pxetool
	$(Q)testbeds/demo.sh $O/pxetool $O/cache

bench: $O/pxetool
	$(Q)tests/bench/run $O

fuzz:
	$(Q)$(MAKE) --no-print-directory FUZZ=1 CC=clang $(fuzz_run)

fuzz-%: $O/tests/fuzz/%
	@mkdir -p $O/new/$*
	$(Q)$< -max_total_time=$(FUZZ_TIME) -max_len=4096 -print_final_stats=1 \
	    $O/new/$* tests/fuzz/corpus/$*

install: $O/pxetool
	install -d $(DESTDIR)$(PREFIX)/bin
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/man/man5
	install -d $(DESTDIR)$(PREFIX)/share/man/man7
	install -d $(DESTDIR)$(PREFIX)/share/pxetool/schema
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -d $(DESTDIR)$(PREFIX)/share/zsh/site-functions
	install -d $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 $O/pxetool $(DESTDIR)$(PREFIX)/bin
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 644 man/schema/*.json $(DESTDIR)$(PREFIX)/share/pxetool/schema
	$O/pxetool completion bash -o $(DESTDIR)$(PREFIX)/share/bash-completion/completions/pxetool
	$O/pxetool completion zsh -o $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_pxetool
	$O/pxetool completion fish -o $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/pxetool.fish

clean:
	rm -rf build

-include $(lib_obj:.o=.d) $(cmd_obj:.o=.d)
-include $(patsubst tests/%.c,$O/tests/%.d,$(wildcard tests/*/*.c))

.PHONY: all check check-built check-deps conformance deps demo bench fuzz install clean
