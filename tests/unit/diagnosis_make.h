/*
 * diagnosis_make.h - a diagnosis for the tests of its renderers: one machine
 * that broke, one that did not, with texts as an attacker would choose them.
 */
#ifndef PXE_TESTS_DIAGNOSIS_MAKE_H
#define PXE_TESTS_DIAGNOSIS_MAKE_H

#include "unit.h"

#include "diagnose/diagnosis.h"

#define HOSTILE "a</title><script>alert(1)</script>\"'&|`\x1b[31m\n# b"

static inline void
make_event(struct diagnosis *d, struct diagnosis_machine *m,
    struct diagnosis_event ev)
{
	struct diagnosis_event **to = &m->events;

	while (*to)
		to = &(*to)->next;
	*to = arena_alloc(&d->arena, sizeof(ev));
	ck_assert_ptr_nonnull(*to);
	**to = ev;
	m->n_events++;
}

static inline struct diagnosis_machine *
make_machine(struct diagnosis *d, uint8_t last)
{
	struct diagnosis_machine *m = arena_alloc(&d->arena, sizeof(*m));
	struct diagnosis_machine **to = &d->machines;
	struct boot_stage *s;

	ck_assert_ptr_nonnull(m);
	while (*to)
		to = &(*to)->next;
	*to = m;
	d->n_machines++;
	*m = (struct diagnosis_machine){
		.mac = { 0x52, 0x54, 0, 0x12, 0x34, last }, .boot_number = 1,
		.firmware = "x64 UEFI PXE (EDK2)", .has_arch = true, .arch = 7,
		.first_frame = 1, .last_frame = 90, .has_uuid = true,
		.uuid = { 0x11, 0x22, 0x33 }, .message = "", .fix = "",
	};
	m->boot = boot_new();
	ck_assert_ptr_nonnull(m->boot);
	m->boot->time = 1700000000;
	s = boot_add_stage(m->boot);
	*s = (struct boot_stage){ .stage = "firmware", .client = "edk2-x64",
	    .title = "UEFI PXE", .has_arch = true, .arch = 7,
	    .time = 1700000000 };
	s = boot_add_stage(m->boot);
	*s = (struct boot_stage){ .stage = "ipxe", .client = "ipxe",
	    .title = HOSTILE, .time = 1700000003 };
	return m;
}

static inline void
make_ladder(struct diagnosis *d, struct diagnosis_machine *m)
{
	static const struct diagnosis_event rows[] = {
		{ 1, 1, 0, 0, 0, LIFELINE_CLIENT, LIFELINE_DHCP, { 0 },
		    "DISCOVER, class PXEClient:Arch:00007:UNDI:003000",
		    "xid 0x1234\nsecs 0", false, NULL },
		{ 2, 2, .01, 0, 0, LIFELINE_DHCP, LIFELINE_CLIENT,
		    { AF_INET, { { 0x0100000a } } },
		    "OFFER 10.0.0.5, file " HOSTILE, HOSTILE, false, NULL },
		{ 3, 3, .02, 0, 0, LIFELINE_PROXY, LIFELINE_CLIENT, { 0 },
		    "OFFER without an address", NULL, false, NULL },
		{ 0, 0, 1.5, 0, 0, LIFELINE_CLIENT, LIFELINE_CLIENT, { 0 },
		    "waits for more offers", NULL, false, NULL },
		{ 8, 70, 2, .4, 0, LIFELINE_TFTP, LIFELINE_CLIENT, { 0 },
		    "/srv/tftp/a/very/long/path/that/does/not/fit/in/a/narrow"
		    "/column/without/being/broken/somewhere/ipxe.efi: 1.0 MB "
		    "in 0.40 s, 2.5 MB/s", NULL, false, NULL },
		{ 71, 71, 3, 0, 1, LIFELINE_CLIENT, LIFELINE_HTTP, { 0 },
		    "GET /boot.ipxe", NULL, false, NULL },
		{ 72, 72, 3.1, 0, 1, LIFELINE_HTTP, LIFELINE_CLIENT, { 0 },
		    "404 Not Found", "status 404", true, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diagnosis_event ev = rows[i];

		ev.time += 1700000000;
		if (m->verdict != DIAGNOSIS_FAULT)
			ev.is_fault = false;
		make_event(d, m, ev);
	}
}

/* To be given to diagnosis_free(). */
static inline struct diagnosis *
make_diagnosis(size_t n_healthy)
{
	static const char *const files[] = { "<b>.pcap", "two.pcap" };
	static struct diagnosis_limit limit = { .text = HOSTILE };
	static struct diagnosis_evidence second = {
		.text = "the server has it not",
	};
	static struct diagnosis_evidence first = {
		.frame = 72, .time = 1700000003.1, .text = HOSTILE,
		.next = &second,
	};
	struct diagnosis *d = calloc(1, sizeof(*d));
	struct diagnosis_machine *m;
	struct boot_load *l;

	ck_assert_ptr_nonnull(d);
	d->files = files;
	d->n_files = ARRAY_LEN(files);
	d->n_frames = 90;
	d->first_time = 1700000000;
	d->last_time = 1700000004;
	d->limits = &limit;
	d->n_servers = 1;
	d->server[0] = (struct diagnosis_server){
		.address = { AF_INET, { { 0x0100000a } } }, .has_mac = true,
		.roles = ROLE_DHCP | ROLE_TFTP, .software = "dnsmasq",
		.software_why = HOSTILE,
	};
	m = make_machine(d, 1);
	m->verdict = DIAGNOSIS_FAULT;
	m->fault = fault_find("http-not-found");
	ck_assert_ptr_nonnull(m->fault);
	m->confidence = .9;
	m->message = HOSTILE;
	m->fix = "dhcp-boot=ipxe.efi\n```\n</pre>";
	m->evidence = &first;
	m->also[m->n_also++] = m->fault;
	make_ladder(d, m);
	l = boot_add_load(m->boot);
	l->uri = HOSTILE;
	l->proto = "http";
	l->what = "";
	l->detail = "";
	l->error = HOSTILE;
	for (size_t i = 0; i < n_healthy; i++) {
		m = make_machine(d, (uint8_t)(i + 2));
		m->verdict = DIAGNOSIS_HEALTHY;
		make_ladder(d, m);
	}
	return d;
}

#endif
