/*
 * The settings that iPXE knows by name, and how a reference is taken apart.
 */
#include "script/settings.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* A number of option 175. */
#define IPXE_TAG(n) (DHCP4_OPT_IPXE << 8 | (n))

/* A field of SMBIOS: type, offset, and length where it is no string. */
#define SMBIOS_TAG(type, at, len) ((type) << 16 | (at) << 8 | (len))

static const struct setting_info info_rows[] = {
	{ "ip",               IPXE_TAG(2),   SETTING_T_IPV4 },
	{ "netmask",          1,             SETTING_T_IPV4 },
	{ "gateway",          3,             SETTING_T_IPV4 },
	{ "dns",              6,             SETTING_T_IPV4 },
	{ "syslog",           7,             SETTING_T_IPV4 },
	{ "hostname",         12,            SETTING_T_STRING },
	{ "domain",           15,            SETTING_T_STRING },
	{ "root-path",        17,            SETTING_T_STRING },
	{ "mtu",              26,            SETTING_T_INT16 },
	{ "ntp",              42,            SETTING_T_IPV4 },
	{ "vendor-class",     60,            SETTING_T_STRING },
	{ "dhcp-server",      54,            SETTING_T_IPV4 },
	{ "filename",         67,            SETTING_T_STRING },
	{ "user-class",       77,            SETTING_T_STRING },
	{ "dnssl",            119,           SETTING_T_DNSSL },
	{ "static-routes",    121,           SETTING_T_HEX },
	{ "next-server",      IPXE_TAG(3),   SETTING_T_IPV4 },
	{ "priority",         IPXE_TAG(1),   SETTING_T_INT8 },
	{ "keep-san",         IPXE_TAG(8),   SETTING_T_INT8 },
	{ "skip-san-boot",    IPXE_TAG(9),   SETTING_T_INT8 },
	{ "scriptlet",        IPXE_TAG(81),  SETTING_T_STRING },
	{ "syslogs",          IPXE_TAG(85),  SETTING_T_STRING },
	{ "trust",            IPXE_TAG(90),  SETTING_T_HEX },
	{ "cert",             IPXE_TAG(91),  SETTING_T_HEX },
	{ "privkey",          IPXE_TAG(92),  SETTING_T_HEX },
	{ "crosscert",        IPXE_TAG(93),  SETTING_T_STRING },
	{ "san-retries",      IPXE_TAG(187), SETTING_T_INT8 },
	{ "san-filename",     IPXE_TAG(188), SETTING_T_STRING },
	{ "san-drive",        IPXE_TAG(189), SETTING_T_UINT8 },
	{ "username",         IPXE_TAG(190), SETTING_T_STRING },
	{ "password",         IPXE_TAG(191), SETTING_T_STRING },
	{ "reverse-username", IPXE_TAG(192), SETTING_T_STRING },
	{ "reverse-password", IPXE_TAG(193), SETTING_T_STRING },
	{ "uid",              IPXE_TAG(194), SETTING_T_UINT32 },
	{ "gid",              IPXE_TAG(195), SETTING_T_UINT32 },
	{ "initiator-iqn",    203,           SETTING_T_STRING },
	{ "ip6",              0,             SETTING_T_IPV6 },
	{ "len6",             0,             SETTING_T_INT8 },
	{ "gateway6",         0,             SETTING_T_IPV6 },
	{ "dns6",             0,             SETTING_T_IPV6 },
	{ "syslog6",          0,             SETTING_T_IPV6 },
	{ "peerdist",         0,             SETTING_T_INT8 },
	{ "peerhost",         0,             SETTING_T_STRING },
	{ "mac",              0,             SETTING_T_HEX },
	{ "hwaddr",           0,             SETTING_T_HEX },
	{ "bustype",          0,             SETTING_T_STRING },
	{ "busloc",           0,             SETTING_T_UINT32 },
	{ "busid",            0,             SETTING_T_HEX },
	{ "linktype",         0,             SETTING_T_STRING },
	{ "chip",             0,             SETTING_T_STRING },
	{ "ifname",           0,             SETTING_T_STRING },
	{ "ssid",             0,             SETTING_T_STRING },
	{ "active-scan",      0,             SETTING_T_INT8 },
	{ "key",              0,             SETTING_T_STRING },
	{ "errno",            0,             SETTING_T_UINT32 },
	{ "buildarch",        0,             SETTING_T_STRING },
	{ "platform",         0,             SETTING_T_STRING },
	{ "version",          0,             SETTING_T_STRING },
	{ "unixtime",         0,             SETTING_T_UINT32 },
	{ "cwuri",            0,             SETTING_T_STRING },
	{ "cwduri",           0,             SETTING_T_STRING },
	{ "sysmac",           0,             SETTING_T_HEX },
	{ "vram",             0,             SETTING_T_BASE64 },
	{ "uuid",             SMBIOS_TAG(1, 8, 16), SETTING_T_UUID },
	{ "manufacturer",     SMBIOS_TAG(1, 4, 0), SETTING_T_STRING },
	{ "product",          SMBIOS_TAG(1, 5, 0), SETTING_T_STRING },
	{ "serial",           SMBIOS_TAG(1, 7, 0), SETTING_T_STRING },
	{ "asset",            SMBIOS_TAG(3, 8, 0), SETTING_T_STRING },
	{ "board-serial",     SMBIOS_TAG(2, 7, 0), SETTING_T_STRING },
	{ "cpuvendor",        0,             SETTING_T_STRING },
	{ "cpumodel",         0,             SETTING_T_STRING },
};

const struct setting_info *
settings_info(size_t i)
{
	return i < ARRAY_LEN(info_rows) ? &info_rows[i] : NULL;
}

static const struct setting_info *
info_find(const char *name, uint32_t tag)
{
	for (size_t i = 0; i < ARRAY_LEN(info_rows); i++) {
		const struct setting_info *row = &info_rows[i];

		if (tag && row->tag ? row->tag == tag :
		    strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

/*
 * Numbers joined by dots, each shifted in as eight bits: "175.8". Anything
 * else is a name, and has no number.
 */
static uint32_t
parse_tag(const char *text)
{
	uint32_t tag = 0;

	for (;;) {
		char part[16];
		size_t n = strcspn(text, ".");
		int64_t v;

		if (n == 0 || n >= sizeof(part) ||
		    !isdigit((unsigned char)*text))
			return 0;
		memcpy(part, text, n);
		part[n] = '\0';
		if (setting_parse_number(part, &v) < 0)
			return 0;
		tag = tag << 8 | (uint32_t)v;
		if (text[n] == '\0')
			return tag;
		text += n + 1;
	}
}

static bool
copy_part(char to[SETTING_NAME_MAX], const char *from, size_t len)
{
	if (len >= SETTING_NAME_MAX)
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

int
settings_parse_ref(const char *text, struct setting_ref *ret)
{
	struct setting_ref ref = { .type = SETTING_T_NONE };
	const char *slash = strchr(text, '/');
	const char *name = slash ? slash + 1 : text;
	const char *colon = strchr(name, ':');

	ref.has_block = slash != NULL;
	if (slash && !copy_part(ref.block, text, (size_t)(slash - text)))
		return -EMSGSIZE;
	if (!copy_part(ref.name, name,
	    colon ? (size_t)(colon - name) : strlen(name)))
		return -EMSGSIZE;
	if (colon) {
		ref.type = setting_type_find(colon + 1);
		if (ref.type == SETTING_T_NONE)
			return -ENOTSUP;
	}
	ref.tag = parse_tag(ref.name);
	ref.info = info_find(ref.name, ref.tag);
	if (ref.info && ref.info->tag)
		ref.tag = ref.info->tag;
	*ret = ref;
	return 0;
}

const char *
settings_ref_name(const struct setting_ref *ref)
{
	return ref->info ? ref->info->name : ref->name;
}
