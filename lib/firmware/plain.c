#include "firmware/plain.h"

#include "base/text.h"
#include "base/util.h"
#include "firmware/ipxe.h"
#include "firmware/search.h"

#include <string.h>
#include <strings.h>

enum {
	TEXT_HEAD = 64 * 1024,          /* what is looked at of a long text */
	ODD_SHARE = 8,                  /* one byte of so many may be odd */
	MAGIC_LEN = 6,
};

static const uint8_t utf8_bom[] = { 0xef, 0xbb, 0xbf };
static const uint8_t utf16_bom[] = { 0xff, 0xfe };

int
plain_identify_script(const void *buf, size_t len, struct bootfile *ret)
{
	if (!ipxe_is_script(buf, len))
		return 0;
	ret->kind = BOOTFILE_SCRIPT;
	return 1;
}

static void
skip_space(struct rd *r)
{
	int c;

	while ((c = rd_peek(r, 0)) == ' ' || (c >= '\t' && c <= '\r'))
		rd_skip(r, 1);
}

static void
skip_bom(struct rd *r)
{
	if (search_starts(r, utf8_bom, sizeof(utf8_bom)))
		rd_skip(r, sizeof(utf8_bom));
}

static bool
starts_nocase(const struct rd *r, const char *what)
{
	size_t len = strlen(what);

	return r->left >= len &&
	    strncasecmp((const char *)r->p, what, len) == 0;
}

static bool
is_html(struct rd r)
{
	skip_bom(&r);
	skip_space(&r);
	/* XHTML may begin with an XML declaration, and pages with comments */
	while (starts_nocase(&r, "<?xml") || starts_nocase(&r, "<!--")) {
		if (!search_text(&r, ">"))
			return false;
		rd_skip(&r, 1);
		skip_space(&r);
	}
	return starts_nocase(&r, "<!doctype html") ||
	    starts_nocase(&r, "<html") || starts_nocase(&r, "<head");
}

static bool
is_text(struct rd r)
{
	size_t len;
	size_t n_odd = 0;

	r = search_head(r, TEXT_HEAD);
	len = r.left;
	if (search_starts(&r, utf16_bom, sizeof(utf16_bom)))
		return len % 2 == 0 && rd_peek(&r, 3) == 0;
	while (r.left > 0) {
		int c = rd_peek(&r, 0);
		size_t n = utf8_len(r.p, r.left);

		if (c == '\0')
			return false;
		if (n == 0 || c == 0x7f ||
		    (c < ' ' && !(c >= '\t' && c <= '\r')))
			n_odd++;
		rd_skip(&r, n ? n : 1);
	}
	/* Menus have colours (ESC, SI) and may be in Latin-1. */
	return n_odd <= len / ODD_SHARE;
}

static bool
has_magic(const struct rd *r)
{
	return search_starts(r, "#!ipxe", MAGIC_LEN) ||
	    search_starts(r, "#!gpxe", MAGIC_LEN);
}

/* What keeps iPXE from seeing a script in it; NULL if it is no such thing. */
static const char *
spoilt_script(struct rd r)
{
	struct rd wide = r;

	if (has_magic(&r))
		return "iPXE script, no space after #!ipxe";
	if (search_starts(&r, utf16_bom, sizeof(utf16_bom)))
		return search_utf16(&wide, "#!ipxe") ?
		    "iPXE script, in UTF-16" : NULL;
	if (search_starts(&r, utf8_bom, sizeof(utf8_bom))) {
		skip_bom(&r);
		return has_magic(&r) ? "iPXE script, after a byte order mark" :
		    NULL;
	}
	skip_space(&r);
	return has_magic(&r) ? "iPXE script, after blanks" : NULL;
}

int
plain_identify(const void *buf, size_t len, struct bootfile *ret)
{
	struct rd r = rd_init(buf, len);
	const char *spoilt;

	if (is_html(r)) {
		ret->kind = BOOTFILE_HTML;
		return 1;
	}
	if (!is_text(r))
		return 0;
	ret->kind = BOOTFILE_TEXT;
	spoilt = spoilt_script(r);
	if (spoilt)
		text_copy(ret->product, sizeof(ret->product), spoilt);
	return 1;
}
