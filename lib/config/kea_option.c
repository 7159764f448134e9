#include "config/kea_option.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	size_t len;                     /* 0: varies */
} types[KEA_N_TYPES] = {
	[KEA_T_EMPTY] = { "empty", 0 },
	[KEA_T_BINARY] = { "binary", 0 },
	[KEA_T_BOOLEAN] = { "boolean", 1 },
	[KEA_T_INT8] = { "int8", 1 },
	[KEA_T_INT16] = { "int16", 2 },
	[KEA_T_INT32] = { "int32", 4 },
	[KEA_T_UINT8] = { "uint8", 1 },
	[KEA_T_UINT16] = { "uint16", 2 },
	[KEA_T_UINT32] = { "uint32", 4 },
	[KEA_T_IPV4] = { "ipv4-address", 4 },
	[KEA_T_IPV6] = { "ipv6-address", 16 },
	[KEA_T_IPV6_PREFIX] = { "ipv6-prefix", 0 },
	[KEA_T_PSID] = { "psid", 3 },
	[KEA_T_STRING] = { "string", 0 },
	[KEA_T_TUPLE] = { "tuple", 0 },
	[KEA_T_FQDN] = { "fqdn", 0 },
	[KEA_T_RECORD] = { "record", 0 },
};

enum kea_type
kea_type_find(const char *name)
{
	size_t i;

	for (i = 0; i < KEA_N_TYPES; i++) {
		if (types[i].name && strcmp(types[i].name, name) == 0)
			return (enum kea_type)i;
	}
	return KEA_N_TYPES;
}

const char *
kea_type_name(enum kea_type type)
{
	if (type >= KEA_N_TYPES || !types[type].name)
		return "unknown";
	return types[type].name;
}

size_t
kea_type_len(enum kea_type type)
{
	return type < KEA_N_TYPES ? types[type].len : 0;
}

static const struct kea_option_def *
find_in(const struct kea_option_def *d, const char *space, int code,
    const char *name)
{
	for (; d; d = d->next) {
		if (strcmp(d->space, space) == 0 &&
		    (code >= 0 ? d->code == code : strcmp(d->name, name) == 0))
			return d;
	}
	return NULL;
}

static const struct kea_option_def *
find_std(const char *space, int code, const char *name)
{
	return code >= 0 ? kea_option_std(space, (unsigned int)code) :
	    kea_option_std_name(space, name);
}

/* The vendors that Kea knows: CableLabs, and for DHCPv6 ISC. */
static const char *
vendor_space(const char *space, bool is_v6)
{
	if (strcmp(space, "vendor-4491") == 0)
		return is_v6 ? "docsis3-v6" : "docsis3-v4";
	return is_v6 && strcmp(space, "vendor-2495") == 0 ? "4o6" : NULL;
}

const struct kea_option_def *
kea_option_find(const struct kea_option_def *of_class,
    const struct kea_option_def *defs, bool is_v6, const char *space, int code,
    const char *name)
{
	const struct kea_option_def *d, *last = kea_option_last_resort();
	const char *vendor = vendor_space(space, is_v6);

	if (code < 0 && !name)
		return NULL;
	d = find_in(of_class, space, code, name);
	if (!d)
		d = find_std(space, code, name);
	if (!d && vendor)
		d = find_std(vendor, code, name);
	if (!d)
		d = find_in(defs, space, code, name);
	if (!d)
		d = find_in(last, space, code, name);
	return d;
}

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool
kea_space_is_valid(const char *name)
{
	size_t len = strlen(name), i;

	for (i = 0; i < len; i++) {
		if (!is_word_char(name[i]))
			return false;
	}
	return len && !strchr("-_", name[0]) && !strchr("-_", name[len - 1]);
}

/* Text and bytes have no length of their own: they can only stand last. */
static int
check_record(const struct kea_option_def *def, struct diag *diag)
{
	enum kea_type last;
	size_t i;

	if (def->n_record < 2) {
		diag_set(diag, "invalid number of data fields: %zu specified for "
		    "the option of type 'record'. Expected at least 2 fields.",
		    def->n_record);
		return -EBADMSG;
	}
	for (i = 0; i + 1 < def->n_record; i++) {
		if (def->record[i] == KEA_T_STRING || def->record[i] == KEA_T_BINARY) {
			diag_set(diag, "%s data field can't be laid before data "
			    "fields of other types.", kea_type_name(def->record[i]));
			return -EBADMSG;
		}
	}
	last = def->record[def->n_record - 1];
	if (def->array && (last == KEA_T_STRING || last == KEA_T_BINARY)) {
		diag_set(diag, "array of %s is not a valid option definition.",
		    last == KEA_T_STRING ? "strings" : "binary values");
		return -EBADMSG;
	}
	return 0;
}

int
kea_option_def_check(const struct kea_option_def *def, struct diag *diag)
{
	if (!kea_space_is_valid(def->name)) {
		diag_set(diag, "invalid option name '%s'", def->name);
		return -EBADMSG;
	}
	if (!kea_space_is_valid(def->space)) {
		diag_set(diag, "invalid option space name: '%s'", def->space);
		return -EBADMSG;
	}
	if (*def->encapsulates && !kea_space_is_valid(def->encapsulates)) {
		diag_set(diag, "invalid encapsulated option space name: '%s'",
		    def->encapsulates);
		return -EBADMSG;
	}
	if (def->type >= KEA_N_TYPES) {
		diag_set(diag, "option type not supported.");
		return -EBADMSG;
	}
	if (def->type == KEA_T_RECORD)
		return check_record(def, diag);
	if (def->array && (def->type == KEA_T_STRING ||
	    def->type == KEA_T_BINARY || def->type == KEA_T_EMPTY)) {
		diag_set(diag, "array of %s is not a valid option definition.",
		    def->type == KEA_T_STRING ? "strings" :
		    def->type == KEA_T_BINARY ? "binary values" : "empty value");
		return -EBADMSG;
	}
	return 0;
}
