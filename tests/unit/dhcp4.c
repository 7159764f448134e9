#include "unit.h"

#include "wire/dhcp4.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

enum { COOKIE_AT = DHCP4_HEAD_LEN, OPTIONS_AT = DHCP4_HEAD_LEN + 4 };

/* Options as real clients and servers sent them, and their codes. */
static const struct {
	const char *name;
	const char *codes;
	const char *hex;
} golden[] = {
	{ "ipxe 2019 bios discover", "53,57,93,94,60,77,55,175,61,97",
	    "350101390205c05d0200005e030102013c20505845436c69656e743a417263683a30"
	    "303030303a554e44493a3030323030314d04695058453717010306070c0f111a2b3c"
	    "4243778081828384858687afcbaf30b105018086100eeb0301000017010122010113"
	    "01011101012701011901012901011001022101011501011801011201013d07015254"
	    "007700116111000042414c7700424e8001000000000001ff" },
	{ "ipxe 2019 bios request", "53,57,93,94,60,77,55,175,61,97,54,50",
	    "350103390205c05d0200005e030102013c20505845436c69656e743a417263683a30"
	    "303030303a554e44493a3030323030314d04695058453717010306070c0f111a2b3c"
	    "4243778081828384858687afcbaf30b105018086100eeb0301000017010122010113"
	    "01011101012701011901012901011001022101011501011801011201013d07015254"
	    "007700116111000042414c7700424e800100000000000136040a4d000132040a4d00"
	    "92ff" },
	{ "ipxe 2019 boot server request", "53,57,93,94,60,77,55,175,61,97,43",
	    "350103390205c05d0200005e030102013c09505845436c69656e744d046950584537"
	    "17010306070c0f111a2b3c4243778081828384858687afcbaf30b105018086100eeb"
	    "03010000170101220101130101110101270101190101290101100102210101150101"
	    "1801011201013d070152540077004c6111000042414c7700424e800100000000003c"
	    "2b07470480000000ffff" },
	{ "ipxe 2 arm64 discover", "53,57,93,94,60,77,55,175,61,97",
	    "350101390205c05d02000b5e0301030a3c20505845436c69656e743a417263683a30"
	    "303031313a554e44493a3030333031304d04695058453719010306070c0f111a2a2b"
	    "3c424377798081828384858687afcbaf27b105011af41000eb030200001701012701"
	    "012401011301011401011101011501012601011201013d070152540077001f611100"
	    "0042414c7700424e800100000000000fff" },
	{ "edk2 pxe discover", "53,57,55,97,94,93,60",
	    "350101390205c037230102030405060c0d0f111216171c28292a2b3233363a3b3c42"
	    "436180818283848586876111000042414c7700424e80010000000000035e03010300"
	    "5d0200073c20505845436c69656e743a417263683a30303030373a554e44493a3030"
	    "33303030ff" },
	{ "edk2 pxe request", "53,54,50,57,55,97,94,93,60",
	    "35010336040a4d000132040a4d00943902ff0037230102030405060c0d0f11121617"
	    "1c28292a2b3233363a3b3c42436180818283848586876111000042414c7700424e80"
	    "010000000000035e030103005d0200073c20505845436c69656e743a417263683a30"
	    "303030373a554e44493a303033303030ff" },
	{ "edk2 proxy request", "53,55,57,60,93,94,97",
	    "35010337230102030405060c0d0f111216171c28292a2b3233363a3b3c4243618081"
	    "828384858687390205c03c20505845436c69656e743a417263683a30303030373a55"
	    "4e44493a3030333030305d0200075e030103006111000042414c7700424e80010000"
	    "0000003bff" },
	{ "edk2 http discover", "53,57,55,97,94,93,60",
	    "350101390205c0371b0102030405060c0d0f111216171c28292a2b3233363a3b3ceb"
	    "43616111000042414c7700424e800100000000000b5e030103005d0200103c214854"
	    "5450436c69656e743a417263683a30303031363a554e44493a303033303030ff" },
	{ "uboot discover", "53,57,93,94,60,55",
	    "350101390202405d0200165e030100003c0c552d426f6f742e61726d763837050103"
	    "060c11ff" },
	{ "udhcpc request", "53,50,54,57,55,60,61",
	    "35010332040a4d009236040a4d00013902024037070103060c0f1c2a3c0c75646863"
	    "7020312e33352e303d0701525400770011ff" },
	{ "dnsmasq offer", "53,54,51,67,58,59,1,28,6,15,3",
	    "35010236040a4d0001330400000e104309697078652e656669003a04000007083b04"
	    "00000c4e0104ffffff001c040a4d00ff06040a4d00010f086c61622e746573740304"
	    "0a4d0001ff" },
	{ "isc offer", "53,54,51,1,3,6,15",
	    "35010236040a4d0001330400000e100104ffffff0003040a4d000106040a4d00010f"
	    "086c61622e74657374ff" },
	{ "kea offer", "53,1,3,6,15,51,54,61",
	    "3501020104ffffff0003040a4d000106040a4d00010f086c61622e74657374330400"
	    "000e1036040a4d00013d0701525400770017ff" },
	{ "dnsmasq proxy offer", "53,54,60,97",
	    "35010236040a4d00023c09505845436c69656e746111000042414c7700424e800100"
	    "000000003bff" },
	{ "dnsmasq nak", "53,54,56",
	    "35010636040a4d0001380f77726f6e67207365727665722d4944ff" },
	{ "ipxe 2 bios discover", "53,57,93,94,60,77,55,175,61,97",
	    "350101390205c05d0200005e030102013c20505845436c69656e743a417263683a30"
	    "303030303a554e44493a3030323030314d04695058453719010306070c0f111a2a2b"
	    "3c424377798081828384858687afcbaf2db105011af41000eb030200001701012701"
	    "012201011301011101011901011001022101011501011801011201013d0701525400"
	    "aabb0d611100443322116655887799aabbccddeeff00ff" },
	{ "ipxe 2 efi discover", "53,57,93,94,60,77,55,175,61,97",
	    "350101390205c05d0200075e0301030a3c20505845436c69656e743a417263683a30"
	    "303030373a554e44493a3030333031304d04695058453719010306070c0f111a2a2b"
	    "3c424377798081828384858687afcbaf2ab105011af41000eb030200001701012701"
	    "012401011301011401011101011501012601011b01011201013d0701525400aabb0f"
	    "611100443322116655887799aabbccddeeff00ff" },
	{ "ipxe 2019 efi discover", "53,57,93,94,60,77,55,175,61,97",
	    "350101390205c05d0200075e0301030a3c20505845436c69656e743a417263683a30"
	    "303030373a554e44493a3030333031304d04695058453717010306070c0f111a2b3c"
	    "4243778081828384858687afcbaf27b105011af41000eb0301000017010124010113"
	    "01011101012701012901011501011b01011201013d0701525400aabb026111004433"
	    "22116655887799aabbccddeeff00ff" },
	{ "edk2 pxe discover, canonical uuid", "53,57,55,97,94,93,60",
	    "350101390205c037230102030405060c0d0f111216171c28292a2b3233363a3b3c42"
	    "43618081828384858687611100443322116655887799aabbccddeeff005e03010300"
	    "5d0200073c20505845436c69656e743a417263683a30303030373a554e44493a3030"
	    "33303030ff" },
	{ "edk2 http discover, canonical uuid", "53,57,55,97,94,93,60",
	    "350101390205c0371b0102030405060c0d0f111216171c28292a2b3233363a3b3ceb"
	    "4361611100443322116655887799aabbccddeeff005e030103005d0200103c214854"
	    "5450436c69656e743a417263683a30303031363a554e44493a303033303030ff" },
	{ "edk2 arm64 discover without uuid", "53,57,55,97,94,93,60",
	    "350101390205c037230102030405060c0d0f111216171c28292a2b3233363a3b3c42"
	    "43618081828384858687611100000000000000000000000000000000005e03010300"
	    "5d02000b3c20505845436c69656e743a417263683a30303031313a554e44493a3030"
	    "33303030ff" },
};

/* A message with recognisable values in every field of its head. */
static size_t
head_put(uint8_t *buf, const void *options, size_t len)
{
	static const uint8_t head[28] = {
		2, 1, 6, 3, 0x12, 0x34, 0x56, 0x78, 0x01, 0x02, 0x80, 0x00,
		10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 10, 0, 0, 4,
	};
	static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0xaa, 0xbb, 0x0d };
	static const uint8_t cookie[4] = { 0x63, 0x82, 0x53, 0x63 };

	memset(buf, 0, DHCP4_HEAD_LEN);
	memcpy(buf, head, sizeof(head));
	memcpy(buf + 28, mac, sizeof(mac));
	memcpy(buf + 44, "server", 6);
	memcpy(buf + 108, "file.efi", 8);
	memcpy(buf + COOKIE_AT, cookie, sizeof(cookie));
	memcpy(buf + OPTIONS_AT, options, len);
	return OPTIONS_AT + len;
}

static size_t
golden_put(int i, uint8_t *buf, size_t cap)
{
	uint8_t options[512];
	size_t len;

	ck_assert_int_eq(parse_hex(golden[i].hex, options, sizeof(options),
	    &len, NULL), 0);
	ck_assert_uint_le(OPTIONS_AT + len, cap);
	return head_put(buf, options, len);
}

static void
codes_of(const struct dhcp4_msg *msg, char *buf, size_t cap)
{
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < msg->n_opts; i++)
		at += (size_t)snprintf(buf + at, cap - at, "%s%u",
		    i ? "," : "", msg->opts[i].code);
}

START_TEST(golden_is_read)
{
	uint8_t buf[1024];
	size_t len = golden_put(_i, buf, sizeof(buf));
	uint8_t *copy = unit_heap(buf, len);
	struct dhcp4_msg msg;
	char codes[512];

	ck_assert_int_eq(dhcp4_msg_parse(&msg, copy, len, NULL), 0);
	memset(copy, 0xee, len);        /* the message owns what it says */
	free(copy);
	codes_of(&msg, codes, sizeof(codes));
	ck_assert_msg(strcmp(codes, golden[_i].codes) == 0, "%s: %s",
	    golden[_i].name, codes);
	ck_assert_int_eq(dhcp4_type(&msg), buf[OPTIONS_AT + 2]);
	ck_assert_uint_eq(msg.op, DHCP4_BOOTREPLY);
	ck_assert_uint_eq(msg.htype, 1);
	ck_assert_uint_eq(msg.hlen, 6);
	ck_assert_uint_eq(msg.hops, 3);
	ck_assert_uint_eq(msg.xid, 0x12345678);
	ck_assert_uint_eq(msg.secs, 0x0102);
	ck_assert_uint_eq(msg.flags, DHCP4_FLAG_BROADCAST);
	ck_assert_uint_eq(ntohl(msg.ciaddr.s_addr), 0x0a000001);
	ck_assert_uint_eq(ntohl(msg.yiaddr.s_addr), 0x0a000002);
	ck_assert_uint_eq(ntohl(msg.siaddr.s_addr), 0x0a000003);
	ck_assert_uint_eq(ntohl(msg.giaddr.s_addr), 0x0a000004);
	ck_assert_int_eq(memcmp(msg.chaddr, buf + 28, 16), 0);
	ck_assert_str_eq((char *)msg.sname, "server");
	ck_assert_str_eq((char *)msg.file, "file.efi");
	ck_assert(!msg.is_bootp && !msg.no_end && msg.overload == 0);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(golden_is_rebuilt)
{
	uint8_t buf[1024];
	uint8_t again[1024];
	size_t len = golden_put(_i, buf, sizeof(buf));
	struct wr w = wr_init(again, sizeof(again));
	struct dhcp4_msg made;
	struct dhcp4_msg msg;

	ck_assert_int_eq(dhcp4_msg_parse(&msg, buf, len, NULL), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, len), 0);
	ck_assert_uint_eq(w.len, len);
	ck_assert_int_eq(memcmp(again, buf, len), 0);

	/* and once more from values alone */
	dhcp4_msg_init(&made, DHCP4_BOOTREPLY);
	made.hops = msg.hops;
	made.xid = msg.xid;
	made.secs = msg.secs;
	made.flags = msg.flags;
	made.ciaddr = msg.ciaddr;
	made.yiaddr = msg.yiaddr;
	made.siaddr = msg.siaddr;
	made.giaddr = msg.giaddr;
	memcpy(made.chaddr, msg.chaddr, sizeof(made.chaddr));
	memcpy(made.sname, msg.sname, sizeof(made.sname));
	memcpy(made.file, msg.file, sizeof(made.file));
	for (size_t i = 0; i < msg.n_opts; i++)
		ck_assert_int_eq(dhcp4_add(&made, msg.opts[i].code,
		    msg.opts[i].data, msg.opts[i].len), 0);
	w = wr_init(again, sizeof(again));
	ck_assert_int_eq(dhcp4_msg_build(&made, &w, 0, DHCP4_MSG_MAX), 0);
	ck_assert_uint_eq(w.len, len);
	ck_assert_int_eq(memcmp(again, buf, len), 0);
	dhcp4_msg_release(&made);
	dhcp4_msg_release(&msg);
}
END_TEST

/*
 * Cut anywhere, a message is refused if an option is cut, or if its head is;
 * cut between options it is a message without END.
 */
START_TEST(golden_prefixes)
{
	uint8_t buf[1024];
	size_t len = golden_put(_i, buf, sizeof(buf));
	size_t next = OPTIONS_AT;

	for (size_t n = 0; n < len; n++) {
		uint8_t *copy = unit_heap(buf, n);
		struct dhcp4_msg msg;
		bool is_head = n >= DHCP4_HEAD_LEN && n < OPTIONS_AT;
		int rc = dhcp4_msg_parse(&msg, copy, n, NULL);

		if (is_head)
			ck_assert(rc == 0 && msg.is_bootp);
		else if (n == next)
			ck_assert(rc == 0 && msg.no_end && !msg.is_bootp);
		else
			ck_assert_msg(rc == -EBADMSG, "%zu bytes: %d", n, rc);
		if (rc == 0)
			dhcp4_msg_release(&msg);
		if (n == next)
			next += 2 + (size_t)buf[n + 1];
		free(copy);
	}
}
END_TEST

/* Options fields, good and bad; `file` and `sname` are given as options. */
static const struct {
	const char *name;
	int want;
	const char *options;
	const char *file;
	const char *sname;
	uint8_t code;                   /* asked for */
	const char *value;              /* hex; NULL: not there */
	int place;
	int n_pieces;
	int overload;
	bool no_end;
} rows[] = {
	{ "pads between and after", 0, "00003501010000" "0c0161" "00ff00", NULL,
	    NULL, 12, "61", DHCP4_IN_OPTIONS, 1, 0, false },
	{ "nothing is read after end", 0, "350101ff0c0161", NULL, NULL,
	    12, NULL, 0, 0, 0, false },
	{ "junk after end is no error", 0, "350101ff0cff", NULL, NULL,
	    53, "01", DHCP4_IN_OPTIONS, 1, 0, false },
	{ "no end", 0, "350101", NULL, NULL,
	    53, "01", DHCP4_IN_OPTIONS, 1, 0, true },
	{ "no options at all", 0, "", NULL, NULL, 53, NULL, 0, 0, 0, true },
	{ "code without length", -EBADMSG, "3501010c", NULL, NULL,
	    0, NULL, 0, 0, 0, false },
	{ "value cut", -EBADMSG, "3501010c0261", NULL, NULL,
	    0, NULL, 0, 0, 0, false },
	{ "empty option", 0, "35010150" "00ff", NULL, NULL,
	    80, "", DHCP4_IN_OPTIONS, 1, 0, false },
	{ "two pieces", 0, "0c0261620f01780c0163ff", NULL, NULL,
	    12, "616263", DHCP4_IN_OPTIONS, 2, 0, false },
	{ "option in file", 0, "340101ff", "0c0161ff", "0c0162ff",
	    12, "61", DHCP4_IN_FILE, 1, 1, false },
	{ "option in sname", 0, "340102ff", "0c0161ff", "0c0162ff",
	    12, "62", DHCP4_IN_SNAME, 1, 2, false },
	{ "file comes before sname", 0, "3401030c0160ff", "0c0161ff",
	    "0c0162ff", 12, "606162", DHCP4_IN_OPTIONS, 3, 3, false },
	{ "not overloaded", 0, "350101ff", "0c0161ff", "0c0162ff",
	    12, NULL, 0, 0, 0, false },
	{ "overload may come last", 0, "0c0160340101ff", "0c0161ff", NULL,
	    12, "6061", DHCP4_IN_OPTIONS, 2, 1, false },
	{ "overload 4 means nothing", 0, "340104ff", "0c0161ff", "0c0162ff",
	    12, NULL, 0, 0, 0, false },
	{ "overload of two bytes", 0, "34020101ff", "0c0161ff", NULL,
	    12, NULL, 0, 0, 0, false },
	{ "overload twice", 0, "340101340101ff", "0c0161ff", NULL,
	    12, NULL, 0, 0, 0, false },
	{ "overload inside file is not followed", 0, "340101ff",
	    "340103ff", "0c0162ff", 12, NULL, 0, 0, 1, false },
	{ "option cut off at the end of file", -EBADMSG, "340101ff",
	    "0cff61", NULL, 0, NULL, 0, 0, 0, false },
	{ "option cut off at the end of sname", -EBADMSG, "340102ff",
	    NULL, "0c4061", 0, NULL, 0, 0, 0, false },
	{ "file without end", 0, "340101ff", "0c0161", NULL,
	    12, "61", DHCP4_IN_FILE, 1, 1, false },
};

static void
hex_put(uint8_t *to, size_t cap, const char *hex)
{
	size_t len;

	memset(to, 0, cap);
	if (hex && hex[0])
		ck_assert_int_eq(parse_hex(hex, to, cap, &len, NULL), 0);
}

START_TEST(fields_are_read)
{
	uint8_t options[64];
	uint8_t value[64];
	uint8_t buf[512];
	size_t n_options = strlen(rows[_i].options) / 2;
	size_t len;
	struct dhcp4_msg msg;
	const struct dhcp4_opt *opt;
	uint8_t *copy;
	int rc;

	hex_put(options, sizeof(options), rows[_i].options);
	len = head_put(buf, options, n_options);
	hex_put(buf + 44, DHCP4_SNAME_LEN, rows[_i].sname);
	hex_put(buf + 108, DHCP4_FILE_LEN, rows[_i].file);
	copy = unit_heap(buf, len);
	rc = dhcp4_msg_parse(&msg, copy, len, NULL);
	free(copy);
	ck_assert_msg(rc == rows[_i].want, "%s: %d", rows[_i].name, rc);
	if (rc < 0)
		return;
	opt = dhcp4_opt(&msg, rows[_i].code);
	ck_assert_msg(!opt == !rows[_i].value, "%s", rows[_i].name);
	if (opt) {
		hex_put(value, sizeof(value), rows[_i].value);
		ck_assert_msg(opt->len == strlen(rows[_i].value) / 2 &&
		    memcmp(opt->data, value, opt->len) == 0, "%s: value",
		    rows[_i].name);
		ck_assert_int_eq(opt->place, rows[_i].place);
		ck_assert_int_eq(opt->n_pieces, rows[_i].n_pieces);
	}
	ck_assert_msg(msg.overload == rows[_i].overload, "%s: overload %u",
	    rows[_i].name, msg.overload);
	ck_assert_msg(msg.no_end == rows[_i].no_end, "%s", rows[_i].name);
	dhcp4_msg_release(&msg);
}
END_TEST

/* An option in hundreds of pieces of one byte is one option. */
START_TEST(many_pieces_are_joined)
{
	uint8_t options[3 * 300];
	uint8_t buf[2048];
	struct dhcp4_msg msg;
	const struct dhcp4_opt *opt;
	size_t len;

	for (size_t i = 0; i < 300; i++) {
		options[3 * i] = 77;
		options[3 * i + 1] = 1;
		options[3 * i + 2] = (uint8_t)i;
	}
	len = head_put(buf, options, sizeof(options));
	ck_assert_int_eq(dhcp4_msg_parse(&msg, buf, len, NULL), 0);
	ck_assert_uint_eq(msg.n_opts, 1);
	opt = dhcp4_opt(&msg, 77);
	ck_assert_uint_eq(opt->n_pieces, 255);
	ck_assert_uint_eq(opt->len, 300);
	for (size_t i = 0; i < 300; i++)
		ck_assert_uint_eq(opt->data[i], (uint8_t)i);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(bad_heads_are_refused)
{
	static const struct { size_t at; uint8_t v; } bad[] = {
		{ 0, 0 }, { 0, 3 }, { 2, 17 }, { 2, 255 },
	};
	uint8_t buf[300];
	size_t len = head_put(buf, "\xff", 1);
	struct dhcp4_msg msg;
	struct diag diag = { .text = "" };

	buf[bad[_i].at] = bad[_i].v;
	ck_assert_int_eq(dhcp4_msg_parse(&msg, buf, len, &diag), -EBADMSG);
	ck_assert(diag.text[0] != '\0');
}
END_TEST

START_TEST(cut_option_is_located)
{
	uint8_t buf[300];
	size_t len = head_put(buf, "\x35\x01\x01\x0c\x09", 5);
	struct dhcp4_msg msg;
	struct diag diag;

	ck_assert_int_eq(dhcp4_msg_parse(&msg, buf, len, &diag), -EBADMSG);
	ck_assert_str_eq(diag.text, "option 12 is cut off");
	ck_assert(diag.has_offset && diag.offset == OPTIONS_AT + 3);
}
END_TEST

START_TEST(bootp_has_no_options)
{
	uint8_t buf[300] = { 0 };
	uint8_t again[400];
	struct wr w = wr_init(again, sizeof(again));
	struct dhcp4_msg msg;

	head_put(buf, "\x35\x01\x01\xff", 4);
	buf[COOKIE_AT] = 0;
	ck_assert_int_eq(dhcp4_msg_parse(&msg, buf, sizeof(buf), NULL), 0);
	ck_assert(msg.is_bootp);
	ck_assert_uint_eq(msg.n_opts, 0);
	ck_assert_int_eq(dhcp4_type(&msg), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, DHCP4_BOOTP_LEN, 576), 0);
	ck_assert_uint_eq(w.len, DHCP4_BOOTP_LEN);
	ck_assert_int_eq(memcmp(again, buf, DHCP4_HEAD_LEN), 0);
	for (size_t i = DHCP4_HEAD_LEN; i < w.len; i++)
		ck_assert_uint_eq(again[i], 0);
	dhcp4_msg_release(&msg);
}
END_TEST

/* What is built with @max_len is read back with the same values. */
static void
check_round_trip(const struct dhcp4_msg *msg, size_t max_len, int overload)
{
	static uint8_t buf[DHCP4_MSG_MAX];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp4_msg got;
	uint8_t *copy;

	ck_assert_int_eq(dhcp4_msg_build(msg, &w, 0, max_len), 0);
	ck_assert_uint_le(w.len, max_len);
	copy = unit_heap(buf, w.len);
	ck_assert_int_eq(dhcp4_msg_parse(&got, copy, w.len, NULL), 0);
	free(copy);
	ck_assert_int_eq(got.overload, overload);
	ck_assert(!got.no_end);
	ck_assert_uint_eq(got.n_opts, msg->n_opts + (overload ? 1 : 0));
	for (size_t i = 0; i < msg->n_opts; i++) {
		const struct dhcp4_opt *want = &msg->opts[i];
		const struct dhcp4_opt *opt = dhcp4_opt(&got, want->code);

		ck_assert_ptr_nonnull(opt);
		ck_assert_uint_eq(opt->len, want->len);
		ck_assert(opt->len == 0 ||
		    memcmp(opt->data, want->data, opt->len) == 0);
	}
	if (!(overload & 1))
		ck_assert_int_eq(memcmp(got.file, msg->file, 128), 0);
	if (!(overload & 2))
		ck_assert_int_eq(memcmp(got.sname, msg->sname, 64), 0);
	dhcp4_msg_release(&got);
}

static void
fill(uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(i * 7 + 1);
}

/* Lengths around each split of RFC 3396. */
START_TEST(long_options_are_split)
{
	static const struct { size_t len; size_t n_pieces; } lens[] = {
		{ 0, 1 }, { 1, 1 }, { 254, 1 }, { 255, 1 }, { 256, 2 },
		{ 510, 2 }, { 511, 3 }, { 765, 3 }, { 60000, 236 },
		{ 65000, 255 },
	};
	static uint8_t value[65000];
	size_t len = lens[_i].len;
	size_t need = OPTIONS_AT + 3 + len + 2 * lens[_i].n_pieces + 1;
	static uint8_t buf[70000];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp4_msg msg;

	fill(value, sizeof(value));
	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	memset(msg.file, 'f', sizeof(msg.file));
	memset(msg.sname, 's', sizeof(msg.sname));
	ck_assert_int_eq(dhcp4_add_u8(&msg, 53, DHCP4_DISCOVER), 0);
	ck_assert_int_eq(dhcp4_add(&msg, 77, value, len), 0);
	if (need <= DHCP4_MSG_MAX) {
		check_round_trip(&msg, need, 0);
		ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, need - 1),
		    -EMSGSIZE);
	}
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, SIZE_MAX),
	    need <= DHCP4_MSG_MAX ? 0 : -EMSGSIZE);
	dhcp4_msg_release(&msg);
}
END_TEST

/*
 * A message that needs 300 bytes of options in a message of ever less room:
 * first `file` is taken, then `sname`, then it does not fit.
 */
START_TEST(small_messages_are_overloaded)
{
	uint8_t value[100];
	struct dhcp4_msg msg;
	size_t max_len;
	int seen = 0;

	fill(value, sizeof(value));
	dhcp4_msg_init(&msg, DHCP4_BOOTREPLY);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 53, DHCP4_OFFER), 0);
	for (uint8_t code = 200; code < 206; code++)
		ck_assert_int_eq(dhcp4_add(&msg, code, value, 48), 0);
	ck_assert_int_eq(dhcp4_add(&msg, 80, NULL, 0), 0);
	for (max_len = OPTIONS_AT + 3 + 300 + 2 + 1;; max_len--) {
		static uint8_t buf[1024];
		struct wr w = wr_init(buf, sizeof(buf));
		struct dhcp4_msg got;

		if (dhcp4_msg_build(&msg, &w, 0, max_len) < 0)
			break;
		ck_assert_uint_le(w.len, max_len);
		ck_assert_int_eq(dhcp4_msg_parse(&got, buf, w.len, NULL), 0);
		ck_assert_int_ge(got.overload, seen);
		seen = got.overload;
		ck_assert_uint_eq(got.opts[0].code, 53);
		dhcp4_msg_release(&got);
		check_round_trip(&msg, max_len, seen);
	}
	ck_assert_int_eq(seen, 3);
	/*
	 * 305 bytes of options, of which 127 and 63 may stand elsewhere; two
	 * options are split between fields, which costs 2 bytes each time;
	 * and option 52 and END must be written. One byte less did not do.
	 */
	ck_assert_uint_eq(max_len + 1, OPTIONS_AT + 305 - 127 - 63 + 4 + 3 + 1);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(whole_options_are_preferred)
{
	static uint8_t buf[1024];
	struct wr w = wr_init(buf, sizeof(buf));
	uint8_t value[100];
	struct dhcp4_msg msg;
	struct dhcp4_msg got;

	fill(value, sizeof(value));
	dhcp4_msg_init(&msg, DHCP4_BOOTREPLY);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 53, DHCP4_OFFER), 0);
	ck_assert_int_eq(dhcp4_add(&msg, 67, value, 100), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, OPTIONS_AT + 50), 0);
	ck_assert_int_eq(dhcp4_msg_parse(&got, buf, w.len, NULL), 0);
	ck_assert_int_eq(dhcp4_opt(&got, 67)->place, DHCP4_IN_FILE);
	ck_assert_int_eq(dhcp4_opt(&got, 67)->n_pieces, 1);
	ck_assert_int_eq(got.overload, 1);

	/* what was parsed from an overloaded message fits a larger one */
	w = wr_init(buf, sizeof(buf));
	ck_assert_int_eq(dhcp4_msg_build(&got, &w, 0, 576), 0);
	dhcp4_msg_release(&got);
	ck_assert_int_eq(dhcp4_msg_parse(&got, buf, w.len, NULL), 0);
	ck_assert_int_eq(got.overload, 0);
	ck_assert_uint_eq(got.file[0], 0);
	ck_assert_int_eq(dhcp4_opt(&got, 67)->place, DHCP4_IN_OPTIONS);
	dhcp4_msg_release(&got);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(used_names_are_not_overloaded)
{
	static uint8_t buf[1024];
	struct wr w = wr_init(buf, sizeof(buf));
	uint8_t value[60] = { 1 };
	struct dhcp4_msg msg;

	dhcp4_msg_init(&msg, DHCP4_BOOTREPLY);
	text_copy((char *)msg.file, sizeof(msg.file), "boot.efi");
	ck_assert_int_eq(dhcp4_add(&msg, 67, value, 60), 0);
	check_round_trip(&msg, OPTIONS_AT + 10, 2);
	ck_assert_int_eq(dhcp4_add(&msg, 66, value, 60), 0);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, OPTIONS_AT + 10),
	    -EMSGSIZE);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, DHCP4_HEAD_LEN),
	    -EMSGSIZE);
	w = wr_init(buf, OPTIONS_AT + 20);      /* the buffer is too small */
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 0, 576), -EMSGSIZE);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(build_pads_and_appends)
{
	enum { BEFORE = 60 };           /* more than the padding needed */
	uint8_t buf[400];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dhcp4_msg msg;

	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 53, DHCP4_DISCOVER), 0);
	memset(buf, 0xee, sizeof(buf));
	wr_zero(&w, BEFORE);
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, DHCP4_BOOTP_LEN, 576), 0);
	ck_assert_uint_eq(w.len, BEFORE + DHCP4_BOOTP_LEN);
	ck_assert_uint_eq(buf[BEFORE], DHCP4_BOOTREQUEST);
	ck_assert_int_eq(memcmp(buf + BEFORE + OPTIONS_AT,
	    "\x35\x01\x01\xff", 4), 0);
	for (size_t i = BEFORE + OPTIONS_AT + 4; i < w.len; i++)
		ck_assert_uint_eq(buf[i], 0);
	ck_assert_uint_eq(buf[w.len], 0xee);
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(values_are_added_and_asked)
{
	struct in_addr ip = { htonl(0xc0a80101) };
	struct in_addr got_ip = { 7 };
	struct dhcp4_msg msg;
	char text[8];
	uint32_t v32 = 7;
	uint16_t v16 = 7;
	uint8_t v8 = 7;

	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	ck_assert_uint_eq(msg.htype, 1);
	ck_assert_uint_eq(msg.hlen, 6);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 53, DHCP4_INFORM), 0);
	ck_assert_int_eq(dhcp4_add_u16(&msg, 57, 1472), 0);
	ck_assert_int_eq(dhcp4_add_u32(&msg, 51, 0x01020304), 0);
	ck_assert_int_eq(dhcp4_add_ip(&msg, 54, ip), 0);
	ck_assert_int_eq(dhcp4_add_str(&msg, 60, "PXEClient"), 0);
	ck_assert_int_eq(dhcp4_add(&msg, 67, "a.efi\0junk", 10), 0);
	ck_assert_int_eq(dhcp4_add(&msg, 3, "\x0a\0\0\1\x0a\0\0\2", 8), 0);

	ck_assert_int_eq(dhcp4_type(&msg), DHCP4_INFORM);
	ck_assert(dhcp4_get_u8(&msg, 53, &v8) && v8 == DHCP4_INFORM);
	ck_assert(dhcp4_get_u16(&msg, 57, &v16) && v16 == 1472);
	ck_assert(dhcp4_get_u32(&msg, 51, &v32) && v32 == 0x01020304);
	ck_assert(dhcp4_get_ip(&msg, 54, &got_ip));
	ck_assert_uint_eq(got_ip.s_addr, ip.s_addr);
	ck_assert(dhcp4_get_ip(&msg, 3, &got_ip));
	ck_assert_uint_eq(ntohl(got_ip.s_addr), 0x0a000001);
	ck_assert(dhcp4_get_str(&msg, 60, text, sizeof(text)));
	ck_assert_str_eq(text, "PXEClie");      /* cut to fit */
	ck_assert(dhcp4_get_str(&msg, 67, text, sizeof(text)));
	ck_assert_str_eq(text, "a.efi");
	ck_assert(dhcp4_get_str(&msg, 67, text, 1));
	ck_assert_str_eq(text, "");

	/* another length, or none: outputs stay as they were */
	ck_assert(!dhcp4_get_u8(&msg, 57, &v8) && v8 == DHCP4_INFORM);
	ck_assert(!dhcp4_get_u16(&msg, 53, &v16) && v16 == 1472);
	ck_assert(!dhcp4_get_u32(&msg, 3, &v32) && v32 == 0x01020304);
	ck_assert(!dhcp4_get_ip(&msg, 57, &got_ip));
	ck_assert(!dhcp4_get_u8(&msg, 99, &v8));
	ck_assert(!dhcp4_get_str(&msg, 99, text, sizeof(text)));
	dhcp4_msg_release(&msg);
}
END_TEST

START_TEST(add_has_limits)
{
	static uint8_t value[DHCP4_MSG_MAX];
	struct dhcp4_msg msg;

	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 0, 1), -EINVAL);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 52, 1), -EINVAL);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 255, 1), -EINVAL);
	ck_assert_uint_eq(msg.n_opts, 0);
	ck_assert_int_eq(dhcp4_add(&msg, 77, value, sizeof(value)), 0);
	ck_assert_int_eq(dhcp4_add(&msg, 77, value, 1), -EMSGSIZE);
	ck_assert_int_eq(dhcp4_add_str(&msg, 12, "ab"), 0);
	ck_assert_int_eq(dhcp4_add_str(&msg, 12, "cd"), 0);
	ck_assert_uint_eq(msg.n_opts, 2);
	ck_assert_uint_eq(dhcp4_opt(&msg, 12)->len, 4);
	ck_assert_int_eq(memcmp(dhcp4_opt(&msg, 12)->data, "abcd", 4), 0);
	for (unsigned int code = 1; code < 255; code++)
		if (code != 52 && code != 77 && code != 12)
			ck_assert_int_eq(dhcp4_add_u8(&msg, (uint8_t)code,
			    (uint8_t)code), 0);
	ck_assert_uint_eq(msg.n_opts, 253);
	ck_assert_uint_eq(*dhcp4_opt(&msg, 254)->data, 254);
	dhcp4_msg_release(&msg);
	dhcp4_msg_release(&msg);        /* twice does no harm */
}
END_TEST

START_TEST(types_have_names)
{
	struct dhcp4_msg msg;

	ck_assert_str_eq(dhcp4_type_name(1), "DISCOVER");
	ck_assert_str_eq(dhcp4_type_name(6), "NAK");
	ck_assert_str_eq(dhcp4_type_name(13), "LEASEACTIVE");
	ck_assert_str_eq(dhcp4_type_name(18), "TLS");
	ck_assert_ptr_null(dhcp4_type_name(0));
	ck_assert_ptr_null(dhcp4_type_name(19));
	ck_assert_ptr_null(dhcp4_type_name(-1));
	dhcp4_msg_init(&msg, DHCP4_BOOTREQUEST);
	ck_assert_int_eq(dhcp4_add_u8(&msg, 53, 77), 0);
	ck_assert_int_eq(dhcp4_type(&msg), 0);
	dhcp4_msg_release(&msg);
}
END_TEST

/* Option 43 is PXE's only in a message that says so. */
START_TEST(option_43_needs_option_60)
{
	static const uint8_t pxe[] = { 6, 1, 8, 10, 4, 0, 'P', 'X', 'E', 255 };
	static const struct { const char *class; const char *want; } cases[] = {
		{ "PXEClient",
		    "discovery-control=8, boot-menu-prompt=0 s PXE" },
		{ "PXEClient:Arch:00000:UNDI:002001",
		    "discovery-control=8, boot-menu-prompt=0 s PXE" },
		{ "PXEclient", "0x0601080a0400505845ff" },
		{ "AAPLBSDPC", "0x0601080a0400505845ff" },
		{ NULL, "0x0601080a0400505845ff" },
	};
	struct sbuf b = SBUF_EMPTY;
	struct dhcp4_msg msg;

	dhcp4_msg_init(&msg, DHCP4_BOOTREPLY);
	ck_assert_int_eq(dhcp4_add(&msg, 43, pxe, sizeof(pxe)), 0);
	if (cases[_i].class)
		ck_assert_int_eq(dhcp4_add_str(&msg, 60, cases[_i].class), 0);
	dhcp4_opt_format(&b, &msg, dhcp4_opt(&msg, 43));
	ck_assert_str_eq(sbuf_str(&b), cases[_i].want);
	sbuf_release(&b);
	dhcp4_msg_release(&msg);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dhcp4");
	TCase *tc = tcase_create("dhcp4");

	tcase_add_loop_test(tc, golden_is_read, 0, ARRAY_LEN(golden));
	tcase_add_loop_test(tc, golden_is_rebuilt, 0, ARRAY_LEN(golden));
	tcase_add_loop_test(tc, golden_prefixes, 0, ARRAY_LEN(golden));
	tcase_add_loop_test(tc, fields_are_read, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, many_pieces_are_joined);
	tcase_add_loop_test(tc, bad_heads_are_refused, 0, 4);
	tcase_add_test(tc, cut_option_is_located);
	tcase_add_test(tc, bootp_has_no_options);
	tcase_add_loop_test(tc, long_options_are_split, 0, 10);
	tcase_add_test(tc, small_messages_are_overloaded);
	tcase_add_test(tc, whole_options_are_preferred);
	tcase_add_test(tc, used_names_are_not_overloaded);
	tcase_add_test(tc, build_pads_and_appends);
	tcase_add_test(tc, values_are_added_and_asked);
	tcase_add_test(tc, add_has_limits);
	tcase_add_test(tc, types_have_names);
	tcase_add_loop_test(tc, option_43_needs_option_60, 0, 5);
	suite_add_tcase(s, tc);
	return s;
}
