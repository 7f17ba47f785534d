/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Policy x observed PF -> desired PF. */

#include "model/host.h"
#include "model/pf.h"
#include "policy/desired.h"
#include "policy/policy.h"

/* Merges all rules that match the observed PF, later ones winning setting by setting. Values keep
 * their origin, owned by policy, which must outlive the answer. host may be NULL: nothing is known.
 *
 * Nothing is wanted of a PF that one of them ignores, nor as long as it cannot be told whether one
 * does.
 *
 * Counts, counting values and "stable" addresses are made plain and altname templates expanded, and
 * so is a share of the link where its speed is known: a percentage of
 * totalvfs rounds down but not below 1 (0% is 0), max is totalvfs; where totalvfs is unknown both
 * are a problem, as is a number above it without "at-most", and the count is then left out. The
 * desired VFs are as many as will exist: PF_VFS if set, else what is observed.
 *
 * Problems leave out: min-tx-rate where it is over max-tx-rate; a share of a link that is up and
 * whose speed is not known; counting values beyond the last; of VFs that share a MAC or GUID the
 * setting on all but the first; "stable" where machine ID or permanent address are unknown; an
 * altname that is no name; msix-vectors of all VFs where they are more together than the card has,
 * those that no rule names counted as they are; settings of an eswitch that is not reported of a PF
 * with a driver; what needs a network device where there will never be one (netdev_lack.h); what
 * the PF's driver is known to accept and not to carry out, or, in switchdev mode, not to change.
 * Returns 0 or -ENOMEM. */
int policy_resolve(const struct policy *policy, const struct host *host, const struct pf *observed,
		   struct desired **ret);
