/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is signalled of a PF on the bus, and what of it comes of a bus that takes no signal. */

#include <errno.h>
#include <string.h>

#include "bus/pf_interface.h"
#include "bus/request_notice.h"
#include "fake_kernel.h"
#include "fixture.h"
#include "runner.h"

#define HANDLE "pci/0000:01:00.0"

#define PF                                                                                         \
	"- {handle: pci/0000:01:00.0, address: '0000:01:00.0', interface: ens1, ifindex: 2, "      \
	"driver: igb, totalvfs: 512, carrier: true, mtu: 1500, pf-up: true, vfs: 0, "              \
	"mac: 52:54:00:00:01:01}\n"

#define RULE "physical-functions:\n- {name: r, match: {interface: ens1}, vfs: 2}\n"

static struct fake_kernel fake;
static struct policy *policy;
static struct reconciler *reconciler;
static struct pf_objects objects;
static struct pf_object *object;
static unsigned logged;
static struct {
	int result;
	int send_result;
	unsigned added, changed, announced;
	char names[256]; /* of the properties that were signalled last */
} bus;

/* The bus is never looked into. */
#define BUS ((sd_bus *)&bus)

static void count_message(struct log *log, int level, const struct log_fields *fields,
			  const char *message)
{
	(void)log, (void)level, (void)fields, (void)message;
	logged++;
}

static struct log counting = { count_message };

/* The parts of the daemon below, and sd-bus. */
struct policy *__wrap_manager_policy(const struct manager *manager);
uint64_t __wrap_manager_now(const struct manager *manager);
struct reconciler *__wrap_pf_objects_reconciler(const struct pf_objects *all,
						const struct pf_object *of);
int __wrap_sd_bus_emit_object_added(sd_bus *on, const char *path);
int __wrap_sd_bus_emit_properties_changed_strv(sd_bus *on, const char *path, const char *interface,
					       char **names);

int __wrap_request_notice_send(const struct pass *pass, const char *path, sd_bus *on);

int __wrap_request_notice_send(const struct pass *pass, const char *path, sd_bus *on)
{
	(void)pass, (void)path, (void)on;
	bus.announced++;
	return bus.send_result;
}

struct policy *__wrap_manager_policy(const struct manager *manager)
{
	(void)manager;
	return policy;
}

uint64_t __wrap_manager_now(const struct manager *manager)
{
	(void)manager;
	return 1000000;
}

struct reconciler *__wrap_pf_objects_reconciler(const struct pf_objects *all,
						const struct pf_object *of)
{
	(void)all, (void)of;
	return reconciler;
}

int __wrap_sd_bus_emit_object_added(sd_bus *on, const char *path)
{
	(void)on, (void)path;
	bus.added++;
	return bus.result;
}

int __wrap_sd_bus_emit_properties_changed_strv(sd_bus *on, const char *path, const char *interface,
					       char **names)
{
	(void)on, (void)path, (void)interface;
	bus.changed++;
	bus.names[0] = '\0';
	for (size_t i = 0; names[i]; i++) {
		strcat(bus.names, names[i]);
		strcat(bus.names, " ");
	}
	return bus.result;
}

static void set_up(void)
{
	memset(&bus, 0, sizeof(bus));
	logged = 0;
	ck_assert_int_eq(reconciler_new(HANDLE, &counting, 42, &reconciler), 0);
	ck_assert_int_eq(pf_object_new(HANDLE, &object), 0);
	objects = (struct pf_objects){ .log = &counting };
	object->objects = &objects;
	fake_kernel_init(&fake, fixture_pf(PF));
	policy = fixture_policy(RULE);
}

static void tear_down(void)
{
	pf_object_free(object);
	reconciler_free(reconciler);
	policy_free(policy);
	fake_kernel_clear(&fake);
}

static void run_pass(void)
{
	const struct pass_options options = { 0 };
	struct knowledge *knowledge = reconciler_start(reconciler, 1000000);
	struct pass *pass = NULL;
	int r = pass_run(&fake.kernel, policy, &fixture_host, HANDLE, knowledge, &options, &pass);

	ck_assert(reconciler_finish(reconciler, pass, r, 1000000));
	pf_object_pass_ended(object);
	logged = 0;
}

static void refresh(int result)
{
	bus.result = result;
	pf_interface_refresh(object, BUS);
}

START_TEST(a_pf_that_could_not_be_signalled_is_once_it_can_be)
{
	refresh(-EINVAL);
	refresh(-EINVAL);
	ck_assert_uint_eq(bus.added, 2);
	ck_assert_uint_eq(logged, 1);
	refresh(0);
	ck_assert_uint_eq(bus.added, 3);
	refresh(0);
	ck_assert_uint_eq(bus.added, 3);
	ck_assert_uint_eq(bus.changed, 0);
}
END_TEST

START_TEST(a_change_that_could_not_be_signalled_is_not_forgotten)
{
	refresh(0);
	run_pass();
	refresh(-EINVAL);
	refresh(-EINVAL);
	ck_assert_uint_eq(bus.changed, 2);
	ck_assert_uint_eq(logged, 1);
	refresh(0);
	ck_assert_str_eq(bus.names, "Interface Driver State Reason VFs Revision ");
	refresh(0);
	ck_assert_uint_eq(bus.changed, 3);
	ck_assert_uint_eq(logged, 1);
}
END_TEST

START_TEST(another_speed_of_the_link_is_signalled)
{
	refresh(0);
	run_pass();
	refresh(0);
	ck_assert_uint_eq(object->snapshot.speed, 0);
	fake.pf->speed = 25000;
	run_pass();
	refresh(0);
	ck_assert_uint_eq(object->snapshot.speed, 25000);
	ck_assert_str_eq(bus.names, "LinkSpeed ");
}
END_TEST

START_TEST(a_name_that_is_no_text_is_signalled_as_one)
{
	char name[] = "ens\xff\x1b";

	fake.pf->ifname = name;
	policy_free(policy);
	policy = fixture_policy("physical-functions:\n- {name: r, match: {driver: igb}, vfs: 2}\n");
	refresh(0);
	run_pass();
	refresh(0);
	ck_assert_str_eq(object->snapshot.interface, "ens\\xff\\x1b");
}
END_TEST

START_TEST(what_waits_for_request_is_announced_once_and_to_who_comes_later)
{
	struct reconciler_request request = { 0 };

	policy_free(policy);
	policy = fixture_policy("physical-functions:\n- {name: r, match: {interface: ens1}, "
				"disruption: on-request, mtu: 9000}\n");
	refresh(0);
	ck_assert_uint_eq(bus.announced, 0);
	run_pass();
	bus.send_result = -ENOBUFS;
	refresh(0);
	refresh(0);
	ck_assert_uint_eq(bus.announced, 2);
	ck_assert_uint_eq(logged, 1);
	bus.send_result = 0;
	refresh(0);
	refresh(0);
	ck_assert_uint_eq(bus.announced, 3);
	ck_assert_uint_eq(bus.added, 1);
	object->signalled = false;
	refresh(0);
	refresh(0);
	ck_assert_uint_eq(bus.announced, 4);
	reconciler_begin_request(reconciler, &request);
	run_pass();
	refresh(0);
	ck_assert_uint_eq(bus.announced, 4);
	ck_assert_uint_eq(object->snapshot.request, 0);
	reconciler_end_request(&request);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pf_interface");
	TCase *tests = tcase_create("pf_interface");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_pf_that_could_not_be_signalled_is_once_it_can_be);
	tcase_add_test(tests, a_change_that_could_not_be_signalled_is_not_forgotten);
	tcase_add_test(tests, another_speed_of_the_link_is_signalled);
	tcase_add_test(tests, a_name_that_is_no_text_is_signalled_as_one);
	tcase_add_test(tests, what_waits_for_request_is_announced_once_and_to_who_comes_later);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
