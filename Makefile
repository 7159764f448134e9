# pxetool: build and test network-boot chains
#
#   make                build build/pxetool
#   make check          build and run every test (SAN=1: under ASan and UBSan)
#   make demo           install what is missing, boot two machines, catch a loop
#   make bench          speed, as ratios against the peers
#   make fuzz           fuzz every codec for FUZZ_TIME seconds each (clang)
#   make deps           list, or as root install, the packages that are needed
#   make install        into $(DESTDIR)$(PREFIX)
#   make clean
#
# Knobs: CC CFLAGS CPPFLAGS LDFLAGS PREFIX DESTDIR V=1 SAN=1 WERROR=

CC      ?= cc
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
PKG_CONFIG ?= pkg-config
WERROR  ?= -Werror
FUZZ_TIME ?= 60
VERSION := 0.1.0

ifdef SAN
O       := build/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all \
           -fno-omit-frame-pointer
else
O       := build
SANFLAGS :=
endif
Q       := $(if $(V),,@)

LIBS    := libcurl libpcap jansson libmicrohttpd liblzma libcrypto
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes \
           -Wmissing-prototypes -Wpointer-arith -Wwrite-strings $(WERROR)
OURS    := -std=c11 -D_GNU_SOURCE -Ilib -DPXETOOL_VERSION='"$(VERSION)"' \
           $(WARN) $(SANFLAGS) -MMD -MP
BANNED  := -include lib/base/banned.h
LIBFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBS))
LDLIBS  = $(shell $(PKG_CONFIG) --libs $(LIBS))

lib_src  := $(sort $(wildcard lib/*/*.c))
cmd_src  := $(sort $(wildcard cmd/*.c))
unit_src := $(filter-out tests/unit/unit_main.c,$(sort $(wildcard tests/unit/*.c)))
fuzz_src := $(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c)))

lib_obj  := $(lib_src:%.c=$O/%.o)
cmd_obj  := $(cmd_src:%.c=$O/%.o)
unit_bin := $(unit_src:tests/unit/%.c=$O/tests/unit/%)
fuzz_bin := $(fuzz_src:tests/fuzz/%.c=$O/tests/fuzz/%)

all: $O/pxetool

$O/pxetool: $(cmd_obj) $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$O/libpxetool.a: $(lib_obj)
	@echo "  AR    $@"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$O/lib/%.o: lib/%.c
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(OURS) $(BANNED) $(LIBFLAGS) $(CFLAGS) -c -o $@ $<

$O/cmd/%.o: cmd/%.c
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(OURS) $(BANNED) $(LIBFLAGS) $(CFLAGS) -c -o $@ $<

$O/tests/%.o: tests/%.c
	@echo "  CC    $<"
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(OURS) $(LIBFLAGS) $(CFLAGS) -c -o $@ $<

$(unit_bin): $O/tests/unit/%: $O/tests/unit/%.o $O/tests/unit/unit_main.o $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ \
	    $$($(PKG_CONFIG) --libs check) $(LDLIBS)

$(fuzz_bin): $O/tests/fuzz/%: $O/tests/fuzz/%.o $O/tests/fuzz/replay.o $O/libpxetool.a
	@echo "  LINK  $@"
	$(Q)$(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

unit: $(unit_bin)
fuzz-replay: $(fuzz_bin)

# Kept, so that a failing test's object is not built again.
.SECONDARY:

check: $O/pxetool $(unit_bin) $(fuzz_bin)
	$(Q)tests/run $O

clean:
	rm -rf build

-include $(lib_obj:.o=.d) $(cmd_obj:.o=.d)
-include $(patsubst tests/%.c,$O/tests/%.d,$(wildcard tests/*/*.c))

.PHONY: all unit fuzz-replay check clean
