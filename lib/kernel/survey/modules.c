/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/survey/modules.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/survey/glance.h"

static int read_list(const struct survey *survey, const char *release, const char *list,
		     const char **ret)
{
	const char *path = arena_printf(survey->arena, "lib/modules/%s/%s", release, list);

	return path ? glance_read_all(survey, path, ret) : -ENOMEM;
}

int modules_read(const struct survey *survey, const char *release, struct modules *ret)
{
	struct modules modules = { 0 };
	int r = 0;

	if (release)
		r = read_list(survey, release, "modules.dep", &modules.installed);
	if (release && r >= 0)
		r = read_list(survey, release, "modules.builtin", &modules.builtin);
	if (release && r >= 0)
		r = read_list(survey, release, "modules.alias", &modules.aliases);
	if (r >= 0)
		*ret = modules;
	return r;
}

static bool is_same(char a, char b)
{
	return a == b || (a == '-' && b == '_') || (a == '_' && b == '-');
}

/* Whether a line of modules.dep is about the module: "kernel/drivers/vfio/pci/vfio-pci.ko.xz: ". */
static bool is_of(const char *line, size_t length, const char *name)
{
	const char *colon = memchr(line, ':', length);
	size_t end = colon ? (size_t)(colon - line) : length, start = end, i = 0;

	while (start && line[start - 1] != '/')
		start--;
	while (start + i < end && name[i] && is_same(line[start + i], name[i]))
		i++;
	return !name[i] && end - start > i + 2 && !strncmp(line + start + i, ".ko", 3);
}

static bool has_line(const char *list, const char *name)
{
	for (const char *line = list; line && *line;) {
		size_t length = strcspn(line, "\n");

		if (is_of(line, length, name))
			return true;
		line += length + (line[length] == '\n');
	}
	return false;
}

enum told modules_have(const struct modules *modules, const char *name)
{
	if (has_line(modules->installed, name) || has_line(modules->builtin, name))
		return TOLD_YES;
	return modules->installed ? TOLD_NO : UNTOLD;
}

/* "alias pci:v00008086d000010CAsv*sd*bc*sc*i* igbvf" */
static bool takes(const char *line, size_t length, const char *modalias)
{
	char pattern[256];
	size_t size;

	if (strncmp(line, "alias pci:", strlen("alias pci:")) != 0)
		return false;
	line += strlen("alias ");
	size = strcspn(line, " \n");
	if (size >= sizeof(pattern) || size >= length)
		return false;
	memcpy(pattern, line, size);
	pattern[size] = '\0';
	return !fnmatch(pattern, modalias, 0);
}

enum told modules_take(const struct modules *modules, const char *modalias)
{
	for (const char *line = modules->aliases; line && *line;) {
		size_t length = strcspn(line, "\n");

		if (takes(line, length, modalias))
			return TOLD_YES;
		line += length + (line[length] == '\n');
	}
	return modules->aliases ? TOLD_NO : UNTOLD;
}
