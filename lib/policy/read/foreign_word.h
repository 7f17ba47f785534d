/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What other tools call the keys of a policy: netplan, nmstate, ip-link(8), systemd.link(5),
 * libvirt, sysfs. */

struct section;

/* Where a word is one; a bit each. */
enum foreign_place {
	FOREIGN_MATCH = 1 << 0,
	FOREIGN_VF = 1 << 1,	/* vf-defaults, and entries of virtual-functions */
	FOREIGN_ENTRY = 1 << 2, /* these alone */
};

/* A value of theirs, in any case, and ours of the same meaning. */
struct foreign_sense {
	const char *theirs, *ours;
};

struct foreign_word {
	const char *word; /* in lower case, without '-' and '_' */
	unsigned places;  /* 0: anywhere */
	const char *key;  /* ours, "a.b" for b in the mapping a; NULL: there is none, or several */
	const char *hint; /* what to do where that is not to write the key: it names no value */
	const struct foreign_sense *senses; /* where the values are others; ended by NULL */
};

/* All of them, ended by a NULL word. */
extern const struct foreign_word foreign_words[];

/* The row of a key that the section does not have, however it is spelt; NULL where it is none. */
const struct foreign_word *foreign_word_find(const struct section *section, const char *key);
