/*
 * error.h - iPXE's error numbers and their texts.
 *
 * A number has 31 bits: POSIX code (30-24), source file (23-13),
 * disambiguator (12-8), platform code (7-0). The platform code differs
 * between BIOS and UEFI builds; the constants here are the BIOS ones, and
 * the interpreter changes the low byte where it emulates UEFI. Compare
 * numbers with script_error_same().
 */
#ifndef PXE_SCRIPT_ERROR_H
#define PXE_SCRIPT_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which iPXE runs. */
enum script_release {
	SCRIPT_CURRENT,                 /* 2.0.0 */
	SCRIPT_2019,                    /* Debian's 1.0.0+git-20190125 */
};

/* POSIX codes by iPXE's own numbers. */
enum script_posix {
	SCRIPT_EACCES = 0x02,
	SCRIPT_EADDRNOTAVAIL = 0x04,
	SCRIPT_ECANCELED = 0x0b,
	SCRIPT_ECONNREFUSED = 0x0e,
	SCRIPT_ECONNRESET = 0x0f,
	SCRIPT_EEXIST = 0x14,
	SCRIPT_EHOSTUNREACH = 0x17,
	SCRIPT_EINVAL = 0x1c,
	SCRIPT_EIO = 0x1d,
	SCRIPT_ENETUNREACH = 0x28,
	SCRIPT_ENODEV = 0x2c,
	SCRIPT_ENOENT = 0x2d,
	SCRIPT_ENOEXEC = 0x2e,
	SCRIPT_ENOMEM = 0x31,
	SCRIPT_ENOSPC = 0x34,
	SCRIPT_ENOTCONN = 0x38,
	SCRIPT_ENOTSUP = 0x3c,
	SCRIPT_ENOTTY = 0x3d,
	SCRIPT_ENXIO = 0x3e,
	SCRIPT_EPERM = 0x41,
	SCRIPT_EPIPE = 0x42,
	SCRIPT_EPROTO = 0x43,
	SCRIPT_ERANGE = 0x46,
	SCRIPT_ETIMEDOUT = 0x4c,
	SCRIPT_EXDEV = 0x4f,
	SCRIPT_EPLATFORM = 0x7f,
};

/* The numbers that a script or a host meets. */
#define SCRIPT_ERR_COMMAND      0x2e022001u     /* command not found */
#define SCRIPT_ERR_ISEQ         0x46022001u     /* iseq: not equal */
#define SCRIPT_ERR_ISSET        0x2d02203bu     /* isset: empty */
#define SCRIPT_ERR_LABEL        0x2d02803bu     /* goto: no such label */
#define SCRIPT_ERR_NOT_SCRIPT   0x3d028001u     /* goto: no script runs */
#define SCRIPT_ERR_NOT_IMAGE    0x3d008001u     /* --replace: no image runs */
#define SCRIPT_ERR_CONTINUED    0x1c028002u     /* backslash ends the file */
#define SCRIPT_ERR_TYPE         0x3c0c2003u     /* unknown setting type */
#define SCRIPT_ERR_VALUE        0x1c0c2002u     /* not a value of that type */
#define SCRIPT_ERR_VALUE_IPV4   0x1c056002u
#define SCRIPT_ERR_VALUE_IPV6   0x1c066002u
#define SCRIPT_ERR_VALUE_HEX    0x1c112002u
#define SCRIPT_ERR_VALUE_BASE64 0x1c102002u
#define SCRIPT_ERR_VALUE_UUID   0x1c2a2002u
#define SCRIPT_ERR_UNSET        0x2d0c203bu     /* show: not set */
#define SCRIPT_ERR_BLOCK        0x2c0c203bu     /* no such settings block */
#define SCRIPT_ERR_INTEGER      0x1c162102u     /* option value is no integer */
#define SCRIPT_ERR_OPTION       0x1c162202u     /* unknown option */
#define SCRIPT_ERR_ARGUMENT     0x1c162302u     /* option without its value */
#define SCRIPT_ERR_HELP         0x0b1621a0u     /* --help: nothing to do */
#define SCRIPT_ERR_USAGE        0x46162001u     /* number of arguments */
#define SCRIPT_ERR_SCOPE        0x1c162002u     /* config: no such block */
#define SCRIPT_ERR_CONFIGURATOR 0x3c162003u     /* no such configurator */
#define SCRIPT_ERR_NETDEV       0x2c16203bu     /* no such interface */
#define SCRIPT_ERR_NO_NETDEV    0x2c1de03bu     /* no interface at all */
#define SCRIPT_ERR_NO_LIST      0x2d16203bu     /* no such menu, no such params */
#define SCRIPT_ERR_NO_ITEMS     0x2d2ce03bu     /* menu without selectable item */
#define SCRIPT_ERR_IMAGE        0x2d0ae03bu     /* no such image */
#define SCRIPT_ERR_IMAGE_TYPE   0x2e008001u     /* no type can execute it */
#define SCRIPT_ERR_UNTRUSTED    0x0200813cu
#define SCRIPT_ERR_KEY_TIMEOUT  0x4c22e035u     /* prompt: nobody answered */
#define SCRIPT_ERR_READ_TIMEOUT 0x4c32e035u     /* read: nobody typed */
#define SCRIPT_ERR_KEY_OTHER    0x0b22e0a0u     /* prompt: not the key it wants */
#define SCRIPT_ERR_MENU_CANCEL  0x0b2ce0a0u     /* choose: Esc */
#define SCRIPT_ERR_URI          0x3c092003u     /* scheme, or relative to nothing */
#define SCRIPT_ERR_HTTP_HOST    0x1c416002u     /* http: without a host */
#define SCRIPT_ERR_TIMEOUT      0x4c072035u     /* --timeout has passed */
#define SCRIPT_ERR_DHCP         0x040ee119u     /* no configuration succeeded */
#define SCRIPT_ERR_NOTHING      0x2d03e13bu     /* nothing to boot */
#define SCRIPT_ERR_TFTP_ENOENT  0x2d12613bu     /* TFTP error 1 */
#define SCRIPT_ERR_TFTP_EACCES  0x0212603cu     /* TFTP error 2 */
#define SCRIPT_ERR_TFTP_OTHER   0x3c126003u     /* TFTP error 3, 5 ... */
#define SCRIPT_ERR_TFTP_SILENT  0x4c126035u     /* no answer */
#define SCRIPT_ERR_HTTP_401     0x0243613cu
#define SCRIPT_ERR_HTTP_403     0x410c613cu
#define SCRIPT_ERR_HTTP_404     0x2d0c613bu
#define SCRIPT_ERR_HTTP_4XX     0x1d0c6439u
#define SCRIPT_ERR_HTTP_5XX     0x1d0c6539u
#define SCRIPT_ERR_HTTP_OTHER   0x1d0c6139u
#define SCRIPT_ERR_HTTP_LENGTH  0x1d0c6239u     /* body shorter than announced */
#define SCRIPT_ERR_HTTP_XDEV    0x4f0c6001u     /* 3xx without Location */
#define SCRIPT_ERR_TCP_RESET    0x0f0a6039u     /* connection refused or reset */
#define SCRIPT_ERR_TCP_SILENT   0x4c0a6035u
#define SCRIPT_ERR_DNS_NONE     0x3e11613bu     /* the name does not resolve */
#define SCRIPT_ERR_TLS          0x420c6001u     /* the peer does not speak TLS */
#define SCRIPT_ERR_PING         0x4c1b2035u

enum { SCRIPT_ERROR_TEXT_MAX = 128 };

/** script_error_posix() - the POSIX code of a number. */
int script_error_posix(uint32_t status);

/** script_error_same() - equal but for the platform code? */
bool script_error_same(uint32_t a, uint32_t b);

/** script_error_platform() - the number as a BIOS or UEFI build has it. */
uint32_t script_error_platform(uint32_t status, bool efi);

/** script_error_plain() - the number of a POSIX code of no known source. */
uint32_t script_error_plain(enum script_posix code);

/** script_error_release() - the number that this release has for it. */
uint32_t script_error_release(uint32_t status, enum script_release release);

/**
 * script_error_text() - "Connection reset (https://ipxe.org/0f0a6039)"
 *
 * Return: @buf.
 */
const char *script_error_text(uint32_t status,
    char buf[SCRIPT_ERROR_TEXT_MAX]);

/** script_error_text_of() - the same as that release prints it. */
const char *script_error_text_of(enum script_release release, uint32_t status,
    char buf[SCRIPT_ERROR_TEXT_MAX]);

#endif
