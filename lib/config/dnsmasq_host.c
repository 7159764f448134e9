/* dnsmasq_host.c - finding hosts by what a request tells of itself. */
#include "config/dnsmasq_tree.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>

static size_t
key_hash(int kind, const uint8_t *bytes, size_t len)
{
	uint32_t h = 2166136261u + (uint32_t)kind;

	for (size_t i = 0; i < len; i++) {
		int c = kind == DNSMASQ_K_NAME ? tolower(bytes[i]) : bytes[i];

		h = (h ^ (uint8_t)c) * 16777619u;
	}
	return h % DNSMASQ_N_BUCKETS;
}

int
dnsmasq_key_add(struct dnsmasq_tree *t, int kind, const uint8_t *bytes,
    size_t len, uint8_t type, struct dnsmasq_host *host)
{
	struct dnsmasq_key **slot = &t->keys[key_hash(kind, bytes, len)];
	struct dnsmasq_key *k = arena_alloc(&t->arena, sizeof(*k));

	if (k == NULL)
		return -ENOMEM;
	k->kind = kind;
	k->bytes = bytes;
	k->len = len;
	k->type = type;
	k->host = host;
	k->next = *slot;
	*slot = k;
	return 0;
}

static bool
key_is(const struct dnsmasq_key *k, int kind, const uint8_t *bytes, size_t len)
{
	if ((int)k->kind != kind || k->len != len)
		return false;
	if (kind == DNSMASQ_K_NAME)
		return strncasecmp((const char *)k->bytes,
		    (const char *)bytes, len) == 0;
	return len == 0 || memcmp(k->bytes, bytes, len) == 0;
}

const struct dnsmasq_key *
dnsmasq_key_first(const struct dnsmasq_tree *t, int kind, const uint8_t *bytes,
    size_t len)
{
	const struct dnsmasq_key *k = t->keys[key_hash(kind, bytes, len)];

	while (k != NULL && !key_is(k, kind, bytes, len))
		k = k->next;
	return k;
}

const struct dnsmasq_key *
dnsmasq_key_next(const struct dnsmasq_key *k)
{
	int kind = (int)k->kind;
	const uint8_t *bytes = k->bytes;
	size_t len = k->len;

	do
		k = k->next;
	while (k != NULL && !key_is(k, kind, bytes, len));
	return k;
}
