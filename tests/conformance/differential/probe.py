#!/usr/bin/env python3
"""probe.py - ask a live DHCP server many questions at once

	probe.py --iface eth0 < requests.jsonl > answers.jsonl

Each line of input is a request as "pxetool predict --requests" takes it:
arch, vendor_class, user_class, mac, uuid, giaddr, circuit_id,
options {"CODE": "HEX"}, prl [CODE, ...] and pxe_port (a REQUEST to port 4011
instead of a DISCOVER). Besides, ciaddr and server_ip, both needed by port
4011 only. Each line of output is the answer to the same line:

	{"answered": true, "type": 2, "yiaddr", "siaddr", "giaddr", "file",
	 "server_name", "options": {"CODE": "HEX"}, "order": [CODE, ...]}

or {"answered": false}. Sends frames through a packet socket, so that the
interface needs no address and any machine or relay can be played: the
server's neighbour table must not insist on ARP (ip link set ... arp off).

How silence is told: a server works through its socket in order. When it
answers a request that it has answered before and that was sent after the
others, those that have no answer by then get none. Until some request was
answered, only the time-out can tell.
"""
import argparse
import json
import select
import socket
import struct
import sys
import time

COOKIE = b"\x63\x82\x53\x63"
SERVER_MAC = "02:00:00:77:00:01"
DISCOVER, OFFER, REQUEST = 1, 2, 3
# In the order of a typical firmware; what is not named comes after.
ORDER = [53, 57, 55, 97, 94, 93, 60, 77, 175, 61, 12, 50, 54]
WINDOW = 64             # what a socket buffer surely holds


def unhex(text):
    return bytes.fromhex(text.replace(":", "").replace(" ", ""))


def uuid_wire(text):
    """Option 97: type 0, the first three fields little-endian."""
    raw = unhex(text.replace("-", ""))
    return b"\0" + raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]


def request_options(req):
    """The options of a request, {code: bytes}."""
    opts = {53: bytes([REQUEST if req.get("pxe_port") else DISCOVER])}
    if "arch" in req:
        opts[93] = struct.pack("!H", req["arch"])
    if "vendor_class" in req:
        opts[60] = req["vendor_class"].encode("latin-1")
    if "user_class" in req:
        opts[77] = req["user_class"].encode("latin-1")
    if "uuid" in req:
        opts[97] = uuid_wire(req["uuid"])
    if "prl" in req:
        opts[55] = bytes(req["prl"])
    if "circuit_id" in req:
        circuit = req["circuit_id"].encode("latin-1")
        opts[82] = bytes([1, len(circuit)]) + circuit
    for code, value in req.get("options", {}).items():
        opts[int(code)] = unhex(value)
    if not opts[53]:                    # no bytes: BOOTP, which has none
        del opts[53]
    return opts


def put_option(code, value):
    """One option; RFC 3396 splits what is too long for one."""
    out = b""
    for at in range(0, max(len(value), 1), 255):
        part = value[at:at + 255]
        out += bytes([code, len(part)]) + part
    return out


def build(req, xid):
    """The DHCP message of a request."""
    mac = unhex(req.get("mac", "52:54:00:aa:bb:01"))
    giaddr = socket.inet_aton(req.get("giaddr", "0.0.0.0"))
    ciaddr = socket.inet_aton(req.get("ciaddr", "0.0.0.0"))
    flags = 0 if "ciaddr" in req else 0x8000
    opts = request_options(req)
    rank = {code: i for i, code in enumerate(ORDER)}
    rank[82] = 1000                     # the relay's comes last
    codes = sorted(opts, key=lambda c: (rank.get(c, 999), c))
    msg = struct.pack("!BBBBIHH", 1, 1, 6, 1 if any(giaddr) else 0, xid, 4,
                      flags)
    msg += ciaddr + bytes(8) + giaddr + mac.ljust(16, b"\0")
    msg += bytes(64) + bytes(128) + COOKIE
    msg += b"".join(put_option(c, opts[c]) for c in codes) + b"\xff"
    return mac, msg.ljust(300, b"\0")


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff


def frame(req, xid, server_mac):
    """The Ethernet frame of a request."""
    mac, msg = build(req, xid)
    src, dst, sport, dport = "0.0.0.0", "255.255.255.255", 68, 67
    to = b"\xff" * 6
    if "giaddr" in req:
        src, sport = req["giaddr"], 67
    if req.get("pxe_port"):
        src, dst, dport = req["ciaddr"], req["server_ip"], 4011
        to = unhex(server_mac)
    udp = struct.pack("!HHHH", sport, dport, 8 + len(msg), 0) + msg
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17,
                       0, socket.inet_aton(src), socket.inet_aton(dst))
    head = head[:10] + struct.pack("!H", checksum(head)) + head[12:]
    return to + mac + b"\x08\x00" + head + udp


def gather(area, found, order):
    """Collect the options of one area; parts of one option are joined."""
    at = 0
    while at < len(area) and area[at] != 255:
        code = area[at]
        if code == 0:
            at += 1
            continue
        if at + 1 >= len(area):
            break
        size = area[at + 1]
        if code not in found:
            order.append(code)
        found[code] = found.get(code, b"") + area[at + 2:at + 2 + size]
        at += 2 + size


def text(field):
    return field.split(b"\0", 1)[0].decode("latin-1")


def decode(msg):
    """What a server's message says."""
    found, order = {}, []
    if msg[236:240] == COOKIE:          # BOOTP can do without
        gather(msg[240:], found, order)
    overload = found.get(52, b"\0")[0]
    if overload & 1:
        gather(msg[108:236], found, order)
    if overload & 2:
        gather(msg[44:108], found, order)
    addr = [socket.inet_ntoa(msg[at:at + 4]) for at in (16, 20, 24)]
    return {
        "answered": True,
        "type": found.get(53, b"\0")[0],
        "yiaddr": addr[0], "siaddr": addr[1], "giaddr": addr[2],
        "file": "" if overload & 1 else text(msg[108:236]),
        "server_name": "" if overload & 2 else text(msg[44:108]),
        "options": {str(c): found[c].hex() for c in order},
        "order": order,
    }


def reply_of(data):
    """(xid, message) of a server's frame; None for anything else."""
    if data[12:14] != b"\x08\x00" or len(data) < 14 + 20 + 8 + 240:
        return None
    size = (data[14] & 15) * 4
    if data[23] != 17:
        return None
    udp = data[14 + size:]
    sport, _, length = struct.unpack("!HHH", udp[:6])
    msg = udp[8:length]
    if sport not in (67, 4011) or len(msg) < 240 or msg[0] != 2:
        return None
    return struct.unpack("!I", msg[4:8])[0], msg


class Prober:
    def __init__(self, iface, server_mac=SERVER_MAC, seed=0x50580000):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                  socket.htons(0x0800))
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.sock.bind((iface, 0x0800))
        self.server_mac = server_mac
        self.xid = seed

    def close(self):
        self.sock.close()

    def send(self, req):
        self.xid += 1
        self.sock.send(frame(req, self.xid, self.server_mac))
        return self.xid

    def ask(self, requests, timeout=1.0, known=None):
        """Answers in the order of the requests; None is silence.

        known: {pxe_port: a request that this server has answered before};
        kept up to date.
        """
        known = {} if known is None else known
        answers = [None] * len(requests)
        order = sorted(range(len(requests)),
                       key=lambda i: bool(requests[i].get("pxe_port")))
        while order:
            port = bool(requests[order[0]].get("pxe_port"))
            batch = [i for i in order[:WINDOW]
                     if bool(requests[i].get("pxe_port")) == port]
            order = order[len(batch):]
            self._batch(requests, batch, answers, timeout, known, port)
            if port not in known:
                timeout = max(timeout / 2, 0.2)         # a silent server
        return answers

    def _batch(self, requests, batch, answers, timeout, known, port):
        waiting = {self.send(requests[i]): i for i in batch}
        fence = self.send(known[port]) if port in known else None
        end = time.monotonic() + timeout
        while waiting:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.sock], [], [], left)[0]:
                return
            data, where = self.sock.recvfrom(4096)
            if where[2] == socket.PACKET_OUTGOING:
                continue
            reply = reply_of(data)
            if not reply:
                continue
            if reply[0] == fence:
                return
            at = waiting.pop(reply[0], None)
            if at is None:
                continue
            answers[at] = decode(reply[1])
            end = time.monotonic() + timeout
            known.setdefault(port, requests[at])
            if fence is None and waiting:
                fence = self.send(known[port])


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ap.add_argument("--iface", default="eth0")
    ap.add_argument("--server-mac", default=SERVER_MAC)
    ap.add_argument("--timeout", type=float, default=1.0,
                    help="seconds without an answer that are silence")
    args = ap.parse_args()
    prober = Prober(args.iface, args.server_mac)
    requests = [json.loads(line) for line in sys.stdin if line.strip()]
    for answer in prober.ask(requests, args.timeout):
        print(json.dumps(answer or {"answered": False}))


if __name__ == "__main__":
    main()
