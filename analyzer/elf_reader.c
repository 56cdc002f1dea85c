#include "analyzer/elf_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void reader_bad(struct elf_reader *reader, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (reader->info->bad)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	reader->info->bad = strpool_text(reader->pool, strpool_add(reader->pool, text));
}

Elf_Data *reader_data(struct elf_reader *reader, uint64_t offset, uint64_t len,
		      Elf_Type type)
{
	Elf_Data *data;

	if (offset > reader->size || len > reader->size - offset || len == 0)
		return NULL;
	if (len > reader->budget) {
		reader_bad(reader, "tables of more than %u MiB", READER_BUDGET >> 20);
		return NULL;
	}
	reader->budget -= len;
	data = elf_getdata_rawchunk(reader->elf, (int64_t)offset, len, type);
	return data && data->d_buf && data->d_size == len ? data : NULL;
}

const uint8_t *reader_bytes(struct elf_reader *reader, uint64_t offset, uint64_t len)
{
	Elf_Data *data = reader_data(reader, offset, len, ELF_T_BYTE);

	return data ? data->d_buf : NULL;
}

bool reader_address(struct elf_reader *reader, uint64_t address, uint64_t *ret_offset,
		    uint64_t *ret_len)
{
	for (size_t i = 0; i < reader->segment_count; i++) {
		GElf_Phdr segment;
		uint64_t offset;

		if (!gelf_getphdr(reader->elf, (int)i, &segment))
			return false;
		if (segment.p_type != PT_LOAD || address < segment.p_vaddr ||
		    address - segment.p_vaddr >= segment.p_filesz)
			continue;
		if (__builtin_add_overflow(segment.p_offset, address - segment.p_vaddr,
					   &offset) ||
		    offset >= reader->size)
			return false;
		*ret_offset = offset;
		*ret_len = MIN2(segment.p_filesz - (address - segment.p_vaddr),
				reader->size - offset);
		return true;
	}
	return false;
}

const uint8_t *reader_at(struct elf_reader *reader, uint64_t address, uint64_t max,
			 uint64_t *ret_len)
{
	uint64_t offset, len;

	if (!reader_address(reader, address, &offset, &len))
		return NULL;
	*ret_len = MIN2(len, max);
	return reader_bytes(reader, offset, *ret_len);
}

const char *reader_text(struct elf_reader *reader, const uint8_t *table, uint64_t len,
			uint64_t at)
{
	size_t most, text_len;

	if (!table || at >= len)
		return NULL;
	most = MIN2(len - at, READER_TEXT_MAX + 1);
	text_len = strnlen((const char *)table + at, most);
	if (text_len == most)
		return NULL;
	if (text_len == 0)
		return "";
	return strpool_text(
		reader->pool,
		strpool_add_len(reader->pool, (const char *)table + at, text_len));
}

void reader_list_add(struct elf_reader *reader, struct text_list *list, const char *text)
{
	if (list->len >= READER_LIST_MAX)
		reader_bad(reader, "has a list of more than %d entries", READER_LIST_MAX);
	else
		array_push(list, text);
}

void reader_weigh(uint64_t *sum, uint64_t bytes)
{
	const uint64_t most = (uint64_t)1 << 62;

	*sum = MIN2(*sum + MIN2(bytes, most), most);
}

uint16_t reader_u16(const struct elf_reader *reader, const uint8_t *p)
{
	if (reader->info->big_endian)
		return (uint16_t)(p[0] << 8 | p[1]);
	return (uint16_t)(p[1] << 8 | p[0]);
}

uint32_t reader_u32(const struct elf_reader *reader, const uint8_t *p)
{
	uint32_t first = reader_u16(reader, p), second = reader_u16(reader, p + 2);

	return reader->info->big_endian ? first << 16 | second : second << 16 | first;
}

uint64_t reader_word(const struct elf_reader *reader, const uint8_t *p)
{
	uint64_t first = reader_u32(reader, p), second;

	if (reader->info->class == 32)
		return first;
	second = reader_u32(reader, p + 4);
	return reader->info->big_endian ? first << 32 | second : second << 32 | first;
}

bool reader_section(struct elf_reader *reader, size_t index, GElf_Shdr *ret,
		    const char **ret_name)
{
	Elf_Scn *section = elf_getscn(reader->elf, index);

	if (!section || !gelf_getshdr(section, ret))
		return false;
	*ret_name = "";
	if (reader->names && ret->sh_name < reader->names_len) {
		const char *name = reader->names + ret->sh_name;
		size_t most = MIN2(reader->names_len - ret->sh_name, (size_t)256);

		if (strnlen(name, most) < most)
			*ret_name = name;
	}
	return true;
}
