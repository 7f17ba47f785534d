/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What has happened to a PF between two documents of it, as the daemon describes it to whoever
 * asks: with names where the documents have them. */

#include <json-c/json_types.h>

/* A list of {event, vf, text}: "holder-came", "holder-gone", "repaired", "done", "refused", in this
 * order. text is a sentence of it without the PF's name; vf is left out where it is of the PF.
 * Nothing has happened where one of the documents lacks what would tell it. NULL when out of
 * memory. */
struct json_object *changes_find(struct json_object *before, struct json_object *now);
