/*
 * session – all that the views of one explorer share: the graph, what must stay, marks,
 * and what they come to. Long questions (retained sizes, cascades, proposals) are
 * answered by a worker thread; the screen never waits for them.
 *
 *	struct session *s = session_new(packages);	of graph_load_packages()
 *	session_begin(s, models, &request);		when all of the graph is there
 *	while (session_poll(s, &answer)) ...		now and then
 *	marks_begin(&s->marks, "mark runc"); ... marks_commit(&s->marks);
 *	session_changed(s);				a new cascade is on its way
 */
#pragma once

#include "graph/usage.h"
#include "report/planning.h"
#include "tui/marks.h"
#include "tui/models.h"
#include "tui/trim.h"

enum session_job {
	JOB_NONE,
	JOB_PREPARE,
	JOB_CASCADE,
	JOB_PROPOSE,
	JOB_WRITE, /* the text of a plan */
	JOB_CHECK, /* does the trimmer agree with a cascade without conflicts? */
	JOB_COUNT,
};

/* What the worker found; texts and objects belong to whoever takes it. */
struct session_answer {
	enum session_job job;
	unsigned int version; /* of the marks that it is about */
	struct cascade *cascade;
	struct proposal *proposal;
	char *text;	  /* of JOB_WRITE: the plan as JSON */
	struct error err; /* code 0: no error */
};

struct worker;

struct session {
	const struct graph *g;	     /* borrowed; packages alone until session_begin() */
	const struct models *models; /* borrowed; NULL until session_begin() */
	struct marks marks;
	/* retained sizes, reached files and the plan are there; until then the next three
	 * are NULL */
	bool prepared;
	const struct intent *intent;
	struct trim *trim;
	const char *profiles;	     /* "containerd-host (assumed ...)" */
	const struct memory *memory; /* what is in memory after boot; when prepared */
	/* what is reached without evidence; when prepared, NULL without evidence */
	const struct closure *expected;
	const struct usage *usage;     /* evidence, borrowed; NULL: the graph has none */
	const struct usage_days *days; /* of every package; NULL as usage is */
	struct cascade *cascade; /* of the marks; NULL while the first one is made */
	enum size_basis basis;	 /* what sizes of packages and files mean */
	bool check_due;		 /* nobody asked yet whether the trimmer agrees with it */
	unsigned int version;	 /* of the marks: how often they changed */
	unsigned int stamp;	 /* grows when something that rows show changed */
	uint64_t total_bytes;	 /* of all packages, as weigh counts */
	struct worker *worker;
};

/** Packages and their sizes can be shown and marked, no more. Free with session_free(). */
struct session *session_new(const struct graph *g);
/**
 * The graph is read: go on with it, in which packages have the same ids, and prepare in the
 * background. The rules are read there, too, so a wrong one is told by the answer to
 * JOB_PREPARE. Borrows both.
 */
void session_begin(struct session *s, const struct models *models,
		   const struct planning_request *request);
/** Waits for the worker to end. */
void session_free(struct session *s);
/**
 * Leave a session whose worker is in the middle of something long, because the program is
 * about to end: the session and its graph stay where they are for the worker's sake.
 * @return false when the worker is idle: then free the session as ever
 */
bool session_abandon(struct session *s);

/** Marks changed: a new cascade, and s->stamp grows. */
void session_changed(struct session *s);
/**
 * Have the trimmer plan what the cascade says: where it refuses, that is one more conflict
 * of it, soon. It takes longer than a cascade: for moments when nobody types.
 */
void session_check(struct session *s);
/** Ask for a proposal or the text of a plan; false while one is being made. */
bool session_ask(struct session *s, enum session_job job);
/**
 * Take what the worker has ready. Cascades are put into the session; proposals and texts
 * are for the caller.
 * @return true when there was something; *ret then says what
 */
bool session_poll(struct session *s, struct session_answer *ret);
/** True while the worker works or has an answer. */
bool session_busy(struct session *s);
void session_answer_release(struct session_answer *a);

/**
 * The bytes of a package by the session's basis: on disk and compressed those that it holds
 * alone. False when the graph does not know.
 */
bool session_package_bytes(const struct session *s, pkg_id package, uint64_t *ret);
/** The same of a file with all below; 0 where the graph does not know. */
uint64_t session_file_bytes(const struct session *s, file_id file);
/** Of all packages or, on disk and compressed, of all files. */
uint64_t session_all_bytes(const struct session *s);
/** The next basis that the graph has. */
void session_next_basis(struct session *s);
enum fate session_fate(const struct session *s, pkg_id package);
bool session_conflict(const struct session *s, pkg_id package);
/** What must stay reaches: of the best plan, or without one with every provider kept. Only
 * when prepared. */
const struct closure *session_closure(const struct session *s);
/** Is the node reached from what must stay? False until prepared. */
bool session_reached(const struct session *s, uint32_t node);
