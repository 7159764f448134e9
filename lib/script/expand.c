#include "script/expand.h"

#include <errno.h>
#include <string.h>

bool
expand_next(const char *text, size_t *ret_start, size_t *ret_end)
{
	bool open = false;
	size_t start = 0;

	for (size_t i = 0; text[i]; i++) {
		if (text[i] == '$' && text[i + 1] == '{') {
			open = true;
			start = i;
		} else if (text[i] == '}' && open) {
			*ret_start = start;
			*ret_end = i;
			return true;
		}
	}
	return false;
}

/* Replace one reference of @from, which is written to @to. */
static int
replace(const struct settings *st, const struct sbuf *from, size_t start,
    size_t end, struct sbuf *to)
{
	struct sbuf name = SBUF_EMPTY;
	int rc = 0;

	sbuf_addn(&name, from->text + start + 2, end - start - 2);
	sbuf_clear(to);
	sbuf_addn(to, from->text, start);
	/* An unknown setting, block or type is silently nothing. */
	(void)settings_get_text(st, sbuf_str(&name), to);
	sbuf_add(to, from->text + end + 1);
	if (to->bad || name.bad)
		rc = -ENOMEM;
	else if (to->len > EXPAND_TEXT_MAX)
		rc = -EMSGSIZE;
	sbuf_release(&name);
	return rc;
}

int
expand(const struct settings *st, const char *token, struct sbuf *b,
    size_t *work)
{
	struct sbuf now = SBUF_EMPTY;
	struct sbuf next = SBUF_EMPTY;
	unsigned int rounds = 0;
	size_t start;
	size_t end;
	int rc = 0;

	sbuf_add(&now, token);
	while (rc == 0 && expand_next(sbuf_str(&now), &start, &end)) {
		struct sbuf swap = now;

		if (++rounds > EXPAND_ROUNDS_MAX) {
			rc = -ELOOP;
			break;
		}
		rc = replace(st, &now, start, end, &next);
		now = next;
		next = swap;
		if (work)
			*work += now.len;
	}
	if (rc == 0 && now.bad)
		rc = -ENOMEM;
	if (rc == 0)
		sbuf_add(b, sbuf_str(&now));
	sbuf_release(&now);
	sbuf_release(&next);
	return rc;
}
