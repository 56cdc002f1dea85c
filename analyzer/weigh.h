/*
 * weigh – the disk bytes below a folder, without names: for boundaries, which hold more
 * than anybody wants in a graph. As `du`: allocated blocks, hard links once, depth without
 * limit.
 *
 * Files with several names are not counted at once but listed in `linked`, because one of
 * the names may be outside the folder: weigh_linked() counts each of them once.
 */
#pragma once

#include "base/array.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct weigh_linked {
	uint64_t device, inode, disk_bytes;
	uint32_t
		place; /* 0: outside of all boundaries; whoever has the lowest, has the bytes */
};

struct weigh_linked_list {
	ARRAY_OF(struct weigh_linked) items;
};

struct weigh {
	uint64_t device; /* only what is on it ... */
	bool cross;	 /* ... or on any other that is not virtual */
	uint32_t place;	 /* for `linked` */
	struct weigh_linked_list *linked;
	/* results, added to */
	uint64_t entries, disk_bytes;
	uint64_t unreadable; /* folders, and those that changed while they were read */
};

/** Weigh what is below the open folder @p dir_fd (taken over), not the folder itself. */
void weigh_folder(struct weigh *weigh, int dir_fd);
/** Blocks of an entry, and whether they are to be counted with linked_list_add(). */
static inline bool weigh_is_linked(const struct stat *st)
{
	return st->st_nlink > 1 && !S_ISDIR(st->st_mode);
}
/**
 * Count each file once, at its lowest place.
 * @param bytes  array by place, is added to
 */
void weigh_linked(struct weigh_linked_list *list, uint64_t *bytes);
/** True for /proc, /sys and their like: what is there is made up when it is read. */
bool weigh_is_virtual(int fd);
