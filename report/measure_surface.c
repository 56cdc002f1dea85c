#include "report/measure_surface.h"

#include "base/array.h"
#include "base/text.h"
#include "graph/startup.h"
#include "report/measure.h"
#include "report/surface_programs.h"
#include "rules/glob.h"

#include <string.h>

#define SETUID 04000u
#define SETGID 02000u
#define STICKY 01000u

struct surface {
	const struct graph *g;
	const char *vendor;
	struct idset sets[SURFACE_COUNT];
};

#define CHAIN	"supply chain"
#define ATTACK	"attack surface"
#define BUILT	"hardening"
#define DISK	true
#define HEADERS false

const struct surface_kind SURFACE_KINDS[SURFACE_COUNT] = {
	[SURFACE_UNSIGNED] = { "unsigned", "Packages without a signature", CHAIN,
			       "package", true, HEADERS },
	[SURFACE_FOREIGN] = { "foreign-vendor", "Packages of another vendor", CHAIN,
			      "package", true, HEADERS },
	[SURFACE_CHANGED] = { "changed-files", "Files changed against the rpmdb", CHAIN,
			      "file", false, DISK },
	[SURFACE_SETUID] = { "setuid", "Setuid and setgid files", ATTACK, "file", false,
			     HEADERS },
	[SURFACE_CAPABILITIES] = { "file-capabilities", "Files with capabilities", ATTACK,
				   "file", false, DISK },
	[SURFACE_WRITABLE] = { "world-writable", "World-writable files and folders",
			       ATTACK, "file", false, HEADERS },
	[SURFACE_DAEMONS] = { "daemons", "Services started by default", ATTACK, "service",
			      false, DISK },
	[SURFACE_SOCKETS] = { "sockets", "Sockets opened by default", ATTACK, "socket",
			      false, DISK },
	[SURFACE_INTERPRETERS] = { "interpreters", "Shells and interpreters", ATTACK,
				   "program", false, HEADERS },
	[SURFACE_COMPILERS] = { "compilers", "Compilers, linkers, build tools", ATTACK,
				"program", false, HEADERS },
	[SURFACE_DEBUGGERS] = { "debuggers", "Debuggers and tracers", ATTACK, "program",
				false, HEADERS },
	[SURFACE_COMMANDS] = { "commands", "Commands on PATH", ATTACK, "command", false,
			       HEADERS },
	[SURFACE_NO_RELRO] = { "no-relro", "ELF files without RELRO", BUILT, "file",
			       false, DISK },
	[SURFACE_NO_PIE] = { "no-pie", "Programs without PIE", BUILT, "file", false,
			     DISK },
	[SURFACE_NO_CANARY] = { "no-stack-protector", "ELF files without stack protector",
				BUILT, "file", false, DISK },
	[SURFACE_NO_NX] = { "executable-stack", "ELF files with an executable stack",
			    BUILT, "file", false, DISK },
};

int surface_parse(const char *name)
{
	for (int i = 0; i < SURFACE_COUNT; i++)
		if (strcmp(SURFACE_KINDS[i].name, name) == 0)
			return i;
	return -1;
}

struct vendor_count {
	str_id vendor;
	uint32_t packages;
};

static int by_vendor(const void *a, const void *b)
{
	const struct vendor_count *x = a, *y = b;

	return (x->vendor > y->vendor) - (x->vendor < y->vendor);
}

/* Does @p a come before @p b as the vendor of the image? */
static bool is_bigger(const struct graph *g, const struct vendor_count *a,
		      const struct vendor_count *b)
{
	if (a->packages != b->packages)
		return a->packages > b->packages;
	return strcmp(graph_text(g, a->vendor), graph_text(g, b->vendor)) < 0;
}

static const char *majority(const struct graph *g)
{
	ARRAY_OF(struct vendor_count) counts = { 0 };
	struct vendor_count best = { 0 }, now = { 0 };

	for (pkg_id p = 1; p <= g->package_count; p++)
		if (measure_is_software(&g->packages[p]))
			array_push(&counts,
				   (struct vendor_count){ g->packages[p].vendor, 1 });
	array_sort(&counts, by_vendor);
	array_each (&counts, i) {
		if (i == 0 || counts.data[i].vendor != now.vendor)
			now = (struct vendor_count){ counts.data[i].vendor, 0 };
		now.packages++;
		if (is_bigger(g, &now, &best))
			best = now;
	}
	array_release(&counts);
	return graph_text(g, best.vendor);
}

void surface_select_foreign(const struct graph *g, const char *vendor,
			    struct idset *packages)
{
	idset_clear(packages);
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (measure_is_software(&g->packages[p]) &&
		    !glob_match(vendor, graph_text(g, g->packages[p].vendor)))
			idset_add(packages, p);
}

static void find_packages(struct surface *s)
{
	const struct graph *g = s->g;

	s->vendor = majority(g);
	for (pkg_id p = 1; p <= g->package_count; p++) {
		const struct graph_package *package = &g->packages[p];

		if (!measure_is_software(package))
			continue;
		if (!package->is_signed)
			idset_add(&s->sets[SURFACE_UNSIGNED], p);
		if (strcmp(graph_text(g, package->vendor), s->vendor) != 0)
			idset_add(&s->sets[SURFACE_FOREIGN], p);
	}
}

/* Configuration and what RPM only claims may well differ. */
static bool may_change(const struct graph *g, file_id f)
{
	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
		if (g->owners[i].flags & (OWN_CONFIG | OWN_GHOST))
			return true;
	return false;
}

static bool is_changed(const struct graph *g, file_id f)
{
	switch (g->files[f].state) {
	case STATE_CHANGED_TYPE:
	case STATE_CHANGED_SIZE:
	case STATE_CHANGED_DIGEST:
		return !may_change(g, f);
	default:
		return false;
	}
}

static bool is_setuid(const struct graph_file *file)
{
	/* set-group-ID without the group's x bit is mandatory locking */
	return file->type == FILE_REGULAR &&
	       (file->mode & SETUID || (file->mode & SETGID && file->mode & 010));
}

static bool is_writable(const struct graph_file *file)
{
	return file->type != FILE_SYMLINK && file->mode & 02 &&
	       !(file->type == FILE_DIRECTORY && file->mode & STICKY);
}

static void find_files(struct surface *s)
{
	const struct graph *g = s->g;

	for (file_id f = 1; f <= g->file_count; f++) {
		const struct graph_file *file = &g->files[f];

		if (!graph_file_on_disk(file))
			continue;
		if (is_changed(g, f))
			idset_add(&s->sets[SURFACE_CHANGED], f);
		if (is_setuid(file))
			idset_add(&s->sets[SURFACE_SETUID], f);
		if (file->capabilities)
			idset_add(&s->sets[SURFACE_CAPABILITIES], f);
		if (is_writable(file))
			idset_add(&s->sets[SURFACE_WRITABLE], f);
	}
}

/* What the kernel or the loader maps to run it; no kernel images, no debug files. */
static bool is_mapped(const struct graph *g, const struct graph_elf *elf)
{
	const struct graph_file *file = &g->files[elf->file];

	return graph_file_on_disk(file) &&
	       (file->category == CATEGORY_EXECUTABLE ||
		file->category == CATEGORY_LIBRARY) &&
	       (elf->type == ELF_EXECUTABLE || elf->type == ELF_PIE ||
		elf->type == ELF_SHARED);
}

static void find_elves(struct surface *s)
{
	const struct graph *g = s->g;

	for (uint32_t i = 0; i < g->elf_count; i++) {
		const struct graph_elf *elf = &g->elves[i];

		if (!is_mapped(g, elf))
			continue;
		if (!(elf->hardening & HARDEN_RELRO))
			idset_add(&s->sets[SURFACE_NO_RELRO], elf->file);
		if (elf->type == ELF_EXECUTABLE)
			idset_add(&s->sets[SURFACE_NO_PIE], elf->file);
		if (!(elf->hardening & HARDEN_CANARY) && !elf->is_static && !elf->is_go)
			idset_add(&s->sets[SURFACE_NO_CANARY], elf->file);
		if (!(elf->hardening & HARDEN_NX))
			idset_add(&s->sets[SURFACE_NO_NX], elf->file);
	}
}

static void find_units(struct surface *s)
{
	const struct graph *g = s->g;
	struct startup startup;

	startup_find(g, &startup);
	array_each (&startup.daemons, i)
		if (startup.daemons.data[i].unit)
			idset_add(&s->sets[SURFACE_DAEMONS],
				  startup.daemons.data[i].unit);
	idset_each (&startup.started, f)
		if (g->files[f].type == FILE_REGULAR &&
		    text_ends(graph_text(g, g->files[f].path), ".socket"))
			idset_add(&s->sets[SURFACE_SOCKETS], f);
	startup_release(&startup);
}

struct surface *surface_new(const struct graph *g)
{
	struct surface *s = mem_calloc(1, sizeof(*s));

	s->g = g;
	for (int i = 0; i < SURFACE_COUNT; i++)
		idset_init(&s->sets[i], (SURFACE_KINDS[i].is_packages ? g->package_count
								      : g->file_count) +
						1u);
	find_packages(s);
	find_files(s);
	find_elves(s);
	find_units(s);
	surface_find_programs(g, SURFACE_SHELLS, &s->sets[SURFACE_INTERPRETERS]);
	surface_find_programs(g, SURFACE_BUILDERS, &s->sets[SURFACE_COMPILERS]);
	surface_find_programs(g, SURFACE_TRACERS, &s->sets[SURFACE_DEBUGGERS]);
	surface_find_commands(g, &s->sets[SURFACE_COMMANDS]);
	return s;
}

void surface_free(struct surface *s)
{
	if (!s)
		return;
	for (int i = 0; i < SURFACE_COUNT; i++)
		idset_release(&s->sets[i]);
	free(s);
}

void surface_freep(struct surface **s)
{
	surface_free(*s);
}

bool surface_is_known(const struct surface *s, enum surface_id id)
{
	return !s->g->image.metadata_only || !SURFACE_KINDS[id].needs_disk;
}

const struct idset *surface_set(const struct surface *s, enum surface_id id)
{
	return &s->sets[id];
}

uint64_t surface_count(const struct surface *s, enum surface_id id)
{
	return idset_count(&s->sets[id]);
}

static bool goes_with(const struct graph *g, file_id f, const struct idset *packages)
{
	if (g->owner_start[f] == g->owner_start[f + 1])
		return false;
	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
		if (!idset_has(packages, g->owners[i].package))
			return false;
	return true;
}

uint64_t surface_count_after(const struct surface *s, enum surface_id id,
			     const struct idset *packages, const struct idset *files)
{
	uint64_t left = 0;

	idset_each (&s->sets[id], at) {
		if (SURFACE_KINDS[id].is_packages)
			left += !idset_has(packages, at);
		else
			left += !(files && idset_has(files, at)) &&
				!goes_with(s->g, (file_id)at, packages);
	}
	return left;
}

const char *surface_vendor(const struct surface *s)
{
	return s->vendor;
}
