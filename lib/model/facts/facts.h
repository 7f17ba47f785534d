/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a host has besides its PFs that VFs depend on: its IOMMU, its PCI functions, its processors
 * and memory. No plan goes by it; the doctor and the topology do. A part of an inventory, "facts",
 * with a row each in facts_schema.c. What could not be read is UNTOLD, -1, NULL or an empty list,
 * and never "no".
 */

#include <stddef.h>
#include <stdint.h>

#include "model/pf.h"
#include "util/arena.h"

enum told { UNTOLD, TOLD_NO, TOLD_YES };

struct pci_function {
	const char *address;	  /* "0000:3b:00.0" */
	uint32_t class;		  /* base class, subclass and interface, a byte each */
	const char *id;		  /* whose it is and which, "8086:10ca"; a VF is its PF's maker's */
	const char *subsystem_id; /* likewise, of the card that it is on */
	const char *driver;
	const char *name;	/* of a network card: what its maker calls it */
	const char *upstream;	/* the bridge that it is below; NULL: none, at a root bus */
	int iommu_group;	/* -1: in none */
	const char *iommu_type; /* how the kernel uses that group: "DMA", "DMA-FQ", "identity" */
	/* Of PCI Express: lanes, and transfers a second and lane in millions, as they are and at
	 * most; 0: not known. */
	uint32_t width, width_max, speed, speed_max;
	/* Of a VF that has no driver: whether a module is installed that would take it. */
	enum told module;
	int numa_node; /* -1: none */
	/* Of a PF: whether all its VFs have room for their memory below the bridges above it; and
	 * how far its first VF, and each VF from the one before, is from it in routing IDs, 0: not
	 * known.
	 */
	enum told vf_space;
	uint32_t vf_offset, vf_stride;
	/* Of a bridge: whether it keeps what is behind it apart, all flags of ACS that the kernel
	 * asks for being on; whether it forwards ARI. */
	enum told acs, ari;
	int msix;     /* how many interrupts its MSI-X table has, 0: it has none; -1: not known */
	int last_bus; /* of a bridge: the highest number of a bus behind it, or -1 */
};

struct pci_functions {
	struct pci_function *items; /* in order of address */
	size_t count;
};

struct facts {
	const char *kernel;	  /* its release */
	const char *distribution; /* ID of os-release(5) */
	const char *cpu_vendor;	  /* "GenuineIntel", "AuthenticAMD" */
	enum told virtualization; /* the processor has it, and it is not turned off */
	enum told iommu_in_firmware;
	enum told iommu; /* the kernel has one in use */
	enum told interrupt_remapping;
	enum told unsafe_interrupts; /* vfio is told to do without */
	enum told vfio;		     /* driver vfio-pci is there, or its module is installed */
	enum told iommufd;	     /* likewise */
	const char *cpus, *isolated_cpus, *nohz_full_cpus; /* lists, "0-3,8"; "" is none */
	const char *governor; /* of the first processor's frequency; NULL too where there is none */
	const char *frequency_driver; /* who carries that out: "intel_pstate" */
	int idle_latency_us; /* to leave the deepest of its idle states that is not disabled */
	int hugepages_mb, hugepages_free_mb; /* of all sizes together */
	int memlock_kb;			     /* the most that the service manager lets lock; -1 also
					      * where that is not limited */
	struct names managers;		     /* programs that set up networks or VFs: "libvirt" */
	struct pci_functions functions;	     /* of the whole host */
};

/* All untold, in arena. 0 or -ENOMEM. */
int facts_new(struct arena *arena, struct facts **ret);
/* A function all of which is untold but its address. */
void pci_function_init(struct pci_function *function, const char *address);

/* The function at that address, which may be NULL; NULL: it is not there. */
const struct pci_function *facts_function(const struct facts *facts, const char *address);
/* The routing ID of a function, bus, device and function as one number, from its address. 0 or
 * -EINVAL: that is no address of PCI's. */
int pci_function_routing_id(const struct pci_function *function, unsigned *ret);
/* Whether the function is a bridge to other functions, as ports are. */
bool pci_function_is_bridge(const struct pci_function *function);
