#include "build/make.h"

#include "base/file.h"
#include "base/util.h"
#include "build/program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_MAX = 64 * 1024 * 1024, WHY_MAX = 400, ENV_MAX = 4096 };

extern char **environ;

/* What a line of the log means. Packages as Debian names them. */
static const struct { const char *says, *means; } causes[] = {
	{ "lzma.h: No such file", "the headers of liblzma are missing: install "
	    "liblzma-dev" },
	{ "aarch64-linux-gnu-gcc: ", "the compiler for 64-bit ARM is missing: "
	    "install gcc-aarch64-linux-gnu" },
	{ "arm-linux-gnueabihf-gcc: ", "the compiler for 32-bit ARM is missing: "
	    "install gcc-arm-linux-gnueabihf" },
	{ "riscv64-linux-gnu-gcc: ", "the compiler for RISC-V is missing: "
	    "install gcc-riscv64-linux-gnu" },
	{ "loongarch64-linux-gnu-gcc: ", "the compiler for LoongArch is "
	    "missing: install gcc-loongarch64-linux-gnu" },
	{ "x86_64-linux-gnu-gcc: ", "the compiler for x86 is missing: install "
	    "gcc-x86-64-linux-gnu" },
	{ "gcc: not found", "the compiler is missing: install gcc" },
	{ "gcc: No such file", "the compiler is missing: install gcc" },
	{ "perl: not found", "perl is missing: install perl" },
	{ "perl: No such file", "perl is missing: install perl" },
	{ "openssl: not found", "openssl is missing: install openssl" },
	{ "isolinux.bin", "ISOLINUX is missing: install isolinux" },
	{ "mkisofs, genisoimage", "no program to write an ISO image: install "
	    "genisoimage" },
	{ "mformat: not found", "mtools is missing: install mtools" },
	{ "qemu-img: not found", "qemu-img is missing: install qemu-utils" },
	{ "string.h: No such file", "the C library's headers are missing: "
	    "install libc6-dev" },
	{ "No space left on device", "the disk is full" },
	{ "No rule to make target", NULL },
	{ "Unable to determine git commit", "the checkout's commit cannot be "
	    "read: give the manifest a version" },
};

void
make_explain(const char *log, char *ret, size_t cap)
{
	const char *at = strstr(log, "error:");
	const char *start;

	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		if (!strstr(log, causes[i].says))
			continue;
		if (causes[i].means) {
			(void)snprintf(ret, cap, "%s", causes[i].means);
			return;
		}
		at = strstr(log, causes[i].says);
		break;
	}
	if (!at)
		at = strstr(log, "***");
	if (!at) {
		(void)snprintf(ret, cap, "make failed without saying why");
		return;
	}
	for (start = at; start > log && start[-1] != '\n'; start--)
		;
	(void)snprintf(ret, cap, "%.*s", (int)strcspn(start, "\n"), start);
}

/* Our own variables would be taken for make's: only what is known is kept. */
static void
make_env(const struct make_conf *conf, const char **env, size_t cap)
{
	static const char *const kept[] = {
		"PATH=", "HOME=", "TMPDIR=", "LANG=C", "CCACHE_",
	};
	size_t n = 0;

	for (char **e = environ; *e && n + 2 < cap; e++) {
		for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
			if (strncmp(*e, kept[i], strlen(kept[i])) == 0)
				env[n++] = *e;
		}
	}
	env[n++] = "LC_ALL=C";
	for (size_t i = 0; conf->env && conf->env[i] && n + 1 < cap; i++)
		env[n++] = conf->env[i];
	env[n] = NULL;
}

static int
tell_failure(const struct make_conf *conf, struct diag *diag)
{
	char why[WHY_MAX] = "make failed";
	char *text = NULL;
	size_t len;

	if (file_read(conf->log, LOG_MAX, &text, &len, NULL) == 0)
		make_explain(text, why, sizeof(why));
	free(text);
	diag_set(diag, "%s (all that make said is in %s)", why, conf->log);
	return -EIO;
}

int
make_run(const struct make_conf *conf, struct diag *diag)
{
	const char *argv[64] = { "make", "-C", conf->dir };
	const char **env = calloc(ENV_MAX, sizeof(*env));
	size_t n = 3;
	int status;
	int rc;

	if (!env) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; conf->args[i] && n + 1 < ARRAY_LEN(argv); i++)
		argv[n++] = conf->args[i];
	make_env(conf, env, ENV_MAX);
	rc = program_run(argv, env, conf->log, &status, diag);
	free(env);
	if (rc < 0)
		return rc;
	return status == 0 ? 0 : tell_failure(conf, diag);
}
