/* Each format: whole, in several members, cut off, damaged, and more than allowed. */
#include "analyzer/decompress.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define PLAIN_LEN 200000
#define ROOM	  400000

static uint8_t plain[PLAIN_LEN];

static size_t pack_gzip(uint8_t *out, const uint8_t *in, size_t len)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)in,
		       .avail_in = (unsigned int)len,
		       .next_out = out,
		       .avail_out = ROOM };

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static size_t pack_xz(uint8_t *out, const uint8_t *in, size_t len)
{
	size_t out_len = 0;

	assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC32, NULL, in, len, out,
						 &out_len, ROOM),
			 LZMA_OK);
	return out_len;
}

static size_t pack_zstd(uint8_t *out, const uint8_t *in, size_t len)
{
	size_t out_len = ZSTD_compress(out, ROOM, in, len, 3);

	assert_false(ZSTD_isError(out_len));
	return out_len;
}

static const struct {
	enum compression kind;
	const char *name;
	size_t (*pack)(uint8_t *out, const uint8_t *in, size_t len);
} FORMATS[] = {
	{ COMPRESSION_GZIP, "gzip", pack_gzip },
	{ COMPRESSION_XZ, "xz", pack_xz },
	{ COMPRESSION_ZSTD, "zstd", pack_zstd },
};

static int set_up(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < PLAIN_LEN; i++) { /* half of it packs well */
		seed = seed * 1664525 + 1013904223;
		plain[i] = i % 2 ? (uint8_t)(seed >> 24) : 'a';
	}
	return 0;
}

static int unpack(enum compression kind, const uint8_t *in, size_t len, size_t max,
		  struct strbuf *out)
{
	struct decompressed plain_again;
	int r = decompress(in, len, kind, max, &plain_again, NULL);

	if (r < 0)
		return r;
	strbuf_add(out, plain_again.data, plain_again.len);
	free(plain_again.data);
	return 0;
}

static void what_went_in_comes_out(void **state)
{
	_cleanup_(freep) uint8_t *packed = mem_alloc(ROOM);

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };
		size_t len = FORMATS[f].pack(packed, plain, PLAIN_LEN);

		assert_int_equal(compression_of(packed, len), FORMATS[f].kind);
		assert_string_equal(compression_name(FORMATS[f].kind), FORMATS[f].name);
		assert_int_equal(unpack(FORMATS[f].kind, packed, len, 1 << 20, &out), 0);
		assert_int_equal(out.len, PLAIN_LEN);
		assert_memory_equal(out.data, plain, PLAIN_LEN);
	}
	assert_int_equal(compression_of((const uint8_t *)"\x7f"
							 "ELF..",
					6),
			 COMPRESSION_NONE);
	assert_int_equal(compression_of((const uint8_t *)"\x1f", 1), COMPRESSION_NONE);
}

static void members_follow_one_another(void **state)
{
	_cleanup_(freep) uint8_t *packed = mem_alloc(2 * ROOM);

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };
		size_t first = FORMATS[f].pack(packed, plain, 1000);
		size_t len = first + FORMATS[f].pack(packed + first, plain + 1000, 500);

		assert_int_equal(unpack(FORMATS[f].kind, packed, len, 1 << 20, &out), 0);
		assert_int_equal(out.len, 1500);
		assert_memory_equal(out.data, plain, 1500);
	}
}

static void the_ceiling_is_exact(void **state)
{
	_cleanup_(freep) uint8_t *packed = mem_alloc(ROOM);

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };
		size_t len = FORMATS[f].pack(packed, plain, PLAIN_LEN);

		assert_int_equal(unpack(FORMATS[f].kind, packed, len, PLAIN_LEN, &out),
				 0);
		assert_int_equal(
			unpack(FORMATS[f].kind, packed, len, PLAIN_LEN - 1, &out),
			-EFBIG);
		assert_int_equal(unpack(FORMATS[f].kind, packed, len, 0, &out), -EFBIG);
	}
}

static void damage_is_told(void **state)
{
	_cleanup_(freep) uint8_t *packed = mem_alloc(ROOM);

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(FORMATS); f++) {
		_cleanup_(strbuf_release) struct strbuf out = { 0 };
		size_t len = FORMATS[f].pack(packed, plain, 2000);

		for (size_t cut = 0; cut < len; cut++)
			assert_int_equal(
				unpack(FORMATS[f].kind, packed, cut, 1 << 20, &out),
				-EBADMSG);
		for (size_t i = 0; i < len; i += 7) {
			packed[i] ^= 0x55;
			/* headers have bytes that say nothing; it may succeed there */
			(void)unpack(FORMATS[f].kind, packed, len, 1 << 20, &out);
			packed[i] ^= 0x55;
		}
	}
}

static void a_file_is_read_up_to_the_ceiling(void **state)
{
	_cleanup_(freep) uint8_t *packed = mem_alloc(ROOM);
	size_t len = pack_xz(packed, plain, 3000);
	_cleanup_(closep) int fd = -1;
	struct error err = { 0 };
	struct tempdir dir;
	struct decompressed out;

	(void)state;
	tempdir_init(&dir);
	tempdir_bytes(&dir, "m.ko.xz", packed, len);
	fd = openat(dir.fd, "m.ko.xz", O_RDONLY | O_CLOEXEC);
	assert_int_equal(decompress_fd(fd, COMPRESSION_XZ, 4000, &out, &err), 0);
	assert_int_equal(out.len, 3000);
	free(out.data);
	assert_int_equal(decompress_fd(fd, COMPRESSION_XZ, 100, &out, &err), -EFBIG);
	assert_string_equal(err.text, "more than 100 bytes");
	tempdir_release(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_went_in_comes_out),
		cmocka_unit_test(members_follow_one_another),
		cmocka_unit_test(the_ceiling_is_exact),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(a_file_is_read_up_to_the_ceiling),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
