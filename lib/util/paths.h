/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Of this boot: locks, and notes on what is under way. */
#define RUNTIME_DIRECTORY "/run/sriovd"
/* Where root asks the daemon; its D-Bus interface org.sriovd.Manager alone. */
#define ROOT_SOCKET RUNTIME_DIRECTORY "/bus"
