/*
 * Any script, with a network that answers with itself.
 *
 * The laws: a script comes to an end within its steps; the same script on
 * the same machine does the same; the tokens of a line, joined by blanks,
 * are the same tokens again; a URI is written as it was read.
 */
#include "script/lex.h"
#include "script/script.h"
#include "script/uri.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { STEPS = 600, LOADS = 40 };

struct world {
	const uint8_t *data;
	size_t len;
	struct sbuf console;
	unsigned int n_loads;
	unsigned int n_keys;
};

static void
on_print(void *ctx, const char *text, size_t len)
{
	struct world *w = ctx;

	if (w->console.len < 1024 * 1024)
		sbuf_addn(&w->console, text, len);
}

/* Every other file is the script itself, the rest are programs. */
static uint32_t
on_load(void *ctx, struct script *s, const struct script_request *req,
    struct script_file *ret)
{
	struct world *w = ctx;

	if (strchr(req->uri, '#') && strncmp(req->uri, "data:", 5) != 0 &&
	    strncmp(req->uri, "tftp:", 5) != 0)
		abort();
	if (++w->n_loads > LOADS)
		script_stop(s, -1);
	if (w->n_loads % 7 == 3)
		return SCRIPT_ERR_TFTP_ENOENT;
	ret->bytes = malloc(w->len + 1);
	if (!ret->bytes)
		abort();
	memcpy(ret->bytes, w->data, w->len);
	ret->len = w->n_loads % 2 ? w->len : w->len / 2;
	ret->what.container = w->n_loads % 5 ? CONTAINER_NONE : CONTAINER_PE;
	return 0;
}

/* The script's bytes are a packet too, with live references in it. */
static uint32_t
on_dhcp(void *ctx, struct script *s, const char *netdev, uint64_t timeout_ms)
{
	struct world *w = ctx;
	struct sbuf block = SBUF_EMPTY;
	struct dhcp4_msg m;

	(void)timeout_ms;
	dhcp4_msg_init(&m, DHCP4_BOOTREPLY);
	m.siaddr.s_addr = 0x0100000a;
	(void)dhcp4_add(&m, DHCP4_OPT_BOOTFILE, w->data,
	    w->len < 100 ? w->len : 100);
	(void)dhcp4_add(&m, DHCP4_OPT_IPXE, w->data,
	    w->len < 200 ? w->len : 200);
	(void)dhcp4_add_str(&m, DHCP4_OPT_HOSTNAME, "${hostname}");
	sbuf_printf(&block, "%s.dhcp", netdev);
	if (script_settings_put_dhcp(s, block.text, &m) < 0)
		script_stop(s, -1);
	sbuf_release(&block);
	dhcp4_msg_release(&m);
	return 0;
}

static uint32_t
on_exec(void *ctx, struct script *s, const struct script_image *image,
    const char *cmdline, enum script_fate *ret_fate)
{
	struct world *w = ctx;

	(void)s;
	if (strcmp(cmdline, image->cmdline ? image->cmdline : "") != 0)
		abort();
	*ret_fate = w->n_loads % 4 == 0 ? SCRIPT_FATE_BOOT : SCRIPT_FATE_STATUS;
	return w->n_loads % 3 == 0 ? SCRIPT_ERR_IMAGE_TYPE : 0;
}

static int
on_key(void *ctx, uint64_t timeout_ms)
{
	struct world *w = ctx;

	(void)timeout_ms;
	return w->n_keys++ % 3 ? 's' : SCRIPT_KEY_NONE;
}

static int
on_choose(void *ctx, const struct script_menu *menu, int initial,
    uint64_t timeout_ms)
{
	struct world *w = ctx;

	(void)menu;
	(void)timeout_ms;
	return w->n_keys++ % 3 ? initial + 1 : SCRIPT_CHOICE_NONE;
}

/* The present value, and once more. */
static bool
on_read_line(void *ctx, const char *old, uint64_t timeout_ms, struct sbuf *ret)
{
	struct world *w = ctx;

	(void)timeout_ms;
	sbuf_printf(ret, "%s%.40s", w->n_keys % 2 ? "${x}" : "", old);
	return w->n_keys++ % 5 != 4;
}

static uint32_t
on_unpack(void *ctx, const struct script_image *image, struct script_file *ret)
{
	(void)ctx;
	if (image->len % 3 == 2)
		return SCRIPT_ERR_IMAGE_TYPE;
	ret->bytes = malloc(image->len + 1);
	if (!ret->bytes)
		abort();
	memcpy(ret->bytes, image->len ? image->bytes : "", image->len);
	ret->len = image->len;
	return 0;
}

/* Run it; what it printed and how it ended, in @w. */
static void
run(const uint8_t *data, size_t len, bool efi, struct world *w)
{
	struct script_host host = {
		.ctx = w, .print = on_print, .load = on_load, .dhcp = on_dhcp,
		.exec = on_exec, .key = on_key, .choose = on_choose,
		.read_line = on_read_line, .unpack = on_unpack,
	};
	struct script_config config = {
		.platform = efi ? "efi" : NULL, .max_steps = STEPS,
		.release = len % 4 == 3 ? SCRIPT_2019 : SCRIPT_CURRENT,
	};
	struct script *s = script_new(&config, &host);
	struct script_end end;

	memset(w, 0, sizeof(*w));
	w->data = data;
	w->len = len;
	if (!s || script_add_netdev(s, "net0",
	    (const uint8_t *)"\x52\x54\0\0\0\1", true) < 0)
		abort();
	if (script_run(s, "http://h/d/a.ipxe", data, len, &end, NULL) == 0) {
		if (end.steps > STEPS + 1)
			abort();
		sbuf_printf(&w->console, "%d %x %u %s", end.kind, end.status,
		    end.line, end.text);
	}
	script_free(s);
}

static void
check_tokens(const uint8_t *data, size_t len)
{
	struct lex_script ls;

	if (lex_script_parse(data, len, &ls) < 0)
		abort();
	for (size_t i = 0; i < ls.n_lines; i++) {
		const struct lex_line *l = &ls.lines[i];
		struct sbuf b = SBUF_EMPTY;
		struct lex_script again;
		size_t n = l->n_tokens;

		for (size_t k = 0; k < n; k++)
			sbuf_printf(&b, " %s", l->tokens[k].text);
		/* A blank, since a backslash at the end would go on. */
		sbuf_addc(&b, ' ');
		if (n == 0 || l->tokens[0].text[0] == ':') {
			sbuf_release(&b);
			continue;
		}
		if (lex_script_parse(b.text, b.len, &again) < 0 ||
		    again.n_lines != 1 || again.lines[0].n_tokens != n)
			abort();
		for (size_t k = 0; k < n; k++)
			if (strcmp(again.lines[0].tokens[k].text,
			    l->tokens[k].text) != 0 ||
			    again.lines[0].tokens[k].kind != l->tokens[k].kind)
				abort();
		lex_script_release(&again);
		sbuf_release(&b);
	}
	lex_script_release(&ls);
}

static void
check_uri(const uint8_t *data, size_t len)
{
	struct sbuf text = SBUF_EMPTY;
	struct sbuf out = SBUF_EMPTY;
	struct uri u;

	sbuf_addn(&text, data, len < 300 ? len : 300);
	if (uri_parse(&u, sbuf_str(&text)) == 0) {
		uri_add(&out, &u);
		/* "##params=" names no list, as "##params" does. */
		if (strcmp(sbuf_str(&out), sbuf_str(&text)) != 0 &&
		    (!u.params || u.params[0]))
			abort();
		uri_release(&u);
	}
	sbuf_release(&text);
	sbuf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct world a;
	struct world b;

	check_tokens(data, len);
	check_uri(data, len);
	for (int efi = 0; efi < 2; efi++) {
		run(data, len, efi, &a);
		run(data, len, efi, &b);
		if (strcmp(sbuf_str(&a.console), sbuf_str(&b.console)) != 0)
			abort();
		sbuf_release(&a.console);
		sbuf_release(&b.console);
	}
	return 0;
}
