/*
 * kea_syntax.c - Kea's grammar, from its tables: what is refused here is what
 * the server calls a syntax error, an unexpected keyword, a missing parameter.
 */
#include "config/kea_keys.h"
#include "config/kea_parse.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static int read_map(struct kea_parser *p, enum kea_map kind,
    struct kea_node *map);

static const char *
map_name(const struct kea_parser *p, const struct kea_map_rules *r)
{
	if (r->map == KEA_M_GLOBAL)
		return p->is_v6 ? "Dhcp6" : "Dhcp4";
	return r->map == KEA_M_SUBNET && p->is_v6 ? "subnet6" : r->name;
}

/* Remember which release the file is for: by the keyword that says most. */
static void
note_release(struct kea_parser *p, const char *key, struct config_pos pos,
    const char *since, const char *until)
{
	p->lenient = true;
	if (since) {
		if (p->n_since++ == 0) {
			p->since_key = key;
			p->since_pos = pos;
		}
		if (!p->since || kea_release_cmp(since, p->since) > 0)
			p->since = since;
	} else {
		if (p->n_until++ == 0) {
			p->until_key = key;
			p->until_pos = pos;
		}
		if (!p->until || kea_release_cmp(until, p->until) < 0)
			p->until = until;
	}
}

static int
refuse_key(struct kea_parser *p, const struct kea_token *key,
    const struct kea_map_rules *r)
{
	const char *near = kea_key_nearest(key->text, r->map, p->is_v6);

	return kea_bad(p->diag, &key->pos, "got unexpected keyword \"%.60s\" "
	    "in %s map%s%s%s", key->text, map_name(p, r),
	    near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int
check_unique(struct kea_parser *p, const struct kea_map_rules *r,
    const struct kea_node *map, const struct kea_token *key)
{
	if (!kea_get(map, key->text))
		return 0;
	return kea_bad(p->diag, &key->pos, "duplicate %.60s entries in %s map",
	    key->text, map_name(p, r));
}

/*
 * A keyword that is none: of another release, anything goes, or an error. In
 * a file of a newer release it may be newer than all that we know.
 */
static int
read_other(struct kea_parser *p, const struct kea_map_rules *r,
    const struct kea_node *map, const struct kea_token *key,
    struct kea_node **ret)
{
	const struct kea_foreign_key *k = kea_foreign_find(key->text, r->map,
	    p->is_v6);
	bool strict = r->is_strict || (r->map == KEA_M_HOOK && map->first);
	int rc = 0;

	if (!k && strict && !p->since)
		return refuse_key(p, key, r);
	rc = kea_lex_expect(&p->lex, KEA_TOK_COLON, "':'");
	if (rc == 0 && !k && r->map != KEA_M_QUEUE && !p->since)
		return refuse_key(p, key, r);
	if (rc == 0 && !k && r->map != KEA_M_QUEUE)
		rc = kea_gap(p->t, key->pos, arena_printf(&p->t->arena,
		    "the keyword \"%.60s\" is not known", key->text));
	if (rc == 0 && k)
		note_release(p, key->text, key->pos, k->since, k->until);
	if (rc == 0)
		rc = kea_json_value(&p->lex, ret);
	if (rc < 0)
		return rc;
	(*ret)->key = key->text;
	(*ret)->key_pos = key->pos;
	return k ? check_unique(p, r, map, key) :
	    kea_json_unique(&p->lex, map, *ret);
}

static int
read_scalar(struct kea_parser *p, const struct kea_key *k,
    struct kea_node **ret)
{
	static const struct {
		enum kea_token_type type;
		const char *what;
	} wanted[] = {
		[KEA_K_INT] = { KEA_TOK_INT, "a whole number" },
		[KEA_K_FLOAT] = { KEA_TOK_FLOAT, "a number with a point" },
		[KEA_K_BOOL] = { KEA_TOK_BOOL, "true or false" },
		[KEA_K_STRING] = { KEA_TOK_STRING, "a string" },
	};
	enum kea_kind kind = k->kind <= KEA_K_STRING ? k->kind : KEA_K_STRING;
	int rc = kea_lex_peek(&p->lex);

	if (rc == 0 && p->lex.tok.type != wanted[kind].type)
		rc = kea_unexpected(&p->lex, wanted[kind].what);
	return rc < 0 ? rc : kea_json_value(&p->lex, ret);
}

static int
check_word(struct kea_parser *p, const struct kea_key *k,
    const struct kea_node *v)
{
	for (size_t i = 0; k->words[i]; i++) {
		if (k->any_case ? strcasecmp(k->words[i], v->text) == 0 :
		    strcmp(k->words[i], v->text) == 0)
			return 0;
	}
	if (k->map == 0 && strcmp(v->text, "cql") == 0 &&
	    strcmp(k->name, "type") == 0) {
		note_release(p, "cql", v->pos, NULL, "2.1.4");
		return 0;
	}
	return kea_bad(p->diag, &v->pos, "unexpected \"%.60s\" for %s, "
	    "expecting \"%s\" or the like", v->text, k->name, k->words[0]);
}

static int
read_element(struct kea_parser *p, const struct kea_key *k,
    struct kea_node **ret)
{
	struct kea_node *v;
	int rc;

	if (k->kind == KEA_K_STRINGS || k->kind == KEA_K_ENUMS) {
		rc = read_scalar(p, k, ret);
		if (rc == 0 && k->kind == KEA_K_ENUMS)
			rc = check_word(p, k, *ret);
		return rc;
	}
	if (k->kind == KEA_K_VALUES)
		return kea_json_value(&p->lex, ret);
	if (p->lex.tok.type != KEA_TOK_LBRACE)
		return kea_unexpected(&p->lex, "{");
	v = *ret = kea_node_new(&p->lex, KEA_J_MAP, p->lex.tok.pos);
	return v ? read_map(p, k->map, v) : -ENOMEM;
}

/* What a keyword's list holds; commas may be too many, but not in front. */
static int
read_list(struct kea_parser *p, const struct kea_key *k,
    struct kea_node *list)
{
	struct kea_node **tail = &list->first;
	bool wants_comma = false;
	int rc;

	rc = kea_lex_expect(&p->lex, KEA_TOK_LBRACKET, "[");
	if (rc < 0)
		return rc;
	for (;;) {
		rc = kea_lex_peek(&p->lex);
		if (rc < 0)
			return rc;
		if (p->lex.tok.type == KEA_TOK_RBRACKET) {
			if (k->some && !list->first)
				return kea_unexpected(&p->lex,
				    "at least one element");
			kea_lex_take(&p->lex);
			return 0;
		}
		if (p->lex.tok.type == KEA_TOK_COMMA && list->first) {
			kea_lex_take(&p->lex);
			wants_comma = false;
			continue;
		}
		if (wants_comma)
			return kea_unexpected(&p->lex, "',' or ]");
		rc = read_element(p, k, tail);
		if (rc < 0)
			return rc;
		tail = &(*tail)->next;
		wants_comma = true;
	}
}

static int
read_value(struct kea_parser *p, const struct kea_key *k,
    struct config_pos key_pos, struct kea_node **ret)
{
	int rc;

	switch (k->kind) {
	case KEA_K_MAP:
		*ret = kea_node_new(&p->lex, KEA_J_MAP, key_pos);
		return *ret ? read_map(p, k->map, *ret) : -ENOMEM;
	case KEA_K_MAPS:
	case KEA_K_STRINGS:
	case KEA_K_ENUMS:
	case KEA_K_VALUES:
		*ret = kea_node_new(&p->lex, KEA_J_LIST, key_pos);
		return *ret ? read_list(p, k, *ret) : -ENOMEM;
	case KEA_K_OBJECT:
	case KEA_K_CONTEXT:
		rc = kea_lex_peek(&p->lex);
		if (rc == 0 && p->lex.tok.type != KEA_TOK_LBRACE)
			rc = kea_unexpected(&p->lex, "{");
		return rc < 0 ? rc : kea_json_value(&p->lex, ret);
	default:
		rc = read_scalar(p, k, ret);
		if (rc == 0 && k->kind == KEA_K_ENUM)
			rc = check_word(p, k, *ret);
		return rc;
	}
}

/*
 * A comment is kept in the user context, so that a context after one is no
 * duplicate, nor after a context that has nothing but a comment.
 */
static int
check_comment(struct kea_parser *p, const struct kea_node *map,
    const struct kea_token *key, enum kea_kind kind)
{
	bool has_comment = false, has_more = false, is_there = false;

	for (const struct kea_node *v = map->first; v; v = v->next) {
		bool is_context = strcmp(v->key, "user-context") == 0;

		if (!is_context && strcmp(v->key, "comment") != 0)
			continue;
		is_there = true;
		has_comment |= !is_context || kea_get(v, "comment");
		has_more |= is_context && v->first && (v->first->next ||
		    strcmp(v->first->key, "comment") != 0);
	}
	if (kind == KEA_K_CONTEXT && is_there && (has_more || !has_comment))
		return kea_bad(p->diag, &key->pos,
		    "duplicate user-context entries");
	if (kind == KEA_K_COMMENT && has_comment)
		return kea_bad(p->diag, &key->pos,
		    "duplicate user-context/comment entries");
	return 0;
}

static bool
is_counted_late(enum kea_kind kind)
{
	return kind <= KEA_K_BOOL;
}

static int
read_pair(struct kea_parser *p, const struct kea_map_rules *r,
    const struct kea_node *map, struct kea_node **ret)
{
	struct kea_token key = p->lex.tok;
	const struct kea_key *k;
	bool is_comment;
	int rc = 0;

	if (key.type != KEA_TOK_STRING)
		return kea_unexpected(&p->lex, "a keyword or }");
	kea_lex_take(&p->lex);
	/* One name of a relay's addresses, and nothing after it. */
	if (r->map == KEA_M_RELAY && map->first)
		return kea_bad(p->diag, &key.pos, "unexpected \"%.60s\", "
		    "expecting }", key.text);
	k = key.has_escapes ? NULL : kea_key_find(key.text, r->map, p->is_v6);
	is_comment = k && (k->kind == KEA_K_CONTEXT ||
	    k->kind == KEA_K_COMMENT);
	if (!k) {
		rc = read_other(p, r, map, &key, ret);
	} else {
		if (!is_comment && !is_counted_late(k->kind))
			rc = check_unique(p, r, map, &key);
		if (rc == 0)
			rc = kea_lex_expect(&p->lex, KEA_TOK_COLON, "':'");
		if (rc == 0)
			rc = read_value(p, k, key.pos, ret);
		if (rc == 0 && is_counted_late(k->kind))
			rc = check_unique(p, r, map, &key);
		if (rc == 0 && is_comment)
			rc = check_comment(p, map, &key, k->kind);
		if (rc == 0)
			(*ret)->key = k->name;
	}
	if (rc == 0)
		(*ret)->key_pos = key.pos;
	return rc;
}

static int
check_required(struct kea_parser *p, const struct kea_map_rules *r,
    const struct kea_node *map)
{
	for (size_t i = 0; i < 4 && r->required[i]; i++) {
		if (!kea_get(map, r->required[i]))
			return kea_bad(p->diag, &map->pos, "missing parameter "
			    "'%s' in %s map", r->required[i], map_name(p, r));
	}
	return 0;
}

static int
read_pairs(struct kea_parser *p, const struct kea_map_rules *r,
    struct kea_node *map)
{
	struct kea_node **tail = &map->first, *v = NULL;
	bool wants_comma = false;
	int rc;

	for (;;) {
		rc = kea_lex_peek(&p->lex);
		if (rc < 0)
			return rc;
		if (p->lex.tok.type == KEA_TOK_RBRACE) {
			if (!map->first && !r->may_be_empty)
				return kea_unexpected(&p->lex, "a keyword");
			kea_lex_take(&p->lex);
			return check_required(p, r, map);
		}
		if (p->lex.tok.type == KEA_TOK_COMMA && map->first &&
		    r->map != KEA_M_RELAY) {
			kea_lex_take(&p->lex);
			wants_comma = false;
			continue;
		}
		if (wants_comma)
			return kea_unexpected(&p->lex, "',' or }");
		rc = read_pair(p, r, map, &v);
		if (rc < 0)
			return rc;
		*tail = v;
		tail = &v->next;
		wants_comma = true;
	}
}

static int
read_map(struct kea_parser *p, enum kea_map kind, struct kea_node *map)
{
	int rc = kea_lex_expect(&p->lex, KEA_TOK_LBRACE, "{");

	if (rc == 0)
		rc = read_pairs(p, kea_map_rules(kind), map);
	return rc;
}

/*
 * One object: Dhcp4 or Dhcp6, which tells the server. Until 1.7.9 other
 * servers and the logging stood beside it.
 */
static int
read_top(struct kea_parser *p, struct kea_node **ret)
{
	struct kea_token key = p->lex.tok;
	struct kea_node *other = NULL;
	int rc;

	if (key.type != KEA_TOK_STRING)
		return kea_unexpected(&p->lex, "\"Dhcp4\" or \"Dhcp6\"");
	kea_lex_take(&p->lex);
	if (!*ret && !key.has_escapes && (strcmp(key.text, "Dhcp4") == 0 ||
	    strcmp(key.text, "Dhcp6") == 0)) {
		p->is_v6 = key.text[4] == '6';
		rc = kea_lex_expect(&p->lex, KEA_TOK_COLON, "':'");
		*ret = kea_node_new(&p->lex, KEA_J_MAP, key.pos);
		if (rc == 0 && !*ret)
			rc = -ENOMEM;
		return rc < 0 ? rc : read_map(p, KEA_M_GLOBAL, *ret);
	}
	if (!kea_foreign_top(key.text) || (*ret &&
	    strcmp(key.text, p->is_v6 ? "Dhcp6" : "Dhcp4") == 0))
		return kea_bad(p->diag, &key.pos, "unexpected \"%.60s\", "
		    "expecting %s", key.text, *ret ? "',' or }" :
		    "\"Dhcp4\" or \"Dhcp6\"");
	note_release(p, key.text, key.pos, NULL, kea_foreign_top(key.text));
	rc = kea_lex_expect(&p->lex, KEA_TOK_COLON, "':'");
	return rc < 0 ? rc : kea_json_value(&p->lex, &other);
}

static int
read_tops(struct kea_parser *p, struct kea_node **ret)
{
	bool wants_comma = false, any = false;
	int rc;

	for (;;) {
		rc = kea_lex_peek(&p->lex);
		if (rc < 0)
			return rc;
		if (p->lex.tok.type == KEA_TOK_RBRACE && any)
			return 0;
		if (p->lex.tok.type == KEA_TOK_COMMA && any) {
			kea_lex_take(&p->lex);
			wants_comma = false;
			continue;
		}
		if (wants_comma)
			return kea_unexpected(&p->lex, "',' or }");
		rc = read_top(p, ret);
		if (rc < 0)
			return rc;
		wants_comma = any = true;
	}
}

int
kea_syntax(struct kea_parser *p, struct kea_node **ret)
{
	struct kea_node *global = NULL;
	int rc = kea_lex_expect(&p->lex, KEA_TOK_LBRACE, "{");

	if (rc == 0)
		rc = read_tops(p, &global);
	if (rc == 0 && !global)
		rc = kea_unexpected(&p->lex, "\"Dhcp4\" or \"Dhcp6\"");
	if (rc == 0)
		kea_lex_take(&p->lex);
	if (rc == 0)
		rc = kea_lex_expect(&p->lex, KEA_TOK_END, "the end of file");
	if (rc == 0)
		*ret = global;
	return rc;
}
