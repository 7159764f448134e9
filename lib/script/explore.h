/*
 * explore.h - every way through a script, without running it.
 *
 * Each item of each menu is chosen, each test whose outcome is not known
 * goes both ways, each load succeeds and fails. A place that is reached
 * again with the same that matters is not gone on from, so it ends. Past a
 * ceiling, what is known at a place is forgotten instead of told apart: each
 * place is still come to, if not with each value of each setting. What is
 * seen on the way, such as URLs, is kept as events.
 *
 * A script that is chained to is taken to come back with the settings as
 * they were.
 */
#ifndef PXE_SCRIPT_EXPLORE_H
#define PXE_SCRIPT_EXPLORE_H

#include "script/flow.h"
#include "script/vars.h"

enum {
	EXPLORE_STATES_MAX = 200000,    /* places with what is known there */
	EXPLORE_NODE_MAX = 4000,        /* of them at one command */
	EXPLORE_NODE_LEARNT = 16,       /* with what only tests told */
	EXPLORE_NODE_FEW = 32,          /* the same, when there are many */
	EXPLORE_GROWN_MAX = 16,         /* values that a set makes of itself */
	EXPLORE_EVENTS_MAX = 100000,
};

enum explore_kind {
	EXPLORE_URL,            /* is loaded; text: the URI */
	EXPLORE_ARGS,           /* a kernel's command line; text: it */
	EXPLORE_ENTER,          /* goto leads to a label; text: it */
	EXPLORE_GOTO,           /* to a label that is not there; text: it */
	EXPLORE_DEFAULT,        /* of choose, but no item; text: it */
	EXPLORE_LOOP,           /* back to where it was at once; text: that line */
	EXPLORE_MENU,           /* choose or item has its menu */
	EXPLORE_NO_MENU,        /* choose or item without a menu */
	EXPLORE_NO_ITEM,        /* choose from a menu without items */
	EXPLORE_SELECTED,       /* boot has an image */
	EXPLORE_NOT_SELECTED,   /* boot has none */
};

/* Each is there once. References that are not known are in the text. */
struct explore_event {
	enum explore_kind kind;
	uint32_t node;
	const char *text;
};

struct explore {
	struct explore_event *events;   /* as they were met */
	size_t n_events;
	bool complete;                  /* every way was gone */
	size_t n_states;
	bool *seen;                     /* of each node: a way leads there */
	struct vars vars;
	struct intern met;
};

/**
 * explore() - go every way
 * @platform: what ${platform} is; NULL: not known
 * @ret:      uninitialised; on success to be released
 *
 * Return: 0; -ENOMEM.
 */
int explore(const struct flow *f, const char *platform, struct explore *ret);
void explore_release(struct explore *x);

#endif
