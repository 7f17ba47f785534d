/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What Kubernetes gives VFs to pods by. A resource is the VFs of a PF that one driver has: pods ask
 * for so many of them, and are to find the same behind each. It is called PF_DRIVER. */

#include "export/exported.h"

/* The ConfigMap of sriov-network-device-plugin (its README, "Configurations"), with a resource for
 * each PF and driver. VFs are named by their PF, as "ens1f0#0-3,6". */
void kubernetes_write_device_plugin(const struct pf *const *pfs, size_t count,
				    struct export *export);

/* A NetworkAttachmentDefinition of the SR-IOV CNI plugin for each resource (Kubernetes Network
 * Custom Resource Definition De-facto Standard 1.3, 3). It sets nothing of the VFs: sriovd does. */
void kubernetes_write_networks(const struct pf *const *pfs, size_t count, struct export *export);
