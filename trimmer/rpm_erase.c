#include "trimmer/rpm_erase.h"

#include "base/jail.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/sql.h"
#include "trimmer/rpm_session.h"

#include <errno.h>
#include <fcntl.h>
#include <nss.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmmacro.h>
#include <rpm/rpmps.h>
#include <stdio.h>
#include <unistd.h>

enum { STATUS_DONE, STATUS_FAILED, STATUS_MISSING, STATUS_REFUSED };

static const int STATUS_CODES[] = {
	[STATUS_DONE] = 0,
	[STATUS_FAILED] = -EIO,
	[STATUS_MISSING] = -ENOENT,
	[STATUS_REFUSED] = -EBUSY,
};

static int say_problem(struct rpm_session *s, int report_fd)
{
	rpmps problems = rpmtsProblems(s->ts);
	rpmpsi it = rpmpsInitIterator(problems);
	rpmProblem problem = rpmpsiNext(it);
	char *text = problem ? rpmProblemString(problem) : NULL;

	dprintf(report_fd, "RPM refuses: %s", text ? text : "no reason");
	free(text);
	rpmpsFreeIterator(it);
	rpmpsFree(problems);
	return STATUS_REFUSED;
}

static rpmtransFlags transaction_flags(const struct rpm_erase *job)
{
	const rpmtransFlags quiet = RPMTRANS_FLAG_NOPLUGINS | RPMTRANS_FLAG_NOCONTEXTS;

	if (job->scriptlets != SCRIPTLETS_OFF)
		return quiet;
	return quiet | RPMTRANS_FLAG_NOSCRIPTS | RPMTRANS_FLAG_NOTRIGGERS |
	       _noTransScripts | _noTransTriggers;
}

static bool has_problems(struct rpm_session *s)
{
	rpmps problems = rpmtsProblems(s->ts);
	bool some = rpmpsNumProblems(problems) > 0;

	rpmpsFree(problems);
	return some;
}

static int fail(struct rpm_session *s, int report_fd, const char *what)
{
	dprintf(report_fd, "%s: %s", what, rpm_session_reason(s));
	return STATUS_FAILED;
}

static int run(struct rpm_session *s, const struct rpm_erase *job, int report_fd)
{
	text_list missing = rpm_session_erase(s, job->nevras, job->count);
	int r;

	if (missing.len > 0) {
		dprintf(report_fd, "%s is not in the RPM database", missing.data[0]);
		return STATUS_MISSING;
	}
	rpmtsSetFlags(s->ts, transaction_flags(job));
	if (rpmtsCheck(s->ts) != 0)
		return fail(s, report_fd, "RPM's check failed");
	if (has_problems(s))
		return say_problem(s, report_fd);
	if (rpmtsOrder(s->ts) != 0)
		return fail(s, report_fd, "RPM cannot order the packages");
	rpmtsClean(s->ts);
	r = rpmtsRun(s->ts, NULL, RPMPROB_FILTER_NONE);
	if (r > 0)
		return say_problem(s, report_fd);
	return r == 0 ? STATUS_DONE : fail(s, report_fd, "RPM could not erase all");
}

static int erase(const struct rpm_erase *job, const char *tree, int report_fd)
{
	_cleanup_(rpm_session_end) struct rpm_session s = { 0 };
	struct error err = { 0 };

	if (rpm_session_begin(&s, tree, job->db_folder, O_RDWR, &err) == 0)
		return run(&s, job, report_fd);
	dprintf(report_fd, "%s", err.text);
	return STATUS_FAILED;
}

static int erase_in_jail(void *arg, int report_fd)
{
	/* no plugin of the tree's resolver */
	__nss_configure_lookup("passwd", "files");
	__nss_configure_lookup("group", "files");
	return erase(arg, "/", report_fd);
}

/* Free pages go, and the log file with them. */
static int compact_in_jail(void *arg, int report_fd)
{
	const struct rpm_erase *job = arg;
	_cleanup_(freep) char *path = mem_printf("%s/rpmdb.sqlite", job->db_folder);
	_cleanup_(sql_closep) struct sql *db = NULL;
	struct error err = { 0 };
	int r = sql_open(path, SQL_WRITE, &db, &err);

	if (r == 0)
		r = sql_exec(db, "VACUUM", &err);
	if (r < 0)
		dprintf(report_fd, "cannot compact the RPM database: %s", err.text);
	return r < 0 ? STATUS_FAILED : STATUS_DONE;
}

/* As "rpm --root": the scriptlets may do what the caller may. */
static int erase_in_chroot(void *arg, int report_fd)
{
	const struct rpm_erase *job = arg;

	return erase(job, job->tree, report_fd);
}

static int run_jail(const struct rpm_erase *job, jail_function function, bool programs,
		    struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf report = { 0 };
	const int keep[] = { job->lock_fd, -1 };
	struct jail_options options = { .root = job->tree,
					.for_programs = programs,
					.capabilities = JAIL_FILE_CAPABILITIES,
					.keep_fds = keep };
	int status;

	if (function == erase_in_chroot)
		options = (struct jail_options){ .only_fork = true, .keep_fds = keep };
	status = jail_run(&options, function, (void *)job, &report, err);
	if (status <= 0)
		return status;
	if (status >= (int)ARRAY_LEN(STATUS_CODES))
		return error_set(err, -EIO, "the child process ended with status %d",
				 status);
	return error_set(err, STATUS_CODES[status], "%s", strbuf_text(&report));
}

int rpm_erase(const struct rpm_erase *job, struct error *err)
{
	static const jail_function FUNCTIONS[] = {
		[SCRIPTLETS_OFF] = erase_in_jail,
		[SCRIPTLETS_ON] = erase_in_chroot,
		[SCRIPTLETS_SANDBOX] = erase_in_jail,
	};
	int r = rpm_session_prepare(err);

	if (r == 0 && job->count > 0)
		r = run_jail(job, FUNCTIONS[job->scriptlets],
			     job->scriptlets == SCRIPTLETS_SANDBOX, err);
	if (r == 0)
		r = run_jail(job, compact_in_jail, false, err);
	return r;
}
