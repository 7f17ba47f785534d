/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a survey reads of the machine: its processors, IOMMU, memory and programs. */

struct survey;

/* 0 or -ENOMEM. */
int machine_survey(const struct survey *survey);
