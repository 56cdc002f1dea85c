/*
 * rpm_declared – what files need of each other as rpmbuild recorded it in the headers, for
 * graphs without a disk.
 *
 * rpmbuild notes for each file the dependencies that its generators found (FILEREQUIRE,
 * FILEPROVIDE): "libc.so.6(GLIBC_2.34)(64bit)" of a program, "/usr/bin/python3" of a
 * script. A soname is joined to the file that provides it; where several do, one in a
 * library folder, then one beside the file that needs it, then the first by path. The path
 * of an interpreter is left to the caller, who knows which folders are symlinks.
 *
 *	struct rpm_declared *declared = rpm_declared_new(&image);
 *	struct rpm_declared_need need;
 *
 *	while (rpm_declared_next(declared, &need))
 *		add_edge(need.file, need.provider, need.name);
 *	rpm_declared_free(declared);
 */
#pragma once

#include "analyzer/rpm_image.h"

#define RPM_FILE_NONE UINT32_MAX

struct rpm_declared;

enum rpm_declared_kind {
	RPM_DECLARED_SONAME, /* of an ELF file: name is the soname, "libc.so.6" */
	RPM_DECLARED_PATH,   /* a script's interpreter: name is the path */
};

struct rpm_declared_need {
	enum rpm_declared_kind kind;
	uint32_t file;	   /* index into rpm_image.files */
	uint32_t position; /* 0, 1 ... among the needs of this kind of this file */
	const char *name;  /* valid until the next call */
	uint32_t provider; /* of a soname: index into rpm_image.files, or RPM_FILE_NONE */
};

/** Index what files provide. @p image is borrowed and must not change. */
struct rpm_declared *rpm_declared_new(const struct rpm_image *image);
void rpm_declared_free(struct rpm_declared *declared);
/** The next need, by file, then kind, then the header's order. False: that was the last. */
bool rpm_declared_next(struct rpm_declared *declared, struct rpm_declared_need *ret);
