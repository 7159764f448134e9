/*
 * The table of commands: what current iPXE has, each with its options.
 */
#include "script/cmd.h"

#include <stdlib.h>
#include <string.h>

#define FLAG(letter, name) { letter, name, ARGS_FLAG }
#define TEXT(letter, name) { letter, name, ARGS_TEXT }
#define NUMBER(letter, name) { letter, name, ARGS_NUMBER }
#define KEY(letter, name) { letter, name, ARGS_KEY }
#define OPTS(id) static const struct args_opt id[]

OPTS(cert_opts) = { TEXT('s', "subject"), { 0 } };
OPTS(certstore_opts) = { TEXT('s', "subject"), FLAG('k', "keep"), { 0 } };
OPTS(choose_opts) = {
	TEXT('m', "menu"), TEXT('d', "default"), NUMBER('t', "timeout"),
	NUMBER('r', "retimeout"), FLAG('k', "keep"), { 0 },
};
OPTS(colour_opts) = { NUMBER('b', "basic"), NUMBER('r', "rgb"), { 0 } };
OPTS(console_opts) = {
	NUMBER('x', "x"), NUMBER('y', "y"), NUMBER('l', "left"),
	NUMBER('r', "right"), NUMBER('t', "top"), NUMBER('b', "bottom"),
	NUMBER('d', "depth"), TEXT('p', "picture"), FLAG('k', "keep"), { 0 },
};
OPTS(cpair_opts) = {
	NUMBER('f', "foreground"), NUMBER('b', "background"), { 0 },
};
OPTS(cpuid_opts) = {
	FLAG('e', "ext"), FLAG('a', "amd"), FLAG('c', "ecx"), { 0 },
};
OPTS(digest_opts) = { TEXT('s', "set"), { 0 } };
OPTS(echo_opts) = { FLAG('n', "n"), { 0 } };
OPTS(fcels_opts) = { TEXT('p', "port"), TEXT('i', "id"), { 0 } };
OPTS(ifconf_opts) = {
	TEXT('c', "configurator"), NUMBER('t', "timeout"), { 0 },
};
OPTS(img_opts) = {
	TEXT('n', "name"), NUMBER('t', "timeout"), FLAG('q', "quiet"),
	FLAG('a', "autofree"), { 0 },
};
OPTS(imgexec_opts) = {
	TEXT('n', "name"), NUMBER('t', "timeout"), FLAG('q', "quiet"),
	FLAG('a', "autofree"), FLAG('r', "replace"), { 0 },
};
OPTS(imgmem_opts) = { TEXT('n', "name"), { 0 } };
OPTS(imgset_opts) = {
	FLAG('k', "keep"), NUMBER('t', "timeout"), FLAG('q', "quiet"), { 0 },
};
OPTS(imgtrust_opts) = { FLAG('a', "allow"), FLAG('p', "permanent"), { 0 } };
OPTS(imgverify_opts) = {
	TEXT('s', "signer"), FLAG('k', "keep"), NUMBER('t', "timeout"),
	FLAG('q', "quiet"), { 0 },
};
OPTS(item_opts) = {
	TEXT('m', "menu"), TEXT('f', "form"), KEY('k', "key"),
	FLAG('d', "default"), FLAG('s', "secret"), FLAG('g', "gap"), { 0 },
};
OPTS(lotest_opts) = { NUMBER('m', "mtu"), FLAG('b', "broadcast"), { 0 } };
OPTS(menu_opts) = { TEXT('n', "name"), FLAG('d', "delete"), { 0 } };
OPTS(param_opts) = { TEXT('p', "params"), FLAG('H', "header"), { 0 } };
OPTS(params_opts) = {
	TEXT('n', "name"), TEXT('m', "method"), FLAG('d', "delete"), { 0 },
};
OPTS(ping_opts) = {
	NUMBER('s', "size"), NUMBER('t', "timeout"), NUMBER('c', "count"),
	FLAG('q', "quiet"), { 0 },
};
OPTS(present_opts) = { TEXT('f', "form"), FLAG('k', "keep"), { 0 } };
OPTS(prompt_opts) = {
	KEY('k', "key"), NUMBER('t', "timeout"), { 0 },
};
OPTS(reboot_opts) = { FLAG('w', "warm"), FLAG('s', "setup"), { 0 } };
OPTS(sanboot_opts) = {
	NUMBER('d', "drive"), FLAG('n', "no-describe"), FLAG('k', "keep"),
	TEXT('f', "filename"), TEXT('e', "extra"), TEXT('l', "label"),
	TEXT('u', "uuid"), { 0 },
};
OPTS(sanhook_opts) = { NUMBER('d', "drive"), FLAG('n', "no-describe"), { 0 } };
OPTS(sanunhook_opts) = { NUMBER('d', "drive"), { 0 } };
OPTS(read_opts) = { NUMBER('t', "timeout"), { 0 } };
OPTS(shim_fdt_opts) = {
	NUMBER('t', "timeout"), FLAG('q', "quiet"), { 0 },
};
OPTS(shim_opts) = {
	NUMBER('t', "timeout"), FLAG('q', "quiet"),
	FLAG('l', "require-loader"), FLAG('p', "allow-pxe"),
	FLAG('s', "allow-sbat"), { 0 },
};
OPTS(show_opts) = { FLAG('q', "quiet"), { 0 } };
OPTS(timeout_opts) = { NUMBER('t', "timeout"), { 0 } };
OPTS(unpack_opts) = {
	TEXT('n', "name"), FLAG('k', "keep"), NUMBER('t', "timeout"),
	FLAG('q', "quiet"), { 0 },
};
OPTS(vcreate_opts) = { NUMBER('t', "tag"), NUMBER('p', "priority"), { 0 } };

#define ANY ARGS_ANY
#define IFS "[<interface>...]"
#define URI "<uri> [<arguments>...]"
#define URI_IMAGE "<uri|image> [<arguments>...]"
#define MAYBE_IMAGE "[<uri|image> [<arguments>...]]"

/* Known to iPXE, not run here; its arguments are not looked at. */
#define NOT_RUN(name) { name, NULL, 0, ANY, "", NULL }

/* In order of name. */
static const struct command rows[] = {
	{ "autoboot", NULL, 0, ANY, IFS, cmd_autoboot },
	{ "boot", imgexec_opts, 0, ANY, MAYBE_IMAGE, cmd_imgexec },
	{ "certfree", cert_opts, 0, 0, "", cmd_nothing },
	{ "certstat", cert_opts, 0, 0, "", cmd_nothing },
	{ "certstore", certstore_opts, 0, 1, "[<uri|image>]", cmd_certstore },
	{ "chain", imgexec_opts, 0, ANY, MAYBE_IMAGE, cmd_imgexec },
	{ "choose", choose_opts, 1, 1, "<setting>", cmd_choose },
	{ "clear", NULL, 1, 1, "<setting>", cmd_clear },
	{ "colour", colour_opts, 1, 1, "<colour>", cmd_nothing },
	{ "config", NULL, 0, 1, "[<scope>]", cmd_config },
	{ "console", console_opts, 0, 0, "", cmd_nothing },
	{ "cpair", cpair_opts, 1, 1, "<cpair>", cmd_nothing },
	{ "cpuid", cpuid_opts, 1, 1, "<bit>", cmd_cpuid },
	{ "dhcp", ifconf_opts, 0, ANY, IFS, cmd_ifconf },
	{ "echo", echo_opts, 0, ANY, "[...]", cmd_echo },
	{ "exit", NULL, 0, 1, "[<status>]", cmd_exit },
	{ "fcels", fcels_opts, 0, 0, "", cmd_nothing },
	{ "fcstat", NULL, 0, 0, "", cmd_nothing },
	{ "fdt", shim_fdt_opts, 0, 1, "[<uri|image>]", cmd_shim },
	{ "form", menu_opts, 0, ANY, "[<title>]", cmd_menu },
	NOT_RUN("gdbstub"),
	{ "goto", NULL, 1, 1, "<label>", cmd_goto },
	{ "help", NULL, 0, 0, "", cmd_commands },
	{ "ibstat", NULL, 0, 0, "", cmd_nothing },
	{ "ifclose", NULL, 0, ANY, IFS, cmd_ifclose },
	{ "ifconf", ifconf_opts, 0, ANY, IFS, cmd_ifconf },
	{ "iflinkwait", timeout_opts, 0, ANY, IFS, cmd_iflinkwait },
	{ "ifopen", NULL, 0, ANY, IFS, cmd_ifopen },
	{ "ifstat", NULL, 0, ANY, IFS, cmd_ifstat },
	{ "imgargs", img_opts, 1, ANY, URI_IMAGE, cmd_imgargs },
	{ "imgdecrypt", unpack_opts, 2, 2, "<uri|image> <envelope uri|image>",
	    cmd_imgdecrypt },
	{ "imgexec", imgexec_opts, 0, ANY, MAYBE_IMAGE, cmd_imgexec },
	{ "imgextract", unpack_opts, 1, 1, "<uri|image>", cmd_imgextract },
	{ "imgfetch", img_opts, 1, ANY, URI, cmd_imgfetch },
	{ "imgfree", NULL, 0, ANY, "[<image>...]", cmd_imgfree },
	{ "imgload", img_opts, 1, ANY, URI_IMAGE, cmd_imgselect },
	{ "imgmem", imgmem_opts, 2, 2, "<address> <length>", cmd_imgmem },
	{ "imgselect", img_opts, 1, ANY, URI_IMAGE, cmd_imgselect },
	{ "imgset", imgset_opts, 2, 2, "<setting> <uri|image>", cmd_imgset },
	{ "imgstat", NULL, 0, ANY, "[<image>...]", cmd_imgstat },
	{ "imgtrust", imgtrust_opts, 0, 0, "", cmd_imgtrust },
	{ "imgverify", imgverify_opts, 2, 2,
	    "<uri|image> <signature uri|image>", cmd_imgverify },
	{ "inc", NULL, 1, 2, "<setting> [<increment>]", cmd_inc },
	{ "initrd", img_opts, 1, ANY, URI, cmd_imgfetch },
	{ "ipstat", NULL, 0, 0, "", cmd_nothing },
	{ "iseq", NULL, 2, 2, "<value1> <value2>", cmd_iseq },
	{ "isset", NULL, 1, 1, "<value>", cmd_isset },
	{ "item", item_opts, 0, ANY, "[<name> [<text>]]", cmd_item },
	{ "iwlist", NULL, 0, ANY, IFS, cmd_ifcheck },
	{ "iwstat", NULL, 0, ANY, IFS, cmd_ifcheck },
	{ "kernel", img_opts, 1, ANY, URI_IMAGE, cmd_imgselect },
	{ "login", NULL, 0, 0, "", cmd_login },
	{ "lotest", lotest_opts, 2, 2,
	    "<sending interface> <receiving interface>", cmd_lotest },
	{ "md4sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "md5sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "menu", menu_opts, 0, ANY, "[<title>]", cmd_menu },
	{ "module", img_opts, 1, ANY, URI, cmd_imgfetch },
	{ "nslookup", NULL, 2, 2, "<setting> <name>", cmd_nslookup },
	{ "nstat", NULL, 0, 0, "", cmd_nothing },
	{ "ntp", NULL, 1, 1, "<server>", cmd_ntp },
	{ "param", param_opts, 1, ANY, "<key> [<value>]", cmd_param },
	{ "params", params_opts, 0, 0, "", cmd_params },
	{ "pciscan", NULL, 1, 1, "<setting>", cmd_pciscan },
	{ "ping", ping_opts, 1, 1, "<host>", cmd_ping },
	{ "poweroff", NULL, 0, 0, "", cmd_poweroff },
	{ "present", present_opts, 0, 0, "", cmd_present },
	{ "profstat", NULL, 0, 0, "", cmd_nothing },
	{ "prompt", prompt_opts, 0, ANY, "[<text>]", cmd_prompt },
	{ "pxebs", NULL, 2, 2, "<interface> <server type>", cmd_pxebs },
	{ "read", read_opts, 1, 1, "<setting>", cmd_read },
	{ "reboot", reboot_opts, 0, 0, "", cmd_reboot },
	{ "route", NULL, 0, 0, "", cmd_route },
	{ "sanboot", sanboot_opts, 0, ANY, "[<root-path>]", cmd_sanboot },
	{ "sanhook", sanhook_opts, 1, ANY, "<root-path>", cmd_sanhook },
	{ "sanunhook", sanunhook_opts, 0, 0, "", cmd_sanunhook },
	{ "set", NULL, 1, ANY, "<setting> <value>", cmd_set },
	{ "sha1sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "sha224sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "sha256sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "sha384sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "sha512sum", digest_opts, 1, ANY, "<uri|image>", cmd_digest },
	{ "shell", NULL, 0, 0, "", cmd_shell },
	{ "shim", shim_opts, 0, 1, "[<uri|image>]", cmd_shim },
	{ "show", show_opts, 1, 1, "<setting>", cmd_show },
	{ "sleep", NULL, 1, 1, "<seconds>", cmd_sleep },
	{ "startpxe", NULL, 0, ANY, IFS, cmd_ifcheck },
	{ "stoppxe", NULL, 0, 0, "", cmd_nothing },
	{ "sync", timeout_opts, 0, 0, "", cmd_nothing },
	{ "time", NULL, 1, ANY, "<command>", cmd_time },
	{ "usbscan", NULL, 1, 1, "<setting>", cmd_usbscan },
	{ "vcreate", vcreate_opts, 1, 1, "<trunk interface>", cmd_vcreate },
	{ "vdestroy", NULL, 1, 1, "<interface>", cmd_vdestroy },
};

/*
 * What Debian's iPXE of 2019 has, in the order in which its help lists it:
 * the commands of that time without those that the package leaves out.
 */
static const char *const names_2019[] = {
	"config", "cpuid", "dhcp", "pxebs", "ifopen", "ifclose", "ifstat",
	"ifconf", "imgfetch", "module", "initrd", "kernel", "chain",
	"imgselect", "imgload", "imgargs", "imgexec", "boot", "imgstat",
	"imgfree", "login", "menu", "item", "choose", "show", "set", "clear",
	"read", "inc", "reboot", "route", "sanhook", "sanboot", "sanunhook",
	"prompt", "goto", "shell", "help", "sync", "autoboot", "sleep",
	"iseq", "isset", "exit", "echo", "ibstat", "iwstat", "iwlist",
};

static int
by_name(const void *name, const void *row)
{
	return strcmp(name, ((const struct command *)row)->name);
}

const struct command *
command_find(const char *name)
{
	return bsearch(name, rows, ARRAY_LEN(rows), sizeof(rows[0]), by_name);
}

const struct command *
command_rows(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(rows);
	return rows;
}

bool
command_in(const struct command *cmd, enum script_release release)
{
	if (release != SCRIPT_2019)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names_2019); i++)
		if (strcmp(names_2019[i], cmd->name) == 0)
			return true;
	return false;
}

bool
command_in_gpxe(const char *name)
{
	/* It had neither operators, labels, comparisons, menus nor prompts. */
	static const char *const names[] = {
		"autoboot", "boot", "chain", "clear", "config", "dhcp", "echo",
		"exit", "gdbstub", "help", "ibstat", "ifclose", "ifopen",
		"ifstat", "imgargs", "imgexec", "imgfetch", "imgfree",
		"imgload", "imgstat", "initrd", "iwlist", "iwstat", "kernel",
		"login", "lotest", "md5sum", "module", "nslookup", "pxebs",
		"route", "sanboot", "set", "sha1sum", "shell", "show", "sleep",
		"startpxe", "stoppxe", "time",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

const char *
command_usage(const struct command *cmd, enum script_release release)
{
	/* Forms came later, and with them the word. */
	if (release == SCRIPT_2019 && cmd->run == cmd_item)
		return "[<label> [<text>]]";
	return cmd->usage;
}

uint32_t
cmd_commands(struct script *s, const struct script_args *a)
{
	bool old = s->release == SCRIPT_2019;
	size_t n = old ? ARRAY_LEN(names_2019) : ARRAY_LEN(rows);

	(void)a;
	script_print(s, "\nAvailable commands:\n\n");
	for (size_t i = 0; i < n; i++)
		script_print(s, "%s%-16s%s", i % 5 == 0 ? "  " : "",
		    old ? names_2019[i] : rows[i].name,
		    i % 5 == 4 || i == n - 1 ? "\n" : "");
	script_print(s, "\nType \"<command> --help\" for further "
	    "information\n\n");
	return 0;
}
