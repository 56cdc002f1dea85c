/* The dynamic section: what ld.so is told. */
#include "analyzer/elf_reader.h"

#include <string.h>

#define DYNAMIC_MAX	(1u << 20)
#define STRINGS_DEFAULT 65536
#define STRINGS_SLACK	1024

/* Tags with a number that the work below needs; the first of each counts. */
enum number {
	NUMBER_STRTAB,
	NUMBER_STRSZ,
	NUMBER_SYMTAB,
	NUMBER_HASH,
	NUMBER_GNU_HASH,
	NUMBER_VERNEED,
	NUMBER_VERNEEDNUM,
	NUMBER_VERDEF,
	NUMBER_VERDEFNUM,
	NUMBER_RELSZ,
	NUMBER_RELASZ,
	NUMBER_PLTRELSZ,
	NUMBER_PLTREL,
	NUMBER_FLAGS,
	NUMBER_FLAGS_1,
	NUMBER_BIND_NOW,
	NUMBER_TEXTREL,
	NUMBER_COUNT,
};

static const int64_t NUMBER_TAGS[] = {
	[NUMBER_STRTAB] = DT_STRTAB,	     [NUMBER_STRSZ] = DT_STRSZ,
	[NUMBER_SYMTAB] = DT_SYMTAB,	     [NUMBER_HASH] = DT_HASH,
	[NUMBER_GNU_HASH] = DT_GNU_HASH,     [NUMBER_VERNEED] = DT_VERNEED,
	[NUMBER_VERNEEDNUM] = DT_VERNEEDNUM, [NUMBER_VERDEF] = DT_VERDEF,
	[NUMBER_VERDEFNUM] = DT_VERDEFNUM,   [NUMBER_RELSZ] = DT_RELSZ,
	[NUMBER_RELASZ] = DT_RELASZ,	     [NUMBER_PLTRELSZ] = DT_PLTRELSZ,
	[NUMBER_PLTREL] = DT_PLTREL,	     [NUMBER_FLAGS] = DT_FLAGS,
	[NUMBER_FLAGS_1] = DT_FLAGS_1,	     [NUMBER_BIND_NOW] = DT_BIND_NOW,
	[NUMBER_TEXTREL] = DT_TEXTREL,
};

/* Tags with a name: where it goes. Of a single one the first counts. */
struct name_tag {
	int64_t tag;
	bool is_list;
	size_t member;
};

static const struct name_tag NAME_TAGS[] = {
	{ DT_NEEDED, true, offsetof(struct elfinfo, needed) },
	{ DT_FILTER, true, offsetof(struct elfinfo, filter) },
	{ DT_AUXILIARY, true, offsetof(struct elfinfo, auxiliary) },
	{ DT_SONAME, false, offsetof(struct elfinfo, soname) },
	{ DT_RPATH, false, offsetof(struct elfinfo, rpath) },
	{ DT_RUNPATH, false, offsetof(struct elfinfo, runpath) },
	{ DT_AUDIT, false, offsetof(struct elfinfo, audit) },
	{ DT_DEPAUDIT, false, offsetof(struct elfinfo, depaudit) },
};

struct numbers {
	uint64_t value[NUMBER_COUNT];
	bool has[NUMBER_COUNT];
};

static void take_number(struct numbers *numbers, const GElf_Dyn *dyn)
{
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		if (dyn->d_tag == NUMBER_TAGS[i] && !numbers->has[i]) {
			numbers->has[i] = true;
			numbers->value[i] = dyn->d_un.d_val;
		}
}

static void take_name(struct elf_reader *reader, const GElf_Dyn *dyn,
		      const struct elf_dynamic_tables *tables)
{
	for (size_t i = 0; i < ARRAY_LEN(NAME_TAGS); i++) {
		void *member = (char *)reader->info + NAME_TAGS[i].member;
		const char **one = member, *text;

		if (dyn->d_tag != NAME_TAGS[i].tag)
			continue;
		text = reader_text(reader, tables->strings, tables->strings_len,
				   dyn->d_un.d_val);
		if (!text)
			reader_bad(reader,
				   "a name in the dynamic section lies outside of "
				   "its string table");
		else if (NAME_TAGS[i].is_list)
			reader_list_add(reader, member, text);
		else if (!*one)
			*one = text;
	}
}

static void take_flags(struct elf_reader *reader, const struct numbers *numbers)
{
	struct elfinfo *info = reader->info;
	uint64_t flags = numbers->value[NUMBER_FLAGS];
	uint64_t flags_1 = numbers->value[NUMBER_FLAGS_1];

	if (numbers->has[NUMBER_BIND_NOW] || flags & DF_BIND_NOW || flags_1 & DF_1_NOW)
		info->hardening |= HARDEN_BIND_NOW;
	if (numbers->has[NUMBER_TEXTREL] || flags & DF_TEXTREL)
		info->hardening |= HARDEN_TEXTREL;
	if (flags_1 & DF_1_PIE)
		info->hardening |= HARDEN_PIE;
	info->no_default_library = flags_1 & DF_1_NODEFLIB;
}

/* Where there are no sections to count by. */
static void count_relocations(struct elf_reader *reader, const struct numbers *numbers)
{
	uint64_t word = reader->info->class / 8u;
	uint64_t plt = numbers->value[NUMBER_PLTREL] == DT_RELA ? 3 : 2;
	uint64_t tables[][2] = {
		{ numbers->value[NUMBER_RELSZ], 2 },
		{ numbers->value[NUMBER_RELASZ], 3 },
		{ numbers->value[NUMBER_PLTRELSZ], plt },
	};

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		if (tables[i][0] <= reader->size)
			reader->info->relocation_count +=
				tables[i][0] / (word * tables[i][1]);
}

static bool load_strings(struct elf_reader *reader, const struct numbers *numbers,
			 struct elf_dynamic_tables *tables)
{
	uint64_t max = STRINGS_DEFAULT;

	/* ld.so does not look at DT_STRSZ, and linkers of 2000 wrote it too small */
	if (numbers->has[NUMBER_STRSZ])
		max = MIN2(numbers->value[NUMBER_STRSZ], reader->size) + STRINGS_SLACK;
	tables->strings = reader_at(reader, numbers->value[NUMBER_STRTAB], max,
				    &tables->strings_len);
	return tables->strings != NULL;
}

static void read_tables(struct elf_reader *reader, Elf_Data *data,
			const struct numbers *numbers)
{
	struct elf_dynamic_tables tables = {
		.symtab = numbers->value[NUMBER_SYMTAB],
		.hash = numbers->value[NUMBER_HASH],
		.gnu_hash = numbers->value[NUMBER_GNU_HASH],
		.verneed = numbers->value[NUMBER_VERNEED],
		.verneed_count = numbers->value[NUMBER_VERNEEDNUM],
		.verdef = numbers->value[NUMBER_VERDEF],
		.verdef_count = numbers->value[NUMBER_VERDEFNUM],
	};
	GElf_Dyn dyn;

	/* address 0 would be read instead, which is the ELF header */
	if (!numbers->has[NUMBER_STRTAB]) {
		reader_bad(reader, "the dynamic section has no string table");
		return;
	}
	if (!load_strings(reader, numbers, &tables)) {
		reader_bad(reader, "the dynamic string table lies outside of the file");
		return;
	}
	for (int i = 0; gelf_getdyn(data, i, &dyn) && dyn.d_tag != DT_NULL; i++)
		take_name(reader, &dyn, &tables);
	elfpart_imports(reader, &tables);
	elfpart_versions(reader, &tables);
}

void elfpart_dynamic(struct elf_reader *reader, uint64_t offset, uint64_t len)
{
	struct numbers numbers = { 0 };
	uint64_t entry = reader->info->class / 4u; /* a tag and a word */
	Elf_Data *data = NULL;
	GElf_Dyn dyn;

	/* libelf converts the byte order of whole entries only */
	len -= len % entry;
	if (len <= DYNAMIC_MAX)
		data = reader_data(reader, offset, len, ELF_T_DYN);
	if (!data) {
		reader_bad(reader, "the dynamic section lies outside of the file");
		return;
	}
	reader->info->is_dynamic = true;
	for (int i = 0; gelf_getdyn(data, i, &dyn) && dyn.d_tag != DT_NULL; i++)
		take_number(&numbers, &dyn);
	take_flags(reader, &numbers);
	if (reader->section_count == 0)
		count_relocations(reader, &numbers);
	read_tables(reader, data, &numbers);
}
