#include "lint/rules_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
rules_flaw(struct verdict *v, const char *fault, uint8_t about,
    enum fault_severity most, const char *fmt, ...)
{
	va_list ap;
	struct flaw *f;

	if (most == FAULT_ERROR)
		v->end = RULES_END_FAULT;
	if (v->n_flaws == RULES_FLAWS_MAX)
		return;
	f = &v->flaw[v->n_flaws++];
	f->fault = fault;
	f->most = most;
	f->about = about;
	va_start(ap, fmt);
	(void)vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

const struct dhcp4_msg *
rules_packet(const struct exchange *x)
{
	return x->target.file_by_proxy && x->asked_pxe_port ?
	    &x->pxe_answer.msg : &x->answer.msg;
}

bool
rules_class_starts(const struct dhcp4_msg *m, const char *prefix)
{
	const struct dhcp4_opt *o = dhcp4_opt(m, DHCP4_OPT_VENDOR_CLASS);

	return o && o->len >= strlen(prefix) &&
	    memcmp(o->data, prefix, strlen(prefix)) == 0;
}

void
rules_field(const struct dhcp4_msg *m, char *buf, size_t cap)
{
	size_t n = (m->overload & 1) ? 0 :
	    strnlen((const char *)m->file, sizeof(m->file));

	n = n < cap ? n : cap - 1;
	memcpy(buf, m->file, n);
	buf[n] = '\0';
}

int
rules_judge(const struct rules_conf *c, const struct kind *k,
    const struct exchange *x, struct verdict *ret)
{
	struct rules r = { .c = c, .k = k, .x = x, .v = ret };

	memset(ret, 0, sizeof(*ret));
	ret->end = RULES_END_UNKNOWN;
	if (!x->answer.answered) {
		ret->end = RULES_END_SILENT;
		return 0;
	}
	if (k->persona.kind == PERSONA_UEFI_HTTP && !c->http_wanted &&
	    !rules_class_starts(&x->answer.msg, "HTTPClient")) {
		ret->end = RULES_END_NONE;
		return 0;
	}
	rules_pxe(&r);
	if (x->boots_local) {
		ret->end = RULES_END_LOCAL;
		return 0;
	}
	if (!x->has_file) {
		rules_no_file(&r);
		return 0;
	}
	rules_name(&r);
	rules_server(&r);
	return ret->end == RULES_END_FAULT ? 0 : rules_file(&r);
}

const char *
rules_end_name(const struct verdict *v)
{
	static const char *const names[] = {
		[RULES_END_FAULT] = "fault", [RULES_END_NEXT] = "ipxe",
		[RULES_END_SCRIPT] = "script", [RULES_END_PROGRAM] = "program",
		[RULES_END_SAN] = "san",
		[RULES_END_LOCAL] = "local", [RULES_END_UNKNOWN] = "unknown",
		[RULES_END_NONE] = "none", [RULES_END_SILENT] = "no answer",
	};

	for (size_t i = 0; v->end == RULES_END_FAULT && i < v->n_flaws; i++) {
		if (v->flaw[i].most == FAULT_ERROR)
			return v->flaw[i].fault;
	}
	if (v->end == RULES_END_PROGRAM && v->file)
		return bootfile_kind_name(v->file->kind);
	return names[v->end];
}
