/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a policy. What is wrong is told with errors and -EINVAL; what is not makes sense on
 * every PF. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

/* PFs of several kinds: with and without a known total of VFs, a network device, VFs, reports of
 * them, a VF that is held. */
static const char pfs[] =
	"inventory: 1\n"
	"host: {hostname: compute-1, machine-id: 0123456789abcdef0123456789abcdef}\n"
	"physical-functions:\n"
	"- {handle: pci/0000:3b:00.0, driver: ice, interface: ens1f0, ifindex: 4, totalvfs: 64,\n"
	"   mac: 52:54:00:00:01:01, device: '8086:1592', path: 'pci-0000:3b:00.0', port: p0,\n"
	"   numa-node: 0, carrier: true, vfs: 0, pf-up: false, mtu: 1500, drivers-autoprobe: "
	"true}\n"
	"- {handle: netdevsim/netdevsim1, driver: netdevsim, interface: eni1np1, ifindex: 5,\n"
	"   vfs: 2, mtu: 1500, pf-up: true, virtual-functions: [\n"
	"     {index: 0, mac: none, vlan: 7, trust: false}, {index: 1, reported: false}]}\n"
	"- {handle: pci/0000:5e:00.0, totalvfs: 8, vfs: 0}\n"
	"- {handle: pci/0000:af:00.0, driver: i40e, totalvfs: 8, drivers-autoprobe: true, vfs: 1,\n"
	"   drivers-held: true, virtual-functions: [{index: 0, address: '0000:af:02.0',\n"
	"     driver: none, holder: vfio, mac: 52:54:00:00:00:01, min-tx-rate: 0,\n"
	"     max-tx-rate: 100, spoof-check: true, link-state: auto}]}\n";

static void check_good(struct policy *policy)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP_INVENTORY struct inventory inventory = { 0 };
	const struct document document = { "pfs", pfs, strlen(pfs) };

	REQUIRE(inventory_read(&document, &diagnostics, &inventory) == 0);
	harness_values(policy);
	harness_pipeline(policy, &inventory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_FREE char *text = harness_text(data, size);
	CLEANUP_TEXT struct text told = { 0 };
	const struct document document = { "input", text, size };
	int r = policy_read(&document, 1, NULL, &diagnostics, &policy);

	REQUIRE(r == 0 || r == -EINVAL);
	REQUIRE((r == 0) == (diagnostics.errors == 0));
	REQUIRE(!diagnostics.failed);
	diagnostics_sort(&diagnostics);
	diagnostics_format(&diagnostics, &told);
	REQUIRE(!told.failed);
	/* Nothing of the input reaches a terminal as it is. */
	for (size_t i = 0; i < told.length; i++)
		REQUIRE((unsigned char)told.data[i] >= 0x20 || told.data[i] == '\n');
	if (r == 0)
		check_good(policy);
	return 0;
}
