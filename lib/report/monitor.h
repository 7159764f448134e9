/*
 * monitor.h - a boot as a check: a line for Nagios, Icinga and their kin,
 * Prometheus' text format for a node exporter's textfile directory, and JUnit
 * for a CI system.
 */
#ifndef PXE_REPORT_MONITOR_H
#define PXE_REPORT_MONITOR_H

#include "base/sbuf.h"
#include "chain/boot.h"
#include "chain/expect.h"

/* Exit status of a plugin, by the Monitoring Plugins' guidelines. */
enum monitor_status { MONITOR_OK = 0, MONITOR_CRITICAL = 2, MONITOR_UNKNOWN = 3 };

/* One boot, and whether it was as it should be. */
struct monitor_boot {
	const struct boot *boot;
	bool ok;
};

/**
 * monitor_nagios() - "BOOT OK - ... | time=4.2s ..."
 *
 * Of several boots the line tells how many were not well, and of each what.
 */
void monitor_nagios(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects, struct sbuf *out);

/** monitor_nagios_unknown() - the check itself could not be done. */
void monitor_nagios_unknown(const char *why, struct sbuf *out);

/**
 * monitor_junit() - a suite for each machine: one case for its verdict, one
 * for each expectation
 */
void monitor_junit(const struct monitor_boot *row, size_t n,
    const struct expect *e, size_t n_expects, struct sbuf *out);

/** monitor_prometheus() - gauges with the machine as labels. */
void monitor_prometheus(const struct monitor_boot *row, size_t n,
    const char *iface, struct sbuf *out);

#endif
