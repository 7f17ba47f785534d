/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Files in which other programs are told to set up VFs, as a policy. Nothing is lost: each key of a
 * file is in a rule, or in a comment with its line. Nothing is made up: what a file does not say,
 * no rule says. */

#include "convert/conversion.h"
#include "util/text.h"

struct convert_format {
	const char *name;
	const char *summary; /* what the files are, for people */
	/* Appends what a document says. 0; -EINVAL, reported; -ENOMEM. */
	int (*read)(const struct document *document, struct conversion *conversion);
	/* Takes all that was read to drafts of rules, and to notes. 0 or -ENOMEM. */
	int (*take)(struct conversion *conversion);
	const char *remark; /* what is to be known of the rules together, or NULL */
};

/* Ended by one without a name. */
extern const struct convert_format convert_formats[];

/* NULL: there is none of that name. */
const struct convert_format *convert_format_find(const char *name);

/* Appends the documents as a policy, which policy_read() takes, to out. *ret_rules is how many
 * rules it has. What is of no use as such a file is reported, and the answer is -EINVAL; 0;
 * -ENOMEM. */
int convert(const struct convert_format *format, const struct document *documents, size_t count,
	    struct arena *arena, struct diagnostics *diagnostics, struct text *out,
	    size_t *ret_rules);
