/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The policy directories: reading them, and being told when they change. */

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "log.h"
#include "model/host.h"
#include "policy/policy.h"

struct policy_source_options {
	const char *const *directories;
	size_t n_directories;
	const char *root;  /* prefix of the directories, or NULL */
	bool trusted_only; /* as of struct dropin_options */
};

struct policy_source;

/* options' strings must outlive the answer. */
int policy_source_new(const struct policy_source_options *options, struct log *log,
		      struct policy_source **ret);
void policy_source_free(struct policy_source *source);
DEFINE_CLEANUP(struct policy_source *, policy_source_free);

/* Reads all files. Errors and warnings are logged. Returns 0; -EINVAL if the policy has errors;
 * -ENOMEM. */
int policy_source_read(struct policy_source *source, const struct host *host, struct policy **ret);

/* Calls changed() once after each burst of changes in the directories. Begin before the first read.
 */
int policy_source_watch(struct policy_source *source, sd_event *event,
			void (*changed)(void *context), void *context);
