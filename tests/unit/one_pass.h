/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Passes over one PF of a kernel in memory, one after the other, with what they have learnt. */

#include "apply/pass.h"
#include "fake_kernel.h"

#define PF(rest)                                                                                   \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: igb, totalvfs: 512, carrier: true, mtu: 1500, pf-up: true, " rest "}\n"

#define MLX5(vf)                                                                                   \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: mlx5_core, totalvfs: 8, carrier: true, drivers-autoprobe: true, "                 \
	"eswitch: {mode: legacy}, vfs: 1, virtual-functions: [{index: 0, reported: true, " vf      \
	"}]}\n"

#define RULE                                                                                       \
	"physical-functions:\n"                                                                    \
	"- name: r\n"                                                                              \
	"  match: {interface: ens1}\n"

extern struct fake_kernel fake;
extern struct knowledge *knowledge;
extern struct policy *policy;
extern struct pass *pass; /* the last one */

/* A checked fixture. */
void one_pass_set_up(void);
void one_pass_tear_down(void);

/* The PF as the kernel has it, and the rules. */
void given(const char *pf, const char *rules);
/* Other rules, for the PF as it is. */
void now_given(const char *rules);
/* As pass_run(). */
int try_pass(const struct pass_options *options);
void run_pass(void);

/* What the last pass wrote. */
void assert_calls(const char *expected);
void assert_state(enum pf_state state, const char *reason);
