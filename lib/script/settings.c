#include "script/settings.h"

#include "wire/dhcp_opt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct value {
	char *name;                     /* as iPXE shows it */
	uint32_t tag;                   /* 0: found by name alone */
	enum setting_type type;
	uint8_t *bytes;
	size_t len;
	struct value *next;
};

struct block {
	char *name;                     /* last component of the path; NULL: the root */
	char *path;
	/*
	 * Numbers in such a block are its own (smbios, pci), and the names of
	 * DHCP mean nothing there.
	 */
	bool own_numbers;
	bool is_packet;                 /* values are DHCP options: look inside them */
	int priority;
	int rank;                       /* among siblings of equal priority */
	unsigned int age;
	struct value *values;
	struct block *parent;
	struct block *first;            /* children, in search order */
	struct block *next;
};

struct settings {
	struct block root;
	struct block *netx;             /* what netX means; NULL: nothing */
	size_t n_blocks;
	size_t n_values;
	size_t n_bytes;
	size_t word;
	bool old;
	unsigned int births;
};

static const struct setting_ref priority_ref = {
	.name = "priority", .tag = DHCP4_OPT_IPXE << 8 | 1,
};

/* Children of the root that have a place of their own, in search order. */
static const struct {
	const char *name;
	bool own_numbers;
} fixed_blocks[] = {
	{ "builtin", false }, { "smbios", true }, { "pci", true },
	{ "usb", true }, { "acpi", true }, { "cpuid", true },
	{ "memmap", true }, { "efi", true },
};

static char *
dup_text(const char *s, size_t len)
{
	char *copy = malloc(len + 1);

	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

static void
value_free(struct settings *st, struct value *v)
{
	st->n_values--;
	st->n_bytes -= v->len;
	free(v->name);
	free(v->bytes);
	free(v);
}

static void
drop_values(struct settings *st, struct block *b)
{
	while (b->values) {
		struct value *v = b->values;

		b->values = v->next;
		value_free(st, v);
	}
}

static void
block_free(struct settings *st, struct block *b)
{
	while (b->first) {
		struct block *child = b->first;

		b->first = child->next;
		block_free(st, child);
	}
	drop_values(st, b);
	if (st->netx == b)
		st->netx = NULL;
	if (b == &st->root)
		return;
	st->n_blocks--;
	free(b->name);
	free(b->path);
	free(b);
}

struct settings *
settings_new(void)
{
	struct settings *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->word = 8;
	return st;
}

void
settings_free(struct settings *st)
{
	if (!st)
		return;
	block_free(st, &st->root);
	free(st);
}

void
settings_set_word(struct settings *st, size_t bytes)
{
	st->word = bytes;
}

void
settings_set_old(struct settings *st, bool old)
{
	st->old = old;
}

bool
settings_has_type(const struct settings *st, enum setting_type type)
{
	return !st->old || type != SETTING_T_GUID;
}

/* Finding. */

static bool
value_is(const struct value *v, const struct setting_ref *ref, uint32_t tag)
{
	if (v->tag && tag)
		return v->tag == tag;
	return strcmp(v->name, ref->name) == 0 ||
	    (ref->info && strcmp(v->name, ref->info->name) == 0);
}

static struct value *
own_value(const struct block *b, const struct setting_ref *ref, uint32_t tag)
{
	for (struct value *v = b->values; v; v = v->next)
		if (value_is(v, ref, tag))
			return v;
	return NULL;
}

static enum dhcp_space
space_of(uint32_t code)
{
	switch (code) {
	case DHCP4_OPT_VENDOR_ENCAP:
		return DHCP_SPACE_PXE;
	case DHCP4_OPT_RELAY:
		return DHCP_SPACE_RELAY;
	default:
		return DHCP_SPACE_IPXE;
	}
}

/* 175.8 of a packet: the value inside option 175. */
static bool
sub_value(const struct block *b, uint32_t tag, struct rd *ret)
{
	unsigned int shift = 24;
	struct value *v;

	while (shift > 0 && tag >> shift == 0)
		shift -= 8;
	if (shift == 0)
		return false;
	for (v = b->values; v && v->tag != tag >> shift; v = v->next)
		;
	if (!v)
		return false;
	*ret = rd_init(v->bytes, v->len);
	for (uint32_t code = tag >> shift; shift > 0;) {
		shift -= 8;
		if (!dhcp_sub_find(space_of(code), ret->p, ret->left,
		    (uint8_t)(tag >> shift), ret))
			return false;
		code = tag >> shift & 0xff;
	}
	return ret->left > 0;
}

static bool
get_own(const struct block *b, const struct setting_ref *ref, bool own_numbers,
    struct setting_value *ret)
{
	uint32_t tag = own_numbers == b->own_numbers ? ref->tag : 0;
	struct value *v = own_value(b, ref, tag);
	struct rd sub;

	ret->block = b->path ? b->path : "";
	if (v) {
		ret->bytes = v->bytes;
		ret->len = v->len;
		ret->type = v->type;
		ret->name = v->name;
		return true;
	}
	if (!b->is_packet || !sub_value(b, tag, &sub))
		return false;
	ret->bytes = sub.p;
	ret->len = sub.left;
	ret->type = SETTING_T_STRING;
	ret->name = ref->info ? ref->info->name : ref->name;
	return true;
}

/* The block itself, then its children, depth first. */
static bool
get_below(const struct settings *st, const struct block *b,
    const struct setting_ref *ref, bool own_numbers, struct setting_value *ret)
{
	if (get_own(b, ref, own_numbers, ret))
		return true;
	/* netX comes before the devices it may mean. */
	if (b == &st->root && st->netx &&
	    get_below(st, st->netx, ref, own_numbers, ret))
		return true;
	for (const struct block *c = b->first; c; c = c->next)
		if (get_below(st, c, ref, own_numbers, ret))
			return true;
	return false;
}

static struct block *
find_child(const struct settings *st, const struct block *b, const char *name,
    size_t len)
{
	if (b == &st->root && len == 4 && memcmp(name, "netX", 4) == 0)
		return st->netx;
	for (struct block *c = b->first; c; c = c->next)
		if (strlen(c->name) == len && memcmp(c->name, name, len) == 0)
			return c;
	return NULL;
}

/* Is it netX or below, while no device has been opened? */
static bool
is_unknown_netx(const struct settings *st, const char *path)
{
	path += strspn(path, ".");
	return !st->netx && strcspn(path, ".") == 4 &&
	    memcmp(path, "netX", 4) == 0;
}

static struct block *
find_block(const struct settings *st, const char *path)
{
	const struct block *b = &st->root;

	while (b && *path) {
		size_t n = strcspn(path, ".");

		if (n > 0)
			b = find_child(st, b, path, n);
		path += path[n] ? n + 1 : n;
	}
	return (struct block *)b;
}

int
settings_get(const struct settings *st, const struct setting_ref *ref,
    struct setting_value *ret)
{
	const struct block *b = find_block(st, ref->block);
	struct setting_value v;

	if (!b)
		return is_unknown_netx(st, ref->block) ? -ENOTSUP : -ENODEV;
	/* What has no name can be stored, and is not found again. */
	if (!ref->name[0] || !get_below(st, b, ref, b->own_numbers, &v))
		return -ENODATA;
	if (ref->type != SETTING_T_NONE)
		v.type = ref->type;
	else if (ref->info && !b->own_numbers)
		v.type = ref->info->type;
	*ret = v;
	return 0;
}

/* In 2019 a uristring kept its plus signs. */
static void
put_plus_back(struct sbuf *b)
{
	struct sbuf out = SBUF_EMPTY;

	for (const char *p = sbuf_str(b); *p; p++) {
		if (strncmp(p, "%2B", 3) == 0) {
			sbuf_addc(&out, '+');
			p += 2;
		} else {
			sbuf_addc(&out, *p);
		}
	}
	sbuf_release(b);
	*b = out;
}

int
settings_get_text(const struct settings *st, const char *ref_text,
    struct sbuf *b)
{
	struct setting_ref ref;
	struct setting_value v;
	struct sbuf text = SBUF_EMPTY;
	int rc;

	rc = settings_parse_ref(ref_text, &ref);
	if (rc == 0 && !settings_has_type(st, ref.type))
		rc = -ENOTSUP;
	if (rc < 0)
		return rc;
	rc = settings_get(st, &ref, &v);
	if (rc < 0)
		return rc;
	rc = setting_format(&text, v.type, v.bytes, v.len, st->word);
	if (st->old && v.type == SETTING_T_URISTRING)
		put_plus_back(&text);
	/* A NUL ends the text, as it does for iPXE. */
	if (rc == 0)
		sbuf_add(b, sbuf_str(&text));
	sbuf_release(&text);
	return rc < 0 ? -ENODATA : 0;
}

/* Storing. */

static int
rank_of(const struct block *parent, const char *name)
{
	if (parent->parent)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(fixed_blocks); i++)
		if (strcmp(fixed_blocks[i].name, name) == 0)
			return (int)i - (int)ARRAY_LEN(fixed_blocks);
	return 0;
}

static bool
goes_before(const struct block *a, const struct block *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	if (a->rank != b->rank)
		return a->rank < b->rank;
	return a->age < b->age;
}

static void
unlink_child(struct block *b)
{
	struct block **at = &b->parent->first;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
}

static void
insert_child(struct block *b)
{
	struct block **at = &b->parent->first;

	while (*at && !goes_before(b, *at))
		at = &(*at)->next;
	b->next = *at;
	*at = b;
}

/* The block's `priority`, its children's included, may have changed. */
static void
reorder(const struct settings *st, struct block *b)
{
	for (; b->parent; b = b->parent) {
		struct setting_value v;
		int64_t priority = 0;

		if (get_below(st, b, &priority_ref, false, &v) &&
		    setting_number(SETTING_T_INT8, v.bytes, v.len, 8,
		    &priority) < 0)
			priority = 0;
		b->priority = (int8_t)priority;
		unlink_child(b);
		insert_child(b);
	}
}

static struct block *
new_child(struct settings *st, struct block *parent, const char *name,
    size_t len)
{
	struct block *b;
	char path[2 * SETTING_NAME_MAX];

	b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	(void)snprintf(path, sizeof(path), "%s%s%.*s",
	    parent->path ? parent->path : "", parent->path ? "." : "",
	    (int)len, name);
	b->name = dup_text(name, len);
	b->path = dup_text(path, strlen(path));
	if (!b->name || !b->path) {
		free(b->name);
		free(b->path);
		free(b);
		return NULL;
	}
	b->parent = parent;
	b->rank = rank_of(parent, b->name);
	b->own_numbers = parent->own_numbers || (b->rank < 0 &&
	    fixed_blocks[b->rank + (int)ARRAY_LEN(fixed_blocks)].own_numbers);
	b->age = ++st->births;
	st->n_blocks++;
	insert_child(b);
	return b;
}

/* The block of that path, created where it is missing. */
static int
make_block(struct settings *st, const char *path, struct block **ret)
{
	struct block *b = &st->root;
	unsigned int depth = 0;

	if (strlen(path) >= SETTING_NAME_MAX)
		return -EMSGSIZE;
	if (is_unknown_netx(st, path))
		return -ENOTSUP;
	while (*path) {
		size_t n = strcspn(path, ".");
		struct block *child;

		child = n > 0 ? find_child(st, b, path, n) : b;
		if (!child && (++depth > SETTINGS_DEPTH_MAX ||
		    st->n_blocks >= SETTINGS_BLOCKS_MAX))
			return -EMSGSIZE;
		b = child ? child : new_child(st, b, path, n);
		if (!b)
			return -ENOMEM;
		path += path[n] ? n + 1 : n;
	}
	*ret = b;
	return 0;
}

static int
new_value(struct settings *st, struct block *b, const char *name,
    uint32_t tag, struct value **ret)
{
	struct value **at = &b->values;
	struct value *v;

	if (st->n_values >= SETTINGS_VALUES_MAX)
		return -EMSGSIZE;
	v = calloc(1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	v->name = dup_text(name, strlen(name));
	if (!v->name) {
		free(v);
		return -ENOMEM;
	}
	v->tag = tag;
	while (*at)
		at = &(*at)->next;
	*at = v;
	st->n_values++;
	*ret = v;
	return 0;
}

static void
delete_value(struct settings *st, struct block *b, struct value *v)
{
	struct value **at = &b->values;

	while (*at != v)
		at = &(*at)->next;
	*at = v->next;
	value_free(st, v);
}

/* Put bytes into one block, replacing what was there. */
static int
put_own(struct settings *st, struct block *b, const struct setting_ref *ref,
    enum setting_type type, const void *bytes, size_t len)
{
	struct value *v = own_value(b, ref, ref->tag);
	uint8_t *copy;
	int rc;

	if (len == 0) {
		if (v)
			delete_value(st, b, v);
		return 0;
	}
	if (len > SETTING_VALUE_MAX || len > SETTINGS_BYTES_MAX - st->n_bytes)
		return -EMSGSIZE;
	copy = malloc(len);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, bytes, len);
	if (!v) {
		bool known = ref->info && !b->own_numbers;

		rc = new_value(st, b, known ? ref->info->name : ref->name,
		    ref->tag, &v);
		if (rc < 0) {
			free(copy);
			return rc;
		}
	}
	st->n_bytes = st->n_bytes - v->len + len;
	free(v->bytes);
	v->bytes = copy;
	v->len = len;
	v->type = type;
	return 0;
}

/* The type that a reference without one has. */
static enum setting_type
type_of(const struct setting_ref *ref)
{
	if (ref->type != SETTING_T_NONE)
		return ref->type;
	return ref->info ? ref->info->type : SETTING_T_STRING;
}

int
settings_put(struct settings *st, const struct setting_ref *ref,
    enum setting_type type, const void *bytes, size_t len)
{
	struct block *b;
	int rc;

	rc = make_block(st, ref->block, &b);
	if (rc < 0)
		return rc;
	rc = put_own(st, b, ref, type != SETTING_T_NONE ? type : type_of(ref),
	    bytes, len);
	if (rc == 0 && ref->tag == priority_ref.tag)
		reorder(st, b);
	return rc;
}

int
settings_put_text(struct settings *st, const struct setting_ref *ref,
    const char *text)
{
	struct sbuf bytes = SBUF_EMPTY;
	int rc = 0;

	if (*text)
		rc = setting_parse(&bytes, type_of(ref), text);
	if (rc == 0 && bytes.bad)
		rc = -ENOMEM;
	if (rc == 0)
		rc = settings_put(st, ref, SETTING_T_NONE, bytes.text,
		    bytes.len);
	sbuf_release(&bytes);
	return rc;
}

/* One value of a packet, under its number. */
static int
put_tag(struct settings *st, struct block *b, uint32_t tag, const void *bytes,
    size_t len)
{
	struct setting_ref ref;
	char text[32];
	int rc;

	if (tag > 0xff)
		(void)snprintf(text, sizeof(text), "%u.%u", tag >> 8 & 0xff,
		    tag & 0xff);
	else
		(void)snprintf(text, sizeof(text), "%u", tag);
	rc = settings_parse_ref(text, &ref);
	if (rc < 0)
		return rc;
	return put_own(st, b, &ref, type_of(&ref), bytes, len);
}

static int
put_addr(struct settings *st, struct block *b, uint32_t tag, struct in_addr a)
{
	if (a.s_addr == INADDR_ANY)
		return 0;
	return put_tag(st, b, tag, &a, sizeof(a));
}

/* The header's fields go over the options of the same meaning. */
static int
put_fields(struct settings *st, struct block *b, const struct dhcp4_msg *msg)
{
	const char *file = (const char *)msg->file;
	const char *sname = (const char *)msg->sname;
	int rc;

	rc = put_addr(st, b, DHCP4_OPT_IPXE << 8 | 2, msg->yiaddr);
	if (rc == 0)
		rc = put_addr(st, b, DHCP4_OPT_IPXE << 8 | 3, msg->siaddr);
	if (rc == 0 && file[0] != '\0')
		rc = put_tag(st, b, DHCP4_OPT_BOOTFILE, file,
		    strnlen(file, sizeof(msg->file)));
	if (rc == 0 && sname[0] != '\0')
		rc = put_tag(st, b, DHCP4_OPT_TFTP_SERVER, sname,
		    strnlen(sname, sizeof(msg->sname)));
	return rc;
}

int
settings_put_dhcp(struct settings *st, const char *block,
    const struct dhcp4_msg *msg)
{
	struct block *b;
	int rc;

	rc = make_block(st, block, &b);
	if (rc < 0)
		return rc;
	drop_values(st, b);
	b->is_packet = true;
	for (size_t i = 0; i < msg->n_opts && rc == 0; i++) {
		const struct dhcp4_opt *o = &msg->opts[i];

		if (o->place == DHCP4_IN_OPTIONS && o->code != 0)
			rc = put_tag(st, b, o->code, o->data, o->len);
	}
	if (rc == 0)
		rc = put_fields(st, b, msg);
	reorder(st, b);
	return rc;
}

/* Blocks. */

void
settings_drop_block(struct settings *st, const char *block)
{
	struct block *b = find_block(st, block);
	struct block *parent;

	if (!b || b == &st->root)
		return;
	parent = b->parent;
	unlink_child(b);
	block_free(st, b);
	reorder(st, parent);
}

int
settings_add_block(struct settings *st, const char *block)
{
	struct block *b;

	return make_block(st, block, &b);
}

bool
settings_has_block(const struct settings *st, const char *block)
{
	return find_block(st, block) || is_unknown_netx(st, block);
}

void
settings_set_netx(struct settings *st, const char *block)
{
	struct block *b = block ? find_block(st, block) : NULL;

	if (!block || (b && b->parent == &st->root))
		st->netx = b;
}

static bool
each_below(const struct block *b,
    bool (*fn)(void *ctx, const struct setting_value *v), void *ctx)
{
	for (const struct value *v = b->values; v; v = v->next) {
		struct setting_value out = {
			.bytes = v->bytes, .len = v->len, .type = v->type,
			.block = b->path ? b->path : "", .name = v->name,
		};

		if (!fn(ctx, &out))
			return false;
	}
	for (const struct block *c = b->first; c; c = c->next)
		if (!each_below(c, fn, ctx))
			return false;
	return true;
}

void
settings_each(const struct settings *st,
    bool (*fn)(void *ctx, const struct setting_value *v), void *ctx)
{
	(void)each_below(&st->root, fn, ctx);
}
