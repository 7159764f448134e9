#include "script/run.h"

#include "script/uri.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const end_names[] = {
	[SCRIPT_END_BOOT] = "boot",
	[SCRIPT_END_SAN] = "san",
	[SCRIPT_END_EXIT] = "exit",
	[SCRIPT_END_ERROR] = "error",
	[SCRIPT_END_SHELL] = "shell",
	[SCRIPT_END_POWEROFF] = "poweroff",
	[SCRIPT_END_REBOOT] = "reboot",
	[SCRIPT_END_REPLACED] = "chain-replaced",
	[SCRIPT_END_LIMIT] = "limit",
};

const char *
script_end_name(enum script_end_kind kind)
{
	return end_names[kind];
}

bool
script_is_script(const void *bytes, size_t len)
{
	static const char *const magics[] = { "#!ipxe", "#!gpxe" };
	const char *text = bytes;

	if (len < 7 || !isspace((unsigned char)text[6]))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if (memcmp(text, magics[i], 6) == 0)
			return true;
	return false;
}

static int
put_text(struct script *s, const char *ref, const char *text)
{
	return script_settings_put(s, ref, SETTING_T_NONE, text, strlen(text));
}

/* Registers of 32 bits hold numbers of four bytes. */
static size_t
word_of(const char *buildarch)
{
	static const char *const narrow[] = { "i386", "arm32", "riscv32" };

	for (size_t i = 0; i < ARRAY_LEN(narrow); i++)
		if (strcmp(narrow[i], buildarch) == 0)
			return 4;
	return 8;
}

static const char *const release_versions[] = {
	[SCRIPT_CURRENT] = "2.0.0+",
	[SCRIPT_2019] = "1.0.0+git-20190125.36a4c85-5.1",
};

struct script *
script_new(const struct script_config *config, const struct script_host *host)
{
	const char *platform = config->platform ? config->platform : "pcbios";
	const char *arch = config->buildarch ? config->buildarch : "i386";
	const char *version = config->version ? config->version :
	    release_versions[config->release];
	struct script *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->host = host;
	s->release = config->release;
	s->is_efi = strcmp(platform, "efi") == 0;
	s->max_steps = config->max_steps ? config->max_steps : SCRIPT_STEPS_MAX;
	s->settings = settings_new();
	if (!s->settings)
		goto fail;
	settings_set_word(s->settings, word_of(arch));
	settings_set_old(s->settings, s->release == SCRIPT_2019);
	if (put_text(s, "builtin/platform", platform) < 0 ||
	    put_text(s, "builtin/buildarch", arch) < 0 ||
	    put_text(s, "builtin/version", version) < 0 ||
	    script_settings_put(s, "builtin/errno", SETTING_T_NONE,
	    "\0\0\0\0", 4) < 0)
		goto fail;
	return s;
fail:
	script_free(s);
	return NULL;
}

void
script_free(struct script *s)
{
	if (!s)
		return;
	while (s->images) {
		struct script_image *image = s->images;

		script_image_unregister(s, image);
		script_image_free(image);
	}
	script_menus_free(s);
	while (s->params)
		script_params_free(script_params_take(s, s->params->name));
	settings_free(s->settings);
	free(s->cwuri);
	free(s);
}

/* The machine. */

struct script_netdev *
script_netdev_find(struct script *s, const char *name)
{
	for (size_t i = 0; i < s->n_netdevs; i++)
		if (strcmp(s->netdevs[i].name, name) == 0)
			return &s->netdevs[i];
	return NULL;
}

void
script_netdev_open(struct script *s, struct script_netdev *nd)
{
	if (nd->is_open)
		return;
	nd->is_open = true;
	nd->opened = ++s->n_opened;
	settings_set_netx(s->settings, nd->name);
}

void
script_netdev_close(struct script *s, struct script_netdev *nd)
{
	const struct script_netdev *last = NULL;

	nd->is_open = false;
	for (size_t i = 0; i < s->n_netdevs; i++)
		if (s->netdevs[i].is_open && (!last ||
		    s->netdevs[i].opened > last->opened))
			last = &s->netdevs[i];
	settings_set_netx(s->settings, last ? last->name : NULL);
}

/* A card that goes away; its place is taken by those after it. */
void
script_netdev_remove(struct script *s, struct script_netdev *nd)
{
	size_t left = s->n_netdevs - (size_t)(nd - s->netdevs) - 1;

	script_netdev_close(s, nd);
	settings_drop_block(s->settings, nd->name);
	memmove(nd, nd + 1, left * sizeof(*nd));
	s->n_netdevs--;
}

int
script_add_netdev(struct script *s, const char *name,
    const uint8_t mac[MAC_LEN], bool is_open)
{
	struct script_netdev *nd;
	char ref[32];
	int rc;

	if (strncmp(name, "net", 3) != 0 || !isdigit((unsigned char)name[3]) ||
	    strlen(name) >= sizeof(nd->name) || strpbrk(name, "./:") ||
	    s->n_netdevs == SCRIPT_NETDEVS_MAX || script_netdev_find(s, name))
		return -EINVAL;
	(void)snprintf(ref, sizeof(ref), "%s/mac", name);
	rc = script_settings_put(s, ref, SETTING_T_NONE, mac, MAC_LEN);
	if (rc < 0)
		return rc;
	nd = &s->netdevs[s->n_netdevs++];
	memset(nd, 0, sizeof(*nd));
	(void)text_copy(nd->name, sizeof(nd->name), name);
	memcpy(nd->mac, mac, MAC_LEN);
	if (is_open)
		script_netdev_open(s, nd);
	return 0;
}

int
script_settings_put(struct script *s, const char *ref_text,
    enum setting_type type, const void *bytes, size_t len)
{
	struct setting_ref ref;
	int rc = settings_parse_ref(ref_text, &ref);

	if (rc == 0)
		rc = settings_put(s->settings, &ref, type, bytes, len);
	return rc;
}

int
script_settings_put_dhcp(struct script *s, const char *block,
    const struct dhcp4_msg *msg)
{
	int rc = settings_put_dhcp(s->settings, block, msg);

	script_apply(s);
	return rc;
}

struct settings *
script_settings(struct script *s)
{
	return s->settings;
}

int
script_set_cwuri(struct script *s, const char *uri)
{
	char *copy = uri ? strdup(uri) : NULL;
	struct sbuf dir = SBUF_EMPTY;
	int rc = 0;

	if (uri && !copy)
		return -ENOMEM;
	free(s->cwuri);
	s->cwuri = copy;
	if (s->release == SCRIPT_2019)
		return 0;               /* it has no such settings */
	if (uri)
		rc = uri_dir(&dir, uri);
	if (rc == 0)
		rc = put_text(s, "builtin/cwuri", uri ? uri : "");
	if (rc == 0)
		rc = put_text(s, "builtin/cwduri", sbuf_str(&dir));
	sbuf_release(&dir);
	return rc;
}

/*
 * A TFTP server that is known makes the working URI: if there is none; in
 * 2019 each time that another server becomes known.
 */
void
script_apply(struct script *s)
{
	struct sbuf server = SBUF_EMPTY;
	struct sbuf uri = SBUF_EMPTY;

	if (s->cwuri && s->release != SCRIPT_2019)
		return;
	(void)settings_get_text(s->settings, "next-server", &server);
	if (strcmp(sbuf_str(&server), s->next_server) != 0) {
		(void)text_copy(s->next_server, sizeof(s->next_server),
		    sbuf_str(&server));
		if (server.len > 0)
			sbuf_printf(&uri, "tftp://%s/", server.text);
		if (server.bad || uri.bad || script_set_cwuri(s,
		    uri.len > 0 ? uri.text : NULL) == -ENOMEM)
			(void)script_nomem(s);
	}
	sbuf_release(&server);
	sbuf_release(&uri);
}

/* Console and end. */

void
script_print(struct script *s, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0) {
		(void)script_nomem(s);
		return;
	}
	s->work += (size_t)len;
	if (s->host->print)
		s->host->print(s->host->ctx, text, (size_t)len);
	free(text);
}

uint32_t
script_status(const struct script *s, uint32_t status)
{
	return script_error_platform(script_error_release(status, s->release),
	    s->is_efi);
}

void
script_say_error(struct script *s, const char *what, uint32_t status)
{
	char text[SCRIPT_ERROR_TEXT_MAX];

	status = script_status(s, status);
	script_print(s, "%s: %s\n", what, script_error_text_of(s->release, status, text));
}

void
script_set_end(struct script *s, enum script_end_kind kind, uint32_t status,
    const char *fmt, ...)
{
	const struct script_frame *f = s->frame;
	va_list ap;

	if (s->over)
		return;
	s->over = true;
	s->end.kind = kind;
	s->end.status = status;
	(void)text_copy(s->end.command, sizeof(s->end.command), s->command);
	if (f) {
		(void)text_copy(s->end.uri, sizeof(s->end.uri), f->uri);
		if (f->is_script && f->line < f->lex.n_lines)
			s->end.line = f->lex.lines[f->line].at.line;
	}
	va_start(ap, fmt);
	(void)vsnprintf(s->end.text, sizeof(s->end.text), fmt, ap);
	va_end(ap);
}

uint32_t
script_nomem(struct script *s)
{
	script_stop(s, -ENOMEM);
	return script_error_plain(SCRIPT_ENOMEM);
}

uint32_t
script_errno(struct script *s, int rc)
{
	switch (rc) {
	case -ENOMEM:
		return script_nomem(s);
	case -EINVAL:
		return SCRIPT_ERR_VALUE;
	case -ENOTSUP:
		return SCRIPT_ERR_TYPE;
	case -ENODEV:
		return SCRIPT_ERR_BLOCK;
	case -ENODATA:
		return SCRIPT_ERR_UNSET;
	default:
		return script_error_plain(SCRIPT_ENOMEM);
	}
}

uint32_t
script_value_error(struct script *s, const struct setting_ref *ref, int rc)
{
	enum setting_type type = ref->type;

	if (rc != -EINVAL)
		return script_errno(s, rc);
	if (type == SETTING_T_NONE && ref->info)
		type = ref->info->type;
	switch (type) {
	case SETTING_T_IPV4:
		return SCRIPT_ERR_VALUE_IPV4;
	case SETTING_T_IPV6:
		return SCRIPT_ERR_VALUE_IPV6;
	case SETTING_T_HEX:
	case SETTING_T_HEXHYP:
	case SETTING_T_HEXRAW:
		return SCRIPT_ERR_VALUE_HEX;
	case SETTING_T_BASE64:
		return SCRIPT_ERR_VALUE_BASE64;
	case SETTING_T_UUID:
	case SETTING_T_GUID:
		return SCRIPT_ERR_VALUE_UUID;
	default:
		return SCRIPT_ERR_VALUE;
	}
}

void
script_stop(struct script *s, int rc)
{
	s->over = true;
	if (s->rc == 0)
		s->rc = rc;
}

const struct script_image *
script_images(const struct script *s)
{
	return s->images;
}

/* Running. */

static void
begin(struct script *s)
{
	memset(&s->end, 0, sizeof(s->end));
	s->over = false;
	s->rc = 0;
	s->steps = 0;
	s->work = 0;
	s->leave = false;
	s->jumped = false;
	s->left_by_exit = false;
	s->has_failed = false;
	s->replace = NULL;
	s->command[0] = '\0';
}

/* Why a script ended with @status, where iPXE's text does not tell. */
static const char *
why(uint32_t status)
{
	static const struct {
		uint32_t status;
		const char *text;
	} rows[] = {
		{ SCRIPT_ERR_COMMAND, "command not found" },
		{ SCRIPT_ERR_LABEL, "no such label" },
		{ SCRIPT_ERR_ISEQ, "the values differ" },
		{ SCRIPT_ERR_ISSET, "the value is empty" },
		{ SCRIPT_ERR_CONTINUED, "a backslash ends the file" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (script_error_same(rows[i].status, status))
			return rows[i].text;
	return NULL;
}

/* How a run ended that nothing else ended. */
static void
end_by_status(struct script *s, uint32_t status)
{
	const struct script_place *p = &s->failed_at;
	char text[SCRIPT_ERROR_TEXT_MAX];

	if (s->over)
		return;
	(void)script_error_text_of(s->release, status, text);
	s->command[0] = '\0';
	if (s->left_by_exit)
		script_set_end(s, SCRIPT_END_EXIT, status,
		    "the script said exit");
	else if (status == 0)
		script_set_end(s, SCRIPT_END_EXIT, 0, "ran to its end");
	else
		script_set_end(s, SCRIPT_END_ERROR, status, "%s%s%s",
		    p->command, p->command[0] ? ": " : "",
		    why(status) ? why(status) : text);
	if (s->has_failed) {
		memcpy(s->end.uri, p->uri, sizeof(s->end.uri));
		memcpy(s->end.command, p->command, sizeof(s->end.command));
		s->end.line = p->line;
	}
}

static int
finish(struct script *s, uint32_t status, struct script_end *ret,
    struct diag *diag)
{
	end_by_status(s, status);
	if (s->rc < 0) {
		diag_sys(diag, -s->rc, "cannot go on running the script");
		return s->rc;
	}
	s->end.steps = s->steps;
	*ret = s->end;
	return 0;
}

int
script_run(struct script *s, const char *uri, const void *bytes, size_t len,
    struct script_end *ret, struct diag *diag)
{
	struct script_image *image = NULL;
	struct sbuf name = SBUF_EMPTY;
	uint32_t status;

	if (!script_is_script(bytes, len)) {
		diag_set(diag, "not an iPXE script: it does not begin with "
		    "'#!ipxe' and a line's end");
		return -EBADMSG;
	}
	if (len > SCRIPT_TEXT_MAX) {
		diag_set(diag, "the script is larger than %d bytes",
		    SCRIPT_TEXT_MAX);
		return -EMSGSIZE;
	}
	begin(s);
	if (uri && uri_name(&name, uri) < 0)
		sbuf_clear(&name);
	image = script_image_new(name.len > 0 ? name.text : "script",
	    uri ? uri : "");
	sbuf_release(&name);
	if (image)
		image->bytes = malloc(len);
	if (!image || !image->bytes) {
		script_image_free(image);
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	memcpy(image->bytes, bytes, len);
	image->len = len;
	image->what.kind = BOOTFILE_SCRIPT;
	script_image_register(s, image);
	status = script_exec_image(s, image);
	return finish(s, status, ret, diag);
}

int
script_run_line(struct script *s, const char *line, struct script_end *ret,
    struct diag *diag)
{
	uint32_t status;

	begin(s);
	status = script_exec_line(s, line);
	return finish(s, status, ret, diag);
}
