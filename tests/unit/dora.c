#include "unit.h"

#include "base/sbuf.h"
#include "client/dora.h"
#include "dhcp_make.h"

enum { FEEDS = 7, XID = 0x12345678, END_MS = 300000 };

/* What a server sends, and when. */
struct feed {
	uint64_t at_ms;
	const char *src;                /* NULL: the row is at its end */
	uint16_t sport;                 /* 0: 67 */
	bool other_xid;
	int32_t xid_more;               /* than the last that was sent */
	bool is_request;                /* op 1: not a reply */
	struct reply reply;
};

#define OFFER1(t) { t, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101", \
	.server_id = "10.0.0.1", .siaddr = "10.0.0.1", .file = "boot" } }
#define BARE1(t) { t, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101", \
	.server_id = "10.0.0.1" } }
#define ACK1(t) { t, "10.0.0.1", .reply = { .type = DHCP4_ACK, \
	.yiaddr = "10.0.0.101", .server_id = "10.0.0.1", \
	.siaddr = "10.0.0.1", .file = "boot" } }
#define NAK(t, server) { t, server, .reply = { .type = DHCP4_NAK, \
	.server_id = server } }
/* A proxyDHCP server, 10.0.0.3: its class alone, or all that it takes. */
#define PROXY(t) { t, "10.0.0.3", .reply = { .server_id = "10.0.0.3", \
	.class = "PXEClient" } }
#define PROXY_OF(t, server) { t, server, .reply = { \
	.server_id = server, .class = "PXEClient" } }
#define PROXY_FILE(t) { t, "10.0.0.3", .reply = { .server_id = "10.0.0.3", \
	.class = "PXEClient", .siaddr = "10.0.0.3", .file = "p" } }
#define PROXY_PXE(t, data) { t, "10.0.0.3", .reply = { \
	.server_id = "10.0.0.3", .siaddr = "10.0.0.3", \
	.class = "PXEClient", .pxe = data } }
#define PXE_ACK(t, server, name) { t, server, DHCP4_PXE_PORT, .reply = { \
	.type = DHCP4_ACK, .server_id = server, .siaddr = server, \
	.class = "PXEClient", .file = name } }

#define MENU "09048000014e"             /* one item, of type 0x8000 */
#define MENU_LOCAL "09040000014e"       /* type 0: the local disk */
#define SERVERS "08078000010a000008"    /* 0x8000 is at 10.0.0.8 */
#define OTHERS "08078001010a000008"     /* another type is */
#define CONTROL(bits) "0601" bits
#define USE_FILE CONTROL("08")
#define LISTED CONTROL("03")            /* unicast alone */
#define MCAST "0704e0000102"            /* 224.0.1.2 */
#define AT_ONCE "0a0200" "50"           /* no prompt: the first item */
#define PROMPT(s) "0a02" s "50"
/* A boot server of type 0x8000, as dnsmasq answers. */
#define ITEM_ACK(t, server, port, name) { t, server, port, .reply = { \
	.type = DHCP4_ACK, .server_id = server, .siaddr = server, \
	.class = "PXEClient", .file = name, .pxe = "470480000000ff" } }
/* "Raspberry Pi Boot   " */
#define RPI_MENU "0917000014526173706265727279205069" \
	"20426f6f74202020ff"

/*
 * What the machine did, as one line: time in ms, D for DISCOVER, R for REQUEST,
 * P for a REQUEST to port 4011, and `secs`; for R the server asked for, for P
 * where it went; B instead for one that looks for a boot server; at the end
 * the time and the state or the fault.
 */
static const struct {
	const char *name;
	const char *persona;
	unsigned int speed;             /* 0: 1 */
	struct pxe_user user;
	struct feed feeds[FEEDS];
	const char *want;
	const char *proxy_file;         /* in BOUND; NULL: the ACK's */
	bool lost_file;
} rows[] = {
	{ "EDK2, nobody", "uefi-x64", .want =
	    "0:D0 3800:D4 12100:D12 28400:D28 60400:no-dhcp-offer" },
	{ "HTTP boot, nobody", "uefi-http-x64", .want =
	    "0:D0 3800:D4 12100:D12 28400:D28 60400:no-dhcp-offer" },
	{ "EDK2, nobody, ten times as fast", "uefi-x64", 10,
	    .want =
	    "0:D0 380:D0 1210:D1 2840:D3 6040:no-dhcp-offer" },
	{ "ROM, nobody", "intel-bios", .want =
	    "0:D4 4000:D4 12000:D12 28000:D28 60000:no-dhcp-offer" },
	{ "iPXE, nobody", "ipxe-bios", .want =
	    "0:D4 1000:D8 3000:D12 7000:D16 15000:no-dhcp-offer" },
	{ "udhcpc, nobody", "udhcpc", .want =
	    "0:D0 3000:D3 6000:D6 9000:no-dhcp-offer" },

	{ "EDK2 collects to the interval's end", "uefi-x64",
	    .feeds = { OFFER1(1), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:bound" },
	{ "EDK2, an offer in the fourth interval", "uefi-x64",
	    .feeds = { OFFER1(31000), ACK1(60405) },
	    .want = "0:D0 3800:D4 12100:D12 28400:D28 60400:R28/10.0.0.1 "
	    "60405:bound" },
	{ "EDK2, offers without a file", "uefi-x64",
	    .feeds = { BARE1(1), BARE1(4001) },
	    .want = "0:D0 3800:D4 12100:D12 28400:D28 "
	    "60400:offer-without-bootfile" },
	{ "EDK2 wants option 54", "uefi-x64",
	    .feeds = { { 1, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101",
	      .siaddr = "10.0.0.1", .file = "boot" } } },
	    .want = "0:D0 3800:D4 12100:D12 28400:D28 60400:"
	    "offer-rejected-by-client" },
	{ "EDK2, REQUEST without an answer", "uefi-x64",
	    .feeds = { OFFER1(1) },
	    .want = "0:D0 3800:R0/10.0.0.1 7600:R0/10.0.0.1 15900:R0/10.0.0.1 "
	    "32200:R0/10.0.0.1 64200:dhcp-request-unanswered" },
	{ "HTTP boot, an offer for others", "uefi-http-x64",
	    .feeds = { OFFER1(1) },
	    .want = "0:D0 3800:D4 12100:D12 28400:D28 "
	    "60400:httpboot-offer-without-httpclient" },
	{ "EDK2, BOOTP is not asked again", "uefi-x64",
	    .feeds = { { 1, "10.0.0.1", .reply = { .type = NO_TYPE,
	      .yiaddr = "10.0.0.101", .siaddr = "10.0.0.1",
	      .file = "boot" } } },
	    .want = "0:D0 3800:bound" },
	{ "ROM", "intel-bios",
	    .feeds = { OFFER1(1), ACK1(4001) },
	    .want = "0:D4 4000:R4/10.0.0.1 4001:bound" },
	{ "udhcpc takes the first", "udhcpc",
	    .feeds = { BARE1(1200), ACK1(1300) },
	    .want = "0:D0 1200:R1/10.0.0.1 1300:bound" },
	{ "udhcpc does not know BOOTP", "udhcpc",
	    .feeds = { { 1, "10.0.0.1", .reply = { .type = NO_TYPE,
	      .yiaddr = "10.0.0.101", .siaddr = "10.0.0.1" } } },
	    .want = "0:D0 3000:D3 6000:D6 9000:offer-rejected-by-client" },

	{ "iPXE waits for a proxy", "ipxe-bios",
	    .feeds = { OFFER1(1), OFFER1(1001), ACK1(3005) },
	    .want = "0:D4 1000:D10 3000:R18/10.0.0.1 3005:bound" },
	{ "iPXE, a late offer is taken at once", "ipxe-bios",
	    .feeds = { OFFER1(2001), ACK1(2010) },
	    .want = "0:D4 1000:D8 2001:R14/10.0.0.1 2010:bound" },
	{ "iPXE, 2 s are not yet late", "ipxe-bios",
	    .feeds = { OFFER1(2000), ACK1(3010) },
	    .want = "0:D4 1000:D8 3000:R18/10.0.0.1 3010:bound" },
	{ "iPXE goes on when a proxy answers", "ipxe-bios",
	    .feeds = { OFFER1(1), PROXY_FILE(20), ACK1(30) },
	    .want = "0:D4 20:R11/10.0.0.1 30:bound", .proxy_file = "p" },
	{ "iPXE, the proxy first", "ipxe-bios",
	    .feeds = { PROXY_FILE(1), PROXY_FILE(1001), OFFER1(1007),
	      ACK1(1010) },
	    .want = "0:D4 1000:D9 1007:R15/10.0.0.1 1010:bound",
	    .proxy_file = "p" },
	{ "iPXE goes on when told not to wait", "ipxe-bios",
	    .feeds = { { 5, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101",
	      .server_id = "10.0.0.1", .ipxe = "b00101" } }, ACK1(9) },
	    .want = "0:D4 5:R10/10.0.0.1 9:bound" },
	{ "iPXE, an offer from another port", "ipxe-bios",
	    .feeds = { { 1, "10.0.0.1", 4011, .reply = {
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.1" } } },
	    .want = "0:D4 1000:D8 3000:D12 7000:D16 15000:offer-rejected-by-client" },
	{ "iPXE, REQUEST without an answer", "ipxe-efi-x64",
	    .feeds = { OFFER1(1) },
	    .want = "0:D4 1000:D10 3000:R18/10.0.0.1 3250:R22/10.0.0.1 "
	    "3750:R26/10.0.0.1 4750:R30/10.0.0.1 6750:R34/10.0.0.1 "
	    "10750:R38/10.0.0.1 18750:dhcp-request-unanswered" },

	/* port 4011 */
	{ "EDK2 asks the proxy", "uefi-x64",
	    .feeds = { PROXY(1), BARE1(2), ACK1(4010),
	      PXE_ACK(4020, "10.0.0.3", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 5010:bound",
	    .proxy_file = "q" },
	{ "EDK2, 4011 silent", "uefi-x64",
	    .feeds = { PROXY(1), BARE1(2), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 5010:P256>10.0.0.3 "
	    "7010:P512>10.0.0.3 10010:P768>10.0.0.3 14010:proxydhcp-4011-silent" },
	{ "EDK2, the answer has no file", "uefi-x64",
	    .feeds = { PROXY(1), BARE1(2), ACK1(4010),
	      PXE_ACK(4020, "10.0.0.3", NULL) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 "
	    "5010:proxydhcp-answer-without-file" },
	{ "EDK2, the answer has a menu", "uefi-x64",
	    .feeds = { PROXY(1), BARE1(2), ACK1(4010),
	      { 4020, "10.0.0.3", DHCP4_PXE_PORT, .reply = {
	        .type = DHCP4_ACK, .class = "PXEClient",
	        .pxe = LISTED MENU SERVERS "ff" } },
	      PXE_ACK(5030, "10.0.0.8", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 "
	    "5010:B0>10.0.0.8 6010:bound", .proxy_file = "q" },
	{ "EDK2 asks one proxy after the other", "uefi-x64",
	    .feeds = { PROXY(1), PROXY_OF(2, "10.0.0.4"), BARE1(3),
	      ACK1(4010), PXE_ACK(14020, "10.0.0.4", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 "
	    "5010:P256>10.0.0.3 7010:P512>10.0.0.3 10010:P768>10.0.0.3 "
	    "14010:P0>10.0.0.4 15010:bound", .proxy_file = "q" },
	{ "and goes past the one that names no file", "uefi-x64",
	    .feeds = { PROXY(1), PROXY_OF(2, "10.0.0.4"), BARE1(3),
	      ACK1(4010), PXE_ACK(4020, "10.0.0.3", NULL),
	      PXE_ACK(5020, "10.0.0.4", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 "
	    "5010:P0>10.0.0.4 6010:bound", .proxy_file = "q" },
	{ "EDK2, 60 without anybody on 4011", "uefi-x64",
	    .feeds = { { 1, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101",
	      .server_id = "10.0.0.1", .file = "boot",
	      .class = "PXEClient" } }, ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.1 5010:P256>10.0.0.1 "
	    "7010:P512>10.0.0.1 10010:P768>10.0.0.1 14010:option60-without-4011" },
	{ "EDK2 asks the next-server there", "uefi-x64",
	    .feeds = { { 1, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101",
	      .server_id = "10.0.0.1", .siaddr = "10.0.0.5",
	      .class = "PXEClient" } }, ACK1(4010),
	      PXE_ACK(4020, "10.0.0.5", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.5 5010:bound",
	    .proxy_file = "q" },
	{ "iPXE asks the DHCP server there, and can do without", "ipxe-bios",
	    .feeds = { { 1, "10.0.0.1", .reply = { .yiaddr = "10.0.0.101",
	      .server_id = "10.0.0.1", .siaddr = "10.0.0.5",
	      .class = "PXEClient" } }, ACK1(10) },
	    .want = "0:D4 1:R11/10.0.0.1 10:P15>10.0.0.1 260:P19>10.0.0.1 "
	    "760:P23>10.0.0.1 1760:P27>10.0.0.1 3760:bound" },
	{ "iPXE, an answer from another port does not count", "ipxe-bios",
	    .feeds = { PROXY(1), BARE1(2), ACK1(10),
	      { 20, "10.0.0.3", .reply = { .type = DHCP4_ACK,
	        .siaddr = "10.0.0.3", .file = "q" } },
	      PXE_ACK(300, "10.0.0.3", "r") },
	    .want = "0:D4 2:R11/10.0.0.1 10:P15>10.0.0.3 260:P19>10.0.0.3 "
	    "300:bound", .proxy_file = "r" },
	{ "iPXE, a file without a server does not either", "ipxe-bios",
	    .feeds = { PROXY(1), BARE1(2), ACK1(10),
	      { 20, "10.0.0.3", DHCP4_PXE_PORT, .reply = {
	        .type = DHCP4_ACK, .file = "q" } } },
	    .want = "0:D4 2:R11/10.0.0.1 10:P15>10.0.0.3 260:P19>10.0.0.3 "
	    "760:P23>10.0.0.3 1760:P27>10.0.0.3 3760:bound",
	    .lost_file = true },
	{ "nor does another host", "intel-bios",
	    .feeds = { PROXY(1), BARE1(2), ACK1(4010),
	      PXE_ACK(4020, "10.0.0.4", "q"),
	      PXE_ACK(5000, "10.0.0.3", "r") },
	    .want = "0:D4 4000:R4/10.0.0.1 4010:P4>10.0.0.3 5000:bound",
	    .proxy_file = "r" },
	{ "EDK2 looks at the transaction alone", "uefi-x64",
	    .feeds = { PROXY(1), BARE1(2), ACK1(4010),
	      PXE_ACK(4020, "10.0.0.4", "q"),
	      PXE_ACK(5000, "10.0.0.3", "r") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:P0>10.0.0.3 5010:bound",
	    .proxy_file = "q" },

	/* boot menus */
	{ "iPXE asks the boot server of the menu", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, LISTED AT_ONCE MENU SERVERS "ff"),
	      BARE1(2), ACK1(10),
	      ITEM_ACK(1500, "10.0.0.8", DHCP4_PXE_PORT, "q") },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>10.0.0.8 1010:B8>10.0.0.8 "
	    "1500:bound", .proxy_file = "q" },
	{ "iPXE, the boot server is silent", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, LISTED AT_ONCE MENU SERVERS "ff"),
	      BARE1(2), ACK1(10) },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>10.0.0.8 1010:B8>10.0.0.8 "
	    "3010:boot-server-discovery-fails" },
	{ "iPXE tries multicast, broadcast, and those listed", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, MCAST AT_ONCE MENU SERVERS "ff"),
	      BARE1(2), ACK1(10),
	      ITEM_ACK(6500, "10.0.0.8", DHCP4_PXE_PORT, "q") },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>224.0.1.2 1010:B8>224.0.1.2 "
	    "3010:B4>255.255.255.255 4010:B8>255.255.255.255 "
	    "6010:B4>10.0.0.8 6500:bound", .proxy_file = "q" },
	{ "iPXE, a server answers a broadcast from port 67", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, AT_ONCE MENU "ff"), BARE1(2), ACK1(10),
	      ITEM_ACK(20, "10.0.0.9", 67, "q") },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>255.255.255.255 20:bound",
	    .proxy_file = "q" },
	{ "iPXE, an answer of another type does not count", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, LISTED AT_ONCE MENU SERVERS "ff"),
	      BARE1(2), ACK1(10), PXE_ACK(20, "10.0.0.8", "q") },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>10.0.0.8 1010:B8>10.0.0.8 "
	    "3010:boot-server-discovery-fails" },
	{ "nor one of a server that is not listed", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, CONTROL("06") AT_ONCE MENU SERVERS "ff"),
	      BARE1(2), ACK1(10), ITEM_ACK(20, "10.0.0.9", 67, "q"),
	      ITEM_ACK(30, "10.0.0.8", 67, "r") },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>255.255.255.255 30:bound",
	    .proxy_file = "r" },
	{ "iPXE without a prompt waits in its menu", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, LISTED MENU SERVERS "ff"), BARE1(2),
	      ACK1(10) },
	    .want = "0:D4 2:R11/10.0.0.1 10:boot-server-discovery-fails" },
	{ "a prompt of 5 s", "ipxe-bios",
	    .feeds = { PROXY_PXE(1, LISTED PROMPT("05") MENU SERVERS "ff"),
	      BARE1(2), ACK1(10),
	      ITEM_ACK(5500, "10.0.0.8", DHCP4_PXE_PORT, "q") },
	    .want = "0:D4 2:R11/10.0.0.1 5010:B4>10.0.0.8 5500:bound",
	    .proxy_file = "q" },
	{ "which F8 ends", "ipxe-bios", .user = { PXE_KEY_F8, "1" },
	    .feeds = { PROXY_PXE(1, LISTED PROMPT("05") MENU SERVERS "ff"),
	      BARE1(2), ACK1(10),
	      ITEM_ACK(5500, "10.0.0.8", DHCP4_PXE_PORT, "q") },
	    .want = "0:D4 2:R11/10.0.0.1 10:B4>10.0.0.8 1010:B8>10.0.0.8 "
	    "3010:boot-server-discovery-fails" },
	{ "a menu of 255 s waits for ever", "uefi-x64",
	    .feeds = { PROXY_PXE(1, LISTED PROMPT("ff") MENU SERVERS "ff"),
	      BARE1(2), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 "
	    "4010:boot-server-discovery-fails" },
	{ "EDK2 without a prompt takes the first item", "uefi-x64",
	    .feeds = { PROXY_PXE(1, LISTED MENU SERVERS "ff"), BARE1(2),
	      ACK1(4010), PXE_ACK(4020, "10.0.0.8", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:B0>10.0.0.8 5010:bound",
	    .proxy_file = "q" },
	{ "EDK2 asks all those listed, and the last one counts", "uefi-x64",
	    .feeds = { PROXY_PXE(1, LISTED MENU "080b8000020a0000080a000009ff"),
	      BARE1(2), ACK1(4010), PXE_ACK(4020, "10.0.0.8", "q"),
	      PXE_ACK(5020, "10.0.0.9", "r") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:B0>10.0.0.8 "
	    "5010:B0>10.0.0.9 6010:bound", .proxy_file = "r" },
	{ "EDK2, multicast and nothing else", "uefi-x64",
	    .feeds = { PROXY_PXE(1, MCAST MENU SERVERS "ff"), BARE1(2),
	      ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:B0>224.0.1.2 "
	    "5010:B256>224.0.1.2 7010:B512>224.0.1.2 10010:B768>224.0.1.2 "
	    "14010:boot-server-discovery-fails" },
	{ "EDK2, multicast without an address", "uefi-x64",
	    .feeds = { PROXY_PXE(1, MENU SERVERS "ff"), BARE1(2),
	      ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 "
	    "4010:boot-server-discovery-fails" },
	{ "EDK2, broadcast", "uefi-x64",
	    .feeds = { PROXY_PXE(1, CONTROL("02") MENU "ff"), BARE1(2),
	      ACK1(4010), ITEM_ACK(4020, "10.0.0.9", 67, "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:B0>255.255.255.255 "
	    "5010:bound", .proxy_file = "q" },
	{ "EDK2, the item is not in the list", "uefi-x64",
	    .feeds = { PROXY_PXE(1, CONTROL("02") MENU OTHERS "ff"),
	      BARE1(2), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 "
	    "4010:boot-server-discovery-fails" },
	{ "EDK2, an answer of another than those listed", "uefi-x64",
	    .feeds = { PROXY_PXE(1, CONTROL("06") MENU SERVERS "ff"),
	      BARE1(2), ACK1(4010), ITEM_ACK(4020, "10.0.0.9", 67, "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:B0>255.255.255.255 "
	    "5010:B256>255.255.255.255 7010:B512>255.255.255.255 "
	    "10010:B768>255.255.255.255 "
	    "14010:boot-server-discovery-fails" },
	{ "EDK2, a file, no menu, and bit 3 is clear: PXE-E21", "uefi-x64",
	    .feeds = { { 1, "10.0.0.3", .reply = { .server_id = "10.0.0.3",
	      .siaddr = "10.0.0.3", .class = "PXEClient", .file = "p",
	      .pxe = LISTED "ff" } }, BARE1(2), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 "
	    "4010:boot-server-discovery-fails" },
	{ "iPXE takes that file", "ipxe-bios",
	    .feeds = { { 1, "10.0.0.3", .reply = { .server_id = "10.0.0.3",
	      .siaddr = "10.0.0.3", .class = "PXEClient", .file = "p",
	      .pxe = LISTED "ff" } }, BARE1(2), ACK1(10) },
	    .want = "0:D4 2:R11/10.0.0.1 10:bound", .proxy_file = "p" },
	{ "the menu says local disk", "uefi-x64",
	    .feeds = { PROXY_PXE(1, MENU_LOCAL "ff"), BARE1(2),
	      ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:local" },
	{ "Esc at the prompt: EDK2 takes the file", "uefi-x64",
	    .user = { PXE_KEY_ESC, NULL },
	    .feeds = { { 1, "10.0.0.3", .reply = { .server_id = "10.0.0.3",
	      .siaddr = "10.0.0.3", .class = "PXEClient", .file = "p",
	      .pxe = PROMPT("05") MENU "ff" } }, BARE1(2), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:bound", .proxy_file = "p" },
	{ "iPXE goes on without the network", "ipxe-bios",
	    .user = { PXE_KEY_ESC, NULL },
	    .feeds = { PROXY_PXE(1, PROMPT("05") MENU "ff"), BARE1(2),
	      ACK1(10) },
	    .want = "0:D4 2:R11/10.0.0.1 10:local" },
	{ "43.6 bit 3: no menu if a file is named", "uefi-x64",
	    .feeds = { { 1, "10.0.0.3", .reply = { .server_id = "10.0.0.3",
	      .siaddr = "10.0.0.3", .class = "PXEClient", .file = "p",
	      .pxe = USE_FILE MENU SERVERS "ff" } }, BARE1(2), ACK1(4010) },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:bound", .proxy_file = "p" },
	{ "43.6 bit 3, but no file", "uefi-x64",
	    .feeds = { PROXY_PXE(1, CONTROL("0b") MENU SERVERS "ff"),
	      BARE1(2), ACK1(4010), PXE_ACK(4020, "10.0.0.8", "q") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:B0>10.0.0.8 5010:bound",
	    .proxy_file = "q" },

	/* firmware that is not PXE */
	{ "U-Boot, the second of three transactions is answered",
	    "uboot-arm64",
	    .feeds = { { 800, "10.0.0.1", .xid_more = -500, .reply = {
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.1" } },
	      { 810, "10.0.0.1", .reply = {
	      .type = DHCP4_ACK, .yiaddr = "10.0.0.101",
	      .file = "boot", .server_id = "10.0.0.1" } } },
	    .want = "0:D0 250:D0 750:D0 800:R0/10.0.0.1 810:bound" },
	{ "Raspberry Pi 3 takes the offer as it is, with the proxy's menu",
	    "rpi3", .feeds = { PROXY_PXE(1, RPI_MENU), OFFER1(2) },
	    .want = "0:D0 2:bound", .proxy_file = "" },
	{ "Raspberry Pi 4, a menu beside the address", "rpi4",
	    .feeds = { OFFER1(1), { 2, "10.0.0.2", .reply = {
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.2",
	      .class = "PXEClient", .pxe = RPI_MENU } },
	      { 3, "10.0.0.2", .reply = { .type = DHCP4_ACK,
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.2",
	      .file = "boot" } } },
	    .want = "0:D0 2:R0/10.0.0.2 3:bound" },
	{ "Raspberry Pi 3 wants its own menu", "rpi3",
	    .feeds = { PROXY_PXE(1, MENU SERVERS "ff"), OFFER1(2) },
	    .want = "0:D0 5000:D0 10000:D0 15000:D0 20000:D0 "
	    "25000:raspberry-pi-arch-zero" },

	/* NAK */
	{ "EDK2, NAK", "uefi-x64",
	    .feeds = { OFFER1(1), NAK(4010, "10.0.0.1") },
	    .want = "0:D0 3800:R0/10.0.0.1 4010:dhcp-nak" },
	{ "EDK2, a NAK of another server, then the ACK", "uefi-x64",
	    .feeds = { OFFER1(1), NAK(4010, "10.0.0.2"), ACK1(4020) },
	    .want = "0:D0 3800:R0/10.0.0.1 4020:bound" },
	{ "EDK2, a NAK of another server, and no ACK", "uefi-x64",
	    .feeds = { OFFER1(1), NAK(4010, "10.0.0.2") },
	    .want = "0:D0 3800:R0/10.0.0.1 7600:R0/10.0.0.1 15900:R0/10.0.0.1 "
	    "32200:R0/10.0.0.1 64200:nak-from-other-server" },
	{ "iPXE of 2019 is deaf to NAK", "ipxe-bios",
	    .feeds = { OFFER1(2500), NAK(2510, "10.0.0.1"), ACK1(2800) },
	    .want = "0:D4 1000:D8 2500:R14/10.0.0.1 2750:R18/10.0.0.1 "
	    "2800:bound" },
	{ "iPXE, NAK and nothing else", "ipxe-bios",
	    .feeds = { OFFER1(2500), NAK(2510, "10.0.0.1") },
	    .want = "0:D4 1000:D8 2500:R14/10.0.0.1 2750:R18/10.0.0.1 "
	    "3250:R22/10.0.0.1 4250:R26/10.0.0.1 6250:R30/10.0.0.1 "
	    "10250:R34/10.0.0.1 18250:dhcp-nak" },
	{ "udhcpc starts over", "udhcpc",
	    .feeds = { BARE1(1), NAK(10, "10.0.0.1"), BARE1(1020),
	      ACK1(1030) },
	    .want = "0:D0 1:R0/10.0.0.1 1010:D1 1020:R1/10.0.0.1 "
	    "1030:bound" },
	{ "but not for ever", "udhcpc",
	    .feeds = { BARE1(1), NAK(10, "10.0.0.1"), BARE1(1020),
	      NAK(1030, "10.0.0.1"), BARE1(2040), NAK(2050, "10.0.0.1") },
	    .want = "0:D0 1:R0/10.0.0.1 1010:D1 1020:R1/10.0.0.1 "
	    "2030:D2 2040:R2/10.0.0.1 2050:dhcp-nak" },

	/* what is not for us */
	{ "another transaction", "udhcpc",
	    .feeds = { { 1, "10.0.0.1", .other_xid = true, .reply = {
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.1" } } },
	    .want = "0:D0 3000:D3 6000:D6 9000:no-dhcp-offer" },
	{ "another machine", "udhcpc",
	    .feeds = { { 1, "10.0.0.1", .reply = {
	      .mac = "52:54:00:00:00:02", .yiaddr = "10.0.0.101",
	      .server_id = "10.0.0.1" } } },
	    .want = "0:D0 3000:D3 6000:D6 9000:no-dhcp-offer" },
	{ "another client's request", "udhcpc",
	    .feeds = { { 1, "10.0.0.1", .is_request = true, .reply = {
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.1" } } },
	    .want = "0:D0 3000:D3 6000:D6 9000:no-dhcp-offer" },
	{ "an ACK before there was an offer", "udhcpc",
	    .feeds = { ACK1(1) },
	    .want = "0:D0 3000:D3 6000:D6 9000:no-dhcp-offer" },
	{ "another server's ACK", "udhcpc",
	    .feeds = { BARE1(1), { 10, "10.0.0.2", .reply = {
	      .type = DHCP4_ACK, .yiaddr = "10.0.0.101",
	      .server_id = "10.0.0.2" } }, ACK1(20) },
	    .want = "0:D0 1:R0/10.0.0.1 20:bound" },
	{ "an ACK for another address", "udhcpc",
	    .feeds = { BARE1(1), { 10, "10.0.0.1", .reply = {
	      .type = DHCP4_ACK, .yiaddr = "10.0.0.102",
	      .server_id = "10.0.0.1" } }, ACK1(20) },
	    .want = "0:D0 1:R0/10.0.0.1 20:bound" },
	{ "BOOTP after the choice", "udhcpc",
	    .feeds = { BARE1(1), { 10, "10.0.0.1", .reply = {
	      .type = NO_TYPE, .yiaddr = "10.0.0.101" } }, ACK1(20) },
	    .want = "0:D0 1:R0/10.0.0.1 20:bound" },
	{ "which iPXE takes for an ACK, if the address is right", "ipxe-bios",
	    .feeds = { BARE1(2500), { 2510, "10.0.0.1", .reply = {
	      .type = NO_TYPE } }, { 2520, "10.0.0.1", .reply = {
	      .type = NO_TYPE, .yiaddr = "10.0.0.101", .file = "boot" } } },
	    .want = "0:D4 1000:D8 2500:R14/10.0.0.1 2520:bound" },
	{ "a second offer after the choice", "udhcpc",
	    .feeds = { BARE1(1), { 10, "10.0.0.2", .reply = {
	      .yiaddr = "10.0.0.101", .server_id = "10.0.0.2" } },
	      ACK1(20) },
	    .want = "0:D0 1:R0/10.0.0.1 20:bound" },
};

/* What was sent, as a part of the line, and checked for what all share. */
static void
note_output(struct dora *d, uint64_t now_ms, struct sbuf *line)
{
	const struct dora_output *out = dora_output(d);
	struct dhcp4_msg msg;
	struct in_addr a;
	char ip[IP_TEXT_MAX];
	bool pxe, item;

	if (!out)
		return;
	ck_assert_ptr_null(dora_output(d));     /* once */
	ck_assert_int_eq(dhcp4_msg_parse(&msg, out->buf, out->len, NULL), 0);
	ck_assert_mem_eq(msg.chaddr, d->conf.machine->mac, MAC_LEN);
	item = dhcp4_opt(&msg, DHCP4_OPT_VENDOR_ENCAP) != NULL;
	pxe = item || out->dport == DHCP4_PXE_PORT;
	sbuf_printf(line, "%llu:%c%u", (unsigned long long)now_ms, item ? 'B' :
	    pxe ? 'P' :
	    dhcp4_type(&msg) == DHCP4_DISCOVER ? 'D' : 'R', msg.secs);
	if (pxe) {
		sbuf_printf(line, ">%s", ipv4_format(out->dst, ip));
		ck_assert_str_eq(ipv4_format(out->src, ip), "10.0.0.101");
		ck_assert_str_eq(ipv4_format(msg.ciaddr, ip), "10.0.0.101");
		if (out->dport == DHCP4_PXE_PORT)
			ck_assert_int_eq(out->sport,
			    d->conf.persona->proxy_port);
		else
			ck_assert_int_eq(out->sport, DHCP4_CLIENT_PORT);
	} else {
		ck_assert_int_eq(out->sport, DHCP4_CLIENT_PORT);
		ck_assert_int_eq(out->dport, DHCP4_SERVER_PORT);
		ck_assert_str_eq(ipv4_format(out->dst, ip), "255.255.255.255");
		ck_assert_uint_eq(out->src.s_addr, 0);
		ck_assert_uint_eq(msg.xid, XID + (d->conf.persona->new_xid ?
		    dhcp4_type(&msg) == DHCP4_DISCOVER ? now_ms : 250 : 0));
	}
	if (dhcp4_type(&msg) == DHCP4_REQUEST && !pxe) {
		ck_assert(dhcp4_get_ip(&msg, DHCP4_OPT_REQUESTED_IP, &a));
		ck_assert_str_eq(ipv4_format(a, ip), "10.0.0.101");
		ck_assert(dhcp4_get_ip(&msg, DHCP4_OPT_SERVER_ID, &a));
		sbuf_printf(line, "/%s", ipv4_format(a, ip));
	}
	sbuf_addc(line, ' ');
	dhcp4_msg_release(&msg);
}

static void
give(struct dora *d, uint64_t now_ms, const struct feed *f, uint32_t xid)
{
	struct dhcp4_msg msg = make_reply(&f->reply);
	uint8_t buf[1500];
	struct wr w = wr_init(buf, sizeof(buf));
	struct dora_input in = {
		.src = make_ip(f->src), .buf = buf,
		.sport = f->sport ? f->sport : DHCP4_SERVER_PORT,
	};

	msg.xid = f->other_xid ? xid + 7 : xid + (uint32_t)f->xid_more;
	if (f->is_request)
		msg.op = DHCP4_BOOTREQUEST;
	ck_assert_int_eq(dhcp4_msg_build(&msg, &w, 300, sizeof(buf)), 0);
	in.len = w.len;
	dora_input(d, now_ms, &in);
	dhcp4_msg_release(&msg);
}

START_TEST(exchange)
{
	const struct feed *f = rows[_i].feeds;
	const struct feed *end = f + FEEDS;
	struct machine m = { .mac = { 0x52, 0x54, 0, 0, 0, 1 } };
	struct dora_conf conf = {
		.persona = persona_find(rows[_i].persona), .machine = &m,
		.xid = XID, .speed = rows[_i].speed, .user = rows[_i].user,
	};
	struct dora *d = malloc(sizeof(*d));
	struct sbuf line = SBUF_EMPTY;
	uint64_t now_ms = 0;
	struct target t;

	dora_init(d, &conf);
	ck_assert(!dora_is_running(d));
	ck_assert_ptr_null(dora_output(d));
	dora_start(d, now_ms);
	note_output(d, now_ms, &line);
	while (dora_is_running(d) && now_ms < END_MS) {
		ck_assert_uint_gt(d->deadline_ms, now_ms);
		if (f < end && f->src && f->at_ms < d->deadline_ms) {
			now_ms = f->at_ms;
			give(d, now_ms, f++, d->sent_xid);
		} else {
			dora_expire(d, d->deadline_ms - 1);
			ck_assert_ptr_null(dora_output(d));
			now_ms = d->deadline_ms;
			dora_expire(d, now_ms);
		}
		note_output(d, now_ms, &line);
	}
	sbuf_printf(&line, "%llu:%s", (unsigned long long)now_ms,
	    d->state == DORA_FAILED ? d->fault : dora_state_name(d->state));
	ck_assert_msg(strcmp(sbuf_str(&line), rows[_i].want) == 0,
	    "%s:\n got: %s\nwant: %s", rows[_i].name, sbuf_str(&line),
	    rows[_i].want);
	ck_assert_uint_eq(d->deadline_ms, CLOCK_NEVER);
	if (!d->proxy)
		ck_assert_msg(d->lost_file == rows[_i].lost_file, "%s: lost "
		    "file", rows[_i].name);
	if (d->state == DORA_BOUND) {
		ck_assert_msg((d->proxy != NULL) ==
		    (rows[_i].proxy_file != NULL), "%s: proxy",
		    rows[_i].name);
		(void)target_get(TARGET_RULE_IPXE, d->proxy ? d->proxy :
		    &d->ack, NULL, &t);
		ck_assert_str_eq(t.file, rows[_i].proxy_file ?
		    rows[_i].proxy_file : "boot");
	} else if (d->state == DORA_FAILED) {
		ck_assert_str_ne(d->why, "");
	}
	dora_release(d);
	free(d);
	sbuf_release(&line);
}
END_TEST

/* Transactions: EDK2's is one up on port 4011, iPXE's of a menu item is 0. */
START_TEST(xid_of_4011)
{
	static const struct {
		const char *persona;
		const char *pxe;
		uint32_t want;
	} xids[] = {
		{ "uefi-x64", NULL, XID + 1 },
		{ "uefi-x64", LISTED MENU SERVERS "ff", XID + 1 },
		{ "ipxe-bios", NULL, XID },
		{ "ipxe-bios", AT_ONCE MENU SERVERS "ff", 0 },
	};
	struct machine m = { .mac = { 0x52, 0x54, 0, 0, 0, 1 } };

	for (size_t i = 0; i < ARRAY_LEN(xids); i++) {
		struct feed feeds[] = { PROXY_PXE(1, xids[i].pxe), BARE1(2),
		    ACK1(20000) };
		struct dora_conf conf = { .machine = &m, .xid = XID,
		    .persona = persona_find(xids[i].persona) };
		struct dora *d = malloc(sizeof(*d));
		const struct dora_output *out;
		struct dhcp4_msg msg;

		feeds[0].reply.siaddr = NULL;   /* or iPXE has no question */
		dora_init(d, &conf);
		dora_start(d, 0);
		give(d, 1, &feeds[0], XID);
		give(d, 2, &feeds[1], XID);
		if (d->state == DORA_SELECTING)
			dora_expire(d, d->deadline_ms);
		give(d, 5000, &feeds[2], XID);
		ck_assert_int_eq(d->state, xids[i].pxe ? DORA_BOOT_SERVER :
		    DORA_PXE_REQUEST);
		out = dora_output(d);
		ck_assert_ptr_nonnull(out);
		ck_assert_int_eq(dhcp4_msg_parse(&msg, out->buf, out->len,
		    NULL), 0);
		ck_assert_uint_eq(msg.xid, xids[i].want);
		ck_assert_int_eq(dhcp4_opt(&msg, DHCP4_OPT_VENDOR_ENCAP) !=
		    NULL, xids[i].pxe != NULL);
		dhcp4_msg_release(&msg);
		dora_release(d);
		free(d);
	}
}
END_TEST

#define OWN_CLASS "PXEClient:Arch:00000:UNDI:002001"

static void
expect_class(struct dora *d, const char *want)
{
	const struct dora_output *out = dora_output(d);
	struct dhcp4_msg msg;
	char class[64];

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(dhcp4_msg_parse(&msg, out->buf, out->len, NULL), 0);
	ck_assert(dhcp4_get_str(&msg, DHCP4_OPT_VENDOR_CLASS, class,
	    sizeof(class)));
	ck_assert_str_eq(class, want);
	dhcp4_msg_release(&msg);
}

/*
 * iPXE says what an answer said: the class left by the stage before is in its
 * DISCOVER and REQUEST, and gone with the ACK; its boot server request has the
 * class of the proxy's offer. As in captures 20 and 99.
 */
START_TEST(class_of_an_answer_comes_back)
{
	static const struct {
		const char *left;
		const char *pxe;        /* 43 of the proxy's offer */
		const char *want[3];    /* DISCOVER, REQUEST, to port 4011 */
	} classes[] = {
		{ NULL, NULL, { OWN_CLASS, OWN_CLASS, OWN_CLASS } },
		{ "PXEClient", NULL, { "PXEClient", "PXEClient", OWN_CLASS } },
		{ NULL, LISTED AT_ONCE MENU SERVERS "ff", { OWN_CLASS,
		  OWN_CLASS, "PXEClient" } },
	};
	struct machine m = { .mac = { 0x52, 0x54, 0, 0, 0, 1 } };

	for (size_t i = 0; i < ARRAY_LEN(classes); i++) {
		struct feed feeds[] = { PROXY_PXE(1, classes[i].pxe), BARE1(2),
		    ACK1(3) };
		struct dora_conf conf = { .machine = &m, .xid = XID,
		    .persona = persona_find("ipxe-bios"),
		    .vendor_class = classes[i].left };
		struct dora *d = malloc(sizeof(*d));

		feeds[0].reply.siaddr = NULL;
		dora_init(d, &conf);
		dora_start(d, 0);
		expect_class(d, classes[i].want[0]);
		give(d, 1, &feeds[0], XID);
		give(d, 2, &feeds[1], XID);
		expect_class(d, classes[i].want[1]);
		give(d, 3, &feeds[2], XID);
		ck_assert_int_eq(d->state, classes[i].pxe ? DORA_BOOT_SERVER :
		    DORA_PXE_REQUEST);
		expect_class(d, classes[i].want[2]);
		dora_release(d);
		free(d);
	}
}
END_TEST

struct count {
	unsigned int n[3];
	const char *note;
};

static void
count_event(void *ctx, const struct dora_event *ev)
{
	struct count *c = ctx;

	c->n[ev->kind]++;
	if (ev->kind == DORA_IGNORED)
		c->note = ev->note;
}

/* An event for all that is sent and for all that is ours; garbage is nothing. */
START_TEST(events)
{
	struct machine m = { .mac = { 0x52, 0x54, 0, 0, 0, 1 } };
	struct count c = { .note = NULL };
	struct dora_conf conf = { .persona = persona_find("udhcpc"),
	    .machine = &m, .xid = XID, .event = count_event, .ctx = &c };
	struct feed feeds[] = { ACK1(1), BARE1(2), NAK(3, "10.0.0.2"),
	    NAK(4, "10.0.0.1") };
	struct dora *d = malloc(sizeof(*d));

	dora_init(d, &conf);
	dora_start(d, 0);
	ck_assert_uint_eq(c.n[DORA_SENT], 1);
	dora_input(d, 1, &(struct dora_input){ .buf = "garbage", .len = 7 });
	give(d, 1, &feeds[0], XID);
	ck_assert_uint_eq(c.n[DORA_IGNORED], 1);
	ck_assert_str_eq(c.note, "not an offer");
	feeds[1].other_xid = true;
	give(d, 2, &feeds[1], XID);
	ck_assert_str_eq(c.note, "of another transaction");
	feeds[1].other_xid = false;
	give(d, 2, &feeds[1], XID);
	ck_assert_uint_eq(c.n[DORA_RECEIVED], 1);
	ck_assert_uint_eq(c.n[DORA_SENT], 2);
	give(d, 3, &feeds[2], XID);
	ck_assert_str_eq(c.note, "not the server asked");
	/* it starts over, and has not sent yet */
	give(d, 4, &feeds[3], XID);
	ck_assert_uint_eq(c.n[DORA_RECEIVED], 2);
	ck_assert_uint_eq(c.n[DORA_SENT], 2);
	ck_assert_int_eq(d->state, DORA_SELECTING);
	dora_expire(d, d->deadline_ms);
	ck_assert_uint_eq(c.n[DORA_SENT], 3);
	dora_release(d);
	free(d);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("dora");
	TCase *tc = tcase_create("dora");

	tcase_add_loop_test(tc, exchange, 0, ARRAY_LEN(rows));
	tcase_add_test(tc, xid_of_4011);
	tcase_add_test(tc, class_of_an_answer_comes_back);
	tcase_add_test(tc, events);
	suite_add_tcase(s, tc);
	return s;
}
