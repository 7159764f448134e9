/* Labels, what is never reached, what fails unnoticed, endless retries. */
#include "script/check_rules.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *
nearest_label(const struct checker *c, const char *label)
{
	const char **names = calloc(c->ls->n_lines + 1, sizeof(*names));
	const char *near = NULL;

	for (size_t i = 0; names && i < c->ls->n_lines; i++) {
		names[i] = c->ls->lines[i].label;
		if (names[i] && (strcasecmp(names[i], label) == 0 ||
		    (label[0] == ':' && strcmp(names[i], label + 1) == 0)))
			near = names[i];
	}
	if (names && !near && strlen(label) > 2)
		near = text_nearest(label, names, c->ls->n_lines);
	free(names);
	return near;
}

static void
no_label(struct checker *c, const struct flow_node *n)
{
	const char *label = flow_arg(n, 0);
	const char *near = nearest_label(c, label);
	bool caught = n->on_fail != FLOW_FAILED;

	check_add(c, "script-label-missing", FAULT_ERROR,
	    n->words[n->arg].at, near ? check_fix(c, "goto %s", near) : NULL,
	    near ? "there is no label '%s': %s; did you mean '%s'?" :
	    "there is no label '%s': %s", label, caught ? "goto fails" :
	    "the script ends here", near);
}

/* The item whose choice leads to a label that is not there. */
static const struct flow_node *
item_named(const struct checker *c, const char *name)
{
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (flow_is(n, "item") && !flow_option(n, 'g') &&
		    flow_arg(n, 0) && strcmp(flow_arg(n, 0), name) == 0)
			return n;
	}
	return NULL;
}

/* Is the failure for the next line to deal with? */
static bool
is_bare(const struct checker *c, const struct flow_node *n)
{
	const struct flow_node *next = n->on_fail >= 0 ?
	    &c->flow->nodes[n->on_fail] : NULL;

	return !next || next->n_words == 0;
}

static void
no_target(struct checker *c, const struct explore_event *e)
{
	const struct flow_node *n = &c->flow->nodes[e->node];
	const struct flow_node *item = item_named(c, e->text);
	const char *near = nearest_label(c, e->text);
	bool caught = n->on_fail != FLOW_FAILED;
	unsigned int line = n->words[0].at.line;

	if (n->on_ok != FLOW_ANY)
		return;                 /* told by no_label() */
	if (caught && is_bare(c, n))
		return;                 /* "goto ${x} ||": it may well fail */
	if (item)
		check_add(c, "script-menu-mismatch",
		    caught ? FAULT_NOTE : FAULT_ERROR,
		    item->words[item->arg].at, near ? check_fix(c,
		    "item %s", near) : check_fix(c, ":%s", e->text),
		    "there is no label '%s' for this item: the goto in line "
		    "%u %s", e->text, line, caught ? "fails" :
		    "ends the script");
	else if (!e->text[0])
		check_add(c, "script-variable-empty",
		    caught ? FAULT_NOTE : FAULT_WARNING, n->words[n->arg].at,
		    NULL, "'%s' is empty on a way that leads here, and goto "
		    "fails", flow_arg(n, 0));
	else
		check_add(c, "script-label-missing",
		    caught ? FAULT_NOTE : FAULT_ERROR, n->words[n->arg].at,
		    NULL, "this becomes '%s', and there is no such label",
		    e->text);
}

static bool
is_entered(const struct checker *c, const char *label)
{
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (flow_is(n, "goto") && flow_arg(n, 0) &&
		    strcmp(flow_arg(n, 0), label) == 0)
			return true;
	}
	return false;
}

/* Labels that dynamic gotos lead to, so that each is looked up quickly. */
static bool
entered_labels(struct checker *c, struct intern *labels)
{
	for (size_t i = 0; i < c->ways->n_events; i++) {
		const struct explore_event *e = &c->ways->events[i];

		if (e->kind == EXPLORE_ENTER && intern_add(labels, e->text,
		    strlen(e->text), NULL) < 0)
			return false;
	}
	return true;
}

static bool
is_reached(const struct checker *c, size_t node)
{
	return c->ways->complete ? c->ways->seen[node] :
	    c->flow->nodes[node].is_reached;
}

/* The last line that is not reached, from @from on and before a label. */
static unsigned int
dead_until(const struct checker *c, size_t from)
{
	unsigned int last = c->ls->lines[from].at.line;

	for (size_t i = from; i < c->ls->n_lines && !is_reached(c,
	    c->flow->first[i]) && (i == from || !c->ls->lines[i].label);
	    i++) {
		if (c->ls->lines[i].n_tokens > 0)
			last = c->ls->lines[i].at.line;
	}
	return last;
}

static void
unused_label(struct checker *c, size_t line)
{
	const struct lex_line *l = &c->ls->lines[line];
	unsigned int last = dead_until(c, line);

	if (is_reached(c, c->flow->first[line]))
		check_add(c, "script-label-unused", FAULT_NOTE, l->label_at,
		    NULL, "nothing goes to the label '%s'", l->label);
	else
		check_add(c, "script-label-unused", FAULT_WARNING,
		    l->label_at, NULL, "nothing goes to the label '%s', so "
		    "lines %u to %u never run", l->label, l->at.line, last);
}

void
check_labels(struct checker *c)
{
	struct intern seen = INTERN_EMPTY;
	struct intern entered = INTERN_EMPTY;

	c->bad = c->bad || !entered_labels(c, &entered);
	for (size_t i = 0; i < c->ls->n_lines; i++) {
		const struct lex_line *l = &c->ls->lines[i];
		bool is_new = false;

		if (!l->label)
			continue;
		if (!l->label[0]) {
			check_add(c, "script-label-unused", FAULT_NOTE,
			    l->label_at, NULL, "a colon without a name: this "
			    "is a label that goto cannot name");
			continue;
		}
		if (intern_add(&seen, l->label, strlen(l->label),
		    &is_new) < 0)
			c->bad = true;
		if (!is_new) {
			ptrdiff_t first = lex_find_label(c->ls, l->label);

			check_add(c, "script-label-twice", FAULT_WARNING,
			    l->label_at, NULL, "the label '%s' is in line %u "
			    "already: goto never leads here", l->label,
			    c->ls->lines[first].at.line);
			continue;
		}
		(void)intern_add(&entered, l->label, strlen(l->label),
		    &is_new);
		if (is_new && !is_entered(c, l->label))
			unused_label(c, i);
	}
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (flow_is(n, "goto") && !n->fault && !n->is_help &&
		    n->on_ok == FLOW_NONE)
			no_label(c, n);
	}
	for (size_t i = 0; i < c->ways->n_events; i++) {
		if (c->ways->events[i].kind == EXPLORE_GOTO)
			no_target(c, &c->ways->events[i]);
	}
	intern_release(&seen);
	intern_release(&entered);
}

/* A safety net, which does no harm. */
static bool
ends_only(const struct flow_node *n)
{
	return flow_effect(n, EFFECT_LAST) || flow_is(n, "shell") ||
	    flow_is(n, "boot");
}

/* Lines without a label of their own that no way leads to. */
static void
unreachable(struct checker *c)
{
	bool in_dead = false;

	for (size_t i = 0; i < c->ls->n_lines; i++) {
		const struct lex_line *l = &c->ls->lines[i];

		if (is_reached(c, c->flow->first[i])) {
			in_dead = false;
			continue;
		}
		if (l->label)           /* told of the label */
			in_dead = true;
		if (in_dead || l->n_tokens == 0)
			continue;
		in_dead = true;
		if (dead_until(c, i) > l->at.line)
			check_add(c, "script-unreachable", FAULT_WARNING,
			    l->tokens[0].at, NULL, "lines %u to %u never "
			    "run: what is before them goes elsewhere or ends",
			    l->at.line, dead_until(c, i));
		else
			check_add(c, "script-unreachable",
			    ends_only(&c->flow->nodes[c->flow->first[i]]) ?
			    FAULT_NOTE : FAULT_WARNING,
			    l->tokens[0].at, NULL, "this never runs: what "
			    "is before it goes elsewhere or ends");
	}
}

static bool
has_word(const struct flow_node *n, const char *word)
{
	for (size_t i = 1; i < n->n_words; i++) {
		if (strcasestr(n->words[i].text, word))
			return true;
	}
	return false;
}

static bool
speaks_of_failure(const struct flow_node *n)
{
	return has_word(n, "fail") || has_word(n, "error") ||
	    has_word(n, "could not") || has_word(n, "unable") ||
	    has_word(n, "retry");
}

/* Is the command there for the case that the one before it failed? */
static bool
is_for_failure(const struct flow_node *n)
{
	if (flow_is(n, "shell") || (flow_effect(n, EFFECT_RUN) &&
	    n->n_words > 1))
		return true;
	if (flow_is(n, "exit"))
		return flow_arg(n, 0) && strcmp(flow_arg(n, 0), "0") != 0;
	return (flow_is(n, "goto") || flow_is(n, "echo") ||
	    flow_is(n, "prompt")) && speaks_of_failure(n);
}

static const struct flow_node *
next_line(const struct checker *c, const struct flow_node *n)
{
	for (size_t i = n->line + 1; i < c->ls->n_lines; i++) {
		const struct flow_node *next =
		    &c->flow->nodes[c->flow->first[i]];

		if (c->ls->lines[i].label)
			return NULL;
		if (next->n_words > 0)
			return next;
	}
	return NULL;
}

static void
fallback_below(struct checker *c, const struct flow_node *n)
{
	const struct flow_node *next = next_line(c, n);

	if (!flow_effect(n, EFFECT_RUN) || !next || !flow_arg(n, 0) ||
	    !is_for_failure(next))
		return;
	check_add(c, "script-failure-not-caught", FAULT_WARNING,
	    n->words[0].at, NULL, "if this fails the script ends: line %u "
	    "runs only if it succeeds and comes back; write || at the end",
	    next->words[0].at.line);
}

/* A false test is a failure as well. */
static void
bare_test(struct checker *c, const struct flow_node *n)
{
	const struct lex_line *l = &c->ls->lines[n->line];
	const struct flow_node *next = next_line(c, n);
	bool goes_on = next != NULL;

	for (size_t i = n->line + 1; i < c->ls->n_lines && !goes_on; i++)
		goes_on = c->ls->lines[i].n_tokens > 0;
	if (!goes_on || flow_is(n, "cpuid"))
		return;                 /* asserting a processor is common */
	if (n->words + n->n_words == l->tokens + l->n_tokens && n->is_first)
		check_add(c, "script-failure-not-caught", FAULT_NOTE,
		    n->words[0].at, NULL, "if this is false the script "
		    "ends, and nothing else depends on it");
	else
		check_add(c, "script-failure-not-caught", FAULT_WARNING,
		    n->words[0].at, "Write || at the end of the line.",
		    "if this is false the script ends, and the lines below "
		    "do not run");
}

/* Not in every build, and then its absence ends the script. */
static void
rare_command(struct checker *c, const struct flow_node *n)
{
	const struct ipxe_feature *f = n->fact ? feature_find(n->fact->macro) :
	    NULL;
	const struct ipxe_build *b = &c->conf->build;

	if (!f || (f->platforms & IPXE_PCBIOS) || b->n_features ||
	    (b->platform && (f->platforms & b->platform)))
		return;
	check_add(c, "script-failure-not-caught", FAULT_NOTE,
	    n->words[0].at, "Write || at the end of the line.",
	    "an iPXE that is built without '%s' (%s), as for BIOS by "
	    "default, ends the script here", n->cmd->name, f->macro);
}

static void
not_caught(struct checker *c)
{
	for (size_t i = 0; i < c->flow->n_nodes; i++) {
		const struct flow_node *n = &c->flow->nodes[i];

		if (!n->cmd || n->fault || n->is_help || !is_reached(c, i))
			continue;
		if (n->on_fail == FLOW_FAILED) {
			if (flow_effect(n, EFFECT_TEST))
				bare_test(c, n);
			else
				fallback_below(c, n);
			if (flow_is(n, "choose"))
				check_add(c, "script-failure-not-caught",
				    FAULT_NOTE, n->words[0].at,
				    "Write || and what is to happen then.",
				    "Esc in this menu ends the script");
		}
		/* Its absence is a failure of what never fails otherwise. */
		if (n->on_fail == FLOW_FAILED || (n->on_fail == FLOW_NONE &&
		    n->n_words == c->ls->lines[n->line].n_tokens))
			rare_command(c, n);
	}
}

static void
loops(struct checker *c)
{
	for (size_t i = 0; i < c->ways->n_events; i++) {
		const struct explore_event *e = &c->ways->events[i];

		if (e->kind == EXPLORE_LOOP)
			check_add(c, "script-loop-without-pause",
			    FAULT_WARNING, check_node_at(c,
			    &c->flow->nodes[e->node]), NULL, "this goes back "
			    "to line %s at once, and round and round "
			    "without a pause", e->text);
	}
}

void
check_flow(struct checker *c)
{
	unreachable(c);
	not_caught(c);
	loops(c);
}
