/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Those who look for one trace each, as find in struct trace. Each file says what it looks for and
 * where that comes from. */

#include "kernel/holder/inquiry.h"

int libvirt_find(struct inquiry *inquiry, const struct trace *trace);
int cni_find(struct inquiry *inquiry, const struct trace *trace);
int elsewhere_find(struct inquiry *inquiry, const struct trace *trace);
int rdma_find(struct inquiry *inquiry, const struct trace *trace);
int vdpa_find(struct inquiry *inquiry, const struct trace *trace);
int packet_socket_find(struct inquiry *inquiry, const struct trace *trace);
int xdp_socket_find(struct inquiry *inquiry, const struct trace *trace);
int netdev_find(struct inquiry *inquiry, const struct trace *trace);
int ssh_find(struct inquiry *inquiry, const struct trace *trace);
int mounts_find(struct inquiry *inquiry, const struct trace *trace);
int driven_find(struct inquiry *inquiry, const struct trace *trace);
int nodes_find(struct inquiry *inquiry, const struct trace *trace);
