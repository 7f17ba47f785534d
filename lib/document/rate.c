/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "document/rate.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "document/scalar.h"
#include "util/cleanup.h"

/* bit/s */
#define MEGABIT UINT64_C(1000000)

static const struct {
	const char *name;
	uint64_t factor; /* bit/s */
} units[] = {
	{ "kbit/s", 1000 },
	{ "Mbit/s", MEGABIT },
	{ "Gbit/s", 1000 * MEGABIT },
	{ "Tbit/s", 1000000 * MEGABIT },
};

static uint64_t factor_of(const char *unit)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].factor;
	return 0;
}

/* The digits behind a point, in bit/s. *whole becomes false where they say less than one of these.
 */
static uint64_t read_fraction(const char *digits, uint64_t factor, bool *whole)
{
	uint64_t sum = 0;

	for (; *digits >= '0' && *digits <= '9'; digits++) {
		factor /= 10;
		*whole = *whole && (factor || *digits == '0');
		sum += (uint64_t)(*digits - '0') * factor;
	}
	return sum;
}

int rate_parse(const char *string, uint64_t *ret)
{
	uint64_t number, factor;
	const char *end, *unit;
	bool whole = true;

	if (scalar_parse_digits(string, &number, &end) < 0)
		return -EINVAL;
	unit = end;
	if (*unit == '.' && unit[1] >= '0' && unit[1] <= '9')
		unit += 1 + strspn(unit + 1, "0123456789");
	factor = factor_of(unit);
	if (!factor)
		return -EINVAL;
	if (__builtin_mul_overflow(number, factor, &number))
		return -ERANGE;
	if (end != unit &&
	    __builtin_add_overflow(number, read_fraction(end + 1, factor, &whole), &number))
		return -ERANGE;
	if (!whole || number % MEGABIT)
		return -ERANGE;
	*ret = number / MEGABIT;
	return 0;
}
