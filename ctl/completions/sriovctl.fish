# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion of sriovctl for fish; sriovctl itself knows what can follow.

function __sriovctl_words
    set -l token (commandline -ct)
    set -l before (commandline -opc)
    set -l option (string match -r -- '^--[^=]+=' $token)
    test (count $token) -gt 0; or set token ''

    for line in (sriovctl complete -- $before[2..] $token 2>/dev/null)
        switch $line
            case \tfiles
                __fish_complete_path (string replace -- "$option" '' $token) | string replace -r -- '^' "$option"
            case \tfolders
                __fish_complete_directories (string replace -- "$option" '' $token) '' | string replace -r -- '^' "$option"
            case '*'
                echo $line
        end
    end
end

complete -c sriovctl -f -a '(__sriovctl_words)'
