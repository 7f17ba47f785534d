/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "convert/words.h"

#include <strings.h>

#include "util/cleanup.h"

/* parse_boolean() of systemd, booleans of YAML and of Python's, "enable" of CNI plugins. */
static const struct {
	const char *theirs, *ours;
} booleans[] = {
	{ "1", "true" },  { "yes", "true" },	{ "y", "true" },  { "true", "true" },
	{ "t", "true" },  { "on", "true" },	{ "0", "false" }, { "no", "false" },
	{ "n", "false" }, { "false", "false" }, { "f", "false" }, { "off", "false" },
};

const char *words_bool(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(booleans); i++)
		if (!strcasecmp(text, booleans[i].theirs))
			return booleans[i].ours;
	return text;
}

const char *words_link_state(const char *text)
{
	static const struct {
		const char *theirs, *ours;
	} states[] = { { "true", "enable" },
		       { "false", "disable" },
		       { "auto", "auto" },
		       { "enable", "enable" },
		       { "disable", "disable" } };
	const char *word = words_bool(text);

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcasecmp(word, states[i].theirs))
			return states[i].ours;
	return text;
}

const char *words_of_vf(enum vf_setting setting, const char *text)
{
	if (setting == VF_LINK_STATE)
		return words_link_state(text);
	return vf_settings[setting].type == VALUE_BOOL ? words_bool(text) : text;
}
