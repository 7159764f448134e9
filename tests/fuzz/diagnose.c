/*
 * diagnose.c - whatever a capture holds, the diagnosis is one: every verdict
 * is healthy, unfinished or a fault with its evidence and a fix, its text is
 * clean, its JSON reads back.
 *
 * Input: frames of Ethernet, each after two bytes of its length, one of how
 * much the capture cut off, and one of how many quarters of a second came
 * before it; or a whole pcap file, as it is.
 */
#include "capture/dissect.h"
#include "diagnose/diagnose.h"
#include "report/diagnose.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FRAMES_MAX = 2000, PCAP_HEAD = 24, QUARTER_NS = 250000000 };

static void
feed(struct diagnose *d, struct dissector *s, const struct capture_frame *f)
{
	struct packet p;
	bool ended;

	if (dissect(s, f, &p) == 0 && diagnose_packet(d, &p, f->number) == 0)
		(void)diagnose_peek(d, &ended);
	packet_release(&p);
}

/* A pcap file of little-endian numbers, without libpcap. */
static void
feed_pcap(struct diagnose *d, struct dissector *s, struct rd r)
{
	rd_skip(&r, PCAP_HEAD);
	for (uint64_t n = 1; n <= FRAMES_MAX && r.left >= 16; n++) {
		struct capture_frame f = { .number = n };
		uint32_t sec = rd_le32(&r);
		uint32_t usec = rd_le32(&r);

		f.time_ns = (int64_t)sec * 1000000000 + (int64_t)usec * 1000;
		f.len = rd_le32(&r);
		f.wire_len = rd_le32(&r);
		f.len = min_size(f.len, r.left);
		if (f.wire_len < f.len)
			f.wire_len = f.len;
		f.buf = rd_take(&r, f.len);
		feed(d, s, &f);
	}
}

static void
feed_frames(struct diagnose *d, struct dissector *s, struct rd r)
{
	int64_t time_ns = 0;

	for (uint64_t n = 1; n <= FRAMES_MAX && r.left > 4; n++) {
		struct capture_frame f = { .number = n };
		size_t want = rd_u16(&r);
		size_t cut = rd_u8(&r);

		time_ns += (int64_t)rd_u8(&r) * QUARTER_NS;
		f.time_ns = time_ns;
		f.len = min_size(want, r.left);
		f.wire_len = f.len + cut;
		f.buf = rd_take(&r, f.len);
		feed(d, s, &f);
	}
}

static void
check_machine(const struct diagnosis_machine *m, const struct diagnosis *o)
{
	if ((m->verdict == DIAGNOSIS_FAULT) != (m->fault != NULL))
		abort();
	if (!m->message || !text_is_clean(m->message, strlen(m->message)))
		abort();
	if (m->fault && (!m->fix || !m->evidence))
		abort();
	if (m->confidence < 0 || m->confidence > 1 ||
	    m->first_frame > m->last_frame || m->last_frame > o->n_frames)
		abort();
	for (const struct diagnosis_evidence *e = m->evidence; e; e = e->next) {
		if (e->frame > o->n_frames || !text_is_clean(e->text,
		    strlen(e->text)))
			abort();
	}
	for (const struct diagnosis_event *ev = m->events; ev; ev = ev->next) {
		if (ev->stage > m->boot->n_stages ||
		    ev->last_frame < ev->frame ||
		    !text_is_clean(ev->text, strlen(ev->text)))
			abort();
	}
}

static void
check(const struct diagnosis *o)
{
	struct sbuf out = SBUF_EMPTY;
	json_t *j;

	for (const struct diagnosis_machine *m = o->machines; m; m = m->next)
		check_machine(m, o);
	report_diagnose_text(o, false, true, &out);
	sbuf_clear(&out);
	if (report_diagnose_json(o, &out) < 0)
		abort();
	j = json_loads(sbuf_str(&out), JSON_REJECT_DUPLICATES, NULL);
	if (!j || json_array_size(json_object_get(j, "machines")) !=
	    o->n_machines)
		abort();
	json_decref(j);
	sbuf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const files[] = { "fuzz.pcap" };
	struct diagnose_conf conf = { .files = files, .n_files = 1 };
	struct rd r = rd_init(data, len);
	struct dissector *s = dissector_new(LINK_ETHERNET);
	struct diagnose *d = diagnose_new(&conf);
	struct diagnosis *o = NULL;

	if (s && d) {
		if (len > PCAP_HEAD && memcmp(data, "\xd4\xc3\xb2\xa1", 4) == 0)
			feed_pcap(d, s, r);
		else
			feed_frames(d, s, r);
		if (diagnose_finish(d, &o, NULL) == 0)
			check(o);
	}
	diagnosis_free(o);
	diagnose_free(d);
	dissector_free(s);
	return 0;
}
