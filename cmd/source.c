#include "source.h"
#include "progress.h"

#include "base/file.h"
#include "base/text.h"
#include "client/load.h"

#include <errno.h>
#include <strings.h>

const struct persona_tftp source_tftp = {
	.main = { .opt = { TFTP_OPT_BLKSIZE, TFTP_OPT_TSIZE,
	    TFTP_OPT_WINDOWSIZE }, .value = { 1468, 0, 16 }, .n = 3 },
	.first_ms = 1000, .factor = 2, .cap_ms = 4000, .sends = 11,
	.adapt_ms = 10,
};

bool
source_is_uri(const char *name)
{
	return strncasecmp(name, "tftp://", 7) == 0 ||
	    strncasecmp(name, "http://", 7) == 0 ||
	    strncasecmp(name, "https://", 8) == 0;
}

static void
on_progress(void *ctx, uint64_t done, uint64_t total)
{
	progress_show(ctx, done, total);
}

static int
load(const char *uri, size_t max, char **ret_buf, size_t *ret_len,
    struct diag *diag)
{
	struct progress progress;
	struct load_conf conf = {
		.tftp = &source_tftp, .user_agent = "pxetool/" PXETOOL_VERSION,
		.follow_redirects = true, .names = RESOLVE_HOST, .speed = 1,
		.max_bytes = max, .progress = on_progress, .ctx = &progress,
	};
	struct load_result r;
	int rc;

	progress_init(&progress);
	rc = load_uri(&conf, uri, &r, diag);
	progress_clear(&progress);
	if (rc < 0)
		return rc;
	if (r.fault) {
		diag_set(diag, "%s", r.why);
		rc = -EIO;
	} else {
		*ret_buf = r.bytes;
		*ret_len = r.len;
		r.bytes = NULL;
	}
	load_release(&r);
	return rc;
}

int
source_read(const char *name, size_t max, char **ret_buf, size_t *ret_len,
    struct diag *diag)
{
	return source_is_uri(name) ? load(name, max, ret_buf, ret_len, diag) :
	    file_read(name, max, ret_buf, ret_len, diag);
}
