/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A policy that the daemon has refused: what is wrong with it. */

#include "host/daemon.h"
#include "verdict.h"

struct options;

/* Prints on standard error that a call failed for a verb since the policy is bad, and what is wrong
 * with the files, as far as the caller may read them; with --json the document of the errors on
 * standard output. */
enum verdict policy_refusal_print(const struct options *options, const struct daemon *daemon,
				  const char *verb);
