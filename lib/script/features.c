#include "script/features.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

static const char *const version_names[] = {
	[IPXE_2019] = "1.0.0+ (2019)", [IPXE_1_20_1] = "1.20.1",
	[IPXE_1_21_1] = "1.21.1", [IPXE_2_0_0] = "2.0.0",
	[IPXE_HEAD] = "2.0.0+",
};

static const struct { const char *name; unsigned int bit; } platforms[] = {
	{ "pcbios", IPXE_PCBIOS }, { "efi", IPXE_EFI }, { "sbi", IPXE_SBI },
	{ "linux", IPXE_LINUX }, { "bios", IPXE_PCBIOS }, { "uefi", IPXE_EFI },
};

#define BIOS IPXE_PCBIOS
#define EFI IPXE_EFI
#define ALL IPXE_ANYWHERE
#define NOT_BIOS (IPXE_EFI | IPXE_SBI | IPXE_LINUX)

static const struct ipxe_feature features[] = {
	{ "CERT_CMD", NULL, NOT_BIOS },
	{ "CONSOLE_CMD", NULL, NOT_BIOS },
	{ "DIGEST_CMD", NULL, NOT_BIOS },
	{ "DOWNLOAD_PROTO_FILE", NULL, NOT_BIOS },
	{ "DOWNLOAD_PROTO_FTP", "FTP", 0 },
	{ "DOWNLOAD_PROTO_HTTP", "HTTP", ALL },
	{ "DOWNLOAD_PROTO_HTTPS", "HTTPS", NOT_BIOS },
	{ "DOWNLOAD_PROTO_NFS", "NFS", 0 },
	{ "DOWNLOAD_PROTO_SLAM", "SLAM", 0 },
	{ "DOWNLOAD_PROTO_TFTP", "TFTP", ALL },
	{ "FDT_CMD", NULL, IPXE_SBI },
	{ "GDBSTUB", NULL, 0 },
	{ "IMAGE_ARCHIVE_CMD", NULL, ALL },
	{ "IMAGE_CRYPT_CMD", NULL, 0 },
	{ "IMAGE_MEM_CMD", NULL, 0 },
	{ "IMAGE_TRUST_CMD", NULL, 0 },
	{ "IPSTAT_CMD", NULL, 0 },
	{ "LOTEST_CMD", NULL, 0 },
	{ "MENU_CMD", "Menu", ALL },
	{ "NEIGHBOUR_CMD", NULL, 0 },
	{ "NSLOOKUP_CMD", NULL, 0 },
	{ "NTP_CMD", NULL, NOT_BIOS },
	{ "PARAM_CMD", NULL, NOT_BIOS },
	{ "PCI_CMD", NULL, NOT_BIOS },
	{ "PING_CMD", NULL, 0 },
	{ "POWEROFF_CMD", NULL, ALL },
	{ "PROFSTAT_CMD", NULL, 0 },
	{ "PXE_CMD", NULL, 0 },
	{ "SANBOOT_PROTO_AOE", "AoE", BIOS | EFI },
	{ "SANBOOT_PROTO_IB_SRP", "SRP", BIOS | EFI },
	{ "SANBOOT_PROTO_ISCSI", "iSCSI", BIOS | EFI },
	{ "TIME_CMD", NULL, 0 },
	{ "USB_CMD", NULL, NOT_BIOS },
	{ "VLAN_CMD", "VLAN", NOT_BIOS },
};

static const struct { const char *scheme, *macro; } schemes[] = {
	{ "aoe", "SANBOOT_PROTO_AOE" }, { "data", NULL }, { "fcp", NULL },
	{ "file", "DOWNLOAD_PROTO_FILE" }, { "ftp", "DOWNLOAD_PROTO_FTP" },
	{ "http", "DOWNLOAD_PROTO_HTTP" }, { "https", "DOWNLOAD_PROTO_HTTPS" },
	{ "ib_srp", "SANBOOT_PROTO_IB_SRP" }, { "iscsi", "SANBOOT_PROTO_ISCSI" },
	{ "mtftp", "DOWNLOAD_PROTO_TFTP" }, { "nfs", "DOWNLOAD_PROTO_NFS" },
	{ "slam", "DOWNLOAD_PROTO_SLAM" }, { "tftm", "DOWNLOAD_PROTO_TFTP" },
	{ "tftp", "DOWNLOAD_PROTO_TFTP" },
};

#define SURE EFFECT_SURE
#define PAUSE EFFECT_PAUSE
#define LOAD (EFFECT_LOAD | EFFECT_NET)
#define RUN EFFECT_RUN
#define NET EFFECT_NET
#define TEST EFFECT_TEST
#define LAST EFFECT_LAST
#define STORE EFFECT_STORE
#define OLD IPXE_2019

/* Only commands that differ from "may fail, always there"; by name. */
static const struct script_fact facts[] = {
	{ "autoboot", RUN | PAUSE, OLD, NULL },
	{ "boot", LOAD | RUN, OLD, NULL },
	{ "certfree", 0, OLD, "CERT_CMD" },
	{ "certstat", 0, OLD, "CERT_CMD" },
	{ "certstore", 0, OLD, "CERT_CMD" },
	{ "chain", LOAD | RUN, OLD, NULL },
	{ "choose", PAUSE | STORE, OLD, "MENU_CMD" },
	{ "clear", SURE, OLD, NULL },
	{ "colour", SURE, OLD, "CONSOLE_CMD" },
	{ "config", PAUSE, OLD, NULL },
	{ "console", 0, OLD, "CONSOLE_CMD" },
	{ "cpair", SURE, OLD, "CONSOLE_CMD" },
	{ "cpuid", TEST, OLD, NULL },
	{ "dhcp", PAUSE, OLD, NULL },
	{ "echo", SURE, OLD, NULL },
	{ "exit", LAST, OLD, NULL },
	{ "fdt", LOAD, IPXE_2_0_0, "FDT_CMD" },
	{ "form", SURE, IPXE_2_0_0, "MENU_CMD" },
	{ "gdbstub", 0, OLD, "GDBSTUB" },
	{ "goto", LAST, OLD, NULL },
	{ "help", SURE, OLD, NULL },
	{ "ifclose", 0, OLD, NULL },
	{ "ifconf", PAUSE, OLD, NULL },
	{ "iflinkwait", PAUSE, IPXE_2_0_0, NULL },
	{ "ifopen", 0, OLD, NULL },
	{ "ifstat", 0, OLD, NULL },
	{ "imgdecrypt", 0, IPXE_2_0_0, "IMAGE_CRYPT_CMD" },
	{ "imgexec", LOAD | RUN, OLD, NULL },
	{ "imgextract", LOAD, IPXE_2_0_0, "IMAGE_ARCHIVE_CMD" },
	{ "imgfetch", LOAD, OLD, NULL },
	{ "imgfree", 0, OLD, NULL },
	{ "imgload", LOAD, OLD, NULL },
	{ "imgmem", 0, IPXE_2_0_0, "IMAGE_MEM_CMD" },
	{ "imgselect", LOAD, OLD, NULL },
	{ "imgset", STORE, IPXE_HEAD, NULL },
	{ "imgstat", SURE, OLD, NULL },
	{ "imgtrust", 0, OLD, "IMAGE_TRUST_CMD" },
	{ "imgverify", NET, OLD, "IMAGE_TRUST_CMD" },
	{ "inc", STORE, OLD, NULL },
	{ "initrd", LOAD, OLD, NULL },
	{ "ipstat", SURE, OLD, "IPSTAT_CMD" },
	{ "iseq", TEST, OLD, NULL },
	{ "isset", TEST, OLD, NULL },
	{ "item", SURE, OLD, "MENU_CMD" },
	{ "kernel", LOAD, OLD, NULL },
	{ "login", PAUSE, OLD, NULL },
	{ "lotest", 0, OLD, "LOTEST_CMD" },
	{ "md5sum", 0, OLD, "DIGEST_CMD" },
	{ "menu", SURE, OLD, "MENU_CMD" },
	{ "module", LOAD, OLD, NULL },
	{ "nslookup", STORE | NET, OLD, "NSLOOKUP_CMD" },
	{ "nstat", SURE, OLD, "NEIGHBOUR_CMD" },
	{ "ntp", NET, OLD, "NTP_CMD" },
	{ "param", 0, OLD, "PARAM_CMD" },
	{ "params", SURE, OLD, "PARAM_CMD" },
	{ "pciscan", STORE | TEST, OLD, "PCI_CMD" },
	{ "ping", NET | PAUSE, OLD, "PING_CMD" },
	{ "poweroff", LAST, OLD, "POWEROFF_CMD" },
	{ "present", PAUSE, IPXE_2_0_0, "MENU_CMD" },
	{ "profstat", SURE, OLD, "PROFSTAT_CMD" },
	{ "prompt", PAUSE, OLD, NULL },
	{ "read", PAUSE | STORE, OLD, NULL },
	{ "reboot", LAST | SURE, OLD, NULL },
	{ "route", SURE, OLD, NULL },
	{ "sanboot", LOAD | RUN, OLD, NULL },
	{ "sanhook", LOAD, OLD, NULL },
	{ "set", SURE | STORE, OLD, NULL },
	{ "sha1sum", 0, OLD, "DIGEST_CMD" },
	{ "sha224sum", 0, IPXE_2_0_0, "DIGEST_CMD" },
	{ "sha256sum", 0, IPXE_2_0_0, "DIGEST_CMD" },
	{ "sha384sum", 0, IPXE_2_0_0, "DIGEST_CMD" },
	{ "sha512sum", 0, IPXE_2_0_0, "DIGEST_CMD" },
	{ "shell", PAUSE | SURE, OLD, NULL },
	{ "shim", LOAD, IPXE_2_0_0, NULL },
	{ "sleep", PAUSE | SURE, OLD, NULL },
	{ "startpxe", 0, OLD, "PXE_CMD" },
	{ "stoppxe", 0, OLD, "PXE_CMD" },
	{ "sync", PAUSE, OLD, NULL },
	{ "time", 0, OLD, "TIME_CMD" },
	{ "usbscan", STORE | TEST, IPXE_2_0_0, "USB_CMD" },
	{ "vcreate", 0, OLD, "VLAN_CMD" },
	{ "vdestroy", 0, OLD, "VLAN_CMD" },
};

/* Options that are younger than their command. */
static const struct {
	const char *command, *option;
	enum ipxe_version since;
} young_options[] = {
	{ "choose", "retimeout", IPXE_2_0_0 },
	{ "dhcp", "timeout", IPXE_1_21_1 },
	{ "ifconf", "timeout", IPXE_1_21_1 },
	{ "item", "form", IPXE_2_0_0 },
	{ "item", "secret", IPXE_2_0_0 },
	{ "md5sum", "set", IPXE_2_0_0 },
	{ "param", "header", IPXE_2_0_0 },
	{ "params", "method", IPXE_HEAD },
	{ "read", "timeout", IPXE_2_0_0 },
	{ "reboot", "setup", IPXE_2_0_0 },
	{ "sha1sum", "set", IPXE_2_0_0 },
	{ "sanboot", "extra", IPXE_2_0_0 },
	{ "sanboot", "label", IPXE_2_0_0 },
	{ "sanboot", "uuid", IPXE_2_0_0 },
	{ "ping", "quiet", IPXE_2019 },
	{ NULL, "quiet", IPXE_HEAD },           /* of all others */
};

static const struct {
	const char *name;
	enum ipxe_version since;
} young_settings[] = {
	{ "cwduri", IPXE_2_0_0 }, { "cwuri", IPXE_2_0_0 },
	{ "guid", IPXE_2_0_0 },
};

int
ipxe_version_parse(const char *text, enum ipxe_version *ret,
    struct diag *diag)
{
	unsigned int part[3] = { 0 };
	size_t n = 0;
	const char *p = text;
	unsigned int whole;

	while (*p == 'v')
		p++;
	for (; n < 3 && *p >= '0' && *p <= '9'; n++) {
		while (*p >= '0' && *p <= '9' && part[n] < 100)
			part[n] = part[n] * 10 + (unsigned int)(*p++ - '0');
		if (*p == '.')
			p++;
	}
	if (n < 2 && strcasecmp(text, "head") != 0) {
		diag_set(diag, "'%s' is no version of iPXE such as 1.21.1",
		    text);
		return -EINVAL;
	}
	whole = part[0] * 10000 + part[1] * 100 + part[2];
	if (n < 2 || whole > 20000 || (whole == 20000 && *p == '+'))
		*ret = IPXE_HEAD;
	else if (whole == 20000)
		*ret = IPXE_2_0_0;
	else if (whole >= 12101)
		*ret = IPXE_1_21_1;
	else
		*ret = whole >= 12001 ? IPXE_1_20_1 : IPXE_2019;
	return 0;
}

const char *
ipxe_version_name(enum ipxe_version v)
{
	return version_names[v];
}

int
ipxe_platform_parse(const char *text, unsigned int *ret, struct diag *diag)
{
	for (size_t i = 0; i < ARRAY_LEN(platforms); i++) {
		if (strcmp(platforms[i].name, text) == 0) {
			*ret = platforms[i].bit;
			return 0;
		}
	}
	diag_set(diag, "'%s' is not one of pcbios, efi, sbi, linux", text);
	return -EINVAL;
}

const char *
ipxe_platform_name(unsigned int platform)
{
	for (size_t i = 0; i < ARRAY_LEN(platforms); i++) {
		if (platforms[i].bit == platform)
			return platforms[i].name;
	}
	return "";
}

const struct script_fact *
script_fact_find(const char *command)
{
	for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
		if (strcmp(facts[i].command, command) == 0)
			return &facts[i];
	}
	return NULL;
}

const struct ipxe_feature *
feature_rows(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(features);
	return features;
}

const struct ipxe_feature *
feature_find(const char *macro)
{
	for (size_t i = 0; macro && i < ARRAY_LEN(features); i++) {
		if (strcmp(features[i].macro, macro) == 0)
			return &features[i];
	}
	return NULL;
}

const struct ipxe_feature *
feature_of_scheme(const char *scheme)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (strcasecmp(schemes[i].scheme, scheme) == 0)
			return feature_find(schemes[i].macro);
	}
	return NULL;
}

bool
scheme_is_known(const char *scheme)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (strcasecmp(schemes[i].scheme, scheme) == 0)
			return true;
	}
	return false;
}

enum ipxe_version
option_since(const char *command, const char *option)
{
	for (size_t i = 0; i < ARRAY_LEN(young_options); i++) {
		if ((!young_options[i].command ||
		    strcmp(young_options[i].command, command) == 0) &&
		    strcmp(young_options[i].option, option) == 0)
			return young_options[i].since;
	}
	return IPXE_2019;
}

enum ipxe_version
setting_since(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(young_settings); i++) {
		if (strcmp(young_settings[i].name, name) == 0)
			return young_settings[i].since;
	}
	return IPXE_2019;
}

/* Does the list say anything of commands? */
static bool
lists_commands(const struct ipxe_build *b)
{
	for (size_t i = 0; i < b->n_features; i++) {
		const char *word = b->features[i];
		size_t n = strlen(word);

		if (n > 4 && strcmp(word + n - 4, "_CMD") == 0)
			return true;
		if (strcmp(word, "echo") == 0 || script_fact_find(word))
			return true;
	}
	return false;
}

/* Does it name protocols? */
static bool
lists_protocols(const struct ipxe_build *b)
{
	for (size_t i = 0; i < b->n_features; i++) {
		for (size_t k = 0; k < ARRAY_LEN(features); k++) {
			if (features[k].tag && strcasecmp(features[k].tag,
			    b->features[i]) == 0)
				return true;
		}
	}
	return false;
}

enum feature_there
feature_in(const struct ipxe_build *build, const struct ipxe_feature *f,
    const char *command)
{
	for (size_t i = 0; i < build->n_features; i++) {
		const char *word = build->features[i];

		if (strcasecmp(word, f->macro) == 0 ||
		    (f->tag && strcasecmp(word, f->tag) == 0) ||
		    (command && strcmp(word, command) == 0))
			return FEATURE_YES;
	}
	if ((f->tag && lists_protocols(build)) ||
	    (command && lists_commands(build)))
		return FEATURE_NO;
	if (build->platform && !(f->platforms & build->platform))
		return FEATURE_BY_DEFAULT_OFF;
	return FEATURE_YES;
}
