/* What the program headers say: how the kernel and ld.so see the file. */
#include "analyzer/elf_reader.h"

#include <string.h>

#define NOTE_SEGMENTS_MAX 16

struct segments_seen {
	GElf_Phdr dynamic;
	bool has_dynamic, has_stack, executable_stack, has_relro;
	unsigned int note_count;
};

static void take_interpreter(struct elf_reader *reader, const GElf_Phdr *segment)
{
	const uint8_t *bytes =
		segment->p_filesz > READER_TEXT_MAX
			? NULL
			: reader_bytes(reader, segment->p_offset, segment->p_filesz);
	const char *text =
		bytes ? reader_text(reader, bytes, segment->p_filesz, 0) : NULL;

	if (!text || !*text)
		reader_bad(reader, "the interpreter's name lies outside of the file");
	else if (!reader->info->interpreter)
		reader->info->interpreter = text;
}

/* Sizes in memory from the segments alone, for a file without section headers. */
static void weigh_segment(struct elf_reader *reader, const GElf_Phdr *segment)
{
	struct elfinfo *info = reader->info;

	uint64_t *sum = segment->p_flags & PF_X	  ? &info->text_bytes
			: segment->p_flags & PF_W ? &info->data_bytes
						  : &info->rodata_bytes;

	reader_weigh(sum, segment->p_filesz);
	if (segment->p_memsz > segment->p_filesz)
		reader_weigh(&info->bss_bytes, segment->p_memsz - segment->p_filesz);
}

static void take_segment(struct elf_reader *reader, const GElf_Phdr *segment,
			 struct segments_seen *seen)
{
	switch (segment->p_type) {
	case PT_DYNAMIC:
		if (!seen->has_dynamic)
			seen->dynamic = *segment;
		seen->has_dynamic = true;
		break;
	case PT_INTERP:
		take_interpreter(reader, segment);
		break;
	case PT_GNU_STACK:
		seen->has_stack = true;
		seen->executable_stack = segment->p_flags & PF_X;
		break;
	case PT_GNU_RELRO:
		seen->has_relro = true;
		break;
	case PT_NOTE:
		if (seen->note_count++ < NOTE_SEGMENTS_MAX)
			elfpart_notes(reader, segment->p_offset, segment->p_filesz,
				      segment->p_align);
		break;
	case PT_LOAD:
		if (segment->p_offset > reader->size ||
		    segment->p_filesz > reader->size - segment->p_offset)
			reader_bad(reader, "is cut off: a segment ends behind it");
		if (reader->section_count == 0)
			weigh_segment(reader, segment);
		break;
	default:
		break;
	}
}

/* A program without section headers: Go puts its build information first in the data. */
static void find_go_in_data(struct elf_reader *reader)
{
	for (size_t i = 0; i < reader->segment_count; i++) {
		GElf_Phdr segment;

		if (!gelf_getphdr(reader->elf, (int)i, &segment))
			return;
		if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_W))
			continue;
		elfpart_go(reader, segment.p_offset,
			   MIN2(segment.p_filesz, (uint64_t)65536));
		return;
	}
}

void elfpart_segments(struct elf_reader *reader)
{
	struct elfinfo *info = reader->info;
	struct segments_seen seen = { 0 };

	/* the segments of a debug file describe the file it was split from */
	if (info->is_debug_file)
		return;
	for (size_t i = 0; i < reader->segment_count; i++) {
		GElf_Phdr segment;

		if (!gelf_getphdr(reader->elf, (int)i, &segment)) {
			reader_bad(reader, "program headers: %s", elf_errmsg(-1));
			break;
		}
		take_segment(reader, &segment, &seen);
	}
	if (seen.has_stack && !seen.executable_stack)
		info->hardening |= HARDEN_NX;
	if (seen.has_relro)
		info->hardening |= HARDEN_RELRO;
	if (seen.has_dynamic)
		elfpart_dynamic(reader, seen.dynamic.p_offset, seen.dynamic.p_filesz);
	if (reader->section_count == 0 && reader->header.e_type != ET_CORE)
		find_go_in_data(reader);
}
