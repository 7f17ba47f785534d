/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the functions that read a policy share. Private to lib/policy. */

#include "document/diagnostic.h"
#include "document/yaml_node.h"
#include "model/host.h"
#include "policy/rule.h"
#include "util/arena.h"
#include "util/text.h"

struct section;

struct policy_reader {
	struct arena *arena; /* the policy's */
	struct diagnostics *diagnostics;
};

/* What host: can ask for, in the order of its keys. */
enum host_fact {
	HOST_HOSTNAME,
	HOST_MACHINE_ID,
	HOST_KERNEL_COMMAND_LINE,
	HOST_PRODUCT_NAME,
	HOST_FACT_COUNT,
};

/* The hosts that a document is for: all of what it asks for must hold. */
struct host_selector {
	struct match_patterns facts[HOST_FACT_COUNT];
	struct origin origins[HOST_FACT_COUNT]; /* of their values */
};

extern const struct section host_section, rule_section, match_section, not_section, eswitch_section,
	driver_after_section, vf_defaults_section, vf_entry_section;

/* In place of a time that a document does not give. */
#define POLICY_TIME_UNSET UINT64_MAX

/* What one document says. */
struct policy_file {
	struct host_selector selector;
	struct rule *rules;
	size_t n_rules, capacity;
	uint64_t resync_ms, boot_wait_ms; /* or POLICY_TIME_UNSET */
};

/* Reads a document. Returns 0, also with errors reported where there is something to go on with;
 * -EINVAL, reported; -ENOMEM. */
int policy_file_read(struct policy_reader *reader, const struct document *document,
		     struct policy_file *ret);

/* What host: says. */
int host_selector_read(struct policy_reader *reader, const struct yaml_node *node,
		       struct host_selector *ret);
/* Whether the selector is for the host. What is not known of a host does not hold. Returns 0 or
 * -ENOMEM. */
int host_selector_fits(const struct host_selector *selector, const struct host *host, bool *ret);

/* Why it does not fit the host: "hostname is vm, wanted 'hv-*'". Returns the place of what does not
 * hold; NULL: it fits, or memory is short. */
const struct origin *host_selector_explain(const struct host_selector *selector,
					   const struct host *host, struct text *out);

/* One rule, checked for contradictions. Where there were errors *ret has what could be read. */
int rule_read(struct policy_reader *reader, const struct yaml_node *node, struct rule *ret);

/* What match: says, and not: in it. */
int match_read(struct policy_reader *reader, const struct yaml_node *node, struct rule *rule);
