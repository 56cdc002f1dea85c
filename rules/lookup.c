#include "rules/lookup.h"

#include "base/io.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "rules/rule_parse.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int add_named(struct lookup *lookup, const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return error_errno(err, "cannot look for rules in '%s'", path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, -ENOTDIR,
				 "cannot look for rules in '%s': it is no folder", path);
	array_push(&lookup->folders, mem_strdup(path));
	return 0;
}

static int add_environment(struct lookup *lookup, const char *list, struct error *err)
{
	int r = 0;

	while (*list && r == 0) {
		size_t len = strcspn(list, ":");
		_cleanup_(freep) char *path = mem_strndup(list, len);

		if (len > 0)
			r = add_named(lookup, path, err);
		list += len + (list[len] == ':');
	}
	return r < 0 ? error_prefix(err, r, "TARE_RULES") : 0;
}

/*
 * An installed program takes the rules that were installed with it, wherever its prefix was
 * moved to; a program in a build folder takes those of its own source tree even where an
 * older tare is installed.
 */
static char *shipped_folder(void)
{
	_cleanup_(freep) char *source = mem_strdup(TARE_SOURCE_RULES);
	_cleanup_(freep) char *beside = NULL;
	char program[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[len < 0 ? 0 : len] = '\0';
	source[strlen(source) - strlen("rules")] = '\0';
	if (text_starts(program, source) && is_folder(TARE_SOURCE_RULES))
		return mem_strdup(TARE_SOURCE_RULES);
	for (int up = 0; up < 2 && strrchr(program, '/'); up++)
		*strrchr(program, '/') = '\0';
	beside = mem_printf("%s/share/tare/rules", program);
	if (is_folder(beside))
		return steal_ptr(&beside);
	return mem_strdup(is_folder(TARE_DATADIR "/rules") ? TARE_DATADIR "/rules"
							   : TARE_SOURCE_RULES);
}

int lookup_init(struct lookup *lookup, const char *const *extra, struct error *err)
{
	const char *environment = getenv("TARE_RULES");
	int r = 0;

	*lookup = (struct lookup){ 0 };
	for (; extra && *extra && r == 0; extra++)
		r = add_named(lookup, *extra, err);
	if (r == 0 && environment && *environment)
		r = add_environment(lookup, environment, err);
	if (r < 0) {
		lookup_release(lookup);
		return r;
	}
	if (environment && *environment)
		return 0;
	array_push(&lookup->folders, mem_strdup(".tare"));
	array_push(&lookup->folders, mem_strdup("/etc/tare"));
	lookup->shipped = shipped_folder();
	array_push(&lookup->folders, lookup->shipped);
	return 0;
}

void lookup_release(struct lookup *lookup)
{
	array_each (&lookup->folders, i)
		free(lookup->folders.data[i]);
	array_release(&lookup->folders);
	lookup->shipped = NULL;
}

const char *lookup_cite(const struct lookup *lookup, const char *path)
{
	size_t len = lookup->shipped ? strlen(lookup->shipped) : 0;

	if (len > 0 && text_starts(path, lookup->shipped) && path[len] == '/')
		return path + len + 1;
	return path;
}

static int compare_files(const void *a, const void *b)
{
	const struct lookup_file *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* The .yaml files of one folder, in the order of their names; no folder, no files. */
static int list_folder(const char *folder, const char *kind, struct lookup_list *ret,
		       struct error *err)
{
	_cleanup_(freep) char *path = mem_printf("%s/%s", folder, kind);
	struct lookup_list found = { 0 };
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (!dir)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : error_errno(err, "cannot list '%s'", path);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !text_ends(entry->d_name, ".yaml"))
			continue;
		array_push(&found.files,
			   (struct lookup_file){
				   .kind = mem_strdup(kind),
				   .name = mem_strndup(entry->d_name,
						       strlen(entry->d_name) -
							       strlen(".yaml")),
				   .path = mem_printf("%s/%s", path, entry->d_name),
			   });
	}
	closedir(dir);
	array_sort(&found.files, compare_files);
	array_each (&found.files, i)
		array_push(&ret->files, found.files.data[i]);
	array_release(&found.files);
	return 0;
}

/* Stable insertion by name: equal names keep the order in which folders are searched. */
static void merge_kind(struct lookup_list *list, size_t from)
{
	for (size_t i = from + 1; i < list->files.len; i++) {
		struct lookup_file file = list->files.data[i];
		size_t j = i;

		for (; j > from && strcmp(list->files.data[j - 1].name, file.name) > 0;
		     j--)
			list->files.data[j] = list->files.data[j - 1];
		list->files.data[j] = file;
	}
	for (size_t i = from + 1; i < list->files.len; i++)
		list->files.data[i].hidden = strcmp(list->files.data[i].name,
						    list->files.data[i - 1].name) == 0;
}

int lookup_all(const struct lookup *lookup, const char *const *kinds,
	       struct lookup_list *ret, struct error *err)
{
	int r = 0;

	*ret = (struct lookup_list){ 0 };
	for (; *kinds && r == 0; kinds++) {
		size_t from = ret->files.len;

		for (size_t i = 0; i < lookup->folders.len && r == 0; i++)
			r = list_folder(lookup->folders.data[i], *kinds, ret, err);
		merge_kind(ret, from);
	}
	if (r < 0)
		lookup_list_release(ret);
	return r;
}

void lookup_list_release(struct lookup_list *list)
{
	array_each (&list->files, i) {
		free(list->files.data[i].kind);
		free(list->files.data[i].name);
		free(list->files.data[i].path);
	}
	array_release(&list->files);
}

static int not_found(const struct lookup *lookup, const char *const *kinds,
		     const char *name, struct error *err)
{
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	_cleanup_(strbuf_release) struct strbuf hint = { 0 };
	_cleanup_(freep) char *shown = text_printable_dup(name);
	const char *near = NULL;

	if (lookup_all(lookup, kinds, &all, NULL) == 0 && all.files.len > 0) {
		const char **names = mem_calloc(all.files.len, sizeof(*names));

		array_each (&all.files, i)
			names[i] = all.files.data[i].name;
		near = rule_did_you_mean(name, names, all.files.len);
		free(names);
	}
	if (near)
		strbuf_printf(&hint, "did you mean '%s'?", near);
	else
		strbuf_puts(&hint, "searched in");
	for (size_t i = 0; !near && i < lookup->folders.len; i++)
		strbuf_printf(&hint, "%s %s/%s", i ? "," : "", lookup->folders.data[i],
			      kinds[0]);
	return error_set(err, -ENOENT, "there is no rule file called '%s' (%s)", shown,
			 strbuf_text(&hint));
}

/* The file of one folder, or NULL. */
static char *find_in(const char *folder, const char *const *kinds, const char *name)
{
	for (; *kinds; kinds++) {
		_cleanup_(freep) char *path =
			mem_printf("%s/%s/%s.yaml", folder, *kinds, name);

		if (access(path, F_OK) == 0)
			return steal_ptr(&path);
	}
	return NULL;
}

int lookup_find(const struct lookup *lookup, const char *const *kinds, const char *name,
		char **ret_path, struct error *err)
{
	if (strchr(name, '/') || text_ends(name, ".yaml") || text_ends(name, ".yml")) {
		if (access(name, F_OK) < 0)
			return error_errno(err, "cannot open '%s'", name);
		*ret_path = mem_strdup(name);
		return 0;
	}
	array_each (&lookup->folders, i) {
		char *path = find_in(lookup->folders.data[i], kinds, name);

		if (path) {
			*ret_path = path;
			return 0;
		}
	}
	return not_found(lookup, kinds, name, err);
}
