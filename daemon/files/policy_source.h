/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The policy directories: reading them, and noticing when they change. */

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "files/policy_standing.h"
#include "log.h"
#include "model/host.h"
#include "policy/policy.h"
#include "work/workers.h"

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

/* From now on keeps each policy that is read without an error below the state directory, an
 * absolute path, as the last good one. done is called when nothing is left to be kept. */
int policy_source_keep(struct policy_source *source, const char *state_directory,
		       struct workers *workers, void (*done)(void *context), void *context);

/* Reads all files. Errors and warnings are logged. Returns 0; -EINVAL if the policy has errors;
 * -EAGAIN if a file is open for writing, and then changed() is called again; -ENOMEM. */
int policy_source_read(struct policy_source *source, const struct host *host, struct policy **ret);

/* After policy_source_read() found errors, and when no policy is in force: reads the last good one,
 * and logs that, or why there is none. 0, -ENOENT if there is none, -EINVAL if it has errors, or
 * -ENOMEM. */
int policy_source_restore(struct policy_source *source, const struct host *host,
			  struct policy **ret);

/* Logs what is in force now, unless that was logged of it already: a policy that is read again, as
 * with each "sriovctl apply", is no news. */
void policy_source_log_in_force(struct policy_source *source, const struct policy *policy);

/* How the policy in force stands to the files. */
const struct policy_standing *policy_source_standing(const struct policy_source *source);

/* Calls changed() once after each burst of changes in the directories. Begin before the first read.
 */
int policy_source_watch(struct policy_source *source, sd_event *event,
			void (*changed)(void *context), void *context);
/* Has changed() called if files have changed of which there were no events, as of what links lead
 * to. */
void policy_source_compare(struct policy_source *source);
/* Whether changes were seen that changed() is still to be called for. */
bool policy_source_is_settling(const struct policy_source *source);
