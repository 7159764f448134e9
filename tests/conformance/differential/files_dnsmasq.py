#!/usr/bin/env python3
"""files_dnsmasq.py - do dnsmasq and predict read the same files?

	files_dnsmasq.py --pxetool FILE --log DIR

Small folders of configurations: which of their files count, and in which
order, shows in the boot file that a machine is given. Exit status as run.py.
"""
import argparse
import os
import sys

import kinds
import lab
import run

NET = "10.1.0.1/16"
RANGE = "dhcp-range=10.1.0.10,10.1.0.250,255.255.0.0\n"
MAC = "52:54:00:aa:00:01"
# What the main file says, after RANGE; and the other files. "@" is the folder.
CASES = [
    ("conf-file=@/a\n", {"a": "dhcp-boot=a"}),
    ("conf-file=@/a\n", {}),
    ("conf-file=@/a\n", {"a": "conf-file=@/a\nconf-file=@/main.conf\n"
                              "dhcp-boot=a"}),
    ("conf-file=@/a\n", {"a": "\nno-such"}),
    ("conf-file=@/a\nconf-file=@/a\ndhcp-boot=b", {"a": "dhcp-boot=a"}),
    ("conf-file=@/*.x\n", {"a.x": "dhcp-boot=a"}),
    ("conf-dir=@/d\n", {"d/20": "dhcp-boot=b", "d/10": "dhcp-boot=a"}),
    ("conf-dir=@/d\n", {"d/9": "dhcp-boot=b", "d/10": "dhcp-boot=a"}),
    ("conf-dir=@/d\n", {"d/B": "dhcp-boot=b", "d/a": "dhcp-boot=a"}),
    ("dhcp-boot=a\nconf-dir=@/d\n", {"d/b~": "dhcp-boot=b",
                                     "d/#c#": "dhcp-boot=c",
                                     "d/.d": "dhcp-boot=d"}),
    ("dhcp-boot=a\nconf-dir=@/d\n", {"d/#c": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,.bak\n", {"d/b.bak": "dhcp-boot=b",
                                          "d/c.conf": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,.bak,.old\n", {"d/b.old": "dhcp-boot=b",
                                               "d/bak": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,*.conf\n", {"d/b.conf": "dhcp-boot=b",
                                            "d/c.txt": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,*.conf,*.txt\n", {"d/c.txt": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,*\n", {"d/c.txt": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,*.conf,.x.conf\n",
     {"d/b.conf": "dhcp-boot=b", "d/c.x.conf": "dhcp-boot=c"}),
    ("dhcp-boot=a\nconf-dir=@/d,*.conf\n", {"d/.conf": "dhcp-boot=b"}),
    ("dhcp-boot=a\nconf-dir=@/d,conf\n", {"d/conf": "dhcp-boot=b"}),
    ("conf-dir=@/d\n", {}),
    ("dhcp-boot=a\nconf-dir=@/d\n", {"d/e/f": "dhcp-boot=b"}),
    ("conf-dir=@/d/\n", {"d/a": "conf-dir=@/e\n", "e/b": "dhcp-boot=b"}),
    ("conf-dir=@/d\ndhcp-boot=z\n", {"d/a": "dhcp-boot=a"}),
    ("dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\n",
     {"h": "# who\n%s,set:x\n" % MAC}),
    ("dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\n",
     {"h": "zz:zz,set:y\n%s,set:x\n" % MAC}),
    ("dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\ndhcp-boot=tag:y,b\n"
     "dhcp-host=%s,set:y\n" % MAC, {"h": "%s,set:x\n" % MAC}),
    ("dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\ndhcp-boot=tag:y,b\n",
     {"h": "%s,set:x\n%s,set:y\n" % (MAC, MAC)}),
    ("dhcp-hostsfile=@/h\ndhcp-boot=tag:x,a\n",
     {"h/1": "%s,set:x\n" % MAC, "h/2~": "%s,set:y\n" % MAC}),
    ("dhcp-hostsfile=@/h\ndhcp-hostsfile=@/i\ndhcp-boot=tag:x,a\n"
     "dhcp-boot=tag:y,b\n", {"h": "%s,set:x\n" % MAC,
                             "i": "%s,set:y\n" % MAC}),
    ("dhcp-boot=a\ndhcp-hostsfile=@/h\n", {}),
    ("dhcp-hostsdir=@/h\ndhcp-boot=tag:x,a\n", {"h/1": "%s,set:x\n" % MAC}),
    ("dhcp-hostsdir=@/h\ndhcp-hostsfile=@/i\ndhcp-boot=tag:x,a\n"
     "dhcp-boot=tag:y,b\n", {"h/1": "%s,set:x\n" % MAC,
                             "i": "%s,set:y\n" % MAC}),
    ("dhcp-optsfile=@/o\n", {"o": "option:bootfile-name,a\n"}),
    ("dhcp-optsfile=@/o\n", {"o": "67,a\n67,b\n"}),
    ("dhcp-optsfile=@/o\ndhcp-option=67,b\n", {"o": "67,a\n"}),
    ("dhcp-optsfile=@/o\ndhcp-optsfile=@/p\n", {"o": "67,a\n",
                                                "p": "67,b\n"}),
    ("dhcp-optsfile=@/o\ndhcp-option=67,b\n", {"o": "bad,,\n\n"}),
    ("dhcp-optsfile=@/o\n", {"o/1": "67,a\n", "o/2": "67,b\n"}),
    ("dhcp-optsdir=@/o\n", {"o/1": "67,a\n"}),
    ("dhcp-optsfile=@/o\n", {}),
    ("dhcp-boot=a\nconf-file=\n", {}),
    ("--dhcp-boot=a\n", {}),
    ("-M a\n", {}),
]


def put(path, text, folder):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii") as out:
        out.write(text.replace("@", folder))


class Plan:
    dialect = "dnsmasq"

    def __init__(self):
        self.nets = [type("Net", (), {"server": NET.split("/", 1)[0]})]


def judge(args, place, number, case):
    """What is wrong with it, or None."""
    folder = os.path.join(args.log, "files-%d" % number)
    path = os.path.join(folder, "main.conf")
    put(path, RANGE + "port=0\n" + case[0], folder)
    for name, text in case[1].items():
        put(os.path.join(folder, name), text, folder)
    rows = [(name, dict(req, mac=MAC)) for name, req in kinds.base_kinds()
            if name in ("rom-bios", "prl-all")]
    said, why = run.predict(args.pxetool, Plan(), path, rows)
    good, complaint = lab.accepted("dnsmasq", path)
    if good != (said is not None):
        return "the server %s, predict says %s" % (
            "takes it" if good else "says " + complaint, why or "nothing")
    if not good:
        return None
    complaint = place.start("dnsmasq", path, NET, [])
    if complaint:
        return None if said is None else "not started: " + complaint
    live = place.ask([req for _, req in rows])
    place.stop()
    place.known = {}
    wrong = [run.differing(l, s, "dnsmasq") for l, s in zip(live, said)]
    return str(wrong) if any(wrong) else None


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ap.add_argument("--pxetool", required=True)
    ap.add_argument("--log", required=True)
    args = ap.parse_args()
    args.dialect = "dnsmasq"
    args.log = os.path.abspath(args.log)
    os.makedirs(args.log, exist_ok=True)
    if not run.works(args):
        return 2
    place, bad = lab.Lab("f%d" % os.getpid()), 0
    for number, case in enumerate(CASES):
        wrong = judge(args, place, number, case)
        if wrong:
            bad += 1
            print("# %d %r\n#   %s" % (number, case, wrong))
    print("# configs %d, disagreeing %d" % (len(CASES), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
