/*
 * script_world.h - a machine and a network for scripts to run on, all in
 * memory, and the row that says what a script must print, ask for and end as.
 */
#ifndef PXE_TESTS_SCRIPT_WORLD_H
#define PXE_TESTS_SCRIPT_WORLD_H

#include "unit.h"

#include "script/script.h"

#include <stdio.h>

/* The files of the fake network. */
struct world_file {
	const char *uri;
	const char *text;
	enum bootfile_container container;
};

static const struct world_file world_files[] = {
	{ "http://h/d/sub.ipxe", "#!ipxe\necho sub ${v}\nset w done\n", 0 },
	{ "http://h/d/fail.ipxe", "#!ipxe\necho f\niseq a b\necho not\n", 0 },
	{ "http://h/d/exit5.ipxe", "#!ipxe\nexit 5 || echo not\n", 0 },
	{ "http://h/d/exit0.ipxe", "#!ipxe\nexit\necho not\n", 0 },
	{ "http://h/d/caller.ipxe", "#!ipxe\nchain -r exit0.ipxe\n", 0 },
	{ "http://h/d/cut.ipxe", "#!ipxe\necho cut\necho b\\", 0 },
	{ "http://h/d/nest.ipxe", "#!ipxe\nchain fail.ipxe\n", 0 },
	{ "http://h/d/loop.ipxe", "#!ipxe\nchain loop.ipxe\n", 0 },
	{ "http://h/d/deep/a.ipxe", "#!ipxe\nchain b.ipxe\nchain ../c.ipxe\n",
	    0 },
	{ "http://h/d/deep/b.ipxe", "#!ipxe\necho b ${cwuri}\n", 0 },
	{ "http://h/d/c.ipxe", "#!ipxe\necho c ${cwduri}\n", 0 },
	{ "http://h/d/kern", "\177KERNEL", CONTAINER_BZIMAGE_PE },
	{ "http://h/d/rd1", "initrd one", 0 },
	{ "http://h/d/rd2", "initrd two!", 0 },
	{ "http://h/d/page.html", "<html></html>", 0 },
	{ "http://h/d/returns", "returns 0", CONTAINER_PE },
	{ "http://h/d/refuses", "returns an error", CONTAINER_PE },
	{ "http://h/d/other.efi", "another loader", CONTAINER_PE },
	{ "http://h/q?a=1", "query", 0 },
	{ "http://h/", "no name", 0 },
	{ "tftp://10.0.0.1/x", "by tftp", 0 },
	{ "tftp://10.0.0.1/boot.ipxe", "#!ipxe\necho booted ${filename}\n", 0 },
	{ "tftp://10.0.0.2/proxy.ipxe", "#!ipxe\necho by proxy\n", 0 },
};

struct world {
	struct sbuf console;
	struct sbuf log;                /* what was asked of the host */
	const char *dhcp_file;          /* NULL: no boot file in the ACK */
	const char *proxy_file;
	const char *root_path;
	bool dhcp_fails;
	uint64_t dhcp_ms;               /* that it takes */
	const char *keys;               /* pressed one after the other */
	int choice;
	uint64_t slept_ms;
};

static inline void
fake_print(void *ctx, const char *text, size_t len)
{
	struct world *w = ctx;

	sbuf_addn(&w->console, text, len);
}

static inline void
log_params(struct world *w, const struct script_params *p)
{
	sbuf_printf(&w->log, " %s(", p->method);
	for (const struct script_param *q = p->first; q; q = q->next)
		sbuf_printf(&w->log, "%s%s=%s;", q->is_header ? "H:" : "",
		    q->key, q->value);
	sbuf_add(&w->log, ")");
}

static inline uint32_t
fake_load(void *ctx, struct script *s, const struct script_request *req,
    struct script_file *ret)
{
	struct world *w = ctx;

	(void)s;
	sbuf_printf(&w->log, "load %s", req->uri);
	if (req->timeout_ms)
		sbuf_printf(&w->log, " %dms", (int)req->timeout_ms);
	if (req->params)
		log_params(w, req->params);
	sbuf_add(&w->log, "\n");
	for (size_t i = 0; i < ARRAY_LEN(world_files); i++) {
		if (strcmp(world_files[i].uri, req->uri) != 0)
			continue;
		ret->len = strlen(world_files[i].text);
		ret->bytes = unit_heap(world_files[i].text, ret->len);
		ret->what.container = world_files[i].container;
		return 0;
	}
	return SCRIPT_ERR_HTTP_404;
}

static inline void
put_packet(struct script *s, const char *block, const char *ip,
    const char *server, const char *file, const char *root)
{
	struct dhcp4_msg m;

	dhcp4_msg_init(&m, DHCP4_BOOTREPLY);
	ck_assert_int_eq(parse_ipv4(ip, &m.yiaddr, NULL), 0);
	ck_assert_int_eq(parse_ipv4(server, &m.siaddr, NULL), 0);
	if (file)
		ck_assert_int_eq(dhcp4_add_str(&m, DHCP4_OPT_BOOTFILE, file),
		    0);
	if (root)
		ck_assert_int_eq(dhcp4_add_str(&m, DHCP4_OPT_ROOT_PATH, root),
		    0);
	ck_assert_int_eq(script_settings_put_dhcp(s, block, &m), 0);
	dhcp4_msg_release(&m);
}

static inline uint32_t
fake_dhcp(void *ctx, struct script *s, const char *netdev, uint64_t timeout_ms)
{
	struct world *w = ctx;
	char block[32];

	(void)timeout_ms;
	w->slept_ms += w->dhcp_ms;
	sbuf_printf(&w->log, "dhcp %s\n", netdev);
	if (w->dhcp_fails)
		return SCRIPT_ERR_DHCP;
	(void)snprintf(block, sizeof(block), "%s.dhcp", netdev);
	put_packet(s, block, "10.0.0.5", "10.0.0.1", w->dhcp_file,
	    w->root_path);
	if (w->proxy_file)
		put_packet(s, "proxydhcp", "0.0.0.0", "10.0.0.2",
		    w->proxy_file, NULL);
	return 0;
}

static inline uint32_t
fake_exec(void *ctx, struct script *s, const struct script_image *image,
    const char *cmdline, enum script_fate *ret_fate)
{
	struct world *w = ctx;

	sbuf_printf(&w->log, "exec %s '%s'", image->name, cmdline);
	for (const struct script_image *i = script_images(s); i; i = i->next)
		if (i != image && !i->hidden)
			sbuf_printf(&w->log, " +%s'%s'", i->name,
			    i->cmdline ? i->cmdline : "");
	sbuf_add(&w->log, "\n");
	if (strcmp(image->name, "returns") == 0)
		return 0;
	if (strcmp(image->name, "refuses") == 0)
		return script_error_plain(SCRIPT_EACCES);
	*ret_fate = strcmp(image->name, "other.efi") == 0 ?
	    SCRIPT_FATE_REPLACED : SCRIPT_FATE_BOOT;
	return 0;
}

static inline uint32_t
fake_san(void *ctx, struct script *s, const struct script_san *san,
    enum script_fate *ret_fate)
{
	struct world *w = ctx;

	(void)s;
	sbuf_printf(&w->log, "san %s %#x", san->boot ? "boot" : "hook",
	    san->drive);
	for (size_t i = 0; i < san->n_uris; i++)
		sbuf_printf(&w->log, " %s", san->uris[i]);
	sbuf_add(&w->log, "\n");
	if (san->n_uris > 0 && strcmp(san->uris[0], "iscsi:bad") == 0)
		return script_error_plain(SCRIPT_EIO);
	if (san->boot)
		*ret_fate = SCRIPT_FATE_SAN;
	return 0;
}

static inline void
fake_sleep(void *ctx, uint64_t ms)
{
	struct world *w = ctx;

	w->slept_ms += ms;
}

static inline int
fake_key(void *ctx, uint64_t timeout_ms)
{
	struct world *w = ctx;

	if (!w->keys || !*w->keys) {
		w->slept_ms += timeout_ms;
		return SCRIPT_KEY_NONE;
	}
	return *w->keys++;
}

static inline int
fake_choose(void *ctx, const struct script_menu *menu, int initial,
    uint64_t timeout_ms)
{
	struct world *w = ctx;

	sbuf_printf(&w->log, "menu '%s' at %d, %d ms:", menu->title, initial,
	    (int)timeout_ms);
	for (const struct script_menu_item *i = menu->first; i; i = i->next)
		sbuf_printf(&w->log, " %s=%s", i->name ? i->name : "-",
		    i->text);
	sbuf_add(&w->log, "\n");
	return w->choice;
}

static inline uint64_t
fake_now(void *ctx)
{
	const struct world *w = ctx;

	return w->slept_ms;
}

static inline uint64_t
fake_unixtime(void *ctx)
{
	(void)ctx;
	return 1700000000;
}

static inline uint32_t
fake_resolve(void *ctx, const char *name, struct ip_addr *ret)
{
	(void)ctx;
	if (strcmp(name, "known") != 0)
		return SCRIPT_ERR_DNS_NONE;
	return parse_ip("10.0.0.7", ret, NULL) < 0;
}

struct run {
	const char *name;
	const char *script;     /* after the line #!ipxe */
	const char *console;    /* NULL: not looked at */
	enum script_end_kind kind;
	uint32_t status;
	unsigned int line;      /* 0: not looked at */
	const char *log;        /* NULL: not looked at */
	struct world world;
	bool efi;
	bool no_netdev;
	bool no_cwuri;
};

static const uint8_t world_mac[MAC_LEN] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static inline struct script *
make(const struct run *r, const struct script_host *host)
{
	struct script_config config = { 0 };
	struct script *s;

	if (r->efi) {
		config.platform = "efi";
		config.buildarch = "x86_64";
	}
	s = script_new(&config, host);
	ck_assert_ptr_nonnull(s);
	if (!r->no_netdev)
		ck_assert_int_eq(script_add_netdev(s, "net0", world_mac, true), 0);
	return s;
}

static inline void
check_run(const struct run *r)
{
	struct world w = r->world;
	struct script_host host = {
		.ctx = &w, .print = fake_print, .load = fake_load,
		.dhcp = fake_dhcp, .exec = fake_exec, .san = fake_san,
		.sleep = fake_sleep, .key = fake_key, .choose = fake_choose,
		.now_ms = fake_now,
		.unixtime = fake_unixtime, .resolve = fake_resolve,
	};
	struct script *s = make(r, &host);
	struct sbuf text = SBUF_EMPTY;
	struct script_end end;
	char *exact;

	sbuf_printf(&text, "#!ipxe\n%s", r->script);
	exact = unit_heap(text.text, text.len);
	ck_assert_int_eq(script_run(s, r->no_cwuri ? NULL : "http://h/d/main",
	    exact, text.len, &end, NULL), 0);
	ck_assert_msg(!r->console ||
	    strcmp(sbuf_str(&w.console), r->console) == 0,
	    "%s: console is\n%snot\n%s", r->name, sbuf_str(&w.console),
	    r->console);
	ck_assert_msg(end.kind == r->kind && end.status == r->status,
	    "%s: ended as %s, status %08x: %s", r->name,
	    script_end_name(end.kind), end.status, end.text);
	ck_assert_msg(r->line == 0 || end.line == r->line,
	    "%s: ended in line %u, not %u", r->name, end.line, r->line);
	if (r->log)
		ck_assert_msg(strcmp(sbuf_str(&w.log), r->log) == 0,
		    "%s: asked for\n%snot\n%s", r->name, sbuf_str(&w.log),
		    r->log);
	free(exact);
	sbuf_release(&text);
	sbuf_release(&w.console);
	sbuf_release(&w.log);
	script_free(s);
}

#define ENDS(how, n) .kind = SCRIPT_END_##how, .status = (n)
#define OK ENDS(EXIT, 0)
#define FAILS(n) ENDS(ERROR, n)

#endif
