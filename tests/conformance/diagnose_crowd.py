#!/usr/bin/python3
"""A capture of many machines that boot at once, some of them broken.

    diagnose_crowd.py MACHINES FILE [MODE]

writes the capture, and prints a line for each broken one: its MAC address, a
blank, the fault. MODE "bulk" makes one machine that loads a file of MACHINES
megabytes by TFTP and one as large by HTTP, to measure with.
"""
import random
import struct
import sys

SERVER = (bytes.fromhex('020000770001'), bytes([10, 77, 0, 1]))
ALL_MAC, ALL_IP, NO_IP = b'\xff' * 6, b'\xff' * 4, bytes(4)
T0 = 1790000000.0
out = []


def send(t, smac, dmac, sip, dip, proto, seg, wire=None):
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(seg), 1, 0, 64, proto, 0) \
        + sip + dip
    out.append((t, dmac + smac + b'\x08\x00' + ip + seg))


def udp(t, smac, dmac, sip, sport, dip, dport, data):
    send(t, smac, dmac, sip, dip, 17,
         struct.pack('>HHHH', sport, dport, 8 + len(data), 0) + data)


def opt(code, value):
    return bytes([code, len(value)]) + value


class Machine:
    def __init__(self, n, rng):
        self.mac = bytes.fromhex('525400c0') + struct.pack('>H', n)
        self.ip = bytes([10, 77, 1 + n // 250, 1 + n % 250])
        self.t = T0 + rng.random() * 20
        self.rng = rng
        self.port = 2000
        self.xid = rng.randrange(1 << 32)

    def wait(self, s):
        self.t += s * (0.8 + 0.4 * self.rng.random())

    def dhcp(self, op, kind, opts, yiaddr=NO_IP, siaddr=NO_IP, file=b''):
        m = struct.pack('>BBBBIHH', op, 1, 6, 0, self.xid, 0, 0x8000) + \
            NO_IP + yiaddr + siaddr + NO_IP + self.mac + bytes(10 + 64) + \
            file.ljust(128, b'\0') + b'\x63\x82\x53\x63' + \
            opt(53, bytes([kind])) + opts + b'\xff'
        if op == 1:
            udp(self.t, self.mac, ALL_MAC, NO_IP, 68, ALL_IP, 67, m)
        else:
            udp(self.t, SERVER[0], ALL_MAC, SERVER[1], 67, ALL_IP, 68, m)

    def who(self, client):
        uefi = opt(60, b'PXEClient:Arch:00007:UNDI:003000') + \
            opt(93, b'\0\7') + opt(94, b'\1\3\0')
        return {'uefi': uefi, 'ipxe': uefi + opt(77, b'iPXE') +
                opt(175, b'\x13\1\1\x24\1\1'),
                'os': opt(60, b'udhcp 1.36.1')}[client] + \
            opt(55, bytes([1, 3, 6, 54, 66, 67]))

    def dora(self, client, file, offers=True):
        self.xid = (self.xid + 1) % (1 << 32)
        tries = 1 if offers and (file or client == 'os') else 4
        for i in range(tries):
            self.dhcp(1, 1, self.who(client))
            if offers:
                self.wait(0.01)
                self.dhcp(2, 2, opt(54, SERVER[1]) + opt(51, b'\0\0\x0e\x10')
                          + opt(1, b'\xff\xff\0\0'), self.ip, SERVER[1], file)
            self.wait(4 << i)
        if tries > 1:
            return
        self.dhcp(1, 3, opt(54, SERVER[1]) + opt(50, self.ip) +
                  self.who(client))
        self.wait(0.01)
        self.dhcp(2, 5, opt(54, SERVER[1]) + opt(51, b'\0\0\x0e\x10') +
                  opt(1, b'\xff\xff\0\0'), self.ip, SERVER[1], file)
        self.wait(0.1)

    def tftp(self, name, data, mode='good'):
        me = (self.t, self.mac, SERVER[0], self.ip, self.port, SERVER[1])
        sport = self.rng.randrange(20000, 60000)

        def up(port, m):
            udp(self.t, self.mac, SERVER[0], self.ip, self.port, SERVER[1],
                port, m)

        def down(m):
            udp(self.t, SERVER[0], self.mac, SERVER[1], sport, self.ip,
                self.port, m)

        del me
        self.port += 1
        up(69, b'\0\1' + name + b'\0octet\0blksize\0' b'1024\0')
        self.wait(0.001)
        if mode == 'missing':
            down(b'\0\5\0\1File not found\0')
            self.wait(10)
            return
        down(b'\0\6blksize\0' b'1024\0')
        if mode == 'blocked':
            for i in range(5):
                self.wait(1 << i)
                down(b'\0\6blksize\0' b'1024\0')
            return
        up(sport, b'\0\4\0\0')
        for n in range(len(data) // 1024 + 1):
            self.t += 0.0001
            down(struct.pack('>HH', 3, n + 1 & 0xffff) +
                 data[n * 1024:n * 1024 + 1024])
            up(sport, struct.pack('>HH', 4, n + 1 & 0xffff))

    def http(self, path, data, status=b'200 OK'):
        self.port += 1
        sport, cseq, sseq = 80, 1000, 5000

        def seg(up, flags, payload=b''):
            nonlocal cseq, sseq
            seq, ack = (cseq, sseq) if up else (sseq, cseq)
            ports = (self.port, sport) if up else (sport, self.port)
            tcp = struct.pack('>HHIIBBHHH', *ports, seq % (1 << 32),
                              ack % (1 << 32), 0x50, flags, 65535, 0, 0)
            self.t += 0.0001
            if up:
                send(self.t, self.mac, SERVER[0], self.ip, SERVER[1], 6,
                     tcp + payload)
                cseq += len(payload) + (flags & 3 != 0)
            else:
                send(self.t, SERVER[0], self.mac, SERVER[1], self.ip, 6,
                     tcp + payload)
                sseq += len(payload) + (flags & 3 != 0)

        seg(True, 2)
        seg(False, 0x12)
        seg(True, 0x10)
        seg(True, 0x18, b'GET ' + path + b' HTTP/1.1\r\nHost: 10.77.0.1\r\n'
            b'User-Agent: iPXE/1.21.1\r\n\r\n')
        head = b'HTTP/1.1 ' + status + b'\r\nServer: nginx/1.22.1\r\n' \
            b'Content-Length: %d\r\n\r\n' % len(data)
        seg(False, 0x18, head + data[:1000])
        for at in range(1000, len(data), 1400):
            seg(False, 0x10, data[at:at + 1400])
        seg(True, 0x11)
        seg(False, 0x11)

    def boot(self, fault=None):
        loader = b'MZ' + bytes(3000)
        script = b'#!ipxe\nkernel vmlinuz initrd=initrd.img\n' \
            b'initrd initrd.img\nboot\n'
        if fault == 'server-ignores-client':
            return self.dora('uefi', b'', offers=False)
        if fault == 'offer-without-bootfile':
            return self.dora('uefi', b'')
        self.dora('uefi', b'ipxe.efi')
        if fault in ('tftp-file-not-found', 'tftp-data-blocked'):
            return self.tftp(b'ipxe.efi', loader, fault ==
                             'tftp-data-blocked' and 'blocked' or 'missing')
        self.tftp(b'ipxe.efi', loader)
        self.wait(3)
        if fault == 'chainload-loop':
            for _ in range(3):
                self.dora('ipxe', b'ipxe.efi')
                self.tftp(b'ipxe.efi', loader)
                self.wait(3)
            return None
        self.dora('ipxe', b'http://10.77.0.1/boot.ipxe')
        if fault == 'http-not-found':
            self.http(b'/boot.ipxe', b'gone', b'404 Not Found')
            return self.wait(10)
        self.http(b'/boot.ipxe', script)
        self.http(b'/vmlinuz', bytes(512) + b'HdrS' + bytes(4000))
        self.http(b'/initrd.img', b'070701' + bytes(6000))
        self.wait(8)
        return self.dora('os', b'')


def main():
    n, path = int(sys.argv[1]), sys.argv[2]
    rng = random.Random(7)
    if sys.argv[3:] == ['bulk']:
        m = Machine(1, rng)
        m.dora('uefi', b'ipxe.efi')
        m.tftp(b'ipxe.efi', b'MZ' + bytes(n * 1000000))
        m.dora('ipxe', b'http://10.77.0.1/boot.ipxe')
        m.http(b'/vmlinuz', bytes(n * 1000000))
    else:
        faults = ['server-ignores-client', 'offer-without-bootfile',
                  'tftp-file-not-found', 'chainload-loop', 'http-not-found']
        broken = dict(zip(rng.sample(range(n), len(faults)), faults))
        for i in range(n):
            m = Machine(i, rng)
            m.boot(broken.get(i))
            if i in broken:
                print(m.mac.hex(':'), broken[i])
    out.sort(key=lambda x: x[0])
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHIIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for t, p in out:
            f.write(struct.pack('<IIII', int(t), int(t % 1 * 1e6), len(p),
                                len(p)) + p)


main()
