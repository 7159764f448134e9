#!/usr/bin/env python3
"""router.py IFACE FLAGS [PREFIX]: advertise a router: FLAGS of M, O or - for
none, and PREFIX as on link, without autoconfiguration. Answers solicitations,
and speaks up once a second."""
import select
import socket
import struct
import sys

RS, RA, ICMP6_FILTER = 133, 134, 1


def main():
    iface, letters = sys.argv[1], sys.argv[2]
    flags = (0x80 if "M" in letters else 0) | (0x40 if "O" in letters else 0)
    index = socket.if_nametoindex(iface)
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    s.setsockopt(socket.SOL_SOCKET, 25, iface.encode())
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                 socket.inet_pton(socket.AF_INET6, "ff02::2") +
                 struct.pack("=I", index))
    only = [0xffffffff] * 8
    only[RS >> 5] &= ~(1 << (RS & 31))
    s.setsockopt(socket.IPPROTO_ICMPV6, ICMP6_FILTER, struct.pack("=8I", *only))
    message = struct.pack("!BBHBBHII", RA, 0, 0, 64, flags, 1800, 0, 0)
    if len(sys.argv) > 3:
        prefix = socket.inet_pton(socket.AF_INET6, sys.argv[3])
        message += struct.pack("!BBBBIII", 3, 4, 64, 0x80, 3600, 3600, 0)
        message += prefix
    print("advertising", flush=True)
    while True:
        if select.select([s], [], [], 1)[0]:
            s.recv(1500)
        s.sendto(message, ("ff02::1", 0, 0, index))


main()
