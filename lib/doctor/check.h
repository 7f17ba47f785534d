/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A check: what makes findings of facts, rules and plan; and what checks have in common. Private to
 * lib/doctor.
 *
 * A check adds a finding for each thing that it finds. Where it finds none it says whether all was
 * well, whether it could not be told, or whether there was nothing to check. */

#include "doctor/examined.h"
#include "doctor/finding.h"

enum check_answer {
	CHECK_IDLE, /* it is about something that is not there */
	CHECK_MADE,
	CHECK_UNTOLD, /* examination->reason says what could not be read */
};

/* One check of one PF, or of the host. */
struct examination {
	const struct examined *examined;
	const struct examined_pf *subject; /* NULL: the host */
	const struct check *check;
	struct findings *findings;
	const char *reason;
};

struct check {
	const char *name;
	enum severity severity;
	/* For the manual: what it finds; and why that matters, for findings too. A sentence each,
	 * without a full stop. */
	const char *finds, *why;
	bool by_facts; /* it goes by the facts of the host, which somebody has to have read */
	/* Either; the other is NULL. */
	enum check_answer (*of_pf)(struct examination *examination, const struct examined_pf *pf);
	enum check_answer (*of_host)(struct examination *examination);
};

/* Tables, each ended by a check without a name. */
extern const struct check check_card[], check_guests[], check_host[], check_iommu[], check_pcie[],
	check_vfs[];

/* Adds a finding of the check that is being made: what, read and remedy are filled in, the rest is
 * the check's. */
void check_find(struct examination *examination, const char *what, const char *read,
		const char *remedy);
/* The string, or where it is NULL, for want of memory, an empty one in findings that failed. */
const char *check_keep(struct examination *examination, const char *string);
/* What others have named, as text_append_quoted() makes it: a rule; and the PF. */
const char *check_quote(struct examination *examination, const char *string);
const char *check_name(struct examination *examination, const struct examined_pf *pf);
/* A string in the arena of the findings. */
#define check_format(examination, ...)                                                             \
	check_keep(examination, arena_printf((examination)->findings->arena, __VA_ARGS__))
/* Answers that it cannot be told, for that reason. */
enum check_answer check_untold(struct examination *examination, const char *reason);

/* Where in the policy something is, "uplinks.yaml:12"; NULL origin: "the policy". */
const char *check_place(struct examination *examination, const struct origin *origin);
/* The value that a VF will have: what is wanted of it, else what it has; NULL: neither is known. */
const struct value *check_value(const struct examined_pf *pf, uint32_t vf, enum vf_setting setting);
/* Whether a driver of vfio's has the VF, or is to have it. */
bool check_is_for_guest(const struct examination *examination, uint32_t vf);
/* The VF's own PCI function, by the facts; NULL: it is not known. */
const struct pci_function *check_function(const struct examination *examination, uint32_t vf);
/* So many VFs there will be: as the policy says, else as there are. */
uint32_t check_vf_count(const struct examined_pf *pf);
/* Whether the PF, once the plan is carried out, has that on: as wanted, else as it is; false where
 * neither is known. */
bool check_pf_has(const struct examined_pf *pf, enum pf_setting setting);
/* "VF 3" or "VFs 0-2,5": those VFs of the subject that holds() is true of; NULL: there are none. */
const char *check_which(struct examination *examination,
			bool (*holds)(const struct examination *examination, uint32_t vf));
/* Where the kernel's command line is set on this distribution, and what to call then. */
const char *check_how_to_boot(const struct facts *facts);
/* What a rule would have to say, and where: "write 'pf-up: true' in rule 'uplinks'
 * (uplinks.yaml:4)", or of a PF that no rule is for, "in a rule that matches ens1f0". */
const char *check_write(struct examination *examination, const struct examined_pf *pf,
			const char *line);
