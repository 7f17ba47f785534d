/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a survey reads of PCI functions: all of the host, as sysfs has them, and whether modules for
 * them and for vfio are there. */

struct survey;

/* 0 or -ENOMEM. The kernel's release is read before. */
int functions_survey(const struct survey *survey);
