#include "capture/live.h"

#include "wire/frame.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum { NS_PER_S = 1000000000, NS_PER_US = 1000 };

struct live {
	pcap_t *pcap;
	bool nanoseconds;
	char iface[64];
	struct live_counts counts;
	struct pcap_stat before;        /* its counters are of 32 bits */
};

/*
 * TFTP goes on between ports that nobody knows before; 1 to 6 are its opcodes.
 * Any port may have the kernel, so of TCP only SSH is left out: a hole in a
 * stream looks like loss.
 */
#define PROTOCOLS \
	"arp or icmp or icmp6 or udp port 53 or udp port 67 or " \
	"udp port 68 or udp port 69 or udp port 546 or udp port 547 or " \
	"udp port 4011 or (udp and udp[8:2] >= 1 and udp[8:2] <= 6) or " \
	"(ip6 proto 17 and ip6[48:2] >= 1 and ip6[48:2] <= 6) or " \
	"(ip[6:2] & 0x3fff != 0) or ip6 proto 44 or (tcp and not tcp port 22)"

/*
 * An Ethernet frame of no protocol: what keeps a port shut. LACP and 802.1X
 * have numbers, spanning tree is LLC.
 */
#define SHUT_PORT " or stp or ether proto 0x8809 or ether proto 0x888e"

void
live_filter(int link, const uint8_t *mac, struct sbuf *out)
{
	struct sbuf one = SBUF_EMPTY;
	char text[MAC_TEXT_MAX];

	sbuf_add(&one, PROTOCOLS);
	if (link == LINK_ETHERNET)
		sbuf_add(&one, SHUT_PORT);
	if (link == LINK_ETHERNET && mac)
		sbuf_printf(&one, " or ether host %s", mac_format(mac, text));
	/* "vlan" changes the meaning of all that stands after it. */
	if (link == LINK_ETHERNET)
		sbuf_printf(out, "(%s) or (vlan and (%s))", sbuf_str(&one),
		    sbuf_str(&one));
	else
		sbuf_add(out, sbuf_str(&one));
	sbuf_release(&one);
}

static int
set_filter(struct live *l, const struct live_conf *conf, struct diag *diag)
{
	struct bpf_program program;
	struct sbuf text = SBUF_EMPTY;
	int rc = 0;

	if (conf->filter)
		sbuf_add(&text, conf->filter);
	else
		live_filter(live_link(l), conf->mac, &text);
	if (pcap_compile(l->pcap, &program, sbuf_str(&text), 1,
	    PCAP_NETMASK_UNKNOWN) < 0) {
		diag_set(diag, "'%s' is no filter: %s", sbuf_str(&text),
		    pcap_geterr(l->pcap));
		rc = -EINVAL;
	} else {
		if (pcap_setfilter(l->pcap, &program) < 0) {
			diag_set(diag, "cannot filter on %s: %s", l->iface,
			    pcap_geterr(l->pcap));
			rc = -EIO;
		}
		pcap_freecode(&program);
	}
	sbuf_release(&text);
	return rc;
}

static int
explain(struct live *l, int status, struct diag *diag)
{
	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
		diag_set(diag, "no privilege to capture on %s: run as root, "
		    "give the program the capability (setcap cap_net_raw+ep), "
		    "or try in a namespace (unshare -rn)", l->iface);
		return -EPERM;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		diag_set(diag, "there is no interface %s", l->iface);
		return -ENODEV;
	case PCAP_ERROR_IFACE_NOT_UP:
		diag_set(diag, "the interface %s is down: run 'ip link set %s "
		    "up'", l->iface, l->iface);
		return -ENETDOWN;
	default:
		diag_set(diag, "cannot capture on %s: %s", l->iface,
		    pcap_geterr(l->pcap));
		return -EIO;
	}
}

static int
activate(struct live *l, const struct live_conf *conf, struct diag *diag)
{
	char err[PCAP_ERRBUF_SIZE] = "";
	int link;
	int rc;

	l->pcap = pcap_create(conf->iface, err);
	if (!l->pcap) {
		diag_set(diag, "cannot capture on %s: %s", l->iface, err);
		return -EIO;
	}
	(void)pcap_set_snaplen(l->pcap, LIVE_SNAPLEN);
	(void)pcap_set_promisc(l->pcap, conf->promisc);
	/* The live view shows what happens when it happens. */
	(void)pcap_set_immediate_mode(l->pcap, 1);
	(void)pcap_set_buffer_size(l->pcap, LIVE_BUFFER_LEN);
	l->nanoseconds = pcap_set_tstamp_precision(l->pcap,
	    PCAP_TSTAMP_PRECISION_NANO) == 0;
	rc = pcap_activate(l->pcap);
	if (rc < 0)
		return explain(l, rc, diag);
	link = live_link(l);
	if (link != LINK_ETHERNET && link != LINK_SLL && link != LINK_RAW) {
		diag_set(diag, "%s is a link of type %d, which is not read "
		    "here", l->iface, link);
		return -ENOTSUP;
	}
	if (pcap_setnonblock(l->pcap, 1, err) < 0) {
		diag_set(diag, "cannot capture on %s: %s", l->iface, err);
		return -EIO;
	}
	return set_filter(l, conf, diag);
}

int
live_open(const struct live_conf *conf, struct live **ret, struct diag *diag)
{
	struct live *l = calloc(1, sizeof(*l));
	int rc;

	if (!l) {
		diag_set(diag, "out of memory");
		return -ENOMEM;
	}
	(void)text_copy(l->iface, sizeof(l->iface), conf->iface);
	rc = activate(l, conf, diag);
	if (rc < 0) {
		live_close(l);
		return rc;
	}
	*ret = l;
	return 0;
}

void
live_close(struct live *l)
{
	if (!l)
		return;
	if (l->pcap)
		pcap_close(l->pcap);
	free(l);
}

const char *
live_iface(const struct live *l)
{
	return l->iface;
}

int
live_link(const struct live *l)
{
	int dlt = pcap_datalink(l->pcap);

	return dlt == DLT_RAW ? LINK_RAW : dlt;
}

int
live_fd(const struct live *l)
{
	return pcap_get_selectable_fd(l->pcap);
}

int
live_next(struct live *l, struct capture_frame *ret, struct diag *diag)
{
	struct pcap_pkthdr *head;
	const u_char *buf;
	int rc = pcap_next_ex(l->pcap, &head, &buf);

	if (rc == 0)
		return 0;
	if (rc < 0) {
		diag_set(diag, "cannot go on capturing on %s: %s", l->iface,
		    pcap_geterr(l->pcap));
		return -ENETDOWN;
	}
	*ret = (struct capture_frame){
		.time_ns = (int64_t)head->ts.tv_sec * NS_PER_S +
		    (int64_t)head->ts.tv_usec * (l->nanoseconds ? 1 :
		    NS_PER_US),
		.buf = buf, .len = head->caplen,
		.wire_len = head->len < head->caplen ? head->caplen :
		    head->len,
	};
	return 1;
}

struct live_counts
live_counts(struct live *l)
{
	struct pcap_stat now;

	if (pcap_stats(l->pcap, &now) == 0) {
		/* Differences survive that a counter begins again at 0. */
		l->counts.received += now.ps_recv - l->before.ps_recv;
		l->counts.dropped += now.ps_drop - l->before.ps_drop;
		l->counts.dropped_by_iface += now.ps_ifdrop -
		    l->before.ps_ifdrop;
		l->before = now;
	}
	return l->counts;
}
