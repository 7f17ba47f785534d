/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Neutron's SR-IOV agent as a rival: it sets addresses, states, spoof check and trust of the VFs of
 * the PFs that it has in a physical network (pci_lib.py of its mech_sriov). */

#include "foreign/search.h"

/* Adds the agent where it has the PF. Returns 0 or -ENOMEM. */
int neutron_agent_find(struct search *search);
