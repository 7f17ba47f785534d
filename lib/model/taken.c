/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/taken.h"

bool taken_get(const struct taken *taken, enum vf_setting setting, struct value *ret)
{
	if (!(taken->known & SETTING_BIT(setting)))
		return false;
	*ret = (struct value){ 0 };
	if (setting == VF_MAC)
		ret->mac = taken->mac;
	else
		ret->number = setting == VF_NODE_GUID ? taken->node_guid : taken->port_guid;
	return true;
}

void taken_set(struct taken *taken, enum vf_setting setting, const struct value *value)
{
	if (setting == VF_MAC)
		taken->mac = value->mac;
	else if (setting == VF_NODE_GUID)
		taken->node_guid = value->number;
	else if (setting == VF_PORT_GUID)
		taken->port_guid = value->number;
	else
		return;
	taken->known |= SETTING_BIT(setting);
}
