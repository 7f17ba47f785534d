/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/udev_link.h"

#include <errno.h>
#include <string.h>

#include "foreign/link_match.h"
#include "foreign/search.h"
#include "util/hex.h"

/* What in a .link file or its drop-ins is about VFs. */
struct link_use {
	const char *count;   /* the file that sets SR-IOVVirtualFunctions= last */
	const char *section; /* the first one that has a section [SR-IOV] of a VF */
};

static int read_link_file(const struct search *search, const char *path, struct link_use *use)
{
	struct ini_line *lines;
	size_t count;
	int r = search_read_lines(search, path, INI_SYSTEMD, &lines, &count);

	for (size_t i = 0; i < count; i++) {
		/* An empty value takes back what was said before. */
		if (ini_is(&lines[i], "Link", "SR-IOVVirtualFunctions"))
			use->count = *lines[i].value ? path : NULL;
		/* A section without its VF is ignored. */
		if (ini_is(&lines[i], "SR-IOV", "VirtualFunction") && *lines[i].value &&
		    !use->section)
			use->section = path;
	}
	return r;
}

/* One path of udev's list, in which ":" and what is not printable is escaped as \xNN. */
static const char *unescape(struct arena *arena, const char *word, size_t length)
{
	char *copy = arena_strndup(arena, word, length), *to = copy;

	for (const char *from = copy; copy && *from;) {
		int high, low;

		if (from[0] == '\\' && from[1] == 'x' && (high = hex_digit(from[2])) >= 0 &&
		    (low = hex_digit(from[3])) >= 0) {
			*to++ = (char)(high << 4 | low);
			from += 4;
		} else {
			*to++ = *from++;
		}
	}
	if (copy)
		*to = '\0';
	return copy;
}

static int read_listed_dropins(const struct search *search, const char *list, struct link_use *use)
{
	int r = 0;

	while (r >= 0 && *list) {
		size_t length = strcspn(list, ":");
		const char *path = unescape(search->arena, list, length);

		r = path ? read_link_file(search, path, use) : -ENOMEM;
		list += length + (list[length] == ':');
	}
	return r;
}

/* The drop-ins of NAME.link: NAME.link.d/ *.conf of systemd's network directories, where the same
 * name in an earlier directory masks a later one. */
static int read_found_dropins(struct search *search, const char *link_file, struct link_use *use)
{
	const char *base = strrchr(link_file, '/'), *dropins[SEARCH_DIRECTORIES_MAX + 1] = { 0 };
	const char **paths;
	size_t count = 0;
	int r;

	base = base ? base + 1 : link_file;
	for (size_t i = 0; link_directories[i]; i++) {
		dropins[i] = arena_printf(search->arena, "%s/%s.d", link_directories[i], base);
		if (!dropins[i])
			return -ENOMEM;
	}
	r = search_find_dropins(search, dropins, ".conf", &paths, &count);
	for (size_t i = 0; r >= 0 && i < count; i++)
		r = read_link_file(search, paths[i], use);
	return r;
}

static int add_use(struct search *search, const char *who, const struct link_use *use)
{
	int r = 0;

	if (use->count)
		r = search_add(search, who, use->count, "SR-IOVVirtualFunctions=");
	if (r >= 0 && use->section)
		r = search_add(search, who, use->section, "[SR-IOV]");
	return r;
}

/* The file that udev went by when it last looked at the device. */
static int find_used(struct search *search, const struct rival_sources *sources)
{
	struct link_use use = { 0 };
	int r;

	if (!sources->link_file)
		return 0;
	r = read_link_file(search, sources->link_file, &use);
	if (r >= 0)
		r = sources->link_dropins ? read_listed_dropins(search, sources->link_dropins, &use)
					  : read_found_dropins(search, sources->link_file, &use);
	return r < 0 ? r : add_use(search, "systemd-udevd", &use);
}

/* /lib and /usr/lib are one, and udev may say either. */
static const char *skip_usr(const char *path)
{
	return strncmp(path, "/usr/", 5) == 0 ? path + 4 : path;
}

/* One that was written since, or that is for the name which udev has given the device: on the next
 * event, as that of a boot, udev goes by the first that matches. */
static int find_next(struct search *search, const struct rival_sources *sources)
{
	struct link_use use = { 0 };
	const char *path;
	bool by_name;
	int r = link_match_find(search, &path, &by_name);

	if (r < 0 || !path ||
	    (sources->link_file && strcmp(skip_usr(path), skip_usr(sources->link_file)) == 0))
		return r;
	r = read_link_file(search, path, &use);
	if (r >= 0)
		r = read_found_dropins(search, path, &use);
	if (r < 0)
		return r;
	return add_use(search,
		       by_name ? "systemd-udevd, when it sees it by the name that it has now,"
			       : "systemd-udevd, when it sees it again,",
		       &use);
}

int udev_link_find(struct search *search, const struct rival_sources *sources)
{
	int r = find_used(search, sources);

	return r < 0 ? r : find_next(search, sources);
}
