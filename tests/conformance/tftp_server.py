"""tftp_server.py - a TFTP server that makes one mistake, for what no real one
can be brought to do.

    tftp_server.py ADDRESS MISTAKE [BLOCKS]

MISTAKE: "reject" refuses every request with options; "larger" acknowledges a
larger block than was asked for; "one" counts from block 65535 to 1; "stop"
falls silent in the middle of a window, after half of the blocks; "short" ends
the file after half of what its size promised. The file is
BLOCKS blocks of zeros, each of the size that was agreed on.
"""
import socket
import struct
import sys

ADDRESS, MISTAKE = sys.argv[1:3]
BLOCKS = int(sys.argv[3]) if len(sys.argv) > 3 else 100


def wanted(packet):
    words = packet[2:].split(b"\0")
    return {words[i].lower(): words[i + 1]
            for i in range(2, len(words) - 1, 2)}


def number_of(block):
    if MISTAKE == "one" and block > 65535:
        return (block - 1) % 65535 + 1
    return block % 65536


def send_all(sock, peer, size, window):
    sock.settimeout(5)
    block = 0
    while block < BLOCKS:
        last = min(block + window, BLOCKS)
        for i in range(block + 1, last + 1):
            if MISTAKE == "stop" and i > BLOCKS // 2:
                return
            data = bytes(size if i < BLOCKS else 1)
            if MISTAKE == "short" and i == BLOCKS // 2:
                data = b"1"
            sock.sendto(struct.pack(">HH", 3, number_of(i)) + data, peer)
        packet = sock.recvfrom(600)[0]
        if packet[1] != 4:
            return
        block = last


def serve(packet, peer):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((ADDRESS, 0))
    asked = wanted(packet)
    size, window = 512, 1
    if MISTAKE == "reject" and asked:
        sock.sendto(struct.pack(">HH", 5, 8) + b"no options here\0", peer)
        return
    if b"blksize" in asked and MISTAKE != "one":
        agreed = b""
        size = int(asked[b"blksize"]) + (8 if MISTAKE == "larger" else 0)
        if b"windowsize" in asked:
            window = int(asked[b"windowsize"])
            agreed = b"windowsize\0%d\0" % window
        if b"tsize" in asked:
            agreed += b"tsize\0%d\0" % (size * (BLOCKS - 1) + 1)
        sock.sendto(b"\0\6blksize\0%d\0" % size + agreed, peer)
        sock.settimeout(5)
        if sock.recvfrom(600)[0][1] != 4:
            return
    send_all(sock, peer, size, window)


def main():
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind((ADDRESS, 69))
    while True:
        packet, peer = door.recvfrom(600)
        try:
            if packet[:2] == b"\0\1":
                serve(packet, peer)
        except OSError:
            pass


main()
