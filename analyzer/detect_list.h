/*
 * detect_list – the C detectors, in the order of their names. A new one is a file
 * detect_<name>.c with a `const struct detector DETECT_<NAME>`, declared here and listed in
 * detect_list.c.
 */
#pragma once

#include "analyzer/detect.h"

extern const struct detector *const DETECTORS[];
extern const size_t DETECTOR_COUNT;

extern const struct detector DETECT_BLOCKED;
extern const struct detector DETECT_CONTAINER;
extern const struct detector DETECT_ELF;
extern const struct detector DETECT_MODULE;
extern const struct detector DETECT_MODULE_INDEX;
extern const struct detector DETECT_PERL;
extern const struct detector DETECT_PYTHON;
extern const struct detector DETECT_RECOMMENDS;
extern const struct detector DETECT_RULES;
extern const struct detector DETECT_SCRIPTLET;
extern const struct detector DETECT_SHELL;
extern const struct detector DETECT_SYMLINK;
extern const struct detector DETECT_UNIT;

/**
 * Edges from @p from to the firmware that a driver asks for by name. The kernel looks below
 * /lib/firmware, for compressed files, too (firmware_class).
 */
void detect_firmware(const struct detect *d, struct detect_sink *out,
		     const struct tree_entry *from, const char *name, size_t len);
