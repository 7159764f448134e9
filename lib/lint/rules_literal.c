#include "lint/rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool PRINTF_LIKE(3, 4)
never(struct flaw *f, const char *fault, const char *fmt, ...)
{
	va_list ap;

	f->fault = fault;
	f->most = FAULT_ERROR;
	f->about = 0;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return true;
}

/* Firmware and iPXE send "PXEClient", "HTTPClient": case counts. */
static bool
vendor_class_never(const struct config_literal *l,
    enum config_dialect dialect, struct flaw *ret)
{
	static const char *const sent[] = { "PXEClient", "HTTPClient" };
	const char *text = (const char *)l->bytes;

	for (size_t i = 0; i < ARRAY_LEN(sent) && l->off == 0 &&
	    !l->ignore_case; i++) {
		size_t n = min_size(l->len, strlen(sent[i]));

		if (n >= 3 && strncasecmp(text, sent[i], n) == 0 &&
		    strncmp(text, sent[i], n) != 0)
			return never(ret, "class-test-never-matches",
			    "firmware sends \"%s\": upper and lower case "
			    "differ", sent[i]);
	}
	/* dnsmasq looks for its text anywhere in the class */
	if (dialect == CONFIG_ISC && !l->is_prefix && l->len == 20 &&
	    strncmp(text, "PXEClient:Arch:", 15) == 0)
		return never(ret, "class-test-never-matches",
		    "firmware sends more than \"%.20s\": compare the first "
		    "20 bytes alone", text);
	return false;
}

bool
rules_is_user_class(const struct config_literal *l, const char *text)
{
	size_t len = strlen(text);

	return l->field == CONFIG_F_OPTION && l->sub == 0 &&
	    l->code == DHCP4_OPT_USER_CLASS && l->len >= len &&
	    memmem(l->bytes, l->len, text, len) != NULL;
}

static bool
user_class_never(const struct config_literal *l, struct flaw *ret)
{
	const char *text = (const char *)l->bytes;

	if (l->len == 5 && text[0] == 4 && l->off == 0 &&
	    strncasecmp(text + 1, "iPXE", 4) == 0)
		return never(ret, "user-class-encoding-mismatch",
		    "iPXE sends the four bytes \"iPXE\" without a length "
		    "before them");
	if (l->len == 4 && l->off == 1 && strncasecmp(text, "iPXE", 4) == 0)
		return never(ret, "user-class-encoding-mismatch",
		    "iPXE's user class begins at its first byte: there is no "
		    "length before it");
	if (l->len == 4 && l->off == 0 && !l->ignore_case &&
	    strncasecmp(text, "iPXE", 4) == 0 &&
	    strncmp(text, "iPXE", 4) != 0)
		return never(ret, "user-class-encoding-mismatch",
		    "iPXE sends \"iPXE\": upper and lower case differ");
	return false;
}

bool
rules_literal(const struct config_literal *l, enum config_dialect dialect,
    struct flaw *ret)
{
	if (l->field != CONFIG_F_OPTION || l->sub != 0 || l->len == 0)
		return false;
	if (l->code == DHCP4_OPT_VENDOR_CLASS)
		return vendor_class_never(l, dialect, ret);
	if (l->code == DHCP4_OPT_USER_CLASS)
		return user_class_never(l, ret);
	if (l->code == DHCP4_OPT_ARCH && l->off == 0 && !l->is_prefix &&
	    l->len % 2 != 0)
		return never(ret, "class-test-never-matches",
		    "option 93 has two bytes for each architecture; this "
		    "compares it with %zu", l->len);
	return false;
}
