/*
 * The table of commands: what current iPXE has, each with its options.
 */
#include "script/cmd.h"

#include <stdlib.h>
#include <string.h>

#define FLAG(letter, name) { letter, name, ARGS_FLAG }
#define TEXT(letter, name) { letter, name, ARGS_TEXT }
#define NUMBER(letter, name) { letter, name, ARGS_NUMBER }
#define OPTS(id) static const struct args_opt id[]

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
OPTS(echo_opts) = { FLAG('n', "n"), { 0 } };
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
OPTS(item_opts) = {
	TEXT('m', "menu"), TEXT('f', "form"), { 'k', "key", ARGS_KEY },
	FLAG('d', "default"), FLAG('s', "secret"), FLAG('g', "gap"), { 0 },
};
OPTS(menu_opts) = { TEXT('n', "name"), FLAG('d', "delete"), { 0 } };
OPTS(param_opts) = { TEXT('p', "params"), FLAG('H', "header"), { 0 } };
OPTS(params_opts) = {
	TEXT('n', "name"), TEXT('m', "method"), FLAG('d', "delete"), { 0 },
};
OPTS(ping_opts) = {
	NUMBER('s', "size"), NUMBER('t', "timeout"), NUMBER('c', "count"),
	FLAG('q', "quiet"), { 0 },
};
OPTS(prompt_opts) = {
	{ 'k', "key", ARGS_KEY }, NUMBER('t', "timeout"), { 0 },
};
OPTS(reboot_opts) = { FLAG('w', "warm"), FLAG('s', "setup"), { 0 } };
OPTS(sanboot_opts) = {
	NUMBER('d', "drive"), FLAG('n', "no-describe"), FLAG('k', "keep"),
	TEXT('f', "filename"), TEXT('e', "extra"), TEXT('l', "label"),
	TEXT('u', "uuid"), { 0 },
};
OPTS(sanhook_opts) = { NUMBER('d', "drive"), FLAG('n', "no-describe"), { 0 } };
OPTS(sanunhook_opts) = { NUMBER('d', "drive"), { 0 } };
OPTS(show_opts) = { FLAG('q', "quiet"), { 0 } };
OPTS(timeout_opts) = { NUMBER('t', "timeout"), { 0 } };

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
	NOT_RUN("certfree"),
	NOT_RUN("certstat"),
	NOT_RUN("certstore"),
	{ "chain", imgexec_opts, 0, ANY, MAYBE_IMAGE, cmd_imgexec },
	{ "choose", choose_opts, 1, 1, "<setting>", cmd_choose },
	{ "clear", NULL, 1, 1, "<setting>", cmd_clear },
	{ "colour", colour_opts, 1, 1, "<colour>", cmd_nothing },
	NOT_RUN("config"),
	{ "console", console_opts, 0, 0, "", cmd_nothing },
	{ "cpair", cpair_opts, 1, 1, "<cpair>", cmd_nothing },
	{ "cpuid", cpuid_opts, 1, 1, "<bit>", cmd_cpuid },
	{ "dhcp", ifconf_opts, 0, ANY, IFS, cmd_ifconf },
	{ "echo", echo_opts, 0, ANY, "[...]", cmd_echo },
	{ "exit", NULL, 0, 1, "[<status>]", cmd_exit },
	NOT_RUN("fcels"),
	NOT_RUN("fcstat"),
	NOT_RUN("fdt"),
	{ "form", menu_opts, 0, ANY, "[<title>]", cmd_menu },
	NOT_RUN("gdbstub"),
	{ "goto", NULL, 1, 1, "<label>", cmd_goto },
	NOT_RUN("help"),
	NOT_RUN("ibstat"),
	{ "ifclose", NULL, 0, ANY, IFS, cmd_ifclose },
	{ "ifconf", ifconf_opts, 0, ANY, IFS, cmd_ifconf },
	{ "iflinkwait", timeout_opts, 0, ANY, IFS, cmd_iflinkwait },
	{ "ifopen", NULL, 0, ANY, IFS, cmd_ifopen },
	{ "ifstat", NULL, 0, ANY, IFS, cmd_ifstat },
	{ "imgargs", img_opts, 1, ANY, URI_IMAGE, cmd_imgargs },
	NOT_RUN("imgdecrypt"),
	{ "imgexec", imgexec_opts, 0, ANY, MAYBE_IMAGE, cmd_imgexec },
	NOT_RUN("imgextract"),
	{ "imgfetch", img_opts, 1, ANY, URI, cmd_imgfetch },
	{ "imgfree", NULL, 0, ANY, "[<image>...]", cmd_imgfree },
	{ "imgload", img_opts, 1, ANY, URI_IMAGE, cmd_imgselect },
	NOT_RUN("imgmem"),
	{ "imgselect", img_opts, 1, ANY, URI_IMAGE, cmd_imgselect },
	NOT_RUN("imgset"),
	{ "imgstat", NULL, 0, ANY, "[<image>...]", cmd_imgstat },
	NOT_RUN("imgtrust"),
	NOT_RUN("imgverify"),
	{ "inc", NULL, 1, 2, "<setting> [<increment>]", cmd_inc },
	{ "initrd", img_opts, 1, ANY, URI, cmd_imgfetch },
	NOT_RUN("ipstat"),
	{ "iseq", NULL, 2, 2, "<value1> <value2>", cmd_iseq },
	{ "isset", NULL, 1, 1, "<value>", cmd_isset },
	{ "item", item_opts, 0, ANY, "[<name> [<text>]]", cmd_item },
	NOT_RUN("iwlist"),
	NOT_RUN("iwstat"),
	{ "kernel", img_opts, 1, ANY, URI_IMAGE, cmd_imgselect },
	NOT_RUN("login"),
	NOT_RUN("lotest"),
	NOT_RUN("md4sum"),
	NOT_RUN("md5sum"),
	{ "menu", menu_opts, 0, ANY, "[<title>]", cmd_menu },
	{ "module", img_opts, 1, ANY, URI, cmd_imgfetch },
	{ "nslookup", NULL, 2, 2, "<setting> <name>", cmd_nslookup },
	NOT_RUN("nstat"),
	{ "ntp", NULL, 1, 1, "<server>", cmd_ntp },
	{ "param", param_opts, 1, ANY, "<key> [<value>]", cmd_param },
	{ "params", params_opts, 0, 0, "", cmd_params },
	NOT_RUN("pciscan"),
	{ "ping", ping_opts, 1, 1, "<host>", cmd_ping },
	{ "poweroff", NULL, 0, 0, "", cmd_poweroff },
	NOT_RUN("present"),
	NOT_RUN("profstat"),
	{ "prompt", prompt_opts, 0, ANY, "[<text>]", cmd_prompt },
	NOT_RUN("pxebs"),
	{ "read", timeout_opts, 1, 1, "<setting>", cmd_read },
	{ "reboot", reboot_opts, 0, 0, "", cmd_reboot },
	{ "route", NULL, 0, 0, "", cmd_route },
	{ "sanboot", sanboot_opts, 0, ANY, "[<root-path>]", cmd_sanboot },
	{ "sanhook", sanhook_opts, 1, ANY, "<root-path>", cmd_sanhook },
	{ "sanunhook", sanunhook_opts, 0, 0, "", cmd_sanunhook },
	{ "set", NULL, 1, ANY, "<setting> [<value>...]", cmd_set },
	NOT_RUN("sha1sum"),
	NOT_RUN("sha224sum"),
	NOT_RUN("sha256sum"),
	NOT_RUN("sha384sum"),
	NOT_RUN("sha512sum"),
	{ "shell", NULL, 0, 0, "", cmd_shell },
	NOT_RUN("shim"),
	{ "show", show_opts, 1, 1, "<setting>", cmd_show },
	{ "sleep", NULL, 1, 1, "<seconds>", cmd_sleep },
	NOT_RUN("startpxe"),
	NOT_RUN("stoppxe"),
	{ "sync", timeout_opts, 0, 0, "", cmd_nothing },
	NOT_RUN("time"),
	NOT_RUN("usbscan"),
	NOT_RUN("vcreate"),
	NOT_RUN("vdestroy"),
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
