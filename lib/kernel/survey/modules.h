/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The modules that are installed for the running kernel, by depmod's lists. */

#include "model/facts/facts.h"

struct survey;

struct modules {
	const char *installed; /* modules.dep and modules.builtin; NULL: not known */
	const char *builtin;
	const char *aliases; /* modules.alias */
};

/* release is that of the kernel; NULL: all stays unknown. 0 or -ENOMEM. */
int modules_read(const struct survey *survey, const char *release, struct modules *ret);
/* Whether there is a module of that name, written with hyphens or underscores. */
enum told modules_have(const struct modules *modules, const char *name);
/* Whether one would take the device of that modalias. */
enum told modules_take(const struct modules *modules, const char *modalias);
