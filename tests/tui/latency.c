/*
 * latency – runs a program in a pseudo terminal, sends it keys, and says how long it takes
 * until the screen has been repainted.
 *
 *	tui_latency SCRIPT PROGRAM [ARGUMENT]...
 *
 * SCRIPT is a list of steps separated by blanks: "key:d" or "key:\033[B" sends a key and
 * measures, "key:d,u" sends two in turn, "wait:TEXT" reads until the output has TEXT and says when that was, "times:20"
 * repeats the step behind it. Prints the time of the first screen, then for each step the
 * median, the 95th percentile and the worst time in milliseconds, and at the end the
 * program's peak memory.
 *
 * Keys that change nothing on the screen are not counted. A repaint ends when the program has been silent for 5 ms; the time is that of the last
 * byte. Besides the time by the clock there is the processor time that the program's first
 * thread (the one that has the keyboard and the screen) took meanwhile: on a machine that
 * does other things, too, only that says something about the program.
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

#define SILENCE_MS 5
#define GIVE_UP_MS 30000
#define SEEN_MAX   (1 << 20)

struct listener {
	int fd;
	pid_t pid;
	char *seen; /* output of this step */
	size_t len;
	double began;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Processor time of the program's first thread so far. */
static double used_ms(const struct listener *l)
{
	char path[64];
	unsigned long long ns = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", l->pid, l->pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%llu", &ns) != 1)
		ns = 0;
	fclose(file);
	return (double)ns / 1e6;
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

/* Times of the last byte of one repaint; 0 when there was none. */
static void repaint(struct listener *l, const char *bytes, double *ret_took,
		    double *ret_used)
{
	double begin = now_ms(), used = used_ms(l);

	*ret_took = *ret_used = 0;
	while (listen_once(l, 0))
		;
	l->len = 0;
	if (write(l->fd, bytes, strlen(bytes)) < 0 || !listen_once(l, 1000))
		return;
	do {
		*ret_took = now_ms() - begin;
		*ret_used = used_ms(l) - used;
	} while (listen_once(l, SILENCE_MS));
}

static bool wait_for(struct listener *l, const char *text)
{
	double end = now_ms() + GIVE_UP_MS;

	l->seen[l->len] = '\0';
	while (!memmem(l->seen, l->len, text, strlen(text)))
		if (!listen_once(l, 1000) && now_ms() > end)
			return false;
	return true;
}

static void unescape(const char *from, char *to)
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
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print_times(const char *label, double *took, int count)
{
	qsort(took, (size_t)count, sizeof(*took), by_time);
	printf("  %s %7.2f %7.2f %7.2f", label, took[count / 2], took[count * 95 / 100],
	       took[count - 1]);
}

static void measure(struct listener *l, const char *key, int times)
{
	_cleanup_(freep) double *took = mem_calloc((size_t)times, sizeof(*took));
	_cleanup_(freep) double *used = mem_calloc((size_t)times, sizeof(*used));
	const char *comma = strchr(key, ',');
	char bytes[2][64];
	int answered = 0;

	unescape(key, bytes[0]);
	unescape(comma ? comma + 1 : key, bytes[1]);
	if (comma)
		bytes[0][comma - key] = '\0';
	for (int i = 0; i < times; i++) {
		repaint(l, bytes[i % 2], &took[answered], &used[answered]);
		answered += took[answered] > 0;
	}
	printf("%-8s %4d x", key, answered);
	if (answered) {
		print_times("clock", took, answered);
		print_times("processor", used, answered);
	}
	printf("\n");
}

static void print_moment(const struct listener *l, const char *what)
{
	printf("%-15s  clock %7.2f                  processor %7.2f  ms from the start\n",
	       what, now_ms() - l->began, used_ms(l));
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
		if (strncmp(step, "wait:", 5) == 0) {
			if (!wait_for(l, step + 5))
				printf("never seen: %s\n", step + 5);
			print_moment(l, step + 5);
			while (listen_once(l, 50))
				;
		}
		if (strncmp(step, "key:", 4) == 0)
			measure(l, step + 4, times);
		times = 1;
	}
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = 60, .ws_col = 200 };
	struct listener l = { .seen = mem_calloc(SEEN_MAX, 1), .began = now_ms() };
	struct rusage usage;

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
	print_moment(&l, "first screen");
	play(&l, argv[1]);
	kill(l.pid, SIGTERM);
	while (listen_once(&l, 100))
		;
	wait4(l.pid, NULL, 0, &usage);
	printf("peak memory %.1f MiB\n", (double)usage.ru_maxrss / 1024);
	free(l.seen);
	return 0;
}
