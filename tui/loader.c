#include "tui/loader.h"

#include "base/macros.h"
#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct loader {
	pthread_t thread;
	pthread_mutex_t lock;
	bool done, joined, abandoned;
	char *compare, *budget;
	struct loaded found;
	struct error err;
	int result;
};

void loaded_release(struct loaded *loaded)
{
	budget_free(loaded->budget);
	usage_free(loaded->usage);
	free(loaded->days);
	models_free(loaded->models);
	graph_free(loaded->other);
	graph_free(loaded->graph);
	store_close(loaded->store);
	*loaded = (struct loaded){ 0 };
}

static int load_usage(struct loaded *l, struct error *err)
{
	int r = usage_load(l->store, l->graph, &l->usage, err);

	if (r == 0 && l->usage->evidence_count > 0)
		r = usage_days_load(l->store, l->graph, l->usage, &l->days, err);
	return r;
}

static int load_other(const char *path, struct graph **ret, struct error *err)
{
	_cleanup_(store_closep) struct store *store = NULL;
	int r = store_open(path, &store, err);

	return r < 0 ? r : graph_load(store, ret, err);
}

/* Wrong limits are told where budgets are shown. */
static void find_budget_left(struct loaded *l)
{
	struct measure *measure = measure_new(l->graph);
	struct budget_ask ask = { .budget = l->budget, .measure = measure };
	struct budget_verdict verdict = { 0 };

	budget_measure(&ask, &verdict, NULL);
	array_each (&verdict.results, i) {
		const struct budget_result *result = &verdict.results.data[i];

		if (!result->limit->has_max || strcmp(result->limit->what, "total") != 0)
			continue;
		l->has_budget_left = true;
		l->budget_left = (int64_t)result->limit->max - (int64_t)result->measured;
	}
	budget_verdict_release(&verdict);
	measure_free(measure);
}

static int load(struct loader *l)
{
	struct loaded *found = &l->found;
	/* what a person wrote is the likeliest to be wrong, and is read at once */
	int r = l->budget ? budget_read(l->budget, &found->budget, &l->err) : 0;

	if (r == 0)
		r = graph_load(found->store, &found->graph, &l->err);
	if (r == 0)
		r = load_usage(found, &l->err);
	if (r == 0 && l->compare)
		r = load_other(l->compare, &found->other, &l->err);
	if (r == 0)
		found->models = models_new(found->graph);
	if (r == 0 && found->budget)
		find_budget_left(found);
	return r;
}

static void *work(void *arg)
{
	struct loader *l = arg;
	int r = load(l);

	pthread_mutex_lock(&l->lock);
	l->result = r;
	l->done = true;
	pthread_mutex_unlock(&l->lock);
	while (l->abandoned) /* nobody is there who could free what it read */
		pause();
	return NULL;
}

struct loader *loader_start(struct store *store, const struct loader_paths *paths)
{
	struct loader *l = mem_calloc(1, sizeof(*l));
	sigset_t all, before;

	l->found.store = store;
	l->compare = paths->compare ? mem_strdup(paths->compare) : NULL;
	l->budget = paths->budget ? mem_strdup(paths->budget) : NULL;
	pthread_mutex_init(&l->lock, NULL);
	/* signals are for the thread that has the terminal */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&l->thread, NULL, work, l) != 0)
		abort(); /* as for memory: nothing works without it */
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return l;
}

bool loader_done(struct loader *l)
{
	bool done;

	pthread_mutex_lock(&l->lock);
	done = l->done;
	pthread_mutex_unlock(&l->lock);
	return done;
}

int loader_take(struct loader *l, struct loaded *ret, struct error *err)
{
	if (!l->joined)
		pthread_join(l->thread, NULL);
	l->joined = true;
	if (l->result < 0)
		return error_set(err, l->result, "%s", l->err.text);
	*ret = l->found;
	l->found = (struct loaded){ 0 };
	return 0;
}

void loader_free(struct loader *l)
{
	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->abandoned = !l->done;
	pthread_mutex_unlock(&l->lock);
	if (l->abandoned) {
		pthread_detach(l->thread);
		return;
	}
	if (!l->joined)
		pthread_join(l->thread, NULL);
	loaded_release(&l->found);
	pthread_mutex_destroy(&l->lock);
	free(l->compare);
	free(l->budget);
	free(l);
}
