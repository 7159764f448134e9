#!/usr/bin/env python3
"""What clients sent in a capture, read without pxetool.

client_bytes.py dump FILE [MAC]
    A line for each DHCP message to a server (of that machine only) and for
    each TFTP request: its kind, and its bytes in hex, with what changes from run to run as zeros
    (transaction, secs, the values of options 50 and 54, ciaddr).
client_bytes.py strange IN OUT
    The capture with its firmware (whoever sends no user class) made into one
    that nobody knows: other class, other order, other lists, other lengths.
client_bytes.py slow IN OUT
    The capture with all of its times 1.7 times as long.
"""
import struct
import sys

COOKIE = b"\x63\x82\x53\x63"


def frames(path):
    """The records of a classic capture: header and frame."""
    with open(path, "rb") as f:
        data = f.read()
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") \
        else ">"
    at = 24
    while at + 16 <= len(data):
        sec, sub, caplen, length = struct.unpack_from(order + "4I", data, at)
        yield order, sec, sub, length, data[at + 16:at + 16 + caplen]
        at += 16 + caplen


def udp(frame):
    """(offset of the IP header, ports, payload) of a whole datagram."""
    if frame[12:14] != b"\x08\x00" or frame[23] != 17:
        return None
    ip_len = (frame[14] & 15) * 4
    at = 14 + ip_len
    sport, dport, length = struct.unpack_from(">3H", frame, at)
    return sport, dport, frame[at + 8:at + length]


def options(payload):
    """[(code, value)] up to END, and what follows it."""
    at, out = 240, []
    while at < len(payload) and payload[at] != 255:
        if payload[at] == 0:
            at += 1
            continue
        n = payload[at + 1]
        out.append((payload[at], payload[at + 2:at + 2 + n]))
        at += 2 + n
    return out, payload[at + 1:]


def is_request(dport, payload):
    return dport in (67, 4011) and payload[:1] == b"\x01" and \
        payload[236:240] == COOKIE


def dump(path, mac=None):
    for _, _, _, _, frame in frames(path):
        found = udp(frame)
        if not found:
            continue
        _, dport, payload = found
        if is_request(dport, payload):
            if mac and payload[28:34].hex(":") != mac:
                continue
            opts, rest = options(payload)
            kind = {b"\1": "DISCOVER", b"\3": "REQUEST"}.get(
                dict(opts).get(53, b""))
            if not kind:
                continue
            head = payload[:4] + bytes(6) + payload[10:12] + bytes(4) + \
                payload[16:240]
            body = b"".join(bytes([c, len(v)]) +
                            (bytes(len(v)) if c in (50, 54) else v)
                            for c, v in opts)
            print(kind, dport, "ttl", frame[22],
                  (head + body + b"\xff" + rest).hex())
        elif dport == 69 and payload[:2] == b"\0\1":
            print("RRQ", payload.hex())


def stranger(payload):
    opts, _ = options(payload)
    values = dict(opts)
    if 77 in values or 53 not in values or 93 not in values:
        return payload
    values[60] = b"ACMEBoot/2.1"
    values[57] = b"\x05\x14"
    values[55] = bytes(reversed(values[55])) + b"\xe0\xe1"
    values[116] = b"\x01"
    codes = [53, 116] + [c for c, _ in reversed(opts) if c != 53]
    head = payload[:10] + bytes(2) + payload[12:108] + \
        b"want.me".ljust(128, b"\0") + COOKIE
    out = head + b"".join(bytes([c, len(values[c])]) + values[c]
                          for c in codes) + b"\xff"
    return out.ljust(548, b"\0")


def strange(path, to):
    with open(path, "rb") as f:
        head = f.read(24)
    with open(to, "wb") as f:
        f.write(head)
        for order, sec, sub, length, frame in frames(path):
            found = udp(frame)
            if found and length == len(frame):
                _, dport, payload = found
                new = payload
                if is_request(dport, payload):
                    new = stranger(payload)
                elif dport == 69 and b"windowsize" in payload:
                    new = payload[:payload.index(b"octet\0") + 6] + \
                        b"timeout\x003\0blksize\x001000\0"
                if new != payload:
                    n = len(new)
                    frame = frame[:16] + struct.pack(">H", 28 + n) + \
                        frame[18:22] + b"\x63" + frame[23:24] + bytes(2) + \
                        frame[26:38] + struct.pack(">HH", 8 + n, 0) + new
            f.write(struct.pack(order + "4I", sec, sub, len(frame),
                                max(length, len(frame))) + frame)


def slow(path, to):
    first = None
    with open(path, "rb") as f:
        head = f.read(24)
    with open(to, "wb") as f:
        f.write(head)
        for order, sec, sub, length, frame in frames(path):
            now = sec * 1000000 + sub
            first = now if first is None else first
            now = first + (now - first) * 17 // 10
            f.write(struct.pack(order + "4I", now // 1000000, now % 1000000,
                                len(frame), length) + frame)


if sys.argv[1] == "dump":
    dump(*sys.argv[2:])
elif sys.argv[1] == "slow":
    slow(*sys.argv[2:])
else:
    strange(*sys.argv[2:])
