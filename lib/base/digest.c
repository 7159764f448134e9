#include "base/digest.h"

#include "base/util.h"

#include <openssl/evp.h>
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
