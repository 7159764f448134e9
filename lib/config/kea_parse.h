/*
 * kea_parse.h - what the parts of Kea's parser share: text becomes values by
 * the grammar (kea_syntax.c), and values become the tree, checked in the
 * order in which the server does it.
 */
#ifndef PXE_CONFIG_KEA_PARSE_H
#define PXE_CONFIG_KEA_PARSE_H

#include "config/kea_json.h"
#include "config/kea_tree.h"

struct kea_parser {
	struct kea_tree *t;
	struct kea_lex lex;
	struct diag *diag;
	bool is_v6;
	/*
	 * Written for another release: what is refused later is left out and
	 * told as a gap, for that release may take it.
	 */
	bool lenient;
	const char *since;              /* the newest that a keyword needs */
	const char *until;              /* the oldest that had all */
	struct config_pos since_pos, until_pos; /* of the first of them */
	const char *since_key, *until_key;
	size_t n_since, n_until;
	struct config_map classes;         /* by name */
	struct config_map defs;            /* by space and code, space and name */
	struct config_map subnet_ids, subnet_prefixes, networks;
	struct config_map hosts;           /* by subnet and identifier */
	struct config_map addresses;       /* by subnet and address */
	struct kea_subnet **subnets_tail;
	uint32_t next_subnet_id;
	bool unique_addresses;
	bool authoritative;             /* globally */
};

/* kea_syntax.c */
/** kea_syntax() - the whole text; @ret: what Dhcp4 or Dhcp6 holds. */
int kea_syntax(struct kea_parser *p, struct kea_node **ret);

/* kea_parse.c */
/** kea_build() - the tree from the values. */
int kea_build(struct kea_parser *p, const struct kea_node *global);
/** kea_spare() - let a refusal pass if the file is of another release. */
int kea_spare(struct kea_parser *p, int rc);
/** kea_names() - classes of a list; @tail is where the next goes. */
int kea_names(struct kea_parser *p, const struct kea_node *list,
    bool may_be_empty, struct kea_name ***tail);

/* kea_field.c: what many maps have */
/* Without a value: the default. */
bool kea_get_bool(const struct kea_node *map, const char *key, bool def);
int64_t kea_get_int(const struct kea_node *map, const char *key, int64_t def);
const char *kea_get_text(const struct kea_node *map, const char *key);
/** kea_pos_of() - of the value; of the map if there is none. */
const struct config_pos *kea_pos_of(const struct kea_node *map,
    const char *key);
bool kea_ip(const char *text, struct ip_addr *ret);

enum kea_level_kind { KEA_L_GLOBAL, KEA_L_NET, KEA_L_CLASS, KEA_L_HOST };

/** kea_level() - the fields of a level; each has limits of its own. */
int kea_level(struct kea_parser *p, const struct kea_node *map,
    enum kea_level_kind kind, struct kea_level *ret);

/* The maps that a value is looked up in, the nearest first; NULL ends. */
struct kea_scopes {
	const struct kea_node *map[3];
};

const struct kea_node *kea_inherited(const struct kea_scopes *s,
    const char *key);

/** kea_lifetime() - the three of "valid-lifetime", "preferred-lifetime". */
int kea_lifetime(struct kea_parser *p, const struct kea_scopes *s,
    const char *name, bool has_default);

/** kea_timers() - what a subnet or network inherits and may not contradict. */
int kea_timers(struct kea_parser *p, const struct kea_scopes *s);

/**
 * kea_reservation_mode() - the three flags, from reservation-mode or one by
 * one; what is not said stays as it is
 */
int kea_reservation_mode(struct kea_parser *p, const struct kea_node *map,
    bool *global, bool *in_subnet, bool *out_of_pool);

/* kea_list.c: the lists that config_ops hands out */
int kea_gap(struct kea_tree *t, struct config_pos pos, const char *text);
int kea_remark(struct kea_tree *t, const char *fault, struct config_pos pos,
    const char *fmt, ...) PRINTF_LIKE(4, 5);
/* kea_hint() - the same, a warning at most: what is lost is not a boot */
int kea_hint(struct kea_tree *t, const char *fault, struct config_pos pos,
    const char *fmt, ...) PRINTF_LIKE(4, 5);
/** kea_list() - after all is read. Return: 0; -ENOMEM. */
int kea_list(struct kea_tree *t);

/* kea_remark.c, kea_remark_test.c: what is allowed and hardly meant */

/** kea_look_over() - add remarks and gaps. Return: 0; -ENOMEM. */
int kea_look_over(struct kea_tree *t);

/** kea_look_at_test() - the same of the test of a class. */
int kea_look_at_test(struct kea_tree *t, const struct kea_class *c);

const struct kea_class *kea_class_find(const struct kea_tree *t,
    const char *name);

/** kea_is_reserved_class() - does a reservation put its client there? */
bool kea_is_reserved_class(const struct kea_tree *t, const char *name);

/* kea_parse_option.c */
int kea_defs(struct kea_parser *p, const struct kea_node *list,
    bool of_class, struct kea_option_def **ret);
int kea_options(struct kea_parser *p, const struct kea_node *list,
    const struct kea_option_def *class_defs, bool is_global,
    struct kea_option **ret);

/* kea_parse_class.c */
int kea_classes(struct kea_parser *p, const struct kea_node *list);

/* kea_parse_host.c */
int kea_hosts(struct kea_parser *p, const struct kea_node *list,
    struct kea_subnet *subnet, struct kea_host **ret);
int kea_host_ids(struct kea_parser *p, const struct kea_node *list);

/* kea_parse_subnet.c */
int kea_networks(struct kea_parser *p, const struct kea_node *global);
int kea_subnets(struct kea_parser *p, const struct kea_node *global);

/* kea_parse_check.c: what matters to no answer, and may be refused */
int kea_check_first(struct kea_parser *p, const struct kea_node *global);
int kea_check_databases(struct kea_parser *p, const struct kea_node *global);
int kea_check_pd_pools(struct kea_parser *p, const struct kea_node *list);
int kea_check_last(struct kea_parser *p, const struct kea_node *global);

#endif
