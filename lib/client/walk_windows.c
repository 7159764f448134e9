/*
 * The Windows boot managers: the boot configuration data, then the RAM disk
 * and the image that it names. Written after published traces; the fonts and
 * languages that they ask for as well decide nothing.
 */
#include "client/walk_internal.h"

#include "base/bytes.h"
#include "script/script.h"

#include <string.h>
#include <strings.h>

enum {
	OPT_BCD = 252,                  /* what WDS calls the BCD path */
	PATH_MAX_LEN = 200,
	PATHS_MAX = 16,
};

/* A path of the BCD, a registry hive with its texts in UTF-16LE. */
static bool
next_path(struct rd *r, char *buf, size_t cap)
{
	while (r->left >= 2) {
		struct rd text = *r;
		size_t n = 0;

		if (rd_peek(r, 0) != '\\' || rd_peek(r, 1) != 0) {
			rd_skip(r, 1);
			continue;
		}
		while (n + 1 < cap && rd_peek(&text, 0) >= ' ' &&
		    rd_peek(&text, 0) <= '~' && rd_peek(&text, 1) == 0) {
			buf[n++] = (char)rd_u8(&text);
			rd_skip(&text, 1);
		}
		buf[n] = '\0';
		*r = text;
		return true;
	}
	return false;
}

/* Does the boot need it? The rest is for other entries and the running system. */
static bool
is_wanted(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcasecmp(dot, ".wim") == 0 ||
	    strcasecmp(dot, ".sdi") == 0);
}

/* Return: 1 loaded; 0 the boot is at its end; a negative errno of ours. */
static int
get(struct walk *w, const char *path, struct load_result *r,
    struct diag *diag)
{
	const struct boot_stage *lease = walk_lease(w);
	struct bootfile what;
	int rc = walk_load(w, lease->target.server, path, r, &what, diag);

	bootfile_release(&what);
	if (rc < 0 || !r->fault)
		return rc < 0 ? rc : 1;
	if (walk_refused(r))
		boot_set_fault(w->boot, "windows-bcd-or-wim-missing", "the "
		    "Windows boot manager asks for '%s', which is not there",
		    path);
	else
		boot_set_fault(w->boot, r->fault, "%s", r->why);
	return 0;
}

int
walk_windows(struct walk *w, struct diag *diag)
{
	const struct boot_stage *lease = walk_lease(w);
	char path[PATH_MAX_LEN] = "\\Boot\\BCD";
	char seen[PATHS_MAX][PATH_MAX_LEN];
	size_t n_seen = 0;
	struct load_result bcd;
	struct rd r;
	int rc;

	if (!lease)
		return 0;
	(void)dhcp4_get_str(&lease->ack, OPT_BCD, path, sizeof(path));
	rc = get(w, path, &bcd, diag);
	r = rd_init(bcd.bytes, bcd.len);
	while (rc > 0 && n_seen < PATHS_MAX &&
	    next_path(&r, path, sizeof(path))) {
		struct load_result file = { .fault = NULL };
		bool again = !is_wanted(path);

		for (size_t i = 0; i < n_seen; i++)
			again = again || strcasecmp(seen[i], path) == 0;
		if (again)
			continue;
		(void)text_copy(seen[n_seen++], PATH_MAX_LEN, path);
		rc = get(w, path, &file, diag);
		load_release(&file);
	}
	load_release(&bcd);
	if (rc > 0)
		w->boot->end = BOOT_END_KERNEL;
	return rc < 0 ? rc : 0;
}

/*
 * wimboot takes its files from iPXE's images, by their names: bootmgr it finds
 * in the WIM, the rest it must be given.
 */
void
walk_wimboot(struct walk *w, const struct script *s)
{
	static const struct { const char *name; const char *ending; } needed[] = {
		{ "BCD", NULL }, { "boot.sdi", NULL }, { "a .wim", ".wim" },
	};

	w->done = true;
	w->boot->end = BOOT_END_KERNEL;
	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		const char *ending = needed[i].ending;
		bool found = false;

		for (const struct script_image *m = script_images(s); m;
		    m = m->next) {
			const char *dot = strrchr(m->name, '.');

			if (ending ? dot && strcasecmp(dot, ending) == 0 :
			    strcasecmp(m->name, needed[i].name) == 0)
				found = m->len > 0;
		}
		if (!found)
			boot_set_fault(w->boot, "windows-bcd-or-wim-missing",
			    "wimboot was started, and has no file named %s",
			    needed[i].name);
	}
}
