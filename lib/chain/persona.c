#include "chain/persona.h"

#include "chain/persona_rows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PERSONA_MAX = 64, PXE_SUB_BOOT_ITEM = 71, PXE_SUB_END = 255 };

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
		{ "ipxe-efi", "ipxe-efi-x64" },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i].word, name) == 0)
			name = words[i].name;
	}
	for (size_t i = 0; persona_table[i]; i++) {
		if (strcmp(persona_table[i]->name, name) == 0)
			return persona_table[i];
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
	    p->kind == PERSONA_OS ? "os" : "firmware";
}

static int
add_vendor_class(const struct persona *p, const struct persona_ask *ask,
    struct dhcp4_msg *msg)
{
	char text[64];

	/* iPXE's boot server request has the bare class */
	if (!p->has_arch || (p->kind == PERSONA_IPXE && ask->has_item))
		return dhcp4_add_str(msg, DHCP4_OPT_VENDOR_CLASS,
		    p->vendor_class);
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
	else if (p->kind == PERSONA_IPXE)
		return 0;               /* EDK2 and ROMs send zeros */
	return dhcp4_add(msg, DHCP4_OPT_UUID, value, sizeof(value));
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

/* Add the option @code as this persona sends it, or nothing. */
static int
add_option(const struct persona *p, const struct machine *m,
    const struct persona_ask *ask, uint8_t code, struct dhcp4_msg *msg)
{
	const char *user_class = m->user_class && p->user_class ?
	    m->user_class : p->user_class;
	bool request = ask->type == DHCP4_REQUEST && !ask->to_pxe_port;
	uint8_t client_id[1 + MAC_LEN] = { 1 };

	switch (code) {
	case DHCP4_OPT_MSG_TYPE:
		return dhcp4_add_u8(msg, code, (uint8_t)ask->type);
	case DHCP4_OPT_MAX_SIZE:
		return dhcp4_add_u16(msg, code, request ?
		    p->request_max_size : p->discover_max_size);
	case DHCP4_OPT_PRL:
		return dhcp4_add(msg, code, p->prl, p->prl_len);
	case DHCP4_OPT_VENDOR_CLASS:
		return add_vendor_class(p, ask, msg);
	case DHCP4_OPT_USER_CLASS:
		return user_class ? dhcp4_add_str(msg, code, user_class) : 0;
	case DHCP4_OPT_ARCH:
		return dhcp4_add_u16(msg, code, p->arch);
	case DHCP4_OPT_UNDI:
		return dhcp4_add(msg, code, p->undi, sizeof(p->undi));
	case DHCP4_OPT_UUID:
		return add_uuid(p, m, msg);
	case DHCP4_OPT_IPXE:
		return dhcp4_add(msg, code, p->features, p->features_len);
	case DHCP4_OPT_CLIENT_ID:
		memcpy(client_id + 1, m->mac, MAC_LEN);
		return dhcp4_add(msg, code, client_id, sizeof(client_id));
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

	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	msg.xid = ask->xid;
	msg.secs = ask->secs;
	msg.ciaddr = ask->ciaddr;
	memcpy(msg.chaddr, m->mac, MAC_LEN);
	/*
	 * iPXE asks for broadcasts where it has an address already; EDK2
	 * asks for them always, but not in its unicast to port 4011.
	 */
	if (p->kind == PERSONA_IPXE ? ask->has_address :
	    p->broadcast && !ask->to_pxe_port)
		msg.flags = DHCP4_FLAG_BROADCAST;
	for (; *order && rc == 0; order++)
		rc = add_option(p, m, ask, *order, &msg);
	if (rc < 0) {
		dhcp4_msg_release(&msg);
		return rc;
	}
	*ret = msg;
	return 0;
}
