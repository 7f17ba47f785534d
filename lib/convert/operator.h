/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* SriovNetworkNodePolicy and SriovNetwork of the SR-IOV network operator, one or more objects a
 * file: https://github.com/k8snetworkplumbingwg/sriov-network-operator. Private to lib/convert. */

#include "convert/conversion.h"

int operator_read(const struct document *document, struct conversion *conversion);
int operator_take(struct conversion *conversion);
