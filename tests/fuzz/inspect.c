/*
 * Laws of inspect_bytes(): it never fails on bytes; the kind is the one that
 * firmware_identify() tells, and the first script of an iPXE too; a search
 * keeps its limits; scripts end with a NUL; it says the same twice. And of
 * embed_script(): where there is no script it finds no place for one, and
 * what it puts in is what comes out, followed by line ends.
 */
#include "firmware/embed.h"
#include "firmware/identify.h"
#include "firmware/inspect.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { MEMBERS_MAX = 64, BYTES_MAX = 4 * 1024 * 1024 };

static void
check(bool law)
{
	if (!law)
		abort();
}

/* Return: how many files, itself and all inside. */
static size_t
check_file(const struct inspect *x, int depth)
{
	size_t n = 1;

	check(depth <= INSPECT_DEPTH_MAX);
	check(x->file.script == NULL && x->path != NULL);
	check(strlen(x->sha256) == 64);
	check(x->n_runs_on <= INSPECT_ARCHES_MAX);
	check(x->n_names <= INSPECT_NAMES_MAX);
	for (size_t i = 0; i < x->n_scripts; i++)
		check(x->scripts[i].bytes[x->scripts[i].len] == '\0');
	for (size_t i = 0; x->ipxe && i + 1 < x->ipxe->n_commands; i++)
		check(strcmp(x->ipxe->commands[i],
		    x->ipxe->commands[i + 1]) <= 0);
	for (size_t i = 0; i < x->n_signs; i++)
		check(x->signs[i].cert.subject && x->signs[i].digest);
	for (const struct inspect *m = x->members; m; m = m->next)
		n += check_file(m, depth + 1);
	return n;
}

static void
check_same(const struct inspect *a, const struct inspect *b)
{
	for (; a && b; a = a->next, b = b->next) {
		check(a->file.kind == b->file.kind &&
		    strcmp(a->path, b->path) == 0 &&
		    strcmp(a->sha256, b->sha256) == 0 &&
		    a->n_scripts == b->n_scripts &&
		    a->n_others == b->n_others && a->cut == b->cut);
		check_same(a->members, b->members);
	}
	check(!a && !b);
}

static void
check_embed(const uint8_t *data, size_t len, const struct bootfile *f)
{
	static const char text[] = "#!ipxe\nshell\n";
	uint8_t *image = NULL;
	size_t image_len;
	struct bootfile g;

	if (embed_script(data, len, text, sizeof(text) - 1, &image,
	    &image_len, NULL) < 0)
		return;
	check(f->script && f->kind == BOOTFILE_IPXE);
	check(firmware_identify(image, image_len, &g) == 0);
	check(g.script && g.script_len == f->script_len);
	check(strncmp(g.script, text, strlen(text)) == 0);
	check(strspn(g.script + strlen(text), "\n") ==
	    g.script_len - strlen(text));
	bootfile_release(&g);
	free(image);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct inspect_limits limits = { MEMBERS_MAX, BYTES_MAX,
	    600 * 1000 };
	struct arena a = ARENA_EMPTY;
	struct inspect *x = NULL;
	struct inspect *y = NULL;
	struct bootfile f;

	check(inspect_bytes("x", data, len, &limits, &a, &x) == 0);
	check(inspect_bytes("x", data, len, &limits, &a, &y) == 0);
	check(x->bytes == len && check_file(x, 0) <= MEMBERS_MAX + 1);
	check_same(x, y);
	check(firmware_identify(data, len, &f) == 0);
	check(f.kind == x->file.kind && f.cpu == x->file.cpu);
	check(!f.script || (x->n_scripts > 0 &&
	    x->scripts[0].len == f.script_len &&
	    memcmp(x->scripts[0].bytes, f.script, f.script_len) == 0));
	check_embed(data, len, &f);
	bootfile_release(&f);
	arena_release(&a);
	return 0;
}
