/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What container runtimes give VFs to containers by. */

#include "export/exported.h"

/* A specification of the Container Device Interface for each group
 * (https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md), of version 0.5.0,
 * the first whose devices may begin with a digit. Its kind is "sriovd/GROUP", its devices are
 * called by their addresses. Of VFs that vfio's driver has: their device nodes are what a container
 * gets. Of several groups each is a document of YAML, to be put into a file of its own. */
void cdi_write(const struct groups *groups, struct export *export);
