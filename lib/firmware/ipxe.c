#include "firmware/ipxe.h"

#include "base/text.h"
#include "base/util.h"
#include "firmware/search.h"
#include "firmware/zbin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TAG_VERSION = 0xeb,             /* DHCP option 175.235 */
	VERSION_LEN = 3,
	FEATURES_MIN = 2,               /* fewer may be a coincidence */
	FEATURES_MAX = 40,
	FEATURE_LEN = 3,                /* tag, 1, version */
	SCRIPT_MAGIC_LEN = 6,
	FILLER_MAX = 16,                /* between product name and version */
	PREFIX_LEN = 2048,              /* where a BIOS image is plain text */
	SECTOR = 512,
	LKRN_MAGIC = 0x202,
	LKRN_MAX = 8,                   /* how many are tried */
};

/* The order in which iPXE's "Features:" line groups them. */
enum category { PROTOCOLS, IMAGES, MISC, N_CATEGORIES };

static const struct {
	uint8_t tag;
	const char *name;
	enum category category;
} features[] = {
	{ 0x10, "PXEXT",   MISC },
	{ 0x11, "iSCSI",   PROTOCOLS },
	{ 0x12, "AoE",     PROTOCOLS },
	{ 0x13, "HTTP",    PROTOCOLS },
	{ 0x14, "HTTPS",   PROTOCOLS },
	{ 0x15, "TFTP",    PROTOCOLS },
	{ 0x16, "FTP",     PROTOCOLS },
	{ 0x17, "DNS",     PROTOCOLS },
	{ 0x18, "bzImage", IMAGES },
	{ 0x19, "MBOOT",   IMAGES },
	{ 0x1a, "SLAM",    PROTOCOLS },
	{ 0x1b, "SRP",     PROTOCOLS },
	{ 0x20, "NBI",     IMAGES },
	{ 0x21, "PXE",     IMAGES },
	{ 0x22, "ELF",     IMAGES },
	{ 0x23, "COMBOOT", IMAGES },
	{ 0x24, "EFI",     IMAGES },
	{ 0x25, "FCoE",    PROTOCOLS },
	{ 0x26, "VLAN",    PROTOCOLS },
	{ 0x27, "Menu",    MISC },
	{ 0x28, "SDI",     IMAGES },
	{ 0x29, "NFS",     PROTOCOLS },
};

/* The table as found: rows of features[], in link order. */
struct feature_table {
	char version[sizeof("255.255.255")];
	uint8_t rows[FEATURES_MAX];
	size_t n;
	struct rd raw;
};

bool
ipxe_is_script(const void *buf, size_t len)
{
	struct rd r = rd_init(buf, len);
	int c = rd_peek(&r, SCRIPT_MAGIC_LEN);

	if (!search_starts(&r, "#!ipxe", SCRIPT_MAGIC_LEN) &&
	    !search_starts(&r, "#!gpxe", SCRIPT_MAGIC_LEN))
		return false;
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool
ipxe_script_next(struct rd *r, struct rd *ret)
{
	while (search_text(r, "#!")) {
		struct rd start = *r;
		size_t len;

		if (!ipxe_is_script(r->p, r->left)) {
			rd_skip(r, 2);
			continue;
		}
		/* No NUL ends this one: then none ends a later one either. */
		if (!rd_cstr(r, &len))
			return false;
		if (len <= IPXE_SCRIPT_MAX) {
			*ret = rd_sub(&start, len);
			return true;
		}
	}
	return false;
}

static int
feature_row(uint8_t tag)
{
	for (size_t i = 0; i < ARRAY_LEN(features); i++) {
		if (features[i].tag == tag)
			return (int)i;
	}
	return -1;
}

/* @r stands on a version tag: do features follow? */
static bool
read_features(struct rd r, struct feature_table *ret)
{
	struct feature_table t;
	struct rd start = r;
	uint8_t v[VERSION_LEN];

	t.n = 0;
	rd_skip(&r, 2);
	rd_copy(&r, v, sizeof(v));
	while (t.n < FEATURES_MAX && rd_peek(&r, 2) >= 0) {
		int row = feature_row(rd_u8(&r));

		if (row < 0 || rd_u8(&r) != 1)
			break;
		rd_skip(&r, 1);
		t.rows[t.n++] = (uint8_t)row;
	}
	if (t.n < FEATURES_MIN)
		return false;
	snprintf(t.version, sizeof(t.version), "%u.%u.%u", v[0], v[1], v[2]);
	t.raw = rd_sub(&start, 2 + VERSION_LEN + FEATURE_LEN * t.n);
	*ret = t;
	return true;
}

static bool
find_features(struct rd r, struct feature_table *ret)
{
	static const uint8_t tag[] = { TAG_VERSION, VERSION_LEN };

	while (search_bytes(&r, tag, sizeof(tag))) {
		if (read_features(r, ret))
			return true;
		rd_skip(&r, sizeof(tag));
	}
	return false;
}

static void
write_features(const struct feature_table *t, char *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap - 1);

	for (int c = 0; c < N_CATEGORIES; c++) {
		for (size_t i = 0; i < t->n; i++) {
			if ((int)features[t->rows[i]].category != c)
				continue;
			if (w.len > 0)
				wr_u8(&w, ' ');
			wr_str(&w, features[t->rows[i]].name);
		}
	}
	buf[w.len] = '\0';
}

/*
 * The short name from the start-up message, which is the one thing that a
 * rebranded build cannot leave out: ESC [1m NAME %s ESC [0m
 */
static void
find_product(struct rd r, char *buf, size_t cap)
{
	while (search_text(&r, "\033[1m")) {
		struct rd name;

		rd_skip(&r, 4);
		name = r;
		if (search_word(name, "%", buf, cap) > 1 &&
		    search_has(name, strlen(buf) + 10, " %s\033[0m --") &&
		    buf[strlen(buf) - 1] == ' ') {
			buf[strlen(buf) - 1] = '\0';
			return;
		}
	}
	text_copy(buf, cap, "iPXE");
}

/* Is there a "name.ext" that iPXE builds, ending in front of @at? */
static void
name_before(const struct rd *whole, size_t at, char *buf, size_t cap)
{
	static const char *const suffixes[] = {
		".pxe", ".kpxe", ".kkpxe", ".kkkpxe", ".lkrn", ".rom", ".mrom",
		".pcirom", ".hrom", ".xrom", ".isarom", ".dsk", ".sdsk",
		".hd", ".usb", ".iso", ".liso", ".nbi", ".raw", ".exe", ".efi",
		".efidrv", ".efirom",
	};
	size_t end = at;
	size_t start;
	char name[BOOTFILE_VERSION_MAX];
	const char *dot;

	while (end > 0 && at - end < FILLER_MAX &&
	    rd_peek(whole, end - 1) == '\0')
		end--;
	for (start = end; start > 0 && end - start < sizeof(name) - 1;
	    start--) {
		int c = rd_peek(whole, start - 1);

		if (c <= ' ' || c > '~')
			break;
	}
	search_word(rd_at(whole->p, end, start), "", name, sizeof(name));
	dot = strrchr(name, '.');
	for (size_t i = 0; dot && dot > name && i < ARRAY_LEN(suffixes); i++) {
		if (strcmp(dot, suffixes[i]) == 0)
			text_copy(buf, cap, name);
	}
}

/* The version stands behind the product's name, and the build name before. */
static void
find_version(struct rd whole, const char *number, struct bootfile *f)
{
	struct rd r = whole;

	while (search_bytes(&r, f->product, strlen(f->product) + 1)) {
		size_t at = r.at;
		struct rd v;

		rd_skip(&r, strlen(f->product) + 1);
		v = r;
		for (int i = 0; i < FILLER_MAX; i++) {
			int c = rd_peek(&v, 0);

			/* NUL, or the assembler's two ways to do nothing */
			if (c != 0x00 && c != 0x66 && c != 0x90)
				break;
			rd_skip(&v, 1);
		}
		if (!search_starts(&v, number, strlen(number)))
			continue;
		search_word(v, "", f->version, sizeof(f->version));
		name_before(&whole, at, f->build_name, sizeof(f->build_name));
		return;
	}
	text_copy(f->version, sizeof(f->version), number);
}

/*
 * elf2efi leaves a debug record whose "PDB file" is the name of the build:
 * RSDS, a GUID of zeros, an age, the name.
 */
static void
find_debug_name(struct rd r, char *buf, size_t cap)
{
	static const uint8_t record[] = {
		'R', 'S', 'D', 'S', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};

	if (!search_bytes(&r, record, sizeof(record)))
		return;
	rd_skip(&r, sizeof(record) + 4);
	search_word(r, "", buf, cap);
}

static int
take_script(struct rd r, struct bootfile *f)
{
	struct rd script;

	if (!ipxe_script_next(&r, &script))
		return 0;
	f->script = malloc(script.left + 1);
	if (!f->script)
		return -ENOMEM;
	f->script_len = script.left;
	rd_copy(&script, f->script, f->script_len);
	f->script[f->script_len] = '\0';
	return 0;
}

/* Return: 1 if @payload has a feature table; 0; -ENOMEM. */
static int
describe(struct rd payload, struct bootfile *ret)
{
	struct bootfile f = *ret;
	struct feature_table t;

	if (!find_features(payload, &t))
		return 0;
	find_product(payload, f.product, sizeof(f.product));
	f.kind = strcmp(f.product, "gPXE") == 0 ? BOOTFILE_GPXE :
	    BOOTFILE_IPXE;
	write_features(&t, f.features, sizeof(f.features));
	if (t.raw.left <= sizeof(f.option)) {
		f.option_len = t.raw.left;
		rd_copy(&t.raw, f.option, f.option_len);
	}
	find_version(payload, t.version, &f);
	if (f.build_name[0] == '\0')
		find_debug_name(payload, f.build_name, sizeof(f.build_name));
	if (take_script(payload, &f) < 0)
		return -ENOMEM;
	*ret = f;
	return 1;
}

/*
 * Before 2015 the blocks were packed by another algorithm, and those of a
 * file cut short are gone: the product is known only by what its plain
 * prefix prints.
 */
static int
describe_old(struct rd whole, struct bootfile *ret)
{
	bool gpxe;

	if (!search_has(whole, PREFIX_LEN, "PXE->EB:"))
		return 0;
	gpxe = search_has(whole, PREFIX_LEN, "gPXE") ||
	    search_has(whole, PREFIX_LEN, "etherboot.org");
	ret->kind = gpxe ? BOOTFILE_GPXE : BOOTFILE_IPXE;
	text_copy(ret->product, sizeof(ret->product), gpxe ? "gPXE" :
	    "iPXE or gPXE");
	return 1;
}

/* The unpacked block that has the feature table; 1, 0 or -ENOMEM. */
static int
find_block(const void *buf, size_t len, enum zbin_framing framing,
    struct zbin_block *ret)
{
	struct zbin_scan scan = zbin_scan_init(buf, len, framing);
	struct zbin_block b;
	int rc;

	while ((rc = zbin_next(&scan, &b)) > 0) {
		struct feature_table t;

		if (find_features(rd_init(b.bytes, b.len), &t)) {
			*ret = b;
			return 1;
		}
		zbin_block_release(&b);
	}
	return rc;
}

/*
 * Inside a file system a scan from the start may use up its allowance on
 * what only looks like blocks: begin again at each .lkrn, which begins with
 * a sector.
 */
static int
find_lkrn(struct rd whole, struct zbin_block *ret)
{
	struct rd r = whole;
	int rc = 0;

	for (int n = 0; n < LKRN_MAX && rc == 0; ) {
		struct rd start = whole;

		if (!search_text(&r, "HdrS"))
			break;
		if (r.at % SECTOR == LKRN_MAGIC % SECTOR &&
		    r.at > LKRN_MAGIC) {
			rd_skip(&start, r.at - LKRN_MAGIC);
			rc = find_block(start.p, start.left, ZBIN_FRAMED, ret);
			n++;
		}
		rd_skip(&r, 4);
	}
	return rc;
}

static int
find_packed(const void *buf, size_t len, struct zbin_block *ret)
{
	struct rd whole = rd_init(buf, len);
	int rc = find_block(buf, len, ZBIN_FRAMED, ret);

	if (rc == 0 && search_has(whole, PREFIX_LEN, "PXE->EB:"))
		rc = find_block(buf, len, ZBIN_BARE, ret);
	if (rc == 0)
		rc = find_lkrn(whole, ret);
	return rc;
}

int
ipxe_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd whole = rd_init(buf, len);
	struct zbin_block b = { 0 };
	int rc;

	rc = find_packed(buf, len, &b);
	if (rc > 0)
		rc = describe(rd_init(b.bytes, b.len), ret);
	else if (rc == 0)
		rc = describe(search_head(whole, IPXE_PLAIN_MAX), ret);
	if (rc == 0)
		rc = describe_old(whole, ret);
	zbin_block_release(&b);
	return rc;
}

int
ipxe_payload(const void *buf, size_t len, uint8_t **ret_bytes,
    size_t *ret_len)
{
	struct rd whole = search_head(rd_init(buf, len), IPXE_PLAIN_MAX);
	struct zbin_block b = { 0 };
	struct feature_table t;
	int rc;

	rc = find_packed(buf, len, &b);
	if (rc < 0)
		return rc;
	if (rc == 0) {
		if (!find_features(whole, &t))
			return -ENODATA;
		b.bytes = malloc(whole.left);
		if (!b.bytes)
			return -ENOMEM;
		b.len = whole.left;
		rd_copy(&whole, b.bytes, b.len);
	}
	*ret_bytes = b.bytes;
	*ret_len = b.len;
	return 0;
}
