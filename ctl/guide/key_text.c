/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "guide/key_text.h"

#include <string.h>

#include "util/cleanup.h"

#define TYPES_HEADING "VALUES"

/* The one whose name is prefix and name. */
static const struct key_text *find(const char *heading, const char *prefix, const char *name)
{
	size_t length = strlen(prefix);

	for (const struct key_text *text = key_texts; heading && text->name; text++)
		if (strcmp(text->heading, heading) == 0 &&
		    strncmp(text->name, prefix, length) == 0 &&
		    strcmp(text->name + length, name) == 0)
			return text;
	return NULL;
}

const struct key_text *key_text_find(const struct section *section, const char *name)
{
	const char *const chapters[] = { section->chapter, section->settings_chapter };
	const char *prefix = section->prefix ? section->prefix : "";
	const struct key_text *text = NULL;

	if (!section_has(section, name))
		return NULL;
	for (size_t i = 0; !text && i < ARRAY_SIZE(chapters); i++)
		text = find(chapters[i], prefix, name);
	return text;
}

const struct key_text *key_text_find_type(const char *name)
{
	return find(TYPES_HEADING, "", name);
}
