#include "analyzer/rpm_match.h"

#include "base/idset.h"
#include "base/macros.h"
#include "base/rootfs.h"

#include <errno.h>
#include <rpm/rpmds.h>
#include <rpm/rpmfiles.h>
#include <rpm/rpmver.h>

/* Real systems need less than one a requirement; this many take some seconds. */
#define COMPARISONS_MAX ((uint64_t)1 << 24)

/* One Provides of one package, in the chain of those with the same name. */
struct offer {
	cap_id capability;
	pkg_id package;
	uint32_t next; /* index + 1; 0: the last */
};

/* A path that is asked for, by its canonical spelling. */
struct wanted {
	cap_id capability;
	uint32_t next; /* index + 1: the same path asked for in another spelling */
};

struct match {
	struct rpm_image *image;
	rpm_canonical_fn *canonical;
	void *arg;
	struct idset asked; /* capabilities that need providers */
	rpmver *versions;   /* by cap_id, parsed when first compared */
	ARRAY_OF(struct offer) offers;
	uint32_t *offers_of;  /* by str_id of the name: index + 1 */
	struct strpool paths; /* canonical spellings of paths asked for */
	ARRAY_OF(struct wanted) wanted;
	ARRAY_OF(uint32_t) wanted_of; /* by id in paths: index + 1 */
	struct strpool names;	      /* last components of these paths */
	struct strpool folders;	      /* as written, whose canonical spelling is known */
	ARRAY_OF(char *) spelled;     /* by id in folders; NULL: a loop */
	uint64_t comparisons;
};

static const char *text(const struct match *m, str_id id)
{
	return rpm_image_text(m->image, id);
}

/* Nodes of requirements that were cut short are asked for too: that costs nothing. */
static void collect_asked(struct match *m)
{
	const struct rpm_image *image = m->image;

	idset_init(&m->asked, image->capabilities.len);
	for (size_t i = 1; i < image->nodes.len; i++)
		if (image->nodes.data[i].op == NODE_CAPABILITY)
			idset_add(&m->asked, image->nodes.data[i].capability);
}

static void index_offers(struct match *m)
{
	const struct rpm_image *image = m->image;

	m->offers_of = mem_calloc(image->strings.count + 1, sizeof(*m->offers_of));
	/* backwards, so that each chain is in the order of the packages */
	for (size_t p = image->packages.len; p-- > 0;) {
		const struct rpm_package *pkg = &image->packages.data[p];

		for (uint32_t i = pkg->provides_len; i-- > 0;) {
			cap_id cap = image->provides.data[pkg->provides_at + i];
			uint32_t *head =
				&m->offers_of[image->capabilities.data[cap].name];

			array_push(&m->offers,
				   (struct offer){ cap, (pkg_id)p + 1, *head });
			*head = (uint32_t)m->offers.len;
		}
	}
}

static rpmver version_of(struct match *m, cap_id id)
{
	const struct rpm_capability *cap = &m->image->capabilities.data[id];

	if (!m->versions[id] && cap->sense)
		m->versions[id] = rpmverParse(text(m, cap->evr));
	return m->versions[id];
}

static rpmsenseFlags flags_of(const struct rpm_capability *cap)
{
	return (rpmsenseFlags)cap->sense << 1;
}

/* rpmdsCompare() for two capabilities of one name: without a version on either side they
 * always overlap. */
static bool overlap(struct match *m, cap_id offered, cap_id asked)
{
	const struct rpm_capability *a = &m->image->capabilities.data[offered];
	const struct rpm_capability *b = &m->image->capabilities.data[asked];
	rpmver va, vb;

	_Static_assert(RPMSENSE_LESS == SENSE_LESS << 1, "flags_of() shifts");
	_Static_assert(RPMSENSE_GREATER == SENSE_GREATER << 1, "flags_of() shifts");
	_Static_assert(RPMSENSE_EQUAL == SENSE_EQUAL << 1, "flags_of() shifts");
	m->comparisons++;
	if (offered == asked || !a->sense || !b->sense)
		return true;
	va = version_of(m, offered);
	vb = version_of(m, asked);
	return !va || !vb || rpmverOverlap(va, flags_of(a), vb, flags_of(b));
}

static void add_provider(struct match *m, cap_id capability, pkg_id package, str_id path)
{
	array_push(&m->image->providers,
		   (struct rpm_provider){ capability, package, path });
}

static int check_effort(const struct match *m, struct error *err)
{
	if (m->comparisons <= COMPARISONS_MAX)
		return 0;
	return error_set(
		err, -E2BIG,
		"the rpmdb provides the same names so often that they cannot all "
		"be compared");
}

static int match_offers(struct match *m, cap_id asked, struct error *err)
{
	str_id name = m->image->capabilities.data[asked].name;
	pkg_id last = 0;

	for (uint32_t i = m->offers_of[name]; i; i = m->offers.data[i - 1].next) {
		const struct offer *offer = &m->offers.data[i - 1];

		if (offer->package == last || !overlap(m, offer->capability, asked))
			continue;
		add_provider(m, asked, offer->package, 0);
		last = offer->package;
	}
	return check_effort(m, err);
}

static const char *last_component(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The canonical spelling of the folder that @p path is in; NULL for a loop. */
static const char *folder_spelling(struct match *m, const char *path)
{
	size_t len = (size_t)(last_component(path) - path);
	str_id id = strpool_add_len(&m->folders, path, len);

	if (id >= m->spelled.len) {
		/* resolved as the folder of a name, because the last component is kept */
		_cleanup_(freep) char *inside = mem_printf("%.*s.x", (int)len, path);
		char *spelled = m->canonical ? m->canonical(m->arg, inside)
					     : rootfs_clean_path(inside);

		if (spelled)
			spelled[strlen(spelled) - 2] = '\0';
		array_extend(&m->spelled, id + 1 - m->spelled.len);
		m->spelled.data[id] = spelled;
	}
	return m->spelled.data[id];
}

/* New memory; NULL for a loop and for a path without a last component. */
static char *spell(struct match *m, const char *path)
{
	const char *folder;

	if (!*last_component(path))
		return NULL;
	folder = folder_spelling(m, path);
	return folder ? mem_printf("%s%s", folder, last_component(path)) : NULL;
}

static void want_path(struct match *m, cap_id capability)
{
	const char *path = text(m, m->image->capabilities.data[capability].name);
	_cleanup_(freep) char *spelled = spell(m, path);
	str_id id;

	if (!spelled)
		return;
	strpool_add(&m->names, last_component(path));
	id = strpool_add(&m->paths, spelled);
	if (id >= m->wanted_of.len)
		array_extend(&m->wanted_of, id + 1 - m->wanted_of.len);
	array_push(&m->wanted, (struct wanted){ capability, m->wanted_of.data[id] });
	m->wanted_of.data[id] = (uint32_t)m->wanted.len;
}

static void match_file(struct match *m, const struct rpm_file *file, pkg_id package)
{
	const char *path = text(m, file->path);
	_cleanup_(freep) char *spelled = NULL;
	str_id id, shown;

	if (!RPMFILE_IS_INSTALLED(file->state) ||
	    !strpool_find(&m->names, last_component(path)))
		return;
	spelled = spell(m, path);
	id = spelled ? strpool_find(&m->paths, spelled) : 0;
	if (!id)
		return;
	shown = strpool_add(&m->image->strings, spelled);
	for (uint32_t i = m->wanted_of.data[id]; i; i = m->wanted.data[i - 1].next) {
		add_provider(m, m->wanted.data[i - 1].capability, package, shown);
		m->comparisons++;
	}
}

static int match_files(struct match *m, struct error *err)
{
	const struct rpm_image *image = m->image;

	int r = 0;

	for (size_t p = 0; r == 0 && p < image->packages.len; p++) {
		const struct rpm_package *pkg = &image->packages.data[p];

		for (uint32_t i = 0; i < pkg->files_len; i++)
			match_file(m, &image->files.data[pkg->files_at + i],
				   (pkg_id)p + 1);
		r = check_effort(m, err);
	}
	return r;
}

static int match_all(struct match *m, struct error *err)
{
	int r = 0;

	collect_asked(m);
	index_offers(m);
	m->versions = mem_calloc(m->image->capabilities.len, sizeof(*m->versions));
	for (size_t c = idset_next(&m->asked, 1); r == 0 && c < m->asked.size;
	     c = idset_next(&m->asked, c + 1)) {
		if (text(m, m->image->capabilities.data[c].name)[0] == '/')
			want_path(m, (cap_id)c);
		r = match_offers(m, (cap_id)c, err);
	}
	return r == 0 ? match_files(m, err) : r;
}

static int provider_order(const void *va, const void *vb)
{
	const struct rpm_provider *a = va, *b = vb;

	if (a->capability != b->capability)
		return a->capability < b->capability ? -1 : 1;
	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	return !a->path - !b->path; /* the file before the Provides of that name */
}

static void order_providers(struct rpm_image *image)
{
	size_t kept = 0;

	array_sort(&image->providers, provider_order);
	array_each (&image->providers, i) {
		const struct rpm_provider *p = &image->providers.data[i];
		const struct rpm_provider *last = image->providers.data + kept - 1;

		if (kept && last->capability == p->capability &&
		    last->package == p->package)
			continue;
		image->providers.data[kept++] = *p;
	}
	image->providers.len = kept;
}

/* Supplements and Enhances ask for others, not for what the package itself needs. */
static bool looks_back(uint8_t strength)
{
	return strength == REQ_SUPPLEMENTS || strength == REQ_ENHANCES;
}

/* What only the package itself satisfies: config(name) and the like. */
static void mark_self(struct rpm_image *image)
{
	pkg_id *only = mem_calloc(image->capabilities.len, sizeof(*only));

	for (size_t i = image->providers.len; i-- > 0;) {
		const struct rpm_provider *p = &image->providers.data[i];
		bool first = i == 0 || p[-1].capability != p->capability;
		bool alone =
			i + 1 == image->providers.len || p[1].capability != p->capability;

		if (first && alone)
			only[p->capability] = p->package;
	}
	array_each (&image->requirements, i) {
		struct rpm_requirement *req = &image->requirements.data[i];
		const struct rpm_node *node = &image->nodes.data[req->node];

		if (req->state == REQ_CHECKED && !looks_back(req->strength) &&
		    node->op == NODE_CAPABILITY && only[node->capability] == req->package)
			req->state = REQ_SELF;
	}
	free(only);
}

static void match_release(struct match *m)
{
	idset_release(&m->asked);
	for (size_t i = 0; m->versions && i < m->image->capabilities.len; i++)
		rpmverFree(m->versions[i]);
	array_each (&m->spelled, i)
		free(m->spelled.data[i]);
	free(m->versions);
	free(m->offers_of);
	array_release(&m->offers);
	array_release(&m->wanted);
	array_release(&m->wanted_of);
	array_release(&m->spelled);
	strpool_release(&m->paths);
	strpool_release(&m->names);
	strpool_release(&m->folders);
}

int rpm_match(struct rpm_image *image, rpm_canonical_fn *canonical, void *arg,
	      struct error *err)
{
	struct match m = { .image = image, .canonical = canonical, .arg = arg };
	int r;

	strpool_init(&m.paths);
	strpool_init(&m.names);
	strpool_init(&m.folders);
	r = match_all(&m, err);
	if (r == 0) {
		order_providers(image);
		mark_self(image);
	}
	match_release(&m);
	return r;
}
