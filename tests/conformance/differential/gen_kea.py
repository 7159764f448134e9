#!/usr/bin/env python3
"""gen_kea.py - a random kea-dhcp4.conf over what matters to booting

	gen_kea.py SEED

The same seed gives the same file. Most files are good; some are refused by
kea-dhcp4, and must be refused by us. A third of them are for the expressions
alone: a hundred classes, each of which shows in an option of the answer.
"""
import json
import random
import sys

FILES = ["undionly.kpxe", "ipxe.efi", "pxelinux.0", "a/b.0", "b.ipxe",
         "http://10.1.0.9/boot.ipxe", "", "x" * 127, "x" * 128]
SERVERS = ["10.1.0.9", "10.2.0.9", "192.0.2.1", "0.0.0.0", ""]
NAMES = ["boot", "tftp.lab", "srv-1", ""]
MACS = ["52:54:00:aa:00:%02x" % i for i in (1, 7, 8, 12, 25, 26, 40)] + [
    "00:11:22:33:44:55"]
CLIENT_IDS = ["01525400aabb77", "010203"]
CIRCUITS = ["'eth0/1'", "'eth0/2'", "'eth0/4'"]
# What Kea 2.2 has no definition of; 224 to 254 are read late.
UNDEFINED = [80, 83, 84, 95, 96, 102, 103, 104, 105, 106, 107, 109, 110, 111,
             115, 120, 121, 122, 123, 126, 127] + list(range(128, 136)) + \
    [139, 140] + list(range(142, 146)) + list(range(147, 159)) + \
    list(range(160, 212)) + list(range(214, 255))
RESERVED = ["KNOWN", "UNKNOWN", "ALL", "DROP"]
# name, good data, data that is read as hex
STD = [("boot-file-name", ["f.0", "a\\,b", "0x6162", "", "a,b"], ["'f'", "66"]),
       ("tftp-server-name", ["10.1.0.9", "tftp.lab"], ["'t'"]),
       ("routers", ["10.1.0.1", "10.1.0.1, 10.1.0.2", ""], ["0a010001"]),
       ("domain-name-servers", ["10.1.0.5"], ["0a:01:00:05"]),
       ("domain-name", ["lab.example"], ["6c"]),
       ("root-path", ["/nfs", "nfs:a\\b"], ["2f"]),
       ("vendor-class-identifier", ["PXEClient", "HTTPClient"], ["505845"]),
       ("domain-search", ["a.example, b.example", "a.example."],
        ["016100"]),
       ("ntp-servers", ["10.1.0.5,10.1.0.6"], ["0A010005"]),
       ("interface-mtu", ["1500", "0x5dc", "5dc"], ["05dc", "5dc"]),
       ("time-offset", ["-3600", "7"], ["fffff1f0"]),
       ("ip-forwarding", ["true", "0", "FALSE"], ["01"]),
       ("client-system", ["0, 7"], ["00000007"]),
       ("client-ndi", ["1, 3, 16"], ["010310"]),
       ("uuid-guid", ["0, 0102"], ["00ab"]),
       ("static-routes", ["10.0.0.1,10.0.0.2"], ["0a0000010a000002"]),
       ("vivso-suboptions", ["4491", "9"], ["0000118b"]),
       ("slp-service-scope", ["true, abc"], ["0161"]),
       ("v4-captive-portal", ["http://x/"], ["61"]),
       ("option-6rd", ["1, 2, 2001:db8::1, 10.0.0.1"], []),
       ("dhcp-server-identifier", ["10.1.0.77"], ["0a01004d"]),
       ("vendor-encapsulated-options", [""], ["060108ff", "01 02 03 04 05"])]
BAD = [("routers", "host"), ("interface-mtu", "70000"), ("ip-forwarding", "y"),
       ("boot-file-name", ""), ("uuid-guid", "0"), ("no-such-option", "1"),
       ("interface-mtu", "-1"), ("client-system", "")]
TYPES = [("uint8", ["7", "300"]), ("uint16", ["7"]), ("uint32", ["7"]),
         ("int8", ["-7"]), ("int32", ["-7"]), ("boolean", ["true"]),
         ("string", ["text", "a\\,b"]), ("ipv4-address", ["10.0.0.1"]),
         ("ipv6-address", ["2001:db8::1"]), ("fqdn", ["a.example"]),
         ("binary", ["0102", "01 02"]), ("tuple", ["abc"]), ("psid", ["3/4"]),
         ("ipv6-prefix", ["2001:db8::/33"]), ("empty", [""])]
TEXTS = ["PXEClient", "HTTPClient", "iPXE", "PXE", "Arch", "00007", "x", "",
         "UNDI", "gPXE", "true", "0", "U-Boot", "eth0/1", ":"]
HEX = ["0x0007", "0x0000", "0x07", "0x000B", "0x7", "0x69505845", "0x52",
       "0x525400", "0x", "0x00", "0x0a010001"]
CODES = [60, 60, 60, 77, 77, 93, 93, 93, 94, 97, 175, 55, 57, 61, 82, 43, 12,
         50, 53, 66, 124, 125, 150, 252, 224, 116]
NAMED = ["vendor-class-identifier", "user-class", "client-system",
         "host-name", "client-ndi", "uuid-guid", "no-such-name"]


class Gen:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.classes = []
        self.defs = []

    def chance(self, p):
        return self.r.random() < p

    def pick(self, rows):
        return rows[self.r.randrange(len(rows))]

    # -------------------------------------------------------- expressions

    def literal(self):
        kind = self.r.randrange(10)
        if kind < 5:
            return "'%s'" % self.pick(TEXTS)
        if kind < 8:
            return self.pick(HEX[:8] + HEX[9:])
        if kind < 9:
            return str(self.pick([0, 1, 6, 7, 4491, 300, 4294967295]))
        return self.pick(["10.1.0.1", "0.0.0.0", "10.2.0.1", "fe80::1",
                          "255.255.255.255"])

    def code(self):
        return self.pick(NAMED[:-1]) if self.chance(0.2) else \
            str(self.pick(CODES))

    def option(self, end):
        sub = self.r.randrange(20)
        if sub == 0:
            return "option[%s].option[%d].%s" % (
                self.code(), self.pick([1, 2, 6, 19]), end)
        if sub == 1:
            return "relay4[%d].%s" % (self.pick([1, 2, 5]), end)
        if sub == 2:
            return "vendor[%s].option[%d].%s" % (
                self.pick(["*", "4491", "9"]), self.pick([0, 1, 2]), end)
        return "option[%s].%s" % (self.code(), end)

    def value(self, depth):
        kind = self.r.randrange(30 if depth else 14)
        if kind < 4:
            return self.literal()
        if kind < 11:
            return self.option(self.pick(["hex", "hex", "hex", "text"]))
        if kind < 12:
            return "pkt4." + self.pick(
                ["mac", "giaddr", "ciaddr", "yiaddr", "siaddr", "hlen",
                 "htype", "msgtype"])
        if kind < 13:
            return "pkt." + self.pick(["src", "dst", "len", "iface"])
        if kind < 14:
            return self.pick(["vendor.enterprise", "vendor-class.enterprise",
                              "vendor-class[*].data",
                              "vendor-class[4491].data[1]"])
        if kind < 21:
            return "substring(%s, %d, %s)" % (
                self.value(depth - 1),
                self.pick([0, 0, 0, 3, 10, 15, -3, -9, 99, -99]),
                self.pick(["all", "9", "5", "4", "3", "1", "-3", "0", "99"]))
        if kind < 22:
            return "split(%s, '%s', %d)" % (
                self.value(depth - 1), self.pick([":", "-", "", ":P", "0"]),
                self.pick([1, 2, 3, 0, -1, 9]))
        if kind < 24:
            return "concat(%s, %s)" % (self.value(depth - 1),
                                       self.value(depth - 1))
        if kind < 25:
            return "%s + %s" % (self.value(depth - 1), self.value(depth - 1))
        if kind < 26:
            return "(%s)" % self.value(depth - 1)
        if kind < 27:
            return "ifelse(%s, %s, %s)" % (
                self.condition(depth - 1), self.value(depth - 1),
                self.value(depth - 1))
        if kind < 28:
            return "hexstring(%s, '%s')" % (self.value(depth - 1),
                                            self.pick(["", ":", "-"]))
        return "%s(%s)" % (self.pick(
            ["addrtotext", "uint8totext", "uint16totext", "int16totext",
             "uint32totext", "int8totext"]), self.value(depth - 1))

    def true_pair(self):
        """Comparisons that are often true of somebody."""
        kind = self.r.randrange(9)
        if kind == 0:
            return "option[93].hex == 0x%04x" % self.pick(
                [0, 6, 7, 9, 11, 16])
        if kind == 1:
            return "substring(option[60].hex,0,9) == 'PXEClient'"
        if kind == 2:
            return "option[77].hex == 'iPXE'"
        if kind == 3:
            return "hexstring(option[93].hex,'') == '%04x'" % self.pick(
                [0, 7, 11])
        if kind == 4:
            return "substring(option[60].hex,15,5) == '0000%d'" % self.pick(
                [0, 6, 7, 9])
        if kind == 5:
            return "pkt4.mac == 0x" + self.pick(MACS).replace(":", "")
        if kind == 6:
            return "uint16totext(option[93].hex) == '%d'" % self.pick(
                [0, 7, 11])
        if kind == 7:
            return "split(option[60].hex,':',3) == '00007'"
        return "pkt.len == %d" % self.r.randrange(300, 420)

    def condition(self, depth):
        kind = self.r.randrange(20 if depth else 12)
        if kind < 5:
            return self.true_pair()
        if kind < 8:
            return "%s == %s" % (self.value(depth), self.value(depth))
        if kind < 10:
            return self.option("exists")
        if kind < 11:
            return self.pick(["vendor[*].exists", "vendor[4491].exists",
                              "vendor-class[*].exists"])
        if kind < 12:
            return "member('%s')" % self.pick(
                self.classes + RESERVED[:3] +
                ["VENDOR_CLASS_PXEClient:Arch:00007:UNDI:003016"])
        if kind < 14:
            return "not " + self.condition(depth - 1)
        if kind < 15:
            return "not (%s)" % self.condition(depth - 1)
        if kind < 16:
            return "(%s)" % self.condition(depth - 1)
        return "%s %s %s" % (self.condition(depth - 1),
                             self.pick(["and", "or"]),
                             self.condition(depth - 1))

    # -------------------------------------------------------- options

    def option_data(self):
        out = {}
        if self.defs and self.chance(0.35):
            d = self.pick(self.defs)
            good = dict(TYPES).get(d["type"], ["1"])
            if d["type"] == "record":
                good = ["1, a.example, 2", "1, a.example, 2, 3"]
            out = {"name": d["name"], "space": d["space"],
                   "data": self.pick(good[:1] if self.chance(0.95) else good)}
            if d.get("array") and d["type"] != "record" and self.chance(0.5):
                out["data"] += ", " + out["data"]
            if out["space"] == "dhcp4" and self.chance(0.5):
                out["always-send"] = True
            return out
        if self.chance(0.006):
            name, data = self.pick(BAD)
            return {"name": name, "data": data}
        if self.chance(0.15):
            return {"code": self.pick(UNDEFINED), "csv-format": False,
                    "data": self.pick(["01", "0x6162", "'text'", "1:2:3"]),
                    "always-send": True}
        name, texts, hexes = self.pick(STD)
        if hexes and self.chance(0.2):
            out = {"name": name, "csv-format": False,
                   "data": self.pick(hexes)}
        else:
            out = {"name": name, "data": self.pick(texts)}
            if not out["data"] and name == "boot-file-name":
                out["data"] = "f.1"
        if self.chance(0.3):
            out["always-send"] = self.chance(0.8)
        return out

    def options(self, p):
        return [self.option_data()
                for _ in range(self.r.randrange(1, 5))] \
            if self.chance(p) else None

    def fields(self, level, p, options=True):
        if self.chance(p):
            level["boot-file-name"] = self.pick(
                FILES[:8] if self.chance(0.97) else FILES)
        if self.chance(p * 0.6):
            level["next-server"] = self.pick(
                SERVERS[:4] if self.chance(0.97) else SERVERS)
        if self.chance(p * 0.4):
            level["server-hostname"] = self.pick(NAMES)
        data = self.options(p) if options else None
        if data:
            level["option-data"] = data

    def definitions(self):
        for i in range(self.r.randrange(0, 6)):
            kind, _ = self.pick(TYPES)
            space = self.pick(["dhcp4", "dhcp4", "ipxe", "own"])
            code = self.pick(UNDEFINED) if space == "dhcp4" else \
                self.pick([1, 2, 6, 8, 19, 176])
            d = {"name": "opt-%d" % i, "code": code, "space": space,
                 "type": kind}
            if self.chance(0.2):
                d.update(type="record", array=self.chance(0.5))
                d["record-types"] = "uint8, fqdn, uint16"
            # Kea 2.2 writes an array of IPv6 addresses so that nobody can
            # read what follows.
            elif kind not in ("string", "binary", "empty",
                              "ipv6-address") and self.chance(0.3):
                d["array"] = True
            self.defs.append(d)
        if self.chance(0.5):
            code = self.pick([175, 43, 43, 224, 130])
            self.defs.append({
                "name": "encap", "code": code, "space": "dhcp4",
                "type": self.pick(["empty", "empty", "uint32"]),
                "encapsulate": "ipxe"})
        seen = set()
        good = []
        for d in self.defs:
            key = (d["space"], d["code"])
            if key not in seen or self.chance(0.05):
                good.append(d)
            seen.add(key)
        self.defs = good

    # -------------------------------------------------------- levels

    def client_classes(self):
        out = []
        for i in range(self.r.randrange(0, 12)):
            name = self.pick(RESERVED) if self.chance(0.06) else "c%d" % i
            if any(c["name"] == name for c in out):
                continue
            c = {"name": name}
            if self.chance(0.85) and name not in RESERVED[:3]:
                c["test"] = self.condition(2)
            if self.chance(0.15):
                c["only-if-required"] = True
            if self.chance(0.15):
                c["option-def"] = [{
                    "name": "cls", "code": self.pick([43, 43, 224, 230]),
                    "type": self.pick(["uint8", "string", "empty"])}]
                if c["option-def"][0]["type"] == "empty":
                    c["option-def"][0]["encapsulate"] = "ipxe"
            self.fields(c, 0.5)
            out.append(c)
            self.classes.append(name)
        return out

    def some_class(self):
        return self.pick(self.classes + ["KNOWN", "UNKNOWN", "ALL"])

    def hosts(self, net, base):
        out, seen = [], set()
        for i in range(self.r.randrange(0, 5)):
            kind = self.r.randrange(6)
            h = {"hw-address": self.pick(MACS)} if kind < 4 else \
                {"client-id": self.pick(CLIENT_IDS)} if kind < 5 else \
                {"circuit-id": self.pick(CIRCUITS)}
            key = json.dumps(h)
            if key in seen:
                continue
            seen.add(key)
            if net and self.chance(0.6):
                h["ip-address"] = "%s.%d" % (net, base + i)
            if self.chance(0.35):
                h["client-classes"] = [self.some_class()
                                       for _ in range(self.r.randrange(1, 3))]
            self.fields(h, 0.4)
            if len(h) == 1 and self.chance(0.97):
                h["hostname"] = "pc-%d" % i
            out.append(h)
        return out

    def pools(self, net):
        out = []
        ends = [(10, 90), (100, 180), (190, 254)]
        self.r.shuffle(ends)
        for low, high in ends[:self.r.randrange(0 if self.chance(0.1) else 1,
                                                4)]:
            p = {"pool": "%s.%d - %s.%d" % (net, low, net, high)}
            if self.chance(0.35):
                p["client-class"] = self.some_class()
            if self.chance(0.2):
                p["require-client-classes"] = [self.some_class()]
            data = self.options(0.3)
            if data:
                p["option-data"] = data
            out.append(p)
        return out

    def subnet(self, i):
        net = "10.%d.0" % i
        s = {"id": self.r.randrange(1, 1000) * 10 + i,
             "subnet": net + ".0/24", "pools": self.pools(net)}
        if self.chance(0.15):
            s["client-class"] = self.some_class()
        if self.chance(0.2):
            s["require-client-classes"] = [self.some_class()]
        if self.chance(0.15):
            s["relay"] = {"ip-addresses": ["10.%d.0.1" % self.pick(
                [i, i, 9, i % 4 + 1])]}
        # Which one the server has is told by its address in the first.
        if i == 1 and self.chance(0.25):
            s["interface"] = "eth0"
        hosts = self.hosts(net, self.pick([10, 20, 200, 100]))
        if hosts and self.chance(0.6):
            s["reservations"] = hosts
        self.reservation_modes(s)
        self.fields(s, 0.35)
        return s

    def reservation_modes(self, level):
        for key in ("reservations-global", "reservations-in-subnet",
                    "reservations-out-of-pool", "match-client-id"):
            if self.chance(0.12):
                level[key] = self.chance(0.6)

    def network(self, name, subnets):
        n = {"name": name, "subnet4": subnets}
        if self.chance(0.15):
            n["client-class"] = self.some_class()
        if self.chance(0.2):
            n["require-client-classes"] = [self.some_class()]
        if self.chance(0.15):
            n["relay"] = {"ip-addresses": ["10.8.0.1"]}
        elif self.chance(0.15):
            n["interface"] = "eth0"
        self.reservation_modes(n)
        self.fields(n, 0.3)
        return n

    def config(self):
        c = {}
        self.definitions()
        if self.defs:
            c["option-def"] = self.defs
        classes = self.client_classes()
        if classes:
            c["client-classes"] = classes
        subnets = [self.subnet(i + 1) for i in range(self.r.randrange(1, 5))]
        if len(subnets) > 1 and self.chance(0.5):
            n = self.r.randrange(1, len(subnets) + 1)
            c["shared-networks"] = [self.network("net", subnets[:n])]
            subnets = subnets[n:]
        c["subnet4"] = subnets
        self.reservation_modes(c)
        if self.chance(0.15):
            c["echo-client-id"] = False
        if self.chance(0.1):
            c["early-global-reservations-lookup"] = True
        if self.chance(0.2):
            c["host-reservation-identifiers"] = self.r.sample(
                ["hw-address", "duid", "circuit-id", "client-id"],
                self.r.randrange(1, 5))
        hosts = self.hosts(None, 0)
        if hosts and self.chance(0.4):
            c["reservations"] = hosts
        self.fields(c, 0.3)
        return c

    def expressions(self):
        classes = []
        for code in UNDEFINED[:110]:
            name = "c%d" % code
            c = {"name": name, "test": self.condition(3),
                 "option-data": [{"code": code, "csv-format": False,
                                  "data": "01", "always-send": True}]}
            classes.append(c)
            self.classes.append(name)
        return {"client-classes": classes, "subnet4": [{
            "id": 1, "subnet": "10.1.0.0/16",
            "pools": [{"pool": "10.1.1.0 - 10.1.9.0"}],
            "reservations": [{"hw-address": MACS[1], "hostname": "pc"}]}]}


def generate(seed):
    g = Gen(seed)
    conf = g.expressions() if g.chance(0.35) else g.config()
    return json.dumps({"Dhcp4": conf}, indent=1)


if __name__ == "__main__":
    print(generate(sys.argv[1] if len(sys.argv) > 1 else "0"))
