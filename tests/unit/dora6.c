/*
 * dora6.c - the DHCPv6 machine: byte for byte what OVMF and iPXE sent in
 * captures, the times between, and every end it can come to.
 */
#include "unit.h"

#include "base/text.h"
#include "client/dora6.h"

#include <stdio.h>

enum { BUF_MAX = 1500, END_MS = 300000, FEEDS = 4 };

/* Parts of messages, in hex: who says them, and what they say. */
#define OVMF_13 "0001001200040042414c7700424e800100000000000d"
#define OVMF_89 "0001001200040042414c7700424e8001000000000059"
#define IPXE_13 "0001001200044c41420000774e42800100000000000d"
#define DNSMASQ "0002000e0001000132927dfa020000770001"
#define ENDLESS "ffffffffffffffff"
#define ORO_STACK "000600020017"
#define OVMF_PXE "00060008003b003c00170010003e0003010300003d00020007" \
	"00100026000001570020505845436c69656e743a417263683a30303030373a55" \
	"4e44493a303033303030"
#define OVMF_HTTP "00060008003b003c00170010003e0003010300003d00020010" \
	"0010002700000157002148545450436c69656e743a417263683a30303031363a" \
	"554e44493a303033303030"
#define IPXE_ALL "0006000800170018003b003c" \
	"00100026000001570020505845436c69656e743a417263683a30303030373a55" \
	"4e44493a303033303130003d00020007003e000301030a000f00060004695058" \
	"45"
#define ADDR "00050018fd77000000000000000000000000"
#define URL_PXE "003b0019746674703a2f2f5b666437373a3a315d2f697078652e656669"
#define URL_HTTP "003b001a687474703a2f2f5b666437373a3a315d2f626f6f742e6970" \
	"7865"
#define SUCCESS "000d0009000073756363657373"

/* A healthy exchange as it was captured; xid and IAID are the run's own. */
static const struct captured {
	const char *name;
	const char *persona;
	bool stack;
	const char *uuid;
	uint32_t xid;
	uint32_t iaid;
	uint64_t reply_ms;              /* after the SOLICIT */
	uint64_t request_ms;            /* the machine's REQUEST */
	const char *solicit;
	const char *advertise;
	const char *request;
	const char *reply;
	const char *release;            /* NULL: the firmware does not */
	const char *url;
} captured[] = {
	{ "OVMF's stack", "uefi-x64-v6", true,
	  "4c414200-0077-4e42-8001-00000000000d", 0xc31e2e, 0xf7db7f7b,
	  100, 100,
	  "01c31e2e" OVMF_13 "000800020000" "0003000cf7db7f7b" ENDLESS
	  ORO_STACK,
	  "02c31e2e" OVMF_13 DNSMASQ "00030028f7db7f7b0000070800000c4e" ADDR
	  "01ef00000e1000000e10" SUCCESS "0007000100",
	  "03c41e2e" OVMF_13 "000800020000" DNSMASQ
	  "00030028f7db7f7b0000070800000c4e" ADDR "01ef00000e1000000e10"
	  ORO_STACK,
	  "07c41e2e" OVMF_13 DNSMASQ "00030028f7db7f7b0000070800000c4e" ADDR
	  "01ef00000e1000000e10" SUCCESS,
	  /* two messages of its other exchange had gone before: c51e2e ... */
	  "08c51e2e" OVMF_13 DNSMASQ "000800020000" "00030028f7db7f7b" ENDLESS
	  ADDR "01ef00000e1000000e10", NULL },
	{ "OVMF PXE", "uefi-x64-v6", false,
	  "4c414200-0077-4e42-8001-00000000000d", 0xc51e2e, 0xfff47d7f,
	  7, 4000,
	  "01c51e2e" OVMF_13 "000800020000" "0003000cfff47d7f" ENDLESS
	  OVMF_PXE,
	  "02c51e2e" OVMF_13 DNSMASQ "00030028fff47d7f0000070800000c4e" ADDR
	  "01f300000e1000000e10" SUCCESS "0007000100" URL_PXE,
	  "03c61e2e" OVMF_13 "000800020000" DNSMASQ
	  "00030028fff47d7f0000070800000c4e" ADDR "01f300000e1000000e10"
	  OVMF_PXE,
	  "07c61e2e" OVMF_13 DNSMASQ "00030028fff47d7f0000070800000c4e" ADDR
	  "01f300000e1000000e10" SUCCESS URL_PXE,
	  "08c71e2e" OVMF_13 DNSMASQ "000800020000" "00030028fff47d7f" ENDLESS
	  ADDR "01f300000e1000000e10", "tftp://[fd77::1]/ipxe.efi" },
	{ "iPXE", "ipxe-efi-x64-v6", false,
	  "4c414200-0077-4e42-8001-00000000000d", 0x062648, 0xbe6dd2fb,
	  2030, 2030,
	  "01062648" IPXE_13 "0003000cbe6dd2fb0000000000000000" IPXE_ALL
	  "000800020000",
	  "02062648" IPXE_13 DNSMASQ "00030028be6dd2fb0000070800000c4e" ADDR
	  "01ab00000e1000000e10" SUCCESS "0007000100" URL_HTTP,
	  "03062648" IPXE_13 DNSMASQ "00030028be6dd2fb0000000000000000" ADDR
	  "01ab0000000000000000" IPXE_ALL "0008000200cb",
	  "07062648" IPXE_13 DNSMASQ "00030028be6dd2fb0000070800000c4e" ADDR
	  "01ab00000e1000000e10" SUCCESS URL_HTTP,
	  NULL, "http://[fd77::1]/boot.ipxe" },
};

static size_t
unhex(const char *hex, uint8_t *buf)
{
	size_t len = 0;

	ck_assert_int_eq(parse_hex(hex, buf, BUF_MAX, &len, NULL), 0);
	return len;
}

static void
feed(struct dora6 *d, uint64_t now_ms, const char *hex)
{
	static const struct in6_addr server = { { { 0xfe, 0x80, [15] = 1 } } };
	uint8_t buf[BUF_MAX];
	size_t len = unhex(hex, buf);
	void *exact = unit_heap(buf, len);

	dora6_input(d, now_ms, &server, exact, len);
	free(exact);
}

static void
check_sent(const char *what, const struct dora6_output *out, const char *hex)
{
	uint8_t want[BUF_MAX];
	size_t len = unhex(hex, want);

	ck_assert_msg(out != NULL, "%s: nothing is sent", what);
	ck_assert_msg(out->len == len && memcmp(out->buf, want, len) == 0,
	    "%s: other bytes than were captured, %zu for %zu", what, out->len,
	    len);
}

static struct dora6 *
start(const char *persona, bool stack, struct machine *m, uint32_t xid,
    uint32_t iaid)
{
	const struct persona *p = persona_find(persona);
	struct dora6_conf conf = {
		.persona = p, .machine = m, .xid = xid, .iaid = iaid,
	};
	struct dora6 *d = malloc(sizeof(*d));

	ck_assert_ptr_nonnull(p);
	conf.p6 = stack ? p->v6->stack : p->v6;
	dora6_init(d, &conf);
	dora6_start(d, 0);
	return d;
}

START_TEST(says_what_was_captured)
{
	const struct captured *c = &captured[_i];
	struct machine m = { .has_uuid = true };
	struct dora6_output out;
	char url[DORA6_URL_MAX] = "";
	struct dora6 *d;

	ck_assert_int_eq(parse_uuid(c->uuid, m.uuid, NULL), 0);
	d = start(c->persona, c->stack, &m, c->xid, c->iaid);
	check_sent(c->name, dora6_output(d), c->solicit);
	while (d->deadline_ms <= c->reply_ms) {
		dora6_expire(d, d->deadline_ms);
		ck_assert_ptr_nonnull(dora6_output(d));
	}
	feed(d, c->reply_ms, c->advertise);
	if (c->request_ms > c->reply_ms) {
		ck_assert_ptr_null(dora6_output(d));
		ck_assert_uint_eq(d->deadline_ms, c->request_ms);
		dora6_expire(d, c->request_ms);
	}
	check_sent(c->name, dora6_output(d), c->request);
	feed(d, c->request_ms + 10, c->reply);
	ck_assert_int_eq(d->state, DORA6_BOUND);
	(void)dhcp6_get_str(&d->reply, DHCP6_OPT_BOOTFILE_URL, url,
	    sizeof(url));
	ck_assert_str_eq(url, c->url ? c->url : "");
	if (c->release) {
		ck_assert_int_eq(dora6_give_back(d, &out), 0);
		check_sent(c->name, &out, c->release);
	}
	dora6_release(d);
	free(d);
}
END_TEST

/* Nobody answers, as in the capture: it is sent again, and given up. */
START_TEST(silence)
{
	static const struct { uint64_t at_ms; const char *elapsed; } sends[] = {
		{ 0, "0000" }, { 4000, "0190" }, { 13000, "0514" },
		{ 31000, "0c1c" },
	};
	struct machine m = { .has_uuid = true };
	char want[BUF_MAX];
	struct dora6 *d;

	ck_assert_int_eq(parse_uuid("4c414200-0077-4e42-8001-000000000059",
	    m.uuid, NULL), 0);
	d = start("uefi-x64-v6", false, &m, 0xec68c4, 0x7f8aff5a);
	for (size_t i = 0; i < ARRAY_LEN(sends); i++) {
		if (i > 0) {
			ck_assert_uint_eq(d->deadline_ms, sends[i].at_ms);
			dora6_expire(d, d->deadline_ms);
		}
		(void)snprintf(want, sizeof(want), "01ec68c4" OVMF_89
		    "00080002%s0003000c7f8aff5a" ENDLESS OVMF_PXE,
		    sends[i].elapsed);
		check_sent("SOLICIT", dora6_output(d), want);
	}
	ck_assert_uint_eq(d->deadline_ms, 60000);
	dora6_expire(d, d->deadline_ms);
	ck_assert_int_eq(d->state, DORA6_FAILED);
	ck_assert_str_eq(d->fault, "no-dhcp-offer");
	ck_assert_uint_eq(d->deadline_ms, CLOCK_NEVER);
	dora6_release(d);
	free(d);
}
END_TEST

START_TEST(http_solicit)
{
	struct machine m = { .has_uuid = true };
	struct dora6 *d;

	ck_assert_int_eq(parse_uuid("11223344-5566-7788-99aa-bbccddeeff00",
	    m.uuid, NULL), 0);
	d = start("uefi-http-x64-v6", false, &m, 0x09262e, 0x866517b8);
	check_sent("SOLICIT", dora6_output(d), "0109262e"
	    "000100120004443322116655887799aabbccddeeff00" "000800020000"
	    "0003000c866517b8" ENDLESS OVMF_HTTP);
	dora6_release(d);
	free(d);
}
END_TEST

#define HEAD(type) type "000001" "0001000a00030001020000000001" \
	"0002000a00030001020000770001"
#define IA "0003002800000001" "0000070800000c4e" ADDR "01ef00000e1000000e10"
#define CLASS "001000100000015700" "0a" "48545450436c69656e74"

static const struct end {
	const char *name;
	const char *persona;
	bool stateless;
	const char *feed[FEEDS];        /* one each second */
	const char *fault;              /* NULL: bound */
} ends[] = {
	{ "bound", "uefi-x64-v6", false,
	  { HEAD("02") IA URL_PXE, NULL, NULL, HEAD("07") IA URL_PXE }, NULL },
	{ "no boot file URL", "uefi-x64-v6", false, { HEAD("02") IA },
	  "offer-without-bootfile" },
	{ "one without, one with", "uefi-x64-v6", false,
	  { HEAD("02") IA, HEAD("02") IA URL_PXE, NULL,
	    HEAD("07") IA URL_PXE }, NULL },
	{ "iPXE takes what has no file", "ipxe-efi-x64-v6", false,
	  { HEAD("02") IA, HEAD("07") IA }, NULL },
	{ "no addresses left", "uefi-x64-v6", false,
	  { HEAD("02") "000d00020002" }, "ipv6-first-delay-or-failure" },
	{ "nor in the IA", "uefi-x64-v6", false,
	  { HEAD("02") "000300120000000100000000" "00000000" "000d00020002"
	    URL_PXE }, "ipv6-first-delay-or-failure" },
	{ "REQUEST refused", "ipxe-efi-x64-v6", false,
	  { HEAD("02") IA, HEAD("07") "000d00020002" },
	  "ipv6-first-delay-or-failure" },
	{ "REQUEST unanswered", "ipxe-efi-x64-v6", false, { HEAD("02") IA },
	  "dhcp-request-unanswered" },
	{ "not of HTTPClient", "uefi-http-x64-v6", false,
	  { HEAD("02") IA URL_HTTP }, "httpboot-offer-without-httpclient" },
	{ "of HTTPClient", "uefi-http-x64-v6", false,
	  { HEAD("02") IA URL_HTTP CLASS, NULL, NULL,
	    HEAD("07") IA URL_HTTP CLASS }, NULL },
	{ "stateless", "ipxe-efi-x64-v6", true, { HEAD("07") URL_HTTP }, NULL },
	{ "stateless, nobody", "ipxe-efi-x64-v6", true, { NULL },
	  "no-dhcp-offer" },
	{ "a REPLY is no ADVERTISE", "uefi-x64-v6", false,
	  { HEAD("07") IA URL_PXE }, "no-dhcp-offer" },
	{ "another's transaction", "uefi-x64-v6", false,
	  { "02000002" "0002000a00030001020000770001" IA URL_PXE },
	  "no-dhcp-offer" },
	{ "from no server", "uefi-x64-v6", false,
	  { "02000001" IA URL_PXE }, "no-dhcp-offer" },
};

/* What is fed has transaction 1; the answer to a REQUEST has the next one. */
static void
feed_now(struct dora6 *d, uint64_t now_ms, const char *hex)
{
	char text[BUF_MAX];

	(void)text_copy(text, sizeof(text), hex);
	if (strncmp(text + 2, "000001", 6) == 0) {
		char xid[8];

		(void)snprintf(xid, sizeof(xid), "%06x", (unsigned)d->xid);
		memcpy(text + 2, xid, 6);
	}
	feed(d, now_ms, text);
}

START_TEST(ends_so)
{
	const struct end *e = &ends[_i];
	struct machine m = { .mac = { 2, 0, 0, 0, 0, 1 } };
	const struct persona *p = persona_find(e->persona);
	struct dora6_conf conf = {
		.persona = p, .p6 = p->v6, .machine = &m, .xid = 1, .iaid = 1,
		.stateless = e->stateless,
	};
	struct dora6 *d = malloc(sizeof(*d));
	uint64_t now_ms = 0;

	dora6_init(d, &conf);
	dora6_start(d, 0);
	/* fed at 100, 1100 ...; the third after EDK2 has chosen */
	for (size_t i = 0; i < FEEDS; i++) {
		now_ms = i * 1000 + 100 + (i == FEEDS - 1 ? 2000 : 0);
		while (d->deadline_ms <= now_ms)
			dora6_expire(d, d->deadline_ms);
		if (e->feed[i])
			feed_now(d, now_ms, e->feed[i]);
	}
	while (dora6_is_running(d) && d->deadline_ms < END_MS)
		dora6_expire(d, d->deadline_ms);
	ck_assert_msg(d->state == (e->fault ? DORA6_FAILED : DORA6_BOUND),
	    "%s: state %d, %s", e->name, d->state, d->why);
	ck_assert_msg(!e->fault || (d->fault && strcmp(d->fault, e->fault) == 0),
	    "%s: %s", e->name, d->fault);
	dora6_release(d);
	free(d);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dora6");
	TCase *tc = tcase_create("dora6");

	tcase_add_loop_test(tc, says_what_was_captured, 0,
	    ARRAY_LEN(captured));
	tcase_add_test(tc, silence);
	tcase_add_test(tc, http_solicit);
	tcase_add_loop_test(tc, ends_so, 0, ARRAY_LEN(ends));
	suite_add_tcase(s, tc);
	return s;
}
