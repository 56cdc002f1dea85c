/*
 * elf_maker – small ELF files of any class, byte order and machine, without a compiler.
 *
 *	struct elf_maker maker = { .class = 32, .big_endian = true, .machine = 20,
 *				   .soname = "liba.so.1", .needed = { "libb.so.1" } };
 *	struct strbuf bytes = { 0 };
 *
 *	elf_make(&maker, &bytes);
 *
 * They have program headers and a dynamic section, and no section headers, as a file
 * after sstrip. Addresses equal offsets. What is zero has a default: class 64, machine 62
 * (x86-64), type 3 (ET_DYN).
 */
#pragma once

#include "base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

#define ELF_MAKER_LIST 8

struct elf_maker {
	int class;
	bool big_endian;
	uint16_t machine, type;
	const char *interpreter, *soname, *rpath, *runpath, *audit, *filter, *auxiliary;
	const char *needed[ELF_MAKER_LIST];
	uint64_t flags_1; /* DT_FLAGS_1 */
	bool no_strtab;	  /* leave DT_STRTAB out: names have no table */
	const void *data; /* bytes of a writable segment */
	size_t data_len;
	const void *note; /* bytes of a PT_NOTE segment */
	size_t note_len;
	uint64_t data_at; /* set by elf_make(): address of data */
};

/** Append the file to an empty @p out. */
void elf_make(struct elf_maker *maker, struct strbuf *out);
