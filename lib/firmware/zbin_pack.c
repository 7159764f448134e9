/*
 * The way back: a block as iPXE's build packs it. Facts: zbin.h.
 */
#include "firmware/zbin.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>

enum { FRAME_LEN = 4, SLACK = 4096 };

static void
put_le32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

int
zbin_pack(uint8_t *bytes, size_t len, uint8_t **ret, size_t *ret_len)
{
	lzma_options_lzma opts;
	lzma_filter filters[] = {
		{ LZMA_FILTER_LZMA1, &opts }, { LZMA_VLI_UNKNOWN, NULL },
	};
	size_t cap = len + len / 3 + SLACK;
	uint8_t *out = malloc(cap);
	size_t n = FRAME_LEN;

	if (!out || lzma_lzma_preset(&opts, 6 | LZMA_PRESET_EXTREME)) {
		free(out);
		return -ENOMEM;
	}
	opts.lc = 2;
	opts.lp = 0;
	opts.pb = 0;
	zbin_filter(bytes, len);
	if (lzma_raw_buffer_encode(filters, NULL, bytes, len, out, &n,
	    cap - FRAME_LEN) != LZMA_OK) {
		free(out);
		return -ENOMEM;
	}
	put_le32(out, (uint32_t)n);     /* the stream, and one more word */
	put_le32(out + n, lzma_crc32(out + FRAME_LEN, n - FRAME_LEN, 0) ^
	    UINT32_MAX);
	*ret = out;
	*ret_len = n + FRAME_LEN;
	return 0;
}
