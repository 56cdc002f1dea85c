#include "analyzer/observe_internal.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define QUEUE_MAX_DEFAULT 16384

#ifndef FAN_MARK_EVICTABLE
#define FAN_MARK_EVICTABLE 0x200
#endif

#define WATCHED (FAN_OPEN | FAN_OPEN_EXEC)

static uint64_t queue_max(void)
{
	_cleanup_(fclosep) FILE *file =
		fopen("/proc/sys/fs/fanotify/max_queued_events", "re");
	unsigned long long max;

	return file && fscanf(file, "%llu", &max) == 1 ? max : QUEUE_MAX_DEFAULT;
}

int observe_files_begin(struct observing *o)
{
	int r;

	o->evictable = true;
	o->knows_pids = observe_knows_pids();
	o->queue_max = queue_max();
	o->fanotify = fanotify_init(
		FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS,
		O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME | O_NONBLOCK);
	if (o->fanotify < 0)
		return -errno;
	observe_renames_begin(o); /* what it cannot watch is told there */
	r = observe_mounts_begin(o);
	if (r < 0)
		observe_files_end(o);
	return r;
}

void observe_files_stop(struct observing *o)
{
	unsigned int flags = FAN_MARK_FLUSH | FAN_MARK_FILESYSTEM;

	/* the marks of single files stay: they say which ones were noted */
	fanotify_mark(o->fanotify, flags, 0, AT_FDCWD, NULL);
	if (o->renames >= 0)
		fanotify_mark(o->renames, flags, 0, AT_FDCWD, NULL);
}

void observe_files_end(struct observing *o)
{
	closep(&o->fanotify);
	closep(&o->renames);
	o->fanotify = o->renames = -1;
	observe_mounts_end(o);
}

/* Later events of that sort about the file are of no interest. */
static void ignore(struct observing *o, int fd, uint64_t events)
{
	unsigned int flags =
		FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY;

	if (o->evictable &&
	    fanotify_mark(o->fanotify, flags | FAN_MARK_EVICTABLE, events, fd, NULL) < 0)
		o->evictable = false;
	if (!o->evictable)
		fanotify_mark(o->fanotify, flags, events, fd, NULL);
}

static void note(struct observing *o, const char *path, int pid, enum file_use_kind use)
{
	struct observed_process *by = &o->last;

	if (by->pid != pid || use == USE_EXECUTED)
		by->scope =
			observe_process(o, pid, by->executable, sizeof(by->executable));
	by->pid = use == USE_EXECUTED ? 0 : pid;
	evidence_use(o->ev, &(struct evidence_event){
				    .path = path,
				    .use = use,
				    .scope = by->scope,
				    .by = by->executable[0] && use != USE_EXECUTED
						  ? by->executable
						  : NULL,
			    });
}

void observe_note(struct observing *o, int fd, int pid, enum file_use_kind use)
{
	char path[PATH_MAX];

	switch (observe_path(o, fd, path)) {
	case PLACE_BELOW:
		note(o, observe_below(o, path), pid, use);
		break;
	case PLACE_TEMPORARY:
		o->ev->elsewhere++;
		break;
	case PLACE_OUTSIDE:
		break;
	case PLACE_UNKNOWN:
		evidence_lost(o->ev, 1);
		break;
	}
}

static void handle(struct observing *o, const struct fanotify_event_metadata *event)
{
	_cleanup_(closep) int fd = event->fd;
	int pid = o->knows_pids ? event->pid : 0; /* 0 is nobody */
	struct stat st;

	if (event->mask & FAN_Q_OVERFLOW) {
		o->report->overflows++;
		evidence_lost(o->ev, 1);
	}
	if (fd < 0 || event->pid == getpid() || fstat(fd, &st) < 0 ||
	    !S_ISREG(st.st_mode))
		return;
	/* before its name is looked up: after a rename the mark says that it was noted */
	ignore(o, fd, event->mask & WATCHED);
	observe_note(o, fd, pid, event->mask & FAN_OPEN_EXEC ? USE_EXECUTED : USE_OPENED);
}

/*
 * One event at a time: of several the kernel opens descriptors until that fails, and then
 * drops the event at hand without a word, because those before it have succeeded.
 */
int observe_files_read(struct observing *o, struct error *err)
{
	o->last.pid = 0; /* what was known of it is old */
	for (uint64_t i = 0; i <= o->queue_max; i++) {
		struct fanotify_event_metadata event;
		ssize_t n = read(o->fanotify, &event, sizeof(event));

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return i > 0;
		if (n < 0 && (errno == EBADF || errno == EFAULT || errno == EINVAL))
			return error_errno(err, "cannot read events of fanotify");
		if (n < 0) /* it could not be opened */
			evidence_lost(o->ev, 1);
		else if (n == sizeof(event))
			handle(o, &event);
	}
	return 1;
}
