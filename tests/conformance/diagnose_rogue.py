#!/usr/bin/python3
"""Servers that break the rules, one fault each: DHCP, TFTP and HTTP.

    diagnose_rogue.py dhcp|tftp|http MODE

Run in a network namespace with eth0.
"""
import http.server
import socket
import ssl
import struct
import sys
import time

ME = bytes([10, 77, 0, 1])
OTHER = bytes([10, 77, 0, 2])


def opt(code, value):
    return bytes([code, len(value)]) + value


def dhcp(mode):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'eth0')
    s.bind(('', 67))

    def answer(m, kind, opts=b'', yi=bytes([10, 77, 0, 150]), si=ME,
               file=b'boot.efi', sid=ME, port=68):
        base = opt(53, bytes([kind])) + (opt(54, sid) if sid else b'') + \
            opt(51, b'\0\0\x0e\x10') + opt(1, b'\xff\xff\xff\0')
        r = b'\2' + m[1:8] + bytes(2) + b'\x80\0' + bytes(4) + yi + si + \
            bytes(4) + m[28:44] + bytes(64) + file.ljust(128, b'\0') + \
            m[236:240] + base + opts + b'\xff'
        s.sendto(r.ljust(300, b'\0'), ('255.255.255.255', port))

    while True:
        m, peer = s.recvfrom(2000)
        if m[0] != 1:
            continue
        kind = m[242]
        if kind == 1:
            if mode == 'late':
                time.sleep(20)
            if mode == 'proxy-only':
                answer(m, 2, opt(60, b'PXEClient'), yi=bytes(4))
            elif mode == 'no-id':
                answer(m, 2, sid=None)
            elif mode == 'pxe-class':
                answer(m, 2, opt(60, b'PXEClient'))
            elif mode == 'option66':
                answer(m, 2, opt(66, b'10.77.0.2'))
            elif mode == 'url66':
                answer(m, 2, file=b'http://10.77.0.1/x')
            elif mode == 'far':
                answer(m, 2, si=bytes([192, 0, 2, 7]))
            elif mode == 'no-server':
                answer(m, 2, si=bytes(4))
            elif mode == 'two':
                answer(m, 2)
                answer(m, 2, sid=OTHER, si=OTHER, file=b'other.efi')
            elif mode == 'bigopt13':
                answer(m, 2, opt(13, b'\0\1'))
            else:
                answer(m, 2)
        elif kind == 3:
            if mode == 'mute':
                continue
            if mode == 'nak-other':
                answer(m, 6, sid=OTHER, yi=bytes(4), si=bytes(4), file=b'')
            elif mode == 'nak':
                answer(m, 6, yi=bytes(4), si=bytes(4), file=b'')
            elif mode == 'ack-no-file':
                answer(m, 5, file=b'')
            elif mode == 'pxe-class':
                answer(m, 5, opt(60, b'PXEClient'))
            elif mode == 'option66':
                answer(m, 5, opt(66, b'10.77.0.2'))
            elif mode == 'far':
                answer(m, 5, si=bytes([192, 0, 2, 7]))
            elif mode == 'no-server':
                answer(m, 5, si=bytes(4))
            elif mode == 'two':
                answer(m, 5)
            elif mode == 'bigopt13':
                answer(m, 5, opt(13, b'\0\1'))
            else:
                answer(m, 5)


def tftp(mode):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(('', 69))

    def error(to, sock, code, text):
        sock.sendto(struct.pack('>HH', 5, code) + text + b'\0', to)

    while True:
        m, peer = s.recvfrom(2000)
        if m[:2] != b'\0\1':
            continue
        t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        t.settimeout(1)
        if mode == 'other-address':
            t.bind(('10.77.0.9', 0))
        else:
            t.bind(('10.77.0.1', 0))
        if mode == 'denied':
            error(peer, t, 2, b'Access violation')
        elif mode == 'options':
            error(peer, t, 8, b'no options please')
        elif mode == 'missing0':
            error(peer, t, 0, b'File not found')
        elif mode == 'empty':
            t.sendto(b'\0\3\0\1', peer)
        else:
            data = b'MZ' + bytes(600000)
            blk = 512
            words = m.split(b'\0')
            if b'blksize' in words:
                blk = int(words[words.index(b'blksize') + 1])
            tsize = b'tsize\0%d\0' % len(data) if b'tsize' in words else b''
            window = b'windowsize\0' b'4\0' if mode == 'window' else b''
            t.sendto(b'\0\6blksize\0%d\0' % blk + tsize + window, peer)
            n = 0
            while n * blk < len(data):
                try:
                    a, frm = t.recvfrom(100)
                except socket.timeout:
                    break
                if a[:2] != b'\0\4':
                    break
                n = struct.unpack('>H', a[2:4])[0]
                if mode == 'stall' and n >= 100:
                    for _ in range(5):
                        t.sendto(b'\0\3' + struct.pack('>H', 100) +
                                 bytes(blk), peer)
                        time.sleep(0.5)
                    break
                t.sendto(b'\0\3' + struct.pack('>H', n + 1) +
                         data[n * blk:n * blk + blk], peer)
        t.close()


class Web(http.server.BaseHTTPRequestHandler):
    mode = ''

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, body):
        mode = self.mode
        if mode.isdigit():
            self.send_response(int(mode))
            if mode[0] == '3':
                self.send_header('Location', 'https://10.77.0.1/boot.ipxe')
            self.send_header('Content-Length', '0')
            self.end_headers()
        elif mode == 'nohead' and not body:
            self.send_error(405)
        elif mode == 'cut':
            self.send_response(200)
            self.send_header('Content-Length', '5000')
            self.end_headers()
            if body:
                self.wfile.write(b'#!ipxe\n')
            self.close_connection = True
        elif mode == 'hang':
            time.sleep(60)
        else:
            data = b'MZ' + bytes(30000)
            self.send_response(200)
            self.send_header('Content-Type', 'application/octet-stream')
            self.send_header('Content-Length', str(len(data)))
            self.end_headers()
            if body:
                self.wfile.write(data)


def web(mode):
    Web.mode = mode
    port = 443 if mode.startswith('tls') else 80
    srv = http.server.ThreadingHTTPServer(('', port), Web)
    if mode.startswith('tls'):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(sys.argv[3])
        if mode == 'tls13':
            c.minimum_version = ssl.TLSVersion.TLSv1_3
        srv.socket = c.wrap_socket(srv.socket, server_side=True)
    srv.serve_forever()


{'dhcp': dhcp, 'tftp': tftp, 'http': web}[sys.argv[1]](sys.argv[2])
