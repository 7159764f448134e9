/*
 * walk_pcap.c - what was said in a boot, as a capture file with comments.
 */
#include "capture/pcapng.h"
#include "client/comment.h"
#include "client/walk_internal.h"
#include "wire/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A frame that waits for the next one: the last has the verdict. */
struct held_frame {
	bool is_set;
	struct sniff_frame frame;
	uint8_t *copy;                  /* SNIFF_FRAME_MAX bytes */
	struct sbuf comment;
};

static void
let_go(struct held_frame *h, struct pcapng *out)
{
	if (!h->is_set)
		return;
	pcapng_add(out, h->frame.time_ns, h->copy, h->frame.len,
	    h->frame.wire_len, sbuf_str(&h->comment));
	sbuf_clear(&h->comment);
	h->is_set = false;
}

static void
hold(struct held_frame *h, const struct sniff_frame *f, const char *comment)
{
	h->frame = *f;
	memcpy(h->copy, f->buf, f->len);
	sbuf_add(&h->comment, comment);
	h->is_set = true;
}

static int
copy_frames(struct walk *w, struct commenter *c, struct held_frame *h,
    struct pcapng *out)
{
	struct capture_frame frame = { .number = 0 };
	struct sbuf comment = SBUF_EMPTY;
	struct sniff_frame f;
	int rc;

	while ((rc = sniff_next(w->sniff, &f)) > 0) {
		frame = (struct capture_frame){
			.number = frame.number + 1, .time_ns = f.time_ns,
			.buf = f.buf, .len = f.len, .wire_len = f.wire_len,
		};
		rc = commenter_look(c, &frame, &comment);
		if (rc < 0)
			break;
		if (rc > 0) {
			let_go(h, out);
			hold(h, &f, sbuf_str(&comment));
		}
		sbuf_clear(&comment);
	}
	sbuf_release(&comment);
	return rc;
}

static void
finish(struct walk *w, struct held_frame *h, unsigned int lost,
    struct pcapng *out)
{
	if (h->comment.len)
		sbuf_add(&h->comment, "\n");
	comment_verdict(w->boot, &h->comment);
	if (lost)
		sbuf_printf(&h->comment, "\n%u frames were not captured", lost);
	let_go(h, out);
}

int
walk_pcap_open(struct walk *w, struct diag *diag)
{
	int rc = pcapng_create(w->conf->pcap, LINK_ETHERNET, &w->pcapng, diag);

	if (rc == 0)
		rc = sniff_open(attach_iface(w->net), &w->sniff, diag);
	return rc;
}

int
walk_pcap_write(struct walk *w, struct diag *diag)
{
	struct held_frame h = { .copy = malloc(SNIFF_FRAME_MAX) };
	struct commenter *c = commenter_new(w->boot, attach_netns(w->net));
	struct pcapng *out = w->pcapng;
	unsigned int lost = 0;
	int rc = h.copy && c ? 0 : -ENOMEM;

	if (rc == 0)
		rc = sniff_stop(w->sniff, &lost);
	if (rc == 0)
		rc = copy_frames(w, c, &h, out);
	if (rc < 0) {
		diag_sys(diag, rc, "cannot capture");
	} else {
		finish(w, &h, lost, out);
		w->pcapng = NULL;
		rc = pcapng_close(out, true, diag);
	}
	sbuf_release(&h.comment);
	free(h.copy);
	commenter_free(c);
	return rc;
}

void
walk_pcap_close(struct walk *w)
{
	sniff_close(w->sniff);
	(void)pcapng_close(w->pcapng, false, NULL);
}
