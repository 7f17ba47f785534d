/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the harnesses share. A harness is one function that takes bytes and checks what must hold
 * whatever they are; it ends the process where something does not. libFuzzer calls it with bytes of
 * its own making, replay.c with those of files. */

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/inventory.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, with where and what. */
_Noreturn void harness_fail(const char *file, int line, const char *what);
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			harness_fail(__FILE__, __LINE__, #condition);                              \
	} while (0)

/* A copy as a document has its text: terminated, in memory of its own size. To be freed. */
char *harness_text(const uint8_t *data, size_t size);
/* A copy as libnl hands out a message: aligned, no longer than what was received. size is that of
 * its header at least. To be freed. */
struct nlmsghdr *harness_message(const uint8_t *data, size_t size);

/* What must hold of a policy that was read without an error, on every PF of the inventory: it
 * resolves and plans, twice to the same; and a pass over a kernel that refuses nothing leaves
 * nothing to do that could be done. Cards of many VFs are passed over where the policy asks for
 * many: they are slow. */
void harness_pipeline(struct policy *policy, const struct inventory *inventory);
/* Every value that the policy has reads back from what it is written as. */
void harness_values(const struct policy *policy);
