/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What other tools call the keys of a policy: netplan, nmstate, ip-link(8), systemd.link(5),
 * libvirt, sysfs. */

struct section;

struct foreign_word {
	const char *word;	       /* in lower case, without '-' and '_' */
	const struct section *section; /* only there; NULL: anywhere */
	const char *key;	       /* ours; NULL: there is none, or not one alone */
	const char *hint;	       /* what to do where that is not to write the key */
};

/* The row of a key that the section does not have, however it is spelt; NULL where it is none. */
const struct foreign_word *foreign_word_find(const struct section *section, const char *key);
