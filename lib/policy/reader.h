/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the functions that read a policy share. Private to lib/policy. */

#include "model/host.h"
#include "policy/policy.h"
#include "util/arena.h"
#include "util/diagnostic.h"
#include "util/yaml.h"

struct section;

struct reader {
	struct arena *arena; /* the policy's */
	struct diagnostics *diagnostics;
	const struct host *host; /* NULL: every host: selector fits */
};

extern const struct section host_section, settings_section, rule_section, match_section,
	eswitch_section, vf_defaults_section, vf_entry_section;

/* What one document says. */
struct policy_file {
	bool fits; /* the host */
	struct rule *rules;
	size_t n_rules, capacity;
	uint64_t resync_ms, boot_wait_ms;
};

/* Reads a document into *ret, which has the values of what the document leaves out. Returns 0, also
 * with errors reported where there is something to go on with; -EINVAL, reported; -ENOMEM. */
int file_read(struct reader *reader, const struct document *document, struct policy_file *ret);

/* What host: says: whether it fits the reader's host. */
int host_read(struct reader *reader, const struct yaml_node *node, bool *ret_fits);

/* One rule, checked for contradictions. Where there were errors *ret has what could be read. */
int rule_read(struct reader *reader, const struct yaml_node *node, struct rule *ret);

/* What match: says. */
int match_read(struct reader *reader, const struct yaml_node *node, struct match_patterns *ret);
