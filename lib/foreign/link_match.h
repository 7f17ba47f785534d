/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which .link file udev would choose for the network device of a PF: systemd.link(5), "[Match]
 * Section Options". */

#include "foreign/search.h"

/* systemd's directories of them, ended by NULL. */
extern const char *const link_directories[SEARCH_DIRECTORIES_MAX + 1];

/* The path of the first of all .link files that matches the PF by what it has now; NULL: none does,
 * or it cannot be told, since one before asks for what we do not know. *ret_by_name: it matches by
 * the name that the device has now (OriginalName=), which it may not have when udev first sees it.
 * Returns 0 or -ENOMEM. */
int link_match_find(struct search *search, const char **ret, bool *ret_by_name);
