/*
 * The operating system at the end of the chain: its own DHCP, and the files
 * that its command line makes an installer or a live image fetch.
 */
#include "client/walk_internal.h"

#include <stdio.h>
#include <string.h>

enum { OS_FETCH_MAX = 32 };

/*
 * The words of installers, and what they ask for behind the address that
 * follows. A word with two files has two rows.
 */
static const struct {
	const char *word;               /* up to the URI */
	const char *file;               /* behind it; "": the URI itself */
} sources[] = {
	/* dracut, live images */
	{ "root=live:", "" },
	{ "fetch=", "" },
	{ "httpfs=", "" },
	/* Anaconda */
	{ "inst.repo=", "/.treeinfo" },
	{ "inst.stage2=", "/.treeinfo" },
	{ "inst.ks=", "" },
	{ "ks=", "" },
	/* Debian and Ubuntu */
	{ "url=", "" },
	{ "preseed/url=", "" },
	{ "ds=nocloud-net;s=", "meta-data" },
	{ "ds=nocloud-net;s=", "user-data" },
	{ "ds=nocloud;s=", "meta-data" },
	{ "ds=nocloud;s=", "user-data" },
	/* SUSE, Alpine, Arch */
	{ "autoyast=", "" },
	{ "modloop=", "" },
	{ "apkovl=", "" },
	{ "alpine_repo=", "/x86_64/APKINDEX.tar.gz" },
	{ "archiso_http_srv=", "arch/x86_64/airootfs.sfs" },
	/* CoreOS, Flatcar, Talos */
	{ "coreos.live.rootfs_url=", "" },
	{ "coreos.inst.ignition_url=", "" },
	{ "ignition.config.url=", "" },
	{ "talos.config=", "" },
	/* FOG */
	{ "web=", "service/hostinfo.php" },
	/* named, and not looked at */
	{ "root=nfs:", "" },
	{ "nfsroot=", "" },
	{ "netroot=", "" },
};

/* The value of a word of the command line, without quotes. */
static bool
value_of(const char *cmdline, const char *word, char *buf, size_t cap)
{
	for (const char *s = cmdline; *s; s += strcspn(s, " ")) {
		size_t len;

		s += strspn(s, " ");
		s += *s == '"';
		if (!text_starts(s, word))
			continue;
		s += strlen(word);
		s += *s == '"';
		len = strcspn(s, " \"");
		if (len >= cap)
			return false;
		memcpy(buf, s, len);
		buf[len] = '\0';
		return true;
	}
	return false;
}

/* What we can ask for. */
static bool
is_uri(const char *s)
{
	return text_starts(s, "http://") || text_starts(s, "https://") ||
	    text_starts(s, "tftp://");
}

/* One file that the system needs. */
static int
fetch(struct walk *w, const char *word, const char *uri, struct diag *diag)
{
	struct load_result r;
	struct bootfile what;
	int rc = walk_load(w, NULL, uri, &r, &what, diag);

	if (rc == 0 && r.fault)
		boot_set_fault(w->boot, "installer-stage-fails", "the kernel "
		    "was told %s%s: %s", word, uri, r.why);
	bootfile_release(&what);
	load_release(&r);
	return rc;
}

static int
fetch_sources(struct walk *w, const char *cmdline, struct diag *diag)
{
	size_t n = 0;
	int rc = 0;

	w->only_look = true;
	for (size_t i = 0; i < ARRAY_LEN(sources) && n < OS_FETCH_MAX; i++) {
		struct sbuf uri = SBUF_EMPTY;
		char value[1024];

		if (!value_of(cmdline, sources[i].word, value, sizeof(value)) ||
		    value[0] == '\0')
			continue;
		/* FOG says only host and path */
		if (strcmp(sources[i].word, "web=") == 0 &&
		    !strstr(value, "://"))
			sbuf_add(&uri, "http://");
		sbuf_add(&uri, value);
		if (!is_uri(sbuf_str(&uri))) {
			boot_add_event(w->boot, BOOT_EV_NOTE, "it is told %s%s, "
			    "which is not looked at", sources[i].word, value);
			sbuf_release(&uri);
			continue;
		}
		/* one slash between the two, and none taken away */
		if (sources[i].file[0] == '/' &&
		    value[strlen(value) - 1] == '/')
			sbuf_add(&uri, sources[i].file + 1);
		else
			sbuf_add(&uri, sources[i].file);
		rc = fetch(w, sources[i].word, sbuf_str(&uri), diag);
		sbuf_release(&uri);
		n++;
		if (rc < 0 || w->boot->fault)
			break;
	}
	w->only_look = false;
	return rc;
}

/* ip=10.0.0.5::...: the address is given, and nobody is asked. */
static bool
has_address(const char *cmdline)
{
	char value[256];

	return value_of(cmdline, "ip=", value, sizeof(value)) &&
	    value[0] >= '0' && value[0] <= '9' && strchr(value, ':');
}

int
walk_os(struct walk *w, struct diag *diag)
{
	const char *cmdline = w->boot->cmdline ? w->boot->cmdline : "";
	struct persona os = *w->now;
	const char *fault = NULL;
	char why[LOAD_WHY_MAX] = "";
	int rc = 1;

	if (has_address(cmdline))
		boot_add_event(w->boot, BOOT_EV_NOTE, "its command line gives "
		    "it an address: it does not ask for one");
	else
		rc = walk_dhcp(w, &fault, why, sizeof(why), diag);
	w->done = true;
	if (rc == 0)
		boot_set_fault(w->boot, fault, "%s", why);
	if (rc <= 0)
		return rc;
	w->boot->end = BOOT_END_OS;
	/* curl does the loading in nearly all of them */
	os.user_agent = "curl/7.88.1";
	os.follows_redirects = true;
	w->now = &os;
	rc = fetch_sources(w, cmdline, diag);
	w->now = chain_os();
	return rc;
}
