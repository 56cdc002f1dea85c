/*
 * run_case [--kept|--time] FILE...: check cases, print what their plans keep, or how long
 * a plan takes in milliseconds and how many nodes the search for the optimum had.
 */
#include "tests/cases/case_world.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	const char *mode = argc > 1 && argv[1][0] == '-' ? argv[1] : "";
	bool passed = true;

	if (argc < 2 + (mode[0] != '\0'))
		case_fail("usage: run_case [--kept|--time] FILE...");
	for (int i = 1 + (mode[0] != '\0'); i < argc; i++) {
		struct case_world world;
		struct graph *g;

		case_read(argv[i], &world);
		g = case_graph(&world);
		if (strcmp(mode, "--kept") == 0)
			case_print_kept(&world, g);
		else if (strcmp(mode, "--time") == 0)
			case_print_time(&world, g);
		else
			passed &= case_check(&world, g);
		graph_free(g);
		case_release(&world);
	}
	return passed ? 0 : 1;
}
