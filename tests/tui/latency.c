/*
 * latency – how long the real program takes from a key to the repaint, and from its start
 * to the first screen. Runs it on a terminal of its own, types, and listens.
 *
 *	tui_latency SCRIPT PROGRAM [ARGUMENT]...
 *
 * SCRIPT is a list of steps separated by blanks: "key:d" or "key:\033[B" sends a key and
 * measures, "wait:TEXT" reads until the output has TEXT (nothing is measured), "times:20"
 * repeats the step behind it. Prints the time of the first screen, then for each step the
 * median and the worst time in milliseconds, and at the end the program's peak memory.
 *
 * A repaint ends when the program has been silent for 12 ms, or when it waits for input
 * again; the time is that of the last byte.
 */
#include "base/macros.h"
#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SILENCE_MS 12
#define GIVE_UP_MS 30000
#define SEEN_MAX   (1 << 20)

struct listener {
	int fd;
	pid_t pid;
	char *seen; /* output of this step */
	size_t len;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static bool listen_once(struct listener *l, int timeout_ms)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return false;
	if (l->len > SEEN_MAX / 2)
		l->len = 0;
	n = read(l->fd, l->seen + l->len, SEEN_MAX - l->len - 1);
	if (n <= 0)
		return false;
	l->len += (size_t)n;
	l->seen[l->len] = '\0';
	return true;
}

/* Time of the last byte of one repaint. */
static double repaint(struct listener *l, double begin)
{
	double last = begin;

	l->len = 0;
	if (!listen_once(l, 2000))
		return 0;
	do
		last = now_ms();
	while (listen_once(l, SILENCE_MS));
	return last - begin;
}

static bool wait_for(struct listener *l, const char *text)
{
	double end = now_ms() + GIVE_UP_MS;

	l->seen[l->len] = '\0';
	while (!memmem(l->seen, l->len, text, strlen(text)))
		if (!listen_once(l, 1000) && now_ms() > end)
			return false;
	while (listen_once(l, 50))
		;
	return true;
}

static size_t unescape(const char *from, char *to)
{
	size_t len = 0;

	for (; *from; from++) {
		if (strncmp(from, "\\033", 4) == 0) {
			to[len++] = '\033';
			from += 3;
		} else {
			to[len++] = *from;
		}
	}
	to[len] = '\0';
	return len;
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(struct listener *l, const char *key, int times)
{
	_cleanup_(freep) double *took = mem_calloc((size_t)times, sizeof(*took));
	char bytes[64];
	size_t len = unescape(key, bytes);

	for (int i = 0; i < times; i++) {
		double begin = now_ms();

		if (write(l->fd, bytes, len) < 0)
			return;
		took[i] = repaint(l, begin);
	}
	qsort(took, (size_t)times, sizeof(*took), by_time);
	printf("%-12s %4d x  median %7.2f ms  worst %7.2f ms\n", key, times,
	       took[times / 2], took[times - 1]);
}

static void play(struct listener *l, char *script)
{
	char *place = NULL;
	int times = 1;

	for (char *step = strtok_r(script, " ", &place); step;
	     step = strtok_r(NULL, " ", &place)) {
		if (strncmp(step, "times:", 6) == 0) {
			times = atoi(step + 6);
			continue;
		}
		if (strncmp(step, "wait:", 5) == 0 && !wait_for(l, step + 5))
			printf("never seen: %s\n", step + 5);
		if (strncmp(step, "key:", 4) == 0)
			measure(l, step + 4, times);
		times = 1;
	}
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 60, .ws_col = 200 };
	struct listener l = { .seen = mem_calloc(SEEN_MAX, 1) };
	struct rusage usage;
	double begin = now_ms();

	if (argc < 3)
		return 2;
	l.pid = forkpty(&l.fd, NULL, NULL, &size);
	if (l.pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	while (listen_once(&l, GIVE_UP_MS))
		if (memmem(l.seen, l.len, "Quit", 4))
			break;
	printf("first screen %38.2f ms\n", now_ms() - begin);
	play(&l, argv[1]);
	kill(l.pid, SIGTERM);
	while (listen_once(&l, 100))
		;
	wait4(l.pid, NULL, 0, &usage);
	printf("peak memory %36.1f MiB\n", (double)usage.ru_maxrss / 1024);
	free(l.seen);
	return 0;
}
