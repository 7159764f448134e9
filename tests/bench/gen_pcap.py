#!/usr/bin/env python3
"""gen_pcap.py N FILE - a capture of about N packets, as many machines booting
at once make it: of 100 packets one is DHCP, one ARP, two HTTP heads, and the
rest TFTP and TCP data.

The same N gives the same bytes.
"""
import struct
import sys

SERVER = b'\x02\0\0\x77\0\1'
SERVER_IP = bytes([10, 77, 0, 1])
TFTP_BLOCKS = 24
HTTP_SEGMENTS = 20


def udp(sport, dport, data):
    return struct.pack('>HHHH', sport, dport, 8 + len(data), 0) + data


def tcp(sport, dport, seq, data, flags=0x18):
    return struct.pack('>HHIIBBHHH', sport, dport, seq, 1, 0x50, flags, 512,
                       0, 0) + data


def frame(src, dst, src_ip, dst_ip, proto, data):
    return dst + src + struct.pack('>HBBHHHBBH', 0x0800, 0x45, 0,
                                   20 + len(data), 1, 0, 64, proto, 0) + \
        src_ip + dst_ip + data


def dhcp(op, mac, ip, options):
    return struct.pack('>BBBBIHH', op, 1, 6, 0, int.from_bytes(mac[2:], 'big'),
                       4, 0x8000) + bytes(4) + ip + SERVER_IP + bytes(4) + \
        mac + bytes(10 + 64 + 128) + b'\x63\x82\x53\x63' + options


REQUEST = bytes.fromhex('390205c05d0200005e0301020137'
                        '17010306070c0f111a2b3c4243778081828384858687afcb') + \
    b'\x3c\x20PXEClient:Arch:00000:UNDI:002001\x4d\x04iPXE\xff'
REPLY = bytes.fromhex('36040a4d00013304000038400104ffffff0003040a4d0001') + \
    b'\x43\x0dundionly.kpxe\xff'


def machine(n):
    mac = b'\x52\x54\0' + struct.pack('>I', n)[1:]
    ip = bytes([10, 77 + (n >> 16), n >> 8 & 255, n & 255])
    port = 1024 + n % 60000
    tid = 1024 + n * 7 % 60000

    def up(proto, data):
        return frame(mac, SERVER, ip, SERVER_IP, proto, data)

    def down(proto, data):
        return frame(SERVER, mac, SERVER_IP, ip, proto, data)

    yield frame(mac, b'\xff' * 6, bytes(4), b'\xff' * 4, 17,
                udp(68, 67, dhcp(1, mac, bytes(4), b'\x35\1\1' + REQUEST)))
    yield down(17, udp(67, 68, dhcp(2, mac, ip, b'\x35\1\2' + REPLY)))
    yield b'\xff' * 6 + mac + struct.pack(
        '>HHHBBH', 0x0806, 1, 0x0800, 6, 4, 1) + mac + ip + bytes(6) + \
        SERVER_IP
    yield up(17, udp(port, 69, b'\0\1undionly.kpxe\0octet\0blksize\0'
                     b'1432\0tsize\0' b'0\0'))
    yield down(17, udp(tid, port, b'\0\6blksize\0' b'1432\0tsize\0'
                       b'70085\0'))
    for block in range(1, TFTP_BLOCKS):
        yield down(17, udp(tid, port, struct.pack('>HH', 3, block) +
                           b'd' * 512))
        yield up(17, udp(port, tid, struct.pack('>HH', 4, block)))
    yield up(6, tcp(port, 80, 0, b'', 2))
    yield down(6, tcp(80, port, 0, b'', 0x12))
    yield up(6, tcp(port, 80, 1, b'GET /boot/vmlinuz HTTP/1.1\r\n'
                    b'Connection: keep-alive\r\nUser-Agent: iPXE/1.21.1\r\n'
                    b'Host: 10.77.0.1\r\n\r\n'))
    yield down(6, tcp(80, port, 1, b'HTTP/1.1 200 OK\r\nServer: nginx\r\n'
                      b'Content-Length: 20000\r\n\r\n'))
    for i in range(HTTP_SEGMENTS):
        yield down(6, tcp(80, port, 100 + 1000 * i, b'k' * 1000))
        yield up(6, tcp(port, 80, 100, b'', 0x10))
    yield up(6, tcp(port, 80, 100, b'', 0x11))


def main():
    n = int(sys.argv[1])
    with open(sys.argv[2], 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        i = m = 0
        while i < n:
            for f in machine(m):
                out.write(struct.pack('<IIII', 1700000000 + i // 10000,
                                      i % 10000 * 100, len(f), len(f)) + f)
                i += 1
            m += 1


if __name__ == '__main__':
    main()
