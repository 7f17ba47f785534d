/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Numbers of a fixed length, as notes in the runtime directory have them: what was cut off is none.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "%020" PRIu64: as many as any number of 64 bits has. */
#define DIGITS_LENGTH 20u

/* Whether all of DIGITS_LENGTH characters are decimal digits, of a number of 64 bits. */
bool digits_read(const char digits[static DIGITS_LENGTH], uint64_t *ret);
