/* What the TFTP codec accepts, it can write, and read again as the same. */
#include "wire/tftp.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
is_same(const struct tftp_pkt *a, const struct tftp_pkt *b)
{
	if (a->op != b->op || strcmp(a->name, b->name) != 0 ||
	    strcmp(a->mode, b->mode) != 0 || a->block != b->block ||
	    a->error != b->error || strcmp(a->text, b->text) != 0 ||
	    a->data.left != b->data.left || a->opts.n != b->opts.n)
		return false;
	for (size_t i = 0; i < a->opts.n; i++) {
		enum tftp_opt opt = a->opts.order[i];

		if (opt != b->opts.order[i] ||
		    a->opts.value[opt] != b->opts.value[opt])
			return false;
	}
	return a->data.left == 0 ||
	    memcmp(a->data.p, b->data.p, a->data.left) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t buf[TFTP_PKT_MAX];
	struct tftp_pkt pkt, again;
	struct diag diag = { .text = "" };
	struct wr w = wr_init(buf, sizeof(buf));

	if (tftp_parse(data, len, &pkt, &diag) < 0) {
		if (!diag.text[0])
			abort();
		return 0;
	}
	switch (pkt.op) {
	case TFTP_RRQ:
	case TFTP_WRQ:
		tftp_build_request(&w, pkt.op, pkt.name, pkt.mode, &pkt.opts);
		break;
	case TFTP_DATA:
		tftp_build_data(&w, pkt.block, pkt.data.p, pkt.data.left);
		break;
	case TFTP_ACK:
		tftp_build_ack(&w, pkt.block);
		break;
	case TFTP_ERROR:
		tftp_build_error(&w, pkt.error, pkt.text);
		break;
	case TFTP_OACK:
		tftp_build_oack(&w, &pkt.opts);
		break;
	}
	if (w.full || tftp_parse(buf, w.len, &again, NULL) < 0 ||
	    !is_same(&pkt, &again))
		abort();
	return 0;
}
