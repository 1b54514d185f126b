"""Several management commands in one process: `python -m ops.commands migrate --noinput , collectstatic --noinput`.

Starting Django takes longer than most of the commands; a second `make run` has nothing else to do.
"""

import sys

SEPARATOR = ","


def split(words: list[str]) -> list[list[str]]:
    """The commands with their words, parted at each single comma."""
    commands: list[list[str]] = [[]]
    for word in words:
        if word == SEPARATOR:
            commands.append([])
        else:
            commands[-1].append(word)
    return commands


def main() -> None:
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    for command in split(sys.argv[1:]):
        try:
            call_command(*command)
        except CommandError as error:
            sys.exit(f"manage.py {' '.join(command)}: {error}")


if __name__ == "__main__":
    main()
