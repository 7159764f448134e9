#!/usr/bin/env python3
"""run.py - do the live server and "pxetool predict" say the same?

	run.py isc|dnsmasq|kea --pxetool FILE --log DIR [--seed N] [--count N]
	    [--corpus DIR] [--workers N] [CONFIG...]

Each configuration, generated, from the corpus or named, is given to the real
server in a network namespace and to predict. Both are asked for every kind
of client (kinds.py) on each of its networks. What the server refuses, predict
must refuse. dhcpd is also sent what accepts its offers (SELECTING, and then
INIT-REBOOT, on port 67, directly and by a relay) and BOOTP requests. INFORM
is not asked: the network it comes from is that of its ciaddr, which predict
is not told. Disagreements are written to DIR, each as the configuration, the
request and both answers; a configuration of which lint says that something
in it is not modelled is excused. The last line counts. Exit status: 0 if
there is no disagreement; 1; 2 if nothing could be done.
"""
import argparse
import glob
import json
import os
import subprocess
import sys
import traceback

import adjust
import gen_dnsmasq
import gen_isc
import gen_kea
import kinds
import lab

GENERATORS = {"isc": gen_isc.generate, "dnsmasq": gen_dnsmasq.generate,
              "kea": gen_kea.generate}
OPTIONS = ("43", "60", "66", "67", "17", "150", "175")
# Kea's are all compared but times and the names that it makes up itself.
KEA_APART = ("12", "51", "58", "59", "81")
# What predict is not told: it needs no address to answer.
OURS = ("ciaddr", "server_ip", "before")
RELAYED_NETS = 2
NOWHERE = "192.0.2.1"   # a relay of a network that no configuration has
ROUNDS_MAX = 60         # servers started for one configuration
AGAIN = 12              # disagreements asked once more, alone
SHOWN = 5               # disagreements written in full, per configuration
COUNTS = ("configs", "not_started", "server_died", "pairs", "agreed",
          "refused_both", "refused_one", "excused", "excused_pairs",
          "disagreeing", "broken")
ADDED = {"isc": "subnet 10.1.0.0 netmask 255.255.0.0 "
         "{ range 10.1.0.10 10.1.0.250; }\n",
         "dnsmasq": "dhcp-range=10.1.0.10,10.1.0.250,255.255.0.0\n",
         "kea": '{ "Dhcp4": { "subnet4": [ { "subnet": "10.1.0.0/16" } ] } }'}


class Plan:
    """A configuration fitted to the lab, and the questions to ask of it."""

    def __init__(self, dialect, text):
        fit = getattr(adjust, dialect + "_text")
        find = getattr(adjust, dialect + "_nets")
        self.dialect = dialect
        self.text = fit(text)
        self.nets = find(self.text)
        if not self.nets and dialect == "kea":
            self.nets = find(ADDED[dialect])
        if not self.nets:
            self.text = self.text.rstrip("\n") + "\n" + ADDED[dialect]
            self.nets = find(self.text)

    def rounds(self):
        """Lists of (name, request); between them the server is new."""
        local, others = self.nets[0], self.nets[1:1 + RELAYED_NETS]
        if self.dialect == "kea":
            return self.kea_rounds(local, others)
        isc = self.dialect == "isc"
        room = adjust.isc_room(self.text) if isc else 1000
        choice = isc and adjust.isc_many_pools(self.text)
        rows = kinds.kinds(adjust.macs(self.text), room < 150 and not choice)
        asked = list(rows)
        for net in others or [local]:
            asked += kinds.relayed(rows, net.relay)
        if isc:
            asked += kinds.bootp(rows)
        else:
            asked += kinds.relayed(rows[:8], NOWHERE)
            asked += kinds.bootp(rows)
            asked += kinds.selecting(rows, local.network, local.server)
            asked += kinds.on_pxe_port(rows, local.machine, local.server)
        return by_mac(asked, room)[:ROUNDS_MAX] if choice else [asked]

    def kea_rounds(self, local, others):
        """A new server for each network, because the last one used is
        preferred; and before a pool is used up, because the next one is
        then taken even if nobody has a lease.
        """
        base = kinds.kinds(adjust.macs(self.text))
        x64 = dict(kinds.base_kinds())["uefi-7"]
        rows = base + [(name, dict(req, mac=kinds.mac_of(400 + i)))
                       for i, (name, req) in enumerate(kinds.for_kea())]
        rows += [("known-%d" % i, dict(kinds.with_options(x64, **{
            "o" + k: v for k, v in ids.items()}), mac=kinds.mac_of(500 + i)))
                 for i, ids in enumerate(adjust.kea_ids(self.text))]
        relays = adjust.kea_relays(self.text) + \
            [n.relay for n in others or [local]]
        # What stands behind an option that is cut is lost to Kea, and the
        # relay's option does or does not.
        behind = [row for row in rows if row[0] != "vendor-cut"]
        parts = [rows] + [kinds.relayed(behind, a)
                          for a in relays[:RELAYED_NETS + 1]]
        room = min(adjust.kea_room(self.text), 200)
        out = [part[at:at + room] for part in parts
               for at in range(0, len(part), room)]
        return out[:ROUNDS_MAX]

    def relays(self):
        out = [n.relay for n in self.nets]
        return out + adjust.kea_relays(self.text) if self.dialect == "kea" \
            else out


def by_mac(rows, room):
    """So that no machine asks twice: it would find its old lease; and that
    no range is used up.
    """
    out = []
    for name, req in rows:
        for part in out:
            if len(part) < room and req["mac"] not in part:
                break
        else:
            part = {}
            out.append(part)
        part[req["mac"]] = (name, req)
    return [list(part.values()) for part in out]


def predict(pxetool, plan, path, rows):
    """(answers, None), or (None, why there are none)"""
    questions = path + ".requests"
    with open(questions, "w", encoding="ascii") as out:
        for _, req in rows:
            print(json.dumps({k: v for k, v in req.items() if k not in OURS}),
                  file=out)
    words = [pxetool, "predict", "--format=json", "--dialect", plan.dialect,
             "--server-ip", plan.nets[0].server, "--requests", questions, path]
    done = subprocess.run(words, stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          timeout=120)
    if done.returncode == 2:
        return None, done.stderr.strip()
    if done.returncode not in (0, 1):
        raise RuntimeError("predict ended with %d: %s" % (done.returncode,
                                                         done.stderr))
    answers = [json.loads(l) for l in done.stdout.splitlines() if l.strip()]
    if len(answers) != len(rows):
        raise RuntimeError("predict gave %d answers to %d requests" % (
            len(answers), len(rows)))
    return answers, None


def works(args):
    """Can predict answer at all? Else it would seem to refuse everything."""
    path = os.path.join(args.log, "works.conf")
    with open(path, "w", encoding="ascii") as out:
        out.write(ADDED[args.dialect])
    plan = Plan(args.dialect, ADDED[args.dialect])
    answers, why = predict(args.pxetool, plan, path,
                           list(kinds.base_kinds()[:1]))
    if answers is None:
        print("# predict does not work: " + why)
    return answers is not None


def text_of(answer, name):
    """A field of predict's, which is hex if it is not text."""
    if name + "_hex" in answer:
        return bytes.fromhex(answer[name + "_hex"]).decode("latin-1")
    return answer.get(name) or ""


def codes(dialect, live, said):
    """The options to be compared."""
    if dialect != "kea":
        return OPTIONS
    both_sides = set(live["options"]) | set(said.get("options", {}))
    return sorted(both_sides - set(KEA_APART), key=int)


def both(live, said, dialect):
    """The two answers in one form: {field: (live, predicted)}."""
    rows = {"answered": (live is not None, said["answered"])}
    if live is None or not said["answered"]:
        return rows
    nak = said.get("options", {}).get("53", {}).get("hex") == "06"
    rows["nak"] = (live["type"] == 6, nak)
    rows["siaddr"] = (live["siaddr"], said.get("next_server") or "0.0.0.0")
    rows["file"] = (live["file"], text_of(said, "file"))
    rows["sname"] = (live["server_name"], text_of(said, "server_name"))
    theirs = said.get("options", {})
    for code in codes(dialect, live, said):
        rows["option " + code] = (live["options"].get(code),
                                  theirs.get(code, {}).get("hex"))
    return rows


def differing(live, said, dialect):
    return {k: v for k, v in both(live, said, dialect).items()
            if v[0] != v[1]}


class Judge:
    """One configuration after the other, in one lab."""

    def __init__(self, args, number):
        self.args = args
        self.lab = lab.Lab("d%d-%d" % (os.getpid(), number))
        self.count = dict.fromkeys(COUNTS, 0)

    def lint(self, path):
        """What lint says, as JSON, or nothing."""
        done = subprocess.run(
            [self.args.pxetool, "lint", "--format=json", "--dialect",
             self.args.dialect, path], stdout=subprocess.PIPE, check=False,
            stderr=subprocess.DEVNULL, text=True, errors="replace",
            timeout=120)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {}

    def excuse(self, path):
        """What lint says that it does not model, or nothing."""
        return self.lint(path).get("proof", {}).get("not_modelled")

    def is_of_other_release(self, path):
        """Then lint says that it is refused, and goes on all the same."""
        return any(f["fault"] == "config-rejected"
                   for f in self.lint(path).get("findings", []))

    def write(self, name, lines):
        path = os.path.join(self.args.log, name + ".txt")
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        for line in lines[:12]:
            print("#   " + line[:300])

    def refused(self, name, plan, path, complaint):
        answers, why = predict(self.args.pxetool, plan, path, [])
        if answers is None or (plan.dialect == "kea" and
                               self.is_of_other_release(path)):
            self.count["refused_both"] += 1
            return
        self.count["refused_one"] += 1
        self.write(name, [path, "the server refuses it: " + complaint,
                          "predict does not"])

    def live(self, plan, path, rounds):
        """The server's answers, or why there are none."""
        answers = []
        self.lab.known = {}
        for rows in rounds:
            why = self.lab.start(plan.dialect, path, plan.nets[0].with_prefix,
                                 plan.relays())
            if why:
                return None, why
            answers += self.lab.ask([req for _, req in rows])
            if plan.dialect == "isc":
                more = kinds.accepting(rows, answers[-len(rows):])
                rows += more
                answers += self.lab.ask([req for _, req in more])
            if not self.lab.alive():
                return None, self.lab.said() + lab.DIED + \
                    str(self.lab.proc.poll())
            self.lab.stop()
        return answers, None

    def again(self, plan, path, req):
        """One question once more, with more patience."""
        if self.lab.start(plan.dialect, path, plan.nets[0].with_prefix,
                          plan.relays()):
            return None
        if "before" in req:
            self.lab.ask([req["before"]], 2.0)
        answer = self.lab.ask([req], 2.0)[0]
        self.lab.stop()
        return answer

    def compare(self, name, plan, path, rounds, answers):
        rows = [row for part in rounds for row in part]
        said, why = predict(self.args.pxetool, plan, path, rows)
        if said is None:
            self.count["refused_one"] += 1
            self.write(name, [path, "the server takes it",
                              "predict does not: " + why])
            return
        wrong = []
        for (kind, req), ours, live in zip(rows, said, answers):
            diff = differing(live, ours, plan.dialect)
            if diff and len(wrong) < AGAIN:
                live = self.again(plan, path, req)
                diff = differing(live, ours, plan.dialect)
            if diff:
                wrong.append((kind, req, diff, ours))
        if wrong and self.args.excuse:
            gaps = self.excuse(path)
            if gaps:
                self.count["excused"] += 1
                self.count["excused_pairs"] += len(rows)
                return
        self.count["pairs"] += len(rows)
        self.count["agreed"] += len(rows) - len(wrong)
        if wrong:
            self.count["disagreeing"] += 1
            self.report(name, plan, path, wrong)

    def report(self, name, plan, path, wrong):
        lines = [path, "server on %s, %d disagreements" % (
            plan.nets[0].with_prefix, len(wrong))]
        shown = set()
        for kind, req, diff, ours in wrong:
            key = tuple(sorted(diff))
            if key in shown or len(shown) == SHOWN:
                continue
            shown.add(key)
            lines.append("%s: %s" % (kind, json.dumps(req)))
            for field, (live, said) in diff.items():
                lines.append("    %s: the server %s, predict %s" % (
                    field, json.dumps(live), json.dumps(said)))
            lines.append("    because " + "; ".join(
                "%s: %s" % (b.get("line"), b.get("text"))
                for b in ours.get("because", [])))
        self.write(name, lines)

    def judge(self, name, text):
        plan = Plan(self.args.dialect, text)
        path = os.path.join(self.args.log, name + ".conf")
        with open(path, "w", encoding="latin-1", newline="") as out:
            out.write(plan.text)
        self.count["configs"] += 1
        good, complaint = lab.accepted(plan.dialect, path)
        if complaint.startswith(lab.DIED):
            self.count["server_died"] += 1
            print("# %s: %s" % (name, complaint))
            return
        if not good:
            self.refused(name, plan, path, complaint)
            return
        rounds = plan.rounds()
        answers, why = self.live(plan, path, rounds)
        if answers is None:
            last = why.strip().split("\n")[-1]
            died = last.startswith(lab.DIED)
            self.count["server_died" if died else "not_started"] += 1
            print("# %s: not started: %s" % (name, last[:200]))
            return
        self.compare(name, plan, path, rounds, answers)

    def run(self, configs):
        for name, text in configs:
            before = self.count["disagreeing"] + self.count["refused_one"]
            try:
                self.judge(name, text)
            except (RuntimeError, OSError, ValueError, KeyError,
                    subprocess.TimeoutExpired):
                self.count["broken"] += 1
                self.write(name, [name] + traceback.format_exc().splitlines())
            finally:
                self.lab.stop()
            after = self.count["disagreeing"] + self.count["refused_one"]
            if after > before:
                print("# disagreement: %s" % name)
            elif not self.args.keep:
                for left in glob.glob(os.path.join(
                        glob.escape(self.args.log), name + ".*")):
                    os.unlink(left)
            sys.stdout.flush()


def read(path):
    with open(path, encoding="latin-1", newline="") as f:
        return f.read()


def all_configs(args):
    """(name, text) of everything to be judged."""
    for path in args.configs:
        yield os.path.basename(path).rsplit(".", 1)[0], read(path)
    if args.corpus:
        for path in sorted(glob.glob(os.path.join(args.corpus, args.dialect,
                                                  "*"))):
            name = os.path.basename(path).rsplit(".", 1)[0]
            yield "%s-%s" % (args.dialect, name), read(path)
    for i in range(args.count):
        seed = "%d-%d" % (args.seed, i)
        yield "%s-seed-%s" % (args.dialect, seed), \
            GENERATORS[args.dialect](seed)


def worker(args, number, out):
    """In a process of its own, every so many-th configuration."""
    try:
        judge = Judge(args, number)
        judge.run(c for i, c in enumerate(all_configs(args))
                  if i % args.workers == number)
        os.write(out, json.dumps(judge.count).encode())
    except BaseException:                       # pylint: disable=W0718
        traceback.print_exc()
        os._exit(2)
    sys.stdout.flush()
    os._exit(0)


def collect(args):
    """Start the workers; the sum of their counts, None if one failed."""
    total, pipes = dict.fromkeys(COUNTS, 0), []
    for number in range(args.workers):
        end, start = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(end)
            worker(args, number, start)
        os.close(start)
        pipes.append((pid, end))
    good = True
    for pid, end in pipes:
        with os.fdopen(end, "rb") as pipe:
            text = pipe.read()
        good = os.waitpid(pid, 0)[1] == 0 and good
        for key, value in (json.loads(text) if text else {}).items():
            total[key] += value
    return total if good else None


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    ap.add_argument("dialect", choices=sorted(GENERATORS))
    ap.add_argument("configs", nargs="*")
    ap.add_argument("--pxetool", required=True)
    ap.add_argument("--log", required=True)
    ap.add_argument("--corpus")
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=0)
    ap.add_argument("--workers", type=int, default=2)
    ap.add_argument("--keep", action="store_true",
                    help="also what they agree on")
    ap.add_argument("--no-excuse", dest="excuse", action="store_false",
                    help="count what lint says it does not model")
    args = ap.parse_intermixed_args()
    os.makedirs(args.log, exist_ok=True)
    if not works(args):
        return 2
    sys.stdout.flush()
    total = collect(args)
    if not total:
        return 2
    print("# clients: %d kinds" % len(kinds.base_kinds()))
    print("# " + ", ".join("%s %d" % (k.replace("_", " "), total[k])
                           for k in COUNTS))
    with open(os.path.join(args.log, "count.json"), "w",
              encoding="ascii") as out:
        json.dump(dict(total, kinds=len(kinds.base_kinds())), out)
    return 1 if total["disagreeing"] or total["refused_one"] or \
        total["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
