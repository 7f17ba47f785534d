/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Drivers of VFs that somebody else has just bound. Who does that is about to use the VF, and may
 * have left no other trace yet: libvirt binds vfio-pci before QEMU opens it, and makes its record
 * after that (virHostdevPreparePCIDevices() in src/hypervisor/virhostdev.c). So a driver that comes
 * between two looks has a time of grace.
 *
 * Times are in milliseconds of any steady clock, as takeovers_set_time() tells them: when a pass
 * begins, and when it has ended. A pass may wait for others in between, so what it sees it has seen
 * when the time is told next. */

#include <stdbool.h>
#include <stdint.h>

#include "model/pf.h"

#define TAKEOVER_GRACE_MS 10000
#define TAKEOVER_NEVER	  UINT64_MAX

/* Initialise with { 0 }. */
struct takeovers {
	struct takeover {
		uint64_t driver; /* a hash of its name as last seen; 0: not known */
		uint64_t until;	 /* it is left alone; 0: it is not */
		bool fresh;	 /* it is, and until when is to be told */
		bool expected;	 /* another one is our own doing */
	} * vfs;
	uint32_t n_vfs;
};

void takeovers_clear(struct takeovers *takeovers);

void takeovers_set_time(struct takeovers *takeovers, uint64_t now);
/* Notes the drivers that the VFs have now; other VFs than before, where there are not as many, have
 * no grace. 0 or -ENOMEM. */
int takeovers_note(struct takeovers *takeovers, const struct pf *observed);
/* If the VF has another driver at the next look, that is our own doing. One that it has still then
 * is left alone for as long as it was to be. */
void takeovers_expect(struct takeovers *takeovers, uint32_t vf);
void takeovers_expect_all(struct takeovers *takeovers);

/* Whether the VF is in its time of grace. */
bool takeovers_is_recent(const struct takeovers *takeovers, uint32_t vf, uint64_t now);
/* When the first of those is over; TAKEOVER_NEVER. */
uint64_t takeovers_over_at(const struct takeovers *takeovers, uint64_t now);
