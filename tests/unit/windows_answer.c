/*
 * windows_answer.c - answers worked out by hand from what Microsoft writes.
 *
 * Each row names the document and the place of its rule:
 *   Options    "Configuring Options", Windows 2000 Server Resource Kit,
 *              "Options Precedence" (cc958939)
 *   Policies   "Introduction to DHCP Policies", Windows Server 2012
 *              (dn425039)
 *   Precedence "Order of precedence", Microsoft DHCP team, 2007
 *   Selection  "DHCP subnet selection options", Windows Server
 *   MS-DHCPM, and the pages of the DhcpServer commands
 */
#include "windows_make.h"

#define SCOPE "Add-DhcpServerv4Scope -Name n -StartRange 10.0.0.100 " \
    "-EndRange 10.0.0.200 -SubnetMask 255.255.255.0\n"
#define FAR "Add-DhcpServerv4Scope -Name f -StartRange 10.9.0.100 " \
    "-EndRange 10.9.0.200 -SubnetMask 255.255.255.0\n"
#define VENDOR(name, data) \
    "Add-DhcpServerv4Class -Name '" name "' -Type Vendor -Data '" data "'\n"
#define USER(name, data) \
    "Add-DhcpServerv4Class -Name '" name "' -Type User -Data '" data "'\n"
#define HERE "-ScopeId 10.0.0.0 "
#define POLICY(at, name, cond) \
    "Add-DhcpServerv4Policy " at "-Name " name " -Condition Or " cond "\n"
#define OPTION(at, code, value) \
    "Set-DhcpServerv4OptionValue " at "-OptionId " code " -Value " value "\n"
#define FILE(at, value) OPTION(at, "67", value)
#define OF(policy) HERE "-PolicyName " policy " "
#define RESERVE(ip, id) "Add-DhcpServerv4Reservation " HERE \
    "-IPAddress " ip " -ClientId " id " -Name r\n"
#define X64 VENDOR("x64", "PXEClient:Arch:00007")
#define PXE "PXEClient:Arch:00007:UNDI:003016"

static const struct {
	const char *rule;
	const char *text;
	struct windows_ask ask;
	const char *file;               /* NULL: silence */
	const char *siaddr;             /* NULL: not looked at */
	uint8_t code;                   /* and this option */
	const char *hex;                /* "": absent */
} rows[] = {
	/* which scope, and is there one */
	{ "Precedence: a scope for the client's subnet is needed",
	    FAR FILE("", "f"), { .mac = 1 }, .file = NULL },
	{ "Precedence: the scope of the relay's subnet",
	    SCOPE FAR FILE("-ScopeId 10.9.0.0 ", "far"),
	    { .giaddr = "10.9.0.1" }, .file = "far" },
	{ "Set-DhcpServerv4Scope: an inactive scope leases nothing",
	    SCOPE "Set-DhcpServerv4Scope 10.0.0.0 -State InActive\n" FILE("", "f"),
	    { .mac = 1 }, .file = NULL },
	{ "Selection: 82.5 chooses the subnet if the relay is in a range",
	    SCOPE FAR FILE("-ScopeId 10.9.0.0 ", "far"),
	    { .giaddr = "10.0.0.150", .agent = "05040a090000" }, .file = "far" },
	{ "Selection: a relay in no scope's range is a rogue one",
	    SCOPE FAR FILE("", "f"),
	    { .giaddr = "10.0.0.2", .agent = "05040a090000" }, .file = NULL },
	{ "Add-DhcpServerv4ExclusionRange: no address, no answer",
	    SCOPE "Add-DhcpServerv4ExclusionRange 10.0.0.0 10.0.0.1 10.0.0.254\n"
	    FILE("", "f"), { .mac = 1 }, .file = NULL },
	{ "Precedence: a reservation counts though it is excluded",
	    SCOPE "Add-DhcpServerv4ExclusionRange 10.0.0.0 10.0.0.1 10.0.0.254\n"
	    RESERVE("10.0.0.110", "52-54-00-00-00-01") FILE("", "f"),
	    { .mac = 1 }, .file = "f" },
	{ "Add-DhcpServerv4Scope -Type: BOOTP is served where it says so",
	    SCOPE FILE("", "f"), { .type = -1 }, .file = NULL },
	{ "Add-DhcpServerv4Scope -Type Both",
	    SCOPE "Set-DhcpServerv4Scope 10.0.0.0 -Type Both\n" FILE("", "f"),
	    { .type = -1 }, .file = "f" },

	/* which value, by the level it stands at */
	{ "Options: global options apply to all",
	    SCOPE FILE("", "server"), { .mac = 1 }, .file = "server" },
	{ "Options: scope options override global ones",
	    SCOPE FILE("", "server") FILE(HERE, "scope"), { .mac = 1 }, .file = "scope" },
	{ "Options: class options override those for all",
	    SCOPE USER("iPXE", "iPXE") FILE(HERE, "scope")
	    FILE(HERE "-UserClass iPXE ", "class"), { .user = "iPXE" }, .file = "class" },
	{ "Options: class options are for members alone",
	    SCOPE USER("iPXE", "iPXE") FILE(HERE, "scope")
	    FILE(HERE "-UserClass iPXE ", "class"), { .user = "iPXE2" }, .file = "scope" },
	{ "Options: reserved options override all others",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass EQ,x64*")
	    FILE(OF("p"), "policy") RESERVE("10.0.0.9", "525400000001")
	    FILE("-ReservedIP 10.0.0.9 ", "host"),
	    { .vendor = PXE, .mac = 1 }, .file = "host" },
	{ "Options: each option by itself",
	    SCOPE OPTION("", "66", "10.0.0.7") FILE(HERE, "scope"),
	    { .mac = 1 }, .file = "scope", .siaddr = "10.0.0.7" },
	{ "Policies: a policy's value before the scope's",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass EQ,x64*")
	    FILE(OF("p"), "policy") FILE(HERE, "scope"),
	    { .vendor = PXE }, .file = "policy" },
	{ "Policies: what no policy sets comes from the scope",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass EQ,x64*")
	    FILE(OF("p"), "policy") OPTION(HERE, "66", "10.0.0.8"),
	    { .vendor = PXE }, .file = "policy", .siaddr = "10.0.0.8" },
	{ "Policies: scope policies before server policies",
	    SCOPE X64 POLICY("", "s", "-VendorClass EQ,x64*")
	    FILE("-PolicyName s ", "server")
	    POLICY(HERE, "p", "-VendorClass EQ,x64*") FILE(OF("p"), "scope"),
	    { .vendor = PXE }, .file = "scope" },
	{ "Policies: a server policy before the server's own value",
	    SCOPE X64 POLICY("", "s", "-VendorClass EQ,x64*")
	    FILE("-PolicyName s ", "policy") FILE("", "server"),
	    { .vendor = PXE }, .file = "policy" },
	{ "Policies: the lower processing order counts",
	    SCOPE X64 USER("iPXE", "iPXE")
	    POLICY(HERE, "a", "-VendorClass EQ,x64*") FILE(OF("a"), "loader")
	    POLICY(HERE, "b", "-UserClass EQ,iPXE -ProcessingOrder 1")
	    FILE(OF("b"), "script"),
	    { .vendor = PXE, .user = "iPXE" }, .file = "script" },
	{ "Policies: and without an order of its own the later is last",
	    SCOPE X64 USER("iPXE", "iPXE")
	    POLICY(HERE, "a", "-VendorClass EQ,x64*") FILE(OF("a"), "loader")
	    POLICY(HERE, "b", "-UserClass EQ,iPXE") FILE(OF("b"), "script"),
	    { .vendor = PXE, .user = "iPXE" }, .file = "loader" },
	{ "Policies: options of several policies are put together",
	    SCOPE X64 USER("iPXE", "iPXE")
	    POLICY(HERE, "a", "-UserClass EQ,iPXE") OPTION(OF("a"), "66", "10.0.0.6")
	    POLICY(HERE, "b", "-VendorClass EQ,x64*") FILE(OF("b"), "f"),
	    { .vendor = PXE, .user = "iPXE" }, .file = "f", .siaddr = "10.0.0.6" },
	{ "Policies: one that is disabled is skipped",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass EQ,x64* -Enabled $false")
	    FILE(OF("p"), "policy") FILE(HERE, "scope"),
	    { .vendor = PXE }, .file = "scope" },
	{ "Set-DhcpServerv4Scope -ActivatePolicies $false",
	    SCOPE "Set-DhcpServerv4Scope 10.0.0.0 -ActivatePolicies $false\n" X64
	    POLICY(HERE, "p", "-VendorClass EQ,x64*")
	    FILE(OF("p"), "policy") FILE(HERE, "scope"),
	    { .vendor = PXE }, .file = "scope" },

	/* who matches */
	{ "Add-DhcpServerv4Policy: without '*' the whole value is compared",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass EQ,x64")
	    FILE(OF("p"), "policy") FILE(HERE, "scope"),
	    { .vendor = PXE }, .file = "scope" },
	{ "Add-DhcpServerv4Policy: NE holds for all others",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass NE,x64*")
	    FILE(OF("p"), "other") FILE(HERE, "x64"),
	    { .vendor = "PXEClient:Arch:00000:UNDI:002001" }, .file = "other" },
	{ "Add-DhcpServerv4Policy: and not for its own",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass NE,x64*")
	    FILE(OF("p"), "other") FILE(HERE, "x64"),
	    { .vendor = PXE }, .file = "x64" },
	{ "Add-DhcpServerv4Policy: several values are alternatives",
	    SCOPE X64 VENDOR("ebc", "PXEClient:Arch:00009")
	    POLICY(HERE, "p", "-VendorClass EQ,ebc*,x64*") FILE(OF("p"), "f")
	    FILE(HERE, "scope"), { .vendor = PXE }, .file = "f" },
	{ "Add-DhcpServerv4Policy -Condition And: all kinds must hold",
	    SCOPE X64 "Add-DhcpServerv4Policy " HERE "p And "
	    "-VendorClass EQ,x64* -MacAddress EQ,5254*\n" FILE(OF("p"), "f")
	    FILE(HERE, "scope"), { .vendor = "other" }, .file = "scope" },
	{ "Add-DhcpServerv4Policy -Condition Or: one is enough",
	    SCOPE X64 POLICY(HERE, "p", "-VendorClass EQ,x64* "
	    "-MacAddress EQ,5254*") FILE(OF("p"), "f") FILE(HERE, "scope"),
	    { .vendor = "other" }, .file = "f" },
	{ "Add-DhcpServerv4Policy -MacAddress with dashes",
	    SCOPE POLICY(HERE, "p", "-MacAddress EQ,52-54-00-00-00-07")
	    FILE(OF("p"), "f") FILE(HERE, "scope"), { .mac = 7 }, .file = "f" },
	{ "Add-DhcpServerv4Policy -CircuitId: option 82.1",
	    SCOPE POLICY(HERE, "p", "-CircuitId EQ,0x0102")
	    FILE(OF("p"), "f") FILE(HERE, "scope"),
	    { .agent = "01020102" }, .file = "f" },
	{ "Add-DhcpServerv4Policy -Fqdn EQ with '*'",
	    SCOPE POLICY(HERE, "p", "-Fqdn EQ,'lab-*'") FILE(OF("p"), "f")
	    FILE(HERE, "scope"), { .fqdn = "LAB-7.example" }, .file = "f" },
	{ "Add-DhcpServerv4Policy -Fqdn IsSingleLabel",
	    SCOPE POLICY(HERE, "p", "-Fqdn IsSingleLabel") FILE(OF("p"), "f")
	    FILE(HERE, "scope"), { .fqdn = "lab.example" }, .file = "scope" },
	{ "MS-DHCPM 3.1.1.8: a class is its bytes, without a length",
	    SCOPE USER("iPXE", "0x0469505845")
	    POLICY(HERE, "p", "-UserClass EQ,iPXE") FILE(OF("p"), "script")
	    FILE(HERE, "loader"), { .user = "iPXE" }, .file = "loader" },

	/* ranges of policies */
	{ "Policies: all of the range is for those who match",
	    SCOPE POLICY(HERE, "p", "-MacAddress EQ,525400000007")
	    "Add-DhcpServerv4PolicyIPRange 10.0.0.0 p 10.0.0.100 10.0.0.200\n"
	    FILE("", "f"), { .mac = 1 }, .file = NULL },
	{ "Policies: and they get it",
	    SCOPE POLICY(HERE, "p", "-MacAddress EQ,525400000007")
	    "Add-DhcpServerv4PolicyIPRange 10.0.0.0 p 10.0.0.100 10.0.0.200\n"
	    FILE("", "f"), { .mac = 7 }, .file = "f" },
	{ "Policies: the rest of the range is for the others",
	    SCOPE POLICY(HERE, "p", "-MacAddress EQ,525400000007")
	    "Add-DhcpServerv4PolicyIPRange 10.0.0.0 p 10.0.0.100 10.0.0.199\n"
	    FILE("", "f"), { .mac = 1 }, .file = "f" },

	/* filters */
	{ "Set-DhcpServerv4FilterList: the deny list",
	    SCOPE FILE("", "f") "Add-DhcpServerv4Filter Deny 52-54-00-*\n"
	    "Set-DhcpServerv4FilterList -Deny $true\n", { .mac = 1 }, .file = NULL },
	{ "Set-DhcpServerv4FilterList: not enforced, no effect",
	    SCOPE FILE("", "f") "Add-DhcpServerv4Filter Deny 52-54-00-*\n",
	    { .mac = 1 }, .file = "f" },
	{ "Set-DhcpServerv4FilterList: the allow list leaves others out",
	    SCOPE FILE("", "f") "Add-DhcpServerv4Filter Allow 52-54-00-00-00-02\n"
	    "Set-DhcpServerv4FilterList -Allow $true\n", { .mac = 1 }, .file = NULL },

	/* what is sent */
	{ "RFC 2131 4.3.1: options that are asked for",
	    SCOPE OPTION("", "150", "10.0.0.5"), { .mac = 1 }, .file = "", .code = 150, .hex = "" },
	{ "option 60 is sent where it is configured",
	    SCOPE OPTION("", "60", "PXEClient"), { .mac = 1 }, .file = "", .code = 60, .hex = "505845436c69656e74" },
	{ "and only there", SCOPE, { .vendor = PXE }, .file = "", .code = 60, .hex = "" },
	{ "without option 66 the server names itself",
	    SCOPE FILE("", "f"), { .mac = 1 }, .file = "f", .siaddr = "10.0.0.1" },
	{ "a name in 66 has an address that is not known here",
	    SCOPE OPTION("", "66", "pxe.example") FILE("", "f"), { .mac = 1 },
	    .file = "f", .siaddr = "0.0.0.0" },
	{ "MS-DHCPM 3.1.1.11: option 43 from the options of the vendor class",
	    SCOPE VENDOR("AP", "Example AP")
	    "Add-DhcpServerv4OptionDefinition -Name c -OptionId 241 "
	    "-Type IPv4Address -VendorClass AP\n"
	    OPTION("-VendorClass AP ", "241", "10.0.0.4"),
	    { .vendor = "Example AP" }, .file = "", .code = 43, .hex = "f1040a000004ff" },
	{ "MS-DHCPM 3.1.1.11: and for its members alone",
	    SCOPE VENDOR("AP", "Example AP")
	    "Add-DhcpServerv4OptionDefinition -Name c -OptionId 241 "
	    "-Type IPv4Address -VendorClass AP\n"
	    OPTION("-VendorClass AP ", "241", "10.0.0.4"),
	    { .vendor = "Example AP 2" }, .file = "", .code = 43, .hex = "" },
	{ "port 4011 is no business of the DHCP server",
	    SCOPE FILE("", "f"), { .vendor = PXE, .pxe_port = true }, .file = NULL },
	{ "Add-DhcpServerv4Scope -LeaseDuration", SCOPE
	    "Set-DhcpServerv4Scope 10.0.0.0 -LeaseDuration 1.00:00:00\n",
	    { .mac = 1 }, .file = "", .code = 51, .hex = "00015180" },
	{ "Add-DhcpServerv4Policy -LeaseDuration", SCOPE
	    POLICY(HERE, "p", "-MacAddress EQ,52* -LeaseDuration 04:00:00"),
	    { .mac = 1 }, .file = "", .code = 51, .hex = "00003840" },
};

START_TEST(answers)
{
	void *tree = windows_tree_of(rows[_i].text);
	const struct dhcp4_opt *o;
	struct sbuf hex = SBUF_EMPTY;
	char ip[IP_TEXT_MAX];
	struct answer a;

	windows_asked(tree, &rows[_i].ask, &a);
	ck_assert_msg(a.answered == (rows[_i].file != NULL), "%s: %s",
	    rows[_i].rule, a.answered ? "answered" : "silent");
	if (rows[_i].file)
		ck_assert_msg(strcmp((char *)a.msg.file, rows[_i].file) == 0,
		    "%s: %s", rows[_i].rule, (char *)a.msg.file);
	if (rows[_i].siaddr)
		ck_assert_msg(strcmp(ipv4_format(a.msg.siaddr, ip),
		    rows[_i].siaddr) == 0, "%s: %s", rows[_i].rule, ip);
	o = rows[_i].code ? dhcp4_opt(&a.msg, rows[_i].code) : NULL;
	if (o)
		sbuf_hex(&hex, o->data, o->len, "");
	if (rows[_i].code)
		ck_assert_msg(strcmp(sbuf_str(&hex), rows[_i].hex) == 0,
		    "%s: %s", rows[_i].rule, sbuf_str(&hex));
	/* Silence has its reason too, and every reason has its line. */
	ck_assert_msg(a.reasons != NULL, "%s", rows[_i].rule);
	for (const struct reason *r = a.reasons; r; r = r->next)
		ck_assert(windows_ops.line(tree, r->file, r->line) != NULL);
	sbuf_release(&hex);
	answer_release(&a);
	windows_ops.free(tree);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("windows_answer");
	TCase *tc = tcase_create("answer");

	tcase_add_loop_test(tc, answers, 0, ARRAY_LEN(rows));
	suite_add_tcase(s, tc);
	return s;
}
