#include "build/goal.h"

#include "base/text.h"
#include "base/util.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

static const char *const archs[] = {
	"i386", "x86_64", "arm32", "arm64", "loong64", "riscv32", "riscv64",
	"s390x",
};

static const char *const platforms[] = { "pcbios", "efi", "sbi", "linux" };

static const struct {
	const char *platform;
	const char *media[24];
} media[] = {
	{ "pcbios", { "pxe", "kpxe", "kkpxe", "kkkpxe", "lkrn", "dsk", "pdsk",
	    "hd", "usb", "vhd", "raw", "nbi", "exe", "rom", "mrom", "pcirom",
	    "isarom", "iso", "sdsk", NULL } },
	{ "efi", { "efi", "efidrv", "drv.efi", "efirom", "iso", "usb",
	    "efidrv.cab", NULL } },
	{ "sbi", { "sbi", "lkrn", "pf32", NULL } },
	{ "linux", { "linux", NULL } },
};

/* Debian's names of the compilers for other CPUs. */
static const struct { const char *arch, *machine, *prefix; } tools[] = {
	{ "x86_64", "x86_64", "x86_64-linux-gnu-" },
	{ "i386", "x86_64", "x86_64-linux-gnu-" },
	{ "arm64", "aarch64", "aarch64-linux-gnu-" },
	{ "arm32", "armv7l", "arm-linux-gnueabihf-" },
	{ "loong64", "loongarch64", "loongarch64-linux-gnu-" },
	{ "riscv64", "riscv64", "riscv64-linux-gnu-" },
	{ "riscv32", "riscv64", "riscv64-linux-gnu-" },
	{ "s390x", "s390x", "s390x-linux-gnu-" },
};

static const char *
find_word(const char *const *words, size_t n, const char *text, size_t len)
{
	for (size_t i = 0; i < n && words[i]; i++) {
		if (strlen(words[i]) == len &&
		    memcmp(words[i], text, len) == 0)
			return words[i];
	}
	return NULL;
}

/* bin, bin-efi, bin-ARCH-PLATFORM, and "-sb" behind it. */
static bool
parse_dir(struct goal *t)
{
	const char *p = t->dir;
	size_t len = strlen(p);
	size_t n;

	t->arch = "i386";
	t->platform = "pcbios";
	if (len > 3 && strcmp(p + len - 3, "-sb") == 0)
		len -= 3;
	if (!text_starts(p, "bin"))
		return false;
	p += 3;
	len -= 3;
	if (len == 0)
		return true;
	if (*p++ != '-')
		return false;
	len--;
	n = strcspn(p, "-");
	if (n >= len) {
		t->arch = find_word(archs, ARRAY_LEN(archs), p, len);
		t->platform = "sbi";
		if (!t->arch) {
			t->arch = "i386";
			t->platform = find_word(platforms,
			    ARRAY_LEN(platforms), p, len);
		}
		return t->platform != NULL;
	}
	t->arch = find_word(archs, ARRAY_LEN(archs), p, n);
	t->platform = find_word(platforms, ARRAY_LEN(platforms), p + n + 1,
	    len - n - 1);
	return t->arch && t->platform;
}

static const char *const *
media_of(const char *platform, size_t *ret_n)
{
	for (size_t i = 0; i < ARRAY_LEN(media); i++) {
		if (strcmp(media[i].platform, platform) != 0)
			continue;
		for (*ret_n = 0; media[i].media[*ret_n]; (*ret_n)++)
			;
		return media[i].media;
	}
	*ret_n = 0;
	return NULL;
}

static bool
is_clean(const char *s)
{
	for (; *s; s++) {
		if (!isalnum((unsigned char)*s) && *s != '-' && *s != '_' &&
		    *s != '.' && *s != ',')
			return false;
	}
	return true;
}

int
goal_parse(const char *text, struct goal *ret, struct diag *diag)
{
	const char *slash = strchr(text, '/');
	const char *dot = slash ? strchr(slash, '.') : NULL;
	const char *const *known;
	const char *nearest;
	size_t n;

	memset(ret, 0, sizeof(*ret));
	if (!slash || !dot || dot == slash + 1 || !is_clean(slash + 1) ||
	    (size_t)(slash - text) >= sizeof(ret->dir) ||
	    (size_t)(dot - slash) > sizeof(ret->drivers) ||
	    strlen(dot + 1) >= sizeof(ret->medium)) {
		diag_set(diag, "'%s' is no target of iPXE's: it is of the form "
		    "bin/undionly.kpxe or bin-x86_64-efi/ipxe.efi", text);
		return -EINVAL;
	}
	memcpy(ret->dir, text, (size_t)(slash - text));
	memcpy(ret->drivers, slash + 1, (size_t)(dot - slash - 1));
	memcpy(ret->medium, dot + 1, strlen(dot + 1));
	if (!parse_dir(ret)) {
		diag_set(diag, "'%s' is no platform of iPXE's: it is bin, or "
		    "bin-ARCH-PLATFORM as in bin-arm64-efi", ret->dir);
		return -EINVAL;
	}
	known = media_of(ret->platform, &n);
	if (known && find_word(known, n, ret->medium, strlen(ret->medium)))
		return 0;
	nearest = text_nearest(ret->medium, known, n);
	diag_set(diag, "'.%s' is no medium of %s%s%s%s", ret->medium, ret->dir,
	    nearest ? ": did you mean ." : "", nearest ? nearest : "",
	    nearest ? "?" : "");
	return -EINVAL;
}

const char *
goal_cross(const struct goal *t)
{
	struct utsname here;

	if (uname(&here) < 0)
		return "";
	for (size_t i = 0; i < ARRAY_LEN(tools); i++) {
		if (strcmp(tools[i].arch, t->arch) == 0)
			return strcmp(tools[i].machine, here.machine) == 0 ?
			    "" : tools[i].prefix;
	}
	return "";
}
