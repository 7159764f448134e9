#include "base/digest.h"

#include "base/util.h"

#include <openssl/evp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
as_text(const unsigned char *md, unsigned int n, char buf[DIGEST_TEXT_MAX])
{
	for (size_t i = 0; i < n; i++)
		(void)snprintf(buf + i * 2, 3, "%02x", md[i]);
	return buf;
}

const char *
digest_sha256(const void *data, size_t len, char buf[DIGEST_TEXT_MAX])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	buf[0] = '\0';
	if (EVP_Digest(data, len, md, &n, EVP_sha256(), NULL) != 1 || n != 32)
		return buf;
	return as_text(md, n, buf);
}

int
digest_bytes(const char *name, const void *data, size_t len,
    uint8_t ret[DIGEST_MAX])
{
	const EVP_MD *md = EVP_get_digestbyname(name);
	unsigned int n = 0;

	if (!md || EVP_MD_get_size(md) > DIGEST_MAX ||
	    EVP_Digest(data, len, ret, &n, md, NULL) != 1)
		return -ENOTSUP;
	return (int)n;
}

struct digest {
	EVP_MD_CTX *ctx;
	bool bad;
};

struct digest *
digest_new(void)
{
	struct digest *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->ctx = EVP_MD_CTX_new();
	if (!d->ctx) {
		free(d);
		return NULL;
	}
	d->bad = EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) != 1;
	return d;
}

void
digest_add(struct digest *d, const void *data, size_t len)
{
	if (!d->bad && EVP_DigestUpdate(d->ctx, data, len) != 1)
		d->bad = true;
}

void
digest_add_str(struct digest *d, const char *s)
{
	digest_add(d, s, strlen(s) + 1);
}

const char *
digest_end(struct digest *d, char buf[DIGEST_TEXT_MAX])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	buf[0] = '\0';
	if (!d->bad && EVP_DigestFinal_ex(d->ctx, md, &n) == 1 && n == 32)
		(void)as_text(md, n, buf);
	EVP_MD_CTX_free(d->ctx);
	free(d);
	return buf;
}
