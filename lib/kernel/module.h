/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Modules of the kernel. */

/* Loads the module of that name, and what it needs, with the options of modprobe.d(5); '-' and '_'
 * are the same. A blacklist is for what is loaded by itself, and is not asked. 0, also if it is
 * there already; -ENOENT: there is no such module; -EPERM: modprobe.d has a command in its place,
 * which is how administrators forbid one; or -errno. */
int module_load(const char *name);
