/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Reads the facts of this host, for sriovctl. Whoever asks may be anybody: what he may not read is
 * untold. Only files that cannot keep a reader waiting are read, and none of a PF's. */

#include "model/facts/facts.h"
#include "util/arena.h"

/* root is a prefix of every path, or NULL. Facts live in arena. 0 or -ENOMEM. */
int survey_host(const char *root, struct arena *arena, struct facts **ret);
