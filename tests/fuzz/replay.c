/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Stands in for libFuzzer where there is none: gives a harness the files that are named, and those
 * in and below the directories that are named. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define SIZE_LIMIT (1u << 20)

static unsigned long executions;

static void run_file(const char *path)
{
	FILE *file = fopen(path, "re");
	uint8_t *data = malloc(SIZE_LIMIT);
	size_t size;

	if (!file || !data) {
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	size = fread(data, 1, SIZE_LIMIT, file);
	(void)fclose(file);
	/* If the harness ends the process, this is by which file. */
	(void)fprintf(stderr, "%s\n", path);
	(void)LLVMFuzzerTestOneInput(data, size);
	free(data);
	executions++;
}

static void run_path(const char *path);

static void run_directory(const char *path, DIR *directory)
{
	const struct dirent *entry;

	while ((entry = readdir(directory))) {
		char *file;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&file, "%s/%s", path, entry->d_name) < 0)
			abort();
		run_path(file);
		free(file);
	}
	(void)closedir(directory);
}

static void run_path(const char *path)
{
	DIR *directory = opendir(path);

	if (directory)
		run_directory(path, directory);
	else
		run_file(path);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		run_path(argv[i]);
	(void)printf("%lu inputs\n", executions);
	return executions ? EXIT_SUCCESS : EXIT_FAILURE;
}
