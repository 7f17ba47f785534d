/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What is said of a host, as one document: its PFs, and the rules that match none of them. All
 * programs and verbs that speak of PFs make it here. */

#include <json-c/json_types.h>

#include "policy/left_out.h"
#include "policy/unmatched.h"

/* How the policy in force stands to its files, as the daemon knows it. */
struct report_policy {
	const char *standing;	   /* "current", "outdated", "last-good", "none" */
	const char *summary;	   /* the same in words; empty where it is current */
	const char *sha256;	   /* of the list of its files; NULL: none is in force */
	const char *since;	   /* it is in force since then, as ISO 8601; NULL: none is */
	const char *refused_since; /* of files with errors; NULL: they have none */
	const char *refused_at;	   /* the place of the first error, or NULL */
	size_t errors;
};

/* Who has seen what the document says. */
struct report_source {
	const char *name;    /* "daemon", "direct"; NULL: left out, with all the rest */
	const char *version; /* of the daemon; NULL: left out, with what follows */
	bool policy_in_force;
	bool is_under_way;		    /* passes are, which may change what is said */
	const struct report_policy *policy; /* NULL: left out */
	bool is_public; /* for everybody: of rules it says that they match no PF, of files nothing
			 */
};

/* Adds source, version, policy_in_force and policy, pfs, unmatched_rules and left_out. pfs is taken
 * over; NULL, out of memory, makes the document NULL. unmatched and left_out may be NULL: none. */
void report_host(struct json_object **document, const struct report_source *source,
		 struct json_object *pfs, const struct unmatched_list *unmatched,
		 const struct left_out_list *left_out);
