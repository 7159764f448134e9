/*
 * check_rules.h - the rules of script check, by what they look at. Each
 * adds its findings to the checker.
 */
#ifndef PXE_SCRIPT_CHECK_RULES_H
#define PXE_SCRIPT_CHECK_RULES_H

#include "base/util.h"
#include "script/check.h"
#include "script/explore.h"
#include "script/flow.h"

struct checker {
	const struct check_conf *conf;
	struct check_file *out;
	const char *text;               /* the file */
	size_t len;
	const size_t *line_at;          /* offset of each physical line */
	size_t n_lines;
	const struct lex_script *ls;
	const struct flow *flow;
	const struct explore *ways;
	const struct intern *names;     /* settings that get a value somewhere */
	size_t cap_found;
	bool bad;                       /* out of memory */
};

/**
 * check_add() - a finding
 * @fix: NULL: the catalogue's
 *
 * The same fault is told once a place.
 */
void check_add(struct checker *c, const char *fault,
    enum fault_severity severity, struct lex_pos at, const char *fix,
    const char *fmt, ...) PRINTF_LIKE(6, 7);

/** check_line() - a physical line without its end; NULL if there is none. */
const char *check_line(const struct checker *c, unsigned int line,
    size_t *ret_len);

/** check_place() - of a place within a word. */
struct lex_pos check_place(const struct lex_token *word, size_t offset);

/** check_node_at() - of a command; of its line, if it is empty. */
struct lex_pos check_node_at(const struct checker *c,
    const struct flow_node *n);

/** check_fix() - a remedy of one's own, kept as long as the finding. */
const char *check_fix(struct checker *c, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

void check_bytes(struct checker *c);            /* check_bytes.c */
bool check_magic(struct checker *c);
void check_commands(struct checker *c);         /* check_command.c */
void check_words(struct checker *c);            /* check_word.c */
void check_settings(struct checker *c);         /* check_setting.c */
void check_urls(struct checker *c);             /* check_url.c */
void check_labels(struct checker *c);           /* check_flow.c */
void check_flow(struct checker *c);
void check_boots(struct checker *c);            /* check_boot.c */

#endif
