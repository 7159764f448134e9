/* Any bytes are a manifest or are refused; what is taken is whole. */
#include "build/manifest.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct manifest *m = NULL;
	struct diag d;

	if (manifest_parse("f.yaml", (const char *)data, len, &m, &d) < 0)
		return 0;
	for (const struct manifest_variant *v = m->variants; v; v = v->next) {
		struct goal g;

		assert(v->name.text && v->target_at.text);
		assert(goal_parse(v->target_at.text, &g, &d) == 0);
		assert(manifest_find(m, v->name.text, &d) == v);
	}
	manifest_free(m);
	return 0;
}
