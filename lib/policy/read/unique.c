/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/unique.h"

#include <stdlib.h>

#include "model/setting.h"
#include "model/template.h"

const enum vf_setting unique_settings[UNIQUE_SETTINGS] = { VF_MAC, VF_NODE_GUID, VF_PORT_GUID,
							   VF_ALTNAME };

uint64_t unique_key(enum vf_setting setting, const struct value *value)
{
	uint64_t key = 0;

	if (value->form != VALUE_PLAIN)
		return 0;
	if (setting == VF_ALTNAME)
		return template_has_index(value->name)
			       ? 0
			       : value_hash(&vf_settings[setting], value, 0) | 1;
	if (setting != VF_MAC)
		return value->number;
	for (size_t i = 0; i < sizeof(value->mac.bytes); i++)
		key = key << 8 | value->mac.bytes[i];
	return key;
}

static int compare_holdings(const void *a, const void *b)
{
	const struct holding *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return (left->vf > right->vf) - (left->vf < right->vf);
}

void unique_sort(struct holding *holdings, size_t count)
{
	if (count)
		qsort(holdings, count, sizeof(*holdings), compare_holdings);
}
