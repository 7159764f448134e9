"""pxe_server.py - a DHCP, proxyDHCP and boot server that says what it is told
to say, where no real one can be brought to say it.

    pxe_server.py [key=value ...]

What an answer holds: yiaddr, siaddr, file, class (60), pxe (43, hex),
opt=CODE:HEX (any option; repeatable), server (54; 10.77.0.1), nofile=1 (the
ACK names no file). no=offer|ack|4011|item leaves such answers out, no=54 that option.
item=TYPE answers requests of that boot server type (43.71), with itemfile.
from=ADDRESS answers those from there. group=ADDRESS joins a multicast group.
delay=SECONDS waits before an offer. nak=1 answers every REQUEST with a NAK.
"""
import socket
import select
import struct
import sys
import time

conf = {"server": "10.77.0.1", "opt": [], "no": []}
for arg in sys.argv[1:]:
    key, value = arg.split("=", 1)
    if isinstance(conf.get(key), list):
        conf[key].append(value)
    else:
        conf[key] = value


def ip(name):
    return socket.inet_aton(conf.get(name, "0.0.0.0"))


def options(msg):
    at, found = 240, {}
    while at + 1 < len(msg) and msg[at] != 255:
        if msg[at] == 0:
            at += 1
            continue
        code, size = msg[at], msg[at + 1]
        found[code] = found.get(code, b"") + msg[at + 2:at + 2 + size]
        at += 2 + size
    return found


def option(code, data):
    return bytes([code, len(data)]) + data


def reply(msg, kind, yiaddr, name, pxe):
    body = (b"\2" + msg[1:8] + b"\0\0" + msg[10:16] + yiaddr + ip("siaddr") +
            bytes(4) + msg[28:44] + bytes(64) +
            name.encode().ljust(128, b"\0")[:128] + msg[236:240])
    body += option(53, bytes([kind]))
    if "54" not in conf["no"]:
        body += option(54, ip("server"))
    if yiaddr != bytes(4):
        body += option(51, struct.pack(">I", 600))
        body += option(1, socket.inet_aton("255.255.255.0"))
    if "class" in conf:
        body += option(60, conf["class"].encode())
    if pxe:
        body += option(43, pxe)
    for text in conf["opt"]:
        code, data = text.split(":", 1)
        body += option(int(code), bytes.fromhex(data))
    return (body + b"\xff").ljust(300, b"\0")


def bind(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
    s.bind(("", port))
    return s


def answer(sock, msg, peer):
    got = options(msg)
    kind = got.get(53, b"\0")[0]
    pxe = bytes.fromhex(conf.get("pxe", ""))
    to = ("255.255.255.255", 68)
    item = got.get(43, b"")
    if item[:1] == b"\x47":
        wanted = int(conf.get("item", "0"), 0)
        if "item" in conf["no"] or struct.unpack(">H", item[2:4])[0] not in (
                wanted, int(conf.get("for", "0"), 0)):
            return
        block = option(71, struct.pack(">HH", wanted, 0)) + b"\xff"
        sock.sendto(reply(msg, 5, bytes(4), conf.get("itemfile", ""), block),
                    peer)
        return
    if sock.getsockname()[1] == 4011:
        if "4011" not in conf["no"]:
            sock.sendto(reply(msg, 5, bytes(4), conf.get("file", ""), pxe),
                        peer)
    elif kind == 1 and "offer" not in conf["no"]:
        time.sleep(float(conf.get("delay", 0)))
        sock.sendto(reply(msg, 2, ip("yiaddr"), conf.get("file", ""), pxe), to)
    elif kind == 3 and "nak" in conf:
        sock.sendto(reply(msg, 6, bytes(4), "", b""), to)
    elif kind == 3 and ip("yiaddr") != bytes(4) and "ack" not in conf["no"]:
        name = "" if "nofile" in conf else conf.get("file", "")
        sock.sendto(reply(msg, 5, ip("yiaddr"), name, pxe), to)


def main():
    socks = [bind(67), bind(4011)]
    if "group" in conf:
        socks[1].setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                            socket.inet_aton(conf["group"]) + ip("server"))
    while True:
        for sock in select.select(socks, [], [])[0]:
            msg, peer = sock.recvfrom(2000)
            if len(msg) >= 240 and msg[0] == 1:
                answer(sock, msg, peer)


main()
