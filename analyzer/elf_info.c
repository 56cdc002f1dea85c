#include "analyzer/elf_info.h"

#include <elf.h>
#include <stdlib.h>

struct machine_name {
	uint16_t number;
	uint8_t class;	   /* 0: any */
	int8_t big_endian; /* -1: any */
	const char *name;
};

/* The names that uname and RPM use; the first match counts. */
static const struct machine_name MACHINES[] = {
	{ EM_X86_64, 0, -1, "x86_64" },
	{ EM_386, 0, -1, "i386" },
	{ EM_AARCH64, 0, 1, "aarch64_be" },
	{ EM_AARCH64, 0, -1, "aarch64" },
	{ EM_ARM, 0, 1, "armeb" },
	{ EM_ARM, 0, -1, "arm" },
	{ EM_PPC64, 0, 0, "ppc64le" },
	{ EM_PPC64, 0, -1, "ppc64" },
	{ EM_PPC, 0, -1, "ppc" },
	{ EM_S390, 64, -1, "s390x" },
	{ EM_S390, 0, -1, "s390" },
	{ EM_RISCV, 64, -1, "riscv64" },
	{ EM_RISCV, 32, -1, "riscv32" },
	{ 258 /* EM_LOONGARCH */, 64, -1, "loongarch64" },
	{ EM_MIPS, 64, 0, "mips64el" },
	{ EM_MIPS, 64, -1, "mips64" },
	{ EM_MIPS, 0, 0, "mipsel" },
	{ EM_MIPS, 0, -1, "mips" },
	{ EM_SPARCV9, 0, -1, "sparc64" },
	{ EM_SPARC32PLUS, 0, -1, "sparc" },
	{ EM_SPARC, 0, -1, "sparc" },
	{ EM_IA_64, 0, -1, "ia64" },
	{ EM_ALPHA, 0, -1, "alpha" },
	{ 0x9026, 0, -1, "alpha" },
	{ EM_PARISC, 0, -1, "hppa" },
	{ EM_68K, 0, -1, "m68k" },
	{ EM_SH, 0, -1, "sh" },
	{ EM_ARCV2, 0, -1, "arc" },
	{ EM_CSKY, 0, -1, "csky" },
	{ EM_OPENRISC, 0, -1, "openrisc" },
	{ EM_XTENSA, 0, -1, "xtensa" },
	{ EM_MICROBLAZE, 0, -1, "microblaze" },
	{ EM_ALTERA_NIOS2, 0, -1, "nios2" },
	{ EM_BPF, 0, -1, "bpf" },
	{ EM_AVR, 0, -1, "avr" },
};

const char *elfinfo_machine_name(uint16_t number, uint8_t class, bool big_endian)
{
	for (size_t i = 0; i < ARRAY_LEN(MACHINES); i++) {
		const struct machine_name *m = &MACHINES[i];

		if (m->number == number && (m->class == 0 || m->class == class) &&
		    (m->big_endian < 0 || m->big_endian == big_endian))
			return m->name;
	}
	return NULL;
}

static void module_free(struct module_info *module)
{
	if (!module)
		return;
	array_release(&module->depends);
	array_release(&module->softdeps);
	array_release(&module->firmware);
	free(module);
}

void elfinfo_release(struct elfinfo *info)
{
	array_release(&info->needed);
	array_release(&info->filter);
	array_release(&info->auxiliary);
	array_release(&info->versions);
	array_release(&info->dlopen_notes);
	module_free(info->module);
	*info = (struct elfinfo){ 0 };
}

bool elfinfo_is_loadable(const struct elfinfo *info)
{
	return info->has_header && !info->is_debug_file &&
	       (info->type == ELF_EXECUTABLE || info->type == ELF_PIE ||
		info->type == ELF_SHARED);
}
