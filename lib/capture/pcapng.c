#include "capture/pcapng.h"

#include "base/bytes.h"
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_IF_TSRESOL = 9,
	TSRESOL_NS = 9,                 /* 10^-9 s */
	HEAD_MAX = 64,
};

struct pcapng {
	struct file_out *out;           /* NULL: the stream is another's */
	FILE *f;
};

static size_t
padding(size_t len)
{
	return (4 - len % 4) % 4;
}

/* A block is its type, its length, the body, and its length again. */
static void
put_block(struct pcapng *p, uint32_t type, const void *body, size_t len)
{
	uint8_t head[8];
	uint8_t tail[4];
	struct wr h = wr_init(head, sizeof(head));
	struct wr t = wr_init(tail, sizeof(tail));
	uint32_t total = (uint32_t)(sizeof(head) + len + sizeof(tail));

	wr_u32(&h, type);
	wr_u32(&h, total);
	wr_u32(&t, total);
	(void)fwrite(head, 1, sizeof(head), p->f);
	(void)fwrite(body, 1, len, p->f);
	(void)fwrite(tail, 1, sizeof(tail), p->f);
}

static void
put_start(struct pcapng *p, int link)
{
	uint8_t buf[HEAD_MAX];
	struct wr w = wr_init(buf, sizeof(buf));

	wr_u32(&w, BYTE_ORDER_MAGIC);
	wr_u16(&w, 1);                  /* version 1.0 */
	wr_u16(&w, 0);
	wr_u32(&w, 0xffffffff);         /* the section's length: not told */
	wr_u32(&w, 0xffffffff);
	put_block(p, BLOCK_SECTION, buf, w.len);
	w = wr_init(buf, sizeof(buf));
	wr_u16(&w, (uint16_t)link);
	wr_u16(&w, 0);
	wr_u32(&w, 0);                  /* packets may be of any length */
	wr_u16(&w, OPTION_IF_TSRESOL);
	wr_u16(&w, 1);
	wr_u8(&w, TSRESOL_NS);
	wr_zero(&w, padding(1));
	wr_u32(&w, OPTION_END);
	put_block(p, BLOCK_INTERFACE, buf, w.len);
}

int
pcapng_create(const char *path, int link, struct pcapng **ret,
    struct diag *diag)
{
	struct pcapng *p = calloc(1, sizeof(*p));
	int rc = p ? file_out_open(path, &p->out, diag) : -ENOMEM;

	if (rc < 0) {
		if (!p)
			diag_set(diag, "out of memory");
		free(p);
		return rc;
	}
	p->f = file_out_stream(p->out);
	put_start(p, link);
	*ret = p;
	return 0;
}

int
pcapng_begin(FILE *f, int link, struct pcapng **ret, struct diag *diag)
{
	struct pcapng *p = calloc(1, sizeof(*p));

	if (!p) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	p->f = f;
	put_start(p, link);
	*ret = p;
	return 0;
}

void
pcapng_add(struct pcapng *p, int64_t time_ns, const void *buf, size_t len,
    size_t wire_len, const char *comment)
{
	static const uint8_t zeros[4] = { 0 };
	size_t comment_len = comment ? strnlen(comment, PCAPNG_COMMENT_MAX) : 0;
	size_t options = comment_len ? 4 + comment_len + padding(comment_len) +
	    4 : 0;
	size_t total = 12 + 20 + len + padding(len) + options;
	uint8_t head[HEAD_MAX];
	struct wr w = wr_init(head, sizeof(head));

	wr_u32(&w, BLOCK_PACKET);
	wr_u32(&w, (uint32_t)total);
	wr_u32(&w, 0);                  /* the interface */
	wr_u32(&w, (uint32_t)((uint64_t)time_ns >> 32));
	wr_u32(&w, (uint32_t)time_ns);
	wr_u32(&w, (uint32_t)len);
	wr_u32(&w, (uint32_t)wire_len);
	(void)fwrite(head, 1, w.len, p->f);
	(void)fwrite(buf, 1, len, p->f);
	(void)fwrite(zeros, 1, padding(len), p->f);
	w = wr_init(head, sizeof(head));
	if (comment_len > 0) {
		wr_u16(&w, OPTION_COMMENT);
		wr_u16(&w, (uint16_t)comment_len);
		(void)fwrite(head, 1, w.len, p->f);
		(void)fwrite(comment, 1, comment_len, p->f);
		(void)fwrite(zeros, 1, padding(comment_len), p->f);
		w = wr_init(head, sizeof(head));
		wr_u32(&w, OPTION_END);
	}
	wr_u32(&w, (uint32_t)total);
	(void)fwrite(head, 1, w.len, p->f);
}

int
pcapng_close(struct pcapng *p, bool keep, struct diag *diag)
{
	int rc = 0;

	if (!p)
		return 0;
	if (p->out) {
		rc = file_out_close(p->out, keep, diag);
	} else if (fflush(p->f) != 0 || ferror(p->f)) {
		rc = errno ? -errno : -EIO;
		diag_sys(diag, rc, "cannot write the capture");
	}
	free(p);
	return rc;
}
