/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pf/log_quota.h"

unsigned log_quota_renew(struct log_quota *quota, uint64_t now)
{
	unsigned left_out = quota->left_out;

	if (now - quota->since < LOG_QUOTA_MS)
		return 0;
	*quota = (struct log_quota){ 0 };
	return left_out;
}

bool log_quota_take(struct log_quota *quota, bool wanted, uint64_t now)
{
	bool may = wanted && quota->taken < LOG_QUOTA_ENTRIES;

	if (!quota->taken && !quota->left_out)
		quota->since = now;
	quota->taken += may;
	quota->left_out += !may;
	return may;
}
