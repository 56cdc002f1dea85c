# fish completion of tare, made by packaging/completions/generate.sh: do not edit.

function __tare_packages
    set -l words (commandline -opc)
    set -l graph
    for at in (seq (count $words))
        if contains -- $words[$at] -g --graph
            set graph -g $words[(math $at + 1)]
        end
    end
    tare list packages --json $graph 2>/dev/null |
        string match -rg '^ *"name": "([A-Za-z0-9._+-]*)",$'
end

complete -c tare -f
complete -c tare -n __fish_use_subcommand -s h -l help -d 'help'
complete -c tare -n __fish_use_subcommand -s V -l version -d 'version'
complete -c tare -n __fish_use_subcommand -a needs -d 'Show what a package or file needs, with citations'
complete -c tare -n __fish_use_subcommand -a check -d 'Check an image against its budget'
complete -c tare -n __fish_use_subcommand -a rules -d 'List, show or check the rule files'
complete -c tare -n __fish_use_subcommand -a help -d 'Print the help text of a command'
complete -c tare -n __fish_use_subcommand -a version -d 'Print the version'
complete -c tare -n '__fish_seen_subcommand_from needs' -a '(__tare_packages)'
complete -c tare -n '__fish_seen_subcommand_from needs' -s k -l kind -x -d 'only these: requires, recommends, needed, dlopen, exec ... (repeat it)'
complete -c tare -n '__fish_seen_subcommand_from needs' -s a -l all -d 'also what those need, and so on'
complete -c tare -n '__fish_seen_subcommand_from needs' -s d -l depth -x -d 'as many steps (default: 1)'
complete -c tare -n '__fish_seen_subcommand_from needs' -s r -l reverse -d 'who needs it'
complete -c tare -n '__fish_seen_subcommand_from needs' -s f -l format -x -a 'text json' -d 'text (default) or json'
complete -c tare -n '__fish_seen_subcommand_from needs' -s g -l graph -r -F -d 'the graph to read (default: $TARE_GRAPH, else tare.db)'
complete -c tare -n '__fish_seen_subcommand_from needs' -s o -l output -r -F -d 'write there; \'-\' is standard output'
complete -c tare -n '__fish_seen_subcommand_from needs' -s q -l quiet -d 'no progress, no summary: only results and errors'
complete -c tare -n '__fish_seen_subcommand_from needs' -s v -l verbose -d 'more detail on standard error'
complete -c tare -n '__fish_seen_subcommand_from needs' -l color -x -a 'auto always never' -d 'auto (a terminal, no NO_COLOR, no CI), always or never'
complete -c tare -n '__fish_seen_subcommand_from needs' -s h -l help -d 'this help'
complete -c tare -n '__fish_seen_subcommand_from needs' -s V -l version -d 'print the version'
complete -c tare -n '__fish_seen_subcommand_from check' -s b -l budget -r -F -d 'the limits (default: tare.yaml in the current folder)'
complete -c tare -n '__fish_seen_subcommand_from check' -s f -l format -x -a 'text json' -d 'text (default) or json'
complete -c tare -n '__fish_seen_subcommand_from check' -s g -l graph -r -F -d 'the graph to read (default: $TARE_GRAPH, else tare.db)'
complete -c tare -n '__fish_seen_subcommand_from check' -s o -l output -r -F -d 'write there; \'-\' is standard output'
complete -c tare -n '__fish_seen_subcommand_from check' -l iec -d 'sizes in KiB, MiB, GiB (default)'
complete -c tare -n '__fish_seen_subcommand_from check' -l si -d 'sizes in kB, MB, GB'
complete -c tare -n '__fish_seen_subcommand_from check' -s q -l quiet -d 'no progress, no summary: only results and errors'
complete -c tare -n '__fish_seen_subcommand_from check' -s v -l verbose -d 'more detail on standard error'
complete -c tare -n '__fish_seen_subcommand_from check' -l color -x -a 'auto always never' -d 'auto (a terminal, no NO_COLOR, no CI), always or never'
complete -c tare -n '__fish_seen_subcommand_from check' -s h -l help -d 'this help'
complete -c tare -n '__fish_seen_subcommand_from check' -s V -l version -d 'print the version'
complete -c tare -n '__fish_seen_subcommand_from rules' -x -a 'list show check'
complete -c tare -n '__fish_seen_subcommand_from rules' -l rules -x -a '(__fish_complete_directories)' -d 'search rule files there first (repeat it)'
complete -c tare -n '__fish_seen_subcommand_from rules' -l with-graph -d 'check: also that the named rules select something in the graph'
complete -c tare -n '__fish_seen_subcommand_from rules' -s f -l format -x -a 'text json' -d 'list: text (default) or json'
complete -c tare -n '__fish_seen_subcommand_from rules' -s g -l graph -r -F -d 'the graph to read (default: $TARE_GRAPH, else tare.db)'
complete -c tare -n '__fish_seen_subcommand_from rules' -s o -l output -r -F -d 'write there; \'-\' is standard output'
complete -c tare -n '__fish_seen_subcommand_from rules' -s q -l quiet -d 'no progress, no summary: only results and errors'
complete -c tare -n '__fish_seen_subcommand_from rules' -s v -l verbose -d 'more detail on standard error'
complete -c tare -n '__fish_seen_subcommand_from rules' -l color -x -a 'auto always never' -d 'auto (a terminal, no NO_COLOR, no CI), always or never'
complete -c tare -n '__fish_seen_subcommand_from rules' -s h -l help -d 'this help'
complete -c tare -n '__fish_seen_subcommand_from rules' -s V -l version -d 'print the version'
complete -c tare -n '__fish_seen_subcommand_from help' -x -a 'needs check rules help version'
complete -c tare -n '__fish_seen_subcommand_from help' -l table -d 'all commands and options as lines of words with tabs between'
complete -c tare -n '__fish_seen_subcommand_from help' -s q -l quiet -d 'no progress, no summary: only results and errors'
complete -c tare -n '__fish_seen_subcommand_from help' -s v -l verbose -d 'more detail on standard error'
complete -c tare -n '__fish_seen_subcommand_from help' -l color -x -a 'auto always never' -d 'auto (a terminal, no NO_COLOR, no CI), always or never'
complete -c tare -n '__fish_seen_subcommand_from help' -s h -l help -d 'this help'
complete -c tare -n '__fish_seen_subcommand_from help' -s V -l version -d 'print the version'
complete -c tare -n '__fish_seen_subcommand_from version' -s q -l quiet -d 'no progress, no summary: only results and errors'
complete -c tare -n '__fish_seen_subcommand_from version' -s v -l verbose -d 'more detail on standard error'
complete -c tare -n '__fish_seen_subcommand_from version' -l color -x -a 'auto always never' -d 'auto (a terminal, no NO_COLOR, no CI), always or never'
complete -c tare -n '__fish_seen_subcommand_from version' -s h -l help -d 'this help'
complete -c tare -n '__fish_seen_subcommand_from version' -s V -l version -d 'print the version'
