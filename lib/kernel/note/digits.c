/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/note/digits.h"

bool digits_read(const char digits[static DIGITS_LENGTH], uint64_t *ret)
{
	uint64_t number = 0;

	for (size_t i = 0; i < DIGITS_LENGTH; i++) {
		if (digits[i] < '0' || digits[i] > '9' ||
		    __builtin_mul_overflow(number, 10u, &number) ||
		    __builtin_add_overflow(number, (uint64_t)(digits[i] - '0'), &number))
			return false;
	}
	*ret = number;
	return true;
}
