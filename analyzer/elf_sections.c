/* What the section headers say: weights, symbol tables, where notes and modinfo lie. */
#include "analyzer/elf_reader.h"

#include "base/text.h"

#include <string.h>

#define NOTE_SECTIONS_MAX 64
#define RELR_MAX	  (4u << 20)

/* Bytes that become read-only after relocation. */
struct relro_range {
	uint64_t from, to;
};

static struct relro_range find_relro(struct elf_reader *reader)
{
	for (size_t i = 0; i < reader->segment_count; i++) {
		GElf_Phdr segment;
		uint64_t to;

		if (!gelf_getphdr(reader->elf, (int)i, &segment))
			break;
		if (segment.p_type != PT_GNU_RELRO)
			continue;
		if (__builtin_add_overflow(segment.p_vaddr, segment.p_memsz, &to))
			to = UINT64_MAX;
		return (struct relro_range){ segment.p_vaddr, to };
	}
	return (struct relro_range){ 0, 0 };
}

static void weigh_loaded(struct elfinfo *info, const GElf_Shdr *section,
			 const struct relro_range *relro)
{
	uint64_t *sum;

	if (section->sh_type == SHT_NOBITS)
		sum = &info->bss_bytes;
	else if (section->sh_flags & SHF_EXECINSTR)
		sum = &info->text_bytes;
	else if (!(section->sh_flags & SHF_WRITE))
		sum = &info->rodata_bytes;
	else if (section->sh_addr >= relro->from && section->sh_addr < relro->to)
		sum = &info->relro_bytes;
	else
		sum = &info->data_bytes;
	reader_weigh(sum, section->sh_size);
}

static bool is_debug_name(const char *name)
{
	static const char *const prefixes[] = {
		".debug_",	  ".zdebug_",	  ".stab",
		".gnu.debuglto_", ".rela.debug_", ".rel.debug_",
	};

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (text_starts(name, prefixes[i]))
			return true;
	return false;
}

/* An even word is the address of one relocation, an odd one has a bit for each. */
static void count_relr(struct elf_reader *reader, const GElf_Shdr *section)
{
	uint64_t each = reader->info->class / 8u;
	const uint8_t *words;

	if (section->sh_size > RELR_MAX)
		return;
	words = reader_bytes(reader, section->sh_offset, section->sh_size);
	for (uint64_t i = 0; words && i + each <= section->sh_size; i += each) {
		uint64_t word = reader_word(reader, words + i);

		reader->info->relocation_count +=
			word & 1 ? (unsigned int)__builtin_popcountll(word) - 1 : 1;
	}
}

/* What would be applied; not what a link editor left behind (--emit-relocs). */
static void count_relocations(struct elf_reader *reader, const GElf_Shdr *section)
{
	uint64_t words = section->sh_type == SHT_RELA ? 3 : 2;

	if (!(section->sh_flags & SHF_ALLOC) && reader->header.e_type != ET_REL)
		return;
	if (section->sh_type == SHT_RELR)
		count_relr(reader, section);
	else
		reader->info->relocation_count +=
			section->sh_size / (words * (reader->info->class / 8u));
}

/* The symbol table with its strings, which strip removes, but never from a file to link.
 */
static void weigh_symbols(struct elf_reader *reader, const GElf_Shdr *section)
{
	GElf_Shdr strings;
	const char *unused;

	if (reader->header.e_type == ET_REL)
		return;
	reader_weigh(&reader->info->debug_bytes, section->sh_size);
	if (reader_section(reader, section->sh_link, &strings, &unused) &&
	    strings.sh_type == SHT_STRTAB && !(strings.sh_flags & SHF_ALLOC))
		reader_weigh(&reader->info->debug_bytes, strings.sh_size);
}

struct sections_seen {
	struct relro_range relro;
	bool has_symbols, has_debug, code_is_elsewhere;
	unsigned int note_count;
};

static void take_by_type(struct elf_reader *reader, const GElf_Shdr *section,
			 struct sections_seen *seen)
{
	switch (section->sh_type) {
	case SHT_SYMTAB:
		seen->has_symbols = true;
		weigh_symbols(reader, section);
		break;
	case SHT_REL:
	case SHT_RELA:
	case SHT_RELR:
		count_relocations(reader, section);
		break;
	case SHT_NOTE:
		if ((reader->header.e_type == ET_REL || seen->code_is_elsewhere) &&
		    seen->note_count++ < NOTE_SECTIONS_MAX)
			elfpart_notes(reader, section->sh_offset, section->sh_size,
				      section->sh_addralign);
		break;
	default:
		break;
	}
}

static void take_by_name(struct elf_reader *reader, const GElf_Shdr *section,
			 const char *name, struct sections_seen *seen)
{
	bool loaded = section->sh_flags & SHF_ALLOC;

	if (!loaded && is_debug_name(name)) {
		seen->has_debug = true;
		reader_weigh(&reader->info->debug_bytes, section->sh_size);
	} else if (reader->header.e_type == ET_REL) {
		if (strcmp(name, ".modinfo") == 0)
			elfpart_modinfo(reader, section->sh_offset, section->sh_size);
	} else if (strcmp(name, ".go.buildinfo") == 0) {
		elfpart_go(reader, section->sh_offset, section->sh_size);
	} else if (strcmp(name, ".rodata") == 0) {
		reader->info->literals_offset = section->sh_offset;
		reader->info->literals_len = section->sh_size;
	}
}

static void take_section(struct elf_reader *reader, const GElf_Shdr *section,
			 const char *name, struct sections_seen *seen)
{
	if (section->sh_flags & SHF_ALLOC)
		weigh_loaded(reader->info, section, &seen->relro);
	if (section->sh_type == SHT_NOBITS || section->sh_type == SHT_NULL)
		return;
	if (section->sh_offset > reader->size ||
	    section->sh_size > reader->size - section->sh_offset) {
		reader_bad(reader, "section '%s' lies outside of the file", name);
		return;
	}
	take_by_type(reader, section, seen);
	take_by_name(reader, section, name, seen);
}

/*
 * objcopy --only-keep-debug leaves every header in place and takes the contents: code
 * that fills no bytes of the file is the sign of it.
 */
static bool is_debug_file(struct elf_reader *reader)
{
	for (size_t i = 1; i < reader->section_count; i++) {
		GElf_Shdr section;
		const char *name;

		if (!reader_section(reader, i, &section, &name))
			return false;
		if (section.sh_flags & SHF_ALLOC && section.sh_size &&
		    (section.sh_flags & SHF_EXECINSTR || strcmp(name, ".dynamic") == 0))
			return section.sh_type == SHT_NOBITS;
	}
	return false;
}

void elfpart_sections(struct elf_reader *reader)
{
	struct elfinfo *info = reader->info;
	struct sections_seen seen = { .relro = find_relro(reader) };

	info->is_debug_file = is_debug_file(reader);
	seen.code_is_elsewhere = info->is_debug_file;
	for (size_t i = 1; i < reader->section_count; i++) {
		GElf_Shdr section;
		const char *name;

		if (!reader_section(reader, i, &section, &name)) {
			reader_bad(reader, "section header %zu: %s", i, elf_errmsg(-1));
			break;
		}
		take_section(reader, &section, name, &seen);
	}
	info->is_stripped =
		!seen.has_debug && (!seen.has_symbols || reader->header.e_type == ET_REL);
	if (info->is_debug_file)
		info->text_bytes = info->rodata_bytes = info->relro_bytes =
			info->data_bytes = info->bss_bytes = 0;
}
