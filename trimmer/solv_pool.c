#include "trimmer/solv_pool.h"

#include "base/mem.h"
#include "base/text.h"
#include "trimmer/repo_fetch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <solv/chksum.h>
#include <solv/evr.h>
#include <solv/pool.h>
#include <solv/pool_parserpmrichdep.h>
#include <solv/poolarch.h>
#include <solv/repo.h>
#include <solv/repo_repomdxml.h>
#include <solv/repo_rpmdb.h>
#include <solv/repo_rpmmd.h>
#include <solv/solv_xfopen.h>
#include <solv/solver.h>
#include <solv/transaction.h>
#include <string.h>
#include <unistd.h>

struct solv_pool {
	const struct graph *g;
	Pool *pool;
	Repo *installed;
	Id *solvable; /* [package_count + 1]; 0: does not stay */
};

/* "name", "name op evr" or a rich expression, as RPM prints them. */
static Id parse_dependency(Pool *pool, const char *text)
{
	static const struct {
		const char *text;
		int flags;
	} OPERATORS[] = {
		{ "<", REL_LT },	   { ">", REL_GT },	      { "=", REL_EQ },
		{ "<=", REL_LT | REL_EQ }, { ">=", REL_GT | REL_EQ },
	};
	const char *name_end = strchr(text, ' '), *op_end;

	if (text[0] == '(')
		return pool_parserpmrichdep(pool, text);
	if (!name_end)
		return pool_str2id(pool, text, 1);
	op_end = strchr(name_end + 1, ' ');
	for (size_t i = 0; op_end && i < ARRAY_LEN(OPERATORS); i++) {
		size_t len = (size_t)(op_end - name_end - 1);

		if (strlen(OPERATORS[i].text) == len &&
		    strncmp(OPERATORS[i].text, name_end + 1, len) == 0)
			return pool_rel2id(
				pool,
				pool_strn2id(pool, text, (unsigned)(name_end - text), 1),
				pool_str2id(pool, op_end + 1, 1), OPERATORS[i].flags, 1);
	}
	return pool_str2id(pool, text, 1);
}

static void add_names(struct solv_pool *sp, pkg_id p)
{
	const struct graph_package *package = &sp->g->packages[p];
	Solvable *s = pool_id2solvable(sp->pool, sp->solvable[p]);
	_cleanup_(freep) char *evr = NULL;
	const char *version = graph_text(sp->g, package->version);
	const char *release = graph_text(sp->g, package->release);
	const char *arch = graph_text(sp->g, package->arch);

	evr = package->epoch > 0 ? mem_printf("%lld:%s-%s", (long long)package->epoch,
					      version, release)
				 : mem_printf("%s-%s", version, release);
	s->name = pool_str2id(sp->pool, graph_text(sp->g, package->name), 1);
	s->evr = pool_str2id(sp->pool, evr, 1);
	s->arch = arch[0] ? pool_str2id(sp->pool, arch, 1) : ARCH_NOARCH;
	solvable_add_deparray(s, SOLVABLE_PROVIDES,
			      pool_rel2id(sp->pool, s->name, s->evr, REL_EQ, 1), 0);
}

static void add_requirements(struct solv_pool *sp, pkg_id p)
{
	const struct graph *g = sp->g;
	Solvable *s = pool_id2solvable(sp->pool, sp->solvable[p]);

	for (uint32_t i = g->requirement_start[p]; i < g->requirement_start[p + 1]; i++) {
		const struct graph_requirement *req = &g->requirements[i];
		Id keyname = req->strength == REQ_REQUIRES    ? SOLVABLE_REQUIRES
			     : req->strength == REQ_CONFLICTS ? SOLVABLE_CONFLICTS
							      : 0;
		Id dep = keyname && req->state == REQ_CHECKED
				 ? parse_dependency(sp->pool, graph_text(g, req->text))
				 : 0;

		if (dep)
			solvable_add_deparray(s, keyname, dep, 0);
	}
}

static void add_files(struct solv_pool *sp, Repodata *data, pkg_id p)
{
	const struct graph *g = sp->g;

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		const struct graph_file *file = &g->files[g->owned[i]];
		const char *path = graph_text(g, file->path);
		const char *slash = strrchr(path, '/');
		_cleanup_(freep) char *folder = NULL;

		if (!slash || !slash[1] || !graph_file_on_disk(file))
			continue;
		folder = mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
		repodata_add_dirstr(data, sp->solvable[p], SOLVABLE_FILELIST,
				    repodata_str2dir(data, folder, 1), slash + 1);
	}
}

/* What packages declare, and paths by whatever name they are asked for (/bin/sh). */
static void add_provides(struct solv_pool *sp)
{
	const struct graph *g = sp->g;

	for (cap_id c = 1; c <= g->capability_count; c++) {
		Id dep = parse_dependency(sp->pool, graph_text(g, g->capabilities[c]));

		for (uint32_t i = g->provide_start[c]; i < g->provide_start[c + 1]; i++)
			if (sp->solvable[g->provides[i]])
				solvable_add_deparray(
					pool_id2solvable(sp->pool,
							 sp->solvable[g->provides[i]]),
					SOLVABLE_PROVIDES, dep, 0);
		for (uint32_t i = g->provider_start[c]; i < g->provider_start[c + 1]; i++)
			if (g->providers[i].file && sp->solvable[g->providers[i].package])
				solvable_add_deparray(
					pool_id2solvable(
						sp->pool,
						sp->solvable[g->providers[i].package]),
					SOLVABLE_PROVIDES, dep, 0);
	}
}

static void add_installed(struct solv_pool *sp, const struct idset *kept)
{
	Repodata *data = repo_add_repodata(sp->installed, 0);

	idset_each (kept, p) {
		if (sp->g->packages[p].is_key)
			continue;
		sp->solvable[p] = repo_add_solvable(sp->installed);
		add_names(sp, (pkg_id)p);
		add_requirements(sp, (pkg_id)p);
		add_files(sp, data, (pkg_id)p);
	}
	add_provides(sp);
	repo_internalize(sp->installed);
}

int solv_pool_new(const struct graph *g, const struct idset *kept, struct solv_pool **ret,
		  struct error *err)
{
	_cleanup_(solv_pool_freep) struct solv_pool *sp = mem_calloc(1, sizeof(*sp));

	sp->g = g;
	sp->pool = pool_create();
	if (pool_setdisttype(sp->pool, DISTTYPE_RPM) < 0)
		return error_set(err, -ENOTSUP,
				 "this libsolv was built without the rules of RPM");
	pool_setarch(sp->pool, graph_text(g, g->image.architecture));
	sp->solvable = mem_calloc(g->package_count + 1u, sizeof(*sp->solvable));
	sp->installed = repo_create(sp->pool, "@System");
	pool_set_installed(sp->pool, sp->installed);
	add_installed(sp, kept);
	*ret = steal_ptr(&sp);
	return 0;
}

void solv_pool_free(struct solv_pool *sp)
{
	if (!sp)
		return;
	pool_free(sp->pool);
	free(sp->solvable);
	free(sp);
}

void solv_pool_freep(struct solv_pool **sp)
{
	solv_pool_free(*sp);
}

/* A file of the repository as it is there. */
static int open_raw(const char *place, const char *path, int *ret, struct error *err)
{
	_cleanup_(freep) char *full = mem_printf("%s/%s", place, path);

	if (repo_is_url(place))
		return repo_fetch(full, ret, err);
	*ret = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return *ret < 0 ? error_errno(err, "cannot open '%s'", full) : 0;
}

struct metadata {
	const char *location;
	const unsigned char *checksum; /* NULL: none */
	Id checksum_type;
};

/* What repomd.xml says of one kind; false when there is none or it leads elsewhere. */
static bool find_metadata(Repo *repo, const char *kind, struct metadata *ret)
{
	Pool *pool = repo->pool;
	Dataiterator di;

	*ret = (struct metadata){ 0 };
	dataiterator_init(&di, pool, repo, SOLVID_META, REPOSITORY_REPOMD_TYPE, kind,
			  SEARCH_STRING);
	dataiterator_prepend_keyname(&di, REPOSITORY_REPOMD);
	if (dataiterator_step(&di)) {
		dataiterator_setpos_parent(&di);
		ret->location =
			pool_lookup_str(pool, SOLVID_POS, REPOSITORY_REPOMD_LOCATION);
		ret->checksum = pool_lookup_bin_checksum(pool, SOLVID_POS,
							 REPOSITORY_REPOMD_CHECKSUM,
							 &ret->checksum_type);
	}
	dataiterator_free(&di);
	return ret->location && ret->location[0] != '/' && !strstr(ret->location, "..") &&
	       !strstr(ret->location, "://");
}

/* The packed bytes against repomd.xml's checksum; rewinds. */
static bool has_checksum(int fd, const struct metadata *metadata)
{
	Chksum *sum = solv_chksum_create(metadata->checksum_type);
	unsigned char buf[65536];
	const unsigned char *got;
	int len = 0;
	ssize_t n;
	bool same;

	if (!sum)
		return false;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		solv_chksum_add(sum, buf, (int)n);
	got = solv_chksum_get(sum, &len);
	same = memcmp(got, metadata->checksum, (size_t)len) == 0;
	solv_chksum_free(sum, NULL);
	return same && lseek(fd, 0, SEEK_SET) == 0;
}

static int open_metadata(Repo *repo, const char *place, const char *kind, FILE **ret,
			 struct error *err)
{
	struct metadata metadata;
	int fd, r;

	if (!find_metadata(repo, kind, &metadata))
		return error_set(err, -ENOENT,
				 "'%s': repodata/repomd.xml names no readable '%s'",
				 place, kind);
	r = open_raw(place, metadata.location, &fd, err);
	if (r < 0)
		return r;
	if (metadata.checksum && !has_checksum(fd, &metadata)) {
		close(fd);
		return error_set(err, -EINVAL,
				 "'%s/%s' has not the checksum that repodata/repomd.xml "
				 "gives",
				 place, metadata.location);
	}
	/* the name's ending says how it is packed */
	*ret = solv_xfopen_fd(metadata.location, fd, "r");
	if (*ret)
		return 0;
	close(fd);
	return error_set(err, -EINVAL, "'%s/%s': this libsolv cannot unpack it", place,
			 metadata.location);
}

static int add_metadata(Repo *repo, const char *place, const char *kind, int flags,
			struct error *err)
{
	FILE *file;
	int r = open_metadata(repo, place, kind, &file, err);

	if (r < 0)
		return r;
	r = repo_add_rpmmd(repo, file, NULL, flags);
	fclose(file);
	if (r != 0)
		return error_set(err, -EINVAL, "'%s': cannot read its '%s': %s", place,
				 kind, pool_errstr(repo->pool));
	return 0;
}

static int add_repodata(Repo *repo, const char *place, int fd, struct error *err)
{
	FILE *repomd = fdopen(fd, "r");
	int r;

	if (!repomd) {
		close(fd);
		return error_errno(err, "'%s'", place);
	}
	r = repo_add_repomdxml(repo, repomd, 0);
	fclose(repomd);
	if (r != 0)
		return error_set(err, -EINVAL, "'%s/repodata/repomd.xml': %s", place,
				 pool_errstr(repo->pool));
	r = add_metadata(repo, place, "primary", 0, err);
	if (r == 0)
		r = add_metadata(repo, place, "filelists",
				 REPO_EXTEND_SOLVABLES | REPO_LOCALPOOL, err);
	return r;
}

static int is_package(const struct dirent *entry)
{
	return text_ends(entry->d_name, ".rpm");
}

static int add_packages(Repo *repo, const char *folder, struct error *err)
{
	struct dirent **list = NULL;
	int count = scandir(folder, &list, is_package, alphasort), r = 0;

	if (count < 0)
		return error_errno(err, "cannot list '%s'", folder);
	for (int i = 0; i < count; i++) {
		_cleanup_(freep) char *path =
			mem_printf("%s/%s", folder, list[i]->d_name);

		if (r == 0 && !repo_add_rpm(repo, path, REPO_NO_INTERNALIZE))
			r = error_set(err, -EINVAL, "'%s': %s", path,
				      pool_errstr(repo->pool));
		free(list[i]);
	}
	free(list);
	repo_internalize(repo);
	if (r == 0 && count == 0)
		r = error_set(err, -ENOENT,
			      "'%s' has neither repodata/repomd.xml nor packages (*.rpm)",
			      folder);
	return r;
}

int solv_pool_add_repository(struct solv_pool *sp, const char *place, struct error *err)
{
	Repo *repo = repo_create(sp->pool, place);
	struct error missing = { 0 };
	int fd, r = open_raw(place, "repodata/repomd.xml", &fd,
			     repo_is_url(place) ? err : &missing);

	if (r == 0)
		return add_repodata(repo, place, fd, err);
	return repo_is_url(place) ? r : add_packages(repo, place, err);
}

static int candidate_order(const void *va, const void *vb, void *arg)
{
	Pool *pool = ((struct solv_pool *)arg)->pool;
	const struct solv_candidate *a = va, *b = vb;
	const Solvable *x = pool_id2solvable(pool, a->id);
	const Solvable *y = pool_id2solvable(pool, b->id);
	int r;

	if (a->replaced != b->replaced)
		return a->replaced < b->replaced ? -1 : 1;
	r = strcmp(pool_id2str(pool, x->name), pool_id2str(pool, y->name));
	if (r == 0)
		r = pool_evrcmp(pool, y->evr, x->evr, EVRCMP_COMPARE);
	if (r == 0)
		r = strcmp(pool_id2str(pool, x->arch), pool_id2str(pool, y->arch));
	return r ? r : a->id - b->id;
}

void solv_pool_candidates(struct solv_pool *sp, solv_candidates *ret)
{
	Pool *pool = sp->pool;
	size_t len = 0;

	pool_addfileprovides(pool);
	pool_createwhatprovides(pool);
	for (pkg_id p = 1; p <= sp->g->package_count; p++) {
		Id name, q, at;

		if (!sp->solvable[p])
			continue;
		name = pool_id2solvable(pool, sp->solvable[p])->name;
		FOR_PROVIDES(q, at, name)
		if (pool_id2solvable(pool, q)->repo != sp->installed &&
		    pool_id2solvable(pool, q)->name != name)
			array_push(ret, (struct solv_candidate){ p, q });
	}
	array_sort_with(ret, candidate_order, sp);
	/* the newest of each name: the first of its run */
	array_each (ret, i) {
		const struct solv_candidate *last = len ? &ret->data[len - 1] : NULL;

		if (last && last->replaced == ret->data[i].replaced &&
		    pool_id2solvable(pool, last->id)->name ==
			    pool_id2solvable(pool, ret->data[i].id)->name)
			continue;
		ret->data[len++] = ret->data[i];
	}
	ret->len = len;
}

static pkg_id package_of(const struct solv_pool *sp, Id solvable)
{
	for (pkg_id p = 1; p <= sp->g->package_count; p++)
		if (sp->solvable[p] == solvable)
			return p;
	return 0;
}

static int by_id(const void *a, const void *b)
{
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;

	return (x > y) - (x < y);
}

/* False when something goes that was not asked for. */
static bool read_transaction(struct solv_pool *sp, Solver *solver, const pkg_id *erase,
			     size_t erase_count, struct solv_change *ret)
{
	Transaction *transaction = solver_create_transaction(solver);
	bool good = true;

	for (int i = 0; i < transaction->steps.count; i++) {
		Id step = transaction->steps.elements[i];
		pkg_id p;
		bool asked = false;

		if (pool_id2solvable(sp->pool, step)->repo != sp->installed) {
			array_push(&ret->installed, step);
			continue;
		}
		p = package_of(sp, step);
		for (size_t j = 0; j < erase_count; j++)
			asked = asked || erase[j] == p;
		good = good && asked;
		array_push(&ret->erased, p);
	}
	array_sort(&ret->erased, by_id);
	transaction_free(transaction);
	return good;
}

bool solv_pool_try(struct solv_pool *sp, const pkg_id *erase, size_t erase_count, int id,
		   struct solv_change *ret)
{
	Solver *solver = solver_create(sp->pool);
	bool good;
	Queue job;

	*ret = (struct solv_change){ 0 };
	queue_init(&job);
	queue_push2(&job, SOLVER_SOLVABLE | SOLVER_INSTALL, id);
	for (size_t i = 0; i < erase_count; i++)
		queue_push2(&job,
			    SOLVER_SOLVABLE | SOLVER_ERASE | (i > 0 ? SOLVER_WEAK : 0),
			    sp->solvable[erase[i]]);
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	good = solver_solve(solver, &job) == 0 &&
	       read_transaction(sp, solver, erase, erase_count, ret);
	queue_free(&job);
	solver_free(solver);
	return good;
}

void solv_change_release(struct solv_change *change)
{
	array_release(&change->installed);
	array_release(&change->erased);
}

const char *solv_pool_nevra(struct solv_pool *sp, int id)
{
	return pool_solvid2str(sp->pool, id);
}

uint64_t solv_pool_installed_bytes(struct solv_pool *sp, int id)
{
	return solvable_lookup_num(pool_id2solvable(sp->pool, id), SOLVABLE_INSTALLSIZE,
				   0);
}

bool solv_pool_has_file(struct solv_pool *sp, int id, const char *path)
{
	Dataiterator di;
	bool found;

	dataiterator_init(&di, sp->pool, NULL, id, SOLVABLE_FILELIST, path,
			  SEARCH_STRING | SEARCH_FILES | SEARCH_COMPLETE_FILELIST);
	found = dataiterator_step(&di) != 0;
	dataiterator_free(&di);
	return found;
}
