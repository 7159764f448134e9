/*
 * dns.c - a message that was accepted can be written, and reads back with
 * the same questions and answers.
 */
#include "wire/dns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_name(const char *a, const char *b)
{
	if (!a != !b || (a && strcmp(a, b) != 0))
		abort();
}

static void
check_answer(const struct dns_answer *a, const struct dns_answer *b)
{
	check_name(a->name, b->name);
	check_name(a->target, b->target);
	if (a->type != b->type || a->class != b->class ||
	    a->ttl_s != b->ttl_s || a->priority != b->priority ||
	    a->weight != b->weight || a->port != b->port ||
	    a->addr.family != b->addr.family ||
	    (a->addr.family != 0 && !ip_equal(&a->addr, &b->addr)))
		abort();
	if (!a->target && (a->data.left != b->data.left ||
	    (a->data.left > 0 &&
	    memcmp(a->data.p, b->data.p, a->data.left) != 0)))
		abort();
}

static void
check_same(const struct dns_msg *a, const struct dns_msg *b)
{
	if (a->id != b->id || a->opcode != b->opcode ||
	    a->rcode != b->rcode || a->is_response != b->is_response ||
	    a->authoritative != b->authoritative ||
	    a->truncated != b->truncated ||
	    a->recursion_desired != b->recursion_desired ||
	    a->recursion_available != b->recursion_available ||
	    a->n_questions != b->n_questions ||
	    a->n_answers != b->n_answers)
		abort();
	for (size_t i = 0; i < a->n_questions; i++) {
		check_name(a->questions[i].name, b->questions[i].name);
		if (a->questions[i].type != b->questions[i].type ||
		    a->questions[i].class != b->questions[i].class)
			abort();
	}
	for (size_t i = 0; i < a->n_answers; i++)
		check_answer(&a->answers[i], &b->answers[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	/* the longest names everywhere, and as much data as came in */
	enum { BUILT_MAX = (2 * DNS_NAME_LEN_MAX + 16) *
	    (DNS_QUESTIONS_MAX + DNS_ANSWERS_MAX) + 65535 };
	static uint8_t wire[BUILT_MAX];
	struct wr w = wr_init(wire, sizeof(wire));
	struct arena arena = ARENA_EMPTY;
	struct dns_msg a;
	struct dns_msg b;

	if (len > 65535 || dns_parse(data, len, &arena, &a, NULL) < 0)
		goto out;
	if (dns_build(&w, &a, NULL) < 0 ||
	    dns_parse(wire, w.len, &arena, &b, NULL) < 0)
		abort();
	check_same(&a, &b);
out:
	arena_release(&arena);
	return 0;
}
