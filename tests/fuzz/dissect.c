/*
 * dissect.c - whatever the frames are, what is said of them is clean: text
 * that may go to a terminal, and JSON that reads back, with the same summary.
 * A frame that is whole and good is never malformed when it is cut; nor is a
 * message when its addresses and names are others.
 *
 * Input: a byte that picks the link type; then frames, each after two bytes
 * of its length and one byte of how much the capture cut off.
 */
#include "capture/anonymize.h"
#include "report/packet.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { FRAMES_MAX = 16 };

static const int links[] = {
	LINK_ETHERNET, LINK_SLL, LINK_SLL2, LINK_NULL, LINK_RAW, LINK_LOOP,
};

/* Lines of clean text, and tabs to indent them. */
static void
check_text(const struct sbuf *out)
{
	const char *p = sbuf_str(out);

	while (*p) {
		size_t n = strcspn(p, "\n");

		if (p[n] != '\n')
			abort();
		if (*p == '\t') {
			p++;
			n--;
		}
		if (!text_is_clean(p, n))
			abort();
		p += n + 1;
	}
	if (p != sbuf_str(out) + out->len)
		abort();
}

static void
check_json(const struct packet *p)
{
	struct sbuf out = SBUF_EMPTY;
	struct sbuf summary = SBUF_EMPTY;
	const char *text;
	json_t *j;

	packet_json(p, NULL, &out);
	packet_summary(p, &summary);
	check_text(&out);
	if (strchr(sbuf_str(&out), '\n') != sbuf_str(&out) + out.len - 1)
		abort();
	j = json_loads(sbuf_str(&out), JSON_REJECT_DUPLICATES, NULL);
	text = json_string_value(json_object_get(j, "summary"));
	if (!text || strcmp(text, sbuf_str(&summary)) != 0)
		abort();
	json_decref(j);
	sbuf_release(&summary);
	sbuf_release(&out);
}

/* One frame alone, cut to @len bytes. */
static enum packet_state
state_of(int link, const uint8_t *buf, size_t len, size_t wire_len)
{
	struct dissector *d = dissector_new(link);
	struct capture_frame f = { .number = 1, .len = len,
	    .wire_len = wire_len };
	uint8_t *copy = malloc(len ? len : 1);
	enum packet_state state = PACKET_WHOLE;
	struct packet p;

	if (d && copy) {
		memcpy(copy, buf, len);
		f.buf = copy;
		if (dissect(d, &f, &p) == 0)
			state = p.state;
		packet_release(&p);
	}
	free(copy);
	dissector_free(d);
	return state;
}

static void
check_cut(int link, const uint8_t *buf, size_t len)
{
	if (state_of(link, buf, len, len) != PACKET_WHOLE)
		return;
	if (state_of(link, buf, len / 2, len) == PACKET_MALFORMED ||
	    state_of(link, buf, len - 1, len) == PACKET_MALFORMED)
		abort();
}

/* Its tables take longer than all else here: made once. */
static struct anonymize *
anonymizer(void)
{
	static const uint8_t key[ANONYMIZE_KEY_LEN];
	static struct anonymize *a;

	if (!a && anonymize_new(key, &a) < 0)
		abort();
	return a;
}

static void
check_anonymized(int link, const struct capture_frame *f,
    const struct packet *p)
{
	struct capture_frame other;
	struct dissector *d;
	struct packet q;

	if (anonymize_frame(anonymizer(), link, f, p, &other) < 0)
		return;
	if (other.len != f->len || other.wire_len != f->wire_len ||
	    other.time_ns != f->time_ns)
		abort();
	if (!p->has_message || p->reassembled || (p->proto != PROTO_DHCP4 &&
	    p->proto != PROTO_DHCP6 && p->proto != PROTO_ARP))
		return;
	d = dissector_new(link);
	if (!d)
		return;
	if (dissect(d, &other, &q) == 0 &&
	    (q.proto != p->proto || q.state != p->state))
		abort();
	packet_release(&q);
	dissector_free(d);
}

static void
check_frame(struct dissector *d, int link, const struct capture_frame *f)
{
	struct sbuf out = SBUF_EMPTY;
	struct packet p;

	if (dissect(d, f, &p) == 0) {
		check_anonymized(link, f, &p);
		packet_line(&p, 0, &out);
		packet_fields(&p, &out);
		check_text(&out);
		check_json(&p);
		(void)packet_is_boot(&p);
	}
	packet_release(&p);
	sbuf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd r = rd_init(data, len);
	int link = links[rd_u8(&r) % ARRAY_LEN(links)];
	struct dissector *d = dissector_new(link);

	for (unsigned int i = 0; d && i < FRAMES_MAX && r.left > 3; i++) {
		size_t n = rd_u16(&r);
		size_t n_cut = rd_u8(&r);
		struct capture_frame f = { .number = i + 1,
		    .time_ns = i * INT64_C(1000000007) };

		f.len = min_size(n, r.left);
		f.wire_len = f.len + n_cut;
		f.buf = rd_take(&r, f.len);
		check_frame(d, link, &f);
		if (n_cut == 0 && f.len > 0)
			check_cut(link, f.buf, f.len);
	}
	dissector_free(d);
	return 0;
}
