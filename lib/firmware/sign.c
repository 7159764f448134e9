#include "firmware/sign.h"

#include "base/util.h"
#include "firmware/search.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CERT_HEAD_LEN = 8,              /* WIN_CERTIFICATE */
	CERT_PKCS7 = 0x0002,
	CERT_ALIGN = 8,
	CHECKSUM_LEN = 4,
	CERT_DIR_LEN = 8,
	DER_HEAD_LEN = 4,               /* 30 82 and the length */
	DER_TRIES_MAX = 4096,
	DER_MIN = 200,                  /* a certificate has a key and a name */
};

/* Where in the file the sections lie, in that order, as they are hashed. */
static int
by_offset(const void *a, const void *b)
{
	const struct pe_section *x = a;
	const struct pe_section *y = b;

	return x->off < y->off ? -1 : x->off > y->off;
}

/* Hash @len bytes of the file from @off on, if they are there. */
static bool
hash_part(EVP_MD_CTX *md, struct rd file, size_t off, size_t len)
{
	const uint8_t *p;

	rd_skip(&file, off);
	p = rd_take(&file, len);
	return p && EVP_DigestUpdate(md, p, len) == 1;
}

/* All but the checksum, the table's place, and the table itself. */
static bool
hash_headers(EVP_MD_CTX *md, const struct pe *pe, struct rd file)
{
	size_t at = pe->checksum_at + CHECKSUM_LEN;

	if (!hash_part(md, file, 0, pe->checksum_at))
		return false;
	if (pe->cert_dir_at != 0) {
		if (pe->cert_dir_at < at ||
		    !hash_part(md, file, at, pe->cert_dir_at - at))
			return false;
		at = pe->cert_dir_at + CERT_DIR_LEN;
	}
	return pe->headers_len >= at &&
	    hash_part(md, file, at, pe->headers_len - at);
}

static bool
hash_sections(EVP_MD_CTX *md, const struct pe *pe, struct rd file)
{
	struct pe_section s[PE_SECTIONS_MAX];
	size_t end = pe->headers_len;
	size_t tail;

	memcpy(s, pe->sections, sizeof(s[0]) * pe->n_sections);
	qsort(s, pe->n_sections, sizeof(s[0]), by_offset);
	for (size_t i = 0; i < pe->n_sections; i++) {
		if (s[i].raw_len == 0)
			continue;
		/* Overlaps are nobody's program, and would be slow. */
		if (s[i].raw_len > file.left - min_size(end, file.left) ||
		    !hash_part(md, file, s[i].off, s[i].raw_len))
			return false;
		end += s[i].raw_len;
	}
	if (end > file.left)
		return false;
	tail = file.left - end;
	if (pe->is_signed) {
		if (pe->cert_len > tail)
			return false;
		tail -= pe->cert_len;
	}
	return hash_part(md, file, end, tail);
}

int
sign_authenticode(const struct pe *pe, const void *buf, size_t len,
    const char *name, uint8_t ret[DIGEST_MAX])
{
	const EVP_MD *kind = EVP_get_digestbyname(name);
	struct rd file = rd_init(buf, len);
	uint8_t hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *md = NULL;
	unsigned int n = 0;
	int rc = -ENOTSUP;

	if (!kind || EVP_MD_get_size(kind) > DIGEST_MAX)
		goto out;
	md = EVP_MD_CTX_new();
	if (!md || EVP_DigestInit_ex(md, kind, NULL) != 1)
		goto out;
	rc = -EBADMSG;
	if (!hash_headers(md, pe, file) || !hash_sections(md, pe, file) ||
	    EVP_DigestFinal_ex(md, hash, &n) != 1)
		goto out;
	memcpy(ret, hash, n);
	rc = (int)n;
out:
	EVP_MD_CTX_free(md);
	return rc;
}

static const char *
copy_bio(struct arena *a, BIO *bio)
{
	char *text = NULL;
	long n = bio ? BIO_get_mem_data(bio, &text) : 0;

	return arena_dup(a, n > 0 ? text : "",
	    n > 0 ? min_size((size_t)n, SIGN_NAME_MAX) : 0);
}

/* Return: NULL only if memory is short. */
static const char *
name_text(struct arena *a, const X509_NAME *name)
{
	unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)
	    ASN1_STRFLGS_ESC_MSB;
	BIO *bio = BIO_new(BIO_s_mem());
	const char *text;

	if (bio && name)
		(void)X509_NAME_print_ex(bio, name, 0, flags);
	text = copy_bio(a, bio);
	BIO_free(bio);
	return text;
}

static const char *
time_text(struct arena *a, const ASN1_TIME *t)
{
	struct tm tm;

	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return "";
	return arena_printf(a, "%04d-%02d-%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday);
}

static int
describe_cert(const X509 *x, struct arena *a, struct sign_cert *ret)
{
	struct sign_cert c = { 0 };
	unsigned char *der = NULL;
	int len;

	c.subject = name_text(a, X509_get_subject_name(x));
	c.issuer = name_text(a, X509_get_issuer_name(x));
	c.until = time_text(a, X509_get0_notAfter(x));
	if (!c.subject || !c.issuer || !c.until)
		return -ENOMEM;
	len = i2d_X509(x, &der);
	if (len > 0)
		(void)digest_sha256(der, (size_t)len, c.sha256);
	OPENSSL_free(der);
	*ret = c;
	return 0;
}

/*
 * The signed content (SpcIndirectDataContent) ends with the hash itself, an
 * OCTET STRING; its length tells the algorithm.
 */
static const char *
content_digest(const PKCS7 *p7, const uint8_t **ret, size_t *ret_len)
{
	static const struct { size_t len; const char *name; } kinds[] = {
		{ 32, "sha256" }, { 20, "sha1" }, { 48, "sha384" },
		{ 64, "sha512" },
	};
	const PKCS7 *content = p7->d.sign->contents;
	const ASN1_TYPE *t = content ? content->d.other : NULL;
	const ASN1_STRING *s;
	const uint8_t *p;
	size_t len;

	if (!t || t->type != V_ASN1_SEQUENCE)
		return "";
	s = t->value.sequence;
	p = ASN1_STRING_get0_data(s);
	len = (size_t)ASN1_STRING_length(s);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct rd r = rd_init(p, len);

		if (len < kinds[i].len + 2)
			continue;
		rd_skip(&r, len - kinds[i].len - 2);
		if (rd_u8(&r) != V_ASN1_OCTET_STRING ||
		    rd_u8(&r) != kinds[i].len)
			continue;
		*ret = r.p;
		*ret_len = r.left;
		return kinds[i].name;
	}
	return "";
}

/* The certificate that the first signer names, among those enclosed. */
static X509 *
signer_cert(const PKCS7 *p7)
{
	STACK_OF(PKCS7_SIGNER_INFO) *infos = p7->d.sign->signer_info;
	PKCS7_SIGNER_INFO *si = sk_PKCS7_SIGNER_INFO_value(infos, 0);

	if (!si || !si->issuer_and_serial || !p7->d.sign->cert)
		return NULL;
	return X509_find_by_issuer_and_serial(p7->d.sign->cert,
	    si->issuer_and_serial->issuer, si->issuer_and_serial->serial);
}

/* Return: 1; 0 if the bytes are no signature; -ENOMEM. */
static int
read_one(const struct pe *pe, const void *buf, size_t len, struct rd der,
    struct arena *a, struct sign *ret)
{
	struct sign s = { .cert = { .subject = "", .issuer = "",
	    .until = "" } };
	const unsigned char *p = der.p;
	const uint8_t *hash = NULL;
	uint8_t ours[DIGEST_MAX];
	size_t hash_len = 0;
	PKCS7 *p7;
	X509 *x;
	int rc = 0;

	p7 = d2i_PKCS7(NULL, &p, (long)der.left);
	if (!p7 || !PKCS7_type_is_signed(p7) || !p7->d.sign)
		goto out;
	s.digest = content_digest(p7, &hash, &hash_len);
	x = signer_cert(p7);
	if (x && describe_cert(x, a, &s.cert) < 0) {
		rc = -ENOMEM;
		goto out;
	}
	s.matches = hash &&
	    sign_authenticode(pe, buf, len, s.digest, ours) ==
	    (int)hash_len && memcmp(ours, hash, hash_len) == 0;
	*ret = s;
	rc = 1;
out:
	PKCS7_free(p7);
	ERR_clear_error();
	return rc;
}

int
sign_read(const struct pe *pe, const void *buf, size_t len, struct arena *a,
    struct sign ret[SIGN_MAX])
{
	struct rd whole = rd_at(buf, len, pe->cert_at);
	struct rd table;
	int n = 0;

	if (!pe->is_signed)
		return 0;
	table = rd_sub(&whole, pe->cert_len);
	while (table.left > CERT_HEAD_LEN && n < SIGN_MAX) {
		uint32_t cert_len = rd_le32(&table);
		struct rd der;
		uint16_t type;
		int rc;

		rd_skip(&table, 2);             /* revision */
		type = rd_le16(&table);
		if (cert_len < CERT_HEAD_LEN)
			break;
		der = rd_sub(&table, cert_len - CERT_HEAD_LEN);
		if (der.bad)
			break;
		rd_skip(&table, min_size(table.left,
		    (CERT_ALIGN - cert_len % CERT_ALIGN) % CERT_ALIGN));
		if (type != CERT_PKCS7)
			continue;
		rc = read_one(pe, buf, len, der, a, &ret[n]);
		if (rc < 0)
			return rc;
		n += rc;
	}
	return n;
}

int
sign_find_certs(const void *buf, size_t len, struct arena *a,
    struct sign_cert ret[SIGN_CERTS_MAX])
{
	static const uint8_t sequence[] = { 0x30, 0x82 };
	struct rd r = rd_init(buf, len);
	int tries = DER_TRIES_MAX;
	int n = 0;

	/* A certificate is a sequence that begins with a sequence. */
	while (n < SIGN_CERTS_MAX && tries > 0 &&
	    search_bytes(&r, sequence, sizeof(sequence))) {
		struct rd here = r;
		struct rd inner = r;
		const unsigned char *p = here.p;
		size_t der_len;
		X509 *x;
		int rc;

		rd_skip(&r, 1);
		rd_skip(&here, 2);
		der_len = rd_u16(&here) + (size_t)DER_HEAD_LEN;
		rd_skip(&inner, DER_HEAD_LEN);
		if (!search_starts(&inner, sequence, sizeof(sequence)) ||
		    der_len < DER_MIN || der_len > here.left + DER_HEAD_LEN)
			continue;
		tries--;
		x = d2i_X509(NULL, &p, (long)der_len);
		if (!x)
			continue;
		rc = describe_cert(x, a, &ret[n]);
		X509_free(x);
		if (rc < 0)
			return rc;
		n++;
		rd_skip(&r, min_size(r.left, der_len - 1));
	}
	ERR_clear_error();
	return n;
}
