/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What other tools write as values of settings: ip-link(8), netplan, nmstate, systemd.link(5). */

#include "model/setting.h"
#include "util/text.h"

/* What to write in the place of such a word, or NULL. */
const char *foreign_value_hint(const struct setting *setting, const char *word);

/* The driver that is meant by what is a module's name, as lsmod prints it, or a family's; NULL for
 * all others. */
const char *foreign_value_driver(const char *name);

/* Appends what to write for a number with a unit, "in Mbit/s: 10000"; nothing where it is none. */
void foreign_value_hint_number(const struct setting *setting, const char *string, struct text *out);
