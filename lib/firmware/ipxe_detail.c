#include "firmware/ipxe_detail.h"

#include "base/util.h"
#include "firmware/ipxe.h"
#include "firmware/pe.h"
#include "firmware/search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	PREFIX_LEN = 4096,              /* 16-bit code of a boot program */
	COMMAND_LEN_MAX = 20,
	COMMANDS_MIN = 8,               /* fewer are a coincidence */
	ECHOES_MAX = 16,                /* strings that are tried */
	CARDS_ALL = 3,
};

/* The unpacked program, and how its pointers are to be read. */
struct program {
	struct rd bytes;
	struct pe pe;
	bool is_pe;
	size_t ptr_len;
};

static uint64_t
read_ptr(const struct program *p, struct rd *r)
{
	uint64_t v = rd_le32(r);

	if (p->ptr_len == 8)
		v |= (uint64_t)rd_le32(r) << 32;
	return v;
}

/* Where a pointer's value points to; BIOS code is linked at address 0. */
static bool
follow(const struct program *p, uint64_t address, struct rd *ret)
{
	size_t off;

	if (!p->is_pe)
		off = (size_t)address;
	else if (!pe_offset(&p->pe, address, &off))
		return false;
	if (address == 0 || off >= p->bytes.left)
		return false;
	*ret = rd_at(p->bytes.p, p->bytes.left, off);
	return true;
}

/* A command's name: lower-case letters and digits, then a NUL. */
static size_t
command_len(struct rd r)
{
	size_t n = 0;

	while (n <= COMMAND_LEN_MAX) {
		int c = rd_u8(&r);

		if (r.bad)
			return 0;
		if (c == '\0')
			return n;
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return 0;
		n++;
	}
	return 0;
}

/* One row of the table at @off: a name, and code. */
static bool
command_at(const struct program *p, size_t off, struct rd *ret)
{
	struct rd r = rd_at(p->bytes.p, p->bytes.left, off);
	uint64_t name = read_ptr(p, &r);
	uint64_t code = read_ptr(p, &r);
	struct rd text;

	if (r.bad || code == 0 || !follow(p, name, &text) ||
	    command_len(text) == 0)
		return false;
	*ret = text;
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* All rows of the table that has one at @off. Return: 0; -ENOMEM. */
static int
take_table(const struct program *p, size_t off, struct arena *a,
    struct ipxe_detail *ret)
{
	size_t row = 2 * p->ptr_len;
	struct rd name;
	size_t n = 0;

	while (off >= row && n++ < IPXE_COMMANDS_MAX &&
	    command_at(p, off - row, &name))
		off -= row;
	ret->n_commands = 0;
	while (ret->n_commands < IPXE_COMMANDS_MAX &&
	    command_at(p, off, &name)) {
		const char *text = arena_dup(a, name.p, command_len(name));

		if (!text)
			return -ENOMEM;
		ret->commands[ret->n_commands++] = text;
		off += row;
	}
	if (ret->n_commands < COMMANDS_MIN)
		ret->n_commands = 0;
	qsort(ret->commands, ret->n_commands, sizeof(ret->commands[0]),
	    by_name);
	return 0;
}

/*
 * The commands are a table of names and functions. "echo" is in every build
 * that can run a script: look for the string, then for what points to it.
 */
static int
find_commands(const struct program *p, struct arena *a,
    struct ipxe_detail *ret)
{
	static const char echo[] = "\0echo";
	struct rd r = p->bytes;

	for (int n = 0; n < ECHOES_MAX &&
	    search_bytes(&r, echo, sizeof(echo)); n++) {
		size_t at = r.at + 1;

		rd_skip(&r, 1);
		for (size_t off = 0; off + p->ptr_len <= p->bytes.left;
		    off += p->ptr_len) {
			struct rd ptr = rd_at(p->bytes.p, p->bytes.left, off);
			struct rd name;

			if (!follow(p, read_ptr(p, &ptr), &name) ||
			    name.at != at || !command_at(p, off, &name))
				continue;
			if (take_table(p, off, a, ret) < 0)
				return -ENOMEM;
			if (ret->n_commands > 0)
				return 0;
		}
	}
	return 0;
}

static bool
has_word(struct rd whole, const char *word)
{
	size_t len = strlen(word);
	struct rd r = whole;

	while (search_bytes(&r, word, len + 1)) {
		int before = r.at > 0 ? rd_peek(&whole, r.at - 1) : '\0';

		/* a whole string: no text goes before it */
		if (before < ' ' || before > '~')
			return true;
		rd_skip(&r, 1);
	}
	return false;
}

/* Drivers carry the names of their cards; these are in every full build. */
static enum ipxe_driver
find_driver(const struct program *p)
{
	static const char *const cards[] = {
		"rtl8139", "82540em", "virtio-net", "tg3-5720", "3c905c",
		"vmxnet3", "dmfe9102", "pcnet32", "forcedeth",
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(cards); i++)
		n += has_word(p->bytes, cards[i]);
	if (n >= CARDS_ALL)
		return IPXE_DRIVER_ALL;
	if (n > 0)
		return IPXE_DRIVER_NATIVE;
	if (has_word(p->bytes, "undionly"))
		return IPXE_DRIVER_UNDI;
	if (p->is_pe && (has_word(p->bytes, "SNPONLY") ||
	    has_word(p->bytes, "SNP") || has_word(p->bytes, "MNP")))
		return IPXE_DRIVER_SNP;
	return IPXE_DRIVER_UNKNOWN;
}

/* mov $function, %bx: what it asks of the PXE API before it takes over */
static bool
calls_pxe(struct rd r, uint8_t function)
{
	const uint8_t code[] = { 0xbb, function, 0 };

	return search_bytes(&r, code, sizeof(code));
}

/* Only a boot program has all that; the prefix is never packed. */
static enum ipxe_keep
find_keep(const void *buf, size_t len)
{
	struct rd r = search_head(rd_init(buf, len), PREFIX_LEN);
	enum { UNDI_SHUTDOWN = 0x05, STOP_UNDI = 0x15, UNLOAD_STACK = 0x70 };

	if (rd_peek(&r, 0) != 0xea || !search_has(r, r.left, "PXE->EB:"))
		return IPXE_KEEP_UNKNOWN;
	if (calls_pxe(r, STOP_UNDI))
		return IPXE_KEEP_NOTHING;
	return calls_pxe(r, UNLOAD_STACK) && calls_pxe(r, UNDI_SHUTDOWN) ?
	    IPXE_KEEP_UNDI : IPXE_KEEP_PXE;
}

/*
 * Without the roots that it trusts there is nothing to check against: they
 * are hashes, and so look like any bytes; only iPXE's own is known.
 */
static enum ipxe_trust
find_trust(const struct program *p, const struct ipxe_detail *d)
{
	static const uint8_t root[] = {
		0x9f, 0xaf, 0x71, 0x7b, 0x7f, 0x8c, 0xa2, 0xf9,
	};
	struct rd r = p->bytes;

	if (search_bytes(&r, root, sizeof(root)))
		return IPXE_TRUST_ROOT;
	for (size_t i = 0; i < d->n_commands; i++) {
		if (strcmp(d->commands[i], "imgtrust") == 0 ||
		    strcmp(d->commands[i], "certstat") == 0)
			return IPXE_TRUST_OTHERS;
	}
	return has_word(p->bytes, "https") ? IPXE_TRUST_OTHERS :
	    IPXE_TRUST_NONE;
}

static int
find_scripts(const struct program *p, struct arena *a,
    struct ipxe_detail *ret)
{
	struct rd r = p->bytes;
	struct rd text;

	while (ret->n_scripts < IPXE_SCRIPTS_MAX &&
	    ipxe_script_next(&r, &text)) {
		struct ipxe_script *s = &ret->scripts[ret->n_scripts];

		s->bytes = (uint8_t *)arena_dup(a, text.p, text.left);
		if (!s->bytes)
			return -ENOMEM;
		s->len = text.left;
		ret->n_scripts++;
	}
	return 0;
}

int
ipxe_detail_read(const void *buf, size_t len, struct arena *a,
    struct ipxe_detail *ret)
{
	struct program p = { .ptr_len = 4 };
	uint8_t *bytes = NULL;
	size_t n = 0;
	int rc;

	memset(ret, 0, sizeof(*ret));
	ret->keep = find_keep(buf, len);
	rc = ipxe_payload(buf, len, &bytes, &n);
	if (rc < 0)
		return rc;
	p.bytes = rd_init(bytes, n);
	p.is_pe = pe_parse(bytes, n, &p.pe) == 0;
	if (p.is_pe && p.pe.cpu != CPU_X86 && p.pe.cpu != CPU_ARM32 &&
	    p.pe.cpu != CPU_RISCV32 && p.pe.cpu != CPU_LOONGARCH32)
		p.ptr_len = 8;
	rc = find_commands(&p, a, ret);
	if (rc == 0)
		rc = find_scripts(&p, a, ret);
	if (rc == 0)
		rc = sign_find_certs(bytes, n, a, ret->certs);
	if (rc >= 0) {
		ret->n_certs = (size_t)rc;
		ret->driver = find_driver(&p);
		ret->trust = find_trust(&p, ret);
		rc = 0;
	}
	free(bytes);
	return rc;
}
