"""adjust.py - fit a configuration to the lab, and the lab to it

A file from elsewhere names interfaces, users, directories and networks that
the lab does not have. The first three are taken out, line by line so that
the numbers of the others stay; the networks are given to the lab.
"""
import ipaddress
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
