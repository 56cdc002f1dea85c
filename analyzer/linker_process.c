/*
 * Loading a program as a whole, the way ld.so does: breadth first, a name that is already
 * there is not searched again, and an RPATH also serves what its object has loaded.
 */
#include "analyzer/linker_internal.h"

#include "base/text.h"

#include <string.h>

#define NOBODY UINT32_MAX

/* One object of the process; the first is the program. */
struct loaded {
	uint32_t object;
	uint32_t loader;	 /* index of the one that needed it first */
	uint32_t rpath, runpath; /* with its own $ORIGIN here */
	match_id match;		 /* how it was found; NO_MATCH for the program */
};

/* A name of the program whose number + 1 is the stamp; others are left from before it. */
struct loaded_name {
	uint32_t stamp, index;
};

struct process {
	struct link_run *run;
	uint32_t program;
	int platform;
	ARRAY_OF(struct loaded) loaded;
	struct idset objects;		    /* what is in loaded */
	ARRAY_OF(struct loaded_name) names; /* by name id; index into loaded */
};

static void set_name(struct process *process, str_id name, uint32_t index)
{
	if (name >= process->names.len)
		(void)array_extend(&process->names, name + 1 - process->names.len);
	if (process->names.data[name].stamp == process->program + 1)
		return;
	process->names.data[name].stamp = process->program + 1;
	process->names.data[name].index = index;
}

/* Index of the loaded object with that name, or NOBODY. */
static uint32_t find_name(const struct process *process, str_id name)
{
	if (name >= process->names.len ||
	    process->names.data[name].stamp != process->program + 1)
		return NOBODY;
	return process->names.data[name].index;
}

/* $ORIGIN is the folder of the name that was opened, not of the file behind a symlink. */
static void set_lists(struct process *process, struct loaded *loaded)
{
	struct link_run *run = process->run;
	const struct link_object *object = &run->objects.data[loaded->object];
	const struct link_match *match = &run->linker.matches.data[loaded->match];
	const struct elfinfo *info = run_info(run, loaded->object);
	const char *origin;

	loaded->rpath = object->rpath;
	loaded->runpath = object->runpath;
	if (!object->has_origin || !match->folder)
		return;
	origin = strpool_text(&run->linker.names, match->folder);
	if (loaded->runpath != NO_LIST)
		loaded->runpath = dirs_of_path(&run->linker, process->platform,
					       info->runpath, origin, VIA_RUNPATH);
	if (loaded->rpath != NO_LIST)
		loaded->rpath = dirs_of_path(&run->linker, process->platform, info->rpath,
					     origin, VIA_RPATH);
}

static void load(struct process *process, uint32_t object, uint32_t loader, str_id name,
		 match_id match)
{
	struct link_run *run = process->run;
	struct loaded loaded = { .object = object, .loader = loader, .match = match };
	const struct elfinfo *info = run_info(run, object);
	uint32_t index = (uint32_t)process->loaded.len;

	set_lists(process, &loaded);
	array_push(&process->loaded, loaded);
	idset_add(&process->objects, object);
	if (name)
		set_name(process, name, index);
	if (info->soname)
		set_name(process, strpool_add(&run->linker.names, info->soname), index);
}

/*
 * The lists that come before the default folders. glibc: RPATH up the chain of loaders,
 * unless the object has a RUNPATH, which serves only itself. musl makes no difference
 * between the two: each serves what was loaded from it.
 */
static match_id search_chain(struct process *process, const struct loaded *loaded,
			     const char *name)
{
	struct linker *linker = &process->run->linker;
	bool is_musl = linker->platforms.data[process->platform].libc == LIBC_MUSL;
	match_id match = NO_MATCH;

	linker->stopped = false;
	if (!is_musl && loaded->runpath != NO_LIST)
		return search_dirs(linker, process->platform, loaded->runpath, name);
	for (size_t left = process->loaded.len; left > 0 && match == NO_MATCH; left--) {
		uint32_t list = loaded->rpath;

		if (is_musl && loaded->runpath != NO_LIST)
			list = loaded->runpath;
		if (list != NO_LIST)
			match = search_dirs(linker, process->platform, list, name);
		if (loaded->loader == NOBODY || linker->stopped)
			break;
		loaded = &process->loaded.data[loaded->loader];
	}
	return match;
}

static match_id search(struct process *process, const struct loaded *loaded,
		       const struct link_need *need)
{
	struct linker *linker = &process->run->linker;
	const char *name = strpool_text(&linker->names, need->name);
	const struct elfinfo *info = run_info(process->run, loaded->object);
	match_id match;

	if (strchr(name, '/'))
		return need->alone;
	match = search_chain(process, loaded, name);
	if (match == NO_MATCH && !linker->stopped)
		match = search_default(linker, process->platform, name,
				       info->no_default_library);
	return match;
}

static void note(struct process *process, uint32_t need_index, match_id match)
{
	struct link_need *need = &process->run->needs.data[need_index];
	const struct link_match *matches = process->run->linker.matches.data;

	if (match == NO_MATCH || need->object == process->program)
		return;
	if (need->alone == NO_MATCH && need->within == NO_MATCH)
		need->within = match;
	if (need->alone != NO_MATCH &&
	    matches[need->alone].target == matches[match].target)
		return;
	array_push(&process->run->contexts,
		   (struct link_context){ process->program, need_index, match });
}

static void load_need(struct process *process, uint32_t index, uint32_t need_index)
{
	struct link_run *run = process->run;
	const struct link_need *need = &run->needs.data[need_index];
	uint32_t there = find_name(process, need->name), target;
	match_id match;

	if (there != NOBODY) {
		/* for the program itself its own search has said all */
		if (need->alone == NO_MATCH)
			note(process, need_index, process->loaded.data[there].match);
		return;
	}
	match = search(process, &process->loaded.data[index], need);
	note(process, need_index, match);
	if (match == NO_MATCH)
		return;
	target = run_target(run, match);
	if (target == UINT32_MAX || run->objects.data[target].platform < 0)
		return;
	if (!idset_has(&process->objects, target))
		load(process, target, index, need->name, match);
}

static void load_program(struct process *process)
{
	struct link_run *run = process->run;

	process->platform = run->objects.data[process->program].platform;
	process->loaded.len = 0;
	idset_clear(&process->objects);
	load(process, process->program, NOBODY, 0, NO_MATCH);
	for (uint32_t i = 0; i < process->loaded.len; i++) {
		uint32_t object = process->loaded.data[i].object;
		size_t count = run_info(run, object)->needed.len;

		for (uint32_t n = 0; n < count; n++)
			load_need(process, i, run->objects.data[object].needs_at + n);
	}
}

/* Does anything that the program loads, as each finds it alone, depend on who loads it? */
static bool has_special(const struct link_run *run, uint32_t program,
			struct idset *reached, struct entry_list *queue)
{
	idset_clear(reached);
	queue->len = 0;
	array_push(queue, program);
	idset_add(reached, program);
	array_each (queue, i) {
		const struct link_object *object = &run->objects.data[queue->data[i]];
		size_t count = run_info(run, queue->data[i])->needed.len;

		if (object->is_special)
			return true;
		for (uint32_t n = 0; n < count; n++) {
			match_id match = run->needs.data[object->needs_at + n].alone;
			uint32_t target =
				match == NO_MATCH ? NOBODY : run_target(run, match);

			if (target != NOBODY && run->objects.data[target].platform >= 0 &&
			    idset_add(reached, target))
				array_push(queue, target);
		}
	}
	return false;
}

void process_all(struct link_run *run)
{
	struct process process = { .run = run };
	struct entry_list queue = { 0 };
	struct idset reached;

	idset_init(&process.objects, run->objects.len);
	idset_init(&reached, run->objects.len);
	for (uint32_t i = 0; i < run->objects.len; i++) {
		if (run->objects.data[i].platform < 0 || !run_info(run, i)->interpreter ||
		    !has_special(run, i, &reached, &queue))
			continue;
		process.program = i;
		load_program(&process);
	}
	array_release(&process.loaded);
	array_release(&process.names);
	array_release(&queue);
	idset_release(&process.objects);
	idset_release(&reached);
}
