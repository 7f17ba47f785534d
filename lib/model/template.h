/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Names of network devices that are made for each VF from a template: "{rule}-vf{index}". */

#include <stdbool.h>
#include <stdint.h>

#include "util/text.h"

/* The longest alternative name (ALTIFNAMSIZ in linux/if.h, less the terminator). */
#define TEMPLATE_NAME_MAX 127

struct template_words {
	const char *rule;
	const char *pf;
	uint32_t index;
};

/* Where in the template there is a brace that begins or ends no known placeholder, or one with the
 * '$' of a shell before it; or NULL. */
const char *template_unknown(const char *template);
bool template_has_index(const char *template);
bool template_has_pf(const char *template);
/* Appends the name. The template has no unknown placeholders. */
void template_expand(const char *template, const struct template_words *words, struct text *out);

/* Whether a network device can be called by that name: 1 to TEMPLATE_NAME_MAX bytes, no '/', blank
 * or control character, neither "." nor ".." (dev_valid_name() in net/core/dev.c). */
bool template_name_is_valid(const char *name);
