#include "firmware/pack.h"

#include "base/clock.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	MEMBER_MAX = 256 * 1024 * 1024,
	CHUNK = 64 * 1024,
};

bool
pack_take(struct pack_budget *budget, uint64_t size)
{
	if (budget->members == 0 || size > budget->bytes ||
	    clock_now_ms() > budget->deadline_ms) {
		budget->spent = true;
		return false;
	}
	budget->members--;
	budget->bytes -= size;
	return true;
}

/*
 * One by one: "all" would have filters among them that run programs of the
 * host, and formats that boot files do not come in.
 */
static void
support(struct archive *a)
{
	(void)archive_read_support_filter_gzip(a);
	(void)archive_read_support_filter_bzip2(a);
	(void)archive_read_support_filter_xz(a);
	(void)archive_read_support_filter_lzma(a);
	(void)archive_read_support_filter_zstd(a);
	(void)archive_read_support_filter_lz4(a);
	(void)archive_read_support_format_iso9660(a);
	(void)archive_read_support_format_tar(a);
	(void)archive_read_support_format_cpio(a);
	(void)archive_read_support_format_zip(a);
	(void)archive_read_support_format_ar(a);
	(void)archive_read_support_format_raw(a);
}

/* The size in its header is only a promise. */
static int
read_member(struct archive *a, struct pack_budget *budget, uint8_t **ret,
    size_t *ret_len)
{
	uint8_t *buf = NULL;
	size_t cap = 0;
	size_t len = 0;

	for (;;) {
		uint8_t *grown;
		la_ssize_t n;

		if (cap - len < CHUNK) {
			cap = cap ? cap * 2 : 4 * (size_t)CHUNK;
			grown = realloc(buf, cap);
			if (!grown) {
				free(buf);
				return -ENOMEM;
			}
			buf = grown;
		}
		n = archive_read_data(a, &buf[len], CHUNK);
		if (n <= 0)
			break;
		len += (size_t)n;
		if (len > MEMBER_MAX || (uint64_t)n > budget->bytes ||
		    clock_now_ms() > budget->deadline_ms) {
			budget->spent = true;
			break;
		}
		budget->bytes -= (uint64_t)n;
	}
	*ret = buf;
	*ret_len = len;
	return 0;
}

static int
hand_over(struct archive *a, struct archive_entry *entry,
    struct pack_budget *budget, const struct pack_sink *sink)
{
	const char *path = archive_entry_pathname(entry);
	uint8_t *bytes = NULL;
	struct pack_member m = {
		.path = path && archive_format(a) != ARCHIVE_FORMAT_RAW ?
		    path : "",
		.size = archive_entry_size_is_set(entry) ?
		    (uint64_t)archive_entry_size(entry) : 0,
	};
	int rc = 0;

	if (!sink->names_only)
		rc = read_member(a, budget, &bytes, &m.len);
	if (rc == 0) {
		m.bytes = bytes;
		if (bytes)
			m.size = m.len;
		rc = sink->member(sink->ctx, &m);
	}
	free(bytes);
	return rc;
}

int
pack_walk(const void *buf, size_t len, struct pack_budget *budget,
    const struct pack_sink *sink)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int rc = -ENOMEM;
	int n = 0;

	if (!a)
		goto out;
	support(a);
	rc = -EBADMSG;
	if (archive_read_open_memory(a, buf, len) != ARCHIVE_OK)
		goto out;
	for (rc = 0; rc == 0; n++) {
		int got = archive_read_next_header(a, &entry);

		if (got != ARCHIVE_OK && got != ARCHIVE_WARN) {
			if (n == 0 && got != ARCHIVE_EOF)
				rc = -EBADMSG;
			break;
		}
		/* Bytes that are not compressed are no archive of one file. */
		if (archive_format(a) == ARCHIVE_FORMAT_RAW &&
		    archive_filter_count(a) <= 1) {
			rc = -EBADMSG;
			break;
		}
		if (!pack_take(budget, 0))
			break;
		if (archive_entry_filetype(entry) != AE_IFREG &&
		    archive_format(a) != ARCHIVE_FORMAT_RAW)
			continue;
		rc = hand_over(a, entry, budget, sink);
	}
out:
	archive_read_free(a);
	return rc < 0 ? rc : n;
}
