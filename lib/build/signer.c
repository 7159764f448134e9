#include "build/signer.h"

#include "base/arena.h"
#include "base/file.h"
#include "build/program.h"
#include "build/tree.h"
#include "firmware/pe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNED_MAX = 512 * 1024 * 1024, LOG_MAX = 1024 * 1024 };

struct paths {
	const char *in, *out, *log;
};

/* What a program says last is mostly why it gave up. */
static void
tell_last_line(const char *program, const char *log, struct diag *diag)
{
	char *text = NULL;
	char *line = NULL;
	size_t len;

	if (file_read(log, LOG_MAX, &text, &len, NULL) == 0) {
		while (len > 0 && strchr(" \t\r\n", text[len - 1]))
			text[--len] = '\0';
		line = strrchr(text, '\n');
		line = line ? line + 1 : text;
	}
	diag_set(diag, "%.80s did not sign the image%s%.300s", program,
	    line && line[0] ? ": " : "", line ? line : "");
	free(text);
}

static int
run(const struct signer *s, const struct paths *p, struct diag *diag)
{
	const char *sbsign[] = {
		"sbsign", "--key", s->key, "--cert", s->cert, "--output",
		p->out, p->in, NULL,
	};
	const char *shell[] = {
		"sh", "-c", NULL, s->command, p->in, p->out, NULL,
	};
	struct arena a = ARENA_EMPTY;
	int status = 0;
	int rc;

	if (s->command)
		shell[2] = arena_printf(&a, "%s \"$@\"", s->command);
	rc = s->command && !shell[2] ? -ENOMEM : program_run(s->command ?
	    shell : sbsign, NULL, p->log, &status, diag);
	if (rc == 0 && status != 0) {
		tell_last_line(s->command ? s->command : "sbsign", p->log,
		    diag);
		rc = -EIO;
	}
	arena_release(&a);
	return rc;
}

static int
read_signed(const struct signer *s, const struct paths *p, char **ret,
    size_t *ret_len, struct diag *diag)
{
	struct pe pe;
	char *buf;
	int rc = file_read(p->out, SIGNED_MAX, &buf, ret_len, diag);

	if (rc < 0)
		return rc;
	if (pe_parse(buf, *ret_len, &pe) == 0 && pe.is_signed) {
		*ret = buf;
		return 0;
	}
	free(buf);
	diag_set(diag, "what '%.200s' made has no signature", s->command ?
	    s->command : "sbsign");
	return -EIO;
}

int
signer_run(const struct signer *s, const char *dir, const char *image,
    size_t len, char **ret, size_t *ret_len, struct diag *diag)
{
	struct arena a = ARENA_EMPTY;
	char *own = arena_printf(&a, "%s/sign.XXXXXX", dir);
	struct paths p;
	int rc = own ? make_dirs(dir, diag) : -ENOMEM;

	if (rc == 0 && !mkdtemp(own)) {
		rc = -errno;
		diag_sys(diag, rc, "cannot create '%s'", own);
	}
	if (rc < 0) {
		arena_release(&a);
		return rc;
	}
	p.in = arena_printf(&a, "%s/image.efi", own);
	p.out = arena_printf(&a, "%s/signed.efi", own);
	p.log = arena_printf(&a, "%s/log", own);
	rc = p.in && p.out && p.log ? file_write(p.in, image, len, diag) :
	    -ENOMEM;
	if (rc == 0)
		rc = run(s, &p, diag);
	if (rc == 0)
		rc = read_signed(s, &p, ret, ret_len, diag);
	(void)tree_remove(own, NULL);
	arena_release(&a);
	return rc;
}
