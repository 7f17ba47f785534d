/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Numbers that look random and are the same for the same seed on every machine: splitmix64
 * (Steele, Lea and Flood, 2014). */

#include <stdbool.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to n - 1; 0 for n 0. */
static inline uint32_t random_below(struct random *random, uint32_t n)
{
	return n ? (uint32_t)(random_next(random) % n) : 0;
}

static inline uint32_t random_between(struct random *random, uint32_t low, uint32_t high)
{
	return low + random_below(random, high - low + 1);
}

/* True in so many of a hundred cases. */
static inline bool random_percent(struct random *random, uint32_t percent)
{
	return random_below(random, 100) < percent;
}
