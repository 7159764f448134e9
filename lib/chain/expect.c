#include "chain/expect.h"

#include "base/text.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXPECT_NAME_MAX = 32 };

/* Takes the values of a key, one by one. */
struct values {
	const struct expect *e;
	struct sbuf *got;
	size_t n;
	bool matched;
};

struct expect_key {
	const char *name;
	bool is_number;
	void (*each)(const struct boot *b, const char *stage,
	    struct values *v);
};

static void
add_text(struct values *v, const char *text)
{
	if (v->n++ > 0)
		sbuf_add(v->got, ", ");
	sbuf_escape(v->got, text, strlen(text));
	if (fnmatch(v->e->pattern, text, 0) == 0)
		v->matched = true;
}

static void
add_number(struct values *v, double number)
{
	if (v->n++ > 0)
		sbuf_add(v->got, ", ");
	sbuf_printf(v->got, "%.4g", number);
	if (v->e->op == EXPECT_AT_MOST ? number <= v->e->number :
	    v->e->op == EXPECT_AT_LEAST ? number >= v->e->number :
	    !(number < v->e->number) && !(number > v->e->number))
		v->matched = true;
}

static void
add_address(struct values *v, struct in_addr a)
{
	char ip[IP_TEXT_MAX];

	if (a.s_addr)
		add_text(v, ipv4_format(a, ip));
}

static void
add_address6(struct values *v, const struct in6_addr *a)
{
	struct ip_addr any = { .family = AF_INET6, .v6 = *a };
	char ip[IP_TEXT_MAX];

	if (!IN6_IS_ADDR_UNSPECIFIED(a))
		add_text(v, ip_format(&any, ip));
}

static bool
is_stage(const struct boot *b, size_t i, const char *stage)
{
	return i < b->n_stages && (!stage[0] ||
	    strcmp(b->stages[i].stage, stage) == 0);
}

/* Stages that got an address, and so were told something. */
#define EACH_STAGE(b, name, s) \
	for (const struct boot_stage *s = (b)->stages; \
	    s < (b)->stages + (b)->n_stages; s++) \
		if ((s->bound || s->bound6) && \
		    is_stage(b, (size_t)(s - (b)->stages), name))

static void
each_file(const struct boot *b, const char *stage, struct values *v)
{
	EACH_STAGE(b, stage, s) {
		if (s->target.file[0])
			add_text(v, s->target.file);
	}
}

static void
each_next_server(const struct boot *b, const char *stage, struct values *v)
{
	EACH_STAGE(b, stage, s) {
		if (s->target.server[0])
			add_text(v, s->target.server);
	}
}

static void
each_server(const struct boot *b, const char *stage, struct values *v)
{
	EACH_STAGE(b, stage, s) {
		add_address(v, s->server);
		add_address6(v, &s->server6);
	}
}

static void
each_proxy(const struct boot *b, const char *stage, struct values *v)
{
	EACH_STAGE(b, stage, s) {
		if (s->has_proxy)
			add_address(v, s->proxy);
	}
}

static void
each_address(const struct boot *b, const char *stage, struct values *v)
{
	EACH_STAGE(b, stage, s) {
		add_address(v, s->address);
		add_address6(v, &s->address6);
	}
}

static void
each_client(const struct boot *b, const char *stage, struct values *v)
{
	for (size_t i = 0; i < b->n_stages; i++) {
		if (is_stage(b, i, stage))
			add_text(v, b->stages[i].client);
	}
}

static void
each_load_of(const struct boot *b, const char *stage, struct values *v,
    enum bootfile_kind kind)
{
	for (size_t i = 0; i < b->n_loads; i++) {
		const struct boot_load *l = &b->loads[i];

		if (l->ok && l->uri && is_stage(b, l->stage, stage) &&
		    (kind == BOOTFILE_N_KINDS || l->kind == kind))
			add_text(v, l->uri);
	}
}

static void
each_load(const struct boot *b, const char *stage, struct values *v)
{
	each_load_of(b, stage, v, BOOTFILE_N_KINDS);
}

static void
each_script(const struct boot *b, const char *stage, struct values *v)
{
	each_load_of(b, stage, v, BOOTFILE_SCRIPT);
}

static void
each_kernel(const struct boot *b, const char *stage, struct values *v)
{
	each_load_of(b, stage, v, BOOTFILE_LINUX);
}

static void
each_verdict(const struct boot *b, const char *stage, struct values *v)
{
	(void)stage;
	add_text(v, boot_verdict(b));
}

static void
each_end(const struct boot *b, const char *stage, struct values *v)
{
	(void)stage;
	add_text(v, boot_end_name(b->end));
}

static void
each_cmdline(const struct boot *b, const char *stage, struct values *v)
{
	(void)stage;
	if (b->cmdline)
		add_text(v, b->cmdline);
}

static void
each_time(const struct boot *b, const char *stage, struct values *v)
{
	if (!stage[0]) {
		add_number(v, b->duration_s);
		return;
	}
	for (size_t i = 0; i < b->n_stages; i++) {
		double end = i + 1 < b->n_stages ? b->stages[i + 1].time :
		    b->time + b->duration_s;

		if (is_stage(b, i, stage))
			add_number(v, end - b->stages[i].time);
	}
}

static void
each_bytes(const struct boot *b, const char *stage, struct values *v)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < b->n_loads; i++) {
		if (is_stage(b, b->loads[i].stage, stage))
			bytes += b->loads[i].bytes;
	}
	add_number(v, (double)bytes);
}

static const struct expect_key keys[] = {
	{ "script", false, each_script },
	{ "kernel", false, each_kernel },
	{ "load", false, each_load },
	{ "file", false, each_file },
	{ "next-server", false, each_next_server },
	{ "server", false, each_server },
	{ "proxy", false, each_proxy },
	{ "address", false, each_address },
	{ "client", false, each_client },
	{ "verdict", false, each_verdict },
	{ "end", false, each_end },
	{ "cmdline", false, each_cmdline },
	{ "time", true, each_time },
	{ "bytes", true, each_bytes },
};

static const struct expect_key *
find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}

static int
no_key(const char *name, struct diag *diag)
{
	struct sbuf all = SBUF_EMPTY;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		sbuf_printf(&all, "%s%s", i ? ", " : "", keys[i].name);
	diag_set(diag, "nothing of a boot is called '%s': it is one of %s",
	    name, sbuf_str(&all));
	sbuf_release(&all);
	return -EINVAL;
}

/* The operator, and how long it is; 0 if there is none. */
static size_t
read_op(const char *at, enum expect_op *ret)
{
	static const struct { const char *text; enum expect_op op; } ops[] = {
		{ "!=", EXPECT_IS_NOT }, { "<=", EXPECT_AT_MOST },
		{ ">=", EXPECT_AT_LEAST }, { "=", EXPECT_IS },
	};

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		if (text_starts(at, ops[i].text)) {
			*ret = ops[i].op;
			return strlen(ops[i].text);
		}
	}
	return 0;
}

/* "ipxe.file": only what such a stage was told. */
static int
read_stage(struct expect *e, char *name, const char **ret_key,
    struct diag *diag)
{
	char *dot = strchr(name, '.');

	*ret_key = name;
	if (!dot)
		return 0;
	*dot = '\0';
	*ret_key = dot + 1;
	if (strcmp(name, "firmware") == 0 || strcmp(name, "ipxe") == 0 ||
	    strcmp(name, "loader") == 0 ||
	    strcmp(name, "os") == 0) {
		(void)text_copy(e->stage, sizeof(e->stage), name);
		return 0;
	}
	diag_set(diag, "no stage is called '%s': it is firmware, ipxe, "
	    "loader or os", name);
	return -EINVAL;
}

int
expect_parse(const char *text, struct expect *ret, struct diag *diag)
{
	char name[EXPECT_NAME_MAX];
	size_t len = strcspn(text, "!<>=");
	size_t op_len = read_op(text + len, &ret->op);
	const char *key;
	char *end;
	int rc;

	ret->stage[0] = '\0';
	ret->text = text;
	ret->pattern = text + len + op_len;
	if (op_len == 0 || len >= sizeof(name)) {
		diag_set(diag, "'%s' is not of the form key=pattern", text);
		return -EINVAL;
	}
	memcpy(name, text, len);
	name[len] = '\0';
	rc = read_stage(ret, name, &key, diag);
	if (rc < 0)
		return rc;
	ret->key = find_key(key);
	if (!ret->key)
		return no_key(key, diag);
	if (!ret->key->is_number) {
		if (ret->op == EXPECT_IS || ret->op == EXPECT_IS_NOT)
			return 0;
		diag_set(diag, "'%s' is no number: = and != are for it", key);
		return -EINVAL;
	}
	ret->number = strtod(ret->pattern, &end);
	if (end == ret->pattern || *end || !isfinite(ret->number) ||
	    ret->op == EXPECT_IS_NOT) {
		diag_set(diag, "'%s': a number is wanted after <=, >= or =",
		    text);
		return -EINVAL;
	}
	return 0;
}

bool
expect_check(const struct expect *e, const struct boot *b, struct sbuf *got)
{
	struct values v = { .e = e, .got = got };

	e->key->each(b, e->stage, &v);
	return e->op == EXPECT_IS_NOT ? !v.matched : v.matched;
}

bool
expect_is_verdict(const struct expect *e)
{
	return e->key->each == each_verdict;
}
