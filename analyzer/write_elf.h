/*
 * write_elf – the results of the ELF and linker passes as rows, by file.
 */
#pragma once

#include "analyzer/elf_pass.h"
#include "analyzer/linker.h"

int write_elf(struct store *st, const struct elf_table *elf,
	      const struct linker_result *links, struct error *err);
