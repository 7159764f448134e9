"""decode_compare.py PXETOOL CAPTURE - is every field of `pxetool decode` what
tshark says it is, and is no boot packet missing?

Prints each difference; the exit status says if there was one.
"""
import json
import subprocess
import sys

# Several values of a field in one frame are kept apart by this.
SEP = '\x02'
BOTH = ['frame.number', 'frame.time_epoch', 'frame.protocols', 'eth.src',
        'eth.dst', 'ip.src', 'ip.dst', 'ip.ttl', 'ip.id', 'ipv6.src',
        'ipv6.dst', 'ipv6.hlim', 'udp.srcport', 'udp.dstport', 'udp.payload']
TCP = ['tcp.srcport', 'tcp.dstport', 'tcp.flags', 'tcp.seq_raw',
       'tcp.ack_raw', 'tcp.window_size_value', 'tcp.len',
       'tcp.analysis.retransmission', 'tcp.analysis.spurious_retransmission']
DHCP4 = ['dhcp.type', 'dhcp.hw.type', 'dhcp.hw.len', 'dhcp.hops', 'dhcp.id',
         'dhcp.secs', 'dhcp.flags', 'dhcp.ip.client', 'dhcp.ip.your',
         'dhcp.ip.server', 'dhcp.ip.relay', 'dhcp.hw.mac_addr', 'dhcp.server',
         'dhcp.file', 'dhcp.option.type', 'dhcp.option.length',
         'dhcp.option.value', 'dhcp.option.vendor.pxeclient.suboption']
DHCP6 = ['dhcpv6.msgtype', 'dhcpv6.xid', 'dhcpv6.option.type',
         'dhcpv6.option.length', 'dhcpv6.iaid', 'dhcpv6.iaid.t1',
         'dhcpv6.iaid.t2', 'dhcpv6.iaaddr.ip', 'dhcpv6.iaaddr.pref_lifetime',
         'dhcpv6.iaaddr.valid_lifetime']
TFTP = ['tftp.opcode', 'tftp.source_file', 'tftp.destination_file',
        'tftp.type', 'tftp.option.name', 'tftp.option.value', 'tftp.block',
        'tftp.error.code', 'tftp.error.message']
HTTP = ['http.request.method', 'http.request.uri', 'http.request.version',
        'http.request.line', 'http.response.code', 'http.response.phrase',
        'http.response.version', 'http.response.line']
ARP = ['arp.opcode', 'arp.src.hw_mac', 'arp.src.proto_ipv4', 'arp.dst.hw_mac',
       'arp.dst.proto_ipv4']
ICMP = ['icmp.type', 'icmp.code', 'icmp.mtu', 'icmpv6.type', 'icmpv6.code']
DNS = ['dns.id', 'dns.flags.rcode', 'dns.qry.name', 'dns.qry.type',
       'dns.resp.name', 'dns.resp.type', 'dns.resp.ttl', 'dns.a', 'dns.aaaa',
       'dns.cname', 'dns.count.auth_rr', 'dns.count.add_rr']
FIELDS = BOTH + TCP + DHCP4 + DHCP6 + TFTP + HTTP + ARP + ICMP + DNS
FIN_SYN_RST = 7


def tshark(path):
    """Frame number -> {field: [values]} with only the fields that are there.

    A body is not put together: its frames would take the head's place.
    """
    cmd = ['tshark', '-n', '-r', path, '-T', 'fields', '-E',
           'aggregator=' + SEP, '-o', 'http.desegment_body:FALSE']
    for f in FIELDS:
        cmd += ['-e', f]
    out = subprocess.run(cmd, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=True).stdout
    frames = {}
    for line in out.decode('utf-8', 'replace').split('\n'):
        values = line.split('\t')
        if len(values) == len(FIELDS):
            row = {f: v.split(SEP) for f, v in zip(FIELDS, values) if v}
            frames[int(row['frame.number'][0])] = row
    return frames


def pxetool(tool, path):
    out = subprocess.run([tool, 'decode', '--format=json', path],
                         stdout=subprocess.PIPE, check=True).stdout
    # Times as text: the comparison is of digits.
    objects = [json.loads(line, parse_float=str) for line in out.splitlines()]
    return {o['frame']: o for o in objects}


def proto_of(row):
    """Our word for what tshark found in a frame; None: not of a boot."""
    names = row['frame.protocols'][0].split(':')
    # What an ICMP error quotes is not the packet's own.
    for name in ('icmp', 'icmpv6'):
        if name in names:
            return 'icmp'
    if 'http.request.method' in row or 'http.response.code' in row:
        return 'http'
    for theirs, ours in (('dhcp', 'dhcp4'), ('dhcpv6', 'dhcp6'),
                         ('tftp', 'tftp'), ('dns', 'dns'), ('arp', 'arp'),
                         ('stp', 'stp')):
        if theirs in names:
            return ours
    if 'tcp' in names and int(row['tcp.flags'][0], 0) & FIN_SYN_RST:
        return 'tcp'
    return None


class Frame:
    """One frame's fields, and what was found different in it."""

    def __init__(self, number, row, ours):
        self.number, self.row, self.ours = number, row, ours
        self.bad = []

    def first(self, name):
        return self.row.get(name, [None])[0]

    def all(self, name):
        return self.row.get(name, [])

    def same(self, what, ours, theirs):
        if ours != theirs:
            self.bad.append('frame %d: %s: %r, tshark: %r'
                            % (self.number, what, ours, theirs))

    def text(self, key, name):
        self.same(key, self.ours.get(key), self.first(name))

    def num(self, key, name):
        value = self.first(name)
        self.same(key, self.ours.get(key),
                  None if value is None else int(value, 0))


def check_frame(f):
    micros = f.first('frame.time_epoch')
    if micros.endswith('000'):
        micros = micros[:-3]
    f.same('time', f.ours['time'], micros)
    f.same('state', f.ours['state'], 'whole')
    f.text('mac_src', 'eth.src')
    f.text('mac_dst', 'eth.dst')
    for v, ttl in (('ip', 'ip.ttl'), ('ipv6', 'ipv6.hlim')):
        if f.first(v + '.src'):
            f.text('src', v + '.src')
            f.text('dst', v + '.dst')
            f.num('ttl', ttl)
            break
    if f.first('ip.id'):
        f.num('ip_id', 'ip.id')
    if f.first('tcp.srcport'):
        for key, name in zip(('sport', 'dport', 'tcp_flags', 'seq', 'ack',
                              'window', 'tcp_bytes'), TCP):
            f.num(key, name)
    elif f.ours['proto'] != 'icmp' and f.first('udp.srcport'):
        f.num('sport', 'udp.srcport')
        f.num('dport', 'udp.dstport')


def check_dhcp4(f):
    for key, name in zip(('op', 'htype', 'hlen', 'hops', 'xid'), DHCP4):
        f.num(key, name)
    f.num('flags', 'dhcp.flags')
    # tshark turns the bytes around where that looks more likely; RFC 2131
    # knows one order only, and what was sent is what we show.
    secs = int(f.first('dhcp.secs'))
    turned = (secs & 0xff) << 8 | secs >> 8
    if f.ours['secs'] != turned or turned & 0xff:
        f.same('secs', f.ours['secs'], secs)
    for key, name in zip(('ciaddr', 'yiaddr', 'siaddr', 'giaddr', 'chaddr'),
                         DHCP4[7:]):
        f.text(key, name)
    f.same('sname', f.ours['sname'], f.first('dhcp.server') or '')
    f.same('file', f.ours['file'], f.first('dhcp.file') or '')
    opts = f.ours['options']
    # Theirs end with END, as type 0, and any padding.
    types = [int(t) for t in f.all('dhcp.option.type')]
    while types and types[-1] == 0:
        types.pop()
    f.same('option codes', [o['code'] for o in opts], types)
    f.same('option lengths', [o['length'] for o in opts],
           [int(n) for n in f.all('dhcp.option.length')])
    f.same('option values', [o['hex'] for o in opts if o['length'] > 0],
           f.all('dhcp.option.value'))
    f.same('option names', [o['code'] for o in opts if 'name' not in o], [])
    subs = [s['code'] for o in opts if o['code'] == 43
            for s in o.get('options', [])]
    f.same('sub-options of 43', subs,
           [int(s) for s in f.all('dhcp.option.vendor.pxeclient.suboption')
            if int(s) not in (0, 255)])


def walk(options):
    for o in options:
        yield o
        yield from walk(o.get('options', []))


def split6(data):
    """The options of a DHCPv6 message, read once more, as code and hex."""
    while data:
        n = int.from_bytes(data[2:4], 'big')
        yield int.from_bytes(data[:2], 'big'), data[4:4 + n].hex()
        data = data[4 + n:]


def check_dhcp6(f):
    f.num('msg_type', 'dhcpv6.msgtype')
    f.num('transaction_id', 'dhcpv6.xid')
    opts = list(walk(f.ours['options']))
    f.same('option codes', [o['code'] for o in opts],
           [int(t) for t in f.all('dhcpv6.option.type')])
    f.same('option lengths', [o['length'] for o in opts],
           [int(n) for n in f.all('dhcpv6.option.length')])
    payload = bytes.fromhex(f.first('udp.payload').replace(':', ''))
    f.same('option values', [(o['code'], o['hex']) for o in f.ours['options']],
           list(split6(payload[4:])))
    for key, name, base in (('iaid', 'dhcpv6.iaid', 16),
                            ('t1', 'dhcpv6.iaid.t1', 10),
                            ('t2', 'dhcpv6.iaid.t2', 10),
                            ('preferred_lifetime',
                             'dhcpv6.iaaddr.pref_lifetime', 10),
                            ('valid_lifetime',
                             'dhcpv6.iaaddr.valid_lifetime', 10)):
        theirs = [int(v.replace(':', ''), base) for v in f.all(name)]
        f.same(key, [o[key] for o in opts if key in o], theirs)
    f.same('addresses', [o['address'] for o in opts if 'address' in o],
           f.all('dhcpv6.iaaddr.ip'))


def check_tftp(f):
    f.num('opcode', 'tftp.opcode')
    f.num('block', 'tftp.block')
    f.num('error_code', 'tftp.error.code')
    f.text('error_message', 'tftp.error.message')
    if f.ours['opcode'] in (1, 2):
        # tshark repeats it with the other packets of the transfer.
        f.same('filename', f.ours['filename'], f.first('tftp.source_file') or
               f.first('tftp.destination_file'))
    f.text('mode', 'tftp.type')
    known = [(k, str(v)) for k, v in f.ours.get('options', {}).items()]
    other = [(o['name'], o['value']) for o in f.ours.get('other_options', [])]
    f.same('options', sorted(known + other),
           sorted(zip(f.all('tftp.option.name'), f.all('tftp.option.value'))))
    f.same('order of options', known,
           [o for o in zip(f.all('tftp.option.name'),
                           f.all('tftp.option.value')) if o not in other])
    if f.ours['opcode'] == 3:
        # A capture may hold less of the data than there was.
        held = len(f.first('udp.payload')) // 2 - 4
        if f.ours['bytes'] < held:
            f.same('bytes', f.ours['bytes'], held)


def check_http(f):
    f.text('method', 'http.request.method')
    f.text('target', 'http.request.uri')
    f.num('status', 'http.response.code')
    f.same('reason', f.ours.get('reason', ''),
           f.first('http.response.phrase') or '')
    f.same('version', f.ours['version'], f.first('http.request.version') or
           f.first('http.response.version'))
    lines = f.all('http.request.line') or f.all('http.response.line')
    f.same('fields', [h['name'] + ': ' + h['value'] + '\\r\\n'
                      for h in f.ours['fields']], lines)


def check_arp(f):
    f.num('op', 'arp.opcode')
    for key, name in zip(('sender_mac', 'sender_ip', 'target_mac',
                          'target_ip'), ARP[1:]):
        f.text(key, name)


def check_icmp(f):
    v = 'icmp' if f.first('icmp.type') else 'icmpv6'
    f.num('type', v + '.type')
    f.num('code', v + '.code')
    if f.first('icmp.mtu'):
        f.num('mtu', 'icmp.mtu')


def check_dns(f):
    f.num('id', 'dns.id')
    if f.ours['qr']:
        f.num('rcode', 'dns.flags.rcode')
    f.same('qname', [q['qname'] for q in f.ours['questions']],
           f.all('dns.qry.name'))
    f.same('qtype', [q['qtype'] for q in f.ours['questions']],
           [int(t) for t in f.all('dns.qry.type')])
    answers = f.ours['answers']
    n = len(answers)
    # Theirs go on with the authority and additional records.
    f.same('names', [a['name'] for a in answers], f.all('dns.resp.name')[:n])
    f.same('types', [a['type'] for a in answers],
           [int(t) for t in f.all('dns.resp.type')[:n]])
    f.same('ttls', [a['ttl'] for a in answers],
           [int(t) for t in f.all('dns.resp.ttl')[:n]])
    f.same('addresses', [a['address'] for a in answers if 'address' in a],
           f.all('dns.a') + f.all('dns.aaaa'))
    f.same('targets', [a['target'] for a in answers if a['type'] == 5],
           f.all('dns.cname'))
    f.num('nscount', 'dns.count.auth_rr')
    f.num('arcount', 'dns.count.add_rr')


CHECKS = {'dhcp4': check_dhcp4, 'dhcp6': check_dhcp6, 'tftp': check_tftp,
          'http': check_http, 'arp': check_arp, 'icmp': check_icmp,
          'dns': check_dns}


def sent_again(row, got, seen):
    """Is it a head that tshark does not read a second time?"""
    key = (got['src'], got['sport'], got['seq'], got['summary'])
    again = ('tcp.analysis.retransmission' in row or
             'tcp.analysis.spurious_retransmission' in row) and key in seen
    seen.add(key)
    return again


def compare(tool, path):
    theirs = tshark(path)
    ours = pxetool(tool, path)
    bad = []
    heads = set()
    n = 0
    for number, row in sorted(theirs.items()):
        want = proto_of(row)
        got = ours.pop(number, None)
        if got and got['proto'] == 'http' and sent_again(row, got, heads):
            continue
        if want != (got and got['proto']):
            bad.append('frame %d: %s, tshark: %s'
                       % (number, got and got['proto'], want))
        elif got:
            f = Frame(number, row, got)
            check_frame(f)
            CHECKS.get(want, lambda _: None)(f)
            bad += f.bad
            n += 1
    bad += ['frame %d is not in the capture' % number for number in ours]
    if n == 0:
        bad.append('no boot packet in ' + path)
    print('\n'.join(bad[:40]))
    print('%d packets compared, %d differences' % (n, len(bad)))
    return bad


if __name__ == '__main__':
    sys.exit(1 if compare(sys.argv[1], sys.argv[2]) else 0)
