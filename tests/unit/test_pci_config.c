/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The capability list of a PCI device, whole and damaged. */

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel/device/pci_config.h"
#include "runner.h"

#define PM   0x40
#define MSIX 0x70

static unsigned char config[256];

static void set_up(void)
{
	memset(config, 0, sizeof(config));
	config[PCI_STATUS] = PCI_STATUS_CAP_LIST;
	config[PCI_CAPABILITY_LIST] = PM;
	config[PM] = PCI_CAP_ID_PM;
	config[PM + 1] = MSIX;
	config[MSIX] = PCI_CAP_ID_MSIX;
	config[MSIX + PCI_MSIX_FLAGS] = 0xff; /* a table of 0x1ff + 1, and enabled */
	config[MSIX + PCI_MSIX_FLAGS + 1] = 0x81;
}

/* What is read of the first bytes of config. */
static int read_of(size_t length, uint32_t *ret)
{
	int fd = memfd_create("config", MFD_CLOEXEC), r;

	ck_assert_int_eq(write(fd, config, length), (ssize_t)length);
	r = pci_config_read_msix(fd, ret);
	(void)close(fd);
	return r;
}

START_TEST(the_size_of_the_table_is_read_without_its_flags)
{
	uint32_t vectors;

	ck_assert_int_eq(read_of(sizeof(config), &vectors), 0);
	ck_assert_uint_eq(vectors, 512);
}
END_TEST

START_TEST(a_device_without_the_capability_has_none)
{
	uint32_t vectors;

	config[PM + 1] = 0;
	ck_assert_int_eq(read_of(sizeof(config), &vectors), -ENODATA);
	config[PCI_STATUS] = 0;
	ck_assert_int_eq(read_of(sizeof(config), &vectors), -ENODATA);
}
END_TEST

START_TEST(what_we_may_not_read_is_not_known)
{
	uint32_t vectors;

	/* As much as those get who may not configure devices. */
	ck_assert_int_eq(read_of(64, &vectors), -EACCES);
	ck_assert_int_eq(read_of(0, &vectors), -EACCES);
	ck_assert_int_eq(read_of(MSIX + 2, &vectors), -EACCES);
}
END_TEST

START_TEST(a_list_that_goes_round_in_circles_ends)
{
	uint32_t vectors;

	config[PM + 1] = PM;
	ck_assert_int_eq(read_of(sizeof(config), &vectors), -ENODATA);
}
END_TEST

START_TEST(a_device_that_does_not_answer_has_none)
{
	uint32_t vectors;

	memset(config, 0xff, sizeof(config));
	ck_assert_int_eq(read_of(sizeof(config), &vectors), -ENODATA);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pci_config");
	TCase *tests = tcase_create("pci_config");

	tcase_add_checked_fixture(tests, set_up, NULL);
	tcase_add_test(tests, the_size_of_the_table_is_read_without_its_flags);
	tcase_add_test(tests, a_device_without_the_capability_has_none);
	tcase_add_test(tests, what_we_may_not_read_is_not_known);
	tcase_add_test(tests, a_list_that_goes_round_in_circles_ends);
	tcase_add_test(tests, a_device_that_does_not_answer_has_none);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
