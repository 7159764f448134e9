#include "chain/persona.h"

#include "chain/persona6.h"
#include "chain/persona_rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	PERSONA_MAX = 128,
	PXE_SUB_BOOT_ITEM = 71,
	PXE_SUB_END = 255,
	IPXE_SUB_BUS_ID = 177,
};

const struct persona *const *
persona_rows(size_t *ret_n)
{
	size_t n = 0;

	while (persona_table[n])
		n++;
	*ret_n = n;
	return persona_table;
}

const struct persona *
persona_find(const char *name)
{
	static const struct { const char *word, *name; } words[] = {
		{ "bios", "intel-bios" }, { "pxe", "intel-bios" },
		{ "uefi", "uefi-x64" }, { "x64", "uefi-x64" },
		{ "ia32", "uefi-ia32" }, { "arm64", "uefi-arm64" },
		{ "riscv64", "uefi-riscv64" }, { "http", "uefi-http-x64" },
		{ "uefi-http", "uefi-http-x64" }, { "ipxe", "ipxe-bios" },
		{ "ipxe-efi", "ipxe-efi-x64" }, { "uboot", "uboot-arm64" },
		{ "grub", "grub-efi" }, { "networkd", "systemd-networkd" },
		{ "dracut", "systemd-networkd" }, { "kernel", "kernel-ip-dhcp" },
		{ "rpi", "rpi4" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, name) == 0)
			name = words[i].name;
	}
	for (size_t i = 0; persona_table[i]; i++) {
		if (strcmp(persona_table[i]->name, name) == 0)
			return persona_table[i];
	}
	for (size_t i = 0; persona6_table[i]; i++) {
		if (strcmp(persona6_table[i]->name, name) == 0)
			return persona6_table[i];
	}
	return NULL;
}

const char *
persona_nearest(const char *name)
{
	const char *names[PERSONA_MAX];
	size_t n = 0;

	while (persona_table[n] && n < PERSONA_MAX) {
		names[n] = persona_table[n]->name;
		n++;
	}
	for (size_t i = 0; persona6_table[i] && n < PERSONA_MAX; i++)
		names[n++] = persona6_table[i]->name;
	return text_nearest(name, names, n);
}

enum arch_platform
persona_platform(const struct persona *p)
{
	const struct arch *a = p->has_arch ? arch_find(p->arch) : NULL;

	return a ? a->platform : PLATFORM_OTHER;
}

const char *
persona_stage(const struct persona *p)
{
	return p->kind == PERSONA_IPXE ? "ipxe" :
	    p->kind == PERSONA_LOADER ? "loader" :
	    p->kind == PERSONA_OS ? "os" : "firmware";
}

const char *
persona_kind_name(enum persona_kind kind)
{
	static const char *const names[PERSONA_N_KINDS] = {
		[PERSONA_ROM] = "rom", [PERSONA_UEFI] = "uefi",
		[PERSONA_UEFI_HTTP] = "uefi-http", [PERSONA_IPXE] = "ipxe",
		[PERSONA_BOARD] = "board", [PERSONA_LOADER] = "loader",
		[PERSONA_OS] = "os",
	};

	return names[kind];
}

bool
persona_starts(const struct persona *p)
{
	return !p->is_loaded && p->kind != PERSONA_LOADER &&
	    p->kind != PERSONA_OS;
}

bool
persona_is_pxe(const struct persona *p)
{
	return p->kind != PERSONA_BOARD && p->kind != PERSONA_LOADER &&
	    p->kind != PERSONA_OS;
}

static int
add_vendor_class(const struct persona *p, const struct persona_ask *ask,
    struct dhcp4_msg *msg)
{
	const char *given = p->kind == PERSONA_IPXE ? ask->vendor_class : NULL;
	char text[64];

	if (given || !p->has_arch || p->plain_class)
		return dhcp4_add_str(msg, DHCP4_OPT_VENDOR_CLASS,
		    given ? given : p->vendor_class);
	(void)snprintf(text, sizeof(text), "%s:Arch:%05u:UNDI:%03u%03u",
	    p->vendor_class, p->arch, p->undi[1], p->undi[2]);
	return dhcp4_add_str(msg, DHCP4_OPT_VENDOR_CLASS, text);
}

static int
add_uuid(const struct persona *p, const struct machine *m,
    struct dhcp4_msg *msg)
{
	uint8_t value[1 + UUID_LEN] = { 0 };

	if (m->has_uuid)
		uuid_swap(m->uuid, value + 1);
	else if (p->uuid)
		memcpy(value + 1, p->uuid, UUID_LEN);
	else if (p->kind == PERSONA_IPXE)
		return 0;               /* EDK2 and ROMs send zeros */
	return dhcp4_add(msg, DHCP4_OPT_UUID, value, sizeof(value));
}

/* The features of an iPXE begin with the network card it runs on. */
static int
add_features(const struct persona *p, const struct machine *m,
    struct dhcp4_msg *msg)
{
	size_t head = 2 + BUS_ID_LEN;
	bool swap = m->bus_id && p->features_len >= head &&
	    p->features[0] == IPXE_SUB_BUS_ID && p->features[1] == BUS_ID_LEN;
	int rc;

	if (!swap)
		return dhcp4_add(msg, DHCP4_OPT_IPXE, p->features,
		    p->features_len);
	rc = dhcp4_add(msg, DHCP4_OPT_IPXE, p->features, 2);
	if (rc == 0)
		rc = dhcp4_add(msg, DHCP4_OPT_IPXE, m->bus_id, BUS_ID_LEN);
	if (rc == 0)
		rc = dhcp4_add(msg, DHCP4_OPT_IPXE, p->features + head,
		    p->features_len - head);
	return rc;
}

static int
add_client_id(const struct machine *m, struct dhcp4_msg *msg)
{
	uint8_t value[1 + MAC_LEN] = { 1 };

	if (m->client_id)
		return dhcp4_add(msg, DHCP4_OPT_CLIENT_ID, m->client_id,
		    m->client_id_len);
	memcpy(value + 1, m->mac, MAC_LEN);
	return dhcp4_add(msg, DHCP4_OPT_CLIENT_ID, value, sizeof(value));
}

/* PXE 2.1, 2.3: sub-option 71, boot item type and layer, then END. */
static int
add_boot_item(const struct persona_ask *ask, struct dhcp4_msg *msg)
{
	uint8_t value[7];
	struct wr w = wr_init(value, sizeof(value));

	wr_u8(&w, PXE_SUB_BOOT_ITEM);
	wr_u8(&w, 4);
	wr_u16(&w, ask->item_type);
	wr_u16(&w, 0);
	wr_u8(&w, PXE_SUB_END);
	return dhcp4_add(msg, DHCP4_OPT_VENDOR_ENCAP, value, sizeof(value));
}

/* The option as it always is; NULL: it depends on the machine or the ask. */
static const struct persona_opt *
find_fixed(const struct persona *p, uint8_t code)
{
	for (size_t i = 0; i < p->n_fixed; i++) {
		if (p->fixed[i].code == code)
			return &p->fixed[i];
	}
	return NULL;
}

/* Add the option @code as this persona sends it, or nothing. */
static int
add_option(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, uint8_t code, struct dhcp4_msg *msg)
{
	const char *user_class = m->user_class && p->user_class ?
	    m->user_class : p->user_class;
	bool request = ask->type == DHCP4_REQUEST && !ask->to_pxe_port;
	const struct persona_opt *fixed = find_fixed(p, code);

	if (fixed && !(code == DHCP4_OPT_VENDOR_ENCAP && ask->has_item))
		return dhcp4_add(msg, code, fixed->data, fixed->len);
	switch (code) {
	case DHCP4_OPT_MSG_TYPE:
		return dhcp4_add_u8(msg, code, (uint8_t)ask->type);
	case DHCP4_OPT_MAX_SIZE:
		return dhcp4_add_u16(msg, code, request ?
		    p->request_max_size : p->discover_max_size);
	case DHCP4_OPT_PRL:
		return dhcp4_add(msg, code, p->prl, p->prl_len);
	case DHCP4_OPT_VENDOR_CLASS:
		return p->vendor_class ? add_vendor_class(p, ask, msg) : 0;
	case DHCP4_OPT_USER_CLASS:
		return user_class ? dhcp4_add_str(msg, code, user_class) : 0;
	case DHCP4_OPT_ARCH:
		return p->has_arch ? dhcp4_add_u16(msg, code, p->arch) : 0;
	case DHCP4_OPT_UNDI:
		return dhcp4_add(msg, code, p->undi, sizeof(p->undi));
	case DHCP4_OPT_UUID:
		return add_uuid(p, m, msg);
	case DHCP4_OPT_IPXE:
		return add_features(p, m, msg);
	case DHCP4_OPT_CLIENT_ID:
		return add_client_id(m, msg);
	case DHCP4_OPT_HOSTNAME:
		return m->hostname ? dhcp4_add_str(msg, code, m->hostname) : 0;
	case DHCP4_OPT_SERVER_ID:
		return ask->server_id.s_addr ?
		    dhcp4_add_ip(msg, code, ask->server_id) : 0;
	case DHCP4_OPT_REQUESTED_IP:
		return ask->requested.s_addr ?
		    dhcp4_add_ip(msg, code, ask->requested) : 0;
	case DHCP4_OPT_VENDOR_ENCAP:
		return ask->has_item ? add_boot_item(ask, msg) : 0;
	default:
		return 0;
	}
}

int
persona_message(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, struct dhcp4_msg *ret)
{
	const uint8_t *order = ask->to_pxe_port ? p->proxy_order :
	    ask->type == DHCP4_REQUEST ? p->request_order : p->discover_order;
	struct dhcp4_msg msg;
	int rc = 0;

	if (!order)
		return -ENOTSUP;
	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	msg.xid = ask->xid;
	msg.secs = ask->secs;
	msg.ciaddr = ask->ciaddr;
	memcpy(msg.chaddr, m->mac, MAC_LEN);
	if (p->file)
		memcpy(msg.file, p->file, min_size(strlen(p->file),
		    sizeof(msg.file)));
	/*
	 * iPXE asks for broadcasts where it has an address already; EDK2
	 * asks for them always, but not in its unicast to port 4011.
	 */
	if (p->kind == PERSONA_IPXE ? ask->has_address :
	    p->broadcast && !ask->to_pxe_port)
		msg.flags = DHCP4_FLAG_BROADCAST;
	/* one that boots over IPv6 has no such messages */
	for (; order && *order && rc == 0; order++)
		rc = add_option(p, m, ask, *order, &msg);
	if (rc < 0) {
		dhcp4_msg_release(&msg);
		return rc;
	}
	*ret = msg;
	return 0;
}
