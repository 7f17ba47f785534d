/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon on the system bus; see sriovd(8), D-BUS. */

#include <json-c/json_types.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "util/cleanup.h"

struct daemon;

/* Connects to the bus. Returns 0, or -ENOENT if there is no bus. */
int daemon_open(struct daemon **ret);
void daemon_close(struct daemon *daemon);
DEFINE_CLEANUP(struct daemon *, daemon_close);

/* All calls return 0, or -errno: -ENOENT if no daemon is on the bus, -EACCES if the caller may not
 * do this; why is told by daemon_error() until the next call. */

/* Describe(): of the PFs named, or of those that a rule matches. */
int daemon_describe(struct daemon *daemon, char *const *pfs, size_t n_pfs,
		    struct json_object **ret);
/* Describe() of the PF whose object is at path. */
int daemon_describe_path(struct daemon *daemon, const char *path, struct json_object **ret);
/* Apply(): returns when all is done, or nothing is to be expected any more, or wait_s is over. */
int daemon_apply(struct daemon *daemon, char *const *pfs, size_t n_pfs, unsigned wait_s,
		 struct json_object **ret);
/* A method of the manager that takes and gives nothing: "Reload", "Resync". */
int daemon_call(struct daemon *daemon, const char *method);
const char *daemon_error(const struct daemon *daemon);
/* For listening to signals. */
sd_bus *daemon_bus(const struct daemon *daemon);
