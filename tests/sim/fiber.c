/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fiber.h"

#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

/* Who resumes fibers, and the one that runs. */
static ucontext_t outside;
static struct fiber *running;
#ifdef __SANITIZE_ADDRESS__
static const void *outside_stack;
static size_t outside_size;
#endif

/* What follows tells the address sanitizer on which stack things are. */
static void leave_outside(struct fiber *fiber, void **kept)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_start_switch_fiber(kept, fiber->stack, sizeof(fiber->stack));
#else
	(void)fiber;
	*kept = NULL;
#endif
}

static void enter_outside(void *kept)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(kept, NULL, NULL);
#else
	(void)kept;
#endif
}

static void leave(struct fiber *fiber)
{
#ifdef __SANITIZE_ADDRESS__
	/* One that ends has no more use for its fake stack. */
	__sanitizer_start_switch_fiber(fiber->ended ? NULL : &fiber->fake_stack, outside_stack,
				       outside_size);
#else
	(void)fiber;
#endif
}

static void enter(struct fiber *fiber)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(fiber->fake_stack, &outside_stack, &outside_size);
#else
	(void)fiber;
#endif
}

static void begin(void)
{
	struct fiber *self = running;

	enter(self);
	self->run(self->argument);
	self->ended = true;
	leave(self);
	(void)setcontext(&outside);
	abort();
}

void fiber_init(struct fiber *self, void (*run)(void *argument), void *argument)
{
	(void)getcontext(&self->context);
	self->context.uc_stack.ss_sp = self->stack;
	self->context.uc_stack.ss_size = sizeof(self->stack);
	self->context.uc_link = NULL;
	self->run = run;
	self->argument = argument;
	self->ended = false;
	self->fake_stack = NULL;
	makecontext(&self->context, begin, 0);
}

void fiber_resume(struct fiber *self)
{
	void *kept;

	running = self;
	leave_outside(self, &kept);
	(void)swapcontext(&outside, &self->context);
	enter_outside(kept);
	running = NULL;
}

void fiber_wait(void)
{
	struct fiber *self = running;

	leave(self);
	(void)swapcontext(&self->context, &outside);
	enter(self);
}
