#include "chain/target.h"

#include "wire/dhcp_opt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	PXE_SUB_CONTROL = 6,
	PXE_SUB_BOOT_SERVERS = 8,
	PXE_CONTROL_USE_FILE = 8,       /* bit 3 of PXE_SUB_CONTROL */
};

/* A fixed header field as a string, if it holds no options. */
static bool
field_str(const uint8_t *field, size_t len, bool overloaded, char *buf,
    size_t cap)
{
	size_t n = 0;

	if (overloaded || field[0] == 0)
		return false;
	while (n < len && n < cap - 1 && field[n] != 0)
		n++;
	memcpy(buf, field, n);
	buf[n] = '\0';
	return true;
}

/* "tftp://", "http://" ...: does the client take it as a URI? */
static bool
looks_like_uri(const char *file)
{
	size_t n = strspn(file, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	return n > 1 && strncmp(file + n, "://", 3) == 0;
}

/*
 * PXE ROMs and EDK2 take option 67 where it is present. iPXE takes the
 * header field where it is filled in, and the option only else.
 */
static enum target_source
read_file(enum target_rule rule, const struct dhcp4_msg *msg,
    struct target *t)
{
	char field[TARGET_FILE_MAX] = "";
	char option[TARGET_FILE_MAX] = "";
	bool has_field = field_str(msg->file, sizeof(msg->file),
	    (msg->overload & 1) != 0, field, sizeof(field));
	bool has_option = dhcp4_get_str(msg, DHCP4_OPT_BOOTFILE, option,
	    sizeof(option)) && option[0];
	bool take_option = has_option &&
	    (rule != TARGET_RULE_IPXE || !has_field);

	if (!has_field && !has_option)
		return TARGET_NONE;
	(void)text_copy(t->file, sizeof(t->file),
	    take_option ? option : field);
	if (has_field && has_option && strcmp(field, option) != 0)
		(void)text_copy(t->other_file, sizeof(t->other_file),
		    take_option ? field : option);
	return take_option ? TARGET_OPT67 : TARGET_FILE;
}

/*
 * The first address of the boot server list in option 43. EDK2 looks there
 * only where discovery is switched off.
 */
static bool
first_boot_server(const struct dhcp4_msg *msg, struct in_addr *ret)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd control;
	struct rd list;
	uint8_t count;

	if (!opt || !dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_CONTROL, &control) ||
	    !(rd_u8(&control) & PXE_CONTROL_USE_FILE) ||
	    !dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    PXE_SUB_BOOT_SERVERS, &list))
		return false;
	rd_skip(&list, 2);              /* boot server type */
	count = rd_u8(&list);
	rd_copy(&list, &ret->s_addr, sizeof(ret->s_addr));
	return !list.bad && count > 0;
}

static enum target_source
read_server(enum target_rule rule, const struct dhcp4_msg *msg,
    struct target *t)
{
	struct in_addr a = { 0 };
	char text[IP_TEXT_MAX];
	enum target_source from = TARGET_NONE;

	if (rule == TARGET_RULE_EDK2 && first_boot_server(msg, &a))
		from = TARGET_OPT43;
	else if (msg->siaddr.s_addr != 0) {
		a = msg->siaddr;
		from = TARGET_SIADDR;
	} else if (rule == TARGET_RULE_EDK2 &&
	    dhcp4_get_ip(msg, DHCP4_OPT_SERVER_ID, &a))
		from = TARGET_SERVER_ID;
	else if (rule == TARGET_RULE_PXE_ROM) {
		/* some ROMs resolve a dotted quad in 66 or sname */
		if (dhcp4_get_str(msg, DHCP4_OPT_TFTP_SERVER, t->server,
		    sizeof(t->server)) && t->server[0])
			return TARGET_OPT66;
		if (field_str(msg->sname, sizeof(msg->sname),
		    (msg->overload & 2) != 0, t->server, sizeof(t->server)))
			return TARGET_SNAME;
	}
	if (from != TARGET_NONE)
		(void)text_copy(t->server, sizeof(t->server),
		    ipv4_format(a, text));
	return from;
}

int
target_get(enum target_rule rule, const struct dhcp4_msg *dhcp,
    const struct dhcp4_msg *proxy, struct target *ret)
{
	const struct dhcp4_msg *order[] = { proxy, dhcp };

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		struct target t = { .file_by_proxy = order[i] == proxy };

		if (!order[i])
			continue;
		t.file_from = read_file(rule, order[i], &t);
		t.server_from = read_server(rule, order[i], &t);
		t.server_by_proxy = t.file_by_proxy;
		t.is_uri = looks_like_uri(t.file);
		/*
		 * iPXE ignores a proxy's file name that has no server beside
		 * it, even where the name is a whole URI.
		 */
		if (rule == TARGET_RULE_IPXE && t.file_by_proxy &&
		    t.server_from == TARGET_NONE)
			continue;
		if (ret->file_from == TARGET_NONE)
			*ret = t;
		if (ret->file_from != TARGET_NONE)
			return 0;
		/* EDK2 looks nowhere else once it has a proxy's packet */
		if (rule == TARGET_RULE_EDK2)
			break;
	}
	return -ENODATA;
}

const char *
target_source_name(enum target_source s)
{
	static const char *const names[] = {
		[TARGET_NONE] = "nothing", [TARGET_FILE] = "file field",
		[TARGET_OPT67] = "option 67", [TARGET_SIADDR] = "siaddr",
		[TARGET_SNAME] = "sname field", [TARGET_OPT66] = "option 66",
		[TARGET_OPT43] = "option 43 boot servers",
		[TARGET_SERVER_ID] = "option 54",
		[TARGET_OPT6_59] = "DHCPv6 option 59",
	};

	return names[s];
}
