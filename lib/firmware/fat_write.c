#include "firmware/fat_write.h"

#include "base/bytes.h"
#include "base/util.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SECTOR = 512,
	ENTRY_LEN = 32,
	ROOT_ENTRIES = 512,
	CLUSTERS_MIN = 4200,            /* below 4085 it would be FAT12 */
	CLUSTERS_MAX = 65000,
	CLUSTER_MIN = 1024,             /* 32 entries: a folder has one */
	CLUSTER_MAX = 32768,
	TRACK = 32,                     /* sectors; images are whole ones */
	HEADS = 64,
	N_TABLES = 2,
	ATTR_VOLUME = 0x08,
	ATTR_FOLDER = 0x10,
	ATTR_FILE = 0x20,
	ATTR_LONG = 0x0f,
	LONG_UNITS = 13,
	LONG_LAST = 0x40,
	SHORT_LEN = 11,
	DATE = 0x21,                    /* 1980-01-01, where FAT begins */
	END = 0xffff,
};

struct maker {
	const struct fat_file *files;
	size_t n;
	uint8_t *buf;
	size_t len;
	size_t cluster_len;
	size_t n_clusters;
	size_t table_sectors;
	size_t table_at;
	size_t data_at;
	uint16_t next;                  /* free cluster */
};

static void
put_le16(struct wr *w, uint16_t v)
{
	wr_u8(w, (uint8_t)v);
	wr_u8(w, (uint8_t)(v >> 8));
}

static void
put_le32(struct wr *w, uint32_t v)
{
	put_le16(w, (uint16_t)v);
	put_le16(w, (uint16_t)(v >> 16));
}

/* Room for content that is known, rounded up to clusters. */
static int
lay_out(struct maker *m)
{
	size_t sectors;

	for (m->cluster_len = CLUSTER_MIN; ; m->cluster_len *= 2) {
		if (m->cluster_len > CLUSTER_MAX)
			return -EFBIG;
		/* one for each folder that its path may have */
		m->n_clusters = m->n * FAT_DEPTH_MAX;
		for (size_t i = 0; i < m->n; i++)
			m->n_clusters += m->files[i].len / m->cluster_len + 1;
		if (m->n_clusters <= CLUSTERS_MAX)
			break;
	}
	if (m->n_clusters < CLUSTERS_MIN)
		m->n_clusters = CLUSTERS_MIN;
	m->table_sectors = (m->n_clusters + 2) * 2 / SECTOR + 1;
	m->table_at = SECTOR;
	m->data_at = SECTOR + N_TABLES * m->table_sectors * SECTOR +
	    ROOT_ENTRIES * ENTRY_LEN;
	sectors = (m->data_at + m->n_clusters * m->cluster_len) / SECTOR;
	sectors = (sectors + TRACK - 1) / TRACK * TRACK;
	m->len = sectors * SECTOR;
	m->next = 2;
	return 0;
}

static void
put_boot_sector(const struct maker *m, const char *label)
{
	/* A loop without end, should a BIOS be told to start it. */
	static const uint8_t jump[] = { 0xeb, 0xfe, 0x90 };
	struct wr w = wr_init(m->buf, SECTOR);
	char padded[SHORT_LEN + 1];

	(void)snprintf(padded, sizeof(padded), "%-11.11s", label);
	wr_bytes(&w, jump, sizeof(jump));
	wr_str(&w, "pxetool ");
	put_le16(&w, SECTOR);
	wr_u8(&w, (uint8_t)(m->cluster_len / SECTOR));
	put_le16(&w, 1);                /* this sector */
	wr_u8(&w, N_TABLES);
	put_le16(&w, ROOT_ENTRIES);
	put_le16(&w, 0);
	wr_u8(&w, 0xf8);                /* a fixed disk */
	put_le16(&w, (uint16_t)m->table_sectors);
	put_le16(&w, TRACK);
	put_le16(&w, HEADS);
	put_le32(&w, 0);
	put_le32(&w, (uint32_t)(m->len / SECTOR));
	wr_u8(&w, 0x80);
	wr_u8(&w, 0);
	wr_u8(&w, 0x29);                /* the next three are there */
	put_le32(&w, 0x50584554);
	wr_str(&w, padded);
	wr_str(&w, "FAT16   ");
	wr_zero(&w, SECTOR - 2 - w.len);
	wr_u16(&w, 0x55aa);
}

/* @n clusters in a row. */
static uint16_t
take_clusters(struct maker *m, size_t n)
{
	uint16_t first = m->next;

	for (size_t t = 0; t < N_TABLES; t++) {
		size_t at = m->table_at + t * m->table_sectors * SECTOR +
		    (size_t)first * 2;
		struct wr w = wr_init(&m->buf[at], n * 2);

		for (size_t i = 1; i <= n; i++)
			put_le16(&w, (uint16_t)(i == n ? END : first + i));
	}
	m->next = (uint16_t)(m->next + n);
	return first;
}

static uint8_t *
cluster_bytes(const struct maker *m, uint16_t cluster)
{
	return &m->buf[m->data_at + (size_t)(cluster - 2) * m->cluster_len];
}

/* Return: false if the name needs a long one beside it. */
static bool
short_name(const char *name, size_t len, unsigned int nth, char *ret)
{
	const char *dot = memrchr(name, '.', len);
	size_t stem = dot ? (size_t)(dot - name) : len;
	size_t suffix = dot ? len - stem - 1 : 0;
	bool fits = stem <= 8 && suffix <= 3;
	size_t keep = fits ? stem : min_size(stem, 6);

	memset(ret, ' ', SHORT_LEN);
	for (size_t i = 0; i < keep; i++)
		ret[i] = (char)toupper((unsigned char)name[i]);
	for (size_t i = 0; i < min_size(suffix, 3); i++)
		ret[8 + i] = (char)toupper((unsigned char)dot[1 + i]);
	if (!fits) {
		ret[keep] = '~';
		ret[keep + 1] = (char)('0' + nth % 10);
	}
	return fits;
}

static void
put_long_name(struct wr *w, const char *name, size_t len, const char *short11)
{
	size_t parts = (len + LONG_UNITS - 1) / LONG_UNITS;
	uint8_t sum = 0;

	for (int i = 0; i < SHORT_LEN; i++)
		sum = (uint8_t)((sum << 7 | sum >> 1) + (uint8_t)short11[i]);
	for (size_t p = parts; p > 0; p--) {
		wr_u8(w, (uint8_t)(p | (p == parts ? LONG_LAST : 0)));
		for (size_t i = 0; i < LONG_UNITS; i++) {
			size_t at = (p - 1) * LONG_UNITS + i;

			if (i == 5) {
				wr_u8(w, ATTR_LONG);
				wr_u8(w, 0);
				wr_u8(w, sum);
			}
			if (i == 11)
				put_le16(w, 0);
			put_le16(w, (uint16_t)(at < len ? (uint8_t)name[at] :
			    at == len ? 0 : END));
		}
	}
}

static void
put_entry(struct wr *w, const char *short11, uint8_t attr, uint16_t cluster,
    size_t len)
{
	wr_bytes(w, short11, SHORT_LEN);
	wr_u8(w, attr);
	wr_zero(w, 4);
	put_le16(w, DATE);
	put_le16(w, DATE);
	put_le16(w, 0);
	put_le16(w, 0);
	put_le16(w, DATE);
	put_le16(w, cluster);
	put_le32(w, (uint32_t)len);
}

static uint16_t
put_content(struct maker *m, const struct fat_file *f)
{
	uint16_t first;

	if (f->len == 0)
		return 0;
	first = take_clusters(m, (f->len + m->cluster_len - 1) /
	    m->cluster_len);
	memcpy(cluster_bytes(m, first), f->bytes, f->len);
	return first;
}

/* Did an earlier file already bring this folder, or file? */
static bool
is_known(const struct maker *m, size_t before, size_t prefix, size_t len,
    const char *path)
{
	for (size_t i = 0; i < before; i++) {
		if (strncmp(m->files[i].path, path, prefix + len) == 0 &&
		    m->files[i].path[prefix + len] == '/')
			return true;
	}
	return false;
}

/*
 * All whose path begins with the first @prefix characters of @path.
 * @parent: cluster of the folder above; @self: its own; 0 for the root
 */
static int
put_folder(struct maker *m, struct wr *w, const char *path, size_t prefix,
    uint16_t parent, uint16_t self, int depth)
{
	unsigned int nth = 0;

	if (depth > FAT_DEPTH_MAX)
		return -EINVAL;
	if (self != 0) {
		put_entry(w, ".          ", ATTR_FOLDER, self, 0);
		put_entry(w, "..         ", ATTR_FOLDER, parent, 0);
	}
	for (size_t i = 0; i < m->n; i++) {
		const struct fat_file *f = &m->files[i];
		const char *name = f->path + prefix;
		char short11[SHORT_LEN];
		size_t len;
		uint16_t at;

		if (strncmp(f->path, path, prefix) != 0)
			continue;
		len = strcspn(name, "/");
		if (len == 0 || len > FAT_NAME_MAX)
			return -EINVAL;
		if (name[len] == '/' && is_known(m, i, prefix, len, f->path))
			continue;
		if (!short_name(name, len, ++nth, short11))
			put_long_name(w, name, len, short11);
		if (name[len] != '/') {
			at = put_content(m, f);
			put_entry(w, short11, ATTR_FILE, at, f->len);
		} else {
			struct wr inner;
			int rc;

			at = take_clusters(m, 1);
			inner = wr_init(cluster_bytes(m, at), m->cluster_len);
			put_entry(w, short11, ATTR_FOLDER, at, 0);
			rc = put_folder(m, &inner, f->path, prefix + len + 1,
			    self, at, depth + 1);
			if (rc < 0)
				return rc;
		}
	}
	return w->full ? -EINVAL : 0;
}

int
fat_write(const struct fat_file *files, size_t n, const char *label,
    uint8_t **ret_buf, size_t *ret_len)
{
	struct maker m = { .files = files, .n = n };
	char padded[SHORT_LEN + 1];
	struct wr w;
	int rc;

	if (n > FAT_FILES_MAX)
		return -EINVAL;
	rc = lay_out(&m);
	if (rc < 0)
		return rc;
	m.buf = calloc(1, m.len);
	if (!m.buf)
		return -ENOMEM;
	put_boot_sector(&m, label);
	for (size_t t = 0; t < N_TABLES; t++) {
		w = wr_init(&m.buf[m.table_at + t * m.table_sectors * SECTOR],
		    4);
		put_le16(&w, 0xfff8);
		put_le16(&w, END);
	}
	w = wr_init(&m.buf[m.data_at - ROOT_ENTRIES * ENTRY_LEN],
	    ROOT_ENTRIES * ENTRY_LEN);
	(void)snprintf(padded, sizeof(padded), "%-11.11s", label);
	put_entry(&w, padded, ATTR_VOLUME, 0, 0);
	rc = put_folder(&m, &w, "", 0, 0, 0, 0);
	if (rc < 0) {
		free(m.buf);
		return rc;
	}
	*ret_buf = m.buf;
	*ret_len = m.len;
	return 0;
}
