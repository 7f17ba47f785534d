/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Passes over VFs whose drivers go on with another address or GUID than the PF has for them. */

#include "apply/refusal.h"
#include "one_pass.h"
#include "runner.h"

START_TEST(a_driver_that_goes_on_with_another_address_is_bound_anew)
{
	given(MLX5("driver: mlx5_core, mac: none, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	run_pass();
	assert_calls("vfs 0:mac\nvf 0:mac\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

/* It may be the address that it goes on with. */
START_TEST(no_driver_is_bound_anew_for_an_address_that_the_vf_is_not_known_to_have)
{
	given(MLX5("driver: mlx5_core, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	fake.pf->vfs[0].reported = false;
	run_pass();
	assert_calls("");
	assert_state(STATE_WAITING, "the driver does not report all of its VFs");
}
END_TEST

/* The driver's network device comes a while after it, with another address again. */
static int bind_anew_in_vain(struct kernel *kernel, const struct pf *pf, uint32_t vf,
			     enum vf_setting setting, const struct value *value,
			     struct kernel_error *ret_error)
{
	(void)kernel;
	(void)pf;
	(void)value;
	(void)ret_error;
	text_printf(&fake.calls, "vf %u:%s\n", vf, vf_settings[setting].key);
	fake.pf->vfs[vf].taken.known = 0;
	return 0;
}

/* A PF that reports none of its VFs may have been told another address since. */
START_TEST(a_driver_that_was_bound_anew_in_vain_is_not_at_once_bound_again)
{
	given(MLX5("driver: mlx5_core, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	fake.unreported = SETTING_BIT(VF_MAC);
	fake.kernel.write_vf = bind_anew_in_vain;
	run_pass();
	assert_calls("vfs 0:mac\nvf 0:mac\n");
	assert_state(STATE_IN_SYNC, "");
	fake.pf->vfs[0].taken.known = SETTING_BIT(VF_MAC);
	run_pass();
	assert_calls("vfs 0:mac\n");
	assert_state(STATE_DEGRADED, "VF 0: bind its driver anew for mac 02:00:00:00:00:01: "
				     "accepted by the driver, but it reads back otherwise");
	knowledge_retry(knowledge, REFUSAL_BIT(REFUSAL_NOT_TAKEN));
	run_pass();
	assert_calls("vf 0:mac\n");
}
END_TEST

START_TEST(nor_is_one_that_was_bound_anew_for_its_guid_in_vain)
{
	const struct value guid = { .number = 8 };

	given(MLX5("driver: mlx5_core, node-guid: '00:00:00:00:00:00:00:01', "
		   "taken-node-guid: '00:00:00:00:00:00:00:08'"),
	      RULE "  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01'}]\n");
	fake.kernel.write_vf = bind_anew_in_vain;
	run_pass();
	assert_calls("vf 0:node-guid\n");
	taken_set(&fake.pf->vfs[0].taken, VF_NODE_GUID, &guid);
	run_pass();
	assert_calls("");
	assert_state(STATE_DEGRADED,
		     "VF 0: bind its driver anew for node-guid 00:00:00:00:00:00:00:01: "
		     "accepted by the driver, but it reads back otherwise");
}
END_TEST

START_TEST(a_driver_that_goes_on_with_other_guids_is_bound_anew_once)
{
	given(MLX5("driver: mlx5_core, node-guid: '00:00:00:00:00:00:00:08', port-guid: "
		   "'00:00:00:00:00:00:00:09', taken-node-guid: '00:00:00:00:00:00:00:08', "
		   "taken-port-guid: '00:00:00:00:00:00:00:02'"),
	      RULE "  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01', "
		   "port-guid: '00:00:00:00:00:00:00:02'}]\n");
	run_pass();
	assert_calls("vfs 0:node-guid,port-guid\nvf 0:node-guid\n");
	assert_state(STATE_IN_SYNC, "");
}
END_TEST

START_TEST(guids_that_a_driver_may_not_have_taken_up_are_not_in_sync)
{
	given(MLX5("driver: mlx5_core, node-guid: '00:00:00:00:00:00:00:01'"),
	      RULE "  virtual-functions: [{index: 0, node-guid: '00:00:00:00:00:00:00:01'}]\n");
	run_pass();
	assert_calls("");
	assert_state(
		STATE_WAITING,
		"VF 0: bind its driver anew for node-guid 00:00:00:00:00:00:00:01: the VF has no "
		"RDMA device here, which would tell what its driver goes on with");
}
END_TEST

START_TEST(who_uses_a_vf_with_another_address_keeps_it_and_the_pf_is_not_in_sync)
{
	given(MLX5("driver: mlx5_core, mac: none, taken-mac: '02:00:00:00:00:99'"),
	      RULE "  virtual-functions: [{index: 0, mac: '02:00:00:00:00:01'}]\n");
	fake.holder = "pod";
	run_pass();
	assert_calls("vfs 0:mac\n");
	assert_state(STATE_BLOCKED,
		     "VF 0: bind its driver anew for mac 02:00:00:00:00:01: VF 0 is in use: pod");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("taken");
	TCase *tests = tcase_create("taken");

	tcase_add_checked_fixture(tests, one_pass_set_up, one_pass_tear_down);
	tcase_add_test(tests, a_driver_that_goes_on_with_another_address_is_bound_anew);
	tcase_add_test(tests,
		       no_driver_is_bound_anew_for_an_address_that_the_vf_is_not_known_to_have);
	tcase_add_test(tests, a_driver_that_was_bound_anew_in_vain_is_not_at_once_bound_again);
	tcase_add_test(tests, nor_is_one_that_was_bound_anew_for_its_guid_in_vain);
	tcase_add_test(tests, a_driver_that_goes_on_with_other_guids_is_bound_anew_once);
	tcase_add_test(tests, guids_that_a_driver_may_not_have_taken_up_are_not_in_sync);
	tcase_add_test(tests,
		       who_uses_a_vf_with_another_address_keeps_it_and_the_pf_is_not_in_sync);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
