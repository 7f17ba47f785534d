/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/survey/glance.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

#include "kernel/device/sysfs.h"
#include "util/directory.h"
#include "util/file.h"

#define SIZE_MAX_READ (16u << 20)

int glance_read(const struct survey *survey, const char *path, const char **ret)
{
	int r = sysfs_read(survey->root, path, survey->arena, ret);

	if (r < 0)
		*ret = NULL;
	return r == -ENOMEM ? r : 0;
}

int glance_number(const struct survey *survey, const char *path)
{
	int64_t number;

	if (sysfs_read_number(survey->root, path, &number) < 0 || number < 0 || number > INT_MAX)
		return -1;
	return (int)number;
}

int glance_read_all(const struct survey *survey, const char *path, const char **ret)
{
	int r = file_read(survey->root, path, SIZE_MAX_READ, survey->arena, ret);

	if (r < 0)
		*ret = NULL;
	return r == -ENOMEM ? r : 0;
}

int glance_list(const struct survey *survey, const char *path, struct names *ret, bool *ret_known)
{
	struct names names = { 0 };
	int r;

	*ret_known = glance_exists(survey, path) == TOLD_YES;
	*ret = names;
	if (!*ret_known)
		return 0;
	r = directory_list(survey->root, path, survey->arena, &names.items, &names.count);
	if (r < 0)
		*ret_known = false;
	else
		*ret = names;
	return r == -ENOMEM ? r : 0;
}

enum told glance_exists(const struct survey *survey, const char *path)
{
	struct stat there;

	if (!fstatat(survey->root, path, &there, 0))
		return TOLD_YES;
	return errno == ENOENT || errno == ENOTDIR ? TOLD_NO : UNTOLD;
}
