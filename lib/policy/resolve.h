/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Policy x observed PF -> desired PF. */

#include "model/host.h"
#include "model/pf.h"
#include "policy/policy.h"

/* A part of the policy that makes no sense on this PF; the part is left out of the desired PF. */
struct problem {
	struct origin origin;
	const char *message;
};

struct desired {
	struct pf *pf; /* settings and VFs; identity strings are not set. Its arena holds all of
			  this */
	const struct rule **rules; /* that matched, in file order; none: leave the PF alone */
	size_t n_rules;
	struct problem *problems; /* index beyond the VFs, min over max rate after merging, a MAC
				     twice ... */
	size_t n_problems;
};

/* Merges all rules that match the observed PF, later ones winning setting by setting. Values keep
 * their origin, owned by policy, which must outlive the answer. host may be NULL: nothing is known.
 *
 * Counts and "stable" addresses are made plain and altname templates expanded: a percentage of
 * totalvfs rounds down but not below 1 (0% is 0), max is totalvfs; where totalvfs is unknown both
 * are a problem, as is a number above it, and the count is then left out. The desired VFs are as
 * many as will exist: PF_VFS if set, else what is observed.
 *
 * Problems leave out: min-tx-rate where it is over max-tx-rate; of VFs that share a MAC or GUID the
 * setting on all but the first; "stable" where machine ID or permanent address are unknown; an
 * altname that is no name; msix-vectors of all VFs where they are more together than the card has,
 * those that no rule names counted as they are; settings of an eswitch that is not reported of a PF
 * with a driver. Returns 0 or -ENOMEM. */
int policy_resolve(const struct policy *policy, const struct host *host, const struct pf *observed,
		   struct desired **ret);
void desired_free(struct desired *desired);
DEFINE_CLEANUP(struct desired *, desired_free);

/* The address that "stable" stands for. Equal inputs give equal addresses for ever: the scheme is
 * part of the contract, and unit tests hold examples of it. It is the XXH3 64-bit hash, without
 * seed, of the bytes "sriovd-stable-mac-v1" NUL machine_id in lower case NUL permanent (6 bytes)
 * NUL vf_index (4 bytes, the least significant first); of the hash in big-endian order the first 6
 * bytes, with the first byte made that of a locally administered unicast address: (byte & 0xfc) |
 * 0x02. */
struct mac stable_mac(const char *machine_id, const struct mac *permanent, uint32_t vf_index);
