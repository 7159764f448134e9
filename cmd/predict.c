/*
 * predict.c - pxetool predict: the answer that a DHCP server with this
 * configuration will give.
 */
#include "cmd.h"

#include "base/file.h"
#include "capture/dissect.h"
#include "config/config.h"
#include "lint/ask.h"
#include "lint/exchange.h"
#include "report/predict.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { REQUESTS_MAX = 256 * 1024 * 1024 };

struct predict_opts {
	const char *dialect, *root;
	const char *persona, *arch, *vendor_class, *user_class;
	const char *mac, *uuid, *giaddr, *circuit_id, *prl, *server_ip;
	struct cmd_list options;
	bool pxe_port;
	const char *request, *requests;
};

#define TEXT_ROW(name, arg, help, field) \
	{ 0, name, arg, help, opt_string, OPT(predict_opts, field) }

static const struct cmd_opt predict_rows[] = {
	TEXT_ROW("persona", "name", "ask as this client does", persona),
	TEXT_ROW("arch", "number", "option 93 of the request", arch),
	TEXT_ROW("vendor-class", "text", "option 60", vendor_class),
	TEXT_ROW("user-class", "text", "option 77, as it is", user_class),
	TEXT_ROW("mac", "address", "hardware address", mac),
	TEXT_ROW("uuid", "uuid", "option 97", uuid),
	TEXT_ROW("giaddr", "address", "relay that the request came by", giaddr),
	TEXT_ROW("circuit-id", "text", "the relay's circuit id", circuit_id),
	{ 0, "option", "code=hex", "any option of the request; repeatable",
	    opt_list, OPT(predict_opts, options) },
	TEXT_ROW("prl", "codes", "parameter request list, as 1,3,66,67", prl),
	{ 0, "pxe-port", NULL, "ask on port 4011",
	    opt_true, OPT(predict_opts, pxe_port) },
	TEXT_ROW("request", "file", "a request in a capture, FILE[:FRAME]",
	    request),
	TEXT_ROW("requests", "file", "many, as one JSON object a line",
	    requests),
	TEXT_ROW("server-ip", "address", "the server's own address",
	    server_ip),
	TEXT_ROW("dialect", "name", "isc, dnsmasq, kea or windows", dialect),
	TEXT_ROW("root", "dir", "where absolute paths of includes begin",
	    root),
	{ 0 },
};

/* What was said with options, and what one request adds to it. */
static int
ask_options(const struct predict_opts *o, struct ask *a, struct diag *diag)
{
	const struct { const char *name, *value; } rows[] = {
		{ "persona", o->persona }, { "arch", o->arch },
		{ "vendor-class", o->vendor_class },
		{ "user-class", o->user_class }, { "mac", o->mac },
		{ "uuid", o->uuid }, { "giaddr", o->giaddr },
		{ "circuit-id", o->circuit_id }, { "prl", o->prl },
		{ "server-ip", o->server_ip },
	};
	struct diag why = { .text = "" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int rc = rows[i].value ?
		    ask_set(a, rows[i].name, rows[i].value, &why) : 0;

		if (rc < 0) {
			diag_set(diag, "--%s: %s", rows[i].name, why.text);
			return rc;
		}
	}
	for (size_t i = 0; i < o->options.n; i++) {
		int rc = ask_set(a, "option", o->options.value[i], &why);

		if (rc < 0) {
			diag_set(diag, "--option: %s", why.text);
			return rc;
		}
	}
	a->pxe_port = o->pxe_port;
	return 0;
}

/* A value of a JSON line: text, a number, true, or a list or object of them. */
static int
ask_json(struct ask *a, const char *name, json_t *v, struct diag *diag)
{
	struct sbuf text = SBUF_EMPTY;
	const char *key;
	json_t *one;
	size_t i;
	int rc = 0;

	if (json_is_object(v)) {        /* "option": {"93": "0007"} */
		json_object_foreach(v, key, one) {
			sbuf_clear(&text);
			sbuf_printf(&text, "%s=%s", key, json_is_string(one) ?
			    json_string_value(one) : "");
			if (rc == 0)
				rc = ask_set(a, "option", sbuf_str(&text),
				    diag);
		}
	} else if (json_is_array(v) && strcmp(name, "prl") != 0) {
		json_array_foreach(v, i, one) {
			if (rc == 0)
				rc = ask_json(a, name, one, diag);
		}
	} else {
		if (json_is_integer(v))
			sbuf_printf(&text, "%lld",
			    (long long)json_integer_value(v));
		else if (json_is_boolean(v))
			sbuf_add(&text, json_is_true(v) ? "true" : "false");
		else if (json_is_string(v))
			sbuf_add(&text, json_string_value(v));
		json_array_foreach(v, i, one) {
			sbuf_sep(&text, ",");
			sbuf_printf(&text, "%lld",
			    (long long)json_integer_value(one));
		}
		rc = json_is_null(v) ? 0 :
		    ask_set(a, name, sbuf_str(&text), diag);
	}
	sbuf_release(&text);
	return rc;
}

static int
predict_one(const struct cmd_run *run, struct config *c, const struct ask *a,
    struct sbuf *out, struct diag *diag)
{
	const struct predict_opts *o = run->opts;
	struct policy policy = config_policy(c);
	struct request req = {
		.server_ip = a->server_ip, .pxe_port = a->pxe_port,
	};
	struct dhcp4_msg msg;
	struct exchange x;
	size_t n = 0;
	const struct config_network *net = config_ops(c)->networks ?
	    config_ops(c)->networks(config_tree(c), &n) : NULL;
	int rc = ask_request(a, &msg);

	if (rc < 0) {
		diag_sys(diag, rc, "cannot build the request");
		return rc;
	}
	/*
	 * A local request comes from the first network, if none is named. An
	 * address that a relay would have there is as good as the server's.
	 */
	if (!req.server_ip.s_addr && n > 0)
		req.server_ip = net[0].server_ip.s_addr ? net[0].server_ip :
		    net[0].giaddr;
	req.msg = &msg;
	rc = exchange_run(&policy, &req, a->persona, 0, &x, diag);
	dhcp4_msg_release(&msg);
	if (rc < 0)
		return rc;
	if (run->format == CMD_JSON)
		rc = report_predict_json(&x, c, o->requests ? 0 : 2, out);
	else
		report_predict_text(&x, c, out);
	exchange_release(&x);
	if (rc < 0)
		diag_set(diag, "out of memory");
	return rc;
}

/* By DHCPv6; where no relay is named, from an interface that is configured. */
static int
predict_one6(const struct cmd_run *run, struct config *c, const struct ask *a,
    struct sbuf *out, struct diag *diag)
{
	const struct predict_opts *o = run->opts;
	struct request6 req = { .link = a->link, .iface = "",
	    .has_mac = a->has_mac };
	struct dhcp6_msg msg;
	struct answer6 answer;
	int rc = ask_request6(a, &msg);

	if (rc < 0) {
		diag_sys(diag, rc, "cannot build the request");
		return rc;
	}
	req.msg = &msg;
	memcpy(req.mac, a->mac, sizeof(req.mac));
	answer6_init(&answer);
	rc = config_ops(c)->answer6(config_tree(c), &req, &answer, diag);
	dhcp6_msg_release(&msg);
	if (rc == 0 && run->format == CMD_JSON)
		rc = report_predict6_json(&answer, c, o->requests ? 0 : 2, out);
	else if (rc == 0)
		report_predict6_text(&answer, c, out);
	answer6_release(&answer);
	return rc;
}

static int
predict_line(const struct cmd_run *run, struct config *c, const char *line,
    size_t len, struct sbuf *out, struct diag *diag)
{
	struct ask a = { .is_v6 = config_is_v6(c) };
	json_error_t why;
	json_t *root = json_loadb(line, len, 0, &why);
	const char *key;
	json_t *v;
	int rc = -EINVAL;

	if (!json_is_object(root)) {
		diag_set(diag, "%s", root ? "no JSON object" : why.text);
		goto out;
	}
	rc = ask_options(run->opts, &a, diag);
	json_object_foreach(root, key, v) {
		if (rc == 0)
			rc = ask_json(&a, strcmp(key, "options") == 0 ?
			    "option" : key, v, diag);
	}
	if (rc == 0)
		rc = (a.is_v6 ? predict_one6 : predict_one)(run, c, &a, out,
		    diag);
out:
	ask_release(&a);
	json_decref(root);
	return rc;
}

static int
predict_lines(const struct cmd_run *run, struct config *c, struct sbuf *out,
    struct diag *diag)
{
	const char *path = ((struct predict_opts *)run->opts)->requests;
	struct diag why = { .text = "" };
	char *text = NULL;
	unsigned int line = 0;
	size_t len;
	size_t at = 0;
	int rc = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path,
	    REQUESTS_MAX, &text, &len, diag);

	while (rc == 0 && at < len) {
		const char *nl = memchr(text + at, '\n', len - at);
		size_t n = nl ? (size_t)(nl - text) - at : len - at;

		line++;
		if (strspn(text + at, " \t\r") < n)
			rc = predict_line(run, c, text + at, n, out, &why);
		if (rc < 0) {
			diag_set(diag, "%s", why.text);
			diag_at(diag, path, line, 0);
		}
		at += n + 1;
	}
	free(text);
	return rc;
}

/* The first request of a client, or the frame with that number. */
static int
find_request(struct capture_reader *r, uint64_t number, struct ask *a,
    struct dhcp4_msg *ret, struct diag *diag)
{
	struct dissector *d = dissector_new(capture_link(r));
	struct capture_frame frame;
	struct packet p;
	int rc = d ? 1 : -ENOMEM;
	bool found = false;

	while (rc > 0 && !found && (rc = capture_next(r, &frame, diag)) > 0) {
		if (dissect(d, &frame, &p) < 0)
			rc = -ENOMEM;
		found = rc > 0 && p.proto == PROTO_DHCP4 && p.has_message &&
		    p.dhcp4.op == DHCP4_BOOTREQUEST &&
		    (number == 0 || frame.number == number);
		if (found) {
			rc = ask_copy(&p.dhcp4, ret);
			a->pxe_port = p.frame.dport == DHCP4_PXE_PORT;
		}
		packet_release(&p);
	}
	dissector_free(d);
	if (rc == 0 && !found) {
		rc = -ENODATA;
		diag_set(diag, "no DHCP request%s there", number ?
		    " in that frame is" : " is");
	}
	return rc;
}

static int
read_request(const char *arg, struct ask *a, struct dhcp4_msg *ret,
    struct diag *diag)
{
	const char *colon = strrchr(arg, ':');
	struct capture_reader *r = NULL;
	struct diag why = { .text = "" };
	uint64_t number = 0;
	char *path;
	int rc;

	if (colon && parse_uint(colon + 1, 1, UINT64_MAX, &number, NULL) < 0)
		colon = NULL;
	path = strndup(arg, colon ? (size_t)(colon - arg) : strlen(arg));
	if (!path)
		return -ENOMEM;
	rc = capture_open(path, &r, &why);
	if (rc == 0)
		rc = find_request(r, number, a, ret, &why);
	if (rc < 0)
		diag_set(diag, "--request: %s", why.text);
	capture_close(r);
	free(path);
	return rc;
}

static int
predict_single(const struct cmd_run *run, struct config *c, struct sbuf *out,
    struct diag *diag)
{
	const struct predict_opts *o = run->opts;
	struct ask a = { .is_v6 = config_is_v6(c) };
	struct dhcp4_msg captured;
	int rc = ask_options(o, &a, diag);

	if (rc == 0 && o->request && a.is_v6) {
		rc = -ENOTSUP;
		diag_set(diag, "--request: requests of DHCPv6 are not taken "
		    "from captures");
	} else if (rc == 0 && o->request) {
		rc = read_request(o->request, &a, &captured, diag);
		a.msg = rc == 0 ? &captured : NULL;
	}
	if (rc == 0)
		rc = (a.is_v6 ? predict_one6 : predict_one)(run, c, &a, out,
		    diag);
	if (a.msg)
		dhcp4_msg_release(&captured);
	ask_release(&a);
	return rc;
}

static int
predict_run(const struct cmd_run *run)
{
	const struct predict_opts *o = run->opts;
	struct config_conf conf = {
		.paths = run->args, .n_paths = (size_t)run->n_args,
		.root = o->root,
	};
	struct config *c = NULL;
	struct sbuf out = SBUF_EMPTY;
	struct diag diag = { .text = "out of memory" };
	int status;
	int rc = 0;

	if (o->dialect) {
		conf.dialect = config_dialect_find(o->dialect);
		if (conf.dialect == CONFIG_UNKNOWN) {
			diag_set(&diag, "--dialect: '%s' is none of isc, "
			    "dnsmasq, kea, windows", o->dialect);
			return cmd_error(run, &diag);
		}
	}
	if (o->server_ip)
		rc = parse_ipv4(o->server_ip, &conf.server_ip, &diag);
	if (rc == 0)
		rc = config_load(&conf, &c, &diag);
	if (rc == 0)
		rc = o->requests ? predict_lines(run, c, &out, &diag) :
		    predict_single(run, c, &out, &diag);
	status = rc < 0 ? cmd_error(run, &diag) :
	    cmd_output(run, &out, EXIT_CLEAN);
	config_free(c);
	sbuf_release(&out);
	return status;
}

const struct cmd cmd_predict = {
	.name = "predict",
	.summary = "tell the answer a DHCP server's configuration will give",
	.usage = "[options] config ...", .opts = predict_rows,
	.opts_size = sizeof(struct predict_opts),
	.min_args = 1, .max_args = CMD_ARGS_ANY,
	.formats = CMD_TEXT | CMD_JSON, .run = predict_run,
};
