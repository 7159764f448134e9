#include "report/build.h"

#include "report/boot.h"
#include "report/json.h"

#include <string.h>

static const char *
how(const struct build_image *i)
{
	return i->cached ? i->patched ? "patched" : "unchanged" :
	    i->patched ? "linked and patched" : "linked";
}

void
report_build_text(const struct build_image *i, struct sbuf *out)
{
	char size[32];

	sbuf_printf(out, "%-20s %-32s %9s  %s in %.3f s%s%s\n",
	    i->variant->name.text, i->path, report_size(i->bytes, size),
	    how(i), i->duration_s, i->reproducible ? ", reproducible" : "",
	    i->is_signed ? ", signed" : "");
}

static json_t *
json_image(const struct build_image *i, const struct manifest *m,
    const struct tree *t)
{
	const struct manifest_variant *v = i->variant;
	json_t *o = json_object();
	json_t *in = json_object();

	json_object_set_new(o, "name", json_string(v->name.text));
	json_object_set_new(o, "target", json_string(v->target_at.text));
	json_object_set_new(o, "path", json_string(i->path));
	json_object_set_new(o, "bytes", json_integer((json_int_t)i->bytes));
	json_object_set_new(o, "sha256", json_string(i->sha256));
	json_object_set_new(o, "cached", json_boolean(i->cached));
	json_object_set_new(o, "patched", json_boolean(i->patched));
	json_object_set_new(o, "duration_s", json_real(i->duration_s));
	if (i->reproducible)
		json_object_set_new(o, "reproducible", json_true());
	if (i->is_signed)
		json_object_set_new(o, "signed", json_true());
	json_object_set_new(in, "key", json_string(i->key));
	json_object_set_new(in, "source_sha256", json_string(t->digest));
	report_set_str(in, "source_commit", t->commit);
	report_set_str(in, "script", v->script.text);
	report_set_str(in, "script_sha256", i->script_sha256);
	if (v->config)
		json_object_set_new(in, "config",
		    json_string(v->config->name.text));
	report_set_str(in, "debug", v->debug);
	report_set_str(in, "version", m->version);
	json_object_set_new(o, "inputs", in);
	return o;
}

json_t *
report_build_json(const struct build_image *i, size_t n,
    const struct manifest *m, const struct tree *t)
{
	json_t *j = report_head("build");
	json_t *list = json_array();

	for (size_t k = 0; k < n; k++)
		json_array_append_new(list, json_image(&i[k], m, t));
	json_object_set_new(j, "variants", list);
	return j;
}

void
report_build_sums(const struct build_image *i, size_t n, struct sbuf *out)
{
	for (size_t k = 0; k < n; k++)
		sbuf_printf(out, "%s  %s\n", i[k].sha256, i[k].name);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static json_t *
json_hash(const char *hex)
{
	return json_pack("[{s:s, s:s}]", "alg", "SHA-256", "content", hex);
}

json_t *
report_build_sbom(const struct build_image *i, size_t n, const struct tree *t)
{
	json_t *j = json_pack("{s:s, s:s, s:i, s:{s:[{s:s, s:s, s:s}]}}",
	    "bomFormat", "CycloneDX", "specVersion", "1.5", "version", 1,
	    "metadata", "tools", "vendor", "pxetool", "name", "pxetool",
	    "version", PXETOOL_VERSION);
	json_t *list = json_array();

	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:o}",
	    "type", "application", "bom-ref", "source", "name", "iPXE",
	    "version", t->commit[0] ? t->commit : t->digest, "hashes",
	    json_hash(t->digest)));
	for (size_t k = 0; k < n; k++) {
		json_t *parts = json_array();

		if (i[k].script_sha256[0])
			json_array_append_new(parts, json_pack(
			    "{s:s, s:s, s:o}", "type", "file", "name",
			    base_name(i[k].variant->script.text), "hashes",
			    json_hash(i[k].script_sha256)));
		json_array_append_new(list, json_pack(
		    "{s:s, s:s, s:s, s:o, s:o}", "type", "firmware",
		    "bom-ref", i[k].variant->name.text, "name",
		    i[k].name, "hashes", json_hash(i[k].sha256),
		    "components", parts));
	}
	json_object_set_new(j, "components", list);
	return j;
}
