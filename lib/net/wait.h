/*
 * wait.h - wait for one descriptor, and hear what ICMP says of it.
 */
#ifndef PXE_NET_WAIT_H
#define PXE_NET_WAIT_H

#include <stdint.h>

/**
 * wait_readable() - until @fd has input or @deadline_ms of clock_now_ms()
 *
 * Return: 1; 0 when the time is up; a system error (-EINTR after a signal).
 */
int wait_readable(int fd, uint64_t deadline_ms);

/**
 * wait_errors_on() - report ICMP errors on an unconnected UDP socket too
 *
 * Return: 0; a system error.
 */
int wait_errors_on(int fd);

/**
 * wait_error() - take the oldest reported error off @fd
 *
 * Return: 0 if there is none; -ECONNREFUSED (port unreachable),
 * -EHOSTUNREACH (also: ARP without answer), -EMSGSIZE ...
 */
int wait_error(int fd);

#endif
