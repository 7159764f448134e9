#include "client_expect.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPECT_FILE_MAX = 1024 * 1024 };

static int
add(struct expects *ex, const char *text, struct diag *diag)
{
	if (ex->n == EXPECTS_MAX) {
		diag_set(diag, "more than %d expectations", EXPECTS_MAX);
		return -1;
	}
	if (expect_parse(text, &ex->expect[ex->n], diag) < 0)
		return -1;
	ex->n++;
	return 0;
}

/* A line each; blank lines and those that begin with '#' are not. */
static int
read_file(struct expects *ex, const char *path, struct diag *diag)
{
	unsigned int number = 0;
	char *next;
	size_t len;

	if (file_read(path, EXPECT_FILE_MAX, &ex->file, &len, diag) < 0)
		return -1;
	for (char *line = ex->file; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		number++;
		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (add(ex, line, diag) < 0) {
			diag_at(diag, path, number, 0);
			return -1;
		}
	}
	return 0;
}

int
expects_read(struct expects *ex, const struct cmd_list *list,
    const char *file, uint64_t max_time_ms, struct diag *diag)
{
	for (size_t i = 0; i < list->n; i++) {
		if (add(ex, list->value[i], diag) < 0)
			return -1;
	}
	if (file && read_file(ex, file, diag) < 0)
		return -1;
	if (!max_time_ms)
		return 0;
	(void)snprintf(ex->max_time, sizeof(ex->max_time), "time<=%.3f",
	    (double)max_time_ms / 1000);
	return add(ex, ex->max_time, diag);
}

void
expects_release(struct expects *ex)
{
	free(ex->file);
}

bool
expects_met(const struct expects *ex, const struct boot *b)
{
	bool ok = true;
	bool verdict = false;

	for (size_t i = 0; i < ex->n; i++) {
		struct sbuf got = SBUF_EMPTY;

		ok = expect_check(&ex->expect[i], b, &got) && ok;
		verdict = verdict || expect_is_verdict(&ex->expect[i]);
		sbuf_release(&got);
	}
	return ok && (verdict || !b->fault);
}
