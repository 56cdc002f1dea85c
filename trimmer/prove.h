/*
 * prove – run somebody's test on the trimmed tree, and when it fails, find the removal
 * that is missed, the very file, and who asked for it.
 *
 * The test is a command of the host: /bin/sh -c COMMAND, in private mount, pid, network
 * (loopback only), ipc and host-name namespaces. $TARE_ROOT is the tree; what the test
 * writes there is thrown away. Exit status 0 is a pass. A try lays whiteouts over the
 * untrimmed root for the files of the removals that are tried: nothing is copied.
 */
#pragma once

#include "graph/snapshot.h"
#include "trimmer/apply.h"

enum prove_outcome {
	PROVE_NOT_RUN,
	PROVE_PASSED,
	PROVE_FAILS_BEFORE, /* also on the untrimmed root: it proves nothing */
	PROVE_FOUND,	    /* it passes again when `back` stays */
	PROVE_NO_REMOVAL,   /* no file that went is the reason */
	PROVE_UNFOUND,	    /* it does not fail in one way */
};

struct prove_result {
	enum prove_outcome outcome;
	unsigned int runs;	   /* of the test, all together */
	unsigned int search_runs;  /* until the culprits were known; the rest: the file */
	unsigned int removals;	   /* among which the culprit was looked for */
	ARRAY_OF(char *) culprits; /* NEVRA, path or unit; printable */
	ARRAY_OF(char *) back;	   /* what has to stay: culprits and what they need */
	char *file;		   /* bytes of the root, NULL: not found */
	char *user;   /* who opened it: a path below the root or of the host */
	char *output; /* the end of what the failing test said; NULL: none */
};

struct prove_request {
	const struct graph *graph;
	const struct apply_view *view;
	const char *command;
	const struct progress *progress;
};

/** Prove. @return 0 with a result (release it in any case); -errno: no test could run */
int prove_run(const struct prove_request *request, struct prove_result *ret,
	      struct error *err);
void prove_result_release(struct prove_result *result);
