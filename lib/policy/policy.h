/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The policy in force: rules read from YAML documents. The language is described in sriovd.yaml(5).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "model/host.h"
#include "policy/rule.h"
#include "util/arena.h"

/* How names of policy files end, and what others write for it. */
#define POLICY_SUFFIX	       ".yaml"
#define POLICY_SUFFIX_MISSPELT ".yml"

/* The standard directories, in order of precedence. */
extern const char *const policy_directories[3];

#define POLICY_RESYNC_DEFAULT_MS    60000u
#define POLICY_BOOT_WAIT_DEFAULT_MS 15000u

/* A file that does not count on a host. */
struct left_out {
	struct origin origin; /* line 0: of the file as a whole */
	const char *reason;   /* "masked by /etc/sriovd/a.yaml", or "not for this host: hostname is
			       * vm,   wanted 'hv-*'" */
};

/* Shared: a pass keeps the policy that its values come from, in whatever thread it is. */
struct policy {
	struct arena *arena;
	unsigned references; /* changed atomically */
	struct rule *rules;  /* in file order */
	size_t n_rules;
	struct host host;   /* that it was read for; all unknown where it is for every host */
	uint64_t resync_ms; /* 0: events only */
	uint64_t boot_wait_ms;

	/* Private to lib/policy. */
	struct policy_file *files; /* what each document says, those for other hosts too */
	size_t n_files;
	struct left_out *masked; /* files that were not even read */
	size_t n_masked;
	bool *chosen;	      /* which of them are for the host; of the whole's files in a part */
	struct policy *whole; /* a part holds a reference to it */
};

/* Reads documents, in order. Documents whose host: selector does not fit host are read and checked
 * but their rules do not count; host NULL accepts every document. The documents are copied: nothing
 * of the arguments needs to outlive the call. Errors and warnings go to diagnostics. Notes of files
 * that are masked, which dropin_read() left there, go over into the policy, for left_out_find().
 * Returns 0; -EINVAL with errors reported; -ENOMEM. */
int policy_read(const struct document *documents, size_t n_documents, const struct host *host,
		struct diagnostics *diagnostics, struct policy **ret);
/* The part of a policy that is for one host, as reading the same documents for that host would give
 * it; all was read for every host. like, an earlier answer for the same policy or NULL, is handed
 * out again if it is the same part. The answer is a reference. Returns 0 or -ENOMEM. */
int policy_select(struct policy *all, const struct host *host, struct policy *like,
		  struct policy **ret);
/* One more reference to the policy, for policy_free() to drop. */
struct policy *policy_ref(struct policy *policy);
/* Drops a reference; the last one frees it. Accepts NULL. */
void policy_free(struct policy *policy);
DEFINE_CLEANUP(struct policy *, policy_free);
