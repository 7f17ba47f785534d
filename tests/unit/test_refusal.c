/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What errors mean: a driver, a step, what the latest look saw, the error; its kind, and the words
 * for it. */

#include <errno.h>

#include "apply/refusal.h"
#include "runner.h"
#include "util/cleanup.h"

/* What the latest look saw. */
enum look { READY, NO_LINK, DOWN, VF_LEFT_OUT };

#define VF(name)                                                                                   \
	{                                                                                          \
		STEP_VF_SETTING, 0, VF_##name                                                      \
	}
#define CREATE                                                                                     \
	{                                                                                          \
		STEP_CREATE_VFS, 0, 0                                                              \
	}
#define ESWITCH_MODE                                                                               \
	{                                                                                          \
		STEP_ESWITCH_MODE, 0, 0                                                            \
	}

static const struct {
	const char *driver;
	struct step_target target;
	enum look look;
	int error;
	enum refusal_kind kind;
	const char *words;
} rows[] = {
	{ "any", VF(TRUST), READY, EOPNOTSUPP, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (EOPNOTSUPP)" },
	{ "bnxt_en", VF(SPOOF_CHECK), READY, 524, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (ENOTSUPP)" },
	{ "bnxt_en", ESWITCH_MODE, READY, 524, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (ENOTSUPP)" },
	{ "cxgb4", CREATE, READY, 524, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (ENOTSUPP)" },
	{ "any", VF(VLAN), READY, EPROTONOSUPPORT, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (EPROTONOSUPPORT)" },
	{ "any", VF(VLAN), READY, EINVAL, REFUSAL_REJECTED, "rejected by the driver (EINVAL)" },
	{ "any", VF(VLAN), READY, 999, REFUSAL_REJECTED, "rejected by the driver (error 999)" },
	{ "any", VF(VLAN), READY, EBUSY, REFUSAL_RETRY, "the driver is busy (EBUSY)" },
	{ "igb", VF(MAX_TX_RATE), NO_LINK, EINVAL, REFUSAL_WAITS_LINK,
	  "refused while the link is down (EINVAL)" },
	{ "igb", VF(MAX_TX_RATE), READY, EINVAL, REFUSAL_REJECTED,
	  "rejected by the driver (EINVAL)" },
	{ "hinic", VF(MAX_TX_RATE), NO_LINK, EPERM, REFUSAL_WAITS_LINK,
	  "refused while the link is down (EPERM)" },
	{ "hinic", VF(MAX_TX_RATE), READY, EPERM, REFUSAL_REJECTED,
	  "rejected by the driver (EPERM)" },
	{ "hinic", CREATE, READY, EPERM, REFUSAL_RETRY, "the driver is busy (EPERM)" },
	{ "igb", CREATE, READY, EPERM, REFUSAL_REJECTED, "rejected by the driver (EPERM)" },
	{ "be2net", VF(MAX_TX_RATE), NO_LINK, ENETDOWN, REFUSAL_WAITS_LINK,
	  "refused while the link is down (ENETDOWN)" },
	{ "igb", VF(MAX_TX_RATE), NO_LINK, EOPNOTSUPP, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (EOPNOTSUPP)" },
	{ "ice", VF(VLAN), VF_LEFT_OUT, EINVAL, REFUSAL_RETRY, "the driver is busy (EINVAL)" },
	{ "ice", VF(VLAN), READY, EINVAL, REFUSAL_REJECTED, "rejected by the driver (EINVAL)" },
	{ "ice", VF(MIN_TX_RATE), READY, EOPNOTSUPP, REFUSAL_REJECTED,
	  "rejected by the driver (EOPNOTSUPP)" },
	{ "qlcnic", VF(MAC), READY, EOPNOTSUPP, REFUSAL_REJECTED,
	  "rejected by the driver (EOPNOTSUPP)" },
	{ "qlcnic", VF(TRUST), READY, EOPNOTSUPP, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (EOPNOTSUPP)" },
	{ "bnx2x", VF(VLAN), DOWN, EINVAL, REFUSAL_WAITS_LINK,
	  "refused while the link is down (EINVAL)" },
	{ "bnx2x", CREATE, DOWN, EINVAL, REFUSAL_WAITS_LINK,
	  "refused while the link is down (EINVAL)" },
	{ "bnx2x", VF(VLAN), READY, EINVAL, REFUSAL_REJECTED, "rejected by the driver (EINVAL)" },
	/* Its driver is bound anew for the address: what it says is not the PF's driver's word. */
	{ "mlx5_core",
	  { STEP_VF_DEVICE, 0, VF_MAC },
	  READY,
	  EPERM,
	  REFUSAL_REJECTED,
	  "rejected by the driver (EPERM)" },
	{ "mlx5_core", VF(VLAN), READY, EPERM, REFUSAL_UNSUPPORTED,
	  "not supported by the driver (EPERM)" },
	{ "igb",
	  { STEP_VF_NETDEV, 0, VF_ALTNAME },
	  READY,
	  EEXIST,
	  REFUSAL_REJECTED,
	  "rejected by the kernel (EEXIST)" },
	{ "igb",
	  { STEP_PF_BEFORE, 0, PF_DRIVERS_AUTOPROBE },
	  READY,
	  EIO,
	  REFUSAL_REJECTED,
	  "rejected by the kernel (EIO)" },
	{ "mlx5_core",
	  { STEP_VF_NETDEV, 0, VF_MTU },
	  READY,
	  EPERM,
	  REFUSAL_REJECTED,
	  "rejected by the driver (EPERM)" },
	{ "mlx4_core", VF(MAC), READY, EPERM, REFUSAL_REJECTED, "rejected by the driver (EPERM)" },
	{ "ice", CREATE, READY, ENOSPC, REFUSAL_REJECTED,
	  "rejected by the driver (ENOSPC): the card has no interrupt vectors or queues left for "
	  "so many" },
	{ "ice", CREATE, READY, ENOMEM, REFUSAL_REJECTED,
	  "rejected by the driver (ENOMEM): there is no room for so many (PCI memory windows, bus "
	  "numbers); 'sriovctl doctor' tells which" },
	{ "igb", CREATE, READY, ERANGE, REFUSAL_REJECTED,
	  "rejected by the driver (ERANGE): the card offers fewer" },
	{ "mlx4_core", CREATE, READY, ENOENT, REFUSAL_REJECTED,
	  "rejected by the driver (ENOENT): the PF's driver makes no VFs in this way" },
	{ "any",
	  { STEP_VF_DEVICE, 0, VF_DRIVER },
	  VF_LEFT_OUT,
	  EINVAL,
	  REFUSAL_REJECTED,
	  "rejected by the driver (EINVAL)" },
};

START_TEST(an_error_means_what_its_driver_meant_by_it)
{
	struct vf vf = { .reported = rows[_i].look != VF_LEFT_OUT };
	struct pf pf = { .driver = rows[_i].driver, .vfs = &vf, .n_vfs = 1 };
	struct refusal refusal = { .target = rows[_i].target, .error = -rows[_i].error };
	CLEANUP_TEXT struct text words = { 0 };

	pf.carrier = rows[_i].look == READY || rows[_i].look == VF_LEFT_OUT;
	VALUES_SET(&pf.settings, PF_UP, (struct value){ .number = rows[_i].look != DOWN });
	refusal.kind = refusal_classify(&refusal.target, &pf, refusal.error);
	ck_assert_int_eq(refusal.kind, rows[_i].kind);
	refusal_describe_reason(&refusal, &words);
	ck_assert_str_eq(text_string(&words), rows[_i].words);
}
END_TEST

START_TEST(the_drivers_own_words_come_first)
{
	const struct refusal refusal = {
		.target = CREATE, .kind = REFUSAL_REJECTED, .error = -ENOSPC, .message = "no queues"
	};
	CLEANUP_TEXT struct text words = { 0 };

	refusal_describe_reason(&refusal, &words);
	ck_assert_str_eq(text_string(&words), "rejected by the driver (ENOSPC): no queues");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refusal");
	TCase *tests = tcase_create("refusal");

	tcase_add_loop_test(tests, an_error_means_what_its_driver_meant_by_it, 0, ARRAY_SIZE(rows));
	tcase_add_test(tests, the_drivers_own_words_come_first);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
