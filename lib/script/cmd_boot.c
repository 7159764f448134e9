/*
 * Commands that boot: the whole of a device by DHCP, and SAN devices.
 */
#include "script/cmd.h"

#include "script/expand.h"
#include "script/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAN_DRIVE = 0x80 };      /* the first hard disk of a BIOS */

/* Settings may contain references of their own. Return: false if absent. */
static bool
get_expanded(struct script *s, const char *ref, struct sbuf *b)
{
	struct sbuf raw = SBUF_EMPTY;
	bool found = settings_get_text(s->settings, ref, &raw) == 0;

	if (found && expand(s->settings, sbuf_str(&raw), b, &s->work) < 0)
		sbuf_clear(b);
	sbuf_release(&raw);
	return found && b->len > 0;
}

/*
 * The boot file: next-server is taken from the block that gave the file
 * name, so a proxy's file is loaded from the proxy's server.
 */
static bool
get_filename(struct script *s, struct sbuf *uri)
{
	struct setting_ref ref;
	struct setting_value v;
	struct sbuf file = SBUF_EMPTY;
	struct sbuf server = SBUF_EMPTY;
	char server_ref[SETTING_NAME_MAX + 16];
	bool found;

	if (settings_parse_ref("filename", &ref) < 0 ||
	    settings_get(s->settings, &ref, &v) < 0)
		return false;
	(void)snprintf(server_ref, sizeof(server_ref), "%s/next-server",
	    v.block);
	if (settings_get_text(s->settings, server_ref, &server) == 0)
		script_print(s, "Next server: %s\n", sbuf_str(&server));
	found = get_expanded(s, "filename", &file);
	if (found) {
		script_print(s, "Filename: %s\n", sbuf_str(&file));
		/* Without a server the name stays, and resolves to nothing. */
		if (uri_from_dhcp(uri, sbuf_str(&server), sbuf_str(&file)) < 0)
			sbuf_add(uri, sbuf_str(&file));
	}
	sbuf_release(&file);
	sbuf_release(&server);
	return found;
}

/* Is it a SAN device, rather than the NFS root of a diskless kernel? */
static bool
is_san_uri(const char *text)
{
	static const char *const schemes[] = {
		"iscsi", "aoe", "fcp", "ib_srp", "http", "https", "file",
	};
	bool found = false;
	struct uri u;

	if (uri_parse(&u, text) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(schemes) && u.scheme; i++)
		found = found || strcmp(schemes[i], u.scheme) == 0;
	uri_release(&u);
	return found;
}

static unsigned int
default_drive(struct script *s)
{
	struct setting_ref ref;
	struct setting_value v;
	int64_t drive;

	if (settings_parse_ref("san-drive", &ref) == 0 &&
	    settings_get(s->settings, &ref, &v) == 0 &&
	    setting_number(v.type, v.bytes, v.len, 8, &drive) == 0)
		return (unsigned int)drive;
	return SAN_DRIVE;
}

/*
 * Hook the devices, and boot from them. A failure with a root path is that
 * of opening it; without one there is nothing to open.
 */
static uint32_t
ask_san(struct script *s, const struct script_san *san)
{
	enum script_fate fate = SCRIPT_FATE_STATUS;
	uint32_t status = script_error_plain(SCRIPT_ENOTSUP);
	uint32_t san_status = 0;

	for (size_t i = 0; i < san->n_uris && san_status == 0; i++)
		if (!is_san_uri(san->uris[i]))
			san_status = SCRIPT_ERR_URI;
	if (san_status)
		status = san_status;
	else if (s->host->san)
		status = s->host->san(s->host->ctx, s, san, &fate);
	if (s->over)
		return status;
	if (status && san->n_uris > 0) {
		script_say_error(s, "Could not open SAN device", status);
		return status;
	}
	if (san->n_uris > 0)
		script_print(s, "Registered SAN device %#02x\n", san->drive);
	if (san->boot)
		script_print(s, "Booting%s%s from SAN device %#02x\n",
		    san->filename ? " " : "",
		    san->filename ? san->filename : "", san->drive);
	if (status) {
		script_print(s, "Boot from SAN device %#02x failed",
		    san->drive);
		script_say_error(s, "", status);
	} else if (fate != SCRIPT_FATE_STATUS) {
		script_set_end(s, SCRIPT_END_SAN, 0, "booted from %s",
		    san->n_uris > 0 ? san->uris[0] : "a SAN device");
	}
	return status;
}

/* Load the boot file and run it; a failure to run it is only reported. */
static uint32_t
boot_file(struct script *s, const char *uri)
{
	struct script_image *image = NULL;
	uint32_t status = script_download(s, uri, 0, false, &image);

	if (status)
		return status;
	script_print_image(s, image);
	image->autofree = true;
	status = script_exec_image(s, image);
	if (status == 0 && !s->over && s->release == SCRIPT_2019)
		script_print(s, "\n");
	if (status && !s->over)
		script_say_error(s, "Could not boot image", status);
	return status;
}

/* Boot what the settings name: a file, a SAN device, or both. */
static uint32_t
boot_settings(struct script *s)
{
	struct sbuf uri = SBUF_EMPTY;
	struct sbuf root = SBUF_EMPTY;
	bool has_file = get_filename(s, &uri);
	bool has_root = get_expanded(s, "root-path", &root);
	uint32_t status = 0;

	if (has_root)
		script_print(s, "Root path: %s\n", sbuf_str(&root));
	if (has_file && has_root && !is_san_uri(sbuf_str(&root))) {
		script_print(s, "Ignoring unsupported root path\n");
		has_root = false;
	}
	if (has_file) {
		status = boot_file(s, sbuf_str(&uri));
	} else if (!has_root) {
		status = SCRIPT_ERR_NOTHING;
		script_say_error(s, "Nothing to boot", status);
	}
	if (has_root && !s->over && (status == 0 || !has_file)) {
		const char *uris[] = { sbuf_str(&root) };
		struct script_san san = {
			.uris = uris, .n_uris = 1, .boot = true,
			.drive = default_drive(s),
		};

		status = ask_san(s, &san);
	}
	sbuf_release(&uri);
	sbuf_release(&root);
	return status;
}

static uint32_t
boot_netdev(struct script *s, struct script_netdev *nd)
{
	uint32_t status;

	for (size_t i = 0; i < s->n_netdevs; i++)
		if (&s->netdevs[i] != nd)
			script_netdev_close(s, &s->netdevs[i]);
	script_netdev_open(s, nd);
	script_print_netdev(s, nd);
	status = script_configure(s, nd, NULL, 0);
	if (status || s->over)
		return status;
	script_print_routes(s);
	return boot_settings(s);
}

uint32_t
cmd_autoboot(struct script *s, const struct script_args *a)
{
	uint32_t status = SCRIPT_ERR_NO_NETDEV;

	for (size_t i = 0; i < s->n_netdevs && a->n == 0 && !s->over; i++)
		status = boot_netdev(s, &s->netdevs[i]);
	for (size_t i = 0; i < a->n && !s->over; i++) {
		struct script_netdev *nd = script_netdev_arg(s, a->rest[i]);

		if (!nd)
			return SCRIPT_ERR_NETDEV;
		status = boot_netdev(s, nd);
	}
	return status;
}

static uint32_t
san_command(struct script *s, const struct script_args *a, bool boot)
{
	struct script_san san = {
		.uris = (const char *const *)a->rest,
		.n_uris = a->n,
		.drive = (unsigned int)args_number(a, 'd', default_drive(s)),
		.filename = args_text(a, 'f'),
		.boot = boot,
		.keep = args_has(a, 'k'),
		.no_describe = args_has(a, 'n'),
	};

	return ask_san(s, &san);
}

uint32_t
cmd_sanboot(struct script *s, const struct script_args *a)
{
	return san_command(s, a, true);
}

uint32_t
cmd_sanhook(struct script *s, const struct script_args *a)
{
	return san_command(s, a, false);
}

uint32_t
cmd_sanunhook(struct script *s, const struct script_args *a)
{
	script_print(s, "Unregistered SAN device %#02x\n",
	    (unsigned int)args_number(a, 'd', default_drive(s)));
	return 0;
}
