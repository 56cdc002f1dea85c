/*
 * run_case [--kept] FILE...: check cases, or print what their plans keep.
 */
#include "tests/cases/case_world.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	bool kept = argc > 1 && strcmp(argv[1], "--kept") == 0, passed = true;

	if (argc < 2 + kept)
		case_fail("usage: run_case [--kept] FILE...");
	for (int i = 1 + kept; i < argc; i++) {
		struct case_world world;
		struct graph *g;

		case_read(argv[i], &world);
		g = case_graph(&world);
		if (kept)
			case_print_kept(&world, g);
		else
			passed &= case_check(&world, g);
		graph_free(g);
		case_release(&world);
	}
	return passed ? 0 : 1;
}
