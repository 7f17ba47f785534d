/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the programs that measure in the guest share. */

#include "apply/pass.h"

#define BENCH_ROUNDS_MAX 101

/* Ends the program for a negative r, which is an errno. */
void bench_require(int r, const char *what);
/* Of a steady clock. */
double bench_now_ms(void);
/* Prints "NAME MEDIAN LEAST MOST", in ms, and sorts the times. */
void bench_print(const char *name, double *times, unsigned n);
/* A number of rounds, or the program ends. */
unsigned bench_rounds(const char *argument);

/* The 4 settings (MAC, VLAN, spoof check, trust) of a VF in a round: no two rounds in a row share a
 * value. */
void bench_values(struct vf_values *values, uint32_t vf, unsigned round);
/* A policy that wants these of n_vfs VFs, with more lines for its rule, or "". */
struct policy *bench_policy(const char *ifname, uint32_t n_vfs, unsigned round, const char *more);
/* A pass over the PF, with a kernel that is kept open as the daemon keeps it; it ends in sync, or
 * the program does. Gives the time that it took. */
double bench_pass(struct kernel *kernel, struct policy *policy, const char *handle);
