#include "capture/unpack.h"

#include <archive.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

enum { PACKED_CHUNK = 64 * 1024 };

struct unpack {
	struct archive *archive;
	FILE *from;
	uint8_t chunk[PACKED_CHUNK];
};

/* A pipe gives back one byte and no more, so one must do. */
static bool
begins_packed(int first)
{
	switch (first) {
	case 0x1f:                      /* gzip 1f 8b */
	case 0xfd:                      /* xz fd 37 */
	case 0x28:                      /* zstd 28 b5 */
	case 0x42:                      /* bzip2 42 5a */
	case 0x04:                      /* lz4 04 22 */
		return true;
	default:
		return false;           /* no capture begins so either */
	}
}

static la_ssize_t
read_packed(struct archive *a, void *ctx, const void **ret)
{
	struct unpack *u = ctx;
	size_t n = fread(u->chunk, 1, sizeof(u->chunk), u->from);

	if (n == 0 && ferror(u->from)) {
		archive_set_error(a, EIO, "cannot be read");
		return -1;
	}
	*ret = u->chunk;
	return (la_ssize_t)n;
}

static ssize_t
read_plain(void *ctx, char *buf, size_t size)
{
	struct unpack *u = ctx;
	la_ssize_t n = archive_read_data(u->archive, buf, size);

	if (n >= 0)
		return (ssize_t)n;
	errno = EIO;
	return -1;
}

static int
close_all(void *ctx)
{
	struct unpack *u = ctx;

	(void)archive_read_free(u->archive);
	(void)fclose(u->from);
	free(u);
	return 0;
}

FILE *
unpack_stream(FILE *f)
{
	static const cookie_io_functions_t io = {
		.read = read_plain, .close = close_all,
	};
	struct archive_entry *entry;
	struct unpack *u;
	FILE *out;
	int first = getc(f);

	if (first != EOF)
		(void)ungetc(first, f);
	if (!begins_packed(first))
		return f;
	u = calloc(1, sizeof(*u));
	if (u)
		u->archive = archive_read_new();
	if (!u || !u->archive) {
		free(u);
		(void)fclose(f);
		return NULL;
	}
	u->from = f;
	(void)archive_read_support_filter_all(u->archive);
	(void)archive_read_support_format_raw(u->archive);
	/* what cannot be opened fails when it is read */
	if (archive_read_open(u->archive, u, NULL, read_packed, NULL) ==
	    ARCHIVE_OK)
		(void)archive_read_next_header(u->archive, &entry);
	out = fopencookie(u, "r", io);
	if (!out)
		(void)close_all(u);
	return out;
}
