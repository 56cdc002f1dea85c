/*
 * measure FILE COMMAND [ARGUMENT]...: run a command and append one line to FILE:
 *
 *	seconds user-seconds system-seconds peak-KiB exit-status
 *
 * The peak is that of the largest process of the command and those it waited for. The
 * exit status is the command's; 127 when it cannot be run.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	struct timespec from, to;
	struct rusage use;
	int status;
	FILE *out;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "Usage: measure FILE COMMAND [ARGUMENT]...\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid) {
		perror("measure");
		return 4;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	out = fopen(argv[1], "a");
	if (!out) {
		perror(argv[1]);
		return 4;
	}
	fprintf(out, "%.6f %.6f %.6f %ld %d\n",
		(double)(to.tv_sec - from.tv_sec) +
			(double)(to.tv_nsec - from.tv_nsec) / 1e9,
		seconds(use.ru_utime), seconds(use.ru_stime), use.ru_maxrss, status);
	return fclose(out) == 0 ? status : 4;
}
