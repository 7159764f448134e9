/*
 * Commands that store and show settings.
 */
#include "script/cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A card without another MAC address has its own. */
static void
restore_mac(struct script *s, const struct setting_ref *ref)
{
	const struct script_netdev *nd = script_netdev_find(s, ref->block);

	if (nd && strcmp(ref->name, "mac") == 0)
		(void)settings_put(s->settings, ref, SETTING_T_NONE, nd->mac,
		    MAC_LEN);
}

/* Store text, and say what went wrong with the setting. */
uint32_t
cmd_store(struct script *s, const struct setting_ref *ref, const char *text)
{
	enum setting_type type = ref->type == SETTING_T_NONE && ref->info ?
	    ref->info->type : ref->type;
	uint32_t status;
	int rc;

	/* In 2019 a UUID could only be shown. */
	if (s->release == SCRIPT_2019 && type == SETTING_T_UUID && *text)
		rc = -ENOTSUP;
	else
		rc = settings_put_text(s->settings, ref, text);
	if (rc == 0 && !*text)
		restore_mac(s, ref);
	if (rc == 0)
		return 0;
	status = script_value_error(s, ref, rc);
	script_print(s, "Could not store \"%s\"", settings_ref_name(ref));
	script_say_error(s, "", status);
	return status;
}

uint32_t
cmd_set(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	uint32_t status;
	char *text;

	status = args_setting(s, a->rest[0], &ref);
	if (status)
		return status;
	text = args_join(s, a, 1);
	if (!text)
		return script_error_plain(SCRIPT_ENOMEM);
	status = cmd_store(s, &ref, text);
	free(text);
	return status;
}

uint32_t
cmd_clear(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	uint32_t status;

	status = args_setting(s, a->rest[0], &ref);
	return status ? status : cmd_store(s, &ref, "");
}

static void
show(struct script *s, const struct script_args *a,
    const struct setting_value *v, const char *text)
{
	if (!args_has(a, 'q'))
		script_print(s, "%s%s%s:%s = ", v->block,
		    v->block[0] ? "/" : "", v->name,
		    setting_type_name(v->type));
	script_print(s, "%s\n", text);
}

uint32_t
cmd_show(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	struct setting_value v;
	struct sbuf text = SBUF_EMPTY;
	uint32_t status;
	int rc;

	status = args_setting(s, a->rest[0], &ref);
	if (status)
		return status;
	if (ref.block[0] && !settings_has_block(s->settings, ref.block)) {
		script_print(s, "\"%s\": invalid setting\n", a->rest[0]);
		return SCRIPT_ERR_BLOCK;
	}
	rc = settings_get(s->settings, &ref, &v);
	if (rc == 0)
		rc = settings_get_text(s->settings, a->rest[0], &text);
	if (rc == 0) {
		show(s, a, &v, sbuf_str(&text));
	} else {
		status = script_errno(s, rc);
		script_print(s, "Could not find \"%s\"", settings_ref_name(&ref));
		script_say_error(s, "", status);
	}
	sbuf_release(&text);
	return status;
}

/* Read a value with the line editor, which begins with the present one. */
uint32_t
cmd_read(struct script *s, const struct script_args *a)
{
	uint64_t timeout_ms = args_timeout(a, 't');
	struct setting_ref ref;
	struct sbuf old = SBUF_EMPTY;
	struct sbuf text = SBUF_EMPTY;
	uint32_t status;

	status = args_setting(s, a->rest[0], &ref);
	if (status)
		return status;
	(void)settings_get_text(s->settings, a->rest[0], &old);
	if (s->host->read_line && s->host->read_line(s->host->ctx,
	    sbuf_str(&old), timeout_ms, &text)) {
		script_print(s, "%s\n", sbuf_str(&text));
		status = cmd_store(s, &ref, sbuf_str(&text));
	} else if (timeout_ms > 0) {
		if (!s->host->read_line && s->host->sleep)
			s->host->sleep(s->host->ctx, timeout_ms);
		script_print(s, "\n");
		status = SCRIPT_ERR_READ_TIMEOUT;
	} else {
		script_set_end(s, SCRIPT_END_LIMIT, 0,
		    "waits for a value, and nobody is there to type one");
	}
	sbuf_release(&old);
	sbuf_release(&text);
	return status;
}

uint32_t
cmd_inc(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	struct setting_value v;
	enum setting_type type = SETTING_T_INT32;
	struct sbuf text = SBUF_EMPTY;
	int64_t by = 1;
	int64_t sum = 0;
	uint32_t status;
	int rc = 0;

	status = args_setting(s, a->rest[0], &ref);
	if (status == 0 && a->n > 1)
		status = args_integer(s, a->rest[1], &by);
	if (status)
		return status;
	if (settings_get(s->settings, &ref, &v) == 0) {
		type = v.type;
		rc = setting_is_number(type) ?
		    setting_number(type, v.bytes, v.len, sizeof(sum), &sum) :
		    -ENOTSUP;
	} else if (ref.type != SETTING_T_NONE) {
		type = ref.type;
	}
	if (rc < 0 || !setting_is_number(type)) {
		status = script_errno(s, rc < 0 ? rc : -ENOTSUP);
		script_print(s, "Could not store \"%s\"", settings_ref_name(&ref));
		script_say_error(s, "", status);
		return status;
	}
	ref.type = type;
	sbuf_printf(&text, "%lld",
	    (long long)((uint64_t)sum + (uint64_t)by));
	status = cmd_store(s, &ref, sbuf_str(&text));
	sbuf_release(&text);
	return status;
}
