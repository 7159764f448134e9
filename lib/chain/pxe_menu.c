#include "chain/pxe_menu.h"

#include "base/text.h"
#include "wire/dhcp_opt.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum {
	SUB_CONTROL = 6,
	SUB_MCAST = 7,
	SUB_SERVERS = 8,
	SUB_MENU = 9,
	SUB_PROMPT = 10,
	SUB_ITEM = 71,
	PROMPT_FOR_EVER = 255,
	EDK2_ITEMS_MAX = 24,
};

static void
read_items(struct rd menu, struct pxe_menu *ret)
{
	while (menu.left > 0 && ret->n_items < PXE_ITEMS_MAX) {
		struct pxe_item *i = &ret->item[ret->n_items];

		i->type = rd_u16(&menu);
		i->text = rd_sub(&menu, rd_u8(&menu));
		if (!menu.bad)
			ret->n_items++;
	}
}

static void
take_sub(const struct dhcp_sub *sub, struct pxe_menu *ret)
{
	struct rd r = sub->value;

	switch (sub->code) {
	case SUB_CONTROL:
		ret->control = rd_u8(&r);
		break;
	case SUB_MCAST:
		rd_copy(&r, &ret->mcast.s_addr, sizeof(ret->mcast.s_addr));
		break;
	case SUB_SERVERS:
		ret->has_servers = true;
		ret->servers = r;
		break;
	case SUB_MENU:
		ret->has_menu = true;
		ret->n_items = 0;
		read_items(r, ret);
		break;
	case SUB_PROMPT:
		ret->has_prompt = true;
		ret->timeout_s = rd_u8(&r);
		ret->prompt = r;
		break;
	default:
		return;
	}
	ret->is_pxe10 = true;
}

void
pxe_menu_get(const struct dhcp4_msg *msg, struct pxe_menu *ret)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct dhcp_sub sub;
	struct rd r;

	memset(ret, 0, sizeof(*ret));
	if (!opt)
		return;
	r = rd_init(opt->data, opt->len);
	while (dhcp_sub_next(DHCP_SPACE_PXE, &r, &sub))
		take_sub(&sub, ret);
}

static bool
has_words(struct rd text, const char *words)
{
	char line[256];
	size_t n = min_size(text.left, sizeof(line) - 1);

	memcpy(line, text.p, n);
	line[n] = '\0';
	return strcasestr(line, words) != NULL;
}

/* The item that the user wants: the first without a user; NULL: no such. */
static const struct pxe_item *
pick(const struct pxe_menu *menu, size_t n, const struct pxe_user *user)
{
	uint64_t number;

	if (!user || !user->item)
		return &menu->item[0];
	if (parse_uint(user->item, 1, n, &number, NULL) == 0)
		return &menu->item[number - 1];
	for (size_t i = 0; i < n; i++) {
		if (has_words(menu->item[i].text, user->item))
			return &menu->item[i];
	}
	return NULL;
}

static void
cancel(struct pxe_plan *ret, const char *why)
{
	ret->way = PXE_WAY_CANCEL;
	ret->why = why;
}

/*
 * The prompt stands there for a time, and F8 opens the menu; without a prompt
 * EDK2 takes the first item, while PXE 2.1, and iPXE with it, opens the menu
 * and waits. Return: was the menu opened?
 */
static bool
open_menu(bool edk2, const struct pxe_menu *menu, const struct pxe_user *user,
    struct pxe_plan *ret)
{
	if (menu->has_prompt ? menu->timeout_s == PROMPT_FOR_EVER : !edk2) {
		ret->shown = true;
		return true;
	}
	if (!menu->has_prompt || menu->timeout_s == 0)
		return false;
	ret->shown = true;
	if (!user || (user->key == PXE_KEY_NONE && !user->item)) {
		ret->wait_s = menu->timeout_s;
		return false;
	}
	return user->key != PXE_KEY_ESC;
}

void
pxe_menu_plan(const struct persona *p, const struct pxe_menu *menu,
    bool has_file, const struct pxe_user *user, struct pxe_plan *ret)
{
	bool edk2 = p->kind == PERSONA_UEFI;
	size_t n = edk2 ? min_size(menu->n_items, EDK2_ITEMS_MAX) :
	    menu->n_items;
	bool opened;

	memset(ret, 0, sizeof(*ret));
	if (!menu->is_pxe10 || ((menu->control & PXE_USE_FILE) && has_file) ||
	    (!edk2 && n == 0))
		return;
	opened = open_menu(edk2, menu, user, ret);
	if (ret->shown && user && user->key == PXE_KEY_ESC) {
		/* EDK2 then loads the file; iPXE and ROMs boot something else */
		ret->way = edk2 ? PXE_WAY_FILE : PXE_WAY_LOCAL;
		return;
	}
	if (n == 0) {
		cancel(ret, !has_file ? "option 43 has no menu (43.9), and "
		    "no file is named: the firmware gives up with PXE-E21" :
		    "option 43 tells of boot servers, but has no menu (43.9) "
		    "to choose from, nor says that the named file is to be "
		    "loaded (43.6, bit 3): the firmware gives up with "
		    "PXE-E21");
		return;
	}
	if (opened && (!user || !user->item)) {
		ret->way = PXE_WAY_STUCK;
		return;
	}
	ret->item = pick(menu, n, opened ? user : NULL);
	if (!ret->item)
		cancel(ret, "the boot menu has no such item as was to be "
		    "chosen");
	else
		ret->way = ret->item->type ? PXE_WAY_ITEM : PXE_WAY_LOCAL;
}

/* The addresses of @type in 43.8. Return: is the type there? */
static bool
read_listed(const struct pxe_menu *menu, uint16_t type, struct pxe_servers *s)
{
	struct rd list = menu->servers;
	bool found = false;

	while (list.left > 0) {
		uint16_t t = rd_u16(&list);
		struct rd ips = rd_sub(&list, (size_t)rd_u8(&list) * 4);

		if (list.bad || t != type)
			continue;
		found = true;
		while (ips.left > 0 && s->n_listed < PXE_SERVERS_MAX)
			rd_copy(&ips, &s->listed[s->n_listed++].s_addr, 4);
	}
	return found;
}

static void
ask_one(struct pxe_servers *s, struct in_addr a)
{
	s->ask[s->n_ask++] = a;
}

static void
ask_listed(struct pxe_servers *s)
{
	for (size_t i = 0; i < s->n_listed; i++)
		ask_one(s, s->listed[i]);
}

/*
 * EDK2 knows one way only: multicast where it is not forbidden, though no
 * address be given; else broadcast; else those listed, each of them.
 */
static void
servers_edk2(const struct pxe_menu *menu, bool found, struct pxe_servers *s)
{
	struct in_addr all = { .s_addr = htonl(INADDR_BROADCAST) };

	s->ask_all = true;
	if (menu->has_servers && !found)
		s->why = "the list of boot servers (43.8) has none of its type";
	else if (s->only_listed && s->n_listed == 0)
		s->why = "only listed boot servers may answer (43.6, bit 2), "
		    "and none is listed";
	else if (!(menu->control & PXE_NO_MULTICAST) && !menu->mcast.s_addr)
		s->why = "multicast is not forbidden (43.6, bit 1), so that "
		    "UEFI uses it, and there is no address for it (43.7)";
	else if (!(menu->control & PXE_NO_MULTICAST))
		ask_one(s, menu->mcast);
	else if (!(menu->control & PXE_NO_BROADCAST))
		ask_one(s, all);
	else
		ask_listed(s);
}

void
pxe_servers_of(const struct persona *p, const struct pxe_menu *menu,
    uint16_t type, struct pxe_servers *ret)
{
	struct in_addr all = { .s_addr = htonl(INADDR_BROADCAST) };
	bool found;

	memset(ret, 0, sizeof(*ret));
	ret->only_listed = menu->control & PXE_LISTED_ONLY;
	found = read_listed(menu, type, ret);
	if (p->kind == PERSONA_UEFI) {
		servers_edk2(menu, found, ret);
	} else {
		if (!(menu->control & PXE_NO_MULTICAST) && menu->mcast.s_addr)
			ask_one(ret, menu->mcast);
		if (!(menu->control & PXE_NO_BROADCAST))
			ask_one(ret, all);
		ask_listed(ret);
	}
	if (ret->n_ask == 0 && !ret->why)
		ret->why = "discovery control (43.6) forbids broadcast and "
		    "multicast, and no boot server of its type is listed "
		    "(43.8)";
}

bool
pxe_servers_accept(const struct pxe_servers *s, struct in_addr server)
{
	if (!s->only_listed)
		return true;
	for (size_t i = 0; i < s->n_listed; i++) {
		if (s->listed[i].s_addr == server.s_addr)
			return true;
	}
	return false;
}

uint16_t
pxe_reply_item(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd value;

	if (!opt || !dhcp_sub_find(DHCP_SPACE_PXE, opt->data, opt->len,
	    SUB_ITEM, &value))
		return 0;
	return rd_u16(&value);
}
