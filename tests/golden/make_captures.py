#!/usr/bin/env python3
"""make_captures.py - write the captures decode-* of this folder anew.

They are kept, with what `pxetool decode` is to say of them beside them; this
is where they come from, and the place to add one.
"""
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
T0 = 1700000000
CLIENT = '52:54:00:77:00:11'
SERVER = '02:00:00:77:00:01'
ALL = 'ff:ff:ff:ff:ff:ff'
ETHERNET, RAW, NULL, SLL, SLL2, WIFI = 1, 101, 0, 113, 276, 105


# ------------------------------------------------------------ packets

def mac(s):
    return bytes(int(x, 16) for x in s.split(':'))


def ip4(s):
    return bytes(int(x) for x in s.split('.'))


def ip6(n):
    """fd77::n"""
    return b'\xfd\x77' + bytes(12) + struct.pack('>H', n)


def checksum(data):
    data += bytes(len(data) % 2)
    n = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    n = (n & 0xffff) + (n >> 16)
    return ~(n + (n >> 16)) & 0xffff


def ipv4(src, dst, proto, data, ident=1, flags=0):
    head = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(data), ident, flags, 64,
                       proto, 0) + ip4(src) + ip4(dst)
    return head[:10] + struct.pack('>H', checksum(head)) + head[12:] + data


def ipv6(src, dst, proto, data):
    return struct.pack('>IHBB', 6 << 28, len(data), proto, 64) + \
        ip6(src) + ip6(dst) + data


def udp(sport, dport, data):
    return struct.pack('>HHHH', sport, dport, 8 + len(data), 0) + data


def tcp(sport, dport, seq, data, flags=0x18):
    return struct.pack('>HHIIBBHHH', sport, dport, seq, 1, 0x50, flags, 512, 0,
                       0) + data


def eth(packet, src=CLIENT, dst=SERVER, tags=(), kind=None):
    head = mac(dst) + mac(src)
    for tpid, vlan in tags:
        head += struct.pack('>HH', tpid, vlan)
    if kind is None:
        kind = 0x0800 if packet[0] >> 4 == 4 else 0x86dd
    return head + struct.pack('>H', kind) + packet


def arp(op, sender, target):
    return struct.pack('>HHBBH', 1, 0x0800, 6, 4, op) + mac(CLIENT) + \
        ip4(sender) + bytes(6) + ip4(target)


def opts4(*rows):
    return b''.join(bytes([c, len(v)]) + v for c, v in rows)


def dhcp4(options, op=1, hlen=6, sname=b'', file=b'', yiaddr='0.0.0.0',
          giaddr='0.0.0.0'):
    return struct.pack('>BBBBIHH', op, 1, hlen, 0, 0x1234abcd, 4, 0x8000) + \
        ip4('0.0.0.0') + ip4(yiaddr) + ip4('10.77.0.1') + ip4(giaddr) + \
        mac(CLIENT) + bytes(10) + sname.ljust(64, b'\0') + \
        file.ljust(128, b'\0') + b'\x63\x82\x53\x63' + options


DISCOVER = opts4((53, b'\1'), (60, b'PXEClient:Arch:00007:UNDI:003000'),
                 (93, b'\0\7'), (55, b'\1\3\6\x42\x43')) + b'\xff'


def ask(options=DISCOVER, **kw):
    return ipv4('0.0.0.0', '255.255.255.255', 17,
                udp(68, 67, dhcp4(options, **kw)))


def answer(options, **kw):
    return ipv4('10.77.0.1', '255.255.255.255', 17,
                udp(67, 68, dhcp4(options, op=2, yiaddr='10.77.0.50', **kw)))


def up(sport, dport, data, **kw):
    return ipv4('10.77.0.50', '10.77.0.1', 17, udp(sport, dport, data), **kw)


def down(sport, dport, data, **kw):
    return ipv4('10.77.0.1', '10.77.0.50', 17, udp(sport, dport, data), **kw)


def seg(sport, dport, seq, data, **kw):
    return ipv4('10.77.0.50', '10.77.0.1', 6, tcp(sport, dport, seq, data,
                                                  **kw))


RRQ = b'\0\1boot/ipxe.efi\0octet\0tsize\0' b'0\0blksize\0' b'1468\0'
OACK = b'\0\6tsize\0' b'850528\0blksize\0' b'1468\0'


def data(block, n=512):
    return struct.pack('>HH', 3, block) + b'd' * n


def ack(block):
    return struct.pack('>HH', 4, block)


def opts6(*rows):
    return b''.join(struct.pack('>HH', c, len(v)) + v for c, v in rows)


DUID = b'\0\4' + bytes(range(16))
IA = struct.pack('>III', 7, 1800, 2880) + opts6(
    (5, ip6(0x50) + struct.pack('>II', 3600, 7200)))
SOLICIT = b'\1\x12\x34\x56' + opts6(
    (1, DUID), (8, b'\0\0'), (6, b'\0\x3b\0\x3c'), (61, b'\0\7'),
    (3, struct.pack('>III', 7, 0, 0)))
ADVERTISE = b'\2\x12\x34\x56' + opts6(
    (1, DUID), (2, DUID[::-1]), (3, IA),
    (59, b'tftp://[fd77::1]/boot/ipxe.efi'))


def relayed(kind, hops, inner):
    return bytes([kind, hops]) + ip6(0xff) + ip6(0x50) + opts6(
        (18, b'eth7'), (9, inner))


# ------------------------------------------------------------ files

def pcap(name, frames, link=ETHERNET, order='<', nano=False, tail=b''):
    """A frame is bytes, or (bytes, how many of them were captured)."""
    out = struct.pack(order + 'IHHiIII', 0xa1b23c4d if nano else 0xa1b2c3d4,
                      2, 4, 0, 0, 262144, link)
    for i, f in enumerate(frames):
        f, n = f if isinstance(f, tuple) else (f, len(f))
        out += struct.pack(order + 'IIII', T0 + i, 123456789 if nano else
                           1000 * i, min(n, len(f)), len(f)) + f[:n]
    write(name, out + tail)


def block(kind, body):
    body += bytes(-len(body) % 4)
    n = struct.pack('<I', 12 + len(body))
    return struct.pack('<I', kind) + n + body + n


def pcapng(name, frames, links):
    """A frame is (interface, bytes)."""
    out = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
    for link in links:
        out += block(1, struct.pack('<HHI', link, 0, 262144))
    for i, (dev, f) in enumerate(frames):
        us = (T0 + i) * 1000000 + 7
        out += block(6, struct.pack('<IIIII', dev, us >> 32, us & 0xffffffff,
                                    len(f), len(f)) + f)
    write(name, out)


def write(name, content):
    with open(os.path.join(HERE, 'decode-' + name), 'wb') as f:
        f.write(content)


def links():
    short = [ask(), up(2001, 69, RRQ)]
    pcap('raw.pcap', short + [ipv6(0x50, 1, 17, udp(546, 547, SOLICIT))],
         link=RAW)
    pcap('null.pcap', [struct.pack('<I', 2) + p for p in short] +
         [struct.pack('<I', 30) + ipv6(0x50, 1, 17, udp(546, 547, SOLICIT))],
         link=NULL)
    pcap('sll.pcap', [struct.pack('>HHH', 4, 1, 6) + mac(CLIENT) + b'\0\0' +
                      struct.pack('>H', 0x0800) + p for p in short], link=SLL)
    pcap('sll2.pcap', [struct.pack('>HHIHBB', 0x0800, 0, 2, 1, 4, 6) +
                       mac(CLIENT) + b'\0\0' + p for p in short], link=SLL2)
    pcap('vlan.pcap', [
        eth(ask(), dst=ALL, tags=[(0x8100, 77)]),
        eth(ask(), dst=ALL, tags=[(0x88a8, 100), (0x8100, 0xe000 | 77)]),
        eth(arp(1, '0.0.0.0', '10.77.0.50'), dst=ALL, kind=0x0806,
            tags=[(0x8100, 77)]).ljust(64, b'\0')])
    pcap('nano.pcap', [eth(p) for p in short], nano=True, order='>')
    pcapng('good.pcapng', [(0, eth(short[0])), (1, eth(short[1]))],
           [ETHERNET, ETHERNET])
    pcapng('mixed.pcapng', [(0, eth(short[0])), (1, short[1])],
           [ETHERNET, RAW])
    pcap('wifi.pcap', [], link=WIFI)
    pcap('cut.pcap', [eth(p) for p in short],
         tail=struct.pack('<IIII', T0, 0, 60, 60) + bytes(20))
    write('empty.pcap', b'')
    write('text.pcap', b'this is not a capture, it is a sentence\n')
    write('gzip.pcap', b'\x1f\x8b\x08\0\0\0\0\0\0\3' + bytes(30))


def snapped():
    discover = eth(ask(), dst=ALL)
    get = seg(2000, 80, 1, b'GET /boot.ipxe HTTP/1.1\r\nHost: 10.77.0.1\r\n'
              b'User-Agent: iPXE/1.21.1\r\n\r\n')
    nxdomain = struct.pack('>HHHHHH', 7, 0x8183, 1, 0, 0, 0) + \
        b'\6nosuch\3lab\0' + struct.pack('>HH', 1, 1)
    pcap('snapped.pcap', [
        (discover, 10), (discover, 30), (discover, 40),
        # in the head of the message, in an option, between two options
        (discover, 150), (discover, 42 + 240 + 20), (discover, 42 + 240 + 37),
        (eth(up(2001, 69, RRQ)), 50),
        (eth(up(2001, 69, RRQ)), 42 + 28),
        # the usual cut of bulk data is not worth a word
        (eth(down(3001, 2001, data(1, 1468))), 42 + 36),
        (eth(down(3001, 2001, b'\0\5\0\1file not found\0')), 42 + 10),
        (eth(get), 54 + 40),
        (eth(arp(1, '0.0.0.0', '10.77.0.50'), kind=0x0806), 30),
        (eth(down(53, 2002, nxdomain)), 42 + 20),
        (eth(ipv6(0x50, 1, 17, udp(546, 547, SOLICIT))), 100),
    ])


def malformed():
    bad_len = bytearray(ask())
    bad_len[24:26] = b'\xff\xff'
    bad_total = bytearray(ask())
    bad_total[2:4] = b'\xff\xff'
    loop = struct.pack('>HHHHHH', 7, 0x0100, 1, 0, 0, 0) + b'\xc0\x0c' + \
        struct.pack('>HH', 1, 1)
    pcap('malformed.pcap', [
        eth(ask(opts4((53, b'\1')) + b'\x3c\xc8PXEClient')),
        eth(ask(hlen=17)),
        eth(ask(options=b'')[:20 + 8 + 100]),
        eth(bytes(bad_len)), eth(bytes(bad_total)),
        eth(ipv4('10.77.0.50', '10.77.0.1', 17, b'\7\xd1\0')),
        eth(up(2001, 69, b'\0\x09what')),
        eth(up(2001, 69, b'\0\1no end')),
        eth(up(2001, 69, b'\0\1x\0octet\0blksize\0many\0')),
        eth(up(2002, 53, loop)),
        eth(seg(2000, 80, 1, b'GET /x HTTP/1.1\r\nno field\r\n\r\n')),
        # not malformed: another operation, another kind of hardware
        eth(arp(9, '0.0.0.0', '10.77.0.50'), kind=0x0806),
        eth(arp(1, '0.0.0.0', '10.77.0.50')[:20], kind=0x0806),
        # what is to reach no terminal
        eth(up(2001, 69, b'\0\1\x1b]0;owned\x07\xc2\x9b31m\0octet\0')),
        eth(down(3001, 2001, b'\0\5\0\1\x1b[2Jgone\r\n\xff\0')),
        eth(ask(opts4((53, b'\1'), (60, b'\x1b[31m'), (12, b'\xc3\xa9'))
                + b'\xff')),
        b'', b'\1',
    ])


def fragments():
    big = dhcp4(opts4((53, b'\2')) + opts4(*[(43, bytes([c]) * 99)
                                             for c in range(1, 4)]) + b'\xff',
                op=2, yiaddr='10.77.0.50')
    whole = udp(67, 68, big)

    def piece(a, b, ident=5):
        more = 0x2000 if b < len(whole) else 0
        return eth(ipv4('10.77.0.1', '10.77.0.50', 17, whole[a:b],
                        ident=ident, flags=more | a // 8), src=SERVER,
                   dst=CLIENT)

    six = udp(547, 546, ADVERTISE + opts6((60, b'x' * 99)))

    def piece6(a, b):
        more = 1 if b < len(six) else 0
        frag = struct.pack('>BBHI', 17, 0, a | more, 99)
        return eth(ipv6(1, 0x50, 44, frag + six[a:b]), src=SERVER, dst=CLIENT)

    n, n6 = len(whole), len(six)
    pcap('fragments.pcap', [
        piece(0, 480), piece(480, n),
        piece(480, n, ident=6), piece(0, 200, ident=6),
        piece(200, 480, ident=6),
        piece6(160, n6), piece6(0, 160),
        # one whose rest never comes, and two that overlap
        piece(0, 480, ident=7),
        piece(0, 480, ident=8), piece(400, n, ident=8),
    ])


def http():
    get = b'GET /boot.ipxe HTTP/1.1\r\nHost: boot\r\n\r\n'
    pcap('http.pcap', [
        eth(seg(2000, 80, 0, b'', flags=2)),
        # split in three, the first cut within its first line
        eth(seg(2000, 80, 1, get[:10])), eth(seg(2000, 80, 11, get[10:30])),
        eth(seg(2000, 80, 31, get[30:])),
        # split in two, with another connection between them
        eth(seg(2001, 8000, 1, get[:30])), eth(seg(2002, 8000, 1, get)),
        eth(seg(2001, 8000, 31, get[30:])),
        # the rest is lost: what comes later is no head
        eth(seg(2003, 80, 1, get[:30])), eth(seg(2003, 80, 999, get[30:])),
        eth(ipv4('10.77.0.1', '10.77.0.50', 6, tcp(
            80, 2000, 1, b'HTTP/1.1 404 Not Found\r\n'
            b'Content-Length: 9\r\n\r\nnot found'))),
        # two requests in one segment, and lines that only begin like one
        eth(seg(2004, 80, 1, get + get)),
        eth(seg(2005, 3260, 1, b'GET READY\n')),
        eth(seg(2005, 3260, 11, b'HTTP/1.x is a protocol\n\n')),
        eth(seg(2006, 80, 1, b'GET / HTTP/1.0\r\nX-Folded: one\r\n two\r\n'
                b'\r\n')),
        eth(seg(2000, 80, 40, b'', flags=0x14)),
    ])


def tftp():
    rrq6 = ipv6(0x50, 1, 17, udp(2001, 69, RRQ))
    pcap('tftp.pcap', [
        # a request and what belongs to it
        eth(up(2001, 69, RRQ)), eth(down(3001, 2001, OACK)),
        eth(up(2001, 3001, ack(0))), eth(down(3001, 2001, data(1, 1468))),
        eth(up(2001, 3001, b'\0\5\0\0\0')),
        # the same port for something else later
        eth(up(2001, 5353, b'\x99\x99 not TFTP')),
        # none captured: OACK; DATA and ACK; ACK and DATA; another port
        eth(down(3002, 2002, OACK)), eth(up(2002, 3002, ack(0))),
        eth(down(3003, 2003, data(65535))), eth(up(2003, 3003, ack(65535))),
        eth(down(3003, 2003, data(0))),
        eth(up(2004, 3004, ack(7))), eth(down(3004, 2004, data(8))),
        eth(up(2005, 6969, b'\0\1pxelinux.0\0octet\0')),
        eth(down(3005, 2005, data(1))),
        # and what only looks like it
        eth(down(3006, 2006, data(1))), eth(up(2006, 3006, ack(2))),
        eth(down(3007, 2007, b'\0\6hello\0world\0')),
        eth(up(2008, 3008, b'\0\4\0\1 and more')),
        eth(rrq6),
        eth(ipv6(1, 0x50, 17, udp(3001, 2001, OACK))),
        eth(up(2009, 69, b'\0\2upload.txt\0NETASCII\0timeout\0' b'5\0'
               b'windowsize\0' b'4\0msftwindow\0' b'31416\0')),
        eth(down(3009, 2009, b'\0\5\0\2Only RRQ here')),
    ])


def dhcp():
    pxe43 = opts4((6, b'\x08'), (8, b'\x80\0\1' + ip4('10.77.0.1')),
                  (9, b'\x80\0\4Boot'), (10, b'\0Boot')) + b'\xff'
    agent = opts4((1, b'eth0/7'), (2, b'\0\4switch'))
    ipxe = opts4((177, bytes.fromhex('018086100e')), (19, b'\1'))
    pcap('dhcp.pcap', [
        eth(ask(DISCOVER[:-1] + opts4((97, b'\0' + bytes(range(16))),
                                      (77, b'iPXE'), (175, ipxe),
                                      (82, agent)) + b'\xff',
                giaddr='10.77.0.254')),
        eth(answer(opts4((53, b'\2'), (54, ip4('10.77.0.1')),
                         (60, b'PXEClient'), (43, pxe43)) + b'\xff')),
        # without 60 it is some other vendor's, and may hold anything
        eth(answer(opts4((53, b'\2'), (43, b'\6\1\x08\xff')) + b'\xff')),
        # options in file and sname, one split over both
        eth(answer(opts4((53, b'\5'), (52, b'\3')) + b'\xff',
                   file=opts4((67, b'boot/'), (66, b'tftp')) + b'\xff',
                   sname=opts4((67, b'ipxe.efi')) + b'\xff')),
        eth(ipv4('10.77.0.50', '10.77.0.2', 17, udp(4011, 4011, dhcp4(
            opts4((53, b'\3'), (60, b'PXEClient')) + b'\xff')))),
        eth(up(4011, 9999, b'\x77 is of nothing')),
        # BOOTP: no cookie
        eth(ipv4('0.0.0.0', '255.255.255.255', 17,
                 udp(68, 67, dhcp4(b'')[:236] + bytes(64)))),
        eth(ipv6(0x50, 1, 17, udp(546, 547, SOLICIT))),
        eth(ipv6(1, 0x50, 17, udp(547, 546, ADVERTISE))),
        eth(ipv6(0x50, 1, 17, udp(547, 547, relayed(
            12, 1, relayed(12, 0, SOLICIT))))),
        eth(ipv6(1, 0x50, 17, udp(547, 546, b'\7\x12\x34\x56' + opts6(
            (1, DUID), (13, b'\0\2no address left'))))),
    ])


def others():
    dns = struct.pack('>HHHHHH', 7, 0x8180, 1, 2, 0, 0) + \
        b'\4boot\3lab\0' + struct.pack('>HH', 1, 1) + \
        b'\xc0\x0c' + struct.pack('>HHIH', 5, 1, 60, 6) + b'\3srv\xc0\x11' + \
        b'\xc0\x26' + struct.pack('>HHIH', 1, 1, 60, 4) + ip4('10.77.0.1')
    quoted = up(2001, 69, RRQ)[:28]
    unreachable = struct.pack('>BBHI', 3, 3, 0, 0) + quoted
    too_big = struct.pack('>BBHHH', 3, 4, 0, 0, 1400) + quoted
    echo = struct.pack('>BBHHH', 8, 0, 0, 77, 1) + b'ping'
    advert = struct.pack('>BBHBBHII', 134, 0, 0, 64, 0xc0, 1800, 0, 0)
    solicit = struct.pack('>BBHI', 135, 0, 0, 0) + ip6(1)
    pcap('others.pcap', [
        eth(arp(1, '10.77.0.50', '10.77.0.1'), dst=ALL, kind=0x0806),
        eth(arp(2, '10.77.0.50', '10.77.0.1'), kind=0x0806),
        eth(arp(1, '10.77.0.50', '10.77.0.50'), dst=ALL, kind=0x0806),
        eth(up(2002, 53, dns[:2] + b'\1\0\0\1\0\0' + bytes(4) + dns[12:26])),
        eth(down(53, 2002, dns)),
        eth(ipv4('10.77.0.1', '10.77.0.50', 1, unreachable)),
        eth(ipv4('10.77.0.9', '10.77.0.50', 1, too_big)),
        eth(ipv4('10.77.0.50', '10.77.0.1', 1, echo)),
        eth(ipv6(1, 0x50, 58, advert)), eth(ipv6(0x50, 1, 58, solicit)),
        eth(b'\x42\x42\3' + bytes(35), dst='01:80:c2:00:00:00', kind=38),
        eth(b'\1\1\0\0', dst='01:80:c2:00:00:03', kind=0x888e),
        eth(b'\1\1' + bytes(50), dst='01:80:c2:00:00:02', kind=0x8809),
        eth(b'\x88' * 40, kind=0x88cc),
        eth(up(5000, 5001, b'nothing of a boot')),
    ])


if __name__ == '__main__':
    for make in (links, snapped, malformed, fragments, http, tftp, dhcp,
                 others):
        make()
