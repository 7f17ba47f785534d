/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a value that a driver reports says of the one that was asked for: some are reported
 * otherwise than they were written, some always the same, some not at all. */

#include "model/driver.h"
#include "model/pf.h"

enum driver_reading {
	READS_OTHERWISE, /* it is not in force */
	READS_AS_WANTED, /* it is, as far as the driver can tell */
	READS_NOTHING,	 /* nobody can know */
};

/* Of a setting of VF_LAYER_FUNCTION, or msix-vectors: wanted is what a policy wants, reported what
 * the kernel reports. speed is that of the PF's link, Mbit/s; 0: it has none, or nobody says. */
enum driver_reading driver_reading(const struct driver *driver, uint32_t speed,
				   enum vf_setting setting, const struct value *wanted,
				   const struct value *reported);

/* Whether there is another value of which the driver reports the same. */
bool driver_reading_twin(const struct driver *driver, enum vf_setting setting,
			 const struct value *value, struct value *ret_twin);

/* What a policy asks for where that is reported. False where the value cannot be known by it: the
 * driver always reports the same, or something else. */
bool driver_reading_meant(const struct driver *driver, uint32_t speed, enum vf_setting setting,
			  const struct value *reported, struct value *ret);

/* Takes away of what was reported of a PF's VFs what its driver is known not to count. Of a driver
 * without a row that counts which is not 0 with any VF. */
void driver_reading_counters(struct pf *pf);
