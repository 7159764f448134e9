#include "client/script_host.h"

#include "base/clock.h"
#include "chain/step.h"
#include "client/script_record.h"
#include "client/script_source.h"
#include "firmware/identify.h"
#include "firmware/inflate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { UNPACK_MAX = 256 * 1024 * 1024 };        /* bytes of an unpacked image */

/* A run. */
struct host {
	const struct script_host_conf *conf;
	struct script_record *rec;
	struct script *script;
	struct script_console console;
	struct diag *diag;
	struct diag why;                /* of an answer that is none; or "" */
	uint64_t began_ms;              /* real clock */
	uint64_t virtual_ms;            /* waits that were not waited */
	double began_s;                 /* seconds since the epoch */
	size_t next_choice;
	size_t next_key;
	size_t next_answer;
};

static void PRINTF_LIKE(3, 4)
event(struct host *h, enum script_event what, const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;
	int len;

	if (!h->conf->event)
		return;
	va_start(ap, fmt);
	len = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	h->conf->event(h->conf->ctx, what, line);
	free(line);
}

/* End the script: a failure of ours, or an answer that is none. */
static uint32_t
stop(struct script *s, int rc)
{
	script_stop(s, rc);
	return script_error_plain(SCRIPT_ECANCELED);
}

static void
line_done(void *ctx, const char *line)
{
	event(ctx, SCRIPT_EV_CONSOLE, "%s", line);
}

static void
host_print(void *ctx, const char *text, size_t len)
{
	struct host *h = ctx;

	(void)record_console(h->rec, &h->console, text, len, line_done, h);
}

static void
wait_ms(struct host *h, uint64_t ms)
{
	struct timespec ts = {
		.tv_sec = (time_t)(ms / 1000),
		.tv_nsec = (long)(ms % 1000) * 1000000,
	};

	if (h->conf->real_time)
		(void)nanosleep(&ts, NULL);
	else
		h->virtual_ms += ms;
}

static void
host_sleep(void *ctx, uint64_t ms)
{
	event(ctx, SCRIPT_EV_WAIT, "wait %.1f s", (double)ms / 1000.0);
	wait_ms(ctx, ms);
}

static uint64_t
host_now(void *ctx)
{
	const struct host *h = ctx;
	uint64_t real_ms = h->conf->source == SCRIPT_SOURCE_NETWORK ||
	    h->conf->real_time ? clock_now_ms() - h->began_ms : 0;

	return real_ms + h->virtual_ms;
}

static uint64_t
host_unixtime(void *ctx)
{
	const struct host *h = ctx;

	return (uint64_t)h->began_s + host_now(ctx) / 1000;
}

/* Loading. */

static uint32_t
host_load(void *ctx, struct script *s, const struct script_request *req,
    struct script_file *ret)
{
	struct host *h = ctx;
	struct script_load *l = record_load(h->rec, req);
	char text[SCRIPT_ERROR_TEXT_MAX];
	uint32_t status = 0;
	int rc;

	if (!l)
		return stop(s, -ENOMEM);
	rc = script_source_load(h->conf, req, ret, &status, h->diag);
	if (rc < 0)
		return stop(s, rc);
	l->status = status;
	l->len = ret->len;
	l->kind = ret->what.kind;
	if (status)
		event(h, SCRIPT_EV_LOAD, "%s %s%s%s: %s", l->method, l->uri,
		    l->body ? " " : "", l->body ? l->body : "",
		    script_error_text(status, text));
	else if (h->conf->source == SCRIPT_SOURCE_NONE)
		event(h, SCRIPT_EV_LOAD, "%s %s%s%s: not loaded", l->method,
		    l->uri, l->body ? " " : "", l->body ? l->body : "");
	else
		event(h, SCRIPT_EV_LOAD, "%s %s%s%s: %zu bytes, %s", l->method,
		    l->uri, l->body ? " " : "", l->body ? l->body : "",
		    l->len, bootfile_kind_title(l->kind));
	return status;
}

/* Settings. */

/* "name=value" into "@block/name"; @block may be "". */
static int
put_pair(struct script *s, const char *block, const char *pair,
    struct diag *diag)
{
	const char *eq = strchr(pair, '=');
	struct sbuf ref_text = SBUF_EMPTY;
	struct setting_ref ref;
	int rc = -EINVAL;

	if (eq && eq > pair) {
		sbuf_printf(&ref_text, "%s%s%.*s", block, block[0] ? "/" : "",
		    (int)(eq - pair), pair);
		rc = settings_parse_ref(sbuf_str(&ref_text), &ref);
	}
	if (rc == 0)
		rc = settings_put_text(script_settings(s), &ref, eq + 1);
	if (rc < 0)
		diag_set(diag, "cannot set '%s': expected NAME=VALUE, such as "
		    "hostname=node1, 67=boot.ipxe or user-class:hex=01:02",
		    pair);
	sbuf_release(&ref_text);
	return rc == -ENOMEM ? rc : rc < 0 ? -EINVAL : 0;
}

static int
put_pairs(struct script *s, const char *block, const struct script_texts *t,
    struct diag *diag)
{
	int rc = 0;

	for (size_t i = 0; i < t->n && rc == 0; i++)
		rc = put_pair(s, block, t->text[i], diag);
	return rc;
}

/* A lease of addresses for documentation, then what the user says. */
static int
put_lease(struct host *h, struct script *s, const char *netdev)
{
	static const char *const lease[] = {
		"ip=192.0.2.100", "netmask=255.255.255.0",
		"gateway=" SCRIPT_HOST_SERVER, "dns=" SCRIPT_HOST_SERVER,
		"dhcp-server=" SCRIPT_HOST_SERVER,
		"next-server=" SCRIPT_HOST_SERVER,
	};
	const struct script_texts defaults = { lease, ARRAY_LEN(lease) };
	char block[32];
	int rc;

	(void)snprintf(block, sizeof(block), "%s.dhcp", netdev);
	settings_drop_block(script_settings(s), block);
	rc = put_pairs(s, block, &defaults, h->diag);
	if (rc == 0)
		rc = put_pairs(s, block, &h->conf->dhcp, h->diag);
	return rc;
}

static uint32_t
host_dhcp(void *ctx, struct script *s, const char *netdev, uint64_t timeout_ms)
{
	enum { FAILS_AFTER_MS = 17000 };        /* iPXE: 1, 2, 4, 10 s */
	struct host *h = ctx;
	int rc;

	if (h->conf->no_dhcp) {
		wait_ms(h, timeout_ms ? timeout_ms : FAILS_AFTER_MS);
		event(h, SCRIPT_EV_DHCP, "dhcp %s: nobody answers", netdev);
		return timeout_ms ? SCRIPT_ERR_TIMEOUT : SCRIPT_ERR_DHCP;
	}
	rc = put_lease(h, s, netdev);
	event(h, SCRIPT_EV_DHCP, "dhcp %s: answered", netdev);
	return rc < 0 ? stop(s, rc) : 0;
}

/* Starting something. */

static const struct persona *
persona_of(const struct script_host_conf *conf)
{
	static const struct { const char *arch; const char *name; } rows[] = {
		{ "x86_64", "ipxe-efi-x64" }, { "i386", "ipxe-efi-ia32" },
		{ "arm64", "ipxe-efi-arm64" }, { "riscv64", "ipxe-efi-riscv64" },
	};

	if (!conf->platform || strcmp(conf->platform, "efi") != 0)
		return persona_find("ipxe-bios");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].arch, conf->buildarch) == 0)
			return persona_find(rows[i].name);
	return NULL;
}

static uint32_t
host_exec(void *ctx, struct script *s, const struct script_image *image,
    const char *cmdline, enum script_fate *ret_fate)
{
	struct host *h = ctx;
	const struct persona *p = persona_of(h->conf);
	struct step step = { .kind = STEP_PROGRAM };

	if (h->conf->source == SCRIPT_SOURCE_NONE)
		step.kind = image->selected ? STEP_KERNEL : STEP_PROGRAM;
	else if (p)
		chain_step(p, &image->what, &step);
	if (step.kind == STEP_FAULT) {
		event(h, SCRIPT_EV_NOTE, "%s: %s", image->name, step.why);
		return SCRIPT_ERR_IMAGE_TYPE;
	}
	*ret_fate = step.kind == STEP_KERNEL ? SCRIPT_FATE_BOOT :
	    SCRIPT_FATE_REPLACED;
	if (!record_images(h->rec, s, image))
		return stop(s, -ENOMEM);
	event(h, SCRIPT_EV_EXEC, "start %s %s", image->name, cmdline);
	return 0;
}

static uint32_t
host_san(void *ctx, struct script *s, const struct script_san *san,
    enum script_fate *ret_fate)
{
	(void)s;
	event(ctx, SCRIPT_EV_EXEC, "%s %s, drive %#x",
	    san->boot ? "boot from" : "hook",
	    san->n_uris ? san->uris[0] : "the local disk", san->drive);
	if (san->boot)
		*ret_fate = SCRIPT_FATE_SAN;
	return 0;
}

/* Who answers. */

static int
host_key(void *ctx, uint64_t timeout_ms)
{
	struct host *h = ctx;
	int key = SCRIPT_KEY_PASS;

	if (h->next_key < h->conf->n_keys)
		key = h->conf->keys[h->next_key++];
	if (key == SCRIPT_KEY_PASS) {
		wait_ms(h, timeout_ms);
		event(h, SCRIPT_EV_ANSWER, "no key");
		return SCRIPT_KEY_NONE;
	}
	event(h, SCRIPT_EV_ANSWER, "key %#x", (unsigned int)key);
	return key;
}

static void
no_such_item(struct host *h, const struct script_menu *menu, const char *name)
{
	struct sbuf names = SBUF_EMPTY;

	for (const struct script_menu_item *i = menu->first; i; i = i->next) {
		if (!i->name)
			continue;
		sbuf_sep(&names, ", ");
		sbuf_add(&names, i->name);
	}
	diag_set(&h->why, "the menu '%.60s' has no item '%.60s'; it has %s",
	    menu->title, name, sbuf_str(&names));
	sbuf_release(&names);
}

static int
host_choose(void *ctx, const struct script_menu *menu, int initial,
    uint64_t timeout_ms)
{
	struct host *h = ctx;
	const char *name;
	int i = 0;

	(void)initial;
	if (h->next_choice == h->conf->choices.n) {
		wait_ms(h, timeout_ms);
		event(h, SCRIPT_EV_ANSWER, "menu '%s': nobody chooses",
		    menu->title);
		return SCRIPT_CHOICE_NONE;
	}
	name = h->conf->choices.text[h->next_choice++];
	event(h, SCRIPT_EV_ANSWER, "menu '%s': %s", menu->title,
	    name[0] ? name : "Esc");
	if (!name[0])
		return SCRIPT_CHOICE_CANCEL;
	for (const struct script_menu_item *item = menu->first; item;
	    item = item->next, i++)
		if (item->name && strcmp(item->name, name) == 0)
			return i;
	no_such_item(h, menu, name);
	(void)stop(h->script, -EINVAL);
	return SCRIPT_CHOICE_CANCEL;
}

static bool
host_read_line(void *ctx, const char *old, uint64_t timeout_ms,
    struct sbuf *ret)
{
	struct host *h = ctx;

	(void)old;
	if (h->next_answer == h->conf->answers.n) {
		wait_ms(h, timeout_ms);
		event(h, SCRIPT_EV_ANSWER, "nobody types");
		return false;
	}
	sbuf_add(ret, h->conf->answers.text[h->next_answer++]);
	event(h, SCRIPT_EV_ANSWER, "typed '%s'", sbuf_str(ret));
	return true;
}

static uint32_t
host_resolve(void *ctx, const char *name, struct ip_addr *ret)
{
	struct host *h = ctx;
	const struct in_addr none = { 0 };
	struct in_addr a;
	int rc;

	if (parse_ip(name, ret, NULL) == 0)
		return 0;
	if (h->conf->source == SCRIPT_SOURCE_NETWORK)
		rc = resolve_name(RESOLVE_HOST, name, none, &a);
	else
		rc = parse_ipv4(SCRIPT_HOST_SERVER, &a, NULL);
	if (rc < 0)
		return SCRIPT_ERR_DNS_NONE;
	*ret = ip_from_v4(a);
	return 0;
}

/* Hosts answer where all is played; on the network, if they have an address. */
static uint32_t
host_ping(void *ctx, const char *name, uint64_t timeout_ms, unsigned int count)
{
	struct ip_addr a;
	uint32_t status = host_resolve(ctx, name, &a);

	(void)timeout_ms;
	(void)count;
	event(ctx, SCRIPT_EV_NOTE, "ping %s: %s", name,
	    status ? "no such host" : "taken to answer");
	return status;
}

static uint32_t
host_ntp(void *ctx, const char *server)
{
	event(ctx, SCRIPT_EV_NOTE, "ntp %s: the clock is right", server);
	return 0;
}

static void
host_note(void *ctx, const char *uri, unsigned int line, const char *text)
{
	struct host *h = ctx;
	struct sbuf b = SBUF_EMPTY;

	sbuf_printf(&b, "%s:%u: %s", uri[0] ? uri : "script", line, text);
	(void)record_note(h->rec, sbuf_str(&b));
	event(h, SCRIPT_EV_NOTE, "%s", sbuf_str(&b));
	sbuf_release(&b);
}

static uint32_t
host_unpack(void *ctx, const struct script_image *image,
    struct script_file *ret)
{
	const struct host *h = ctx;
	char *fit;

	if (h->conf->source == SCRIPT_SOURCE_NONE) {
		ret->what.container = CONTAINER_BZIMAGE_PE;
		return 0;
	}
	ret->bytes = malloc(UNPACK_MAX);
	if (!ret->bytes)
		return script_error_plain(SCRIPT_ENOMEM);
	ret->len = inflate_gzip_head(rd_init(image->bytes, image->len),
	    ret->bytes, UNPACK_MAX);
	if (ret->len == 0 || ret->len == UNPACK_MAX ||
	    firmware_identify(ret->bytes, ret->len, &ret->what) < 0) {
		free(ret->bytes);
		ret->bytes = NULL;
		return script_error_plain(SCRIPT_ENOTSUP);
	}
	fit = realloc(ret->bytes, ret->len);
	if (fit)
		ret->bytes = fit;
	return 0;
}

/* The machine. */

/* The card that "--set netN/mac=..." describes, or net0 of our own. */
static int
add_netdevs(const struct script_host_conf *conf, struct script *s,
    struct diag *diag)
{
	static const uint8_t plain[MAC_LEN] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	bool open = conf->release != SCRIPT_2019 || conf->cached_dhcp;
	uint8_t mac[MAC_LEN];
	char name[16];
	bool any = false;
	int n;
	int rc = 0;

	for (size_t i = 0; i < conf->set.n && rc == 0; i++) {
		n = 0;
		if (sscanf(conf->set.text[i], "%15[a-z0-9]/mac=%n", name, &n) !=
		    1 || n == 0 || strncmp(name, "net", 3) != 0)
			continue;
		if (parse_mac(conf->set.text[i] + n, mac, diag) < 0)
			return -EINVAL;
		rc = script_add_netdev(s, name, mac, open && !any);
		any = true;
	}
	if (!any)
		rc = script_add_netdev(s, "net0", plain, open);
	if (rc == -EINVAL)
		diag_set(diag, "network cards are named net0, net1 ..., each "
		    "once");
	return rc;
}

static int
describe_machine(struct host *h, struct script *s)
{
	static const char *const board[] = {
		"uuid=564d0f00-0000-4000-8000-000000000001",
		"manufacturer=pxetool", "product=described machine",
		"serial=0000000001", "asset=",
	};
	static const char *const net[] = {
		"chip=virtio-net", "bustype=PCI", "busloc=24",
		"busid:hex=01:1a:f4:10:00", "linktype=Ethernet",
	};
	const struct script_texts smbios = { board, ARRAY_LEN(board) };
	const struct script_texts card = { net, ARRAY_LEN(net) };
	const struct script_host_conf *conf = h->conf;
	int rc = add_netdevs(conf, s, h->diag);

	if (rc == 0)
		rc = put_pairs(s, "smbios", &smbios, h->diag);
	if (rc == 0)
		rc = put_pairs(s, "net0", &card, h->diag);
	if (rc == 0)
		rc = put_pairs(s, "smbios", &conf->smbios, h->diag);
	if (rc == 0)
		rc = put_pairs(s, "", &conf->set, h->diag);
	if (rc == 0 && conf->cached_dhcp)
		rc = put_lease(h, s, "net0");
	return rc;
}

/* A last line without an end, unless all of it was erased. */
static void
end_console(struct host *h)
{
	const char *line = sbuf_str(&h->console.line);

	if (line[strspn(line, " ")])
		host_print(h, "\n", 1);
}

/* The script itself, where only its URI is known. */
static int
load_first(const struct script_host_conf *conf, const char *uri,
    struct script_file *file, struct diag *diag)
{
	struct script_host_conf live = *conf;
	struct script_request req = { .uri = uri };
	char text[SCRIPT_ERROR_TEXT_MAX];
	uint32_t status = 0;
	int rc;

	if (live.source == SCRIPT_SOURCE_NONE)
		live.source = SCRIPT_SOURCE_NETWORK;
	rc = script_source_load(&live, &req, file, &status, diag);
	if (rc == 0 && status) {
		diag_set(diag, "cannot load '%s': %s", uri,
		    script_error_text(status, text));
		rc = -ENOENT;
	}
	return rc;
}

int
script_host_run(const struct script_host_conf *conf, const char *uri,
    const void *bytes, size_t len, struct script_record *ret,
    struct diag *diag)
{
	struct host h = {
		.conf = conf, .rec = ret, .diag = diag,
		.began_ms = clock_now_ms(), .began_s = clock_wall_s(),
	};
	struct script_config config = {
		.release = conf->release, .platform = conf->platform,
		.buildarch = conf->buildarch, .max_steps = conf->max_steps,
	};
	struct script_host host = {
		.ctx = &h, .print = host_print, .load = host_load,
		.dhcp = host_dhcp, .exec = host_exec, .san = host_san,
		.sleep = host_sleep, .now_ms = host_now,
		.unixtime = host_unixtime, .key = host_key,
		.choose = host_choose, .read_line = host_read_line,
		.resolve = host_resolve, .ping = host_ping, .ntp = host_ntp,
		.note = host_note, .unpack = host_unpack,
	};
	struct script_file file = { .bytes = NULL };
	struct script *s = script_new(&config, &host);
	int rc = s ? 0 : -ENOMEM;

	h.script = s;
	memset(ret, 0, sizeof(*ret));
	if (rc == 0)
		rc = describe_machine(&h, s);
	if (rc == 0 && !bytes)
		rc = load_first(conf, uri, &file, diag);
	if (rc == 0)
		rc = script_run(s, uri, bytes ? bytes : file.bytes,
		    bytes ? len : file.len, &ret->end, diag);
	if (rc == 0)
		end_console(&h);
	if (rc == 0 && ((!ret->end.booted && !record_images(ret, s, NULL)) ||
	    !record_settings(ret, s)))
		rc = -ENOMEM;
	ret->end.booted = NULL;
	ret->elapsed_ms = host_now(&h);
	if (rc == -ENOMEM)
		diag_set(diag, "out of memory");
	else if (rc < 0 && h.why.text[0] && diag)
		*diag = h.why;
	if (rc < 0)
		script_record_release(ret);
	script_free(s);
	free(file.bytes);
	bootfile_release(&file.what);
	sbuf_release(&h.console.line);
	return rc;
}
