/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A host and its PFs as one document: what "sriovctl inventory" prints, what --inventory and
 * test fixtures read. The format is documented in sriovctl(1). */

#include <json-c/json_types.h>

#include "document/diagnostic.h"
#include "document/document.h"
#include "model/facts/facts.h"
#include "model/host.h"
#include "model/pf.h"
#include "util/arena.h"

struct schema;

/* The most VFs that the PFs of an inventory can have together: each that a policy asks for takes
 * some 40 kB in a plan, and an inventory of 300 bytes can promise any number. A PCI segment has
 * room for 65536 functions of all devices. */
#define INVENTORY_VFS_MAX 16384u

struct inventory {
	struct arena *arena; /* holds the strings of host, and the facts */
	struct host host;
	struct pf_list pfs;
	struct facts *facts; /* NULL: nobody has looked */
};

/* What keys it has. */
extern const struct schema inventory_schema;

void inventory_clear(struct inventory *inventory);
#define CLEANUP_INVENTORY CLEANUP(inventory_clear)

/* Reads an inventory strictly: unknown and duplicate keys are errors. Returns 0, -EINVAL with
 * the errors reported, -ENOMEM. */
int inventory_read(const struct document *document, struct diagnostics *diagnostics,
		   struct inventory *ret);

/* The inventory as JSON; inventory_read() of its YAML or JSON text gives the same inventory back.
 * NULL when out of memory. */
struct json_object *inventory_json(const struct inventory *inventory);
