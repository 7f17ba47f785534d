/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/rule.h"

const char *const match_key_names[MATCH_KEY_COUNT] = {
	[MATCH_INTERFACE] = "interface",
	[MATCH_MAC] = "mac",
	[MATCH_PCI] = "pci",
	[MATCH_PATH] = "path",
	[MATCH_DRIVER] = "driver",
	[MATCH_DEVICE] = "device",
	[MATCH_CLASS] = "class",
	[MATCH_SERIAL] = "serial",
	[MATCH_FIRMWARE] = "firmware",
	[MATCH_PORT] = "port",
	[MATCH_NUMA_NODE] = "numa-node",
};

void match_patterns_describe(const struct match_patterns *patterns, struct text *out)
{
	for (size_t i = 0; i < patterns->count; i++) {
		text_append(out, i ? " or '" : "'");
		text_append_quoted(out, patterns->patterns[i]);
		text_append(out, "'");
	}
}

bool rule_ignores(const struct rule *rule)
{
	const struct value *mode = VALUES_GET(&rule->settings, PF_MODE);

	return mode && mode->number == MODE_IGNORE;
}
