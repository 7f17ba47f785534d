/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Warns of other programs that are told to set up VFs of a PF that a rule matches: once of each. */

#include "apply/pass.h"
#include "log.h"

struct rivals;

/* root is a prefix of every path, or NULL; it must outlive the answer. */
int rivals_new(const char *root, struct log *log, struct rivals **ret);
void rivals_free(struct rivals *rivals);
DEFINE_CLEANUP(struct rivals *, rivals_free);

/* A pass over a PF has ended. Small files are read when it is the first one over this PF, or the
 * first after rivals_look_again(); else this costs nothing. PFs that are only observed have no
 * rivals. */
void rivals_look(struct rivals *rivals, const struct pass *pass);
void rivals_look_again(struct rivals *rivals);
