/*
 * rpm_erasable DBPATH – RPM's own answer for each package of an rpmdb: may it be erased
 * alone? One line each: "NEVRA<TAB>number of problems", and a line "<TAB>problem" for each
 * of them. The database must have its indexes (rpmdb --rebuilddb): without them RPM finds
 * nothing that needs anything.
 */
#include <rpm/header.h>
#include <rpm/rpmdb.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmmacro.h>
#include <rpm/rpmps.h>
#include <rpm/rpmts.h>
#include <stdio.h>
#include <stdlib.h>

static void print_problems(rpmps problems)
{
	rpmpsi it = rpmpsInitIterator(problems);
	rpmProblem problem;

	while ((problem = rpmpsiNext(it))) {
		char *text = rpmProblemString(problem);

		printf("\t%s\n", text);
		free(text);
	}
	rpmpsFreeIterator(it);
}

static void ask(Header h)
{
	rpmts ts = rpmtsCreate();
	char *nevra = headerGetAsString(h, RPMTAG_NEVRA);
	rpmps problems;

	rpmtsSetRootDir(ts, "/");
	rpmtsAddEraseElement(ts, h, -1);
	rpmtsCheck(ts);
	problems = rpmtsProblems(ts);
	printf("%s\t%d\n", nevra, rpmpsNumProblems(problems));
	print_problems(problems);
	rpmpsFree(problems);
	free(nevra);
	rpmtsFree(ts);
}

int main(int argc, char **argv)
{
	rpmdbMatchIterator mi;
	rpmts ts;
	Header h;

	if (argc != 2 || rpmReadConfigFiles(NULL, NULL) != 0)
		return 2;
	rpmPushMacro(NULL, "_dbpath", NULL, argv[1], RMIL_CMDLINE);
	ts = rpmtsCreate();
	rpmtsSetVSFlags(ts, RPMVSF_MASK_NODIGESTS | RPMVSF_MASK_NOSIGNATURES);
	mi = rpmtsInitIterator(ts, RPMDBI_PACKAGES, NULL, 0);
	while ((h = rpmdbNextIterator(mi)))
		ask(h);
	rpmdbFreeIterator(mi);
	rpmtsFree(ts);
	return 0;
}
