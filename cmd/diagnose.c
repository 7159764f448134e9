/*
 * diagnose.c - pxetool diagnose: every machine that boots in a capture, and
 * why it does not.
 */
#include "cmd.h"

#include "base/text.h"
#include "capture/feed.h"
#include "capture/pcapng.h"
#include "config/config.h"
#include "diagnose/diagnose.h"
#include "report/diagnose.h"
#include "report/diagnose_comments.h"
#include "report/diagnose_html.h"
#include "report/diagnose_markdown.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

struct diagnose_opts {
	const char *config, *dialect;
	const char *pcapng;
	bool anonymize;
	bool verbose;
};

static const struct cmd_opt diagnose_rows[] = {
	{ 0, "config", "file", "hold the answers against this server's "
	    "configuration", opt_string, OPT(diagnose_opts, config) },
	{ 0, "dialect", "name", "of it: isc, dnsmasq or kea; else by content",
	    opt_string, OPT(diagnose_opts, dialect) },
	{ 0, "pcapng", "file", "the frames once more, with the findings as "
	    "comments", opt_string, OPT(diagnose_opts, pcapng) },
	{ 'a', "anonymize", NULL, "other addresses, names and UUIDs in all that "
	    "is written", opt_true, OPT(diagnose_opts, anonymize) },
	{ 'v', "verbose", NULL, "the whole ladder of every machine",
	    opt_true, OPT(diagnose_opts, verbose) },
	{ 0 },
};

/* A file that is cut short is told of, and what there is of it is used. */
static int
read_frames(const struct cmd_run *run, struct feed *feed,
    struct diagnose *d, struct diag *diag)
{
	struct dissector *dissectors[MERGE_FILES_MAX] = { NULL };
	struct merged_frame f;
	struct packet p;
	int rc;

	while ((rc = feed_next(feed, &f, diag)) != 0) {
		struct dissector **of = &dissectors[f.file];

		if (rc == -EBADMSG) {
			cmd_warn(run, "%s", diag->text);
			continue;
		}
		if (rc < 0)
			break;
		if (!*of)
			*of = dissector_new(f.link);
		rc = *of ? dissect(*of, &f.frame, &p) : -ENOMEM;
		if (rc < 0)
			break;
		rc = diagnose_packet(d, &p, f.frame.number);
		packet_release(&p);
		if (rc < 0)
			break;
	}
	if (rc < 0)
		diag_set(diag, "out of memory");
	for (size_t i = 0; i < MERGE_FILES_MAX; i++)
		dissector_free(dissectors[i]);
	return rc;
}

/* The link of a frame that a file of the first one's kind cannot hold. */
static int
other_link(struct diag *diag)
{
	diag_set(diag, "--pcapng: the captures are of different kinds of "
	    "link: write one of each");
	return -EINVAL;
}

/* Every frame once more, and beside it what was found of it. */
static int
write_pcapng(const struct cmd_run *run, const struct diagnosis *o,
    const char *path, const uint8_t *key, struct diag *diag)
{
	struct diagnose_comments *comments = diagnose_comments_new(o);
	struct feed *feed = NULL;
	struct pcapng *to = NULL;
	struct sbuf text = SBUF_EMPTY;
	struct merged_frame f;
	struct diag ignored;
	int link = -1;
	int rc = comments ? feed_open(run->args, (size_t)run->n_args, key,
	    &feed, diag) : -ENOMEM;

	while (rc == 0 && (rc = feed_next(feed, &f, &ignored)) != 0) {
		if (rc == -EBADMSG) {   /* told of when it was read first */
			rc = 0;
			continue;
		}
		if (rc > 0)
			rc = to ? 0 : pcapng_create(path, f.link, &to, diag);
		if (rc == 0 && link >= 0 && f.link != link)
			rc = other_link(diag);
		if (rc < 0)
			break;
		link = f.link;
		sbuf_clear(&text);
		pcapng_add(to, f.frame.time_ns, f.frame.buf, f.frame.len,
		    f.frame.wire_len, diagnose_comments_next(comments,
		    f.frame.number, &text) ? sbuf_str(&text) : NULL);
	}
	if (pcapng_close(to, rc == 0, diag) < 0 && rc == 0)
		rc = -EIO;
	feed_close(feed);
	diagnose_comments_free(comments);
	sbuf_release(&text);
	return rc;
}

/*
 * A new one each time: what two runs made cannot be laid beside each other.
 * The files' names tell of whom they are as well.
 */
static int
make_anonymous(const struct cmd_run *run, uint8_t key[ANONYMIZE_KEY_LEN],
    struct diagnose_conf *conf, struct diag *diag)
{
	static const char *const name[] = { "(anonymized)" };
	const struct diagnose_opts *o = run->opts;

	if (o->config) {
		diag_set(diag, "--anonymize: with other addresses the "
		    "configuration fits no longer: leave out --config");
		return -EINVAL;
	}
	if (getrandom(key, ANONYMIZE_KEY_LEN, 0) != ANONYMIZE_KEY_LEN) {
		diag_sys(diag, -errno, "cannot get random bytes");
		return -EIO;
	}
	conf->files = name;
	conf->n_files = ARRAY_LEN(name);
	return 0;
}

/* It is read again, so it must be there again. */
static int
check_pcapng(const struct cmd_run *run, struct diag *diag)
{
	const struct diagnose_opts *o = run->opts;

	for (int i = 0; o->pcapng && i < run->n_args; i++) {
		if (strcmp(run->args[i], "-") != 0)
			continue;
		diag_set(diag, "--pcapng reads the captures twice, and "
		    "standard input can be read once: give a file");
		return -EINVAL;
	}
	return 0;
}

static int
render(const struct cmd_run *run, const struct diagnosis *o, struct sbuf *out,
    struct diag *diag)
{
	const struct diagnose_opts *opts = run->opts;

	if (run->format == CMD_JSON) {
		diag_set(diag, "out of memory");
		return report_diagnose_json(o, out);
	}
	if (run->format == CMD_HTML)
		report_diagnose_html(o, out);
	else if (run->format == CMD_MARKDOWN)
		report_diagnose_markdown(o, out);
	else
		report_diagnose_text(o, run->color, opts->verbose, out);
	return 0;
}

static int
load_policy(const struct diagnose_opts *o, struct diagnose_conf *conf,
    struct config **ret, struct diag *diag)
{
	struct config_conf c = { .paths = &o->config, .n_paths = 1 };
	int rc;

	if (!o->config)
		return 0;
	if (o->dialect) {
		c.dialect = config_dialect_find(o->dialect);
		if (c.dialect == CONFIG_UNKNOWN) {
			diag_set(diag, "--dialect: '%s' is neither isc nor "
			    "dnsmasq nor kea", o->dialect);
			return -EINVAL;
		}
	}
	rc = config_load(&c, ret, diag);
	if (rc == 0) {
		conf->policy = config_policy(*ret);
		conf->policy_name = o->config;
	}
	return rc;
}

static int
diagnose_run(const struct cmd_run *run)
{
	struct diagnose_conf conf = {
		.files = run->args, .n_files = (size_t)run->n_args,
	};
	struct feed *feed = NULL;
	struct config *config = NULL;
	struct diagnose *d = NULL;
	struct diagnosis *o = NULL;
	struct sbuf out = SBUF_EMPTY;
	struct diag diag = { .text = "out of memory" };
	const struct diagnose_opts *opts = run->opts;
	int status;
	uint8_t secret[ANONYMIZE_KEY_LEN];
	const uint8_t *key = opts->anonymize ? secret : NULL;
	int rc = check_pcapng(run, &diag);

	if (rc == 0 && key)
		rc = make_anonymous(run, secret, &conf, &diag);
	if (rc == 0)
		rc = load_policy(opts, &conf, &config, &diag);
	if (rc == 0)
		rc = feed_open(run->args, (size_t)run->n_args, key, &feed,
		    &diag);
	d = rc == 0 ? diagnose_new(&conf) : NULL;
	if (rc == 0 && !d)
		rc = -ENOMEM;
	if (rc == 0)
		rc = read_frames(run, feed, d, &diag);
	if (rc == 0)
		rc = diagnose_finish(d, &o, &diag);
	if (rc == 0 && opts->pcapng)
		rc = write_pcapng(run, o, opts->pcapng, key, &diag);
	if (rc == 0)
		rc = render(run, o, &out, &diag);
	status = rc < 0 ? cmd_error(run, &diag) : cmd_output(run, &out,
	    diagnosis_has_fault(o) ? EXIT_FOUND : EXIT_CLEAN);
	feed_close(feed);
	diagnosis_free(o);
	diagnose_free(d);
	config_free(config);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_diagnose = {
	.name = "diagnose",
	.summary = "find out from a capture why a machine does not boot",
	.usage = "[-av] [--config file] [--dialect name] [--pcapng file] "
	    "capture ...",
	.opts = diagnose_rows, .opts_size = sizeof(struct diagnose_opts),
	.min_args = 1, .max_args = MERGE_FILES_MAX,
	.formats = CMD_TEXT | CMD_JSON | CMD_HTML | CMD_MARKDOWN,
	.run = diagnose_run,
};
