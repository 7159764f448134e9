#include "config/isc_option.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct isc_space *
isc_space_find(const struct isc_tree *t, const char *name)
{
	return config_map_get(&t->space_by_name, name, strlen(name));
}

struct isc_space *
isc_space_add(struct isc_tree *t, const char *name, unsigned int code_size,
    unsigned int len_size)
{
	struct isc_space *s = isc_space_find(t, name);

	if (s)
		return s;
	s = arena_alloc(&t->arena, sizeof(*s));
	if (!s)
		return NULL;
	s->name = arena_strdup(&t->arena, name);
	s->code_size = code_size;
	s->len_size = len_size;
	s->index = t->n_spaces++;
	s->next = t->spaces;
	s->by_name.ignore_case = true;
	if (!s->name || config_map_put(&t->space_by_name, &t->arena, s->name,
	    strlen(s->name), s) < 0)
		return NULL;
	t->spaces = s;
	return s;
}

struct isc_option *
isc_option_add(struct isc_tree *t, struct isc_space *s, const char *name,
    uint32_t code, const char *type)
{
	struct isc_option *o = arena_alloc(&t->arena, sizeof(*o));

	if (!o)
		return NULL;
	*o = (struct isc_option){ arena_strdup(&t->arena, name), s, code,
	    arena_strdup(&t->arena, type) };
	if (!o->name || !o->type ||
	    config_map_put(&s->by_name, &t->arena, o->name, strlen(name), o) < 0 ||
	    config_map_put(&s->by_code, &t->arena, &o->code, sizeof(o->code),
	    o) < 0)
		return NULL;
	return o;
}

struct isc_option *
isc_option_find(const struct isc_space *s, const char *name)
{
	return config_map_get(&s->by_name, name, strlen(name));
}

struct isc_option *
isc_option_by_code(const struct isc_space *s, uint32_t code)
{
	return config_map_get(&s->by_code, &code, sizeof(code));
}

int
isc_options_init(struct isc_tree *t)
{
	const struct isc_space_row *row;
	const struct isc_option_row *o;
	struct isc_space *s;

	t->space_by_name.ignore_case = true;
	for (row = isc_space_rows; row->name; row++) {
		s = isc_space_add(t, row->name, row->code_size, row->len_size);
		if (!s)
			return -ENOMEM;
		for (o = row->rows; o->name; o++) {
			if (!isc_option_add(t, s, o->name, o->code, o->type))
				return -ENOMEM;
		}
		if (row->in_option)
			s->encloses = isc_option_by_code(t->spaces ?
			    isc_space_find(t, "dhcp") : s, row->in_option);
	}
	t->dhcp = isc_space_find(t, "dhcp");
	t->server = isc_space_find(t, "server");
	t->agent = isc_space_find(t, "agent");
	return 0;
}

bool
isc_type_space(const char *type, char *ret, size_t cap)
{
	const char *e = strchr(type, 'E'), *dot;

	/* An N's list of names may hold the letter. */
	if (!e || type[0] == 'N')
		return false;
	dot = strchr(e, '.');
	if (!dot || (size_t)(dot - e) > cap)
		return false;
	memcpy(ret, e + 1, (size_t)(dot - e) - 1);
	ret[dot - e - 1] = '\0';
	return true;
}

static const struct {
	const char *list;
	const char *word;
	uint8_t value;
} names[] = {
	{ "ddns-styles", "none", 0 }, { "ddns-styles", "ad-hoc", 1 },
	{ "ddns-styles", "interim", 2 }, { "ddns-styles", "standard", 3 },
	{ "syslog-facilities", "kern", 0 }, { "syslog-facilities", "user", 1 },
	{ "syslog-facilities", "mail", 2 }, { "syslog-facilities", "daemon", 3 },
	{ "syslog-facilities", "auth", 4 }, { "syslog-facilities", "syslog", 5 },
	{ "syslog-facilities", "lpr", 6 }, { "syslog-facilities", "news", 7 },
	{ "syslog-facilities", "uucp", 8 }, { "syslog-facilities", "cron", 9 },
	{ "syslog-facilities", "authpriv", 10 }, { "syslog-facilities", "ftp", 11 },
	{ "syslog-facilities", "local0", 16 }, { "syslog-facilities", "local1", 17 },
	{ "syslog-facilities", "local2", 18 }, { "syslog-facilities", "local3", 19 },
	{ "syslog-facilities", "local4", 20 }, { "syslog-facilities", "local5", 21 },
	{ "syslog-facilities", "local6", 22 }, { "syslog-facilities", "local7", 23 },
	{ "prefix_length_modes", "ignore", 0 }, { "prefix_length_modes", "prefer", 1 },
	{ "prefix_length_modes", "exact", 2 }, { "prefix_length_modes", "minimum", 3 },
	{ "prefix_length_modes", "maximum", 4 },
	{ "status-codes", "success", 0 },
};

bool
isc_names_has(const char *list, size_t list_len, const char *word,
    uint8_t *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (strlen(names[i].list) == list_len &&
		    strncmp(names[i].list, list, list_len) == 0 &&
		    strcasecmp(names[i].word, word) == 0) {
			*ret = names[i].value;
			return true;
		}
	}
	return false;
}
