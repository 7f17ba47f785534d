/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The operands of a verb as its synopsis has them: "PF [TIME|off]", "FORMAT [PF...]". */

#include <stdbool.h>
#include <stddef.h>

/* What one operand may be: "TIME|off", without brackets. */
struct synopsis_part {
	const char *words;
	size_t length;
	bool repeats;
};

/* The part that operand number is of; the last one for all behind it if it repeats. False: the verb
 * takes no so many. operands may be NULL. */
bool synopsis_part(const char *operands, size_t number, struct synopsis_part *ret);
/* Takes the next word of a part, "TIME", from it; false: there is none left. */
bool synopsis_word(struct synopsis_part *part, const char **ret_word, size_t *ret_length);
