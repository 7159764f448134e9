/*
 * explore_walk.h - inside explore.h: where the walk stands, for the files
 * that go on from there. explore.c has the states, explore_step.c what each
 * command does to one, explore_loop.c the circles among them.
 */
#ifndef PXE_SCRIPT_EXPLORE_WALK_H
#define PXE_SCRIPT_EXPLORE_WALK_H

#include "script/explore.h"
#include "script/live.h"

enum { NO_MENU = 0 };

/* A place, and what is known there. Only numbers: it is compared as bytes. */
struct state {
	uint32_t node;
	uint32_t env;           /* number of the environment */
	uint32_t flags;
};

enum {
	STATE_SELECTED = 1,     /* an image may be selected */
	STATE_GUESSED = 2,      /* behind a goto to whatever label */
	STATE_MENU = 4,         /* there is a menu */
};

/*
 * What grows at a state: all items that its menus may have. Told apart, each
 * item that is there only sometimes would double the ways.
 */
struct place {
	uint32_t menu;          /* number of the last menu row, or NO_MENU */
	uint32_t next;          /* state that waits at the same node; or NONE */
	bool waits;
};

struct way {
	uint32_t from;
	uint32_t to;
};

#define NONE UINT32_MAX

/* Menus are lists of rows, each hanging on the row before. */
struct menu_row {
	uint32_t before;
	uint32_t menu;          /* the menu's name, as a text */
	uint32_t name;          /* of the item; VAR_UNKNOWN: the menu itself */
};

struct explorer {
	const struct flow *f;
	struct explore *out;
	struct vars *v;
	struct live live;
	struct intern states;
	struct intern envs;
	struct intern menus;
	uint32_t *n_at;         /* states at each node */
	uint32_t *n_grown;      /* values made of themselves at each node */
	uint32_t *waiting;      /* the first state that waits at each node */
	size_t lowest;          /* no node before this has one */
	struct place *places;   /* of each state */
	size_t cap_places;
	uint32_t number;        /* the state being gone on from; or NONE */
	struct state now;
	uint32_t menu;
	struct var_env env;
	struct way *ways;       /* that take no time */
	size_t n_ways;
	size_t cap_ways;
	struct sbuf word;       /* what a word became */
	struct sbuf text;
	struct var_pair *live_pairs;
	size_t cap_live;
	bool bad;
};

/** explore_event() - keep what is seen here; once. */
void explore_event(struct explorer *x, enum explore_kind kind,
    const char *text);

/** explore_push() - a way leads to @node, with what is known now. */
void explore_push(struct explorer *x, size_t node, bool on_ok);

/** explore_here() - the command that is being gone on from. */
const struct flow_node *explore_here(const struct explorer *x);

/** explore_row() - a row of a menu; its number is not NO_MENU. */
struct menu_row explore_row(const struct explorer *x, uint32_t number);

/** explore_hang() - the number of a row that hangs on @before. */
uint32_t explore_hang(struct explorer *x, uint32_t before, uint32_t menu,
    uint32_t name);

struct state explore_state(const struct explorer *x, uint32_t number);

/** explore_step() - go every way from where @x stands. */
void explore_step(struct explorer *x);

/** explore_find_loops() - circles that take no time. Return: 0; -ENOMEM. */
int explore_find_loops(struct explorer *x);

#endif
