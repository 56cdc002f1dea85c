#include "analyzer/classify_content.h"

#include "base/macros.h"
#include "base/text.h"

#include <elf.h>
#include <string.h>

#define TEXT_BYTES 1024 /* enough to tell text from data */

/* The first bytes (or those at an offset) that name a format. The first row that fits
 * counts. */
static const struct signature {
	const char *bytes, *media;
	enum file_category category;
	uint16_t offset;
	uint8_t len;
} SIGNATURES[] = {
#define SIGN(offset, bytes, category, media)                                             \
	{                                                                                \
		bytes, media, category, offset, sizeof(bytes) - 1                        \
	}
	SIGN(0, "\x1f\x8b", CATEGORY_DATA, "application/gzip"),
	SIGN(0,
	     "\xfd"
	     "7zXZ\0",
	     CATEGORY_DATA, "application/x-xz"),
	SIGN(0, "\x28\xb5\x2f\xfd", CATEGORY_DATA, "application/zstd"),
	SIGN(0, "BZh", CATEGORY_DATA, "application/x-bzip2"),
	SIGN(0, "\x04\x22\x4d\x18", CATEGORY_DATA, "application/x-lz4"),
	SIGN(0, "\x89PNG\r\n\x1a\n", CATEGORY_DATA, "image/png"),
	SIGN(0, "\xff\xd8\xff", CATEGORY_DATA, "image/jpeg"),
	SIGN(0, "GIF8", CATEGORY_DATA, "image/gif"),
	SIGN(0, "%PDF-", CATEGORY_DATA, "application/pdf"),
	SIGN(0, "%!PS", CATEGORY_DATA, "application/postscript"),
	SIGN(0, "SQLite format 3\0", CATEGORY_DATA, "application/vnd.sqlite3"),
	SIGN(0, "PK\3\4", CATEGORY_DATA, "application/zip"),
	SIGN(0, "TZif", CATEGORY_TIMEZONE, "application/tzif"),
	SIGN(0, "\xde\x12\x04\x95", CATEGORY_LOCALE, "application/x-gettext-translation"),
	SIGN(0, "\x95\x04\x12\xde", CATEGORY_LOCALE, "application/x-gettext-translation"),
	SIGN(0, "\xca\xfe\xba\xbe", CATEGORY_BYTECODE, "application/java-vm"),
	SIGN(0,
	     "\x1b"
	     "Lua",
	     CATEGORY_BYTECODE, "application/x-lua-bytecode"),
	SIGN(0, ";ELC", CATEGORY_BYTECODE, "application/x-elc"),
	SIGN(0, "-----BEGIN CERTIFICATE", CATEGORY_CERTIFICATE, "application/x-pem-file"),
	SIGN(0, "-----BEGIN TRUSTED CERT", CATEGORY_CERTIFICATE,
	     "application/x-pem-file"),
	SIGN(0, "-----BEGIN PGP PUBLIC", CATEGORY_DATA, "application/pgp-keys"),
	SIGN(0, "-----BEGIN ", CATEGORY_DATA, "application/x-pem-file"),
	SIGN(0, "LPKSHHRH", CATEGORY_LOG, "application/x-systemd-journal"),
	SIGN(0, "KSLPHHRH", CATEGORY_CACHE, "application/x-systemd-hwdb"),
	SIGN(0, "RHHHKSLP", CATEGORY_CACHE, "application/x-systemd-catalog"),
	SIGN(0, "ld.so-1.7.0", CATEGORY_CACHE, "application/x-ld.so.cache"),
	SIGN(0, "glibc-ld.so.cache", CATEGORY_CACHE, "application/x-ld.so.cache"),
	SIGN(0, "070701", CATEGORY_DATA, "application/x-cpio"),
	SIGN(0, "070702", CATEGORY_DATA, "application/x-cpio"),
	SIGN(0, "070707", CATEGORY_DATA, "application/x-cpio"),
	SIGN(257, "ustar", CATEGORY_DATA, "application/x-tar"),
	SIGN(0, "\xed\xab\xee\xdb", CATEGORY_DATA, "application/x-rpm"),
	SIGN(0, "hsqs", CATEGORY_DATA, "application/vnd.squashfs"),
	SIGN(0, "\xd0\x0d\xfe\xed", CATEGORY_BOOT, "application/x-dtb"),
	SIGN(0, "\0asm", CATEGORY_DATA, "application/wasm"),
	SIGN(0, "OTTO", CATEGORY_DATA, "font/otf"),
	SIGN(0, "\0\1\0\0\0", CATEGORY_DATA, "font/ttf"),
	SIGN(0, "wOFF", CATEGORY_DATA, "font/woff"),
	SIGN(0, "wOF2", CATEGORY_DATA, "font/woff2"),
	SIGN(0, "\x80\x01", CATEGORY_DATA, "application/x-font-type1"),
	SIGN(0, "\x13\x57\x9a\xce", CATEGORY_DATA, "application/x-gdbm"),
	SIGN(0, "\xce\x9a\x57\x13", CATEGORY_DATA, "application/x-gdbm"),
	SIGN(12, "\x61\x15\x06\0", CATEGORY_DATA, "application/x-dbm"),
	SIGN(12, "\x62\x31\x05\0", CATEGORY_DATA, "application/x-dbm"),
	SIGN(0, "P4\n", CATEGORY_DATA, "image/x-portable-bitmap"),
	SIGN(0, "P5\n", CATEGORY_DATA, "image/x-portable-graymap"),
	SIGN(0, "P6\n", CATEGORY_DATA, "image/x-portable-pixmap"),
	SIGN(0, "RIFF", CATEGORY_DATA, "application/x-riff"),
	SIGN(0, "OggS", CATEGORY_DATA, "application/ogg"),
	SIGN(0, "<?xml", CATEGORY_DATA, "text/xml"),
	SIGN(0, "<!DOCTYPE html", CATEGORY_DATA, "text/html"),
	SIGN(0, "<!DOCTYPE HTML", CATEGORY_DATA, "text/html"),
	SIGN(0, "<html", CATEGORY_DATA, "text/html"),
#undef SIGN
};

static const char MEDIA_EMPTY[] = "inode/x-empty";
static const char MEDIA_TEXT[] = "text/plain";
static const char MEDIA_SCRIPT[] = "text/x-script";
static const char MEDIA_ARCHIVE[] = "application/x-archive";
static const char MEDIA_PE[] = "application/vnd.microsoft.portable-executable";
static const char MEDIA_KERNEL[] = "application/x-linux-kernel";
static const char MEDIA_EXECUTABLE[] = "application/x-executable";
static const char MEDIA_PIE[] = "application/x-pie-executable";
static const char MEDIA_SHARED[] = "application/x-sharedlib";
static const char MEDIA_OBJECT[] = "application/x-object";
static const char MEDIA_OCTETS[] = "application/octet-stream";
static const char MEDIA_CORE[] = "application/x-coredump";

void classify_content_each_media(void (*fn)(void *arg, const char *media), void *arg)
{
	static const char *const OTHERS[] = {
		MEDIA_EMPTY,  MEDIA_TEXT,   MEDIA_SCRIPT, MEDIA_ARCHIVE,
		MEDIA_PE,     MEDIA_KERNEL, MEDIA_PIE,	  MEDIA_EXECUTABLE,
		MEDIA_SHARED, MEDIA_OBJECT, MEDIA_CORE,	  MEDIA_OCTETS,
	};

	for (size_t i = 0; i < ARRAY_LEN(SIGNATURES); i++)
		fn(arg, SIGNATURES[i].media);
	for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++)
		fn(arg, OTHERS[i]);
}

static bool has(const char *head, size_t len, size_t offset, const char *bytes,
		size_t bytes_len)
{
	return len >= offset + bytes_len && memcmp(head + offset, bytes, bytes_len) == 0;
}

static const struct signature *find_signature(const char *head, size_t len)
{
	for (size_t i = 0; i < ARRAY_LEN(SIGNATURES); i++) {
		const struct signature *s = &SIGNATURES[i];

		/* Most differ in the first byte already. */
		if (s->offset < len && head[s->offset] == s->bytes[0] &&
		    has(head, len, s->offset, s->bytes, s->len))
			return s;
	}
	return NULL;
}

static struct content_class known(enum file_category category, const char *media)
{
	return (struct content_class){ true, (uint8_t)category, media };
}

/* ---- ELF: a guess by the header; the ELF pass looks closer ---- */

struct elf_head {
	const unsigned char *bytes;
	size_t len;
	bool is_64, big;
};

static uint64_t elf_number(const struct elf_head *e, uint64_t offset, size_t size)
{
	uint64_t value = 0;

	if (size > e->len || offset > e->len - size)
		return 0;
	for (size_t i = 0; i < size; i++) {
		size_t at = e->big ? i : size - 1 - i;

		value = value << 8 | e->bytes[offset + at];
	}
	return value;
}

static bool has_interpreter(const struct elf_head *e)
{
	uint64_t at = e->is_64 ? elf_number(e, 32, 8) : elf_number(e, 28, 4);
	uint64_t size = elf_number(e, e->is_64 ? 54 : 42, 2);
	uint64_t count = elf_number(e, e->is_64 ? 56 : 44, 2);

	for (uint64_t i = 0; i < count && at < e->len; i++, at += size)
		if (elf_number(e, at, 4) == PT_INTERP)
			return true;
	return false;
}

static bool is_library_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	return text_ends(name, ".so") || strstr(name, ".so.");
}

static struct content_class classify_elf(const char *path, uint32_t mode,
					 const char *head, size_t len)
{
	struct elf_head e = { (const unsigned char *)head, len, false, false };

	if (len > EI_DATA) {
		e.is_64 = head[EI_CLASS] == ELFCLASS64;
		e.big = head[EI_DATA] == ELFDATA2MSB;
	}
	switch (elf_number(&e, 16, 2)) {
	case ET_EXEC:
		return known(CATEGORY_EXECUTABLE, MEDIA_EXECUTABLE);
	case ET_DYN:
		if (is_library_name(path))
			return known(CATEGORY_LIBRARY, MEDIA_SHARED);
		if (has_interpreter(&e) || (mode & 0111))
			return known(CATEGORY_EXECUTABLE, MEDIA_PIE);
		return known(CATEGORY_LIBRARY, MEDIA_SHARED);
	case ET_REL:
		return known(CATEGORY_OBJECT, MEDIA_OBJECT);
	case ET_CORE:
		return known(CATEGORY_DATA, MEDIA_CORE);
	default:
		return known(CATEGORY_DATA, MEDIA_OCTETS);
	}
}

/* ---- the others ---- */

/* A DOS stub: a kernel that is its own boot loader, or a program for the firmware. */
static struct content_class classify_pe(const char *head, size_t len)
{
	if (has(head, len, 0x202, "HdrS", 4) || has(head, len, 0x38, "ARM\x64", 4) ||
	    has(head, len, 0x38, "RSC\x05", 4))
		return known(CATEGORY_KERNEL, MEDIA_KERNEL);
	return known(CATEGORY_BOOT, MEDIA_PE);
}

/* In ASCII or an 8-bit code; UTF-8 uses bytes beside these, too. */
static bool is_text_byte(unsigned char c)
{
	return (c >= 0x20 && c != 0x7f && (c < 0x80 || c >= 0xa0)) ||
	       (c >= '\t' && c <= '\r') || c == 0x1b || c == '\b';
}

static bool is_text(const char *head, size_t len)
{
	size_t looked = MIN2(len, (size_t)TEXT_BYTES), tail = 0;

	for (size_t i = 0; i < looked; i++)
		if (!is_text_byte((unsigned char)head[i]))
			goto maybe_utf8;
	return true;
maybe_utf8:
	/* The last character may be cut. */
	while (tail < 4 && tail < looked && !text_is_utf8(head, looked - tail))
		tail++;
	if (tail == 4 || tail == looked)
		return false;
	for (size_t i = 0; i < looked; i++)
		if ((unsigned char)head[i] < 0x80 &&
		    !is_text_byte((unsigned char)head[i]))
			return false;
	return true;
}

/* "#!comment" begins a list in some places, "#! /bin/sh" a script in all. */
static bool names_path(const char *head, size_t len)
{
	size_t at = 2;

	while (at < len && (head[at] == ' ' || head[at] == '\t'))
		at++;
	return at < len && head[at] == '/';
}

struct content_class classify_head(const char *path, uint32_t mode, const char *head,
				   size_t len)
{
	const struct signature *signature;

	if (has(head, len, 0, ELFMAG, SELFMAG))
		return classify_elf(path, mode, head, len);
	if (has(head, len, 0, "#!", 2) && ((mode & 0111) || names_path(head, len)))
		return known(CATEGORY_SCRIPT, MEDIA_SCRIPT);
	if (has(head, len, 0, "!<arch>\n", 8) || has(head, len, 0, "!<thin>\n", 8))
		return known(text_ends(path, ".a") ? CATEGORY_STATIC_LIBRARY
						   : CATEGORY_DATA,
			     MEDIA_ARCHIVE);
	if (has(head, len, 0, "MZ", 2))
		return classify_pe(head, len);
	signature = find_signature(head, len);
	if (signature)
		return known(signature->category, signature->media);
	if (len == 0)
		return known(CATEGORY_DATA, MEDIA_EMPTY);
	if (is_text(head, len))
		return known(CATEGORY_DATA, MEDIA_TEXT);
	return (struct content_class){ 0 };
}
