#include "report/lint.h"

#include <stdlib.h>
#include <string.h>

/* What several kinds meet alike: the lines of their stages. */
struct chain {
	struct sbuf text;
	uint64_t kinds;
};

/* A network, a host or a class; `also` are the places where it is the same. */
struct place {
	struct sbuf name, also, text;
	size_t n_also;
};

enum { ALSO_MAX = 8 };                  /* places that are named */

static bool
same_str(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same_place(const struct lint_row *a, const struct lint_row *b)
{
	return same_str(a->network, b->network) &&
	    same_str(a->host, b->host) && same_str(a->variant, b->variant);
}

static void
place_name(const struct lint_row *r, struct sbuf *out)
{
	const char *between = "";

	if (r->network) {
		sbuf_escape(out, r->network, strlen(r->network));
		between = ", ";
	}
	if (r->host) {
		sbuf_printf(out, "%shost ", between);
		sbuf_escape(out, r->host, strlen(r->host));
		between = ", ";
	}
	if (r->variant)
		sbuf_printf(out, "%s%s", between, r->variant);
	if (!out->len)
		sbuf_add(out, "anywhere");
}

static void
stage_line(const struct lint_row *r, struct sbuf *out)
{
	char ip[IP_TEXT_MAX];
	size_t at;

	sbuf_printf(out, "      %-8s  %-15s  ", r->stage,
	    r->next_server.s_addr ? ipv4_format(r->next_server, ip) : "-");
	at = out->len;
	sbuf_escape(out, r->file[0] ? r->file : "-",
	    r->file[0] ? strlen(r->file) : 1);
	while (!out->bad && out->len < at + 32)
		sbuf_addc(out, ' ');
	sbuf_printf(out, "  %s\n", r->ends);
}

/* The rows of one client, which follow each other; Return: the next one's. */
static const struct lint_row *
read_chain(const struct lint_row *r, struct sbuf *out)
{
	const struct lint_row *first = r;

	while (r && r->client == first->client && same_place(r, first)) {
		stage_line(r, out);
		r = r->next;
	}
	return r;
}

static void
add_chain(struct chain *chains, size_t *n, struct sbuf *text, uint64_t kind)
{
	for (size_t i = 0; i < *n; i++) {
		if (strcmp(sbuf_str(&chains[i].text), sbuf_str(text)) == 0) {
			chains[i].kinds |= kind;
			sbuf_release(text);
			return;
		}
	}
	chains[*n].text = *text;
	chains[*n].kinds = kind;
	(*n)++;
}

/* All rows of one place; Return: the first of the next one. */
static const struct lint_row *
read_place(const struct lint_file *f, const struct lint_row *r,
    struct sbuf *out)
{
	struct chain chains[KINDS_MAX];
	const struct lint_row *first = r;
	size_t n = 0;

	while (r && same_place(r, first)) {
		int kind = kinds_find(&f->kinds, r->client);
		struct sbuf text = SBUF_EMPTY;

		r = read_chain(r, &text);
		if (n < KINDS_MAX && kind != KIND_NONE)
			add_chain(chains, &n, &text, UINT64_C(1) << kind);
		else
			sbuf_release(&text);
	}
	for (size_t i = 0; i < n; i++) {
		sbuf_add(out, "  ");
		report_lint_kinds(f, chains[i].kinds, out);
		sbuf_printf(out, "\n%s", sbuf_str(&chains[i].text));
		sbuf_release(&chains[i].text);
	}
	return r;
}

static struct place *
find_place(struct place *places, size_t n, const struct sbuf *text)
{
	for (size_t i = 0; i < n; i++) {
		if (places[i].text.len == text->len &&
		    strcmp(sbuf_str(&places[i].text), sbuf_str(text)) == 0)
			return &places[i];
	}
	return NULL;
}

static void
place_text(const struct place *p, struct sbuf *out)
{
	sbuf_printf(out, "%s%s", sbuf_str(&p->name), sbuf_str(&p->also));
	if (p->n_also > ALSO_MAX)
		sbuf_printf(out, "\nand %zu more", p->n_also - ALSO_MAX);
	sbuf_printf(out, ":\n%s\n", sbuf_str(&p->text));
}

static void
file_table(const struct lint_file *f, struct sbuf *out)
{
	struct place *places = calloc(f->n_rows ? f->n_rows : 1,
	    sizeof(*places));
	const struct lint_row *r = f->rows;
	size_t n = 0;

	out->bad = out->bad || !places;
	while (r && places) {
		struct place p = { SBUF_EMPTY, SBUF_EMPTY, SBUF_EMPTY, 0 };
		struct place *same;

		place_name(r, &p.name);
		r = read_place(f, r, &p.text);
		same = find_place(places, n, &p.text);
		if (!same) {
			places[n++] = p;
			continue;
		}
		if (same->n_also++ < ALSO_MAX)
			sbuf_printf(&same->also, "\n%s", sbuf_str(&p.name));
		sbuf_release(&p.name);
		sbuf_release(&p.text);
	}
	for (size_t i = 0; i < n; i++) {
		place_text(&places[i], out);
		sbuf_release(&places[i].name);
		sbuf_release(&places[i].also);
		sbuf_release(&places[i].text);
	}
	free(places);
}

void
report_lint_table(const struct lint_file *files, struct sbuf *out)
{
	for (const struct lint_file *f = files; f; f = f->next) {
		if (files->next) {
			sbuf_escape(out, f->path, strlen(f->path));
			sbuf_add(out, "\n\n");
		}
		file_table(f, out);
	}
}
