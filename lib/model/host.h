/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy can know of the host besides its PFs. */

#include <stdbool.h>
#include <stdint.h>

#define HOST_MACHINE_ID_SIZE 16

/* Strings are NULL where unknown. */
struct host {
	const char *hostname;
	const char *machine_id; /* as machine-id(5) has it; see host_machine_id_is_valid() */
	const char *kernel_command_line;
	const char *product_name; /* DMI */
};

/* Whether it is 32 hexadecimal digits that are not all 0. Early in a first boot the file is empty
 * or has the word "uninitialized", which identify nothing. */
bool host_machine_id_is_valid(const char *machine_id);
/* The bytes of the host's machine ID; false: it is not known, or not valid. host may be NULL. */
bool host_get_machine_id(const struct host *host, uint8_t ret[static HOST_MACHINE_ID_SIZE]);
