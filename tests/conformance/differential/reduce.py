#!/usr/bin/env python3
"""reduce.py - the smallest part of a configuration that shows a disagreement

	reduce.py isc|dnsmasq --pxetool FILE --log DIR CONFIG KIND > small.conf

KIND is a client's name as run.py reports it, in quotes, with "/relay" and
all. Lines and blocks are left out as long as the live server and predict
differ in the same fields.
"""
import argparse
import os
import subprocess
import sys

import lab
import run


class Reducer:
    def __init__(self, args, text):
        self.args = args
        self.lab = lab.Lab("red")
        self.plan = run.Plan(args.dialect, text)
        self.path = os.path.join(args.log, "reduce-%d.conf" % os.getpid())
        rows = dict(row for part in self.plan.rounds() for row in part)
        self.row = (args.kind, rows[args.kind])
        self.fields = None

    def write(self, lines):
        with open(self.path, "w", encoding="latin-1", newline="") as out:
            out.write("\n".join(lines) + "\n")

    def differs(self, lines):
        """{field: (live, predicted)} of this text; empty if it is no good."""
        self.write(lines)
        if not lab.accepted(self.args.dialect, self.path)[0]:
            return {}
        try:
            said, why = run.predict(self.args.pxetool, self.plan, self.path,
                                    [self.row])
        except (RuntimeError, ValueError, subprocess.TimeoutExpired):
            return {"predict": ("takes it", "crashes")}
        if said is None:
            return {"predict": ("takes it", why.split(": ")[-1])}
        net = self.plan.nets[0].with_prefix
        if self.lab.start(self.args.dialect, self.path, net,
                          self.plan.relays()):
            return {}
        self.lab.known = {}
        live = self.lab.ask([self.row[1]], 0.6)[0]
        alive = self.lab.alive()
        self.lab.stop()
        return run.differing(live, said[0], self.args.dialect) if \
            alive else {}

    def still(self, lines):
        diff = self.differs(lines)
        return bool(diff) and bool(set(diff) & self.fields)

    def span(self, lines, at):
        """How many lines belong together from here: a block, or one."""
        depth = 0
        for n, line in enumerate(lines[at:], 1):
            depth += line.count("{") - line.count("}")
            if depth <= 0:
                return n
        return 1

    def shrink(self):
        lines = [l for l in self.plan.text.split("\n")]
        self.fields = set(self.differs(lines))
        if not self.fields:
            sys.exit("no disagreement for '%s'" % self.args.kind)
        changed = True
        while changed:
            changed = False
            size = max(len(lines) // 2, 1)
            while size >= 1:
                at = 0
                while at < len(lines):
                    n = size if size > 1 else self.span(lines, at)
                    fewer = lines[:at] + lines[at + n:]
                    if self.still(fewer):
                        lines, changed = fewer, True
                    else:
                        at += size
                size //= 2
        return lines


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ap.add_argument("dialect", choices=sorted(run.GENERATORS))
    ap.add_argument("config")
    ap.add_argument("kind")
    ap.add_argument("--pxetool", required=True)
    ap.add_argument("--log", required=True)
    args = ap.parse_args()
    os.makedirs(args.log, exist_ok=True)
    reducer = Reducer(args, run.read(args.config))
    lines = reducer.shrink()
    print("\n".join(lines))
    print("# " + repr(reducer.row))
    for field, (live, said) in reducer.differs(lines).items():
        print("# %s: the server %r, predict %r" % (field, live, said))
    os.unlink(reducer.path)


if __name__ == "__main__":
    main()
