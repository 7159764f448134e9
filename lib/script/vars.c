#include "script/vars.h"

#include "script/expand.h"

#include <stdlib.h>
#include <string.h>

/* Around a reference that stays; neither is text that a person types. */
enum { MARK_OPEN = '\001', MARK_CLOSE = '\002' };

void
vars_release(struct vars *v)
{
	intern_release(&v->names);
	intern_release(&v->texts);
	intern_release(&v->spellings);
	free(v->refs);
}

static bool
grow_refs(struct vars *v, uint32_t want)
{
	uint32_t cap = v->cap_refs ? v->cap_refs : 64;
	void *refs;

	while (cap <= want)
		cap *= 2;
	if (cap == v->cap_refs)
		return true;
	refs = realloc(v->refs, cap * sizeof(*v->refs));
	if (!refs)
		return false;
	v->refs = refs;
	v->cap_refs = cap;
	return true;
}

/* The same setting has the same name, however it is written. */
static struct var_ref
cut_ref(struct vars *v, const char *text)
{
	struct setting_ref ref;
	struct sbuf name = SBUF_EMPTY;
	struct var_ref r = { .is_plain = true };
	int64_t key;

	if (settings_parse_ref(text, &ref) < 0) {
		sbuf_add(&name, text);
		r.is_plain = false;
	} else {
		if (ref.has_block && ref.block[0])
			sbuf_printf(&name, "%s/", ref.block);
		sbuf_add(&name, settings_ref_name(&ref));
		r.is_plain = ref.type == SETTING_T_NONE ||
		    ref.type == SETTING_T_STRING;
	}
	key = intern_add(&v->names, sbuf_str(&name), name.len, NULL);
	v->bad = v->bad || name.bad || key < 0;
	r.key = key < 0 ? 0 : (uint32_t)key;
	sbuf_release(&name);
	return r;
}

struct var_ref
vars_ref(struct vars *v, const char *text, size_t len)
{
	bool is_new;
	int64_t n = intern_add(&v->spellings, text, len, &is_new);

	if (n < 0 || !grow_refs(v, (uint32_t)n)) {
		v->bad = true;
		return (struct var_ref){ .is_plain = false };
	}
	if (is_new)
		v->refs[n] = cut_ref(v,
		    intern_get(&v->spellings, (uint32_t)n, NULL));
	return v->refs[n];
}

uint32_t
vars_text(struct vars *v, const char *text)
{
	int64_t n = intern_add(&v->texts, text, strlen(text), NULL);

	v->bad = v->bad || n < 0;
	return n < 0 ? VAR_UNKNOWN : (uint32_t)n;
}

/* The first pair whose key is not below @key. */
static size_t
find_pair(const struct var_env *e, uint32_t key)
{
	size_t from = 0;
	size_t to = e->n;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (e->pairs[mid].key < key)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool
var_is_learnt(uint32_t value)
{
	return (value & VAR_LEARNT) && value != VAR_UNKNOWN;
}

uint32_t
var_env_get(const struct var_env *e, uint32_t key)
{
	size_t at = find_pair(e, key);
	uint32_t value = at < e->n && e->pairs[at].key == key ?
	    e->pairs[at].value : VAR_UNKNOWN;

	return value < VAR_SET ? value & ~VAR_LEARNT : value;
}

void
var_env_set(struct vars *v, struct var_env *e, uint32_t key, uint32_t value)
{
	size_t at = find_pair(e, key);
	bool there = at < e->n && e->pairs[at].key == key;
	size_t behind = (e->n - at) * sizeof(*e->pairs);

	if (there && value != VAR_UNKNOWN) {
		e->pairs[at].value = value;
		return;
	}
	if (there) {
		memmove(&e->pairs[at], &e->pairs[at + 1],
		    behind - sizeof(*e->pairs));
		e->n--;
		return;
	}
	if (value == VAR_UNKNOWN)
		return;
	if (e->n == e->cap) {
		size_t cap = e->cap ? e->cap * 2 : 32;
		void *more = realloc(e->pairs, cap * sizeof(*e->pairs));

		if (!more) {
			v->bad = true;
			return;
		}
		e->pairs = more;
		e->cap = cap;
	}
	if (behind)
		memmove(&e->pairs[at + 1], &e->pairs[at], behind);
	e->pairs[at] = (struct var_pair){ key, value };
	e->n++;
}

/* Put the value of a reference, or the reference itself, marked. */
static void
add_value(struct vars *v, const struct var_env *e, const char *ref,
    size_t len, struct sbuf *out)
{
	struct var_ref r = vars_ref(v, ref, len);
	uint32_t value = var_env_get(e, r.key);
	bool inside = memchr(ref, MARK_OPEN, len) != NULL;

	if (!inside && value < VAR_SET) {
		const char *text = intern_get(&v->texts, value, NULL);

		if (r.is_plain || text[0] == '\0') {
			sbuf_add(out, text);
			return;
		}
	}
	sbuf_addc(out, MARK_OPEN);
	sbuf_addn(out, ref, len);
	sbuf_addc(out, MARK_CLOSE);
}

void
vars_expand(struct vars *v, const struct var_env *e, const char *word,
    struct sbuf *out)
{
	struct sbuf from = SBUF_EMPTY;
	size_t start;
	size_t end;

	sbuf_clear(out);
	sbuf_add(out, word);
	for (int i = 0; i < VARS_ROUNDS_MAX && out->len < VARS_TEXT_MAX &&
	    expand_next(sbuf_str(out), &start, &end); i++) {
		struct sbuf swap = from;

		from = *out;
		*out = swap;
		sbuf_clear(out);
		sbuf_addn(out, from.text, start);
		add_value(v, e, from.text + start + 2, end - start - 2, out);
		sbuf_add(out, from.text + end + 1);
	}
	v->bad = v->bad || out->bad;
	sbuf_release(&from);
}

bool
vars_is_known(const char *text)
{
	return strchr(text, MARK_OPEN) == NULL;
}

bool
vars_is_unknown(const char *text)
{
	size_t n = strlen(text);

	/* A reference within a reference names nothing that is known. */
	return n > 1 && text[0] == MARK_OPEN &&
	    strchr(text, MARK_CLOSE) == text + n - 1 &&
	    !strchr(text + 1, MARK_OPEN);
}

bool
vars_has_text(const char *text)
{
	size_t depth = 0;

	for (; *text; text++) {
		if (*text == MARK_OPEN)
			depth++;
		else if (*text == MARK_CLOSE && depth > 0)
			depth--;
		else if (depth == 0)
			return true;
	}
	return false;
}

void
vars_show(const char *text, struct sbuf *out)
{
	for (; *text; text++) {
		if (*text == MARK_OPEN)
			sbuf_add(out, "${");
		else
			sbuf_addc(out, *text == MARK_CLOSE ? '}' : *text);
	}
}

void
vars_each_ref(const char *word, void (*visit)(void *ctx, const char *ref,
    size_t len, size_t offset, bool is_nested), void *ctx)
{
	enum { DEPTH = 32 };
	size_t open[DEPTH];
	bool nested[DEPTH];
	size_t depth = 0;

	for (size_t i = 0; word[i]; i++) {
		if (word[i] == '$' && word[i + 1] == '{' && depth < DEPTH) {
			if (depth > 0)
				nested[depth - 1] = true;
			nested[depth] = false;
			open[depth++] = i;
		} else if (word[i] == '}' && depth > 0) {
			size_t from = open[--depth];

			visit(ctx, word + from + 2, i - from - 2, from,
			    nested[depth]);
		}
	}
}
