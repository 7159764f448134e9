#include "capture/reader.h"

#include "base/text.h"
#include "capture/unpack.h"
#include "wire/frame.h"

#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
	NS_PER_S = 1000000000,
	FOLLOW_PAUSE_NS = 100 * 1000 * 1000,
};

struct capture_reader {
	pcap_t *pcap;
	int link;
	uint64_t n;
	char path[DIAG_FILE_MAX];
};

/* libpcap has numbers of its own where systems disagree. */
static int
link_of(pcap_t *pcap)
{
	int dlt = pcap_datalink(pcap);

	switch (dlt) {
	case DLT_RAW:
		return LINK_RAW;
	case DLT_NULL:
		return LINK_NULL;
	case DLT_LOOP:
		return LINK_LOOP;
	default:
		return dlt;
	}
}

static bool
is_known(int link)
{
	static const int known[] = { LINK_NULL, LINK_ETHERNET, LINK_RAW_BSD,
	    LINK_RAW_OPENBSD, LINK_RAW, LINK_LOOP, LINK_SLL, LINK_IPV4,
	    LINK_IPV6, LINK_SLL2 };

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i] == link)
			return true;
	}
	return false;
}

/* What a file that libpcap does not read may be, and what to do about it. */
static const char *
advice(FILE *f)
{
	static const struct { uint8_t magic[4]; size_t n; const char *text; }
	rows[] = {
		{ { 's', 'n', 'o', 'o' }, 4, "it is of another format: convert "
		    "it with editcap -F pcap" },
	};
	uint8_t magic[4] = { 0 };
	struct stat st;
	size_t n;

	if (fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode))
		return "it is a directory";
	if (fseek(f, 0, SEEK_SET) != 0)
		return NULL;            /* a pipe */
	n = fread(magic, 1, sizeof(magic), f);
	if (n == 0)
		return "it is empty";
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (memcmp(magic, rows[i].magic, rows[i].n) == 0)
			return rows[i].text;
	}
	return NULL;
}

/* The end of a file that grows is none: wait for what is written next. */
static ssize_t
follow_read(void *cookie, char *buf, size_t len)
{
	static const struct timespec pause = { .tv_nsec = FOLLOW_PAUSE_NS };
	FILE *f = cookie;
	size_t n;

	while ((n = fread(buf, 1, len, f)) == 0 && !ferror(f)) {
		clearerr(f);
		(void)nanosleep(&pause, NULL);
	}
	return n > 0 ? (ssize_t)n : -1;
}

static int
follow_close(void *cookie)
{
	return fclose(cookie);
}

static FILE *
follow_stream(FILE *f)
{
	FILE *ret = fopencookie(f, "rb", (cookie_io_functions_t){
	    .read = follow_read, .close = follow_close });

	if (!ret)
		(void)fclose(f);
	return ret;
}

static int
open_reader(const char *path, bool follow, struct capture_reader **ret,
    struct diag *diag)
{
	struct capture_reader *r = calloc(1, sizeof(*r));
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *f = is_stdin ? stdin : fopen(path, "rb");
	char err[PCAP_ERRBUF_SIZE] = "";
	int rc = 0;

	if (!r || !f) {
		rc = !r ? -ENOMEM : -errno;
		diag_sys(diag, rc, "cannot open '%s'", path);
		goto failed;
	}
	if (follow && !is_stdin)
		f = follow_stream(f);
	if (!f) {
		rc = -ENOMEM;
		diag_sys(diag, rc, "cannot follow '%s'", path);
		goto failed;
	}
	(void)text_copy(r->path, sizeof(r->path), is_stdin ? "standard input" :
	    path);
	f = unpack_stream(f);
	if (!f) {
		diag_set(diag, "out of memory");
		rc = -ENOMEM;
		goto failed;
	}
	r->pcap = pcap_fopen_offline_with_tstamp_precision(f,
	    PCAP_TSTAMP_PRECISION_NANO, err);
	if (!r->pcap) {
		const char *why = advice(f);

		diag_set(diag, "'%s' is not a capture file (pcap or pcapng): "
		    "%s", r->path, why ? why : err);
		rc = -EBADMSG;
		goto failed;
	}
	f = NULL;                       /* pcap_close() closes it */
	r->link = link_of(r->pcap);
	if (!is_known(r->link)) {
		const char *name =
		    pcap_datalink_val_to_name(pcap_datalink(r->pcap));

		diag_set(diag, "'%s' was captured on a link of type %d (%s), "
		    "which is not read here: capture on Ethernet, or on any "
		    "interface of Linux (tcpdump -i any)", r->path, r->link,
		    name ? name : "unknown");
		rc = -ENOTSUP;
		goto failed;
	}
	*ret = r;
	return 0;
failed:
	if (f && f != stdin)
		(void)fclose(f);
	capture_close(r);
	return rc;
}

int
capture_open(const char *path, struct capture_reader **ret, struct diag *diag)
{
	return open_reader(path, false, ret, diag);
}

int
capture_follow(const char *path, struct capture_reader **ret,
    struct diag *diag)
{
	return open_reader(path, true, ret, diag);
}

void
capture_close(struct capture_reader *r)
{
	if (!r)
		return;
	if (r->pcap)
		pcap_close(r->pcap);
	free(r);
}

int
capture_link(const struct capture_reader *r)
{
	return r->link;
}

int
capture_next(struct capture_reader *r, struct capture_frame *ret,
    struct diag *diag)
{
	struct pcap_pkthdr *head;
	const u_char *buf;
	int rc = pcap_next_ex(r->pcap, &head, &buf);

	if (rc == PCAP_ERROR_BREAK)
		return 0;
	if (rc != 1) {
		diag_set(diag, "cannot read '%s' beyond frame %" PRIu64 ": it "
		    "is cut short, damaged, or of several kinds of link: %s",
		    r->path, r->n, pcap_geterr(r->pcap));
		return -EBADMSG;
	}
	*ret = (struct capture_frame){
		.number = ++r->n,
		/* libpcap was asked for nanoseconds */
		.time_ns = (int64_t)head->ts.tv_sec * NS_PER_S +
		    (int64_t)head->ts.tv_usec,
		.buf = buf, .len = head->caplen,
		.wire_len = head->len < head->caplen ? head->caplen : head->len,
	};
	return 1;
}
