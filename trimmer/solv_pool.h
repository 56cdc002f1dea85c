/*
 * solv_pool – the one door to libsolv: the packages that stay and those of a repository in
 * one pool, and the question what installing one of the latter in place of one of the former
 * would change.
 *
 *	_cleanup_(solv_pool_freep) struct solv_pool *pool = NULL;
 *	r = solv_pool_new(g, &plan->kept, &pool, err);
 *	r = r < 0 ? r : solv_pool_add_repository(pool, "/srv/repo", err);
 *	solv_pool_candidates(pool, &candidates);
 *	array_each(&candidates, i)
 *		if (solv_pool_try(pool, &candidates.data[i].replaced, 1, ...)) ...
 *
 * What stays is described to libsolv by the graph: names, provides, requirements as RPM
 * prints them, files on the disk. libsolv ignores a requirement of an installed package that
 * nothing installed satisfies, which is what a plan leaves of install-time requirements.
 */
#pragma once

#include "base/array.h"
#include "base/error.h"
#include "base/idset.h"
#include "graph/snapshot.h"

struct solv_pool;

/* One package of the repository that could stand in for one that stays. */
struct solv_candidate {
	pkg_id replaced;
	int id; /* libsolv's, of the package in the repository */
};

typedef ARRAY_OF(struct solv_candidate) solv_candidates;
typedef ARRAY_OF(int) solv_ids;
typedef ARRAY_OF(pkg_id) solv_packages;

/* What a replacement changes. */
struct solv_change {
	solv_ids installed;
	solv_packages erased; /* ascending */
};

/** @return 0; -ENOTSUP when libsolv was built without RPM's rules; *ret is freed with
 * solv_pool_free() */
int solv_pool_new(const struct graph *g, const struct idset *kept, struct solv_pool **ret,
		  struct error *err);
void solv_pool_free(struct solv_pool *pool);
void solv_pool_freep(struct solv_pool **pool);
/**
 * Read a repository: a folder or a URL with repodata/repomd.xml (primary and filelists,
 * compressed as libsolv can read, with the checksums that it gives), or a folder of packages
 * (*.rpm). Signatures are not checked: nothing is installed from it.
 * @return 0; -ENOENT, -EINVAL with the place in the text
 */
int solv_pool_add_repository(struct solv_pool *pool, const char *place,
			     struct error *err);
/** All pairs where the candidate provides the name of what it replaces, but is another
 * package; by replaced, then name and version. Prepares the pool: call it after the last
 * repository. Release with array_release(). */
void solv_pool_candidates(struct solv_pool *pool, solv_candidates *ret);
/**
 * Replace @p erase[0] by the candidate @p id, and erase the others of @p erase where nothing
 * asks for them any more. Nothing else may go, and nothing is updated.
 * @return true when libsolv finds a way; *ret is released with solv_change_release()
 */
bool solv_pool_try(struct solv_pool *pool, const pkg_id *erase, size_t erase_count,
		   int id, struct solv_change *ret);
void solv_change_release(struct solv_change *change);

/** name-[epoch:]version-release.arch; valid until some later calls: copy it. */
const char *solv_pool_nevra(struct solv_pool *pool, int id);
/** Bytes that it says it takes when installed. */
uint64_t solv_pool_installed_bytes(struct solv_pool *pool, int id);
/** True when it has a file, folder or link at @p path. */
bool solv_pool_has_file(struct solv_pool *pool, int id, const char *path);
