#include "rules/recognise.h"

#include "rules/glob.h"

#include <string.h>

static const char *const KINDS[] = { "profiles", NULL };

static bool is_program(const struct graph *g, const struct graph_elf_name *elf,
		       const struct profile_program *program)
{
	const char *path = graph_text(g, g->files[elf->file].path);
	const char *slash = strrchr(path, '/');

	return matcher_is_go_module(graph_text(g, elf->go_module), program->go_module) &&
	       glob_match(program->name, slash ? slash + 1 : path);
}

file_id recognise_program(const struct graph *g, const struct profile *profile)
{
	for (uint32_t i = 0; i < g->elf_name_count; i++) {
		const struct graph_elf_name *elf = &g->elf_names[i];

		if (!elf->go_module || !graph_file_on_disk(&g->files[elf->file]) ||
		    g->owner_start[elf->file] != g->owner_start[elf->file + 1])
			continue;
		array_each (&profile->recognise, k)
			if (is_program(g, elf, &profile->recognise.data[k]))
				return elf->file;
	}
	return 0;
}

/* Move what is new to the other list. */
static void append_new(struct profile_list *to, struct profile_list *from)
{
	array_each (&from->profiles, i) {
		struct profile *profile = from->profiles.data[i];

		if (profile_list_find(to, profile->name))
			profile_free(profile);
		else
			array_push(&to->profiles, profile);
	}
	from->profiles.len = 0;
}

int recognise_profiles(const struct lookup *lookup, struct matcher *m,
		       const struct facts *facts, struct profile_list *applied,
		       struct error *err)
{
	const struct graph *g = matcher_graph(m);
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	int r = lookup_all(lookup, KINDS, &all, err);

	array_each (&all.files, i) {
		const struct lookup_file *file = &all.files.data[i];
		_cleanup_(profile_freep) struct profile *profile = NULL;
		_cleanup_(profile_list_release) struct profile_list list = { 0 };
		const char *name = file->path;

		if (file->hidden || profile_list_find(applied, file->name) ||
		    profile_read(file->path, &profile, NULL) < 0 ||
		    !recognise_program(g, profile) ||
		    profile_list_load(lookup, &name, 1, &list, NULL) < 0)
			continue;
		profile_list_settle(&list, m, facts, NULL);
		append_new(applied, &list);
	}
	return r;
}
