#include "analyzer/elf_scan.h"

#include "analyzer/elf_reader.h"
#include "base/io.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define SECTIONS_MAX	  (1u << 18)
#define SEGMENTS_MAX	  (1u << 17)
#define SECTION_NAMES_MAX (16u << 20)

/* Where the bytes come from, for the look before libelf sees them. */
struct source {
	int fd;
	uint8_t *data; /* instead of fd */
	uint64_t size;
};

static bool source_read(const struct source *source, uint64_t offset, uint8_t *buf,
			size_t len)
{
	if (offset > source->size || len > source->size - offset)
		return false;
	if (!source->data)
		return io_pread(source->fd, buf, len, (off_t)offset) == (ssize_t)len;
	memcpy(buf, source->data + offset, len);
	return true;
}

int elfscan_start(void)
{
	return elf_version(EV_CURRENT) == EV_NONE ? -ENOTSUP : 0;
}

bool elfscan_looks_like(const uint8_t *head, size_t len)
{
	return len >= SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0;
}

/* Class, byte order and machine, which hold however damaged the rest is. */
static bool read_header(struct elf_reader *reader, const uint8_t *head)
{
	struct elfinfo *info = reader->info;

	if (head[EI_CLASS] != ELFCLASS32 && head[EI_CLASS] != ELFCLASS64) {
		reader_bad(reader, "unknown ELF class %u", head[EI_CLASS]);
		return false;
	}
	if (head[EI_DATA] != ELFDATA2LSB && head[EI_DATA] != ELFDATA2MSB) {
		reader_bad(reader, "unknown byte order %u", head[EI_DATA]);
		return false;
	}
	info->class = head[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	info->big_endian = head[EI_DATA] == ELFDATA2MSB;
	info->machine_number = reader_u16(reader, head + 18);
	info->machine =
		elfinfo_machine_name(info->machine_number, info->class, info->big_endian);
	if (!info->machine) {
		char name[16];

		snprintf(name, sizeof(name), "em-%u", info->machine_number);
		info->machine =
			strpool_text(reader->pool, strpool_add(reader->pool, name));
	}
	info->has_header = true;
	return true;
}

/*
 * libelf takes memory for as many sections and segments as the file says there are. The
 * ordinary counts have 16 bits; larger ones stand in section 0, where a hostile file may
 * say anything.
 */
static bool counts_are_sane(struct elf_reader *reader, const struct source *source,
			    const uint8_t *head)
{
	bool is_64 = reader->info->class == 64;
	uint64_t table = reader_word(reader, head + (is_64 ? 40 : 32));
	uint16_t segments = reader_u16(reader, head + (is_64 ? 56 : 44));
	uint16_t sections = reader_u16(reader, head + (is_64 ? 60 : 48));
	uint8_t first[sizeof(Elf64_Shdr)] = { 0 };

	if (table == 0 || (sections != 0 && segments != PN_XNUM))
		return true;
	if (!source_read(source, table, first,
			 is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr))) {
		reader_bad(reader, "section headers lie outside of the file");
		return false;
	}
	if (sections == 0 &&
	    reader_word(reader, first + (is_64 ? 32 : 20)) > SECTIONS_MAX) {
		reader_bad(reader, "more than %u sections", SECTIONS_MAX);
		return false;
	}
	if (segments == PN_XNUM &&
	    reader_u32(reader, first + (is_64 ? 44 : 28)) > SEGMENTS_MAX) {
		reader_bad(reader, "more than %u segments", SEGMENTS_MAX);
		return false;
	}
	return true;
}

static void load_section_names(struct elf_reader *reader)
{
	GElf_Shdr names;
	const char *unused;
	size_t index;

	if (elf_getshdrnum(reader->elf, &reader->section_count) < 0) {
		reader_bad(reader, "section headers: %s", elf_errmsg(-1));
		reader->section_count = 0;
	}
	if (reader->section_count == 0)
		return;
	if (!reader_section(reader, 0, &names, &unused)) {
		reader_bad(reader, "section headers: %s", elf_errmsg(-1));
		reader->section_count = 0;
		return;
	}
	if (elf_getshdrstrndx(reader->elf, &index) < 0 || index == SHN_UNDEF)
		return;
	if (!reader_section(reader, index, &names, &unused) ||
	    names.sh_type == SHT_NOBITS || names.sh_size > SECTION_NAMES_MAX)
		return;
	reader->names =
		(const char *)reader_bytes(reader, names.sh_offset, names.sh_size);
	reader->names_len = reader->names ? names.sh_size : 0;
}

/* What the type in the header and the parts found make of it. */
static enum elf_type final_type(const struct elf_reader *reader)
{
	const struct elfinfo *info = reader->info;

	switch (reader->header.e_type) {
	case ET_REL:
		return info->module ? ELF_MODULE : ELF_RELOCATABLE;
	case ET_EXEC:
		return ELF_EXECUTABLE;
	case ET_CORE:
		return ELF_CORE;
	case ET_DYN:
		/* before DF_1_PIE (2015) only this told a program from a library */
		if (info->interpreter && !info->soname)
			return ELF_PIE;
		return info->hardening & HARDEN_PIE ? ELF_PIE : ELF_SHARED;
	default:
		return ELF_OTHER;
	}
}

static void read_parts(struct elf_reader *reader)
{
	struct elfinfo *info = reader->info;

	if (!gelf_getehdr(reader->elf, &reader->header)) {
		reader_bad(reader, "ELF header: %s", elf_errmsg(-1));
		return;
	}
	if (elf_getphdrnum(reader->elf, &reader->segment_count) < 0) {
		reader_bad(reader, "program headers: %s", elf_errmsg(-1));
		reader->segment_count = 0;
	}
	/* libelf quietly leaves out those behind the end */
	if (reader->header.e_phnum != PN_XNUM &&
	    reader->segment_count < reader->header.e_phnum)
		reader_bad(reader, "is cut off: program headers lie outside of the file");
	load_section_names(reader);
	elfpart_sections(reader);
	elfpart_segments(reader);
	info->type = (uint8_t)final_type(reader);
	if (info->type == ELF_PIE)
		info->hardening |= HARDEN_PIE;
	info->is_static = (info->type == ELF_EXECUTABLE || info->type == ELF_PIE) &&
			  !info->interpreter && info->needed.len == 0 &&
			  !info->is_debug_file;
}

static void elf_endp(Elf **elf)
{
	elf_end(*elf);
}

/* The header is looked at before libelf opens the file, see counts_are_sane(). */
static int scan(const struct source *source, struct strpool *pool, struct elfinfo *info)
{
	struct elf_reader reader = {
		.size = source->size, .budget = READER_BUDGET, .pool = pool, .info = info
	};
	_cleanup_(elf_endp) Elf *elf = NULL;
	uint8_t head[sizeof(Elf64_Ehdr)];

	info->machine = "";
	info->type = ELF_OTHER;
	if (!source_read(source, 0, head, SELFMAG) || !elfscan_looks_like(head, SELFMAG))
		return 1;
	memset(head, 0, sizeof(head));
	if (!source_read(source, 0, head, sizeof(Elf32_Ehdr)) ||
	    (head[EI_CLASS] == ELFCLASS64 &&
	     !source_read(source, 0, head, sizeof(Elf64_Ehdr)))) {
		reader_bad(&reader, "shorter than an ELF header");
		return 0;
	}
	if (!read_header(&reader, head) || !counts_are_sane(&reader, source, head))
		return 0;
	if (source->data)
		elf = elf_memory((char *)source->data, source->size);
	else
		elf = elf_begin(source->fd, ELF_C_READ, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF) {
		reader_bad(&reader, "%s",
			   elf ? "not a known ELF version" : elf_errmsg(-1));
		return 0;
	}
	reader.elf = elf;
	read_parts(&reader);
	return 0;
}

int elfscan_fd(int fd, uint64_t size, struct strpool *pool, struct elfinfo *info)
{
	struct source source = { .fd = fd, .size = size };

	return scan(&source, pool, info);
}

int elfscan_memory(uint8_t *data, size_t len, struct strpool *pool, struct elfinfo *info)
{
	struct source source = { .fd = -1, .data = data, .size = len };

	return scan(&source, pool, info);
}
