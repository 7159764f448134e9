"""adjust.py - fit a configuration to the lab, and the lab to it

A file from elsewhere names interfaces, users, directories and networks that
the lab does not have. The first three are taken out, line by line so that
the numbers of the others stay; the networks are given to the lab.
"""
import ipaddress
import json
import os
import re

IPV4 = r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"


class Net:
    """A network, where the server and a relay stand in it."""

    def __init__(self, network, taken):
        self.network = network
        free = [a for a in self._some() if not any(
            low <= a <= high for low, high in taken)]
        free += [a for a in self._some() if a not in free]
        self.server = str(free[0])
        self.relay = str(free[1 % len(free)])
        self.machine = str(free[2 % len(free)])

    def _some(self):
        first = int(self.network.network_address)
        last = int(self.network.broadcast_address)
        near = list(range(first + 1, min(first + 300, last)))
        return [ipaddress.IPv4Address(a)
                for a in near + list(range(max(last - 20, first + 1), last))]

    @property
    def with_prefix(self):
        return "%s/%d" % (self.server, self.network.prefixlen)


def address(text):
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        return None


def network(addr, mask):
    try:
        net = ipaddress.IPv4Network("%s/%s" % (addr, mask), strict=False)
    except ValueError:
        return None
    usable = 1 <= net.prefixlen <= 30 and not net.is_loopback and \
        not net.is_multicast and int(net.network_address) >= 1 << 24
    return net if usable else None


def distinct(nets):
    out = []
    for net in nets:
        if net and not any(net.overlaps(o) for o in out):
            out.append(net)
    return out


def macs(text):
    """A few of the MAC addresses that a configuration looks for."""
    found = []
    hexa = r"[0-9a-fA-F]{1,2}"
    for m in re.finditer(r"(?<![\w:])(?:0?1[:-])?((?:%s[:]){5}%s)(?![\w:])" %
                         (hexa, hexa), text):
        found.append(m.group(1))
    for m in re.finditer(r"hardware[^;]{0,20}= *((?:%s:){2}%s)(?![\w:])" %
                         (hexa, hexa), text):
        found.append(m.group(1) + ":00:00:01")
    for m in re.finditer(r"(?<![\w:])((?:%s:)+)((?:[*]:)*[*])" % hexa, text):
        parts = (m.group(1) + m.group(2)).replace("*", "01").split(":")
        if len(parts) == 6:
            found.append(":".join(parts))
    out = []
    for mac in found:
        mac = ":".join("%02x" % int(b, 16) for b in mac.split(":"))
        if mac not in out and not int(mac[:2], 16) & 1:
            out.append(mac)
    return out[:5]


# ---------------------------------------------------------------- dhcpd

ISC_DROP = re.compile(
    r"^\s*(omapi-port|omapi-key|local-address|local-port|remote-port|"
    r"pid-file-name|lease-file-name|log-facility|ping-check|ping-timeout|"
    r"ping-timeout-ms|delayed-ack|max-ack-delay|interface|"
    r"ddns-update-style|dhcpv6-\S+)\b[^{}]*;\s*(#.*)?$")


def isc_text(text):
    out = []
    for line in text.split("\n"):
        out.append("#" + line if ISC_DROP.match(line) else line)
    # On the first line, so that all keep their numbers.
    return "ddns-update-style none; ping-check false; " + "\n".join(out)


def isc_bare(text):
    return re.sub(r"#[^\n]*", "", text)


def isc_nets(text):
    bare = isc_bare(text)
    taken = []
    for m in re.finditer(r"\brange\s+(?:dynamic-bootp\s+)?(%s)(?:\s+(%s))?"
                         % (IPV4, IPV4), bare):
        low = address(m.group(1))
        high = address(m.group(2) or m.group(1))
        if low and high:
            taken.append((min(low, high), max(low, high)))
    for m in re.finditer(r"\b(?:fixed-address|next-server|routers)\s+([^;]*);",
                         bare):
        for word in re.findall(IPV4, m.group(1)):
            if address(word):
                taken.append((address(word), address(word)))
    nets = [network(m.group(1), m.group(2)) for m in re.finditer(
        r"\bsubnet\s+(%s)\s+netmask\s+(%s)" % (IPV4, IPV4), bare)]
    return [Net(n, taken) for n in distinct(nets)]


def isc_room(text):
    """How many machines the smallest range of dynamic addresses holds."""
    sizes = []
    for m in re.finditer(r"\brange\s+(?:dynamic-bootp\s+)?(%s)\s+(%s)"
                         % (IPV4, IPV4), isc_bare(text)):
        low, high = address(m.group(1)), address(m.group(2))
        if low and high:
            sizes.append(int(high) - int(low) + 1)
    return min(sizes, default=1000)


def isc_many_pools(text):
    """Is there a choice of pools, which depends on earlier leases?"""
    bare = isc_bare(text)
    return len(re.findall(r"\brange\b", bare)) > 1 and (
        len(re.findall(r"\bpool\b", bare)) > 1 or "shared-network" in bare)


# ---------------------------------------------------------------- dnsmasq

DNSMASQ_DROP = {
    "interface", "except-interface", "no-dhcp-interface", "listen-address",
    "bind-interfaces", "bind-dynamic", "user", "group", "log-facility",
    "dhcp-leasefile", "dhcp-script", "dhcp-luascript", "pid-file", "port",
    "conf-dir", "conf-file", "dhcp-relay", "enable-dbus", "enable-ubus",
    "no-daemon", "keep-in-foreground", "log-async", "log-queries",
    "dhcp-lease-max", "leasefile-ro", "resolv-file", "servers-file",
    "interface-name", "auth-server", "local-service", "dumpfile", "no-ping",
    "dnssec", "trust-anchor", "conntrack", "server", "dhcp-duid",
}
# What may begin with "/" and is no path of this machine.
DNSMASQ_KEEP = {"dhcp-boot", "pxe-service", "dhcp-option", "pxe-prompt",
                "dhcp-option-force", "dhcp-option-pxe", "address", "local",
                "dhcp-match", "domain"}


def dnsmasq_word(line):
    return line.split("=", 1)[0].split("#")[0].strip().lstrip("-")


def dnsmasq_text(text):
    out = []
    for line in text.split("\n"):
        word = dnsmasq_word(line)
        value = line.split("=", 1)[1].strip() if "=" in line else ""
        path = value.split("#")[0].split(",")[0].strip().strip('"')
        missing = path.startswith("/") and word not in DNSMASQ_KEEP and \
            not os.path.exists(path)
        # The lab has this one, and its name is a tag.
        ours = word == "interface" and path == "eth0"
        out.append("#" + line if (word in DNSMASQ_DROP and not ours) or
                   missing else line)
    # As the lab starts it: without DNS there is more room for the rest.
    return "\n".join(out).rstrip("\n") + "\nport=0\n"


def dnsmasq_nets(text):
    nets, taken = [], []
    for line in text.split("\n"):
        line = line.split("#")[0].strip().lstrip("-")
        if dnsmasq_word(line) != "dhcp-range" or "=" not in line:
            continue
        words = [w.strip() for w in line.split("=", 1)[1].split(",")]
        addrs = [a for a in map(address, words) if a]
        if not addrs:
            continue
        rest = [a for a in addrs[1:] if str(a).startswith("255.")]
        ends = [a for a in addrs[1:2] if not str(a).startswith("255.")]
        if ends:
            taken.append((min(addrs[0], ends[0]), max(addrs[0], ends[0])))
        # Without a netmask it is that of the server's interface.
        bits = (int(addrs[0]) ^ int((ends or addrs)[0])).bit_length()
        nets.append(network(addrs[0], rest[0] if rest else
                            min(24, 32 - bits)))
    return [Net(n, taken) for n in distinct(nets)]


# ---------------------------------------------------------------- Kea

KEA_DROP = ("control-socket", "hooks-libraries", "hosts-database",
            "hosts-databases", "config-control", "dhcp-ddns", "server-tag",
            "multi-threading", "dhcp-queue-control", "sanity-checks")
KEA_LOGGERS = [{"name": "kea-dhcp4", "severity": "INFO",
                "output_options": [{"output": "stdout"}]},
               {"name": "kea-dhcp4.options", "severity": "FATAL",
                "output_options": [{"output": "stdout"}]}]
KEA_SUBNET = {"id": 4000000, "subnet": "10.1.0.0/16",
              "pools": [{"pool": "10.1.0.10 - 10.1.0.250"}]}


def kea_bare(text):
    """Without comments, which may stand anywhere but in strings."""
    def keep(m):
        return m.group(0) if m.group(0).startswith('"') else " "
    return re.sub(r'"(?:[^"\\]|\\.)*"|//[^\n]*|#[^\n]*|/\*.*?\*/', keep, text,
                  flags=re.S)


def kea_read(text):
    """The configuration, or None if it is not JSON but for comments."""
    try:
        conf = json.loads(kea_bare(text))
        return conf if isinstance(conf["Dhcp4"], dict) else None
    except (ValueError, KeyError, TypeError):
        return None


def kea_rows(conf, key):
    rows = conf.get(key)
    return [r for r in rows if isinstance(r, dict)] \
        if isinstance(rows, list) else []


def kea_subnets(dhcp4):
    out = list(kea_rows(dhcp4, "subnet4"))
    for net in kea_rows(dhcp4, "shared-networks"):
        out += kea_rows(net, "subnet4")
    return out


def kea_text(text):
    conf = kea_read(text)
    if conf is None:
        return text                     # the server will not take it either
    dhcp4 = conf["Dhcp4"]
    for key in KEA_DROP:
        dhcp4.pop(key, None)
    dhcp4["interfaces-config"] = {"interfaces": ["eth0"],
                                  "dhcp-socket-type": "raw"}
    dhcp4["lease-database"] = {"type": "memfile", "persist": False}
    dhcp4["loggers"] = KEA_LOGGERS
    if not kea_subnets(dhcp4):
        dhcp4.setdefault("subnet4", [])
        if isinstance(dhcp4["subnet4"], list):
            dhcp4["subnet4"].append(KEA_SUBNET)
    first = None
    for level in kea_subnets(dhcp4) + kea_rows(dhcp4, "shared-networks"):
        level.pop("4o6-interface", None)
        if level.get("interface"):
            first = first or level["interface"]
            if level["interface"] == first:
                level["interface"] = "eth0"
            else:
                del level["interface"]
    return json.dumps({"Dhcp4": dhcp4}, indent=1) + "\n"


def kea_range(pool):
    """The ends of a pool as addresses, or None."""
    words = [w.strip() for w in str(pool.get("pool", "")).split("-")]
    if len(words) == 2 and address(words[0]) and address(words[1]):
        return address(words[0]), address(words[1])
    net = network(*words[0].split("/")) if "/" in words[0] else None
    return (net[0], net[-1]) if net else None


def kea_nets(text):
    conf = kea_read(text)
    nets, taken = [], []
    subnets = kea_subnets(conf["Dhcp4"]) if conf else []
    for net in kea_rows(conf["Dhcp4"], "shared-networks") if conf else []:
        for s in kea_rows(net, "subnet4"):
            s.setdefault("interface", net.get("interface"))
    # The server stands where its interface is said to be.
    subnets.sort(key=lambda s: s.get("interface") != "eth0")
    for s in subnets:
        words = str(s.get("subnet", "")).split("/")
        if len(words) == 2:
            nets.append(network(*words))
        taken += [r for r in map(kea_range, kea_rows(s, "pools")) if r]
        for h in kea_rows(s, "reservations"):
            a = address(str(h.get("ip-address", "")))
            if a:
                taken.append((a, a))
    return [Net(n, taken) for n in distinct(nets)]


def kea_relays(text):
    """Relays that subnets and networks name, beside their own networks."""
    out = []
    conf = kea_read(text)
    levels = kea_subnets(conf["Dhcp4"]) + \
        kea_rows(conf["Dhcp4"], "shared-networks") if conf else []
    for level in levels:
        relay = level.get("relay")
        if isinstance(relay, dict):
            out += [a for a in relay.get("ip-addresses", [])
                    if isinstance(a, str) and address(a) and a not in out]
    return out[:2]


def kea_room(text):
    """How many machines the smallest pool holds."""
    conf = kea_read(text)
    sizes = [int(r[1]) - int(r[0]) + 1
             for s in kea_subnets(conf["Dhcp4"])
             for r in map(kea_range, kea_rows(s, "pools")) if r] \
        if conf else []
    return max(1, min(sizes, default=1000))


def kea_ids(text):
    """Identifiers, other than hardware addresses, that hosts are known by:
    {"61": hex} or {"82": hex}.
    """
    out = []
    conf = kea_read(text)
    levels = [conf["Dhcp4"]] + kea_subnets(conf["Dhcp4"]) if conf else []
    for level in levels:
        for h in kea_rows(level, "reservations"):
            for key in ("client-id", "duid", "circuit-id"):
                row = kea_id(key, h.get(key))
                if row and row not in out:
                    out.append(row)
    return out[:6]


def kea_id(key, value):
    value = value.strip() if isinstance(value, str) else ""
    if value.startswith("'"):
        raw = value.strip("'").encode("latin-1", "replace")
    else:
        digits = value[2:] if value.startswith("0x") else value
        try:
            raw = bytes.fromhex(digits.replace(":", ""))
        except ValueError:
            return None
    if not raw or len(raw) > 200:
        return None
    if key == "circuit-id":
        return {"82": (bytes([1, len(raw)]) + raw).hex()}
    if key == "duid":
        raw = b"\xff\0\0\0\1" + raw
    return {"61": raw.hex()}
