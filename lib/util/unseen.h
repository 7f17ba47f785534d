/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Characters that nobody sees but that change how the text around them looks or reads, such as
 * those that turn its direction, and what looks like a blank and is none: of the Unicode categories
 * Cf, Zl, Zp, Zs (without the blank) and Co, in order. tests/unseen.py makes the rows and compares
 * them; of Unicode 14, and U+13430 to U+1343F as of 15. */

#include <stdint.h>

static const struct {
	uint32_t first, last;
} unseen_characters[] = {
	{ 0x00a0, 0x00a0 },	{ 0x00ad, 0x00ad },   { 0x0600, 0x0605 },   { 0x061c, 0x061c },
	{ 0x06dd, 0x06dd },	{ 0x070f, 0x070f },   { 0x0890, 0x0891 },   { 0x08e2, 0x08e2 },
	{ 0x1680, 0x1680 },	{ 0x180e, 0x180e },   { 0x2000, 0x200f },   { 0x2028, 0x202f },
	{ 0x205f, 0x206f },	{ 0x3000, 0x3000 },   { 0xe000, 0xf8ff },   { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },	{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
	{ 0x1bca0, 0x1bca3 },	{ 0x1d173, 0x1d17a }, { 0xe0001, 0xe007f }, { 0xf0000, 0xffffd },
	{ 0x100000, 0x10fffd },
};
