/*
 * cell.h - one place a client can be in: a network, a host entry or none, and
 * one class of what else it says. Every kind of client is asked for there
 * once; from these answers all chains follow.
 */
#ifndef PXE_LINT_CELL_H
#define PXE_LINT_CELL_H

#include "lint/lint.h"
#include "lint/rules.h"
#include "lint/space.h"

/* A line of the configuration. */
struct cell_place {
	struct config_pos pos;
	const char *source;
};

/* What one kind of client meets in a cell. */
struct cell_stage {
	bool asked;                     /* false: there is no such client */
	struct verdict verdict;         /* and the flaws of its menu's items */
	int next;                       /* kind that it becomes; KIND_NONE */
	bool is_proxy;                  /* the answer is a proxy's */
	struct in_addr next_server;
	const char *file;               /* "" if none */
	bool by_menu;                   /* the first item of a boot menu */
	bool names_fog;                 /* in the name of its boot server */
	struct cell_place place;        /* the line that decided */
	struct cell_place flaw[RULES_FLAWS_MAX];        /* of each flaw */
};

struct cell {
	const struct config_network *network;   /* NULL: none is declared */
	const struct config_host *host;         /* NULL: an unknown client */
	size_t variant;
	struct cell_stage stage[KINDS_MAX];
	size_t n_answered;
	size_t n_files;
	struct arena arena;
};

/* What all cells of a configuration share. */
struct cell_conf {
	const struct config_ops *ops;
	void *tree;
	const struct kinds *kinds;
	const struct space *space;
	struct rules_conf rules;
	struct in_addr server_ip;
	bool by_type;                   /* DISCOVER and REQUEST are told apart */
};

/**
 * cell_ask() - ask for every kind
 * @cell: with network, host and variant set; to be released
 *
 * Return: 0; a negative errno.
 */
int cell_ask(struct cell_conf *c, struct cell *cell, struct diag *diag);
void cell_release(struct cell *cell);

/** cell_same() - do all kinds meet the same in both? */
bool cell_same(const struct cell *a, const struct cell *b, size_t n_kinds);

/**
 * cell_request() - the client of that kind, as it asks there
 * @ret: on success, to be given to ask_release()
 *
 * Return: true; false if there is no such client.
 */
bool cell_request(const struct cell_conf *c, const struct cell *cell,
    const struct kind *k, struct ask *ret);

/**
 * cell_signature() - a number that differs where the boot data of the answer
 * to a BIOS machine differ
 *
 * Return: 0; a negative errno.
 */
int cell_signature(const struct cell_conf *c, const struct cell *cell,
    uint64_t *ret, struct diag *diag);

#endif
