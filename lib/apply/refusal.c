/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/refusal.h"

#include <errno.h>
#include <string.h>

static const struct {
	int error;
	enum refusal_kind kind;
} kinds[] = {
	{ EOPNOTSUPP, REFUSAL_UNSUPPORTED },
	{ EPROTONOSUPPORT, REFUSAL_UNSUPPORTED },
	{ ENETDOWN, REFUSAL_WAITS_LINK },
	{ ENOENT, REFUSAL_WAITS_VF },
	{ EAGAIN, REFUSAL_RETRY },
	{ EBUSY, REFUSAL_RETRY },
	{ EINTR, REFUSAL_RETRY },
	{ ETIMEDOUT, REFUSAL_RETRY },
	{ ENOBUFS, REFUSAL_RETRY },
};

static bool is_rate(const struct step_target *target)
{
	return step_is_of_vf(target) &&
	       (target->setting == VF_MIN_TX_RATE || target->setting == VF_MAX_TX_RATE);
}

enum refusal_kind refusal_classify(const struct step_target *target, const struct pf *observed,
				   int error)
{
	/* Of the PF: its driver cannot make VFs at all (sriov_numvfs_store() in drivers/pci/iov.c).
	 */
	if (error == -ENOENT && !step_is_of_vf(target))
		return REFUSAL_REJECTED;
	if (error == -EINVAL && is_rate(target) && !observed->carrier)
		return REFUSAL_WAITS_LINK;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].error == -error)
			return kinds[i].kind;
	return REFUSAL_REJECTED;
}

static const char *reason_of(const struct refusal *refusal)
{
	static const char *const reasons[REFUSAL_KIND_COUNT] = {
		[REFUSAL_UNSUPPORTED] = "not supported by the driver",
		[REFUSAL_WAITS_LINK] = "refused while the link is down",
		[REFUSAL_WAITS_VF] = "there is no such VF or no driver yet",
		[REFUSAL_RETRY] = "the driver is busy",
		[REFUSAL_REJECTED] = "rejected by the driver",
		[REFUSAL_NOT_TAKEN] = "accepted by the driver, but it reads back otherwise",
	};

	return reasons[refusal->kind];
}

void refusal_describe_reason(const struct refusal *refusal, struct text *out)
{
	const char *name = strerrorname_np(-refusal->error);

	text_append(out, reason_of(refusal));
	if (refusal->error)
		text_printf(out, " (%s)", name ? name : "unknown error");
	if (refusal->message[0]) {
		text_append(out, ": ");
		text_append_escaped(out, refusal->message);
	}
}

void refusal_describe(const struct refusal *refusal, struct text *out)
{
	const struct step step = { .target = refusal->target, .to = refusal->value };

	step_describe(&step, out);
	text_append(out, ": ");
	refusal_describe_reason(refusal, out);
}
