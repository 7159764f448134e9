#include "script/live.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE_KEYS_MAX = 4096, LIVE_NONE = -1 };

struct scan {
	struct vars *v;
	uint64_t *uses;                 /* NULL: only number the names */
	size_t n_words;
	bool all;                       /* reads what cannot be told */
};

static void
use(struct scan *s, uint32_t key)
{
	if (s->uses && key / 64 < s->n_words)
		s->uses[key / 64] |= UINT64_C(1) << (key % 64);
}

/*
 * ${a${b}} is any setting whose name begins with a. A number may be one
 * that has a name, so that could be any setting.
 */
static void
use_pattern(struct scan *s, const char *ref, size_t len)
{
	char pattern[SETTING_NAME_MAX];
	char *type;

	if (len >= sizeof(pattern) || isdigit((unsigned char)ref[0])) {
		s->all = true;
		return;
	}
	memcpy(pattern, ref, len);
	pattern[len] = '\0';
	type = strrchr(pattern, ':');
	if (type && !strchr(type, '}'))
		*type = '\0';
	for (uint32_t i = 0; i < s->v->names.n; i++) {
		if (flow_label_fits(pattern, intern_get(&s->v->names, i,
		    NULL)))
			use(s, i);
	}
}

static void
visit_ref(void *ctx, const char *ref, size_t len, size_t offset,
    bool is_nested)
{
	struct scan *s = ctx;

	(void)offset;
	if (is_nested)
		use_pattern(s, ref, len);
	else
		use(s, vars_ref(s->v, ref, len).key);
}

/* How many of its words matter; text that is only shown does not. */
static size_t
words_that_matter(const struct flow_node *n)
{
	if (flow_is(n, "echo") || flow_is(n, "prompt"))
		return 0;
	if (flow_is(n, "menu") || flow_is(n, "form") ||
	    (flow_is(n, "item") && flow_option(n, 'g')))
		return n->arg;
	if (flow_is(n, "item") && n->arg < n->n_words)
		return n->arg + 1;
	return n->n_words;
}

static void
scan_node(struct scan *s, const struct flow_node *n)
{
	const char *arg = n->cmd ? flow_arg(n, 0) : NULL;
	size_t n_words = words_that_matter(n);

	s->all = false;
	for (size_t i = 0; i < n_words; i++) {
		if (strchr(n->words[i].text, '$'))
			vars_each_ref(n->words[i].text, visit_ref, s);
		/* ${a}{b}: with a dollar in a this refers to b. */
		s->all = s->all || strstr(n->words[i].text, "}{");
	}
	if (arg && !strstr(arg, "${") && (flow_effect(n, EFFECT_STORE) ||
	    flow_is(n, "clear"))) {
		uint32_t key = vars_ref(s->v, arg, strlen(arg)).key;

		if (flow_is(n, "inc"))
			use(s, key);
	}
}

/* The setting that has a new value if the command succeeds. */
static int64_t
stored_by(struct vars *v, const struct flow_node *n)
{
	const char *arg = n->cmd ? flow_arg(n, 0) : NULL;

	if (!arg || strstr(arg, "${") || flow_is(n, "inc") ||
	    !(flow_effect(n, EFFECT_STORE) || flow_is(n, "clear")))
		return LIVE_NONE;
	return vars_ref(v, arg, strlen(arg)).key;
}

struct pass {
	const struct flow *f;
	struct vars *v;
	struct live *l;
	uint64_t *uses;                 /* of each node */
	uint64_t *labels;               /* what matters at any label */
	uint64_t *sum;                  /* being worked out */
	int64_t kill;
};

static void
add_way(void *ctx, size_t to, bool on_ok)
{
	struct pass *p = ctx;
	const uint64_t *from = p->l->bits + to * p->l->n_words;

	for (size_t w = 0; w < p->l->n_words; w++) {
		uint64_t bits = from[w];

		if (on_ok && p->kill >= 0 && (size_t)p->kill / 64 == w)
			bits &= ~(UINT64_C(1) << (p->kill % 64));
		p->sum[w] |= bits;
	}
}

/* Is the label one reference and nothing else? Most are. */
static bool
goes_anywhere(const struct flow_node *n)
{
	return n->on_ok == FLOW_ANY && flow_label_fits(flow_arg(n, 0), "");
}

static bool
update(struct pass *p, size_t i)
{
	const struct flow_node *n = &p->f->nodes[i];
	size_t bytes = p->l->n_words * sizeof(uint64_t);
	uint64_t *bits = p->l->bits + i * p->l->n_words;

	memcpy(p->sum, p->uses + i * p->l->n_words, bytes);
	p->kill = stored_by(p->v, n);
	if (goes_anywhere(n)) {
		for (size_t w = 0; w < p->l->n_words; w++)
			p->sum[w] |= p->labels[w];
		if (n->on_fail >= 0)
			add_way(p, (size_t)n->on_fail, false);
	} else {
		flow_each(p->f, n, add_way, p);
	}
	if (memcmp(bits, p->sum, bytes) == 0)
		return false;
	memcpy(bits, p->sum, bytes);
	return true;
}

static void
sum_labels(struct pass *p)
{
	for (size_t i = 0; i < p->f->ls->n_lines; i++) {
		const uint64_t *bits = p->l->bits +
		    p->f->first[i] * p->l->n_words;

		if (!p->f->ls->lines[i].label)
			continue;
		for (size_t w = 0; w < p->l->n_words; w++)
			p->labels[w] |= bits[w];
	}
}

static void
settle(struct pass *p)
{
	bool changed = true;

	while (changed) {
		changed = false;
		sum_labels(p);
		for (size_t i = p->f->n_nodes; i-- > 0; )
			changed = update(p, i) || changed;
	}
}

int
live_make(const struct flow *f, struct vars *v, struct live *ret)
{
	struct scan s = { .v = v };
	struct live l = { NULL, 0, 0 };
	struct pass p = { .f = f, .v = v, .l = &l };
	int rc = -ENOMEM;

	for (size_t i = 0; i < f->n_nodes; i++)
		scan_node(&s, &f->nodes[i]);
	l.n_keys = v->names.n < LIVE_KEYS_MAX ? v->names.n : LIVE_KEYS_MAX;
	l.n_words = l.n_keys / 64 + 1;
	l.bits = calloc(f->n_nodes + 1, l.n_words * sizeof(uint64_t));
	p.uses = calloc(f->n_nodes + 1, l.n_words * sizeof(uint64_t));
	p.labels = calloc(l.n_words, sizeof(uint64_t));
	p.sum = calloc(l.n_words, sizeof(uint64_t));
	if (!l.bits || !p.uses || !p.labels || !p.sum || v->bad)
		goto out;
	s.n_words = l.n_words;
	for (size_t i = 0; i < f->n_nodes; i++) {
		s.uses = p.uses + i * l.n_words;
		scan_node(&s, &f->nodes[i]);
		if (s.all)
			memset(s.uses, 0xff, l.n_words * sizeof(uint64_t));
	}
	settle(&p);
	rc = 0;
out:
	free(p.uses);
	free(p.labels);
	free(p.sum);
	if (rc < 0)
		live_release(&l);
	else
		*ret = l;
	return rc;
}

void
live_release(struct live *l)
{
	free(l->bits);
	memset(l, 0, sizeof(*l));
}

bool
live_has(const struct live *l, size_t node, uint32_t key)
{
	return key >= l->n_keys || (l->bits[node * l->n_words + key / 64] >>
	    (key % 64) & 1);
}
