#include "bootcfg/syslinux.h"

#include "base/bytes.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SYSLINUX_TENTHS_MAX = 36000 * 24 };

/* One file being read. */
struct reading {
	struct syslinux_config *c;
	const struct syslinux_host *host;
	unsigned int depth;
};

static int parse_file(const struct reading *r, const void *bytes, size_t len);

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static const char *
skip_blanks(const char *s)
{
	while (is_blank(*s))
		s++;
	return s;
}

static size_t
word_len(const char *s)
{
	size_t n = 0;

	while (s[n] && !is_blank(s[n]))
		n++;
	return n;
}

/* What follows if the line begins with @word, in any case; else NULL. */
static const char *
after(const char *line, const char *word)
{
	size_t n = strlen(word);

	if (word_len(line) != n || strncasecmp(line, word, n) != 0)
		return NULL;
	return skip_blanks(line + n);
}

static const char *
dup_word(struct syslinux_config *c, const char *s)
{
	return arena_dup(&c->arena, s, word_len(s));
}

/* Digits as strtoul() would take them: nonsense is 0. */
static unsigned int
number(const char *s, unsigned int max)
{
	unsigned int n = 0;

	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (unsigned int)(*s - '0');
		if (n > max)
			return max;
	}
	return n;
}

static struct syslinux_entry *
last_entry(struct syslinux_config *c)
{
	return c->n_entries > 0 ? &c->entries[c->n_entries - 1] : NULL;
}

static int
add_entry(struct syslinux_config *c, const char *label)
{
	struct syslinux_entry *e;

	if (c->n_entries == SYSLINUX_ENTRIES_MAX)
		return -EMSGSIZE;
	if (c->n_entries == c->cap_entries) {
		size_t cap = c->cap_entries ? 2 * c->cap_entries : 16;

		e = realloc(c->entries, cap * sizeof(*e));
		if (!e)
			return -ENOMEM;
		c->entries = e;
		c->cap_entries = cap;
	}
	e = &c->entries[c->n_entries++];
	*e = (struct syslinux_entry){
		.label = dup_word(c, label), .file = "", .initrd = "",
		.in_submenu = c->submenu > 0,
	};
	return e->label ? 0 : -ENOMEM;
}

static int
include(const struct reading *r, const char *name)
{
	struct reading inner = { r->c, r->host, r->depth + 1 };
	const char *file = dup_word(r->c, name);
	char *bytes = NULL;
	size_t len = 0;
	int rc;

	if (!file)
		return -ENOMEM;
	if (!r->host || !file[0])
		return 0;
	if (inner.depth > SYSLINUX_DEPTH_MAX ||
	    r->c->n_includes == SYSLINUX_INCLUDES_MAX)
		return -EMSGSIZE;
	r->c->n_includes++;
	rc = r->host->include(r->host->ctx, file, &bytes, &len);
	if (rc == 0)
		rc = parse_file(&inner, bytes, len);
	free(bytes);
	return rc == -ENOENT ? 0 : rc;
}

/* MENU ...: what decides, and nothing of what is drawn. */
static int
menu_line(const struct reading *r, const char *line)
{
	struct syslinux_entry *e = last_entry(r->c);
	const char *arg = after(line, "include");

	if (arg)
		return include(r, arg);
	if (after(line, "default")) {
		if (e)
			e->is_menu_default = true;
	} else if (after(line, "begin")) {
		r->c->submenu++;
	} else if (after(line, "end")) {
		if (r->c->submenu > 0)
			r->c->submenu--;
	}
	return 0;
}

/* KERNEL and its kin. Return: 1 if it was one. */
static int
kernel_line(struct syslinux_config *c, const char *line)
{
	static const struct { const char *word; enum syslinux_type type; } t[] = {
		{ "kernel", SYSLINUX_BY_NAME }, { "linux", SYSLINUX_LINUX },
		{ "com32", SYSLINUX_COM32 }, { "boot", SYSLINUX_BOOT },
		{ "bss", SYSLINUX_BOOT }, { "pxe", SYSLINUX_BOOT },
		{ "fdimage", SYSLINUX_BOOT }, { "config", SYSLINUX_CONFIG },
	};
	struct syslinux_entry *e = last_entry(c);

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		const char *arg = after(line, t[i].word);

		if (!arg)
			continue;
		if (!e)
			return 1;
		e->type = t[i].type;
		e->file = dup_word(c, arg);
		return e->file ? 1 : -ENOMEM;
	}
	if (!after(line, "localboot"))
		return 0;
	if (e) {
		e->type = SYSLINUX_LOCAL;
		e->file = "";
	}
	return 1;
}

/* APPEND, INITRD, IPAPPEND. Return: 1 if it was one. */
static int
append_line(struct syslinux_config *c, const char *line)
{
	struct syslinux_entry *e = last_entry(c);
	const char *arg = after(line, "append");

	if (arg) {
		const char *text = strcmp(arg, "-") == 0 ? "" :
		    arena_strdup(&c->arena, arg);

		*(e ? &e->append : &c->append) = text;
		return text ? 1 : -ENOMEM;
	}
	arg = after(line, "initrd");
	if (arg) {
		if (e)
			e->initrd = dup_word(c, arg);
		return e && !e->initrd ? -ENOMEM : 1;
	}
	arg = after(line, "ipappend");
	if (!arg)
		arg = after(line, "sysappend");
	if (!arg)
		return 0;
	if (e) {
		e->sysappend = number(arg, 0xffff);
		e->has_sysappend = true;
	} else {
		c->sysappend = number(arg, 0xffff);
	}
	return 1;
}

/* What holds for the whole configuration. Return: 1 if it was one. */
static int
global_line(struct syslinux_config *c, const char *line)
{
	const struct { const char *word; const char **at; } texts[] = {
		{ "default", &c->default_cmd }, { "ui", &c->ui },
		{ "ontimeout", &c->ontimeout },
	};
	const char *arg;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		arg = after(line, texts[i].word);
		if (!arg)
			continue;
		*texts[i].at = arena_strdup(&c->arena, arg);
		return *texts[i].at ? 1 : -ENOMEM;
	}
	if ((arg = after(line, "timeout")))
		c->timeout_ds = number(arg, SYSLINUX_TENTHS_MAX);
	else if ((arg = after(line, "totaltimeout")))
		c->total_timeout_ds = number(arg, SYSLINUX_TENTHS_MAX);
	else if ((arg = after(line, "prompt")))
		c->prompt = number(arg, 2) != 0;
	else if ((arg = after(line, "implicit")))
		c->only_labels = number(arg, 1) == 0;
	else
		return 0;
	return 1;
}

static int
parse_line(const struct reading *r, const char *line)
{
	struct syslinux_config *c = r->c;
	const char *arg;
	int rc;

	if (c->in_text) {
		c->in_text = !after(line, "endtext");
		return 0;
	}
	if ((arg = after(line, "label")))
		return add_entry(c, arg);
	if ((arg = after(line, "include")))
		return include(r, arg);
	if ((arg = after(line, "menu")))
		return menu_line(r, arg);
	if ((arg = after(line, "text"))) {
		c->in_text = after(arg, "help") != NULL;
		return 0;
	}
	rc = kernel_line(c, line);
	if (rc == 0)
		rc = append_line(c, line);
	if (rc == 0)
		rc = global_line(c, line);
	return rc < 0 ? rc : 0;
}

static int
parse_file(const struct reading *r, const void *bytes, size_t len)
{
	struct rd in = rd_init(bytes, len);
	struct sbuf line = SBUF_EMPTY;
	int rc = len > SYSLINUX_TEXT_MAX ? -EMSGSIZE : 0;

	while (rc == 0 && in.left > 0) {
		uint8_t c = 0;

		sbuf_clear(&line);
		while (in.left > 0 && (c = rd_u8(&in)) != '\n')
			sbuf_addc(&line, c ? (char)c : ' ');
		while (line.len > 0 && is_blank(line.text[line.len - 1]))
			line.text[--line.len] = '\0';
		rc = line.bad ? -ENOMEM :
		    parse_line(r, skip_blanks(sbuf_str(&line)));
	}
	sbuf_release(&line);
	return rc;
}

int
syslinux_parse(struct syslinux_config *c, const void *bytes, size_t len,
    const struct syslinux_host *host)
{
	struct reading r = { c, host, 0 };

	return parse_file(&r, bytes, len);
}

void
syslinux_release(struct syslinux_config *c)
{
	free(c->entries);
	c->entries = NULL;
	c->n_entries = c->cap_entries = 0;
	arena_release(&c->arena);
}

static const struct syslinux_entry *
find_label(const struct syslinux_config *c, const char *s, size_t len)
{
	for (size_t i = 0; i < c->n_entries; i++) {
		const struct syslinux_entry *e = &c->entries[i];

		if (strlen(e->label) == len && memcmp(e->label, s, len) == 0)
			return e;
	}
	return NULL;
}

/* What KERNEL means by a name. */
static enum syslinux_type
type_of(const char *file)
{
	static const struct { const char *ext; enum syslinux_type type; } t[] = {
		{ ".c32", SYSLINUX_COM32 }, { ".cbt", SYSLINUX_COM32 },
		{ ".com", SYSLINUX_COM32 }, { ".0", SYSLINUX_BOOT },
		{ ".bin", SYSLINUX_BOOT }, { ".bs", SYSLINUX_BOOT },
		{ ".bss", SYSLINUX_BOOT }, { ".img", SYSLINUX_BOOT },
	};
	const char *dot = strrchr(file, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(t); i++) {
		if (strcasecmp(dot, t[i].ext) == 0)
			return t[i].type;
	}
	return SYSLINUX_LINUX;
}

const char *
syslinux_initrds(struct syslinux_config *c, const char *args)
{
	const char *found = "";
	size_t len = 0;

	for (const char *s = skip_blanks(args); *s;
	    s = skip_blanks(s + word_len(s))) {
		if (!text_starts(s, "initrd="))
			continue;
		found = s + strlen("initrd=");
		len = word_len(found);
	}
	return arena_dup(&c->arena, found, len);
}

int
syslinux_resolve(struct syslinux_config *c, const char *command,
    struct syslinux_boot *ret)
{
	const char *word = skip_blanks(command);
	size_t len = word_len(word);
	const char *options = skip_blanks(word + len);
	const struct syslinux_entry *e = find_label(c, word, len);
	const char *append = e && e->append ? e->append : c->append;

	if (!e && (c->only_labels || len == 0))
		return -ENOENT;
	*ret = (struct syslinux_boot){
		.type = e ? e->type : SYSLINUX_BY_NAME,
		.label = e ? e->label : NULL,
		.file = e && (e->file[0] || e->type == SYSLINUX_LOCAL) ?
		    e->file : arena_dup(&c->arena, word, len),
		.sysappend = e && e->has_sysappend ? e->sysappend :
		    c->sysappend,
	};
	/* INITRD is but another way to write initrd= */
	ret->args = arena_printf(&c->arena, "%s%s%s%s%s%s",
	    e && e->initrd[0] ? "initrd=" : "", e ? e->initrd : "",
	    e && e->initrd[0] && append[0] ? " " : "", append,
	    options[0] && (append[0] || (e && e->initrd[0])) ? " " : "",
	    options);
	if (!ret->file || !ret->args)
		return -ENOMEM;
	ret->initrd = syslinux_initrds(c, ret->args);
	if (ret->type == SYSLINUX_BY_NAME)
		ret->type = type_of(ret->file);
	return ret->initrd ? 0 : -ENOMEM;
}

static unsigned int
wait_ds(const struct syslinux_config *c)
{
	if (c->timeout_ds == 0)
		return c->total_timeout_ds;
	return c->total_timeout_ds && c->total_timeout_ds < c->timeout_ds ?
	    c->total_timeout_ds : c->timeout_ds;
}

const char *
syslinux_command(const struct syslinux_config *c, unsigned int *ret_wait_ds)
{
	const char *cmd = c->ui ? c->ui : c->default_cmd;

	*ret_wait_ds = 0;
	if (cmd && !c->prompt)
		return cmd;
	*ret_wait_ds = wait_ds(c);
	if (*ret_wait_ds == 0)
		return NULL;
	return c->ontimeout ? c->ontimeout : cmd;
}

const char *
syslinux_menu_command(const struct syslinux_config *c,
    unsigned int *ret_wait_ds)
{
	const struct syslinux_entry *e = NULL;

	*ret_wait_ds = wait_ds(c);
	if (*ret_wait_ds == 0)
		return NULL;
	if (c->ontimeout)
		return c->ontimeout;
	if (c->default_cmd)
		e = find_label(c, c->default_cmd, word_len(c->default_cmd));
	for (size_t i = 0; i < c->n_entries; i++) {
		if (c->entries[i].is_menu_default)
			e = &c->entries[i];
	}
	for (size_t i = 0; !e && i < c->n_entries; i++) {
		if (!c->entries[i].in_submenu)
			e = &c->entries[i];
	}
	return e ? e->label : NULL;
}

bool
syslinux_is_menu(const char *file)
{
	const char *base = strrchr(file, '/');

	base = base ? base + 1 : file;
	return strcmp(base, "menu.c32") == 0 ||
	    strcmp(base, "vesamenu.c32") == 0 || strcmp(base, "menu") == 0 ||
	    strcmp(base, "vesamenu") == 0;
}
