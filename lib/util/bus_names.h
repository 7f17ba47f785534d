/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the daemon is called on D-Bus, and what it offers there; see sriovd(8). */

#define BUS_NAME	      "org.sriovd"

#define BUS_MANAGER_OBJECT    "/org/sriovd"
#define BUS_MANAGER_INTERFACE "org.sriovd.Manager"

/* Below it is an object for each PF, named by its handle as sd_bus_path_encode(3) does. */
#define BUS_PF_OBJECTS	     "/org/sriovd/pf"
#define BUS_PF_INTERFACE     "org.sriovd.PF"

#define BUS_ERROR_NO_SUCH_PF "org.sriovd.Error.NoSuchPF"
#define BUS_ERROR_BAD_POLICY "org.sriovd.Error.BadPolicy"
