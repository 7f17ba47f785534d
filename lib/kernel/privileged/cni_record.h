/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the SR-IOV CNI plugin notes of a VF that it gave to a container: a file of the VF's address
 * with the path of the container's network namespace (pkg/utils/pci_allocator.go of
 * k8snetworkplumbingwg/sriov-cni). Its directories have mode 0600, so that it takes
 * CAP_DAC_READ_SEARCH to look into them. */

#include <stdint.h>

#include "util/arena.h"

#define CNI_RECORDS "/var/lib/cni/sriov/pci"

/* Of a record that is there. */
enum cni_record_flag {
	CNI_RECORD_LOCKED = 1, /* the plugin is at work with it: it has the file locked */
	CNI_RECORD_EMPTY = 2,  /* as the plugin makes it, before it gives the VF away */
	CNI_RECORD_GONE = 4,   /* what is at its path is no namespace any more; the plugin then
				* takes the VF for free */
};

struct cni_record {
	uint32_t flags;
	const char *netns; /* the path; NULL where there is no printable absolute one */
};

/* -ENOENT: there is none; or -errno. What is no regular file is a record that says nothing. Nothing
 * is waited for. */
int cni_record_read(const char *address, struct arena *arena, struct cni_record *ret);
