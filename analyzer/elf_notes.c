/* Notes (build id, declared dlopen needs) and the information of kernel modules. */
#include "analyzer/elf_reader.h"

#include "base/text.h"

#include <string.h>

#define NOTES_MAX	(1u << 20)
#define MODINFO_MAX	(8u << 20)
#define BUILD_ID_MAX	64
#define NOTE_FDO_DLOPEN 0x407c0c0au
#define WORDS_MAX	1024 /* names in one depends list */

static void take_build_id(struct elf_reader *reader, const uint8_t *id, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * BUILD_ID_MAX];

	if (len == 0 || len > BUILD_ID_MAX || reader->info->build_id)
		return;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[id[i] >> 4];
		text[2 * i + 1] = digits[id[i] & 15];
	}
	reader->info->build_id =
		strpool_text(reader->pool, strpool_add_len(reader->pool, text, 2 * len));
}

static void take_note(struct elf_reader *reader, const GElf_Nhdr *note,
		      const uint8_t *name, const uint8_t *body)
{
	if (note->n_namesz != 4)
		return;
	if (note->n_type == NT_GNU_BUILD_ID && memcmp(name, "GNU", 4) == 0)
		take_build_id(reader, body, note->n_descsz);
	if (note->n_type == NOTE_FDO_DLOPEN && memcmp(name, "FDO", 4) == 0) {
		const char *json = (const char *)body;
		size_t len = strnlen(json, note->n_descsz);
		str_id text = strpool_add_len(reader->pool, json, len);

		if (len > 0)
			reader_list_add(reader, &reader->info->dlopen_notes,
					strpool_text(reader->pool, text));
	}
}

void elfpart_notes(struct elf_reader *reader, uint64_t offset, uint64_t len,
		   uint64_t align)
{
	Elf_Data *data;
	GElf_Nhdr note;
	size_t at = 0, name, body;

	if (len == 0)
		return;
	/* linkers leave out the padding of the last note, which libelf insists on */
	if (len < NOTES_MAX && offset < reader->size)
		len = MIN2((len + 3) & ~3ull, MAX2(len, reader->size - offset));
	data = len > NOTES_MAX ? NULL
			       : reader_data(reader, offset, len,
					     align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
	if (!data) {
		reader_bad(reader, "notes lie outside of the file");
		return;
	}
	while ((at = gelf_getnote(data, at, &note, &name, &body)) > 0)
		take_note(reader, &note, (const uint8_t *)data->d_buf + name,
			  (const uint8_t *)data->d_buf + body);
}

static const char *intern(struct elf_reader *reader, const char *text, size_t len)
{
	return strpool_text(reader->pool, strpool_add_len(reader->pool, text, len));
}

/* "a,b,c" */
static void take_depends(struct elf_reader *reader, const char *text, size_t len)
{
	struct text_list *list = &reader->info->module->depends;
	const char *end = text + len;

	while (text < end && list->len < WORDS_MAX) {
		const char *comma = memchr(text, ',', (size_t)(end - text));
		const char *stop = comma ? comma : end;

		if (stop > text)
			reader_list_add(reader, list,
					intern(reader, text, (size_t)(stop - text)));
		text = stop + 1;
	}
}

/* One "key=value" of .modinfo. */
static void take_module_field(struct elf_reader *reader, const char *field, size_t len)
{
	struct module_info *module = reader->info->module;
	const char *equals = memchr(field, '=', len);
	size_t key = equals ? (size_t)(equals - field) : 0, rest = len - key - 1;
	const char *value = field + key + 1;

	if (!equals || rest > READER_TEXT_MAX)
		return;
	if (key == 5 && memcmp(field, "alias", key) == 0)
		module->alias_count++;
	else if (key == 7 && memcmp(field, "depends", key) == 0)
		take_depends(reader, value, rest);
	else if (key == 4 && memcmp(field, "name", key) == 0)
		module->name = intern(reader, value, rest);
	else if (key == 8 && memcmp(field, "vermagic", key) == 0)
		module->vermagic = intern(reader, value, rest);
	else if (key == 8 && memcmp(field, "firmware", key) == 0 && rest > 0)
		reader_list_add(reader, &module->firmware, intern(reader, value, rest));
	else if (key == 7 && memcmp(field, "softdep", key) == 0 && rest > 0)
		reader_list_add(reader, &module->softdeps, intern(reader, value, rest));
}

void elfpart_modinfo(struct elf_reader *reader, uint64_t offset, uint64_t len)
{
	const char *field, *end;

	if (!reader->info->module) {
		reader->info->module = mem_calloc(1, sizeof(*reader->info->module));
		reader->info->module->name = reader->info->module->vermagic = "";
	}
	field = len > MODINFO_MAX ? NULL
				  : (const char *)reader_bytes(reader, offset, len);
	if (!field) {
		if (len > 0)
			reader_bad(reader, "module information of %llu bytes",
				   (unsigned long long)len);
		return;
	}
	for (end = field + len; field < end;) {
		size_t field_len = strnlen(field, (size_t)(end - field));

		if (field_len > 0)
			take_module_field(reader, field, field_len);
		field += field_len + 1;
	}
}
