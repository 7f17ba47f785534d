/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon, on the system bus or at its own socket; see sriovd(8), D-BUS. */

#include <json-c/json_types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#include "util/cleanup.h"
#include "verdict.h"

struct daemon;

/* Connects to the bus. Returns 0; -ENOTCONN if there is no bus: a daemon may run all the same; or
 * -errno. */
int daemon_open_bus(struct daemon **ret);
/* The same, for calls to the manager alone: for root at the daemon's own socket where there is one
 * and no bus is named in the environment, so that it does not wait for what others do on the bus.
 * Where that turns root away, since too many ask there, it is the bus all the same; -EUSERS: there
 * is none either. */
int daemon_open(struct daemon **ret);
/* How long Describe() may take, which is ten seconds unless this is said. */
void daemon_set_patience(struct daemon *daemon, unsigned seconds);
void daemon_close(struct daemon *daemon);
DEFINE_CLEANUP(struct daemon *, daemon_close);

/* All calls return 0, or -errno: -ENOENT if no daemon is on the bus, -EACCES if the caller may not
 * do this; until the next call, daemon_failed() knows why. */

/* Describe(): of the PFs named, or of those that a rule matches. */
int daemon_describe(struct daemon *daemon, char *const *pfs, size_t n_pfs,
		    struct json_object **ret);
/* Describe() of the PF whose object is at path. */
int daemon_describe_path(struct daemon *daemon, const char *path, struct json_object **ret);
/* Apply(): returns when all is done, or nothing is to be expected any more, or wait_s is over. */
int daemon_apply(struct daemon *daemon, char *const *pfs, size_t n_pfs, bool disruptive,
		 unsigned wait_s, struct json_object **ret);
/* Pause(): returns when nothing is written to the PF any more for that time, or, with 0, that is
 * over. */
int daemon_pause(struct daemon *daemon, const char *pf, uint64_t us, struct json_object **ret);
/* A method of the manager that takes and gives nothing: "Reload", "Resync". */
int daemon_call(struct daemon *daemon, const char *method);
/* Prints on standard error why daemon_open() or a call failed for a verb, and gives the verdict.
 * daemon is NULL where it could not be opened. */
enum verdict daemon_failed(const struct daemon *daemon, const char *verb, int error);
/* Why the latest call failed, as the daemon says it; "" where it said nothing. */
const char *daemon_error(const struct daemon *daemon);
/* For listening to signals. */
sd_bus *daemon_bus(const struct daemon *daemon);
