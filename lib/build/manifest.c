#include "build/manifest.h"

#include "base/file.h"
#include "base/text.h"
#include "base/util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The parsed document, while the manifest is made of it. */
struct reading {
	struct manifest *m;
	yaml_document_t doc;
	struct diag *diag;
};

static unsigned int
line_of(const yaml_node_t *node)
{
	return (unsigned int)node->start_mark.line + 1;
}

static unsigned int
column_of(const yaml_node_t *node)
{
	return (unsigned int)node->start_mark.column + 1;
}

/* diag_set() was called: add the place. */
static int
wrong(struct reading *r, const yaml_node_t *at)
{
	diag_at(r->diag, r->m->path, line_of(at), column_of(at));
	return -EBADMSG;
}

static const char *
text_of(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

static int
read_word(struct reading *r, const yaml_node_t *node, const char *what,
    struct manifest_word *ret)
{
	if (node->type != YAML_SCALAR_NODE || !text_of(node)[0] ||
	    strlen(text_of(node)) != node->data.scalar.length) {
		diag_set(r->diag, "%s: a word is wanted here", what);
		return wrong(r, node);
	}
	ret->text = arena_strdup(&r->m->arena, text_of(node));
	ret->line = line_of(node);
	ret->column = column_of(node);
	return ret->text ? 0 : -ENOMEM;
}

/* A list of words, or one word for a list of one. */
static int
read_words(struct reading *r, const yaml_node_t *node, const char *what,
    struct manifest_words *ret)
{
	size_t n = 1;
	int rc = 0;

	if (node->type == YAML_SEQUENCE_NODE)
		n = (size_t)(node->data.sequence.items.top -
		    node->data.sequence.items.start);
	if (n > MANIFEST_NAMES_MAX) {
		diag_set(r->diag, "%s: more than %d of them", what,
		    MANIFEST_NAMES_MAX);
		return wrong(r, node);
	}
	ret->word = arena_alloc(&r->m->arena, (n + 1) * sizeof(*ret->word));
	if (!ret->word)
		return -ENOMEM;
	if (node->type != YAML_SEQUENCE_NODE) {
		ret->n = 1;
		return read_word(r, node, what, &ret->word[0]);
	}
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = read_word(r, yaml_document_get_node(&r->doc,
		    node->data.sequence.items.start[i]), what,
		    &ret->word[ret->n++]);
	return rc;
}

/* A key of a mapping, and what reads its value into the thing at @to. */
struct key {
	const char *name;
	int (*read)(struct reading *r, const yaml_node_t *value, void *to);
};

/* Read a mapping whose keys are known. */
static int
read_keys(struct reading *r, const yaml_node_t *node, const char *what,
    const struct key *keys, size_t n, void *to)
{
	const char *names[16];
	const char *nearest;

	if (node->type != YAML_MAPPING_NODE) {
		diag_set(r->diag, "%s: keys and values are wanted here", what);
		return wrong(r, node);
	}
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
	    p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yaml_document_get_node(&r->doc,
		    p->key);
		const yaml_node_t *value = yaml_document_get_node(&r->doc,
		    p->value);
		size_t i = 0;
		int rc;

		while (i < n && (key->type != YAML_SCALAR_NODE ||
		    strcmp(keys[i].name, text_of(key)) != 0))
			i++;
		if (i == n) {
			for (i = 0; i < n && i < ARRAY_LEN(names); i++)
				names[i] = keys[i].name;
			nearest = key->type == YAML_SCALAR_NODE ?
			    text_nearest(text_of(key), names, i) : NULL;
			diag_set(r->diag, "%s has no key '%s'%s%s%s", what,
			    key->type == YAML_SCALAR_NODE ? text_of(key) : "?",
			    nearest ? ": did you mean '" : "",
			    nearest ? nearest : "", nearest ? "'?" : "");
			return wrong(r, key);
		}
		rc = keys[i].read(r, value, to);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Call @read for each pair of a mapping whose keys are names. */
static int
each_named(struct reading *r, const yaml_node_t *node, const char *what,
    int (*read)(struct reading *r, const yaml_node_t *name,
    const yaml_node_t *value))
{
	if (node->type != YAML_MAPPING_NODE) {
		diag_set(r->diag, "%s: names are wanted here, each with what "
		    "it is", what);
		return wrong(r, node);
	}
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
	    p < node->data.mapping.pairs.top; p++) {
		int rc = read(r, yaml_document_get_node(&r->doc, p->key),
		    yaml_document_get_node(&r->doc, p->value));

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
config_on(struct reading *r, const yaml_node_t *v, void *to)
{
	return read_words(r, v, "on", &((struct manifest_config *)to)->on);
}

static int
config_off(struct reading *r, const yaml_node_t *v, void *to)
{
	return read_words(r, v, "off", &((struct manifest_config *)to)->off);
}

/* iPXE makes a C token of a configuration's name. */
static bool
is_token(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n > 0 && s[n] == '\0' && !strchr("0123456789", s[0]);
}

static int
add_config(struct reading *r, const yaml_node_t *name,
    const yaml_node_t *value)
{
	static const struct key keys[] = {
		{ "on", config_on }, { "off", config_off },
	};
	struct manifest_config *c = arena_alloc(&r->m->arena, sizeof(*c));
	int rc = c ? read_word(r, name, "configs", &c->name) : -ENOMEM;

	if (rc < 0)
		return rc;
	if (!is_token(c->name.text)) {
		diag_set(r->diag, "'%s' is no name of a configuration: letters, "
		    "digits and underscores make one", c->name.text);
		return wrong(r, name);
	}
	c->next = r->m->configs;
	r->m->configs = c;
	return read_keys(r, value, "a configuration", keys, ARRAY_LEN(keys), c);
}

static int
variant_target(struct reading *r, const yaml_node_t *v, void *to)
{
	struct manifest_variant *x = to;
	int rc = read_word(r, v, "target", &x->target_at);

	if (rc == 0 && goal_parse(x->target_at.text, &x->goal, r->diag) < 0)
		return wrong(r, v);
	return rc;
}

static int
variant_script(struct reading *r, const yaml_node_t *v, void *to)
{
	return read_word(r, v, "script",
	    &((struct manifest_variant *)to)->script);
}

static int
variant_config(struct reading *r, const yaml_node_t *v, void *to)
{
	struct manifest_variant *x = to;
	struct manifest_word w = { NULL, 0, 0 };
	int rc = read_word(r, v, "config", &w);

	if (rc < 0)
		return rc;
	for (x->config = r->m->configs; x->config; x->config = x->config->next) {
		if (strcmp(x->config->name.text, w.text) == 0)
			return 0;
	}
	diag_set(r->diag, "no configuration is called '%s'; they stand before "
	    "the variants, under configs", w.text);
	return wrong(r, v);
}

static int
variant_trust(struct reading *r, const yaml_node_t *v, void *to)
{
	return read_words(r, v, "trust",
	    &((struct manifest_variant *)to)->trust);
}

static int
variant_cert(struct reading *r, const yaml_node_t *v, void *to)
{
	return read_words(r, v, "cert", &((struct manifest_variant *)to)->cert);
}

static int
variant_debug(struct reading *r, const yaml_node_t *v, void *to)
{
	struct manifest_word w = { NULL, 0, 0 };
	int rc = read_word(r, v, "debug", &w);

	((struct manifest_variant *)to)->debug = w.text;
	return rc;
}

static int
variant_output(struct reading *r, const yaml_node_t *v, void *to)
{
	struct manifest_word w = { NULL, 0, 0 };
	int rc = read_word(r, v, "output", &w);

	if (rc == 0 && (w.text[0] == '/' || strstr(w.text, ".."))) {
		diag_set(r->diag, "output: a name inside the output folder is "
		    "wanted");
		return wrong(r, v);
	}
	((struct manifest_variant *)to)->output = w.text;
	return rc;
}

static int
add_variant(struct reading *r, const yaml_node_t *name,
    const yaml_node_t *value)
{
	static const struct key keys[] = {
		{ "target", variant_target }, { "script", variant_script },
		{ "config", variant_config }, { "trust", variant_trust },
		{ "cert", variant_cert }, { "debug", variant_debug },
		{ "output", variant_output },
	};
	struct manifest_variant *x = arena_alloc(&r->m->arena, sizeof(*x));
	struct manifest_variant **tail = &r->m->variants;
	int rc = x ? read_word(r, name, "variants", &x->name) : -ENOMEM;

	if (rc == 0)
		rc = read_keys(r, value, "a variant", keys, ARRAY_LEN(keys), x);
	if (rc < 0)
		return rc;
	if (!x->target_at.text) {
		diag_set(r->diag, "'%s' has no target", x->name.text);
		return wrong(r, name);
	}
	while (*tail) {
		if (strcmp((*tail)->name.text, x->name.text) == 0) {
			diag_set(r->diag, "'%s' stands there twice",
			    x->name.text);
			return wrong(r, name);
		}
		tail = &(*tail)->next;
	}
	*tail = x;
	return 0;
}

static int
top_place(struct reading *r, const yaml_node_t *v, void *to)
{
	struct manifest_word w = { NULL, 0, 0 };
	uint64_t place = 0;
	int rc = read_word(r, v, "place", &w);

	(void)to;
	if (rc == 0 && parse_uint(w.text, 64, MANIFEST_PLACE_MAX, &place,
	    r->diag) < 0)
		return wrong(r, v);
	r->m->place = (size_t)place;
	return rc;
}

static int
top_version(struct reading *r, const yaml_node_t *v, void *to)
{
	struct manifest_word w = { NULL, 0, 0 };
	int rc = read_word(r, v, "version", &w);

	(void)to;
	r->m->version = w.text;
	return rc;
}

static int
top_configs(struct reading *r, const yaml_node_t *v, void *to)
{
	(void)to;
	return each_named(r, v, "configs", add_config);
}

static int
top_variants(struct reading *r, const yaml_node_t *v, void *to)
{
	(void)to;
	return each_named(r, v, "variants", add_variant);
}

static int
read_document(struct reading *r)
{
	static const struct key keys[] = {
		{ "place", top_place }, { "version", top_version },
		{ "configs", top_configs }, { "variants", top_variants },
	};
	const yaml_node_t *root = yaml_document_get_root_node(&r->doc);

	if (!root) {
		diag_set(r->diag, "%s: it is empty", r->m->path);
		return -EBADMSG;
	}
	return read_keys(r, root, "a manifest", keys, ARRAY_LEN(keys), r->m);
}

static int
parse(struct manifest *m, const char *text, size_t len, struct diag *diag)
{
	struct reading r = { .m = m, .diag = diag };
	yaml_parser_t parser;
	int rc;

	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text,
	    len);
	if (!yaml_parser_load(&parser, &r.doc)) {
		diag_set(diag, "no YAML: %s", parser.problem ?
		    parser.problem : "out of memory");
		diag_at(diag, m->path,
		    (unsigned int)parser.problem_mark.line + 1,
		    (unsigned int)parser.problem_mark.column + 1);
		rc = -EBADMSG;
	} else {
		rc = read_document(&r);
		yaml_document_delete(&r.doc);
	}
	yaml_parser_delete(&parser);
	return rc;
}

int
manifest_parse(const char *path, const char *text, size_t len,
    struct manifest **ret, struct diag *diag)
{
	struct manifest *m = calloc(1, sizeof(*m));
	const char *slash = strrchr(path, '/');
	int rc = -ENOMEM;

	diag_set(diag, "out of memory");
	if (!m)
		return rc;
	m->place = MANIFEST_PLACE;
	m->path = arena_strdup(&m->arena, path);
	m->dir = slash ? arena_dup(&m->arena, path, (size_t)(slash - path)) :
	    ".";
	if (m->path && m->dir)
		rc = parse(m, text, len, diag);
	if (rc < 0) {
		manifest_free(m);
		return rc;
	}
	*ret = m;
	return 0;
}

int
manifest_load(const char *path, struct manifest **ret, struct diag *diag)
{
	char *text = NULL;
	size_t len;
	int rc = file_read(path, MANIFEST_MAX, &text, &len, diag);

	if (rc == 0)
		rc = manifest_parse(path, text, len, ret, diag);
	free(text);
	return rc;
}

void
manifest_free(struct manifest *m)
{
	if (!m)
		return;
	arena_release(&m->arena);
	free(m);
}

const struct manifest_variant *
manifest_find(const struct manifest *m, const char *name, struct diag *diag)
{
	const char *names[MANIFEST_VARIANTS_MAX];
	const char *nearest;
	size_t n = 0;

	for (const struct manifest_variant *v = m->variants; v; v = v->next) {
		if (strcmp(v->name.text, name) == 0)
			return v;
		if (n < MANIFEST_VARIANTS_MAX)
			names[n++] = v->name.text;
	}
	nearest = text_nearest(name, names, n);
	diag_set(diag, "%s has no variant '%s'%s%s%s", m->path, name,
	    nearest ? ": did you mean '" : "", nearest ? nearest : "",
	    nearest ? "'?" : "");
	return NULL;
}

const char *
manifest_file(struct manifest *m, const char *name)
{
	if (name[0] == '/')
		return arena_strdup(&m->arena, name);
	return arena_printf(&m->arena, "%s/%s", m->dir, name);
}
