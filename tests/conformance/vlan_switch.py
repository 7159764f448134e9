#!/usr/bin/env python3
"""vlan_switch.py TRUNK ACCESS ID: a switch with one trunk port and one access
port of the VLAN ID, for kernels that have no VLANs themselves. What has
another tag, or none, stays on the trunk."""
import select
import socket
import struct
import sys

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
PACKET_OUTGOING = 4
TP_STATUS_VLAN_VALID = 0x10


def port(name):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                      socket.htons(ETH_P_ALL))
    s.bind((name, 0))
    s.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    return s


def receive(s):
    """The frame without its tag, and the tag; None if we sent it."""
    frame, aux, _, addr = s.recvmsg(65536, 256)
    if addr[2] == PACKET_OUTGOING:
        return None, 0
    for level, kind, data in aux:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci = struct.unpack_from("=IIIHHH", data)
            if status & TP_STATUS_VLAN_VALID:
                return frame, tci & 0xfff
    return frame, 0


def main():
    trunk, access = port(sys.argv[1]), port(sys.argv[2])
    vlan = int(sys.argv[3])
    print("switching", flush=True)
    while True:
        for s in select.select([trunk, access], [], [])[0]:
            frame, tag = receive(s)
            if frame is None:
                continue
            if s is trunk and tag == vlan:
                access.send(frame)
            elif s is access and tag == 0:
                trunk.send(frame[:12] + struct.pack("!HH", 0x8100, vlan) +
                           frame[12:])


main()
