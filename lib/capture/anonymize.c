/*
 * Values: which becomes which. What stands where is anonymize_frame.c's.
 */
#include "capture/anonymize_internal.h"

#include "base/digest.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that nobody can foretell: SHA-256 of the key and a counter. */
struct stream {
	uint8_t seed[ANONYMIZE_KEY_LEN + 4];
	uint8_t block[DIGEST_MAX];
	uint32_t counter;
	size_t left;
	bool failed;
};

static uint32_t
stream_u32(struct stream *s)
{
	uint32_t v;

	if (s->left < sizeof(v)) {
		s->counter++;
		memcpy(s->seed + ANONYMIZE_KEY_LEN, &s->counter,
		    sizeof(s->counter));
		s->failed |= digest_bytes("sha256", s->seed, sizeof(s->seed),
		    s->block) < 0;
		s->left = 32;
	}
	s->left -= sizeof(v);
	memcpy(&v, s->block + s->left, sizeof(v));
	return v;
}

/*
 * The values from @from to @to in one circle (Sattolo's algorithm): none of
 * them stays itself.
 */
static void
shuffle(struct stream *s, uint16_t *table, uint32_t from, uint32_t to)
{
	for (uint32_t i = to; i > from; i--) {
		uint32_t j = from + stream_u32(s) % (i - from);
		uint16_t t = table[i];

		table[i] = table[j];
		table[j] = t;
	}
}

static void
identity(uint16_t *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		table[i] = (uint16_t)i;
}

/* Each among those with as many digits; 0 says "none" and stays. */
static void
make_tables(struct anonymize *a, struct stream *s)
{
	identity(a->first, 256);
	shuffle(s, a->first, 1, 9);
	shuffle(s, a->first, 10, 99);
	/* 127 and 169 are no network of anybody's; from 224 on neither */
	shuffle(s, a->first, 100, 126);
	shuffle(s, a->first, 128, 168);
	shuffle(s, a->first, 170, 223);
	identity(a->second, 256);
	shuffle(s, a->second, 0, 9);
	shuffle(s, a->second, 10, 99);
	shuffle(s, a->second, 100, 255);
	identity(a->byte, 256);
	shuffle(s, a->byte, 1, 15);
	shuffle(s, a->byte, 16, 255);
	identity(a->group, 65536);
	shuffle(s, a->group, 1, 0xf);
	shuffle(s, a->group, 0x10, 0xff);
	shuffle(s, a->group, 0x100, 0xfff);
	shuffle(s, a->group, 0x1000, 0xffff);
	for (size_t i = 0; i < LETTER_TABLES; i++) {
		identity(a->letter[i], 26);
		shuffle(s, a->letter[i], 0, 25);
	}
}

int
anonymize_new(const uint8_t key[ANONYMIZE_KEY_LEN], struct anonymize **ret)
{
	struct anonymize *a = calloc(1, sizeof(*a));
	struct stream s = { .left = 0 };

	if (!a)
		return -ENOMEM;
	memcpy(s.seed, key, ANONYMIZE_KEY_LEN);
	make_tables(a, &s);
	if (s.failed) {
		free(a);
		return -ENOTSUP;
	}
	*ret = a;
	return 0;
}

void
anonymize_free(struct anonymize *a)
{
	if (!a)
		return;
	free(a->copy);
	free(a);
}

static void
change_group(const struct anonymize *a, uint8_t p[2])
{
	uint16_t v = a->group[p[0] << 8 | p[1]];

	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* The last three bytes go the same way in IPv6 addresses that hold them. */
static void
change_tail(const struct anonymize *a, uint8_t p[3])
{
	p[0] = (uint8_t)a->byte[p[0]];
	change_group(a, p + 1);
}

void
anonymize_mac(const struct anonymize *a, uint8_t mac[MAC_LEN])
{
	static const uint8_t none[MAC_LEN] = { 0 };

	if (memcmp(mac, none, MAC_LEN) == 0)
		return;
	if (mac[0] & 1) {               /* a group; these end as addresses do */
		if (mac[0] == 0x33 && mac[1] == 0x33 && mac[2] == 0xff)
			change_tail(a, mac + 3);
		return;
	}
	mac[0] = (uint8_t)((a->byte[mac[0]] & 0xfc) | 2);
	mac[1] = (uint8_t)a->byte[mac[1]];
	mac[2] = (uint8_t)a->byte[mac[2]];
	change_tail(a, mac + 3);
}

void
anonymize_ip4(const struct anonymize *a, uint8_t ip[4])
{
	uint8_t first = ip[0];

	if (first == 0 || first == 127 || first == 169 || first >= 224)
		return;
	ip[0] = (uint8_t)a->first[first];
	ip[1] = (uint8_t)a->second[ip[1]];
}

void
anonymize_ip6(const struct anonymize *a, uint8_t ip[16])
{
	bool is_link = ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
	bool is_of_mac = ip[11] == 0xff && ip[12] == 0xfe;
	uint8_t mac[MAC_LEN];

	if (ip[0] == 0xff) {
		/* ff02::1:ffXX:XXXX, asked for instead of the address */
		if (ip[11] == 1 && ip[12] == 0xff)
			change_tail(a, ip + 13);
		return;
	}
	for (size_t i = is_link ? 8 : 0; i < 8; i += 2)
		change_group(a, ip + i);
	if (is_of_mac) {                /* RFC 4291 A */
		memcpy(mac, ip + 8, 3);
		memcpy(mac + 3, ip + 13, 3);
		mac[0] ^= 2;
		anonymize_mac(a, mac);
		mac[0] ^= 2;
		memcpy(ip + 8, mac, 3);
		memcpy(ip + 13, mac + 3, 3);
		return;
	}
	change_group(a, ip + 8);
	change_group(a, ip + 10);
	ip[12] = (uint8_t)a->byte[ip[12]];
	change_tail(a, ip + 13);
}

/* In any order of its bytes: text and SMBIOS differ in it. */
void
anonymize_uuid(const struct anonymize *a, uint8_t *uuid, size_t len)
{
	bool all_ones = true;

	/* A machine without one says ff... or 0, which is a finding. */
	for (size_t i = 0; i < len; i++)
		all_ones &= uuid[i] == 0xff;
	for (size_t i = 0; i < len && !all_ones; i++)
		uuid[i] = (uint8_t)a->byte[uuid[i]];
}

void
anonymize_name(const struct anonymize *a, uint8_t *name, size_t len)
{
	size_t at = 0;                  /* in its label */

	for (size_t i = 0; i < len; i++) {
		const uint16_t *table = a->letter[at++ % LETTER_TABLES];
		int c = name[i];

		if (c == '.')
			at = 0;
		else if (c >= 'a' && c <= 'z')
			name[i] = (uint8_t)('a' + table[c - 'a']);
		else if (c >= 'A' && c <= 'Z')
			name[i] = (uint8_t)('A' + table[c - 'A']);
	}
}
