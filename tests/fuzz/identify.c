/*
 * Laws of firmware_identify(): it never fails on bytes; what it says is fit
 * to print; a script is a script by the rule of seven bytes and no other; an
 * embedded script is what the payload has first; it says the same twice.
 */
#include "firmware/identify.h"
#include "firmware/ipxe.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check(bool law)
{
	if (!law)
		abort();
}

static void
check_text(const char *s, size_t cap)
{
	const char *end = memchr(s, '\0', cap);

	check(end != NULL);
	for (; s < end; s++)
		check(*s >= 0x20 && *s <= 0x7e);
}

static bool
is_script(const uint8_t *data, size_t len)
{
	return len >= 7 && (memcmp(data, "#!ipxe", 6) == 0 ||
	    memcmp(data, "#!gpxe", 6) == 0) &&
	    memchr(" \t\n\v\f\r", data[6], 6) != NULL;
}

static void
check_payload(const uint8_t *data, size_t len, const struct bootfile *f)
{
	uint8_t *payload = NULL;
	size_t payload_len;
	struct rd script;
	struct rd r;
	bool has;

	check(ipxe_payload(data, len, &payload, &payload_len) == 0);
	r = rd_init(payload, payload_len);
	has = ipxe_script_next(&r, &script);
	check(has == (f->script != NULL));
	check(!has || (script.left == f->script_len &&
	    memcmp(script.p, f->script, script.left) == 0));
	free(payload);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct bootfile a;
	struct bootfile b;

	check(firmware_identify(data, len, &a) == 0);
	check(a.kind < BOOTFILE_N_KINDS && a.cpu < CPU_N);
	check((a.kind == BOOTFILE_EMPTY) == (len == 0));
	check((a.kind == BOOTFILE_SCRIPT) == is_script(data, len));
	check_text(a.product, sizeof(a.product));
	check_text(a.version, sizeof(a.version));
	check_text(a.build_name, sizeof(a.build_name));
	check_text(a.features, sizeof(a.features));
	check(!a.is_signed || memcmp(data, "MZ", 2) == 0);
	check(!a.script || strlen(a.script) == a.script_len);
	check(!a.script || is_script((uint8_t *)a.script, a.script_len));
	check(!a.script || a.features[0] != '\0');
	if (a.features[0] != '\0')
		check_payload(data, len, &a);

	check(firmware_identify(data, len, &b) == 0);
	check(a.kind == b.kind && a.container == b.container &&
	    a.cpu == b.cpu && strcmp(a.version, b.version) == 0);
	bootfile_release(&a);
	bootfile_release(&b);
	return 0;
}
