#include "firmware/fat.h"

#include "base/text.h"
#include "base/util.h"
#include "firmware/search.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ENTRY_LEN = 32,
	ENTRY_END = 0x00,
	ENTRY_GONE = 0xe5,
	ATTR_VOLUME = 0x08,
	ATTR_FOLDER = 0x10,
	ATTR_LONG = 0x0f,
	CASE_NAME = 0x08,               /* lower case, as Windows NT notes it */
	CASE_SUFFIX = 0x10,
	LONG_LAST = 0x40,
	LONG_UNITS = 13,                /* UTF-16 units in an entry */
	LONG_MAX = 20,                  /* entries of a name */
	DEPTH_MAX = 8,
	FILE_MAX = 256 * 1024 * 1024,
	FOLDER_MAX = 2 * 1024 * 1024,   /* 65536 entries */
	FAT12_MAX = 4085,               /* that many clusters are FAT16 */
};

struct fat {
	struct rd vol;
	unsigned int bits;              /* 12, 16, 32 */
	size_t cluster_len;             /* bytes */
	uint32_t n_clusters;
	size_t table_at;
	size_t data_at;                 /* of cluster 2 */
	size_t root_at;                 /* FAT12 and FAT16 */
	size_t root_len;
	uint32_t root;                  /* FAT32: its first cluster */
};

struct walk {
	struct fat fat;
	struct pack_budget *budget;
	const struct pack_sink *sink;
	int n;
};

/* One entry of a folder, and the long name that stood before it. */
struct entry {
	char name[LONG_UNITS * LONG_MAX * 3 + 1];
	uint8_t attr;
	uint32_t cluster;
	uint32_t size;
};

static int
fat_open(struct rd vol, struct fat *ret)
{
	struct fat f = { .vol = vol };
	struct rd r = vol;
	int jump = rd_u8(&r);
	size_t sector;
	size_t reserved;
	size_t n_tables;
	size_t table_len;
	uint64_t sectors;

	rd_skip(&r, 10);
	sector = rd_le16(&r);
	f.cluster_len = rd_u8(&r) * sector;
	reserved = rd_le16(&r);
	n_tables = rd_u8(&r);
	f.root_len = (size_t)rd_le16(&r) * ENTRY_LEN;
	sectors = rd_le16(&r);
	rd_skip(&r, 1);                 /* media */
	table_len = rd_le16(&r);
	rd_skip(&r, 8);                 /* geometry, sectors before */
	if (sectors == 0)
		sectors = rd_le32(&r);
	else
		rd_skip(&r, 4);
	if (table_len == 0) {           /* FAT32 */
		table_len = rd_le32(&r);
		rd_skip(&r, 4);
		f.root = rd_le32(&r);
	}
	if (r.bad || (jump != 0xeb && jump != 0xe9) || f.cluster_len == 0 ||
	    (sector & (sector - 1)) != 0 || sector < 512 || sector > 4096 ||
	    reserved == 0 || n_tables == 0 || table_len == 0)
		return -EBADMSG;
	f.table_at = reserved * sector;
	f.root_at = f.table_at + n_tables * table_len * sector;
	f.data_at = f.root_at + (f.root_len + sector - 1) / sector * sector;
	if (f.data_at >= sectors * sector)
		return -EBADMSG;
	f.n_clusters = (uint32_t)((sectors * sector - f.data_at) /
	    f.cluster_len);
	/* As Linux has it: makers of small FAT32 disks ignore the limit. */
	f.bits = f.root != 0 ? 32 : f.n_clusters < FAT12_MAX ? 12 : 16;
	*ret = f;
	return 0;
}

/* The cluster that comes after; 0 if none does. */
static uint32_t
next_cluster(const struct fat *f, uint32_t cluster)
{
	struct rd r = f->vol;
	uint32_t next;

	rd_skip(&r, f->table_at + (size_t)cluster * f->bits / 8);
	if (f->bits == 32) {
		next = rd_le32(&r) & 0x0fffffff;
	} else {
		next = rd_le16(&r);
		if (f->bits == 12)
			next = cluster & 1 ? next >> 4 : next & 0x0fff;
	}
	return next >= 2 && next - 2 < f->n_clusters ? next : 0;
}

/*
 * The bytes of a chain, at most @max; a chain that bends back is cut there,
 * as is one that leaves the image.
 */
static int
read_chain(const struct fat *f, uint32_t cluster, size_t max, uint8_t **ret,
    size_t *ret_len)
{
	size_t cap = min_size(max, f->vol.left);
	uint8_t *buf = malloc(cap + 1);
	struct wr w = wr_init(buf, cap);

	if (!buf)
		return -ENOMEM;
	while (cluster >= 2 && cluster - 2 < f->n_clusters && w.len < cap) {
		struct rd r = f->vol;
		size_t n = min_size(f->cluster_len, cap - w.len);

		rd_skip(&r, f->data_at +
		    (size_t)(cluster - 2) * f->cluster_len);
		n = min_size(n, r.left);
		if (n == 0)
			break;
		wr_bytes(&w, r.p, n);
		cluster = next_cluster(f, cluster);
	}
	*ret = buf;
	*ret_len = w.len;
	return 0;
}

/* "KERNEL  IMG" is kernel.img, or KERNEL.IMG, as two bits tell. */
static void
short_name(struct rd r, uint8_t flags, char *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap - 1);

	for (int i = 0; i < 11; i++) {
		int c = rd_u8(&r);
		uint8_t lower = i < 8 ? CASE_NAME : CASE_SUFFIX;

		if (c == ' ')
			continue;
		if (i >= 8 && !memchr(buf, '.', w.len))
			wr_u8(&w, '.');
		wr_u8(&w, (uint8_t)(flags & lower ? tolower(c) : c));
	}
	buf[w.len] = '\0';
}

/* The units of one part, put where they belong in the name. */
static void
long_part(struct rd r, uint16_t *units)
{
	int order = rd_u8(&r) & ~LONG_LAST;

	if (order < 1 || order > LONG_MAX)
		return;
	for (int i = 0; i < LONG_UNITS; i++) {
		if (i == 5)
			rd_skip(&r, 3);         /* attribute, type, checksum */
		if (i == 11)
			rd_skip(&r, 2);         /* first cluster, always 0 */
		units[(order - 1) * LONG_UNITS + i] = rd_le16(&r);
	}
}

/* As UTF-8; the halves of pairs are left out as what they are not. */
static void
long_name(const uint16_t *units, char *buf, size_t cap)
{
	struct wr w = wr_init(buf, cap - 1);

	for (int i = 0; i < LONG_UNITS * LONG_MAX && units[i] != 0; i++) {
		uint16_t c = units[i];

		if (c < 0x80) {
			wr_u8(&w, (uint8_t)c);
		} else if (c < 0x800) {
			wr_u8(&w, (uint8_t)(0xc0 | c >> 6));
			wr_u8(&w, (uint8_t)(0x80 | (c & 0x3f)));
		} else if (c < 0xd800 || c > 0xdfff) {
			wr_u8(&w, (uint8_t)(0xe0 | c >> 12));
			wr_u8(&w, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
			wr_u8(&w, (uint8_t)(0x80 | (c & 0x3f)));
		}
	}
	buf[w.len] = '\0';
}

/* The next file or folder. Return: false at the end of the folder. */
static bool
next_entry(struct rd *folder, struct entry *ret)
{
	uint16_t units[LONG_UNITS * LONG_MAX] = { 0 };

	while (folder->left >= ENTRY_LEN) {
		struct rd e = rd_sub(folder, ENTRY_LEN);
		struct rd r = e;
		int first = rd_peek(&e, 0);
		uint8_t flags;

		rd_skip(&r, 11);
		ret->attr = rd_u8(&r);
		flags = rd_u8(&r);
		if (first == ENTRY_END)
			return false;
		if (first != ENTRY_GONE && ret->attr == ATTR_LONG) {
			long_part(e, units);
			continue;
		}
		if (first == ENTRY_GONE || first == '.' ||
		    ret->attr & ATTR_VOLUME) {
			memset(units, 0, sizeof(units));
			continue;
		}
		rd_skip(&r, 7);
		ret->cluster = (uint32_t)rd_le16(&r) << 16;
		rd_skip(&r, 4);
		ret->cluster |= rd_le16(&r);
		ret->size = rd_le32(&r);
		if (units[0] != 0)
			long_name(units, ret->name, sizeof(ret->name));
		else
			short_name(e, flags, ret->name, sizeof(ret->name));
		return true;
	}
	return false;
}

static int
hand_over(struct walk *w, const struct entry *e, const char *path)
{
	struct pack_member m = { .path = path, .size = e->size };
	uint8_t *bytes = NULL;
	int rc = 0;

	if (!w->sink->names_only) {
		if (e->size > FILE_MAX || !pack_take(w->budget, e->size)) {
			w->budget->spent = true;
			return 1;
		}
		rc = read_chain(&w->fat, e->cluster, e->size, &bytes, &m.len);
		m.bytes = bytes;
	}
	if (rc == 0) {
		w->n++;
		rc = w->sink->member(w->sink->ctx, &m);
	}
	free(bytes);
	return rc;
}

/* @path: of the folder, with a slash at its end; "" for the root */
static int
walk_folder(struct walk *w, struct rd folder, const char *path, int depth)
{
	char at[PACK_PATH_MAX];
	struct entry e;
	int rc = 0;

	while (rc == 0 && next_entry(&folder, &e)) {
		bool is_folder = e.attr & ATTR_FOLDER;
		uint8_t *bytes = NULL;
		size_t len;

		if (w->fat.bits != 32)
			e.cluster &= 0xffff;
		if (snprintf(at, sizeof(at), "%s%s%s", path, e.name,
		    is_folder ? "/" : "") >= (int)sizeof(at))
			continue;
		if (!is_folder) {
			rc = hand_over(w, &e, at);
			continue;
		}
		/* A folder that is its own child costs budget all the same. */
		if (depth >= DEPTH_MAX || !pack_take(w->budget, 0)) {
			w->budget->spent = true;
			continue;
		}
		rc = read_chain(&w->fat, e.cluster, FOLDER_MAX, &bytes, &len);
		if (rc == 0)
			rc = walk_folder(w, rd_init(bytes, len), at,
			    depth + 1);
		free(bytes);
	}
	return rc;
}

int
fat_walk(struct rd vol, struct pack_budget *budget,
    const struct pack_sink *sink)
{
	struct walk w = { .budget = budget, .sink = sink };
	uint8_t *root = NULL;
	size_t len = 0;
	struct rd r;
	int rc;

	vol = rd_init(vol.p, vol.left);
	rc = fat_open(vol, &w.fat);
	if (rc < 0)
		return rc;
	if (w.fat.bits == 32) {
		rc = read_chain(&w.fat, w.fat.root, FOLDER_MAX, &root, &len);
		if (rc < 0)
			return rc;
		r = rd_init(root, len);
	} else {
		r = vol;
		rd_skip(&r, w.fat.root_at);
		r = search_head(r, w.fat.root_len);
	}
	rc = walk_folder(&w, r, "", 0);
	free(root);
	return rc < 0 ? rc : w.n;
}
