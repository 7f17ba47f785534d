/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Facts as a part of an inventory. */

#include "model/schema.h"

/* Of a member that is a struct facts *, in the reader's arena; NULL is absent. */
extern const struct field_kind field_facts;
