#!/usr/bin/env python3
"""kea_mutate.py - small wrong configurations of Kea, seeded.

Writes COUNT files into DIR, NAME.4.json or NAME.6.json by the server that
they are for. Each begins as one of the good ones below and has one or two
keys taken away, doubled, renamed, or given another value; a few have a
character of the text changed.
"""
import copy
import json
import random
import sys

GOOD4 = {
    "Dhcp4": {
        "valid-lifetime": 3600,
        "renew-timer": 900,
        "rebind-timer": 1800,
        "next-server": "10.0.0.1",
        "match-client-id": True,
        "cache-threshold": 0.25,
        "interfaces-config": {"interfaces": ["*"],
                              "dhcp-socket-type": "raw"},
        "lease-database": {"type": "memfile", "persist": False,
                           "lfc-interval": 3600},
        "control-socket": {"socket-type": "unix", "socket-name": "/x"},
        "multi-threading": {"enable-multi-threading": True,
                            "thread-pool-size": 4},
        "expired-leases-processing": {"max-reclaim-time": 250},
        "host-reservation-identifiers": ["hw-address", "client-id"],
        "dhcp-ddns": {"enable-updates": False, "server-ip": "127.0.0.1",
                      "ncr-protocol": "UDP"},
        "option-def": [
            {"name": "menu", "code": 230, "type": "record",
             "record-types": "uint8, ipv4-address, string"},
            {"name": "inner", "code": 1, "type": "uint16", "space": "own"},
            {"name": "outer", "code": 231, "type": "empty",
             "encapsulate": "own"},
        ],
        "option-data": [
            {"name": "domain-name-servers", "data": "10.0.0.1, 10.0.0.2"},
            {"code": 230, "data": "1, 10.0.0.1, a"},
            {"name": "inner", "space": "own", "data": "258"},
        ],
        "client-classes": [
            {"name": "ipxe", "test": "option[175].exists",
             "boot-file-name": "http://10.0.0.1/a"},
            {"name": "uefi",
             "test": "option[93].hex == 0x0007 and not member('ipxe')",
             "next-server": "10.0.0.2", "server-hostname": "a",
             "option-data": [{"name": "boot-file-name", "data": "a.efi"}]},
            {"name": "late", "only-if-required": True,
             "test": "substring(option[60].hex, 0, 9) == 'PXEClient'",
             "option-def": [{"name": "raw", "code": 224,
                             "type": "binary"}]},
        ],
        "shared-networks": [
            {"name": "wire", "relay": {"ip-addresses": ["10.2.0.1"]},
             "subnet4": [
                 {"id": 20, "subnet": "10.2.0.0/24"},
                 {"id": 21, "subnet": "10.3.0.0/24",
                  "require-client-classes": ["late"]}]},
        ],
        "subnet4": [
            {"id": 5, "subnet": "10.0.0.0/24", "client-class": "uefi",
             "boot-file-name": "b",
             "pools": [{"pool": "10.0.0.10 - 10.0.0.99",
                        "option-data": [{"code": 3, "data": "10.0.0.1"}]},
                       {"pool": "10.0.0.128/25"}],
             "reservations": [
                 {"hw-address": "52:54:00:00:00:01",
                  "ip-address": "10.0.0.5", "hostname": "a"},
                 {"client-id": "01:aa", "boot-file-name": "c",
                  "client-classes": ["mine"]}]},
            {"subnet": "10.4.0.0/16", "user-context": {"a": [1, None]}},
        ],
        "reservations": [{"duid": "01:02", "next-server": "10.0.0.9"}],
        "loggers": [{"name": "kea-dhcp4", "severity": "INFO",
                     "output_options": [{"output": "stdout"}]}],
    }
}
GOOD6 = {
    "Dhcp6": {
        "preferred-lifetime": 3000,
        "valid-lifetime": 4000,
        "interfaces-config": {"interfaces": ["*"]},
        "server-id": {"type": "LL", "htype": 1},
        "mac-sources": ["duid", "any"],
        "option-data": [{"name": "dns-servers", "data": "2001:db8::1"}],
        "client-classes": [
            {"name": "http", "test": "option[61].hex == 0x0010",
             "option-data": [{"name": "bootfile-url",
                              "data": "http://[2001:db8::1]/a.efi"}]}],
        "subnet6": [
            {"id": 1, "subnet": "2001:db8::/64",
             "pools": [{"pool": "2001:db8::10-2001:db8::ff"}],
             "pd-pools": [{"prefix": "2001:db8:8::", "prefix-len": 48,
                           "delegated-len": 64}],
             "reservations": [{"duid": "01:02:03",
                               "ip-addresses": ["2001:db8::5"]}]}],
    }
}
VALUES = [
    -1, 0, 1, 255, 256, 65536, 2 ** 32, 2 ** 64, 0.5, -0.5, True, False,
    None, "", "x", "a b", "*", "10.0.0.1", "10.0.0.0/24", "2001:db8::/64",
    "aa:bb", "member('none')", "option[61].exists", "KNOWN", "DROP", "all",
    "dhcp6", [], {}, ["x"], [1], [{}], "1,2", "uint8", "record", "0102",
]
MARKS = ["{", "}", "[", "]", ",", ":", '"', "\n", "#", "/*", "1", "-", "e",
         "True", ",,", "\\"]


def nodes(o):
    """All (container, key) in o."""
    for k in list(o) if isinstance(o, dict) else range(len(o)):
        yield o, k
        if isinstance(o[k], (dict, list)):
            yield from nodes(o[k])


def mutate(rnd, o, pool):
    c, k = rnd.choice(list(nodes(o)))
    what = rnd.randrange(7)
    if what == 0:
        del c[k]
    elif what == 1 and isinstance(c, list):
        c.insert(k, copy.deepcopy(c[k]))
    elif what == 1:
        c["\0" + k] = copy.deepcopy(c[k])       # the same key once more
    elif what == 2 and isinstance(c, dict):
        key, value = rnd.choice(pool)
        c[key] = copy.deepcopy(value)
    elif what == 3 and isinstance(c, dict):
        c[rnd.choice(pool)[0]] = c.pop(k)
    elif what == 4:
        same = [v for key, v in pool if key == k]
        c[k] = copy.deepcopy(rnd.choice(same or VALUES))
    elif what == 5 and isinstance(c[k], str) and c[k]:
        at = rnd.randrange(len(c[k]))
        c[k] = c[k][:at] + rnd.choice("09aX.,:/- '()[]=") + c[k][at + 1:]
    else:
        c[k] = copy.deepcopy(rnd.choice(VALUES))


def main():
    seed, count, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    rnd = random.Random(seed)
    for i in range(count):
        good, server = rnd.choice([(GOOD4, 4), (GOOD4, 4), (GOOD6, 6)])
        pool = [(k, c[k]) for c, k in nodes(good) if isinstance(c, dict)]
        o = copy.deepcopy(good)
        for _ in range(rnd.choice([0, 1, 1, 1, 2])):
            mutate(rnd, o[f"Dhcp{server}"], pool)
        text = json.dumps(o, indent=1).replace("\\u0000", "")
        if rnd.random() < 0.1:
            at = rnd.randrange(len(text))
            text = text[:at] + rnd.choice(MARKS) + text[at + 1:]
        with open(f"{folder}/{i:04}.{server}.json", "w",
                  encoding="utf-8") as f:
            f.write(text)


main()
