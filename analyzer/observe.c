#include "analyzer/observe.h"

#include "analyzer/observe_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 200

const char *observe_below(const struct observing *o, const char *path)
{
	size_t len = strlen(o->root);

	if (strncmp(path, o->root, len) != 0 || path[len] != '/')
		return NULL;
	return path + len;
}

static int64_t seconds_now(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec;
}

static bool is_stopped(const struct observing *o)
{
	return o->options->stop && *o->options->stop;
}

static int wait_and_read(struct observing *o, struct error *err)
{
	/* a negative descriptor is not asked; without any this only waits */
	struct pollfd fds[] = { { .fd = o->fanotify, .events = POLLIN },
				{ .fd = o->mountinfo, .events = POLLPRI } };
	int r;

	if (poll(fds, ARRAY_LEN(fds), TICK_MS) < 0 && errno != EINTR)
		return error_errno(err, "cannot wait for events");
	if (o->fanotify < 0)
		return 0;
	if (fds[1].revents)
		observe_mounts_look(o, true);
	r = observe_renames_read(o, err);
	return MIN2(r, 0);
}

/* What is in the queues still counts. */
static int read_rest(struct observing *o, struct error *err)
{
	int r = 1;

	observe_files_stop(o);
	while (r > 0)
		r = observe_renames_read(o, err);
	return r;
}

static int run(struct observing *o, struct error *err)
{
	uint64_t every = o->options->sample_seconds ? o->options->sample_seconds
						    : OBSERVE_SAMPLE_SECONDS;
	int64_t begin = seconds_now(CLOCK_MONOTONIC), next = begin;
	int r = 0;

	while (r == 0 && !is_stopped(o)) {
		int64_t now = seconds_now(CLOCK_MONOTONIC);

		if (o->options->seconds && (uint64_t)(now - begin) >= o->options->seconds)
			break;
		if (now >= next) {
			r = observe_processes(o, next == begin, err);
			next = now + (int64_t)MIN2(every, (uint64_t)INT32_MAX);
		}
		if (r == 0)
			r = wait_and_read(o, err);
	}
	if (r == 0 && o->fanotify >= 0)
		r = read_rest(o, err);
	/* and so does who runs now */
	return r == 0 ? observe_processes(o, false, err) : r;
}

static void name_host(struct observing *o)
{
	struct utsname host;
	struct evidence *ev = o->ev;
	const char *node = o->options->node;

	if (uname(&host) < 0)
		return;
	ev->node = strpool_add(&ev->strings, node ? node : host.nodename);
	ev->kernel = strpool_add(&ev->strings, host.release);
}

/* The root of the first process is the host's, seen from a container as well. */
static bool is_hosts_root(const char *root)
{
	struct stat ours, first;

	if (stat(root[0] ? root : "/", &ours) < 0 || stat("/proc/1/root/", &first) < 0)
		return false;
	return ours.st_dev == first.st_dev && ours.st_ino == first.st_ino;
}

static int begin(struct observing *o, struct error *err)
{
	char *root = realpath(o->options->root, NULL);
	int r;

	if (!root)
		return error_errno(err, "cannot observe '%s'", o->options->root);
	if (strcmp(root, "/") == 0)
		root[0] = '\0';
	o->root = root;
	name_host(o);
	o->ev->whole_node = is_hosts_root(root);
	r = observe_files_begin(o);
	o->report->watching = r == 0;
	o->report->watch_error = -r;
	if (r < 0)
		o->ev->whole_node = false;
	return 0;
}

int observe(const struct observe_options *options, struct evidence *ev,
	    struct observe_report *ret, struct error *err)
{
	struct observing o = {
		.options = options,
		.ev = ev,
		.report = ret,
		.fanotify = -1,
		.renames = -1,
		.mountinfo = -1,
	};
	int r;

	*ret = (struct observe_report){ 0 };
	ev->max_uses = MIN2(ev->max_uses, (size_t)OBSERVE_MAX_USES);
	r = begin(&o, err);
	ev->begin = seconds_now(CLOCK_REALTIME);
	if (r == 0 && options->ready)
		options->ready(options->arg);
	if (r == 0)
		r = run(&o, err);
	if (r == 0 && is_hosts_root(o.root ? o.root : ""))
		observe_modules(ev);
	ev->end = MAX2(seconds_now(CLOCK_REALTIME), ev->begin);
	if (r == 0 && !ret->watching && ev->uses.len == 0)
		r = error_set(err, -EPERM,
			      "neither files (%s; needs CAP_SYS_ADMIN) nor processes can "
			      "be watched",
			      strerror(ret->watch_error));
	ev->memory.len = 0;
	array_each (&o.best, i)
		array_push(&ev->memory, o.best.data[i]);
	array_release(&o.best);
	observe_files_end(&o);
	free(o.root);
	return r;
}
