#!/usr/bin/env python3
"""gen_dnsmasq.py - a random dnsmasq.conf over what matters to booting

	gen_dnsmasq.py SEED

The same seed gives the same file. Most files are good; a few are refused by
dnsmasq, and must be refused by us.
"""
import random
import sys

FILES = ["undionly.kpxe", "ipxe.efi", "pxelinux.0", "bootx64.efi", "a/b.0",
         "http://10.1.0.9/boot.ipxe", "x" * 130, "grubaa64.efi", '"q,uote"']
ADDRS = ["10.1.0.9", "10.2.0.9", "192.0.2.1"]
NAMES = ["boot", "tftp.lab", "srv-1"]
MACS = ["52:54:00:aa:00:%02x" % i for i in (1, 7, 8, 12, 25, 26, 40)]
MAC_FORMS = ["52:54:00:*:*:*", "52:54:00:aa:00:*", "52:54:00:aa:*:07",
             "1-52:54:00:aa:00:01", "01-52:54:00:AA:00:07", "00:11:22:*:*:*"]
TAGS = ["efi64", "bios", "ipxe", "http", "arm", "lab", "extra"]
CHAINED = ["one", "two", "three"]       # set by other tags alone
SERVICES = ["x86PC", "PC98", "IA64_EFI", "Alpha", "Arc_x86",
            "Intel_Lean_Client", "IA32_EFI", "x86-64_EFI", "Xscale_EFI",
            "BC_EFI", "ARM32_EFI", "ARM64_EFI", "X86PC", "0", "7", "11", "16"]
VENDORS = ["PXEClient", "PXEClient:Arch:00007", "PXEClient:Arch:00000",
           "HTTPClient", "HTTPClient:Arch:00016", "MSFT", "U-Boot", "udhcp",
           "PXEClient:Arch:00007:UNDI:003016", "Arch:0000", "pxeclient"]
USERS = ["iPXE", "gPXE", "xNBA", "PXE", "Tinkerbell", "ipxe", "lab"]


class Gen:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.out = []
        # The interface's name is a tag; predict must be told of it.
        self.wires = ["eth0"] if self.chance(0.5) else []

    def chance(self, p):
        return self.r.random() < p

    def pick(self, rows):
        return self.r.choice(rows)

    def line(self, text):
        if self.chance(0.05):
            text = text.replace("=", " = ", 1)
        if self.chance(0.05):
            text += "   # a remark"
        self.out.append(text)

    # -------------------------------------------------------- tags

    def set_tag(self):
        return self.pick(["set:", "set:", "set:", "set:", "net:", ""]) + \
            self.pick(TAGS)

    def when(self, n=None, known=True):
        """Tags that must be set, as a prefix of the value."""
        out = ""
        names = TAGS + (["known", "known-othernet", "PXEClient", "bootp"] +
                        self.wires if known else [])
        for _ in range(self.pick([0, 0, 1, 1, 1, 2]) if n is None else n):
            out += "%s%s," % (self.pick(
                ["tag:", "tag:", "tag:", "tag:!", "net:", "net:!"] +
                ["#"] * self.chance(0.05)), self.pick(names))
        return out

    # -------------------------------------------------------- matches

    def match(self):
        roll = self.r.randrange(13)
        if roll < 3:
            self.line("dhcp-match=%s,option:client-arch,%s" % (
                self.set_tag(), self.pick(["0", "6", "7", "9", "11", "16",
                                           "00:07", "0:7", "27"])))
        elif roll < 5:
            self.line("dhcp-match=%s,%s" % (self.set_tag(), self.pick([
                "175", "77", "60", "93", "97", "61", "option:user-class",
                "option:client-machine-id", "option:vendor-class", "82",
                "60,PXEClient", "60,PXEClient*", "77,iPXE", "77,*PXE",
                "93,7", "93,07", "94,01:03:00", "94,1:*:*", "175,*",
                "60,PXE*:UNDI:002001", "57,05:c0",
                "175,b1:05:01:1a:f4:10:00:*", "12,DESKTOP-1",
                "option:client-id,01:*:*:*:*:*:*"])))
        elif roll == 5 and self.chance(0.1):    # refused
            self.line("dhcp-match=%s,encap:175,%s" % (
                self.set_tag(), self.pick(["16", "177", "19", "235", "36",
                                           "24,1", "235,02:00:00"])))
        elif roll < 7:
            self.line("dhcp-match=%s,vi-encap:%s" % (
                self.set_tag(), self.pick(["2", "343"])))
        elif roll < 9:
            self.line("dhcp-vendorclass=%s,%s" % (self.set_tag(),
                                                  self.pick(VENDORS)))
        elif roll < 11:
            self.line("dhcp-userclass=%s,%s" % (self.set_tag(),
                                                self.pick(USERS)))
        elif roll == 11:
            self.line("dhcp-mac=%s,%s" % (
                self.set_tag(), self.pick(MACS + MAC_FORMS)))
        else:
            self.line("%s=%s,%s" % (
                self.pick(["dhcp-circuitid", "dhcp-remoteid"]),
                self.set_tag(), self.pick(["eth0/1", "eth0/2",
                                           "0a:00:00:01"])))

    def tag_if(self):
        words = ["set:" + self.pick(TAGS + CHAINED)
                 for _ in range(self.r.randint(1, 2))]
        words += ["tag:%s%s" % (self.pick(["", "!"]), self.pick(
            TAGS + CHAINED + ["known"] + self.wires))
            for _ in range(self.r.randint(0 if self.chance(0.1) else 1, 2))]
        if self.chance(0.2):
            self.r.shuffle(words)
        self.line("tag-if=" + ",".join(words))

    def when_line(self):
        """What acts on tags, and takes them as a list of its own."""
        word, need = self.pick([
            ("dhcp-ignore", True), ("dhcp-ignore", True),
            ("dhcp-broadcast", False), ("bootp-dynamic", False),
            ("dhcp-ignore-names", False), ("dhcp-generate-names", False)])
        tags = [self.pick(["tag:", "tag:", "tag:!", "net:", "", "#"]) +
                self.pick(TAGS + ["known", "bootp"] + self.wires)
                for _ in range(self.r.randint(1 if need else 0, 2))]
        self.line(word + ("=" + ",".join(tags) if tags else ""))

    # -------------------------------------------------------- boot

    def boot(self):
        text = "dhcp-boot=" + self.when() + self.pick(FILES)
        form = self.r.randrange(8)
        if form == 1:
            text += "," + self.pick(NAMES)
        elif form == 2:
            text += ",%s,%s" % (self.pick(NAMES), self.pick(ADDRS))
        elif form == 3:
            text += ",," + self.pick(ADDRS)
        elif form == 4:
            text += "," + self.pick(ADDRS)
        self.line(text)

    def service(self):
        text = "pxe-service=%s%s,%s" % (
            self.when(), self.pick(SERVICES),
            self.pick(['"Network boot"', "Boot", '"a, b"', '"iPXE"']))
        form = self.r.randrange(9)
        if form < 5:
            text += "," + self.pick(["undionly", "ipxe.efi", "pxelinux",
                                     "a.kpxe", "boot.0", "http://10.1.0.9/x"])
            if form == 1:
                text += "," + self.pick(ADDRS)
            elif form == 2:
                text += "," + self.pick(NAMES)
        elif form == 5:
            text += "," + self.pick(["0", "1", "15", "32768"])
        elif form == 6:
            text += ",%s,%s" % (self.pick(["1", "2"]), self.pick(ADDRS))
        self.line(text)

    def prompt(self):
        self.line("pxe-prompt=%s%s%s" % (
            self.when(), self.pick(['"Press F8"', "Boot", '"a, b"']),
            self.pick(["", ",0", ",10", ",255"])))

    def option(self):
        word = self.pick(["dhcp-option"] * 5 + ["dhcp-option-force"] * 3 +
                         ["dhcp-option-pxe"] * self.chance(0.05))
        self.line("%s=%s%s" % (word, self.when(), self.pick([
            "66,%s" % self.pick(["10.1.0.9", '"10.1.0.9"', "boot.lab", "0"]),
            "67,%s" % self.pick(FILES),
            "option:tftp-server,%s" % self.pick(["10.1.0.9", "boot.lab"]),
            "option:bootfile-name,%s" % self.pick(FILES),
            "option:server-ip-address,10.1.0.9",
            "60,%s" % self.pick(["PXEClient", "HTTPClient", ""]),
            "option:vendor-class,HTTPClient",
            "43,%s" % self.pick(["06:01:08", "01:02", '"Raspberry Pi Boot"',
                                 "Raspberry Pi Boot   "]),
            "150,%s" % self.pick(["10.1.0.9", "10.1.0.9,10.2.0.9", "0.0.0.0",
                                  "10.1.0.9,"]),
            "17,%s" % self.pick(["/srv/root", "10.1.0.9:/root", ""]),
            "option:root-path,/export",
            "175,%s" % self.pick(["8:1:1", "08:01:01", "b0:1:1"]),
            "encap:175,%s" % self.pick(["176,1b", "8,1b", "190,user",
                                        "1,-10b", "176,1", "189,0x01"]),
            "vendor:PXEClient,%s" % self.pick(["1,0.0.0.0", "6,2b", "10,00",
                                               "9,menu", "6,3"]),
            "vendor:%s,5,text" % self.pick(VENDORS),
            "vendor:%s,%s" % (self.pick(VENDORS), self.pick(
                ["60,PXEClient", "8,10.1.0.9", "71,1b", "1,0.0.0.0"])),
            "vendor:,%s" % self.pick(["6,2b", "10,00"]),
            "vi-encap:%s,%s" % (self.pick(["2", "343", "10000"]), self.pick(
                ["1,text", "2,10.1.0.9", "3,0.0.0.0", "5,1b", "6"])),
            "encap:%s,%s" % (self.pick(["43", "175", "150", "224", "125"]),
                             self.pick(["1,text", "2,0.0.0.0", "6,8b", "7"])),
            "60", "67", "66", "43", "175",
            "3", "3,10.1.0.1", "6", "option:router", "1,255.255.0.0",
            "option:ntp-server,0.0.0.0", "93,7", "211,30i", "209,pxe.cfg",
        ])))

    # -------------------------------------------------------- addresses

    def range(self, net, proxy):
        tag = self.pick(["", "", self.pick(["set:", "net:", ""]) +
                         self.pick(TAGS[-2:]) + ","])
        when = self.when(1) if self.chance(0.1) else ""
        if proxy:
            mask = self.pick(["", ",255.255.0.0"])
            self.line("dhcp-range=%s%s10.%d.0.0,proxy%s" % (tag, when, net,
                                                            mask))
        elif self.chance(0.1):
            self.line("dhcp-range=%s%s10.%d.0.0,static,255.255.0.0" % (
                tag, when, net))
        else:
            self.line("dhcp-range=%s%s10.%d.0.10,10.%d.1.250%s%s" % (
                tag, when, net, net,
                self.pick([",255.255.0.0"] * 5 + [""]),
                self.pick(["", ",12h", ",infinite"])))

    def host(self, net, i):
        text = "dhcp-host=%s" % self.pick(
            MACS * 2 + MAC_FORMS[:3] + ["id:01:52:54:00:aa:bb:77", "id:*",
                                        "00:11:22:33:44:55"])
        parts = []
        if self.chance(0.6):
            parts += [self.pick(["set:", "set:", "net:"]) + self.pick(TAGS)
                      for _ in range(self.r.randint(1, 2))]
        if self.chance(0.2):
            parts.append("tag:" + self.pick(TAGS))
        if self.chance(0.4):
            parts.append("10.%d.0.%d" % (net, self.pick([4, 20]) + i))
        if self.chance(0.1):
            parts.append("[fd00::%d]" % i)
        if self.chance(0.3):
            parts.append("host%d" % i)
        if self.chance(0.08):
            parts.append("ignore")
        self.r.shuffle(parts)
        self.line(",".join([text] + parts))

    def file(self):
        nets = self.r.randint(1, 2)
        proxy = self.chance(0.35)
        lines = [lambda net=net: self.range(net, proxy or self.chance(0.1))
                 for net in range(1, nets + 1)]
        lines += [self.match] * self.r.randint(0, 6)
        lines += [self.tag_if] * self.pick([0, 0, 0, 1, 2, 4])
        lines += [self.when_line] * self.pick([0, 0, 0, 0, 1, 2])
        lines += [self.boot] * self.pick([0, 1, 1, 2, 3, 4])
        few = 0.8 if proxy else 0.3
        if self.chance(few):
            lines += [self.service] * self.r.randint(1, 5)
        if self.chance(0.3):
            lines += [self.prompt] * self.r.randint(1, 2)
        lines += [self.option] * self.pick([0, 1, 2, 2, 3, 4])
        lines += [lambda i=i: self.host(self.r.randint(1, nets), i + 1)
                  for i in range(self.pick([0, 0, 0, 1, 2, 4]))]
        for flag, p in (("dhcp-no-override", 0.15), ("enable-tftp", 0.15),
                        ("dhcp-authoritative", 0.1), ("bogus-priv", 0.05),
                        ("dhcp-sequential-ip", 0.05),
                        ("bootp-dynamic", 0.1),
                        ("dhcp-ignore=tag:!known", 0.06),
                        ("interface=eth0", len(self.wires)),
                        ("dhcp-ignore-clid", 0.03),
                        ("dhcp-pxe-vendor=PXEClient,U-Boot", 0.04),
                        ("shared-network=eth0,10.2.0.1", 0.04)):
            if self.chance(p):
                lines.append(lambda flag=flag: self.line(flag))
        self.r.shuffle(lines)
        for one in lines:
            one()
        return "\n".join(self.out) + "\n"


def generate(seed):
    return "# seed %s\n%s" % (seed, Gen(seed).file())


if __name__ == "__main__":
    sys.stdout.write(generate(sys.argv[1] if len(sys.argv) > 1 else "1"))
