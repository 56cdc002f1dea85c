/*
 * evidence_format – files of usage evidence that other programs wrote: which format one is
 * in, and its reader. A format is a row of the table in evidence_format.c; most of them
 * are read line by line.
 *
 *	struct evidence ev;
 *	evidence_init(&ev, "");
 *	r = evidence_read(fd, NULL, &ev, err);		the format is found out
 *	evidence_release(&ev);
 *
 * Files may be compressed (gzip, xz, zstd), then at most EVIDENCE_MAX_UNPACKED bytes.
 * Lines that say nothing that a format knows are counted in ev.skipped: logs have them.
 * A file of which no line is understood is an error, and so is every damage of tare's own
 * format.
 */
#pragma once

#include "analyzer/evidence.h"
#include "analyzer/evidence_lines.h"

#define EVIDENCE_MAX_UNPACKED (512u << 20)

struct evidence_format {
	const char *name, *summary;
	/* Does a file begin so? @p head has a NUL behind its @p len bytes. */
	bool (*detect)(const char *head, size_t len);
	/* One line (which it may write to). 0: understood; 1: not; -errno ends it all. */
	int (*line)(void *state, struct evidence *ev, char *line, size_t len,
		    struct error *err);
	/* After the last line; NULL where there is nothing to do. */
	int (*end)(void *state, struct evidence *ev, struct error *err);
	/* Frees what the state owns; may be NULL. */
	void (*release)(void *state);
	size_t state_size; /* zeroed before the first line */
	/* Instead of line: a format that is not made of lines. */
	int (*file)(struct lines *lines, struct evidence *ev, struct error *err);
};

/** The formats, in the order in which they are tried; ends with NULL. */
extern const struct evidence_format *const EVIDENCE_FORMATS[];

/** NULL with the known names in *err when there is no such format. */
const struct evidence_format *evidence_format_find(const char *name, struct error *err);

/**
 * Read an open file into empty evidence.
 * @param format  NULL: find out
 * @return 0; -EINVAL when it is in no known format, damaged, or holds no use; -EFBIG;
 *         another -errno when it cannot be read
 */
int evidence_read(int fd, const struct evidence_format *format, struct evidence *ev,
		  struct error *err);
/** The same of bytes (of malloc, with a byte behind them), which are taken over. */
int evidence_read_memory(char *data, size_t len, const struct evidence_format *format,
			 struct evidence *ev, struct error *err);

/* The readers, one file each. */
extern const struct evidence_format EVIDENCE_NATIVE, EVIDENCE_SNAPSHOT, EVIDENCE_AUDITD,
	EVIDENCE_IMA, EVIDENCE_FATRACE, EVIDENCE_STRACE, EVIDENCE_GADGET,
	EVIDENCE_BPFTRACE, EVIDENCE_OPENSNOOP, EVIDENCE_PATHS;
