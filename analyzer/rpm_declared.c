#include "analyzer/rpm_declared.h"

#include "base/macros.h"
#include "base/strbuf.h"
#include "base/text.h"

#include <ctype.h>
#include <rpm/rpmfiles.h>
#include <sys/stat.h>

/* Who provides one soname of one word size. */
struct soname {
	str_id name;	    /* in declared.names */
	uint32_t in_folder; /* first by path in a library folder; RPM_FILE_NONE */
	uint32_t anywhere;  /* first by path; RPM_FILE_NONE */
	uint32_t last_file; /* that needed it, + 1 */
};

struct rpm_declared {
	const struct rpm_image *image;
	struct strpool keys;  /* "64 libc.so.6": its id is the index in sonames */
	struct strpool names; /* "libc.so.6" */
	ARRAY_OF(struct soname) sonames;
	struct strpool places;		     /* "<soname> <folder>" */
	ARRAY_OF(uint32_t) file_of_place;    /* by id in places */
	uint32_t file, depend, positions[2]; /* where the iterator is */
	int kind;
};

static const char *text(const struct rpm_declared *d, str_id id)
{
	return rpm_image_text(d->image, id);
}

/*
 * The soname of "libc.so.6(GLIBC_2.34)(64bit)", added when new: its index, 0 for a name
 * that is none.
 */
static uint32_t soname_of(struct rpm_declared *d, const char *capability)
{
	size_t len = strcspn(capability, "(");
	_cleanup_(freep) char *name = mem_strndup(capability, len);
	_cleanup_(freep) char *key = NULL;
	str_id id;

	if (!strstr(name, ".so") || strchr(name, '/') || strpbrk(name, " \t\n"))
		return 0;
	key = mem_printf("%d %s", text_ends(capability, "(64bit)") ? 64 : 32, name);
	id = strpool_add(&d->keys, key);
	if (id >= d->sonames.len)
		array_push(&d->sonames,
			   (struct soname){ .name = strpool_add(&d->names, name),
					    .in_folder = RPM_FILE_NONE,
					    .anywhere = RPM_FILE_NONE });
	return id;
}

/* "/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu": where ld.so looks by itself. */
static bool is_library_folder(const char *path, size_t len)
{
	_cleanup_(freep) char *folder = mem_strndup(path, len);
	const char *p = text_starts(folder, "/usr/") ? folder + 4 : folder;

	if (!text_starts(p, "/lib"))
		return false;
	p += 4;
	while (isdigit((unsigned char)*p) || *p == 'x')
		p++;
	if (*p == '\0')
		return true;
	return *p == '/' && !strchr(p + 1, '/') && strstr(p, "-linux");
}

static size_t folder_len(const char *path)
{
	return (size_t)(strrchr(path, '/') - path);
}

static str_id place_of(struct rpm_declared *d, uint32_t soname, const char *path,
		       bool add)
{
	_cleanup_(freep) char *place =
		mem_printf("%u %.*s", soname, (int)folder_len(path), path);

	return add ? strpool_add(&d->places, place) : strpool_find(&d->places, place);
}

static bool earlier(const struct rpm_declared *d, uint32_t file, uint32_t than)
{
	return than == RPM_FILE_NONE ||
	       strcmp(text(d, d->image->files.data[file].path),
		      text(d, d->image->files.data[than].path)) < 0;
}

static void add_provider(struct rpm_declared *d, uint32_t soname, uint32_t file)
{
	const char *path = text(d, d->image->files.data[file].path);
	struct soname *s = &d->sonames.data[soname];
	str_id place = place_of(d, soname, path, true);

	if (place >= d->file_of_place.len) {
		array_extend(&d->file_of_place, place + 1 - d->file_of_place.len);
		d->file_of_place.data[place] = RPM_FILE_NONE;
	}
	if (earlier(d, file, d->file_of_place.data[place]))
		d->file_of_place.data[place] = file;
	if (earlier(d, file, s->anywhere))
		s->anywhere = file;
	if (is_library_folder(path, folder_len(path)) && earlier(d, file, s->in_folder))
		s->in_folder = file;
}

static bool is_installed(const struct rpm_file *file)
{
	return RPMFILE_IS_INSTALLED(file->state);
}

static void index_providers(struct rpm_declared *d)
{
	const struct rpm_image *image = d->image;

	array_each (&image->files, f) {
		const struct rpm_file *file = &image->files.data[f];

		if (!is_installed(file) || S_ISLNK(file->mode))
			continue;
		for (uint32_t i = 0; i < file->depends_len; i++) {
			const struct rpm_file_depend *dep =
				&image->file_depends.data[file->depends_at + i];
			uint32_t soname =
				dep->provides ? soname_of(d, text(d, dep->name)) : 0;

			if (soname)
				add_provider(d, soname, (uint32_t)f);
		}
	}
}

static uint32_t find_provider(struct rpm_declared *d, uint32_t soname, uint32_t needer)
{
	const struct soname *s = &d->sonames.data[soname];
	const char *path = text(d, d->image->files.data[needer].path);
	str_id place;

	if (s->in_folder != RPM_FILE_NONE)
		return s->in_folder;
	place = place_of(d, soname, path, false);
	return place ? d->file_of_place.data[place] : s->anywhere;
}

struct rpm_declared *rpm_declared_new(const struct rpm_image *image)
{
	struct rpm_declared *d = mem_calloc(1, sizeof(*d));

	d->image = image;
	strpool_init(&d->keys);
	strpool_init(&d->names);
	strpool_init(&d->places);
	array_push(&d->sonames, (struct soname){ 0 });
	index_providers(d);
	return d;
}

void rpm_declared_free(struct rpm_declared *declared)
{
	if (!declared)
		return;
	strpool_release(&declared->keys);
	strpool_release(&declared->names);
	strpool_release(&declared->places);
	array_release(&declared->sonames);
	array_release(&declared->file_of_place);
	free(declared);
}

/* A link's own "dependency" on its target, or a .pc file's on pkg-config, is no such need. */
static bool has_kind(const struct rpm_declared *d, const struct rpm_file *file, int kind)
{
	const char *class = text(d, file->file_class);

	if (kind == RPM_DECLARED_SONAME)
		return !*class || text_starts(class, "ELF ");
	return strstr(class, "script") || strstr(class, "text executable");
}

static bool read_need(struct rpm_declared *d, const struct rpm_file_depend *dep,
		      struct rpm_declared_need *ret)
{
	const char *name = text(d, dep->name);
	uint32_t soname;

	if (dep->provides)
		return false;
	*ret = (struct rpm_declared_need){ .kind = (enum rpm_declared_kind)d->kind,
					   .file = d->file,
					   .provider = RPM_FILE_NONE };
	if (d->kind == RPM_DECLARED_PATH) {
		ret->name = name;
		return name[0] == '/';
	}
	soname = soname_of(d, name);
	if (!soname || d->sonames.data[soname].last_file == d->file + 1)
		return false;
	d->sonames.data[soname].last_file = d->file + 1;
	ret->name = strpool_text(&d->names, d->sonames.data[soname].name);
	ret->provider = find_provider(d, soname, d->file);
	return true;
}

/* Go on to the next kind of this file, or to the next file. */
static void next_run(struct rpm_declared *d)
{
	d->depend = 0;
	if (d->kind == RPM_DECLARED_SONAME) {
		d->kind = RPM_DECLARED_PATH;
		return;
	}
	d->kind = RPM_DECLARED_SONAME;
	d->file++;
	d->positions[0] = d->positions[1] = 0;
}

bool rpm_declared_next(struct rpm_declared *declared, struct rpm_declared_need *ret)
{
	struct rpm_declared *d = declared;
	const struct rpm_image *image = d->image;

	for (; d->file < image->files.len; next_run(d)) {
		const struct rpm_file *file = &image->files.data[d->file];

		if (!is_installed(file) || S_ISLNK(file->mode) ||
		    !has_kind(d, file, d->kind))
			continue;
		while (d->depend < file->depends_len) {
			uint32_t at = file->depends_at + d->depend++;

			if (!read_need(d, &image->file_depends.data[at], ret))
				continue;
			ret->position = d->positions[d->kind]++;
			return true;
		}
	}
	return false;
}
