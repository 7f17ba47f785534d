/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a simulated driver answers to a setting, and what it makes of it. */

#include "world.h"

/* What the answer would be if VF i were given that value now: 0 or negative errno. Of rates, both
 * are asked about: min and max. */
int setting_refusal(const struct world *world, const struct sim_pf *pf, uint32_t i,
		    enum vf_setting setting, const struct value *value);
int setting_refuses_rates(const struct world *world, const struct sim_pf *pf, uint32_t i,
			  uint64_t min, uint64_t max);
/* A setting of VF_LAYER_FUNCTION is written; rates are written as a pair. 0 or negative errno. */
int setting_write(struct world *world, struct sim_pf *pf, uint32_t i, enum vf_setting setting,
		  const struct value *value);
int setting_write_rates(struct world *world, struct sim_pf *pf, uint32_t i, uint64_t min,
			uint64_t max);

/* The same of what write_vf() takes. */
int setting_vf_refusal(const struct world *world, const struct sim_pf *pf, uint32_t i,
		       enum vf_setting setting, const struct value *value);
int setting_write_vf(struct world *world, struct sim_pf *pf, uint32_t i, enum vf_setting setting,
		     const struct value *value);
/* What some of that begins with: the driver leaves, and is to have the VF again. */
void setting_take_off(struct world *world, struct sim_pf *pf, struct sim_vf *vf);
/* And what it ends with, unless the VF has a driver by now or is to have none. */
void setting_bind_again(struct world *world, struct sim_pf *pf, struct sim_vf *vf);

/* And of write_pf(), with what was seen of the PF when that was planned. */
int setting_write_pf(struct world *world, struct sim_pf *pf, const struct pf *seen,
		     enum pf_setting setting, const struct value *value);

int setting_eswitch_refusal(const struct sim_pf *pf, enum pf_setting setting, uint64_t value);
int setting_write_eswitch(struct sim_pf *pf, enum pf_setting setting, uint64_t value);
bool setting_has_eswitch(const struct sim_pf *pf);
