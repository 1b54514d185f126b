"""Work that could run away, over what strangers sent or with libraries written in C: in a process of its own, held by
limits on time, memory and reach."""
