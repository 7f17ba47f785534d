/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* One PF over time: its reconciler, a kernel in memory, and a clock that only the test moves. */

#include "fake_kernel.h"
#include "log.h"
#include "pf/reconciler.h"
#include "util/text.h"

#define HANDLE "pci/0000:01:00.0"

#define PF                                                                                         \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: igb, totalvfs: 512, carrier: true, mtu: 1500, pf-up: true, vfs: 0, "              \
	"mac: 52:54:00:00:01:01}\n"

#define RULE                                                                                       \
	"physical-functions:\n"                                                                    \
	"- name: r\n"                                                                              \
	"  match: {interface: ens1}\n"

/* A log that keeps its lines, of one pass each time. */
struct kept_log {
	struct log log;
	struct text text;
	char rule[64];	 /* RULE= of the latest message; "": none */
	char events[64]; /* EVENT= of each: "done done state" */
};

extern struct kept_log kept;
extern struct fake_kernel fake;
extern struct policy *policy; /* the test's to make */
extern struct reconciler *reconciler;
extern uint64_t now; /* ms */

/* A checked fixture. */
void one_reconciler_set_up(void);
void one_reconciler_tear_down(void);

/* Runs a pass now; false where the PF is gone. */
bool run_pass(void);
/* Lets time pass until the next pass is due, runs it, and says how long that was. */
uint64_t run_when_due(void);

void assert_idle(void);
void assert_logged(const char *expected);
void assert_shown(enum pf_state state, const char *reason);
