#include "firmware/disk.h"

#include "firmware/search.h"

enum {
	SECTOR = 512,
	MBR_TABLE = 446,
	MBR_ENTRIES = 4,
	GPT_ENTRIES_AT = 72,            /* in its header, at the second sector */
	GPT_ENTRY_MIN = 48,
	GPT_ENTRY_MAX = 4096,
	GPT_FIRST_LBA = 32,
};

static size_t
add_part(const void *buf, size_t len, uint64_t lba, uint64_t sectors,
    struct rd *ret, size_t n)
{
	struct rd r;

	if (n >= DISK_PARTS_MAX || lba == 0 || lba > len / SECTOR)
		return n;
	r = rd_at(buf, len, (size_t)lba * SECTOR);
	/* Images are often shorter than the partition is to become. */
	if (sectors < r.left / SECTOR)
		r = search_head(r, (size_t)sectors * SECTOR);
	ret[n] = r;
	return n + 1;
}

static uint64_t
read_le64(struct rd *r)
{
	uint64_t v = rd_le32(r);

	return v | (uint64_t)rd_le32(r) << 32;
}

static size_t
gpt_parts(const void *buf, size_t len, struct rd ret[DISK_PARTS_MAX])
{
	struct rd r = rd_at(buf, len, SECTOR);
	uint64_t lba;
	uint32_t n_entries;
	uint32_t entry_len;
	size_t n = 0;

	if (!search_starts(&r, "EFI PART", 8))
		return 0;
	rd_skip(&r, GPT_ENTRIES_AT);
	lba = read_le64(&r);
	n_entries = rd_le32(&r);
	entry_len = rd_le32(&r);
	if (r.bad || lba > len / SECTOR || entry_len < GPT_ENTRY_MIN ||
	    entry_len > GPT_ENTRY_MAX)
		return 0;
	r = rd_at(buf, len, (size_t)lba * SECTOR);
	for (uint32_t i = 0; i < n_entries && n < DISK_PARTS_MAX; i++) {
		struct rd e = rd_sub(&r, entry_len);
		uint64_t first;
		uint64_t last;

		rd_skip(&e, GPT_FIRST_LBA);
		first = read_le64(&e);
		last = read_le64(&e);
		if (e.bad)
			break;
		if (last >= first)
			n = add_part(buf, len, first, last - first + 1, ret,
			    n);
	}
	return n;
}

size_t
disk_parts(const void *buf, size_t len, struct rd ret[DISK_PARTS_MAX])
{
	struct rd r = rd_at(buf, len, MBR_TABLE);
	size_t n = gpt_parts(buf, len, ret);
	bool is_gpt = n > 0;

	for (int i = 0; !is_gpt && i < MBR_ENTRIES; i++) {
		struct rd e = rd_sub(&r, 16);
		uint8_t type;
		uint64_t lba;

		rd_skip(&e, 4);
		type = rd_u8(&e);
		rd_skip(&e, 3);
		lba = rd_le32(&e);
		if (type != 0)
			n = add_part(buf, len, lba, rd_le32(&e), ret, n);
	}
	if (n == 0)
		ret[n++] = rd_init(buf, len);
	return n;
}
