# SPDX-License-Identifier: LGPL-2.1-or-later
#
# What this machine's own apt configuration says about Debian's archive, whatever
# the format (one-line or deb822) and the method (http, mirror+file, …).
# Sourced by `packages` and `image`. The lists must have been fetched (apt-get update).
# shellcheck shell=bash

host_codename() {
	(. /etc/os-release && echo "$VERSION_CODENAME")
}

# debian_entries CODENAME: "FILE:N" of each source entry that offers Debian's
# suite of that code name. N counts lines in a .list and stanzas in a .sources file.
debian_entries() {
	# shellcheck disable=SC2016  # the format is apt's
	apt-get indextargets --format '$(SOURCESENTRY)' \
		'Created-By: Packages' 'Origin: Debian' "Codename: $1" |
		awk '!seen[$0]++'
}

# debian_source_files CODENAME: the files that hold the release, its updates and its
# security suite, one a line.
debian_source_files() {
	local suite
	for suite in "$1" "$1-updates" "$1-security"; do
		debian_entries "$suite"
	done | sed 's/:[0-9]*$//' | awk '!seen[$0]++'
}

# source_entry FILE N: the text of one source entry.
source_entry() {
	case $1 in
	*.sources)
		# apt does not count paragraphs of nothing but comments.
		grep -v '^#' "$1" | awk -v RS= -v n="$2" 'NR == n'
		;;
	*)
		sed -n "${2}p" "$1"
		;;
	esac
}

# backports_sources CODENAME: prints a sources file for the backports suite beside
# the release's own entry; its name should end like the word printed by
# backports_format.
backports_sources() {
	local entry file
	entry=$(debian_entries "$1" | head -n 1)
	[[ $entry ]] || return 1
	file=${entry%:*}
	if [[ $file == *.sources ]]; then
		source_entry "$file" "${entry##*:}" | sed -E \
			-e 's/^Types:.*/Types: deb/I' \
			-e "s/^Suites:.*/Suites: $1-backports/I" \
			-e 's/^Components:.*/Components: main/I'
	else
		# "deb [options] URI SUITE COMPONENT…"; a mirror's options may hold blanks.
		source_entry "$file" "${entry##*:}" | sed -E \
			"s#^(deb +(\[[^]]*\] +)?[^ ]+) +.*#\1 $1-backports main#"
	fi
}

# backports_format CODENAME: list or sources, the format of backports_sources.
backports_format() {
	local entry
	entry=$(debian_entries "$1" | head -n 1)
	[[ ${entry%:*} == *.sources ]] && echo sources || echo list
}
