# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion of sriovctl for bash; sriovctl itself knows what can follow.

_sriovctl() {
	local rest=$COMP_LINE current=${COMP_WORDS[COMP_CWORD]} word line files="" i
	local words=() prefix=""

	# Bash has cut words at ':' and '=': what no blank stands between is one word.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((i > 1)) && [[ $rest != [[:blank:]]* ]]; then
			words[-1]+=$word
		else
			rest=${rest#"${rest%%[![:blank:]]*}"}
			words+=("$word")
		fi
		rest=${rest#"$word"}
	done
	[[ $current == [:=] ]] && current=""
	words=("${words[@]//[\\\"\']/}")
	word=${words[-1]}
	prefix=${word%"${current//[\\\"\']/}"}

	COMPREPLY=()
	while IFS= read -r line; do
		if [[ $line == $'\t'* ]]; then
			[[ $files == files ]] || files=${line#$'\t'}
			continue
		fi
		line=${line%%$'\t'*}
		[[ $line == "$word"* ]] && COMPREPLY+=("$(printf '%q' "${line#"$prefix"}")")
	done < <(sriovctl complete -- "${words[@]:1}" 2>/dev/null)

	if [[ $files ]]; then
		word=${word#--*=}
		compopt -o filenames 2>/dev/null
		while IFS= read -r line; do
			COMPREPLY+=("$line")
		done < <(compgen "-$([[ $files == folders ]] && echo d || echo f)" -- "$word")
	fi
}

complete -F _sriovctl sriovctl
