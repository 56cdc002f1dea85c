#include "analyzer/classify.h"

#include "analyzer/classify_content.h"
#include "analyzer/classify_path.h"
#include "analyzer/filecaps.h"
#include "analyzer/magic_scan.h"
#include "base/idset.h"

#include <string.h>

/* A text that a thread found for an entry; threads may not add to the tree's pool. */
struct found_text {
	uint32_t entry;
	char *media, *capabilities; /* owned; one of them is set */
};

struct classify_thread {
	struct magic_scan *magic;
	ARRAY_OF(struct found_text) texts;
	size_t magic_count;
};

struct classify {
	struct tree *tree;
	bool no_libmagic;
	struct idset weak; /* by entry: the first bytes may say better */
	struct classify_thread *threads;
	unsigned int thread_count;
};

static void add_media(void *arg, const char *media)
{
	struct tree *tree = arg;

	strpool_add(&tree->strings, media);
}

static str_id media_id(const struct classify *classify, const char *media)
{
	return strpool_find(&classify->tree->strings, media);
}

struct classify *classify_new(struct tree *tree, unsigned int threads, bool no_libmagic)
{
	struct classify *classify = mem_calloc(1, sizeof(*classify));

	classify->tree = tree;
	classify->no_libmagic = no_libmagic;
	idset_init(&classify->weak, tree->entries.len);
	classify->thread_count = threads;
	classify->threads = mem_calloc(threads, sizeof(*classify->threads));
	for (unsigned int t = 0; t < threads; t++)
		classify->threads[t].magic = magic_scan_new();
	/* The known media types now, so that threads only have to find them. */
	classify_path_each_media(add_media, tree);
	classify_content_each_media(add_media, tree);
	return classify;
}

static void thread_release(struct classify_thread *thread)
{
	array_each (&thread->texts, i) {
		free(thread->texts.data[i].media);
		free(thread->texts.data[i].capabilities);
	}
	array_release(&thread->texts);
	magic_scan_free(thread->magic);
}

void classify_free(struct classify *classify)
{
	if (!classify)
		return;
	for (unsigned int t = 0; t < classify->thread_count; t++)
		thread_release(&classify->threads[t]);
	free(classify->threads);
	idset_release(&classify->weak);
	free(classify);
}

static void decide(struct tree_entry *entry, enum file_category category,
		   enum file_classifier by)
{
	entry->category = (uint8_t)category;
	entry->classified_by = (uint8_t)by;
}

/* A file that is no regular one: its type is its category. */
static void decide_by_type(struct tree_entry *entry)
{
	static const uint8_t CATEGORIES[] = {
		[FILE_DIRECTORY] = CATEGORY_DIRECTORY, [FILE_SYMLINK] = CATEGORY_SYMLINK,
		[FILE_FIFO] = CATEGORY_SPECIAL,	       [FILE_SOCKET] = CATEGORY_SPECIAL,
		[FILE_CHAR] = CATEGORY_SPECIAL,	       [FILE_BLOCK] = CATEGORY_SPECIAL,
	};

	decide(entry, CATEGORIES[entry->type], CLASSIFIED_TYPE);
}

/* RPM's flags against the path's hint: the packager knows documentation best, while
 * %config is also said of scripts. */
static bool decide_by_flags(struct tree_entry *entry, bool *ret_weak)
{
	if (entry->own_flags & OWN_LICENCE) {
		decide(entry, CATEGORY_LICENCE, CLASSIFIED_FLAGS);
	} else if (entry->own_flags & (OWN_DOC | OWN_README)) {
		decide(entry, CATEGORY_DOCUMENTATION, CLASSIFIED_FLAGS);
	} else if (entry->own_flags & OWN_CONFIG) {
		decide(entry, CATEGORY_CONFIG, CLASSIFIED_FLAGS);
		*ret_weak = true;
	} else {
		return false;
	}
	return true;
}

static void classify_entry(struct classify *classify, size_t index)
{
	struct tree_entry *entry = &classify->tree->entries.data[index];
	const char *path = tree_text(classify->tree, entry->path);
	struct path_class class;
	bool weak = false;

	if (entry->type != FILE_REGULAR) {
		decide_by_type(entry);
		return;
	}
	class = classify_path(path);
	if (class.known && !class.weak) {
		decide(entry, class.category, CLASSIFIED_PATH);
	} else if (decide_by_flags(entry, &weak)) {
		;
	} else if (class.known) {
		decide(entry, class.category, CLASSIFIED_PATH);
		weak = true;
	} else {
		decide(entry, CATEGORY_DATA, CLASSIFIED_NONE);
	}
	if (class.media)
		entry->media_type = media_id(classify, class.media);
	if (weak)
		idset_add(&classify->weak, index);
}

void classify_entries(struct classify *classify)
{
	for (size_t i = 0; i < classify->tree->entries.len; i++)
		classify_entry(classify, i);
}

static void note_text(struct classify *classify, const struct content_file *file,
		      const char *media, char *capabilities)
{
	struct classify_thread *thread = &classify->threads[file->thread];

	array_push(&thread->texts,
		   (struct found_text){ (uint32_t)file->index, mem_strdup(media),
					capabilities });
}

static void ask_libmagic(struct classify *classify, const struct content_file *file)
{
	struct classify_thread *thread = &classify->threads[file->thread];
	const char *media;

	decide(file->entry, CATEGORY_DATA, CLASSIFIED_CONTENT);
	file->entry->media_type = media_id(classify, "application/octet-stream");
	if (classify->no_libmagic)
		return;
	thread->magic_count++;
	media = magic_scan_media(thread->magic, file->head, file->head_len);
	if (!media)
		return;
	decide(file->entry, CATEGORY_DATA, CLASSIFIED_MAGIC);
	note_text(classify, file, media, NULL);
}

/* Nothing but a hint so far: only a program says better. */
static bool is_program(const struct content_class *class, uint32_t mode)
{
	switch (class->category) {
	case CATEGORY_EXECUTABLE:
	case CATEGORY_LIBRARY:
	case CATEGORY_OBJECT:
		return true;
	case CATEGORY_SCRIPT:
		return mode & 0111;
	default:
		return false;
	}
}

static void read_class(struct classify *classify, const struct content_file *file)
{
	struct tree_entry *entry = file->entry;
	bool undecided = entry->classified_by == CLASSIFIED_NONE;
	bool weak = idset_has(&classify->weak, file->index);
	const char *by_name = classify_path_media(file->path);
	struct content_class class =
		classify_head(file->path, entry->mode, file->head, file->head_len);

	if (class.known && (undecided || (weak && is_program(&class, entry->mode)))) {
		decide(entry, class.category, CLASSIFIED_CONTENT);
	} else if (undecided && by_name) {
		decide(entry, CATEGORY_DATA, CLASSIFIED_PATH);
	} else if (undecided) {
		ask_libmagic(classify, file);
		return;
	}
	/* A name tells texts apart, the first bytes tell programs. */
	if (entry->media_type)
		return;
	if (by_name && (!class.known || class.category == CATEGORY_DATA))
		entry->media_type = media_id(classify, by_name);
	else
		entry->media_type = media_id(classify, class.media);
}

void classify_content(void *arg, const struct content_file *file)
{
	struct classify *classify = arg;

	read_class(classify, file);
	/* Only programs use them, and each look is a system call. */
	if (file->entry->mode & 0111) {
		char *capabilities = filecaps_read(file->fd);

		if (capabilities)
			note_text(classify, file, NULL, capabilities);
	}
}

static void add_text(struct tree *tree, const struct found_text *text)
{
	struct tree_entry *entry = &tree->entries.data[text->entry];

	if (text->media)
		entry->media_type = strpool_add(&tree->strings, text->media);
	if (text->capabilities)
		entry->capabilities = strpool_add(&tree->strings, text->capabilities);
}

void classify_finish(struct classify *classify)
{
	for (unsigned int t = 0; t < classify->thread_count; t++) {
		struct classify_thread *thread = &classify->threads[t];

		array_each (&thread->texts, i)
			add_text(classify->tree, &thread->texts.data[i]);
	}
}

size_t classify_magic_count(const struct classify *classify)
{
	size_t count = 0;

	for (unsigned int t = 0; t < classify->thread_count; t++)
		count += classify->threads[t].magic_count;
	return count;
}

/* What RPM's file class says of an entry that nothing else decides. */
static void decide_by_rpm_class(struct classify *classify, struct tree_entry *entry,
				const char *file_class)
{
	static const struct {
		const char *word;
		enum file_category category;
	} WORDS[] = {
		{ "relocatable", CATEGORY_OBJECT },
		{ "pie executable", CATEGORY_EXECUTABLE },
		{ "shared object", CATEGORY_LIBRARY },
		{ "executable", CATEGORY_EXECUTABLE },
	};
	size_t index = (size_t)(entry - classify->tree->entries.data);
	bool weak = idset_has(&classify->weak, index);

	if (entry->type != FILE_REGULAR ||
	    (entry->classified_by != CLASSIFIED_NONE && !weak))
		return;
	if (strstr(file_class, "script") && (entry->mode & 0111)) {
		decide(entry, CATEGORY_SCRIPT, CLASSIFIED_FLAGS);
		return;
	}
	if (strncmp(file_class, "ELF ", 4) != 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(WORDS); i++) {
		if (!strstr(file_class, WORDS[i].word))
			continue;
		decide(entry, WORDS[i].category, CLASSIFIED_FLAGS);
		return;
	}
}

void classify_declared(struct tree *tree, const struct rpm_image *rpm,
		       const struct ownership_list *owners)
{
	struct classify *classify = classify_new(tree, 1, true);

	classify_entries(classify);
	array_each (&owners->items, i) {
		const struct ownership *o = &owners->items.data[i];
		str_id class = rpm->files.data[o->rpm_file].file_class;

		decide_by_rpm_class(classify, &tree->entries.data[o->file - 1],
				    rpm_image_text(rpm, class));
	}
	classify_free(classify);
}
