#include "wire/frag.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a datagram is given at first; most that are fragmented fit. */
enum { DATA_FIRST = 4096 };

/* Bytes [from, to) of a datagram that have arrived. */
struct piece {
	size_t from;
	size_t to;
};

struct datagram {
	struct frame head;              /* any fragment, then the first */
	bool refused;                   /* kept so that the rest is dropped */
	double since;
	uint8_t *data;
	size_t cap;
	size_t held;                    /* bytes in the pieces */
	size_t total;                   /* 0: the last is still missing */
	struct piece pieces[FRAG_PIECES_MAX];   /* in order, disjoint */
	size_t n_pieces;
};

struct frag_table {
	struct datagram *all[FRAG_DATAGRAMS_MAX];       /* oldest first */
	size_t n;
	size_t bytes;                   /* sum of their cap */
	uint8_t *whole;                 /* data of the datagram given last */
	struct frag_counts counts;
};

struct frag_table *
frag_new(void)
{
	return calloc(1, sizeof(struct frag_table));
}

static void
release_data(struct frag_table *t, struct datagram *d)
{
	t->bytes -= d->cap;
	free(d->data);
	d->data = NULL;
	d->cap = 0;
}

static void
forget(struct frag_table *t, size_t i)
{
	release_data(t, t->all[i]);
	free(t->all[i]);
	t->n--;
	memmove(&t->all[i], &t->all[i + 1], (t->n - i) * sizeof(t->all[0]));
}

static void
evict(struct frag_table *t, size_t i)
{
	if (!t->all[i]->refused)
		t->counts.evicted++;
	forget(t, i);
}

void
frag_free(struct frag_table *t)
{
	if (!t)
		return;
	while (t->n > 0)
		forget(t, t->n - 1);
	free(t->whole);
	free(t);
}

void
frag_expire(struct frag_table *t, double now)
{
	size_t i = 0;

	while (i < t->n) {
		const struct datagram *d = t->all[i];

		if (now - d->since < FRAG_TIMEOUT_S) {
			i++;
			continue;
		}
		if (!d->refused)
			t->counts.expired++;
		forget(t, i);
	}
}

struct frag_counts
frag_counts(const struct frag_table *t)
{
	return t->counts;
}

size_t
frag_waiting(const struct frag_table *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += !t->all[i]->refused;
	return n;
}

/* RFC 791 keys with the protocol; RFC 8200 4.5 without. */
static bool
same_datagram(const struct frame *a, const struct frame *b)
{
	return a->ip_id == b->ip_id && ip_equal(&a->src, &b->src) &&
	    ip_equal(&a->dst, &b->dst) &&
	    (a->ip_version == 6 || a->ip_next == b->ip_next);
}

/* The datagram that @f is a piece of, made if need be; NULL: no memory. */
static struct datagram *
find_or_add(struct frag_table *t, const struct frame *f, double now)
{
	struct datagram *d;

	for (size_t i = 0; i < t->n; i++) {
		if (same_datagram(&t->all[i]->head, f))
			return t->all[i];
	}
	d = calloc(1, sizeof(*d));
	if (!d)
		return NULL;
	if (t->n == FRAG_DATAGRAMS_MAX)
		evict(t, 0);
	d->head = *f;
	d->since = now;
	t->all[t->n++] = d;
	return d;
}

/* Room for @len bytes of @d; others give way, the oldest first. */
static int
reserve(struct frag_table *t, struct datagram *d, size_t len)
{
	size_t cap = len > DATA_FIRST ? FRAG_DATAGRAM_LEN_MAX : DATA_FIRST;
	uint8_t *data;

	if (len <= d->cap)
		return 0;
	while (t->bytes - d->cap + cap > FRAG_BYTES_MAX)
		evict(t, t->all[0] == d ? 1 : 0);
	data = realloc(d->data, cap);
	if (!data)
		return -ENOMEM;
	t->bytes += cap - d->cap;
	d->data = data;
	d->cap = cap;
	return 0;
}

/*
 * Make room for [from, to) in the ordered list.
 * Return: 1 if it is new and entered; 0 if it came before; -EBADMSG if it
 * overlaps; -EMSGSIZE if the list is full.
 */
static int
enter_piece(struct datagram *d, size_t from, size_t to, const uint8_t *bytes)
{
	size_t i = 0;

	while (i < d->n_pieces && d->pieces[i].to <= from)
		i++;
	if (i < d->n_pieces && d->pieces[i].from < to) {
		const struct piece *p = &d->pieces[i];

		return p->from == from && p->to == to &&
		    memcmp(d->data + from, bytes, to - from) == 0 ?
		    0 : -EBADMSG;
	}
	if (d->n_pieces == FRAG_PIECES_MAX)
		return -EMSGSIZE;
	memmove(&d->pieces[i + 1], &d->pieces[i],
	    (d->n_pieces - i) * sizeof(d->pieces[0]));
	d->pieces[i] = (struct piece){ from, to };
	d->n_pieces++;
	d->held += to - from;
	return 1;
}

static int
refuse(struct frag_table *t, struct datagram *d, int rc)
{
	release_data(t, d);
	d->refused = true;
	t->counts.refused++;
	return rc;
}

/*
 * Return: 1 if that was the last missing piece; 0; an error that ends the
 * datagram.
 */
static int
add_fragment(struct frag_table *t, struct datagram *d, const struct frame *f,
    struct diag *diag)
{
	struct rd r = f->ip_data;
	size_t from = f->frag_off;
	size_t to = from + f->ip_data_len;
	size_t end = d->n_pieces ? d->pieces[d->n_pieces - 1].to : 0;
	const uint8_t *bytes;
	int rc;

	if (to > FRAG_DATAGRAM_LEN_MAX) {
		diag_set(diag, "a fragment ends at byte %zu", to);
		return -EBADMSG;
	}
	if (f->more_frags ? d->total > 0 && to >= d->total :
	    end > to || (d->total > 0 && d->total != to)) {
		diag_set(diag, "fragments disagree on where they end");
		return -EBADMSG;
	}
	rc = reserve(t, d, to);
	if (rc < 0)
		return rc;
	bytes = rd_take(&r, to - from);
	rc = enter_piece(d, from, to, bytes);
	if (rc == -EBADMSG)
		diag_set(diag, "fragments overlap at byte %zu", from);
	if (rc == -EMSGSIZE)
		diag_set(diag, "more than %d fragments", FRAG_PIECES_MAX);
	if (rc <= 0)
		return rc;
	memcpy(d->data + from, bytes, to - from);
	if (!f->more_frags)
		d->total = to;
	if (from == 0)
		d->head = *f;
	return d->held == d->total;
}

int
frag_input(struct frag_table *t, const struct frame *f, double now,
    struct frame *ret, struct diag *diag)
{
	struct frame whole;
	struct datagram *d;
	size_t i = 0;
	int rc;

	if (!frame_is_fragment(f))
		return -EINVAL;
	frag_expire(t, now);
	if (f->ip_data.left < f->ip_data_len) {
		diag_set(diag, "the capture holds %zu of the fragment's %zu "
		    "bytes", f->ip_data.left, f->ip_data_len);
		return -ENODATA;
	}
	if (f->ip_data_len == 0 || (f->more_frags && f->ip_data_len % 8)) {
		diag_set(diag, "a fragment of %zu bytes", f->ip_data_len);
		return -EBADMSG;
	}
	d = find_or_add(t, f, now);
	if (!d)
		return -ENOMEM;
	if (d->refused)
		return 0;
	rc = add_fragment(t, d, f, diag);
	if (rc == 1) {
		whole = d->head;
		rc = frame_rejoin(&whole, d->data, d->total, diag);
		if (rc == 0)
			rc = 1;
	}
	if (rc < 0)
		return refuse(t, d, rc);
	if (rc == 0)
		return 0;

	free(t->whole);
	t->whole = d->data;
	t->bytes -= d->cap;
	d->data = NULL;
	d->cap = 0;
	while (t->all[i] != d)
		i++;
	forget(t, i);
	t->counts.whole++;
	*ret = whole;
	return 1;
}
