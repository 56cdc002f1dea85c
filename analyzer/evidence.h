/*
 * evidence – what somebody saw in use on one node, before any graph: paths as they were
 * written. The readers of all formats fill it, observe fills it, usage_import.h brings it
 * into a graph, and evidence_file.h writes and reads it as a file of its own.
 *
 *	struct evidence ev;
 *	evidence_init(&ev, "strace");
 *	evidence_use(&ev, &(struct evidence_event){ .path = "/bin/sh", .use = USE_OPENED });
 *	evidence_release(&ev);
 *
 * Equal uses are counted, not kept twice, and there is a ceiling: what is beyond it counts
 * as lost. Paths are bytes without NUL, absolute, shorter than PATH_MAX; they may hold ".."
 * and symlinks.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include "base/strpool.h"
#include "graph/model.h"

#include <stdbool.h>

#define EVIDENCE_MAX_USES   (4u << 20)
#define EVIDENCE_DIGEST_LEN 64

struct evidence_use {
	str_id path, by; /* by: the executable, 0: not known */
	uint8_t use, scope;
	uint64_t count;
};

/* All processes of one executable and what they hold of one mapped file. */
struct evidence_memory {
	str_id executable, file; /* 0: not known; anonymous */
	uint8_t scope;
	uint64_t processes, pss_bytes, private_dirty_bytes;
};

struct evidence {
	const char *source;  /* name of the format; a literal or in strings */
	str_id node, kernel; /* kernel: release, for modules */
	int64_t begin, end;  /* seconds since 1970; -1: not known */
	bool complete;	     /* nothing was lost */
	bool whole_node;     /* every use on that node would have been seen */
	uint64_t lost;	     /* events known to be missing */
	uint64_t skipped;    /* lines that say nothing that is understood */
	uint64_t elsewhere;  /* uses of files inside containers and chroots, relative
			       * paths without a folder */
	size_t max_uses;
	struct strpool strings;
	ARRAY_OF(struct evidence_use) uses;
	ARRAY_OF(struct evidence_memory) memory;
	ARRAY_OF(str_id) modules; /* names of loaded kernel modules */
	uint32_t *slots;	  /* hash of uses: index + 1 */
	size_t slot_count;
};

/* One use as a reader sees it. */
struct evidence_event {
	const char *path;
	size_t len; /* 0: up to the NUL */
	enum file_use_kind use;
	enum use_scope scope;
	const char *by; /* NULL: not known */
	uint64_t count; /* 0: once */
};

void evidence_init(struct evidence *ev, const char *source);
void evidence_release(struct evidence *ev);

/** Note a use. What is no usable path counts as skipped. */
void evidence_use(struct evidence *ev, const struct evidence_event *event);
/** Note a loaded kernel module. */
void evidence_module(struct evidence *ev, const char *name);
/** Let the window of time hold @p seconds. */
void evidence_time(struct evidence *ev, int64_t seconds);
/** @p count events are missing. */
void evidence_lost(struct evidence *ev, uint64_t count);
/** Sort everything: equal evidence is equal then, in whatever order it came. */
void evidence_sort(struct evidence *ev);
/**
 * The SHA-256 of sorted evidence in hexadecimal digits.
 * @return 0; -ENOTSUP when RPM's library cannot compute it
 */
int evidence_digest(const struct evidence *ev, char ret[EVIDENCE_DIGEST_LEN + 1],
		    struct error *err);

static inline const char *evidence_text(const struct evidence *ev, str_id id)
{
	return strpool_text(&ev->strings, id);
}
