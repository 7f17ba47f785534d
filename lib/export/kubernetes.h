/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What Kubernetes gives VFs to pods by. A resource is a pool, called as that is with '_' for '-';
 * or the VFs of a PF that one driver has, for pods are to find the same behind each of those that
 * they ask for: it is called PF_DRIVER. */

#include "export/exported.h"

/* The ConfigMap of sriov-network-device-plugin (its README, "Configurations"), with its
 * resources. VFs are named by their PF, as "ens1f0#0-3,6". */
void kubernetes_write_device_plugin(const struct groups *groups, struct export *export);

/* A NetworkAttachmentDefinition of the SR-IOV CNI plugin for each resource (Kubernetes Network
 * Custom Resource Definition De-facto Standard 1.3, 3). It sets nothing of the VFs: sriovd does. */
void kubernetes_write_networks(const struct groups *groups, struct export *export);
