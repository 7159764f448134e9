/* What is loaded: the list of URLs, and what is wrong with them. */
#include "script/check_rules.h"

#include "base/text.h"
#include "script/uri.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const schemes[] = {
	"http", "https", "tftp", "ftp", "nfs", "file", "iscsi", "aoe",
};

static const char *const secret_words[] = {
	"password", "passwd", "passphrase", "secret", "token", "apikey",
	"api_key", "api-key", "rootpw", "vncpassword",
};

/* The last part of a URL's path: the name of what it loads. */
static void
name_of(const char *url, char *buf, size_t cap)
{
	size_t n = strcspn(url, "?#");
	size_t from = n;

	while (from > 0 && url[from - 1] != '/')
		from--;
	if (n - from >= cap)
		n = from;
	memcpy(buf, url + from, n - from);
	buf[n - from] = '\0';
}

/* Is the word the name of a file that another command has loaded? */
static bool
is_image(const struct checker *c, const struct explore_event *e)
{
	const struct flow_node *n = &c->flow->nodes[e->node];
	char name[256];

	if (strchr(e->text, '/') || strchr(e->text, ':') ||
	    (!flow_effect(n, EFFECT_RUN) && !flow_is(n, "imgselect") &&
	    !flow_is(n, "kernel") && !flow_is(n, "imgload") &&
	    !flow_is(n, "imgextract") && !flow_is(n, "shim")))
		return false;
	for (size_t i = 0; i < c->ways->n_events; i++) {
		const struct explore_event *o = &c->ways->events[i];
		const char *given = flow_option(&c->flow->nodes[o->node],
		    'n');

		if (o->kind != EXPLORE_URL || o->node == e->node)
			continue;
		name_of(o->text, name, sizeof(name));
		if (strcmp(given ? given : name, e->text) == 0)
			return true;
	}
	return false;
}

/* Of a console, its picture. */
static const struct lex_token *
url_word(const struct flow_node *n)
{
	size_t at = n->arg + (flow_is(n, "imgverify") || flow_is(n, "imgset"));

	for (size_t i = 1; flow_is(n, "console") && i < n->n_words; i++) {
		if (strstr(n->words[i].text, "/"))
			return &n->words[i];
	}

	return &n->words[at < n->n_words ? at : 0];
}

static bool
is_unknown(const char *text)
{
	return text && strstr(text, "${");
}

static void
bad_scheme(struct checker *c, const struct lex_token *word,
    const struct uri *u, const char *url)
{
	const char *near = text_nearest(u->scheme, schemes,
	    ARRAY_LEN(schemes));

	if (is_unknown(u->scheme) || !strstr(url, "://"))
		return;
	check_add(c, "script-reference-malformed", FAULT_ERROR, word->at,
	    near ? check_fix(c, "%s://", near) : NULL,
	    "iPXE has no scheme '%s:'", u->scheme);
}

static void
check_scheme(struct checker *c, const struct lex_token *word,
    const struct uri *u)
{
	const struct ipxe_feature *f = feature_of_scheme(u->scheme);
	enum feature_there there = f ? feature_in(&c->conf->build, f, NULL) :
	    FEATURE_YES;

	if (there == FEATURE_NO)
		check_add(c, "firmware-ipxe-lacks-feature", FAULT_ERROR,
		    word->at, check_fix(c, "#define %s", f->macro),
		    "this build of iPXE cannot load '%s:' (%s)", u->scheme,
		    f->macro);
	else if (there == FEATURE_BY_DEFAULT_OFF)
		check_add(c, "firmware-ipxe-lacks-feature", FAULT_NOTE,
		    word->at, check_fix(c, "#define %s", f->macro),
		    "an iPXE for %s as it is built by default cannot load "
		    "'%s:' (%s)", ipxe_platform_name(c->conf->build.platform),
		    u->scheme, f->macro);
}

/* name=value with a value that stands in the script. */
static const char *
find_secret(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(secret_words); i++) {
		const char *at = strcasestr(text, secret_words[i]);
		size_t n = strlen(secret_words[i]);

		if (at && at[n] == '=' && at[n + 1] && at[n + 1] != '&' &&
		    at[n + 1] != ' ' && at[n + 1] != '$')
			return secret_words[i];
	}
	return NULL;
}

static void
secrets(struct checker *c, const struct lex_token *word, const struct uri *u)
{
	bool clear = u->scheme && strcasecmp(u->scheme, "https") != 0;
	const char *in_query = u->query ? find_secret(u->query) : NULL;

	if (u->password && u->password[0] && !is_unknown(u->password))
		check_add(c, "script-secret-in-clear", FAULT_WARNING,
		    word->at, NULL, "a password stands in the URL, for "
		    "everybody who can load the script%s", clear ?
		    " or see the network" : "");
	else if (u->password && clear && u->password[0])
		check_add(c, "script-secret-in-clear", FAULT_WARNING,
		    word->at, NULL, "the password is sent over %s: without "
		    "encryption", u->scheme);
	if (in_query)
		check_add(c, "script-secret-in-clear", FAULT_WARNING,
		    word->at, NULL, "'%s' stands in the URL, for everybody "
		    "who can load the script%s", in_query, clear ?
		    " or see the network" : "");
}

static void
no_server(struct checker *c, const struct lex_token *word, const char *url)
{
	if (strstr(word->text, "${"))
		check_add(c, "script-variable-empty", FAULT_NOTE, word->at,
		    NULL, "there is a way that leads here where this is '%s', "
		    "without a server", url);
	else
		check_add(c, "script-reference-malformed", FAULT_WARNING,
		    word->at, NULL, "no server in the URL '%s'", url);
}

static void
check_url(struct checker *c, const struct explore_event *e)
{
	const struct flow_node *n = &c->flow->nodes[e->node];
	const struct lex_token *word = url_word(n);
	struct uri u;

	if (!e->text[0]) {
		check_add(c, "script-variable-empty",
		    n->on_fail == FLOW_FAILED ? FAULT_WARNING : FAULT_NOTE,
		    word->at, NULL, "'%s' is empty on a way that leads here",
		    word->text);
		return;
	}
	if (uri_parse(&u, e->text) < 0)
		return;
	if (u.scheme && !scheme_is_known(u.scheme)) {
		bad_scheme(c, word, &u, e->text);
	} else if (u.scheme) {
		bool with_host = strcasecmp(u.scheme, "http") == 0 ||
		    strcasecmp(u.scheme, "https") == 0 ||
		    strcasecmp(u.scheme, "tftp") == 0;

		check_scheme(c, word, &u);
		if (with_host && !(u.host && u.host[0]))
			no_server(c, word, e->text);
	}
	secrets(c, word, &u);
	uri_release(&u);
}

static void
kernel_secrets(struct checker *c, const struct explore_event *e)
{
	const struct flow_node *n = &c->flow->nodes[e->node];
	const char *what = find_secret(e->text);

	if (what)
		check_add(c, "script-secret-in-clear", FAULT_NOTE,
		    n->words[0].at, NULL, "'%s' stands on the command line: "
		    "everybody who can load the script knows it", what);
}

static void
set_secret(struct checker *c, const struct flow_node *n)
{
	const char *name = flow_arg(n, 0);
	const char *value = flow_arg(n, 1);

	if (flow_is(n, "set") && name && value && !strstr(value, "${") &&
	    (strcmp(name, "password") == 0 ||
	    strcmp(name, "reverse-password") == 0))
		check_add(c, "script-secret-in-clear", FAULT_WARNING,
		    n->words[n->arg].at, NULL, "a password stands in the "
		    "script, for everybody who can load it");
}

/* One load, as it is sorted. */
struct load {
	const char *text;
	unsigned int line;
};

static int
by_text(const void *a, const void *b)
{
	const struct load *x = a;
	const struct load *y = b;
	int d = strcmp(x->text, y->text);

	return d ? d : (x->line > y->line) - (x->line < y->line);
}

static int
by_first(const void *a, const void *b)
{
	const struct check_url *x = a;
	const struct check_url *y = b;

	if (x->lines[0] != y->lines[0])
		return x->lines[0] < y->lines[0] ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* Loads of the same URL become one, with all its lines. */
static void
gather(struct checker *c, const struct load *loads, size_t n)
{
	struct check_file *out = c->out;
	unsigned int *lines = arena_alloc(&out->arena, (n + 1) *
	    sizeof(*lines));

	out->urls = calloc(n + 1, sizeof(*out->urls));
	if (!out->urls || !lines) {
		c->bad = true;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct check_url *u = out->n_urls ?
		    &out->urls[out->n_urls - 1] : NULL;

		if (!u || strcmp(u->text, loads[i].text) != 0) {
			u = &out->urls[out->n_urls++];
			u->text = arena_strdup(&out->arena, loads[i].text);
			u->lines = lines + i;
			c->bad = c->bad || !u->text;
		}
		if (u->n_lines == 0 ||
		    u->lines[u->n_lines - 1] != loads[i].line)
			lines[u->lines - lines + u->n_lines++] =
			    loads[i].line;
	}
	if (!c->bad && out->n_urls > 1)
		qsort(out->urls, out->n_urls, sizeof(*out->urls), by_first);
}

void
check_urls(struct checker *c)
{
	struct load *loads = calloc(c->ways->n_events + 1, sizeof(*loads));
	size_t n = 0;

	if (!loads) {
		c->bad = true;
		return;
	}
	for (size_t i = 0; i < c->ways->n_events; i++) {
		const struct explore_event *e = &c->ways->events[i];

		if (e->kind == EXPLORE_ARGS)
			kernel_secrets(c, e);
		if (e->kind != EXPLORE_URL || is_image(c, e))
			continue;
		check_url(c, e);
		if (!e->text[0])
			continue;
		loads[n].text = e->text;
		loads[n++].line = url_word(&c->flow->nodes[e->node])->at.line;
	}
	for (size_t i = 0; i < c->flow->n_nodes; i++)
		set_secret(c, &c->flow->nodes[i]);
	if (n > 1)
		qsort(loads, n, sizeof(*loads), by_text);
	gather(c, loads, n);
	free(loads);
}
