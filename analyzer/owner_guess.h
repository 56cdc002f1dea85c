/*
 * owner_guess – what made a file that no package owns: a cache that ldconfig wrote, a
 * link that systemctl made, a program that somebody copied in.
 *
 * The guess is a short text that begins with the program or the reason:
 *
 *	/etc/ld.so.cache		"ldconfig"
 *	/usr/lib/modules/6.1/modules.dep  "depmod"
 *	/usr/lib/x/__pycache__/a.cpython-311.pyc  "byte-compiled from /usr/lib/x/a.py"
 *	/usr/local/bin/tool		"copied in"
 */
#pragma once

#include "analyzer/tree.h"

/** Nobody made it but whoever built the image: what trims never propose by package. */
#define OWNER_GUESS_COPIED "copied in"

/**
 * Set owner_guess of every entry that is on disk and unowned. Folders get none, but for
 * boundaries. The tree is sorted and joined with the rpmdb.
 */
void owner_guess(struct tree *tree);
