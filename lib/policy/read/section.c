/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/read/section.h"

#include <string.h>

const struct section_key *section_find_key(const struct section *section, const char *name)
{
	for (size_t i = 0; i < section->n_keys; i++)
		if (strcmp(section->keys[i].name, name) == 0)
			return &section->keys[i];
	return NULL;
}

size_t section_find_name(const struct section *section, const char *name)
{
	size_t i = 0;

	while (i < section->n_names && strcmp(section->names[i], name) != 0)
		i++;
	return i;
}

/* What a policy calls a setting in this section, or NULL where it has another place. */
static const char *setting_name(const struct section *section, size_t setting)
{
	const char *key = section->settings[setting].key;
	size_t length = strlen(section->prefix);

	if (strncmp(key, section->prefix, length) != 0 || strchr(key + length, '.'))
		return NULL;
	return key + length;
}

size_t section_find_setting(const struct section *section, const char *name)
{
	size_t i = 0;

	for (; i < section->n_settings; i++) {
		const char *own = setting_name(section, i);

		if (own && strcmp(own, name) == 0)
			break;
	}
	return i;
}

bool section_has(const struct section *section, const char *name)
{
	return section_find_key(section, name) ||
	       section_find_name(section, name) < section->n_names ||
	       section_find_setting(section, name) < section->n_settings;
}

size_t section_list_names(const struct section *section, const char *names[static SECTION_KEYS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < section->n_keys && count < SECTION_KEYS_MAX; i++)
		names[count++] = section->keys[i].name;
	for (size_t i = 0; i < section->n_names && count < SECTION_KEYS_MAX; i++)
		names[count++] = section->names[i];
	for (size_t i = 0; i < section->n_settings && count < SECTION_KEYS_MAX; i++)
		if (setting_name(section, i))
			names[count++] = setting_name(section, i);
	return count;
}

const char *section_place(const struct section *section, const char *name)
{
	if (section_find_key(section, name) || section_find_name(section, name) < section->n_names)
		return section->place;
	if (section_find_setting(section, name) < section->n_settings)
		return section->settings_place;
	return NULL;
}

void section_places(const char *name, struct text *out)
{
	const char *joint = "";

	for (size_t i = 0; sections[i]; i++) {
		const char *place = section_place(sections[i], name);

		if (!place)
			continue;
		text_printf(out, "%s%s", joint, place);
		joint = ", or ";
	}
}
