#include "base/parallel.h"

#include "base/macros.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#define MAX_THREADS 64
#define RUN	    16

struct job {
	size_t count;
	parallel_fn *fn;
	void *arg;
	atomic_size_t next;
};

struct worker {
	struct job *job;
	unsigned int thread;
};

unsigned int parallel_threads(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	n = CPU_COUNT(&set);
	return n < 1 ? 1 : (unsigned int)MIN2(n, MAX_THREADS);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct job *job = w->job;

	for (;;) {
		size_t from = atomic_fetch_add(&job->next, RUN);

		if (from >= job->count)
			return NULL;
		for (size_t i = from; i < MIN2(from + RUN, job->count); i++)
			job->fn(job->arg, i, w->thread);
	}
}

void parallel_for(size_t count, unsigned int threads, parallel_fn *fn, void *arg)
{
	struct job job = { .count = count, .fn = fn, .arg = arg };
	struct worker workers[MAX_THREADS];
	pthread_t ids[MAX_THREADS];
	bool started[MAX_THREADS] = { false };

	if (threads == 0)
		threads = parallel_threads();
	threads = MIN2(threads, (unsigned int)MAX_THREADS);
	for (unsigned int t = 1; t < threads; t++) {
		workers[t] = (struct worker){ &job, t };
		started[t] = pthread_create(&ids[t], NULL, work, &workers[t]) == 0;
	}
	workers[0] = (struct worker){ &job, 0 };
	work(&workers[0]);
	for (unsigned int t = 1; t < threads; t++)
		if (started[t])
			pthread_join(ids[t], NULL);
}
