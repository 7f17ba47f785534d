/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A PF as JSON, which was observed here or by the daemon, printed for people. See report/pf.h.
 */

#include <json-c/json_types.h>
#include <stdbool.h>

#include "style.h"
#include "verdict.h"

/* Prints the line that begins what is said of a PF: "ens1f0 (0000:3b:00.0, ice), 4 of 128 VFs,
 * rules: uplinks".
 */
void pf_view_print_heading(struct json_object *pf);
/* Prints the line with its state and the reason for it. */
void pf_view_print_state(struct json_object *pf, enum style style);
/* Prints that the steps of a PF that is only observed, or paused, stay undone, where there are any.
 */
void pf_view_print_mode(struct json_object *pf);
/* Prints how many values that VFs were given once were changed since, where there are any. */
void pf_view_print_changed(struct json_object *pf);
/* Prints a table of the settings that the policy asks for; what is alike for VFs is one row, all is
 * as in vf_groups.h. */
void pf_view_print_settings(struct json_object *pf, bool all);
/* Prints a table of the VFs that are in use. */
void pf_view_print_holders(struct json_object *pf);
/* Prints a warning for each other program that is told to set up the VFs of the PF. */
void pf_view_print_rivals(struct json_object *pf);
/* Prints that there is nothing to do, and that this is for want of rules where it is. */
void pf_view_print_nothing(struct json_object *document);
/* Prints a line for each PF and each rule without one. */
void pf_view_print_overview(struct json_object *pfs, struct json_object *unmatched_rules);

/* What such a PF means to a verb. */
enum pf_view_observed {
	PF_VIEW_OBSERVED_IS_FINE, /* in any state: nothing was asked of it */
	PF_VIEW_OBSERVED_COUNTS,
};

/* Whether a request is all that it takes to go on (disruption: on-request). */
bool pf_view_waits_for_request(struct json_object *pf);
/* What the state of a PF means for the exit code: fine, blocked, or otherwise. */
enum verdict pf_view_verdict(struct json_object *pf, enum verdict otherwise,
			     enum pf_view_observed observed);
/* The same of all PFs of a document, and of its rules without one, which are as otherwise. */
enum verdict pf_view_verdict_of_all(struct json_object *document, enum verdict otherwise,
				    enum pf_view_observed observed);
/* The style of a state. */
enum style pf_view_style(const char *name);
