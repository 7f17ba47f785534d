/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* NetworkManager as a rival: nm-settings-keyfile(5). */

#include "foreign/search.h"

/* Adds the profiles for the PF that are about VFs. Returns 0 or -ENOMEM. */
int nm_profile_find(struct search *search);
