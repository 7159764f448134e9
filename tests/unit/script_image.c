#include "unit.h"

#include "script_world.h"

#define NET "Configuring (net0 52:54:00:12:34:56)..."
#define E404 "No such file or directory (https://ipxe.org/2d0c613b)"

/* Images: loading, naming, selecting, executing. */
static const struct run image_rows[] = {
	{ "kernel and initrds", "kernel kern a=1  b=2\ninitrd rd1 one\n"
	    "initrd --name second rd2\nboot\n",
	    "kern... ok\nrd1... ok\nrd2... ok\n", ENDS(BOOT, 0),
	    .line = 5,
	    .log = "load http://h/d/kern\nload http://h/d/rd1\n"
	    "load http://h/d/rd2\nexec kern 'a=1 b=2' +rd1'one' +second''\n" },
	{ "chain is a subroutine",
	    "set v 1\nchain sub.ipxe\necho back ${w}\n",
	    "sub.ipxe... ok\nsub 1\nback done\n", OK },
	{ "a failing script fails the command",
	    "chain fail.ipxe || echo caught ${errno}\n",
	    "fail.ipxe... ok\nf\nCould not boot: Result too large "
	    "(https://ipxe.org/46022001)\ncaught 0x46022001\n", OK },
	{ "the end tells where it began to fail", "chain fail.ipxe\n",
	    "fail.ipxe... ok\nf\nCould not boot: Result too large "
	    "(https://ipxe.org/46022001)\n", FAILS(0x46022001), .line = 3 },
	{ "exit status of a script", "chain exit5.ipxe\n",
	    "exit5.ipxe... ok\nCould not boot: Error 0x00000005 "
	    "(https://ipxe.org/00000005)\n", FAILS(5) },
	{ "a failure passes through", "chain nest.ipxe || echo ${errno}\n",
	    "nest.ipxe... ok\nfail.ipxe... ok\nf\nCould not boot: Result "
	    "too large (https://ipxe.org/46022001)\nCould not boot: Result "
	    "too large (https://ipxe.org/46022001)\n0x46022001\n", OK },
	{ "exit goes back to the caller", "chain exit0.ipxe\necho on\n",
	    "exit0.ipxe... ok\non\n", OK, .line = 0 },
	{ "replace does not return",
	    "chain --replace exit0.ipxe && echo not\necho not\n",
	    "exit0.ipxe... ok\n", OK },
	{ "replace frees the caller, the other stays",
	    "chain caller.ipxe\nimgstat\n", "caller.ipxe... ok\n"
	    "exit0.ipxe... ok\nexit0.ipxe : 21 bytes [script]\n", OK },
	{ "images that ran go to the end of the list", "imgfetch sub.ipxe\n"
	    "imgfetch rd1\nchain sub.ipxe\nimgstat\n", "sub.ipxe... ok\n"
	    "rd1... ok\nsub \nrd1 : 10 bytes [PXE-NBP]\n"
	    "sub.ipxe : 32 bytes [script]\n", OK },
	{ "backslash ends a script that is chained",
	    "chain cut.ipxe || echo ${errno}\n", "cut.ipxe... ok\ncut\n"
	    "Could not boot: Invalid argument (https://ipxe.org/1c028002)\n"
	    "0x1c028002\n", OK },
	{ "a selection that fails leaves the old one", "kernel kern\n"
	    "kernel page.html || imgstat kern\n", "kern... ok\n"
	    "page.html... ok\nCould not select: Exec format error "
	    "(https://ipxe.org/2e008081)\nkern : 7 bytes [EFI] [SELECTED]\n",
	    OK, .efi = true },
	{ "replace of what cannot run", "chain --replace page.html\n",
	    "page.html... ok\nCould not boot: Exec format error "
	    "(https://ipxe.org/2e008081)\n", FAILS(0x2e008081), .efi = true },
	{ "relative to each script", "chain deep/a.ipxe\necho ${cwuri}\n",
	    "deep/a.ipxe... ok\nb.ipxe... ok\nb http://h/d/deep/b.ipxe\n"
	    "../c.ipxe... ok\nc http://h/d/\nhttp://h/d/main\n", OK },
	{ "relative to nothing", "chain x\n", "Could not start download: "
	    "Operation not supported (https://ipxe.org/3c092003)\n",
	    FAILS(0x3c092003), .log = "", .no_cwuri = true },
	{ "relative to the TFTP server, once known",
	    "dhcp\nimgfetch x\necho ${cwuri}\n",
	    NET " ok\nx... ok\ntftp://10.0.0.1/\n", OK, .no_cwuri = true },
	{ "unknown scheme", "imgfetch foo://h/x\n", "Could not start "
	    "download: Operation not supported (https://ipxe.org/3c092003)\n",
	    FAILS(0x3c092003) },
	{ "not found", "chain missing || echo on\n", "missing... " E404
	    "\non\n", OK },
	{ "quietly", "imgfetch -q missing ||\nimgfetch --quiet rd1\n", "",
	    OK },
	{ "query and user are not shown",
	    "imgfetch http://u:p@h/q?a=1#f ||\nimgfetch http://h/q?a=1\n"
	    "imgstat\n", "http://h/q... " E404 "\nhttp://h/q... ok\n"
	    "q : 5 bytes [PXE-NBP]\n", OK,
	    .log = "load http://u:p@h/q?a=1\nload http://h/q?a=1\n" },
	{ "names", "imgfetch http://h/\nimgfetch --name k kern a b\n"
	    "imgfetch rd1\nimgselect k\nimgstat\n",
	    "http://h/... ok\nkern... ok\nrd1... ok\n"
	    "img0 : 7 bytes [PXE-NBP]\n"
	    "k : 7 bytes [bzImage] [SELECTED] \"a b\"\n"
	    "rd1 : 10 bytes [PXE-NBP]\n", OK,
	    .log = "load http://h/\nload http://h/d/kern\n"
	    "load http://h/d/rd1\n" },
	{ "the name of an image goes before a URI",
	    "imgfetch kern\nchain kern x\n", "kern... ok\n",
	    ENDS(BOOT, 0),
	    .log = "load http://h/d/kern\nexec kern 'x'\n" },
	{ "imgfetch always loads", "imgfetch rd1\nimgfetch rd1\nimgstat rd1\n",
	    "rd1... ok\nrd1... ok\nrd1 : 10 bytes [PXE-NBP]\n", OK },
	{ "imgargs", "kernel kern a\nimgargs kern b c\nimgstat\n"
	    "imgargs kern\nimgstat\n", "kern... ok\n"
	    "kern : 7 bytes [bzImage] [SELECTED] \"b c\"\n"
	    "kern : 7 bytes [bzImage] [SELECTED]\n", OK },
	{ "spellings of --name", "imgfetch -nfoo rd1\n"
	    "imgfetch --name=bar rd1 a=b\nimgfetch -n baz -aq rd1\nimgstat\n"
	    "imgselect foo x y\nimgargs --name quux foo zz\nimgstat quux\n",
	    "rd1... ok\nrd1... ok\nfoo : 10 bytes [PXE-NBP]\n"
	    "bar : 10 bytes [PXE-NBP] \"a=b\"\n"
	    "baz : 10 bytes [PXE-NBP] [AUTOFREE]\n"
	    "quux : 10 bytes [PXE-NBP] [SELECTED] \"zz\"\n", OK },
	{ "imgfree", "imgfetch rd1\nimgfetch rd2\nimgfree rd1\nimgstat\n"
	    "imgfree\nimgstat\necho on\n", "rd1... ok\nrd2... ok\n"
	    "rd2 : 11 bytes [PXE-NBP]\non\n", OK },
	{ "unknown image", "imgstat none\n", "\"none\": no such image\n",
	    FAILS(0x2d0ae03b) },
	{ "nothing selected succeeds", "boot\necho on\n",
	    "No image selected\non\n", OK },
	{ "text is executed by a BIOS", "chain page.html\n",
	    "page.html... ok\n", ENDS(BOOT, 0) },
	{ "text is refused by UEFI", "chain page.html\n",
	    "page.html... ok\nCould not boot: Exec format error "
	    "(https://ipxe.org/2e008081)\n", FAILS(0x2e008081), .efi = true },
	{ "text is not selected by UEFI", "kernel page.html\n",
	    "page.html... ok\nCould not select: Exec format error "
	    "(https://ipxe.org/2e008081)\n", FAILS(0x2e008081), .efi = true },
	{ "a program may return", "chain returns\necho on\n",
	    "returns... ok\non\n", OK },
	{ "a program may fail", "chain refuses\n", "refuses... ok\nCould not "
	    "boot: Permission denied (https://ipxe.org/0200003c)\n",
	    FAILS(0x0200003c) },
	{ "another loader takes over", "chain other.efi\necho not\n",
	    "other.efi... ok\n", ENDS(REPLACED, 0), .efi = true },
	{ "autofree", "chain --autofree sub.ipxe\nchain exit0.ipxe\n"
	    "imgstat\n", "sub.ipxe... ok\nsub \nexit0.ipxe... ok\n"
	    "exit0.ipxe : 21 bytes [script]\n", OK },
	{ "timeout", "imgfetch --timeout 500 rd1\n", "rd1... ok\n", OK,
	    .log = "load http://h/d/rd1 500ms\n" },
	{ "scripts without end", "chain loop.ipxe\n", NULL,
	    ENDS(LIMIT, 0) },
	{ "params", "params\nparam mac ${mac}\nparam t a  b\n"
	    "imgfetch rd1##params\nimgfetch rd1##params\n",
	    "rd1... ok\nrd1... ok\n", OK,
	    .log = "load http://h/d/rd1 (mac=52:54:00:12:34:56;t=a b;)\n"
	    "load http://h/d/rd1\n" },
	{ "named params", "params --name p --method PUT\n"
	    "param --params p --header X-A b\nimgfetch rd1##params=p\n",
	    "rd1... ok\n", OK, .log = "load http://h/d/rd1 PUT(H:X-A=b;)\n" },
	{ "param without params", "param a b\n",
	    "No default parameter list\n", FAILS(0x2d16203b) },
};

/* The network, menus, prompts, SAN. */
static const struct run host_rows[] = {
	{ "dhcp", "dhcp\necho ${ip} ${next-server} ${net0.dhcp/ip}\nroute\n",
	    NET " ok\n10.0.0.5 10.0.0.1 10.0.0.5\nnet0: 10.0.0.5\n", OK,
	    .log = "dhcp net0\n" },
	{ "dhcp fails", "dhcp || echo on\n", NET " No configuration methods "
	    "succeeded (https://ipxe.org/040ee119)\non\n", OK,
	    .world = { .dhcp_fails = true } },
	{ "dhcp takes its time", "dhcp\n", NET "... ok\n", OK,
	    .world = { .dhcp_ms = 3500 } },
	{ "dhcp on no such device", "dhcp net7\n",
	    "\"net7\": no such network device\n", FAILS(0x2c16203b) },
	{ "no device at all", "dhcp\n", "", FAILS(SCRIPT_ERR_NO_NETDEV),
	    .no_netdev = true },
	{ "no device at all, UEFI", "ifstat\n", "", FAILS(0x2c1de087),
	    .no_netdev = true, .efi = true },
	{ "configurator", "ifconf --configurator dhcp net0\n"
	    "ifconf -c foo\n", "Configuring [dhcp] (net0 52:54:00:12:34:56)"
	    "... ok\n\"foo\": no such configurator\n", FAILS(0x3c162003) },
	{ "autoboot", "autoboot\n", "net0: 52:54:00:12:34:56 using undionly "
	    "on UNDI (Ethernet) [open]\n  [Link:up, TX:0 TXE:0 RX:0 RXE:0]\n" NET
	    " ok\nnet0: 10.0.0.5\nNext server: 10.0.0.1\nFilename: boot.ipxe\n"
	    "tftp://10.0.0.1/boot.ipxe... ok\n"
	    "boot.ipxe : 31 bytes [script]\nbooted boot.ipxe\n", OK,
	    .world = { .dhcp_file = "boot.ipxe" } },
	{ "autoboot: the proxy's file from the proxy's server",
	    "autoboot net0\n", "net0: 52:54:00:12:34:56 using undionly "
	    "on UNDI (Ethernet) [open]\n  [Link:up, TX:0 TXE:0 RX:0 RXE:0]\n" NET
	    " ok\nnet0: 10.0.0.5\nNext server: 10.0.0.2\n"
	    "Filename: proxy.ipxe\ntftp://10.0.0.2/proxy.ipxe... ok\n"
	    "proxy.ipxe : 21 bytes [script]\nby proxy\n", OK, .world = { .proxy_file = "proxy.ipxe" } },
	{ "autoboot: nothing", "autoboot\n", "net0: 52:54:00:12:34:56 using "
	    "undionly on UNDI (Ethernet) [open]\n  [Link:up, TX:0 TXE:0 RX:0 RXE:0]\n"
	    NET " ok\nnet0: 10.0.0.5\nNothing to boot: No such file or "
	    "directory (https://ipxe.org/2d03e13b)\n",
	    FAILS(0x2d03e13b) },
	{ "autoboot: root path", "autoboot net0\n", NULL, ENDS(SAN, 0),
	    .log = "dhcp net0\nsan boot 0x80 iscsi:10.0.0.9::::x\n",
	    .world = { .root_path = "iscsi:10.0.0.9::::x" } },
	{ "autoboot: NFS root is ignored beside a file", "autoboot net0\n",
	    NULL, OK, .log = "dhcp net0\nload tftp://10.0.0.1/boot.ipxe\n",
	    .world = { .dhcp_file = "boot.ipxe",
	    .root_path = "10.0.0.9:/nfs" } },
	{ "sanboot", "sanboot --drive 0x81 iscsi:a iscsi:b\n",
	    "Registered SAN device 0x81\nBooting from SAN device 0x81\n",
	    ENDS(SAN, 0), .log = "san boot 0x81 iscsi:a iscsi:b\n" },
	{ "sanboot from a disk", "sanboot --filename \\a.efi\n",
	    "Booting \\a.efi from SAN device 0x80\n", ENDS(SAN, 0),
	    .log = "san boot 0x80\n" },
	{ "sanhook goes on", "sanhook iscsi:a\necho on\n",
	    "Registered SAN device 0x80\non\n", OK },
	{ "sanboot fails", "sanboot iscsi:bad\n", "Could not open SAN "
	    "device: Input/output error (https://ipxe.org/1d000039)\n",
	    FAILS(0x1d000039) },
	{ "prompt, any key", "prompt Press && echo yes\n",
	    "Press\b \b\b \b\b \b\b \b\b \byes\n", OK,
	    .world = { .keys = "x" } },
	{ "prompt, its key", "prompt --key s x && echo shell ||\n",
	    "x\b \bshell\n", OK, .world = { .keys = "s" } },
	{ "prompt, another key", "prompt --key 0x02 x ||\necho ${errno}\n",
	    "x\b \b0xb22e0a0\n", OK, .world = { .keys = "s" } },
	{ "prompt times out", "prompt --timeout 2000 x || echo ${errno}\n",
	    "x\b \b0x4c22e035\n", OK },
	{ "prompt without end", "prompt x\n", "x\b \b", ENDS(LIMIT, 0),
	    .line = 2 },
	{ "menu", "menu My  menu\nitem --gap -- -- gap --\nitem a A one\n"
	    "item --key b --default b Bee\nchoose sel\necho ${sel}\n"
	    "choose again\n", "a\nNo default user interface\n",
	    FAILS(0x2d16203b),
	    .log = "menu 'My menu' at 2, 0 ms: -=-- gap -- a=A one b=Bee\n",
	    .world = { .choice = 1 } },
	{ "menu: default by name, timeout", "menu\nitem a\nitem b\n"
	    "choose --default b --timeout 3000 x\necho ${x}\n", "b\n", OK,
	    .log = "menu '' at 1, 3000 ms: a= b=\n",
	    .world = { .choice = SCRIPT_CHOICE_NONE } },
	{ "menu: the first that can be chosen", "menu\nitem\nitem b\n"
	    "choose -t 1 x && echo ${x}\n", "b\n", OK,
	    .world = { .choice = SCRIPT_CHOICE_NONE } },
	{ "menu: nobody there", "menu Main\nitem a\nchoose x\n", "",
	    ENDS(LIMIT, 0), .line = 4,
	    .world = { .choice = SCRIPT_CHOICE_NONE } },
	{ "menu: Esc", "menu\nitem a\nchoose x\n", "", FAILS(0x0b2ce0a0),
	    .world = { .choice = SCRIPT_CHOICE_CANCEL } },
	{ "menu: nothing to choose", "menu\nitem\nchoose x\n", "",
	    FAILS(0x2d2ce03b) },
	{ "menu: kept", "menu -n m\nitem -m m a\nchoose --keep --menu m x\n"
	    "choose -m m y\necho ${y}\nchoose -m m z\n",
	    "a\n\"m\": no such user interface\n", FAILS(0x2d16203b) },
	{ "no menu", "item a\n", "No default user interface\n",
	    FAILS(0x2d16203b) },
};

START_TEST(images)
{
	check_run(&image_rows[_i]);
}
END_TEST

START_TEST(with_the_host)
{
	check_run(&host_rows[_i]);
}
END_TEST

START_TEST(boot_says_what_and_where)
{
	static const char text[] = "#!ipxe\nkernel kern x\nboot\n";
	struct world w = { 0 };
	struct script_host host = {
		.ctx = &w, .load = fake_load, .exec = fake_exec,
	};
	struct script *s = make(&(struct run){ 0 }, &host);
	struct script_end end;

	ck_assert_int_eq(script_run(s, "http://h/d/main.ipxe", text,
	    strlen(text), &end, NULL), 0);
	ck_assert_int_eq(end.kind, SCRIPT_END_BOOT);
	ck_assert_str_eq(end.booted->name, "kern");
	ck_assert_str_eq(end.booted->cmdline, "x");
	ck_assert_str_eq(end.uri, "http://h/d/main.ipxe");
	ck_assert_str_eq(end.command, "boot");
	ck_assert_uint_eq(end.line, 3);
	script_free(s);
	sbuf_release(&w.log);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *s = suite_create("script_image");
	TCase *tc = tcase_create("image");

	tcase_add_loop_test(tc, images, 0, ARRAY_LEN(image_rows));
	tcase_add_loop_test(tc, with_the_host, 0, ARRAY_LEN(host_rows));
	tcase_add_test(tc, boot_says_what_and_where);
	suite_add_tcase(s, tc);
	return s;
}
