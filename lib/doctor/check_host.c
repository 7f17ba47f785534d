/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks of the host, and of what it is told to do with its PFs. */

#include "doctor/check.h"

static enum check_answer find_unmatched(struct examination *examination)
{
	const struct unmatched_list *unmatched = examination->examined->unmatched;

	for (size_t i = 0; i < unmatched->count; i++) {
		const struct unmatched *item = &unmatched->items[i];
		const char *place = check_place(examination, &item->rule->origin);

		check_find(examination,
			   check_format(examination, "rule '%s' matches no PF: %s",
					check_quote(examination, item->rule->name), item->reason),
			   check_format(examination, "'match' of the rule at %s, against all PFs",
					place),
			   check_format(examination,
					"correct 'match' at %s; where the PF is meant to be there, "
					"look at its slot, its driver and SR-IOV in the firmware",
					place));
	}
	return CHECK_MADE;
}

static enum check_answer find_rivals(struct examination *examination, const struct examined_pf *pf)
{
	if (!pf->rivals)
		return CHECK_IDLE;
	for (size_t i = 0; i < pf->rivals->count; i++)
		check_find(examination, pf->rivals->items[i],
			   "udev's database, profiles of NetworkManager, udev's rules, scripts",
			   "take it out of that file, or have sriovd leave the PF alone "
			   "('mode: ignore')");
	return CHECK_MADE;
}

const struct check check_host[] = {
	{ .name = "rule-unmatched",
	  .severity = SEVERITY_WARNING,
	  .finds = "a rule matches no PF; the PF that comes nearest is named",
	  .why = "nothing of what the rule asks for is there",
	  .of_host = find_unmatched },
	{ .name = "rival",
	  .severity = SEVERITY_WARNING,
	  .finds = "another program is told to set up the PF's VFs, by a file that is named",
	  .why = "two programs that set up the same VFs undo what the other does, and a write to "
		 "sriov_numvfs may find the device busy",
	  .of_pf = find_rivals },
	{ 0 },
};
