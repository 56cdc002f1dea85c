/*
 * storm THREADS SECONDS FILE...: open and close the files as often as possible, from so many
 * threads; prints opens a second, and nanoseconds of CPU time an open.
 */
#include "base/macros.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

struct storm {
	char **files;
	int count;
	atomic_bool over;
	atomic_ulong opens;
};

static void *open_all(void *arg)
{
	struct storm *storm = arg;
	unsigned long opens = 0;

	for (int i = 0; !storm->over; i = (i + 1) % storm->count) {
		int fd = open(storm->files[i], O_RDONLY | O_CLOEXEC);

		if (fd >= 0) {
			close(fd);
			opens++;
		}
	}
	atomic_fetch_add(&storm->opens, opens);
	return NULL;
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
	struct storm storm = { .files = argv + 3, .count = argc - 3 };
	pthread_t threads[64];
	int count = argc > 3 ? atoi(argv[1]) : 0;
	double seconds = argc > 3 ? atof(argv[2]) : 0;
	struct timespec time = { (time_t)seconds,
				 (long)((seconds - (double)(time_t)seconds) * 1e9) };

	if (count < 1 || count > 64 || seconds <= 0) {
		fprintf(stderr, "usage: storm THREADS SECONDS FILE...\n");
		return 2;
	}
	for (int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, open_all, &storm) != 0)
			return 1;
	nanosleep(&time, NULL);
	storm.over = true;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%.0f %.1f\n", (double)storm.opens / seconds,
	       cpu_seconds() * 1e9 / (double)MAX2(storm.opens, 1ul));
	return 0;
}
