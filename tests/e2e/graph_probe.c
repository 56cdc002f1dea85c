/*
 * graph_probe – what tare concludes from a graph, in bulk, for tests that compare it with
 * other programs.
 *
 *	graph_probe unneeded GRAPH < SETS	each line of SETS: names of wanted packages
 *		one line each: what is not kept for them when Recommends and Supplements and
 *		requirements of scriptlets are honoured and every provider is kept
 *	graph_probe erasable GRAPH
 *		"NEVRA<TAB>problems" for the erase of each package alone, then a line
 *		"<TAB>problem" for each of them
 *	graph_probe holding GRAPH
 *		the texts of all requirements that hold once the package is installed
 */
#include "base/macros.h"
#include "graph/closure.h"
#include "trimmer/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *nevra(const struct graph *g, pkg_id p)
{
	return graph_text(g, g->packages[p].nevra);
}

static bool is_named(const struct graph *g, pkg_id p, const char *line)
{
	const char *name = graph_text(g, g->packages[p].name);
	size_t len = strlen(name);

	for (const char *at = line; (at = strstr(at, name)); at += len)
		if ((at == line || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static void one_set(const struct graph *g, const struct demand *d, const char *line)
{
	ARRAY_OF(uint32_t) roots = { 0 };
	struct closure *closure = NULL;
	const char *blank = "";

	for (pkg_id p = 1; p <= g->package_count; p++)
		if (is_named(g, p, line))
			array_push(&roots, graph_package_node(g, p));
	closure_run(d, roots.data, roots.len, NULL, &closure);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		if (idset_has(&closure->reached, graph_package_node(g, p)))
			continue;
		printf("%s%s", blank, nevra(g, p));
		blank = " ";
	}
	putchar('\n');
	closure_free(closure);
	array_release(&roots);
}

static int unneeded(const struct graph *g)
{
	static const struct demand_options options = { .caution = CAUTION_LOW,
						       .weak = true,
						       .keep_install_time = true };
	_cleanup_(demand_freep) struct demand *d = NULL;
	_cleanup_(freep) char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	demand_new(g, &options, NULL, &d);
	while ((len = getline(&line, &cap, stdin)) > 0) {
		line[strcspn(line, "\n")] = '\0';
		one_set(g, d, line);
	}
	return 0;
}

static int erasable(const struct graph *g)
{
	struct error err = { 0 };

	for (pkg_id p = 1; p <= g->package_count; p++) {
		_cleanup_(verify_report_freep) struct verify_report *report = NULL;
		struct idset removed;
		int r;

		idset_init(&removed, g->package_count + 1u);
		idset_add(&removed, p);
		r = verify_removal(g, &removed, NULL, &report, &err);
		idset_release(&removed);
		if (r < 0) {
			fprintf(stderr, "graph_probe: %s\n", err.text);
			return 1;
		}
		printf("%s\t%zu\n", nevra(g, p), report->graph.problems.len);
		array_each (&report->graph.problems, i)
			printf("\t%s\n", report->graph.problems.data[i].text);
	}
	return 0;
}

static int holding(const struct graph *g)
{
	static const struct demand_options options = { .caution = CAUTION_LOW };

	for (uint32_t i = 0; i < g->requirement_count; i++)
		if (g->requirements[i].strength == REQ_REQUIRES &&
		    demand_counts(&options, &g->requirements[i]))
			puts(graph_text(g, g->requirements[i].text));
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct graph *g);
} COMMANDS[] = {
	{ "unneeded", unneeded },
	{ "erasable", erasable },
	{ "holding", holding },
};

int main(int argc, char **argv)
{
	_cleanup_(store_closep) struct store *st = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	struct error err = { 0 };

	if (argc != 3)
		return 2;
	if (store_open(argv[2], &st, &err) < 0 || graph_load(st, &g, &err) < 0) {
		fprintf(stderr, "graph_probe: %s\n", err.text);
		return 3;
	}
	for (size_t i = 0; i < ARRAY_LEN(COMMANDS); i++)
		if (strcmp(COMMANDS[i].name, argv[1]) == 0)
			return COMMANDS[i].run(g);
	return 2;
}
