/* kea_parse_option.c - option-def and option-data. */
#include "config/kea_parse.h"

#include <errno.h>
#include <string.h>

enum { DEFS_MAX = 10000 };

static int
add_record(struct kea_parser *p, struct kea_option_def *d,
    const struct config_pos *pos, const char *word, size_t len)
{
	char name[40] = "";
	enum kea_type type;

	if (len == 0)
		return 0;
	if (len < sizeof(name))
		memcpy(name, word, len);
	type = kea_type_find(name);
	if (d->type != KEA_T_RECORD)
		return kea_bad(p->diag, pos, "the type of an option with "
		    "record-types is 'record'");
	if (type >= KEA_T_RECORD || type == KEA_T_EMPTY)
		return kea_bad(p->diag, pos, "'%.*s' is no type of a field",
		    (int)min_size(len, 40), word);
	if (d->n_record == KEA_RECORD_MAX)
		return kea_bad(p->diag, pos, "more than %d fields",
		    KEA_RECORD_MAX);
	d->record[d->n_record++] = type;
	return 0;
}

static int
read_records(struct kea_parser *p, const struct kea_node *map,
    struct kea_option_def *d)
{
	const char *s = kea_get_text(map, "record-types");
	int rc = 0;

	while (s && *s && rc == 0) {
		size_t len = strcspn(s, ","), n;

		s += strspn(s, " \t\n\r\f\v");
		len = n = strcspn(s, ",");
		while (n > 0 && strchr(" \t\n\r\f\v", s[n - 1]))
			n--;
		rc = add_record(p, d, kea_pos_of(map, "record-types"), s, n);
		s += len + (s[len] == ',');
	}
	return rc;
}

static int
check_code(struct kea_parser *p, const struct kea_node *map,
    const char *space, int64_t code)
{
	const struct config_pos *pos = kea_pos_of(map, "code");
	int64_t max = p->is_v6 ? UINT16_MAX : UINT8_MAX;

	if (code < 0 || code > max)
		return kea_bad(p->diag, pos, "invalid option code '%lld', it "
		    "must be between 0 and %lld", (long long)code,
		    (long long)max);
	if ((strcmp(space, "dhcp4") == 0 && (code == 0 || code == 255)) ||
	    (strcmp(space, "dhcp6") == 0 && code == 0))
		return kea_bad(p->diag, pos,
		    "invalid option code '%lld': reserved", (long long)code);
	return 0;
}

/* Only these are read again once the class is known. */
static bool
is_deferred(const struct kea_option_def *d)
{
	return strcmp(d->space, "dhcp4") == 0 &&
	    (d->code == 43 || (d->code >= 224 && d->code <= 254));
}

static int
check_encapsulation(struct kea_parser *p, const struct kea_node *map,
    const struct kea_option_def *d)
{
	if (*d->encapsulates == '\0')
		return 0;
	if (d->array)
		return kea_bad(p->diag, &map->pos, "option '%s.%s', an array, "
		    "may not encapsulate any option space", d->space, d->name);
	if (strcmp(d->encapsulates, d->space) == 0)
		return kea_bad(p->diag, &map->pos, "option '%s.%s' must not "
		    "encapsulate the space it belongs to", d->space, d->name);
	return 0;
}

static int
read_def(struct kea_parser *p, const struct kea_node *map,
    struct kea_option_def **ret)
{
	struct kea_option_def *d = arena_alloc(&p->t->arena, sizeof(*d));
	const char *space = kea_get_text(map, "space");
	const char *inner = kea_get_text(map, "encapsulate");
	int64_t code = kea_get_int(map, "code", 0);
	struct diag why;
	int rc;

	if (!d)
		return -ENOMEM;
	d->name = kea_get_text(map, "name");
	d->space = space ? space : p->is_v6 ? "dhcp6" : "dhcp4";
	d->is_v6 = p->is_v6;
	d->array = kea_get_bool(map, "array", false);
	d->encapsulates = inner ? inner : "";
	d->type = kea_type_find(kea_get_text(map, "type"));
	d->pos = map->pos;
	if (code < 0 || code > UINT16_MAX || !kea_space_is_valid(d->space))
		rc = code < 0 || code > UINT16_MAX ?
		    check_code(p, map, d->space, code) :
		    kea_bad(p->diag, kea_pos_of(map, "space"),
		    "invalid option space name '%.60s'", d->space);
	else
		rc = check_code(p, map, d->space, code);
	if (rc == 0)
		rc = check_encapsulation(p, map, d);
	d->code = (uint16_t)code;
	if (rc == 0)
		rc = read_records(p, map, d);
	if (rc == 0 && kea_option_def_check(d, &why) < 0)
		rc = kea_bad(p->diag, &map->pos, "%s", why.text);
	*ret = d;
	return rc;
}

/* One key for code, one for name; what Kea defines itself stays. */
static int
add_def(struct kea_parser *p, struct config_map *known,
    struct kea_option_def *d)
{
	struct arena *a = &p->t->arena;
	char *code = arena_printf(a, "%u %s", d->code, d->space);
	char *name = arena_printf(a, "%s.%s", d->space, d->name);
	int rc;

	if (!code || !name)
		return -ENOMEM;
	if (config_map_get(known, code, strlen(code)))
		return kea_bad(p->diag, &d->pos, "option definition with code "
		    "'%u' already exists in option space '%s'", d->code,
		    d->space);
	if (config_map_get(known, name, strlen(name)))
		return kea_bad(p->diag, &d->pos, "option definition with name "
		    "'%s' already exists in option space '%s'", d->name,
		    d->space);
	if (kea_option_std(d->space, d->code) ||
	    kea_option_std_name(d->space, d->name))
		return kea_bad(p->diag, &d->pos, "unable to override the "
		    "definition of option '%s' (%u) in standard option space "
		    "'%s'", d->name, d->code, d->space);
	if (known->n > 2 * DEFS_MAX)
		return kea_bad(p->diag, &d->pos,
		    "more than %d option definitions", DEFS_MAX);
	rc = config_map_put(known, a, code, strlen(code), d);
	return rc < 0 ? rc : config_map_put(known, a, name, strlen(name), d);
}

int
kea_defs(struct kea_parser *p, const struct kea_node *list, bool of_class,
    struct kea_option_def **ret)
{
	const struct kea_node *v = list ? list->first : NULL;
	struct config_map of_this = { 0 };
	int rc = 0;

	for (; v && rc == 0; v = v->next) {
		struct kea_option_def *d = NULL;

		rc = read_def(p, v, &d);
		if (rc == 0 && of_class && !is_deferred(d))
			rc = kea_bad(p->diag, &v->pos, "not allowed option "
			    "definition for code '%u' in space '%s': a class "
			    "defines 43 and 224-254", d->code, d->space);
		if (rc == 0)
			rc = add_def(p, of_class ? &of_this : &p->defs, d);
		if (rc == 0) {
			*ret = d;
			ret = &d->next;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}

static int
read_space(struct kea_parser *p, const struct kea_node *map, const char **ret)
{
	const char *own = p->is_v6 ? "dhcp6" : "dhcp4";
	const char *other = p->is_v6 ? "dhcp4" : "dhcp6";
	const char *space = kea_get_text(map, "space");

	*ret = space ? space : own;
	if (!kea_space_is_valid(*ret))
		return kea_bad(p->diag, kea_pos_of(map, "space"),
		    "invalid option space name '%.60s'", *ret);
	if (strcmp(*ret, other) == 0)
		return kea_bad(p->diag, kea_pos_of(map, "space"),
		    "'%s' option space name is reserved for the other server",
		    *ret);
	return 0;
}

/* Without a definition there are only bytes, and the code must be known. */
static int
check_undefined(struct kea_parser *p, const struct kea_node *map,
    const char *space, bool wants_csv)
{
	const char *name = kea_get_text(map, "name");

	if (!wants_csv && kea_get(map, "code"))
		return 0;
	return kea_bad(p->diag, kea_pos_of(map, "name"), "definition for the "
	    "option '%s.%.60s'%s does not exist", space, name ? name : "",
	    kea_get(map, "code") ? " of that code" : "");
}

static int
encode(struct kea_parser *p, const struct kea_node *map, bool csv,
    struct kea_option *o)
{
	const char *data = kea_get_text(map, "data");
	struct diag why;
	int rc;

	o->text = data;
	o->csv = csv;
	rc = kea_option_encode(o->def, p->t->defs, data ? data : "", csv,
	    &p->t->arena, &o->bytes, &o->len, &why);
	if (rc == -EBADMSG && !o->def)
		return kea_bad(p->diag, kea_pos_of(map, "data"), "option data "
		    "is not a valid string of hexadecimal digits: %s",
		    why.text);
	if (rc == -EBADMSG)
		return kea_bad(p->diag, kea_pos_of(map, "data"), "option data "
		    "does not match the definition of '%s' (space %s, code "
		    "%u): %s", o->def->name, o->space, o->code, why.text);
	return rc;
}

static int
read_option(struct kea_parser *p, const struct kea_node *map,
    const struct kea_option_def *class_defs, bool is_global,
    struct kea_option *o)
{
	const struct kea_node *csv = kea_get(map, "csv-format");
	const struct kea_node *code = kea_get(map, "code");
	const char *name = kea_get_text(map, "name");
	bool use_csv = csv ? csv->boolean : true;
	int rc;

	if (code && (uint32_t)code->number > (p->is_v6 ? UINT16_MAX :
	    UINT8_MAX))
		return kea_bad(p->diag, &code->pos, "invalid option code "
		    "'%lld'", (long long)code->number);
	if (name && strchr(name, ' '))
		return kea_bad(p->diag, kea_pos_of(map, "name"), "invalid "
		    "option name '%.60s', space character is not allowed",
		    name);
	rc = read_space(p, map, &o->space);
	if (rc < 0)
		return rc;
	if (!code && !name)
		return kea_bad(p->diag, &map->pos, "option data requires one "
		    "of 'code' or 'name'");
	o->pos = map->pos;
	o->def = kea_option_find(class_defs, p->t->defs, p->is_v6, o->space,
	    code ? (int)(uint32_t)code->number : -1, name);
	/* Globally csv-format is true by default, and so asked for. */
	if (!o->def) {
		rc = check_undefined(p, map, o->space,
		    use_csv && (csv || is_global));
		use_csv = false;
	}
	if (rc < 0)
		return rc;
	o->code = o->def ? o->def->code : (uint16_t)code->number;
	if (o->def && name && strcmp(name, o->def->name) != 0)
		return kea_bad(p->diag, kea_pos_of(map, "name"), "specified "
		    "option name '%.60s' does not match the option definition "
		    "'%s.%s'", name, o->space, o->def->name);
	o->always_send = kea_get_bool(map, "always-send", false);
	o->never_send = kea_get_bool(map, "never-send", false);
	rc = encode(p, map, use_csv, o);
	if (rc == 0 && ((strcmp(o->space, "dhcp4") == 0 &&
	    (o->code == 0 || o->code == 255)) ||
	    (strcmp(o->space, "dhcp6") == 0 && o->code == 0)))
		rc = kea_bad(p->diag, &map->pos,
		    "invalid option code '%u': reserved", o->code);
	return rc;
}

int
kea_options(struct kea_parser *p, const struct kea_node *list,
    const struct kea_option_def *class_defs, bool is_global,
    struct kea_option **ret)
{
	const struct kea_node *v = list ? list->first : NULL;
	int rc = 0;

	for (; v && rc == 0; v = v->next) {
		struct kea_option *o = arena_alloc(&p->t->arena, sizeof(*o));

		if (!o)
			return -ENOMEM;
		rc = read_option(p, v, class_defs, is_global, o);
		if (rc == 0) {
			*ret = o;
			ret = &o->next;
		}
		rc = kea_spare(p, rc);
	}
	return rc;
}
