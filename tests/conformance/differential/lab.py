"""lab.py - one live server in a network of its own, and what it answers

Each lab is two network namespaces and a cable between them. The process that
made the lab stands at the client's end; daemons are started at the other.
Needs the right to make network namespaces (lib.sh's enter_lab gives it).
"""
import ctypes
import os
import subprocess
import tempfile
import time

import probe

CLONE_NEWNET = 0x40000000
START_S = 8.0
DIED = "the server died with "
READY = {"isc": "Server starting service", "dnsmasq": "started, version",
         "kea": "DHCP4_STARTED"}
DAEMONS = {"isc": ("DHCPD", "dhcpd"), "dnsmasq": ("DNSMASQ", "dnsmasq"),
           "kea": ("KEA", "kea-dhcp4")}


def run(*words):
    return subprocess.run(words, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, text=True,
                          errors="replace")


def must(*words):
    done = run(*words)
    if done.returncode:
        raise RuntimeError("%s: %s" % (" ".join(words), done.stdout.strip()))


def daemon_path(dialect):
    return os.environ.get(*DAEMONS[dialect])


def accepted(dialect, path):
    """(does the real server take the file, the first complaint)"""
    if dialect == "isc":
        done = run(daemon_path("isc"), "-4", "-t", "-cf", path)
        lines = [l for l in done.stdout.splitlines() if " line " in l]
    elif dialect == "kea":
        done = run("env", "KEA_LOCKFILE_DIR=none", daemon_path("kea"), "-t",
                   path)
        lines = [l for l in done.stdout.splitlines() if "rror" in l]
    else:
        done = run(daemon_path("dnsmasq"), "--test", "-C", path)
        lines = done.stdout.splitlines()
    if done.returncode < 0:             # a fault of its own, no verdict
        return False, DIED + str(done.returncode)
    return done.returncode == 0, lines[0] if lines else ""


class Lab:
    def __init__(self, name):
        self.srv, self.cli = name + "s", name + "c"
        self.dir = tempfile.mkdtemp(prefix="lab-" + name)
        self.proc = None
        for ns in (self.srv, self.cli):
            must("ip", "netns", "add", ns)
        must("ip", "-n", self.cli, "link", "add", "eth0", "type", "veth",
             "peer", "name", "eth0", "netns", self.srv)
        # No ARP: whatever the server sends, to whomever, comes to us.
        must("ip", "-n", self.srv, "link", "set", "eth0", "address",
             probe.SERVER_MAC, "arp", "off", "up")
        must("ip", "-n", self.srv, "link", "set", "lo", "up")
        must("ip", "-n", self.cli, "link", "set", "eth0", "up")
        with open("/run/netns/" + self.cli, "rb") as ns:
            if ctypes.CDLL(None, use_errno=True).setns(ns.fileno(),
                                                       CLONE_NEWNET):
                raise RuntimeError("cannot enter " + self.cli)
        self.prober = probe.Prober("eth0")
        self.known = {}

    def start(self, dialect, path, local, relays):
        """Start the server there: None, or why it did not."""
        must("ip", "-n", self.srv, "addr", "flush", "dev", "eth0")
        if local:
            must("ip", "-n", self.srv, "addr", "add", local, "brd", "+",
                 "dev", "eth0")
        for relay in relays:
            run("ip", "-n", self.srv, "route", "replace", relay + "/32",
                "dev", "eth0")
        leases = os.path.join(self.dir, "leases")
        with open(leases, "w", encoding="ascii"):
            pass
        words = ["nsenter", "--net=/run/netns/" + self.srv, "--"]
        if os.environ.get("SHIM"):      # lib.sh's groups_shim
            words += ["env", "LD_PRELOAD=" + os.environ["SHIM"]]
        if dialect == "isc":
            words += [daemon_path("isc"), "-4", "-f", "-d", "-cf", path,
                      "-lf", leases, "--no-pid", "eth0"]
        elif dialect == "kea":
            words += ["env", "KEA_LOCKFILE_DIR=none",
                      "KEA_PIDFILE_DIR=" + self.dir, daemon_path("kea"),
                      "-c", path]
        else:
            words += [daemon_path("dnsmasq"), "--no-daemon", "--no-ping",
                      "--port=0", "--user=root", "--no-resolv",
                      "--log-facility=-", "--pid-file=", "-C", path,
                      "--dhcp-leasefile=" + leases]
        self.log = os.path.join(self.dir, "log")
        with open(self.log, "wb") as log:
            # pylint: disable=consider-using-with
            self.proc = subprocess.Popen(words, stdin=subprocess.DEVNULL,
                                         stdout=log, stderr=log)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            text = self.said()
            if READY[dialect] in text:
                return None
            if self.proc.poll() is not None:
                self.proc = None
                return self.said().strip()
            time.sleep(0.01)
        self.stop()
        return "did not start in time"

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def alive(self):
        return self.proc is not None and self.proc.poll() is None

    def stop(self):
        if self.proc:
            self.proc.kill()            # it has nothing worth keeping
            self.proc.wait()
        self.proc = None

    def ask(self, requests, timeout=0.5):
        return self.prober.ask(requests, timeout, self.known)
