/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a policy can know of the host besides its PFs. Strings are NULL where unknown. */

struct host {
	const char *hostname;
	const char *machine_id; /* 32 hexadecimal digits */
	const char *kernel_command_line;
	const char *product_name; /* DMI */
};
