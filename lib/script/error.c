#include "script/error.h"

#include "base/util.h"

#include <stdio.h>

/* One POSIX code: platform codes, and its text where iPXE links one in. */
struct posix_row {
	uint8_t code;
	uint8_t bios;           /* PXENV status (PXE 2.1, 3.2) */
	uint8_t efi;            /* EFI status, its error bit moved to 0x80 */
	const char *text;       /* NULL: iPXE prints the number instead */
};

static const struct posix_row posix_rows[] = {
	{ SCRIPT_EACCES,        0x3c, 0x8f, "Permission denied" },
	{ SCRIPT_EADDRNOTAVAIL, 0x19, 0x86, NULL },
	{ SCRIPT_ECANCELED,     0xa0, 0x95, "Operation canceled" },
	{ SCRIPT_ECONNREFUSED,  0x38, 0x90, NULL },
	{ SCRIPT_ECONNRESET,    0x39, 0x95, "Connection reset" },
	{ SCRIPT_EEXIST,        0x01, 0x88, NULL },
	{ SCRIPT_EHOSTUNREACH,  0x11, 0x90, NULL },
	{ SCRIPT_EINVAL,        0x02, 0x82, "Invalid argument" },
	{ SCRIPT_EIO,           0x39, 0x98, "Input/output error" },
	{ SCRIPT_ENETUNREACH,   0x11, 0x90, "Network unreachable" },
	{ SCRIPT_ENODEV,        0x3b, 0x87, "No such device" },
	{ SCRIPT_ENOENT,        0x3b, 0x8e, "No such file or directory" },
	{ SCRIPT_ENOEXEC,       0x01, 0x81, "Exec format error" },
	{ SCRIPT_ENOMEM,        0x06, 0x89, "Not enough space" },
	{ SCRIPT_ENOSPC,        0x06, 0x8b, "No space left on device" },
	{ SCRIPT_ENOTCONN,      0x01, 0x93, "The socket is not connected" },
	{ SCRIPT_ENOTSUP,       0x03, 0x83, "Operation not supported" },
	{ SCRIPT_ENOTTY,        0x01, 0x83, NULL },
	{ SCRIPT_ENXIO,         0x3b, 0x8e, NULL },
	{ SCRIPT_EPERM,         0x3c, 0x8f, "Operation not permitted" },
	{ SCRIPT_EPIPE,         0x01, 0x95, NULL },
	{ SCRIPT_EPROTO,        0x01, 0x98, NULL },
	{ SCRIPT_ERANGE,        0x01, 0x85, "Result too large" },
	{ SCRIPT_ETIMEDOUT,     0x35, 0x92, "Connection timed out" },
	{ SCRIPT_EXDEV,         0x01, 0x8a, NULL },
};

/* Numbers with a text of their own. */
static const struct {
	uint32_t number;
	const char *text;
} exact_rows[] = {
	{ SCRIPT_ERR_DHCP, "No configuration methods succeeded" },
	{ SCRIPT_ERR_TFTP_ENOENT, "Not found" },
	{ SCRIPT_ERR_HTTP_4XX, "HTTP 4xx Client Error" },
	{ SCRIPT_ERR_HTTP_5XX, "HTTP 5xx Server Error" },
	{ 0x7f4de18eu, "Not found" },
};

/* Numbers that 2019 had not told apart, or in another source file. */
static const struct {
	uint32_t now;
	uint32_t then;
} old_rows[] = {
	{ SCRIPT_ERR_TFTP_ENOENT, 0x2d12603bu },
	{ SCRIPT_ERR_HTTP_401, 0x020c613cu },
};

static const struct posix_row *
posix_find(uint32_t status)
{
	for (size_t i = 0; i < ARRAY_LEN(posix_rows); i++)
		if (posix_rows[i].code == script_error_posix(status))
			return &posix_rows[i];
	return NULL;
}

int
script_error_posix(uint32_t status)
{
	return (int)(status >> 24 & 0x7f);
}

bool
script_error_same(uint32_t a, uint32_t b)
{
	/* Without a POSIX code it is the status of an exit command. */
	if (script_error_posix(a) == 0 || script_error_posix(b) == 0)
		return a == b;
	return a >> 8 == b >> 8;
}

uint32_t
script_error_platform(uint32_t status, bool efi)
{
	const struct posix_row *row = posix_find(status);

	if (!row)
		return status;
	return (status & ~0xffu) | (efi ? row->efi : row->bios);
}

uint32_t
script_error_plain(enum script_posix code)
{
	return script_error_platform((uint32_t)code << 24, false);
}

uint32_t
script_error_release(uint32_t status, enum script_release release)
{
	for (size_t i = 0; i < ARRAY_LEN(old_rows) && release == SCRIPT_2019;
	    i++)
		if (script_error_same(old_rows[i].now, status))
			return (old_rows[i].then & ~0xffu) | (status & 0xff);
	return status;
}

const char *
script_error_text_of(enum script_release release, uint32_t status,
    char buf[SCRIPT_ERROR_TEXT_MAX])
{
	const struct posix_row *row = posix_find(status);
	const char *text = row ? row->text : NULL;
	char number[24];

	for (size_t i = 0; i < ARRAY_LEN(exact_rows); i++)
		if (script_error_same(exact_rows[i].number, status))
			text = exact_rows[i].text;
	(void)snprintf(number, sizeof(number), "Error 0x%08x", status);
	(void)snprintf(buf, SCRIPT_ERROR_TEXT_MAX, "%s (%s://ipxe.org/%08x)",
	    text ? text : number, release == SCRIPT_2019 ? "http" : "https",
	    status);
	return buf;
}

const char *
script_error_text(uint32_t status, char buf[SCRIPT_ERROR_TEXT_MAX])
{
	return script_error_text_of(SCRIPT_CURRENT, status, buf);
}
