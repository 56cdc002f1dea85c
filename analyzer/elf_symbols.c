/* Undefined dynamic symbols (what is imported) and symbol versions. */
#include "analyzer/elf_reader.h"

#include <string.h>

#define SYMBOLS_MAX	   (1u << 20)
#define VERSIONS_MAX	   (1u << 20) /* bytes of a version table */
#define NAME_MAX_LOOKED_AT 64

/* Symbols by the section that holds them; 0 where the file has no such section. */
static uint64_t count_by_section(struct elf_reader *reader, uint64_t address,
				 uint64_t each)
{
	for (size_t i = 1; i < reader->section_count; i++) {
		GElf_Shdr section;
		const char *unused;

		if (!reader_section(reader, i, &section, &unused))
			return 0;
		if (section.sh_type == SHT_DYNSYM && section.sh_addr == address)
			return section.sh_size / each;
	}
	return 0;
}

/* DT_HASH has one chain entry for each symbol; s390x and alpha use 8 byte entries. */
static uint64_t count_by_hash(struct elf_reader *reader, uint64_t address)
{
	uint16_t machine = reader->info->machine_number;
	bool wide =
		reader->info->class == 64 && (machine == EM_S390 || machine == 0x9026);
	uint64_t entry = wide ? 8 : 4, len;
	const uint8_t *header = reader_at(reader, address, 2 * entry, &len);

	if (!header || len < 2 * entry)
		return 0;
	return wide ? reader_word(reader, header + 8) : reader_u32(reader, header + 4);
}

/*
 * How many of the first symbols have to be looked at. Defined symbols stand behind the
 * undefined ones, from the index that DT_GNU_HASH names; a table without any defined
 * symbol has the index 1, which says nothing.
 */
static uint64_t count_symbols(struct elf_reader *reader,
			      const struct elf_dynamic_tables *tables, uint64_t each)
{
	uint64_t first_hashed = 0, count, len;
	const uint8_t *header = NULL;

	if (tables->gnu_hash)
		header = reader_at(reader, tables->gnu_hash, 16, &len);
	if (header && len == 16)
		first_hashed = reader_u32(reader, header + 4);
	count = count_by_section(reader, tables->symtab, each);
	if (count == 0 && tables->hash)
		count = count_by_hash(reader, tables->hash);
	if (first_hashed > 1 && (count == 0 || first_hashed < count))
		count = first_hashed;
	return MIN2(count, (uint64_t)SYMBOLS_MAX);
}

static void take_import(struct elfinfo *info, const char *name, size_t most)
{
	size_t len;

	if (most == 0 || (name[0] != 'd' && name[0] != '_'))
		return;
	len = strnlen(name, MIN2(most, (size_t)NAME_MAX_LOOKED_AT));
	if (len == MIN2(most, (size_t)NAME_MAX_LOOKED_AT))
		return;
	if (strcmp(name, "dlopen") == 0 || strcmp(name, "dlmopen") == 0)
		info->has_dlopen = true;
	else if (strcmp(name, "__stack_chk_fail") == 0 ||
		 strcmp(name, "__stack_chk_guard") == 0)
		info->hardening |= HARDEN_CANARY;
	else if (len > 6 && memcmp(name, "__", 2) == 0 &&
		 strcmp(name + len - 4, "_chk") == 0)
		info->hardening |= HARDEN_FORTIFY;
}

void elfpart_imports(struct elf_reader *reader, const struct elf_dynamic_tables *tables)
{
	uint64_t each = reader->info->class == 64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	uint64_t count, offset, len;
	GElf_Sym symbol;
	Elf_Data *data;

	if (!tables->symtab || !reader_address(reader, tables->symtab, &offset, &len))
		return;
	count = MIN2(count_symbols(reader, tables, each), len / each);
	data = reader_data(reader, offset, count * each, ELF_T_SYM);
	for (int i = 1; data && gelf_getsym(data, i, &symbol); i++)
		if (symbol.st_shndx == SHN_UNDEF && symbol.st_name < tables->strings_len)
			take_import(reader->info,
				    (const char *)tables->strings + symbol.st_name,
				    tables->strings_len - symbol.st_name);
}

/* False when there is no sense in looking further. */
static bool add_version(struct elf_reader *reader, const char *soname,
			const char *version)
{
	struct elfinfo *info = reader->info;

	if (!version || !soname)
		reader_bad(reader, "a symbol version lies outside of the string table");
	else if (info->versions.len >= READER_LIST_MAX)
		reader_bad(reader, "has more than %d symbol versions", READER_LIST_MAX);
	else
		array_push(
			&info->versions,
			(struct elfinfo_version){ .soname = soname, .version = version });
	return version && soname && info->versions.len < READER_LIST_MAX;
}

/* A version table as bytes; both kinds have records that point to the next one. */
struct version_table {
	struct elf_reader *reader;
	const struct elf_dynamic_tables *tables;
	const uint8_t *bytes;
	uint64_t len;
};

static const char *version_text(const struct version_table *table, const uint8_t *at)
{
	return reader_text(table->reader, table->tables->strings,
			   table->tables->strings_len, reader_u32(table->reader, at));
}

/* The record behind @p at, where there is one of @p size bytes; always further on. */
static bool next_record(const struct version_table *table, uint64_t *at, uint32_t step,
			uint64_t size)
{
	if (step == 0 || step > table->len - *at || table->len - *at - step < size)
		return false;
	*at += step;
	return true;
}

/* Elf_Vernaux: hash, flags, other, name, next. */
static bool read_need(const struct version_table *table, uint64_t at, const char *soname,
		      uint32_t versions)
{
	for (; versions > 0; versions--) {
		const uint8_t *aux = table->bytes + at;

		if (!add_version(table->reader, soname, version_text(table, aux + 8)))
			return false;
		if (!next_record(table, &at, reader_u32(table->reader, aux + 12), 16))
			return true;
	}
	return true;
}

/* Elf_Verneed: version, count, file, aux, next. */
static void read_needs(const struct version_table *table, uint64_t count)
{
	struct elf_reader *reader = table->reader;
	uint64_t at = 0;

	if (table->len < 16)
		return;
	for (; count > 0; count--) {
		const uint8_t *need = table->bytes + at;
		uint64_t aux = at;

		if (!next_record(table, &aux, reader_u32(reader, need + 8), 16) ||
		    !read_need(table, aux, version_text(table, need + 4),
			       reader_u16(reader, need + 2)) ||
		    !next_record(table, &at, reader_u32(reader, need + 12), 16))
			return;
	}
}

/*
 * Elf_Verdef: version, flags, index, count, hash, aux, next; Elf_Verdaux: name, next. The
 * first name is the version, the others are what it builds on.
 */
static void read_definitions(const struct version_table *table, uint64_t count)
{
	struct elf_reader *reader = table->reader;
	uint64_t at = 0;

	if (table->len < 20)
		return;
	for (; count > 0; count--) {
		const uint8_t *definition = table->bytes + at;
		bool is_base = reader_u16(reader, definition + 2) & VER_FLG_BASE;
		uint64_t aux = at;

		if (!next_record(table, &aux, reader_u32(reader, definition + 12), 8))
			return;
		/* the base definition is the file's own name */
		if (!is_base &&
		    !add_version(reader, "", version_text(table, table->bytes + aux)))
			return;
		if (!next_record(table, &at, reader_u32(reader, definition + 16), 20))
			return;
	}
}

void elfpart_versions(struct elf_reader *reader, const struct elf_dynamic_tables *tables)
{
	struct version_table table = { .reader = reader, .tables = tables };

	if (tables->verneed && tables->verneed_count)
		table.bytes =
			reader_at(reader, tables->verneed, VERSIONS_MAX, &table.len);
	if (table.bytes)
		read_needs(&table, tables->verneed_count);
	table.bytes = NULL;
	if (tables->verdef && tables->verdef_count)
		table.bytes = reader_at(reader, tables->verdef, VERSIONS_MAX, &table.len);
	if (table.bytes)
		read_definitions(&table, tables->verdef_count);
}
