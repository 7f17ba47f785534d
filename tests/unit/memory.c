/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t countdown = SIZE_MAX; /* allocations that succeed yet; SIZE_MAX: all */
static bool ran_out, paused;

static bool runs_out(void)
{
	if (countdown == SIZE_MAX || paused)
		return false;
	if (countdown) {
		countdown--;
		return false;
	}
	ran_out = true;
	errno = ENOMEM;
	return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *pointer, size_t size);
void *__real_reallocarray(void *pointer, size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *pointer, size_t size);
void *__wrap_reallocarray(void *pointer, size_t count, size_t size);
char *__wrap_strdup(const char *string);
int __wrap_asprintf(char **ret, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

void *__wrap_malloc(size_t size)
{
	return runs_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return runs_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *pointer, size_t size)
{
	return runs_out() ? NULL : __real_realloc(pointer, size);
}

void *__wrap_reallocarray(void *pointer, size_t count, size_t size)
{
	return runs_out() ? NULL : __real_reallocarray(pointer, count, size);
}

char *__wrap_strdup(const char *string)
{
	size_t size = strlen(string) + 1;
	char *copy = runs_out() ? NULL : __real_malloc(size);

	return copy ? memcpy(copy, string, size) : NULL;
}

int __wrap_asprintf(char **ret, const char *format, ...)
{
	va_list arguments;
	int length;

	if (runs_out())
		return -1;
	va_start(arguments, format);
	length = vasprintf(ret, format, arguments);
	va_end(arguments);
	return length;
}

void memory_lasts_for(size_t allocations)
{
	countdown = allocations;
	ran_out = false;
}

void memory_lasts(void)
{
	countdown = SIZE_MAX;
}

void memory_pause(bool pause)
{
	paused = pause;
}

bool memory_ran_out(void)
{
	return ran_out;
}

size_t memory_try_all(int (*run)(void *context), void *context, int expected)
{
	for (size_t n = 0;; n++) {
		int r;

		memory_lasts_for(n);
		r = run(context);
		memory_lasts();
		ck_assert_msg(r == (ran_out ? -ENOMEM : expected), "allocation %zu: %d", n, r);
		if (!ran_out)
			return n;
	}
}
