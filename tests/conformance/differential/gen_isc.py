#!/usr/bin/env python3
"""gen_isc.py - a random dhcpd.conf over what matters to booting

	gen_isc.py SEED

The same seed gives the same file. Most files are good; a few are refused by
dhcpd, and must be refused by us.
"""
import random
import sys

FILES = ["undionly.kpxe", "ipxe.efi", "pxelinux.0", "bootx64.efi", "a/b.0",
         "grubaa64.efi", "snponly.efi", "lpxelinux.0", "wdsnbp.com", "b.ipxe",
         "http://10.1.0.9/boot.ipxe", "tftp://10.1.0.9/x.efi", "", "x" * 130]
ADDRS = ["10.1.0.9", "10.2.0.9", "192.0.2.1"]
NAMES = ["boot", "tftp.lab", "srv-1"]
MACS = ["52:54:00:aa:00:%02x" % i for i in (1, 7, 8, 12, 25, 26, 40)]
OTHER_MACS = ["00:11:22:33:44:55", "52:54:00:bb:00:01"]
CLASSES = ["pxe", "ipxe", "http", "known", "macs", "arches"]

# name, code, type: what a configuration may declare
ARCH_TYPES = ["unsigned integer 16", "unsigned integer 16",
              "unsigned integer 16", "array of unsigned integer 16",
              "string", "unsigned integer 8", "integer 16"]
T150_TYPES = ["ip-address", "array of ip-address", "text", "string"]
IPXE_OPTS = [("no-pxedhcp", 176, "unsigned integer 8"),
             ("priority", 1, "integer 8"),
             ("keep-san", 8, "unsigned integer 8"),
             ("bus-id", 177, "string"),
             ("http", 19, "unsigned integer 8"),
             ("username", 190, "text"),
             ("bzimage", 24, "unsigned integer 8"),
             ("version", 235, "string")]
PXE_OPTS = [("mtftp-ip", 1, "ip-address"),
            ("mtftp-cport", 2, "unsigned integer 16"),
            ("discovery-control", 6, "unsigned integer 8"),
            ("boot-server", 8, "{ unsigned integer 16, unsigned integer 8, "
             "ip-address }"),
            ("boot-menu", 9, "{ unsigned integer 16, unsigned integer 8, "
             "text }"),
            ("prompt", 10, "{ unsigned integer 8, text }")]


class Gen:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.out = []
        self.depth = 0
        self.arch = None
        self.arch_type = None
        self.t150 = None
        self.ipxe = self.pxe = False
        self.classes = []
        self.variables = []

    # -------------------------------------------------------- small things

    def chance(self, p):
        return self.r.random() < p

    def pick(self, rows):
        return self.r.choice(rows)

    def line(self, text):
        self.out.append("\t" * self.depth + text)

    def block(self, head, body):
        self.line(head + " {")
        self.depth += 1
        body()
        self.depth -= 1
        self.line("}")

    def string(self):
        text = self.pick(["PXEClient", "HTTPClient", "iPXE", "gPXE", "", "MSFT",
                          "U-Boot", "PXEClient:Arch:00007", "\\004iPXE",
                          "\\x04iPXE", "0007", "00:07", "\\000\\007", "udhcp"])
        return '"%s"' % text

    def hexes(self):
        return self.pick(["00:07", "00:00", "00:09", "0:7", "7", "07", "0:b",
                          "00:10", "52:54:00", "01:52:54:00", "69:50:58:45",
                          "1:2:1", "0"] + ["1:" + m for m in MACS[:2]])

    # -------------------------------------------------------- expressions

    def option_ref(self):
        refs = ["vendor-class-identifier"] * 5 + ["user-class"] * 4
        refs += [self.arch] * 5 if self.arch else ["pxe-system-type"] * 2
        refs += ["dhcp-client-identifier", "host-name", "pxe-client-id",
                 "dhcp-parameter-request-list", "dhcp-message-type",
                 "agent.circuit-id", "agent.remote-id",
                 "dhcp-max-message-size", "pxe-interface-id"]
        if self.ipxe:
            refs += ["ipxe." + self.pick(IPXE_OPTS)[0] for _ in range(3)]
            refs += ["ipxe-encap"]
        return "option " + self.pick(refs)

    def data(self, deep=0):
        roll = self.r.randrange(24 if deep < 3 else 12)
        if roll < 5:
            return self.option_ref()
        if roll < 8:
            return self.string()
        if roll < 10:
            return self.hexes()
        if roll < 12:
            return "hardware"
        sub = self.data(deep + 1)
        if roll < 17:
            return "substring(%s, %d, %d)" % (sub, self.pick(
                [0, 0, 0, 1, 15, 16, 33]), self.pick([0, 2, 4, 5, 9, 20, 3]))
        if roll == 17:
            return "suffix(%s, %d)" % (sub, self.pick([0, 2, 4, 20]))
        if roll == 18:
            return "concat(%s, %s)" % (sub, self.data(deep + 1))
        if roll == 19:
            return "pick-first-value(%s, %s)" % (sub, self.data(deep + 1))
        if roll == 20:
            return 'binary-to-ascii(%d, %d, "%s", %s)' % (
                self.pick([10, 16, 8]), self.pick([8, 16, 32]),
                self.pick([":", "", "-"]), sub)
        if roll == 21:
            return "%s(%s)" % (self.pick(["lcase", "ucase"]), sub)
        if roll == 22:
            return "encode-int(%s, %d)" % (self.number(deep + 1),
                                           self.pick([8, 16, 32]))
        return self.pick(["packet(%d, %d)" % (self.pick([0, 24, 28, 28]),
                                              self.pick([1, 4, 6])),
                          "reverse(1, %s)" % sub,
                          "config-option bootfile-name",
                          "config-option root-path",
                          "host-decl-name"])

    def number(self, deep=0):
        roll = self.r.randrange(6 if deep < 3 else 2)
        if roll < 2:
            return str(self.pick([0, 1, 2, 6, 7, 9, 16]))
        if roll < 5:
            return "extract-int(%s, %d)" % (self.data(deep + 1),
                                            self.pick([8, 16, 16, 32]))
        return "extract-int(%s, 8) %s %d" % (
            self.data(deep + 1), self.pick("+-*/%&|^"), self.pick([1, 2, 7]))

    def usual(self):
        """A condition as people write it."""
        arch = self.arch or "pxe-system-type"
        rows = [
            'substring(option vendor-class-identifier, 0, 9) = "PXEClient"',
            'substring(option vendor-class-identifier, 0, 10) = "HTTPClient"',
            'exists user-class and option user-class = "iPXE"',
            'option user-class = "iPXE"',
            'option user-class = "gPXE"',
            'option vendor-class-identifier = "PXEClient:Arch:00007:UNDI:003000"',
            'substring(option vendor-class-identifier, 15, 5) = "00000"',
            'option %s = 00:07' % arch, 'option %s = 00:09' % arch,
            'option %s = 00:00' % arch, 'option %s != 00:00' % arch,
            'option %s = 00:07 or option %s = 00:09' % (arch, arch),
            'option %s = 7' % arch, 'option %s = 0' % arch,
            'option %s != 0' % arch, 'option %s = 00007' % arch,
            'option %s = 0:7' % arch, 'option %s = 07' % arch,
            'option %s = encode-int(7, 16)' % arch,
            'exists %s' % arch, 'not exists %s' % arch,
            'substring(hardware, 1, 3) = 52:54:00',
            'hardware = 1:%s' % self.pick(MACS),
            'binary-to-ascii(16, 8, ":", substring(hardware, 1, 6)) = "%s"'
            % self.pick(["52:54:0:aa:0:7", MACS[1]]),
            'exists vendor-class-identifier', 'known', 'not known',
            'exists agent.circuit-id', 'option agent.circuit-id = "eth0/1"',
            'option vendor-class-identifier ~= "^PXE"',
            'option vendor-class-identifier ~~ "pxeclient"',
        ]
        if self.ipxe:
            rows += ['exists ipxe.http', 'option ipxe.bzimage = 1',
                     'exists ipxe-encap', 'not exists ipxe.bus-id',
                     'option ipxe.http = 01']
        if self.variables:
            name = self.pick(self.variables)
            rows += ['%s = "PXEClient"' % name, 'defined(%s)' % name,
                     'option user-class = %s' % name] * 2
        if self.chance(0.03):
            return self.many()
        return self.pick(rows)

    def many(self):
        """A list of addresses, as sites write it."""
        macs = ["52:54:0:%x:%x:%x" % (i % 7, i % 255, i % 31)
                for i in range(self.pick([20, 130, 300]))]
        word = self.pick([" or ", " or ", " and "])
        how = self.pick(["hardware = 1:%s", "hardware != 1:%s",
                         "substring(hardware, 1, 6) = %s"])
        return word.join(how % m for m in macs + MACS[:2])

    def boolean(self, deep=0):
        roll = self.r.randrange(20 if deep < 2 else 14)
        if roll < 9:
            return self.usual()
        if roll < 12:
            return "%s %s %s" % (self.data(1), self.pick(["=", "=", "!="]),
                                 self.data(1))
        if roll == 12 and self.chance(0.1):     # refused, nearly always
            return "%s %s %s" % (self.number(1), self.pick(["=", "!="]),
                                 self.number(1))
        if roll == 13:
            return self.pick([
                "exists dhcp-client-identifier",
                "option dhcp-message-type = 1", "static",
                "%s %s %s" % (self.data(1), self.pick(["~=", "~~"]),
                              self.pick(['"^PXE"', '"iPXE"', '"[0-9]+$"',
                                         '"^.*Arch:0000[79]"']))])
        one, two = self.boolean(deep + 1), self.boolean(deep + 1)
        # After ")" dhcpd wants the end, so nothing follows a parenthesis.
        if ")" in one and (one.startswith("(") or "not (" in one):
            one = self.usual()
        if roll < 16:
            return "%s and %s" % (one, two)
        if roll < 18:
            return "%s or %s" % (one, two)
        if roll == 18 and self.chance(0.05):
            return "(%s) %s (%s)" % (one, self.pick(["and", "or"]), two)
        if roll == 18:
            return "(%s)" % one
        return "not (%s)" % one

    # -------------------------------------------------------- statements

    def file_expr(self):
        return self.pick([
            'concat("boot/", binary-to-ascii(16, 8, "-", '
            'substring(hardware, 1, 6)))',
            'pick-first-value(option user-class, "none")',
            'concat("arch-", binary-to-ascii(10, 16, "", %s), ".efi")'
            % self.option_ref(),
            '"plain.efi"', self.data(1)])

    def value(self, kind):
        if kind.startswith("{"):
            return " ".join(self.value(k.strip())
                             for k in kind.strip("{} ").split(","))
        if kind.endswith("ip-address"):
            n = 1 if not kind.startswith("array") else self.r.randint(1, 3)
            return ", ".join(self.pick(ADDRS) for _ in range(n))
        if "integer" in kind:
            top = 200 if kind.endswith("8") and "unsigned" in kind else 100
            return str(self.r.randint(0, top))
        if kind == "text":
            return '"%s"' % self.pick(["menu", "", "Press F8", "10.1.0.9"])
        return self.pick(['"raw"', "01:02:03", "0a:01:00:09", "ff"])

    def option_value(self):
        """The name of an option and a value of its type."""
        rows = [("tftp-server-name", "text")] * 3
        rows += [("bootfile-name", None)] * 4 + [("root-path", None)] * 2
        rows += [("vendor-class-identifier", "class")] * 3
        rows += [("vendor-encapsulated-options", "string")] * 2
        if self.t150:
            rows += [("tftp150", self.t150)] * 2
        if self.ipxe:
            rows += [("ipxe." + n, t) for n, _, t in IPXE_OPTS[:6]]
        if self.pxe:
            rows += [("PXE." + n, t) for n, _, t in PXE_OPTS]
        name, kind = self.pick(rows)
        if kind is None:
            return name, '"%s"' % self.pick(FILES[:-1])
        if kind == "class":
            return name, self.pick(['"PXEClient"', '"HTTPClient"', '""'])
        return name, self.value(kind)

    def statement(self, deep=0):
        roll = self.r.randrange(22)
        if roll < 6:
            if self.chance(0.15):
                self.line("filename = %s;" % self.file_expr())
            else:
                self.line('filename "%s";' % self.pick(FILES))
        elif roll < 9:
            self.line("next-server %s;" % self.pick(ADDRS))
        elif roll < 10:
            self.line('server-name "%s";' % self.pick(NAMES + [""]))
        elif roll < 15:
            name, value = self.option_value()
            how = self.pick([""] * 8 + ["supersede ", "default ", "append ",
                                        "prepend ", "send "])
            self.line("%s%s %s;" % (how or "option ", name, value))
        elif roll == 15:
            name = self.pick(["bootfile-name", "root-path",
                              "tftp-server-name", "vendor-class-identifier",
                              "vendor-encapsulated-options"])
            how = self.pick(["", "", "", "default ", "append ", "prepend "])
            self.line("%s%s = %s;" % (how or "option ", name,
                                      self.file_expr()))
        elif roll == 16 and self.pxe:
            self.line("vendor-option-space PXE;")
        elif roll == 17 and self.chance(0.3):
            self.line("option dhcp-parameter-request-list %s;" % self.pick(
                ["43, 60, 66, 67", "67", "1, 3, 150, 17"]))
        elif roll == 18 and deep < 3 and self.chance(0.5):
            self.switch(deep)
        elif roll == 19 and self.chance(0.3):
            name = self.pick(["foo", "kind", "what"])
            if name not in self.variables:
                self.variables.append(name)
            self.line(self.pick(["set %s = %s;" % (name, self.data(1))] * 4 +
                                ["unset %s;" % name]))
        elif roll == 20 and self.chance(0.15):
            self.line(self.pick([
                "min-secs %d;" % self.pick([0, 5, 9]),
                "use-host-decl-names on;", "always-broadcast on;",
                "always-reply-rfc1048 on;", 'log(info, "seen");',
                "default-lease-time 600;", "max-lease-time 900;",
                "get-lease-hostnames off;", "authoritative;"]))
        elif deep < 3:
            self.condition(deep)
        else:
            self.line('filename "%s";' % self.pick(FILES))

    def body(self, deep=0, n=None):
        for _ in range(self.r.randint(1, 3) if n is None else n):
            self.statement(deep)

    def condition(self, deep):
        self.block("if %s" % self.boolean(),
                   lambda: self.body(deep + 1))
        while self.chance(0.4):
            word = self.pick(["elsif", "elsif", "else if"])
            self.block("%s %s" % (word, self.boolean()),
                       lambda: self.body(deep + 1))
        if self.chance(0.6):
            self.block("else", lambda: self.body(deep + 1))

    def switch(self, deep):
        def cases():
            for _ in range(self.r.randint(1, 3)):
                self.line("case %s:" % what[1]())
                self.body(3, self.r.randint(1, 2))
                if self.chance(0.7):
                    self.line("break;")
            if self.chance(0.5):
                self.line("default:")
                self.body(3, 1)

        arch = self.arch or "pxe-system-type"
        what = self.pick([
            # After "case 00:07:" dhcpd wants one more number.
            ("option " + arch, lambda: self.hexes() if self.chance(0.05) else
             self.pick(['"\\000\\007"', '"\\000\\000"'])),
            ("extract-int(option %s, 16)" % arch,
             lambda: str(self.pick([0, 6, 7, 9]))),
            ("substring(option vendor-class-identifier, 0, 9)", self.string),
            ("option user-class", self.string)])
        self.block("switch (%s)" % what[0], cases)

    # -------------------------------------------------------- declarations

    def definitions(self):
        if self.chance(0.7):
            self.arch = self.pick(["arch", "client-arch", "architecture-type"])
            self.arch_type = self.pick(ARCH_TYPES)
            self.line("option %s code 93 = %s;" % (self.arch, self.arch_type))
        if self.chance(0.4):
            self.t150 = self.pick(T150_TYPES)
            self.line("option tftp150 code 150 = %s;" % self.t150)
        if self.chance(0.5):
            self.ipxe = True
            self.line("option space ipxe;")
            self.line("option ipxe-encap code 175 = encapsulate ipxe;")
            for row in IPXE_OPTS:
                self.line("option ipxe.%s code %d = %s;" % row)
        if self.chance(0.4):
            self.pxe = True
            self.line(self.pick(["option space PXE;"] * 3 + [
                "option space PXE code width 1 length width 1 hash size 3;",
                "option space PXE code width 2 length width 2;"]))
            for row in PXE_OPTS:
                self.line("option PXE.%s code %d = %s;" % row)
            if self.chance(0.3):
                self.line("option pxe-encap code 43 = encapsulate PXE;")

    def classes_(self):
        names = [n for n in CLASSES if self.chance(0.35)]
        for name in names:
            self.one_class(name)
            self.classes.append(name)

    def one_class(self, name):
        arch = self.arch or "pxe-system-type"
        what = {"macs": "hardware", "arches": "option " + arch,
                "ipxe": "option user-class",
                "known": "pick-first-value(option dhcp-client-identifier, "
                "hardware)",
                "http": "substring(option vendor-class-identifier, 0, %d)" %
                self.pick([9, 10, 20])}.get(name)
        by_value = what and self.chance(0.8)
        spawn = self.chance(0.1)

        def inside():
            if by_value:
                self.line("%s %s;" % ("spawn with" if spawn else "match", what))
            elif self.chance(0.9):
                self.line("match if %s;" % self.boolean())
            if self.chance(0.8):
                self.body(1)

        self.block('class "%s"' % name, inside)
        if not by_value:
            return
        for _ in range(self.r.randint(1, 3)):
            key = self.pick({
                "macs": ["1:" + m for m in MACS],
                "arches": ["00:07", "00:00", "00:09", '"\\000\\007"', "0:7"],
                "ipxe": ['"iPXE"', '"gPXE"', '04:69:50:58:45', '"Tinker"'],
                "known": ["1:" + m for m in MACS] + ["01:52:54:00:aa:bb:77"],
                "http": ['"HTTPClient"', '"PXEClient"', '"PXEClient:Arch:00007"',
                         '"U-Boot.ar"'],
            }[name])
            if self.chance(0.6):
                self.block('subclass "%s" %s' % (name, key),
                           lambda: self.body(2))
            else:
                self.line('subclass "%s" %s;' % (name, key))

    def permit(self):
        rows = ["known-clients", "unknown-clients", "unknown clients",
                "dynamic bootp clients", "all clients"]
        rows += ['members of "%s"' % c for c in self.classes] * 3
        return "%s %s;" % (self.pick(["allow", "allow", "deny"]),
                           self.pick(rows))

    def pool(self, net, part):
        def inside():
            self.line("range %s10.%d.%d.10 10.%d.%d.250;" % (
                self.pick(["", "", "dynamic-bootp "]), net, part, net, part))
            for _ in range(self.r.randrange(3)):
                self.line(self.permit())
            if self.chance(0.7):
                self.body(1)
        self.block("pool", inside)

    def subnet(self, net):
        def inside():
            if self.chance(0.8):
                self.body(0)
            if self.chance(0.5):
                for part in range(self.r.randint(1, 3)):
                    self.pool(net, part)
            elif self.chance(0.9):
                self.line("range %s10.%d.0.10 10.%d.0.250;" % (
                    self.pick(["", "", "dynamic-bootp "]), net, net))
            if self.chance(0.1):
                self.line(self.pick(["deny", "allow", "ignore"]) + " " +
                          self.pick(["unknown-clients", "booting", "bootp"])
                          + ";")
            if self.chance(0.2):
                self.host(net, 100 * net)
        self.block("subnet 10.%d.0.0 netmask 255.255.0.0" % net, inside)

    def host(self, net, i):
        def inside():
            roll = self.r.random()
            if roll < 0.85:
                self.line("hardware ethernet %s;" % self.pick(
                    MACS + OTHER_MACS))
            elif roll < 0.92:
                self.line("host-identifier option %s;" % self.pick(
                    ['agent.circuit-id "eth0/1"', "pxe-client-id 00:44:33",
                     'user-class "iPXE"']))
            else:
                self.line("option dhcp-client-identifier %s;" % self.pick(
                    ["01:52:54:00:aa:bb:77", '"foo"']))
            if self.chance(0.5):
                self.line("fixed-address 10.%d.200.%d;" % (net, i % 250 + 1))
            if self.chance(0.8):
                self.body(1)
            if self.chance(0.08):
                self.line(self.pick(["deny", "ignore"]) + " booting;")
        self.block("host h%d" % i, inside)

    def file(self):
        self.definitions()
        if self.chance(0.6):
            self.body()
        if self.chance(0.7):
            self.classes_()
        nets = self.r.randint(1, 3)
        shared = self.chance(0.2)

        def networks():
            if shared and self.chance(0.6):
                self.body()
            for net in range(1, nets + 1):
                if not shared and self.chance(0.1):
                    def around(net=net):
                        self.body()
                        self.subnet(net)
                    self.block("group", around)
                else:
                    self.subnet(net)

        if shared:
            self.block("shared-network lab", networks)
        else:
            networks()
        for i in range(self.r.randrange(4)):
            if self.chance(0.4):
                def group(i=i):
                    self.body()
                    for k in range(self.r.randint(1, 2)):
                        self.host(self.r.randint(1, nets), 10 * i + k + 1)
                self.block("group", group)
            else:
                self.host(self.r.randint(1, nets), 10 * i + 9)
        if self.chance(0.3):
            self.body()
        return "\n".join(self.out) + "\n"


def generate(seed):
    return "# seed %s\n%s" % (seed, Gen(seed).file())


if __name__ == "__main__":
    sys.stdout.write(generate(sys.argv[1] if len(sys.argv) > 1 else "1"))
