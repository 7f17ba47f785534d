/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Policies at random, as an administrator writes them: text. */

#include "random.h"
#include "util/text.h"
#include "world.h"

/* A policy for the PFs of the world. Nothing in it is an error. */
void rules_write(struct random *random, const struct world *world, struct text *out);
