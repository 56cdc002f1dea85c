/*
 * loader – reads all that one explorer shows, in a thread: a graph of a million files takes
 * seconds, and meanwhile the screen shows the packages.
 *
 *	struct loader *l = loader_start(store, &paths);
 *	while (!loader_done(l))
 *		...
 *	r = loader_take(l, &loaded, err);
 *	loader_free(l);
 */
#pragma once

#include "base/error.h"
#include "graph/usage.h"
#include "report/budget.h"
#include "tui/models.h"

/* What belongs to one reading of a graph; freed with loaded_release(). */
struct loaded {
	struct store *store;
	struct graph *graph, *other; /* other: NULL where none is compared with */
	struct models *models;
	struct budget *budget; /* NULL: none */
	bool has_budget_left;  /* there is a limit of the whole image */
	int64_t budget_left;   /* bytes, before any mark */
	struct usage *usage;
	struct usage_days *days; /* of every package; NULL without evidence */
};

/* Which files to read; copied. */
struct loader_paths {
	const char *compare, *budget; /* NULL: none */
};

struct loader;

/** Takes the store over: nobody else may use it until loader_take(). */
struct loader *loader_start(struct store *store, const struct loader_paths *paths);
/** True when loader_take() need not wait. */
bool loader_done(struct loader *l);
/**
 * Waits where it must. *ret is the caller's then, also its store.
 * @return 0; as graph_load(), usage_load() or budget_read()
 */
int loader_take(struct loader *l, struct loaded *ret, struct error *err);
/**
 * Frees what nobody took. A thread that still reads is left alone, with all that it has:
 * the program is about to end then.
 */
void loader_free(struct loader *l);
void loaded_release(struct loaded *loaded);
