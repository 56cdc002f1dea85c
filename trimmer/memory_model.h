/*
 * memory_model – what a program and its libraries take of memory when they run, from the
 * ELF headers alone. docs/memory.md has the measurements behind the numbers, and the error.
 *
 * A process has of each file that it maps
 *
 *	private	pages it writes to: data, and what relocations touch of the
 *		relocation-read-only part;
 *	shared	pages of code and constants that it touches, which all processes that map
 *		the file have once in common;
 *
 * and for itself its heap, stacks and bss: a constant for each sort of runtime, in Go a
 * part of the program's size.
 */
#pragma once

#include "graph/snapshot.h"

/** Bytes of @p elf that each process has for itself. */
uint64_t memory_model_private(const struct graph_elf *elf);
/**
 * Bytes of @p elf that its processes share.
 * @param is_program  true for the program itself, of which more is touched than of a library
 */
uint64_t memory_model_shared(const struct graph_elf *elf, bool is_program);
/**
 * Heap, stacks and bss of a process.
 * @param image  the ELF file that runs
 * @param path   its path: interpreters are known by name
 */
uint64_t memory_model_heap(const struct graph_elf *image, const char *path);
/** Bytes of a kernel module once it is loaded. */
uint64_t memory_model_module(const struct graph_elf *module);
