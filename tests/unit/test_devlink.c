/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* devlink's socket, with answers of the test's own: whether there is no eswitch, or it is not to be
 * known. */

#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "kernel/netlink/devlink.h"
#include "kernel/netlink/netlink.h"
#include "runner.h"

int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context);

/* To the question for the family, and to those that come after it. */
static struct {
	int error_of_family, error;
} answers;

static int answer_with_family(int (*each)(const struct nlmsghdr *message, void *context),
			      void *context)
{
	const struct genlmsghdr header = { .cmd = CTRL_CMD_NEWFAMILY };
	struct nl_msg *answer = nlmsg_alloc_simple(GENL_ID_CTRL, 0);
	int r;

	ck_assert_int_eq(nlmsg_append(answer, (void *)&header, sizeof(header), NLMSG_ALIGNTO), 0);
	ck_assert_int_eq(nla_put_u16(answer, CTRL_ATTR_FAMILY_ID, 0x15), 0);
	r = each(nlmsg_hdr(answer), context);
	nlmsg_free(answer);
	return r;
}

int __wrap_netlink_ask(struct netlink *netlink, struct nl_msg *message,
		       int (*each)(const struct nlmsghdr *message, void *context), void *context)
{
	(void)netlink;
	if (nlmsg_hdr(message)->nlmsg_type != GENL_ID_CTRL)
		return answers.error;
	return answers.error_of_family ? answers.error_of_family
				       : answer_with_family(each, context);
}

static const struct row {
	const char *what;
	int error_of_family, error;
	bool silent;
} rows[] = {
	{ "it answers", 0, 0, false },
	{ "the driver has no eswitch", 0, -EOPNOTSUPP, false },
	{ "the kernel has no devlink", -ENOENT, 0, false },
	{ "it does not know the PF yet", 0, -ENODEV, true },
	{ "the driver is busy", 0, -EBUSY, true },
	{ "we may not ask", 0, -EPERM, true },
	{ "whether the kernel has it cannot be told", -EPERM, 0, true },
};

START_TEST(only_eopnotsupp_says_that_there_is_no_eswitch)
{
	CLEANUP(devlink_free_cleanup) struct devlink *devlink = NULL;
	const struct row *row = &rows[_i];
	struct pf_values values = { 0 };
	bool silent;

	answers.error_of_family = row->error_of_family;
	answers.error = row->error;
	ck_assert_int_eq(devlink_new(&devlink), 0);
	ck_assert_int_eq(devlink_get_eswitch(devlink, "pci/0000:3b:00.0", &values, &silent), 0);
	ck_assert_msg(silent == row->silent, "%s", row->what);
	ck_assert_uint_eq(values.present, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("devlink");
	TCase *tests = tcase_create("devlink");

	tcase_add_loop_test(tests, only_eopnotsupp_says_that_there_is_no_eswitch, 0,
			    ARRAY_SIZE(rows));
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
