#include "firmware/identify.h"

#include "base/util.h"
#include "firmware/bootsect.h"
#include "firmware/efi.h"
#include "firmware/elf.h"
#include "firmware/ipxe.h"
#include "firmware/linux.h"
#include "firmware/media.h"
#include "firmware/nbp.h"
#include "firmware/packed.h"
#include "firmware/plain.h"
#include "firmware/uboot.h"
#include "firmware/wim.h"

#include <errno.h>

/* iPXE in a container that none of the others know: .nbi, .exe, .raw */
static int
identify_odd_ipxe(const void *buf, size_t len, struct bootfile *ret)
{
	return len <= MEDIA_IPXE_MAX ? ipxe_identify(buf, len, ret) : 0;
}

/*
 * In this order, because later ones are less sure of themselves. A kernel
 * may be a PE file and a disk's boot sector as well, and text is only what
 * has no magic number; a script and a web page are, but by a rule of theirs.
 */
static int (*const identifiers[])(const void *buf, size_t len,
    struct bootfile *ret) = {
	plain_identify_script,
	linux_identify,
	efi_identify,
	elf_identify,
	uboot_identify,
	wim_identify,
	packed_identify,
	rom_identify,
	iso_identify,
	plain_identify,
	bootsect_identify,
	nbp_identify,
	disk_identify,
	identify_odd_ipxe,
	nbp_identify_code,
};

int
firmware_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct bootfile f = { .kind = BOOTFILE_UNKNOWN };
	int rc = 0;

	*ret = f;
	if (len == 0) {
		ret->kind = BOOTFILE_EMPTY;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(identifiers) && rc == 0; i++)
		rc = identifiers[i](buf, len, &f);
	if (rc < 0)
		return rc;
	*ret = f;
	return 0;
}
