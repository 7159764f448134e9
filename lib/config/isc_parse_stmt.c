#include "config/isc_parse.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct isc_stmt *
isc_stmt_new(struct isc_parser *p, enum isc_stmt_kind kind)
{
	struct isc_stmt *s = arena_alloc(&p->t->arena, sizeof(*s));

	if (s) {
		s->kind = kind;
		s->pos = p->tok.pos;
	}
	return s;
}

void
isc_scope_add(struct isc_scope *s, struct isc_stmt *stmt)
{
	if (!stmt)
		return;
	*s->tail = stmt;
	while (*s->tail)
		s->tail = &(*s->tail)->next;
}

static int
end_stmt(struct isc_parser *p)
{
	return isc_expect(p, ';', "the end of the statement");
}

/* Statements up to the closing brace, which is stepped over. */
static int
read_block(struct isc_parser *p, struct isc_stmt **ret)
{
	struct isc_stmt **tail = ret, *s;
	int rc = isc_enter(p);

	if (rc == 0)
		rc = isc_expect(p, '{', "the statements");
	while (rc == 0 && !isc_is_char(p, '}')) {
		rc = isc_read_stmt(p, &s);
		if (rc == 0 && !s)
			rc = isc_fail(p, p->tok.kind == ISC_T_END ?
			    "the file ends where a '}' is expected" :
			    "'%.40s' cannot stand here: a statement or '}' is "
			    "expected",
			    p->tok.text);
		if (rc == 0) {
			*tail = s;
			while (*tail)
				tail = &(*tail)->next;
		}
	}
	if (rc < 0)
		return rc;
	isc_leave(p);
	return isc_advance(p);
}

/* After "if" or "elsif". A '(' right here belongs to the statement. */
static int
read_if(struct isc_parser *p, struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_IF);
	bool brackets;
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_enter(p);
	if (rc == 0)
		rc = isc_advance(p);
	if (rc < 0)
		return rc;
	brackets = isc_is_char(p, '(');
	if (brackets)
		rc = isc_advance(p);
	if (rc == 0)
		rc = isc_read_bool(p, &s->expr);
	if (rc == 0 && brackets)
		rc = isc_expect(p, ')', "the condition");
	if (rc == 0 && brackets && !isc_is_char(p, '{'))
		return isc_fail(p,
		    "a '{' is expected here: the bracket that follows 'if' "
		    "holds the whole condition");
	if (rc == 0)
		rc = isc_note_expr(p->t, s->expr, false);
	if (rc == 0)
		rc = read_block(p, &s->body);
	if (rc < 0)
		return rc;
	if (isc_is(p, "elsif")) {
		rc = read_if(p, &s->orelse);
	} else if (isc_is(p, "else")) {
		rc = isc_advance(p);
		if (rc == 0 && isc_is(p, "if"))
			rc = read_if(p, &s->orelse);
		else if (rc == 0)
			rc = read_block(p, &s->orelse);
	}
	isc_leave(p);
	*ret = s;
	return rc;
}

static int
read_switch(struct isc_parser *p, struct isc_stmt **ret)
{
	const struct isc_expr *outer = p->cases_of;
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_SWITCH);
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', "the value");
	if (rc == 0)
		rc = isc_read_expr(p, ISC_V_DATA, &s->expr);
	if (rc == 0)
		rc = isc_expect(p, ')', "the value");
	if (rc == 0)
		rc = isc_note_expr(p->t, s->expr, true);
	p->cases_of = s->expr;
	if (rc == 0)
		rc = read_block(p, &s->body);
	p->cases_of = outer;
	*ret = s;
	return rc;
}

/* A case is a comparison with what the switch looks at. */
static int
note_case(struct isc_parser *p, const struct isc_stmt *s)
{
	struct isc_expr *x = isc_expr_new(p, ISC_X_EQUAL);

	if (!x)
		return -ENOMEM;
	x->pos = s->pos;
	x->arg[0] = (struct isc_expr *)p->cases_of;
	x->arg[1] = s->expr;
	return isc_note_expr(p->t, x, false);
}

/* @word is "case" or "default", and has been stepped over. */
static int
read_case(struct isc_parser *p, struct isc_stmt *s, bool is_default)
{
	enum isc_type want;
	int rc = 0;

	if (!p->cases_of)
		return isc_fail_at(p, s->pos,
		    "'case' stands only inside 'switch'");
	if (!is_default) {
		/* Of data, the colon after digits joins them with more. */
		want = isc_expr_type(p->cases_of);
		rc = isc_read_expr(p, want == ISC_V_BOOL ? ISC_V_INT : want,
		    &s->expr);
		if (rc == 0 && want != ISC_V_BOOL)
			rc = note_case(p, s);
	}
	return rc < 0 ? rc : isc_expect(p, ':', "the case");
}

int
isc_read_option_stmt(struct isc_parser *p, const struct isc_option *o,
    enum isc_how how, struct config_pos pos, struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_OPTION);
	int rc;

	if (!s)
		return -ENOMEM;
	s->pos = pos;
	s->how = how;
	s->option = o;
	if (o->space == p->t->server && o->code == ISC_SV_SITE_SPACE &&
	    isc_gap(p->t, pos, "options that 'site-option-space' puts in "
	    "another space are not followed") < 0)
		return -ENOMEM;
	if (isc_is_char(p, '=')) {
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_read_data(p, &s->expr);
		if (rc == 0)
			rc = isc_note_expr(p->t, s->expr, false);
	} else if (o->type[0] == 'Z' && isc_is_char(p, ';')) {
		rc = isc_expr_const(p, "", 0, &s->expr);
	} else {
		rc = isc_read_value(p, o, &s->expr);
	}
	if (rc == 0)
		rc = end_stmt(p);
	*ret = s;
	return rc;
}

static int
read_option(struct isc_parser *p, enum isc_how how, struct isc_stmt **ret)
{
	struct config_pos pos = p->tok.pos;
	const struct isc_option *o;
	int rc = isc_advance(p);

	if (rc == 0)
		rc = isc_read_option_name(p, &o);
	if (rc < 0)
		return rc;
	if (!o->type)
		return isc_fail_at(p, pos,
		    "no option named %s in space %s is declared here",
		    o->name, o->space->name);
	return isc_read_option_stmt(p, o, how, pos, ret);
}

static int
read_set(struct isc_parser *p, bool set, struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, set ? ISC_S_SET : ISC_S_UNSET);
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0 && !isc_is_word(p))
		return isc_fail(p, "the name of a variable is expected here");
	s->name = p->tok.text;
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0 && set)
		rc = isc_expect(p, '=', "the value");
	if (rc == 0 && set)
		rc = isc_read_expr(p, ISC_V_ANY, &s->expr);
	if (rc == 0 && set)
		rc = isc_note_expr(p->t, s->expr, false);
	if (rc == 0 && set)
		rc = config_map_put(&p->t->set_names, &p->t->arena, s->name,
		    strlen(s->name), s);
	*ret = s;
	return rc < 0 ? rc : end_stmt(p);
}

/* on EVENT [or EVENT...] { } happens after the answer. */
static int
read_on(struct isc_parser *p, struct isc_stmt **ret)
{
	static const char *const events[] = {
		"commit", "release", "expiry", "transmission",
	};
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_SKIP), *body = NULL;
	size_t i;
	int rc;

	if (!s)
		return -ENOMEM;
	do {
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
		for (i = 0; i < ARRAY_LEN(events) && !isc_is(p, events[i]); i++)
			;
		if (i == ARRAY_LEN(events))
			return isc_fail(p,
			    "commit, release, expiry or transmission is "
			    "expected here");
		rc = isc_advance(p);
		if (rc < 0)
			return rc;
	} while (isc_is(p, "or"));
	rc = isc_gap(p->t, s->pos,
	    "'on' blocks run after the answer and are not followed");
	if (rc == 0)
		rc = read_block(p, &body);
	*ret = s;
	return rc;
}

/* define NAME (args) { } */
static int
read_define(struct isc_parser *p, struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_SKIP), *body = NULL;
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0 && !isc_is_word(p))
		return isc_fail(p, "the name of the function is expected here");
	if (rc == 0)
		rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', "the arguments");
	while (rc == 0 && isc_is_word(p)) {
		rc = isc_advance(p);
		if (rc < 0 || !isc_is_char(p, ','))
			break;
		rc = isc_advance(p);
		if (rc == 0 && !isc_is_word(p))
			return isc_fail(p,
			    "the name of an argument is expected here");
	}
	if (rc == 0)
		rc = isc_expect(p, ')', "the arguments");
	if (rc == 0)
		rc = isc_gap(p->t, s->pos,
		    "functions made with 'define' are not followed");
	if (rc == 0)
		rc = read_block(p, &body);
	*ret = s;
	return rc;
}

static int
read_log(struct isc_parser *p, struct isc_stmt **ret)
{
	static const char *const levels[] = { "fatal", "error", "debug",
	    "info" };
	struct isc_expr *x;
	size_t i;
	int rc;

	*ret = isc_stmt_new(p, ISC_S_SKIP);
	if (!*ret)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', "the text");
	for (i = 0; rc == 0 && i < ARRAY_LEN(levels); i++) {
		if (!isc_is(p, levels[i]))
			continue;
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_expect(p, ',', "the text");
		break;
	}
	if (rc == 0)
		rc = isc_read_data(p, &x);
	if (rc == 0)
		rc = isc_expect(p, ')', "the text");
	return rc < 0 ? rc : end_stmt(p);
}

static int
read_execute(struct isc_parser *p, struct isc_stmt **ret)
{
	struct isc_expr *x;
	int rc;

	*ret = isc_stmt_new(p, ISC_S_SKIP);
	if (!*ret)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc == 0)
		rc = isc_expect(p, '(', "the command");
	if (rc == 0 && p->tok.kind != ISC_T_STRING)
		return isc_fail(p, "the command in quotes is expected here");
	if (rc == 0)
		rc = isc_advance(p);
	while (rc == 0 && isc_is_char(p, ',')) {
		rc = isc_advance(p);
		if (rc == 0)
			rc = isc_read_data(p, &x);
	}
	if (rc == 0)
		rc = isc_expect(p, ')', "the arguments");
	return rc < 0 ? rc : end_stmt(p);
}

/* allow, deny or ignore KEY; */
static int
read_allow(struct isc_parser *p, uint8_t value, struct isc_stmt **ret)
{
	static const struct { const char *word; const char *option; } keys[] = {
		{ "bootp", "allow-bootp" }, { "booting", "allow-booting" },
		{ "dynamic-bootp", "dynamic-bootp" },
		{ "unknown-clients", "boot-unknown-clients" },
		{ "duplicates", "duplicates" }, { "declines", "declines" },
		{ "client-updates", "client-updates" },
		{ "leasequery", "leasequery" },
	};
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_OPTION);
	size_t i;
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc < 0)
		return rc;
	for (i = 0; i < ARRAY_LEN(keys) && !isc_is(p, keys[i].word); i++)
		;
	if (i == ARRAY_LEN(keys))
		return isc_fail(p,
		    "'%.40s' cannot be allowed or denied here: bootp, booting, "
		    "unknown-clients, duplicates, declines, client-updates or "
		    "leasequery is expected",
		    p->tok.text);
	s->option = isc_option_find(p->t->server, keys[i].option);
	rc = isc_expr_const(p, &value, 1, &s->expr);
	if (rc == 0)
		rc = isc_advance(p);
	*ret = s;
	return rc < 0 ? rc : end_stmt(p);
}

/* A lone word is a variable, evaluated for nothing: typos pass silently. */
static int
read_eval(struct isc_parser *p, struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_EVAL);
	const char *word = p->tok.text;
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_read_data(p, &s->expr);
	if (rc < 0)
		return rc;
	if (!isc_is_char(p, ';'))
		return isc_fail_at(p, s->pos,
		    "'%.60s' is no statement that dhcpd knows", word);
	*ret = s;
	rc = isc_advance(p);
	if (rc == 0 && s->expr->op == ISC_X_VARIABLE)
		rc = isc_remark(p->t, s->pos, "statement-without-effect",
		    "dhcpd takes '%s' for a variable and ignores it", word);
	return rc;
}

/* Words that begin something else, and so cannot be a variable. */
static const char *const reserved[] = {
	"include", "host", "group", "subnet", "subnet6", "shared-network",
	"class", "subclass", "vendor-class", "user-class", "pool", "pool6",
	"range", "range6", "prefix6", "fixed-address", "fixed-address6",
	"fixed-prefix6", "hardware", "authoritative", "failover", "lease",
	"lease6", "interface", "not", "uid", "dynamic", "else", "elsif", "and",
	"or", "true", "false", "config-option", "conflict-done", "delete",
	"encapsulate", "gethostbyname", "host-decl-name", "ia-na", "infiniband",
	"initial-delay", "never", "notimp", "pick", "recover", "recover-done",
	"released", "remove", "starts", "ends", "timestamp", "exists", "known",
	"static", "substring", "suffix", "concat", "binary-to-ascii", "reverse",
	"pick-first-value", "encode-int", "extract-int", "leased-address",
	"packet", "null", "check", "defined", "lcase", "ucase", "space", "code",
	"client-hostname", "host-identifier", "server-duid", "members",
	"ethernet", "fddi", "token-ring", "netmask", "primary", "secondary",
	"request", "require", "send", "reject", "media", "script", "timeout",
	"bootp", "booting", "unknown-clients", "db-time-format",
	"lease-id-format", "key", "zone", "peer", "port", "max",
	"parse-vendor-option", "server-identifier", "lease-time", "match",
	    "spawn", "limit",
};

static bool
is_reserved(const struct isc_parser *p)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(reserved); i++) {
		if (isc_is(p, reserved[i]))
			return true;
	}
	return false;
}

/* "default" begins a case of a switch or a default value of an option. */
static int
read_default(struct isc_parser *p, struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, ISC_S_CASE);
	const struct isc_option *o;
	int rc;

	if (!s)
		return -ENOMEM;
	rc = isc_advance(p);
	if (rc < 0)
		return rc;
	if (isc_is_char(p, ':')) {
		*ret = s;
		return read_case(p, s, true);
	}
	rc = isc_read_option_name(p, &o);
	if (rc < 0)
		return rc;
	if (!o->type)
		return isc_fail_at(p, s->pos,
		    "no option named %s in space %s is declared here",
		    o->name, o->space->name);
	return isc_read_option_stmt(p, o, ISC_DEFAULT, s->pos, ret);
}

static int
read_simple(struct isc_parser *p, enum isc_stmt_kind kind,
    struct isc_stmt **ret)
{
	struct isc_stmt *s = isc_stmt_new(p, kind);
	int rc;

	if (!s)
		return -ENOMEM;
	*ret = s;
	rc = isc_advance(p);
	if (rc == 0 && kind == ISC_S_CASE)
		return read_case(p, s, false);
	if (rc == 0 && kind == ISC_S_EVAL)
		rc = isc_read_expr(p, ISC_V_ANY, &s->expr);
	if (rc == 0 && kind == ISC_S_RETURN && !isc_is_char(p, ';'))
		rc = isc_read_expr(p, ISC_V_ANY, &s->expr);
	return rc < 0 ? rc : end_stmt(p);
}

int
isc_read_parameter(struct isc_parser *p, const struct isc_option *o,
    struct isc_stmt **ret)
{
	struct config_pos pos = p->tok.pos;
	int rc = isc_advance(p);

	return rc < 0 ? rc :
	    isc_read_option_stmt(p, o, ISC_SUPERSEDE, pos, ret);
}

int
isc_read_stmt(struct isc_parser *p, struct isc_stmt **ret)
{
	static const struct { const char *word; enum isc_how how; } hows[] = {
		{ "option", ISC_SUPERSEDE }, { "supersede", ISC_SUPERSEDE },
		{ "send", ISC_SUPERSEDE }, { "append", ISC_APPEND },
		{ "prepend", ISC_PREPEND },
	};
	static const struct { const char *word; enum isc_stmt_kind kind; } kinds[] = {
		{ "case", ISC_S_CASE }, { "break", ISC_S_BREAK },
		{ "eval", ISC_S_EVAL }, { "return", ISC_S_RETURN },
	};
	const struct isc_option *o;
	size_t i;

	*ret = NULL;
	if (!isc_is_word(p))
		return 0;
	for (i = 0; i < ARRAY_LEN(hows); i++) {
		if (isc_is(p, hows[i].word))
			return read_option(p, hows[i].how, ret);
	}
	for (i = 0; i < ARRAY_LEN(kinds); i++) {
		if (isc_is(p, kinds[i].word))
			return read_simple(p, kinds[i].kind, ret);
	}
	if (isc_is(p, "if"))
		return read_if(p, ret);
	if (isc_is(p, "switch"))
		return read_switch(p, ret);
	if (isc_is(p, "default"))
		return read_default(p, ret);
	if (isc_is(p, "set") || isc_is(p, "unset"))
		return read_set(p, isc_is(p, "set"), ret);
	if (isc_is(p, "on"))
		return read_on(p, ret);
	if (isc_is(p, "define"))
		return read_define(p, ret);
	if (isc_is(p, "log"))
		return read_log(p, ret);
	if (isc_is(p, "execute"))
		return read_execute(p, ret);
	if (isc_is(p, "allow") || isc_is(p, "deny") || isc_is(p, "ignore"))
		return read_allow(p, isc_is(p, "allow") ? 1 :
		    isc_is(p, "deny") ? 0 : 2, ret);
	o = isc_option_find(p->t->server, p->tok.text);
	if (o)
		return isc_read_parameter(p, o, ret);
	if (is_reserved(p))
		return 0;
	return read_eval(p, ret);
}
