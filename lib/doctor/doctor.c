/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doctor/doctor.h"

#include <errno.h>

#include "doctor/check.h"

static const struct check *const tables[] = { check_host, check_iommu,	check_card,
					      check_pcie, check_guests, check_vfs };

/* The check of that severity that follows the given one, or the first for NULL. */
static const struct check *next_of(enum severity severity, const struct check *after)
{
	bool passed = !after;

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		for (const struct check *check = tables[i]; check->name; check++) {
			if (passed && check->severity == severity)
				return check;
			passed = passed || check == after;
		}
	return NULL;
}

static const struct check *next_check(const struct check *after, enum severity least)
{
	enum severity severity = after ? after->severity : SEVERITY_ERROR;
	const struct check *check = next_of(severity, after);

	while (!check && severity < least)
		check = next_of(++severity, NULL);
	return check;
}

bool doctor_check(size_t i, struct doctor_check *ret)
{
	const struct check *check = next_check(NULL, SEVERITY_NOTE);

	while (check && i--)
		check = next_check(check, SEVERITY_NOTE);
	if (!check)
		return false;
	*ret = (struct doctor_check){ check->name, check->severity, check->why, check->of_host };
	return true;
}

/* What it found counts, whatever it answers. */
static void note_answer(const struct examination *examination, enum check_answer answer,
			size_t found)
{
	struct findings *findings = examination->findings;
	const struct examined_pf *subject = examination->subject;

	if (answer == CHECK_UNTOLD)
		findings_add_untold(findings,
				    &(struct untold){ examination->check->name,
						      subject ? pf_name(subject->pf) : NULL,
						      examination->reason });
	else if (answer == CHECK_MADE && findings->count == found)
		findings->n_good++;
}

static void make_check(const struct check *check, const struct examined *examined,
		       const struct examined_pf *subject, struct findings *findings)
{
	struct examination examination = {
		.examined = examined,
		.subject = subject,
		.check = check,
		.findings = findings,
	};
	const size_t found = findings->count;
	enum check_answer answer =
		check->of_host ? check->of_host(&examination) : check->of_pf(&examination, subject);

	note_answer(&examination, answer, found);
}

/* Once, for all that go by them. */
static void note_no_facts(struct findings *findings)
{
	findings_add_untold(findings,
			    &(struct untold){ .check = "facts",
					      .reason = "what the host has besides its PFs; "
							"the inventory has no facts" });
}

int doctor_examine(const struct examined *examined, enum severity least, struct arena *arena,
		   struct findings *ret)
{
	struct findings findings = { .arena = arena };

	for (const struct check *check = next_check(NULL, least); check;
	     check = next_check(check, least)) {
		if (check->by_facts && !examined->facts)
			continue;
		if (check->of_host)
			make_check(check, examined, NULL, &findings);
		for (size_t i = 0; check->of_pf && i < examined->n_pfs; i++)
			make_check(check, examined, &examined->pfs[i], &findings);
	}
	if (!examined->facts)
		note_no_facts(&findings);
	if (findings.failed)
		return -ENOMEM;
	*ret = findings;
	return 0;
}
