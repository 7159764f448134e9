"""A stand-in for the boot services of several systems.

    script_systems.py PORT LOG

Answers with scripts made from what is asked, as those services do, and writes
each request to LOG: method, path, body.
"""

import http.server
import sys
import urllib.parse

CONFIG = """#!ipxe
echo Host %(mac)s
set base http://10.77.0.1:8000/tree
kernel ${base}/linux console=tty0 BOOTIF=01-${netX/mac:hexhyp} || goto failed
initrd --name initrd.img ${base}/initrd || goto failed
boot
:failed
echo No kernel
exit 1
"""

# What a service does with parameters that a client posts.
BOOT_PHP = """#!ipxe
echo product %(product)s by %(manufacturer)s on %(arch)s
imgargs linux ||
kernel /tree/linux host=%(mac)s arch=%(arch)s
initrd /tree/initrd
boot || goto retry
:retry
sleep 5
chain --replace --autofree /default.ipxe
"""

DEFAULT = """#!ipxe
:retry
dhcp || goto retry
isset ${net0/mac} || goto no_nic
set attempt:int32 0
:again
inc attempt
params
param mac ${net0/mac}
param product ${product}
param manufacturer ${manufacturer}
param arch ${buildarch}
param serial ${serial}
chain --replace --autofree boot.php##params || goto oops
:oops
iseq ${attempt} 3 && exit 1 ||
sleep 2
goto again
:no_nic
shell
"""

MENU = """#!ipxe
:main
cpuid --ext 29 && set arch x86_64 || set arch i386
menu Main for ${arch}
item --gap Systems
item linux ${space} Linux
item tools Tools
item --gap
item --key x exit Leave
choose --default linux --timeout 30000 target && goto ${target} ||
goto exit
:linux
chain menus/linux.ipxe || goto main
goto main
:tools
chain menus/tools.ipxe || goto main
goto main
:exit
exit
"""

LINUX = """#!ipxe
goto ${menu} ||
:linux
menu Linux
item --gap Versions
item stable Stable
item old Old
item back Back
choose version || goto back
iseq ${version} back && goto back ||
set path /tree/${version:uristring}
kernel ${path}/linux initrd=initrd.gz quiet ||
initrd ${path}/initrd.gz ||
kernel /tree/linux suite=${version} initrd=initrd || goto back
initrd /tree/initrd
boot
:back
clear menu
exit 0
"""

TOOLS = """#!ipxe
menu Tools
item memtest Memory
item back Back
choose tool || exit 0
iseq ${tool} back && exit 0 ||
imgfetch --name ${tool} /tree/${tool}.missing || prompt --timeout 1000 No ||
exit 0
"""

PAGES = {
    "/default.ipxe": DEFAULT,
    "/menu.ipxe": MENU,
    "/menus/linux.ipxe": LINUX,
    "/menus/tools.ipxe": TOOLS,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    kernel = b""

    def log_message(self, *args):
        pass

    def reply(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, body):
        with open(sys.argv[2], "a") as f:
            print(self.command, self.path, body.decode(), file=f)
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        form = dict(urllib.parse.parse_qsl(body.decode()))
        if url.path == "/config" and "mac" in query:
            self.reply(200, (CONFIG % query).encode())
        elif url.path == "/boot.php" and "mac" in form:
            self.reply(200, (BOOT_PHP % form).encode())
        elif url.path in PAGES:
            self.reply(200, PAGES[url.path].encode())
        elif url.path == "/tree/linux":
            self.reply(200, self.kernel)
        elif url.path == "/tree/initrd":
            self.reply(200, b"070701" + b"0" * 104)
        else:
            self.reply(404)

    def do_GET(self):
        self.answer(b"")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))


def kernel():
    """The head of a bzImage, and nothing to run."""
    image = bytearray(64 * 1024)
    image[0x1f1] = 4
    image[0x1fe:0x200] = b"\x55\xaa"
    image[0x200:0x202] = b"\xeb\x6a"
    image[0x202:0x206] = b"HdrS"
    image[0x206:0x208] = b"\x0c\x02"
    image[0x211] = 1
    image[0x20e:0x210] = b"\x00\x10"
    text = b"6.1.0-test (builder) #1\0"
    image[0x1200:0x1200 + len(text)] = text
    return bytes(image)


Handler.kernel = kernel()
http.server.ThreadingHTTPServer(("", int(sys.argv[1])),
                                Handler).serve_forever()
