#!/usr/bin/env python3
"""Does anything of whom a capture is of survive in the anonymized one?

    anonymize_check.py PXETOOL ORIGINAL ANONYMIZED

Collects the addresses, UUIDs and names of the original from what decode says
of it, and looks for them: in what decode says of the other, and in its bytes,
as text and in binary. Prints what it finds.
"""
import ipaddress
import json
import re
import subprocess
import sys
import uuid

MAC = re.compile(r"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$")
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def decode(pxetool, path):
    out = subprocess.run([pxetool, "decode", "-a", "--format=json", path],
                         check=True, capture_output=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def strings(value):
    if isinstance(value, dict):
        for v in value.values():
            yield from strings(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif isinstance(value, str):
        yield value


def tells(ip):
    """Is this anybody's address?"""
    if ip.version == 6:
        return not (ip.is_multicast or ip.is_unspecified or ip.is_loopback)
    return not (ip.is_multicast or ip.is_loopback or ip.is_link_local or
                ip in ipaddress.ip_network("0.0.0.0/8") or
                int(ip) >> 28 == 15)


def collect(packets):
    macs, ips, uuids, names = set(), set(), set(), set()
    for p in packets:
        for s in strings(p):
            if MAC.match(s):
                if not int(s[:2], 16) & 1 and s != "00:00:00:00:00:00":
                    macs.add(s)
                continue
            for u in UUID.findall(s):
                if u.strip("0-") and u.strip("f-"):
                    uuids.add(u)
            for word in re.split(r"[^0-9a-fA-F.:]+", s):
                try:
                    ip = ipaddress.ip_address(word.strip("."))
                except ValueError:
                    continue
                if tells(ip):
                    ips.add(ip)
        if p["proto"] == "dns":
            names |= {q["name"] for q in p.get("questions", [])
                      if re.search("[a-z]{3}", q.get("name", ""))}
        for o in p.get("options", []) if p["proto"] == "dhcp4" else []:
            if o["code"] in (12, 15) and \
                    re.search("[A-Za-z]{3}", o.get("text", "")):
                names.add(o["text"])
    return macs, ips, uuids, names


def main():
    pxetool, original, changed = sys.argv[1:]
    macs, ips, uuids, names = collect(decode(pxetool, original))
    after = decode(pxetool, changed)
    macs2, ips2, uuids2, _ = collect(after)
    data = open(changed, "rb").read()
    lower = data.lower()
    bad = []

    bad += ["MAC address %s" % m for m in macs & macs2]
    bad += ["UUID %s" % u for u in uuids & uuids2]
    bad += ["address %s" % i for i in ips & ips2]
    for m in macs:
        raw = bytes.fromhex(m.replace(":", ""))
        for form in (raw, m.encode(), m.replace(":", "-").encode(),
                     m.replace(":", "").encode()):
            if form in (data if form == raw else lower):
                bad.append("MAC address %s as %r" % (m, form))
    for i in ips:
        if i.version == 4 and re.search(
                rb"(?<![0-9.])" + re.escape(str(i).encode()) +
                rb"(?![0-9]|\.[0-9])", data):
            bad.append("address %s in text" % i)
        if i.version == 6 and i.packed in data:
            bad.append("address %s in binary" % i)
    for u in uuids:
        v = uuid.UUID(u)
        for form in (v.bytes, v.bytes_le, u.encode(), v.hex.encode()):
            if form in (data if len(form) == 16 else lower):
                bad.append("UUID %s as %r" % (u, form))
    for n in names:
        if n.encode() in data:
            bad.append("name %s" % n)
    if not macs:                # spanning tree alone has no IP address
        bad.append("nothing was looked for")
    print("\n".join(bad[:20]))
    sys.exit(1 if bad else 0)


main()
