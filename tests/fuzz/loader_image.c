/*
 * fuzz/loader_image.c - any bytes as an image of GRUB, as a module of GRUB or
 * SYSLINUX, and as a kernel. The law: the names that come out are texts, those
 * of modules inside the file.
 */
#include "firmware/elf.h"
#include "firmware/grub.h"
#include "firmware/linux.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_inside(const char *const *names, size_t n, const uint8_t *data,
    size_t size)
{
	const char *start = (const char *)data;

	for (size_t i = 0; i < n; i++) {
		if (names[i] < start || names[i] >= start + size ||
		    names[i][0] == '\0' ||
		    names[i] + strlen(names[i]) >= start + size)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *deps[GRUB_DEPS_MAX];
	const char *needed[ELF_NEEDED_MAX];
	struct grub_image g;
	size_t n;
	int rc;

	n = grub_module_deps(data, size, deps);
	if (n > GRUB_DEPS_MAX)
		abort();
	check_inside(deps, n, data, size);
	n = elf_needed(data, size, needed);
	if (n > ELF_NEEDED_MAX)
		abort();
	check_inside(needed, n, data, size);
	(void)linux_missing(data, size);
	rc = grub_image_read(data, size, &g);
	if (rc != 0 && rc != -EBADMSG && rc != -ENOMEM)
		abort();
	for (size_t i = 0; i < g.n_modules; i++) {
		if (!grub_image_has(&g, g.module[i]))
			abort();
	}
	if (rc == 0 && !g.prefix)
		abort();
	grub_image_release(&g);
	return 0;
}
