/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Any bytes as a policy of one file, or of several with a line "===" between. What is wrong is told
 * with errors and -EINVAL; what is not makes sense on every PF. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define SEPARATOR     "\n===\n"
#define DOCUMENTS_MAX 4

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

/* Cuts the text into documents, with a terminator where each ends. */
static size_t split(char *text, size_t size, struct document documents[static DOCUMENTS_MAX])
{
	static const char *const names[DOCUMENTS_MAX] = { "10-a", "20-b", "30-c", "40-d" };
	size_t count = 0;

	for (;;) {
		char *end = memmem(text, size, SEPARATOR, strlen(SEPARATOR));
		size_t length = end ? (size_t)(end - text) : size;

		if (count == DOCUMENTS_MAX - 1 || !end) {
			documents[count] = (struct document){ names[count], text, size };
			return count + 1;
		}
		*end = '\0';
		documents[count] = (struct document){ names[count], text, length };
		count++;
		text += length + strlen(SEPARATOR);
		size -= length + strlen(SEPARATOR);
	}
}

/* Nothing of the input reaches a terminal as it is. */
static void check_told(struct diagnostics *diagnostics)
{
	CLEANUP_TEXT struct text told = { 0 };

	diagnostics_sort(diagnostics);
	diagnostics_format(diagnostics, &told);
	REQUIRE(!told.failed);
	for (size_t i = 0; i < told.length; i++)
		REQUIRE((unsigned char)told.data[i] >= 0x20 || told.data[i] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP_DIAGNOSTICS struct diagnostics diagnostics = { 0 };
	CLEANUP(policy_free_cleanup) struct policy *policy = NULL;
	CLEANUP_FREE char *text = harness_text(data, size);
	struct document documents[DOCUMENTS_MAX];
	size_t count = split(text, size, documents);
	int r = policy_read(documents, count, NULL, &diagnostics, &policy);

	REQUIRE(r == 0 || r == -EINVAL);
	REQUIRE((r == 0) == (diagnostics.errors == 0));
	REQUIRE(!diagnostics.failed);
	check_told(&diagnostics);
	if (r == 0)
		check_good(policy);
	return 0;
}
