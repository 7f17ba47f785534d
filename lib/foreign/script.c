/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "foreign/script.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "foreign/search.h"
#include "util/text.h"

#define HEX "0123456789abcdefABCDEF"

/* Whether the file's line at place, where the word is, is about the PF. */
typedef bool line_test(const struct pf *pf, const char *line, const char *place);

static line_test writes_numvfs, is_of_driver;

static const char numvfs[] = "sriov_numvfs";
/* Module parameters of igb, ixgbe and others, which make VFs when the driver is loaded. */
static const char max_vfs[] = "max_vfs";

/* Where to look; directories of a row mask each other by the names of their files. */
static const struct {
	const char *who;
	const char *directories[SEARCH_DIRECTORIES_MAX + 1], *suffix;
	const char *word;
	line_test *test;
} folders[] = {
	{ "udev",
	  { "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/local/lib/udev/rules.d",
	    "/usr/lib/udev/rules.d" },
	  ".rules",
	  numvfs,
	  writes_numvfs },
	{ "modprobe",
	  { "/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
	    "/usr/lib/modprobe.d" },
	  ".conf",
	  max_vfs,
	  is_of_driver },
	{ "ifupdown", { "/etc/network/interfaces.d" }, "", numvfs, writes_numvfs },
	{ "ifupdown", { "/etc/network/if-pre-up.d" }, "", numvfs, writes_numvfs },
	{ "ifupdown", { "/etc/network/if-up.d" }, "", numvfs, writes_numvfs },
	{ "ifupdown", { "/etc/network/if-down.d" }, "", numvfs, writes_numvfs },
	{ "ifupdown", { "/etc/network/if-post-down.d" }, "", numvfs, writes_numvfs },
	{ "NetworkManager", { "/etc/NetworkManager/dispatcher.d" }, "", numvfs, writes_numvfs },
	{ "systemd", { "/etc/systemd/system" }, ".service", numvfs, writes_numvfs },
};

static const struct {
	const char *who, *path;
} files[] = {
	{ "ifupdown", "/etc/network/interfaces" },
	{ "rc.local", "/etc/rc.local" },
	{ "rc.local", "/etc/rc.d/rc.local" },
};

static bool is_name_of(const struct pf *pf, const char *name, size_t length)
{
	if (pf->ifname && strlen(pf->ifname) == length && !strncmp(pf->ifname, name, length))
		return true;
	for (size_t i = 0; i < pf->altnames.count; i++)
		if (strlen(pf->altnames.items[i]) == length &&
		    !strncmp(pf->altnames.items[i], name, length))
			return true;
	return false;
}

/* Whether the name that follows opening, up to closing, is that of another interface. What a shell
 * or a pattern makes of one is not known. */
static bool names_other(const struct pf *pf, const char *line, const char *opening, char closing)
{
	for (const char *p = line; (p = strstr(p, opening));) {
		const char *name = p += strlen(opening), *end = strchr(name, closing);

		if (!end || strcspn(name, "$%*?[|{\"'` ") < (size_t)(end - name))
			continue;
		if (!is_name_of(pf, name, (size_t)(end - name)))
			return true;
	}
	return false;
}

/* The address of a PCI device at string, "0000:3b:00.0", or NULL. */
static const char *skip_address(const char *string)
{
	static const size_t digits[] = { 4, 2, 2 };

	for (size_t i = 0; i < 3; i++) {
		if (strspn(string, HEX) != digits[i] || string[digits[i]] != (i < 2 ? ':' : '.'))
			return NULL;
		string += digits[i] + 1;
	}
	return *string >= '0' && *string <= '7' ? string + 1 : NULL;
}

static bool names_other_address(const struct pf *pf, const char *line)
{
	for (const char *p = line; *p; p++) {
		const char *end = p == line || !strchr(HEX, p[-1]) ? skip_address(p) : NULL;

		if (end && (!pf->address || strlen(pf->address) != (size_t)(end - p) ||
			    strncmp(p, pf->address, (size_t)(end - p)) != 0))
			return true;
	}
	return false;
}

/* What udev only compares, or looks for, is no write. */
static bool is_only_asked(const char *line, const char *place)
{
	const char *after = place + strlen(numvfs);

	if (!strncmp(after, "}==", 3) || !strncmp(after, "}!=", 3))
		return true;
	return place - line >= 7 && *after == '"' && !strncmp(place - 7, "TEST==\"", 7);
}

static bool writes_numvfs(const struct pf *pf, const char *line, const char *place)
{
	return !is_only_asked(line, place) && !names_other(pf, line, "/sys/class/net/", '/') &&
	       !names_other(pf, line, "KERNEL==\"", '"') &&
	       !names_other(pf, line, "ENV{INTERFACE}==\"", '"') && !names_other_address(pf, line);
}

/* "options igb max_vfs=7" */
static bool is_of_driver(const struct pf *pf, const char *line, const char *place)
{
	const char *driver = pf->driver ? strstr(line, pf->driver) : NULL;

	return driver && driver < place && driver > line && strchr(" \t", driver[-1]) &&
	       strchr(" \t", driver[strlen(pf->driver)]);
}

/* The line of the text that place is in, in the arena. */
static const char *line_at(struct arena *arena, const char *text, const char *place,
			   const char **ret_start)
{
	const char *start = place;

	while (start > text && start[-1] != '\n')
		start--;
	*ret_start = start;
	return arena_strndup(arena, start, strcspn(start, "\n"));
}

static unsigned count_lines(const char *text, const char *end)
{
	unsigned count = 1;

	for (; text < end; text++)
		count += *text == '\n';
	return count;
}

/* The first line of the file that makes it a rival. */
static int find_in_file(struct search *search, const char *who, const char *path, const char *word,
			line_test *test)
{
	const char *text;
	int r = search_read_text(search, path, &text);

	for (const char *place = text; r >= 0 && place && (place = strstr(place, word)); place++) {
		const char *start, *line = line_at(search->arena, text, place, &start);

		if (!line)
			return -ENOMEM;
		if (line[strspn(line, " \t")] == '#' ||
		    !test(search->pf, line, line + (place - start)))
			continue;
		path = arena_printf(search->arena, "%s:%u", path, count_lines(text, place));
		return path ? search_add(search, who, path, word) : -ENOMEM;
	}
	return r;
}

static int find_in_folder(struct search *search, size_t which)
{
	const char **paths;
	size_t count;
	int r = search_find_dropins(search, folders[which].directories, folders[which].suffix,
				    &paths, &count);

	for (size_t i = 0; r >= 0 && i < count; i++)
		r = find_in_file(search, folders[which].who, paths[i], folders[which].word,
				 folders[which].test);
	return r;
}

/* driverctl(8) keeps the driver of a device in a file of the device's address. */
static int find_driver(struct search *search, const char *address)
{
	const char *path = arena_printf(search->arena, "/etc/driverctl.d/%s", address);
	const char *text, *driver;
	int r = path ? search_read_text(search, path, &text) : -ENOMEM;

	if (r < 0 || !text || !*text)
		return r;
	driver = arena_strndup(search->arena, text, strcspn(text, " \t\n"));
	return driver ? search_add(search, "driverctl", path, driver) : -ENOMEM;
}

int script_find(struct search *search)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(folders); i++)
		r = find_in_folder(search, i);
	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(files); i++)
		r = find_in_file(search, files[i].who, files[i].path, numvfs, writes_numvfs);
	for (uint32_t i = 0; r >= 0 && i < search->pf->n_vfs; i++)
		if (search->pf->vfs[i].address)
			r = find_driver(search, search->pf->vfs[i].address);
	return r;
}
