/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/refusal.h"

#include <errno.h>
#include <string.h>

#include "util/error_name.h"

#define BIT(setting) SETTING_BIT(VF_##setting)
#define RATES	     (BIT(MIN_TX_RATE) | BIT(MAX_TX_RATE))
#define OF_PF	     (UINT64_C(1) << 63)
#define OF_VFS	     (OF_PF - 1)
/* That the PF's driver is told. */
#define OF_FUNCTIONS (SETTING_BIT(VF_MSIX_VECTORS) - 1)
#define ANY	     UINT64_MAX

/* What must be so besides. */
enum when {
	ALWAYS,
	NO_CARRIER, /* the PF's link is down */
	PF_DOWN,
	LEFT_OUT, /* the latest look did not tell of the VF: its driver starts over */
};

/* What an error means; the first row that fits says it. Paths are below drivers/net/ethernet/. */
static const struct meaning {
	const char *driver; /* NULL: any */
	uint64_t settings;  /* of VFs; or OF_PF, a step on the PF */
	enum when when;
	int error; /* 0: any */
	enum refusal_kind kind;
} meanings[] = {
	/* Of the moment, though the error says "never": qlcnic_sriov_set_vf_mac() and
	 * qlcnic_sriov_set_vf_vlan() in qlogic/qlcnic/qlcnic_sriov_pf.c while a driver has the VF,
	 * ice_set_vf_bw() in intel/ice/ice_sriov.c while DCB is on. */
	{ "qlcnic", BIT(MAC) | BIT(VLAN), ALWAYS, EOPNOTSUPP, REFUSAL_REJECTED },
	{ "ice", BIT(MIN_TX_RATE), ALWAYS, EOPNOTSUPP, REFUSAL_REJECTED },
	/* For good: the PF does not manage its eswitch (mlx5_eswitch_get_vport() in
	 * mellanox/mlx5/core/eswitch.c). */
	{ "mlx5_core", OF_FUNCTIONS, ALWAYS, EPERM, REFUSAL_UNSUPPORTED },
	/* hinic_pci_sriov_configure() in huawei/hinic/hinic_sriov.c: another one runs. */
	{ "hinic", OF_PF, ALWAYS, EPERM, REFUSAL_RETRY },

	{ NULL, ANY, ALWAYS, EOPNOTSUPP, REFUSAL_UNSUPPORTED },
	{ NULL, ANY, ALWAYS, ERROR_ENOTSUPP, REFUSAL_UNSUPPORTED },
	{ NULL, ANY, ALWAYS, EPROTONOSUPPORT, REFUSAL_UNSUPPORTED },
	/* Of the PF: its driver cannot make VFs at all (sriov_numvfs_store() in
	 * drivers/pci/iov.c). */
	{ NULL, OF_PF, ALWAYS, ENOENT, REFUSAL_REJECTED },
	/* A VF that is not online is given up by nvme_probe() in drivers/nvme/host/pci.c. */
	{ "nvme", BIT(DRIVER), ALWAYS, ENOENT, REFUSAL_REJECTED },
	{ NULL, OF_VFS, ALWAYS, ENOENT, REFUSAL_WAITS_VF },
	{ NULL, ANY, ALWAYS, ENETDOWN, REFUSAL_WAITS_LINK },
	{ NULL, OF_PF, ALWAYS, EINPROGRESS, REFUSAL_WAITS_TURN },
	{ NULL, ANY, ALWAYS, EAGAIN, REFUSAL_RETRY },
	{ NULL, ANY, ALWAYS, EBUSY, REFUSAL_RETRY },
	{ NULL, ANY, ALWAYS, EINTR, REFUSAL_RETRY },
	{ NULL, ANY, ALWAYS, ETIMEDOUT, REFUSAL_RETRY },
	{ NULL, ANY, ALWAYS, ENOBUFS, REFUSAL_RETRY },
	/* While a VF starts over, or its whole PF does, some answer as to a wrong value:
	 * ice_check_vf_ready_for_cfg() in intel/ice/ice_vf_lib.c EINVAL. */
	{ NULL, OF_VFS, LEFT_OUT, 0, REFUSAL_RETRY },
	/* EINVAL of igb and ixgbe, EPERM of hinic (hinic_ndo_set_vf_bw()). */
	{ NULL, RATES, NO_CARRIER, 0, REFUSAL_WAITS_LINK },
	/* bnx2x_vf_op_prep() and bnx2x_sriov_configure() in broadcom/bnx2x/bnx2x_sriov.c. */
	{ "bnx2x", ANY, PF_DOWN, EINVAL, REFUSAL_WAITS_LINK },
};

static bool holds(enum when when, const struct step_target *target, const struct pf *observed)
{
	switch (when) {
	case NO_CARRIER:
		return !observed->carrier;
	case PF_DOWN:
		return pf_is_down(observed);
	case LEFT_OUT:
		return target->vf < observed->n_vfs && !observed->vfs[target->vf].reported &&
		       vf_settings[target->setting].layer == VF_LAYER_FUNCTION;
	default:
		return true;
	}
}

static uint64_t settings_of(const struct step_target *target)
{
	if (!step_is_of_vf(target))
		return OF_PF;
	/* A driver that is bound anew answers for itself, whatever it is bound anew for. */
	if (target->kind == STEP_VF_DEVICE &&
	    vf_settings[target->setting].layer == VF_LAYER_FUNCTION)
		return SETTING_BIT(VF_DRIVER);
	return SETTING_BIT(target->setting);
}

static bool means(const struct meaning *row, const struct step_target *target,
		  const struct pf *observed, int error)
{
	uint64_t bit = settings_of(target);

	if (!(row->settings & bit) || (row->error && row->error != -error))
		return false;
	if (row->driver && (!observed->driver || strcmp(row->driver, observed->driver) != 0))
		return false;
	return holds(row->when, target, observed);
}

enum refusal_kind refusal_classify(const struct step_target *target, const struct pf *observed,
				   int error)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (means(&meanings[i], target, observed, error))
			return meanings[i].kind;
	return REFUSAL_REJECTED;
}

/* What an error says of a number of VFs, where its name does not. */
static const struct {
	int error;
	const char *words;
} words_of_count[] = {
	/* ice_set_per_vf_res() in intel/ice/ice_sriov.c. */
	{ ENOSPC, "the card has no interrupt vectors or queues left for so many" },
	/* sriov_enable() in drivers/pci/iov.c. */
	{ ENOMEM, "there is no room for so many (PCI memory windows, bus numbers); "
		  "'sriovctl doctor' tells which" },
	{ ERANGE, "the card offers fewer" },
	{ ENOENT, "the PF's driver makes no VFs in this way" },
};

static const char *own_words(const struct refusal *refusal)
{
	for (size_t i = 0;
	     refusal->target.kind == STEP_CREATE_VFS && i < ARRAY_SIZE(words_of_count); i++)
		if (words_of_count[i].error == -refusal->error)
			return words_of_count[i].words;
	return "";
}

/* What the kernel writes without asking a driver. */
static const struct {
	enum step_kind kind;
	unsigned setting;
} without_driver[] = {
	{ STEP_PF_BEFORE, PF_DRIVERS_AUTOPROBE },
	{ STEP_VF_DEVICE, VF_UNMANAGED },
	{ STEP_VF_NETDEV, VF_ALTNAME },
};

static const char *who_refuses(const struct step_target *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(without_driver); i++)
		if (without_driver[i].kind == target->kind &&
		    without_driver[i].setting == target->setting)
			return "the kernel";
	return "the driver";
}

static void append_reason(const struct refusal *refusal, struct text *out)
{
	static const struct {
		const char *words;
		bool by; /* who comes after them */
	} reasons[REFUSAL_KIND_COUNT] = {
		[REFUSAL_UNSUPPORTED] = { "not supported", true },
		[REFUSAL_WAITS_LINK] = { "refused while the link is down", false },
		[REFUSAL_WAITS_VF] = { "there is no such VF or no driver yet", false },
		[REFUSAL_RETRY] = { "the driver is busy", false },
		[REFUSAL_REJECTED] = { "rejected", true },
		[REFUSAL_NOT_TAKEN] = { "accepted by the driver, but it reads back otherwise",
					false },
		[REFUSAL_SPARED] = { "that was done three times within ten minutes, and something "
				     "else keeps undoing what it is for",
				     false },
	};

	text_append(out, reasons[refusal->kind].words);
	if (reasons[refusal->kind].by)
		text_printf(out, " by %s", who_refuses(&refusal->target));
}

void refusal_describe_reason(const struct refusal *refusal, struct text *out)
{
	const char *words = refusal->message[0] ? refusal->message : own_words(refusal);

	if (refusal->kind == REFUSAL_WAITS_TURN) {
		text_append(out, "waits for the VFs of ");
		text_append_quoted(out, words);
		return;
	}
	append_reason(refusal, out);
	if (refusal->error) {
		text_append(out, " (");
		error_name_append(refusal->error, out);
		text_append(out, ")");
	}
	if (words[0]) {
		text_append(out, ": ");
		text_append_quoted(out, words);
	}
}

void refusal_describe(const struct refusal *refusal, struct text *out)
{
	const struct step step = { .target = refusal->target, .to = refusal->value };

	step_describe(&step, out);
	text_append(out, ": ");
	refusal_describe_reason(refusal, out);
}
