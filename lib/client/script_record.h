/*
 * script_record.h - writing down what a script does, for script_host.c.
 */
#ifndef PXE_CLIENT_SCRIPT_RECORD_H
#define PXE_CLIENT_SCRIPT_RECORD_H

#include "client/script_host.h"

/* The line of the console that is being printed. */
struct script_console {
	struct sbuf line;
	size_t column;                  /* a backspace moves it to the left */
};

/** record_console() - console output; false if out of memory. */
bool record_console(struct script_record *r, struct script_console *c,
    const char *text, size_t len,
    void (*done)(void *ctx, const char *line), void *ctx);

/** record_note() - a remark on the script. */
bool record_note(struct script_record *r, const char *text);

/** record_load() - a load that begins; NULL if out of memory. */
struct script_load *record_load(struct script_record *r,
    const struct script_request *req);

/**
 * record_images() - the images as they are now, in place of any before
 * @kernel: the one that starts; NULL for none
 */
bool record_images(struct script_record *r, const struct script *s,
    const struct script_image *kernel);

/** record_settings() - all settings but those of iPXE itself. */
bool record_settings(struct script_record *r, struct script *s);

#endif
