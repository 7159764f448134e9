#include "report/predict.h"

#include "report/json.h"
#include "wire/dhcp_opt.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* A header field up to its NUL; nothing where it holds options. */
static struct rd
field(const uint8_t *bytes, size_t len, bool overloaded)
{
	return rd_init(bytes, overloaded ? 0 :
	    strnlen((const char *)bytes, len));
}

static struct rd
file_of(const struct dhcp4_msg *m)
{
	return field(m->file, sizeof(m->file), (m->overload & 1) != 0);
}

static struct rd
sname_of(const struct dhcp4_msg *m)
{
	return field(m->sname, sizeof(m->sname), (m->overload & 2) != 0);
}

/* The source line of a reason, if it says more than the reason itself. */
static const char *
source_line(const struct config *c, const struct reason *r)
{
	const struct config_ops *ops = config_ops(c);
	const char *line = ops->line && r->line ?
	    ops->line(config_tree(c), r->file, r->line) : NULL;

	if (!line)
		return NULL;
	line += strspn(line, " \t");
	return *line && !strstr(r->text, line) ? line : NULL;
}

static void
text_field(struct sbuf *out, const char *name, struct rd value)
{
	if (value.left == 0)
		return;
	sbuf_printf(out, "  %-12s ", name);
	sbuf_escape(out, value.p, value.left);
	sbuf_addc(out, '\n');
}

static void
text_reasons(const struct reason *list, const struct config *c,
    struct sbuf *out)
{
	if (list)
		sbuf_add(out, "because:\n");
	for (const struct reason *r = list; r; r = r->next) {
		const char *line = source_line(c, r);

		sbuf_add(out, "  ");
		if (r->file[0]) {
			sbuf_escape(out, r->file, strlen(r->file));
			sbuf_addc(out, ':');
		}
		if (r->line)
			sbuf_printf(out, "%u: ", r->line);
		sbuf_show(out, r->text, strlen(r->text));
		sbuf_addc(out, '\n');
		if (line) {
			sbuf_add(out, "      ");
			sbuf_show(out, line, strlen(line));
			sbuf_addc(out, '\n');
		}
	}
}

static void
text_answer(const struct answer *a, const char *title,
    const struct config *c, struct sbuf *out)
{
	const struct dhcp4_msg *m = &a->msg;
	char ip[IP_TEXT_MAX];

	if (!a->answered) {
		sbuf_printf(out, "%s: no answer\n", title);
		text_reasons(a->reasons, c, out);
		return;
	}
	sbuf_printf(out, "%s:%s\n", title,
	    a->is_proxy ? " boot data only, another server gives the address" :
	    "");
	if (m->yiaddr.s_addr)
		sbuf_printf(out, "  %-12s %s\n", "address",
		    ipv4_format(m->yiaddr, ip));
	sbuf_printf(out, "  %-12s %s\n", "next-server",
	    ipv4_format(m->siaddr, ip));
	text_field(out, "file", file_of(m));
	text_field(out, "server-name", sname_of(m));
	for (size_t i = 0; i < m->n_opts; i++) {
		const struct dhcp_opt_info *info =
		    dhcp_opt_info(DHCP_SPACE_MAIN, m->opts[i].code);

		sbuf_printf(out, "  option %-5u ", m->opts[i].code);
		if (info)
			sbuf_printf(out, "%s ", info->name);
		dhcp4_opt_format(out, m, &m->opts[i]);
		sbuf_addc(out, '\n');
	}
	text_reasons(a->reasons, c, out);
}

void
report_predict_text(const struct exchange *x, const struct config *c,
    struct sbuf *out)
{
	text_answer(&x->answer, "the answer", c, out);
	if (x->asked_pxe_port)
		text_answer(&x->pxe_answer, "the answer on port 4011", c, out);
}

static void
add_option(json_t *all, unsigned int code, const char *name,
    const uint8_t *data, size_t len)
{
	json_t *one = json_object();
	struct sbuf hex = SBUF_EMPTY;
	char key[8];

	(void)snprintf(key, sizeof(key), "%u", code);
	if (name)
		report_set_str(one, "name", name);
	if (len > 0 && text_is_clean(data, len))
		report_set_bytes(one, "text", data, len);
	sbuf_hex(&hex, data, len, "");
	json_object_set_new(one, "hex", json_string(sbuf_str(&hex)));
	sbuf_release(&hex);
	json_object_set_new(all, key, one);
}

static json_t *
json_options(const struct dhcp4_msg *m)
{
	json_t *all = json_object();

	for (size_t i = 0; i < m->n_opts; i++) {
		const struct dhcp4_opt *o = &m->opts[i];
		const struct dhcp_opt_info *info =
		    dhcp_opt_info(DHCP_SPACE_MAIN, o->code);

		add_option(all, o->code, info ? info->name : NULL, o->data,
		    o->len);
	}
	return all;
}

static json_t *
json_reasons(const struct reason *list, const struct config *c)
{
	json_t *all = json_array();

	for (const struct reason *r = list; r; r = r->next) {
		json_t *one = json_object();
		const char *line = source_line(c, r);
		json_t *source;

		report_set_bytes(one, "file", r->file, strlen(r->file));
		json_object_set_new(one, "line", json_integer(r->line));
		report_set_bytes(one, "text", r->text, strlen(r->text));
		source = line ? json_string(line) : NULL;
		if (source)             /* valid UTF-8, with its tabs */
			json_object_set_new(one, "source", source);
		json_array_append_new(all, one);
	}
	return all;
}

static void
json_answer(json_t *to, const struct answer *a, const struct config *c)
{
	const struct dhcp4_msg *m = &a->msg;
	struct rd file = file_of(m);
	struct rd sname = sname_of(m);
	char ip[IP_TEXT_MAX];

	json_object_set_new(to, "answered", json_boolean(a->answered));
	if (a->answered && m->yiaddr.s_addr)
		json_object_set_new(to, "yiaddr",
		    json_string(ipv4_format(m->yiaddr, ip)));
	if (a->answered) {
		json_object_set_new(to, "is_proxy", json_boolean(a->is_proxy));
		json_object_set_new(to, "next_server",
		    json_string(ipv4_format(m->siaddr, ip)));
		report_set_bytes(to, "file", file.p, file.left);
		report_set_bytes(to, "server_name", sname.p, sname.left);
		json_object_set_new(to, "options", json_options(m));
	}
	json_object_set_new(to, "because", json_reasons(a->reasons, c));
}

int
report_predict_json(const struct exchange *x, const struct config *c,
    int indent, struct sbuf *out)
{
	json_t *root = report_head("predict");

	json_answer(root, &x->answer, c);
	if (x->asked_pxe_port) {
		json_t *proxy = json_object();

		json_answer(proxy, &x->pxe_answer, c);
		json_object_set_new(root, "proxy", proxy);
	}
	return report_dump(root, indent, out);
}

void
report_predict6_text(const struct answer6 *a, const struct config *c,
    struct sbuf *out)
{
	if (!a->answered)
		sbuf_add(out, "the answer: no answer\n");
	else
		sbuf_printf(out, "the answer by DHCPv6, %s address:\n",
		    a->has_address ? "with an" : "without an");
	for (size_t i = 0; a->answered && i < a->msg.n_opts; i++) {
		const struct dhcp6_opt *o = &a->msg.opts[i];
		const struct dhcp6_opt_info *info = dhcp6_opt_info(o->code);

		sbuf_printf(out, "  option %-5u %s%s", o->code,
		    info ? info->name : "", info ? " " : "");
		dhcp6_opt_format(out, o);
		sbuf_addc(out, '\n');
	}
	text_reasons(a->reasons, c, out);
}

/* The address in "tftp://[address]/path"; "::" where there is none. */
static void
server_of(const struct dhcp6_opt *url, char *buf, size_t cap)
{
	const char *open = url ? memchr(url->data, '[', url->len) : NULL;
	size_t left = open ? url->len - (size_t)(open + 1 -
	    (const char *)url->data) : 0;
	const char *close = open ? memchr(open + 1, ']', left) : NULL;
	struct in6_addr a;

	(void)text_copy(buf, cap, "::");
	if (!close || (size_t)(close - open - 1) >= cap)
		return;
	memcpy(buf, open + 1, (size_t)(close - open - 1));
	buf[close - open - 1] = '\0';
	if (inet_pton(AF_INET6, buf, &a) != 1)
		(void)text_copy(buf, cap, "::");
}

int
report_predict6_json(const struct answer6 *a, const struct config *c,
    int indent, struct sbuf *out)
{
	const struct dhcp6_opt *url = dhcp6_opt(&a->msg,
	    DHCP6_OPT_BOOTFILE_URL);
	json_t *root = report_head("predict");
	json_t *all = json_object();
	char server[INET6_ADDRSTRLEN];

	server_of(url, server, sizeof(server));
	json_object_set_new(root, "answered", json_boolean(a->answered));
	for (size_t i = 0; i < a->msg.n_opts; i++) {
		const struct dhcp6_opt *o = &a->msg.opts[i];
		const struct dhcp6_opt_info *info = dhcp6_opt_info(o->code);

		add_option(all, o->code, info ? info->name : NULL, o->data,
		    o->len);
	}
	if (a->answered) {
		json_object_set_new(root, "has_address",
		    json_boolean(a->has_address));
		json_object_set_new(root, "next_server", json_string(server));
		json_object_set_new(root, "server_name", json_string(""));
		report_set_bytes(root, "file", url ? url->data :
		    (const uint8_t *)"", url ? url->len : 0);
		json_object_set_new(root, "options", all);
	} else {
		json_decref(all);
	}
	json_object_set_new(root, "because", json_reasons(a->reasons, c));
	return report_dump(root, indent, out);
}
