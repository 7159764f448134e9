#include "capture/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One direction of a connection. */
struct stream {
	struct ip_addr src;
	struct ip_addr dst;
	uint16_t sport;
	uint16_t dport;
	uint32_t next;                  /* sequence number of what follows */
	uint8_t *head;
	size_t len;
};

struct stream_table {
	struct stream all[STREAMS_MAX]; /* oldest first */
	size_t n;
};

struct stream_table *
stream_new(void)
{
	return calloc(1, sizeof(struct stream_table));
}

static void
forget(struct stream_table *t, struct stream *s)
{
	size_t i = (size_t)(s - t->all);

	free(s->head);
	t->n--;
	memmove(s, s + 1, (t->n - i) * sizeof(*s));
}

void
stream_free(struct stream_table *t)
{
	if (!t)
		return;
	while (t->n > 0)
		forget(t, &t->all[t->n - 1]);
	free(t);
}

static struct stream *
find(struct stream_table *t, const struct frame *f)
{
	for (size_t i = t->n; i > 0; i--) {
		struct stream *s = &t->all[i - 1];

		if (s->sport == f->sport && s->dport == f->dport &&
		    ip_equal(&s->src, &f->src) && ip_equal(&s->dst, &f->dst))
			return s;
	}
	return NULL;
}

/* Add the segment's bytes. Return: 0; -EMSGSIZE; -ENOMEM. */
static int
append(struct stream *s, const struct frame *f)
{
	struct rd r = f->payload;
	size_t n = r.left;
	uint8_t *head;

	if (n > STREAM_HEAD_MAX - s->len)
		return -EMSGSIZE;
	head = realloc(s->head, s->len + n);
	if (!head)
		return -ENOMEM;
	s->head = head;
	rd_copy(&r, head + s->len, n);
	s->len += n;
	s->next = f->tcp_seq + (uint32_t)n;
	return 0;
}

int
stream_begin(struct stream_table *t, const struct frame *f)
{
	struct stream *s;
	int rc;

	stream_end(t, f);
	if (t->n == STREAMS_MAX)
		forget(t, &t->all[0]);
	s = &t->all[t->n++];
	*s = (struct stream){ .src = f->src, .dst = f->dst,
	    .sport = f->sport, .dport = f->dport };
	rc = append(s, f);
	if (rc < 0)
		forget(t, s);
	return rc;
}

int
stream_more(struct stream_table *t, const struct frame *f, struct arena *a,
    struct rd *ret)
{
	struct stream *s = t->n > 0 ? find(t, f) : NULL;
	char *copy;
	int rc;

	if (!s || f->payload_len == 0)
		return 0;
	rc = f->tcp_seq == s->next && f->payload.left == f->payload_len ?
	    append(s, f) : -EMSGSIZE;
	if (rc < 0) {
		forget(t, s);
		return rc == -ENOMEM ? rc : 0;
	}
	copy = arena_dup(a, s->head, s->len);
	if (!copy)
		return -ENOMEM;
	*ret = rd_init(copy, s->len);
	return 1;
}

void
stream_end(struct stream_table *t, const struct frame *f)
{
	struct stream *s = find(t, f);

	if (s)
		forget(t, s);
}
