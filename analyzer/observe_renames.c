/*
 * The kernel is told to ignore a file that was noted (observe_files.c). Where it gets a new
 * name afterwards (a rename, a second link), nobody would report that name: so it is noted
 * at once, as used, because the file is. For this a second queue brings new names only.
 */
#include "analyzer/observe_internal.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES (64u << 10)

/* Linux 5.17 */
#ifndef FAN_RENAME
#define FAN_RENAME 0x10000000
#endif
#ifndef FAN_EVENT_INFO_TYPE_OLD_DFID_NAME
#define FAN_EVENT_INFO_TYPE_OLD_DFID_NAME 10
#define FAN_EVENT_INFO_TYPE_NEW_DFID_NAME 12
#endif

int observe_renames_begin(struct observing *o)
{
	o->renames = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK |
					   FAN_REPORT_DFID_NAME,
				   O_RDONLY | O_CLOEXEC);
	return o->renames < 0 ? -errno : 0;
}

/* Events have handles in place of names. */
static int try_handles(int folder)
{
	struct {
		struct file_handle handle;
		unsigned char bytes[MAX_HANDLE_SZ];
	} h = { .handle.handle_bytes = MAX_HANDLE_SZ };
	_cleanup_(closep) int again = -1;
	int mount_id;

	if (name_to_handle_at(folder, "", &h.handle, &mount_id, AT_EMPTY_PATH) == 0)
		again = open_by_handle_at(folder, &h.handle, O_PATH | O_CLOEXEC);
	return again < 0 ? -errno : 0;
}

int observe_renames_watch(struct observing *o, int folder)
{
	int r = o->renames < 0 ? -EBADF : try_handles(folder);

	if (r < 0)
		return r;
	if (fanotify_mark(o->renames, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
			  FAN_RENAME | FAN_CREATE | FAN_ONDIR, folder, NULL) < 0)
		return -errno;
	return 0;
}

/* The folder and the name in a record; "" where the folder is gone. */
static void name_of(struct observing *o, const struct fanotify_event_info_fid *info,
		    char ret[PATH_MAX])
{
	const struct file_handle *handle = (const struct file_handle *)info->handle;
	const char *name = (const char *)handle->f_handle + handle->handle_bytes;
	size_t len;

	if (!observe_folder(o, info, ret)) {
		ret[0] = '\0';
		return;
	}
	len = strlen(ret);
	len -= len == 1; /* the folder "/" */
	if (len + 1 + strlen(name) < PATH_MAX)
		snprintf(ret + len, PATH_MAX - len, "/%s", name);
	else
		ret[0] = '\0';
}

struct names {
	char before[PATH_MAX], now[PATH_MAX]; /* "" where there is none below the root */
	int pid;
};

/* @p records follow the event's fixed part. */
static void find_names(struct observing *o, const struct fanotify_event_metadata *event,
		       const char *records, struct names *ret)
{
	size_t left = event->event_len - event->metadata_len;

	ret->before[0] = ret->now[0] = '\0';
	ret->pid = o->knows_pids ? event->pid : 0;
	while (left >= sizeof(struct fanotify_event_info_fid)) {
		const struct fanotify_event_info_fid *info = (const void *)records;

		if (info->hdr.len == 0 || info->hdr.len > left)
			break;
		name_of(o, info,
			info->hdr.info_type == FAN_EVENT_INFO_TYPE_OLD_DFID_NAME
				? ret->before
				: ret->now);
		records += info->hdr.len;
		left -= info->hdr.len;
	}
}

static void note(struct observing *o, const char *path, enum use_scope scope)
{
	const char *below = path[0] ? observe_below(o, path) : NULL;

	if (below)
		evidence_use(o->ev, &(struct evidence_event){
					    .path = below,
					    .use = USE_OPENED,
					    .scope = scope,
				    });
}

/* That it was noted is what the mark says. Without it the next open is reported. The file
 * may have been noted under either name: the queues are not in step. */
static void file_got_name(struct observing *o, const struct names *names)
{
	unsigned int flags =
		FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK | FAN_MARK_DONT_FOLLOW;
	char exe[PATH_MAX];
	enum use_scope scope;

	if (!names->now[0] || fanotify_mark(o->fanotify, flags, FAN_OPEN | FAN_OPEN_EXEC,
					    AT_FDCWD, names->now) < 0)
		return;
	scope = observe_process(o, names->pid, exe, sizeof(exe));
	note(o, names->now, scope);
	note(o, names->before, scope);
}

/* What was used below @p from has a name below @p to as well. */
static void copy_uses(struct observing *o, const char *from, const char *to)
{
	size_t len = strlen(from), count = o->ev->uses.len;
	char path[PATH_MAX];

	for (size_t i = 0; i < count; i++) {
		struct evidence_use use = o->ev->uses.data[i];
		const char *old = evidence_text(o->ev, use.path);

		if (strncmp(old, from, len) != 0 || old[len] != '/' ||
		    snprintf(path, sizeof(path), "%s%s", to, old + len) >= PATH_MAX)
			continue;
		evidence_use(o->ev, &(struct evidence_event){
					    .path = path,
					    .use = (enum file_use_kind)use.use,
					    .scope = (enum use_scope)use.scope,
					    .count = use.count,
				    });
	}
}

static void folder_got_name(struct observing *o, const struct names *names)
{
	const char *before = names->before[0] ? observe_below(o, names->before) : NULL;
	const char *now = names->now[0] ? observe_below(o, names->now) : NULL;

	if (before && now) {
		copy_uses(o, before, now);
		copy_uses(o, now, before);
	}
}

static void handle(struct observing *o, const struct fanotify_event_metadata *event,
		   const char *records)
{
	struct names names;

	if (event->mask & FAN_Q_OVERFLOW) {
		o->report->overflows++;
		evidence_lost(o->ev, 1);
		return;
	}
	find_names(o, event, records, &names);
	if (!(event->mask & FAN_ONDIR))
		file_got_name(o, &names);
	else if (event->mask & FAN_RENAME)
		folder_got_name(o, &names);
}

static void handle_all(struct observing *o, const char *at, size_t left)
{
	struct fanotify_event_metadata event; /* they lie at multiples of four only */

	for (; left >= sizeof(event); at += event.event_len, left -= event.event_len) {
		memcpy(&event, at, sizeof(event));
		if (event.event_len < event.metadata_len || event.event_len > left)
			break;
		handle(o, &event, at + event.metadata_len);
	}
}

/* An open comes before the rename that follows it: opens are taken between reading and
 * handling. One buffer at a time, so that nobody who renames for ever holds us up. */
int observe_renames_read(struct observing *o, struct error *err)
{
	_cleanup_(freep) char *buffer = mem_alloc(BUFFER_BYTES);
	ssize_t n = o->renames < 0 ? 0 : read(o->renames, buffer, BUFFER_BYTES);
	int failed = n < 0 ? errno : 0, r;

	if (failed && failed != EAGAIN && failed != EINTR)
		return error_set(err, -failed, "cannot read events of fanotify: %s",
				 strerror(failed));
	r = observe_files_read(o, err);
	if (r < 0 || n <= 0)
		return r;
	handle_all(o, buffer, (size_t)n);
	return 1;
}
