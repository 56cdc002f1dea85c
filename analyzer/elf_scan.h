/*
 * elf_scan – reading one ELF file with libelf.
 *
 * Only the parts that are asked for are read (headers, the dynamic section and its
 * strings, undefined symbols, version needs, notes, module information); a file of 100
 * MiB costs a few pages. Nothing is mapped, so a file that shrinks meanwhile is damaged,
 * not a crash. Every size that the file names is checked against its length and a
 * ceiling before memory is taken.
 *
 *	struct elfinfo info = { 0 };
 *
 *	if (elfscan_fd(fd, size, &pool, &info) == 0)
 *		use(info.soname);
 *	elfinfo_release(&info);
 */
#pragma once

#include "analyzer/elf_info.h"

/** Call once before any thread scans; 0 or -ENOTSUP when libelf does not fit. */
int elfscan_start(void);
/** True when these bytes begin an ELF file. */
bool elfscan_looks_like(const uint8_t *head, size_t len);

/**
 * Scan an open regular file.
 *
 * @param pool  gets the texts; must outlive @p info
 * @param info  zeroed by the caller; release it whatever the return value is
 * @return 0, also for a damaged file (then info->bad says what is wrong); 1 when it is
 *         no ELF file
 */
int elfscan_fd(int fd, uint64_t size, struct strpool *pool, struct elfinfo *info);
/** The same of bytes in memory, which are only read. */
int elfscan_memory(uint8_t *data, size_t len, struct strpool *pool, struct elfinfo *info);

/**
 * The default library folders that are built into a dynamic loader: glibc's ld.so holds
 * them as consecutive strings ("/lib64/", "/usr/lib64/").
 *
 * @param ret  gets the folders in order, without the '/' at the end; texts are in @p pool
 * @return 0; 1 when the file has no such list
 */
int elfscan_system_dirs(int fd, uint64_t size, struct strpool *pool,
			struct text_list *ret);
