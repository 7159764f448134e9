#include "config/isc_net.h"

#include <errno.h>

static int
add_mask(struct isc_tree *t, uint32_t mask)
{
	size_t i, at = 0;

	while (at < t->n_masks && t->mask[at] > mask)
		at++;
	if (at < t->n_masks && t->mask[at] == mask)
		return 0;
	if (t->n_masks == ISC_MASKS_MAX)
		return -EMSGSIZE;
	for (i = t->n_masks++; i > at; i--)
		t->mask[i] = t->mask[i - 1];
	t->mask[at] = mask;
	return 0;
}

int
isc_subnet_add(struct isc_tree *t, struct isc_subnet *s)
{
	int rc = add_mask(t, s->mask);

	if (rc < 0)
		return rc;
	s->key[0] = s->net;
	s->key[1] = s->mask;
	s->same = config_map_get(&t->subnet_by_net, s->key, sizeof(s->key));
	s->next = t->subnets;
	t->subnets = s;
	return config_map_put(&t->subnet_by_net, &t->arena, s->key,
	    sizeof(s->key), s);
}

struct isc_subnet *
isc_subnet_find(const struct isc_tree *t, const struct isc_shared *within,
    uint32_t ip)
{
	struct isc_subnet *s;
	size_t i;

	for (i = 0; i < t->n_masks; i++) {
		uint32_t key[2] = { ip & t->mask[i], t->mask[i] };

		for (s = config_map_get(&t->subnet_by_net, key, sizeof(key)); s;
		    s = s->same) {
			if (!within || s->shared == within)
				return s;
		}
	}
	return NULL;
}
