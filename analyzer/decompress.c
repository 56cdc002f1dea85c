#include "analyzer/decompress.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <lzma.h>
#include <string.h>
#include <sys/stat.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#define DECODER_MEMORY_MAX (128u << 20)
#define WINDOW_LOG_MAX	   27 /* 128 MiB */
#define FIRST_BYTES	   65536

struct output {
	uint8_t *data;
	size_t len, cap, max;
};

struct codec {
	const char *name;
	uint8_t magic[6];
	size_t magic_len;
	int (*decode)(const uint8_t *data, size_t len, struct output *out,
		      struct error *err);
};

static int damaged(const char *why, struct error *err)
{
	return error_set(err, -EBADMSG, "damaged compressed data: %s", why);
}

/* Room for at least one byte behind out->len. */
static int output_grow(struct output *out, struct error *err)
{
	if (out->len < out->cap)
		return 0;
	if (out->len > out->max)
		return error_set(err, -EFBIG, "more than %zu bytes when decompressed",
				 out->max);
	/* one byte more than allowed: so the end of the data is seen before it is full */
	out->cap = MIN2(MAX2(out->cap * 2, (size_t)FIRST_BYTES), out->max + 1);
	out->data = mem_realloc(out->data, out->cap, 1);
	return 0;
}

static void inflate_endp(z_stream *z)
{
	inflateEnd(z);
}

static int decode_gzip(const uint8_t *data, size_t len, struct output *out,
		       struct error *err)
{
	_cleanup_(inflate_endp) z_stream z = { 0 };
	int r;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return error_set(err, -ENOMEM, "cannot start zlib");
	z.next_in = data;
	z.avail_in = (unsigned int)len;
	do {
		unsigned int room;

		r = output_grow(out, err);
		if (r < 0)
			return r;
		room = (unsigned int)(out->cap - out->len);
		z.next_out = out->data + out->len;
		z.avail_out = room;
		r = inflate(&z, Z_NO_FLUSH);
		out->len += room - z.avail_out;
		if (r != Z_OK && r != Z_STREAM_END)
			return damaged(z.msg ? z.msg : "ends too early", err);
		/* the next member, where one follows; padding behind the last is fine */
		if (r == Z_STREAM_END && z.avail_in > 2 && z.next_in[0] == 0x1f)
			r = inflateReset(&z);
	} while (r != Z_STREAM_END);
	return 0;
}

static void lzma_endp(lzma_stream *x)
{
	lzma_end(x);
}

static const char *lzma_text(lzma_ret code)
{
	switch (code) {
	case LZMA_FORMAT_ERROR:
		return "no xz file";
	case LZMA_OPTIONS_ERROR:
		return "unknown options";
	case LZMA_BUF_ERROR:
		return "ends too early";
	default:
		return "wrong data or check sum";
	}
}

static int decode_xz(const uint8_t *data, size_t len, struct output *out,
		     struct error *err)
{
	_cleanup_(lzma_endp) lzma_stream x = LZMA_STREAM_INIT;
	lzma_ret code;

	if (lzma_stream_decoder(&x, DECODER_MEMORY_MAX, LZMA_CONCATENATED) != LZMA_OK)
		return error_set(err, -ENOMEM, "cannot start liblzma");
	x.next_in = data;
	x.avail_in = len;
	do {
		int r = output_grow(out, err);
		size_t room = out->cap - out->len;

		if (r < 0)
			return r;
		x.next_out = out->data + out->len;
		x.avail_out = room;
		code = lzma_code(&x, LZMA_FINISH);
		out->len += room - x.avail_out;
	} while (code == LZMA_OK);
	if (code == LZMA_MEMLIMIT_ERROR)
		return error_set(err, -EFBIG, "needs more than %u bytes to decompress",
				 DECODER_MEMORY_MAX);
	return code == LZMA_STREAM_END ? 0 : damaged(lzma_text(code), err);
}

static void zstd_freep(ZSTD_DStream **z)
{
	ZSTD_freeDStream(*z);
}

static int decode_zstd(const uint8_t *data, size_t len, struct output *out,
		       struct error *err)
{
	_cleanup_(zstd_freep) ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = { data, len, 0 };
	size_t left = 1;

	if (!z ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
		return error_set(err, -ENOMEM, "cannot start libzstd");
	/* left is 0 at the end of each frame; before it, progress is made or it is cut */
	while (left != 0 || in.pos < in.size) {
		int r = output_grow(out, err);
		ZSTD_outBuffer to = { out->data, out->cap, out->len };
		size_t before = in.pos;

		if (r < 0)
			return r;
		left = ZSTD_decompressStream(z, &to, &in);
		if (ZSTD_isError(left))
			return damaged(ZSTD_getErrorName(left), err);
		if (left != 0 && in.pos == before && to.pos == out->len)
			return damaged("ends too early", err);
		out->len = to.pos;
	}
	return 0;
}

static const struct codec CODECS[] = {
	[COMPRESSION_NONE] = { .name = "none" },
	[COMPRESSION_GZIP] = { "gzip", { 0x1f, 0x8b, 8 }, 3, decode_gzip },
	[COMPRESSION_XZ] = { "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, decode_xz },
	[COMPRESSION_ZSTD] = { "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, decode_zstd },
};

enum compression compression_of(const uint8_t *head, size_t len)
{
	for (size_t i = 1; i < ARRAY_LEN(CODECS); i++)
		if (len >= CODECS[i].magic_len &&
		    memcmp(head, CODECS[i].magic, CODECS[i].magic_len) == 0)
			return (enum compression)i;
	return COMPRESSION_NONE;
}

const char *compression_name(enum compression kind)
{
	return CODECS[kind].name;
}

int decompress(const uint8_t *data, size_t len, enum compression kind, size_t max,
	       struct decompressed *ret, struct error *err)
{
	struct output out = { .max = max };
	int r;

	assert(kind != COMPRESSION_NONE && max < UINT32_MAX);
	if (len > UINT32_MAX)
		return error_set(err, -EFBIG, "more than 4 GiB of compressed data");
	r = CODECS[kind].decode(data, len, &out, err);
	if (r == 0 && out.len > max)
		r = output_grow(&out, err);
	if (r < 0) {
		free(out.data);
		return r;
	}
	*ret = (struct decompressed){ out.data, out.len };
	return 0;
}

int decompress_fd(int fd, enum compression kind, size_t max, struct decompressed *ret,
		  struct error *err)
{
	_cleanup_(freep) uint8_t *data = NULL;
	struct stat st;
	ssize_t len;

	if (fstat(fd, &st) < 0)
		return error_errno(err, "cannot read");
	if (st.st_size < 0 || (uint64_t)st.st_size > max)
		return error_set(err, -EFBIG, "more than %zu bytes", max);
	data = mem_alloc((size_t)st.st_size);
	len = io_pread(fd, data, (size_t)st.st_size, 0);
	if (len < 0) {
		errno = (int)-len;
		return error_errno(err, "cannot read");
	}
	return decompress(data, (size_t)len, kind, max, ret, err);
}
