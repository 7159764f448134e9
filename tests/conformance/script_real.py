"""Run many small iPXE scripts in real iPXE and in `pxetool script run`.

    script_real.py PXETOOL LOGDIR [NAME...]

Both get one script that chains each test over HTTP from a server in this
process, echoes marks around it and clears what it set. Compared are, for each
test, the lines of the console, what was asked of the server, and how the test
ended. Prints TAP. Must run where 10.0.2.2 may be added to lo: in a network
namespace. With names, only the tests whose names contain one of them.
"""

import http.server
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LKRN = "/usr/lib/ipxe/ipxe.lkrn"
MAC = "52:54:00:12:34:56"
BASE = "http://10.0.2.2:8080"
TFTP_PORT = 6969
SECONDS = 240

FILES = {
    "sub.ipxe": "#!ipxe\necho sub ${v}\nset w done\n",
    "fail.ipxe": "#!ipxe\necho f\niseq a b\necho not seen\n",
    "exit5.ipxe": "#!ipxe\nexit 5 || echo not seen\n",
    "exit0.ipxe": "#!ipxe\nexit\necho not seen\n",
    "badgoto.ipxe": "#!ipxe\ngoto nowhere\n",
    "cut.ipxe": "#!ipxe\necho cut\necho b\\",
    "repl.ipxe": "#!ipxe\necho r1\nchain --replace sub.ipxe\necho not seen\n",
    "deep/a.ipxe": "#!ipxe\nchain b.ipxe\nchain ../c.ipxe\n",
    "deep/b.ipxe": "#!ipxe\necho b\n",
    "c.ipxe": "#!ipxe\necho c\n",
    "othergoto.ipxe": "#!ipxe\ngoto mine\n",
    "setter.ipxe": "#!ipxe\nset v inner\nset fresh yes\n",
    "text": "just text\n" + 610 * 1024 * "x",
    "gpxe.txt": "#!gpxe\necho from gPXE\n",
    "short": "#!ipxe",
    "bom.ipxe": "\ufeff#!ipxe\necho not seen\n",
    "crlf.ipxe": "#!ipxe\r\necho crlf\r\n",
    "empty": "",
    "a b": "blank" + 610 * 1024 * "x",
}
PROGRAMS = {"lkrn": LKRN, "undionly": "/usr/lib/ipxe/undionly.kpxe"}


class Log:
    """What was asked for, by test."""

    def __init__(self):
        self.test = ""
        self.by_test = {}

    def add(self, what):
        m = re.match(r"GET /files/t(\d+)\.ipxe", what)
        if m:
            self.test = m.group(1)
        else:
            self.by_test.setdefault(self.test, []).append(what)


log = Log()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tests = {}

    def log_message(self, *args):
        pass

    def reply(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        log.add("GET " + self.path)
        path = self.path.split("?")[0].lstrip("/").replace("%20", " ")
        path = re.sub("/+", "/", path)
        if re.fullmatch(r"files/t\d+\.ipxe", path):
            self.reply(200, self.tests[path[7:-5]])
        elif path.startswith("files/") and path[6:] in PROGRAMS:
            with open(PROGRAMS[path[6:]], "rb") as f:
                self.reply(200, f.read())
        elif path.startswith("files/") and path[6:] in FILES:
            self.reply(200, FILES[path[6:]].encode())
        elif path.startswith("status/"):
            self.reply(int(path[7:]))
        elif path.startswith("redir/"):
            self.reply(302, headers=[("Location", "/files/" + path[6:])])
        elif path.startswith("slow/"):
            time.sleep(float(path[5:]))
            self.reply(200, b"slow")
        elif path == "":
            self.reply(200, b"root")
        else:
            self.reply(404)


def tftp_transfer(request, peer):
    fields = request[2:].split(b"\0")
    name = fields[0].decode().lstrip("/")
    options = dict(zip(fields[2::2], fields[3::2]))
    data = FILES.get(name[6:]) if name.startswith("files/") else None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("", 0))
        s.settimeout(1)
        if data is None:
            s.sendto(struct.pack("!HH", 5, 1) + b"not found\0", peer)
            return
        data = data.encode()
        size = int(options.get(b"blksize", b"512"))
        oack = struct.pack("!H", 6) + b"".join(
            k + b"\0" + v + b"\0" for k, v in
            ((b"blksize", b"%d" % size), (b"tsize", b"%d" % len(data))))
        packets = [oack] + [
            struct.pack("!HH", 3, n + 1) + data[n * size:(n + 1) * size]
            for n in range(len(data) // size + 1)]
        for packet in packets:
            for _ in range(5):
                s.sendto(packet, peer)
                try:
                    s.recvfrom(600)
                    break
                except socket.timeout:
                    continue


def tftp_serve():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("", TFTP_PORT))
        while True:
            request, peer = s.recvfrom(2048)
            if request[:2] == b"\0\1":
                log.add("RRQ " + request[2:].split(b"\0")[0].decode())
                threading.Thread(target=tftp_transfer, args=(request, peer),
                                 daemon=True).start()


class Test:
    def __init__(self, group, name, flags, lines):
        self.group = group
        self.name = name
        text = "".join(line + "\n" for line in lines)
        if "cut" in flags:
            text = text[:-1]
        if "crlf" in flags:
            text = text.replace("\n", "\r\n")
        self.text = "#!ipxe\n" + text
        names = re.findall(r"^[^#\n]*?\b(?:set|inc|choose(?: -\S+(?: \S+)?)*)"
                           r" (?:-- )?([A-Za-z0-9/.\"_]+)", self.text, re.M)
        self.names = sorted(set(names) | {"v", "w", "fresh"})


def read_tests(wanted):
    tests = []
    folder = os.path.join(HERE, "script")
    for file in sorted(os.listdir(folder)):
        head, lines = None, []
        with open(os.path.join(folder, file), newline="\n") as f:
            for line in f.read().split("\n")[:-1] + ["### end"]:
                if not line.startswith("### "):
                    lines.append(line)
                    continue
                if head:
                    flags = re.findall(r"\[(\w+)\]$", head)
                    name = re.sub(r" \[\w+\]$", "", head)
                    tests.append(Test(file[:-4], name, flags, lines))
                head, lines = line[4:], []
    return [t for t in tests if not wanted or
            any(w in t.group + ": " + t.name for w in wanted)]


def driver(tests):
    """The script that runs them all."""
    out = ["#!ipxe", "dhcp net0"]
    for n, t in enumerate(tests):
        Handler.tests["%03d" % n] = t.text.encode()
        out.append("echo @@B %03d" % n)
        out.append("chain --autofree %s/files/t%03d.ipxe && "
                   "echo @@E ok || echo @@E ${errno}" % (BASE, n))
        out.append("imgfree")
        out += ["clear %s ||" % name for name in t.names]
        out.append("ifopen net0")
    out += ["echo @@DONE", "sleep 1000"]
    return "\n".join(out) + "\n"


def screen_lines(raw):
    """The console's lines: what was moved over is overwritten."""
    lines, line, col, i = [], [], 0, 0
    while i < len(raw):
        c = raw[i]
        m = re.match(r"\x1b\[([0-9;?=]*)([A-Za-z])", raw[i:i + 20])
        if m:
            i += m.end()
            if m.group(2) == "H":
                at = m.group(1).split(";")
                col = int(at[1]) - 1 if len(at) > 1 and at[1] else 0
            continue
        i += 1
        if c == "\n":
            lines.append("".join(line).rstrip())
            line, col = [], 0
        elif c == "\r":
            col = 0
        elif c == "\b":
            col = max(0, col - 1)
        elif c >= " " or c == "\t":
            while len(line) < col:
                line.append(" ")
            line[col:col + 1] = [c]
            col += 1
    return lines


def normal(lines, group):
    """Without what time and the width of a screen put in."""
    text = []
    for line in lines:
        line = re.sub(r"\.\.\.[. ]*(?:\[\w+\][. ]*|\d+%[. ]*)*", "... ", line)
        line = re.sub(r"\b([TR]XE?):\d+", r"\1:0", line)
        # The user network gives an IPv6 address; ours is IPv4 only.
        if re.match(r"  \[[TR]XE: |net0: fec0:", line):
            continue
        if group == "menu" and not line.startswith("| "):
            continue
        line = line.expandtabs(8).rstrip()
        text += [line[i:i + 80] for i in range(0, len(line), 80)] or [""]
    return text


def split(lines, tests):
    """The lines of each test, and how it ended."""
    found, current, end = {}, None, ""
    for line in lines:
        m = re.match(r"@@B (\d+)", line)
        if m:
            current, found[m.group(1)] = m.group(1), []
            continue
        m = re.match(r"(.*)@@E (.*)", line)
        if m and current:
            if m.group(1):
                found[current].append(m.group(1))
            group = tests[int(current)].group
            found[current] = normal(found[current], group)
            found[current].append("@@E " + m.group(2))
            current = None
        elif current:
            found[current].append(line)
    return found


def run_real(script, logdir):
    out = os.path.join(logdir, "qemu.out")
    open(out, "w").close()
    p = subprocess.Popen(
        ["qemu-system-x86_64", "-accel", "tcg", "-m", "256", "-nodefaults",
         "-no-reboot", "-display", "none", "-monitor", "none",
         "-serial", "file:" + out, "-machine", "pc,graphics=off",
         "-kernel", LKRN, "-initrd", script,
         "-smbios", "type=1,manufacturer=Maker,product=Thing,serial=S1,"
         "uuid=00112233-4455-6677-8899-aabbccddeeff",
         "-netdev", "user,id=n0", "-device",
         "e1000,romfile=,netdev=n0,mac=" + MAC])
    end = time.time() + SECONDS
    while time.time() < end and p.poll() is None:
        time.sleep(0.3)
        with open(out, encoding="latin-1", newline="") as f:
            raw = f.read()
        if "@@DONE" in raw:
            break
    p.kill()
    p.wait()
    return raw


def run_ours(pxetool, script, logdir):
    cmd = [pxetool, "script", "run", "--format=json", "--version", "2019",
           "--set", "net0/mac=" + MAC, "--set", "net0/chip=82540em",
           "--set", "net0/busid:hex=01:80:86:10:0e",
           "--set", "net0/busloc:uint32=0x10",
           "--smbios", "manufacturer=Maker", "--smbios", "product=Thing",
           "--smbios", "uuid=00112233-4455-6677-8899-aabbccddeeff",
           "--dhcp", "ip=10.0.2.15", "--dhcp", "netmask=255.255.255.0",
           "--dhcp", "gateway=10.0.2.2", "--dhcp", "dns=10.0.2.3",
           "--dhcp", "dhcp-server=10.0.2.2",
           "--dhcp", "next-server=10.0.2.2", "--dhcp", "51:hex=00:01:51:80",
           "--dhcp", "53:hex=05", script]
    p = subprocess.run(cmd, stdout=subprocess.PIPE, timeout=SECONDS, check=False)
    with open(os.path.join(logdir, "ours.out"), "wb") as f:
        f.write(p.stdout)
    return json.loads(p.stdout)["console"]


def report(tests, real, ours, real_log, our_log):
    failed = False
    for n, t in enumerate(tests):
        key = "%03d" % n
        want = real.get(key, ["(did not run)"]) + real_log.get(key, [])
        got = ours.get(key, ["(did not run)"]) + our_log.get(key, [])
        good = want == got and key in real
        failed = failed or not good
        print("%s %d - %s: %s" % ("ok" if good else "not ok", n + 1, t.group,
                                  t.name))
        if not good:
            for who, lines in (("iPXE", want), ("ours", got)):
                for line in lines:
                    print("# %s: %s" % (who, line))
    print("1..%d" % len(tests))
    return failed


def main():
    pxetool, logdir, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
    subprocess.run("ip link set lo up; ip addr add 10.0.2.2/32 dev lo",
                   shell=True, check=False)
    tests = read_tests(wanted)
    script = os.path.join(logdir, "driver.ipxe")
    with open(script, "w") as f:
        f.write(driver(tests))
    server = http.server.ThreadingHTTPServer(("", 8080), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=tftp_serve, daemon=True).start()
    real = split(screen_lines(run_real(script, logdir)), tests)
    real_log, log.by_test, log.test = log.by_test, {}, ""
    ours = split(run_ours(pxetool, script, logdir), tests)
    sys.exit(report(tests, real, ours, real_log, log.by_test))


main()
