"""kinds.py - the clients that a server is asked for

Each kind is a request as "pxetool predict --requests" takes it, with the
options and the parameter request list that such a client really sends.
"""
import ipaddress
import struct

EDK2_PRL = [1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43,
            50, 51, 54, 58, 59, 60, 66, 67, 97, 128, 129, 130, 131, 132, 133,
            134, 135]
HTTP_PRL = [1, 2, 3, 4, 5, 6, 12, 13, 15, 17, 18, 22, 23, 28, 40, 41, 42, 43,
            50, 51, 54, 58, 59, 60, 235, 67, 97]
ROM_PRL = [1, 2, 3, 5, 6, 11, 12, 13, 15, 16, 17, 18, 43, 54, 60, 67, 128,
           129, 130, 131, 132, 133, 134, 135]
IPXE_PRL = [1, 3, 6, 7, 12, 15, 17, 26, 42, 43, 60, 66, 67, 119, 128, 129,
            130, 131, 132, 133, 134, 135, 175, 203]
IPXE_OLD_PRL = [c for c in IPXE_PRL if c not in (26, 42)]
PXELINUX_PRL = [1, 3, 43, 54, 60, 66, 67, 128, 129, 150, 208, 209, 210, 211]
UBOOT_PRL = [1, 3, 6, 12, 17, 209]
RPI_PRL = [43, 60, 67, 128, 129, 130, 131, 132, 133, 134, 135, 66]
RPI4_PRL = [1, 3] + RPI_PRL
UDHCPC_PRL = [1, 3, 6, 12, 15, 28, 42]
LINUX_PRL = [1, 3, 6, 12, 15, 17, 26, 40]
MSFT_PRL = [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252]
BSDP_PRL = [1, 3, 43, 60]
CISCO_PRL = [1, 66, 6, 3, 67, 12, 150, 43]
ALL_PRL = [1, 3, 6, 12, 15, 17, 43, 54, 60, 66, 67, 150, 175]

UUID = "0044332211665588" + "7799aabbccddeeff00"
IPXE_BIOS_175 = ("b105011af41000eb03020000170101270101220101130101110101190101"
                 "100102210101150101180101120101")
IPXE_EFI_175 = ("b105011af41000eb03020000170101270101240101130101140101110101"
                "1501012601011b0101120101")

BIOS, IA32, X64, EBC, ARM32, ARM64 = 0, 6, 7, 9, 10, 11
HTTP_ARCHES = (15, 16, 18, 19, 28)


def hexed(text):
    return text.encode("latin-1").hex()


def pxe(arch, undi=(3, 0), prl=None, name="PXEClient", **options):
    """What all firmware has: 93, 94, 97, 60, 57, 55."""
    vendor = "%s:Arch:%05d:UNDI:%03d%03d" % (name, arch, *undi)
    opts = {"57": "05c0", "93": "%04x" % arch, "97": UUID,
            "94": "01%02x%02x" % undi, "60": hexed(vendor)}
    opts.update({k.lstrip("o"): v for k, v in options.items()})
    return {"prl": prl or EDK2_PRL, "options": opts}


def without(req, *codes):
    opts = {k: v for k, v in req["options"].items() if int(k) not in codes}
    return dict(req, options=opts)


def with_options(req, **options):
    opts = dict(req["options"])
    opts.update({k.lstrip("o"): v for k, v in options.items()})
    return dict(req, options=opts)


def base_kinds():
    """(name, request) of every kind; without address or relay."""
    rows = [("rom-bios", pxe(BIOS, (2, 1), ROM_PRL)),
            ("rom-nec98", pxe(1, (2, 1), ROM_PRL)),
            ("itanium", pxe(2)),
            ("lanclient", pxe(5))]
    for arch in (IA32, X64, 8, EBC, ARM32, ARM64, 12, 14, 25, 27, 37, 39, 41):
        rows.append(("uefi-%d" % arch, pxe(arch)))
    rows.append(("uefi-65535", pxe(65535)))
    for arch in HTTP_ARCHES:
        rows.append(("http-%d" % arch,
                     pxe(arch, prl=HTTP_PRL, name="HTTPClient")))
    for arch, undi in ((BIOS, (2, 1)), (IA32, (3, 16)), (X64, (3, 16)),
                       (EBC, (3, 16)), (ARM32, (3, 16)), (ARM64, (3, 16)),
                       (27, (3, 16))):
        feat = IPXE_EFI_175 if arch else IPXE_BIOS_175
        ipxe = pxe(arch, undi, IPXE_PRL, o77=hexed("iPXE"), o175=feat)
        rows += [("ipxe-%d" % arch, ipxe)]
        if arch in (BIOS, X64, ARM64):
            rows += [
                ("ipxe-no77-%d" % arch, without(ipxe, 77)),
                ("ipxe-no175-%d" % arch, without(ipxe, 175)),
                ("ipxe-neither-%d" % arch, without(ipxe, 77, 175)),
                ("ipxe-rfc3004-%d" % arch,
                 with_options(ipxe, o77="04" + hexed("iPXE"))),
                ("ipxe-custom-%d" % arch,
                 with_options(ipxe, o77=hexed("Tinkerbell"))),
            ]
    bios = pxe(BIOS, (2, 1), IPXE_OLD_PRL)
    x64 = pxe(X64, (3, 16), IPXE_OLD_PRL)
    rows += [
        ("gpxe", with_options(bios, o77=hexed("gPXE"), o175="b105018086100e")),
        ("etherboot", with_options(bios, o60=hexed("Etherboot-5.4"),
                                   o175="b1050180861229")),
        ("ipxe-upper", with_options(x64, o77=hexed("IPXE"))),
        ("ipxe-lower", with_options(x64, o77=hexed("ipxe"))),
        ("ipxe-longer", with_options(x64, o77=hexed("iPXE-custom"))),
        ("class-two", with_options(x64, o77="04" + hexed("iPXE") + "03" +
                                   hexed("lab"))),
        ("class-xnba", with_options(bios, o77=hexed("xNBA"))),
        ("class-empty", with_options(x64, o77="")),
        ("175-empty", with_options(x64, o175="")),
        ("175-no-features", with_options(x64, o175="eb03010000")),
        ("two-arches", with_options(x64, o93="00070009")),
        ("arch-one-byte", with_options(x64, o93="07")),
        ("arch-none", without(x64, 93)),
        ("class-none", without(x64, 60)),
        ("class-bare", with_options(bios, o60=hexed("PXEClient"))),
        ("class-wrong-arch", with_options(
            x64, o60=hexed("PXEClient:Arch:00000:UNDI:002001"))),
        ("class-lower", with_options(x64, o60=hexed("pxeclient"))),
        ("no-uuid", without(x64, 97)),
        ("zero-uuid", with_options(x64, o97="00" * 17)),
        ("client-id", with_options(x64, o61="01525400aabb77")),
        ("prl-none", {k: v for k, v in x64.items() if k != "prl"}),
        ("prl-short", dict(x64, prl=[1, 3])),
        ("prl-all", dict(x64, prl=ALL_PRL)),
        ("prl-cisco", dict(without(bios, 93, 94, 97), prl=CISCO_PRL)),
        ("small", with_options(x64, o57="0240")),
        ("big", with_options(x64, o57="ff00")),
        ("no-size", without(x64, 57)),
        ("pxelinux", pxe(BIOS, (2, 1), PXELINUX_PRL)),
        ("rpi3", with_options(pxe(BIOS, (2, 1), RPI_PRL),
                              o97="00" + "44" * 16)),
        ("rpi4", with_options(pxe(BIOS, (2, 1), RPI4_PRL),
                              o97="0052506934" + "14" * 12)),
        ("uboot-arm64", {"prl": UBOOT_PRL, "options": {
            "57": "0240", "60": hexed("U-Boot.armv8"), "93": "0016",
            "94": "010000"}}),
        ("uboot-arm", {"prl": UBOOT_PRL, "options": {
            "57": "0240", "60": hexed("U-Boot.armv7"), "93": "0015",
            "94": "010000"}}),
        ("uboot-x86", {"prl": UBOOT_PRL, "options": {
            "57": "0240", "60": hexed("U-Boot"), "93": "0000",
            "94": "010000"}}),
        ("uboot-lwip", {"prl": [1, 3, 28, 6], "options": {}}),
        ("grub", {"options": {"57": "05dc"}}),
        ("udhcpc", {"prl": UDHCPC_PRL, "options": {
            "57": "0240", "60": hexed("udhcp 1.35.0")}}),
        ("linux", {"prl": LINUX_PRL, "options": {}}),
        ("anaconda", {"prl": LINUX_PRL, "options": {
            "60": hexed("anaconda-Linux 5.14 x86_64")}}),
        ("msft", {"prl": MSFT_PRL, "options": {
            "60": hexed("MSFT 5.0"), "12": hexed("DESKTOP-1")}}),
        ("apple", {"prl": BSDP_PRL, "options": {
            "57": "05dc", "60": hexed("AAPLBSDPC/i386/MacBookPro11,1")}}),
        ("onie", {"prl": ALL_PRL, "options": {
            "60": hexed("onie_vendor:x86_64-accton"),
            "77": hexed("onie_dhcp_user_class")}}),
        ("sun", {"prl": ALL_PRL, "options": {
            "60": hexed("SUNW.Ultra-5_10")}}),
    ]
    return rows


def mac_of(i):
    return "52:54:00:aa:%02x:%02x" % (i >> 8, i & 255)


def kinds(macs=(), one_mac=False):
    """All kinds, each with a MAC address of its own; then a few of them
    again with each of the MAC addresses that a configuration knows.

    one_mac: all the unknown ones share one, for a server of few addresses
    """
    base = base_kinds()
    rows = []
    for i, (name, req) in enumerate(base):
        rows.append((name, dict(req, mac=mac_of(1 if one_mac else i + 1))))
    again = ("rom-bios", "uefi-7", "uefi-11", "ipxe-0", "ipxe-7", "http-16",
             "udhcpc", "prl-none")
    for mac in macs:
        for name, req in base:
            if name in again:
                rows.append(("%s@%s" % (name, mac), dict(req, mac=mac)))
    return rows


def relayed(rows, giaddr):
    """The same behind a relay; some relays add option 82."""
    out = []
    for i, (name, req) in enumerate(rows):
        req = dict(req, giaddr=giaddr)
        if i % 3 and "82" not in req["options"]:
            circuit = "eth0/%d" % (i % 5)
            remote = struct.pack("!I", 0x0a000000 + i % 7)
            value = (bytes([1, len(circuit)]) + circuit.encode() +
                     bytes([2, len(remote)]) + remote)
            req = with_options(req, o82=value.hex())
        out.append((name + "/relay", req))
    return out


def for_kea():
    """Requests that only Kea looks into."""
    x64 = pxe(X64, (3, 16), IPXE_OLD_PRL)
    cable = "0000118b"
    return [
        ("vendor", with_options(x64, o125=cable + "0a010201020204" +
                                "0a000001")),
        ("vendor-cut", with_options(x64, o125=cable + "0b0102")),
        ("vendor-9", with_options(x64, o125="00000009" + "03" + "010101")),
        ("vendor-class", with_options(x64, o124=cable + "0161" + cable +
                                      "026263")),
        ("vendor-class-cut", with_options(x64, o124=cable + "09")),
        ("encap", with_options(x64, o43="06010801020304ff")),
        ("encap-cut", with_options(x64, o43="060908")),
        ("agent-cut", with_options(x64, o82="0104")),
        ("text-nul", with_options(x64, o60=hexed("PXEClient") + "0000")),
        ("text-empty", with_options(x64, o60="")),
        ("ndi-short", with_options(x64, o94="0103")),
        ("ndi-long", with_options(x64, o94="010300ff")),
        ("size-long", with_options(x64, o57="05c001")),
        ("subnet-selection", with_options(x64, o118="0a020000")),
        ("wish", with_options(x64, o50="0a010078")),
        ("own-id", with_options(x64, o54="0a010001")),
        ("host-name", with_options(x64, o12=hexed("pc1"))),
        ("short-id", with_options(x64, o61="01")),
        ("duid", with_options(x64, o61="ff00000001" + "000100010203")),
        ("late", with_options(x64, o224="07", o252=hexed("x"))),
    ]


def on_pxe_port(rows, ciaddr, server_ip):
    """Those that would go on to port 4011, going there."""
    return [(name + "/4011", dict(req, pxe_port=True, ciaddr=ciaddr,
                                  server_ip=server_ip))
            for name, req in rows
            if req["options"].get("60", "").startswith(hexed("PXEClient"))]


ASKING = ("rom-bios", "uefi-7", "ipxe-0", "ipxe-7", "udhcpc", "prl-none")
FIRST_ASKING = 4096     # so that none of them has asked before


def selecting(rows, network, server_ip):
    """Some of them, taking an offer: addresses of the network and of none."""
    first = int(network.network_address)
    out = []
    for name, req in rows:
        if name not in ASKING:
            continue
        # The next free ones, a host's perhaps; a server's, and nobody's.
        nth = [30 + len(out), 21 + len(out) // 9, 5, 6, 1, 2, 600]
        asked = [ipaddress.IPv4Address(first + n) for n in nth]
        asked += [ipaddress.IPv4Address("192.0.2.77")]
        for i, addr in enumerate(asked):
            out.append(("%s/request %s" % (name, addr), dict(with_options(
                req, o53="03", o50=addr.packed.hex(),
                o54=bytes(map(int, server_ip.split("."))).hex()),
                mac=mac_of(FIRST_ASKING + len(out)))))
            if i == 0:          # another server's offer
                req_2 = with_options(out[-1][1], o54="c0000201")
                out.append((name + "/request elsewhere", dict(
                    req_2, mac=mac_of(FIRST_ASKING + len(out)))))
    return out


def accepting(rows, answers):
    """What some of them send next: a REQUEST for what each was offered, and
    the same after a restart, when the server is not named any more.
    """
    out = []
    for (name, req), offer in zip(rows, answers):
        if name.split("/")[0] not in ASKING or not offer or \
                offer["type"] != 2 or "54" not in offer["options"]:
            continue
        asked = with_options(req, o53="03", o50=bytes(
            map(int, offer["yiaddr"].split("."))).hex())
        out.append((name + "/selecting", dict(with_options(
            asked, o54=offer["options"]["54"]), before=req)))
        out.append((name + "/init-reboot", dict(asked, before=req)))
    return out


def bootp(rows):
    """Some of them before DHCP: a message type of no bytes is none."""
    return [(name + "/bootp", with_options(req, o53=""))
            for name, req in rows if name in ASKING]


if __name__ == "__main__":
    import json
    for kind, request in kinds():
        print(json.dumps(dict(request, id=kind)))
