#include "config/config.h"

#include "base/file.h"
#include "config/dnsmasq.h"
#include "config/isc.h"
#include "config/kea.h"
#include "config/windows.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { WORD_MAX = 40 };

struct config {
	const struct config_ops *ops;
	void *tree;
};

static const struct {
	const char *name;
	const struct config_ops *ops;
	int (*load)(const struct config_conf *conf, void **ret_tree,
	    struct diag *diag);
} dialects[CONFIG_N_DIALECTS] = {
	[CONFIG_UNKNOWN] = { .name = "unknown" },
	[CONFIG_ISC] = { "isc", &isc_ops, isc_load },
	[CONFIG_DNSMASQ] = { "dnsmasq", &dnsmasq_ops, dnsmasq_load },
	[CONFIG_KEA] = { "kea", &kea_ops, kea_load },
	[CONFIG_WINDOWS] = { "windows", &windows_ops, windows_load },
};

/* Words that a statement of dhcpd.conf begins with. */
static const char *const isc_words[] = {
	"allow", "authoritative", "class", "ddns-update-style",
	"default-lease-time", "deny", "elsif", "filename",
	"fixed-address", "group", "hardware", "host", "ignore",
	"include", "key", "match", "max-lease-time", "next-server", "option",
	"pool", "range", "server-identifier", "server-name", "shared-network",
	"subclass", "subnet", "supersede", "use-host-decl-names", "zone",
};

/* Beginnings of the options of dnsmasq.conf. */
static const char *const dnsmasq_words[] = {
	"address", "addn-hosts", "all-servers", "auth-", "bind-", "bogus-",
	"cache-size", "cname", "conf-", "dhcp-", "dnssec", "domain",
	"enable-", "except-interface", "expand-hosts", "filterwin2k",
	"host-record", "interface", "keep-in-foreground", "listen-address",
	"local", "log-", "neg-ttl", "no-", "pid-file", "port", "ptr-record",
	"pxe-", "quiet-", "read-ethers", "resolv-file", "server", "srv-host",
	"stop-dns-rebind", "strict-order", "tag-if", "tftp-", "txt-record",
	"user",
};

const char *
config_dialect_name(enum config_dialect d)
{
	return dialects[d].name;
}

enum config_dialect
config_dialect_find(const char *name)
{
	for (size_t i = CONFIG_UNKNOWN + 1; i < CONFIG_N_DIALECTS; i++) {
		if (strcmp(dialects[i].name, name) == 0)
			return (enum config_dialect)i;
	}
	return CONFIG_UNKNOWN;
}

static bool
is_word_of(const char *word, const char *const *words, size_t n, bool whole)
{
	for (size_t i = 0; i < n; i++) {
		if (whole ? strcmp(word, words[i]) == 0 :
		    text_starts(word, words[i]))
			return true;
	}
	return false;
}

/* An export's element, a dump's command, a command of PowerShell. */
static bool
is_windows(const char *p, size_t len)
{
	static const char *const starts[] = { "Dhcp Server", "netsh dhcp" };
	static const char *const marks[] = { "-DhcpServer", "<DHCPServer",
	    "-DhcpScope" };

	if (len > 0 && p[0] == '#')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		if (len >= strlen(starts[i]) &&
		    strncasecmp(p, starts[i], strlen(starts[i])) == 0)
			return true;
	}
	for (size_t at = 0; at < len; at++) {
		for (size_t i = 0; i < ARRAY_LEN(marks) && (p[at] == '-' ||
		    p[at] == '<'); i++) {
			size_t n = strlen(marks[i]);

			if (len - at >= n &&
			    strncasecmp(p + at, marks[i], n) == 0)
				return true;
		}
	}
	return false;
}

/* One statement can be told from the other language's by its form. */
static enum config_dialect
guess_line(const char *p, size_t len)
{
	char word[WORD_MAX];
	size_t n = 0;
	char after;
	char last;

	while (len > 0 && isspace((unsigned char)p[len - 1]))
		len--;
	if (is_windows(p, len))
		return CONFIG_WINDOWS;
	/* as on dnsmasq's command line: it can best say what is wrong */
	if (len > 2 && p[0] == '-' && p[1] == '-') {
		p += 2;
		len -= 2;
	}
	while (n < len && n < sizeof(word) - 1 &&
	    (isalnum((unsigned char)p[n]) || p[n] == '-')) {
		word[n] = p[n];
		n++;
	}
	word[n] = '\0';
	if (n == 0)
		return CONFIG_UNKNOWN;
	last = p[len - 1];
	while (n < len && isspace((unsigned char)p[n]))
		n++;
	after = n < len ? p[n] : '\0';
	if ((after == '=' || after == '\0' || after == '#') && last != ';' &&
	    is_word_of(word, dnsmasq_words, ARRAY_LEN(dnsmasq_words), false))
		return CONFIG_DNSMASQ;
	if (after != '=' &&
	    is_word_of(word, isc_words, ARRAY_LEN(isc_words), true))
		return CONFIG_ISC;
	return CONFIG_UNKNOWN;
}

static size_t
skip_to(const char *text, size_t len, size_t at, const char *end)
{
	const char *p = memmem(text + at, len - at, end, strlen(end));

	return p ? (size_t)(p - text) + strlen(end) : len;
}

static bool
stands_at(const char *text, size_t len, size_t at, const char *what)
{
	return len - at >= strlen(what) &&
	    memcmp(text + at, what, strlen(what)) == 0;
}

/* One object, behind comments. */
static bool
is_object(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && text[at] != '{') {
		if (isspace((unsigned char)text[at]))
			at++;
		else if (text[at] == '#' || stands_at(text, len, at, "//"))
			at = skip_to(text, len, at, "\n");
		else if (stands_at(text, len, at, "/*"))
			at = skip_to(text, len, at, "*/");
		else
			return false;
	}
	return at < len;
}

/* It names a DHCP server of Kea's, or includes what does. */
static bool
names_kea(const char *text, size_t len)
{
	static const char *const marks[] = { "\"Dhcp4\"", "\"Dhcp6\"",
	    "<?include" };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (memmem(text, len, marks[i], strlen(marks[i])))
			return true;
	}
	return false;
}

enum config_dialect
config_guess(const char *text, size_t len)
{
	size_t votes[CONFIG_N_DIALECTS] = { 0 };
	size_t at = 0;

	if (is_object(text, len) && names_kea(text, len))
		return CONFIG_KEA;
	/* UTF-16: none of the other languages is ever in it */
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
	    memcmp(text, "\xfe\xff", 2) == 0))
		return CONFIG_WINDOWS;
	while (at < len) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t end = nl ? (size_t)(nl - text) : len;

		while (at < end && (isspace((unsigned char)text[at]) ||
		    text[at] == '}'))
			at++;
		votes[guess_line(text + at, end - at)]++;
		at = end + 1;
	}
	if (votes[CONFIG_WINDOWS] > votes[CONFIG_ISC] &&
	    votes[CONFIG_WINDOWS] > votes[CONFIG_DNSMASQ])
		return CONFIG_WINDOWS;
	if (votes[CONFIG_ISC] > votes[CONFIG_DNSMASQ])
		return CONFIG_ISC;
	if (votes[CONFIG_DNSMASQ] > 0)
		return CONFIG_DNSMASQ;
	return names_kea(text, len) ? CONFIG_KEA : CONFIG_UNKNOWN;
}

/*
 * Standard input is wanted twice: for the guess, and by the language. What
 * came by a pipe is put into a file that takes the pipe's place.
 */
static int
stdin_keep(const char *text, size_t len, struct diag *diag)
{
	FILE *f;
	int rc = 0;

	if (lseek(STDIN_FILENO, 0, SEEK_SET) == 0)
		return 0;
	f = tmpfile();
	if (!f || fwrite(text, 1, len, f) != len || fflush(f) != 0 ||
	    lseek(fileno(f), 0, SEEK_SET) < 0 ||
	    dup2(fileno(f), STDIN_FILENO) < 0) {
		rc = -errno;
		diag_sys(diag, rc, "cannot keep standard input");
	}
	if (f)
		(void)fclose(f);
	return rc;
}

int
config_guess_file(const char *path, enum config_dialect *ret,
    struct diag *diag)
{
	bool is_stdin = strcmp(path, "-") == 0;
	char *text = NULL;
	size_t len;
	int rc = file_read(is_stdin ? "/dev/stdin" : path, CONFIG_FILE_MAX,
	    &text, &len, diag);

	if (rc == 0 && is_stdin)
		rc = stdin_keep(text, len, diag);
	if (rc == 0) {
		*ret = config_guess(text, len);
		if (*ret == CONFIG_UNKNOWN) {
			rc = -ENOTSUP;
			diag_set(diag, "cannot tell the language of '%s': "
			    "name it, as isc, dnsmasq, kea or windows",
			    path);
		}
	}
	free(text);
	return rc;
}

int
config_load(const struct config_conf *conf, struct config **ret,
    struct diag *diag)
{
	struct config_conf known = *conf;
	struct config *c = NULL;
	int rc = 0;

	if (known.n_paths == 0)
		return -EINVAL;
	if (known.dialect == CONFIG_UNKNOWN)
		rc = config_guess_file(known.paths[0], &known.dialect,
		    diag);
	if (rc < 0)
		return rc;
	if (!dialects[known.dialect].load) {
		diag_set(diag, "configurations of %s cannot be read",
		    dialects[known.dialect].name);
		return -ENOTSUP;
	}
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->ops = dialects[known.dialect].ops;
	rc = dialects[known.dialect].load(&known, &c->tree, diag);
	if (rc < 0) {
		free(c);
		return rc;
	}
	*ret = c;
	return 0;
}

void
config_free(struct config *c)
{
	if (!c)
		return;
	c->ops->free(c->tree);
	free(c);
}

struct policy
config_policy(struct config *c)
{
	return (struct policy){ .answer = c->ops->answer, .ctx = c->tree };
}

bool
config_is_v6(const struct config *c)
{
	return c->ops->is_v6 && c->ops->is_v6(c->tree);
}

const struct config_ops *
config_ops(const struct config *c)
{
	return c->ops;
}

void *
config_tree(const struct config *c)
{
	return c->tree;
}
