/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a reported value says of the one that was asked for: a driver, a setting, both values. */

#include "model/driver_reading.h"
#include "runner.h"
#include "util/cleanup.h"

#define VLAN(id, qos, protocol)                                                                    \
	{                                                                                          \
		.vlan = { id, qos, protocol }                                                      \
	}
#define NUMBER(n)                                                                                  \
	{                                                                                          \
		.number = n                                                                        \
	}

static const struct {
	const char *driver;
	enum vf_setting setting;
	struct value wanted, reported;
	enum driver_reading reading;
	uint32_t speed; /* of the PF's link */
} rows[] = {
	{ "any", VF_VLAN, VLAN(5, 0, 0x8100), VLAN(5, 0, 0x8100), READS_AS_WANTED },
	{ "any", VF_VLAN, VLAN(0, 0, 0x8100), VLAN(4095, 0, 0x8100), READS_OTHERWISE },
	{ "mlx4_core", VF_VLAN, VLAN(0, 0, 0x8100), VLAN(4095, 0, 0x8100), READS_AS_WANTED },
	{ "mlx4_core", VF_VLAN, VLAN(5, 0, 0x8100), VLAN(4095, 0, 0x8100), READS_OTHERWISE },
	{ "mlx4_core", VF_VLAN, VLAN(0, 0, 0x8100), VLAN(5, 0, 0x8100), READS_OTHERWISE },
	{ "any", VF_VLAN, VLAN(5, 0, 0x88a8), VLAN(5, 0, 0x8100), READS_OTHERWISE },
	{ "bnxt_en", VF_VLAN, VLAN(5, 0, 0x88a8), VLAN(5, 0, 0x8100), READS_NOTHING },
	{ "bnxt_en", VF_VLAN, VLAN(5, 0, 0x88a8), VLAN(6, 0, 0x8100), READS_OTHERWISE },
	{ "bnxt_en", VF_VLAN, VLAN(5, 0, 0x8100), VLAN(6, 0, 0x8100), READS_OTHERWISE },
	{ "mlx5_core", VF_MSIX_VECTORS, NUMBER(8), NUMBER(9), READS_OTHERWISE },
	{ "ice", VF_MSIX_VECTORS, NUMBER(8), NUMBER(9), READS_AS_WANTED },
	{ "ice", VF_MSIX_VECTORS, NUMBER(8), NUMBER(8), READS_AS_WANTED },
	{ "ice", VF_MSIX_VECTORS, NUMBER(8), NUMBER(17), READS_NOTHING },
	{ "any", VF_MAX_TX_RATE, NUMBER(0), NUMBER(25000), READS_OTHERWISE },
	{ "any", VF_MAX_TX_RATE, NUMBER(0), NUMBER(25000), READS_OTHERWISE, 25000 },
	/* Without a limit it says the speed of the VF's link, which may be over the PF's. */
	{ "qede", VF_MAX_TX_RATE, NUMBER(0), NUMBER(25000), READS_AS_WANTED, 25000 },
	{ "qede", VF_MAX_TX_RATE, NUMBER(0), NUMBER(40000), READS_AS_WANTED, 25000 },
	{ "qede", VF_MAX_TX_RATE, NUMBER(0), NUMBER(5000), READS_OTHERWISE, 25000 },
	{ "qede", VF_MAX_TX_RATE, NUMBER(0), NUMBER(25000), READS_NOTHING },
	{ "qede", VF_MAX_TX_RATE, NUMBER(0), NUMBER(0), READS_AS_WANTED },
	{ "qede", VF_MAX_TX_RATE, NUMBER(100), NUMBER(25000), READS_OTHERWISE, 25000 },
	{ "qede", VF_MAX_TX_RATE, NUMBER(100), NUMBER(25000), READS_OTHERWISE },
	{ "qlcnic", VF_MIN_TX_RATE, NUMBER(100), NUMBER(0), READS_AS_WANTED },
	{ "qlcnic", VF_MIN_TX_RATE, NUMBER(250), NUMBER(200), READS_AS_WANTED },
	{ "qlcnic", VF_MIN_TX_RATE, NUMBER(250), NUMBER(0), READS_OTHERWISE },
	{ "qlcnic", VF_MAX_TX_RATE, NUMBER(250), NUMBER(200), READS_AS_WANTED },
	{ "qlcnic", VF_MAX_TX_RATE, NUMBER(100), NUMBER(0), READS_OTHERWISE },
	/* It says so of every VF. */
	{ "bnx2x", VF_MAX_TX_RATE, NUMBER(10000), NUMBER(10000), READS_OTHERWISE },
	{ "LiquidIO", VF_MAX_TX_RATE, NUMBER(25000), NUMBER(25000), READS_OTHERWISE },
	{ "octeon_ep", VF_SPOOF_CHECK, NUMBER(1), NUMBER(1), READS_OTHERWISE },
};

START_TEST(a_reported_value_says_what_its_driver_means_by_it)
{
	ck_assert_int_eq(driver_reading(driver_of(rows[_i].driver), rows[_i].speed,
					rows[_i].setting, &rows[_i].wanted, &rows[_i].reported),
			 rows[_i].reading);
}
END_TEST

START_TEST(two_vlans_of_bnxt_read_alike)
{
	const struct value vlan = VLAN(5, 3, 0x8100), none = VLAN(0, 0, 0x8100);
	const struct driver *bnxt = driver_of("bnxt_en");
	struct value twin;

	ck_assert(driver_reading_twin(bnxt, VF_VLAN, &vlan, &twin));
	ck_assert_uint_eq(twin.vlan.protocol, 0x88a8);
	ck_assert_uint_eq(twin.vlan.id, 5);
	ck_assert_uint_eq(twin.vlan.qos, 3);
	ck_assert(driver_reading_twin(bnxt, VF_VLAN, &twin, &twin));
	ck_assert_uint_eq(twin.vlan.protocol, 0x8100);
	ck_assert(!driver_reading_twin(bnxt, VF_VLAN, &none, &twin));
	ck_assert(!driver_reading_twin(bnxt, VF_MAX_TX_RATE, &vlan, &twin));
	ck_assert(!driver_reading_twin(driver_of("ice"), VF_VLAN, &vlan, &twin));
}
END_TEST

static const struct {
	const char *driver;
	enum vf_setting setting;
	uint32_t speed;
	struct value reported, meant;
	bool untold;
} meanings[] = {
	{ "any", VF_VLAN, 0, VLAN(5, 3, 0x8100), VLAN(5, 3, 0x8100), false },
	{ "mlx4_core", VF_VLAN, 0, VLAN(4095, 0, 0x8100), VLAN(0, 0, 0x8100), false },
	{ "mlx4_core", VF_VLAN, 0, VLAN(5, 0, 0x8100), VLAN(5, 0, 0x8100), false },
	{ "ice", VF_MSIX_VECTORS, 0, NUMBER(9), NUMBER(0), true },
	{ "qede", VF_MAX_TX_RATE, 25000, NUMBER(25000), NUMBER(0), false },
	{ "qede", VF_MAX_TX_RATE, 25000, NUMBER(5000), NUMBER(5000), false },
	{ "qede", VF_MAX_TX_RATE, 0, NUMBER(25000), NUMBER(0), true },
	{ "qede", VF_MAX_TX_RATE, 0, NUMBER(0), NUMBER(0), false },
	{ "qlcnic", VF_MIN_TX_RATE, 0, NUMBER(0), NUMBER(0), true },
	{ "qlcnic", VF_MIN_TX_RATE, 0, NUMBER(200), NUMBER(200), false },
	{ "bnx2x", VF_MAX_TX_RATE, 0, NUMBER(10000), NUMBER(0), true },
};

START_TEST(what_a_reported_value_means_is_what_reads_so)
{
	const struct driver *driver = driver_of(meanings[_i].driver);
	const enum vf_setting setting = meanings[_i].setting;
	const struct value *reported = &meanings[_i].reported;
	struct value meant;

	ck_assert_int_eq(
		driver_reading_meant(driver, meanings[_i].speed, setting, reported, &meant),
		!meanings[_i].untold);
	if (meanings[_i].untold)
		return;
	ck_assert(value_equal(&vf_settings[setting], &meant, &meanings[_i].meant));
	ck_assert_int_eq(driver_reading(driver, meanings[_i].speed, setting, &meant, reported),
			 READS_AS_WANTED);
}
END_TEST

/* The first VF has counted nothing, the second packets alone, the third was not reported. */
static struct pf *pf_with_counters(const char *driver)
{
	struct pf *pf;

	ck_assert_int_eq(pf_new(&pf), 0);
	pf->driver = driver;
	pf->n_vfs = 3;
	pf->vfs = arena_array(pf->arena, pf->n_vfs, sizeof(*pf->vfs));
	for (uint32_t i = 0; i < 2; i++) {
		pf->vfs[i].index = i;
		pf->vfs[i].counters = arena_array(pf->arena, 1, sizeof(*pf->vfs[i].counters));
		pf->vfs[i].counters->known = (1u << VF_COUNTER_COUNT) - 1;
	}
	pf->vfs[1].counters->number[VF_RX_PACKETS] = 7;
	driver_reading_counters(pf);
	return pf;
}

START_TEST(what_a_driver_does_not_count_is_not_known)
{
	enum {
		all = (1u << VF_COUNTER_COUNT) - 1,
		traffic = VF_COUNTER_BIT(VF_RX_PACKETS) | VF_COUNTER_BIT(VF_TX_PACKETS) |
			  VF_COUNTER_BIT(VF_RX_BYTES) | VF_COUNTER_BIT(VF_TX_BYTES),
	};
	static const struct {
		const char *driver;
		unsigned known; /* 0: no counters at all */
	} drivers[] = {
		{ "i40e", all },
		/* It has a place for those that it sends, and never reads them. */
		{ "ice", all & ~VF_COUNTER_BIT(VF_TX_DROPPED) },
		{ "mlx4_core", traffic },
		{ "LiquidIO", traffic },
		{ "igb", 0 },
		{ "unheard_of", VF_COUNTER_BIT(VF_RX_PACKETS) },
		{ NULL, VF_COUNTER_BIT(VF_RX_PACKETS) },
	};
	struct pf *pf = pf_with_counters(drivers[_i].driver);

	for (uint32_t i = 0; i < 2; i++)
		if (drivers[_i].known)
			ck_assert_uint_eq(pf->vfs[i].counters->known, drivers[_i].known);
		else
			ck_assert_ptr_null(pf->vfs[i].counters);
	ck_assert_ptr_null(pf->vfs[2].counters);
	pf_free(pf);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("driver_reading");
	TCase *tests = tcase_create("driver_reading");

	tcase_add_loop_test(tests, a_reported_value_says_what_its_driver_means_by_it, 0,
			    ARRAY_SIZE(rows));
	tcase_add_test(tests, two_vlans_of_bnxt_read_alike);
	tcase_add_loop_test(tests, what_a_reported_value_means_is_what_reads_so, 0,
			    ARRAY_SIZE(meanings));
	tcase_add_loop_test(tests, what_a_driver_does_not_count_is_not_known, 0, 7);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
