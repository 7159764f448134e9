/*
 * pxe_menu.h - the boot menu of PXE (option 43 beside "PXEClient"), what a
 * firmware makes of it, and whom it asks for the boot server of an item.
 *
 * Sources: PXE 2.1, tables 2-1 and 2-2; and where firmware differs from it,
 * the firmware: EDK2's UefiPxeBcDxe, iPXE's PXE menu.
 */
#ifndef PXE_CHAIN_PXE_MENU_H
#define PXE_CHAIN_PXE_MENU_H

#include "base/bytes.h"
#include "chain/persona.h"
#include "wire/dhcp4.h"

enum { PXE_ITEMS_MAX = 85, PXE_SERVERS_MAX = 66 };      /* what 255 bytes hold */

/* Discovery control, 43.6. */
enum {
	PXE_NO_BROADCAST = 1,
	PXE_NO_MULTICAST = 2,
	PXE_LISTED_ONLY = 4,
	PXE_USE_FILE = 8,               /* no menu if a file is named */
};

struct pxe_item {
	uint16_t type;                  /* of the boot server; 0: local disk */
	struct rd text;
};

struct pxe_menu {
	bool is_pxe10;                  /* any of 43.6 to 43.10 is there */
	uint8_t control;
	struct in_addr mcast;           /* 43.7; 0: none */
	bool has_servers;
	struct rd servers;              /* 43.8 */
	bool has_menu;
	struct pxe_item item[PXE_ITEMS_MAX];    /* 43.9 */
	size_t n_items;
	bool has_prompt;
	uint8_t timeout_s;              /* 43.10; 255: until a key is pressed */
	struct rd prompt;
};

/**
 * pxe_menu_get() - read the menu out of a packet
 * @ret: points into @msg; empty if it has none
 */
void pxe_menu_get(const struct dhcp4_msg *msg, struct pxe_menu *ret);

/* Who sits at the machine. */
enum pxe_key { PXE_KEY_NONE, PXE_KEY_F8, PXE_KEY_ESC };

struct pxe_user {
	enum pxe_key key;               /* pressed where a prompt or menu is shown */
	const char *item;               /* then chosen: a number, or words of it */
};

enum pxe_way {
	PXE_WAY_FILE,           /* no menu: load what is named */
	PXE_WAY_ITEM,           /* look for the boot server of `item` */
	PXE_WAY_LOCAL,          /* the item is the local disk */
	PXE_WAY_STUCK,          /* the menu waits for a key */
	PXE_WAY_CANCEL,         /* given up: `why` */
};

struct pxe_plan {
	enum pxe_way way;
	const struct pxe_item *item;    /* of ITEM; of LOCAL, NULL after Esc */
	unsigned int wait_s;            /* how long the prompt is shown before */
	bool shown;                     /* a key would have been heeded */
	const char *why;                /* of CANCEL */
};

/**
 * pxe_menu_plan() - what a firmware does with a menu
 * @has_file: the packet that has the menu names a file
 * @user:     NULL: nobody is there
 */
void pxe_menu_plan(const struct persona *p, const struct pxe_menu *menu,
    bool has_file, const struct pxe_user *user, struct pxe_plan *ret);

/* Whom to ask for a boot server, one after the other. */
struct pxe_servers {
	struct in_addr ask[PXE_SERVERS_MAX + 2];
	size_t n_ask;
	bool only_listed;               /* others' answers do not count */
	struct in_addr listed[PXE_SERVERS_MAX];
	size_t n_listed;
	bool ask_all;                   /* and the last one asked counts (EDK2) */
	const char *why;                /* where `n_ask` is 0 */
};

/** pxe_servers_of() - for the boot server type @type. */
void pxe_servers_of(const struct persona *p, const struct pxe_menu *menu,
    uint16_t type, struct pxe_servers *ret);

/** pxe_servers_accept() - does an answer of @server count? */
bool pxe_servers_accept(const struct pxe_servers *s, struct in_addr server);

/** pxe_reply_item() - the type of 43.71; 0 if there is none. */
uint16_t pxe_reply_item(const struct dhcp4_msg *msg);

#endif
