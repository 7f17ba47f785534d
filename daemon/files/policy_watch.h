/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Notices when the policy's files change.
 *
 * Events come of what is in the directories themselves, at once. The rest, which is what links lead
 * to, is compared when there was any other event there, as when the link of a ConfigMap is
 * exchanged, and whenever policy_watch_compare() is called. */

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "document/dropin.h"
#include "util/cleanup.h"

struct policy_watch;

/* What the arguments point to must outlive the watch. changed is called once after each burst of
 * changes. A directory that cannot be watched is still read at each reload. 0 or -errno. */
int policy_watch_new(sd_event *event, const char *const *directories, size_t n_directories,
		     const struct dropin_options *options, void (*changed)(void *context),
		     void *context, struct policy_watch **ret);
void policy_watch_free(struct policy_watch *watch);
DEFINE_CLEANUP(struct policy_watch *, policy_watch_free);

/* The files are about to be read: what is compared later is how they are now. */
void policy_watch_note(struct policy_watch *watch);
/* Has changed() called if the files are others than were noted, by name, inode, times, size, owner
 * or mode. */
void policy_watch_compare(struct policy_watch *watch);
/* Has changed() called in a second. */
void policy_watch_retry(struct policy_watch *watch);
/* Whether changes were seen that changed() is still to be called for. */
bool policy_watch_is_settling(const struct policy_watch *watch);
