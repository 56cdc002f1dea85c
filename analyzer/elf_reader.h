/*
 * elf_reader – one open ELF file while it is scanned: bytes with limits, addresses,
 * texts. Internal to analyzer/elf_*.c, which share the work by the part of the file.
 *
 * Nothing here fails loudly: what cannot be read is NULL or false, and the first damage
 * is kept in info->bad.
 */
#pragma once

#include "analyzer/elf_info.h"

#include <gelf.h>

#define READER_BUDGET	(64u << 20) /* bytes taken from one file, all together */
#define READER_TEXT_MAX 4096	    /* a soname, a path */
#define READER_LIST_MAX 4096	    /* entries of one list */

struct elf_reader {
	Elf *elf;
	GElf_Ehdr header;
	uint64_t size;	 /* of the file */
	uint64_t budget; /* bytes that may still be read */
	size_t segment_count, section_count;
	const char *names; /* section names; NULL: none */
	size_t names_len;
	struct strpool *pool;
	struct elfinfo *info;
};

/** Note damage: the first text stays. */
void reader_bad(struct elf_reader *reader, const char *fmt, ...) _printf_(2, 3);
/** Bytes of the file, valid until the reader ends; NULL outside of it or over budget. */
const uint8_t *reader_bytes(struct elf_reader *reader, uint64_t offset, uint64_t len);
/** The same with a type, so that libelf's accessors (gelf_getdyn ...) can be used. */
Elf_Data *reader_data(struct elf_reader *reader, uint64_t offset, uint64_t len,
		      Elf_Type type);
/**
 * Where an address of the running program lies in the file.
 * @param ret_len  bytes from there to the end of the segment's part in the file
 */
bool reader_address(struct elf_reader *reader, uint64_t address, uint64_t *ret_offset,
		    uint64_t *ret_len);
/** Bytes at an address, at most @p max; *ret_len says how many there are. */
const uint8_t *reader_at(struct elf_reader *reader, uint64_t address, uint64_t max,
			 uint64_t *ret_len);
/** The NUL-terminated text at table[at] as a pool text; NULL when it has no end there. */
const char *reader_text(struct elf_reader *reader, const uint8_t *table, uint64_t len,
			uint64_t at);
/** Append to a list, at most READER_LIST_MAX entries. */
void reader_list_add(struct elf_reader *reader, struct text_list *list, const char *text);
/** Add to a sum of sizes that a damaged file may make absurd: it stays below 2^62. */
void reader_weigh(uint64_t *sum, uint64_t bytes);
/** Numbers in the file's byte order. */
uint16_t reader_u16(const struct elf_reader *reader, const uint8_t *p);
uint32_t reader_u32(const struct elf_reader *reader, const uint8_t *p);
/** A word of the file's class: 4 or 8 bytes. */
uint64_t reader_word(const struct elf_reader *reader, const uint8_t *p);
/** Section header @p index and its name ("" when it has none); false: damaged. */
bool reader_section(struct elf_reader *reader, size_t index, GElf_Shdr *ret,
		    const char **ret_name);

/* The parts, in the order in which elfscan_* calls them. */
void elfpart_sections(struct elf_reader *reader); /* elf_sections.c */
void elfpart_segments(struct elf_reader *reader); /* elf_segments.c */
void elfpart_dynamic(struct elf_reader *reader, uint64_t offset,
		     uint64_t len); /* elf_dynamic.c */
void elfpart_notes(struct elf_reader *reader, uint64_t offset, uint64_t len,
		   uint64_t align); /* elf_notes.c */
void elfpart_modinfo(struct elf_reader *reader, uint64_t offset,
		     uint64_t len); /* elf_notes.c */
void elfpart_go(struct elf_reader *reader, uint64_t offset, uint64_t len); /* elf_go.c */

/** Undefined symbols and versions; see elf_symbols.c. */
struct elf_dynamic_tables {
	const uint8_t *strings; /* dynamic string table */
	uint64_t strings_len;
	uint64_t symtab, hash, gnu_hash; /* addresses, 0: none */
	uint64_t verneed, verneed_count, verdef, verdef_count;
};
void elfpart_imports(struct elf_reader *reader, const struct elf_dynamic_tables *tables);
void elfpart_versions(struct elf_reader *reader, const struct elf_dynamic_tables *tables);
