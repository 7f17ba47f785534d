/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The journal's socket, in its native protocol (systemd's "Native Journal Protocol"), without ever
 * waiting for it: the journal itself can hang, in the very call of the kernel that is to be logged.
 * systemd-journald reads the uevent of a device that a message of the kernel is about, and that
 * waits for the lock which whoever unbinds the device holds [seen with Linux 6.1 and vfio-pci]. */

#include <stddef.h>

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

struct journal_field {
	const char *key;
	const char *value; /* NULL: there is no such field */
};

/* Sends an entry. Returns 0, or -errno: -EAGAIN if the journal takes nothing now, and the entry is
 * lost. */
int journal_send(const char *socket_path, const struct journal_field *fields, size_t count);
