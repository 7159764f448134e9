/*
 * Any bytes as a script, checked and formatted.
 *
 * The laws: checking comes to an end, each finding is in the file, URLs are
 * there once and their lines rise; the normal form means the same, and is
 * its own normal form.
 */
#include "script/check.h"
#include "script/fmt.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(const char *text, size_t len)
{
	static const char *const features[] = { "HTTP", "echo", "Menu" };
	struct check_conf conf = { .build = { .has_version = len % 2,
		.version = len % 5, .platform = len % 3 ? 0 : IPXE_PCBIOS,
		.features = features, .n_features = len % 4 } };
	struct check_file *f = NULL;
	unsigned int n_lines = 1;

	for (size_t i = 0; i < len; i++)
		n_lines += text[i] == '\n';
	if (check_script(&conf, "fuzz", text, len, &f) < 0)
		return;
	for (size_t i = 0; i < f->n_found; i++) {
		if (f->found[i].line > n_lines || !f->found[i].message[0])
			abort();
		if (i > 0 && f->found[i].line < f->found[i - 1].line)
			abort();
	}
	for (size_t i = 0; i < f->n_urls; i++) {
		const struct check_url *u = &f->urls[i];

		if (u->n_lines == 0 || u->lines[u->n_lines - 1] > n_lines)
			abort();
		for (size_t k = 1; k < u->n_lines; k++) {
			if (u->lines[k] <= u->lines[k - 1])
				abort();
		}
	}
	check_file_free(f);
}

static void
format(const char *text, size_t len)
{
	struct sbuf once = SBUF_EMPTY;
	struct sbuf twice = SBUF_EMPTY;

	if (script_fmt(text, len, &once, NULL) == 0) {
		if (script_same(text, len, sbuf_str(&once), once.len) != 1)
			abort();
		if (script_fmt(sbuf_str(&once), once.len, &twice, NULL) < 0)
			abort();
		if (once.len != twice.len || memcmp(sbuf_str(&once),
		    sbuf_str(&twice), once.len) != 0)
			abort();
	}
	sbuf_release(&once);
	sbuf_release(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *copy = malloc(len ? len : 1);     /* exactly: a byte more is seen */

	if (!copy)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	check(copy, len);
	format(copy, len);
	free(copy);
	return 0;
}
