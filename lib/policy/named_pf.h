/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The PF that a word of a person names. */

#include <stdbool.h>
#include <stddef.h>

#include "model/pf.h"
#include "util/text.h"

/* Finds the PF whose interface, alternative name, address or handle is word. If there is none,
 * appends to complaint that, and what may have been meant, and returns false. */
bool named_pf_find(struct pf *const *pfs, size_t count, const char *word, size_t *ret,
		   struct text *complaint);
