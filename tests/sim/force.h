/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the hardware of a VF does, which is another thing than what its driver keeps of it and what
 * reads back. It has a state of its own, that only the profile's lapses change otherwise than is
 * asked. Of settings of VF_LAYER_FUNCTION, and of MSI-X. */

#include "world.h"

/* What is in force now. */
struct value force_of(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting);
/* Whether that is it. */
bool force_is(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
	      const struct value *value);
/* The VF is new: what its driver has is in force. */
void force_begin(struct sim_vf *vf);
/* The driver takes a value, or what it makes of it, and tells the hardware. Some it passes over. */
void force_write(const struct sim_pf *pf, struct sim_vf *vf, enum vf_setting setting,
		 const struct value *value);
/* The link of the PF has come up. */
void force_link_up(struct sim_pf *pf);
/* What the kernel reports of a value that the driver has. */
struct value force_reading(const struct sim_pf *pf, const struct sim_vf *vf,
			   enum vf_setting setting, const struct value *value);
/* Whether the driver passes over the value, whatever the VF has. */
bool force_is_ignored(const struct sim_pf *pf, enum vf_setting setting, const struct value *value);
/* Whether the VF can have the value by being written. */
bool force_takes(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		 const struct value *value);
/* Whether what the VF has reads as if it were the wanted value, which it is not. */
bool force_is_hidden(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		     const struct value *want);
/* Whether it reads, as far as anybody can know, as if the VF had the wanted value. */
bool force_reads_as(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		    const struct value *want);
/* Whether rates of the driver are in force on such a VLAN. */
bool force_has_rates(const struct vlan *vlan);
/* Whether the wanted value and another one read alike, so that who has not written it does not know
 * which of them is there, and writes it once: or does not, if it reads as wanted. */
bool force_is_twin(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		   const struct value *want);
/* Whether the VLAN is one on the way to the other, which the driver would pass over. */
bool force_is_between(const struct sim_pf *pf, enum vf_setting setting, const struct value *value,
		      const struct value *want);
/* Whether nobody can know by what is reported whether the wanted value is there. */
bool force_is_untold(const struct sim_pf *pf, const struct sim_vf *vf, enum vf_setting setting,
		     const struct value *want);
