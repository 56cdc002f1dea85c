#include "trimmer/rpm_transaction.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/sql.h"
#include "trimmer/rpm_session.h"

#include <errno.h>
#include <fcntl.h>
#include <rpm/rpmps.h>
#include <rpm/rpmts.h>
#include <string.h>
#include <unistd.h>

static const char *const USUAL_PLACES[] = {
	"/usr/lib/sysimage/rpm/rpmdb.sqlite",
	"/var/lib/rpm/rpmdb.sqlite",
	"/usr/share/rpm/rpmdb.sqlite",
};

static int impossible(struct rpm_check *check, const char *reason)
{
	check->possible = false;
	free(check->impossible_reason);
	check->impossible_reason = mem_strdup(reason);
	return 0;
}

/* 0 and an open database; 1 when the check is not possible, with the reason set. */
static int open_database(struct rootfs *root, const char *db_path, char **ret_path,
			 struct rpm_check *check, struct error *err)
{
	int fd = -ENOENT;

	for (size_t i = 0; i < ARRAY_LEN(USUAL_PLACES) && !db_path[0]; i++) {
		fd = rootfs_open(root, USUAL_PLACES[i], NULL);
		if (fd < 0)
			continue;
		*ret_path = mem_strdup(USUAL_PLACES[i]);
		return fd;
	}
	if (db_path[0] && !text_ends(db_path, ".sqlite")) {
		impossible(check, "RPM can only check sqlite databases with their "
				  "indexes; convert a copy with 'rpmdb --rebuilddb'");
		return -ENOTSUP;
	}
	if (!db_path[0])
		return error_set(err, -ENOENT, "there is no rpmdb.sqlite in the root");
	fd = rootfs_open(root, db_path, err);
	if (fd >= 0)
		*ret_path = mem_strdup(db_path);
	return fd;
}

static int copy_to(int from, const char *to_path, struct error *err)
{
	_cleanup_(closep) int to =
		open(to_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (to < 0)
		return error_errno(err, "cannot make '%s'", to_path);
	return io_copy(from, to, err);
}

static int copy_log(struct rootfs *root, const char *path, const char *suffix,
		    const char *copy, struct error *err)
{
	_cleanup_(freep) char *from = mem_printf("%s%s", path, suffix);
	_cleanup_(freep) char *to = mem_printf("%s%s", copy, suffix);
	_cleanup_(closep) int fd = -1;
	struct stat st;

	if (rootfs_lstat(root, from, &st, NULL) == -ENOENT)
		return 0;
	fd = rootfs_open_nofollow(root, from, err);
	return fd < 0 ? fd : copy_to(fd, to, err);
}

/* Views and triggers are no part of an rpmdb: librpm shall not run what a stranger put
 * there. */
static const char SQL_SHAPE[] =
	"SELECT (SELECT count(*) FROM sqlite_master"
	"         WHERE type = 'table' AND name IN ('Packages', 'Requirename'))"
	"  = 2 AND NOT EXISTS"
	" (SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index')) /*scan*/";

static int check_shape(const char *copy, struct rpm_check *check, struct error *err)
{
	_cleanup_(sql_closep) struct sql *db = NULL;
	int64_t fine = 0;
	int r = sql_open(copy, SQL_READ_PRIVATE, &db, err);

	if (r == 0)
		r = sql_one_int(db, SQL_SHAPE, &fine, err);
	if (r < 0)
		return r;
	if (!fine)
		return impossible(check, "the rpmdb has not the tables of an rpmdb");
	return 0;
}

static int copy_database(struct rootfs *root, const char *db_path, const char *folder,
			 struct rpm_check *check, struct error *err)
{
	_cleanup_(freep) char *copy = mem_printf("%s/rpmdb.sqlite", folder);
	_cleanup_(freep) char *path = NULL;
	_cleanup_(closep) int fd = open_database(root, db_path, &path, check, err);
	int r;

	if (fd == -ENOTSUP && !check->possible) {
		error_clear(err); /* check->impossible_reason says it */
		return 0;
	}
	if (fd < 0)
		return fd;
	r = copy_to(fd, copy, err);
	if (r == 0)
		r = copy_log(root, path, "-wal", copy, err);
	if (r == 0)
		r = copy_log(root, path, "-journal", copy, err);
	return r < 0 ? r : check_shape(copy, check, err);
}

static int by_dependent(const void *a, const void *b)
{
	const struct rpm_problem_row *x = a, *y = b;
	int order = strcmp(x->dependent, y->dependent);

	if (order == 0)
		order = strcmp(x->requirement, y->requirement);
	return order ? order : x->conflict - y->conflict;
}

static void release_row(struct rpm_problem_row *row)
{
	free(row->dependent);
	free(row->requirement);
}

/* RPM tells the same problem once for each package that goes. */
static void sort_problems(struct rpm_check *check)
{
	size_t kept = 0;

	array_sort(&check->problems, by_dependent);
	array_each (&check->problems, i) {
		struct rpm_problem_row *row = &check->problems.data[i];

		if (kept > 0 && by_dependent(&check->problems.data[kept - 1], row) == 0)
			release_row(row);
		else
			check->problems.data[kept++] = *row;
	}
	check->problems.len = kept;
}

static void read_problems(struct rpm_session *s, struct rpm_check *check)
{
	rpmps problems = rpmtsProblems(s->ts);
	rpmpsi it = rpmpsInitIterator(problems);
	rpmProblem problem;

	while ((problem = rpmpsiNext(it))) {
		const char *dependent = rpmProblemGetAltNEVR(problem);
		const char *requirement = rpmProblemGetStr(problem);

		array_push(
			&check->problems,
			(struct rpm_problem_row){
				.dependent = mem_strdup(dependent ? dependent : ""),
				.requirement = mem_strdup(requirement ? requirement : ""),
				.conflict =
					rpmProblemGetType(problem) != RPMPROB_REQUIRES,
				.is_path = requirement && requirement[0] == '/',
			});
	}
	rpmpsFreeIterator(it);
	rpmpsFree(problems);
	sort_problems(check);
}

static int ask_rpm(const char *folder, const char *const *nevras, size_t count,
		   struct rpm_check *check, struct error *err)
{
	_cleanup_(rpm_session_end) struct rpm_session s = { 0 };
	text_list missing;
	int r = rpm_session_prepare(err);

	if (r == 0)
		r = rpm_session_begin(&s, "/", folder, O_RDONLY, err);

	if (r < 0)
		return r;
	missing = rpm_session_erase(&s, nevras, count);
	array_each (&missing, i)
		array_push(&check->missing, missing.data[i]);
	array_release(&missing);
	if (rpmtsCheck(s.ts) != 0)
		return error_set(err, -EIO, "RPM's check failed: %s",
				 rpm_session_reason(&s));
	read_problems(&s, check);
	return 0;
}

int rpm_check_erase(struct rootfs *root, const char *db_path, const char *const *nevras,
		    size_t count, struct rpm_check **ret, struct error *err)
{
	_cleanup_(rpm_check_freep) struct rpm_check *check =
		mem_calloc(1, sizeof(*check));
	_cleanup_(io_tempdir_removep) char *folder = NULL;
	int r;

	check->possible = true;
	check->impossible_reason = mem_strdup("");
	r = io_tempdir(&folder, err);
	if (r == 0)
		r = copy_database(root, db_path, folder, check, err);
	if (r == 0 && check->possible)
		r = ask_rpm(folder, nevras, count, check, err);
	if (r < 0)
		return error_prefix(err, r, "RPM's check");
	*ret = steal_ptr(&check);
	return 0;
}

void rpm_check_free(struct rpm_check *check)
{
	if (!check)
		return;
	free(check->impossible_reason);
	array_each (&check->problems, i)
		release_row(&check->problems.data[i]);
	array_each (&check->missing, i)
		free(check->missing.data[i]);
	array_release(&check->problems);
	array_release(&check->missing);
	free(check);
}

void rpm_check_freep(struct rpm_check **check)
{
	rpm_check_free(*check);
}
