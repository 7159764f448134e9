/*
 * check.h - what an expert would tell of an iPXE script before it runs.
 *
 * The rules are iPXE's own: the script is cut by the lexer that runs it, and
 * all ways through it are gone (explore.h). A script that iPXE would refuse
 * has the finding exec-format-error; a template is named, and no more said.
 *
 * A comment on the line, or on the line before, keeps findings quiet:
 *
 *	# pxetool-lint: ignore=script-label-unused
 */
#ifndef PXE_SCRIPT_CHECK_H
#define PXE_SCRIPT_CHECK_H

#include "base/arena.h"
#include "base/intern.h"
#include "chain/finding.h"
#include "script/features.h"

enum {
	CHECK_FILE_MAX = 16 * 1024 * 1024,
	CHECK_FINDINGS_MAX = 10000,
};

struct check_conf {
	struct ipxe_build build;
	const struct intern *names;     /* settings that other scripts set; or NULL */
};

struct check_url {
	const char *text;               /* what is not known stays ${...} */
	const unsigned int *lines;      /* where it is loaded, rising */
	size_t n_lines;
};

struct check_file {
	const char *path;
	const char *engine;             /* of templates; NULL: a script */
	struct finding *found;          /* by line */
	size_t n_found;
	size_t n_suppressed;
	struct check_url *urls;         /* by their first line */
	size_t n_urls;
	bool complete;                  /* every way was gone */
	size_t n_states;
	struct arena arena;
	struct check_file *next;
};

/**
 * check_script() - look at one script
 * @text: its bytes; any are a script, if a bad one
 * @ret:  on success, to be given to check_file_free()
 *
 * Return: 0; -ENOMEM.
 */
int check_script(const struct check_conf *conf, const char *path,
    const char *text, size_t len, struct check_file **ret);
void check_file_free(struct check_file *f);

/** check_names() - add the settings that a script gives values. */
int check_names(const char *text, size_t len, struct intern *names);

/** check_worst() - the highest severity found; -1 if nothing was. */
int check_worst(const struct check_file *f);

#endif
