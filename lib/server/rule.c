#include "server/rule.h"

#include "base/sbuf.h"
#include "chain/arch.h"
#include "wire/dhcp_opt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* PXE 2.1, table 2-1: inside option 43. */
enum { PXE_DISCOVERY_CONTROL = 6, PXE_USE_FILE = 8, PXE_BOOT_MENU = 9,
	PXE_MENU_PROMPT = 10, PXE_END = 255 };

/* iPXE's options inside 175. */
enum { IPXE_PRIORITY = 1, IPXE_NO_PXEDHCP = 176 };

/*
 * The names under which iPXE's own build, the distributions' packages and
 * common practice know its images. The first that exists is taken.
 */
struct default_file {
	enum arch_platform platform;
	enum arch_cpu cpu;
	const char *names[8];
};

static const struct default_file defaults[] = {
	{ PLATFORM_BIOS, CPU_X86, { "undionly.kpxe", "ipxe.pxe",
	    "ipxe-undionly.kpxe", "undionly.kkpxe" } },
	{ PLATFORM_EFI, CPU_X86, { "ipxe32.efi", "snponly32.efi",
	    "ipxe-i386.efi", "i386-efi/ipxe.efi", "i386-efi/snponly.efi" } },
	{ PLATFORM_EFI, CPU_X64, { "ipxe.efi", "snponly.efi",
	    "ipxe-x86_64.efi", "x86_64-efi/ipxe.efi",
	    "x86_64-efi/snponly.efi" } },
	{ PLATFORM_EFI, CPU_ARM32, { "snponly-arm32.efi", "ipxe-arm32.efi",
	    "arm32-efi/snponly.efi", "arm32-efi/ipxe.efi" } },
	{ PLATFORM_EFI, CPU_ARM64, { "ipxe-arm64.efi", "snponly-arm64.efi",
	    "arm64-efi/ipxe.efi", "arm64-efi/snponly.efi",
	    "ipxe-aarch64.efi" } },
	{ PLATFORM_EFI, CPU_RISCV32, { "ipxe-riscv32.efi",
	    "snponly-riscv32.efi", "riscv32-efi/ipxe.efi",
	    "riscv32-efi/snponly.efi" } },
	{ PLATFORM_EFI, CPU_RISCV64, { "ipxe-riscv64.efi",
	    "snponly-riscv64.efi", "riscv64-efi/ipxe.efi",
	    "riscv64-efi/snponly.efi" } },
	{ PLATFORM_EFI, CPU_LOONGARCH64, { "ipxe-loong64.efi",
	    "snponly-loong64.efi", "loong64-efi/ipxe.efi",
	    "loong64-efi/snponly.efi", "ipxe-loongarch64.efi" } },
};

static bool
opt_starts(const struct dhcp4_msg *msg, uint8_t code, const char *prefix)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, code);
	size_t len = strlen(prefix);

	return o && o->len >= len && memcmp(o->data, prefix, len) == 0;
}

static bool
rd_is(struct rd r, const char *word)
{
	return r.left == strlen(word) && memcmp(r.p, word, r.left) == 0;
}

static bool
is_ipxe(const struct dhcp4_msg *msg)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_USER_CLASS);
	struct user_class uc;
	struct rd word;

	/* A script may change the user class; 175 stays. */
	if (dhcp4_opt(msg, DHCP4_OPT_IPXE))
		return true;
	if (!o || user_class_parse(o->data, o->len, &uc) < 0)
		return false;
	word = uc.first;
	do {
		if (rd_is(word, "iPXE") || rd_is(word, "gPXE"))
			return true;
	} while (user_class_next(&uc, &word));
	return false;
}

/* The boot ROM and the EEPROM loader both say that they are a BIOS. */
static bool
is_raspberry_pi(const struct dhcp4_msg *msg)
{
	static const uint8_t ouis[][3] = {
		{ 0xb8, 0x27, 0xeb }, { 0xdc, 0xa6, 0x32 },
		{ 0xe4, 0x5f, 0x01 }, { 0xd8, 0x3a, 0xdd },
		{ 0x28, 0xcd, 0xc1 }, { 0x2c, 0xcf, 0x67 },
		{ 0x88, 0xa2, 0x9e },
	};

	for (size_t i = 0; i < ARRAY_LEN(ouis); i++) {
		if (memcmp(msg->chaddr, ouis[i], sizeof(ouis[i])) == 0)
			return true;
	}
	return false;
}

/* "PXEClient:Arch:00007:UNDI:003000": decimal. */
static bool
arch_from_class(const struct dhcp4_msg *msg, uint16_t *ret)
{
	static const char *const prefixes[] = {
		"PXEClient:Arch:", "HTTPClient:Arch:",
	};
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_VENDOR_CLASS);
	unsigned int v = 0;
	struct rd r;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (!opt_starts(msg, DHCP4_OPT_VENDOR_CLASS, prefixes[i]))
			continue;
		r = rd_init(o->data, o->len);
		rd_skip(&r, strlen(prefixes[i]));
		for (; rd_peek(&r, 0) >= '0' && rd_peek(&r, 0) <= '9' &&
		    n < 5; n++)
			v = v * 10 + (rd_u8(&r) - '0');
	}
	if (n == 0 || v > UINT16_MAX)
		return false;
	*ret = (uint16_t)v;
	return true;
}

void
rule_client_of(const struct dhcp4_msg *msg, struct rule_client *ret)
{
	const struct dhcp4_opt *o = dhcp4_opt(msg, DHCP4_OPT_ARCH);
	struct rd r = rd_init(o ? o->data : NULL, o ? o->len : 0);

	memset(ret, 0, sizeof(*ret));
	while (r.left >= 2 && ret->n_archs < RULE_ARCHS_MAX)
		ret->archs[ret->n_archs++] = rd_u16(&r);
	if (ret->n_archs == 0 && arch_from_class(msg, &ret->archs[0]))
		ret->n_archs = 1;

	if (is_ipxe(msg))
		ret->kind = RULE_IPXE;
	else if (opt_starts(msg, DHCP4_OPT_VENDOR_CLASS, "HTTPClient"))
		ret->kind = RULE_HTTP;
	else if (opt_starts(msg, DHCP4_OPT_VENDOR_CLASS, "PXEClient"))
		ret->kind = RULE_PXE;
	else if (o)
		ret->kind = RULE_UBOOT;

	if (ret->kind == RULE_PXE && ret->n_archs == 0)
		ret->archs[ret->n_archs++] = ARCH_BIOS;
	if (ret->kind == RULE_PXE && ret->archs[0] == ARCH_BIOS &&
	    is_raspberry_pi(msg))
		ret->kind = RULE_PI;
}

static bool
is_url(const char *file)
{
	return strstr(file, "://") != NULL;
}

/* A program for one starts on the other. */
static bool
same_machine(const struct arch *a, const struct arch *b)
{
	enum arch_cpu ca = a->cpu == CPU_EBC ? CPU_X64 : a->cpu;
	enum arch_cpu cb = b->cpu == CPU_EBC ? CPU_X64 : b->cpu;

	return a->platform == b->platform && ca == cb;
}

const char *
rule_file(const struct rule *r, uint16_t arch)
{
	const struct arch *a = arch_find(arch);

	for (size_t i = 0; i < r->n_files; i++) {
		if (r->files[i].arch == arch)
			return r->files[i].file;
	}
	if (!a)
		return NULL;
	for (size_t i = 0; i < r->n_files; i++) {
		const struct arch *b = arch_find(r->files[i].arch);

		/* A TFTP client cannot use the URL meant for its twin. */
		if (b && same_machine(a, b) &&
		    (a->http || !is_url(r->files[i].file)))
			return r->files[i].file;
	}
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++) {
		const struct default_file *d = &defaults[i];
		const struct arch twin = {
			.platform = d->platform, .cpu = d->cpu,
		};

		if (!same_machine(a, &twin))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(d->names) && d->names[k]; k++) {
			if (r->has_file(r->ctx, d->names[k]))
				return d->names[k];
		}
	}
	return NULL;
}

static const char *
file_for_client(const struct rule *r, const struct rule_client *c,
    uint16_t *ret_arch)
{
	for (size_t i = 0; i < c->n_archs; i++) {
		const char *file = rule_file(r, c->archs[i]);

		if (file) {
			*ret_arch = c->archs[i];
			return file;
		}
	}
	*ret_arch = c->n_archs > 0 ? c->archs[0] : ARCH_BIOS;
	return NULL;
}

int
rule_url(struct in_addr server, uint16_t port, const char *name, char *buf,
    size_t cap)
{
	/* RFC 3986 2.3, and the slash between segments. */
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/";
	char ip[IP_TEXT_MAX];
	struct sbuf b = SBUF_EMPTY;
	int rc = 0;

	sbuf_printf(&b, "http://%s", ipv4_format(server, ip));
	if (port != 80)
		sbuf_printf(&b, ":%u", port);
	sbuf_addc(&b, '/');
	while (*name == '/')
		name++;
	for (; *name; name++) {
		if (strchr(plain, *name))
			sbuf_addc(&b, *name);
		else
			sbuf_printf(&b, "%%%02X", (unsigned char)*name);
	}
	if (b.bad || !text_copy(buf, cap, sbuf_str(&b)))
		rc = -EMSGSIZE;
	sbuf_release(&b);
	return rc;
}

int
rule_script_url(const struct rule *r, struct in_addr server, char *buf,
    size_t cap)
{
	if (!r->script)
		return -ENODATA;
	if (!is_url(r->script))
		return rule_url(server, r->http_port, r->script, buf, cap);
	return text_copy(buf, cap, r->script) ? 0 : -EMSGSIZE;
}

/* Put server and file in every place where some client reads them. */
static int
set_boot_data(struct answer *a, struct in_addr server, const char *file)
{
	char ip[IP_TEXT_MAX];
	int rc;

	a->msg.siaddr = server;
	rc = dhcp4_add_str(&a->msg, DHCP4_OPT_TFTP_SERVER,
	    ipv4_format(server, ip));
	if (rc < 0 || !file)
		return rc;
	/* A longer one stands in option 67 only: `file` wants its NUL. */
	if (strlen(file) < DHCP4_FILE_LEN)
		memcpy(a->msg.file, file, strlen(file));
	return dhcp4_add_str(&a->msg, DHCP4_OPT_BOOTFILE, file);
}

/* PXE: here is the file, look for no boot server. */
static int
add_use_file(struct dhcp4_msg *msg)
{
	static const uint8_t use_file[] = {
		PXE_DISCOVERY_CONTROL, 1, PXE_USE_FILE, PXE_END,
	};

	return dhcp4_add(msg, DHCP4_OPT_VENDOR_ENCAP, use_file,
	    sizeof(use_file));
}

/*
 * What the ROM looks for is the text; the 3B compares it with three blanks
 * at its end. The rest is a menu of one entry, as PXE 2.1 wants it.
 */
static int
answer_pi(struct answer *a, const struct request *req)
{
	static const char words[] = "Raspberry Pi Boot   ";
	uint8_t buf[64];
	struct wr w = wr_init(buf, sizeof(buf));
	size_t menu;
	size_t text;
	int rc;

	wr_u8(&w, PXE_DISCOVERY_CONTROL);
	wr_u8(&w, 1);
	wr_u8(&w, 3);                   /* no broadcast, no multicast */
	wr_u8(&w, PXE_MENU_PROMPT);
	wr_u8(&w, 4);
	wr_u8(&w, 0);                   /* at once */
	wr_str(&w, "PXE");
	wr_u8(&w, PXE_BOOT_MENU);
	menu = wr_mark8(&w);
	wr_u16(&w, 0);                  /* boot server type */
	text = wr_mark8(&w);
	wr_str(&w, words);
	wr_fill8(&w, text);
	wr_fill8(&w, menu);
	wr_u8(&w, PXE_END);

	rc = dhcp4_add_str(&a->msg, DHCP4_OPT_VENDOR_CLASS, "PXEClient");
	if (rc == 0)
		rc = dhcp4_add(&a->msg, DHCP4_OPT_VENDOR_ENCAP, buf, w.len);
	if (rc == 0)
		rc = set_boot_data(a, req->server_ip, NULL);
	if (rc == 0)
		rc = answer_because(a, "", 0, "Raspberry Pi");
	return rc;
}

/*
 * What a PXE firmware or iPXE must be told beside the file when the address
 * comes from elsewhere: that we are a boot server. UEFI then asks again at
 * port 4011, which all of its forks do, while some ignore a file in the
 * first offer; ROMs and iPXE take the file at once.
 */
static int
answer_as_proxy(struct answer *a, const struct request *req,
    const struct rule_client *c, uint16_t arch, const char *file)
{
	const struct arch *row = arch_find(arch);
	bool is_uefi = c->kind == RULE_PXE && row &&
	    row->platform == PLATFORM_EFI;
	int rc;

	rc = dhcp4_add_str(&a->msg, DHCP4_OPT_VENDOR_CLASS, "PXEClient");
	if (rc == 0 && !is_uefi)
		rc = add_use_file(&a->msg);
	if (rc < 0)
		return rc;
	if (is_uefi && !req->pxe_port) {
		a->msg.siaddr = req->server_ip;
		return answer_because(a, "", 0, "to be had at port 4011");
	}
	return set_boot_data(a, req->server_ip, file);
}

/* By its name only: we do not open what we serve. */
static bool
names_ipxe(const char *file)
{
	return strstr(file, "ipxe") || strstr(file, "snponly") ||
	    strstr(file, "undionly");
}

static int
answer_file(const struct rule *r, const struct request *req,
    const struct rule_client *c, struct answer *a)
{
	char url[RULE_URL_MAX];
	uint16_t arch;
	const char *file = file_for_client(r, c, &arch);
	int rc;

	if (!file) {
		a->fault = "arch-not-covered";
		return answer_because(a, "", 0, "no file for architecture %u "
		    "(%s): give --arch-file %u=FILE", arch, arch_name(arch),
		    arch);
	}
	if (c->kind == RULE_HTTP && !is_url(file)) {
		rc = rule_url(req->server_ip, r->http_port, file, url,
		    sizeof(url));
		if (rc < 0)
			return rc;
		file = url;
	}
	if (c->kind == RULE_PXE && is_url(file))
		a->fault = "http-url-in-pxe-client";
	if (c->kind == RULE_IPXE && names_ipxe(file))
		a->fault = "chainload-loop";
	a->answered = true;
	rc = answer_because(a, "", 0, "%s: %s", arch_name(arch), file);
	if (rc < 0)
		return rc;
	if (c->kind == RULE_HTTP) {
		/* Without it the firmware takes us for a plain DHCP server. */
		rc = dhcp4_add_str(&a->msg, DHCP4_OPT_VENDOR_CLASS,
		    "HTTPClient");
		return rc < 0 ? rc : set_boot_data(a, req->server_ip, file);
	}
	if (a->is_proxy)
		return answer_as_proxy(a, req, c, arch, file);
	return set_boot_data(a, req->server_ip, file);
}

static int
answer_script(const struct rule *r, const struct request *req,
    const struct rule_client *c, struct answer *a)
{
	/* Do not wait for a proxyDHCP server: saves two seconds. */
	static const uint8_t no_wait[] = { IPXE_NO_PXEDHCP, 1, 1 };
	/* A file that the other server names would win over a proxy's. */
	static const uint8_t prefer[] = { IPXE_PRIORITY, 1, 1 };
	char url[RULE_URL_MAX];
	int rc;

	rc = rule_script_url(r, req->server_ip, url, sizeof(url));
	if (rc == -ENODATA)
		return answer_because(a, "", 0, "no script for iPXE: give "
		    "--script, or --no-chain for the firmware's file");
	if (rc < 0)
		return rc;
	a->answered = true;
	rc = answer_because(a, "", 0, "iPXE: %s", url);
	if (rc < 0)
		return rc;
	rc = dhcp4_add(&a->msg, DHCP4_OPT_IPXE, a->is_proxy ? prefer : no_wait,
	    sizeof(no_wait));
	if (rc < 0)
		return rc;
	if (a->is_proxy)
		return answer_as_proxy(a, req, c, ARCH_BIOS, url);
	return set_boot_data(a, req->server_ip, url);
}

static int
rule_answer(void *ctx, const struct request *req, struct answer *ret,
    struct diag *diag)
{
	const struct rule *r = ctx;
	struct rule_client c;
	int rc = 0;

	rule_client_of(req->msg, &c);
	ret->is_proxy = r->proxy || req->pxe_port;
	ret->answered = !ret->is_proxy;
	switch (c.kind) {
	case RULE_OTHER:
		break;
	case RULE_UBOOT:
		/* It knows nothing of proxies. */
		if (!ret->is_proxy)
			rc = answer_file(r, req, &c, ret);
		break;
	case RULE_PI:
		ret->answered = true;
		rc = answer_pi(ret, req);
		break;
	case RULE_IPXE:
		if (!r->no_chain) {
			rc = answer_script(r, req, &c, ret);
			break;
		}
		rc = answer_file(r, req, &c, ret);
		break;
	case RULE_PXE:
	case RULE_HTTP:
		rc = answer_file(r, req, &c, ret);
		break;
	}
	if (rc < 0)
		diag_set(diag, "cannot make an answer: %s", strerror(-rc));
	return rc;
}

struct policy
rule_policy(struct rule *r)
{
	return (struct policy){ .answer = rule_answer, .ctx = r };
}
