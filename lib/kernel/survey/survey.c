/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/survey/survey.h"

#include <errno.h>
#include <fcntl.h>

#include "kernel/survey/functions.h"
#include "kernel/survey/glance.h"
#include "kernel/survey/machine.h"
#include "util/fd.h"

int survey_host(const char *root, struct arena *arena, struct facts **ret)
{
	CLEANUP_FD int fd = open(root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct survey survey = { .root = fd, .arena = arena };
	int r = facts_new(arena, &survey.facts);

	if (r >= 0 && fd >= 0)
		r = machine_survey(&survey);
	if (r >= 0 && fd >= 0)
		r = functions_survey(&survey);
	if (r < 0)
		return r;
	*ret = survey.facts;
	return 0;
}
