#include "firmware/embed.h"

#include "base/bytes.h"
#include "firmware/ipxe.h"
#include "firmware/pe.h"
#include "firmware/zbin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The place of the first script in @bytes; false if there is none. */
static bool
find_place(const uint8_t *bytes, size_t len, size_t *ret_at, size_t *ret_len)
{
	struct rd r = rd_init(bytes, len);
	struct rd script;

	if (!ipxe_script_next(&r, &script))
		return false;
	*ret_at = script.at;
	*ret_len = script.left;
	return true;
}

/*
 * The packed block that has the script. Return: 1 with @ret, to be released,
 * and the place in it; 0 if there is none; -ENOMEM.
 */
static int
find_block(const uint8_t *image, size_t len, struct zbin_block *ret,
    size_t *ret_at, size_t *ret_room)
{
	struct zbin_scan s = zbin_scan_init(image, len, ZBIN_FRAMED);
	int rc;

	while ((rc = zbin_next(&s, ret)) > 0) {
		if (find_place(ret->bytes, ret->len, ret_at, ret_room))
			return 1;
		zbin_block_release(ret);
	}
	return rc;
}

static int
too_long(size_t script_len, size_t room, struct diag *diag)
{
	diag_set(diag, "the script has %zu bytes, and the place in the image "
	    "%zu: build it with a larger one", script_len, room);
	return -EMSGSIZE;
}

static void
fill(uint8_t *place, size_t room, const void *script, size_t script_len)
{
	memcpy(place, script, script_len);
	memset(place + script_len, '\n', room - script_len);
}

/*
 * A ROM's bytes add up to zero. One byte behind the block, which nobody
 * reads, makes up for what was changed.
 */
static void
keep_sum(uint8_t *image, const struct zbin_block *b, uint8_t old_sum,
    size_t new_len)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < b->packed_len; i++)
		sum += image[b->off + i];
	if (new_len < b->packed_len)
		image[b->off + b->packed_len - 1] += (uint8_t)(old_sum - sum);
}

static int
embed_packed(uint8_t *image, struct zbin_block *b, size_t at, size_t room,
    const void *script, size_t script_len, struct diag *diag)
{
	uint8_t *packed = NULL;
	uint8_t sum = 0;
	size_t n;
	int rc;

	if (script_len > room)
		return too_long(script_len, room, diag);
	fill(b->bytes + at, room, script, script_len);
	rc = zbin_pack(b->bytes, b->len, &packed, &n);
	if (rc < 0) {
		diag_set(diag, "out of memory");
		return rc;
	}
	if (n > b->packed_len) {
		diag_set(diag, "packed, the image would be %zu bytes longer: "
		    "build it with this script, or with a place for one",
		    n - b->packed_len);
		free(packed);
		return -ENOTSUP;
	}
	for (size_t i = 0; i < b->packed_len; i++)
		sum += image[b->off + i];
	memcpy(image + b->off, packed, n);
	memset(image + b->off + n, 0xff, b->packed_len - n);
	keep_sum(image, b, sum, n);
	free(packed);
	return 0;
}

static int
embed_plain(uint8_t *image, size_t len, const void *script, size_t script_len,
    struct diag *diag)
{
	size_t at;
	size_t room;
	struct pe pe;

	if (!find_place(image, len, &at, &room)) {
		diag_set(diag, "the image has no script of its own, and so no "
		    "place for one: load the script as autoexec.ipxe (UEFI), "
		    "as an initrd (.lkrn), or name it in DHCP");
		return -ENODATA;
	}
	if (pe_parse(image, len, &pe) == 0 && pe.is_signed) {
		diag_set(diag, "the image is signed, and would not be any "
		    "more");
		return -EPERM;
	}
	if (script_len > room)
		return too_long(script_len, room, diag);
	fill(image + at, room, script, script_len);
	return 0;
}

int
embed_script(uint8_t *image, size_t len, const void *script,
    size_t script_len, struct diag *diag)
{
	struct zbin_block b;
	size_t at;
	size_t room;
	int rc;

	if (!ipxe_is_script(script, script_len) ||
	    memchr(script, '\0', script_len)) {
		diag_set(diag, "that is no script: it must begin with "
		    "\"#!ipxe\" and have no NUL bytes");
		return -EBADMSG;
	}
	rc = find_block(image, len, &b, &at, &room);
	if (rc < 0) {
		diag_set(diag, "out of memory");
		return rc;
	}
	if (rc == 0)
		return embed_plain(image, len, script, script_len, diag);
	rc = embed_packed(image, &b, at, room, script, script_len, diag);
	zbin_block_release(&b);
	return rc;
}

size_t
embed_room(const uint8_t *image, size_t len)
{
	struct zbin_block b;
	size_t at;
	size_t room = 0;

	if (find_block(image, len, &b, &at, &room) > 0)
		zbin_block_release(&b);
	else if (!find_place(image, len, &at, &room))
		return 0;
	return room;
}

void
embed_place(struct sbuf *out, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char head[] = "#!ipxe\n#";
	uint32_t x = 0x2545f491;

	sbuf_add(out, head);
	for (size_t i = sizeof(head) - 1; i + 1 < len; i++) {
		x ^= x << 13;           /* Marsaglia's xorshift */
		x ^= x >> 17;
		x ^= x << 5;
		sbuf_addc(out, digits[x >> 26]);
	}
	sbuf_addc(out, '\n');
}
