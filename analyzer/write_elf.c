#include "analyzer/write_elf.h"

static int write_versions(struct store *st, const struct elfinfo *info, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < info->versions.len; i++)
		r = store_add_elf_version(st, (file_id)info->entry + 1,
					  info->versions.data[i].soname,
					  info->versions.data[i].version, err);
	return r;
}

static int write_info(struct store *st, const struct elfinfo *info, struct error *err)
{
	return store_add_elf(st,
			     &(struct elf_row){
				     .file = (file_id)info->entry + 1,
				     .class = info->class,
				     .big_endian = info->big_endian,
				     .machine = info->machine,
				     .type = info->type,
				     .soname = info->soname,
				     .interpreter = info->interpreter,
				     .runpath = info->runpath,
				     .rpath = info->rpath,
				     .build_id = info->build_id,
				     .is_static = info->is_static,
				     .is_stripped = info->is_stripped,
				     .has_dlopen = info->has_dlopen,
				     .go_module = info->go_module,
				     .go_version = info->go_version,
				     .hardening = info->hardening,
				     .text_bytes = info->text_bytes,
				     .rodata_bytes = info->rodata_bytes,
				     .relro_bytes = info->relro_bytes,
				     .data_bytes = info->data_bytes,
				     .bss_bytes = info->bss_bytes,
				     .debug_bytes = info->debug_bytes,
				     .relocation_count = info->relocation_count,
			     },
			     err);
}

int write_elf(struct store *st, const struct elf_table *elf,
	      const struct linker_result *links, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < elf->infos.len; i++) {
		/* a file too damaged to have a class is a finding, not a row */
		if (!elf->infos.data[i].has_header)
			continue;
		r = write_info(st, &elf->infos.data[i], err);
		if (r == 0)
			r = write_versions(st, &elf->infos.data[i], err);
	}
	for (size_t i = 0; r == 0 && i < links->needed.len; i++)
		r = store_add_needed(st, &links->needed.data[i], err);
	return r;
}
