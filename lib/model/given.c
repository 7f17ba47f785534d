/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/given.h"

uint64_t given_left(const struct given *given, bool held)
{
	if (given->untold)
		return UINT64_MAX;
	return held ? given->done | ~given->due : given->done;
}
