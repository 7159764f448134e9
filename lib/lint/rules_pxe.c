#include "lint/rules_internal.h"

#include "wire/dhcp_opt.h"

#include <ctype.h>
#include <string.h>

/* Of option 43 where option 60 says "PXEClient" (PXE 2.1, 2.3). */
enum {
	PXE_SUB_MTFTP_LAST = 5,
	PXE_SUB_CONTROL = 6,
	PXE_SUB_SERVERS = 8,
	PXE_SUB_MENU = 9,
	PXE_SUB_PROMPT = 10,
	PXE_SUB_LAST = 12,
	PXE_SUB_ITEM = 71,
	PXE_SUB_PAD = 0,
	PXE_SUB_END = 255,
};

/* Discovery control. */
enum {
	PXE_NO_BROADCAST = 1,
	PXE_NO_MULTICAST = 2,
	PXE_LISTED_ONLY = 4,
	PXE_USE_FILE = 8,
};

/* What one option 43 holds. */
struct block {
	size_t n_known;                 /* sub-options of PXE */
	size_t n_other;
	bool is_cut;                    /* a length that passes the end */
	bool has_end;
	uint8_t wrong;                  /* a sub-option with a wrong value */
	bool is_discovery;              /* has any of 6 to 10 */
	uint8_t control;
	struct rd servers, menu;        /* empty if they are not there */
};

/* Lists of (type, length, what is that long): servers and menu items. */
static bool
is_list(struct rd list, size_t unit)
{
	while (list.left > 0) {
		rd_skip(&list, 2);
		rd_skip(&list, rd_u8(&list) * unit);
		if (list.bad)
			return false;
	}
	return true;
}

static bool
is_good(uint8_t code, struct rd value)
{
	switch (code) {
	case PXE_SUB_CONTROL:
		return value.left == 1;
	case PXE_SUB_SERVERS:
		return value.left > 0 && is_list(value, 4);
	case PXE_SUB_MENU:
		return value.left > 0 && is_list(value, 1);
	case PXE_SUB_PROMPT:
		return value.left > 0;
	default:
		return true;
	}
}

static void
add_sub(struct block *b, uint8_t code, struct rd value)
{
	if (code > PXE_SUB_LAST && code != PXE_SUB_ITEM) {
		b->n_other++;
		return;
	}
	b->n_known++;
	b->is_discovery = b->is_discovery ||
	    (code > PXE_SUB_MTFTP_LAST && code <= PXE_SUB_PROMPT);
	if (!is_good(code, value)) {
		b->wrong = code;
	} else if (code == PXE_SUB_CONTROL) {
		b->control = rd_u8(&value);
	} else if (code == PXE_SUB_SERVERS) {
		b->servers = value;
	} else if (code == PXE_SUB_MENU) {
		b->menu = value;
	}
}

static struct block
read_block(const struct dhcp4_opt *o)
{
	struct block b = { .n_known = 0 };
	struct rd r = rd_init(o->data, o->len);

	while (r.left > 0 && !b.has_end && !b.is_cut) {
		uint8_t code = rd_u8(&r);
		struct rd value;

		if (code == PXE_SUB_PAD)
			continue;
		b.has_end = code == PXE_SUB_END;
		if (b.has_end)
			break;
		value = rd_sub(&r, rd_u8(&r));
		b.is_cut = r.bad;
		if (!b.is_cut)
			add_sub(&b, code, value);
	}
	return b;
}

static bool
is_text(const struct dhcp4_opt *o)
{
	for (size_t i = 0; i < o->len; i++) {
		if (!isprint(o->data[i]))
			return false;
	}
	return o->len > 0;
}

/*
 * Not of PXE: firmware reads it as such all the same, and a ROM takes the
 * sub-options 1 to 5 for the settings of multicast TFTP, and waits.
 */
static bool
foreign(const struct rules *r, const struct dhcp4_opt *o,
    const struct block *b)
{
	enum fault_severity most = r->k->persona.kind == PERSONA_ROM ?
	    FAULT_ERROR : FAULT_WARNING;

	if (is_text(o))
		rules_flaw(r->v, "option43-foreign-content",
		    DHCP4_OPT_VENDOR_ENCAP, most, "option 43 is the text "
		    "'%.*s', and option 60 says it is PXE's",
		    (int)min_size(o->len, 100), (const char *)o->data);
	else if (b->n_known == 0 && b->n_other > 0)
		rules_flaw(r->v, "option43-foreign-content",
		    DHCP4_OPT_VENDOR_ENCAP, most, "option 43 has no "
		    "sub-option of PXE in it, and option 60 says it is PXE's");
	else
		return false;
	return true;
}

/* EDK2 makes what it can of it, and so does iPXE; of ROMs nobody can tell. */
static bool
malformed(const struct rules *r, const struct block *b)
{
	enum fault_severity most = r->k->persona.kind == PERSONA_ROM ?
	    FAULT_ERROR : FAULT_WARNING;

	if (b->is_cut)
		rules_flaw(r->v, "option43-malformed", DHCP4_OPT_VENDOR_ENCAP,
		    most, "option 43 ends in the middle of a "
		    "sub-option");
	else if (b->wrong)
		rules_flaw(r->v, "option43-malformed", DHCP4_OPT_VENDOR_ENCAP,
		    most, "sub-option %u of option 43 has a wrong "
		    "length", b->wrong);
	else if (!b->has_end && b->n_known > 0)
		rules_flaw(r->v, "option43-malformed", DHCP4_OPT_VENDOR_ENCAP,
		    FAULT_NOTE, "option 43 does not end with 255, as PXE "
		    "wants it");
	return b->is_cut || b->wrong;
}

static bool
lists_server(struct rd servers, uint16_t type)
{
	while (servers.left > 0) {
		uint16_t t = rd_u16(&servers);
		uint8_t n = rd_u8(&servers);

		rd_skip(&servers, n * (size_t)4);
		if (t == type && n > 0)
			return true;
	}
	return false;
}

/* Every item of the menu must be findable by a way that is not forbidden. */
static void
check_menu(const struct rules *r, const struct block *b)
{
	bool no_cast = (b->control & PXE_NO_BROADCAST) &&
	    (b->control & PXE_NO_MULTICAST);
	struct rd menu = b->menu;

	while (menu.left > 0) {
		uint16_t type = rd_u16(&menu);
		struct rd text = rd_sub(&menu, rd_u8(&menu));
		int len = (int)min_size(text.left, 60);

		if (type == 0 || lists_server(b->servers, type))
			continue;       /* the local disk */
		if (no_cast || (b->control & PXE_LISTED_ONLY))
			rules_flaw(r->v, "boot-server-discovery-fails",
			    DHCP4_OPT_VENDOR_ENCAP, FAULT_WARNING, "menu item "
			    "%u '%.*s' has no boot server in the list (43.8), "
			    "and discovery control %u allows no other", type,
			    len, (const char *)text.p, b->control);
	}
}

/*
 * EDK2 takes an offer with discovery options and neither a menu nor leave to
 * load the file as "boot from the local disk".
 */
static void
check_discovery(const struct rules *r, const struct dhcp4_msg *m,
    const struct block *b)
{
	struct target t;
	bool has_file = target_get(TARGET_RULE_EDK2, m, NULL, &t) == 0;

	if (has_file && (b->control & PXE_USE_FILE))
		return;
	if (b->menu.left > 0) {
		check_menu(r, b);
		return;
	}
	if (!has_file || !b->is_discovery)
		return;
	if (r->k->persona.kind == PERSONA_UEFI)
		rules_flaw(r->v, "boot-server-discovery-fails",
		    DHCP4_OPT_VENDOR_ENCAP, FAULT_ERROR, "option 43 has no "
		    "menu (9), and does not say to load the named file (6 = "
		    "8): UEFI firmware gives up with PXE-E21");
	else
		rules_flaw(r->v, "boot-server-discovery-fails",
		    DHCP4_OPT_VENDOR_ENCAP, FAULT_WARNING, "option 43 has no "
		    "menu (9), and does not say to load the named file (6 = "
		    "8): a ROM may look for a boot server instead");
}

/* Sub-options 1 to 5 alone are of multicast TFTP, which no server speaks. */
static void
check_packet(const struct rules *r, const struct dhcp4_msg *m)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_VENDOR_ENCAP);
	struct block b;

	if (!o || !rules_class_starts(m, "PXEClient"))
		return;
	b = read_block(o);
	if (!foreign(r, o, &b) && !malformed(r, &b))
		check_discovery(r, m, &b);
}

void
rules_pxe(const struct rules *r)
{
	if (r->k->persona.kind == PERSONA_UEFI_HTTP)
		return;
	check_packet(r, &r->x->answer.msg);
}
