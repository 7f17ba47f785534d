/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "one_pass.h"

#include "fixture.h"
#include "runner.h"

struct fake_kernel fake;
struct knowledge *knowledge;
struct policy *policy;
struct pass *pass;

void one_pass_set_up(void)
{
	ck_assert_int_eq(knowledge_new(&knowledge), 0);
	policy = NULL;
	pass = NULL;
}

void one_pass_tear_down(void)
{
	pass_free(pass);
	policy_free(policy);
	knowledge_free(knowledge);
	fake_kernel_clear(&fake);
}

void given(const char *pf, const char *rules)
{
	fake_kernel_init(&fake, fixture_pf(pf));
	policy = fixture_policy(rules);
}

void now_given(const char *rules)
{
	policy_free(TAKE(policy));
	policy = fixture_policy(rules);
}

int try_pass(const struct pass_options *options)
{
	pass_free(TAKE(pass));
	text_clear(&fake.calls);
	return pass_run(&fake.kernel, policy, &fixture_host, "pci/0000:01:00.0", knowledge, options,
			&pass);
}

void run_pass(void)
{
	ck_assert_int_eq(try_pass(&(struct pass_options){ 0 }), 0);
}

void assert_calls(const char *expected)
{
	ck_assert_str_eq(text_string(&fake.calls), expected);
}

void assert_state(enum pf_state state, const char *reason)
{
	ck_assert_str_eq(pf_state_name(pass->state), pf_state_name(state));
	ck_assert_str_eq(pass->reason, reason);
}
