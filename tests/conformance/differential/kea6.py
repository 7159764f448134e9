#!/usr/bin/env python3
"""kea6.py - do a live kea-dhcp6 and "pxetool predict" say the same?

	kea6.py --pxetool FILE --log DIR [--seed N] [--count N]

Runs in the lab of lib.sh: the server in the namespace srv, this in cli. Each
random configuration is asked by every kind of client, from its own link and
through a relay; the boot options and whether there is an address are
compared. The last line counts. Exit status: 0 if all agree; 1.
"""
import argparse
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time

COMPARED = (16, 17, 23, 24, 59, 60)
MAC = "02:00:00:77:00:%02x"
START_S = 20
TRIES = 3
NETS = ("2001:db8:0:1", "2001:db8:0:2", "2001:db8:0:3")

TESTS = (
    "option[61].hex == 0x0007", "option[61].hex == 0x0010",
    "option[61].exists", "not option[61].exists",
    "substring(option[15].hex,2,4) == 'iPXE'", "option[15].exists",
    "substring(vendor-class[343].data,0,10) == 'HTTPClient'",
    "vendor-class[343].exists", "vendor-class[*].data == 'odd'",
    "substring(option[16].hex,6,9) == 'PXEClient'",
    "vendor-class.enterprise == 343", "substring(option[1].hex,0,2) == 0x0003",
    "option[1].hex == 0x00030001020000770001", "member('KNOWN')",
    "hexstring(option[61].hex,':') == '00:07'", "member('UNKNOWN')",
    "substring(option[61].hex,1,1) == 0x0b",
)


def option(rand):
    """One piece of option-data."""
    kind = rand.choice((59, 59, 59, 60, 16, 23, 24))
    data = {
        59: lambda: {"name": "bootfile-url", "data": "%s://[2001:db8::%d]/%s" % (
            rand.choice(("tftp", "http")), rand.randint(1, 9),
            rand.choice(("a.efi", "b.ipxe", "c d")))},
        60: lambda: {"name": "bootfile-param", "data": rand.choice(
            ("one", "one,two", "root=/dev/nfs,quiet"))},
        16: lambda: {"name": "vendor-class", "csv-format": False,
                     "data": "00000157000a48545450436c69656e74"},
        23: lambda: {"name": "dns-servers", "data": "2001:db8::%d" %
                     rand.randint(1, 9)},
        24: lambda: {"name": "domain-search", "data": "lab.example"},
    }[kind]()
    if rand.random() < 0.2:
        data["always-send"] = True
    return data


def level(rand, most=2):
    """Options of a level; or nothing."""
    n = rand.randint(0, most)
    return {"option-data": [option(rand) for _ in range(n)]} if n else {}


def generate(rand):
    """A configuration of kea-dhcp6."""
    classes, names = [], []
    for i in range(rand.randint(1, 6)):
        one = {"name": "c%d" % i, "test": rand.choice(TESTS)}
        if names and rand.random() < 0.4:
            one["test"] = "(%s) %s member('%s')" % (
                one["test"], rand.choice(("and", "or", "and not")),
                rand.choice(names))
        if rand.random() < 0.2:
            one["only-if-required"] = True
        one.update(level(rand))
        classes.append(one)
        names.append(one["name"])
    if rand.random() < 0.3:
        classes.append(dict(name="VENDOR_CLASS_odd", **level(rand)))
    subnets = []
    for i, net in enumerate(NETS):
        pool = {"pool": "%s::1000-%s::1fff" % (net, net)}
        if rand.random() < 0.3:
            pool["client-class"] = rand.choice(names)
        if rand.random() < 0.3:
            pool["require-client-classes"] = [rand.choice(names)]
        pool.update(level(rand, 1))
        subnet = {"id": i + 1, "subnet": net + "::/64", "pools": [pool]}
        if i == 0:
            subnet["interface"] = "eth0"
        if rand.random() < 0.2:
            subnet["client-class"] = rand.choice(names)
        if rand.random() < 0.3:
            subnet["require-client-classes"] = [rand.choice(names)]
        if rand.random() < 0.5:
            host = {"hw-address": MAC % rand.randint(1, 3)}
            if rand.random() < 0.4:
                host = {"duid": "00:03:00:01:" + MAC % rand.randint(1, 3)}
            host["hostname"] = "h"
            if rand.random() < 0.4:
                host["client-classes"] = [rand.choice(names)]
            host.update(level(rand))
            subnet["reservations"] = [host]
        subnet.update(level(rand))
        subnets.append(subnet)
    top = {"interfaces-config": {"interfaces": ["eth0"]},
           "lease-database": {"type": "memfile", "persist": False},
           "server-id": {"type": "EN", "enterprise-id": 1,
                         "identifier": "0a", "persist": False},
           "client-classes": classes, "subnet6": subnets}
    if rand.random() < 0.4:
        top["shared-networks"] = [dict(
            name="n", subnet6=[subnets.pop()], **level(rand))]
    top.update(level(rand))
    return {"Dhcp6": top}


def text(value):
    """A string with its length."""
    return struct.pack("!H", len(value)) + value


def kinds():
    """Names, and the options that make them."""
    rows = []
    for arch in (None, 6, 7, 11, 16):
        for user in (None, b"iPXE"):
            for vendor in (None, "PXE", b"odd"):
                opts = {}
                if arch is not None:
                    opts[61] = struct.pack("!H", arch)
                if user:
                    opts[15] = text(user)
                if vendor == "PXE":
                    opts[16] = struct.pack("!I", 343) + text(
                        b"%s:Arch:%05d:UNDI:003016" % (
                            b"HTTPClient" if arch == 16 else b"PXEClient",
                            arch or 0))
                elif vendor:
                    opts[16] = struct.pack("!I", 9) + text(vendor)
                rows.append(opts)
    asked = []
    for i, opts in enumerate(rows):
        opts[6] = struct.pack("!6H", 59, 60, 16, 17, 23, 24)
        if i % 7 == 6:
            opts[6] = struct.pack("!H", 59)
        for link in (None, NETS[1 + i % 2]):
            asked.append(({**opts}, MAC % (i % 4 + 1), link))
    return asked


def pack(options):
    """Options as bytes."""
    return b"".join(struct.pack("!HH", code, len(data)) + data
                    for code, data in sorted(options.items()))


def unpack(data):
    """The first of each option."""
    options = {}
    while len(data) >= 4:
        code, size = struct.unpack("!HH", data[:4])
        options.setdefault(code, data[4:4 + size])
        data = data[4 + size:]
    return options


class Client:
    """A socket that is a client's and a relay's, in turn."""

    def __init__(self):
        index = socket.if_nametoindex("eth0")
        self.to = ("ff02::1:2", 547, 0, index)
        self.sockets = {}
        for port in (546, 547):
            sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF,
                            index)
            sock.bind(("fe80::99", port, 0, index))
            sock.settimeout(1.5)
            self.sockets[port] = sock
        self.xid = 0

    def ask(self, options, mac, link):
        """Options of the answer, or None."""
        self.xid += 1
        duid = b"\0\3\0\1" + bytes.fromhex(mac.replace(":", ""))
        inner = struct.pack("!I", 1 << 24 | self.xid) + pack({
            **options, 1: duid, 3: struct.pack("!III", self.xid, 0, 0)})
        port, message = 546, inner
        if link:
            port = 547
            message = (b"\x0c\0" + socket.inet_pton(socket.AF_INET6,
                       link + "::1") + socket.inet_pton(
                           socket.AF_INET6, "fe80::99") + pack({9: inner}))
        sock = self.sockets[port]
        for _ in range(TRIES):
            sock.sendto(message, self.to)
            end = time.monotonic() + 1.5
            while time.monotonic() < end:
                try:
                    data = sock.recv(65535)
                except socket.timeout:
                    break
                if link:
                    data = unpack(data[34:]).get(9, b"")
                if data[1:4] == inner[1:4]:
                    return unpack(data[4:])
        return None


def seen(options):
    """What is compared of a live answer."""
    if options is None:
        return None
    ia = unpack(options.get(3, b"\0" * 12)[12:])
    return dict({str(c): options[c].hex() for c in COMPARED if c in options},
                address=5 in ia)


def told(answer):
    """The same of predict's."""
    if not answer["answered"]:
        return None
    return dict({c: o["hex"] for c, o in answer["options"].items()
                 if int(c) in COMPARED}, address=answer["has_address"])


def predict(args, path, asked):
    """An answer for each."""
    lines = []
    for options, mac, link in asked:
        line = {"mac": mac, "option": {str(c): v.hex()
                                       for c, v in options.items()}}
        if link:
            line["giaddr"] = link + "::1"
        lines.append(json.dumps(line))
    done = subprocess.run(
        [args.pxetool, "predict", "--format=json", "--dialect=kea",
         "--requests", "-", path], input="\n".join(lines),
        capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr.strip()
    return [told(json.loads(line)) for line in done.stdout.splitlines()]


def start(path, directory):
    """The server, or what it said."""
    log = os.path.join(directory, "log")
    words = ["nsenter", "--net=/run/netns/srv", "--", "env",
             "KEA_LOCKFILE_DIR=none", "KEA_PIDFILE_DIR=" + directory]
    if os.environ.get("SHIM"):
        words.append("LD_PRELOAD=" + os.environ["SHIM"])
    with open(log, "wb") as out:
        # pylint: disable=consider-using-with
        proc = subprocess.Popen(words + [os.environ["KEA6"], "-c", path],
                                stdin=subprocess.DEVNULL, stdout=out,
                                stderr=out)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        with open(log, encoding="utf-8", errors="replace") as text_of:
            said = text_of.read()
        if "DHCP6_STARTED" in said:
            return proc
        if proc.poll() is not None:
            return said.strip()[-400:]
        time.sleep(0.02)
    proc.kill()
    return "did not start in time"


def main():
    """See above."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pxetool", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    args = parser.parse_args()
    asked, client = kinds(), Client()
    count = {"configs": 0, "pairs": 0, "agreed": 0, "disagreeing": 0,
             "not_started": 0, "kinds": len(asked)}
    for i in range(args.count):
        rand = random.Random("%d-%d" % (args.seed, i))
        path = os.path.join(args.log, "kea6-%d-%d.json" % (args.seed, i))
        with open(path, "w", encoding="utf-8") as out:
            json.dump(generate(rand), out, indent=1)
        count["configs"] += 1
        server = start(path, args.log)
        if isinstance(server, str):
            print("%s: %s" % (path, server))
            count["not_started"] += 1
            continue
        ours = predict(args, path, asked)
        bad = 0
        for question, want in zip(asked, ours if isinstance(ours, list) else
                                  [ours] * len(asked)):
            live = seen(client.ask(*question))
            count["pairs"] += 1
            count["agreed"] += live == want
            bad += live != want
            if live != want and bad <= 3:
                print("%s: %r\n  the server %r\n  predict    %r" % (
                    path, question, live, want))
        count["disagreeing"] += bad > 0
        server.terminate()
        server.wait()
        if not bad:
            os.unlink(path)
    with open(os.path.join(args.log, "count.json"), "w",
              encoding="ascii") as out:
        json.dump(count, out)
    print("# " + ", ".join("%s %d" % row for row in count.items()))
    return count["agreed"] != count["pairs"] or count["not_started"] > 0


sys.exit(main())
