/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What other tools write as values of settings: ip-link(8), netplan, nmstate, systemd.link(5). */

#include "model/setting.h"
#include "util/text.h"

struct foreign_value {
	const char *key, *word; /* of ours; theirs, in any case */
	const char *write; /* ours: a value, or "KEY: VALUE" where it is another key's; or NULL */
	const char *before, *after; /* what is said besides; or NULL */
};

/* All of them, ended by a NULL key. */
extern const struct foreign_value foreign_values[];

/* Whether such a word is not ours for the setting; appends what to write in its place. */
bool foreign_value_hint(const struct setting *setting, const char *word, struct text *out);

/* Of several VLANs: what is so, and what to do. */
extern const char foreign_value_trunk[];

/* Whether "none" is a value of the setting. */
bool foreign_value_none(const struct setting *setting);

/* The key of a value's mapping that is meant by another tool's, or NULL. */
const char *foreign_value_mapping_key(const struct setting *setting, const char *key);

/* What to write for another tool's name of a VLAN's protocol, or NULL. */
const char *foreign_value_vlan_protocol(const char *word);

/* The driver that is meant by what is a module's name, as lsmod prints it, a family's, or misspelt;
 * NULL for all others. */
const char *foreign_value_driver(const char *name);

/* Appends what to write for a number with a unit, "in Mbit/s: 10000"; nothing where it is none. */
void foreign_value_hint_number(const struct setting *setting, const char *string, struct text *out);
