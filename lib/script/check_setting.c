/* References to settings: are they one, is there such a setting? */
#include "script/check_rules.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const blocks[] = {
	"net0", "net1", "net2", "net3", "netX", "smbios", "pci", "usb",
	"cpuid", "memmap", "acpi", "efi", "builtin", "proxydhcp", "pxebs",
};

static const char *
nearest_type(const char *word)
{
	const char *names[SETTING_N_TYPES] = { NULL };

	for (int t = SETTING_T_NONE + 1; t < SETTING_N_TYPES; t++)
		names[t] = setting_type_name((enum setting_type)t);
	return text_nearest(word, names, SETTING_N_TYPES);
}

/* The setting's name without block and type; as it is shown. */
static void
add_name(struct intern *names, const char *text)
{
	struct setting_ref ref;
	const char *name;

	if (strstr(text, "${")) {
		size_t n = strcspn(text, ":");

		(void)intern_add(names, text, strchr(text, '}') ?
		    strlen(text) : n, NULL);
		return;
	}
	if (settings_parse_ref(text, &ref) < 0)
		return;
	name = settings_ref_name(&ref);
	(void)intern_add(names, name, strlen(name), NULL);
}

static void
names_of(const struct flow_node *n, struct intern *names)
{
	if (!n->cmd || n->fault)
		return;
	if (flow_effect(n, EFFECT_STORE) && flow_arg(n, 0))
		add_name(names, flow_arg(n, 0));
	if (flow_is(n, "login")) {
		add_name(names, "username");
		add_name(names, "password");
	}
	if (flow_is(n, "item") && flow_option(n, 'f') && flow_arg(n, 0))
		add_name(names, flow_arg(n, 0));
	for (size_t i = 1; i < n->arg && i + 1 < n->n_words; i++) {
		if (strcmp(n->words[i].text, "--set") == 0)
			add_name(names, n->words[i + 1].text);
	}
}

int
check_names(const char *text, size_t len, struct intern *names)
{
	struct lex_script ls;
	struct flow f;
	bool forms = false;
	int rc = lex_script_parse(text, len, &ls);

	if (rc < 0)
		return rc;
	rc = flow_make(&ls, &f);
	if (rc < 0)
		goto out;
	for (size_t i = 0; i < f.n_nodes; i++)
		forms = forms || flow_is(&f.nodes[i], "present");
	for (size_t i = 0; i < f.n_nodes; i++) {
		const struct flow_node *n = &f.nodes[i];

		names_of(n, names);
		if (forms && flow_is(n, "item") && flow_arg(n, 0))
			add_name(names, flow_arg(n, 0));
	}
	flow_release(&f);
out:
	lex_script_release(&ls);
	return rc;
}

/* Is it given a value, perhaps under a name that is made as it runs? */
static bool
is_named(const struct intern *names, const char *name)
{
	for (uint32_t i = 0; names && i < names->n; i++) {
		if (flow_label_fits(intern_get(names, i, NULL), name))
			return true;
	}
	return false;
}

struct refs {
	struct checker *c;
	const struct flow_node *node;
	const struct lex_token *word;
	struct intern tested;           /* by isset, iseq: may well be unset */
	struct intern told;
	bool collect;
};

/* A slip of the keys: the words differ in one place, by two letters at most. */
static bool
is_slip(const char *a, const char *b)
{
	size_t n = strlen(a);
	size_t m = strlen(b);

	while (*a && *a == *b) {
		a++;
		b++;
		n--;
		m--;
	}
	while (n > 0 && m > 0 && a[n - 1] == b[m - 1]) {
		n--;
		m--;
	}
	return n <= 2 && m <= 2;
}

static const char *
nearest_name(const struct refs *r, const char *name)
{
	const struct intern *names = r->c->names;
	const struct setting_info *info = settings_info(0);
	const char **all;
	const char *near = NULL;
	size_t n = 0;

	while (settings_info(n))
		n++;
	all = calloc(n + names->n, sizeof(*all));
	if (!all)
		return NULL;
	for (size_t i = 0; i < n; i++)
		all[i] = info[i].name;
	for (uint32_t i = 0; i < names->n; i++) {
		const char *own = intern_get(names, i, NULL);

		if (!strstr(own, "${"))
			all[n++] = own;
	}
	near = strlen(name) > 4 ? text_nearest(name, all, n) : NULL;
	free(all);
	return near && is_slip(name, near) ? near : NULL;
}

static void
no_type(struct refs *r, const char *ref, struct lex_pos at)
{
	const char *colon = strrchr(ref, ':');
	const char *near = colon ? nearest_type(colon + 1) : NULL;

	check_add(r->c, "script-reference-malformed", FAULT_WARNING, at,
	    near ? check_fix(r->c, "${%.*s:%s}", (int)(colon - ref), ref,
	    near) : NULL, "there is no type '%s', so this is empty",
	    colon ? colon + 1 : ref);
}

/* Of one script, each name is told once. */
static bool
is_new(struct refs *r, const char *name)
{
	bool new = false;

	return intern_add(&r->told, name, strlen(name), &new) >= 0 && new;
}

static void
unset(struct refs *r, const char *name, struct lex_pos at)
{
	const char *near = nearest_name(r, name);

	if (!is_new(r, name))
		return;
	if (near)
		check_add(r->c, "script-variable-empty", FAULT_WARNING, at,
		    check_fix(r->c, "${%s}", near), "'%s' is never set "
		    "here: did you mean '%s'?", name, near);
	else
		check_add(r->c, "script-variable-empty", FAULT_NOTE, at,
		    NULL, "'%s' is never set here: it is empty unless the "
		    "script that comes before this one sets it", name);
}

static bool
is_block(const char *block)
{
	size_t n = strcspn(block, ".");

	if (strncmp(block, "net", 3) == 0 &&
	    (isdigit((unsigned char)block[3]) || block[3] == 'X'))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		if (strlen(blocks[i]) == n &&
		    memcmp(blocks[i], block, n) == 0)
			return true;
	}
	return false;
}

/* Sources that name their settings themselves. */
static bool
names_itself(const char *block)
{
	return strcmp(block, "smbios") != 0 &&
	    strncmp(block, "net", 3) != 0 && strcmp(block, "builtin") != 0;
}

static void
look_up(struct refs *r, const char *text, struct lex_pos at)
{
	struct setting_ref ref;
	const char *name;

	if (!text[0])
		return;                 /* an empty word, to keep a blank */
	if (settings_parse_ref(text, &ref) < 0) {
		no_type(r, text, at);
		return;
	}
	name = settings_ref_name(&ref);
	if (r->c->conf->build.has_version && setting_since(ref.name) >
	    r->c->conf->build.version)
		check_add(r->c, "firmware-ipxe-lacks-feature", FAULT_ERROR,
		    at, NULL, "iPXE %s has no setting '%s'",
		    ipxe_version_name(r->c->conf->build.version), ref.name);
	if (ref.block[0] && !is_block(ref.block)) {
		const char *near = text_nearest(ref.block, blocks,
		    ARRAY_LEN(blocks));

		if (near && !is_named(r->c->names, name) && is_new(r, text))
			check_add(r->c, "script-variable-empty",
			    FAULT_WARNING, at, check_fix(r->c, "${%s/%s}",
			    near, ref.name), "there is no block '%s': did "
			    "you mean '%s'?", ref.block, near);
		return;
	}
	if (ref.info || ref.tag || (ref.block[0] && names_itself(ref.block)) ||
	    is_named(r->c->names, name) ||
	    is_named(r->c->conf->names, name) || is_named(&r->tested, name))
		return;
	unset(r, name, at);
}

static void
visit_ref(void *ctx, const char *ref, size_t len, size_t offset,
    bool is_nested)
{
	struct refs *r = ctx;
	char text[SETTING_NAME_MAX * 2];
	struct setting_ref parsed;

	if (is_nested || len >= sizeof(text))
		return;
	memcpy(text, ref, len);
	text[len] = '\0';
	if (!r->collect) {
		look_up(r, text, check_place(r->word, offset));
		return;
	}
	if (settings_parse_ref(text, &parsed) == 0) {
		const char *name = settings_ref_name(&parsed);

		(void)intern_add(&r->tested, name, strlen(name), NULL);
	}
}

/* ${ without its }, and what looks like a reference and is none. */
static void
shape(struct refs *r)
{
	const char *text = r->word->text;
	const char *open = strstr(text, "${");
	struct setting_ref ref;
	const char *p;

	for (; open; open = strstr(open + 2, "${")) {
		if (!strchr(open, '}')) {
			check_add(r->c, "script-reference-malformed",
			    FAULT_WARNING, check_place(r->word,
			    (size_t)(open - text)), NULL, "\"${\" without "
			    "its \"}\" in the same word stays as it is");
			return;
		}
	}
	open = strstr(text, "\\${");
	if (open)
		check_add(r->c, "script-reference-malformed", FAULT_WARNING,
		    check_place(r->word, (size_t)(open - text)),
		    "Take the backslash away.", "a backslash does not keep "
		    "iPXE from expanding this: it stays in front of the "
		    "value");
	for (p = strchr(text, '$'); p; p = strchr(p + 1, '$')) {
		size_t n;
		char name[SETTING_NAME_MAX];

		if (p[1] == '{')
			continue;
		p += p[1] == '(';
		n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/");
		if (n < 2 || n >= sizeof(name))
			continue;
		memcpy(name, p + 1, n);
		name[n] = '\0';
		if (settings_parse_ref(name, &ref) == 0 && (ref.info ||
		    is_named(r->c->names, name)))
			check_add(r->c, "script-reference-malformed",
			    FAULT_WARNING, check_place(r->word,
			    (size_t)(p - text)), check_fix(r->c, "${%s}",
			    name), "'$%s' is no reference: it needs braces",
			    name);
	}
}

/* A type behind the name that gets a value. */
static void
target(struct checker *c, const struct flow_node *n)
{
	const char *arg = flow_arg(n, 0);
	struct setting_ref ref;
	const char *near;

	if (!n->cmd || n->fault || !arg || strstr(arg, "${") ||
	    (!flow_effect(n, EFFECT_STORE) && !flow_is(n, "show") &&
	    !flow_is(n, "clear")) || settings_parse_ref(arg, &ref) >= 0 ||
	    !strchr(arg, ':'))
		return;
	near = nearest_type(strrchr(arg, ':') + 1);
	check_add(c, "script-command-invalid", FAULT_ERROR,
	    n->words[n->arg].at, near ? check_fix(c, "Write :%s.", near) :
	    NULL, "there is no type '%s': %s fails", strrchr(arg, ':') + 1,
	    n->cmd->name);
}

static void
each_node(struct refs *r, bool collect)
{
	r->collect = collect;
	for (size_t i = 0; i < r->c->flow->n_nodes; i++) {
		const struct flow_node *n = &r->c->flow->nodes[i];

		if (collect && !flow_effect(n, EFFECT_TEST))
			continue;
		r->node = n;
		for (size_t k = 0; k < n->n_words; k++) {
			r->word = &n->words[k];
			if (!strchr(r->word->text, '$'))
				continue;
			vars_each_ref(r->word->text, visit_ref, r);
			if (!collect)
				shape(r);
		}
		if (!collect)
			target(r->c, n);
	}
}

void
check_settings(struct checker *c)
{
	struct refs r = { .c = c, .tested = INTERN_EMPTY,
		.told = INTERN_EMPTY };

	each_node(&r, true);
	each_node(&r, false);
	intern_release(&r.tested);
	intern_release(&r.told);
}
