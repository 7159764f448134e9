#include "base/digest.h"

#include "base/util.h"

#include <openssl/evp.h>
#include <errno.h>
#include <stdio.h>

const char *
digest_sha256(const void *data, size_t len, char buf[DIGEST_TEXT_MAX])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	unsigned int n = 0;

	buf[0] = '\0';
	if (EVP_Digest(data, len, md, &n, EVP_sha256(), NULL) != 1 || n != 32)
		return buf;
	for (size_t i = 0; i < n; i++)
		(void)snprintf(buf + i * 2, 3, "%02x", md[i]);
	return buf;
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
