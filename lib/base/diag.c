#include "diag.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
diag_vset(struct diag *d, const char *fmt, va_list ap)
{
	memset(d, 0, sizeof(*d));
	(void)vsnprintf(d->text, sizeof(d->text), fmt, ap);
}

void
diag_set(struct diag *d, const char *fmt, ...)
{
	va_list ap;

	if (!d)
		return;
	va_start(ap, fmt);
	diag_vset(d, fmt, ap);
	va_end(ap);
}

void
diag_sys(struct diag *d, int err, const char *fmt, ...)
{
	va_list ap;
	size_t len;
	size_t why;

	if (!d)
		return;
	va_start(ap, fmt);
	diag_vset(d, fmt, ap);
	va_end(ap);
	len = strlen(d->text);
	(void)snprintf(d->text + len, sizeof(d->text) - len, ": %s",
	    strerror(err < 0 ? -err : err));
	why = len + 2;
	/* "Permission denied" -> "permission denied", but keep "I/O error" */
	if (why + 1 < sizeof(d->text) && d->text[why] != '\0' &&
	    islower((unsigned char)d->text[why + 1]))
		d->text[why] = (char)tolower((unsigned char)d->text[why]);
}

void
diag_at(struct diag *d, const char *file, unsigned int line,
    unsigned int column)
{
	if (!d)
		return;
	(void)snprintf(d->file, sizeof(d->file), "%s", file ? file : "");
	d->line = line;
	d->column = column;
}

void
diag_at_offset(struct diag *d, const char *file, size_t offset)
{
	if (!d)
		return;
	(void)snprintf(d->file, sizeof(d->file), "%s", file ? file : "");
	d->has_offset = true;
	d->offset = offset;
}

const char *
diag_format(const struct diag *d, char *buf, size_t cap)
{
	const char *sep = d->file[0] ? ": " : "";

	if (d->line > 0 && d->column > 0)
		(void)snprintf(buf, cap, "%s%s%u:%u: %s", d->file,
		    d->file[0] ? ":" : "", d->line, d->column, d->text);
	else if (d->line > 0)
		(void)snprintf(buf, cap, "%s%s%u: %s", d->file,
		    d->file[0] ? ":" : "", d->line, d->text);
	else if (d->has_offset)
		(void)snprintf(buf, cap, "%s%sbyte %zu: %s", d->file, sep,
		    d->offset, d->text);
	else
		(void)snprintf(buf, cap, "%s%s%s", d->file, sep, d->text);
	return buf;
}
