/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Tests of scripts, "[ ... ]", "[[ ... ]]" and "test ...". Of constants it can be told whether one
 * holds. Whether a PF is there need not be told: its rule is for when it is. Private to
 * lib/convert. */

#include "convert/shell.h"

enum condition_kind {
	CONDITION_UNKNOWN,
	CONDITION_HOLDS,
	CONDITION_FAILS,
	CONDITION_OF_PF, /* it holds where a PF is there, or is the interface that a hook is for */
};

struct condition {
	enum condition_kind kind;
	const char *pf;	   /* OF_PF */
	const char *vfs;   /* OF_PF: as long as the PF has another number of VFs; NULL: always */
	bool is_interface; /* OF_PF: it is $IFACE */
};

/* Whether the command is one. */
bool condition_is_test(const char *command);

/* What the command asks. One that is no test is unknown. 0 or -ENOMEM. */
int condition_read(struct shell *shell, const char *command, struct condition *ret);
