#include "analyzer/elf_pass.h"

#include "analyzer/decompress.h"
#include "analyzer/elf_scan.h"
#include "base/text.h"

#include <string.h>

/* What one thread found; merged by elfpass_finish(). */
struct elf_thread {
	struct strpool pool;
	ARRAY_OF(struct elfinfo) infos;
};

int elfpass_init(struct elf_table *table, unsigned int threads, struct error *err)
{
	int r = elfscan_start();

	*table = (struct elf_table){ 0 };
	if (r < 0)
		return error_set(err, r, "this libelf is too old");
	table->threads = mem_calloc(threads, sizeof(*table->threads));
	table->thread_count = threads;
	for (unsigned int i = 0; i < threads; i++)
		strpool_init(&table->threads[i].pool);
	return 0;
}

void elfpass_release(struct elf_table *table)
{
	array_each (&table->infos, i)
		elfinfo_release(&table->infos.data[i]);
	array_release(&table->infos);
	for (unsigned int t = 0; t < table->thread_count; t++) {
		struct elf_thread *thread = &table->threads[t];

		array_each (&thread->infos, i)
			elfinfo_release(&thread->infos.data[i]);
		array_release(&thread->infos);
		strpool_release(&thread->pool);
	}
	free(table->threads);
	*table = (struct elf_table){ 0 };
}

/* "/x/snd-pcm.ko.xz" -> "/x/snd-pcm.ko": how a module is compressed, by name and content. */
static enum compression module_compression(const struct content_file *file)
{
	static const char *const suffixes[] = { ".ko.xz", ".ko.zst", ".ko.gz" };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (text_ends(file->path, suffixes[i]))
			return compression_of((const uint8_t *)file->head,
					      file->head_len);
	return COMPRESSION_NONE;
}

/* A module's name is that of its file where the module does not say it. */
static const char *name_by_path(struct strpool *pool, const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	const char *suffix = strstr(base, ".ko");
	_cleanup_(freep) char *name =
		mem_strndup(base, suffix ? (size_t)(suffix - base) : strlen(base));

	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return strpool_text(pool, strpool_add(pool, name));
}

static int scan_compressed(const struct content_file *file, enum compression compression,
			   struct strpool *pool, struct elfinfo *info)
{
	struct decompressed plain = { 0 };
	struct error err = { 0 };
	int r = decompress_fd(file->fd, compression, ELFPASS_MODULE_MAX, &plain, &err);

	if (r == 0)
		r = elfscan_memory(plain.data, plain.len, pool, info);
	free(plain.data);
	if (r < 0) {
		info->machine = "";
		info->type = ELF_OTHER;
		info->bad = strpool_text(pool, strpool_add(pool, err.text));
		r = 0;
	}
	info->compression = compression_name(compression);
	return r;
}

void elfpass_file(void *arg, const struct content_file *file)
{
	struct elf_table *table = arg;
	struct elf_thread *thread = &table->threads[file->thread];
	enum compression compression = COMPRESSION_NONE;
	struct elfinfo info = { .entry = file->index };
	int r;

	if (elfscan_looks_like((const uint8_t *)file->head, file->head_len)) {
		r = elfscan_fd(file->fd, file->size_bytes, &thread->pool, &info);
	} else {
		compression = module_compression(file);
		if (compression == COMPRESSION_NONE)
			return;
		r = scan_compressed(file, compression, &thread->pool, &info);
	}
	if (r != 0) {
		elfinfo_release(&info);
		return;
	}
	if (info.module && !info.module->name[0])
		info.module->name = name_by_path(&thread->pool, file->path);
	array_push(&thread->infos, info);
}

static int info_order(const void *va, const void *vb)
{
	const struct elfinfo *a = va, *b = vb;

	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

/* By what the file is; where RPM's flags or its place say more, that stays. */
static uint8_t category_of(const struct elfinfo *info, uint8_t old)
{
	static const uint8_t by_type[] = {
		[ELF_EXECUTABLE] = CATEGORY_EXECUTABLE,
		[ELF_PIE] = CATEGORY_EXECUTABLE,
		[ELF_SHARED] = CATEGORY_LIBRARY,
		[ELF_RELOCATABLE] = CATEGORY_OBJECT,
		[ELF_MODULE] = CATEGORY_KERNEL_MODULE,
	};

	switch (old) {
	case CATEGORY_DATA:
	case CATEGORY_EXECUTABLE:
	case CATEGORY_LIBRARY:
	case CATEGORY_OBJECT:
		break;
	default:
		return old;
	}
	if (info->is_debug_file)
		return CATEGORY_DEBUG;
	if (!info->has_header || info->type >= ARRAY_LEN(by_type))
		return old;
	return by_type[info->type];
}

static void add_finding(const struct elfinfo *info, const char *path, size_t entry,
			struct finding_list *findings)
{
	_cleanup_(freep) char *text = mem_printf("damaged ELF file: %s", info->bad);
	struct finding_row row = {
		.rule = "bad-elf",
		.severity = SEVERITY_WARNING,
		.file = (file_id)entry + 1,
		.subject = path,
		.text = text,
		.remedy = "Reinstall the package that owns the file, or remove the file.",
	};

	finding_list_add(findings, &row);
}

void elfpass_finish(struct elf_table *table, struct tree *tree,
		    struct finding_list *findings)
{
	for (unsigned int t = 0; t < table->thread_count; t++) {
		struct elf_thread *thread = &table->threads[t];

		array_reserve(&table->infos, thread->infos.len);
		array_each (&thread->infos, i)
			array_push(&table->infos, thread->infos.data[i]);
		array_release(&thread->infos);
	}
	array_sort(&table->infos, info_order);
	array_each (&table->infos, i) {
		const struct elfinfo *info = &table->infos.data[i];
		struct tree_entry *entry = &tree->entries.data[info->entry];

		entry->elf = (uint32_t)i + 1;
		entry->category = category_of(info, entry->category);
		if (info->bad)
			add_finding(info, tree_text(tree, entry->path), info->entry,
				    findings);
	}
}
