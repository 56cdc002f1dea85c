/*
 * analyze ROOT GRAPH: an analysis without detectors, to measure what they cost beside
 * `tare analyze`. There is no such option of tare: nobody should plan with such a graph.
 */
#include "analyzer/analyze.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	struct analyze_options options = { .no_detectors = true };
	struct analyze_summary sum;
	struct error err = { 0 };
	int r;

	if (argc != 3) {
		fprintf(stderr, "usage: analyze ROOT GRAPH\n");
		return 2;
	}
	options.root = argv[1];
	options.output = argv[2];
	r = analyze_root(&options, &sum, &err);
	if (r < 0)
		fprintf(stderr, "analyze: %s\n", err.text);
	return r < 0 ? 4 : r;
}
