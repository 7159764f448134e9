#include "lint/rules_internal.h"

#include "base/bytes.h"

#include <stdio.h>
#include <string.h>

enum {
	PATH_LEN = 512,
	FIELD_LEN = 128,
	BOOT_SIZE_UNIT = 512,           /* of option 13: RFC 2132 3.15 */
	WORD_LEN = 256,
	BLOCKS_MAX = 65535,             /* of TFTP, which has 16 bits for them */
	BLOCK_LEN = 1456,               /* that firmware asks for at most */
};

/* Is that file in the folder, "" being the root? */
static bool
has_in(const struct rules *r, const char *folder, const char *name)
{
	char path[PATH_LEN];

	(void)snprintf(path, sizeof(path), "%s%s", folder, name);
	return filekind_has(r->c->files, path);
}

static bool
has_in_any(const struct rules *r, const char *folder,
    const char *const *folders, size_t n, const char *name)
{
	if (has_in(r, folder, name))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (has_in(r, folders[i], name))
			return true;
	}
	return false;
}

/*
 * PXELINUX and its UEFI sister take their core module from beside them or
 * from where local installations have it (since 5.00), and their
 * configuration from pxelinux.cfg beside them, if options 209 and 210 name
 * no other place.
 */
static void
syslinux(const struct rules *r, const struct filekind *f)
{
	static const char *const folders[] = {
		"", "boot/isolinux/", "isolinux/", "boot/syslinux/",
		"syslinux/",
	};
	const struct dhcp4_msg *m = &r->x->answer.msg;
	const char *core = f->file.kind == BOOTFILE_PXELINUX ? "ldlinux.c32" :
	    f->file.cpu == CPU_X86 ? "ldlinux.e32" : "ldlinux.e64";
	bool is_old = f->file.version[0] >= '1' && f->file.version[0] <= '4' &&
	    f->file.version[1] == '.';

	if (dhcp4_opt(m, DHCP4_OPT_PXELINUX_PREFIX))
		return;
	if (!is_old && !has_in_any(r, f->folder, folders, ARRAY_LEN(folders),
	    core))
		rules_flaw(r->v, "ldlinux-missing-or-mismatched", 0,
		    FAULT_ERROR, "'%.150s' needs %s of the same release in "
		    "its folder", r->x->target.file, core);
	if (!dhcp4_opt(m, DHCP4_OPT_PXELINUX_CONFIG) &&
	    !has_in(r, f->folder, "pxelinux.cfg"))
		rules_flaw(r->v, "pxelinux-config-missing", 0, FAULT_ERROR,
		    "'%.150s' needs the folder pxelinux.cfg beside it",
		    r->x->target.file);
}

/* Where GRUB looks was fixed when it was built; these places are usual. */
static void
grub(const struct rules *r, const struct filekind *f)
{
	static const char *const folders[] = {
		"", "grub/", "boot/grub/", "grub2/", "boot/grub2/",
		"EFI/debian/", "EFI/ubuntu/", "EFI/BOOT/", "EFI/fedora/",
		"EFI/redhat/", "EFI/centos/",
	};

	if (has_in_any(r, f->folder, folders, ARRAY_LEN(folders),
	    "grub.cfg") || has_in(r, f->folder, "grub/grub.cfg"))
		return;
	rules_flaw(r->v, "grub-config-missing", 0, FAULT_WARNING, "there is "
	    "no grub.cfg in the TFTP root where '%.150s' may look: in its "
	    "folder, grub/ or boot/grub/", r->x->target.file);
}

static const char *
second_stage(enum arch_cpu cpu)
{
	return cpu == CPU_ARM64 ? "grubaa64.efi" :
	    cpu == CPU_X86 ? "grubia32.efi" : "grubx64.efi";
}

/*
 * shim loads its second stage from its own folder, which it takes from the
 * field `file`: a name in option 67 alone leaves it at the root.
 */
static void
shim(const struct rules *r, const struct filekind *f)
{
	const char *name = r->x->target.file;
	const char *next = second_stage(f->file.cpu);
	const struct filekind *grub_file = NULL;
	bool has_root = r->c->files->root && f->is_read;
	char field[FIELD_LEN + 1];
	char path[PATH_LEN];
	const char *folder;

	if (r->x->target.is_uri || r->k->persona.kind != PERSONA_UEFI)
		return;
	rules_field(rules_packet(r->x), field, sizeof(field));
	folder = has_root && field[0] ? f->folder : "";
	if (strchr(name, '/') && !field[0] && !has_root)
		rules_flaw(r->v, "shim-second-stage-wrong-path", 0,
		    FAULT_WARNING, "'%.150s' is in option 67 alone: shim will "
		    "look for %s in the root", name, next);
	if (!has_root)
		return;
	(void)snprintf(path, sizeof(path), "%s%s", folder, next);
	if (filekind_get(r->c->files, path, false, &grub_file) < 0)
		rules_flaw(r->v, "shim-second-stage-wrong-path", 0,
		    FAULT_ERROR, "shim will look for '%.150s', which is not "
		    "in the TFTP root%s", path, field[0] || !f->folder[0] ?
		    "" : "; it is not told its folder, since the name is in "
		    "option 67 alone");
	else if (!grub_file->file.is_signed)
		rules_flaw(r->v, "secure-boot-rejects-loader", 0,
		    FAULT_WARNING, "'%.150s', which shim starts, has no "
		    "signature", path);
}

static void
windows(const struct rules *r, const struct filekind *f)
{
	const struct filekind *bcd = NULL;
	char path[PATH_LEN];

	(void)snprintf(path, sizeof(path), "%sBoot/BCD", f->folder);
	if (filekind_get(r->c->files, path, false, &bcd) == 0 ||
	    filekind_get(r->c->files, "Boot/BCD", false, &bcd) == 0 ||
	    (bcd && bcd->other))
		return;
	rules_flaw(r->v, "windows-bcd-or-wim-missing", 0, FAULT_WARNING,
	    "'%.150s' will ask for \\Boot\\BCD, which is not in the TFTP "
	    "root", r->x->target.file);
}

/* EDK2 believes option 13, and loads so many bytes and no more. */
static void
boot_size(const struct rules *r, const struct filekind *f)
{
	const struct dhcp4_opt *o = dhcp4_opt(&r->x->answer.msg,
	    DHCP4_OPT_BOOT_SIZE);
	struct rd value = o ? rd_init(o->data, o->len) : rd_init("", 0);
	size_t blocks = rd_u16(&value);
	size_t need = (f->len + BOOT_SIZE_UNIT - 1) / BOOT_SIZE_UNIT;

	if (!o || r->k->persona.kind != PERSONA_UEFI || (f->is_read &&
	    blocks == need))
		return;
	if (!f->is_read)
		rules_flaw(r->v, "bootfile-size-option-wrong",
		    DHCP4_OPT_BOOT_SIZE, FAULT_WARNING, "option 13 says that "
		    "the boot file has %zu blocks of 512 bytes: UEFI firmware "
		    "loads that and no more", blocks);
	else
		rules_flaw(r->v, "bootfile-size-option-wrong",
		    DHCP4_OPT_BOOT_SIZE, blocks < need ? FAULT_ERROR :
		    FAULT_WARNING, "option 13 says %zu blocks of 512 bytes; "
		    "'%.150s' has %zu", blocks, r->x->target.file, need);
}

/* The words of a line, without the options between them. */
static const char *
next_word(const char *p, const char *end, char *buf, size_t cap)
{
	size_t n = 0;

	do {
		while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
			p++;
		for (n = 0; p < end && *p != ' ' && *p != '\t' && *p != '\r';
		    p++) {
			if (n + 1 < cap)
				buf[n++] = *p;
		}
		buf[n] = '\0';
	} while (buf[0] == '-');
	return p;
}

/*
 * A script that was loaded by TFTP goes on with files of the same server:
 * a name without a scheme is relative to the script's own.
 */
static void
script_line(const struct rules *r, const struct filekind *f, const char *line,
    const char *end, unsigned int number)
{
	static const char *const loads[] = {
		"chain", "kernel", "initrd", "imgfetch", "imgload", "imgexec",
		"module", "boot", "imgverify",
	};
	char word[WORD_LEN];
	char path[PATH_LEN];
	const struct filekind *other = NULL;
	bool is_load = false;

	line = next_word(line, end, word, sizeof(word));
	for (size_t i = 0; i < ARRAY_LEN(loads); i++)
		is_load = is_load || strcmp(word, loads[i]) == 0;
	(void)next_word(line, end, word, sizeof(word));
	/* settings are known only there; "chain name || ..." has no options */
	if (!is_load || !word[0] || strstr(word, "${") || strchr(word, ':') ||
	    word[0] == '|' || word[0] == '&')
		return;
	(void)snprintf(path, sizeof(path), "%s%s", word[0] == '/' ? "" :
	    f->folder, word);
	if (filekind_get(r->c->files, path, false, &other) == 0 ||
	    (!strchr(word, '.') && !strchr(word, '/')))
		return;                 /* may be the name of an image */
	rules_flaw(r->v, "tftp-file-not-found", 0, FAULT_WARNING, "line %u of "
	    "the script '%.100s' loads '%.100s', which is not in the TFTP "
	    "root", number, r->x->target.file, path);
}

static void
script(const struct rules *r, const struct filekind *f)
{
	const char *p = f->text;

	for (unsigned int number = 1; p && *p; number++) {
		const char *end = p + strcspn(p, "\n");

		script_line(r, f, p, end, number);
		p = *end ? end + 1 : end;
	}
}

void
rules_beside(const struct rules *r, const struct filekind *f)
{
	boot_size(r, f);
	if (f->len > (size_t)BLOCKS_MAX * BLOCK_LEN)
		rules_flaw(r->v, "tftp-block-rollover", 0, FAULT_WARNING,
		    "'%.150s' has more than 65535 blocks of %d bytes: not "
		    "every TFTP server and client counts on from 0",
		    r->x->target.file, BLOCK_LEN);
	if (r->v->end == RULES_END_FAULT)
		return;
	if (f->file.kind == BOOTFILE_SHIM)
		shim(r, f);
	if (!f->is_read)
		return;
	switch (f->file.kind) {
	case BOOTFILE_PXELINUX:
	case BOOTFILE_SYSLINUX_EFI:
		syslinux(r, f);
		break;
	case BOOTFILE_GRUB:
		grub(r, f);
		break;
	case BOOTFILE_WINDOWS:
		windows(r, f);
		break;
	case BOOTFILE_SCRIPT:
		script(r, f);
		break;
	default:
		break;
	}
}
