/* The ELF pass over a root: the table, categories, compressed modules, damage. */
#include "analyzer/elf_pass.h"

#include "base/mem.h"
#include "tests/unit/support/linker_fixture.h"
#include "tests/unit/support/test.h"

#include <elf.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define ROOM 65536

static const struct elfinfo *info_of(struct linker_fixture *f, const char *path)
{
	const struct tree_entry *entry = tree_find(&f->tree, path);

	assert_non_null(entry);
	return elfpass_info(&f->elf, entry);
}

static void add_packed(struct linker_fixture *f, struct strbuf *module)
{
	_cleanup_(freep) uint8_t *out = mem_alloc(ROOM);
	const uint8_t *in = (const uint8_t *)module->data;
	z_stream z = { .next_in = (uint8_t *)module->data,
		       .avail_in = (unsigned int)module->len,
		       .next_out = out,
		       .avail_out = ROOM };
	size_t len = 0;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	tempdir_bytes(&f->dir, "m/gz-mod.ko.gz", out, z.total_out);
	len = ZSTD_compress(out, ROOM, in, module->len, 3);
	tempdir_bytes(&f->dir, "m/zst-mod.ko.zst", out, len);
	len = 0;
	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, in,
						 module->len, out, &len, ROOM),
			 LZMA_OK);
	tempdir_bytes(&f->dir, "m/xz-mod.ko.xz", out, len);
	tempdir_bytes(&f->dir, "m/cut.ko.xz", out, len / 2);
	tempdir_bytes(&f->dir, "m/no-module.xz", out, len);
}

static void a_root_becomes_a_table(void **state)
{
	struct elf_maker object = { .type = ET_REL };
	struct strbuf module = { 0 };
	struct linker_fixture f;
	size_t last = 0;

	(void)state;
	linker_fixture_init(&f);
	elf_make(&object, &module);
	add_packed(&f, &module);
	tempdir_bytes(&f.dir, "m/plain.o", module.data, module.len);
	tempdir_bytes(&f.dir, "m/cut.so", module.data, 30);
	tempdir_file(&f.dir, "m/text.ko.xz", "no xz at all");
	linker_fixture_elf(&f, "bin/x", &(struct elf_maker){ .interpreter = LOADER });
	linker_fixture_run(&f);

	assert_int_equal(info_of(&f, "/bin/x")->type, ELF_PIE);
	assert_int_equal(tree_find(&f.tree, "/bin/x")->category, CATEGORY_EXECUTABLE);
	assert_int_equal(tree_find(&f.tree, "/m/plain.o")->category, CATEGORY_OBJECT);
	assert_string_equal(info_of(&f, "/m/xz-mod.ko.xz")->compression, "xz");
	assert_string_equal(info_of(&f, "/m/gz-mod.ko.gz")->compression, "gzip");
	assert_string_equal(info_of(&f, "/m/zst-mod.ko.zst")->compression, "zstd");
	assert_int_equal(info_of(&f, "/m/xz-mod.ko.xz")->type, ELF_RELOCATABLE);
	assert_null(info_of(&f, "/m/xz-mod.ko.xz")->bad);
	assert_null(info_of(&f, "/m/no-module.xz"));
	assert_null(info_of(&f, "/m/text.ko.xz"));
	assert_non_null(info_of(&f, "/m/cut.so")->bad);
	assert_true(linker_fixture_finding(&f, "bad-elf", "shorter than an ELF header"));
	assert_true(linker_fixture_finding(&f, "bad-elf", "ends too early"));
	array_each (&f.elf.infos, i) {
		assert_true(i == 0 || f.elf.infos.data[i].entry > last);
		last = f.elf.infos.data[i].entry;
	}
	linker_fixture_release(&f);
	strbuf_release(&module);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_root_becomes_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
