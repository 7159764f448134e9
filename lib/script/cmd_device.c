/*
 * Commands on devices: what buses hold, VLANs, the PXE stack.
 */
#include "script/cmd.h"

#include <stdio.h>
#include <string.h>

enum { VLAN_MAX = 4094, LOTEST_MS = 1000 };

uint32_t
cmd_ifcheck(struct script *s, const struct script_args *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (!script_netdev_arg(s, a->rest[i]))
			return SCRIPT_ERR_NETDEV;
	return a->n == 0 && s->n_netdevs == 0 ? SCRIPT_ERR_NO_NETDEV : 0;
}

uint32_t
cmd_pxebs(struct script *s, const struct script_args *a)
{
	int64_t type;

	if (!script_netdev_arg(s, a->rest[0]))
		return SCRIPT_ERR_NETDEV;
	if (args_integer(s, a->rest[1], &type))
		return SCRIPT_ERR_INTEGER;
	return script_error_plain(SCRIPT_ETIMEDOUT);    /* nobody is there */
}

/*
 * The next device after the one that the setting names: each card sits at
 * its own place, and nothing else is on this bus.
 */
uint32_t
cmd_pciscan(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	struct setting_value v;
	int64_t after = -1;
	int64_t best = -1;
	uint32_t status = args_setting(s, a->rest[0], &ref);
	struct sbuf text = SBUF_EMPTY;

	if (status)
		return status;
	if (settings_get(s->settings, &ref, &v) == 0)
		(void)setting_number(SETTING_T_UINT32, v.bytes, v.len, 8,
		    &after);
	for (size_t i = 0; i < s->n_netdevs; i++) {
		char name[40];
		int64_t at;

		(void)snprintf(name, sizeof(name), "%s/busloc",
		    s->netdevs[i].name);
		sbuf_clear(&text);
		if (settings_get_text(s->settings, name, &text) == 0 &&
		    setting_parse_number(sbuf_str(&text), &at) == 0 &&
		    at > after && (best < 0 || at < best))
			best = at;
	}
	if (best < 0) {
		sbuf_release(&text);
		(void)settings_put(s->settings, &ref, SETTING_T_NONE, NULL, 0);
		return script_error_plain(SCRIPT_ENODEV);
	}
	sbuf_clear(&text);
	sbuf_printf(&text, "%lld", (long long)best);
	if (ref.type == SETTING_T_NONE || ref.type == SETTING_T_BUSDEVFN)
		ref.type = SETTING_T_UINT32;
	status = cmd_store(s, &ref, sbuf_str(&text));
	sbuf_release(&text);
	return status;
}

uint32_t
cmd_usbscan(struct script *s, const struct script_args *a)
{
	struct setting_ref ref;
	uint32_t status = args_setting(s, a->rest[0], &ref);

	return status ? status : script_error_plain(SCRIPT_ENODEV);
}

uint32_t
cmd_lotest(struct script *s, const struct script_args *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (!script_netdev_arg(s, a->rest[i]))
			return SCRIPT_ERR_NETDEV;
	if (s->host->sleep)
		s->host->sleep(s->host->ctx, LOTEST_MS);
	return script_error_plain(SCRIPT_ETIMEDOUT);    /* no loop is plugged */
}

/* "net0-5": the card, and its VLAN. */
uint32_t
cmd_vcreate(struct script *s, const struct script_args *a)
{
	const struct script_netdev *trunk = script_netdev_arg(s, a->rest[0]);
	int64_t tag = args_number(a, 't', 0);
	char name[sizeof(trunk->name) + 24];
	int rc;

	if (!trunk)
		return SCRIPT_ERR_NETDEV;
	if (tag < 0 || tag > VLAN_MAX)
		return script_error_plain(SCRIPT_EINVAL);
	(void)snprintf(name, sizeof(name), "%s-%lld", trunk->name,
	    (long long)tag);
	rc = script_netdev_find(s, name) ? 0 :
	    script_add_netdev(s, name, trunk->mac, false);
	if (rc < 0) {
		script_say_error(s, "Could not create VLAN device",
		    script_error_plain(SCRIPT_EINVAL));
		return script_error_plain(SCRIPT_EINVAL);
	}
	return 0;
}

uint32_t
cmd_vdestroy(struct script *s, const struct script_args *a)
{
	struct script_netdev *nd = script_netdev_arg(s, a->rest[0]);

	if (!nd)
		return SCRIPT_ERR_NETDEV;
	if (!strchr(nd->name, '-')) {
		script_say_error(s, "Could not destroy VLAN device",
		    script_error_plain(SCRIPT_ENOTTY));
		return script_error_plain(SCRIPT_ENOTTY);
	}
	script_netdev_remove(s, nd);
	return 0;
}
