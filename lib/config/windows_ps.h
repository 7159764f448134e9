/*
 * windows_ps.h - the part of PowerShell that configures DHCP servers:
 * constants in variables, interpolation, here-strings, arrays, hash tables,
 * splatting, loops over what is known, and the DhcpServer commands.
 *
 * It is run, not matched: a statement is parsed and done in one step over a
 * window of the text, and a block that runs twice is parsed twice. What only
 * the real run can know is the value UNKNOWN; it spreads, and a command that
 * needs it becomes a gap; a part that may or may not be done leaves all that
 * it sets unknown. Nothing is guessed.
 */
#ifndef PXE_CONFIG_WINDOWS_PS_H
#define PXE_CONFIG_WINDOWS_PS_H

#include "config/windows_tree.h"

enum {
	PS_STEPS_MIN = 200000,          /* and one for each byte of the text */
	PS_STEP = 64,                   /* bytes read, names compared in one */
	PS_DEPTH_MAX = 64,
	PS_TEXT_MAX = 1 << 16,
	PS_ITEMS_MAX = 1 << 16,
	PS_BYTES_MIN = 32 << 20,        /* of values; and more for longer texts */
	PS_BYTES_EACH = 16,
	PS_ARGS_MAX = 128,
};

enum ps_kind {
	PS_UNKNOWN, PS_NULL, PS_BOOL, PS_NUMBER, PS_TEXT, PS_LIST, PS_MAP,
	PS_BLOCK,
};

struct ps_entry {
	const char *key;
	const struct ps_value *value;
	struct ps_entry *next;
};

struct ps_value {
	enum ps_kind kind;
	int64_t number;                 /* also of BOOL */
	const char *text;               /* of TEXT; a number as written */
	const struct ps_value **item;
	size_t n;
	struct ps_entry *map;
	size_t at, end;                 /* of BLOCK: its inside */
};

struct ps_var {
	const char *name;
	const struct ps_value *value;
	unsigned int scope;             /* depth of calls; 0: the script */
	struct ps_var *next;
};

struct ps_function {
	const char *name;
	size_t param_at, param_end;     /* of ( ) behind the name; 0: none */
	size_t at, end;                 /* of its body */
	struct ps_function *next;
};

enum ps_flow { PS_GO_ON, PS_BREAK, PS_CONTINUE, PS_RETURN, PS_STOP };

struct ps {
	struct windows_tree *t;
	const struct config_file *file;
	const char *s;
	size_t at, end;
	struct arena arena;
	size_t bytes, max_bytes;        /* of values */
	size_t steps, max_steps;        /* statements, items, operators */
	size_t depth;
	struct ps_var *vars;            /* of the innermost scope first */
	struct ps_function *functions;
	unsigned int scope;
	const struct ps_command *call;  /* of the function that runs; or NULL */
	enum ps_flow flow;
	int rc;                         /* the first error; ends it all */
};

/* A command's words: "-Name" is one with `name`, what follows is a value. */
struct ps_arg {
	const char *name;
	const struct ps_value *value;
};

struct ps_command {
	const char *name;
	struct config_pos pos;
	struct ps_arg arg[PS_ARGS_MAX];
	size_t n;
	const struct ps_value *input;   /* from the pipe; NULL: none */
};

extern const struct ps_value ps_unknown, ps_null;

/* windows_ps_value.c */
void *ps_alloc(struct ps *p, size_t len);       /* NULL: see rc */
const struct ps_value *ps_text(struct ps *p, const char *s, size_t len);
const struct ps_value *ps_number(struct ps *p, int64_t n);
const struct ps_value *ps_bool(bool b);
const struct ps_value *ps_append(struct ps *p, const struct ps_value *list,
    const struct ps_value *v);
struct ps_value *ps_map(struct ps *p);
void ps_put(struct ps *p, struct ps_value *map, const char *key,
    const struct ps_value *v);
const struct ps_value *ps_member(const struct ps_value *v, const char *key);
const char *ps_string(struct ps *p, const struct ps_value *v);
bool ps_to_number(const struct ps_value *v, int64_t *ret);
int ps_truth(const struct ps_value *v);         /* -1: not known */
const struct ps_value *ps_csv(struct ps *p, const struct ps_value *v);
const struct ps_value *ps_binary(struct ps *p, const char *op,
    const struct ps_value *a, const struct ps_value *b);
const struct ps_value *ps_add(struct ps *p, char op,
    const struct ps_value *a, const struct ps_value *b);

/* windows_ps_lex.c */
struct config_pos ps_pos(const struct ps *p, size_t at);
void ps_blank(struct ps *p, bool newlines);
int ps_peek(const struct ps *p, size_t ahead);
size_t ps_dash(const struct ps *p);             /* bytes of a '-' here; 0 */
size_t ps_quote(const struct ps *p, char *ret); /* bytes of a quote here; 0 */
bool ps_is_word(int c);
bool ps_in_word(const struct ps *p);
const char *ps_word(struct ps *p);              /* letters, digits, - _ */
/* ps_group() - step over (...), {...} or [...]; *@at, *@end are its inside */
bool ps_group(struct ps *p, size_t *at, size_t *end);
bool ps_touches(struct ps *p, size_t at, size_t end);
void ps_skip_statement(struct ps *p);

/* windows_ps_expr.c */
const struct ps_value *ps_expr(struct ps *p);
const struct ps_value *ps_primary(struct ps *p);
const struct ps_value *ps_string_at(struct ps *p);
const struct ps_value *ps_argument(struct ps *p);
/* its name, after the '$'; with ':' before it if it is the script's own */
const char *ps_variable(struct ps *p);
const struct ps_value *ps_get(struct ps *p, const char *name);
void ps_set(struct ps *p, const char *name, const struct ps_value *v);

/* windows_ps.c */
/* ps_work() - that much was done; a script that wants too much is stopped */
void ps_work(struct ps *p, size_t n);
const struct ps_value *ps_run(struct ps *p, size_t at, size_t end);
const struct ps_value *ps_pipeline(struct ps *p);
/* ps_block() - as ps_run(), of a block: a return ends the block alone */
const struct ps_value *ps_block(struct ps *p, const struct ps_value *block);
/* ps_function() - define the one that begins here */
void ps_function(struct ps *p);
/* ps_param() - param ( ): from the call's arguments, or the defaults */
void ps_param(struct ps *p);
const struct ps_value *ps_do_function(struct ps *p,
    const struct ps_function *f, const struct ps_command *c);
void ps_gap(struct ps *p, struct config_pos pos, const char *text);

enum { PS_POSITIONS_MAX = 5 };

/* A command with its values found. */
struct ps_bound {
	struct ps *p;
	const struct ps_command *c;
	const struct ps_value *position[PS_POSITIONS_MAX];
	const char *const *names;       /* of the positions */
	const struct ps_value *row;     /* of the pipe; NULL: none */
	bool unsure;                    /* a value that is needed is unknown */
	const char *unsure_of;
};

/* windows_ps_bind.c */
void ps_bind(struct ps_bound *b);
bool ps_is_given(const struct ps_command *c, const char *name);
const struct ps_value *ps_value_of(struct ps_bound *b, const char *name);
const char *ps_text_of(struct ps_bound *b, const char *name);
bool ps_address_of(struct ps_bound *b, const char *name, struct in_addr *ret);
void ps_words_of(struct ps_bound *b, const char *name,
    struct windows_words *w);
void ps_odd(struct ps_bound *b, const char *what);
bool ps_is_sure(struct ps_bound *b);
void ps_check(struct ps_bound *b, int rc);

/* windows_ps_cmd.c */
const struct ps_value *ps_call(struct ps *p, struct ps_command *c);

#endif
