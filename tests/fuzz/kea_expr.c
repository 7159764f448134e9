/*
 * fuzz/kea_expr.c - an expression over a request, both out of one input, the
 * first line being the expression. The law: what is taken is evaluated to
 * yes or no, whatever the request holds, and its negation to the other
 * unless it fails; what is refused has a place inside the text.
 */
#include "config/kea_expr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
code_of(void *ctx, const char *name)
{
	const struct kea_option_def *d = kea_option_find(NULL, NULL, false,
	    "dhcp4", -1, name);

	(void)ctx;
	return d ? d->code : -1;
}

static bool
is_class(void *ctx, const char *name)
{
	(void)ctx;
	return *name != 'x';
}

static int
literal(void *ctx, const struct config_literal *l)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		*(unsigned int *)ctx += l->bytes[i];
	return 0;
}

static int
eval(const char *text, const struct request *req, struct diag *diag)
{
	const struct kea_expr_names names = { code_of, is_class, NULL };
	const struct config_pos pos = { "f", 1, 1 };
	struct arena a = ARENA_EMPTY;
	struct kea_expr *e = NULL;
	struct kea_packet p;
	unsigned int sum = 0;
	int rc = kea_expr_parse(text, pos, false, &names, &a, &e, diag);

	if (rc == 0 && kea_expr_literals(e, literal, &sum) != 0)
		abort();
	if (rc == 0)
		rc = kea_packet_open(&p, req, NULL, "eth0", &a, diag);
	if (rc == 0) {
		rc = kea_expr_eval(e, &p, is_class, NULL);
		if (rc != 0 && rc != 1)
			abort();
	}
	arena_release(&a);
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : size;
	char *text = malloc(len + 7);
	struct diag diag = { .text = "" };
	struct dhcp4_msg m;
	struct request req = { .msg = &m };
	int yes, no;

	if (!text)
		return 0;
	dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	if (end && dhcp4_msg_parse(&m, end + 1, size - len - 1, NULL) < 0)
		dhcp4_msg_init(&m, DHCP4_BOOTREQUEST);
	memcpy(text, "not (", 5);
	if (len)
		memcpy(text + 5, data, len);
	text[len + 5] = '\0';
	yes = eval(text + 5, &req, &diag);
	if (yes == -EBADMSG && !*diag.text)
		abort();
	text[len + 5] = ')';
	text[len + 6] = '\0';
	no = eval(text, &req, &diag);
	if (yes == 1 && no == 1)
		abort();
	dhcp4_msg_release(&m);
	free(text);
	return 0;
}
