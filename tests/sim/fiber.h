/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Functions that can wait in their midst while others go on, each on a stack of its own: what
 * threads are to the daemon, but one at a time and in an order that is the same every time. */

#include <stdbool.h>
#include <ucontext.h>

#define FIBER_STACK_SIZE (1u << 20)

struct fiber {
	ucontext_t context;
	void (*run)(void *argument);
	void *argument;
	bool ended;
	void *fake_stack; /* the address sanitizer's */
	char stack[FIBER_STACK_SIZE] __attribute__((__aligned__(64)));
};

/* Prepares it: run(argument) begins when it is resumed. */
void fiber_init(struct fiber *fiber, void (*run)(void *argument), void *argument);
/* Lets it go on until it waits or ends. Not from within a fiber. */
void fiber_resume(struct fiber *fiber);
/* Waits until it is resumed. Only within a fiber. */
void fiber_wait(void);
