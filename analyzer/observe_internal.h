/*
 * observe_internal – the parts of observe.c: opens (observe_files.c), which file systems
 * (observe_mounts.c), names of open files (observe_paths.c), files that get other names
 * (observe_renames.c), processes (observe_processes.c).
 */
#pragma once

#include "analyzer/observe.h"

#include <limits.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

/* More uses than these are lost: what observe needs of memory has a limit. */
#define OBSERVE_MAX_USES (1u << 20)

/* A mount whose file system is watched. It is opened only when it is needed: a descriptor
 * would keep the host from unmounting it. */
struct observed_mount {
	uint64_t device;
	int fsid[2]; /* as fanotify reports it */
	char *path;
};

/* The process whose events are being taken: most come in rows. */
struct observed_process {
	int pid; /* 0: none */
	enum use_scope scope;
	char executable[PATH_MAX]; /* below the root; "" where not known */
};

struct observing {
	const struct observe_options *options;
	struct evidence *ev;
	struct observe_report *report;
	char *root;   /* canonical, without a slash at its end: "" for "/" */
	int fanotify; /* opens; -1: not watching */
	int renames;  /* new names; -1: not watching */
	int guide;    /* a process outside our mounts that has our root as "/"; 0: none */
	int mountinfo;	    /* becomes ready when something is mounted; -1 */
	bool knows_pids;    /* /proc is of our pid namespace, as the events are */
	bool evictable;	    /* the kernel knows marks that it may forget */
	uint64_t queue_max; /* events that the kernel keeps at most */
	ARRAY_OF(struct observed_mount) mounts;
	ARRAY_OF(struct evidence_memory) best; /* the look with the most memory */
	uint64_t best_bytes;
	struct observed_process last;
};

/** Begin to watch the file systems. @return 0; -errno: nothing is watched */
int observe_files_begin(struct observing *o);
/** Take all opens that are in the queue now. @return 0; 1: there were some; -errno */
int observe_files_read(struct observing *o, struct error *err);
/** Watch no longer: what is in the queues can still be read. */
void observe_files_stop(struct observing *o);
void observe_files_end(struct observing *o);

/** Watch the root's file system. @return 0; -errno */
int observe_mounts_begin(struct observing *o);
/** Watch what is mounted below the root by now and was not before. @param late  it was not
 * there at the begin: opens may have been missed */
void observe_mounts_look(struct observing *o, bool late);
void observe_mounts_end(struct observing *o);

/** Watch for new names. @return 0; -errno */
int observe_renames_begin(struct observing *o);
/** Add a file system. @return 0; -errno: it cannot say */
int observe_renames_watch(struct observing *o, int folder);
/** Take all opens, and new names as many as fit. @return 0: there were none; 1; -errno */
int observe_renames_read(struct observing *o, struct error *err);

enum observe_place {
	PLACE_BELOW,	 /* its path below the root is known */
	PLACE_OUTSIDE,	 /* it is not below the root */
	PLACE_TEMPORARY, /* it came and went while we were watching */
	PLACE_UNKNOWN,
};

/**
 * Where an open file lies below the root, whoever opened it.
 * @param ret  absolute, with the root's folder in front; only for PLACE_BELOW
 */
enum observe_place observe_path(struct observing *o, int fd, char ret[PATH_MAX]);
/** The path of a folder in a handle of fanotify. @return false: it has none below the root */
bool observe_folder(struct observing *o, const struct fanotify_event_info_fid *info,
		    char ret[PATH_MAX]);

/** Look at all processes once. @param opened  note their open files, too
 * @return 0; -errno when there is no /proc */
int observe_processes(struct observing *o, bool opened, struct error *err);
void observe_modules(struct evidence *ev);

/** @p path without the root's folder, or NULL when it is not below it. */
const char *observe_below(const struct observing *o, const char *path);
/** The scope of a process, and its executable below the root ("" where not known). */
enum use_scope observe_process(const struct observing *o, int pid, char *ret_exe,
			       size_t len);
/** True when /proc is of our own pid namespace. */
bool observe_knows_pids(void);
/** True when the "/" of a process is our root: its paths lack only the root's folder. */
bool observe_has_our_root(const struct observing *o, int pid);
/** Note a regular file that a process has open; what it is called is looked up. */
void observe_note(struct observing *o, int fd, int pid, enum file_use_kind use);
