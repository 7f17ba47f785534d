/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "policy/capture/altname.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"

/* The template that a VF's name may be of. */
struct candidate {
	const char *template;
	uint32_t vf;
};

/* The last number in the name that is the VF's, as text; NULL. */
static const char *find_number(const char *name, const char *number)
{
	const char *found = NULL;

	while (*(name += strcspn(name, DIGITS))) {
		size_t length = strspn(name, DIGITS);

		if (length == strlen(number) && !strncmp(name, number, length))
			found = name;
		name += length;
	}
	return found;
}

/* *ret is NULL where the name does not have the number. */
static int make_template(const char *name, uint32_t vf, struct arena *arena, const char **ret)
{
	CLEANUP_TEXT struct text number = { 0 };
	const char *place;

	text_printf(&number, "%u", vf);
	if (number.failed)
		return -ENOMEM;
	*ret = NULL;
	place = find_number(name, text_string(&number));
	if (!place)
		return 0;
	*ret = arena_printf(arena, "%.*s{index}%s", (int)(place - name), name,
			    place + number.length);
	return *ret ? 0 : -ENOMEM;
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	return strcmp(left->template, right->template);
}

static void use(struct saying *vfs, const struct candidate *candidates, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool shared =
			(i && !compare_candidates(&candidates[i], &candidates[i - 1])) ||
			(i + 1 < count && !compare_candidates(&candidates[i], &candidates[i + 1]));

		if (shared)
			vfs[candidates[i].vf].said.value[VF_ALTNAME].name = candidates[i].template;
	}
}

int altname_fold(struct saying *vfs, uint32_t n, struct arena *arena)
{
	CLEANUP_FREE struct candidate *candidates = calloc(n + 1, sizeof(*candidates));
	size_t count = 0;
	int r = candidates ? 0 : -ENOMEM;

	for (uint32_t i = 0; r >= 0 && i < n; i++) {
		const struct value *value = VALUES_GET(&vfs[i].said, VF_ALTNAME);

		if (!value)
			continue;
		candidates[count].vf = i;
		r = make_template(value->name, i, arena, &candidates[count].template);
		if (r >= 0 && candidates[count].template)
			count++;
	}
	if (r < 0)
		return r;
	qsort(candidates, count, sizeof(*candidates), compare_candidates);
	use(vfs, candidates, count);
	return 0;
}
