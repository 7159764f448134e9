#include "firmware/embed.h"

#include "base/bytes.h"
#include "base/util.h"
#include "chain/bootfile.h"
#include "firmware/identify.h"
#include "firmware/ipxe.h"
#include "firmware/pe.h"
#include "firmware/search.h"
#include "firmware/zbin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	PARAGRAPH = 16,
	PREFIX_LEN = 0xd80,             /* 16-bit code of a boot program */
	LKRN_SYSSIZE = 0x1f4,           /* paragraphs behind the setup */
	LKRN_SETUP_SECTS = 0x1f1,
	SECTOR = 512,
	FILLER = 0xff,
};

struct job {
	const uint8_t *buf;
	size_t len;
	struct rd script;
	struct bootfile file;           /* `script`: the one to be replaced */
	struct diag *diag;
};

static void
put_le(uint8_t *at, size_t n, size_t v)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

/* Where in @bytes the script is that the image was told to have. */
static bool
find_script(const struct job *j, const uint8_t *bytes, size_t len,
    size_t *ret_at)
{
	struct rd r = rd_init(bytes, len);
	struct rd text;

	if (!j->file.script || !ipxe_script_next(&r, &text) ||
	    text.left != j->file.script_len ||
	    memcmp(text.p, j->file.script, text.left) != 0)
		return false;
	*ret_at = text.at;
	return true;
}

/* Write it over the script that is there. */
static int
put_script(const struct job *j, uint8_t *bytes, size_t at)
{
	size_t room = j->file.script_len;

	if (j->script.left > room) {
		diag_set(j->diag, "the script has %zu bytes, and the one in "
		    "the image only %zu: build it with a longer one, or let "
		    "a short script chain to this one", j->script.left, room);
		return -EMSGSIZE;
	}
	memcpy(&bytes[at], j->script.p, j->script.left);
	memset(&bytes[at + j->script.left], '\n', room - j->script.left);
	return 0;
}

static int
no_script(const struct job *j)
{
	diag_set(j->diag, "there is no script in the image, and so no place "
	    "for one: %s", j->file.container == CONTAINER_PE ?
	    "put it beside the image as autoexec.ipxe" :
	    j->file.container == CONTAINER_BZIMAGE ?
	    "give it as the initrd" : "let DHCP name it");
	return -ENODATA;
}

static int
embed_plain(const struct job *j, uint8_t **ret_buf, size_t *ret_len)
{
	uint8_t *copy;
	size_t at;
	int rc;

	if (!find_script(j, j->buf, j->len, &at))
		return no_script(j);
	copy = malloc(j->len);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, j->buf, j->len);
	rc = put_script(j, copy, at);
	if (rc < 0) {
		free(copy);
		return rc;
	}
	*ret_buf = copy;
	*ret_len = j->len;
	return 0;
}

/*
 * The prefix of a boot program knows how many paragraphs the file has, to
 * put its stack behind it: the one word there with that value.
 */
static bool
set_nbp_size(uint8_t *buf, size_t old_len, size_t len)
{
	size_t was = (old_len + PARAGRAPH - 1) / PARAGRAPH;
	size_t found = 0;
	size_t end = min_size(min_size(old_len, len), PREFIX_LEN);
	int n = 0;

	for (size_t i = 0; i + 2 <= end; i++) {
		if (buf[i] == (uint8_t)was && buf[i + 1] ==
		    (uint8_t)(was >> 8)) {
			found = i;
			n++;
		}
	}
	if (n != 1 || was > UINT16_MAX)
		return false;
	put_le(&buf[found], 2, (len + PARAGRAPH - 1) / PARAGRAPH);
	return true;
}

static bool
set_size(const struct job *j, uint8_t *buf, size_t len)
{
	size_t setup;

	if (j->file.container == CONTAINER_NBP)
		return set_nbp_size(buf, j->len, len);
	if (j->file.container != CONTAINER_BZIMAGE)
		return false;
	setup = ((size_t)buf[LKRN_SETUP_SECTS] + 1) * SECTOR;
	if (setup > len)
		return false;
	put_le(&buf[LKRN_SYSSIZE], 4, (len - setup + PARAGRAPH - 1) /
	    PARAGRAPH);
	return true;
}

/*
 * A ROM's bytes add up to zero. One byte behind the block, which nobody
 * reads, makes up for what was changed.
 */
static void
keep_sum(const uint8_t *was, uint8_t *is, size_t len)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += (uint8_t)(was[i] - is[i]);
	is[len - 1] += sum;
}

/* Put a block where the old one was; only the last of a file may grow. */
static int
put_block(const struct job *j, const struct zbin_block *old,
    const uint8_t *packed, size_t packed_len, uint8_t **ret_buf,
    size_t *ret_len)
{
	bool sums = j->file.container == CONTAINER_ROM;
	bool grows = packed_len + sums > old->packed_len;
	size_t end = old->off + old->packed_len;
	size_t len = grows ? old->off + packed_len : j->len;
	uint8_t *copy;

	copy = malloc(len);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, j->buf, min_size(len, j->len));
	memcpy(&copy[old->off], packed, packed_len);
	if (!grows)
		memset(&copy[old->off + packed_len], FILLER,
		    old->packed_len - packed_len);
	if (!grows && sums)
		keep_sum(&j->buf[old->off], &copy[old->off], old->packed_len);
	if (grows && (end + PARAGRAPH <= j->len || !set_size(j, copy, len))) {
		free(copy);
		diag_set(j->diag, "the packed image would grow by %zu bytes, "
		    "which this format does not allow: build it with a "
		    "script that packs less well",
		    packed_len + sums - old->packed_len);
		return -EMSGSIZE;
	}
	*ret_buf = copy;
	*ret_len = len;
	return 0;
}

static int
embed_packed(const struct job *j, uint8_t **ret_buf, size_t *ret_len)
{
	struct zbin_scan scan = zbin_scan_init(j->buf, j->len, ZBIN_FRAMED);
	struct zbin_block b = { 0 };
	uint8_t *packed = NULL;
	size_t packed_len;
	size_t at;
	int rc;

	while ((rc = zbin_next(&scan, &b)) > 0) {
		if (find_script(j, b.bytes, b.len, &at))
			break;
		zbin_block_release(&b);
	}
	if (rc == 0)
		rc = no_script(j);
	if (rc > 0)
		rc = put_script(j, b.bytes, at);
	if (rc == 0)
		rc = zbin_pack(b.bytes, b.len, &packed, &packed_len);
	if (rc == 0)
		rc = put_block(j, &b, packed, packed_len, ret_buf, ret_len);
	free(packed);
	zbin_block_release(&b);
	return rc;
}

int
embed_script(const void *buf, size_t len, const void *script,
    size_t script_len, uint8_t **ret_buf, size_t *ret_len,
    struct diag *diag)
{
	struct job j = { .buf = buf, .len = len, .diag = diag,
	    .script = rd_init(script, script_len) };
	int rc;

	rc = firmware_identify(buf, len, &j.file);
	if (rc < 0)
		return rc;
	if (!ipxe_is_script(script, script_len) ||
	    memchr(script, '\0', script_len)) {
		diag_set(diag, "the script does not begin with #!ipxe and "
		    "white space, or has a NUL in it");
		rc = -EINVAL;
	} else if (j.file.kind != BOOTFILE_IPXE) {
		diag_set(diag, "the image is %s, not iPXE",
		    bootfile_kind_title(j.file.kind));
		rc = -ENODATA;
	} else if (j.file.is_signed) {
		diag_set(diag, "the image is signed, and would no longer be: "
		    "use autoexec.ipxe beside it");
		rc = -ENOTSUP;
	} else if (j.file.container == CONTAINER_PE) {
		rc = embed_plain(&j, ret_buf, ret_len);
	} else {
		rc = embed_packed(&j, ret_buf, ret_len);
	}
	bootfile_release(&j.file);
	return rc;
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
