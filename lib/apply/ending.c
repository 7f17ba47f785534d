/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "apply/ending.h"

/* Those that end the process first say that it is to end, and then ask what is owed. */
bool debt_begin(struct debt *self)
{
	if (!self->ending)
		return true;
	if (!self->owes)
		(void)atomic_fetch_add(&self->ending->owed, 1);
	self->owes = true;
	return !atomic_load(&self->ending->wanted);
}

void debt_end(struct debt *self)
{
	if (self->owes)
		(void)atomic_fetch_sub(&self->ending->owed, 1);
	self->owes = false;
}
