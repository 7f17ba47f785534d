/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/identity.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/eswitch_mode.h"

void identity_clear(struct identity *identity)
{
	free(identity->driver);
	free(identity->firmware);
}

static bool same_string(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

bool identity_is_of_card(const struct identity *identity, const struct pf *pf)
{
	return same_string(identity->driver, pf->driver) &&
	       same_string(identity->firmware, pf->firmware) && identity->ifindex == pf->ifindex;
}

bool identity_is_of(const struct identity *identity, const struct pf *pf)
{
	return identity_is_of_card(identity, pf) && identity->eswitch_mode == eswitch_mode_of(pf);
}

static int copy_string(const char *string, char **ret)
{
	*ret = string ? strdup(string) : NULL;
	return string && !*ret ? -ENOMEM : 0;
}

int identity_take(struct identity *identity, const struct pf *pf)
{
	struct identity new = { .ifindex = pf->ifindex, .eswitch_mode = eswitch_mode_of(pf) };

	if (copy_string(pf->driver, &new.driver) < 0 ||
	    copy_string(pf->firmware, &new.firmware) < 0) {
		identity_clear(&new);
		return -ENOMEM;
	}
	identity_clear(identity);
	*identity = new;
	return 0;
}
