/*
 * elf_info – what one ELF file says of itself, as plain data.
 *
 * Texts are borrowed from a string pool that outlives the struct (one for each thread:
 * see elf_pass.h) and may be any bytes of the root. A file can be damaged in one place
 * and fine in others: then `bad` names the first damage, and everything that could be
 * read is here all the same. ld.so reads program headers, never section headers; so does
 * this for all that decides how a program runs, and the sections only weigh.
 */
#pragma once

#include "base/array.h"
#include "base/strpool.h"
#include "graph/model.h"

#include <stdbool.h>

struct text_list {
	const char **data;
	size_t len, cap;
};

struct elfinfo_version {
	const char *soname; /* of the file that must have it; "" for a definition */
	const char *version;
};

/** What modinfo shows; "" for a field that the module has not. */
struct module_info {
	const char *name;	   /* as modprobe knows it: '-' is '_' */
	const char *vermagic;	   /* kernel release and options it was built for */
	struct text_list depends;  /* module names */
	struct text_list softdeps; /* as written: "pre: a b post: c" */
	struct text_list firmware; /* below /lib/firmware; may hold '*' */
	size_t alias_count;
};

struct elfinfo {
	size_t entry;	 /* index into the tree (set by elf_pass) */
	const char *bad; /* what is damaged, one phrase; NULL: nothing */
	bool has_header; /* class, byte order, machine and type are known */
	bool big_endian;
	uint8_t class;		 /* 32 or 64 */
	uint8_t type;		 /* enum elf_type */
	uint16_t machine_number; /* EM_* */
	const char *machine;	 /* "x86_64", "aarch64", ..., "em-<number>" */
	const char *compression; /* "xz" ... for a compressed kernel module; NULL */

	/* from the program headers and the dynamic section; NULL: none */
	const char *soname, *interpreter, *runpath, *rpath;
	const char *audit, *depaudit; /* colon-separated lists, as written */
	struct text_list needed, filter, auxiliary;
	ARRAY_OF(struct elfinfo_version) versions;
	bool is_dynamic;	 /* has a dynamic section */
	bool is_static;		 /* a program that runs without an interpreter */
	bool has_dlopen;	 /* imports dlopen or dlmopen */
	bool no_default_library; /* DF_1_NODEFLIB: not in the default folders */
	uint32_t hardening;	 /* HARDEN_* */
	uint64_t relocation_count;

	/* from notes and sections */
	const char *build_id;	       /* lower case hexadecimal digits */
	struct text_list dlopen_notes; /* JSON of .note.dlopen, not yet parsed */
	bool is_stripped;
	bool is_debug_file; /* only debug information of another file */
	uint64_t text_bytes, rodata_bytes, relro_bytes, data_bytes, bss_bytes,
		debug_bytes; /* what strip would remove */

	uint64_t literals_offset, literals_len; /* .rodata in the file; len 0: none */

	/* from .go.buildinfo; NULL: not a Go program */
	const char *go_toolchain; /* "go1.22.3" */
	const char *go_module;	  /* path of the main module, else of the main package */
	const char *go_version;	  /* of that module, "" when unknown */

	struct module_info *module; /* owned; NULL unless a kernel module */
};

/** Free what @p info owns (lists; not the texts). */
void elfinfo_release(struct elfinfo *info);
/** "x86_64" for EM_X86_64 ...; NULL for a machine that has no name here. */
const char *elfinfo_machine_name(uint16_t number, uint8_t class, bool big_endian);
/** True for files that ld.so could load: a program or library of a known machine. */
bool elfinfo_is_loadable(const struct elfinfo *info);
