/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/takeover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define NO_DRIVER 1 /* it has none */

void takeovers_clear(struct takeovers *self)
{
	free(self->vfs);
	*self = (struct takeovers){ 0 };
}

static int make_room(struct takeovers *self, uint32_t n)
{
	if (n == self->n_vfs)
		return 0;
	takeovers_clear(self);
	self->vfs = calloc(n, sizeof(*self->vfs));
	if (!self->vfs && n)
		return -ENOMEM;
	self->n_vfs = n;
	return 0;
}

/* Never 0. */
static uint64_t driver_of_vf(const struct vf *vf)
{
	const char *name;

	if (!vf_is_bound(vf))
		return NO_DRIVER;
	name = vf->settings.value[VF_DRIVER].name;
	return XXH3_64bits(name, strlen(name)) | 2;
}

void takeovers_set_time(struct takeovers *self, uint64_t now)
{
	for (uint32_t i = 0; i < self->n_vfs; i++) {
		if (self->vfs[i].fresh)
			self->vfs[i].until = now + TAKEOVER_GRACE_MS;
		self->vfs[i].fresh = false;
	}
}

int takeovers_note(struct takeovers *self, const struct pf *observed)
{
	int r = make_room(self, observed->vfs ? observed->n_vfs : 0);

	for (uint32_t i = 0; r >= 0 && i < self->n_vfs; i++) {
		struct takeover *vf = &self->vfs[i];
		uint64_t driver = driver_of_vf(&observed->vfs[i]);
		bool foreign = vf->driver && !vf->expected && driver != NO_DRIVER;

		vf->expected = false;
		if (driver == vf->driver)
			continue;
		vf->until = 0;
		vf->fresh = foreign;
		vf->driver = driver;
	}
	return r;
}

void takeovers_expect(struct takeovers *self, uint32_t vf)
{
	if (vf < self->n_vfs)
		self->vfs[vf].expected = true;
}

void takeovers_expect_all(struct takeovers *self)
{
	for (uint32_t i = 0; i < self->n_vfs; i++)
		self->vfs[i].expected = true;
}

bool takeovers_is_recent(const struct takeovers *self, uint32_t vf, uint64_t now)
{
	return vf < self->n_vfs && (self->vfs[vf].fresh || self->vfs[vf].until > now);
}

uint64_t takeovers_over_at(const struct takeovers *self, uint64_t now)
{
	uint64_t first = TAKEOVER_NEVER;

	for (uint32_t i = 0; i < self->n_vfs; i++)
		if (self->vfs[i].until > now && self->vfs[i].until < first)
			first = self->vfs[i].until;
	return first;
}
