/*
 * dnsmasq_pxe.c - what dnsmasq does for PXE clients alone (PXE 2.1, 2.2):
 * menus, proxy answers, and the boot server's answer to a chosen item.
 *
 * None of it happens unless a pxe-service or a pxe-prompt is there.
 */
#include "config/dnsmasq_run.h"

#include <errno.h>

#include <arpa/inet.h>

enum {
	PXE_DISCOVERY = 6, PXE_SERVERS = 8, PXE_MENU = 9, PXE_PROMPT = 10,
	PXE_BOOT_ITEM = 71,
	ARCH_FIRST_UEFI = 6,
	ENCAP_MAX = 255,
	PXE_LIST_MAX = 253,             /* of a menu, with its head */
	LAYER_BIS = 0x8000,
};

bool
dnsmasq_is_pxe(struct dnsmasq_run *r)
{
	static const struct dnsmasq_vendor common = { "PXEClient", NULL };
	const struct dhcp4_opt *opt = dhcp4_opt(r->msg, DHCP4_OPT_VENDOR_CLASS);
	const struct dnsmasq_vendor *v = r->tree->pxe_vendors;

	if (!r->tree->pxe_enabled || opt == NULL || opt->len == 0)
		return false;
	for (v = v != NULL ? v : &common; v != NULL; v = v->next) {
		size_t len = strlen(v->name);

		if (opt->len >= len && memcmp(opt->data, v->name, len) == 0) {
			r->pxe_vendor = v->name;
			return true;
		}
	}
	return false;
}

int
dnsmasq_pxe_misc(struct dnsmasq_run *r)
{
	const char *vendor = r->pxe_vendor != NULL ? r->pxe_vendor :
	    "PXEClient";
	int rc = dnsmasq_put(r, DHCP4_OPT_VENDOR_CLASS, vendor, strlen(vendor));

	if (rc == 0 && r->uuid != NULL)
		rc = dnsmasq_put(r, DHCP4_OPT_UUID, r->uuid, 17);
	return rc;
}

static bool
service_fits(const struct dnsmasq_run *r, const struct dnsmasq_service *s)
{
	return s->arch == r->arch && dnsmasq_when_true(s->filter, &r->eff,
	    true);
}

/*
 * UEFI takes a boot file but knows no menu: where there is just one service
 * for it, it is given that one's file, on port 4011.
 */
bool
dnsmasq_single_service(struct dnsmasq_run *r, bool fill)
{
	const struct dnsmasq_service *found = NULL;
	struct dhcp4_msg *out = &r->ret->msg;
	char text[IP_TEXT_MAX];

	if (r->arch < ARCH_FIRST_UEFI)
		return false;
	for (const struct dnsmasq_service *s = r->tree->services; s != NULL;
	    s = s->next)
		if (s->basename != NULL && service_fits(r, s)) {
			if (found != NULL)
				return false;
			found = s;
		}
	if (found == NULL)
		return false;
	if (dnsmasq_because(r, found->filter, &r->eff, &found->pos) < 0 ||
	    !fill)
		return true;
	if (found->server_name != NULL) {
		out->siaddr = dnsmasq_resolve(r, found->server_name);
		dnsmasq_copy_field(out->sname, sizeof(out->sname),
		    found->server_name);
	} else {
		out->siaddr = found->server.s_addr != 0 ? found->server :
		    r->local;
		dnsmasq_copy_field(out->sname, sizeof(out->sname),
		    ipv4_format(out->siaddr, text));
	}
	snprintf((char *)out->file, sizeof(out->file), "%s%s", found->basename,
	    strchr(found->basename, '.') != NULL ? "" : ".0");
	return true;
}

/* Sub-options of 43 in the making; split where 255 would be passed. */
struct encap {
	struct dnsmasq_run *r;
	uint8_t buf[ENCAP_MAX + 1];
	size_t len;
	bool sent;
};

static int
encap_add(struct encap *e, uint8_t code, const void *data, size_t len)
{
	int rc = 0;

	if (e->len + len + 2 > ENCAP_MAX) {
		rc = dnsmasq_put(e->r, DHCP4_OPT_VENDOR_ENCAP, e->buf, e->len);
		e->len = 0;
	}
	if (rc < 0 || len + 2 > ENCAP_MAX)
		return rc;
	e->buf[e->len++] = code;
	e->buf[e->len++] = (uint8_t)len;
	if (len > 0)
		memcpy(e->buf + e->len, data, len);
	e->len += len;
	e->sent = true;
	return 0;
}

static int
encap_end(struct encap *e)
{
	if (!e->sent)
		return 0;
	e->buf[e->len++] = DHCP4_OPT_END;
	return dnsmasq_put(e->r, DHCP4_OPT_VENDOR_ENCAP, e->buf,
	    e->len <= ENCAP_MAX ? e->len : ENCAP_MAX);
}

static int
encap_options(struct encap *e)
{
	struct dnsmasq_run *r = e->r;
	int rc = 0;

	for (const struct dnsmasq_option *o = r->tree->options;
	    o != NULL && rc == 0; o = o->next) {
		size_t len = o->len;

		if (!(r->state[o->id] & DNSMASQ_S_VENDOR))
			continue;
		/* The data has a NUL after it. */
		if (r->nul_strings && o->flags & DNSMASQ_O_STRING && len < 255)
			len++;
		rc = encap_add(e, (uint8_t)o->code, o->data, len);
		if (rc == 0)
			rc = dnsmasq_because(r, o->filter, &r->eff, &o->pos);
	}
	return rc;
}

/* The menu of the client's architecture, and where its servers are. */
struct menu {
	uint8_t items[PXE_LIST_MAX], servers[PXE_LIST_MAX];
	struct wr items_w, servers_w;
	unsigned int n;
	uint8_t discovery;
	bool too_large;
};

static int
menu_add(struct dnsmasq_run *r, struct menu *m, const struct dnsmasq_service *s)
{
	struct in_addr server = s->basename != NULL ? r->local :
	    s->server_name != NULL ? dnsmasq_resolve(r, s->server_name) :
	    s->server;
	size_t len = strlen(s->menu);

	if (m->items_w.len + len + 3 >= PXE_LIST_MAX ||
	    (server.s_addr != 0 && m->servers_w.len + 7 >= PXE_LIST_MAX)) {
		m->too_large = true;
		return 0;
	}
	wr_u16(&m->items_w, s->type);
	wr_u8(&m->items_w, (uint8_t)len);
	wr_bytes(&m->items_w, s->menu, len);
	m->n++;
	if (server.s_addr != 0) {
		wr_u16(&m->servers_w, s->type);
		wr_u8(&m->servers_w, 1);
		wr_bytes(&m->servers_w, &server.s_addr, 4);
	} else if (s->type != 0) {
		m->discovery = 2;       /* let the client ask for one */
	}
	return dnsmasq_because(r, s->filter, &r->eff, &s->pos);
}

/* Option 43 of a PXE answer. Return by @ret_sent if there was anything. */
int
dnsmasq_pxe_encap(struct dnsmasq_run *r, bool *ret_sent)
{
	struct encap e = { .r = r };
	struct menu m = { .discovery = 3 };
	uint8_t prompt[] = { 0, 'P', 'X', 'E' };
	bool has_prompt = false;
	int rc = 0;

	m.items_w = wr_init(m.items, sizeof(m.items));
	m.servers_w = wr_init(m.servers, sizeof(m.servers));
	for (const struct dnsmasq_service *s = r->tree->services;
	    s != NULL && rc == 0 && !m.too_large && r->arch >= 0; s = s->next)
		if (service_fits(r, s))
			rc = menu_add(r, &m, s);
	for (const struct dnsmasq_option *o = r->tree->options; o != NULL;
	    o = o->next)
		has_prompt |= r->state[o->id] & DNSMASQ_S_VENDOR &&
		    o->code == PXE_PROMPT;
	if (rc == 0 && r->arch >= 0 && !m.too_large) {
		if (m.n == 0)
			m.discovery = 8;        /* no menu: just load the file */
		/* Without a prompt, wait where there is a choice. */
		prompt[0] = m.n > 1 ? 255 : 0;
		rc = encap_add(&e, PXE_DISCOVERY, &m.discovery, 1);
		if (rc == 0 && !has_prompt)
			rc = encap_add(&e, PXE_PROMPT, prompt, sizeof(prompt));
		if (rc == 0 && m.servers_w.len > 0)
			rc = encap_add(&e, PXE_SERVERS, m.servers,
			    m.servers_w.len);
		if (rc == 0 && m.n > 0)
			rc = encap_add(&e, PXE_MENU, m.items, m.items_w.len);
	}
	if (rc == 0)
		rc = encap_options(&e);
	if (rc == 0)
		rc = encap_end(&e);
	*ret_sent = e.sent;
	return rc;
}

/* Option 43.71 of a request: the menu's item that was chosen. */
static bool
boot_item(const struct dhcp4_msg *msg, uint8_t ret[4])
{
	const struct dhcp4_opt *opt = dhcp4_opt(msg, DHCP4_OPT_VENDOR_ENCAP);
	struct rd rd;

	if (opt == NULL || opt->len < 4)
		return false;
	rd = rd_init(opt->data, opt->len);
	while (rd.left > 1) {
		uint8_t code = rd_u8(&rd);
		size_t len;
		const uint8_t *p;

		if (code == DHCP4_OPT_END)
			break;
		if (code == DHCP4_OPT_PAD)
			continue;
		len = rd_u8(&rd);
		p = rd_take(&rd, len);
		if (p != NULL && code == PXE_BOOT_ITEM && len >= 4) {
			memcpy(ret, p, 4);
			return true;
		}
	}
	return false;
}

static const struct dnsmasq_range *
range_of_client(const struct dnsmasq_run *r)
{
	for (size_t i = 0; i < r->n_ranges; i++)
		if (dnsmasq_when_true(r->ranges[i]->filter, &r->eff, true) &&
		    dnsmasq_same_net(r->msg->ciaddr, r->ranges[i]->start,
		    dnsmasq_mask(r->tree, r->ranges[i], r->local)))
			return r->ranges[i];
	return NULL;
}

static int
head(struct dnsmasq_run *r, uint8_t type)
{
	int rc = dnsmasq_put_u8(r, DHCP4_OPT_MSG_TYPE, type);

	if (rc == 0)
		rc = dnsmasq_put_ip(r, DHCP4_OPT_SERVER_ID, r->local);
	return rc < 0 ? rc : dnsmasq_pxe_misc(r);
}

static int
boot_server(struct dnsmasq_run *r, const uint8_t item[4])
{
	const struct dnsmasq_service *s = r->tree->services;
	unsigned int type = (unsigned int)item[0] << 8 | item[1];
	unsigned int layer = (unsigned int)item[2] << 8 | item[3];
	struct dhcp4_msg *out = &r->ret->msg;
	struct encap e = { .r = r };
	int rc;

	while (s != NULL && s->type != type)
		s = s->next;
	if (r->ignored || layer & LAYER_BIS || s == NULL ||
	    s->basename == NULL || range_of_client(r) == NULL)
		return 0;
	out->siaddr = s->server_name != NULL ?
	    dnsmasq_resolve(r, s->server_name) :
	    s->server.s_addr != 0 ? s->server : r->local;
	if (strchr(s->basename, '.') != NULL)
		dnsmasq_copy_field(out->file, sizeof(out->file), s->basename);
	else
		snprintf((char *)out->file, sizeof(out->file), "%s.%u",
		    s->basename, layer);
	rc = head(r, DHCP4_ACK);
	if (rc == 0) {
		dnsmasq_prune_vendor(r);
		rc = encap_add(&e, PXE_BOOT_ITEM, item, 4);
	}
	if (rc == 0)
		rc = encap_options(&e);
	if (rc == 0)
		rc = encap_end(&e);
	if (rc == 0)
		rc = dnsmasq_because(r, NULL, &r->eff, &s->pos);
	r->ret->answered = rc == 0;
	r->ret->is_proxy = true;
	return rc;
}

static const struct dnsmasq_range *
proxy_range(const struct dnsmasq_run *r)
{
	for (size_t i = 0; i < r->n_ranges; i++)
		if (r->ranges[i]->is_proxy &&
		    dnsmasq_when_true(r->ranges[i]->filter, &r->eff, true))
			return r->ranges[i];
	return NULL;
}

static int
proxy(struct dnsmasq_run *r, const struct dnsmasq_range *range)
{
	bool discover = dhcp4_type(r->msg) == DHCP4_DISCOVER;
	struct dhcp4_msg *out = &r->ret->msg;
	const struct dnsmasq_boot *boot;
	bool redirect = r->arch >= ARCH_FIRST_UEFI, single, sent;
	int rc;

	if (r->ignored)
		return 0;
	if (range->tag != NULL) {
		dnsmasq_tag_put(&r->tags, range->tag, &range->pos);
		dnsmasq_tag_ifs(r, &r->tags, &r->eff);
	}
	rc = dnsmasq_because(r, range->filter, &r->eff, &range->pos);
	if (rc < 0)
		return rc;
	boot = dnsmasq_find_boot(r);
	if (discover || r->msg->ciaddr.s_addr == 0)
		out->flags |= DHCP4_FLAG_BROADCAST;
	if (redirect)
		out->siaddr = r->local;
	single = dnsmasq_single_service(r, r->req->pxe_port);
	if (!single && boot != NULL) {
		if (boot->server.s_addr != 0)
			out->siaddr = boot->server;
		else if (boot->server_name != NULL)
			out->siaddr = dnsmasq_resolve(r, boot->server_name);
		if (boot->file != NULL)
			dnsmasq_copy_field(out->file, sizeof(out->file),
			    boot->file);
		rc = dnsmasq_because(r, boot->filter, &r->eff, &boot->pos);
	}
	if (rc == 0)
		rc = head(r, discover ? DHCP4_OFFER : DHCP4_ACK);
	dnsmasq_prune_vendor(r);
	if (rc == 0 && ((r->req->pxe_port && !single) || !redirect))
		rc = dnsmasq_pxe_encap(r, &sent);
	r->ret->answered = rc == 0;
	r->ret->is_proxy = true;
	return rc;
}

/* What a PXE client gets before, or instead of, an address. */
int
dnsmasq_pxe_answer(struct dnsmasq_run *r, bool *ret_done)
{
	const struct dhcp4_opt *opt;
	const struct dnsmasq_range *range;
	int type = dhcp4_type(r->msg);
	uint8_t item[4];

	*ret_done = true;
	opt = dhcp4_opt(r->msg, DHCP4_OPT_UUID);
	if (opt != NULL && opt->len >= 17)
		r->uuid = opt->data;
	if ((type == DHCP4_REQUEST || type == DHCP4_INFORM) &&
	    boot_item(r->msg, item))
		return boot_server(r, item);
	opt = dhcp4_opt(r->msg, DHCP4_OPT_ARCH);
	if (opt != NULL && opt->len >= 2) {
		r->arch = opt->data[0] << 8 | opt->data[1];
		range = proxy_range(r);
		if (range != NULL && (type == DHCP4_DISCOVER ||
		    (r->req->pxe_port && type == DHCP4_REQUEST)))
			return proxy(r, range);
	}
	*ret_done = false;
	return 0;
}
